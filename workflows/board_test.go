package workflows_test

import (
	stdcmp "cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

func TestGroupBoard(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Boards{Base: f.Base}
		const group = "new-leaders-and-managers"
		keep(t, f, group, "annual-2027-sessions", "Submitted", domain.Submitted)
		for i := range 30 {
			f.At(fmt.Sprintf("2026-09-18T13:%02d:00-05:00", i))
			keep(t, f, group, "annual-2027-sessions", fmt.Sprintf("Draft %d", i), domain.Draft)
		}
		f.At("2026-09-18T14:00:00-05:00")
		keep(t, f, group, "webinars-2026-27", "Early webinar", domain.Draft)
		ctx, n := store.WithQueryCount(t.Context())
		b, err := w.Group(ctx, f.Actor("Ben Castellano"), group, "")
		if err != nil {
			t.Fatal(err)
		}
		if n.Load() > 6 {
			t.Errorf("%d statements", n.Load())
		}
		if b.Members != 2 || b.Chairs != 1 || len(b.Proposals) != 25 || !b.More || !b.MayStart || !b.MayTick {
			t.Errorf("%d members, %d chairs, %d proposals, more %v, may start %v", b.Members, b.Chairs, len(b.Proposals), b.More, b.MayStart)
		}
		if b.Next == nil || b.Next.VenueID != "annual" || b.Next.Missing() != 1 || b.NextDraft == nil || b.NextDraft.Title != "Draft 29" {
			t.Errorf("next is %+v with %+v", b.Next, b.NextDraft)
		}
		if b.Gate.Open || len(b.Gate.Missing) != 3 {
			t.Errorf("the gate is %+v", b.Gate)
		}
		if len(b.Deadlines) != 6 || b.Deadlines[0].Slug != "annual-2027-sessions" {
			t.Errorf("deadlines %+v", b.Deadlines)
		}
		if len(b.Checklist) != 1 || b.Checklist[0].Text != "Submit proposals for ALA Annual" || b.Checklist[0].Done {
			t.Errorf("September's list is %+v", b.Checklist)
		}
		dana, err := w.Group(t.Context(), f.Actor("Dana Whitfield"), group, "")
		if err != nil || len(dana.Proposals) != 1 || dana.Proposals[0].Title != "Submitted" || dana.MayStart || dana.MayTick {
			t.Errorf("Leadership sees %+v: %v", dana.Proposals, err)
		}
		if len(dana.Unsent) != 1 {
			t.Errorf("not yet sent: %+v", dana.Unsent)
		}
		for _, who := range []string{"Hollis Grant", "Eli Marsh", "Gus Petrakis", "Otto Lang"} {
			if _, err := w.Group(t.Context(), f.Actor(who), group, ""); !domain.IsKind(err, domain.NotFound) {
				t.Errorf("%s: %v", who, err)
			}
		}
	})
}

// What Leadership may not read of a draft is not in the activity either.
func TestGroupBoard_activity(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Boards{Base: f.Base}
		const group = "new-leaders-and-managers"
		if _, err := (workflows.Proposals{Base: f.Base}).Create(t.Context(), f.Actor("Ana Reyes"), workflows.Draft{Group: group, Call: "annual-2027-sessions", Title: "Still secret"}); err != nil {
			t.Fatal(err)
		}
		for who, want := range map[string]int{"Ana Reyes": 1, "Dana Whitfield": 0, "Fay Nguyen": 0, "Kim Adeyemi": 1} {
			if b, err := w.Group(t.Context(), f.Actor(who), group, ""); err != nil || len(b.Activity) != want {
				t.Errorf("%s sees %d steps, want %d: %v", who, len(b.Activity), want, err)
			}
		}
	})
}

