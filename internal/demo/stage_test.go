package demo

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

func TestYear(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		v := open(t, db, "")
		equal(t, "opening", v.Now(), v.scenes[0].At)
		equal(t, "skipped", v.skipped, nil)
		v.check()
		equal(t, "standing", v.standing(newLeaders), "annual 1 of 2, forum 0 of 1, webinar 0 of 2")
		for _, day := range []struct{ at, standing string }{
			{"2026-09-19 23:00", "annual 2 of 2, forum 0 of 1, webinar 0 of 2"},
			{"2026-12-10 09:00", "annual 2 of 2, forum 0 of 1, webinar 0 of 2"},
			{"2026-12-12 09:00", "annual 2 of 2, forum 0 of 1, webinar 0 of 2"},
			{"2027-01-20 09:00", "annual 2 of 2, forum 0 of 1, webinar 0 of 2"},
			{"2027-01-20 17:00", "annual 2 of 2, forum 0 of 1, webinar 1 of 2"},
			{"2027-03-03 09:00", "annual 2 of 2, forum 0 of 1, webinar 2 of 2"},
			{"2027-03-20 23:00", "annual 2 of 2, forum 1 of 1, webinar 2 of 2"},
			{"2027-06-30 23:00", "annual 2 of 2, forum 1 of 1, webinar 2 of 2"},
		} {
			v.to(day.at, 0)
			v.check()
			equal(t, day.at, v.standing(newLeaders), day.standing)
		}
		equal(t, "a committee that is short", v.standing("management-best-practices"), "annual 1 of 2, forum 1 of 1, webinar 2 of 2")
	})
}

