package workflows_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

func TestPeople(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.People{Base: f.Base}
		kim, chidi := f.Actor("Kim Adeyemi"), f.Actor("Chidi Okonkwo")
		p, err := w.Add(t.Context(), chidi, workflows.PersonInput{Name: " Hana Sato ", Email: "Hana.Sato@Example.org"})
		if err != nil || p.Name != "Hana Sato" || p.Email != "hana.sato@example.org" {
			t.Fatalf("added %+v, %v", p.Person, err)
		}
		if q, err := w.Add(t.Context(), kim, workflows.PersonInput{Name: "Without Address"}); err != nil || q.Email != "" {
			t.Errorf("a person without an address: %v", err)
		}
		for name, c := range map[string]struct {
			who  domain.Actor
			in   workflows.PersonInput
			code string
		}{
			"address taken": {kim, workflows.PersonInput{Name: "Other", Email: "HANA.sato@example.org"}, "email_taken"},
			"no name":       {kim, workflows.PersonInput{Name: " "}, "required"},
			"no address":    {kim, workflows.PersonInput{Name: "X", Email: "Hana <h@example.org>"}, "not_an_address"},
			"NUL":           {kim, workflows.PersonInput{Name: "X\x00"}, ""},
			"a chair":       {f.Actor("Ben Castellano"), workflows.PersonInput{Name: "X"}, "not_your_move"},
			"staff":         {f.Actor("Fay Nguyen"), workflows.PersonInput{Name: "X"}, "not_your_move"},
		} {
			if _, err := w.Add(t.Context(), c.who, c.in); err == nil || c.code != "" && !domain.HasCode(err, c.code) {
				t.Errorf("%s: %v, want %s", name, err, c.code)
			}
		}
		if _, err := w.Change(t.Context(), kim, p.ID, workflows.PersonInput{Version: 2, Name: "Y"}); !domain.IsKind(err, domain.Stale) {
			t.Errorf("changed an old copy: %v", err)
		}
		if c, err := w.Change(t.Context(), kim, p.ID, workflows.PersonInput{Version: 1, Name: "Hana S."}); err != nil || c.Name != "Hana S." || c.Version != 2 {
			t.Errorf("changed %+v, %v", c.Person, err)
		}
		if _, err := w.Change(t.Context(), chidi, p.ID, workflows.PersonInput{Name: "Y"}); !domain.IsKind(err, domain.Forbidden) {
			t.Errorf("who appoints changed an address: %v", err)
		}
		if _, err := w.Get(t.Context(), f.Actor("Ana Reyes"), p.ID); !domain.IsKind(err, domain.NotFound) {
			t.Errorf("a member read another person: %v", err)
		}
	})
}

// TestAddTo appoints somebody new as a committee's co-chair, who becomes a member
// too, and nobody when there is no place.
func TestAddTo(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.People{Base: f.Base}
		kim := f.Actor("Kim Adeyemi")
		add := func(name, group string) (domain.Person, error) {
			p, _, err := w.AddTo(t.Context(), kim, workflows.PersonInput{Name: name}, workflows.Appointment{Group: group, Role: domain.TermCoChair, StartsOn: f.Today(), Years: 1})
			return p, err
		}
		p, err := add("Abel Novak", "management-best-practices")
		if err != nil {
			t.Fatal(err)
		}
		v, err := w.Get(t.Context(), kim, p.ID)
		held := map[domain.TermRole]bool{}
		for _, term := range v.Terms {
			held[term.Role] = term.On(f.Today())
		}
		if want := map[domain.TermRole]bool{domain.TermMember: true, domain.TermCoChair: true}; err != nil || !cmp.Equal(held, want) {
			t.Errorf("a new co-chair holds %v, %v", held, err)
		}
		if _, err := add("Ira Sandoval", "human-resources-development"); !domain.HasCode(err, "has_a_chair") {
			t.Errorf("a co-chair beside a chair: %v", err)
		}
		if all, err := w.List(t.Context(), kim, "Ira", "", 1); err != nil || len(all) == 1 && all[0].Name == "Ira Sandoval" {
			t.Errorf("who was refused was written down: %v, %v", all, err)
		}
	})
}