// Whose a proposal is stays hidden from who must not judge it: neither the list
// nor the activity of a group's dashboard has it, however it came to be a conflict,
// and what is older is still shown.
func TestGroupBoard_conflict(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		boards := workflows.Boards{Base: f.Base}
		const group = "new-leaders-and-managers"
		f.At("2026-09-18T12:00:00-05:00")
		older := submitted(t, f, w, "annual-2027-sessions", "Nobody's conflict", speakerNamed("Pia Holm"))
		here := speakerNamed("Ignacio Prieto")
		here.Affiliations = []string{"READING ROOM"}
		readers := addLeaders(t, f, 2)
		free, declared := forumProposal(t, f, w, "Free"), forumProposal(t, f, w, "Declared")
		colleague := forumProposal(t, f, w, "A colleague's", here)
		if _, err := w.Act(t.Context(), f.Actor("Dana Whitfield"), declared.ID, domain.Recuse, workflows.Move{}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			who  domain.Actor
			at   string
			want []string
		}{
			{f.Actor("Ana Reyes"), "2027-04-08T12:00:00-05:00", []string{older.ID, free.ID, declared.ID, colleague.ID}},
			{f.Actor("Dana Whitfield"), "2027-04-08T12:00:00-05:00", []string{older.ID}},
			{f.Actor("Dana Whitfield"), "2027-04-20T12:00:00-05:00", []string{older.ID, free.ID, colleague.ID}},
			{readers[0], "2027-04-20T12:00:00-05:00", []string{older.ID, free.ID, declared.ID}},
			{f.Actor("Chidi Okonkwo"), "2027-04-20T12:00:00-05:00", []string{older.ID, free.ID, declared.ID, colleague.ID}},
		} {
			f.At(c.at)
			ctx, n := store.WithQueryCount(t.Context())
			b, err := boards.Group(ctx, c.who, group, "")
			if err != nil || n.Load() > 7 {
				t.Fatalf("%s: %d statements, %v", c.who.Name, n.Load(), err)
			}
			told, listed := map[string]bool{}, map[string]bool{}
			for _, s := range b.Activity {
				told[s.ProposalID] = true
			}
			for _, l := range b.Proposals {
				listed[l.ID] = true
			}
			want := map[string]bool{}
			for _, id := range c.want {
				want[id] = true
			}
			if !cmp.Equal(told, want) || !cmp.Equal(listed, want) {
				t.Errorf("%s at %s is told of %v and has %v in the list, want %v", c.who.Name, c.at, told, listed, want)
			}
		}
	})
}

// All that the dashboard leaves out is on the pages of the activity, each step
// once, in the same order for all.
func TestActivity(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		boards := workflows.Boards{Base: f.Base}
		const group = "new-leaders-and-managers"
		for i := range 4 { // all at one instant, so that ids decide
			submitted(t, f, w, "annual-2027-sessions", fmt.Sprintf("Proposal %d", i), speakerNamed("Pia Holm"))
		}
		f.At("2026-09-18T13:00:00-05:00")
		window := workflows.Window{First: "2027-08-16", Last: "2027-09-20"}
		if _, err := (workflows.Calls{Base: f.Base}).SetWindow(t.Context(), f.Actor("Fay Nguyen"), "annual-2028-sessions", window); err != nil {
			t.Fatal(err)
		}
		draft := draftFor(t, f, w, "annual-2028-sessions", "Next year's")
		pages := func(who string, f2 workflows.ActivityFilter) (all []domain.Step) {
			t.Helper()
			f2.Limit = 3
			for range 20 {
				ctx, n := store.WithQueryCount(t.Context())
				got, err := boards.Activity(ctx, f.Actor(who), group, f2)
				if err != nil || n.Load() > 3 {
					t.Fatalf("%s: %d statements, %v", who, n.Load(), err)
				}
				all = append(all, got.Steps...)
				if len(got.Steps) < f2.Limit {
					return all
				}
				last := all[len(all)-1]
				f2.After = &workflows.Cursor{UpdatedAt: last.At, ID: last.ID}
			}
			t.Fatalf("%s: the pages do not end", who)
			return nil
		}
		all := pages("Ana Reyes", workflows.ActivityFilter{})
		if !slices.IsSortedFunc(all, func(a, b domain.Step) int { return stdcmp.Or(b.At.Compare(a.At), strings.Compare(b.ID, a.ID)) }) || all[0].ProposalID != draft.ID {
			t.Errorf("not in order, or the newest is not first: %v", all)
		}
		ids := map[string]bool{}
		for _, s := range all {
			ids[s.ID] = true
		}
		moves := pages("Ana Reyes", workflows.ActivityFilter{Moves: true})
		if len(ids) != len(all) || len(all) < 9 || len(moves) != 9 {
			t.Errorf("%d steps, %d of them different, %d moves; want 4 begun and submitted and a draft begun", len(all), len(ids), len(moves))
		}
		if got := pages("Ana Reyes", workflows.ActivityFilter{Year: "2027-28"}); len(got) == 0 || len(got) == len(all) || got[0].ProposalID != draft.ID {
			t.Errorf("of the next year: %v", got)
		}
		if got := pages("Dana Whitfield", workflows.ActivityFilter{Moves: true}); len(got) != 8 {
			t.Errorf("Leadership sees %d moves, want those of the four submitted", len(got))
		}
		for _, who := range []string{"Hollis Grant", "Eli Marsh", "Gus Petrakis", "Otto Lang"} {
			if _, err := boards.Activity(t.Context(), f.Actor(who), group, workflows.ActivityFilter{Limit: 3}); !domain.IsKind(err, domain.NotFound) {
				t.Errorf("%s: %v", who, err)
			}
		}
		if _, err := boards.Activity(t.Context(), f.Actor("Ana Reyes"), group, workflows.ActivityFilter{Year: "2026", Limit: 3}); !domain.HasCode(err, "not_a_year") {
			t.Errorf("a year that is none: %v", err)
		}
	})
}

