package workflows_test

import (
	"testing"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/workflows"
)

// TestWhoSeesWhat is the table "Who sees what": for each party, what they find
// of a draft, of what was submitted, and of stipends, in the item, in lists, in
// search and in exports alike. A former member is Ben after June 30.
func TestWhoSeesWhat(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		drafted := draftFor(t, f, w, "annual-2027-sessions", "Kept in the drawer")
		sent := draftFor(t, f, w, "annual-2027-sessions", "Sent to the jury")
		act(t, f, w, "Ben Castellano", sent.ID, domain.Submit, domain.Input{})
		webinar := acceptedWebinar(t, f, w, "Sold to nobody yet")
		if _, err := w.Designate(t.Context(), f.Actor("Ben Castellano"), webinar.ID, webinar.Facts.Speakers[0].ID); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			who                    string
			draft, submitted, paid bool
		}{
			{"Ana Reyes", true, true, true},
			{"Ben Castellano", true, true, true},
			{"Dana Whitfield", false, true, false},
			{"Chidi Okonkwo", false, true, false},
			{"Eli Marsh", false, false, false},
			{"Fay Nguyen", false, true, true},
			{"Gus Petrakis", false, false, false},
			{"Kim Adeyemi", true, true, true},
			{"Hollis Grant", false, false, false},
			{"Otto Lang", false, false, false},
		} {
			finds(t, f, w, c.who, drafted, c.draft)
			finds(t, f, w, c.who, sent, c.submitted)
			finds(t, f, w, c.who, webinar, c.submitted)
			if got, err := w.Get(t.Context(), f.Actor(c.who), webinar.ID); err == nil && (len(got.Facts.Stipends) > 0) != c.paid {
				t.Errorf("%s sees %d stipends, want some: %v", c.who, len(got.Facts.Stipends), c.paid)
			}
		}
		f.At("2027-07-02T12:00:00-05:00")
		finds(t, f, w, "Ben Castellano", sent, true)     // handled in term
		finds(t, f, w, "Ana Reyes", drafted, true)       // started in term
		finds(t, f, w, "Ben Castellano", drafted, false) // never touched
	})
}

// finds checks one person's view of one proposal, wherever it could show.
func finds(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals, who string, p workflows.ProposalView, want bool) {
	t.Helper()
	_, err := w.Get(t.Context(), f.Actor(who), p.ID)
	if (err == nil) != want || err != nil && !domain.IsKind(err, domain.NotFound) {
		t.Errorf("%s gets %q: %v, want it found: %v", who, p.Title, err, want)
	}
	for name, filter := range map[string]store.ProposalFilter{
		"list": {Limit: 100}, "search": {Limit: 100, Words: domain.QueryWords(p.Title)},
	} {
		lines, err := w.List(t.Context(), f.Actor(who), filter)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, l := range lines {
			found = found || l.ID == p.ID
		}
		if found != want {
			t.Errorf("%s: the %s shows %q: %v, want %v", who, name, p.Title, found, want)
		}
	}
	all, err := w.Export(t.Context(), f.Actor(who), "")
	if err != nil {
		t.Fatal(err)
	}
	exported := false
	for _, e := range all {
		exported = exported || e.ID == p.ID
	}
	if exported != want {
		t.Errorf("%s: the export has %q: %v, want %v", who, p.Title, exported, want)
	}
}

// TestCoSponsored: a proposal of two committees counts for the lead only, or,
// where the section says so, for each (X25).
func TestCoSponsored(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		p := draftFor(t, f, w, "annual-2027-sessions", "Together")
		sponsors := []string{"human-resources-development"}
		if _, err := w.Edit(t.Context(), f.Actor("Ana Reyes"), p.ID, workflows.Change{CoSponsors: &sponsors}); err != nil {
			t.Fatal(err)
		}
		act(t, f, w, "Ben Castellano", p.ID, domain.Submit, domain.Input{})
		lead, other := f.Group("new-leaders-and-managers").ID, f.Group("human-resources-development").ID
		for each, want := range map[bool]map[string]int{false: {lead: 1, other: 0}, true: {lead: 1, other: 1}} {
			got := sectiontest.Read(f, func(tx *store.Tx) (map[string]domain.Standing, error) {
				return tx.Standings([]string{lead, other}, "2026-27", each, f.Now())
			})
			for group, n := range want {
				if d, _ := got[group].Duty("annual"); d.Counted != n {
					t.Errorf("each sponsor %v: %d counted, want %d", each, d.Counted, n)
				}
			}
		}
	})
}
