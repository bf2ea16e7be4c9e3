package workflows_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// shared is an order of nine with two people named, and one of fourteen that waits
// to take its place.
func (w *sale) shared() (nine, fourteen domain.Order) {
	w.t.Helper()
	v := w.nineConfirmed()
	if _, err := w.orders.PasteSeats(w.t.Context(), buyerOf(v.Order), v.ID, 0, "Ella Grant, ella@example.org\nHugo Braun, hugo@example.org"); err != nil {
		w.t.Fatal(err)
	}
	return v.Order, *w.accept(w.inPlace(v.Order, false))
}

func (w *sale) order(id string) workflows.OrderView {
	w.t.Helper()
	v, err := w.orders.Order(w.t.Context(), w.Actor("Fay Nguyen"), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

// TestSharedCancelled: buyer and staff may cancel an order although another one waits
// to take its place. The seats they share stay with that one, so nobody can buy them;
// it is confirmed with all its seats, without credit, or gives back exactly those.
func TestSharedCancelled(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		who   string
		after domain.OrderAction
		taken int
	}{
		{"buyer", domain.AcceptPO, 14}, {"staff", domain.AcceptPO, 14}, {"staff", domain.RejectPO, 0}, {"buyer", domain.CancelOrder, 0}, {"buyer", domain.LapsePO, 0},
	} {
		t.Run(c.who+" then "+string(c.after), func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				w := selling(t, s, 14, 0)
				fay, reason := w.Actor("Fay Nguyen"), domain.OrderInput{Reason: "Asked by mail.", PONumber: "1"}
				nine, made := w.shared()
				who := map[string]domain.Actor{"buyer": buyerOf(nine), "staff": fay}[c.who]
				w.sharedCancelled(who, nine, made)
				switch c.after {
				case domain.LapsePO:
					w.At("2027-04-20T12:00:00-05:00")
					if err := w.orders.ExpireDue(t.Context(), w.Now()); err != nil {
						t.Fatal(err)
					}
				default:
					done := w.act(fay, made.ID, c.after, reason)
					if live := len(done.Facts.Seats); done.State == domain.OrderConfirmed && (live != 14 || done.Facts.Money.OwedCents() != 14*3900 || done.Facts.Money.PaidCents != 0) {
						t.Errorf("%d seats, %+v", live, done.Facts.Money)
					}
				}
				if w.taken() != c.taken {
					t.Errorf("%d taken after %s", w.taken(), c.after)
				}
				w.proven()
			})
		})
	}
}

// sharedCancelled cancels the nine, and looks at what both orders are afterwards.
func (w *sale) sharedCancelled(who domain.Actor, nine, made domain.Order) {
	t := w.t
	t.Helper()
	seen, err := w.orders.Order(t.Context(), who, nine.ID)
	if err != nil || !domain.May(seen.Open, domain.CancelOrder) || seen.Facts.Sharer == nil || seen.Facts.Sharer.Number != made.Number {
		t.Fatalf("the nine cannot be cancelled: %+v, %v", seen.Open, err)
	}
	done := w.act(who, nine.ID, domain.CancelOrder, domain.OrderInput{Reason: "Asked by mail."})
	if m := done.Facts.Money; done.State != domain.OrderCancelled || len(done.Documents) != 2 || done.Documents[1].Cents != -9*7900 || m.OwedCents() != 0 {
		t.Errorf("cancelled: %+v", done)
	}
	for _, s := range w.order(nine.ID).Facts.Seats {
		if s.State != domain.SeatCancelled {
			t.Errorf("seat %d is %s", s.Seq, s.State)
		}
	}
	if n := len(w.mails(domain.SeatEnded)); n != 2 {
		t.Errorf("%d people were told", n)
	}
	if said := fmt.Sprint(w.mails(domain.OrderEnded)); !strings.Contains(said, "Its 9 seats stay with order "+made.Number) || strings.Contains(said, "went back") {
		t.Errorf("the buyer is told %s", said)
	}
	heir := w.order(made.ID)
	if w.taken() != 14 || heir.State != domain.OrderAwaiting || heir.Shares != 0 || heir.SharesWith != "" || heir.TotalCents != made.TotalCents || len(heir.Documents) != 1 || len(heir.Facts.Seats) != 0 {
		t.Errorf("%d taken, %+v", w.taken(), heir)
	}
	if _, err := w.orders.Hold(t.Context(), domain.Actor{}, w.offering.Slug, w.wish("1", "")); !domain.HasCode(err, "sold_out") {
		t.Errorf("a seat of the waiting order was sold: %v", err)
	}
	steps, err := w.orders.History(t.Context(), w.Actor("Fay Nguyen"), made.ID)
	if err != nil || len(steps) == 0 || !strings.Contains(fmt.Sprint(steps), "9 of them from order "+nine.Number) {
		t.Errorf("its history is %+v, %v", steps, err)
	}
	w.proven()
}

