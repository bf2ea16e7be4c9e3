package e2e

import (
	"testing"

	"lectern/e2e/browsertest"
)

// look is a page to be looked at: what its pictures are called, and its address.
type look struct {
	name, path string
	status     int // 0: 200
}

// screens are the modes in which every page is looked at.
var screens = []struct {
	name string
	o    browsertest.Options
}{
	{"1280-light", browsertest.Options{}},
	{"1280-dark", browsertest.Options{Dark: true}},
	{"390-dark", browsertest.Options{Width: 390, Dark: true}},
	{"390-light", browsertest.Options{Width: 390}},
}

// inspect looks at the page that is open in every mode.
func (v visitor) inspect(name string) {
	v.t.Helper()
	for _, s := range screens {
		v.Look(s.o)
		v.Axe()
		v.NoSidewaysScroll()
		v.ReferencesWhole()
		v.Screenshot(name + "-" + s.name)
	}
	v.Look(browsertest.Options{Width: 320})
	v.NoSidewaysScroll()
	v.ReferencesWhole()
	if filled := v.count("main .btn.primary"); filled > 1 {
		v.t.Errorf("%s has %d filled buttons: %s", v.path(), filled, v.text("main .btn.primary"))
	}
	v.Look(browsertest.Options{})
}

// tour looks at pages as one persona; the empty role is nobody. The personas of a
// demonstration share one browser, one after the other.
func (d *demo) tour(t *testing.T, role string, pages ...look) {
	t.Helper()
	if role != "" && d.desk == nil {
		v := d.visit(d.t, "/privacy", browsertest.Options{})
		d.desk = &v
	}
	t.Run(role, func(t *testing.T) {
		v := visitor{}
		if role == "" {
			v = d.visit(t, "/privacy", browsertest.Options{})
		} else {
			v = d.desk.in(t).at("/privacy")
			v.become(role)
		}
		for _, l := range pages {
			got := v.Answer(goTo(d.URL + l.path))
			if got != max(l.status, 200) {
				t.Errorf("%s as %q answered %d, not %d", l.path, role, got, max(l.status, 200))
				continue
			}
			v.inspect(name(role, l.name))
			d.source.keep(v, name(role, l.name))
		}
	})
}

func name(role, page string) string {
	if role == "" {
		return page + "-nobody"
	}
	return page + "-" + role
}

func TestPages(t *testing.T) {
	t.Parallel()
	t.Run("September", func(t *testing.T) {
		t.Parallel()
		september(t, play(t, "", "2026-09-18"))
	})
	t.Run("December", func(t *testing.T) {
		t.Parallel()
		december(t, play(t, "", "2026-12-12"))
	})
	t.Run("March", func(t *testing.T) {
		t.Parallel()
		march(t, play(t, "", "2027-03-03"))
	})
}

func september(t *testing.T, d *demo) {
	draft := d.titled("Budgeting for first-time managers", "annual-2027-sessions")
	sent := d.titled("Leading the meeting you did not call", "annual-2027-sessions")
	d.tour(t, "",
		look{"demo", "/demo", 0}, look{"sign-in", "/sign-in", 0}, look{"privacy", "/privacy", 0}, look{"accessibility", "/accessibility", 0},
		look{"not-found", "/nowhere", 404}, look{"link-expired", "/sign-in/old", 410})
	d.tour(t, "co_chair",
		look{"dashboard", "/groups/new-leaders-and-managers", 0}, look{"groups", "/groups", 0}, look{"proposals", "/proposals", 0},
		look{"no-match", "/proposals?q=zebra", 0}, look{"new", "/proposals/new", 0},
		look{"draft", draft.path(), 0}, look{"submitted", sent.path(), 0}, look{"editor", draft.path() + "/edit", 0},
		look{"versions", draft.path() + "/versions", 0}, look{"compare", draft.path() + "/compare", 0}, look{"document", sent.path() + "/document", 0},
		look{"speaker-new", draft.path() + "/speakers/new", 0}, look{"speaker", draft.path() + "/speakers/" + draft.speaker("Hollis Granger"), 0},
		look{"change-call", draft.path() + "/change-call", 0}, look{"withdraw", sent.path() + "/withdraw", 0}, look{"record-external", sent.path() + "/record-external-submission", 0},
		look{"delete-draft", draft.path() + "/delete", 0},
		look{"roster", "/groups/new-leaders-and-managers/people", 0}, look{"account", "/account", 0}, look{"not-yours", "/staff/outbox", 404})
	t.Run("by form", func(t *testing.T) { refusedAndPasted(t, d, draft) })
	d.tour(t, "member", look{"home", "/", 0}, look{"draft", draft.path(), 0}, look{"editor", draft.path() + "/edit", 0}, look{"refused-move", sent.path() + "/withdraw", 403})
}

