package domain

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func quoteFacts(who Actor) QuoteFacts {
	return QuoteFacts{Actor: who, Now: at("2027-04-05T18:00:00Z"), Offering: saleOffering(), Tiers: saleTiers(), Terms: DefaultSaleTerms()}
}

// quoteBuyer is the actor of the quote made by quoteIn.
func quoteBuyer() Actor { return Actor{QuoteID: "quote-1", QuoteSerial: 1} }

// quoteIn is a quote of twelve seats at $39, as it stands on April 5, 2027.
func quoteIn(s QuoteState) Quote {
	f := quoteFacts(Actor{})
	w := QuoteWish{Wish: Wish{Name: "Ines Duarte", Email: "ines@example.org", Institution: "Cedar County Library"}, PayBy: PayByPO}
	q := NewQuote(w, 12, f)
	q.ID, q.Number = "quote-1", "Q-00001"
	if s != QuoteRequested {
		f.Actor, f.Input = Actor{ID: "s", Roles: []Role{Staff}}, QuoteInput{UnitCents: 3900}
		if err := q.Do(OfferQuote, f); err != nil {
			panic(err)
		}
	}
	q.State = s
	if !s.Open() {
		q.EndedAt = &f.Now
	}
	return q
}

// TestMayRequest is the first half of E4's quote: ten and more are asked for, nine are bought.
func TestMayRequest(t *testing.T) {
	t.Parallel()
	good := QuoteWish{Wish: Wish{Seats: "12", Name: "Ines", Email: "ines@example.org", Institution: "Cedar"}, PayBy: PayByPO}
	for _, c := range []struct {
		name string
		edit func(*QuoteWish, *QuoteFacts)
		code string
		kind Kind
	}{
		{"twelve", nil, "", 0},
		{"ten", func(w *QuoteWish, _ *QuoteFacts) { w.Seats = "10" }, "", 0},
		{"nine", func(w *QuoteWish, _ *QuoteFacts) { w.Seats = "9" }, "too_few_for_quote", Invalid},
		{"nine where quotes begin at five", func(w *QuoteWish, f *QuoteFacts) { w.Seats, f.Offering.QuoteFrom = "9", 5 }, "", 0},
		{"a dozen, in words", func(w *QuoteWish, _ *QuoteFacts) { w.Seats = "a dozen" }, "not_a_number_of_seats", Invalid},
		{"no institution", func(w *QuoteWish, _ *QuoteFacts) { w.Institution = " " }, "required", Invalid},
		{"no address", func(w *QuoteWish, _ *QuoteFacts) { w.Email = "" }, "required", Invalid},
		{"an odd way to pay", func(w *QuoteWish, _ *QuoteFacts) { w.PayBy = "gold" }, "required", Invalid},
		{"a book of a note", func(w *QuoteWish, _ *QuoteFacts) { w.Note = strings.Repeat("x", 2001) }, "too_long", Invalid},
		{"after the sale", func(_ *QuoteWish, f *QuoteFacts) { f.Offering.Status = OfferingClosed }, "not_on_sale", Conflict},
		{"in place of an order", func(_ *QuoteWish, f *QuoteFacts) { f.Replaces = replaced(9) }, "", 0},
		{"in place of a larger one", func(_ *QuoteWish, f *QuoteFacts) { f.Replaces = replaced(13) }, "fewer_than_replaced", Invalid},
		{"in place of another's", func(w *QuoteWish, f *QuoteFacts) { w.Email, f.Replaces = "jo@example.org", replaced(9) }, "not_same_buyer", Invalid},
		{"in place of one that ended", func(_ *QuoteWish, f *QuoteFacts) {
			f.Replaces = replaced(9)
			f.Replaces.State = OrderCancelled
		}, "order_ended", Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w, f := good, quoteFacts(Actor{})
			if c.edit != nil {
				c.edit(&w, &f)
			}
			n, why := MayRequest(w, f)
			err := Refuse(why...)
			if c.code == "" && (err != nil || fmt.Sprint(n) != w.Seats) || c.code != "" && (!HasCode(err, c.code) || !IsKind(err, c.kind)) {
				t.Errorf("%d, %v, want %q", n, err, c.code)
			}
		})
	}
}

