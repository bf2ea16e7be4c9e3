package workflows_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// nineConfirmed is an order of nine seats, confirmed.
func (w *sale) nineConfirmed() workflows.OrderView {
	w.t.Helper()
	nine := w.hold("9")
	w.act(buyerOf(nine.Order), nine.ID, domain.SubmitPO, billing)
	return w.act(w.Actor("Fay Nguyen"), nine.ID, domain.AcceptPO, domain.OrderInput{})
}

// inPlace is an offer of fourteen seats in place of an order.
func (w *sale) inPlace(old domain.Order, hold bool) workflows.QuoteView {
	w.t.Helper()
	wish := domain.QuoteWish{Wish: w.wish("14", "").Wish, PayBy: domain.PayByPO, Replaces: old.Number}
	q, err := w.quotes().Request(w.t.Context(), buyerOf(old), w.offering.Slug, wish)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.onQuote(w.Actor("Fay Nguyen"), q.ID, domain.OfferQuote, domain.QuoteInput{UnitCents: 3900, Hold: hold})
}

func (w *sale) accept(q workflows.QuoteView) *domain.Order {
	w.t.Helper()
	return w.onQuote(quoteBuyer(q.Quote), q.ID, domain.AcceptQuote, accepting(1)).Made
}

// TestQuoteFitsNet: fourteen in place of nine fit a webinar of fourteen seats. While
// the new order waits, the nine are counted once.
func TestQuoteFitsNet(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 14, 0)
		fay := w.Actor("Fay Nguyen")
		nine := w.nineConfirmed()
		reason := domain.OrderInput{Reason: "Asked by mail."}
		first, second := w.inPlace(nine.Order, false), w.inPlace(nine.Order, false)
		made := w.accept(first)
		if w.taken() != 14 || made.State != domain.OrderAwaiting || made.Shares != 9 || made.SharesWith != nine.ID {
			t.Fatalf("%d taken, %+v", w.taken(), made)
		}
		w.proven()
		w.refusesQuote(quoteBuyer(second.Quote), second.ID, domain.AcceptQuote, accepting(1), "sold_out", domain.Conflict)
		w.act(fay, made.ID, domain.RejectPO, reason)
		if w.taken() != 9 {
			t.Errorf("%d taken after the rejection", w.taken())
		}
		w.proven()
		made = w.accept(second)
		done := w.act(fay, made.ID, domain.AcceptPO, domain.OrderInput{})
		if w.taken() != 14 || len(done.Facts.Seats) != 14 || done.Shares != 0 {
			t.Errorf("%d taken, %+v", w.taken(), done.Order)
		}
		if old, err := w.orders.Order(t.Context(), fay, nine.ID); err != nil || old.State != domain.OrderCancelled {
			t.Errorf("%+v, %v", old.Order, err)
		}
		w.proven()
	})
}

// TestQuoteFitsAtOnce: the same, confirmed without staff.
func TestQuoteFitsAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 14, 1_000_000)
		nine := w.hold("9")
		w.act(buyerOf(nine.Order), nine.ID, domain.SubmitPO, billing)
		if made := w.accept(w.inPlace(nine.Order, false)); w.taken() != 14 || made.State != domain.OrderConfirmed || made.Shares != 0 {
			t.Errorf("%d taken, %+v", w.taken(), made)
		}
		w.proven()
	})
}

// TestQuoteHeldThenShared: an offer that held all its seats gives back those it need
// not have once it is accepted; when the order lapses, the nine are as they were.
func TestQuoteHeldThenShared(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 50, 0)
		nine := w.nineConfirmed()
		q := w.inPlace(nine.Order, true)
		if w.taken() != 23 {
			t.Fatalf("%d taken by an offer that holds", w.taken())
		}
		if w.accept(q); w.taken() != 14 {
			t.Errorf("%d taken after the acceptance", w.taken())
		}
		w.proven()
		w.At("2027-04-20T12:00:00-05:00")
		if err := w.orders.ExpireDue(t.Context(), w.Now()); err != nil || w.taken() != 9 {
			t.Errorf("%v, %d taken after the lapse", err, w.taken())
		}
		w.act(buyerOf(nine.Order), nine.ID, domain.CancelOrder, domain.OrderInput{})
		w.proven()
	})
}

