package web

import (
	"maps"
	"time"

	"github.com/a-h/templ"

	"lectern/domain"
)

const central, eastern = "America/Chicago", "America/New_York"

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func ptr(t time.Time) *time.Time { return &t }

var sampleNow = at("2026-09-18T15:00:00Z")

// samplePage is the frame of the sample pages, with everything that a frame can have.
func samplePage(title string) Page {
	ben := domain.Actor{ID: "p1", Name: "Ben Castellano", Roles: []domain.Role{domain.Admin}}
	return Page{
		Title: title, Crumbs: []Link{{"New Leaders and Managers", "/groups/new-leaders"}, {"Proposals", "/proposals"}},
		Nav: NavFor(ben, "2026-27", "/proposals"), Viewer: Viewer{Name: "Ben Castellano"},
		Section: "Leadership and Management Section", Contact: "webinars@example.org", RequestID: "0198c2f4",
		Demo: &DemoBar{
			Today: "2026-09-18", From: "2026-07-01", To: "2027-06-30", Persona: "ben", Back: "/proposals",
			Personas: []DemoPersona{{"ana", "Ana Reyes", "member"}, {"ben", "Ben Castellano", "co-chair"}},
			Scenes:   []DemoScene{{"short", "Sep 18: one program short", true}, {"carry", "Dec 12: carry it forward", false}},
		},
	}
}

// samplePages are all whole pages, and one page with every part.
func samplePages() map[string]templ.Component {
	wrong := []domain.Reason{domain.Wrong("/email", "email_required", "Write your email address.")}
	refused := []domain.Reason{
		domain.Because("R10", "quota_gate", "Other divisions are open once the group’s own submissions are in. Still to submit: Core Forum (1)."),
		domain.Because("", "already_reviewed", "It has been reviewed already."),
	}
	out := Page{Title: "Sign in", Section: "Leadership and Management Section", HasErrors: true}
	pages := map[string]templ.Component{
		"sign-in":       SignIn(SignInPage{Page: out, Email: "ben@", Reasons: wrong}),
		"sign-in-sent":  SignInSent(SignInSentPage{Page: samplePage("Check your mail"), Email: "ben@example.org"}),
		"link-open":     LinkOpen(LinkOpenPage{Page: Page{Title: "Sign in"}, Token: "t", Next: "/proposals"}),
		"link-expired":  LinkExpired(LinkExpiredPage{Page: Page{Title: "Link expired"}}),
		"speaker-link":  LinkExpired(LinkExpiredPage{Page: Page{Title: "Link expired"}, What: "speaker link"}),
		"sent-before":   SentBefore(SentBeforePage{Page: samplePage("Sent before"), To: "/proposals/new", First: "/proposals/27-A-001", Fields: []SentField{{"title", "A <title>"}}}),
		"account":       Account(sampleAccount()),
		"accessibility": Accessibility(samplePage("Accessibility")),
		"privacy":       Privacy(samplePage("Privacy")),
		"parts":         Layout(partsPage()),
	}
	pages["parts"] = withChildren(Layout(partsPage()), sampleParts())
	maps.Copy(pages, sectionPages())
	maps.Copy(pages, proposalSamples())
	maps.Copy(pages, sampleSalePages())
	maps.Copy(pages, sampleQuotePages())
	maps.Copy(pages, offeringSamples())
	maps.Copy(pages, packetPages())
	for _, status := range []int{400, 403, 404, 409, 412, 422, 429, 500} {
		p := NewProblem(samplePage(""), status, refused)
		p.Retry, p.Back = 30, &Link{"Back to the proposal", "/proposals/27-A-014"}
		pages["problem-"+itoa(status)] = Problem(p)
	}
	return pages
}

func sampleAccount() AccountPage {
	used := at("2026-09-17T10:00:00Z")
	return AccountPage{
		Page: samplePage("Your account"), Person: domain.Person{Name: "Ben Castellano", Email: "ben@example.org", Theme: "dark", Zone: "Asia/Tokyo"},
		ZoneName: "Central", Zones: []domain.Option{{Value: central, Label: "Central"}, {Value: eastern, Label: "Eastern"}}, Zone: central, Current: "s1",
		Sessions: []domain.Credential{{ID: "s1", Kind: domain.SessionCredential, Name: "Firefox on Linux", CreatedAt: sampleNow, ExpiresAt: sampleNow.AddDate(0, 0, 14)}, {ID: "s2", Name: "Safari on iPhone", CreatedAt: used, ExpiresAt: sampleNow}},
		Tokens:   []domain.Credential{{ID: "t1", Kind: domain.TokenCredential, Name: "Year report", Scopes: []domain.Scope{domain.ScopeRead}, ExpiresAt: sampleNow.AddDate(0, 3, 0), LastUsed: &used}},
		NewToken: "lct_4f0c9d1b7e", Token: TokenForm{Name: "", Days: "ninety"},
		Reasons: []domain.Reason{domain.Wrong("/days", "not_a_number", "Give the days as a whole number.")},
	}
}

