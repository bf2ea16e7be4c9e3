package workflows_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// dying is a context that ends just before a statement: the process is gone then,
// wherever in a transaction that is.
type dying struct {
	context.Context
	statements *atomic.Int64
	last       int64
	gone       chan struct{}
	once       sync.Once
}

func diesAfter(t *testing.T, last int64) *dying {
	ctx, n := store.WithQueryCount(t.Context())
	return &dying{Context: ctx, statements: n, last: last, gone: make(chan struct{})}
}

func (d *dying) over() bool {
	if d.statements.Load() > d.last {
		d.once.Do(func() { close(d.gone) })
		return true
	}
	return false
}

// Done is closed once the statements are used up.
func (d *dying) Done() <-chan struct{} { d.over(); return d.gone }

// Err is Canceled from then on.
func (d *dying) Err() error {
	if d.over() {
		return context.Canceled
	}
	return nil
}

// TestPublishKilledTwice publishes 250 decisions and dies twice on the way, at
// whatever statement; the third attempt and the job go on. Every chair and
// speaker has one mail per outcome, and every proposal has its outcome once.
func TestPublishKilledTwice(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		d := workflows.Decisions{Base: f.Base}
		const many = 250
		all := forumRound(t, f, many)
		var wishes []domain.DecisionWish
		mails := 0
		for i, p := range all {
			o := domain.Outcomes()[i%3]
			wishes = append(wishes, wish(p, o))
			mails++ // to the chair
			if o == domain.OutcomeAccepted {
				mails++ // to the speaker
			}
		}
		if _, err := d.StageAll(t.Context(), f.Actor("Eli Marsh"), forum, wishes); err != nil {
			t.Fatal(err)
		}
		f.At("2027-06-15T12:00:00-05:00")
		fay := f.Actor("Fay Nguyen")
		ctx, statements := store.WithQueryCount(t.Context())
		l := must[workflows.DecisionList](t)(d.Preview(ctx, fay, forum, nil))
		if l.Preview.Mails() != mails || statements.Load() > 4 {
			t.Fatalf("the preview says %d mails in %d statements, want %d", l.Preview.Mails(), statements.Load(), mails)
		}
		before := 0
		for _, last := range []int64{703, 1409} {
			if _, err := d.Publish(diesAfter(t, last), fay, forum, l.Preview.Token, nil); !errors.Is(err, context.Canceled) {
				t.Fatalf("not killed: %v", err)
			}
			now := must[workflows.DecisionList](t)(d.List(t.Context(), fay, forum))
			if now.Last == nil || now.Last.EndedAt != nil || now.Last.Done <= before || now.Last.Done >= many {
				t.Fatalf("after a kill: %+v", now.Last)
			}
			before = now.Last.Done
			checkInvariants(t, f)
		}
		if err := d.Resume(t.Context(), domain.Zone(f.Section.Zone)); err != nil {
			t.Fatal(err)
		}
		done := must[workflows.BatchView](t)(d.Publish(t.Context(), fay, forum, l.Preview.Token, nil))
		if done.Done != many || done.EndedAt == nil || len(done.Refused) != 0 {
			t.Fatalf("done %d of %d, refused %v", done.Done, done.Total, done.Refused)
		}
		told := outcomeMails(f, domain.OutcomeNotice, domain.SpeakerConfirm)
		if len(told) != mails || len(slices.Compact(told)) != mails {
			t.Errorf("%d mails, of which %d differ, want %d", len(told), len(slices.Compact(told)), mails)
		}
		for _, p := range []int{0, 1, 2, many - 1} {
			steps := sectiontest.Read(f, func(tx *store.Tx) ([]domain.Step, error) { return tx.History(all[p].ID, 100) })
			if n := len(slices.DeleteFunc(steps, func(s domain.Step) bool { return s.Action != domain.PublishDecision })); n != 1 {
				t.Errorf("published %d times", n)
			}
		}
		checkInvariants(t, f)
	})
}

