package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

// speakerPage is the form of one speaker of a draft, or of a new one.
func (s *Server) speakerPage(c *Call) error {
	v, sp, err := s.editableSpeaker(c)
	if err != nil {
		return err
	}
	return s.showSpeaker(c, v, sp, again{status: http.StatusOK})
}

// editableSpeaker finds the speaker of the address, an empty one at /new.
func (s *Server) editableSpeaker(c *Call) (workflows.ProposalView, domain.Speaker, error) {
	v, err := s.proposals().Get(c.Ctx(), c.Actor, c.Param("ref"))
	if err != nil {
		return v, domain.Speaker{}, err
	}
	if why := v.Why(domain.Edit, v.Facts); len(why) > 0 {
		return v, domain.Speaker{}, domain.Refuse(why...)
	}
	if c.Param("id") == "" {
		return v, domain.Speaker{Role: domain.Speaks}, nil
	}
	active := domain.Active(v.Facts.Speakers)
	i := slices.IndexFunc(active, func(sp domain.Speaker) bool { return sp.ID == c.Param("id") })
	if i < 0 {
		return v, domain.Speaker{}, domain.NotThere("speaker")
	}
	return v, active[i], nil
}

func (s *Server) showSpeaker(c *Call, v workflows.ProposalView, sp domain.Speaker, back again) error {
	p := web.SpeakerEditPage{
		Page: c.frame(or2(sp.Name, "Speaker"), append(crumbs(v), web.Link{Label: "Edit", Href: "/proposals/" + v.Ref() + "/edit#speakers"})...), Proposal: v.Proposal,
		ID: sp.ID, Version: sp.Version, Name: sp.Name, Role: sp.Role, ToBeNamed: sp.ToBeNamed, Email: sp.Email, Titles: strings.Join(sp.Titles, "\n"),
		Affiliations: strings.Join(sp.Affiliations, "\n"), Bio: sp.Bio, StaffMember: sp.StaffMember, Spec: v.Facts.Form.Spec.Speakers, Stipends: v.Facts.Venue.Stipends, Reasons: back.why,
	}
	if t := back.typed; t != nil {
		p.Name, p.Email, p.Titles, p.Affiliations, p.Bio = t.Get("name"), t.Get("email"), t.Get("titles"), t.Get("affiliations"), t.Get("bio")
		p.ToBeNamed, p.StaffMember, p.Role = t.Has("to_be_named"), t.Has("staff_member"), roleOf(t)
	}
	p.HasErrors = len(back.why) > 0
	return c.show(back.status, web.SpeakerEdit(p))
}

func roleOf(form url.Values) domain.SpeakerRole {
	if form.Get("role") == string(domain.Moderates) {
		return domain.Moderates
	}
	return domain.Speaks
}

// speakerSaved adds, changes or removes a speaker. A speaker needs a name, or to
// be named later.
func (s *Server) speakerSaved(c *Call) error {
	form, why, err := c.form()
	if err != nil {
		return err
	}
	said := ""
	if err = domain.Refuse(append(why, unnamed(form)...)...); err == nil {
		said, err = s.saveSpeaker(c, form)
	}
	status, reasons, ok := refused(err)
	if ok {
		v, sp, err := s.editableSpeaker(c)
		if err != nil {
			return err
		}
		return s.showSpeaker(c, v, sp, again{status: status, why: reasons, typed: form})
	}
	if err != nil {
		return err
	}
	c.flash(said)
	return c.see("/proposals/" + c.Param("ref") + "/edit#speakers")
}

func unnamed(form url.Values) []domain.Reason {
	if form.Get("do") == "remove" || form.Has("to_be_named") || strings.TrimSpace(form.Get("name")) != "" {
		return nil
	}
	return []domain.Reason{domain.Wrong("/name", "required", "Write the name, or say that it comes later.")}
}

func (s *Server) saveSpeaker(c *Call, form url.Values) (string, error) {
	ref, id, change := c.Param("ref"), c.Param("id"), speakerChange(form)
	who := or2(strings.TrimSpace(form.Get("name")), "A speaker to be named")
	switch {
	case id == "":
		_, err := s.proposals().AddSpeaker(c.Ctx(), c.Actor, ref, 0, change)
		return who + " is on the program. Invite them from this list.", err
	case form.Get("do") == "remove":
		_, err := s.proposals().RemoveSpeaker(c.Ctx(), c.Actor, ref, id, change.Version)
		return who + " is off the program.", err
	}
	_, err := s.proposals().ChangeSpeaker(c.Ctx(), c.Actor, ref, id, change)
	return who + " is saved.", err
}

func speakerChange(form url.Values) workflows.SpeakerChange {
	role, name, email, bio := roleOf(form), strings.TrimSpace(form.Get("name")), strings.TrimSpace(form.Get("email")), form.Get("bio")
	titles, affiliations := linesOf(form.Get("titles")), linesOf(form.Get("affiliations"))
	later, staff := form.Has("to_be_named"), form.Has("staff_member")
	return workflows.SpeakerChange{
		Version: number(form.Get("version")), Role: &role, Name: &name, ToBeNamed: &later, Email: &email,
		Titles: &titles, Affiliations: &affiliations, Bio: &bio, StaffMember: &staff,
	}
}
