package workflows_test

import (
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

const linkKey = "a key of the tests, 32 characters long"

// sale is a webinar on sale, with everything that sells it.
type sale struct {
	*sectiontest.Fixture
	orders   workflows.Orders
	offering domain.Offering
	refused  *atomic.Int64 // buyers who found it sold out
	t        testing.TB
}

// selling puts a webinar of so many seats on sale, on April 5, 2027, live on May 20;
// purchase orders up to the limit, in cents, are accepted at once.
func selling(t *testing.T, s *store.Store, capacity, limit int) *sale {
	t.Helper()
	f := sectiontest.New(t, s)
	w := &sale{Fixture: f, t: t, refused: new(atomic.Int64), orders: workflows.Orders{Base: f.Base, Links: workflows.Links{BaseURL: "https://lectern.example.org", Keys: []string{linkKey}}}}
	w.offering = putOnSale(t, f, "Leading a Team You Inherited", capacity, limit)
	return w
}

func putOnSale(t *testing.T, f *sectiontest.Fixture, title string, capacity, limit int) domain.Offering {
	t.Helper()
	v := onSale(t, f, title, capacity)
	v, err := workflows.Offerings{Base: f.Base}.Edit(t.Context(), f.Actor("Fay Nguyen"), v.ID, workflows.OfferingChange{Version: v.Version, CreditLimitCents: &limit})
	if err != nil {
		t.Fatal(err)
	}
	f.At("2027-04-05T13:00:00-05:00")
	return v.Offering
}

func (w *sale) wish(seats, number string) workflows.HoldWish {
	return workflows.HoldWish{Wish: domain.Wish{Seats: seats, Name: "Ines Duarte", Email: "ines.duarte@example.org", Institution: "Cedar County Library"}, MemberNumber: number}
}

func (w *sale) hold(seats string) workflows.OrderView {
	w.t.Helper()
	v, err := w.orders.Hold(w.t.Context(), domain.Actor{}, w.offering.Slug, w.wish(seats, ""))
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

// act makes a move and fails the test when it is refused.
func (w *sale) act(who domain.Actor, id string, a domain.OrderAction, in domain.OrderInput) workflows.OrderView {
	w.t.Helper()
	v, err := w.orders.Act(w.t.Context(), who, id, a, workflows.OrderChange{OrderInput: in})
	if err != nil {
		w.t.Fatalf("%s: %v", a, err)
	}
	return v
}

func buyerOf(o domain.Order) domain.Actor {
	return domain.Actor{OrderID: o.ID, OrderSerial: o.LinkSerial}
}

var billing = domain.OrderInput{
	Billing: domain.Billing{Name: "Cedar County Library", Address: []string{"1 Main Street", "Cedar, OH 44000"}}, PONumber: "CCL-20418",
}

func (w *sale) taken() int {
	w.t.Helper()
	return sectiontest.Read(w.Fixture, func(tx *store.Tx) (domain.Offering, error) {
		return tx.SeeOffering(domain.TheClock(w.Now()), w.offering.ID)
	}).Taken
}

// proven runs lectern check and complains of every broken invariant.
func (w *sale) proven() {
	w.t.Helper()
	for _, f := range sectiontest.Read(w.Fixture, func(tx *store.Tx) ([]store.Finding, error) { return tx.Check(w.Now()) }) {
		if len(f.Broken) > 0 {
			w.t.Errorf("%s: %v", f.Name, f.Broken)
		}
	}
}

func (w *sale) mails(kind domain.NoticeKind) []domain.Mail {
	w.t.Helper()
	return sectiontest.Read(w.Fixture, func(tx *store.Tx) ([]domain.Mail, error) {
		return tx.Mails(store.MailFilter{Kind: kind, Limit: 100})
	})
}

// TestOrderByPO is E4's first half: nine seats for a member, 44100 cents, by
// purchase order, seats before money; then the whole order is cancelled.
func TestOrderByPO(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 50, 0)
		w.member("ines.duarte@example.org", "M-7", "division_member", "2027-06-30")
		held, err := w.orders.Hold(t.Context(), domain.Actor{}, w.offering.Slug, w.wish("9", " m-7 "))
		if err != nil || held.TotalCents != 44100 || held.Evidence.Kind != domain.EvidenceNumber || held.State != domain.OrderHeld || w.taken() != 9 {
			t.Fatalf("%+v, %v", held.Order, err)
		}
		me := buyerOf(held.Order)
		waits := w.act(me, held.ID, domain.SubmitPO, billing)
		if waits.State != domain.OrderAwaiting || len(waits.Documents) != 1 || waits.Documents[0].Number != "INV-00001" || waits.Documents[0].Cents != 44100 || len(waits.Facts.Seats) != 0 {
			t.Fatalf("%+v", waits)
		}
		done := w.act(w.Actor("Fay Nguyen"), held.ID, domain.AcceptPO, domain.OrderInput{})
		if done.State != domain.OrderConfirmed || len(done.Facts.Seats) != 9 || done.DueOn != "2027-05-05" || done.Facts.Money.State() != domain.MoneyUnpaid || done.Facts.Money.OwedCents() != 44100 {
			t.Fatalf("%+v", done)
		}
		w.proven()
		gone := w.act(me, held.ID, domain.CancelOrder, domain.OrderInput{})
		if gone.State != domain.OrderCancelled || w.taken() != 0 || len(gone.Documents) != 2 || gone.Documents[1].Cents != -44100 || gone.Documents[1].Content.Credits != "INV-00001" || gone.Facts.Money.OwedCents() != 0 {
			t.Fatalf("%+v, %d taken", gone, w.taken())
		}
		for kind, n := range map[domain.NoticeKind]int{domain.OrderReceived: 1, domain.POWaits: 1, domain.OrderConfirmedNotice: 1, domain.OrderEnded: 1} {
			if got := len(w.mails(kind)); got != n {
				t.Errorf("%d mails %s, want %d", got, kind, n)
			}
		}
		w.proven()
	})
}