func replaced(seats int) *Order {
	o := orderIn(OrderConfirmed)
	o.OfferingID, o.Seats = saleOffering().ID, seats
	return &o
}

// TestEveryQuoteMove tries every action from every state by everybody: the table's
// outcome, or a refusal that names what is possible.
func TestEveryQuoteMove(t *testing.T) {
	t.Parallel()
	tried := 0
	for who, actor := range map[Who]Actor{ByBuyer: quoteBuyer(), ByStaff: {ID: "s", Roles: []Role{Staff}}, ByClock: TheClock(at("2027-04-05T18:00:00Z")), ByFinance: {ID: "f", Roles: []Role{Finance}}} {
		for _, s := range QuoteStates() {
			for _, m := range QuoteMoves {
				tried++
				t.Run(fmt.Sprintf("%s %s by %s", s, m.Action, who), func(t *testing.T) {
					t.Parallel()
					tryQuoteMove(t, s, m.Action, who, actor)
				})
			}
		}
	}
	if tried != 4*6*len(QuoteMoves) {
		t.Errorf("%d tried", tried)
	}
}

func tryQuoteMove(t *testing.T, s QuoteState, a QuoteAction, who Who, actor Actor) {
	t.Helper()
	q, f := quoteIn(s), quoteFacts(actor)
	f.Input = QuoteInput{UnitCents: 3800, Revision: 1, Reason: "Asked by mail."}
	if a == LapseQuote {
		f.Now = at("2027-05-06T05:00:00Z")
	}
	if a == CallOffQuote {
		f.Offering.Status = OfferingCancelled
	}
	before := q
	err := q.Do(a, f)
	m, has := before.quoteMove(a)
	allowed := has && slices.Contains(m.By, who)
	if allowed != (err == nil) {
		t.Fatalf("%v", err)
	}
	if err == nil {
		if m.To != "" && q.State != m.To || m.To == "" && q.State != s || q.Version != before.Version+1 || (q.EndedAt != nil) == q.State.Open() {
			t.Fatalf("is %s in version %d, ended %v", q.State, q.Version, q.EndedAt)
		}
		return
	}
	if q.State != before.State || q.Version != before.Version || q.Revision != before.Revision {
		t.Fatal("a refused move changed the quote")
	}
	if !has && (!HasCode(err, "not_from_here") || !strings.Contains(err.Error(), "Possible now: ")) {
		t.Fatalf("%v", err)
	}
	if gone := s == QuoteExpired || s == QuoteWithdrawn; a == AcceptQuote && who == ByBuyer && gone != IsKind(err, Gone) {
		t.Fatalf("accepting one that is %s: %v", s, err)
	}
}

