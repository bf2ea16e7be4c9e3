package workflows_test

import (
	"testing"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/workflows"
)

// TestLeadershipCarries: the Leadership Team carries a declined proposal forward
// and undoes it, though the draft itself is the group's alone to see.
func TestLeadershipCarries(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		p := draftFor(t, f, w, "annual-2027-sessions", "Budgeting")
		act(t, f, w, "Ben Castellano", p.ID, domain.Submit, domain.Input{})
		act(t, f, w, "Ben Castellano", p.ID, domain.RecordOutcome, outcome(domain.OutcomeDeclined))
		f.At("2026-12-12T12:00:00-06:00")
		for _, name := range []string{"Chidi Okonkwo", "Dana Whitfield"} {
			got, err := w.Act(t.Context(), f.Actor(name), p.ID, domain.CarryForward, workflows.Move{Call: "webinars-2026-27"})
			if err != nil || got.ID != p.ID || got.State != domain.CarriedForward {
				t.Fatalf("%s is answered %+v, %v; want the proposal that was carried", name, got.Proposal, err)
			}
			own, err := w.Get(t.Context(), f.Actor("Ben Castellano"), p.ID)
			if err != nil || own.Facts.Child == nil || own.Facts.Child.State != domain.Draft {
				t.Fatalf("the group finds %+v, %v; want its draft", own.Facts.Child, err)
			}
			_, err = w.Get(t.Context(), f.Actor(name), own.Facts.Child.ID)
			refused(t, err, domain.NotFound, "not_found")
			if got := act(t, f, w, name, p.ID, domain.UndoCarry, domain.Input{}); got.State != domain.Declined {
				t.Errorf("undone by %s it is %s", name, got.State)
			}
		}
	})
}

// TestDraftOfACarriedOne: who reads a carried proposal and not the group's drafts
// does not learn of the draft it became; the Leadership Team, which sees titles, may know that it is there.
func TestDraftOfACarriedOne(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		p := draftFor(t, f, w, "annual-2027-sessions", "Budgeting")
		act(t, f, w, "Ben Castellano", p.ID, domain.Submit, domain.Input{})
		act(t, f, w, "Ben Castellano", p.ID, domain.RecordOutcome, outcome(domain.OutcomeDeclined))
		f.At("2026-12-12T12:00:00-06:00")
		child, err := w.Act(t.Context(), f.Actor("Ben Castellano"), p.ID, domain.CarryForward, workflows.Move{Call: "webinars-2026-27"})
		if err != nil {
			t.Fatal(err)
		}
		for name, sees := range map[string]bool{"Ben Castellano": true, "Ana Reyes": true, "Kim Adeyemi": true, "Fay Nguyen": false, "Dana Whitfield": true} {
			got, err := w.Get(t.Context(), f.Actor(name), p.ID)
			if err != nil || (got.Facts.Child != nil) != sees {
				t.Errorf("%s is shown the draft %+v, %v; want %t", name, got.Facts.Child, err, sees)
			}
		}
		if _, err := w.Edit(t.Context(), f.Actor("Ben Castellano"), child.ID, workflows.Change{Answers: complete("webinars-2026-27")}); err != nil {
			t.Fatal(err)
		}
		act(t, f, w, "Ben Castellano", child.ID, domain.Submit, domain.Input{})
		if got, err := w.Get(t.Context(), f.Actor("Fay Nguyen"), p.ID); err != nil || got.Facts.Child == nil {
			t.Errorf("staff do not see what it became once it is submitted: %v", err)
		}
	})
}

