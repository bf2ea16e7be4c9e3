package domain

import "strconv"

// notForQuote keeps what holds the seats of an offer from moving by itself: it
// moves with its quote only.
func notForQuote(o Order, f OrderFacts) []Reason {
	if o.State != OrderHeld || o.HoldKind != HoldQuote || f.isOf(o) {
		return nil
	}
	return []Reason{Because("", "held_for_quote", "These seats are held for a quote. Accept, revise or withdraw the quote instead.")}
}

// isOf tells whether the move is part of a move of the order's quote.
func (f OrderFacts) isOf(o Order) bool { return f.Quote != nil && f.Quote.ID == o.QuoteID }

func ofItsQuote(o Order, f OrderFacts) []Reason {
	if o.HoldKind == HoldQuote && f.isOf(o) {
		return nil
	}
	return []Reason{Because("", "not_for_quote", "This happens with a quote only.")}
}

func requoteOrder(o *Order, f OrderFacts) {
	o.quoted(*f.Quote)
	o.Revision++
}

func mustBeReplaced(o Order, f OrderFacts) []Reason {
	if f.By != "" {
		return notShared(o, f)
	}
	return []Reason{Because("", "not_replaced", "No other order takes its place.")}
}

func replaceOrder(o *Order, f OrderFacts) {
	f.Input.Reason = "Order " + f.By + " takes its place."
	endOrder(o, f)
}

// share counts an order's seats at another order, as far as that one has them, until
// this one takes its place. Nil: its seats are its own again.
func (o *Order) share(lends *Order) {
	o.Shares, o.SharesWith = 0, ""
	if lends != nil {
		o.Shares, o.SharesWith = min(lends.Seats, o.Seats), lends.ID
	}
}

// notShared keeps the place of an order for the one that waits for it: no other order
// takes it.
func notShared(o Order, f OrderFacts) []Reason {
	if f.Sharer == nil {
		return nil
	}
	return []Reason{Because("", "being_replaced", "Order %s waits to take the place of order %s, and counts on its seats. It has to be cancelled first; write to us.", f.Sharer.Number, o.Number)}
}

func mustShare(o Order, _ OrderFacts) []Reason {
	if o.Shares > 0 {
		return nil
	}
	return []Reason{Because("", "not_shared", "All its seats are its own.")}
}

func inheritSeats(o *Order, _ OrderFacts) { o.share(nil) }

// Heir is the order that keeps the shared seats as its own when this one ends by
// itself; nil: none. Those of a cancelled webinar are nobody's.
func (f OrderFacts) Heir() *Order {
	if f.Offering.Status == OfferingCancelled {
		return nil
	}
	return f.Sharer
}

// Kept says which seats of an order stay, when it ends, with the one that waits to take
// its place: Its 9 seats stay with order LM-1002. Empty: all go back.
func (f OrderFacts) Kept(o Order) string {
	heir := f.Heir()
	switch {
	case heir == nil:
		return ""
	case heir.Shares == o.Seats:
		return "Its " + Plural(o.Seats, "seat") + " " + stay(o.Seats) + " with order " + heir.Number
	}
	return "Of its " + Plural(o.Seats, "seat") + ", " + strconv.Itoa(heir.Shares) + " " + stay(heir.Shares) + " with order " + heir.Number
}

// Lender is the order whose seats the quote's order may share: the one it is to
// replace, when that one is confirmed, so that no clock ends it, and nobody else's
// order shares them. Nil: none.
func (f QuoteFacts) Lender() *Order {
	if f.Replaces == nil || f.Replaces.State != OrderConfirmed || f.Lent {
		return nil
	}
	return f.Replaces
}

func stay(n int) string {
	if n == 1 {
		return "stays"
	}
	return "stay"
}

// Carry gives the seats that people have in a replaced order to the order that
// takes its place, in their order, with the links they have; the rest is new. The
// first are those that were carried.
func Carry(old []Seat, o Order, fresh []Seat) (all []Seat, carried int) {
	for _, s := range old {
		if !s.State.Live() || carried == len(fresh) {
			continue
		}
		s.OrderID, s.Seq, s.UpdatedAt = o.ID, carried+1, o.UpdatedAt
		s.Version++
		all = append(all, s)
		carried++
	}
	return append(all, fresh[carried:]...), carried
}
