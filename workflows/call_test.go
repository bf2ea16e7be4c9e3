package workflows_test

import (
	"slices"
	"testing"
	"time"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// X1: the last second of the window, and the one after, in the window's zone.
func TestSubmit_lastSecond(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Proposals{Base: f.Base}
		draft := func(title string) string {
			p, err := w.Create(t.Context(), f.Actor("Ana Reyes"), workflows.Draft{
				Group: "new-leaders-and-managers", Call: "annual-2027-sessions",
				Title: title, Answers: complete("annual-2027-sessions"), Speakers: []domain.Speaker{speakerNamed("Hana Sato")},
			})
			if err != nil {
				t.Fatal(err)
			}
			return p.ID
		}
		first, second := draft("Hiring with care"), draft("Budgets that tell a story")
		ben := f.Actor("Ben Castellano")
		f.At("2026-09-21T23:59:59-04:00")
		if _, err := w.Act(t.Context(), ben, first, domain.Submit, workflows.Move{}); err != nil {
			t.Errorf("at 23:59:59: %v", err)
		}
		f.At("2026-09-22T00:00:00-04:00")
		if _, err := w.Act(t.Context(), ben, second, domain.Submit, workflows.Move{}); !domain.HasCode(err, "window_closed") || !domain.IsKind(err, domain.Conflict) {
			t.Errorf("at 00:00:00: %v", err)
		}
		if _, err := (workflows.Calls{Base: f.Base}).Extend(t.Context(), f.Actor("Fay Nguyen"), "annual-2027-sessions", "2026-09-28", 0); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Act(t.Context(), ben, second, domain.Submit, workflows.Move{}); err != nil {
			t.Errorf("after the extension: %v", err)
		}
	})
}

// X3: a window's ends are instants, the same for everybody, also in the nights
// the clocks change: one day has 25 hours, the other 23.
func TestSetWindow_clockChange(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Calls{Base: f.Base}
		for _, c := range []struct{ call, zone, day, opens, closes, says string }{
			{"webinars-2027-28", "America/Chicago", "2026-11-01", "2026-11-01T05:00:00Z", "2026-11-02T06:00:00Z", "Sun, Nov 1, 2026, 11:59 p.m. Central"},
			{"forum-2028-posters", "America/Chicago", "2027-03-14", "2027-03-14T06:00:00Z", "2027-03-15T05:00:00Z", "Sun, Mar 14, 2027, 11:59 p.m. Central"},
			{"forum-2028-breakouts", "Pacific/Honolulu", "2026-11-01", "2026-11-01T10:00:00Z", "2026-11-02T10:00:00Z", "Sun, Nov 1, 2026, 11:59 p.m. Hawaii"},
		} {
			v, err := w.SetWindow(t.Context(), f.Actor("Fay Nguyen"), c.call, workflows.Window{First: domain.Date(c.day), Last: domain.Date(c.day), Zone: c.zone})
			if err != nil {
				t.Fatal(err)
			}
			kept := f.Call(c.call)
			if !kept.OpensAt.Equal(instant(t, c.opens)) || !kept.ClosesAt.Equal(instant(t, c.closes)) || !v.ClosesAt.Equal(*kept.ClosesAt) {
				t.Errorf("%s in %s: %s to %s", c.day, c.zone, kept.OpensAt, kept.ClosesAt)
			}
			if said := domain.Deadline(*kept.ClosesAt, kept.Zone); said != c.says || kept.LastDay() != domain.Date(c.day) {
				t.Errorf("%s in %s says %s, last day %s", c.day, c.zone, said, kept.LastDay())
			}
			// Somebody in Honolulu writes the same instant another way.
			honolulu := domain.Zone("Pacific/Honolulu")
			last := instant(t, c.closes).Add(-time.Second)
			if !kept.OpenAt(last.In(honolulu)) || kept.OpenAt(instant(t, c.closes).In(honolulu)) {
				t.Errorf("%s in %s closes at another instant in Honolulu", c.day, c.zone)
			}
		}
	})
}

