package workflows_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// keep writes a proposal as if it had been submitted: what the group workflows
// count, without the way there.
func keep(t *testing.T, f *sectiontest.Fixture, group, call, title string, state domain.State) string {
	t.Helper()
	id := f.NewID()
	_, err := store.Write(t.Context(), f.Store, func(tx *store.Tx) (struct{}, error) {
		g, err := tx.Group(group)
		if err != nil {
			return struct{}{}, err
		}
		c, err := tx.Call(call)
		if err != nil {
			return struct{}{}, err
		}
		p := domain.Proposal{
			ID: id, IdeaID: id, Version: 1, Revision: 1, State: domain.Draft, CallID: c.ID, GroupID: g.ID, VenueID: c.VenueID, FormatID: c.FormatID,
			Year: c.Year, Title: title, CreatedAt: f.Now(), UpdatedAt: f.Now(),
		}
		if err := tx.AddProposal(p); err != nil || state == domain.Draft {
			return struct{}{}, err
		}
		at := f.Now()
		p.State, p.Number, p.SubmittedAt = domain.Submitted, "27-T-"+id[len(id)-5:], &at
		p.Version++
		if err := tx.SaveProposal(p, domain.Draft); err != nil || state == domain.Submitted {
			return struct{}{}, err
		}
		p.State = state
		p.Version++
		return struct{}{}, tx.SaveProposal(p, domain.Submitted)
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func counted(v workflows.StandingView) map[string][2]int {
	got := map[string][2]int{}
	for _, d := range v.Duties {
		got[d.VenueID] = [2]int{d.Counted, d.Required}
	}
	return got
}

func TestStanding(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Groups{Base: f.Base}
		const group = "new-leaders-and-managers"
		keep(t, f, group, "annual-2027-sessions", "One", domain.Submitted)
		keep(t, f, group, "annual-2027-preconferences", "Two", domain.Declined)
		keep(t, f, group, "annual-2027-sessions", "Taken back", domain.Withdrawn)
		keep(t, f, group, "forum-2027-posters", "A poster", domain.Submitted)
		keep(t, f, group, "webinars-2026-27", "A draft", domain.Draft)
		v, err := w.Standing(t.Context(), f.Actor("Ana Reyes"), group, "")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string][2]int{"annual": {2, 2}, "forum": {0, 1}, "webinar": {0, 2}}, counted(v)); diff != "" {
			t.Error(diff)
		}
		if want := []string{"Core Forum (1)", "Webinars (2)"}; v.Gate.Open || !slices.Equal(v.Gate.Missing, want) {
			t.Errorf("the gate is %+v, want missing %v", v.Gate, want)
		}
		for who, sees := range map[string]bool{"Dana Whitfield": true, "Fay Nguyen": true, "Kim Adeyemi": true, "Hollis Grant": false, "Eli Marsh": false, "Gus Petrakis": false, "Otto Lang": false} {
			if _, err := w.Standing(t.Context(), f.Actor(who), group, ""); (err == nil) != sees || err != nil && !domain.IsKind(err, domain.NotFound) {
				t.Errorf("%s: %v", who, err)
			}
		}
		if v, err := w.Standing(t.Context(), f.Actor("Noor Haddad"), "consortium-management", ""); err != nil || len(v.Duties) != 0 || !v.Gate.Open {
			t.Errorf("an interest group owes nothing (R11): %+v, %v", v, err)
		}
	})
}

// X24: the successor has what both had, and nothing counts twice.
func TestMergeGroup(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Groups{Base: f.Base}
		kim := f.Actor("Kim Adeyemi")
		const old, successor = "member-experience", "new-leaders-and-managers"
		moved := keep(t, f, old, "annual-2027-sessions", "Theirs", domain.Submitted)
		both := keep(t, f, successor, "annual-2027-sessions", "Ours", domain.Submitted)
		keep(t, f, old, "webinars-2026-27", "A draft", domain.Draft)
		_, err := store.Write(t.Context(), s, func(tx *store.Tx) (struct{}, error) {
			if err := tx.SetCoSponsors(moved, []string{f.Group(successor).ID}); err != nil {
				return struct{}{}, err
			}
			set := f.Section
			set.Settings.CoSponsors = "each"
			return struct{}{}, tx.PutSection(set)
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Merge(t.Context(), f.Actor("Dana Whitfield"), old, successor, "Alike"); !domain.IsKind(err, domain.Forbidden) {
			t.Errorf("the Leadership chair merged groups: %v", err)
		}
		if _, err := w.Merge(t.Context(), kim, old, old, ""); !domain.HasCode(err, "same_group") {
			t.Errorf("merged into itself: %v", err)
		}
		g, err := w.Merge(t.Context(), kim, old, successor, "Alike")
		if err != nil || g.Status != domain.GroupInactive || g.SuccessorID != f.Group(successor).ID {
			t.Fatalf("merged %+v, %v", g, err)
		}
		v, err := w.Standing(t.Context(), kim, successor, sectiontest.Year)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string][2]int{"annual": {2, 2}, "forum": {0, 1}, "webinar": {0, 2}}, counted(v)); diff != "" {
			t.Errorf("the successor: %s", diff)
		}
		mira := f.Actor("Mira Solberg")
		if !mira.MemberOf(g.SuccessorID) || mira.ChairOf(g.SuccessorID) {
			t.Errorf("the ended group's chair has %+v, want to go on as a member", mira.Terms)
		}
		if p, err := (workflows.Proposals{Base: f.Base}).Get(t.Context(), mira, moved); err != nil || p.GroupID != g.SuccessorID {
			t.Errorf("her proposal is lost to her: %v", err)
		}
		if v, err := w.Standing(t.Context(), kim, old, sectiontest.Year); err != nil || len(v.Duties) != 0 {
			t.Errorf("the ended group still owes: %+v, %v", v.Duties, err)
		}
		steps := sectiontest.Read(f, func(tx *store.Tx) ([]domain.Step, error) { return tx.History(moved, 5) })
		if len(steps) != 1 || steps[0].Action != domain.MoveGroup || steps[0].Detail != "From Member Experience to New Leaders and Managers" || steps[0].Reason != "Alike" {
			t.Errorf("its history is %+v", steps)
		}
		if steps := sectiontest.Read(f, func(tx *store.Tx) ([]domain.Step, error) { return tx.History(both, 5) }); len(steps) != 0 {
			t.Errorf("a proposal that did not move has %+v", steps)
		}
		if _, err := w.Merge(t.Context(), kim, old, successor, "Again"); !domain.HasCode(err, "group_ended") {
			t.Errorf("merged twice: %v", err)
		}
		if r, err := (workflows.Sections{Base: f.Base}).Import(t.Context(), kim, domain.DefaultSection, false); err != nil || f.Group(old).SuccessorID != g.SuccessorID {
			t.Errorf("loading the section again undid the merger: %+v, %v", r.Lines, err)
		}
		if v, _ := w.Standing(t.Context(), kim, old, sectiontest.Year); len(v.Duties) != 0 {
			t.Error("loading the section again gave the ended group duties")
		}
	})
}
