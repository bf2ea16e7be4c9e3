package web

import (
	"time"

	"github.com/a-h/templ"

	"lectern/domain"
)

var (
	newLeaders = domain.Group{
		ID: "g1", Slug: "new-leaders-and-managers", Name: "New Leaders and Managers", Kind: domain.Committee, Status: domain.GroupActive,
		Charge: "Provides a community for individuals who are new to or interested in leadership and management issues.", FolderURL: "https://folders.example.org/committees", Programming: true,
	}
	consortium = domain.Group{ID: "g2", Slug: "consortium-management", Name: "Consortium Management", Kind: domain.InterestGroup, Status: domain.GroupMerging}
	leadership = domain.Group{ID: "g3", Slug: "leadership-team", Name: "Leadership Team", Kind: domain.Leadership}
	lms        = domain.Section{ID: "s1", Name: "Leadership and Management Section", Zone: central}
)

func sampleCalls() []domain.Call {
	return []domain.Call{
		{ID: "c1", Version: 2, Slug: "annual-2027", Name: "ALA Annual 2027, sessions", VenueID: "annual", Year: "2026-27", Zone: eastern, OpensAt: ptr(at("2026-08-01T04:00:00Z")), ClosesAt: ptr(at("2026-09-22T04:00:00Z"))},
		{ID: "c2", Slug: "webinars-2027", Name: "Webinars 2027", VenueID: "webinar", Year: "2026-27", Zone: central, OpensAt: ptr(at("2026-12-01T06:00:00Z")), ClosesAt: ptr(at("2027-02-01T06:00:00Z")), EditUntil: ptr(at("2027-02-08T06:00:00Z")), EventOn: "2027-03-01"},
		{ID: "c3", Slug: "forum-2027", Name: "Core Forum 2027", VenueID: "forum", Year: "2026-27", Zone: central},
	}
}

func sampleStanding() domain.Standing {
	calls := sampleCalls()
	annual := domain.Duty{VenueID: "annual", VenueName: "ALA Annual", Required: 2, Counted: 1, Drafts: 1}.Window(calls[:1], sampleNow)
	webinar := domain.Duty{VenueID: "webinar", VenueName: "Webinars", Required: 2}.Window(calls[1:2], sampleNow)
	return domain.Standing{GroupID: "g1", Year: "2026-27", Duties: []domain.Duty{annual, {VenueID: "forum", VenueName: "Core Forum", Required: 1}, webinar}}
}

func sampleDashboard() DashboardPage {
	calls := sampleCalls()
	open, shut := calls[0].OpensAt, calls[0].ClosesAt
	done := at("2026-08-26T15:00:00Z")
	p := DashboardPage{
		Page: samplePage("New Leaders and Managers"), Group: newLeaders, Year: "2026-27", Years: []domain.Year{"2025-26", "2026-27"}, Now: sampleNow, Zone: central,
		Members: 9, Chairs: 2, Standing: sampleStanding(), Calls: calls, ShowText: true, More: true, MayTick: true, MayStart: true, MaySeePeople: true, Month: time.September,
		Proposals: []GroupProposal{
			{Ref: "p1", Year: "2026-27", Title: "Budgeting for first-time managers <b>", VenueID: "annual", VenueName: "ALA Annual", CallName: "ALA Annual 2027, sessions", State: domain.Draft, Lead: "Ana Reyes", OpensAt: open, ClosesAt: shut, Zone: eastern},
			{Ref: "27-A-014", Title: "Leading the meeting you did not call", VenueID: "annual", VenueName: "ALA Annual", CallName: "ALA Annual 2027, sessions", State: domain.Submitted, Site: "ALA’s proposal site", Lead: "Renata Ochoa", Zone: eastern},
			{Ref: "p3", Title: "Coaching across the reference desk", VenueID: "forum", VenueName: "Core Forum", CallName: "Core Forum 2027", State: domain.Draft, Lead: "Marcus Bell"},
			{Ref: "26-A-009", Title: "Supervising your former peers", VenueID: "annual", VenueName: "ALA Annual", CallName: "ALA Annual 2026, sessions", State: domain.Declined, Site: "ALA’s proposal site", Reference: "ALA26-0932", Lead: "Tomasz Lis"},
		},
		Activity:  []HistoryItem{{What: "Renata Ochoa", Rest: "submitted “Leading the meeting you did not call”", At: at("2026-09-08T16:31:00Z"), Zone: central, Detail: "ALA Annual went from 0 of 2 to 1 of 2", Key: true}},
		Checklist: []domain.ChecklistItem{{ID: "t1", Month: 9, Text: "Submit proposals for ALA Annual", VenueID: "annual"}, {ID: "t2", Month: 9, Text: "Recruit new members if needed"}, {ID: "t3", Month: 9, Text: "Finalize proposal ideas", DoneAt: &done, DoneBy: "Marcus Bell"}},
	}
	p.Gate, p.GateOwed = p.Standing.GateClosed("strict", sampleNow), p.Standing.Missing("strict", sampleNow)
	return p
}

