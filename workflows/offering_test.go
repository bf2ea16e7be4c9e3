package workflows_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/workflows"
)

// onSale puts an accepted webinar with a confirmed speaker on sale, with the
// given number of seats, and gives it as staff see it.
func onSale(t *testing.T, f *sectiontest.Fixture, title string, capacity int) workflows.OfferingView {
	t.Helper()
	p := acceptedWebinar(t, f, workflows.Proposals{Base: f.Base}, title)
	act(t, f, workflows.Proposals{Base: f.Base}, "Ben Castellano", p.ID, domain.Confirm, domain.Input{SpeakerID: p.Facts.Speakers[0].ID})
	w, fay := workflows.Offerings{Base: f.Base}, f.Actor("Fay Nguyen")
	v, err := w.Create(t.Context(), fay, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	starts := time.Date(2027, 5, 20, 18, 0, 0, 0, time.UTC)
	at := &starts
	c := workflows.OfferingChange{Version: v.Version, StartsAt: &at, Capacity: &capacity, Captions: text("Live captions in English"), JoinURL: text("https://meet.example.org/1")}
	if v, err = w.Edit(t.Context(), fay, v.ID, c); err != nil {
		t.Fatal(err)
	}
	if v, err = w.Act(t.Context(), fay, v.ID, domain.PublishOffering, workflows.OfferingMoved{Version: v.Version}); err != nil {
		t.Fatal(err)
	}
	return v
}

// TestOfferingFromProposal carries an accepted webinar over without retyping, once.
func TestOfferingFromProposal(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		sale := workflows.Offerings{Base: f.Base}
		p := acceptedWebinar(t, f, w, "Budgeting for first-time managers")
		_, err := sale.Create(t.Context(), f.Actor("Ben Castellano"), p.ID)
		refused(t, err, domain.Forbidden, "not_your_move")
		v, err := sale.Create(t.Context(), f.Actor("Fay Nguyen"), p.Number)
		if err != nil {
			t.Fatal(err)
		}
		if v.Status != domain.OfferingPlanned || v.Revision != p.Revision || v.Title != p.Title || !slices.Equal(v.Outcomes, p.Answers["outcomes"]) ||
			v.Description != p.Answers.Text("full_description") || len(v.Presenters) != len(p.Facts.Speakers) || v.Slug != "budgeting-for-first-time-managers" {
			t.Errorf("carried over: %+v", v.Offering)
		}
		if tier, _ := domain.TierFor(v.Tiers, "division_member", 9); tier.UnitCents != 4900 || len(v.Tiers) != 4 {
			t.Errorf("prices %+v", v.Tiers)
		}
		_, err = sale.Create(t.Context(), f.Actor("Fay Nguyen"), p.ID)
		refused(t, err, domain.Conflict, "on_sale_already")
		_, err = sale.Get(t.Context(), domain.Actor{}, v.ID)
		refused(t, err, domain.NotFound, "not_found")
		_, err = sale.Act(t.Context(), f.Actor("Fay Nguyen"), v.ID, domain.PublishOffering, workflows.OfferingMoved{})
		for _, code := range []string{"date_missing", "captions_missing", "confirmed_speaker_missing"} {
			refused(t, err, domain.Conflict, code)
		}
		f.At("2027-01-20T12:00:00-06:00")
		draft := submitted(t, f, w, "webinars-2026-27", "Not decided yet", speakerNamed("Jun Mori"))
		_, err = sale.Create(t.Context(), f.Actor("Fay Nguyen"), draft.ID)
		refused(t, err, domain.Conflict, "not_a_selected_webinar")
	})
}