func (w *sale) member(email, number, class string, until domain.Date) {
	w.t.Helper()
	file := fmt.Sprintf("email,member_number,class,valid_to\n%s,%s,%s,%s\n", email, number, class, until)
	r, err := workflows.Members{Base: w.Base, Links: w.orders.Links}.ImportMembers(w.t.Context(), w.Actor("Fay Nguyen"), []byte(file))
	if err != nil || len(r.Refused) > 0 {
		w.t.Fatal(err, r.Refused)
	}
}

// TestFalseMember is X17: a false claim and no claim get the same answer.
func TestFalseMember(t *testing.T) {
	t.Parallel()
	w := selling(t, storetest.SQLite(t), 50, 0)
	w.member("member@example.org", "M-1", "division_member", "2027-06-30")
	w.member("lapsed@example.org", "M-2", "division_member", "2027-04-04")
	for _, c := range []struct{ email, number string }{
		{"stranger@example.org", ""},
		{"stranger@example.org", "M-1"},
		{"member@example.org", ""},
		{"member@example.org", "M-2"},
		{"lapsed@example.org", "M-2"},
	} {
		wish := w.wish("2", c.number)
		wish.Email = c.email
		v, err := w.orders.Hold(t.Context(), domain.Actor{}, w.offering.Slug, wish)
		if err != nil || v.UnitCents != 7900 || v.RateClass != domain.Nonmember || v.Evidence.Kind != domain.EvidenceNone || v.Evidence.Class != "" || v.Evidence.ValidTo != "" {
			t.Errorf("%s with %q: %+v, %v", c.email, c.number, v.Order, err)
		}
	}
	wish := w.wish("2", "")
	wish.Email = w.Person("Ana Reyes").Email
	w.member(wish.Email, "M-3", "division_member", "2027-06-30")
	if v, err := w.orders.Hold(t.Context(), w.Actor("Ana Reyes"), w.offering.Slug, wish); err != nil || v.UnitCents != 4900 || v.Evidence.Kind != domain.EvidenceSignIn {
		t.Errorf("signed in: %+v, %v", v.Order, err)
	}
	if v, err := w.orders.Hold(t.Context(), w.Actor("Ben Castellano"), w.offering.Slug, wish); err != nil || v.UnitCents != 7900 {
		t.Errorf("signed in as somebody else: %+v, %v", v.Order, err)
	}
}

// TestExpiry gives seats back when the time is over: by the sweep, and before
// anybody is told that all is taken.
func TestExpiry(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 10, 0)
		first, second := w.hold("9"), w.hold("1")
		if _, err := w.orders.Hold(t.Context(), domain.Actor{}, w.offering.Slug, w.wish("1", "")); !domain.HasCode(err, "sold_out") {
			t.Fatalf("%v", err)
		}
		w.act(buyerOf(second.Order), second.ID, domain.ExtendHold, domain.OrderInput{})
		w.At("2027-04-05T13:35:00-05:00") // the hold of 35 minutes is over, half-open
		if _, err := w.orders.Act(t.Context(), buyerOf(first.Order), first.ID, domain.SubmitPO, workflows.OrderChange{OrderInput: billing}); !domain.HasCode(err, "hold_expired") {
			t.Errorf("%v", err)
		}
		third := w.hold("9") // sweeps the first
		if v, err := w.orders.Order(t.Context(), buyerOf(first.Order), first.ID); err != nil || v.State != domain.OrderExpired || w.taken() != 10 {
			t.Errorf("%+v, %v, %d taken", v.Order, err, w.taken())
		}
		w.At("2027-04-05T13:50:00-05:00")
		if err := w.orders.ExpireDue(t.Context(), w.Now()); err != nil || w.taken() != 9 {
			t.Errorf("%v, %d taken", err, w.taken())
		}
		w.act(buyerOf(third.Order), third.ID, domain.SubmitPO, billing)
		if _, err := w.orders.Act(t.Context(), w.Actor("Fay Nguyen"), first.ID, domain.ReviveOrder, workflows.OrderChange{}); !domain.HasCode(err, "sold_out") {
			t.Errorf("revived into a full webinar: %v", err)
		}
		w.At("2027-04-15T00:00:00-05:00") // seven business days are over
		if err := w.orders.ExpireDue(t.Context(), w.Now()); err != nil || w.taken() != 0 {
			t.Errorf("%v, %d taken", err, w.taken())
		}
		back := w.act(w.Actor("Fay Nguyen"), third.ID, domain.ReviveOrder, domain.OrderInput{})
		if back.State != domain.OrderHeld || back.Number != third.Number || back.TotalCents != third.TotalCents || w.taken() != 9 {
			t.Errorf("%+v", back.Order)
		}
		again := w.act(buyerOf(third.Order), third.ID, domain.SubmitPO, billing)
		if len(again.Documents) != 3 || again.Facts.Money.OwedCents() != 9*7900 {
			t.Errorf("%+v", again.Documents)
		}
		w.proven()
	})
}