// TestSharedAndCalledOff ends both orders of a cancelled webinar, whichever is first.
func TestSharedAndCalledOff(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 14, 0)
		nine := w.nineConfirmed()
		made := w.accept(w.inPlace(nine.Order, false))
		fay := w.Actor("Fay Nguyen")
		if _, err := (workflows.Offerings{Base: w.Base}).Act(t.Context(), fay, w.offering.ID, domain.CancelOffering, workflows.OfferingMoved{OfferingInput: domain.OfferingInput{Reason: "The speaker is ill."}}); err != nil {
			t.Fatal(err)
		}
		w.act(domain.TheClock(w.Now()), nine.ID, domain.CallOffOrder, domain.OrderInput{})
		w.proven()
		if _, err := w.orders.Act(t.Context(), fay, made.ID, domain.AcceptPO, workflows.OrderChange{}); !domain.IsKind(err, domain.Conflict) {
			t.Errorf("accepted for a cancelled webinar: %v", err)
		}
		w.act(domain.TheClock(w.Now()), made.ID, domain.CallOffOrder, domain.OrderInput{})
		if w.taken() != 0 {
			t.Errorf("%d taken", w.taken())
		}
		w.proven()
	})
}

// TestReplacedBesideBuyers accepts, rejects and confirms orders that are to take the
// place of others while buyers take what is left and the others are cancelled.
func TestReplacedBesideBuyers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 60, 0)
		fay := w.Actor("Fay Nguyen")
		var nines []domain.Order
		var offers []workflows.QuoteView
		for i := range 4 {
			nines = append(nines, w.nineConfirmed().Order)
			offers = append(offers, w.inPlace(nines[i], false), w.inPlace(nines[i], false))
		}
		_, lost := race(24, func(i int) error {
			dice := rand.New(rand.NewPCG(uint64(i), 4))
			switch {
			case i < 8:
				v, err := w.quotes().Act(t.Context(), quoteBuyer(offers[i].Quote), offers[i].ID, domain.AcceptQuote, workflows.QuoteChange{QuoteInput: accepting(1)})
				if err != nil {
					return err
				}
				end := []domain.OrderAction{domain.AcceptPO, domain.RejectPO}[dice.IntN(2)]
				_, err = w.orders.Act(t.Context(), fay, v.Made.ID, end, workflows.OrderChange{OrderInput: domain.OrderInput{PONumber: "1", Reason: "x"}})
				return err
			case i < 12:
				_, err := w.orders.Act(t.Context(), fay, nines[i-8].ID, domain.CancelOrder, workflows.OrderChange{OrderInput: domain.OrderInput{Reason: "x"}})
				return err
			}
			_, err := w.orders.Hold(t.Context(), domain.Actor{}, w.offering.Slug, w.wish("3", ""))
			return err
		})
		for _, err := range lost {
			if !domain.IsKind(err, domain.Conflict) && !domain.IsKind(err, domain.Stale) {
				t.Error(err)
			}
		}
		if n := w.taken(); n > 60 {
			t.Errorf("%d of 60 taken", n)
		}
		w.proven()
	})
}

// TestQuoteInTotal: a total that no price of a seat gives is kept to the cent on the
// quote, its order, its invoice and in the mail, also when the order takes another's
// place; one that a price of a seat gives is that price.
func TestQuoteInTotal(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 50, 0)
		fay := w.Actor("Fay Nguyen")
		nine := w.nineConfirmed()
		w.pay(nine.ID, 40_000)
		asked := w.inPlace(nine.Order, false)
		if even := w.onQuote(fay, asked.ID, domain.ReviseQuote, domain.QuoteInput{TotalCents: 14 * 3900}); even.UnitCents != 3900 || even.TotalCents != 14*3900 {
			t.Errorf("an even total: %d, %d", even.UnitCents, even.TotalCents)
		}
		q := w.onQuote(fay, asked.ID, domain.ReviseQuote, domain.QuoteInput{TotalCents: 50_000, Hold: true})
		line := q.Revisions[2].Content.Lines[0]
		if q.UnitCents != 0 || q.TotalCents != 50_000 || line.Cents != 50_000 || line.Words() != "14 seats, one price for all of them" {
			t.Errorf("offered %d, %+v", q.TotalCents, line)
		}
		if mails := w.mails(domain.QuoteOut); !slices.ContainsFunc(mails, func(m domain.Mail) bool { return strings.Contains(fmt.Sprint(m), "cost $500.00 together.") }) {
			t.Errorf("the mails say %+v", mails)
		}
		made := w.onQuote(quoteBuyer(q.Quote), q.ID, domain.AcceptQuote, accepting(3)).Made
		o := w.act(fay, made.ID, domain.AcceptPO, domain.OrderInput{})
		if o.TotalCents != 50_000 || o.UnitCents != 0 || o.Facts.Money.ChargedCents != 50_000 || o.Facts.Money.OwedCents() != 10_000 || o.Documents[0].Content.Lines[0].Words() != line.Words() {
			t.Errorf("ordered %+v", o)
		}
		w.proven()
	})
}
