package workflows_test

import (
	"fmt"
	"sync"
	"testing"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// submitted makes a proposal of the new leaders and submits it.
func submitted(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals, call, title string, speakers ...domain.Speaker) workflows.ProposalView {
	t.Helper()
	p, err := w.Create(t.Context(), f.Actor("Ana Reyes"), workflows.Draft{Group: "new-leaders-and-managers", Call: call, Title: title, Answers: complete(call), Speakers: speakers})
	if err != nil {
		t.Fatal(err)
	}
	p, err = w.Act(t.Context(), f.Actor("Ben Castellano"), p.ID, domain.Submit, workflows.Move{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// complete are answers that pass the form of a call.
func complete(call string) domain.Answers {
	a := domain.Answers{
		"short_description": {"What people will gain."}, "full_description": {"What happens."}, "audience": {"New managers"}, "level": {"intro"},
		"outcomes": {"Participants will read a budget.", "Participants will explain a request.", "Participants will draft a calendar."},
		"tags":     {"budget"}, "interaction_plan": {"Tables of eight."}, "elsewhere": {"no"}, "access_plan": {"Large print."},
		"recording_consent": {"yes"}, "code_of_conduct": {"yes"}, "not_a_pitch": {"yes"},
	}
	switch call {
	case "webinars-2026-27":
		a["length"], a["preferred_dates"] = []string{"60"}, []string{"2027-05-20", "2027-05-27"}
	default:
		a["room"] = []string{"Round tables."}
	}
	return a
}

func speakerNamed(name string) domain.Speaker {
	return domain.Speaker{Name: name, Email: sectiontest.Email(name), Titles: []string{"Librarian"}, Affiliations: []string{"Example University"}, Bio: "Writes about budgets."}
}

// race runs n callers at once and returns how many succeeded, and the errors of the others.
func race(n int, call func(i int) error) (won int, lost []error) {
	var all sync.WaitGroup
	var mu sync.Mutex
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			err := call(i)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else {
				lost = append(lost, err)
			}
		})
	}
	close(start)
	all.Wait()
	return won, lost
}

func allConflict(t *testing.T, lost []error, codes ...string) {
	t.Helper()
	for _, err := range lost {
		ok := false
		for _, c := range codes {
			ok = ok || domain.HasCode(err, c)
		}
		if !ok {
			t.Errorf("a loser was told %v, not one of %v", err, codes)
		}
	}
}

const rounds = 5

// TestOneOutcomeWins lets twenty people record opposite outcomes at once (X13).
func TestOneOutcomeWins(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Proposals{Base: f.Base}
		for round := range rounds {
			p := submitted(t, f, w, "annual-2027-sessions", fmt.Sprintf("Race %d", round), speakerNamed("Ignacio Prieto"))
			won, lost := race(20, func(i int) error {
				_, err := w.Act(t.Context(), f.Actor("Ben Castellano"), p.ID, domain.RecordOutcome, workflows.Move{Input: domain.Input{
					Outcome: domain.Outcomes()[i%2], DecidedOn: "2026-09-17", Evidence: "Notice",
				}})
				return err
			})
			if won != 1 {
				t.Fatalf("round %d: %d of 20 won", round, won)
			}
			allConflict(t, lost, "not_from_here", "stale_version")
		}
	})
}

// TestOneChild carries one declined proposal forward twenty times at once (X11).
func TestOneChild(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Proposals{Base: f.Base}
		for round := range rounds {
			f.At("2026-09-18T12:00:00-05:00")
			p := submitted(t, f, w, "annual-2027-sessions", fmt.Sprintf("Carry %d", round), speakerNamed("Ignacio Prieto"))
			f.At("2026-12-12T12:00:00-06:00")
			declined := workflows.Move{Input: domain.Input{Outcome: domain.OutcomeDeclined, DecidedOn: "2026-12-10", Evidence: "Notice"}}
			if _, err := w.Act(t.Context(), f.Actor("Ben Castellano"), p.ID, domain.RecordOutcome, declined); err != nil {
				t.Fatal(err)
			}
			won, lost := race(20, func(int) error {
				_, err := w.Act(t.Context(), f.Actor("Ben Castellano"), p.ID, domain.CarryForward, workflows.Move{Call: "webinars-2026-27"})
				return err
			})
			if won != 1 {
				t.Fatalf("round %d: %d of 20 won", round, won)
			}
			allConflict(t, lost, "already_carried", "not_from_here")
		}
	})
}

// TestThreeStipends designates forty times at once, for six speakers (R9).
func TestThreeStipends(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Proposals{Base: f.Base}
		for round := range rounds {
			p := acceptedWebinar(t, f, w, fmt.Sprintf("Stipends %d", round))
			won, lost := race(40, func(i int) error {
				_, err := w.Designate(t.Context(), f.Actor("Ben Castellano"), p.ID, p.Facts.Speakers[i%6].ID)
				return err
			})
			if won != 3 {
				t.Fatalf("round %d: %d stipends", round, won)
			}
			allConflict(t, lost, "stipend_cap_reached", "already_designated")
			got, err := w.Get(t.Context(), f.Actor("Ben Castellano"), p.ID)
			if err != nil {
				t.Fatal(err)
			}
			cents := 0
			for _, st := range got.Facts.Stipends {
				cents += st.AmountCents
			}
			if len(got.Facts.Stipends) != 3 || cents != 45000 {
				t.Fatalf("round %d: %d stipends of %d cents", round, len(got.Facts.Stipends), cents)
			}
		}
	})
}

func acceptedWebinar(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals, title string) workflows.ProposalView {
	t.Helper()
	f.At("2027-01-20T12:00:00-06:00")
	var speakers []domain.Speaker
	for _, name := range []string{"Linda Park", "Susanne Vale", "Marta Ruiz", "Odalys Ferrer", "Jun Mori", "Pia Holm"} {
		speakers = append(speakers, speakerNamed(name))
	}
	p := submitted(t, f, w, "webinars-2026-27", title, speakers...)
	f.At("2027-03-03T12:00:00-06:00")
	p, err := w.Act(t.Context(), f.Actor("Fay Nguyen"), p.ID, domain.Decide, workflows.Move{Input: domain.Input{Outcome: domain.OutcomeAccepted}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}
