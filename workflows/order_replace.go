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

// holdHeir holds the row of the order that waits to take an order's place before that
// one's own, when the move cancels the order: from the newer order to the older one, as
// taking the place does.
func holdHeir(tx *store.Tx, ref string, a domain.OrderAction) (*domain.Order, error) {
	if a != domain.CancelOrder {
		return nil, nil
	}
	return tx.HoldSharer(ref)
}

// heirIs tells whether the row that is held is that of the order that waits: another
// one may have begun to until the order's own row was held.
func heirIs(held *domain.Order, f domain.OrderFacts, a domain.OrderAction) bool {
	return a != domain.CancelOrder || f.Sharer == nil || held != nil && held.ID == f.Sharer.ID
}

// inherit lets the order that shares the seats of one that ends keep them as its own,
// so that nobody else can take them between, and the webinar's number stays. The people
// on the ended order's seats lose them: there are seats in an order only once it is
// confirmed (I3). Nothing is credited, because what is paid is not cancelled.
func (w Orders) inherit(tx *store.Tx, c *change, heir domain.Order) error {
	f := domain.OrderFacts{Actor: domain.TheClock(c.facts.Now), Now: c.facts.Now, Offering: c.facts.Offering, Terms: c.facts.Terms, By: c.before.Number}
	after := heir
	if err := after.Do(domain.InheritSeats, f); err != nil {
		return err
	}
	c.handed = -heir.Shares
	_, err := w.settle(tx, change{before: heir, after: after, action: domain.InheritSeats, facts: f, handed: heir.Shares})
	return err
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
