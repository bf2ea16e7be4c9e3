package domain

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func saleOffering() Offering {
	starts := at("2027-05-20T18:00:00Z")
	return Offering{
		ID: "o1", Slug: "leading", Title: "Leading a Team You Inherited", Status: OfferingPublished, StartsAt: &starts, Minutes: 60, Zone: "America/Chicago",
		Capacity: 50, POAllowed: true, QuoteFrom: 10, MaxSelfServe: 9, HoldMinutes: 35,
	}
}

func saleTiers() []PriceTier {
	var all []PriceTier
	for class, cents := range map[string]int{"division_member": 4900, "ala_member": 5900, Nonmember: 7900, "student_retired": 2500} {
		all = append(all, PriceTier{RateClass: class, Label: class, MinSeats: 1, MaxSeats: 9, UnitCents: cents})
	}
	return all
}

func saleFacts(who Actor) OrderFacts {
	return OrderFacts{Actor: who, Now: at("2027-04-05T18:00:00Z"), Offering: saleOffering(), Tiers: saleTiers(), Terms: DefaultSaleTerms()}
}

// buyer is the actor of the order made by saleOrder.
func buyer() Actor { return Actor{OrderID: "order-1", OrderSerial: 1} }

func saleOrder(seats int) Order {
	f := saleFacts(Actor{})
	tier, _ := TierFor(f.Tiers, Nonmember, seats)
	o := NewOrder(Wish{Name: "Ines Duarte", Email: "ines@example.org", Institution: "Cedar County Library"}, seats, tier, Evidence{}, f)
	o.ID, o.Number = "order-1", "LM-1001"
	return o
}

func orderIn(s OrderState) Order {
	o := saleOrder(2)
	now := at("2027-04-05T18:00:00Z")
	o.State = s
	if s == OrderConfirmed {
		o.ExpiresAt, o.ConfirmedAt = nil, &now
	}
	if s == OrderExpired || s == OrderCancelled {
		o.ExpiresAt, o.EndedAt = nil, &now
	}
	return o
}

// TestKept names the seats that stay with the order that waits, which does not keep
// anybody from cancelling; another order cannot take its place.
func TestKept(t *testing.T) {
	t.Parallel()
	for shares, want := range map[int]string{0: "", 2: "Its 2 seats stay with order LM-1043", 1: "Of its 2 seats, 1 stays with order LM-1043"} {
		o, f := orderIn(OrderConfirmed), saleFacts(buyer())
		if shares > 0 {
			f.Sharer = &Order{Number: "LM-1043", Shares: shares}
		}
		if got := f.Kept(o); got != want {
			t.Errorf("%d shared: %q", shares, got)
		}
		if why := o.Why(CancelOrder, f); len(why) > 0 {
			t.Errorf("%d shared: %v", shares, why)
		}
		f.Actor, f.By = TheClock(f.Now), "LM-1044"
		if err := o.Do(ReplaceOrder, f); shares > 0 != HasCode(err, "being_replaced") {
			t.Errorf("%d shared: replaced by another: %v", shares, err)
		}
		f.Offering.Status = OfferingCancelled
		if got := f.Kept(o); got != "" {
			t.Errorf("%d shared of a cancelled webinar: %q", shares, got)
		}
	}
	alone := orderIn(OrderAwaiting)
	if err := alone.Do(InheritSeats, saleFacts(TheClock(at("2027-04-05T18:00:00Z")))); !HasCode(err, "not_shared") {
		t.Errorf("keeps what it does not share: %v", err)
	}
}

// TestParseSeats is X14: what is no number of seats is refused at its field.
func TestParseSeats(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "0", "-1", "1.5", "9 ", " 9", "1e9", "1000000000", "nine", "٩", "+9", "09", "9\n"} {
		if n, why := ParseSeats(bad); len(why) != 1 || why[0].Pointer != "/seats" || why[0].Kind != Invalid {
			t.Errorf("%q is %d: %v", bad, n, why)
		}
	}
	for good, want := range map[string]int{"1": 1, "9": 9, "100": 100} {
		if n, why := ParseSeats(good); n != want || why != nil {
			t.Errorf("%q is %d, %v", good, n, why)
		}
	}
}