func TestScenes(t *testing.T) {
	t.Parallel()
	v := open(t, storetest.SQLite(t), "")
	enter := func(key string) string {
		t.Helper()
		who, path, err := v.Enter(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		name := "Ben Castellano"
		if key == "payments" {
			name = "Gus Petrakis"
		}
		equal(t, key, who, personID(name))
		return path
	}

	equal(t, "page", enter("one-short"), "/groups/new-leaders-and-managers")
	draft := v.proposal("budgeting")
	equal(t, "draft", draft.State, domain.Draft)
	gaps := draft.Facts.Form.Spec.Check(draft.Title, draft.Answers, draft.Facts.Speakers, domain.CheckFacts{Today: "2026-09-18"})
	equal(t, "gaps", []string{gaps[0].Pointer, gaps[1].Pointer}, []string{"/answers/short_description", "/answers/outcomes/2"})
	equal(t, "how many gaps", len(gaps), 2)
	equal(t, "words", domain.WordCount(draft.Answers.Text("short_description")), 112)
	leading := v.proposal("leading")
	equal(t, "submitted, not sent", leading.State == domain.Submitted && leading.Facts.External == nil, true)

	equal(t, "page", enter("answers"), "/proposals/"+v.proposal("budgeting").Number)
	equal(t, "both with the jury", []domain.State{v.proposal("leading").State, v.proposal("budgeting").State}, []domain.State{domain.Submitted, domain.Submitted})
	equal(t, "both sent", v.proposal("leading").Facts.External != nil && v.proposal("budgeting").Facts.External != nil, true)

	enter("carry")
	equal(t, "outcomes", []domain.State{v.proposal("leading").State, v.proposal("budgeting").State}, []domain.State{domain.Accepted, domain.Declined})

	page := enter("webinar")
	web := v.proposal("budgeting-webinar")
	equal(t, "page", page, "/proposals/"+web.ID+"/edit")
	gaps = web.Facts.Form.Spec.Check(web.Title, web.Answers, web.Facts.Speakers, domain.CheckFacts{Today: "2027-01-20"})
	equal(t, "only the dates are missing", len(gaps) == 1 && gaps[0].Pointer == "/answers/preferred_dates/0", true)

	enter("stipends")
	web = v.proposal("budgeting-webinar")
	equal(t, "speakers and stipends", []int{len(domain.Active(web.Facts.Speakers)), len(web.Facts.Stipends)}, []int{4, 2})
	designate := func(name string) error {
		b := v.base()
		id, err := telling{Base: b, ctx: t.Context(), story: v.story}.speakerID(web.ID, name)
		if err != nil {
			t.Fatal(err)
		}
		_, err = workflows.Proposals{Base: b}.Designate(t.Context(), v.actor("Ben Castellano"), web.ID, id)
		return err
	}
	if err := designate("Hollis Granger"); err != nil {
		t.Errorf("the third: %v", err)
	}
	v.real = v.real.Add(time.Minute)
	if err := designate("Odalys Ferrer"); !domain.HasCode(err, "stipend_cap_reached") {
		t.Errorf("the fourth: %v", err)
	}
	v.to("2027-03-04 00:00", 1)
	equal(t, "page", enter("payments"), "/staff/stipends")
	l, err := workflows.Stipends{Proposals: workflows.Proposals{Base: v.base()}}.Ledger(t.Context(), v.actor("Gus Petrakis"), workflows.StipendFilter{Year: "2026-27"})
	if err != nil {
		t.Fatal(err)
	}
	count := map[domain.StipendStage]int{}
	for _, line := range l.Lines {
		count[line.Stage()]++
		if line.Blocked() {
			count[workflows.StageBlocked]++
		}
	}
	equal(t, "payable, blocked and paid", []int{count[domain.StagePayable], count[workflows.StageBlocked], count[domain.StagePaid]}, []int{1, 1, 1})
}

// TestReminders finds what happened by itself, at its own instants.
func TestReminders(t *testing.T) {
	t.Parallel()
	v := open(t, storetest.SQLite(t), "2026-12-31 09:00")
	mails, err := store.Read(t.Context(), v.store, func(tx *store.Tx) ([]domain.Mail, error) { return tx.Mails(store.MailFilter{Limit: 1000}) })
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, m := range mails {
		switch m.Kind {
		case domain.WindowReminder, domain.SpeakerReminder, domain.UndecidedNudge:
			got[m.CreatedAt.In(zone).Format("2006-01-02 15:04")+" "+string(m.Kind)+" "+m.Name]++
		}
	}
	equal(t, "reminders", got, map[string]int{
		"2026-09-07 23:00 window_reminder Ben Castellano": 1, "2026-09-07 23:00 window_reminder Renata Ochoa": 1,
		"2026-09-07 23:00 window_reminder Desmond Achebe": 1, "2026-09-07 23:00 window_reminder Ulla Stern": 1,
		"2026-09-07 23:00 window_reminder Hana Sato": 1, "2026-09-07 23:00 window_reminder Omar Haddad": 1,
		"2026-09-07 23:00 window_reminder Jonah Weiss": 1, "2026-09-07 23:00 window_reminder Mira Solberg": 1,
		"2026-09-07 23:00 window_reminder Sam Whitehorse": 1,
		"2026-09-18 23:00 window_reminder Ben Castellano": 1, "2026-09-18 23:00 window_reminder Renata Ochoa": 1,
		"2026-09-18 23:00 window_reminder Desmond Achebe": 1, "2026-09-18 23:00 window_reminder Ulla Stern": 1,
		"2026-09-20 23:00 window_reminder Desmond Achebe": 1, "2026-09-20 23:00 window_reminder Ulla Stern": 1,
		"2026-09-19 10:10 speaker_reminder Hollis Granger": 1,
		"2026-12-15 00:00 undecided_nudge Jonah Weiss":     1, "2026-12-15 00:00 undecided_nudge Mira Solberg": 1,
		"2026-12-15 00:00 undecided_nudge Noor Haddad": 1,
		"2026-12-25 13:00 speaker_reminder Bea Lund":   1,
	})
}

// TestGate asks for a program of another division the day before and the day
// after the committee has submitted all it owes, and in a committee that is short.
func TestGate(t *testing.T) {
	t.Parallel()
	v := open(t, storetest.SQLite(t), "2027-03-19 09:00")
	submit := func(who, key string) error {
		_, err := workflows.Proposals{Base: v.base()}.Act(t.Context(), v.actor(who), v.proposal(key).ID, domain.Submit, workflows.Move{})
		return err
	}
	if err := submit("Ben Castellano", "shared-calendars"); !domain.HasCode(err, "quota_gate") || !strings.Contains(err.Error(), "Core Forum (1)") {
		t.Errorf("on March 19: %v", err)
	}
	v.to("2027-03-21 09:00", 0)
	if err := submit("Ben Castellano", "shared-calendars"); err != nil {
		t.Errorf("on March 21: %v", err)
	}
	v.to("2027-06-01 09:00", 1)
	if err := submit("Ulla Stern", "board-retreats"); !domain.HasCode(err, "quota_gate") {
		t.Errorf("a committee that is short: %v", err)
	}
}

// TestDayByDay travels a year in days and in one go, and compares every line of
// history, every mail and every id.
func TestDayByDay(t *testing.T) {
	t.Parallel()
	slow, fast := open(t, storetest.SQLite(t), "2026-07-01 00:00"), open(t, storetest.SQLite(t), "2027-06-30 12:00")
	for day := central(t, "2026-07-01 12:00"); !day.After(central(t, "2027-06-30 12:00")); day = day.AddDate(0, 0, 1) {
		slow.to(day.In(zone).Format("2006-01-02 15:04"), 0)
	}
	type all struct {
		Lines []store.ProposalLine
		Steps []domain.Step
		Mails []domain.Mail
	}
	read := func(v *visit) all {
		got, err := store.Read(t.Context(), v.store, func(tx *store.Tx) (a all, err error) {
			if a.Lines, err = tx.Proposals(v.actor("Kim Adeyemi"), store.ProposalFilter{Limit: 100}); err != nil {
				return a, err
			}
			for _, l := range a.Lines {
				steps, err := tx.History(l.ID, 100)
				if err != nil {
					return a, err
				}
				a.Steps = append(a.Steps, steps...)
			}
			a.Mails, err = tx.Mails(store.MailFilter{Limit: 1000})
			return a, err
		})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	want, got := read(fast), read(slow)
	if len(want.Lines) < 25 || len(want.Mails) < 50 {
		t.Errorf("%d proposals, %d mails", len(want.Lines), len(want.Mails))
	}
	equal(t, "day by day", got, want)
}

func TestVisitorFirst(t *testing.T) {
	t.Parallel()
	t.Run("submits and records", func(t *testing.T) {
		t.Parallel()
		v := open(t, storetest.SQLite(t), "")
		finished := v.story.proposals["budgeting"]
		draft := v.proposal("budgeting")
		title := "Budgets for people who never had one"
		_, err := workflows.Proposals{Base: v.base()}.Edit(t.Context(), v.actor("Ben Castellano"), draft.ID,
			workflows.Change{Title: &title, Answers: finished.answers(draft.Facts.Form.Spec, nil)})
		if err != nil {
			t.Fatal(err)
		}
		v.real = v.real.Add(time.Minute)
		v.act("Ben Castellano", "budgeting", domain.Submit, workflows.Move{})
		equal(t, "standing", v.standing(newLeaders), "annual 2 of 2, forum 0 of 1, webinar 0 of 2")
		v.to("2026-12-10 09:00", 1) // the story's own submission
		equal(t, "title", v.proposal("budgeting").Title, title)
		v.act("Ben Castellano", "budgeting", domain.RecordOutcome, workflows.Move{Input: domain.Input{Outcome: "declined", DecidedOn: "2026-12-10", Evidence: "Mail"}})
		v.to("2026-12-12 09:00", 1)
		v.act("Renata Ochoa", "budgeting", domain.CarryForward, workflows.Move{Call: "webinars-2026-27"})
		carried := v.proposal("budgeting-webinar")
		v.to("2027-03-03 09:00", 1)
		web := v.proposal("budgeting-webinar")
		equal(t, "the visitor's own draft went on", web.ID, carried.ID)
		equal(t, "state", []any{web.State, len(web.Facts.Stipends)}, []any{domain.Accepted, 2})
		v.check()
	})
	t.Run("what a visitor wrote stays", func(t *testing.T) {
		t.Parallel()
		v := open(t, storetest.SQLite(t), "")
		mine := domain.Answers{"audience": {"Everybody who is afraid of spreadsheets"}}
		if _, err := (workflows.Proposals{Base: v.base()}).Edit(t.Context(), v.actor("Ana Reyes"), v.proposal("budgeting").ID, workflows.Change{Answers: mine}); err != nil {
			t.Fatal(err)
		}
		v.to("2026-09-20 09:00", 0)
		p := v.proposal("budgeting")
		equal(t, "audience", p.Answers["audience"], mine["audience"])
		equal(t, "mended and submitted", p.State, domain.Submitted)
	})
	t.Run("ends it", func(t *testing.T) {
		t.Parallel()
		v := open(t, storetest.SQLite(t), "2026-12-01 09:00")
		v.act("Ben Castellano", "budgeting", domain.Withdraw, workflows.Move{Input: domain.Input{Reason: "We have changed our minds."}})
		if err := v.Travel(t.Context(), central(t, "2027-06-30 12:00")); err != nil {
			t.Fatal(err)
		}
		if len(v.skipped) < 10 {
			t.Errorf("skipped %d: %v", len(v.skipped), v.skipped)
		}
		v.check()
		path, err := v.path(t.Context(), place{proposal: "budgeting-webinar"})
		equal(t, "page", fmt.Sprint(path, err), "/proposals<nil>")
	})
}

func TestTravelFails(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite(t)
	v := open(t, db, "")
	_, err := store.Write(t.Context(), db, func(tx *store.Tx) (struct{}, error) {
		st := *v.state.Load()
		st.Telling = true // as if the program had ended while it told
		return struct{}{}, tx.SetMeta(stateName, st)
	})
	if err != nil {
		t.Fatal(err)
	}
	again := open(t, db, "")
	equal(t, "now", again.Now(), v.Now())
	equal(t, "told", again.state.Load().Telling, false)
	again.check()
	again.to("2026-09-20 09:00", 0)

	for _, at := range []string{"2026-06-30 23:59", "2027-07-01 00:00"} {
		if err := again.Travel(t.Context(), central(t, at)); !domain.HasCode(err, "out_of_range") {
			t.Errorf("to %s: %v", at, err)
		}
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite(t)
	v := open(t, db, "2026-09-19 10:50")
	v.real = v.real.Add(20 * time.Minute)
	equal(t, "ticks", v.Now(), central(t, "2026-09-19 11:10").UTC())
	equal(t, "not told yet", v.proposal("budgeting").State, domain.Draft)
	if err := v.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	equal(t, "told", v.proposal("budgeting").State, domain.Submitted)
	equal(t, "ticks on", v.Now(), central(t, "2026-09-19 11:10").UTC())

	real := v.real.Add(time.Hour)
	restarted, err := Open(t.Context(), db, []string{"a key of the tests"}, func() time.Time { return real }, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "goes on", restarted.Now(), central(t, "2026-09-19 12:10").UTC())
	p, err := findProposal(t.Context(), restarted.base(restarted.Now(), "test"), restarted.story, "budgeting")
	equal(t, "what happened meanwhile", fmt.Sprint(p.Facts.External != nil, err), "true <nil>")
}

func TestReset(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		v := open(t, db, "")
		access := workflows.Access{
			Base: v.base(), RealNow: func() time.Time { return v.real }, NewSecret: func() string { return "a secret of the test" },
			Zone: zone, SessionLife: time.Hour, LinkLife: time.Hour,
		}
		ben, err := v.SignInAs(t.Context(), "co_chair")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := access.SessionFor(t.Context(), ben, "browser"); err != nil {
			t.Fatal(err)
		}
		if _, err := access.SignInLink(t.Context(), address("Ana Reyes"), "", time.Hour); err != nil {
			t.Fatal(err)
		}
		before := v.proposal("budgeting")
		v.to("2026-12-11 00:00", 0)
		v.act("Kim Adeyemi", "leading", domain.CorrectDecision, workflows.Move{Input: domain.Input{Outcome: "declined", Reason: "The notice was read wrongly at first."}})
		v.to("2026-09-18 09:00", 0)

		after := v.proposal("budgeting")
		equal(t, "as before", after.Proposal, before.Proposal)
		equal(t, "state", v.proposal("leading").State, domain.Submitted)
		who, _, err := access.Identify(context.Background(), "a secret of the test")
		equal(t, "still signed in", fmt.Sprint(who.Name, err), "Ben Castellano<nil>")
		v.to("2026-10-01 09:00", 0)
		if err := v.Reset(t.Context()); err != nil {
			t.Fatal(err)
		}
		equal(t, "opening", v.Now(), v.scenes[0].At)
		who, _, err = access.Identify(context.Background(), "a secret of the test")
		equal(t, "still signed in", fmt.Sprint(who.Name, err), "Ben Castellano<nil>")
		if _, err := v.SignInAs(t.Context(), "nobody"); !domain.IsKind(err, domain.NotFound) {
			t.Errorf("an unknown persona: %v", err)
		}
	})
}

func TestOpenElsewhere(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite(t)
	at := arrival
	b := workflows.Base{Store: db, Now: func() time.Time { return at }, NewID: ids(at, "somebody's own")}
	if _, err := (workflows.Sections{Base: b}).Default(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), db, nil, time.Now, time.Time{}); err != ErrNotADemo { //nolint:errorlint // itself
		t.Errorf("got %v", err)
	}
}