func TestQuoteGuards(t *testing.T) {
	t.Parallel()
	staff := Actor{ID: "s", Roles: []Role{Staff}}
	price := QuoteInput{UnitCents: 3900}
	for _, c := range []struct {
		name  string
		state QuoteState
		do    QuoteAction
		who   Actor
		edit  func(*Quote, *QuoteFacts)
		code  string
		kind  Kind
	}{
		{"an offer", QuoteRequested, OfferQuote, staff, func(_ *Quote, f *QuoteFacts) { f.Input = price }, "", 0},
		{"for nothing", QuoteRequested, OfferQuote, staff, nil, "required", Invalid},
		{"for a total", QuoteRequested, OfferQuote, staff, func(_ *Quote, f *QuoteFacts) { f.Input = QuoteInput{TotalCents: 50_000} }, "", 0},
		{"for a price and a total", QuoteRequested, OfferQuote, staff, func(_ *Quote, f *QuoteFacts) { f.Input = QuoteInput{UnitCents: 3900, TotalCents: 46800} }, "one_price", Invalid},
		{"for less than a cent a seat", QuoteRequested, OfferQuote, staff, func(_ *Quote, f *QuoteFacts) { f.Input = QuoteInput{Seats: "12", TotalCents: 11} }, "out_of_range", Invalid},
		{"for too much", QuoteRequested, OfferQuote, staff, func(_ *Quote, f *QuoteFacts) { f.Input = QuoteInput{Seats: "12", TotalCents: 12_000_001} }, "out_of_range", Invalid},
		{"for a debt", QuoteRequested, OfferQuote, staff, func(_ *Quote, f *QuoteFacts) { f.Input = QuoteInput{TotalCents: -1} }, "out_of_range", Invalid},
		{"for more than the room holds", QuoteRequested, OfferQuote, staff, func(_ *Quote, f *QuoteFacts) { f.Input = QuoteInput{Seats: "51", UnitCents: 1} }, "over_capacity", Invalid},
		{"until yesterday", QuoteRequested, OfferQuote, staff, func(_ *Quote, f *QuoteFacts) { f.Input = QuoteInput{UnitCents: 1, ValidUntil: "2027-04-04"} }, "out_of_range", Invalid},
		{"until the start", QuoteRequested, OfferQuote, staff, func(_ *Quote, f *QuoteFacts) { f.Input = QuoteInput{UnitCents: 1, ValidUntil: "2027-05-20"} }, "after_start", Invalid},
		{"until no day", QuoteRequested, OfferQuote, staff, func(_ *Quote, f *QuoteFacts) { f.Input = QuoteInput{UnitCents: 1, ValidUntil: "2027-02-30"} }, "not_a_date", Invalid},
		{"held in the last days", QuoteRequested, OfferQuote, staff, func(_ *Quote, f *QuoteFacts) {
			f.Now, f.Input = at("2027-05-16T05:00:00Z"), QuoteInput{UnitCents: 1, Hold: true}
		}, "too_late_to_hold", Invalid},
		{"after the sale", QuoteRequested, OfferQuote, staff, func(_ *Quote, f *QuoteFacts) { f.Input, f.Offering.Status = price, OfferingClosed }, "not_on_sale", Conflict},
		{"a larger order than the quote", QuoteRequested, OfferQuote, staff, func(_ *Quote, f *QuoteFacts) { f.Input, f.Replaces = price, replaced(13) }, "fewer_than_replaced", Invalid},
		{"an order that ended meanwhile", QuoteRequested, OfferQuote, staff, func(_ *Quote, f *QuoteFacts) {
			f.Input, f.Replaces = price, replaced(9)
			f.Replaces.State = OrderCancelled
		}, "", 0},
		{"a revision", QuoteOffered, ReviseQuote, staff, func(_ *Quote, f *QuoteFacts) { f.Input = QuoteInput{UnitCents: 3500} }, "", 0},
		{"a revision too late", QuoteOffered, ReviseQuote, staff, func(_ *Quote, f *QuoteFacts) { f.Input, f.Now = price, at("2027-05-06T05:00:00Z") }, "quote_expired", Gone},
		{"the last moment", QuoteOffered, AcceptQuote, quoteBuyer(), func(_ *Quote, f *QuoteFacts) { f.Input.Revision, f.Now = 1, at("2027-05-06T04:59:59Z") }, "", 0},
		{"day 31", QuoteOffered, AcceptQuote, quoteBuyer(), func(_ *Quote, f *QuoteFacts) { f.Input.Revision, f.Now = 1, at("2027-05-06T05:00:00Z") }, "quote_expired", Gone},
		{"no revision said", QuoteOffered, AcceptQuote, quoteBuyer(), nil, "required", Invalid},
		{"an offer of before", QuoteOffered, AcceptQuote, quoteBuyer(), func(q *Quote, f *QuoteFacts) { q.Revision, f.Input.Revision = 2, 1 }, "quote_revised", Stale},
		{"another's quote", QuoteOffered, AcceptQuote, Actor{QuoteID: "quote-2", QuoteSerial: 1}, func(_ *Quote, f *QuoteFacts) { f.Input.Revision = 1 }, "not_your_move", Forbidden},
		{"an older link", QuoteOffered, AcceptQuote, Actor{QuoteID: "quote-1"}, func(_ *Quote, f *QuoteFacts) { f.Input.Revision = 1 }, "not_your_move", Forbidden},
		{"a withdrawal without a word", QuoteOffered, WithdrawQuote, staff, nil, "required", Invalid},
		{"a lapse before its time", QuoteOffered, LapseQuote, TheClock(at("2027-04-05T18:00:00Z")), nil, "not_over_yet", Conflict},
		{"an old copy", QuoteOffered, DeclineQuote, quoteBuyer(), func(_ *Quote, f *QuoteFacts) { f.Expect = 7 }, "stale_version", Stale},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			q, f := quoteIn(c.state), quoteFacts(c.who)
			if c.edit != nil {
				c.edit(&q, &f)
			}
			err := q.Do(c.do, f)
			if (c.code == "") != (err == nil) || c.code != "" && (!HasCode(err, c.code) || !IsKind(err, c.kind)) {
				t.Errorf("%v, want %q", err, c.code)
			}
		})
	}
}