func TestMayHold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, seats, class string
		edit               func(*OrderFacts, *Wish)
		cents              int
		code               string
		kind               Kind
	}{
		{name: "nine of a member", seats: "9", class: "division_member", cents: 44100},
		{name: "one of nobody", seats: "1", class: Nonmember, cents: 7900},
		{name: "ten", seats: "10", class: "division_member", code: "quote_required", kind: Invalid},
		{name: "an odd class", seats: "1", class: "unheard", code: "no_price", kind: Invalid},
		{name: "not on sale", seats: "1", class: Nonmember, edit: func(f *OrderFacts, _ *Wish) { f.Offering.Status = "closed" }, code: "not_on_sale", kind: Conflict},
		{name: "too early", seats: "1", class: Nonmember, edit: func(f *OrderFacts, _ *Wish) { later := f.Now.Add(time.Hour); f.Offering.SalesOpenAt = &later }, code: "sales_not_open", kind: Conflict},
		{name: "at the end, which is over", seats: "1", class: Nonmember, edit: func(f *OrderFacts, _ *Wish) { f.Offering.SalesCloseAt = &f.Now }, code: "sales_over", kind: Conflict},
		{name: "no address", seats: "1", class: Nonmember, edit: func(_ *OrderFacts, w *Wish) { w.Email = "" }, code: "required", kind: Invalid},
		{name: "no such address", seats: "1", class: Nonmember, edit: func(_ *OrderFacts, w *Wish) { w.Email = "ines" }, code: "not_an_address", kind: Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, w := saleFacts(Actor{}), Wish{Seats: c.seats, Name: "Ines", Email: "ines@example.org"}
			if c.edit != nil {
				c.edit(&f, &w)
			}
			n, tier, why := MayHold(w, c.class, f)
			err := Refuse(why...)
			if c.code == "" && (err != nil || n*tier.UnitCents != c.cents) {
				t.Fatalf("%d seats at %d: %v", n, tier.UnitCents, err)
			}
			if c.code != "" && (!HasCode(err, c.code) || !IsKind(err, c.kind)) {
				t.Fatalf("%v, want %s", err, c.code)
			}
		})
	}
}

// TestEveryOrderMove tries every action from every state by everybody: the table's
// outcome, or a refusal that names what is possible.
func TestEveryOrderMove(t *testing.T) {
	t.Parallel()
	for who, actor := range map[Who]Actor{ByBuyer: buyer(), ByStaff: {ID: "s", Roles: []Role{Staff}}, ByClock: TheClock(at("2027-04-05T18:00:00Z")), ByFinance: {ID: "f", Roles: []Role{Finance}}} {
		for _, s := range OrderStates() {
			for _, m := range OrderMoves {
				t.Run(fmt.Sprintf("%s %s by %s", s, m.Action, who), func(t *testing.T) {
					t.Parallel()
					tryOrderMove(t, s, m.Action, who, actor)
				})
			}
		}
	}
}

