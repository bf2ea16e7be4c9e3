package workflows_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

func (w *sale) quotes() workflows.Quotes {
	return workflows.Quotes{Base: w.Base, Links: w.orders.Links}
}

func (w *sale) request(seats string) workflows.QuoteView {
	w.t.Helper()
	v, err := w.quotes().Request(w.t.Context(), domain.Actor{}, w.offering.Slug, domain.QuoteWish{Wish: w.wish(seats, "").Wish, PayBy: domain.PayByPO})
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

func (w *sale) onQuote(who domain.Actor, id string, a domain.QuoteAction, in domain.QuoteInput) workflows.QuoteView {
	w.t.Helper()
	v, err := w.quotes().Act(w.t.Context(), who, id, a, workflows.QuoteChange{QuoteInput: in})
	if err != nil {
		w.t.Fatalf("%s: %v", a, err)
	}
	return v
}

// offered asks for a quote and offers it at $39 a seat.
func (w *sale) offered(seats string, hold bool) workflows.QuoteView {
	w.t.Helper()
	return w.onQuote(w.Actor("Fay Nguyen"), w.request(seats).ID, domain.OfferQuote, domain.QuoteInput{UnitCents: 3900, Hold: hold})
}

func quoteBuyer(q domain.Quote) domain.Actor {
	return domain.Actor{QuoteID: q.ID, QuoteSerial: q.LinkSerial}
}

func accepting(revision int) domain.QuoteInput {
	return domain.QuoteInput{Revision: revision, Billing: billing.Billing, PONumber: billing.PONumber}
}

func (w *sale) refusesQuote(who domain.Actor, id string, a domain.QuoteAction, in domain.QuoteInput, code string, kind domain.Kind) {
	w.t.Helper()
	if _, err := w.quotes().Act(w.t.Context(), who, id, a, workflows.QuoteChange{QuoteInput: in}); !domain.HasCode(err, code) || !domain.IsKind(err, kind) {
		w.t.Errorf("%s: %v, want %s", a, err, code)
	}
}

// TestQuote is E4's second half: twelve at 3900 without a hold, day 31, a new quote,
// accepted by purchase order, seats before money.
func TestQuote(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 50, 0)
		fay := w.Actor("Fay Nguyen")
		q := w.request("12")
		if q.State != domain.QuoteRequested || q.Number != "Q-00001" || q.Secret != "" || w.taken() != 0 {
			t.Fatalf("%+v", q)
		}
		offered := w.onQuote(fay, q.ID, domain.OfferQuote, domain.QuoteInput{UnitCents: 3900})
		if offered.TotalCents != 46800 || w.taken() != 0 || len(offered.Revisions) != 1 || offered.Revisions[0].Content.ValidUntil != "2027-05-05" {
			t.Fatalf("%+v", offered)
		}
		w.At("2027-05-06T00:00:00-05:00")
		w.refusesQuote(quoteBuyer(q.Quote), q.ID, domain.AcceptQuote, accepting(1), "quote_expired", domain.Gone)
		if err := w.quotes().LapseDue(t.Context(), w.Now()); err != nil {
			t.Fatal(err)
		}
		w.refusesQuote(quoteBuyer(q.Quote), q.ID, domain.AcceptQuote, accepting(1), "quote_expired", domain.Gone)
		again := w.offered("12", false)
		w.refusesQuote(quoteBuyer(again.Quote), again.ID, domain.AcceptQuote, domain.QuoteInput{}, "required", domain.Invalid)
		w.refusesQuote(quoteBuyer(again.Quote), q.ID, domain.AcceptQuote, accepting(1), "not_found", domain.NotFound)
		done := w.onQuote(quoteBuyer(again.Quote), again.ID, domain.AcceptQuote, accepting(1))
		if done.State != domain.QuoteConverted || done.Made == nil || done.Made.State != domain.OrderAwaiting || done.Made.TotalCents != 46800 || done.OrderLink == "" || w.taken() != 12 {
			t.Fatalf("%+v, %+v", done.Quote, done.Made)
		}
		o := w.act(fay, done.Made.ID, domain.AcceptPO, domain.OrderInput{})
		if o.State != domain.OrderConfirmed || len(o.Facts.Seats) != 12 || o.Documents[0].Content.Lines[0].Text != w.offering.Title+", live on Thu, May 20, 2027, quote Q-00002" || o.Facts.Money.OwedCents() != 46800 {
			t.Fatalf("%+v", o)
		}
		for kind, n := range map[domain.NoticeKind]int{domain.QuoteAsked: 2, domain.QuoteWaits: 2, domain.QuoteOut: 2, domain.QuoteEnded: 1, domain.OrderConfirmedNotice: 1} {
			if got := len(w.mails(kind)); got != n {
				t.Errorf("%d mails %s, want %d", got, kind, n)
			}
		}
		w.proven()
	})
}