// TestQuoteDates counts days in the webinar's zone: thirty of an offer, fourteen of
// its hold, none of them too near to the start, one business day for a reply.
func TestQuoteDates(t *testing.T) {
	t.Parallel()
	staff := Actor{ID: "s", Roles: []Role{Staff}}
	for _, c := range []struct{ now, until, ends, hold string }{
		{"2027-04-05T18:00:00Z", "", "2027-05-06T05:00:00Z", "2027-04-20T05:00:00Z"},
		{"2027-04-05T18:00:00Z", "2027-04-10", "2027-04-11T05:00:00Z", "2027-04-11T05:00:00Z"},
		{"2027-05-10T18:00:00Z", "", "2027-05-20T05:00:00Z", "2027-05-16T05:00:00Z"},
		{"2027-02-20T18:00:00Z", "", "2027-03-23T05:00:00Z", "2027-03-07T06:00:00Z"}, // over Mar 14
	} {
		q, f := quoteIn(QuoteRequested), quoteFacts(staff)
		f.Now, f.Input = at(c.now), QuoteInput{UnitCents: 3900, ValidUntil: Date(c.until), Hold: true}
		if err := q.Do(OfferQuote, f); err != nil || !q.ExpiresAt.Equal(at(c.ends)) || !q.HoldUntil.Equal(at(c.hold)) || q.TotalCents != 46800 {
			t.Errorf("offered %s: ends %v, held until %v, %v", c.now, q.ExpiresAt, q.HoldUntil, err)
		}
	}
	q := quoteIn(QuoteRequested)
	for made, want := range map[string]string{"2027-04-05T18:00:00Z": "2027-04-07T05:00:00Z", "2027-04-09T18:00:00Z": "2027-04-13T05:00:00Z"} {
		q.CreatedAt = at(made)
		if got := q.ReplyBy("America/Chicago", DefaultSaleTerms()); !got.Equal(at(want)) {
			t.Errorf("asked %s, a reply by %s", made, got.UTC())
		}
	}
	if got := quoteIn(QuoteOffered).LastDay("America/Chicago"); got != "2027-05-05" {
		t.Errorf("the last day is %s", got)
	}
}

// TestQuoteWarnings: twelve seats for less than nine is said, not refused.
func TestQuoteWarnings(t *testing.T) {
	t.Parallel()
	f := quoteFacts(Actor{})
	for i := range f.Tiers {
		f.Tiers[i].SortOrder = slices.Index([]string{"division_member", "ala_member", Nonmember, "student_retired"}, f.Tiers[i].RateClass)
	}
	if floor := QuoteFloor(f); floor != 44100 {
		t.Fatalf("nine seats cost %d", floor)
	}
	if why := QuoteWarnings(12*3900, f); why != nil {
		t.Errorf("%v", why)
	}
	if why := QuoteWarnings(12*3600, f); len(why) != 1 || why[0].Code != "below_nine_seats" {
		t.Errorf("%v", why)
	}
}