func TestSetWindow_refused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Calls{Base: f.Base}
		const open, blank = "annual-2027-sessions", "annual-2028-sessions"
		for name, c := range map[string]struct {
			who, call string
			in        workflows.Window
			code      string
		}{
			"announced":   {"Kim Adeyemi", open, workflows.Window{First: "2026-08-17", Last: "2026-12-31"}, "window_is_set"},
			"backwards":   {"Kim Adeyemi", blank, workflows.Window{First: "2027-09-21", Last: "2027-08-17"}, "window_reversed"},
			"no days":     {"Kim Adeyemi", blank, workflows.Window{First: "soon"}, "not_a_date"},
			"no zone":     {"Kim Adeyemi", blank, workflows.Window{First: "2027-08-17", Last: "2027-09-21", Zone: "Mars/Base"}, "unknown_zone"},
			"old copy":    {"Kim Adeyemi", blank, workflows.Window{Version: 9, First: "2027-08-17", Last: "2027-09-21"}, "stale_version"},
			"the chair":   {"Dana Whitfield", blank, workflows.Window{First: "2027-08-17", Last: "2027-09-21"}, "not_your_move"},
			"outsider":    {"Otto Lang", blank, workflows.Window{First: "2027-08-17", Last: "2027-09-21"}, "not_found"},
			"no call":     {"Kim Adeyemi", "nowhere", workflows.Window{First: "2027-08-17", Last: "2027-09-21"}, "not_found"},
			"no such day": {"Kim Adeyemi", blank, workflows.Window{First: "2027-02-29", Last: "2027-09-21"}, "not_a_date"},
		} {
			if _, err := w.SetWindow(t.Context(), f.Actor(c.who), c.call, c.in); !domain.HasCode(err, c.code) {
				t.Errorf("%s: %v, want %s", name, err, c.code)
			}
		}
		if f.Call(blank).Announced() {
			t.Error("a refused window was kept")
		}
	})
}

func mailsOf(f *sectiontest.Fixture, kind domain.NoticeKind) map[string][]domain.MailState {
	return sectiontest.Read(f, func(tx *store.Tx) (map[string][]domain.MailState, error) {
		got := map[string][]domain.MailState{}
		all, err := tx.Mails(store.MailFilter{Limit: 100})
		for _, m := range all {
			if m.Kind == kind {
				got[m.To] = append(got[m.To], m.State)
			}
		}
		return got, err
	})
}

