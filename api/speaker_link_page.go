package api

import (
	"net/http"
	"net/url"
	"strings"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

func (s *Server) speakerLinks() workflows.SpeakerLinks {
	return workflows.SpeakerLinks{Proposals: s.proposals(), Links: s.Access.Links}
}

// speakerLinkPage is what a speaker sees by their own link. It needs no account
// and shows nothing of the money but its state.
func (s *Server) speakerLinkPage(c *Call) error {
	v, err := s.speakerLinks().Open(c.Ctx(), c.Param("token"))
	if err != nil {
		return s.speakerLinkOver(c, err)
	}
	return s.showSpeakerLink(c, v, again{status: http.StatusOK})
}

func (s *Server) speakerLinkOver(c *Call, err error) error {
	if domain.IsKind(err, domain.Gone) {
		return c.show(http.StatusGone, web.LinkExpired(web.LinkExpiredPage{Page: c.frame("Link expired"), What: "speaker link"}))
	}
	return err
}

// speakerLinkUsed does what the button says: yes, no, correct, accept or waive.
func (s *Server) speakerLinkUsed(c *Call) error {
	form, why, err := c.form()
	if err != nil {
		return err
	}
	said := ""
	if err = domain.Refuse(why...); err == nil {
		said, err = s.useSpeakerLink(c, form)
	}
	if domain.IsKind(err, domain.Gone) || domain.IsKind(err, domain.NotFound) {
		return s.speakerLinkOver(c, err)
	}
	if status, reasons, ok := refused(err); ok {
		v, err := s.speakerLinks().Open(c.Ctx(), c.Param("token"))
		if err != nil {
			return s.speakerLinkOver(c, err)
		}
		return s.showSpeakerLink(c, v, again{status: status, why: reasons, typed: form})
	}
	if err != nil {
		return err
	}
	c.flash(said)
	return c.see("/speaker-links/" + c.Param("token"))
}

func (s *Server) useSpeakerLink(c *Call, form url.Values) (said string, err error) {
	links, token := s.speakerLinks(), c.Param("token")
	switch form.Get("do") {
	case "yes":
		_, err = links.Answer(c.Ctx(), token, true)
		return "Thank you. The group sees that you agreed.", err
	case "no":
		_, err = links.Answer(c.Ctx(), token, false)
		return "Thank you for telling us. The group sees your answer.", err
	case "accept":
		_, err = links.Choose(c.Ctx(), token, true, "")
		return "You accepted the stipend.", err
	case "employer":
		if strings.TrimSpace(form.Get("employer")) == "" {
			return "", domain.Refuse(domain.Wrong("/employer", "required", "Name your employer."))
		}
		_, err = links.Choose(c.Ctx(), token, true, form.Get("employer"))
		return "You accepted the stipend for your employer.", err
	case "waive":
		_, err = links.Choose(c.Ctx(), token, false, "")
		return "You waived the stipend.", err
	case "correct":
		_, err = links.Correct(c.Ctx(), token, correctionOf(form))
		return "Your line is saved.", err
	}
	return "", domain.Refuse(domain.Wrong("/do", "required", "Choose one of the buttons."))
}

func correctionOf(form url.Values) workflows.Correction {
	return workflows.Correction{Name: form.Get("name"), Titles: linesOf(form.Get("titles")), Affiliations: linesOf(form.Get("affiliations"))}
}

func first(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

func (s *Server) showSpeakerLink(c *Call, v workflows.SpeakerView, back again) error {
	f, sp := v.Facts, v.Speaker
	p := web.SpeakerLinkPage{
		Page: c.frame(v.Title), To: "/speaker-links/" + c.Param("token"), Title: v.Title, Group: f.Group.Name, Call: f.Call.Name, State: v.State, On: f.Call.EventOn,
		Name: sp.Name, Answer: sp.Answer, MayAnswer: v.MayAnswer(), Outcomes: v.Answers["outcomes"], Summary: or2(v.Answers.Text("short_description"), v.Answers.Text("full_description")),
		NameTyped: sp.Name, Titles: strings.Join(sp.Titles, "\n"), Affiliations: strings.Join(sp.Affiliations, "\n"), MayCorrect: v.MayAnswer(), MayChoose: v.MayChoose(),
		Reasons: back.why, Until: v.Until, Zone: f.Section.Zone,
	}
	if t := back.typed; t != nil && t.Get("do") == "correct" {
		p.NameTyped, p.Titles, p.Affiliations = t.Get("name"), t.Get("titles"), t.Get("affiliations")
	}
	if v.Stipend != nil {
		p.Stipend, p.Amount, p.Employer, p.Sponsored = v.Stipend.State, domain.Dollars(v.Stipend.AmountCents), v.Stipend.Employer, v.Stipend.External()
		p.EmployerTyped = or2(back.typed.Get("employer"), first(sp.Affiliations))
	}
	for _, o := range domain.Active(f.Speakers) {
		if o.ID != sp.ID {
			p.Others = append(p.Others, o.Line())
		}
	}
	p.HasErrors = len(back.why) > 0
	return c.show(back.status, web.SpeakerLink(p))
}