func TestYearBoard(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Boards{Base: f.Base}
		keep(t, f, "new-leaders-and-managers", "annual-2027-sessions", "One", domain.Submitted)
		keep(t, f, "new-leaders-and-managers", "annual-2027-sessions", "Two", domain.Declined)
		keep(t, f, "member-experience", "webinars-2026-27", "Only its title", domain.Draft)
		ctx, n := store.WithQueryCount(t.Context())
		b, err := w.Year(ctx, f.Actor("Dana Whitfield"), "2026-27")
		if err != nil {
			t.Fatal(err)
		}
		if n.Load() > 6 || len(b.Rows) != 12 || b.Rows[0].Group.Kind != domain.Leadership {
			t.Errorf("%d groups in %d statements", len(b.Rows), n.Load())
		}
		row := func(slug string) workflows.BoardRow {
			i := slices.IndexFunc(b.Rows, func(r workflows.BoardRow) bool { return r.Group.Slug == slug })
			return b.Rows[i]
		}
		if d, _ := row("new-leaders-and-managers").Standing.Duty("annual"); d.Counted != 2 || d.ClosesAt == nil {
			t.Errorf("counted %+v", d)
		}
		if got := row("member-experience"); len(got.Drafts) != 1 || got.Drafts[0].Title != "Only its title" || got.States()[domain.Draft] != 1 {
			t.Errorf("the other committee has %+v", got)
		}
		if len(b.Pipeline) != 2 {
			t.Errorf("Leadership reads %d proposals, want the 2 submitted", len(b.Pipeline))
		}
		table := b.Table()
		wantHead := []string{"group", "kind", "year", "annual_required", "annual_counted", "annual_missing", "webinar_required", "webinar_counted", "webinar_missing"}
		if len(table) != 13 || len(table[0]) != len(table[1]) {
			t.Errorf("a table of %d rows, heads %v, want %v and more", len(table), table[0], wantHead)
		}
		at := slices.IndexFunc(table, func(r []string) bool { return r[0] == "New Leaders and Managers" })
		if got := table[at][slices.Index(table[0], "annual_counted")] + table[at][slices.Index(table[0], "annual_missing")] + table[at][slices.Index(table[0], "declined")]; got != "201" {
			t.Errorf("counted, missing, declined: %s", got)
		}

		if own, err := w.Year(t.Context(), f.Actor("Hollis Grant"), ""); err != nil || len(own.Rows) != 1 || own.Rows[0].Group.Slug != "human-resources-development" || len(own.Pipeline) != 0 {
			t.Errorf("a chair sees other groups: %d rows, %v", len(own.Rows), err)
		}
		fay, err := w.Year(t.Context(), f.Actor("Fay Nguyen"), "")
		if err != nil || len(fay.Rows) != 12 {
			t.Errorf("staff see %d groups: %v", len(fay.Rows), err)
		}
		for _, r := range fay.Rows {
			if len(r.Drafts) > 0 {
				t.Errorf("staff read the titles of drafts: %+v", r.Drafts)
			}
		}
		for _, who := range []string{"Eli Marsh", "Gus Petrakis", "Otto Lang"} {
			if _, err := w.Year(t.Context(), f.Actor(who), ""); !domain.IsKind(err, domain.NotFound) {
				t.Errorf("%s: %v", who, err)
			}
		}
		if _, err := w.Year(t.Context(), f.Actor("Dana Whitfield"), "2026-28"); !domain.HasCode(err, "not_a_year") {
			t.Errorf("a year that is none: %v", err)
		}
	})
}

