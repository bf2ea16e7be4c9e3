package api

import (
	"net/http"
	"slices"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

// sectionPages are the pages around the section.
func (s *Server) sectionPages() []*route {
	return []*route{
		page(get, "/", s.homePage).open(),
		page(get, "/groups", s.groupsPage),
		page(get, "/groups/:slug", s.groupPage),
		page(get, "/groups/:slug/deadlines.ics", s.deadlinesFile),
		page(post, "/groups/:slug/checklist", s.checklistSaved),
		page(get, "/groups/:slug/activity", s.activityPage),
		page(get, "/groups/:slug/people", s.rosterPage),
		page(get, "/groups/:slug/people.csv", s.rosterFile),
		page(get, "/groups/:slug/people/new", s.personNewPage),
		page(post, "/groups/:slug/people", s.personAdded),
		page(get, "/groups/:slug/terms/new", s.termNewPage),
		page(post, "/groups/:slug/terms", s.termGiven),
		page(get, "/groups/:slug/terms/:id/end", s.termEndPage),
		page(post, "/groups/:slug/terms/:id/end", s.termEnded),
		page(get, "/years/:year/board", s.boardPage),
		page(get, "/years/:year/board.csv", s.boardFile),
		page(get, "/staff/calls", s.callsPage),
		page(get, "/staff/calls/:slug", s.callPage),
		page(post, "/staff/calls/:slug/dates", s.callDatesSet),
		page(post, "/staff/calls/:slug/extend", s.callExtended),
		page(post, "/staff/calls/:slug/edit-until", s.callEditUntil),
		page(get, "/staff/roles", s.rolesPage),
		page(post, "/staff/roles", s.roleGiven),
		page(post, "/staff/roles/end", s.roleTaken),
		page(get, "/staff/outbox", s.outboxPage),
		page(post, "/staff/outbox/:id/retry", s.mailRetried),
		page(get, "/accessibility", s.accessibilityPage).open(),
		page(get, "/privacy", s.privacyPage).open(),
	}
}

func (s *Server) accessibilityPage(c *Call) error {
	return c.show(http.StatusOK, web.Accessibility(c.frame("Accessibility")))
}

func (s *Server) privacyPage(c *Call) error {
	return c.show(http.StatusOK, web.Privacy(c.frame("Privacy")))
}

// homePage is the start, by role: the dashboard of whoever has one group.
func (s *Server) homePage(c *Call) error {
	if !c.Actor.SignedIn() {
		return s.landing(c)
	}
	h, err := s.boards().Home(c.Ctx(), c.Actor)
	if err != nil {
		return err
	}
	if h.Kind == workflows.HomeGroup {
		return c.show(http.StatusOK, web.Dashboard(s.dashboard(c, *h.Group)))
	}
	p := web.HomePage{Page: c.frame("Home"), Now: s.now(), Zone: s.zone(), Year: domain.YearOf(c.Actor.Today), Reviews: homeReviews(c.Actor, h)}
	if err := s.fillHome(c, h, &p); err != nil {
		return err
	}
	return c.show(http.StatusOK, web.Home(p))
}

// landing says what Lectern is; in the demonstration the scenes say it better.
func (s *Server) landing(c *Call) error {
	if s.Demo != nil {
		return s.demoPage(c)
	}
	frame := c.frame("Lectern")
	return c.show(http.StatusOK, web.Landing(web.LandingPage{Page: frame, SectionName: frame.Section}))
}

func (s *Server) fillHome(c *Call, h workflows.Home, p *web.HomePage) (err error) {
	switch h.Kind {
	case workflows.HomeLeadership:
		p.Board, p.Groups = s.homeBoard(h), homeGroups(c.Actor, h.Year)
	case workflows.HomeGroups:
		p.Groups = homeGroups(c.Actor, h.Year)
	case workflows.HomeAdmin:
		p.Board, p.Setup = s.homeBoard(h), setup(h)
	case workflows.HomeStaff:
		p.Staff = homeStaff(h.Staff)
	case workflows.HomeFinance:
		p.Money = homeMoney(h.Stipends)
	case workflows.HomeForum:
		p.Forum, err = s.homeForum(c)
	case workflows.HomeGroup, workflows.HomeNobody:
	}
	if h.Sales != nil {
		p.Sale = homeSale(*h.Sales)
	}
	return err
}

// homeReviews are the calls that wait for the person's reviews, or for those who
// rank.
func homeReviews(a domain.Actor, h workflows.Home) []web.HomeReview {
	var all []web.HomeReview
	for _, d := range h.Reviews {
		r := web.HomeReview{Call: d.Call, Until: d.EndsAt, All: d.All, Done: d.Done, Href: deskPath(d.Call.Slug, "")}
		if d.Kind == domain.PhaseRecommend {
			if !a.Leads(d.Call.SectionID) {
				continue
			}
			r.Ranks, r.Href = true, rankingPath(d.Call.Slug)
		}
		all = append(all, r)
	}
	return all
}

// homeForum finds the call of the year that the forum committee decides, and the
// newest packet.
func (s *Server) homeForum(c *Call) (*web.HomeForum, error) {
	all, err := s.callFlows().List(c.Ctx(), c.Actor, "")
	f := &web.HomeForum{}
	for _, v := range all {
		if v.Venue.Decider == domain.DecidedByForum && v.Format.Counts && f.Call == nil {
			f.Call = &v.Call
		}
	}
	for _, v := range all {
		if f.Call != nil && v.Call.VenueID == f.Call.VenueID && v.Call.Year == f.Call.Year {
			f.Decisions = append(f.Decisions, web.Link{Label: v.Format.Name, Href: decisionsPath(v.Call.Slug)})
		}
	}
	if err != nil {
		return f, err
	}
	newest, err := s.packets().List(c.Ctx(), c.Actor, nil, 1)
	for _, l := range newest {
		p := packetLine(l)
		f.Packet = &p
	}
	return f, err
}

// homeGroups are the groups the person is in today, with their standings.
func homeGroups(a domain.Actor, b *workflows.YearBoard) []web.HomeGroup {
	var mine []web.HomeGroup
	for _, r := range b.Rows {
		i := slices.IndexFunc(a.Terms, func(t domain.ActorTerm) bool { return t.GroupID == r.Group.ID && t.On(a.Today) })
		if i < 0 {
			continue
		}
		mine = append(mine, web.HomeGroup{Group: r.Group, Role: leadingRole(a, r.Group.ID), Standing: r.Standing})
	}
	return mine
}

// leadingRole is the weightiest role of a person in a group today.
func leadingRole(a domain.Actor, groupID string) domain.TermRole {
	role := domain.TermMember
	for _, t := range a.Terms {
		if t.GroupID == groupID && t.On(a.Today) && t.Role != domain.TermMember && (role == domain.TermMember || t.Chairs()) {
			role = t.Role
		}
	}
	return role
}

// homeBoard sums the year board up: who is done, and who is due or short.
func (s *Server) homeBoard(h workflows.Home) *web.HomeBoard {
	sum := &web.HomeBoard{}
	for _, r := range h.Year.Rows {
		if len(r.Standing.Duties) == 0 {
			continue
		}
		sum.Committees++
		if r.Gate.Open && len(r.Standing.Missing("strict", s.now())) == 0 {
			sum.Done++
		}
		for _, d := range r.Standing.Duties {
			if d.Missing() > 0 && d.OpensAt != nil && !s.now().Before(*d.OpensAt) {
				sum.Short = append(sum.Short, web.HomeShort{Group: r.Group, Duty: d})
			}
		}
	}
	for _, o := range h.Overrides {
		sum.Waiting = append(sum.Waiting, web.HomeItem{
			Title: o.Draft.Title, Href: groupHref(o.Group.Slug),
			Note: o.Group.Name + " wrote it for " + o.Call.Name + ", which is closed to the group until its own submissions are in. The chair can open the gate for it.",
		})
	}
	return sum
}

func homeStaff(d *workflows.StaffDesk) *web.HomeStaff {
	return &web.HomeStaff{
		Undecided: homeItems(d.Decision), Accepted: homeItems(d.Delivery), Outside: homeItems(d.Outcome),
		Failed: d.Mails[domain.MailFailed], Waiting: d.Mails[domain.MailWaiting],
	}
}

func homeItems(lines []workflows.ProposalLine) []web.HomeItem {
	var items []web.HomeItem
	for _, l := range lines {
		note := l.GroupName
		if l.SubmittedAt != nil {
			note += ", submitted " + domain.LongDay(*l.SubmittedAt, l.Zone)
		}
		items = append(items, web.HomeItem{Title: l.Title, Note: note, Href: "/proposals/" + lineRef(l)})
	}
	return items
}

// homeSale sums up the webinars on sale.
func homeSale(b workflows.SaleBoard) *web.HomeSale {
	sale := &web.HomeSale{Waiting: b.Waiting(), Quotes: b.Quotes, OverdueCents: b.OverdueCents}
	for _, s := range b.Stands {
		sale.Stands = append(sale.Stands, saleStand(s))
	}
	return sale
}

// homeMoney counts what finance has to do, and the year by stage.
func homeMoney(sums []workflows.StipendSum) *web.HomeMoney {
	m := &web.HomeMoney{}
	for _, s := range sums {
		todo := s.Blocked || s.Stage == domain.StagePayable || s.Stage == domain.StageApproved
		if todo {
			m.Cents += s.Cents
		}
		switch {
		case s.Blocked:
			m.Blocked += s.N
		case s.Stage == domain.StagePayable:
			m.Payable += s.N
		case s.Stage == domain.StageApproved:
			m.Approved += s.N
		}
		i := slices.IndexFunc(m.Rows, func(r web.MoneyRow) bool { return r.Stage == s.Stage })
		if i < 0 {
			i, m.Rows = len(m.Rows), append(m.Rows, web.MoneyRow{Stage: s.Stage})
		}
		m.Rows[i].N, m.Rows[i].Cents = m.Rows[i].N+s.N, m.Rows[i].Cents+s.Cents
	}
	return m
}

// setup are the steps of setting a section up, with what is left of each.
func setup(h workflows.Home) []web.SetupStep {
	groups := len(h.Year.Rows)
	steps := []web.SetupStep{{Title: "Load the section", Note: "With the command: lectern import section FILE", Done: groups > 0}}
	if groups == 0 {
		return steps
	}
	steps[0].Note, steps[0].Href = domain.Plural(groups, "group"), "/groups"
	dates := web.SetupStep{Title: "Announce the dates of the calls", Note: "All are announced.", Done: len(h.Undated) == 0, Href: "/staff/calls"}
	if !dates.Done {
		dates.Note = "Not announced: " + names(h.Undated, func(l workflows.CallLine) string { return l.Name }) + "."
	}
	chairs := web.SetupStep{Title: "Give every group its chairs", Note: "Every group has a chair.", Done: len(h.Unled) == 0, Href: "/groups"}
	if !chairs.Done {
		chairs.Note = "Without a chair: " + names(h.Unled, func(g domain.Group) string { return g.Name }) + "."
	}
	return append(steps, dates, chairs, roleStep(h))
}

// roleStep asks for those whom no roster names: without staff no webinar is
// decided or sold, without finance nobody is paid.
func roleStep(h workflows.Home) web.SetupStep {
	step := web.SetupStep{Title: "Name the staff, finance and the Core Forum Committee", Note: "Each has somebody.", Done: len(h.Unheld) == 0, Href: "/staff/roles"}
	if !step.Done {
		step.Note = "Nobody yet: " + names(h.Unheld, web.RoleWords) + "."
	}
	return step
}

func names[T any](all []T, name func(T) string) string {
	said := make([]string, len(all))
	for i, one := range all {
		said[i] = name(one)
	}
	return domain.AndList(said)
}