func tryOrderMove(t *testing.T, s OrderState, a OrderAction, who Who, actor Actor) {
	t.Helper()
	o, f := orderIn(s), saleFacts(actor)
	f.Input = OrderInput{Seats: "3", Billing: Billing{Name: "Cedar County Library", Address: []string{"1 Main Street"}}, PONumber: "CCL-1", Reason: "Asked by mail."}
	if a == ExpireHold || a == LapsePO {
		f.Now = f.Now.Add(40 * time.Minute)
	}
	if a == CallOffOrder {
		f.Offering.Status = OfferingCancelled
	}
	if a == ConfirmFree {
		o.UnitCents, o.TotalCents = 0, 0
	}
	if a == RequoteOrder || a == ReleaseOrder {
		q := quoteIn(QuoteOffered)
		q.HoldUntil = q.ExpiresAt
		f.Quote, o.QuoteID, o.HoldKind = &q, q.ID, HoldQuote
	}
	if a == ReplaceOrder {
		f.By = "LM-1043"
	}
	if a == InheritSeats {
		o.Shares, o.SharesWith = 2, "another"
	}
	before := o
	err := o.Do(a, f)
	m, has := before.orderMove(a)
	allowed := has && slices.Contains(m.By, who)
	if allowed != (err == nil) {
		t.Fatalf("%v", err)
	}
	if err == nil {
		if len(m.To) > 0 && !slices.Contains(m.To, o.State) || len(m.To) == 0 && o.State != s || o.Version != before.Version+1 {
			t.Fatalf("is %s in version %d", o.State, o.Version)
		}
		if (o.ExpiresAt != nil) != (o.State == OrderHeld || o.State == OrderAwaiting) || (o.EndedAt != nil) != (o.State == OrderExpired || o.State == OrderCancelled) {
			t.Fatalf("the clocks of %s: %v, %v", o.State, o.ExpiresAt, o.EndedAt)
		}
		return
	}
	if o.State != before.State || o.Version != before.Version {
		t.Fatal("a refused move changed the order")
	}
	if !has && !HasCode(err, "not_from_here") || !has && !strings.Contains(err.Error(), "Possible now: ") {
		t.Fatalf("%v", err)
	}
}