func sampleBoard() BoardPage {
	calls := sampleCalls()
	short := sampleStanding().Duties
	done := domain.Duty{VenueID: "annual", VenueName: "ALA Annual", Required: 2, Counted: 2}.Window(calls[:1], sampleNow)
	return BoardPage{
		Page: samplePage("Year board"), Section: lms, Year: "2026-27", Years: []domain.Year{"2025-26", "2026-27"}, Now: sampleNow,
		Venues: []BoardVenue{{"annual", "ALA Annual", "due Sep 21"}, {"forum", "Core Forum", "not announced"}, {"webinar", "Webinars", "opens Dec 1"}},
		Groups: []BoardGroup{
			{Group: leadership},
			{Group: newLeaders, Duties: short, Open: true, Counts: []BoardCount{{domain.Submitted, 1}, {domain.Declined, 1}}, Drafting: 3, Drafts: []string{"Budgeting for first-time managers", "A year of stay interviews"}},
			{Group: domain.Group{Slug: "member-experience", Name: "Member Experience", Kind: domain.Committee}, Duties: []domain.Duty{done}, Open: true},
			{Group: consortium, Open: true},
		},
		Calls: calls, Call: "annual-2027",
		Lanes: []BoardLane{
			{State: domain.Submitted, Count: 2, Cards: []BoardCard{{Title: "Leading the meeting you did not call", Href: "/proposals/27-A-014", Group: "New Leaders and Managers", Note: "Not yet put into the other site"}, {Title: "Volunteers who come back", Group: "Member Experience"}}},
			{State: domain.Declined},
		},
	}
}

func sampleRoster() RosterPage {
	return RosterPage{
		Page: samplePage("People"), Group: newLeaders, On: "2026-09-15", OnTyped: "last fall", Today: "2026-09-18", MayAppoint: true, Emails: true,
		Warnings: []domain.Warning{{Code: "committee_small", Rule: "R21", Detail: "Two are in it. Six to twelve is ideal."}, {Code: "one_co_chair", Rule: "R22", Detail: "The committee has one co-chair."}},
		Reasons:  []domain.Reason{domain.Wrong("/on", "not_a_date", "Give a day such as 2026-09-15.")},
		Rows: []RosterRow{
			{domain.Person{ID: "p1", Name: "Ben Castellano", Email: "ben@example.org", Institution: "Lakeshore University"}, domain.Term{ID: "t1", Version: 1, Role: domain.TermCoChair, StartsOn: "2026-07-01", EndsOn: "2027-06-30"}},
			{domain.Person{ID: "p2", Name: "Ana Reyes"}, domain.Term{ID: "t2", Role: domain.TermMember, StartsOn: "2025-07-01", EndsOn: "2027-06-30"}},
		},
	}
}

func sampleCall(form string, call int, reasons ...domain.Reason) CallPage {
	return CallPage{
		Page: samplePage("Call"), Line: CallLine{Call: sampleCalls()[call], Venue: "ALA Annual", Format: "Session", Counts: true}, Section: lms, Now: sampleNow, MaySet: true,
		Form: CallForm{What: form, First: "2027-02-01", Last: "2027-01-31", Zone: central, Until: "soon"}, Reasons: reasons,
	}
}

