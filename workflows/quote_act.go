package workflows

import (
	"lectern/domain"
	"lectern/internal/store"
)

// quoteChange is a move of a quote on its way into the database.
type quoteChange struct {
	before, after domain.Quote
	action        domain.QuoteAction
	facts         domain.QuoteFacts
	revisions     []domain.QuoteRevision
	made          *domain.Order // that an accepted quote became
}

// settle keeps a move and what follows from it: the revision, the order that holds its
// seats or that it becomes, mails.
func (w Quotes) settle(tx *store.Tx, c *quoteChange) (QuoteView, error) {
	for _, step := range []func(*store.Tx, *quoteChange) error{w.keepOffer, w.moveOrder, w.keepQuote, w.tellQuote, w.auditQuote} {
		if err := step(tx, c); err != nil {
			return QuoteView{}, err
		}
	}
	return w.view(c), nil
}

// moveOrder makes the order of the quote what the quote's new state asks for.
func (w Quotes) moveOrder(tx *store.Tx, c *quoteChange) error {
	switch c.action {
	case domain.AcceptQuote:
		return w.convert(tx, c)
	case domain.OfferQuote, domain.ReviseQuote:
		return w.holdOffer(tx, c)
	case domain.LapseQuote:
		return w.releaseBy(tx, c, domain.ExpireHold)
	}
	return w.releaseBy(tx, c, domain.ReleaseOrder)
}

// holdOffer holds the seats of an offer, changes those that are held by the
// difference, or gives them back.
func (w Quotes) holdOffer(tx *store.Tx, c *quoteChange) error {
	switch {
	case c.after.HoldUntil == nil:
		if err := w.releaseBy(tx, c, domain.ReleaseOrder); err != nil {
			return err
		}
		c.after.OrderID = ""
		return nil
	case c.facts.Held != nil:
		_, err := w.moveHeld(tx, c, domain.RequoteOrder, domain.TheClock(c.facts.Now))
		return err
	}
	_, err := w.addOrder(tx, c, domain.NewQuotedOrder(c.after, c.facts))
	return err
}

// addOrder writes the order of an offer, which takes its seats.
func (w Quotes) addOrder(tx *store.Tx, c *quoteChange, o domain.Order) (domain.Order, error) {
	o.ID = w.NewID()
	v, err := w.orders().addOrder(tx, o, orderFactsFor(c.after, o, c.facts))
	c.after.OrderID = o.ID
	return v.Order, err
}

// moveHeld makes a move of the order that holds the offer's seats.
func (w Quotes) moveHeld(tx *store.Tx, c *quoteChange, a domain.OrderAction, who domain.Actor) (OrderView, error) {
	before := *c.facts.Held
	f, documents, err := w.orders().orderFacts(tx, who, before)
	if err != nil {
		return OrderView{}, err
	}
	in := orderFactsFor(c.after, before, c.facts)
	f.Quote, f.Input, f.Lends = in.Quote, in.Input, in.Lends
	after := before
	if err := after.Do(a, f); err != nil {
		return OrderView{}, err
	}
	v, err := w.orders().settle(tx, change{before: before, after: after, action: a, facts: f, documents: documents})
	if err == nil && after.State != domain.OrderHeld {
		c.facts.Held = nil
	}
	return v, err
}

func (w Quotes) releaseBy(tx *store.Tx, c *quoteChange, a domain.OrderAction) error {
	if c.facts.Held == nil {
		return nil
	}
	_, err := w.moveHeld(tx, c, a, domain.TheClock(c.facts.Now))
	return err
}

// convert makes the order of an accepted quote: the seats that are held, or taken
// now; the invoice; confirmed at once up to the credit limit.
func (w Quotes) convert(tx *store.Tx, c *quoteChange) error {
	if c.facts.Held != nil && c.facts.Held.Over(c.facts.Now) { // held too long, and nobody swept: the offer still stands
		if err := w.releaseBy(tx, c, domain.ExpireHold); err != nil {
			return err
		}
	}
	if c.facts.Held == nil {
		o, err := w.addOrder(tx, c, domain.NewAcceptedOrder(c.after, c.facts))
		if err != nil {
			return err
		}
		c.facts.Held = &o
	}
	v, err := w.moveHeld(tx, c, domain.SubmitPO, buyerOf(*c.facts.Held, c.facts.Actor))
	c.made = &v.Order
	return err
}

// buyerOf is the actor that an order's own link would make.
func buyerOf(o domain.Order, who domain.Actor) domain.Actor {
	return domain.Actor{OrderID: o.ID, OrderSerial: o.LinkSerial, Today: who.Today}
}

// orderFactsFor are the facts of a move that a quote's order makes with the quote.
func orderFactsFor(q domain.Quote, o domain.Order, f domain.QuoteFacts) domain.OrderFacts {
	actor := f.Actor
	if actor.BuyerOfQuote(q) {
		actor = buyerOf(o, actor)
	}
	return domain.OrderFacts{
		Actor: actor, Now: f.Now, Offering: f.Offering, Tiers: f.Tiers, Terms: f.Terms, Quote: &q, Lends: f.Lender(),
		Input: domain.OrderInput{Billing: f.Input.Billing, PONumber: f.Input.PONumber, Reason: f.Input.Reason},
	}
}

// keepOffer writes each offer as it is made, before its order: the database lets an
// order have the price of an offer only.
func (w Quotes) keepOffer(tx *store.Tx, c *quoteChange) error {
	if c.after.Revision == c.before.Revision {
		return nil
	}
	section, err := tx.SectionOfOffering(c.after.OfferingID)
	if err != nil {
		return err
	}
	return tx.AddQuoteRevision(c.after.Offer(c.facts, section.Seller()))
}

func (w Quotes) keepQuote(tx *store.Tx, c *quoteChange) error {
	if err := tx.ChangeQuote(c.after, c.before.State); err != nil {
		return err
	}
	var err error
	c.revisions, err = tx.QuoteRevisions(c.after.ID)
	return err
}

func (w Quotes) auditQuote(tx *store.Tx, c *quoteChange) error {
	q, f := c.after, c.facts
	name := f.Actor.Name
	if name == "" {
		name = "The buyer"
	}
	detail := q.Number + ", " + domain.Plural(q.AskedSeats, "seat") + " asked for"
	if q.Revision > 0 {
		detail = q.Number + ", " + domain.DocumentLine{Quantity: q.Seats, UnitCents: q.UnitCents, Cents: q.TotalCents}.Words()
		if domain.InTotal(q.UnitCents, q.TotalCents) {
			detail += ", " + domain.ExactDollars(q.TotalCents)
		}
	}
	if q.Reason != "" {
		detail += ": " + q.Reason
	}
	return tx.Audit(store.AuditLine{ID: w.NewID(), At: f.Now, ActorID: f.Actor.ID, ActorName: name, Action: string(c.action), Noun: "quote", SubjectID: q.ID, Detail: detail})
}