func TestRoles(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.People{Base: f.Base}
		kim, otto := f.Actor("Kim Adeyemi"), f.Person("Otto Lang").ID
		if _, err := w.Revoke(t.Context(), kim, kim.ID, domain.Admin); !domain.HasCode(err, "last_admin") {
			t.Errorf("the last administrator went: %v", err)
		}
		for range 2 {
			if v, err := w.Grant(t.Context(), kim, otto, domain.Admin); err != nil || !cmp.Equal(v.Roles, []domain.Role{domain.Admin}) {
				t.Errorf("granted %v, %v", v.Roles, err)
			}
		}
		if _, err := w.Revoke(t.Context(), f.Actor("Otto Lang"), kim.ID, domain.Admin); err != nil {
			t.Error(err)
		}
		if _, err := w.Grant(t.Context(), f.Actor("Kim Adeyemi"), otto, domain.Staff); !domain.IsKind(err, domain.Forbidden) {
			t.Errorf("a former administrator granted: %v", err)
		}
		if _, err := w.Grant(t.Context(), f.Actor("Otto Lang"), otto, "owner"); !domain.HasCode(err, "not_an_option") {
			t.Errorf("a role nobody knows: %v", err)
		}
	})
}

func TestGiveTerm(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.People{Base: f.Base}
		give := func(who, person, group string, role domain.TermRole) error {
			_, err := w.Give(t.Context(), f.Actor(who), workflows.Appointment{Group: group, PersonID: f.Person(person).ID, Role: role, StartsOn: f.Today(), Years: 1})
			return err
		}
		const group = "new-leaders-and-managers"
		for _, c := range []struct {
			who, person, group string
			role               domain.TermRole
			code               string
		}{
			{"Ben Castellano", "Otto Lang", group, domain.TermMember, "may_not_appoint"},
			{"Vera Lindholm", "Otto Lang", group, domain.TermMember, "may_not_appoint"},
			{"Chidi Okonkwo", "Otto Lang", "leadership-team", domain.TermMember, "may_not_appoint"},
			{"Dana Whitfield", "Otto Lang", "leadership-team", domain.TermMember, ""},
			{"Chidi Okonkwo", "Otto Lang", group, domain.TermCoChair, "not_a_member"},
			{"Chidi Okonkwo", "Ana Reyes", group, domain.TermCoChair, ""},
			{"Chidi Okonkwo", "Otto Lang", group, domain.TermMember, ""},
			{"Chidi Okonkwo", "Otto Lang", group, domain.TermMember, "term_overlaps"},
			{"Chidi Okonkwo", "Otto Lang", group, domain.TermCoChair, "three_co_chairs"},
			{"Kim Adeyemi", "Otto Lang", "nowhere", domain.TermMember, "required"},
		} {
			err := give(c.who, c.person, c.group, c.role)
			if c.code == "" && err != nil || c.code != "" && !domain.HasCode(err, c.code) {
				t.Errorf("%s makes %s %s of %s: %v, want %q", c.who, c.person, c.role, c.group, err, c.code)
			}
		}
		if got := f.Actor("Otto Lang").Terms[0].EndsOn; got != "2027-06-30" {
			t.Errorf("a term given in September ends on %s, want June 30 of its year", got)
		}
	})
}

// Twelve appoint a second co-chair at once: one gets the place.
func TestGiveTerm_atOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.People{Base: f.Base}
		kim := f.Actor("Kim Adeyemi")
		const group = "new-leaders-and-managers"
		var people []string
		for i := range 12 {
			p, err := w.Add(t.Context(), kim, workflows.PersonInput{Name: fmt.Sprintf("Member %d", i)})
			if err != nil {
				t.Fatal(err)
			}
			a := workflows.Appointment{Group: group, PersonID: p.ID, Role: domain.TermMember, StartsOn: f.Today(), Years: 1}
			if _, err := w.Give(t.Context(), kim, a); err != nil {
				t.Fatal(err)
			}
			people = append(people, p.ID)
		}
		var all sync.WaitGroup
		errs := make([]error, len(people))
		for i, id := range people {
			all.Go(func() {
				a := workflows.Appointment{Group: group, PersonID: id, Role: domain.TermCoChair, StartsOn: f.Today(), Years: 1}
				_, errs[i] = w.Give(context.WithoutCancel(t.Context()), kim, a)
			})
		}
		all.Wait()
		won := 0
		for _, err := range errs {
			switch {
			case err == nil:
				won++
			case !domain.HasCode(err, "three_co_chairs"):
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d got the one place", won)
		}
	})
}

