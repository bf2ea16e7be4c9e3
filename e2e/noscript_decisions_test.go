package e2e

import "testing"

// decisionsPlainly asks for changes, stages a decision, publishes it, and calls an
// event off.
func (d *demo) decisionsPlainly(t *testing.T) {
	v := d.as(t, "staff", plain)
	const waiting = "Reading the room online"
	v.open(waiting, "webinars-2026-27")
	v.need("the form of changes", v.follow("Request changes"), 200)
	v.need("asking for nothing", v.press("Request changes"), 422)
	v.write("What should change?", "Say whom it is for.")
	v.date("Until the end of", "2027-03-20")
	v.need("asking for changes", v.press("Request changes"), 200)
	v.stagePlainly(waiting)
	v.callOffPlainly()
}

// stagePlainly stages a decision by form, looks what a file would change, and
// publishes.
func (v visitor) stagePlainly(title string) {
	v.t.Helper()
	const decisions = "/calls/webinars-2026-27/decisions"
	v.at(decisions)
	v.need("no file", v.press("See the difference"), 422)
	v.at(decisions)
	v.choose("Decline")
	v.need("a decline without feedback", v.press("Stage these decisions"), 422)
	v.choose("Alternate")
	v.need("staging", v.press("Stage these decisions"), 200)
	v.saysIn("main", "Nobody is told before they are published", "Staged: Alternate")
	v.need("publishing one only", v.follow("Publish this one"), 200)
	v.need("what is told to whom", v.at(decisions).follow("See what"), 200)
	v.saysIn("main", title, "The outcome, as a chair of the group")
	v.need("publishing", v.press("Publish 1 decision"), 200)
	v.saysIn("main", "Published 1 decision", "Published 1 of 1")
}

// callOffPlainly cancels the event of other divisions.
func (v visitor) callOffPlainly() {
	v.t.Helper()
	v.at("/staff/calls/other-divisions-2026-27")
	v.need("the form to call off", v.follow("Cancel this event"), 200)
	v.need("calling off without a reason", v.press("Cancel 1"), 422)
	v.write("Why", "The divisions meet online another year.")
	v.need("calling off", v.press("Cancel 1"), 200)
	v.saysIn("main", "Cancelled 1 proposal")
}
