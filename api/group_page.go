package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

func (s *Server) groupFlows() workflows.Groups     { return workflows.Groups{Base: s.Access.Base} }
func (s *Server) boards() workflows.Boards         { return workflows.Boards{Base: s.Access.Base} }
func (s *Server) checklists() workflows.Checklists { return workflows.Checklists{Base: s.Access.Base} }
func (s *Server) now() time.Time                   { return s.Access.Now() }
func (s *Server) zone() string                     { return s.Access.Zone.String() }
func groupHref(slug string) string                 { return "/groups/" + url.PathEscape(slug) }
func groupCrumb(g domain.Group) web.Link           { return web.Link{Label: g.Name, Href: groupHref(g.Slug)} }
func (c *Call) year() domain.Year                  { return domain.Year(c.QueryParam("year")) }
func knows(a domain.Actor, g domain.Group) bool {
	return a.MemberOf(g.ID) || a.Leads(g.SectionID) || a.Has(domain.Staff, domain.Admin)
}

// groupsPage lists the groups of the section. Only those whose standing the
// person may see lead to their dashboard.
func (s *Server) groupsPage(c *Call) error {
	all, err := s.groupFlows().List(c.Ctx(), c.Actor)
	if err != nil {
		return err
	}
	p := web.GroupsPage{Page: c.frame("Groups"), Roles: c.Actor.Has(domain.Admin)}
	p.Section.Name = p.Page.Section
	for _, g := range all {
		line := web.GroupLine{Group: g, Open: knows(c.Actor, g), Mine: c.Actor.MemberOf(g.ID)}
		if i := slices.IndexFunc(all, func(o domain.Group) bool { return o.ID == g.SuccessorID && g.SuccessorID != "" }); i >= 0 {
			line.Merged = all[i].Name
		}
		p.Groups = append(p.Groups, line)
	}
	return c.show(http.StatusOK, web.Groups(p))
}

func (s *Server) groupPage(c *Call) error {
	b, err := s.boards().Group(c.Ctx(), c.Actor, c.Param("slug"), c.year())
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, web.Dashboard(s.dashboard(c, b)))
}

// shownSteps is how much recent activity a dashboard shows.
const shownSteps = 6

// dashboard is a group's board as its page.
func (s *Server) dashboard(c *Call, b workflows.GroupBoard) web.DashboardPage {
	present := domain.YearOf(c.Actor.Today)
	p := web.DashboardPage{
		Page: c.frame(b.Group.Name), Group: b.Group, Year: b.Year, Years: yearsAround(b.Year, present), Now: s.now(), Zone: b.Section.Zone,
		Members: b.Members, Chairs: b.Chairs, Standing: b.Standing, GateOwed: b.Gate.Missing, ShowText: true, More: b.More, Month: time.Month(b.Month),
		MayTick: b.MayTick && b.Year == present, MayStart: b.MayStart, MaySeePeople: true,
	}
	if !b.Gate.Open {
		p.Gate = b.Standing.GateClosed(b.Section.Settings.Gate, s.now())
	}
	for _, d := range b.Deadlines {
		p.Calls = append(p.Calls, d.Call)
	}
	for _, l := range b.Proposals {
		p.Proposals = append(p.Proposals, groupProposal(l))
	}
	for _, step := range b.Activity[:min(len(b.Activity), shownSteps)] {
		p.Activity = append(p.Activity, activityItem(step, b.Section.Zone))
	}
	for _, l := range b.Checklist {
		p.Checklist = append(p.Checklist, l.ChecklistItem)
	}
	return p
}

// yearsAround are the years a page leads to: the one before the present, the
// present, the next, and the one shown.
func yearsAround(shown, present domain.Year) []domain.Year {
	years := []domain.Year{domain.YearOf(present.Starts().AddDays(-1)), present, present.Next()}
	if !slices.Contains(years, shown) {
		years = append(years, shown)
		slices.Sort(years)
	}
	return years
}

func groupProposal(l workflows.ProposalLine) web.GroupProposal {
	g := web.GroupProposal{
		Ref: lineRef(l), Title: l.Title, Year: l.Year, VenueID: l.VenueID, VenueName: l.VenueName, CallName: l.CallName, State: l.State, Reference: l.Reference,
		Lead: l.Lead, OpensAt: l.OpensAt, ClosesAt: l.ClosesAt, Zone: l.Zone, SubmittedAt: l.SubmittedAt,
	}
	if l.Decider == domain.DecidedOutside {
		g.Site = l.VenueName + "’s own site"
	}
	return g
}

// lineRef is how a proposal is named in its address: its number, or the id of a draft that has none.
func lineRef(l workflows.ProposalLine) string {
	if l.Number != "" {
		return l.Number
	}
	return l.ID
}

// checklistSaved ticks what is ticked in the form and unticks the rest of what the form showed.
func (s *Server) checklistSaved(c *Call) error {
	if err := c.Request().ParseForm(); err != nil {
		return &fault{status: http.StatusBadRequest, code: "malformed_form", detail: "The form could not be read. Go back and send it again."}
	}
	slug, form := c.Param("slug"), c.Request().PostForm
	list, err := s.checklists().List(c.Ctx(), c.Actor, slug, domain.Year(form.Get("year")), 0)
	if err != nil {
		return err
	}
	for _, item := range list {
		shown, wanted := slices.Contains(form["item"], item.ID), slices.Contains(form["done"], item.ID)
		if !shown || item.Itself || item.Done == wanted {
			continue
		}
		if _, err := s.checklists().Tick(c.Ctx(), c.Actor, slug, item.ID, wanted); err != nil {
			return err
		}
	}
	c.flash("The checklist is saved.")
	return c.see(groupHref(slug) + "?year=" + url.QueryEscape(form.Get("year")))
}

// deadlinesFile is the group's deadlines as a calendar: an event for the end of
// each window, in UTC, which is the same instant in every zone.
func (s *Server) deadlinesFile(c *Call) error {
	b, err := s.boards().Group(c.Ctx(), c.Actor, c.Param("slug"), c.year())
	if err != nil {
		return err
	}
	cal := ics.NewCalendarFor("Lectern")
	cal.SetMethod(ics.MethodPublish)
	cal.SetName(b.Group.Name + ": deadlines")
	for _, d := range b.Deadlines {
		s.addDeadline(cal, d.Call)
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="`+fileName(b.Group.Slug)+`-deadlines.ics"`)
	return c.Blob(http.StatusOK, "text/calendar; charset=utf-8", []byte(cal.Serialize(ics.WithNewLineWindows)))
}

// addDeadline ends the event in the minute the window ends, half an hour long,
// so that a calendar shows it on the right day.
func (s *Server) addDeadline(cal *ics.Calendar, call domain.Call) {
	last := call.ClosesAt.Add(-time.Minute)
	e := cal.AddEvent("call-" + call.ID + "@" + s.host())
	e.SetDtStampTime(s.now())
	e.SetStartAt(last.Add(-30 * time.Minute))
	e.SetEndAt(last)
	e.SetSequence(call.Version)
	e.SetSummary(call.Name + " closes")
	e.SetDescription("Closes " + domain.Deadline(*call.ClosesAt, call.Zone) + ".")
	e.SetTimeTransparency(ics.TransparencyTransparent)
}

func (s *Server) host() string {
	u, err := url.Parse(s.BaseURL)
	if err != nil || u.Hostname() == "" {
		return "lectern"
	}
	return u.Hostname()
}

// fileName is a slug as it may stand in a header.
func fileName(slug string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, slug)
}
