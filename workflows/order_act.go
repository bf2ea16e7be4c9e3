package workflows

import (
	"context"
	"fmt"

	"lectern/domain"
	"lectern/internal/store"
)

// OrderChange is what a person sends with a move of an order.
type OrderChange struct {
	Version int // the version the person saw; 0: not said
	domain.OrderInput
}

// Act makes a move of an order and everything that follows from it, in one
// transaction. Refusals are those of domain's Do, and sold_out when the move
// needs seats that are not there.
func (w Orders) Act(ctx context.Context, who domain.Actor, ref string, a domain.OrderAction, in OrderChange) (OrderView, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (OrderView, error) {
		heir, err := holdHeir(tx, ref, a)
		if err != nil {
			return OrderView{}, err
		}
		before, err := tx.Order(who, ref)
		if err != nil {
			return OrderView{}, err
		}
		f, documents, err := w.orderFacts(tx, who, before)
		if err != nil {
			return OrderView{}, err
		}
		if !heirIs(heir, f, a) {
			return OrderView{}, store.ErrAgain
		}
		f.Input, f.Expect = in.OrderInput, in.Version
		after := before
		if err := after.Do(a, f); err != nil {
			return OrderView{}, err
		}
		return w.settle(tx, change{before: before, after: after, action: a, facts: f, documents: documents})
	})
}

// change is a move of an order on its way into the database.
type change struct {
	before, after domain.Order
	action        domain.OrderAction
	facts         domain.OrderFacts
	documents     []domain.Document
	replaced      string // the number of the order whose place this one took; empty: none
	handed        int    // seats that change from one order to another, so that the webinar's number stays
}

// settle keeps a move and what follows from it. What follows is read off the
// order before and after, so that no move can forget it: seats of the webinar,
// price, documents, rows of seats, mails.
func (w Orders) settle(tx *store.Tx, c change) (OrderView, error) {
	for _, step := range []func(*store.Tx, *change) error{
		w.moveSeats, w.keepOrder, w.keepDocuments, w.keepSeats, w.tellOrder, w.auditChange,
	} {
		if err := step(tx, &c); err != nil {
			return OrderView{}, err
		}
	}
	c.facts.Input, c.facts.Expect = domain.OrderInput{}, 0
	return w.orderView(c.after, c.facts, c.documents), nil
}

// moveSeats takes or gives back the difference (I1). The order's row is held
// already: order first, then webinar.
func (w Orders) moveSeats(tx *store.Tx, c *change) error {
	if err := w.handOver(tx, c); err != nil {
		return err
	}
	n, quoted := c.after.SeatsTaken()-c.before.SeatsTaken()-c.handed, c.after.SeatsQuoted()-c.before.SeatsQuoted()
	switch {
	case n > 0:
		return w.take(tx, c.facts, n, quoted)
	case quoted != 0:
		return tx.GiveQuoteSeats(c.before.OfferingID, -n, -quoted)
	case n < 0:
		return tx.GiveSeats(c.before.OfferingID, -n)
	}
	return nil
}

// handOver finds the seats that change from one order to another. When an order ends
// whose seats another one shares, that one keeps them. When an order that shared seats
// is confirmed, the other one hands them over, if it is still there: its row is held
// before the webinar's.
func (w Orders) handOver(tx *store.Tx, c *change) error {
	if heir := c.facts.Heir(); heir != nil && !c.after.State.Live() {
		return w.inherit(tx, c, *heir)
	}
	if c.before.Shares == 0 || c.after.State != domain.OrderConfirmed {
		return nil
	}
	old, err := tx.Order(domain.TheClock(c.facts.Now), c.before.SharesWith)
	if err == nil && old.State.Live() {
		c.handed = c.before.Shares
	}
	return err
}

func (w Orders) keepOrder(tx *store.Tx, c *change) error {
	if err := tx.ChangeOrder(c.after, c.before.State); err != nil {
		return err
	}
	if c.after.Revision == c.before.Revision {
		return nil
	}
	return tx.AddOrderRevision(c.after.Price(c.action, c.facts.Actor, c.facts.Now))
}

// keepSeats makes the rows of seats when an order is confirmed, and cancels them
// when it no longer is (I3).
func (w Orders) keepSeats(tx *store.Tx, c *change) error {
	was, is := c.before.State == domain.OrderConfirmed, c.after.State == domain.OrderConfirmed
	switch {
	case !was && is:
		c.facts.Seats = domain.NewSeats(c.after, w.NewID, c.facts.Now)
		if c.after.QuoteID != "" {
			return w.takePlace(tx, c)
		}
		return tx.AddSeats(c.facts.Seats)
	case was && !is:
		return w.cancelSeats(tx, c)
	}
	return nil
}

func (w Orders) cancelSeats(tx *store.Tx, c *change) error {
	for i := range c.facts.Seats {
		s := &c.facts.Seats[i]
		if !s.State.Live() {
			continue
		}
		told := *s
		if err := s.Do(domain.CancelSeat, domain.SeatPerson{}, c.before, c.facts); err != nil {
			return err
		}
		if err := tx.ChangeSeat(*s); err != nil {
			return err
		}
		if err := w.tellSeatEnded(tx, told, c.facts, "The order it belongs to was cancelled."); err != nil {
			return err
		}
	}
	return nil
}

func (w Orders) auditChange(tx *store.Tx, c *change) error {
	detail := domain.Plural(c.after.Seats, "seat")
	if c.after.Revision != c.before.Revision {
		detail = domain.Plural(c.before.Seats, "seat") + " to " + detail
	}
	if c.after.Reason != "" && c.after.State == domain.OrderCancelled {
		detail += ": " + c.after.Reason
	}
	switch kept := c.facts.Kept(c.before); {
	case c.action == domain.InheritSeats:
		detail += fmt.Sprintf(", %d of them from order %s, which has ended", c.before.Shares, c.facts.By)
	case kept != "" && !c.after.State.Live():
		detail += ". " + kept
	}
	return w.auditOrder(tx, c.after, c.facts, c.action, detail)
}

func (w Orders) auditOrder(tx *store.Tx, o domain.Order, f domain.OrderFacts, a domain.OrderAction, detail string) error {
	name := f.Actor.Name
	if name == "" && f.Actor.BuyerOf(o) {
		name = "The buyer"
	}
	return tx.Audit(store.AuditLine{
		ID: w.NewID(), At: f.Now, ActorID: f.Actor.ID, ActorName: name,
		Action: string(a), Noun: "order", SubjectID: o.ID, Detail: o.Number + ", " + detail,
	})
}