// TestQuoteTerms gives one quote its own days to pay, and another the usual ones.
func TestQuoteTerms(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 50, 1_000_000)
		fay := w.Actor("Fay Nguyen")
		for days, due := range map[int]domain.Date{0: "2027-05-05", 60: "2027-06-04"} {
			asked := w.request("12")
			w.refusesQuote(fay, asked.ID, domain.OfferQuote, domain.QuoteInput{UnitCents: 3900, NetDays: 121}, "out_of_range", domain.Invalid)
			q := w.onQuote(fay, asked.ID, domain.OfferQuote, domain.QuoteInput{UnitCents: 3900, NetDays: days})
			net := max(days, 30)
			words := fmt.Sprintf("Net %d days", net)
			if q.TermsDays != net || q.Revisions[0].TermsDays != net || !strings.HasPrefix(q.Revisions[0].Content.Terms, words) {
				t.Errorf("%d days: %+v", days, q.Quote)
			}
			made := w.onQuote(quoteBuyer(q.Quote), q.ID, domain.AcceptQuote, accepting(1)).Made
			o, err := w.orders.Order(t.Context(), fay, made.ID)
			if err != nil || o.DueOn != due || !strings.HasPrefix(o.Documents[0].Content.Terms, words) {
				t.Errorf("%d days: due %s, %v", days, o.DueOn, err)
			}
		}
		w.proven()
	})
}

// TestQuoteHolds takes seats for an offer, within the share of quotes, changes them
// by the difference, and gives them back in every way an offer can end.
func TestQuoteHolds(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 50, 0)
		fay := w.Actor("Fay Nguyen")
		q := w.offered("20", true)
		me := quoteBuyer(q.Quote)
		if w.taken() != 20 || q.OrderID == "" {
			t.Fatalf("%d taken, %+v", w.taken(), q.Quote)
		}
		other := w.request("10")
		w.refusesQuote(fay, other.ID, domain.OfferQuote, domain.QuoteInput{UnitCents: 3900, Hold: true}, "quote_hold_limit", domain.Conflict)
		for seats, taken := range map[string]int{"25": 25, "11": 11} {
			q = w.onQuote(fay, q.ID, domain.ReviseQuote, domain.QuoteInput{Seats: seats, UnitCents: 3800, Hold: true})
			if w.taken() != taken {
				t.Errorf("%d taken, want %d", w.taken(), taken)
			}
			w.proven()
		}
		if _, err := w.orders.Act(t.Context(), fay, q.OrderID, domain.CancelOrder, workflows.OrderChange{OrderInput: domain.OrderInput{Reason: "x"}}); !domain.HasCode(err, "held_for_quote") {
			t.Errorf("the hold without its quote: %v", err)
		}
		w.refusesQuote(me, q.ID, domain.AcceptQuote, accepting(1), "quote_revised", domain.Stale)
		w.onQuote(fay, q.ID, domain.ReviseQuote, domain.QuoteInput{UnitCents: 3800})
		if w.taken() != 0 {
			t.Errorf("%d taken by an offer without a hold", w.taken())
		}
		w.onQuote(fay, q.ID, domain.ReviseQuote, domain.QuoteInput{Seats: "12", UnitCents: 3900, Hold: true})
		w.onQuote(me, q.ID, domain.DeclineQuote, domain.QuoteInput{Reason: "Too dear."})
		withdrawn := w.offered("12", true)
		w.onQuote(fay, withdrawn.ID, domain.WithdrawQuote, domain.QuoteInput{Reason: "A mistake."})
		w.refusesQuote(quoteBuyer(withdrawn.Quote), withdrawn.ID, domain.AcceptQuote, accepting(1), "quote_withdrawn", domain.Gone)
		if w.taken() != 0 {
			t.Errorf("%d taken by quotes that ended", w.taken())
		}
		lapsed := w.offered("12", true)
		w.At("2027-04-20T00:00:00-05:00") // the hold is over, the offer stands
		if err := w.orders.ExpireDue(t.Context(), w.Now()); err != nil || w.taken() != 0 {
			t.Fatalf("%v, %d taken", err, w.taken())
		}
		done := w.onQuote(quoteBuyer(lapsed.Quote), lapsed.ID, domain.AcceptQuote, accepting(1))
		if done.Made.ID == lapsed.OrderID || w.taken() != 12 {
			t.Errorf("%+v, %d taken", done.Made, w.taken())
		}
		w.proven()
	})
}