// TestCommitteeActs: those who decide at Core Forum make every move the table
// gives them, though they read packets and not proposals; others still find nothing.
func TestCommitteeActs(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		all := forumRound(t, f, 2)
		a, b := all[0], all[1]
		decision := domain.Input{Outcome: domain.OutcomeAccepted, Reason: "The committee met on May 7."}
		if got := act(t, f, w, "Eli Marsh", a.Number, domain.Decide, decision); got.ID != a.ID {
			t.Errorf("decided: %+v", got.Proposal)
		}
		act(t, f, w, "Fern Abbott", b.Number, domain.Decide, decision)
		act(t, f, w, "Eli Marsh", a.Number, domain.ReplaceSpeaker, domain.Input{SpeakerID: a.Facts.Speakers[0].ID, Speaker: &domain.Speaker{Name: "Wren Tate"}})
		correction := domain.Input{Outcome: domain.OutcomeAlternate, Reason: "The committee has one place less than it thought."}
		_, err := w.Act(t.Context(), f.Actor("Eli Marsh"), b.Number, domain.CorrectDecision, workflows.Move{Input: correction})
		refused(t, err, domain.Forbidden, "not_your_move")
		act(t, f, w, "Fern Abbott", b.Number, domain.CorrectDecision, correction)
		act(t, f, w, "Eli Marsh", a.Number, domain.Cancel, domain.Input{Reason: "The room is gone."})
		for id, want := range map[string]domain.State{a.ID: domain.Cancelled, b.ID: domain.Alternate} {
			if got, err := w.Get(t.Context(), f.Actor("Ben Castellano"), id); err != nil || got.State != want {
				t.Errorf("%s is %s, %v; want %s", id, got.State, err, want)
			}
		}
		_, err = w.Get(t.Context(), f.Actor("Eli Marsh"), a.ID)
		refused(t, err, domain.NotFound, "not_found")
		for _, action := range []domain.Action{domain.Cancel, domain.Decide, domain.CorrectDecision} {
			_, err = w.Act(t.Context(), f.Actor("Otto Lang"), a.ID, action, workflows.Move{Input: correction})
			refused(t, err, domain.NotFound, "not_found")
		}
		elsewhere := aWebinar(t, f, w)
		_, err = w.Act(t.Context(), f.Actor("Eli Marsh"), elsewhere.ID, domain.Cancel, workflows.Move{Input: correction})
		refused(t, err, domain.NotFound, "not_found")
	})
}

// aWebinar is a submitted webinar, which the committee has nothing to do with.
func aWebinar(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) workflows.ProposalView {
	t.Helper()
	f.At("2027-01-20T12:00:00-06:00")
	return submitted(t, f, w, "webinars-2026-27", "Elsewhere", speakerNamed("Ignacio Prieto"))
}

// TestChangeCallOfACarriedOne: what was declined in Annual does not come back there
// by way of the draft it became, and a draft does not take along what was granted
// for the call it leaves.
func TestChangeCallOfACarriedOne(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		p := draftFor(t, f, w, "annual-2027-sessions", "Budgeting")
		act(t, f, w, "Ben Castellano", p.ID, domain.Submit, domain.Input{})
		act(t, f, w, "Ben Castellano", p.ID, domain.RecordOutcome, outcome(domain.OutcomeDeclined))
		child, err := w.Act(t.Context(), f.Actor("Ben Castellano"), p.ID, domain.CarryForward, workflows.Move{Call: "webinars-2026-27"})
		if err != nil {
			t.Fatal(err)
		}
		to := func(call string) error {
			_, err := w.Act(t.Context(), f.Actor("Ana Reyes"), child.ID, domain.ChangeCall, workflows.Move{Call: call})
			return err
		}
		refused(t, to("annual-2027-preconferences"), domain.Conflict, "declined_there")
		refused(t, to("other-divisions-2026-27"), domain.Conflict, "venue_not_allowed")
		_, offered, err := w.Targets(t.Context(), f.Actor("Ana Reyes"), child.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range offered {
			if open := len(o.Refused) == 0; o.Call.Year == sectiontest.Year && open != (o.Venue.ID == "forum") {
				t.Errorf("%s is offered: %t, %v", o.Call.Name, open, o.Refused)
			}
		}
		until := f.Now().AddDate(0, 1, 0)
		act(t, f, w, "Fay Nguyen", child.ID, domain.GrantLate, domain.Input{Reason: "Asked on the phone.", Until: &until})
		if err := to("forum-2027-breakouts"); err != nil {
			t.Fatal(err)
		}
		if got, err := w.Get(t.Context(), f.Actor("Ana Reyes"), child.ID); err != nil || got.LateUntil != nil {
			t.Errorf("the grant came along: %v, %v", got.LateUntil, err)
		}
	})
}

// TestCorrectedToAccepted: an acceptance that comes by a correction asks the speakers
// to confirm, as any other that is decided here.
func TestCorrectedToAccepted(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		p := aWebinar(t, f, w)
		act(t, f, w, "Fay Nguyen", p.ID, domain.Decide, domain.Input{Outcome: domain.OutcomeDeclined, NoFeedback: true})
		got := act(t, f, w, "Kim Adeyemi", p.ID, domain.CorrectDecision, domain.Input{Outcome: domain.OutcomeAccepted, Reason: "It was entered in the wrong row."})
		if s := domain.Active(got.Facts.Speakers)[0]; got.State != domain.Accepted || s.Answer != domain.Invited {
			t.Errorf("%s, and the speaker is %q", got.State, s.Answer)
		}
		if mails := mailsAbout(t, f, got); mails[domain.SpeakerConfirm] != domain.MailWaiting {
			t.Errorf("mails: %v", mails)
		}
	})
}
