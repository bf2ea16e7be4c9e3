package workflows_test

import (
	"fmt"
	"testing"
	"time"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

func text(s string) *string { return &s }

// each runs a test with the default section on both databases.
func each(t *testing.T, test func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		test(t, f, workflows.Proposals{Base: f.Base})
		checkInvariants(t, f)
	})
}

func checkInvariants(t *testing.T, f *sectiontest.Fixture) {
	t.Helper()
	for _, c := range sectiontest.Read(f, func(tx *store.Tx) ([]store.Finding, error) { return tx.Check(f.Now()) }) {
		for _, b := range c.Broken {
			t.Errorf("broken: %s: %s", c.Name, b)
		}
	}
}

func draftFor(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals, call, title string) workflows.ProposalView {
	t.Helper()
	p, err := w.Create(t.Context(), f.Actor("Ana Reyes"), workflows.Draft{
		Group: "new-leaders-and-managers", Call: call, Title: title,
		Answers: complete(call), Speakers: []domain.Speaker{speakerNamed("Ignacio Prieto")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func act(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals, name, ref string, a domain.Action, in domain.Input) workflows.ProposalView {
	t.Helper()
	p, err := w.Act(t.Context(), f.Actor(name), ref, a, workflows.Move{Input: in})
	if err != nil {
		t.Fatalf("%s by %s: %v", a, name, err)
	}
	return p
}

func refused(t *testing.T, err error, kind domain.Kind, code string) {
	t.Helper()
	if !domain.IsKind(err, kind) || !domain.HasCode(err, code) {
		t.Errorf("got %v, want a refusal of kind %d with %s", err, kind, code)
	}
}

func outcome(o domain.Outcome) domain.Input {
	return domain.Input{Outcome: o, DecidedOn: "2026-09-17", Evidence: "Notice 4711", NoFeedback: true, Reason: "Decided by the committee"}
}

// TestRevisions: autosaves write over the open revision; another person's edit,
// an explicit save and every move cut one.
func TestRevisions(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		p := draftFor(t, f, w, "annual-2027-sessions", "Budgeting")
		edit := func(name, title string, closing bool, want int) {
			t.Helper()
			got, err := w.Edit(t.Context(), f.Actor(name), p.ID, workflows.Change{Title: text(title), Close: closing})
			if err != nil || got.Revision != want {
				t.Fatalf("after %q: revision %d (%v), want %d", title, got.Revision, err, want)
			}
		}
		edit("Ana Reyes", "Budgeting one", false, 1)
		edit("Ana Reyes", "Budgeting two", false, 1)
		edit("Ben Castellano", "Budgeting three", false, 2)
		edit("Ben Castellano", "Budgeting four", true, 2)
		edit("Ben Castellano", "Budgeting five", false, 3)
		act(t, f, w, "Ben Castellano", p.ID, domain.Submit, domain.Input{})
		act(t, f, w, "Ben Castellano", p.ID, domain.ReturnToDraft, domain.Input{})
		edit("Ben Castellano", "Budgeting six", false, 4)
		revisions := sectiontest.Read(f, func(tx *store.Tx) ([]domain.Revision, error) {
			return tx.Revisions(p.ID, store.RevisionFilter{Limit: 100})
		})
		if len(revisions) != 4 || revisions[1].Title != "Budgeting five" || revisions[1].Cause != "submit" {
			t.Errorf("revisions %+v", revisions)
		}
	})
}

// TestEditClash: two people edit one draft; the second is told what differs, and
// nothing is lost (X4).
func TestEditClash(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		p := draftFor(t, f, w, "annual-2027-sessions", "Budgeting")
		if _, err := w.Edit(t.Context(), f.Actor("Ana Reyes"), p.ID, workflows.Change{Version: p.Version, Title: text("Ana’s title")}); err != nil {
			t.Fatal(err)
		}
		_, err := w.Edit(t.Context(), f.Actor("Ben Castellano"), p.ID, workflows.Change{Version: p.Version, Title: text("Ben’s title")})
		refused(t, err, domain.Stale, "stale_version")
		refused(t, err, domain.Stale, "field_differs")
		kept, err := w.Get(t.Context(), f.Actor("Ben Castellano"), p.ID)
		if err != nil || kept.Title != "Ana’s title" {
			t.Errorf("kept %q, %v", kept.Title, err)
		}
	})
}