func partsPage() Page {
	p := samplePage("A title with \u202e a direction mark <script>alert(1)</script>")
	p.Flash = []Notice{{Tone: "good", Title: "Proposal submitted", Text: "You have 2 of 2 ALA Annual proposals.", Link: &Link{"Copy for the ALA site", "#copy"}}}
	p.Scripts = []string{"autosave.js"}
	p.Bar = withChildren(ActionBar("Saved as you type."), templ.Raw(`<button class="btn primary" form="editor" name="do" value="submit">Submit proposal</button>`))
	return p
}

func sampleFields() []FormAnswer {
	level := []domain.Option{{Value: "intro", Label: "Introductory"}, {Value: "mid", Label: "Intermediate", Hint: "Some years of practice"}}
	reasons := []domain.Reason{
		domain.Wrong("/answers/short", "too_long_words", "Shorten the short description by 2 words."),
		domain.Wrong("/answers/outcomes/2", "too_few", "Write learning outcome 3."),
		domain.Wrong("/answers/level", "required", "Choose the level."),
		domain.Wrong("/answers/recording", "required", "Agree that it may be recorded."),
	}
	answers := []FormAnswer{
		{Field: domain.Field{Key: "title", Label: "Title", Kind: domain.Line, Required: true, MaxChars: 120, Hint: "Say what people will gain."}, Values: []string{`Budgeting <b>"now"</b> مرحبا`}},
		{Field: domain.Field{Key: "short", Label: "Short description", Kind: domain.Prose, Required: true, MaxWords: 5}, Values: []string{"\none two three four five six seven"}},
		{Field: domain.Field{Key: "full", Label: "Full description", Kind: domain.Prose, Markdown: true, MaxWords: 300}, Values: []string{"**bold**"}},
		{Field: domain.Field{Key: "outcomes", Label: "Learning outcomes", Kind: domain.Lines, MinItems: 3, MaxItems: 4}, Values: []string{"Participants will read a budget.", "Participants will ask."}},
		{Field: domain.Field{Key: "level", Label: "Level", Kind: domain.Choice, Required: true, Options: level}, Values: []string{"expert"}},
		{Field: domain.Field{Key: "tags", Label: "Topics", Kind: domain.Choices, MinItems: 1, MaxItems: 5, Options: []domain.Option{{Value: "b", Label: "Budget and finance"}, {Value: "s", Label: "Supervision"}}}, Values: []string{"b"}},
		{Field: domain.Field{Key: "elsewhere", Label: "Presented elsewhere?", Kind: domain.YesNo}, Values: []string{"no"}},
		{Field: domain.Field{Key: "recording", Label: "Speakers may be recorded", Kind: domain.Agree, Required: true, Hint: "A recording is offered afterwards."}},
		{Field: domain.Field{Key: "days", Label: "Possible dates", Kind: domain.Dates, MinItems: 2}, Values: []string{"2027-03-15", "soon"}},
		{Field: domain.Field{Key: "minutes", Label: "Minutes", Kind: domain.Number, Min: 30, Max: 90}, Values: []string{"sixty"}},
		{Field: domain.Field{Key: "old", Label: "Room needs", Kind: domain.Line}, Values: []string{"Round tables"}, Locked: true},
	}
	for i := range answers {
		answers[i].Reasons = reasons
	}
	return answers
}

func sampleLife() LifePanel {
	path, next := []domain.State{domain.Draft, domain.Submitted, domain.Accepted}, []domain.State{domain.Cancelled, domain.Declined}
	return LifePanel{
		State: domain.Accepted, Since: at("2027-03-09T15:30:00Z"), Zone: central, Path: path, Next: next, Mine: []domain.State{domain.Cancelled}, Edges: LifeEdges(path, next),
		Others: []LifeOther{{"Correct the decision", "an administrator"}},
		Moves: []LifeMove{
			{Label: "Replace a speaker", Icon: "refresh", Note: "Core staff approve it; the new speaker confirms again.", Href: "#speakers"},
			{Label: "Ask to cancel", Icon: "circle-x", Note: "Needs a reason.", Action: "/proposals/27-W-006/cancel", Version: 6, Danger: true},
		},
		Refused: []LifeRefusal{
			{Label: "Withdraw", Reasons: []domain.Reason{domain.Because("", "not_from_here", "Only a submitted proposal can be withdrawn.")}},
			{Label: "Carry forward", Reasons: []domain.Reason{domain.Because("R14", "not_from_here", "Carrying forward starts from a declined proposal.")}},
		},
	}
}