// TestChangeSeats takes and gives back the difference, with a revision for each price.
func TestChangeSeats(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 10, 0)
		o, other := w.hold("4"), w.hold("4")
		me := buyerOf(o.Order)
		if _, err := w.orders.Act(t.Context(), me, o.ID, domain.ChangeSeats, workflows.OrderChange{OrderInput: domain.OrderInput{Seats: "7"}}); !domain.HasCode(err, "sold_out") || w.taken() != 8 {
			t.Errorf("%v, %d taken", err, w.taken())
		}
		if v := w.act(me, o.ID, domain.ChangeSeats, domain.OrderInput{Seats: "6"}); v.TotalCents != 6*7900 || v.Revision != 2 || w.taken() != 10 {
			t.Errorf("%+v", v.Order)
		}
		w.act(me, o.ID, domain.ChangeSeats, domain.OrderInput{Seats: "1"})
		if _, err := w.orders.Order(t.Context(), me, other.ID); !domain.IsKind(err, domain.NotFound) {
			t.Errorf("another's order: %v", err)
		}
		if _, err := w.orders.Act(t.Context(), me, other.ID, domain.CancelOrder, workflows.OrderChange{}); !domain.IsKind(err, domain.NotFound) || w.taken() != 5 {
			t.Errorf("another's order: %v, %d taken", err, w.taken())
		}
		w.proven()
	})
}

var fixtures sync.Map // of *store.Store to *sectiontest.Fixture

// sellingAgain puts one more webinar on sale in a store.
func sellingAgain(t *testing.T, s *store.Store, round int) *sale {
	t.Helper()
	kept, there := fixtures.Load(s)
	if !there {
		w := selling(t, s, linearSeats, 1_000_000)
		fixtures.Store(s, w)
		return w
	}
	w := *kept.(*sale)
	w.offering = putOnSale(t, w.Fixture, "Another "+strconv.Itoa(round), linearSeats, 1_000_000)
	return &w
}

// TestOrdersCalledOff cancels a webinar under a held, a waiting and a confirmed
// order: each ends by itself, once, with its seats, its invoice and its mail.
func TestOrdersCalledOff(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 50, 0)
		var ids []string
		for i := range 3 {
			o, err := w.orders.Hold(t.Context(), domain.Actor{}, w.offering.Slug, w.wish("2", ""))
			if err != nil {
				t.Fatal(err)
			}
			if i > 0 {
				w.act(buyerOf(o.Order), o.ID, domain.SubmitPO, billing)
			}
			ids = append(ids, o.ID)
		}
		w.act(w.Actor("Fay Nguyen"), ids[2], domain.AcceptPO, domain.OrderInput{})
		if n, err := w.orders.CallOffDue(t.Context()); n != 0 || err != nil || w.taken() != 6 {
			t.Fatalf("%d called off before the webinar was, %v", n, err)
		}
		sale := workflows.Offerings{Base: w.orders.Base}
		if _, err := sale.Act(t.Context(), w.Actor("Fay Nguyen"), w.offering.ID, domain.CancelOffering, workflows.OfferingMoved{OfferingInput: domain.OfferingInput{Reason: "The speaker is ill."}}); err != nil {
			t.Fatal(err)
		}
		for _, want := range []int{3, 0} {
			if n, err := w.orders.CallOffDue(t.Context()); n != want || err != nil {
				t.Fatalf("%d called off, not %d, %v", n, want, err)
			}
		}
		for _, id := range ids {
			v, err := w.orders.Order(t.Context(), w.Actor("Fay Nguyen"), id)
			if err != nil || v.State != domain.OrderCancelled || v.Facts.Money.OwedCents() != 0 || v.Reason != "The webinar was cancelled. The speaker is ill." {
				t.Errorf("%+v, %v", v.Order, err)
			}
		}
		if got := len(w.mails(domain.OrderEnded)); got != 2 || w.taken() != 0 {
			t.Errorf("%d mails to buyers, %d seats taken", got, w.taken())
		}
		w.proven()
	})
}