// TestKilledAtEachStatement dies at every single statement of publishing two
// decisions; whatever was done by then, going on ends at the same.
func TestKilledAtEachStatement(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		d := workflows.Decisions{Base: f.Base}
		fay, killed := f.Actor("Fay Nguyen"), 0
		for last := int64(0); ; last += 2 {
			all := forumRound(t, f, 2)
			if _, err := d.StageAll(t.Context(), f.Actor("Eli Marsh"), forum, []domain.DecisionWish{wish(all[0], domain.OutcomeAccepted), wish(all[1], domain.OutcomeDeclined)}); err != nil {
				t.Fatal(err)
			}
			f.At("2027-06-15T12:00:00-05:00")
			fay.Today = f.Today()
			l := must[workflows.DecisionList](t)(d.Preview(t.Context(), fay, forum, nil))
			_, err := d.Publish(diesAfter(t, last), fay, forum, l.Preview.Token, nil)
			if err == nil {
				break
			}
			killed++
			done := must[workflows.BatchView](t)(d.Publish(t.Context(), fay, forum, l.Preview.Token, nil))
			if done.Done != 2 || len(done.Refused) != 0 {
				t.Fatalf("killed after %d statements, then %+v", last, done)
			}
		}
		told := outcomeMails(f, domain.OutcomeNotice, domain.SpeakerConfirm)
		if killed < 10 || len(told) != 3*(killed+1) {
			t.Errorf("killed %d times, %d mails", killed, len(told))
		}
		checkInvariants(t, f)
	})
}

// TestRefusedInABatch: what became impossible between the preview and its turn is
// written down, and the others go on; nobody publishes what was not shown.
func TestRefusedInABatch(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w, d := workflows.Proposals{Base: f.Base}, workflows.Decisions{Base: f.Base}
		all := forumRound(t, f, 4)
		eli := f.Actor("Eli Marsh")
		var wishes []domain.DecisionWish
		for _, p := range all {
			wishes = append(wishes, wish(p, domain.OutcomeDeclined))
		}
		if _, err := d.StageAll(t.Context(), eli, forum, wishes); err != nil {
			t.Fatal(err)
		}
		f.At("2027-06-15T12:00:00-05:00")
		l := must[workflows.DecisionList](t)(d.Preview(t.Context(), eli, forum, nil))
		_, err := d.Publish(diesAfter(t, 30), eli, forum, l.Preview.Token, nil)
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		must[workflows.ProposalView](t)(w.Act(t.Context(), f.Actor("Ben Castellano"), all[2].ID, domain.Withdraw, workflows.Move{Input: domain.Input{Reason: "No time"}}))
		changed := wish(all[3], domain.OutcomeAccepted)
		changed.Version = workflows.AnyVersion
		must[workflows.DecisionLine](t)(d.Stage(t.Context(), eli, changed))
		done := must[workflows.BatchView](t)(d.Publish(t.Context(), eli, forum, l.Preview.Token, nil))
		if done.Done != 2 || done.Total != 4 || len(done.Refused) != 2 || done.Refused[0].Number != all[2].Number || done.Refused[1].Code != "decision_changed" {
			t.Errorf("%d of %d, refused %+v", done.Done, done.Total, done.Refused)
		}
		if got := must[workflows.DecisionLine](t)(d.Get(t.Context(), eli, all[3].ID)); got.State != domain.Submitted || got.Staged == nil {
			t.Errorf("published what nobody was shown: %+v", got)
		}
	})
}

