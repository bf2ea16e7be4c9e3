package api

import (
	"net/http"
	"slices"
	"strconv"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

func (s *Server) callFlows() workflows.Calls { return workflows.Calls{Base: s.Access.Base} }

// section is the section's name and zone, as pages that are not a group's show them.
func (s *Server) section(p web.Page) domain.Section {
	return domain.Section{Name: p.Section, Zone: s.zone()}
}

func callLine(v workflows.CallView) web.CallLine {
	return web.CallLine{Call: v.Call, Venue: v.Venue.Name, Format: v.Format.Name, Counts: v.Format.Counts}
}

func (s *Server) callsPage(c *Call) error {
	present := domain.YearOf(c.Actor.Today)
	y := c.year()
	if y == "" {
		y = present
	}
	all, err := s.callFlows().List(c.Ctx(), c.Actor, y)
	if err != nil {
		return err
	}
	p := web.CallsPage{Page: c.frame("Calls"), Year: y, Years: yearsAround(y, present), Now: s.now()}
	p.Section = s.section(p.Page)
	for _, v := range all {
		p.Calls = append(p.Calls, callLine(v))
		p.MaySet = p.MaySet || v.MaySet
	}
	return c.show(http.StatusOK, web.Calls(p))
}

func (s *Server) callPage(c *Call) error { return s.showCall(c, web.CallForm{}, nil, nil) }

// showCall shows a call, as it is or, after a refusal, with what was typed and every reason.
func (s *Server) showCall(c *Call, form web.CallForm, preview *web.ExtendPreview, problem error) error {
	status, why, again := refused(problem)
	if problem != nil && !again {
		return problem
	}
	v, err := s.callFlows().Look(c.Ctx(), c.Actor, c.Param("slug"))
	if err != nil {
		return err
	}
	p := web.CallPage{
		Page: c.frame(v.Name, web.Link{Label: "Calls", Href: "/staff/calls?year=" + string(v.Year)}), Line: callLine(v.CallView), Now: s.now(),
		MaySet: v.MaySet, All: v.Count, Drafts: v.Drafts, Form: form, Preview: preview, Reasons: why,
	}
	p.Section, p.HasErrors = s.section(p.Page), again
	if v.EditUntil != nil && form.What != "edit-until" {
		p.Form.Until = string(domain.DateOf(v.EditUntil.Add(-1), domain.Zone(v.Zone)))
	}
	p.Decides = v.Venue.Decider != domain.DecidedOutside && (c.Actor.DecidesAt(v.Venue) || c.Actor.Has(domain.Staff, domain.Admin))
	p.Cancels = c.Actor.Has(domain.Staff, domain.Admin)
	s.fillPhases(c, &p, v)
	return c.show(max(status, http.StatusOK), web.Call(p))
}

// typedVersion is the version a form was filled in for; 0 when it does not say.
func (c *Call) typedVersion() int {
	n, err := strconv.Atoi(c.typed("version"))
	if err != nil {
		return 0
	}
	return n
}

func (s *Server) callDatesSet(c *Call) error {
	form := web.CallForm{What: "dates", First: c.typed("first"), Last: c.typed("last"), Zone: c.typed("zone")}
	v, err := s.callFlows().SetWindow(c.Ctx(), c.Actor, c.Param("slug"), workflows.Window{Version: c.typedVersion(), First: domain.Date(form.First), Last: domain.Date(form.Last), Zone: form.Zone})
	if err != nil {
		return s.showCall(c, form, nil, err)
	}
	c.flash(v.Name + " is announced: from " + domain.LongDay(*v.OpensAt, v.Zone) + " to " + domain.Deadline(*v.ClosesAt, v.Zone) + ".")
	return c.see("/staff/calls/" + v.Slug)
}

// callExtended extends a window; first it shows whom that tells.
func (s *Server) callExtended(c *Call) error {
	form := web.CallForm{What: "extend", Last: c.typed("last")}
	ctx, sure := c.Ctx(), c.typed("sure") == "yes"
	if !sure {
		ctx = workflows.DryRun(ctx)
	}
	v, err := s.callFlows().Extend(ctx, c.Actor, c.Param("slug"), domain.Date(form.Last), c.typedVersion())
	if err != nil {
		return s.showCall(c, form, nil, err)
	}
	if !sure {
		return s.previewExtension(c, form, v)
	}
	c.flash(v.Name + " now closes on " + domain.Deadline(*v.ClosesAt, v.Zone) + ".")
	return c.see("/staff/calls/" + v.Slug)
}

func (s *Server) previewExtension(c *Call, form web.CallForm, would workflows.CallView) error {
	chairs, err := s.callFlows().Told(c.Ctx(), c.Actor, would.ID)
	if err != nil {
		return err
	}
	preview := web.ExtendPreview{Last: domain.Date(form.Last), Closes: *would.ClosesAt}
	for _, p := range chairs {
		told := web.Told{Name: p.Name}
		if p.Email == "" {
			told.Why = "who has no email address, so gets no mail"
		}
		preview.Told = append(preview.Told, told)
	}
	slices.SortStableFunc(preview.Told, func(a, b web.Told) int { return len(a.Why) - len(b.Why) })
	return s.showCall(c, form, &preview, nil)
}

func (s *Server) callEditUntil(c *Call) error {
	form := web.CallForm{What: "edit-until", Until: c.typed("edit_until")}
	until := domain.Date(form.Until)
	v, err := s.callFlows().Change(c.Ctx(), c.Actor, c.Param("slug"), workflows.CallSettings{Version: c.typedVersion(), EditUntil: &until})
	if err != nil {
		return s.showCall(c, form, nil, err)
	}
	said := "Submitted proposals can no longer be edited."
	if v.EditUntil != nil {
		said = "Submitted proposals can be edited until " + domain.Deadline(*v.EditUntil, v.Zone) + "."
	}
	c.flash(said)
	return c.see("/staff/calls/" + v.Slug)
}