// TestEditAfterSubmit is refused by default (X10); recall works in the window
// only, and the version that was submitted stays.
func TestEditAfterSubmit(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		p := draftFor(t, f, w, "annual-2027-sessions", "Budgeting")
		act(t, f, w, "Ben Castellano", p.ID, domain.Submit, domain.Input{})
		_, err := w.Edit(t.Context(), f.Actor("Ana Reyes"), p.ID, workflows.Change{Title: text("Later")})
		refused(t, err, domain.Conflict, "not_editable")
		f.At("2026-09-22T00:00:00-04:00")
		_, err = w.Act(t.Context(), f.Actor("Ben Castellano"), p.ID, domain.ReturnToDraft, workflows.Move{})
		refused(t, err, domain.Conflict, "window_closed")
	})
}

// TestSeesOnlyOwnDrafts: a member of another committee gets 404 for a draft (X8).
func TestSeesOnlyOwnDrafts(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		p := draftFor(t, f, w, "annual-2027-sessions", "Budgeting")
		for name, sees := range map[string]bool{
			"Ana Reyes": true, "Ben Castellano": true, "Kim Adeyemi": true,
			"Hollis Grant": false, "Dana Whitfield": false, "Fay Nguyen": false, "Eli Marsh": false, "Gus Petrakis": false, "Otto Lang": false,
		} {
			_, err := w.Get(t.Context(), f.Actor(name), p.ID)
			if got := err == nil; got != sees {
				t.Errorf("%s sees the draft: %v (%v)", name, got, err)
			}
			if !sees {
				_, err = w.Edit(t.Context(), f.Actor(name), p.ID, workflows.Change{Title: text("Mine")})
				refused(t, err, domain.NotFound, "not_found")
			}
		}
		act(t, f, w, "Ben Castellano", p.ID, domain.Submit, domain.Input{})
		for name, sees := range map[string]bool{"Dana Whitfield": true, "Fay Nguyen": true, "Hollis Grant": false, "Eli Marsh": false, "Gus Petrakis": false} {
			if _, err := w.Get(t.Context(), f.Actor(name), p.ID); (err == nil) != sees {
				t.Errorf("%s sees the submission: %v", name, err == nil)
			}
		}
		f.At("2027-07-01T00:00:01-05:00")
		if _, err := w.Get(t.Context(), f.Actor("Ben Castellano"), p.ID); err != nil {
			t.Errorf("a former co-chair does not see what he handled: %v", err)
		}
		_, err := w.Act(t.Context(), f.Actor("Ben Castellano"), p.ID, domain.Withdraw, workflows.Move{Input: domain.Input{Reason: "No time"}})
		refused(t, err, domain.Forbidden, "not_your_move")
	})
}

// TestWithdrawAfterTheDeadline tells the Leadership Team (X6), lets unsent mail
// die, and lowers the count.
func TestWithdrawAfterTheDeadline(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		p := draftFor(t, f, w, "annual-2027-sessions", "Budgeting")
		act(t, f, w, "Ana Reyes", p.ID, domain.InviteSpeaker, domain.Input{SpeakerID: p.Facts.Speakers[0].ID})
		act(t, f, w, "Ben Castellano", p.ID, domain.Submit, domain.Input{})
		f.At("2026-10-05T12:00:00-05:00")
		got := act(t, f, w, "Ben Castellano", p.ID, domain.Withdraw, domain.Input{Reason: "The speaker left"})
		if got.State != domain.Withdrawn {
			t.Fatalf("state %s", got.State)
		}
		mails := mailsAbout(t, f, p)
		if mails[domain.SpeakerInvitation] != domain.MailSuperseded || mails[domain.LateWithdrawal] != domain.MailWaiting {
			t.Errorf("mails %v", mails)
		}
		step := sectiontest.Read(f, func(tx *store.Tx) ([]domain.Step, error) { return tx.History(p.ID, 1) })[0]
		if step.Detail != "ALA Annual went from 1 of 2 to 0 of 2" || step.Reason != "The speaker left" {
			t.Errorf("history says %q, %q", step.Detail, step.Reason)
		}
		act(t, f, w, "Kim Adeyemi", p.ID, domain.Revive, domain.Input{})
	})
}