// TestQuoteHoldNobodySwept accepts an offer whose hold is over and was not given back.
func TestQuoteHoldNobodySwept(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 24, 1_000_000)
		q := w.offered("12", true)
		w.At("2027-04-21T12:00:00-05:00")
		if done := w.onQuote(quoteBuyer(q.Quote), q.ID, domain.AcceptQuote, accepting(1)); done.Made.State != domain.OrderConfirmed || w.taken() != 12 {
			t.Errorf("%+v, %d taken", done.Made, w.taken())
		}
		held := w.offered("12", true)
		w.At("2027-05-25T12:00:00-05:00")
		if err := w.quotes().LapseDue(t.Context(), w.Now()); err != nil || w.taken() != 12 {
			t.Errorf("%v, %d taken", err, w.taken())
		}
		if v, err := w.quotes().Quote(t.Context(), w.Actor("Fay Nguyen"), held.ID); err != nil || v.State != domain.QuoteExpired {
			t.Errorf("%+v, %v", v.Quote, err)
		}
		w.proven()
	})
}

// TestQuoteSoldOut tells a buyer whose offer held nothing how many are left, and the
// offer stands.
func TestQuoteSoldOut(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 20, 1_000_000)
		q := w.offered("12", false)
		first := w.hold("9")
		w.refusesQuote(quoteBuyer(q.Quote), q.ID, domain.AcceptQuote, accepting(1), "sold_out", domain.Conflict)
		w.act(buyerOf(first.Order), first.ID, domain.CancelOrder, domain.OrderInput{})
		w.onQuote(quoteBuyer(q.Quote), q.ID, domain.AcceptQuote, accepting(1))
		w.proven()
	})
}

// TestQuoteReplaces is nine seats, then fourteen: people keep their seats and links,
// the nine are credited with what was paid for them, and no seat is counted twice.
func TestQuoteReplaces(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 50, 0)
		fay := w.Actor("Fay Nguyen")
		nine := w.hold("9")
		w.act(buyerOf(nine.Order), nine.ID, domain.SubmitPO, billing)
		w.act(fay, nine.ID, domain.AcceptPO, domain.OrderInput{})
		var people []string
		for i := range 8 {
			people = append(people, fmt.Sprintf("Person %d, p%d@example.org", i, i))
		}
		named, err := w.orders.PasteSeats(t.Context(), buyerOf(nine.Order), nine.ID, 0, strings.Join(people, "\n"))
		if err != nil {
			t.Fatal(err)
		}
		w.pay(nine.ID, 40000)
		before := len(w.mails(domain.SeatEnded)) + len(w.mails(domain.SeatInvitation))
		wish := domain.QuoteWish{Wish: w.wish("14", "").Wish, PayBy: domain.PayByPO, Replaces: nine.Number}
		if _, err := w.quotes().Request(t.Context(), domain.Actor{}, w.offering.Slug, wish); !domain.IsKind(err, domain.NotFound) {
			t.Fatalf("a stranger names somebody's order: %v", err)
		}
		asked, err := w.quotes().Request(t.Context(), buyerOf(nine.Order), w.offering.Slug, wish)
		if err != nil {
			t.Fatal(err)
		}
		w.refusesQuote(fay, asked.ID, domain.OfferQuote, domain.QuoteInput{Seats: "8", UnitCents: 3900}, "fewer_than_replaced", domain.Invalid)
		q := w.onQuote(fay, asked.ID, domain.OfferQuote, domain.QuoteInput{UnitCents: 3900, Hold: true})
		done := w.onQuote(quoteBuyer(q.Quote), q.ID, domain.AcceptQuote, accepting(1))
		if w.taken() != 14 || done.Made.State != domain.OrderAwaiting || done.Made.Shares != 9 {
			t.Fatalf("%d taken while both are live, %+v", w.taken(), done.Made)
		}
		w.proven()
		o := w.act(fay, done.Made.ID, domain.AcceptPO, domain.OrderInput{})
		if w.taken() != 14 || len(o.Facts.Seats) != 14 || o.Facts.Money.OwedCents() != 14*3900-40000 || o.Facts.Money.State() != domain.MoneyPart {
			t.Fatalf("%d taken, %+v", w.taken(), o)
		}
		for i, seat := range o.Facts.Seats {
			if i < 8 && (seat.ID != named.Facts.Seats[i].ID || seat.LinkSerial != named.Facts.Seats[i].LinkSerial || seat.Email == "") || seat.Seq != i+1 {
				t.Errorf("seat %d: %+v", i+1, seat)
			}
		}
		if v, err := w.orders.OpenSeat(t.Context(), w.orders.Links.SeatToken(o.Facts.Seats[0].ID, o.Facts.Seats[0].LinkSerial)); err != nil || v.Order.ID != o.ID {
			t.Errorf("the link of before: %+v, %v", v.Order, err)
		}
		old, err := w.orders.Order(t.Context(), buyerOf(nine.Order), nine.ID)
		if err != nil || old.State != domain.OrderCancelled || old.Facts.Money.State() != domain.MoneyRefunded || len(old.Documents) != 2 || old.Documents[1].Cents != -9*7900 || !strings.Contains(old.Reason, o.Number) {
			t.Errorf("%+v, %v", old, err)
		}
		if now := len(w.mails(domain.SeatEnded)) + len(w.mails(domain.SeatInvitation)); now != before {
			t.Errorf("%d mails to people whose seat stayed theirs", now-before)
		}
		w.proven()
	})
}

