package demo

import (
	"time"

	"lectern/domain"
)

// Scene is a persona on a day, with something to do there.
type Scene struct {
	Key     string
	Label   string // Sep 18: one program short
	Title   string // One program short
	At      time.Time
	Persona Persona
	Story   string // what is going on
	Point   string // what is worth seeing
	opens   place
}

// place is the page a scene opens on: a proposal of the story, or a path.
type place struct {
	path     string
	proposal string
	tail     string // after the proposal's own path: /edit
}

// nine is 9 a.m. in the section's zone.
func nine(d domain.Date) time.Time { return d.Midnight(zone).Add(9 * time.Hour).UTC() }

func scenesOf(personas []Persona) []Scene {
	ben, chidi, dana, eli, fay, gus := personas[1], personas[2], personas[3], personas[5], personas[6], personas[7]
	return []Scene{
		{
			Key: "one-short", Label: "Sep 18: one program short", Title: "One program short", At: nine("2026-09-18"), Persona: ben,
			Story: "Ben Castellano’s committee has 1 of 2 ALA Annual proposals and three days left. A draft has two gaps, and a finished one still has to reach ALA’s own site.",
			Point: "What is missing is said before it is late", opens: place{path: "/groups/new-leaders-and-managers"},
		},
		{
			Key: "answers", Label: "Dec 10: one accepted, one declined", Title: "One accepted, one declined", At: nine("2026-12-10"), Persona: ben,
			Story: "ALA has answered: the notices are in the discussion of both proposals. Ben records them, and both keep counting.",
			Point: "An outside decision has a date and its evidence", opens: place{proposal: "budgeting"},
		},
		{
			Key: "carry", Label: "Dec 12: carry it forward", Title: "Carry it forward", At: nine("2026-12-12"), Persona: ben,
			Story: "The declined session becomes a webinar in two clicks: a new draft with text and speakers, while the old one keeps counting.",
			Point: "Nothing is typed twice", opens: place{proposal: "budgeting"},
		},
		{
			Key: "webinar", Label: "Jan 20: submit the webinar", Title: "Submit the webinar", At: nine("2027-01-20"), Persona: ben,
			Story: "Eleven days before webinars close, the carried draft lacks only its two preferred dates. Ben fills them in and submits.",
			Point: "Submitting says what it will make: 1 of 2", opens: place{proposal: "budgeting-webinar", tail: "/edit"},
		},
		{
			Key: "stipends", Label: "Mar 3: three stipends, and a fourth", Title: "Three stipends, and a fourth", At: nine("2027-03-03"), Persona: ben,
			Story: "The webinar is accepted, with four speakers. Two are named for a stipend; Ben names a third, and tries a fourth.",
			Point: "The fourth place does not exist, and the page says why", opens: place{proposal: "budgeting-webinar"},
		},
		{
			Key: "fourteen", Label: "Apr 6: nine seats, then fourteen", Title: "Nine seats, then fourteen", At: nine("2027-04-06").Add(2 * time.Hour), Persona: fay,
			Story: "A county library bought nine seats at the member’s price, $441, and now wants fourteen. Fay Nguyen replies with a price; the buyer accepts by the link in the outbox, and nobody loses a seat.",
			Point: "The new order takes the place of the old one: people keep their links, the invoice is credited", opens: place{path: "/staff/quotes/Q-00004"},
		},
		{
			Key: "desk", Label: "Apr 8: fourteen of twenty-four", Title: "Fourteen of twenty-four", At: nine("2027-04-08"), Persona: chidi,
			Story: "Chidi Okonkwo has scored fourteen of twenty-four breakouts without knowing whose they are. Two are closed to him: a speaker works where he does.",
			Point: "Six criteria, saved as he goes, and the next one with the fewest reviews", opens: place{path: "/calls/forum-2027-breakouts/review"},
		},
		{
			Key: "conflict", Label: "Apr 8: the chair speaks in one", Title: "The chair speaks in one", At: nine("2027-04-08"), Persona: dana,
			Story: "Dana Whitfield chairs the Leadership Team and speaks in one of the breakouts. She sees its title and nothing else; the vice chair will act for her.",
			Point: "A conflict is found, not confessed", opens: place{proposal: "northgate-leads"},
		},
		{
			Key: "rank", Label: "Apr 21: rank and release", Title: "Rank and release", At: nine("2027-04-21"), Persona: dana,
			Story: "The Leadership Team met last night: every proposal has a verdict and its votes. Dana Whitfield looks at the order and the line once more and releases packet 1.",
			Point: "Arrow buttons, a position, or drag; the packet is numbered and stays as it is", opens: place{path: "/calls/forum-2027-breakouts/ranking"},
		},
		{
			Key: "payments", Label: "Apr 22: payable, and blocked", Title: "Payable, and blocked", At: nine("2027-04-22"), Persona: gus,
			Story: "Two webinars were delivered. One speaker is paid, one stipend waits for Gus Petrakis to approve it, and one is blocked: its tax form never came.",
			Point: "Nobody approves what they designated or get; a payment is recorded once", opens: place{path: "/staff/stipends"},
		},
		{
			Key: "packets", Label: "Apr 23: two packets", Title: "Two packets", At: nine("2027-04-23"), Persona: eli,
			Story: "The Core Forum Committee has two packets: the team talked one proposal over again, and packet 2 says what changed. Packet 1 is as it was.",
			Point: "Those who decide see packets, and nothing else", opens: place{path: "/packets"},
		},
		{
			Key: "staged", Label: "May 20: decisions staged, nobody told", Title: "Decisions staged, nobody told", At: nine("2027-05-20"), Persona: eli,
			Story: "The Core Forum Committee has staged 24 of 26 breakouts. One group was asked for changes until May 27; one proposal is still open. Eli Marsh can stage, change and clear, one by one or by file.",
			Point: "No group can see, count or time a decision that is not published: sign in as its chair and look", opens: place{path: "/calls/forum-2027-breakouts/decisions"},
		},
		{
			Key: "publish", Label: "Jun 15: who is told what", Title: "Who is told what", At: nine("2027-06-15"), Persona: fay,
			Story: "All 26 decisions are staged, and today is the day. Fay Nguyen looks at who gets which mail, and publishes.",
			Point: "One mail per person and outcome, feedback or an explicit none for each decline; interrupted, it goes on", opens: place{path: "/calls/forum-2027-breakouts/decisions/publish"},
		},
		{
			Key: "published", Label: "Jun 16: the round is published", Title: "The round is published", At: nine("2027-06-16"), Persona: ben,
			Story: "Ben Castellano’s breakout is accepted: the outcome, the feedback and the Leadership Team’s note are on its page, and its speakers are asked to confirm.",
			Point: "What was advised and decided in private is now said once, to those it is for", opens: place{proposal: "coaching"},
		},
	}
}
