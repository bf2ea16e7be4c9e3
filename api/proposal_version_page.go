package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"lectern/api/web"
	"lectern/domain"
)

func (s *Server) versionsPage(c *Call) error {
	v, all, err := s.proposals().Versions(c.Ctx(), c.Actor, c.Param("ref"))
	if err != nil {
		return err
	}
	p := web.VersionsPage{Page: c.frame("Versions", crumbs(v)...), Proposal: v.Proposal, Zone: v.Facts.Section.Zone}
	for _, r := range all {
		p.Versions = append(p.Versions, web.VersionLine{Number: r.Number, By: r.ByName, At: r.At, Cause: causeWords(r.Cause)})
	}
	return c.show(http.StatusOK, web.Versions(p))
}

func causeWords(cause string) string {
	switch cause {
	case "edit":
		return "being written"
	case "save":
		return "saved"
	case "speaker":
		return "with a line corrected"
	}
	return strings.ToLower(domain.Action(cause).Past())
}

func (s *Server) comparePage(c *Call) error {
	v, all, err := s.proposals().Versions(c.Ctx(), c.Actor, c.Param("ref"))
	if err != nil {
		return err
	}
	from, to := number(c.QueryParam("from")), number(c.QueryParam("to"))
	if c.QueryParam("to") == "" && len(all) > 0 {
		to = all[0].Number
	}
	if c.QueryParam("from") == "" {
		from = max(to-1, 1)
	}
	a, foundA := revision(all, from)
	b, foundB := revision(all, to)
	if !foundA || !foundB {
		return domain.NotThere("version")
	}
	p := web.ComparePage{
		Page: c.frame("Compare versions", append(crumbs(v), web.Link{Label: "Versions", Href: "/proposals/" + v.Ref() + "/versions"})...), Proposal: v.Proposal, From: from, To: to,
		Differences: domain.Compare(v.Facts.Form.Spec, a, b),
	}
	for _, r := range all {
		p.Numbers = append(p.Numbers, r.Number)
	}
	p.MayRestore = v.May(domain.Edit) && from != v.Revision && len(p.Differences) > 0
	return c.show(http.StatusOK, web.Compare(p))
}

func revision(all []domain.Revision, n int) (domain.Revision, bool) {
	i := slices.IndexFunc(all, func(r domain.Revision) bool { return r.Number == n })
	if i < 0 {
		return domain.Revision{}, false
	}
	return all[i], true
}

func (s *Server) restored(c *Call) error {
	n := number(c.typed("revision"))
	e, err := s.proposals().Restore(c.Ctx(), c.Actor, c.Param("ref"), n, number(c.typed("version")))
	if err != nil {
		return err
	}
	c.flash("Version " + strconv.Itoa(n) + " is back, as version " + strconv.Itoa(e.Revision) + ".")
	return c.see("/proposals/" + e.Ref() + "/edit")
}

func (s *Server) documentPage(c *Call) error {
	v, err := s.proposals().Get(c.Ctx(), c.Actor, c.Param("ref"))
	if err != nil {
		return err
	}
	f := v.Facts
	p := web.DocumentPage{Page: c.frame(v.Title, crumbs(v)...), Proposal: v.Proposal, Fields: answersOf(f.Form.Spec, v.Answers), Made: f.Now, Zone: f.Section.Zone}
	p.Head = []web.Fact{{Term: "State", Body: web.StateBadge(v.State)}, {Term: "Call", Text: f.Call.Name}}
	if p.Nameless = v.Sight != domain.Whole; !p.Nameless {
		p.Head = append(p.Head, web.Fact{Term: "Group", Text: f.Group.Name})
	}
	if v.Number != "" {
		p.Head = append([]web.Fact{{Term: "Reference", Text: v.Number}}, p.Head...)
	}
	for _, sp := range domain.Active(f.Speakers) {
		text := web.SpeakerText{Line: sp.Line(), Bio: sp.Bio}
		if sp.Role == domain.Moderates {
			text.Role = "moderator"
		}
		p.Speakers = append(p.Speakers, text)
	}
	return c.show(http.StatusOK, web.Document(p))
}