// pay writes down a payment as finance would have received it.
func (w *sale) pay(order string, cents int) {
	w.t.Helper()
	_, err := store.Write(w.t.Context(), w.Store, func(tx *store.Tx) (struct{}, error) {
		return struct{}{}, tx.AddEntry(domain.LedgerEntry{ID: w.NewID(), OrderID: order, Kind: domain.LedgerPayment, Cents: -cents, Note: "Check 12", At: w.Now()})
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// TestQuoteReminders reminds once, three days before the end, and lapses at it.
func TestQuoteReminders(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 50, 0)
		w.offered("12", true)
		for _, at := range []struct {
			now                string
			reminded, ended, n int
		}{
			{"2027-04-19T12:00:00-05:00", 0, 0, 12},
			{"2027-04-20T00:00:00-05:00", 0, 0, 0},
			{"2027-05-03T00:00:00-05:00", 1, 0, 0},
			{"2027-05-04T12:00:00-05:00", 1, 0, 0},
			{"2027-05-06T00:00:00-05:00", 1, 1, 0},
			{"2027-05-07T00:00:00-05:00", 1, 1, 0},
		} {
			w.At(at.now)
			if err := (workflows.Reminders{Base: w.Base}).Run(t.Context(), w.Now()); err != nil {
				t.Fatal(err)
			}
			if r, e := len(w.mails(domain.QuoteReminder)), len(w.mails(domain.QuoteEnded)); r != at.reminded || e != at.ended || w.taken() != at.n {
				t.Errorf("on %s: %d reminders, %d ends, %d taken", at.now, r, e, w.taken())
			}
		}
		w.proven()
	})
}

// TestQuotesCalledOff ends the open quotes of a cancelled webinar.
func TestQuotesCalledOff(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 50, 0)
		asked, held := w.request("10"), w.offered("12", true)
		sale := workflows.Offerings{Base: w.Base}
		if _, err := sale.Act(t.Context(), w.Actor("Fay Nguyen"), w.offering.ID, domain.CancelOffering, workflows.OfferingMoved{OfferingInput: domain.OfferingInput{Reason: "The speaker is ill."}}); err != nil {
			t.Fatal(err)
		}
		if err := (workflows.Reminders{Base: w.Base}).Run(t.Context(), w.Now()); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{asked.ID, held.ID} {
			if v, err := w.quotes().Quote(t.Context(), w.Actor("Fay Nguyen"), id); err != nil || v.State != domain.QuoteWithdrawn || !strings.Contains(v.Reason, "ill") {
				t.Errorf("%+v, %v", v.Quote, err)
			}
		}
		if w.taken() != 0 {
			t.Errorf("%d taken", w.taken())
		}
		w.proven()
	})
}