func mailsAbout(t *testing.T, f *sectiontest.Fixture, p workflows.ProposalView) map[domain.NoticeKind]domain.MailState {
	t.Helper()
	about := map[string]bool{p.ID: true}
	for _, s := range p.Facts.Speakers {
		about[s.ID] = true
	}
	states := map[domain.NoticeKind]domain.MailState{}
	for _, m := range sectiontest.Read(f, func(tx *store.Tx) ([]domain.Mail, error) { return tx.Mails(store.MailFilter{Limit: 100}) }) {
		if about[m.SubjectID] {
			states[m.Kind] = m.State
		}
	}
	return states
}

// TestCarryAndUndo carries a declined proposal to a webinar with text and
// speakers, undoes it, withdraws the next draft, and carries it once more.
func TestCarryAndUndo(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		p := draftFor(t, f, w, "annual-2027-sessions", "Budgeting")
		act(t, f, w, "Ben Castellano", p.ID, domain.Submit, domain.Input{})
		act(t, f, w, "Ben Castellano", p.ID, domain.RecordOutcome, outcome(domain.OutcomeDeclined))
		f.At("2026-12-12T12:00:00-06:00")
		carry := func() workflows.ProposalView {
			t.Helper()
			child, err := w.Act(t.Context(), f.Actor("Ben Castellano"), p.ID, domain.CarryForward, workflows.Move{Call: "webinars-2026-27"})
			if err != nil {
				t.Fatal(err)
			}
			return child
		}
		child := carry()
		s := child.Facts.Speakers
		if child.State != domain.Draft || child.Facts.Parent.State != domain.CarriedForward || child.Answers.Text("room") != "" ||
			child.Answers.Text("audience") != "New managers" || len(s) != 1 || s[0].Name != "Ignacio Prieto" || s[0].Answer != domain.NotAsked {
			t.Fatalf("child %+v, parent %+v, speakers %+v", child.Proposal, child.Facts.Parent, s)
		}
		back := act(t, f, w, "Ben Castellano", p.ID, domain.UndoCarry, domain.Input{})
		if back.State != domain.Declined || back.Facts.Child != nil {
			t.Fatalf("after undoing: %s, %+v", back.State, back.Facts.Child)
		}
		again := carry()
		act(t, f, w, "Ben Castellano", again.ID, domain.Withdraw, domain.Input{})
		third := carry()
		if third.ID == again.ID || third.IdeaID != p.IdeaID || third.Hops != 1 {
			t.Errorf("third child %+v", third.Proposal)
		}
	})
}

// TestCorrectAfterCarry: a decision is not corrected while its child is
// submitted (X12); with a draft child, that is withdrawn.
func TestCorrectAfterCarry(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		p := draftFor(t, f, w, "annual-2027-sessions", "Budgeting")
		act(t, f, w, "Ben Castellano", p.ID, domain.Submit, domain.Input{})
		act(t, f, w, "Ben Castellano", p.ID, domain.RecordOutcome, outcome(domain.OutcomeDeclined))
		f.At("2026-12-12T12:00:00-06:00")
		child, err := w.Act(t.Context(), f.Actor("Ben Castellano"), p.ID, domain.CarryForward, workflows.Move{Call: "webinars-2026-27"})
		if err != nil {
			t.Fatal(err)
		}
		answers := complete("webinars-2026-27")
		if _, err := w.Edit(t.Context(), f.Actor("Ben Castellano"), child.ID, workflows.Change{Answers: answers}); err != nil {
			t.Fatal(err)
		}
		act(t, f, w, "Ben Castellano", child.ID, domain.Submit, domain.Input{})
		correction := domain.Input{Outcome: domain.OutcomeAccepted, Reason: "ALA moved it up from the waiting list."}
		_, err = w.Act(t.Context(), f.Actor("Kim Adeyemi"), p.ID, domain.CorrectDecision, workflows.Move{Input: correction})
		refused(t, err, domain.Conflict, "child_submitted")
		act(t, f, w, "Ben Castellano", child.ID, domain.ReturnToDraft, domain.Input{})
		got := act(t, f, w, "Kim Adeyemi", p.ID, domain.CorrectDecision, correction)
		if got.State != domain.Accepted || got.Facts.Decision.Outcome != domain.OutcomeAccepted {
			t.Errorf("corrected to %s, decision %+v", got.State, got.Facts.Decision)
		}
		gone, err := w.Get(t.Context(), f.Actor("Ben Castellano"), child.ID)
		if err != nil || gone.State != domain.Withdrawn {
			t.Errorf("the draft is %s, %v", gone.State, err)
		}
	})
}

