package e2e

import (
	"strings"
	"testing"

	"lectern/e2e/browsertest"
	"lectern/internal/pgtest"
)

// TestE1 lives a committee's year as its co-chair Ben, from page to page, on
// each database (scenario E1). What the story leaves to the visitor is done here.
func TestE1(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		play(t, "", "2026-07-10").year(t, false)
	})
	t.Run("Postgres", func(t *testing.T) {
		t.Parallel()
		play(t, pgtest.URL(t), "2026-07-10").year(t, false)
	})
}

// TestE1ByKeyboard lives the same year without a mouse; wherever the focus
// stops it has to be seen.
func TestE1ByKeyboard(t *testing.T) {
	t.Parallel()
	play(t, "", "2026-07-10").year(t, true)
}

func (d *demo) year(t *testing.T, keys bool) {
	v := d.visit(t, "/demo", browsertest.Options{})
	v.keys = keys
	v.scene("Sep 18")
	v.secondProposal()
	v.sent()
	v.scene("Dec 10")
	v.outcomes()
	v.scene("Dec 12")
	v.carried()
	v.scene("Jan 20")
	v.webinarSubmitted()
	v.webinarAccepted()
	v.scene("Mar 3")
	v.stipends()
	v.otherDivision()
}

const (
	budgeting = "Budgeting for first-time managers"
	leading   = "Leading the meeting you did not call"
	short     = "You have been promoted and handed a spreadsheet with your name on it. This session shows new managers how to read the budget they inherit, find the lines they can move, and explain a change in two minutes."
	third     = "Participants will draft a one-year calendar of budget requests, in order to ask at the moment when money can still move."
)

// secondProposal finishes the draft that is one outcome short and twelve words
// too long, is refused once, and submits it: two of two.
func (v visitor) secondProposal() {
	v.t.Helper()
	v.saysIn("main", "1 of 2", "3 days left")
	v.need("the dashboard's next step", v.follow("Continue this proposal"), 200)
	if !strings.HasSuffix(v.path(), "/edit") {
		v.need("the editor", v.follow("Edit the text"), 200)
	}
	v.saysIn("aside.side", "1 of 2", "2 of 2")
	v.need("submitting the unfinished draft", v.press("Submit proposal"), 422)
	v.refusal("Short description", "outcome")
	v.write("Short description", short)
	v.write("Learning outcomes, 3", third)
	v.need("submitting", v.press("Submit proposal"), 200)
	v.saysIn("main", "Submitted", "2 of 2")
	v.at("/groups/new-leaders-and-managers")
	v.saysIn("main", "2 of 2")
}

// refusal looks at the list of what is to be mended: it has the focus, and
// every link in it leads to a control of the page.
func (v visitor) refusal(words ...string) {
	v.t.Helper()
	v.saysIn(".errors", words...)
	var title, lost string
	var focused bool
	v.Eval(`document.title`, &title)
	v.Eval(`document.activeElement.matches('.errors')`, &focused)
	v.Eval(`[...document.querySelectorAll('.errors a')].filter(a => !document.querySelector(a.hash)).map(a => a.hash).join(' ')`, &lost)
	if !strings.HasPrefix(title, "Error: ") || !focused || lost != "" {
		v.t.Errorf("%s: after the refusal the title is %q, the list has the focus: %v, links lead nowhere: %q", v.path(), title, focused, lost)
	}
	if v.keys {
		v.Press("\t", "\r")
		v.Eval(`document.activeElement.matches('input, textarea, select, fieldset, [tabindex="-1"]')`, &focused)
		if !focused {
			v.t.Errorf("%s: the first link of the list leads to %s", v.path(), v.Focused())
		}
	}
}

// sent records that both submissions reached the association's own site.
func (v visitor) sent() {
	v.t.Helper()
	for title, reference := range map[string]string{leading: "ALA27-1184", budgeting: "ALA27-1215"} {
		v.open(title, "annual-2027-sessions")
		v.saysIn("main", "not yet sent", "words")
		v.write("The reference it gave", reference)
		v.date("Sent on", "2026-09-18")
		v.need("recording that it was sent", v.press("Record that it was sent"), 200)
		v.saysIn("main", "Sent, reference "+reference)
	}
}

// open goes to a proposal's page from the list of the group's.
func (v visitor) open(title, call string) {
	v.t.Helper()
	v.at("/proposals?call=" + call)
	v.need(title, v.follow(title), 200)
}