func TestEndTerm(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.People{Base: f.Base}
		g := f.Group("new-leaders-and-managers")
		ana := f.Actor("Ana Reyes")
		term := ana.Terms[0].ID
		if _, err := w.End(t.Context(), f.Actor("Ben Castellano"), term, f.Today(), 1); !domain.HasCode(err, "may_not_appoint") {
			t.Errorf("a co-chair ended a term: %v", err)
		}
		if _, err := w.End(t.Context(), f.Actor("Dana Whitfield"), term, "2026-06-30", 1); !domain.HasCode(err, "ends_before_start") {
			t.Errorf("ended before it starts: %v", err)
		}
		if _, err := w.End(t.Context(), f.Actor("Dana Whitfield"), term, f.Today(), 1); err != nil {
			t.Fatal(err)
		}
		if !f.Actor("Ana Reyes").MemberOf(g.ID) {
			t.Error("not a member on the last day of the term")
		}
		if _, err := w.End(t.Context(), f.Actor("Dana Whitfield"), term, f.Today(), 1); !domain.IsKind(err, domain.Stale) {
			t.Errorf("ended an old copy: %v", err)
		}
		f.At("2026-09-19T12:00:00-05:00")
		if a := f.Actor("Ana Reyes"); a.MemberOf(g.ID) || !a.FormerMemberOf(g.ID) {
			t.Error("still a member the day after")
		}
	})
}

// X23: rights end with June 30 in the section's zone, not in UTC.
func TestTerm_lastNight(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		g := f.Group("new-leaders-and-managers")
		f.At("2027-06-30T23:59:59-05:00")
		if !f.Actor("Ben Castellano").ChairOf(g.ID) {
			t.Error("no chair at 23:59:59 of June 30")
		}
		f.At("2027-07-01T00:00:00-05:00")
		if a := f.Actor("Ben Castellano"); a.ChairOf(g.ID) || !a.FormerMemberOf(g.ID) {
			t.Error("still a chair on July 1")
		}
	})
}

func TestRoster(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Groups{Base: f.Base}
		const group = "new-leaders-and-managers"
		for who, c := range map[string]struct{ lines, emails int }{
			"Ana Reyes": {3, 3}, "Dana Whitfield": {3, 3}, "Fay Nguyen": {3, 3}, "Kim Adeyemi": {3, 3},
			"Hollis Grant": {3, 0}, "Gus Petrakis": {3, 0}, "Eli Marsh": {3, 0},
		} {
			v, err := w.Roster(t.Context(), f.Actor(who), group, "2026-09-15")
			emails := 0
			for _, l := range v.Lines {
				if l.Email != "" {
					emails++
				}
			}
			if err != nil || len(v.Lines) != c.lines || emails != c.emails {
				t.Errorf("%s sees %d lines and %d addresses, want %+v: %v", who, len(v.Lines), emails, c, err)
			}
		}
		v, _ := w.Roster(t.Context(), f.Actor("Ana Reyes"), group, "2026-09-15")
		want := []string{"New Leaders and Managers", "Ben Castellano", "co_chair", "2026-07-01", "2027-06-30", "Example Public Library", "ben.castellano@example.org"}
		if diff := cmp.Diff(want, v.Rows()[1]); diff != "" {
			t.Error(diff)
		}
		if v, err := w.Roster(t.Context(), f.Actor("Ana Reyes"), group, "2026-06-30"); err != nil || len(v.Lines) != 0 {
			t.Errorf("the day before all terms: %v, %v", v.Lines, err)
		}
		if _, err := w.Roster(t.Context(), f.Actor("Otto Lang"), group, ""); !domain.IsKind(err, domain.NotFound) {
			t.Errorf("nobody of the section read a roster: %v", err)
		}
		if _, err := w.Roster(t.Context(), f.Actor("Ana Reyes"), group, "yesterday"); !domain.HasCode(err, "not_a_date") {
			t.Errorf("a day that is none: %v", err)
		}
	})
}