// TestSharedPaid: what is paid is not cancelled, with or without an order that waits;
// it is credited when that one takes its place.
func TestSharedPaid(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 14, 0)
		fay := w.Actor("Fay Nguyen")
		nine, made := w.shared()
		w.pay(nine.ID, 40_000)
		for _, who := range []domain.Actor{buyerOf(nine), fay} {
			if _, err := w.orders.Act(t.Context(), who, nine.ID, domain.CancelOrder, workflows.OrderChange{OrderInput: domain.OrderInput{Reason: "x"}}); !domain.HasCode(err, "is_paid") {
				t.Errorf("cancelled what is paid: %v", err)
			}
		}
		if done := w.act(fay, made.ID, domain.AcceptPO, domain.OrderInput{}); done.Facts.Money.PaidCents != 40_000 || w.taken() != 14 {
			t.Errorf("%d taken, %+v", w.taken(), done.Facts.Money)
		}
		w.proven()
	})
}

// TestSharedInPart: an order that shares fewer seats than the other has keeps those
// only; the rest goes back.
func TestSharedInPart(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 50, 0)
		fay := w.Actor("Fay Nguyen")
		nine := w.hold("4")
		wish := domain.QuoteWish{Wish: w.wish("10", "").Wish, PayBy: domain.PayByPO, Replaces: nine.Number}
		q, err := w.quotes().Request(t.Context(), buyerOf(nine.Order), w.offering.Slug, wish)
		if err != nil {
			t.Fatal(err)
		}
		q = w.onQuote(fay, q.ID, domain.OfferQuote, domain.QuoteInput{Seats: "6", UnitCents: 3900})
		w.act(buyerOf(nine.Order), nine.ID, domain.ChangeSeats, domain.OrderInput{Seats: "9"})
		w.act(buyerOf(nine.Order), nine.ID, domain.SubmitPO, billing)
		w.act(fay, nine.ID, domain.AcceptPO, domain.OrderInput{})
		made := w.accept(q)
		if made.Shares != 6 || w.taken() != 9 {
			t.Fatalf("%d taken, %+v", w.taken(), made)
		}
		w.act(buyerOf(nine.Order), nine.ID, domain.CancelOrder, domain.OrderInput{})
		if w.taken() != 6 || w.order(made.ID).Shares != 0 {
			t.Errorf("%d taken", w.taken())
		}
		w.proven()
	})
}

// TestSharedRace cancels an order while the one that is to take its place is
// confirmed, rejected or lapses, a second offer for the same place is accepted, and
// others want every seat there is.
func TestSharedRace(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 100_000, 0)
		for round := range 20 {
			w.sharedRace(round)
		}
	})
}

func (w *sale) sharedRace(round int) {
	t, fay := w.t, w.Actor("Fay Nguyen")
	nine := w.nineConfirmed().Order
	made, second := w.accept(w.inPlace(nine, false)), w.inPlace(nine, round%2 == 0)
	later := w.orders
	end := w.Now().Add(20 * 24 * time.Hour)
	later.Now = func() time.Time { return end }
	reason := workflows.OrderChange{OrderInput: domain.OrderInput{Reason: "x", PONumber: "1"}}
	moves := []func(context.Context) error{
		func(ctx context.Context) error {
			_, err := w.orders.Act(ctx, buyerOf(nine), nine.ID, domain.CancelOrder, reason)
			return err
		},
		func(ctx context.Context) error {
			_, err := w.orders.Act(ctx, fay, nine.Number, domain.CancelOrder, reason)
			return err
		},
		func(ctx context.Context) error {
			_, err := w.orders.Act(ctx, fay, made.ID, domain.AcceptPO, reason)
			return err
		},
		func(ctx context.Context) error {
			_, err := w.orders.Act(ctx, fay, made.ID, domain.RejectPO, reason)
			return err
		},
		func(ctx context.Context) error {
			_, err := later.Act(ctx, domain.TheClock(end), made.ID, domain.LapsePO, workflows.OrderChange{})
			return err
		},
		func(ctx context.Context) error {
			_, err := w.quotes().Act(ctx, quoteBuyer(second.Quote), second.ID, domain.AcceptQuote, workflows.QuoteChange{QuoteInput: accepting(1)})
			return err
		},
	}
	dice := rand.New(rand.NewPCG(uint64(round), 8))
	order := dice.Perm(len(moves))
	_, lost := race(len(moves), func(i int) error { return moves[order[i]](t.Context()) })
	for _, err := range lost {
		if !domain.IsKind(err, domain.Conflict) && !domain.IsKind(err, domain.Stale) {
			t.Errorf("round %d: %v", round, err)
		}
	}
	w.proven()
	old, heir := w.order(nine.ID), w.order(made.ID)
	if old.State == domain.OrderCancelled && heir.Shares != 0 {
		t.Errorf("round %d: shares %d of a cancelled order", round, heir.Shares)
	}
	live := sectiontest.Read(w.Fixture, func(tx *store.Tx) (n int, err error) {
		stands, err := tx.SaleStands(10)
		for _, s := range stands {
			n += s.Held + s.Awaiting + s.Confirmed
		}
		return n, err
	})
	if live != w.taken() {
		t.Errorf("round %d: %d taken, orders have %d", round, w.taken(), live)
	}
}