func (v visitor) outcomes() {
	v.t.Helper()
	for _, o := range []struct{ title, outcome, evidence string }{
		{leading, "Accepted", "Mail of ALA’s program office, ALA27-1184"},
		{budgeting, "Declined", "Mail of ALA’s program office, ALA27-1215"},
	} {
		v.open(o.title, "annual-2027-sessions")
		v.need("the form of the outcome", v.follow("Record the outcome"), 200)
		v.choose(o.outcome)
		v.date("Decided on", "2026-12-10")
		v.write("Evidence", o.evidence)
		v.need("recording the outcome", v.press("Record the outcome"), 200)
		v.saysIn("main", o.outcome, o.evidence)
	}
	v.at("/groups/new-leaders-and-managers")
	v.saysIn("main", "2 of 2") // a declined one keeps counting
}

func (v visitor) carried() {
	v.t.Helper()
	v.saysIn("main", "Declined", "Carry it forward")
	v.choose("Webinars 2026–27")
	v.need("carrying forward", v.press("Carry forward"), 200)
	if !strings.HasSuffix(v.path(), "/edit") {
		v.t.Errorf("carried forward to %s", v.path())
	}
	if got := v.demo.titled(budgeting, "annual-2027-sessions"); got.State != "carried_forward" || got.Child == nil {
		v.t.Errorf("the parent is %s, with the child %v", got.State, got.Child)
	}
	if got := v.demo.titled(budgeting, "webinars-2026-27"); got.State != "draft" || got.Parent == nil || len(got.Speakers) != 3 {
		v.t.Errorf("the child is %s, with the parent %v and %d speakers", got.State, got.Parent, len(got.Speakers))
	}
}

// webinarSubmitted fills in what is missing, the two dates, and submits.
func (v visitor) webinarSubmitted() {
	v.t.Helper()
	if !strings.HasSuffix(v.path(), "/edit") {
		v.t.Fatalf("the scene opens %s", v.path())
	}
	v.date("Preferred dates, 1", "2027-05-20")
	v.date("Preferred dates, 2", "2027-05-27")
	v.need("submitting the webinar", v.press("Submit proposal"), 200)
	v.saysIn("main", "Submitted", "1 of 2")
}

// webinarAccepted is Fay's part, on the staff.
func (v visitor) webinarAccepted() {
	v.t.Helper()
	v.travel("2027-02-26")
	v.become("staff")
	v.open(budgeting, "webinars-2026-27")
	v.need("the form of the decision", v.follow("Decide"), 200)
	v.choose("Accepted")
	v.write("Feedback to the group", "Strong outcomes, clear audience.")
	v.need("deciding", v.press("Decide"), 200)
	v.saysIn("main", "Accepted", "Strong outcomes")
}

// stipends names the third speaker for a place, and is refused the fourth:
// beforehand, with the reason and the handbook's sentence, and from a page that
// is out of date.
func (v visitor) stipends() {
	v.t.Helper()
	v.saysIn("main", "2 of 3 places used")
	late := v.beside(v.path())
	v.need("designating the third", v.pressIn("#stipends", "Designate for place 3: Hollis Granger"), 200)
	v.saysIn("main", "3 of 3 places used")
	v.unfold("No stipend: why?", "#stipends")
	v.saysIn("#stipends details[open]", "three", "Handbook")
	late.need("designating the fourth", late.pressIn("#stipends", "Designate for place 3: Odalys Ferrer"), 409)
	late.saysIn("main", "No stipend was designated", "three")
	if got := v.demo.titled(budgeting, "webinars-2026-27"); len(got.Stipends) != 3 {
		v.t.Errorf("there are %d stipends", len(got.Stipends))
	}
}

// otherDivision is closed until the group has done its own, and opens with the
// breakout session that the story submits on March 20.
func (v visitor) otherDivision() {
	v.t.Helper()
	const title, call = "Small teams, shared calendars", "other-divisions-2026-27"
	v.travel("2027-03-19")
	v.open(title, call)
	v.unfold("Why?Submit proposal", "main .life")
	v.saysIn(".life details[open]", "Core Forum")
	v.at("/groups/new-leaders-and-managers")
	v.saysIn("main", "0 of 1", "2 of 2")
	v.travel("2027-03-21")
	v.saysIn("main", "1 of 1")
	v.open(title, call)
	v.need("submitting to another division", v.press("Submit proposal"), 200)
	v.saysIn("main", "Submitted")
}