func TestHome(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Boards{Base: f.Base}
		const group = "new-leaders-and-managers"
		keep(t, f, group, "other-divisions-2026-27", "At the gate", domain.Draft)
		keep(t, f, group, "annual-2027-sessions", "With the jury", domain.Submitted)
		keep(t, f, group, "webinars-2026-27", "Undecided", domain.Submitted)
		keep(t, f, group, "webinars-2026-27", "Not yet held", domain.Accepted)
		home := func(name string) workflows.Home {
			t.Helper()
			h, err := w.Home(t.Context(), f.Actor(name))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			return h
		}
		kinds := map[string]workflows.HomeKind{}
		want := map[string]workflows.HomeKind{
			"Ana Reyes": "group", "Ben Castellano": "group", "Dana Whitfield": "leadership", "Chidi Okonkwo": "leadership",
			"Fay Nguyen": "staff", "Gus Petrakis": "finance", "Eli Marsh": "forum", "Kim Adeyemi": "admin", "Otto Lang": "nobody",
		}
		for name := range want {
			kinds[name] = home(name).Kind
		}
		if diff := cmp.Diff(want, kinds); diff != "" {
			t.Error(diff)
		}
		if h := home("Dana Whitfield"); len(h.Overrides) != 1 || h.Overrides[0].Draft.Title != "At the gate" || len(h.Overrides[0].Gate.Missing) != 2 && len(h.Overrides[0].Gate.Missing) != 3 {
			t.Errorf("overrides %+v", h.Overrides)
		}
		fay := home("Fay Nguyen").Staff
		titles := func(lines []store.ProposalLine) (all []string) {
			for _, l := range lines {
				all = append(all, l.Title)
			}
			return all
		}
		if got := [][]string{titles(fay.Delivery), titles(fay.Decision), titles(fay.Outcome)}; !cmp.Equal(got, [][]string{{"Not yet held"}, {"Undecided"}, {"With the jury"}}) {
			t.Errorf("staff: %v", got)
		}
		kim := home("Kim Adeyemi")
		if len(kim.Unled) == 0 || len(kim.Undated) != 0 || kim.Year == nil {
			t.Errorf("admin: %d groups without a chair, %d calls without dates", len(kim.Unled), len(kim.Undated))
		}
		if len(kim.Unheld) != 0 {
			t.Errorf("admin: nobody has %v", kim.Unheld)
		}
		revoked := workflows.People{Base: f.Base}
		if _, err := revoked.Revoke(t.Context(), f.Actor("Kim Adeyemi"), f.Person("Gus Petrakis").ID, domain.Finance); err != nil {
			t.Fatal(err)
		}
		if kim = home("Kim Adeyemi"); !slices.Equal(kim.Unheld, []domain.Role{domain.Finance}) {
			t.Errorf("admin, without finance: nobody has %v", kim.Unheld)
		}
		f.At("2027-08-01T12:00:00-05:00")
		if h := home("Ana Reyes"); h.Kind != workflows.HomeNobody {
			t.Errorf("after the term: %s", h.Kind)
		}
		if h := home("Kim Adeyemi"); len(h.Undated) != 7 {
			t.Errorf("%d calls of the next year without dates, want 7", len(h.Undated))
		}
	})
}

func TestChecklist(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Checklists{Base: f.Base}
		const group = "new-leaders-and-managers"
		ana := f.Actor("Ana Reyes")
		september := func() workflows.ChecklistLine {
			t.Helper()
			lines, err := w.List(t.Context(), ana, group, "", 9)
			if err != nil || len(lines) != 1 {
				t.Fatalf("%d lines, %v", len(lines), err)
			}
			return lines[0]
		}
		if all, err := w.List(t.Context(), ana, group, "", 0); err != nil || len(all) < 20 || all[0].Month != 7 || all[len(all)-1].Month != 6 {
			t.Errorf("the year's list has %d lines: %v", len(all), err)
		}
		id := september().ID
		if l, err := w.Tick(t.Context(), ana, group, id, true); err != nil || !l.Done || l.Itself || l.DoneBy != "Ana Reyes" {
			t.Errorf("ticked %+v, %v", l, err)
		}
		if l, err := w.Tick(t.Context(), f.Actor("Ben Castellano"), group, id, true); err != nil || l.DoneBy != "Ana Reyes" {
			t.Errorf("ticked again %+v, %v", l, err)
		}
		if l, err := w.Tick(t.Context(), ana, group, id, false); err != nil || l.Done {
			t.Errorf("unticked %+v, %v", l, err)
		}
		version := september().Version
		if l, err := w.Word(t.Context(), ana, group, id, "Submit early", version); err != nil || l.Text != "Submit early" {
			t.Errorf("worded %+v, %v", l, err)
		}
		if _, err := w.Word(t.Context(), ana, group, id, "Submit late", version); !domain.IsKind(err, domain.Stale) {
			t.Errorf("worded an old copy: %v", err)
		}
		if _, err := w.Word(t.Context(), ana, group, id, " ", 0); !domain.HasCode(err, "required") {
			t.Errorf("emptied: %v", err)
		}
		if _, err := w.Tick(t.Context(), f.Actor("Dana Whitfield"), group, id, true); !domain.IsKind(err, domain.Forbidden) {
			t.Errorf("Leadership ticked: %v", err)
		}
		if _, err := w.Tick(t.Context(), f.Actor("Hollis Grant"), group, id, true); !domain.IsKind(err, domain.NotFound) {
			t.Errorf("another committee ticked: %v", err)
		}
		if _, err := w.Tick(t.Context(), f.Actor("Hollis Grant"), "human-resources-development", id, true); !domain.IsKind(err, domain.NotFound) {
			t.Errorf("ticked through another group: %v", err)
		}
		keep(t, f, group, "annual-2027-sessions", "One", domain.Submitted)
		keep(t, f, group, "annual-2027-sessions", "Two", domain.Submitted)
		if l := september(); !l.Done || !l.Itself {
			t.Errorf("the duty is met, the line says %+v", l)
		}
	})
}