// sampleParts is every part once, in an order of no meaning.
func sampleParts() templ.Component {
	duty := domain.Duty{VenueID: "annual", VenueName: "ALA Annual", Required: 2, Counted: 1, Drafts: 1, Extra: 1, OpensAt: ptr(at("2026-08-01T04:00:00Z")), ClosesAt: ptr(at("2026-09-22T04:00:00Z")), Zone: eastern}
	later, unset := duty, domain.Duty{VenueName: "Core Forum", Required: 1}
	later.VenueName, later.Counted, later.OpensAt = "Webinars", 0, ptr(at("2026-12-01T06:00:00Z"))
	parts := []templ.Component{
		templ.Raw(`<h1>Parts</h1><h2>Duties</h2><ul class="min-11 grid mt4" role="list">`), DutyCard(duty, sampleNow), DutyCard(later, sampleNow), DutyCard(unset, sampleNow), templ.Raw(`</ul><div class="section">`),
		LifeCard(sampleLife()), templ.Raw(`</div><section class="section stack gap-5"><h2>Parts in a row</h2><p class="cluster gap-2">`),
	}
	for _, s := range domain.States() {
		parts = append(parts, StateBadge(s))
	}
	for _, s := range domain.StipendStates() {
		parts = append(parts, StipendBadge(s))
	}
	parts = append(parts, AnswerBadge(domain.Invited), templ.Raw(`</p>`),
		Steps([]StepItem{{"Accepted", "Mar 9", true, false}, {"Planned", "Live Thu, May 20", false, true}, {"On sale", "Waits for price", false, false}}),
		HistoryLine([]HistoryItem{{What: "Submitted", Rest: "by Ben Castellano, version 6", At: sampleNow, Zone: central, Detail: "ALA Annual went from 1 of 2 to 2 of 2", Key: true}, {What: "Version 6", At: sampleNow, Zone: central, Reason: "Strong outcomes", Link: &Link{"See changes", "#"}}}),
		Lineage([]LineageNode{{Label: "ALA Annual 2027, 27-A-014", Href: "/proposals/27-A-014", State: domain.CarriedForward, Note: "Declined Dec 10"}, {Label: "Webinar, 27-W-006", State: domain.Accepted, Here: true}}),
		Comment(CommentItem{Who: "Ana Reyes", At: sampleNow, Zone: central, Text: "Yes. **Good** idea."}),
		CopyList([]CopyItem{{ID: "c0", Label: "Title", Text: "Leading the meeting", Chars: 120}, {ID: "c1", Label: "Outcome", Text: "Participants will lead."}}),
		Facts([]Fact{{Term: "Counts toward", Text: "Webinars, 2 of 2"}, {Term: "Live", Body: When(sampleNow, central)}}),
		withChildren(PersonRow("Ana Reyes", "Access Services Manager, Lakeshore University"), AnswerBadge(domain.Confirmed)), PersonRow("", "Moderator"),
		DateList([]DateItem{{Title: "ALA Annual closes", At: *duty.ClosesAt, Zone: eastern, Closes: true, Href: "/calls/annual"}}),
		templ.Raw(`<form method="post" action="/checklist">`), OnceKey(), Checklist([]ChecklistItem{{ID: "1", Label: "Recruit new members", Note: "6 to 12 is ideal", Done: true}}), templ.Raw(`</form>`),
		Checks([]domain.CheckLine{{Label: "Outcomes", Mark: domain.MarkBad, Detail: "Write outcome 3.", Anchor: "outcomes-3"}, {Label: "Agreements", Mark: domain.MarkGood}, {Label: "Replies", Mark: domain.MarkWarn}}),
		Filters("/proposals", "/proposals", []Control{{Name: "q", Label: "Search", Type: "search"}, {Name: "state", Label: "State", Options: []domain.Option{{Value: "", Label: "Any"}}}}),
		Callout(Notice{Tone: "bad", Title: "Not submitted: 2 reasons", Static: true, Reasons: []domain.Reason{domain.Because("R10", "quota_gate", "Missing: Core Forum (1)."), domain.Because("", "x", "The window is closed.")}}),
		Empty("pencil", "No proposals yet", "Start with an idea."), NextPage("/proposals?cursor=x"),
		templ.Raw(`<form id="editor" method="post" action="/edit" data-autosave="/autosave" data-draft="p1" novalidate>`), OnceKey(), Autosave(3), SaveStatus("Saved at 2:14 p.m."),
		ErrorSummary("4 things to fix before you submit", sampleFields()[0].Reasons))
	for _, f := range sampleFields() {
		parts = append(parts, FormField(f))
	}
	parts = append(parts, Tick("help", "coaching", "Coaching, if accepted", "We call you.", true), templ.Raw(`</form>`))
	for _, f := range sampleFields()[:4] {
		parts = append(parts, Answer(f.Field, f.Values))
	}
	return templ.Join(append(parts, Answer(sampleFields()[4].Field, nil), templ.Raw(`</section>`))...)
}