func TestPersonas(t *testing.T) {
	t.Parallel()
	v := open(t, storetest.SQLite(t), "")
	rights := map[string]string{}
	var keys []string
	for _, p := range v.Personas() {
		keys = append(keys, p.Key)
		a := v.actor(p.Name)
		equal(t, "address", a.Email, address(p.Name))
		var has []string
		for _, r := range a.Roles {
			has = append(has, string(r))
		}
		for _, term := range a.Terms {
			has = append(has, string(term.Role)+" "+term.GroupSlug)
		}
		rights[p.Key] = p.Name + ": " + strings.Join(has, ", ")
	}
	equal(t, "order", keys, []string{"member", "co_chair", "reviewer", "leadership_chair", "vice_chair", "forum_committee", "staff", "finance", "admin", "buyer"})
	equal(t, "rights", rights, map[string]string{
		"member":           "Ana Reyes: member new-leaders-and-managers",
		"co_chair":         "Ben Castellano: member new-leaders-and-managers, co_chair new-leaders-and-managers",
		"reviewer":         "Chidi Okonkwo: member leadership-team",
		"leadership_chair": "Dana Whitfield: chair leadership-team",
		"vice_chair":       "Vera Lindholm: vice_chair leadership-team",
		"forum_committee":  "Eli Marsh: forum_committee",
		"staff":            "Fay Nguyen: staff",
		"finance":          "Gus Petrakis: finance",
		"admin":            "Kim Adeyemi: admin",
		"buyer":            "Ines Duarte: ",
	})
}

