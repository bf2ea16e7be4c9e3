package workflows_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/workflows"
)

// shortOf are the titles of the proposals that are short of reviewers, with how many
// each has, as the person sees them.
func shortOf(t *testing.T, f *sectiontest.Fixture, who string) (int, map[string]int) {
	t.Helper()
	s, err := workflows.Calls{Base: f.Base}.Shortages(t.Context(), f.Actor(who), breakouts)
	if err != nil {
		t.Fatalf("%s: %v", who, err)
	}
	named := map[string]int{}
	for _, l := range s.Lines {
		named[l.Title] = l.Free
		if l.Least != 2 || l.Number == "" {
			t.Errorf("%s sees %+v", who, l)
		}
	}
	return s.Count, named
}

// wantShort checks what an administrator is told.
func wantShort(t *testing.T, f *sectiontest.Fixture, when string, want map[string]int) {
	t.Helper()
	n, got := shortOf(t, f, "Kim Adeyemi")
	if diff := cmp.Diff(want, got); diff != "" || n != len(want) {
		t.Errorf("%s: %d (-want +got):\n%s", when, n, diff)
	}
}

// seated puts somebody into a group too.
func seated(t *testing.T, f *sectiontest.Fixture, name, group string) {
	t.Helper()
	term := domain.Term{ID: f.NewID(), Version: 1, GroupID: f.Group(group).ID, PersonID: f.Person(name).ID, Role: domain.TermMember, StartsOn: sectiontest.Starts, EndsOn: sectiontest.Ends}
	_, err := store.Write(t.Context(), f.Store, func(tx *store.Tx) (struct{}, error) { return struct{}{}, tx.AddTerm(term) })
	if err != nil {
		t.Fatal(err)
	}
}

// TestShortages follows a round: conflicts take reviewers away, guests without one
// make up for them, and who is told how much. Dana, Vera and Chidi review.
func TestShortages(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		calls, kim := workflows.Calls{Base: f.Base}, f.Actor("Kim Adeyemi")
		recuse := func(name, id string) {
			t.Helper()
			if _, err := w.Act(t.Context(), f.Actor(name), id, domain.Recuse, workflows.Move{}); err != nil {
				t.Fatal(err)
			}
		}
		guest := func(name string) {
			t.Helper()
			if _, err := calls.AddGuest(t.Context(), kim, breakouts, sectiontest.Email(name)); err != nil {
				t.Fatal(err)
			}
		}
		first, second := forumProposal(t, f, w, "Interim leadership"), forumProposal(t, f, w, "Kind meetings", speakerNamed("Dana Whitfield"))
		wantShort(t, f, "one of three is in conflict", map[string]int{})
		recuse("Chidi Okonkwo", first.ID)
		wantShort(t, f, "still one of three", map[string]int{})
		recuse("Vera Lindholm", first.ID)
		wantShort(t, f, "two of three", map[string]int{"Interim leadership": 1})
		seated(t, f, "Dana Whitfield", "new-leaders-and-managers")
		seated(t, f, "Chidi Okonkwo", "new-leaders-and-managers")
		wantShort(t, f, "their group", map[string]int{"Interim leadership": 0, "Kind meetings": 1})
		s, err := calls.Shortages(t.Context(), kim, breakouts)
		if err != nil || len(s.Lines) != 2 || s.Lines[0].Title != "Interim leadership" {
			t.Errorf("those with the fewest are not first: %+v, %v", s.Lines, err)
		}

		for _, who := range []string{"Fay Nguyen", "Dana Whitfield"} {
			n, named := shortOf(t, f, who)
			if n != 2 || (len(named) == 2) != (who == "Fay Nguyen") {
				t.Errorf("%s is told of %d: %v", who, n, named)
			}
		}
		for _, who := range []string{"Chidi Okonkwo", "Vera Lindholm", "Ana Reyes", "Eli Marsh", "Gus Petrakis"} {
			if s, err := calls.Shortages(t.Context(), f.Actor(who), breakouts); !domain.HasCode(err, "not_your_move") || s.Count > 0 {
				t.Errorf("%s: %+v, %v", who, s, err)
			}
			if l, err := calls.Look(t.Context(), f.Actor(who), breakouts); err != nil || l.Short != nil || l.Guests != nil {
				t.Errorf("%s looks at %+v, %v", who, l.Short, err)
			}
		}
		if _, err := calls.Shortages(t.Context(), f.Actor("Otto Lang"), breakouts); !domain.IsKind(err, domain.NotFound) {
			t.Errorf("a stranger: %v", err)
		}
		if s, err := calls.Shortages(t.Context(), kim, "webinars-2026-27"); err != nil || s.Count+s.Least != 0 {
			t.Errorf("where nothing is reviewed: %+v, %v", s, err)
		}

		guest("Ben Castellano")
		wantShort(t, f, "a guest of the group", map[string]int{"Interim leadership": 0, "Kind meetings": 1})
		guest("Hollis Grant")
		wantShort(t, f, "a guest who is free", map[string]int{"Interim leadership": 1})
		guest("Noor Haddad")
		wantShort(t, f, "another", map[string]int{})
		guest("Vera Lindholm") // is on the Leadership Team already
		recuse("Noor Haddad", second.ID)
		recuse("Vera Lindholm", second.ID)
		wantShort(t, f, "nobody counts twice", map[string]int{"Kind meetings": 1})

		if _, err := w.SaveReview(t.Context(), f.Actor("Hollis Grant"), second.ID, 0, scored(3, 3, 3, 3, 3, 3)); err != nil {
			t.Fatal(err)
		}
		wantShort(t, f, "who wrote a review counts once", map[string]int{"Kind meetings": 1})
		if _, err := calls.RemoveGuest(t.Context(), kim, breakouts, f.Person("Hollis Grant").ID); err != nil {
			t.Fatal(err)
		}
		wantShort(t, f, "a guest who left; what they wrote stays", map[string]int{"Interim leadership": 1, "Kind meetings": 1})
		f.At("2027-03-20T12:00:00-05:00")
		wantShort(t, f, "while the window is open", map[string]int{"Interim leadership": 1, "Kind meetings": 1})
		f.At("2027-04-20T12:00:00-05:00")
		wantShort(t, f, "while it is recommended", map[string]int{})
	})
}

// TestLookStatements counts the statements of a call's page with few proposals and
// with many that are short of reviewers.
func TestLookStatements(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		asked := func(who string) (int64, int) {
			t.Helper()
			ctx, n := store.WithQueryCount(t.Context())
			l, err := workflows.Calls{Base: f.Base}.Look(ctx, f.Actor(who), breakouts)
			if err != nil {
				t.Fatal(err)
			}
			if l.Short == nil {
				return n.Load(), 0
			}
			return n.Load(), l.Short.Count
		}
		seated(t, f, "Vera Lindholm", "new-leaders-and-managers")
		seated(t, f, "Chidi Okonkwo", "new-leaders-and-managers")
		for _, of := range []int{1, 20} {
			for i := range of {
				forumProposal(t, f, w, "Number "+string(rune('A'+i)))
			}
			for who, most := range map[string]int64{"Kim Adeyemi": 6, "Dana Whitfield": 5, "Chidi Okonkwo": 2} {
				n, short := asked(who)
				if n != most || (short > 0) != (who != "Chidi Okonkwo") {
					t.Errorf("%s, %d more proposals: %d statements, %d short", who, of, n, short)
				}
			}
		}
	})
}