// X2: everybody with a draft is told once, and the reminder of the old deadline dies.
func TestExtend(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Calls{Base: f.Base}
		const call = "annual-2027-sessions"
		// Ben leads two groups with drafts; Hollis has none.
		_, err := (workflows.People{Base: f.Base}).Give(t.Context(), f.Actor("Kim Adeyemi"), workflows.Appointment{
			Group: "consortium-management", PersonID: f.Person("Ben Castellano").ID, Role: domain.TermCoChair, StartsOn: f.Today(), Years: 1,
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, group := range []string{"new-leaders-and-managers", "new-leaders-and-managers", "consortium-management"} {
			keep(t, f, group, call, "A draft", domain.Draft)
		}
		keep(t, f, "human-resources-development", call, "Sent", domain.Submitted)
		_, err = store.Write(t.Context(), s, func(tx *store.Tx) (struct{}, error) {
			return struct{}{}, tx.Tell(domain.Mail{
				ID: f.NewID(), Cause: "old", Kind: domain.WindowReminder, SubjectID: f.Call(call).ID,
				To: sectiontest.Email("Ben Castellano"), State: domain.MailWaiting, NextAt: f.Now(), CreatedAt: f.Now(),
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			who  string
			last domain.Date
			code string
		}{
			"earlier":      {"Kim Adeyemi", "2026-09-20", "would_shorten"},
			"the same day": {"Kim Adeyemi", "2026-09-21", "no_change"},
			"no day":       {"Kim Adeyemi", "", "not_a_date"},
			"the chair":    {"Ben Castellano", "2026-09-28", "not_your_move"},
		} {
			if _, err := w.Extend(t.Context(), f.Actor(c.who), call, c.last, 1); !domain.HasCode(err, c.code) {
				t.Errorf("%s: %v, want %s", name, err, c.code)
			}
		}
		if _, err := w.Extend(t.Context(), f.Actor("Kim Adeyemi"), "annual-2028-sessions", "2027-09-28", 0); !domain.HasCode(err, "dates_not_announced") {
			t.Errorf("a call without dates: %v", err)
		}
		v, err := w.Extend(t.Context(), f.Actor("Fay Nguyen"), call, "2026-09-28", 1)
		if err != nil || v.LastDay() != "2026-09-28" || v.Version != 2 {
			t.Fatalf("extended until %s: %v", v.LastDay(), err)
		}
		if _, err := w.Extend(t.Context(), f.Actor("Fay Nguyen"), call, "2026-09-28", 1); !domain.IsKind(err, domain.Stale) {
			t.Errorf("extended twice from one page: %v", err)
		}
		told := mailsOf(f, domain.WindowExtended)
		if len(told) != 2 || len(told["ben.castellano@example.org"]) != 1 || len(told["noor.haddad@example.org"]) != 1 {
			t.Errorf("told %v, want Ben and Noor once each", told)
		}
		if got := mailsOf(f, domain.WindowReminder)["ben.castellano@example.org"]; len(got) != 1 || got[0] != domain.MailSuperseded {
			t.Errorf("the reminder of the old deadline is %v", got)
		}
		// Extended again before the mail went out: only the newest deadline is sent.
		f.At("2026-09-19T12:00:00-05:00")
		if _, err := w.Extend(t.Context(), f.Actor("Fay Nguyen"), call, "2026-10-05", 2); err != nil {
			t.Fatal(err)
		}
		if got := mailsOf(f, domain.WindowExtended)["noor.haddad@example.org"]; !slices.Equal(got, []domain.MailState{domain.MailWaiting, domain.MailSuperseded}) {
			t.Errorf("newest first, the two mails are %v", got)
		}
		lines := sectiontest.Read(f, func(tx *store.Tx) ([]store.AuditLine, error) { return tx.AuditPage(domain.Actor{}, nil, 1) })
		if len(lines) != 1 || lines[0].Action != "extend" || lines[0].Detail != "Until 2026-10-05 instead of 2026-09-28" || lines[0].ActorName != "Fay Nguyen" {
			t.Errorf("the audit says %+v", lines)
		}
	})
}

func TestChangeCall(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Calls{Base: f.Base}
		const call = "annual-2027-sessions"
		kim := f.Actor("Kim Adeyemi")
		day, grace := domain.Date("2026-10-15"), 15
		if _, err := w.Change(t.Context(), kim, call, workflows.CallSettings{EditUntil: &day, Grace: &grace}); err != nil {
			t.Fatal(err)
		}
		c := f.Call(call)
		if !c.EditUntil.Equal(instant(t, "2026-10-16T04:00:00Z")) || c.Grace != 15 || !c.OpenAt(instant(t, "2026-09-22T04:14:59Z")) || c.OpenAt(instant(t, "2026-09-22T04:15:00Z")) {
			t.Errorf("changed to %+v", c)
		}
		less := 5
		if _, err := w.Change(t.Context(), kim, call, workflows.CallSettings{Grace: &less}); !domain.HasCode(err, "would_shorten") {
			t.Errorf("a shorter grace: %v", err)
		}
		none := domain.Date("")
		if v, err := w.Change(t.Context(), kim, call, workflows.CallSettings{EditUntil: &none}); err != nil || v.EditUntil != nil || v.Grace != 15 {
			t.Errorf("cleared: %+v, %v", v.EditUntil, err)
		}
	})
}

func TestCallsOfYear(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Calls{Base: f.Base}
		ctx, n := store.WithQueryCount(t.Context())
		all, err := w.List(ctx, f.Actor("Ana Reyes"), "")
		if err != nil || len(all) < 7 || n.Load() > 4 {
			t.Fatalf("%d calls in %d statements: %v", len(all), n.Load(), err)
		}
		first := all[0]
		if first.Slug != "annual-2027-sessions" || first.Venue.Name != "ALA Annual" || first.Format.Name != "Session" || len(first.Form.Spec.Fields) < 10 || first.MaySet {
			t.Errorf("the first to close is %s at %s, %s, of %d fields, may set %v", first.Slug, first.Venue.Name, first.Format.Name, len(first.Form.Spec.Fields), first.MaySet)
		}
		if all, err := w.List(t.Context(), f.Actor("Otto Lang"), ""); err != nil || len(all) != 0 {
			t.Errorf("nobody of the section sees %d calls: %v", len(all), err)
		}
	})
}