// refusedAndPasted looks at the pages that only a form leads to.
func refusedAndPasted(t *testing.T, d *demo, draft proposal) {
	v := d.as(t, "co_chair", browsertest.Options{}).at(draft.path() + "/edit")
	v.need("submitting what is not finished", v.press("Submit proposal"), 422)
	v.inspect("editor-refused-co_chair")
	v.at("/proposals/new")
	v.choose("Webinars 2026–27")
	v.set(v.find("label", "Text", page), pasted)
	v.need("pasting", v.press("Read this text"), 200)
	v.inspect("paste-co_chair")
	v.at("/")
	v.openBar()
	v.inspect("bar-open-co_chair")
}

// bySpeakerLink looks at what a speaker sees who was asked.
func bySpeakerLink(t *testing.T, d *demo) {
	v := d.as(t, "staff", browsertest.Options{})
	v.openInvitation()
	v.inspect("speaker-link-nobody")
	v.at("/speaker-links/old")
	v.inspect("speaker-link-over-nobody")
}

func december(t *testing.T, d *demo) {
	declined := d.titled("Budgeting for first-time managers", "annual-2027-sessions")
	accepted := d.titled("Leading the meeting you did not call", "annual-2027-sessions")
	alternate := d.titled("Stay or go: career talks for supervisors", "annual-2027-sessions")
	d.tour(t, "co_chair", look{"dashboard-december", "/", 0}, look{"declined", declined.path(), 0}, look{"accepted-annual", accepted.path(), 0}, look{"cancel", accepted.path() + "/cancel", 403},
		look{"replace-speaker", accepted.path() + "/replace-speaker", 0}, look{"editor-accepted", accepted.path() + "/edit", 409})
	d.tour(t, "staff", look{"alternate", alternate.path(), 0})
	d.tour(t, "leadership_chair", look{"home", "/", 0}, look{"board-december", "/years/2026-27/board", 0})
}

func march(t *testing.T, d *demo) {
	webinar := d.titled("Budgeting for first-time managers", "webinars-2026-27")
	carried := d.titled("Budgeting for first-time managers", "annual-2027-sessions")
	withdrawn := d.titled("The dashboard nobody opens", "annual-2027-sessions")
	cancelled := d.titled("Small budgets, big boards", "webinars-2026-27")
	waiting := d.titled("Reading the room online", "webinars-2026-27")
	gated := d.titled("Small teams, shared calendars", "other-divisions-2026-27")
	d.tour(t, "co_chair", look{"dashboard-march", "/", 0}, look{"activity", "/groups/new-leaders-and-managers/activity", 0}, look{"activity-no-match", "/groups/new-leaders-and-managers/activity?year=2025-26", 0}, look{"webinar", webinar.path(), 0}, look{"carried", carried.path(), 0}, look{"compare-march", webinar.path() + "/compare?from=1", 0}, look{"versions-march", webinar.path() + "/versions", 0}, look{"gated", gated.path(), 0}, look{"gated-editor", gated.path() + "/edit", 0})
	d.tour(t, "staff", look{"home", "/", 0}, look{"webinar", webinar.path(), 0}, look{"undecided", waiting.path(), 0}, look{"decide", waiting.path() + "/decide", 0}, look{"correct", webinar.path() + "/correct-decision", 403}, look{"cancel", webinar.path() + "/cancel", 0},
		look{"withdrawn", withdrawn.path(), 0}, look{"cancelled", cancelled.path(), 0}, look{"proposals", "/proposals", 0},
		look{"calls", "/staff/calls", 0}, look{"call", "/staff/calls/webinars-2026-27", 0}, look{"call-open", "/staff/calls/forum-2027-breakouts", 0}, look{"outbox", "/staff/outbox", 0})
	d.tour(t, "admin", look{"home", "/", 0}, look{"roster", "/groups/new-leaders-and-managers/people", 0}, look{"person-new", "/groups/new-leaders-and-managers/people/new", 0},
		look{"term-new", "/groups/new-leaders-and-managers/terms/new", 0}, look{"board", "/years/2026-27/board", 0}, look{"roles", "/staff/roles", 0})
	t.Run("by link", func(t *testing.T) { bySpeakerLink(t, d) })
	d.tour(t, "leadership_chair", look{"home", "/", 0})
	for _, role := range []string{"reviewer", "vice_chair", "forum_committee", "finance", "buyer"} {
		d.tour(t, role, look{"home", "/", 0}, look{"proposals", "/proposals", 0})
	}
}