// TestAcceptAndDeclineRace: two people decide opposite things at once, by
// deciding and by publishing; the first holds, the others are refused (X13).
func TestAcceptAndDeclineRace(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w, d := workflows.Proposals{Base: f.Base}, workflows.Decisions{Base: f.Base}
		for round, p := range forumRound(t, f, rounds) {
			f.At("2027-05-10T12:00:00-05:00")
			must[workflows.DecisionLine](t)(d.Stage(t.Context(), f.Actor("Eli Marsh"), wish(p, domain.OutcomeAccepted)))
			f.At("2027-06-15T12:00:00-05:00")
			fay, fern := f.Actor("Fay Nguyen"), f.Actor("Fern Abbott")
			won, lost := race(20, func(i int) error {
				if i%2 == 0 {
					_, err := d.PublishOne(t.Context(), fern, p.ID, 1)
					return err
				}
				_, err := w.Act(t.Context(), fay, p.ID, domain.Decide, workflows.Move{Input: domain.Input{Outcome: domain.OutcomeDeclined, NoFeedback: true, Reason: "By phone"}})
				return err
			})
			if won != 1 {
				t.Fatalf("round %d: %d of 20 won", round, won)
			}
			for _, err := range lost {
				if !domain.IsKind(err, domain.Conflict) && !domain.IsKind(err, domain.Stale) {
					t.Errorf("a loser was told %v", err)
				}
			}
			if got := outcomeMails(f, domain.OutcomeNotice); len(got) != round+1 {
				t.Errorf("round %d: %d mails of an outcome", round, len(got))
			}
		}
		checkInvariants(t, f)
	})
}

// TestStageRace: twenty stage at once, having seen nothing: one decision is staged.
func TestStageRace(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		d := workflows.Decisions{Base: f.Base}
		for _, p := range forumRound(t, f, rounds) {
			eli := f.Actor("Eli Marsh")
			won, lost := race(20, func(i int) error {
				_, err := d.Stage(t.Context(), eli, wish(p, domain.Outcomes()[i%3]))
				return err
			})
			if won != 1 {
				t.Fatalf("%d of 20 staged", won)
			}
			for _, err := range lost {
				if !domain.IsKind(err, domain.Stale) {
					t.Errorf("a loser was told %v", err)
				}
			}
		}
	})
}

// TestCancelledForum is E5: Core Forum is cancelled in August after three
// acceptances. The chairs carry each to a webinar of the new year, the old year
// stays met, and what was carried counts in the new year, once it is submitted.
func TestCancelledForum(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w, d := workflows.Proposals{Base: f.Base}, workflows.Decisions{Base: f.Base}
		all := forumRound(t, f, 5)
		nextYear(t, f)
		fay := f.Actor("Fay Nguyen")
		for i, o := range []domain.Outcome{domain.OutcomeAccepted, domain.OutcomeAccepted, domain.OutcomeAccepted, domain.OutcomeDeclined} {
			must[workflows.ProposalView](t)(w.Act(t.Context(), fay, all[i].ID, domain.Decide, workflows.Move{Input: domain.Input{Outcome: o, NoFeedback: true, Reason: "The committee met."}}))
		}
		must[workflows.DecisionLine](t)(d.Stage(t.Context(), f.Actor("Eli Marsh"), wish(all[4], domain.OutcomeAccepted)))
		standing := func(y domain.Year, venue string) domain.Duty {
			s := sectiontest.Read(f, func(tx *store.Tx) (domain.Standing, error) {
				return tx.Standing(f.Group("new-leaders-and-managers").ID, y, false, f.Now())
			})
			duty, _ := s.Duty(venue)
			return duty
		}
		met := standing("2026-27", "forum")

		f.At("2027-08-20T12:00:00-05:00")
		fay = f.Actor("Fay Nguyen")
		const reason = "The hotel was flooded."
		for _, name := range []string{"Ben Castellano", "Fern Abbott", "Dana Whitfield", "Gus Petrakis"} {
			if _, err := d.PreviewCancel(t.Context(), f.Actor(name), "2026-27", "forum"); !domain.IsKind(err, domain.NotFound) {
				t.Errorf("%s looked: %v", name, err)
			}
		}
		p := must[workflows.EventPreview](t)(d.PreviewCancel(t.Context(), fay, "2026-27", "forum"))
		if len(p.Items) != 4 || p.Mails() != 7 { // the chair four times, three speakers who were asked
			t.Fatalf("%d proposals, %d mails", len(p.Items), p.Mails())
		}
		if _, err := d.CancelEvent(t.Context(), fay, "2026-27", "forum", " ", p.Token); !domain.IsKind(err, domain.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		if _, err := d.CancelEvent(t.Context(), fay, "2026-27", "forum", reason, "other"); !domain.HasCode(err, "preview_outdated") {
			t.Errorf("without having looked: %v", err)
		}
		for _, last := range []int64{25, 47} {
			if _, err := d.CancelEvent(diesAfter(t, last), fay, "2026-27", "forum", reason, p.Token); !errors.Is(err, context.Canceled) {
				t.Fatalf("not killed: %v", err)
			}
		}
		done := must[workflows.BatchView](t)(d.CancelEvent(t.Context(), fay, "2026-27", "forum", reason, p.Token))
		if done.Done != 4 || len(done.Refused) != 0 {
			t.Fatalf("cancelled: %+v", done)
		}
		if got := outcomeMails(f, domain.CancelledNotice); len(got) != 7 || len(slices.Compact(got)) != 7 {
			t.Errorf("told: %v", got)
		}
		if is := standing("2026-27", "forum"); is.Counted != met.Counted || is.Missing() != 0 {
			t.Errorf("the old year counted %d, now %d", met.Counted, is.Counted)
		}
		if got := must[workflows.ProposalView](t)(w.Get(t.Context(), fay, all[3].ID)); got.State != domain.Declined {
			t.Errorf("a declined one is %s", got.State)
		}
		carriesAll(t, f, w, all[:3])
		if is := standing("2026-27", "forum"); is.Counted != met.Counted {
			t.Errorf("carried, the old year counts %d", is.Counted)
		}
		if is := standing("2027-28", "webinar"); is.Counted != 3 {
			t.Errorf("the new year counts %d webinars", is.Counted)
		}
		if is := standing("2026-27", "webinar"); is.Counted != 0 {
			t.Errorf("the old year counts %d webinars", is.Counted)
		}
		checkInvariants(t, f)
	})
}