// TestReplaceSpeaker: the chairs propose, the venue agrees; the stipend of the
// one who stands back is void.
func TestReplaceSpeaker(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		p := acceptedWebinar(t, f, w, "Budgeting")
		old := p.Facts.Speakers[0]
		if _, err := w.Designate(t.Context(), f.Actor("Ben Castellano"), p.ID, old.ID); err != nil {
			t.Fatal(err)
		}
		in := domain.Input{SpeakerID: old.ID, Speaker: &domain.Speaker{Name: "Wren Tate", Email: "wren@example.org", Titles: []string{"Director"}, Bio: "Runs three branches."}}
		_, err := w.Act(t.Context(), f.Actor("Fay Nguyen"), p.ID, domain.ReplaceSpeaker, workflows.Move{Input: domain.Input{SpeakerID: old.ID}})
		refused(t, err, domain.Invalid, "required") // nobody is proposed yet
		_, err = w.Act(t.Context(), f.Actor("Ben Castellano"), p.ID, domain.ReplaceSpeaker, workflows.Move{Input: domain.Input{SpeakerID: old.ID, Speaker: &domain.Speaker{Name: "Wren Tate", Email: "wren at example"}}})
		refused(t, err, domain.Invalid, "not_an_address")
		p = act(t, f, w, "Ben Castellano", p.ID, domain.ReplaceSpeaker, in)
		if got := domain.Active(p.Facts.Speakers)[0].Name; got != old.Name {
			t.Fatalf("replaced by %s before the venue agreed", got)
		}
		p = act(t, f, w, "Fay Nguyen", p.ID, domain.ReplaceSpeaker, domain.Input{SpeakerID: old.ID, Speaker: &domain.Speaker{}}) // agrees to whom the chairs proposed
		if got := domain.Active(p.Facts.Speakers)[0]; got.Name != "Wren Tate" || got.Email != "wren@example.org" || got.Bio != "Runs three branches." || len(got.Titles) != 1 || got.Answer != domain.Invited || got.Position != old.Position {
			t.Errorf("the new speaker is %+v", got)
		}
		if s := p.Facts.Stipends[0]; s.State != domain.StipendVoid {
			t.Errorf("the old stipend is %s", s.State)
		}
	})
}

// TestEventCancelled is E5 with single cancels: three accepted breakouts are
// cancelled in August; the old year's quota stays met, and what is carried
// counts in the new year's webinars.
func TestEventCancelled(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		f.At("2027-03-20T12:00:00-05:00")
		var accepted []workflows.ProposalView
		for i := range 3 {
			p := draftFor(t, f, w, "forum-2027-breakouts", fmt.Sprintf("Breakout %d", i))
			act(t, f, w, "Ben Castellano", p.ID, domain.Submit, domain.Input{})
			accepted = append(accepted, act(t, f, w, "Fay Nguyen", p.ID, domain.Decide, outcome(domain.OutcomeAccepted)))
		}
		renew(t, f)
		f.At("2027-08-20T12:00:00-05:00")
		openNextWebinars(t, f)
		for _, p := range accepted {
			act(t, f, w, "Fay Nguyen", p.ID, domain.Cancel, domain.Input{Reason: "The event is off"})
			child, err := w.Act(t.Context(), f.Actor("Ben Castellano"), p.ID, domain.CarryForward, workflows.Move{Call: "webinars-2027-28"})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Edit(t.Context(), f.Actor("Ben Castellano"), child.ID, workflows.Change{Answers: complete("webinars-2026-27")}); err != nil {
				t.Fatal(err)
			}
			in := map[string][]string{"preferred_dates": {"2027-12-02", "2027-12-09"}}
			if _, err := w.Edit(t.Context(), f.Actor("Ben Castellano"), child.ID, workflows.Change{Answers: in}); err != nil {
				t.Fatal(err)
			}
			act(t, f, w, "Ben Castellano", child.ID, domain.Submit, domain.Input{})
		}
		g := f.Group("new-leaders-and-managers")
		for year, want := range map[domain.Year]map[string]int{"2026-27": {"forum": 3}, "2027-28": {"webinar": 3}} {
			s := sectiontest.Read(f, func(tx *store.Tx) (domain.Standing, error) { return tx.Standing(g.ID, year, false, f.Now()) })
			for venue, n := range want {
				if d, _ := s.Duty(venue); d.Counted != n {
					t.Errorf("%s of %s: %d, want %d", venue, year, d.Counted, n)
				}
			}
		}
	})
}