// TestQuoteWalk makes random moves: a quote ends once, an offer keeps its price for
// ever, and the order that holds its seats follows it.
func TestQuoteWalk(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q, f := quoteIn(QuoteRequested), quoteFacts(Actor{})
		moves, prices := 1, map[int]int{}
		for range rapid.IntRange(1, 15).Draw(t, "moves") {
			m := rapid.SampledFrom(QuoteMoves).Draw(t, "move")
			f.Actor = rapid.SampledFrom([]Actor{quoteBuyer(), {ID: "s", Roles: []Role{Staff}}, TheClock(f.Now)}).Draw(t, "who")
			f.Now = f.Now.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "hours")) * time.Hour)
			f.Input = QuoteInput{
				Seats: fmt.Sprint(rapid.IntRange(0, 60).Draw(t, "n")), UnitCents: rapid.IntRange(0, 5000).Draw(t, "cents"), Hold: rapid.Bool().Draw(t, "hold"),
				Revision: rapid.IntRange(0, 3).Draw(t, "revision"), Reason: "r",
			}
			if rapid.Bool().Draw(t, "in total") {
				f.Input.UnitCents, f.Input.TotalCents = 0, rapid.IntRange(0, 100_000).Draw(t, "total")
			}
			before := q
			if err := q.Do(m.Action, f); err != nil {
				if q != before {
					t.Fatal("a refused move changed the quote")
				}
				continue
			}
			moves++
			if !before.State.Open() {
				t.Fatalf("%s from %s", m.Action, before.State)
			}
			if cents, known := prices[q.Revision]; known && cents != q.TotalCents {
				t.Fatalf("revision %d costs %d and %d", q.Revision, cents, q.TotalCents)
			}
			prices[q.Revision] = q.TotalCents
			if q.Version != moves || (q.TotalCents != q.Seats*q.UnitCents && (q.UnitCents != 0 || q.TotalCents%q.Seats == 0)) || (q.Revision > 0) != (q.ExpiresAt != nil) || (q.EndedAt == nil) != q.State.Open() {
				t.Fatalf("after %s: %+v", m.Action, q)
			}
			if q.HoldUntil != nil && q.HoldUntil.After(*q.ExpiresAt) {
				t.Fatalf("held until %s, offered until %s", q.HoldUntil, q.ExpiresAt)
			}
			if o := NewQuotedOrder(q, f); q.Revision > 0 && (o.Seats != q.Seats || o.TotalCents != q.TotalCents || o.UnitCents != q.UnitCents || o.SeatsQuoted() != q.Seats || (o.ExpiresAt == nil) != (q.HoldUntil == nil) || NewAcceptedOrder(q, f).SeatsQuoted() != 0) {
				t.Fatalf("an order of %+v", o)
			}
		}
	})
}

// TestCarry keeps people and links when an order takes another's place.
func TestCarry(t *testing.T) {
	t.Parallel()
	o := orderIn(OrderConfirmed)
	o.ID, o.Seats = "order-2", 4
	old := []Seat{
		{ID: "a", OrderID: "order-1", Seq: 1, State: SeatAssigned, Email: "a@example.org", LinkSerial: 3, Version: 2},
		{ID: "b", OrderID: "order-1", Seq: 2, State: SeatCancelled},
		{ID: "c", OrderID: "order-1", Seq: 3, State: SeatOpen, Version: 1},
	}
	n := 0
	fresh := NewSeats(o, func() string { n++; return fmt.Sprint("new", n) }, at("2027-04-05T18:00:00Z"))
	all, carried := Carry(old, o, fresh)
	if carried != 2 || len(all) != 4 || all[0].ID != "a" || all[0].LinkSerial != 3 || all[0].Version != 3 || all[1].ID != "c" || all[1].Seq != 2 || all[2].ID != "new3" || all[3].Seq != 4 {
		t.Errorf("%d carried: %+v", carried, all)
	}
	for i, s := range all {
		if s.OrderID != "order-2" || s.Seq != i+1 {
			t.Errorf("seat %d: %+v", i, s)
		}
	}
}
