package domain

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

func mustBeReplaced(_ Order, f OrderFacts) []Reason {
	if f.By != "" {
		return nil
	}
	return []Reason{Because("", "not_replaced", "No other order takes its place.")}
}

func replaceOrder(o *Order, f OrderFacts) {
	f.Input.Reason = "Order " + f.By + " takes its place."
	endOrder(o, f)
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