// TestAcceptRace lets twenty accept one quote at once: one order, its seats once.
func TestAcceptRace(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 1000, 0)
		for round := range rounds {
			q := w.offered("12", round%2 == 0)
			before := w.taken()
			if round%2 == 0 {
				before -= 12
			}
			won, lost := race(20, func(int) error {
				_, err := w.quotes().Act(t.Context(), quoteBuyer(q.Quote), q.ID, domain.AcceptQuote, workflows.QuoteChange{QuoteInput: accepting(1)})
				return err
			})
			if won != 1 || w.taken() != before+12 {
				t.Fatalf("%d orders, %d taken", won, w.taken()-before)
			}
			allConflict(t, lost, "not_from_here", "stale_version")
		}
		w.proven()
	})
}

// TestQuotesBesideBuyers offers with holds, revises, accepts and ends quotes while
// buyers take seats: never too many, never more for quotes than their share.
func TestQuotesBesideBuyers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 60, 0)
		fay := w.Actor("Fay Nguyen")
		var asked []workflows.QuoteView
		for i := range 12 {
			asked = append(asked, w.request(fmt.Sprint(10+i%3)))
		}
		_, lost := race(24, func(i int) error {
			if i%2 == 1 {
				_, err := w.orders.Hold(t.Context(), domain.Actor{}, w.offering.Slug, w.wish("5", ""))
				return err
			}
			q := asked[i/2]
			_, err := w.quotes().Act(t.Context(), fay, q.ID, domain.OfferQuote, workflows.QuoteChange{QuoteInput: domain.QuoteInput{UnitCents: 3900, Hold: i%4 == 0}})
			if err != nil {
				return err
			}
			end, who, in := domain.AcceptQuote, quoteBuyer(q.Quote), accepting(1)
			switch i % 3 {
			case 0:
				end, who, in = domain.ReviseQuote, fay, domain.QuoteInput{Seats: "15", UnitCents: 3800, Hold: true}
			case 1:
				end, in = domain.DeclineQuote, domain.QuoteInput{}
			}
			_, err = w.quotes().Act(t.Context(), who, q.ID, end, workflows.QuoteChange{QuoteInput: in})
			return err
		})
		for _, err := range lost {
			if !domain.HasCode(err, "sold_out") && !domain.HasCode(err, "quote_hold_limit") {
				t.Error(err)
			}
		}
		held := sectiontest.Read(w.Fixture, func(tx *store.Tx) (int, error) { return tx.QuoteHeld(w.offering.ID) })
		if w.taken() > 60 || held > 30 {
			t.Errorf("%d taken, %d held for quotes", w.taken(), held)
		}
		w.proven()
	})
}

// TestQuoteList finds quotes by state, webinar and words, page by page.
func TestQuoteList(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 50, 0)
		var numbers []string
		for range 5 {
			numbers = append(numbers, w.request("12").Number)
		}
		w.offered("12", false)
		slices.Reverse(numbers)
		fay := w.Actor("Fay Nguyen")
		first, err := w.quotes().List(t.Context(), fay, workflows.QuoteFilter{State: domain.QuoteRequested, OfferingID: w.offering.Slug, Words: "cedar", Limit: 3})
		if err != nil || len(first) != 3 || first[0].Number != numbers[0] {
			t.Fatalf("%+v, %v", first, err)
		}
		rest, err := w.quotes().List(t.Context(), fay, workflows.QuoteFilter{State: domain.QuoteRequested, Limit: 3, After: &workflows.Cursor{UpdatedAt: first[2].CreatedAt, ID: first[2].ID}})
		if err != nil || len(rest) != 2 || rest[1].Number != numbers[4] {
			t.Errorf("%+v, %v", rest, err)
		}
		if _, err := w.quotes().List(t.Context(), w.Actor("Ben Castellano"), workflows.QuoteFilter{Limit: 3}); !domain.IsKind(err, domain.NotFound) {
			t.Errorf("a member sees quotes: %v", err)
		}
	})
}
