package workflows

import (
	"lectern/domain"
	"lectern/internal/store"
)

// takePlace lets a confirmed order of a quote take the place of the order that the
// quote replaces: people keep their seats and links in the new order, the old one
// ends with a credit memo, and what was paid for it is credited to the new one. An
// old order that has ended meanwhile leaves nothing to take. Rows are held from the
// newer order to the older one, then the webinar.
func (w Orders) takePlace(tx *store.Tx, c *change) error {
	clock := domain.TheClock(c.facts.Now)
	q, err := tx.LookAtQuote(clock, c.after.QuoteID)
	if err != nil || q.ReplacesID == "" {
		return joinSeats(tx, c, 0, err)
	}
	old, err := tx.Order(clock, q.ReplacesID)
	if err != nil || !old.State.Live() {
		return joinSeats(tx, c, 0, err)
	}
	f, documents, err := w.orderFacts(tx, clock, old)
	if err != nil {
		return err
	}
	var carried int
	c.facts.Seats, carried = domain.Carry(f.Seats, c.after, c.facts.Seats)
	if err := joinSeats(tx, c, carried, nil); err != nil {
		return err
	}
	return w.giveWay(tx, c, old, f, documents)
}

// joinSeats carries the first seats over from another order, and adds the others.
func joinSeats(tx *store.Tx, c *change, carried int, err error) error {
	if err != nil {
		return err
	}
	for _, s := range c.facts.Seats[:carried] {
		if err := tx.CarrySeat(s); err != nil {
			return err
		}
	}
	if carried == len(c.facts.Seats) {
		return nil
	}
	return tx.AddSeats(c.facts.Seats[carried:])
}

// giveWay ends the old order. Its people have seats in the new one already.
func (w Orders) giveWay(tx *store.Tx, c *change, old domain.Order, f domain.OrderFacts, documents []domain.Document) error {
	f.Seats, f.By, c.replaced = nil, c.after.Number, old.Number
	ended := old
	if err := ended.Do(domain.ReplaceOrder, f); err != nil {
		return err
	}
	if err := w.credit(tx, c, old, f); err != nil {
		return err
	}
	_, err := w.settle(tx, change{before: old, after: ended, action: domain.ReplaceOrder, facts: f, documents: documents, handed: -c.handed})
	return err
}

// credit moves what was paid for the old order to the new one, as two lines of the
// ledger that add up to nothing.
func (w Orders) credit(tx *store.Tx, c *change, old domain.Order, f domain.OrderFacts) error {
	cents := f.Money.PaidCents
	if cents <= 0 {
		return nil
	}
	back := domain.LedgerEntry{ID: w.NewID(), OrderID: old.ID, Kind: domain.LedgerRefund, Cents: cents, Note: "Credited to order " + c.after.Number, ByName: f.Actor.Name, At: f.Now}
	in := domain.LedgerEntry{ID: w.NewID(), OrderID: c.after.ID, Kind: domain.LedgerPayment, Cents: -cents, Note: "Credit from order " + old.Number, ByName: f.Actor.Name, At: f.Now}
	for _, e := range []domain.LedgerEntry{back, in} {
		if err := tx.AddEntry(e); err != nil {
			return err
		}
	}
	c.facts.Money.Add(in)
	return nil
}