// renew gives Ben another term as chair.
func renew(t *testing.T, f *sectiontest.Fixture) {
	t.Helper()
	written(t, f, func(tx *store.Tx) error {
		return tx.AddTerm(domain.Term{
			ID: f.NewID(), Version: 1, GroupID: f.Group("new-leaders-and-managers").ID, PersonID: f.Person("Ben Castellano").ID,
			Role: domain.TermCoChair, StartsOn: "2027-07-01", EndsOn: "2028-06-30",
		})
	})
}

func openNextWebinars(t *testing.T, f *sectiontest.Fixture) {
	t.Helper()
	c := f.Call("webinars-2027-28")
	opens, closes := domain.WindowOf("2027-08-01", "2028-01-31", c.Zone)
	c.OpensAt, c.ClosesAt, c.Version = &opens, &closes, c.Version+1
	written(t, f, func(tx *store.Tx) error { return tx.ChangeCall(c) })
}

func written(t *testing.T, f *sectiontest.Fixture, work func(*store.Tx) error) {
	t.Helper()
	if _, err := store.Write(t.Context(), f.Store, func(tx *store.Tx) (struct{}, error) { return struct{}{}, work(tx) }); err != nil {
		t.Fatal(err)
	}
}

// TestWindowEdges: submitted at 23:59:59 of the window's zone, refused at midnight (X1).
func TestWindowEdges(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		in, out := draftFor(t, f, w, "annual-2027-sessions", "In time"), draftFor(t, f, w, "annual-2027-sessions", "Too late")
		f.At("2026-09-21T23:59:59-04:00")
		act(t, f, w, "Ben Castellano", in.ID, domain.Submit, domain.Input{})
		f.At("2026-09-22T00:00:00-04:00")
		_, err := w.Act(t.Context(), f.Actor("Ben Castellano"), out.ID, domain.Submit, workflows.Move{})
		refused(t, err, domain.Conflict, "window_closed")
		until := f.Now().Add(24 * time.Hour)
		granted := act(t, f, w, "Fay Nguyen", out.ID, domain.GrantLate, domain.Input{Reason: "Ill on the day", Until: &until})
		if granted.LateUntil == nil || granted.Title != "" {
			t.Errorf("staff, who see no drafts, were shown %+v", granted.Proposal)
		}
		act(t, f, w, "Ben Castellano", out.ID, domain.Submit, domain.Input{})
	})
}

// TestOverrideGate: the Leadership chair opens the gate for a draft she is not
// shown; its chairs then submit it.
func TestOverrideGate(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		answers := complete("other-divisions-2026-27")
		answers["division"] = []string{"PLA"}
		delete(answers, "recording_consent")
		p, err := w.Create(t.Context(), f.Actor("Ana Reyes"), workflows.Draft{
			Group: "new-leaders-and-managers", Call: "other-divisions-2026-27",
			Title: "Elsewhere", Answers: answers, Speakers: []domain.Speaker{speakerNamed("Ignacio Prieto")},
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.Act(t.Context(), f.Actor("Ben Castellano"), p.ID, domain.Submit, workflows.Move{})
		refused(t, err, domain.Conflict, "quota_gate")
		_, err = w.Act(t.Context(), f.Actor("Chidi Okonkwo"), p.ID, domain.OverrideGate, workflows.Move{Input: domain.Input{Reason: "A good fit"}})
		refused(t, err, domain.Forbidden, "not_your_move")
		opened := act(t, f, w, "Dana Whitfield", p.ID, domain.OverrideGate, domain.Input{Reason: "A good fit"})
		if opened.Title != "" {
			t.Errorf("the Leadership chair was shown the draft: %q", opened.Title)
		}
		act(t, f, w, "Ben Castellano", p.ID, domain.Submit, domain.Input{})
	})
}