// nextYear gives the new leaders their chair for another year, and announces its webinars.
func nextYear(t *testing.T, f *sectiontest.Fixture) {
	t.Helper()
	_, err := store.Write(t.Context(), f.Store, func(tx *store.Tx) (struct{}, error) {
		return struct{}{}, tx.AddTerm(domain.Term{
			ID: f.NewID(), Version: 1, GroupID: f.Group("new-leaders-and-managers").ID, PersonID: f.Person("Ben Castellano").ID, Role: domain.TermCoChair, StartsOn: "2027-07-01", EndsOn: "2028-06-30",
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = workflows.Calls{Base: f.Base}.SetWindow(t.Context(), f.Actor("Fay Nguyen"), "webinars-2027-28", workflows.Window{First: "2027-08-01", Last: "2028-01-31"})
	if err != nil {
		t.Fatal(err)
	}
}

// carriesAll lets the chair carry each proposal to a webinar of the new year and
// submit it; none counts before.
func carriesAll(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals, all []workflows.ProposalView) {
	t.Helper()
	ben := f.Actor("Ben Castellano")
	for _, p := range all {
		child := must[workflows.ProposalView](t)(w.Act(t.Context(), ben, p.ID, domain.CarryForward, workflows.Move{Call: "webinars-2027-28"}))
		if child.State != domain.Draft || child.Title != p.Title || child.Year != "2027-28" {
			t.Errorf("carried: %+v", child.Proposal)
		}
		answers := complete("webinars-2026-27")
		answers["preferred_dates"] = []string{"2027-11-18", "2027-12-02"}
		if _, err := w.Edit(t.Context(), ben, child.ID, workflows.Change{Answers: answers}); err != nil {
			t.Fatal(err)
		}
		must[workflows.ProposalView](t)(w.Act(t.Context(), ben, child.ID, domain.Submit, workflows.Move{}))
	}
}