func TestOrderGuards(t *testing.T) {
	t.Parallel()
	staff := Actor{ID: "s", Roles: []Role{Staff}}
	bill := OrderInput{Billing: Billing{Name: "Cedar", Address: []string{"1 Main Street"}}}
	for _, c := range []struct {
		name  string
		state OrderState
		do    OrderAction
		who   Actor
		edit  func(*Order, *OrderFacts)
		code  string
	}{
		{"an invoice", OrderHeld, SubmitPO, buyer(), func(_ *Order, f *OrderFacts) { f.Input = bill }, ""},
		{"an invoice to nowhere", OrderHeld, SubmitPO, buyer(), nil, "required"},
		{"an invoice too late in the hold", OrderHeld, SubmitPO, buyer(), func(_ *Order, f *OrderFacts) { f.Input, f.Now = bill, f.Now.Add(35*time.Minute) }, "hold_expired"},
		{"an invoice that is not offered", OrderHeld, SubmitPO, buyer(), func(_ *Order, f *OrderFacts) { f.Input, f.Offering.POAllowed = bill, false }, "po_not_allowed"},
		{"an invoice of nothing", OrderHeld, SubmitPO, buyer(), func(o *Order, f *OrderFacts) { f.Input, o.TotalCents = bill, 0 }, "nothing_to_pay"},
		{"an invoice two days before", OrderHeld, SubmitPO, buyer(), func(o *Order, f *OrderFacts) {
			f.Input, f.Now = bill, at("2027-05-19T18:00:00Z")
			until := f.Now.Add(time.Minute)
			o.ExpiresAt = &until
		}, "too_late_for_po"},
		{"the same within the credit limit", OrderHeld, SubmitPO, buyer(), func(o *Order, f *OrderFacts) {
			f.Input, f.Now, f.Offering.CreditLimitCents = bill, at("2027-05-19T18:00:00Z"), o.TotalCents
			until := f.Now.Add(time.Minute)
			o.ExpiresAt = &until
		}, ""},
		{"acceptance without a number", OrderAwaiting, AcceptPO, staff, nil, "required"},
		{"acceptance by the buyer", OrderAwaiting, AcceptPO, buyer(), func(_ *Order, f *OrderFacts) { f.Input.PONumber = "1" }, "not_your_move"},
		{"rejection without a reason", OrderAwaiting, RejectPO, staff, nil, "required"},
		{"more time", OrderHeld, ExtendHold, buyer(), nil, ""},
		{"more time twice", OrderHeld, ExtendHold, buyer(), func(o *Order, _ *OrderFacts) { o.Extended = true }, "already_extended"},
		{"more time too late", OrderHeld, ExtendHold, buyer(), func(_ *Order, f *OrderFacts) { f.Now = f.Now.Add(time.Hour) }, "hold_expired"},
		{"free seats that cost", OrderHeld, ConfirmFree, buyer(), nil, "not_free"},
		{"ten seats", OrderHeld, ChangeSeats, buyer(), func(_ *Order, f *OrderFacts) { f.Input.Seats = "10" }, "quote_required"},
		{"another number of quoted seats", OrderHeld, ChangeSeats, buyer(), func(o *Order, f *OrderFacts) { f.Input.Seats, o.QuoteID = "3", "q1" }, "quoted"},
		{"more seats after the sale", OrderHeld, ChangeSeats, buyer(), func(_ *Order, f *OrderFacts) { f.Input.Seats, f.Offering.Status = "3", "closed" }, "not_on_sale"},
		{"fewer seats after the sale", OrderHeld, ChangeSeats, buyer(), func(_ *Order, f *OrderFacts) { f.Input.Seats, f.Offering.Status = "1", "closed" }, ""},
		{"an end before its time", OrderHeld, ExpireHold, TheClock(at("2027-04-05T18:00:00Z")), nil, "not_over_yet"},
		{"a revival after the sale", OrderExpired, ReviveOrder, staff, func(_ *Order, f *OrderFacts) { f.Offering.Status = "closed" }, "not_on_sale"},
		{"a buyer's way out", OrderConfirmed, CancelOrder, buyer(), nil, ""},
		{"the last moment of it", OrderConfirmed, CancelOrder, buyer(), func(_ *Order, f *OrderFacts) { f.Now = at("2027-05-14T04:59:59Z") }, ""},
		{"the first too late", OrderConfirmed, CancelOrder, buyer(), func(_ *Order, f *OrderFacts) { f.Now = at("2027-05-14T05:00:00Z") }, "too_late_to_cancel"},
		{"staff then", OrderConfirmed, CancelOrder, staff, func(_ *Order, f *OrderFacts) { f.Now, f.Input.Reason = at("2027-05-18T05:00:00Z"), "Asked." }, ""},
		{"staff without a reason", OrderConfirmed, CancelOrder, staff, nil, "required"},
		{"a paid order", OrderConfirmed, CancelOrder, buyer(), func(_ *Order, f *OrderFacts) { f.Money = Money{ChargedCents: 1, PaidCents: 1} }, "is_paid"},
		{"a used order", OrderConfirmed, CancelOrder, buyer(), func(_ *Order, f *OrderFacts) { f.Seats = []Seat{{State: SeatAttended}} }, "was_used"},
		{"more time for a quote's seats", OrderHeld, ExtendHold, buyer(), func(o *Order, _ *OrderFacts) { o.QuoteID, o.HoldKind = "q1", HoldQuote }, "held_for_quote"},
		{"an invoice past the quote", OrderHeld, SubmitPO, buyer(), func(o *Order, f *OrderFacts) { f.Input, o.QuoteID, o.HoldKind = bill, "q1", HoldQuote }, "held_for_quote"},
		{"a quote's seats given back by staff", OrderHeld, CancelOrder, staff, func(o *Order, f *OrderFacts) { f.Input.Reason, o.QuoteID, o.HoldKind = "x", "q1", HoldQuote }, "held_for_quote"},
		{"a quoted order given back by its buyer", OrderConfirmed, CancelOrder, buyer(), func(o *Order, _ *OrderFacts) { o.QuoteID, o.HoldKind = "q1", HoldCheckout }, "quoted"},
		{"and by staff", OrderConfirmed, CancelOrder, staff, func(o *Order, f *OrderFacts) { f.Input.Reason, o.QuoteID, o.HoldKind = "x", "q1", HoldCheckout }, ""},
		{"a quote's hold revived", OrderExpired, ReviveOrder, staff, func(o *Order, _ *OrderFacts) { o.QuoteID, o.HoldKind = "q1", HoldQuote }, "held_for_quote"},
		{"another quote's release", OrderHeld, ReleaseOrder, TheClock(at("2027-04-05T18:00:00Z")), func(o *Order, f *OrderFacts) { o.QuoteID, o.HoldKind, f.Quote = "q1", HoldQuote, &Quote{ID: "q2"} }, "not_for_quote"},
		{"an old copy", OrderHeld, ExtendHold, buyer(), func(_ *Order, f *OrderFacts) { f.Expect = 7 }, "stale_version"},
		{"an older link", OrderHeld, ExtendHold, Actor{OrderID: "order-1", OrderSerial: 2}, nil, "not_your_move"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o, f := orderIn(c.state), saleFacts(c.who)
			if c.edit != nil {
				c.edit(&o, &f)
			}
			err := o.Do(c.do, f)
			if (c.code == "") != (err == nil) || c.code != "" && !HasCode(err, c.code) {
				t.Errorf("%v, want %q", err, c.code)
			}
		})
	}
}