func sampleHome() HomePage {
	duty := sampleStanding().Duties[0]
	return HomePage{
		Page: samplePage("Home"), Now: sampleNow, Zone: central, Year: "2026-27",
		Reviews: []HomeReview{{Call: sampleCalls()[1], Until: sampleNow, All: 26, Done: 12, Href: "/calls/f/review"}, {Call: sampleCalls()[1], Until: sampleNow, Ranks: true, All: 3, Href: "/calls/f/ranking"}},
		Groups:  []HomeGroup{{newLeaders, domain.TermCoChair, sampleStanding()}, {consortium, domain.TermMember, domain.Standing{}}},
		Board:   &HomeBoard{Committees: 4, Done: 1, Short: []HomeShort{{newLeaders, duty}}, Waiting: []HomeItem{{"Volunteers who come back", "Member Experience", "/proposals/27-A-015"}}},
		Staff:   &HomeStaff{Undecided: []HomeItem{{"A year of stay interviews", "Submitted Jan 20", "/proposals/27-W-006"}}, Outside: []HomeItem{{"Leading the meeting", "New Leaders", "/proposals/27-A-014"}}, Failed: 1, Waiting: 2},
		Money:   &HomeMoney{Payable: 9, Blocked: 2, Cents: 165000, Rows: []MoneyRow{{domain.StagePayable, 9, 135000}, {domain.StagePapers, 2, 30000}}},
		Forum:   &HomeForum{Call: &sampleCalls()[1], Decisions: []Link{{"Breakout session", "/calls/forum-2027-breakouts/decisions"}}, Packet: &PacketLine{Heading: "Packet 2, Core Forum 2026–27", Href: "/packets/k", Proposals: 24, By: "Dana Whitfield", At: sampleNow}},
		Setup:   []SetupStep{{"Section loaded", "12 groups", true, "/groups"}, {"Announce the dates of Core Forum 2027", "Drafts wait for them", false, "/staff/calls/forum-2027"}},
	}
}

func sampleOutbox() OutboxPage {
	sent := at("2026-09-17T10:00:00Z")
	mail := domain.Mail{ID: "m1", Kind: domain.SpeakerInvitation, To: "ana@example.org", Name: "Ana Reyes", Subject: "You are invited to speak", Body: "Hello.\n\nPlease answer.", CreatedAt: sent, NextAt: sampleNow.Add(time.Hour)}
	p := OutboxPage{Page: samplePage("Outbox"), Zone: central, Now: sampleNow, Counts: map[domain.MailState]int{domain.MailFailed: 1, domain.MailSent: 2}, Kind: domain.Receipt, Demo: true, Next: "/staff/outbox?after=x"}
	for i, s := range mailStates {
		m := OutboxMail{Mail: mail}
		m.ID, m.State, m.Attempts, m.SentAt = "m"+itoa(i), s, i, &sent
		p.Mails = append(p.Mails, m)
	}
	p.Mails[0].URL, p.Mails[3].Error = "/speak/x", "550 no such mailbox: (address)"
	return p
}