// TestOfferingOnSale goes through the life of one webinar.
func TestOfferingOnSale(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, _ workflows.Proposals) {
		w, fay, anybody := workflows.Offerings{Base: f.Base}, f.Actor("Fay Nguyen"), domain.Actor{}
		v := onSale(t, f, "Budgeting", 50)
		seen, err := w.Get(t.Context(), anybody, v.Slug)
		if err != nil || seen.JoinURL != "" || seen.Open != nil || seen.Title != "Budgeting" {
			t.Fatalf("the public sees %+v, %v", seen, err)
		}
		page, err := w.Catalogue(t.Context(), anybody, workflows.OfferingFilter{Upcoming: f.Now(), Words: "budg", Limit: 10})
		if err != nil || len(page) != 1 || len(page[0].Tiers) != 4 {
			t.Fatalf("catalogue %+v, %v", page, err)
		}
		_, err = w.Edit(t.Context(), fay, v.ID, workflows.OfferingChange{Version: v.Version - 1, Title: text("Other")})
		refused(t, err, domain.Stale, "stale_version")
		later := v.StartsAt.Add(7 * 24 * time.Hour)
		if v, err = w.Act(t.Context(), fay, v.ID, domain.RescheduleOffering, workflows.OfferingMoved{OfferingInput: domain.OfferingInput{Reason: "Illness", StartsAt: &later}}); err != nil || !v.StartsAt.Equal(later) {
			t.Fatalf("rescheduled to %v, %v", v.StartsAt, err)
		}
		f.At("2027-05-27T13:00:00-05:00")
		if n, err := w.CloseDue(t.Context()); err != nil || n != 1 {
			t.Fatalf("%d closed, %v", n, err)
		}
		if n, err := w.CloseDue(t.Context()); err != nil || n != 0 {
			t.Fatalf("%d closed again, %v", n, err)
		}
		v, err = w.Get(t.Context(), fay, v.ID)
		if err != nil || v.Status != domain.OfferingClosed {
			t.Fatalf("%s, %v", v.Status, err)
		}
	})
}

// TestSeatsOfOffering takes seats in parallel: never more than there are.
func TestSeatsOfOffering(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, _ workflows.Proposals) {
		v := onSale(t, f, "Seats", 20)
		take := func(n int) error {
			ok, err := store.Write(t.Context(), f.Store, func(tx *store.Tx) (bool, error) { return tx.TakeSeats(v.ID, n) })
			if err == nil && !ok {
				err = errSoldOut
			}
			return err
		}
		won, _ := race(16, func(int) error { return take(3) })
		if won != 6 {
			t.Errorf("%d buyers of 3 seats each, of 20", won)
		}
		_, err := workflows.Offerings{Base: f.Base}.Edit(t.Context(), f.Actor("Fay Nguyen"), v.ID, workflows.OfferingChange{Version: v.Version, Capacity: number(17)})
		refused(t, err, domain.Conflict, "capacity_below_taken")
		if _, err := store.Write(t.Context(), f.Store, func(tx *store.Tx) (struct{}, error) { return struct{}{}, tx.GiveSeats(v.ID, 18) }); err != nil {
			t.Error(err) // they were nobody's
		}
	})
}

func number(n int) *int { return &n }

var errSoldOut = errors.New("sold out")

// TestOfferingCancelled voids the stipends that are not paid.
func TestOfferingCancelled(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		v := onSale(t, f, "Called off", 50)
		p, err := w.Get(t.Context(), f.Actor("Ben Castellano"), v.ProposalID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Designate(t.Context(), f.Actor("Ben Castellano"), p.ID, p.Facts.Speakers[0].ID); err != nil {
			t.Fatal(err)
		}
		sale, fay := workflows.Offerings{Base: f.Base}, f.Actor("Fay Nguyen")
		_, err = sale.Act(t.Context(), fay, v.ID, domain.CancelOffering, workflows.OfferingMoved{})
		refused(t, err, domain.Invalid, "required")
		if _, err = sale.Act(t.Context(), fay, v.ID, domain.CancelOffering, workflows.OfferingMoved{OfferingInput: domain.OfferingInput{Reason: "The speaker left."}}); err != nil {
			t.Fatal(err)
		}
		p, err = w.Get(t.Context(), f.Actor("Ben Castellano"), v.ProposalID)
		if err != nil || p.Facts.Stipends[0].State != domain.StipendVoid {
			t.Errorf("stipend %+v, %v", p.Facts.Stipends, err)
		}
	})
}

// TestCatalogueWords finds a webinar by what its own page says, whatever became of
// the proposal it was made from.
func TestCatalogueWords(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, _ workflows.Proposals) {
		w := workflows.Offerings{Base: f.Base}
		v := onSale(t, f, "Budgeting for first-time managers", 50)
		found := func(words string) bool {
			t.Helper()
			page, err := w.Catalogue(t.Context(), domain.Actor{}, workflows.OfferingFilter{Words: words, Limit: 10})
			if err != nil {
				t.Fatal(err)
			}
			return len(page) == 1
		}
		if !found("budg first") || !found(v.Presenters[0].Name) || found("coin") {
			t.Error("it is not found by the words of its proposal")
		}
		if _, err := w.Edit(t.Context(), f.Actor("Fay Nguyen"), v.ID, workflows.OfferingChange{Title: text("Coins, not coffee")}); err != nil {
			t.Fatal(err)
		}
		if found("first") || !found("coin coffee") || !found(v.Presenters[0].Name) {
			t.Error("after its title was edited it is found by the old one")
		}
	})
}