// TestPOUntil counts business days and the days before the start, in the
// webinar's zone, also over a night of a changed clock.
func TestPOUntil(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ now, starts, want string }{
		{"2027-04-05T18:00:00Z", "2027-05-20T18:00:00Z", "2027-04-15T05:00:00Z"}, // Monday: Wednesday of next week, to its midnight
		{"2027-04-02T18:00:00Z", "2027-05-20T18:00:00Z", "2027-04-14T05:00:00Z"}, // Friday
		{"2027-03-05T18:00:00Z", "2027-05-20T18:00:00Z", "2027-03-17T05:00:00Z"}, // over Mar 14
		{"2027-05-17T18:00:00Z", "2027-05-20T18:00:00Z", "2027-05-19T05:00:00Z"}, // two days before the start
	} {
		o := saleOffering()
		starts := at(c.starts)
		o.StartsAt = &starts
		if got := POUntil(o, DefaultSaleTerms(), at(c.now)); !got.Equal(at(c.want)) {
			t.Errorf("from %s: %s, want %s", c.now, got.UTC(), c.want)
		}
	}
}

// TestOrderWalk makes random moves: an order ends once, its clock runs in the
// states that have one, its version counts the moves, its price has a revision.
func TestOrderWalk(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o, f := saleOrder(rapid.IntRange(1, 9).Draw(t, "seats")), saleFacts(Actor{})
		moves, prices := 1, map[int]int{1: o.TotalCents}
		for range rapid.IntRange(1, 15).Draw(t, "moves") {
			m := rapid.SampledFrom(OrderMoves).Draw(t, "move")
			f.Actor = rapid.SampledFrom([]Actor{buyer(), {ID: "s", Roles: []Role{Staff}}, TheClock(f.Now)}).Draw(t, "who")
			f.Now = f.Now.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "minutes")) * time.Minute)
			f.Input = OrderInput{Seats: fmt.Sprint(rapid.IntRange(0, 11).Draw(t, "n")), Reason: "r", PONumber: "1", Billing: Billing{Name: "n", Address: []string{"a"}}}
			before := o
			if err := o.Do(m.Action, f); err != nil {
				if o.State != before.State || o.Version != before.Version {
					t.Fatal("a refused move changed the order")
				}
				continue
			}
			moves++
			if before.State == OrderCancelled {
				t.Fatalf("%s from %s", m.Action, before.State)
			}
			if cents, known := prices[o.Revision]; known && cents != o.TotalCents {
				t.Fatalf("revision %d costs %d and %d", o.Revision, cents, o.TotalCents)
			}
			prices[o.Revision] = o.TotalCents
			if o.Version != moves || o.TotalCents != o.Seats*o.UnitCents || (o.ExpiresAt != nil) != (o.State == OrderHeld || o.State == OrderAwaiting) {
				t.Fatalf("after %s: %+v", m.Action, o)
			}
		}
	})
}

