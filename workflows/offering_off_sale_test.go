package workflows_test

import (
	"testing"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// TestComesOffSale takes a webinar off sale with its proposal, whichever way that
// is accepted no longer: its page says why, its orders end, nobody is told twice.
func TestComesOffSale(t *testing.T) {
	t.Parallel()
	ways := map[string]func(*testing.T, *sectiontest.Fixture, string) string{
		"cancelled": func(t *testing.T, f *sectiontest.Fixture, id string) string {
			act(t, f, workflows.Proposals{Base: f.Base}, "Fay Nguyen", id, domain.Cancel, domain.Input{Reason: "No speakers left"})
			return "No speakers left"
		},
		"event cancelled": func(t *testing.T, f *sectiontest.Fixture, _ string) string {
			d, fay := workflows.Decisions{Base: f.Base}, f.Actor("Fay Nguyen")
			p := must[workflows.EventPreview](t)(d.PreviewCancel(t.Context(), fay, "2026-27", "webinar"))
			done := must[workflows.BatchView](t)(d.CancelEvent(t.Context(), fay, "2026-27", "webinar", "The program is off.", p.Token))
			if done.Done != 1 || len(done.Refused) != 0 {
				t.Fatalf("cancelled %+v", done)
			}
			return "The program is off."
		},
		"decided away": func(t *testing.T, f *sectiontest.Fixture, id string) string {
			const why = "Recorded for the wrong proposal, as the minutes say."
			in := domain.Input{Outcome: domain.OutcomeDeclined, NoFeedback: true, Reason: why}
			if got := act(t, f, workflows.Proposals{Base: f.Base}, "Kim Adeyemi", id, domain.CorrectDecision, in); got.State != domain.Declined {
				t.Fatalf("corrected to %s", got.State)
			}
			return why
		},
	}
	for name, ends := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				w := selling(t, s, 50, 0)
				o, err := w.orders.Hold(t.Context(), domain.Actor{}, w.offering.Slug, w.wish("2", ""))
				if err != nil {
					t.Fatal(err)
				}
				why := ends(t, w.Fixture, w.offering.ProposalID)
				sale := workflows.Offerings{Base: w.orders.Base}
				v, err := sale.Get(t.Context(), w.Actor("Fay Nguyen"), w.offering.ID)
				if err != nil || v.Status != domain.OfferingCancelled || v.Reason != why {
					t.Fatalf("the webinar is %s, %q: %v", v.Status, v.Reason, err)
				}
				if n, err := w.orders.CallOffDue(t.Context()); n != 1 || err != nil {
					t.Errorf("%d orders were called off: %v", n, err)
				}
				if got, err := w.orders.Order(t.Context(), w.Actor("Fay Nguyen"), o.ID); err != nil || got.State != domain.OrderCancelled || w.taken() != 0 {
					t.Errorf("the order is %s, %d seats taken, %v", got.State, w.taken(), err)
				}
				w.proven()
			})
		})
	}
}
