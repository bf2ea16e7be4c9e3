package e2e

import (
	"testing"

	"lectern/e2e/browsertest"
	"lectern/internal/pgtest"
)

// own is the breakout in which the Leadership chair speaks; unread is a poster
// that nobody reviewed.
const (
	own    = "What the Leadership Team wished it had known"
	unread = "Onboarding in a hybrid library"
)

// TestRound takes a round of Core Forum from the desk to a published outcome and
// on to a cancelled event, on each database (scenarios E2 and E5).
func TestRound(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		play(t, "", "2027-04-08").round(t)
	})
	t.Run("Postgres", func(t *testing.T) {
		t.Parallel()
		play(t, pgtest.URL(t), "2027-04-08").round(t)
	})
}

func (d *demo) round(t *testing.T) {
	best := d.scored(t)
	d.recommended(t)
	d.twoPackets(t, best)
	d.outcomesOut(t, best)
	d.calledOff(t, best)
}

// scored gives 81.25, twice, which is one review.
func (d *demo) scored(t *testing.T) string {
	t.Helper()
	v := d.as(t, "reviewer", browsertest.Options{}).at(desk)
	title, progress := v.text("#title"), v.text(".between .num")
	for i, score := range []string{"5", "4", "5", "3", "4", "4"} {
		v.Click(`.crit:nth-of-type(` + string(rune('1'+i)) + `) input[value="` + score + `"]`)
	}
	v.saysIn("[data-out]", "81.25 of 100")
	v.choose("Recommend")
	v.need("saving", v.press("Save and go to next"), 200)
	v.saysIn(".flash", "You gave 81.25 to", title)
	after := v.text(".between .num")
	if after == progress {
		t.Errorf("the progress stays %s", after)
	}
	v.need("looking again", v.follow(title), 200)
	v.write("Comment", "A second look.")
	v.need("saving again", v.press("Save and go to next"), 200)
	if got := v.text(".between .num"); got != after {
		t.Errorf("a second submission makes the progress %s, after %s", got, after)
	}
	closed := d.titled(own, "forum-2027-breakouts")
	chair := d.as(t, "leadership_chair", browsertest.Options{})
	chair.need("a desk in conflict", chair.Answer(goTo(d.URL+desk+"/"+closed.Number)), 403)
	return title
}

// recommended: none without reviews and a reason; the chair's own by the vice chair.
func (d *demo) recommended(t *testing.T) {
	t.Helper()
	chair := d.as(t, "leadership_chair", browsertest.Options{})
	chair.travel("2027-04-20")
	chair.at(d.titled(unread, "forum-2027-posters").path() + "/recommend")
	chair.choose("Recommend")
	chair.need("recommending what nobody reviewed", chair.press("Save the recommendation"), 409)
	chair.saysIn(".errors", "a recommendation takes 2 reviews")
	chair.write("Why with so few reviews", "The team read it aloud.")
	chair.need("recommending with a reason", chair.press("Save the recommendation"), 200)
	closed := d.titled(own, "forum-2027-breakouts").path() + "/recommend"
	chair.need("the chair's own", chair.Answer(goTo(d.URL+closed)), 403)
	vice := d.as(t, "vice_chair", browsertest.Options{}).at(closed)
	vice.choose("Strongly recommend")
	vice.need("the vice chair for the chair", vice.press("Save the recommendation"), 200)
}

// twoPackets releases one, and another with a note; the first stays.
func (d *demo) twoPackets(t *testing.T, best string) {
	t.Helper()
	chair := d.as(t, "leadership_chair", browsertest.Options{})
	chair.travel("2027-04-21")
	chair.at(ranking)
	chair.need("the first preview", chair.follow("Preview packet 1"), 200)
	chair.need("releasing", chair.press("Release packet 1"), 200)
	first := chair.path()
	chair.at(d.titled(best, "forum-2027-breakouts").path() + "/recommend")
	chair.choose("Strongly recommend")
	chair.write("Note to the group", "Bring the worksheet.")
	chair.need("another verdict", chair.press("Save the recommendation"), 200)
	chair.need("the second preview", chair.at(ranking).follow("Preview packet 2"), 200)
	chair.need("releasing without a note", chair.press("Release packet 2"), 422)
	chair.fill("#note", "One verdict changed.")
	chair.need("releasing with a note", chair.press("Release packet 2"), 200)
	chair.saysIn("main", "One verdict changed.")
	eli := d.as(t, "forum_committee", browsertest.Options{}).at("/packets")
	eli.saysIn("main", "Packet 2", "Packet 1", "One verdict changed.")
	eli.at(first).saysIn("h1", "Packet 1")
	member := d.as(t, "member", browsertest.Options{})
	member.need("a packet for a group", member.Answer(goTo(d.URL+first)), 404)
	member.need("the ranking for a group", member.Answer(goTo(d.URL+ranking)), 404)
}

// outcomesOut stages what the packet advised, unseen, and publishes it.
func (d *demo) outcomesOut(t *testing.T, best string) {
	t.Helper()
	const decisions = "/calls/forum-2027-breakouts/decisions"
	p := d.titled(best, "forum-2027-breakouts")
	eli := d.as(t, "forum_committee", browsertest.Options{})
	eli.travel("2027-05-03")
	eli.at(decisions).inspect("decisions-forum_committee")
	eli.Click(`[name="outcome-` + p.Number + `"][value="accepted"]`)
	eli.need("staging", eli.press("Stage these decisions"), 200)
	eli.saysIn("main", "Staged")
	staff := d.as(t, "staff", browsertest.Options{}).at(decisions)
	staff.inspect("decisions-staff")
	staff.at(p.path()).saysIn("main", "Submitted")
	eli.travel("2027-06-15")
	eli.need("what is told to whom", eli.at(decisions).follow("See what"), 200)
	eli.inspect("publish-forum_committee")
	eli.need("publishing", eli.press("Publish 26 decisions"), 200)
	eli.saysIn("main", "Published 26 of 26")
	staff.at(p.path()).saysIn("main", "Accepted")
}

// calledOff cancels Core Forum; what was accepted can go on to another venue.
func (d *demo) calledOff(t *testing.T, best string) {
	t.Helper()
	staff := d.as(t, "staff", browsertest.Options{}).at("/years/2026-27/venues/forum/cancel-event")
	staff.inspect("cancel-event-staff")
	staff.write("Why", "The hotel closed.")
	staff.need("calling off", staff.pressIn("main form", "Cancel "), 200)
	staff.saysIn("main", "Cancelled")
	staff.at(d.titled(best, "forum-2027-breakouts").path()).saysIn("main", "Cancelled", "The hotel closed.")
}