// BenchmarkTelling is how long the demonstration takes to tell its whole year:
// nobody should wait for it.
func BenchmarkTelling(b *testing.B) {
	for b.Loop() {
		open(b, storetest.SQLite(b), "").to("2027-06-30 12:00", 0)
	}
}

// TestHalfReviewed looks at the desk on April 8: fourteen of twenty-four, and two
// closed; and at the chair, who speaks in one.
func TestHalfReviewed(t *testing.T) {
	t.Parallel()
	v := open(t, storetest.SQLite(t), "2027-04-08 09:00")
	w := workflows.Proposals{Base: v.base()}
	d, err := w.Desk(t.Context(), v.actor("Chidi Okonkwo"), "forum-2027-breakouts", "")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "done, open, closed", []int{d.Done, len(d.Queue), len(d.Closed)}, []int{14, 24, 2})
	if d.Item == nil || d.Item.Sight != domain.Nameless || d.Item.Own.Version != 0 {
		t.Errorf("on the desk lies %+v", d.Item)
	}
	got, err := w.Get(t.Context(), v.actor("Dana Whitfield"), v.proposal("northgate-leads").ID)
	if err != nil || got.Sight != domain.TitleOnly || !v.proposal("northgate-leads").Facts.ChairInConflict {
		t.Errorf("the chair sees %v of her own, %v", got.Sight, err)
	}
	v.to("2027-04-19 09:00", 0)
	if d, err = w.Desk(t.Context(), v.actor("Chidi Okonkwo"), "forum-2027-breakouts", ""); err != nil || d.Done != 24 {
		t.Errorf("when the recommendations begin he has done %d of 24: %v", d.Done, err)
	}
	v.check()
}