// sectionPages are the pages around the section, each as full as it can be, and empty.
func sectionPages() map[string]templ.Component {
	wrong := []domain.Reason{domain.Wrong("/name", "required", "Write the name."), domain.Wrong("/email", "not_an_address", "This is no email address."), domain.Because("R22", "three_co_chairs", "There are two co-chairs already.")}
	term := domain.Term{ID: "t1", Version: 3, Role: domain.TermCoChair, StartsOn: "2026-07-01", EndsOn: "2027-06-30"}
	ending := TermPage{Page: samplePage("End a term"), Group: newLeaders, Person: domain.Person{ID: "p1", Name: "Ben Castellano"}, Terms: []domain.Term{term}, Ending: &term, Form: TermForm{EndsOn: "today"}, Reasons: []domain.Reason{domain.Wrong("/ends_on", "not_a_date", "Give a day.")}}
	giving, somebody := ending, ending
	giving.Ending, somebody.Ending = nil, nil
	giving.Group = leadership
	somebody.Person, somebody.People = domain.Person{}, []domain.Option{{Value: "p1", Label: "Ben Castellano"}}
	preview := sampleCall("extend", 0)
	preview.Preview = &ExtendPreview{Last: "2026-09-28", Closes: at("2026-09-29T04:00:00Z"), Told: []Told{{"Ben Castellano", "New Leaders and Managers"}}}
	outside := sampleDashboard()
	outside.ShowText, outside.MayStart, outside.MayTick, outside.Gate, outside.Standing.Duties = false, false, false, nil, nil
	empty := DashboardPage{Page: samplePage("Groups"), Group: consortium, Year: "2026-27", Now: sampleNow, Zone: central, ShowText: true, MayStart: true}
	ben, fay := DemoPersona{"ben", "Ben Castellano", "Co-chair"}, DemoPersona{"fay", "Fay Nguyen", "Core staff"}
	return map[string]templ.Component{
		"landing": Landing(LandingPage{Page: Page{Title: "Lectern"}, SectionName: lms.Name}), "home": Home(sampleHome()), "home-empty": Home(HomePage{Page: samplePage("Home"), Now: sampleNow, Zone: central, Year: "2026-27"}),
		"dashboard": Dashboard(sampleDashboard()), "dashboard-outside": Dashboard(outside), "dashboard-empty": Dashboard(empty),
		"activity":       Activity(ActivityPage{Page: samplePage("Activity"), Group: newLeaders, Filters: []Control{{Name: "year", Label: "Year", Options: []domain.Option{{Value: "", Label: "All years"}}}}, Items: sampleDashboard().Activity, Next: "/groups/new-leaders/activity?cursor=x"}),
		"activity-empty": Activity(ActivityPage{Page: samplePage("Activity"), Group: newLeaders}), "activity-narrow": Activity(ActivityPage{Page: samplePage("Activity"), Group: newLeaders, Narrow: true}),
		"groups": Groups(GroupsPage{Page: samplePage("Groups"), Section: lms, Groups: []GroupLine{{Group: newLeaders, Open: true, Mine: true}, {Group: consortium, Merged: "Middle Managers"}, {Group: leadership}}}),
		"board":  Board(sampleBoard()), "board-empty": Board(BoardPage{Page: samplePage("Year board"), Section: lms, Year: "2026-27", Now: sampleNow, Calls: sampleCalls(), Call: "forum-2027"}),
		"roster": Roster(sampleRoster()), "roster-empty": Roster(RosterPage{Page: samplePage("People"), Group: newLeaders, On: "2020-01-01", Today: "2026-09-18"}),
		"person-new": PersonNew(PersonNewPage{Page: samplePage("Add a person"), Group: newLeaders, Email: "ana@", Term: TermForm{Role: "co_chair", StartsOn: "2026-07-01", EndsOn: "soon"}, Reasons: wrong}),
		"term-end":   Term(ending), "term-give": Term(giving), "term-somebody": Term(somebody),
		"calls":       Calls(CallsPage{Page: samplePage("Calls"), Section: lms, Year: "2026-27", Years: []domain.Year{"2025-26", "2026-27"}, Now: sampleNow, MaySet: true, Calls: []CallLine{{sampleCalls()[0], "ALA Annual", "Session", true}, {sampleCalls()[1], "Webinars", "Webinar", false}, {sampleCalls()[2], "Core Forum", "Breakout", true}}}),
		"calls-empty": Calls(CallsPage{Page: samplePage("Calls"), Section: lms, Year: "2030-31"}),
		"call-dates":  Call(sampleCall("dates", 2, domain.Wrong("/last", "last_before_first", "The last day is before the first."))), "call-extend": Call(sampleCall("extend", 0, domain.Wrong("/last", "would_shorten", "A window is never made shorter."))), "call-edit": Call(sampleCall("edit-until", 1, domain.Wrong("/edit_until", "not_a_date", "Give a day."))), "call-preview": Call(preview),
		"outbox": Outbox(sampleOutbox()), "outbox-empty": Outbox(OutboxPage{Page: samplePage("Outbox"), Zone: central}),
		"demo": Demo(DemoPage{Page: samplePage("Demo"), Year: "2026-27", People: []DemoPersona{ben, fay}, Scenes: []SceneCard{{"short", "2026-09-18", "One program short", "Ben’s committee has 1 of 2.", "What is missing is said before it is late", ben}, {"carry", "2026-12-12", "Carry it forward", "One is declined.", "", ben}}}),
	}
}