func TestMoneyState(t *testing.T) {
	t.Parallel()
	entry := func(k LedgerKind, cents int) LedgerEntry { return LedgerEntry{Kind: k, Cents: cents} }
	for _, c := range []struct {
		want MoneyState
		owed int
		all  []LedgerEntry
	}{
		{MoneyUnpaid, 0, nil},
		{MoneyUnpaid, 100, []LedgerEntry{entry(LedgerCharge, 100)}},
		{MoneyPart, 60, []LedgerEntry{entry(LedgerCharge, 100), entry(LedgerPayment, -40)}},
		{MoneyPaid, 0, []LedgerEntry{entry(LedgerCharge, 100), entry(LedgerPayment, -100)}},
		{MoneyOver, -100, []LedgerEntry{entry(LedgerCharge, 100), entry(LedgerPayment, -100), entry(LedgerCredit, -100)}},
		{MoneyRefunded, 0, []LedgerEntry{entry(LedgerCharge, 100), entry(LedgerPayment, -100), entry(LedgerCredit, -100), entry(LedgerRefund, 100)}},
		{MoneyUnpaid, 0, []LedgerEntry{entry(LedgerCharge, 100), entry(LedgerCredit, -100)}},
	} {
		if m := MoneyOf(c.all); m.State() != c.want || m.OwedCents() != c.owed {
			t.Errorf("%v is %s, owed %d", c.all, m.State(), m.OwedCents())
		}
	}
	for cents, want := range map[int]string{0: "$0.00", 44100: "$441.00", -3150: "−$31.50", 123456789: "$1,234,567.89"} {
		if got := ExactDollars(cents); got != want {
			t.Errorf("%d is %s", cents, got)
		}
	}
}

// TestProve is X17: what is not proven earns nothing, and leaves no trace.
func TestProve(t *testing.T) {
	t.Parallel()
	member := &Member{Class: "division_member", ValidTo: "2027-06-30"}
	for _, c := range []struct {
		name  string
		claim Claim
		today Date
		want  string
	}{
		{"a stranger", Claim{}, "2027-04-05", Nonmember},
		{"a stranger with a number", Claim{NumberGiven: true}, "2027-04-05", Nonmember},
		{"a member's address alone", Claim{ByEmail: member}, "2027-04-05", Nonmember},
		{"with a wrong number", Claim{ByEmail: member, NumberGiven: true}, "2027-04-05", Nonmember},
		{"with no number, which is no number's equal", Claim{ByEmail: member, NumberFits: true}, "2027-04-05", Nonmember},
		{"with the number", Claim{ByEmail: member, NumberGiven: true, NumberFits: true}, "2027-04-05", "division_member"},
		{"on the last day", Claim{ByEmail: member, NumberGiven: true, NumberFits: true}, "2027-06-30", "division_member"},
		{"a day later", Claim{ByEmail: member, NumberGiven: true, NumberFits: true}, "2027-07-01", Nonmember},
		{"signed in with the address", Claim{ByEmail: member, SignedIn: true}, "2027-04-05", "division_member"},
		{"signed in, not a member", Claim{SignedIn: true}, "2027-04-05", Nonmember},
	} {
		class, e := Prove(c.claim, c.today, at("2027-04-05T18:00:00Z"))
		if class != c.want || (e.Kind == EvidenceNone) != (c.want == Nonmember) {
			t.Errorf("%s: %s by %q", c.name, class, e.Kind)
		}
	}
}
