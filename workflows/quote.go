package workflows

import (
	"context"

	"lectern/domain"
	"lectern/internal/store"
)

// Quotes are prices in writing for many seats: asked for, offered, revised,
// accepted. Every move is one transaction that holds the quote's row first, then
// that of its order, then the webinar's.
type Quotes struct {
	Base
	Links Links
}

func (w Quotes) orders() Orders { return Orders(w) }

// QuoteView is a quote as somebody sees it.
type QuoteView struct {
	domain.Quote
	Facts     domain.QuoteFacts
	Revisions []domain.QuoteRevision // oldest first
	Open      []domain.Allowed[domain.QuoteAction]
	Made      *domain.Order // that it became; nil until then
	Secret    string        // opens the quote; only for its buyer
	OrderLink string        // the page of the order it became; only for its buyer
	Contact   string        // a role address for questions of money
}

// QuoteChange is what a person sends with a move of a quote.
type QuoteChange struct {
	Version int // the version the person saw; 0: not said
	domain.QuoteInput
}

// Request asks for a quote. It holds no seats. An order that it is to replace must
// be the actor's own, by its secret, or staff's to see: NotFound otherwise.
func (w Quotes) Request(ctx context.Context, who domain.Actor, offering string, wish domain.QuoteWish) (QuoteView, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (QuoteView, error) {
		f, err := w.saleFacts(tx, who, offering, wish.Replaces)
		if err != nil {
			return QuoteView{}, err
		}
		n, why := domain.MayRequest(wish, f)
		if len(why) > 0 {
			return QuoteView{}, domain.Refuse(why...)
		}
		q := domain.NewQuote(wish, n, f)
		q.ID = w.NewID()
		number, err := tx.NextNumber(string(domain.DocQuote))
		if err != nil {
			return QuoteView{}, err
		}
		q.Number = domain.DocQuote.Numbered(number)
		if err := tx.AddQuote(q); err != nil {
			return QuoteView{}, err
		}
		c := &quoteChange{after: q, action: domain.RequestQuote, facts: f}
		if err := w.tellQuote(tx, c); err != nil {
			return QuoteView{}, err
		}
		return w.view(c), w.auditQuote(tx, c)
	})
}

func (w Quotes) saleFacts(tx *store.Tx, who domain.Actor, offering, replaces string) (domain.QuoteFacts, error) {
	f := domain.QuoteFacts{Actor: who, Now: w.Now(), Terms: domain.DefaultSaleTerms()}
	var err error
	if f.Offering, err = tx.SeeOffering(who, offering); err != nil {
		return f, err
	}
	if f.Tiers, err = tx.PriceTiers(f.Offering.ID); err != nil || replaces == "" {
		return f, err
	}
	o, err := tx.LookAtOrder(who, replaces)
	f.Replaces = &o
	return f, err
}

// Act makes a move of a quote and everything that follows from it, in one
// transaction. Refusals are those of domain's Do; those of the order that an
// accepted quote becomes; sold_out or quote_hold_limit when seats are not there.
func (w Quotes) Act(ctx context.Context, who domain.Actor, ref string, a domain.QuoteAction, in QuoteChange) (QuoteView, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (QuoteView, error) {
		before, err := tx.Quote(who, ref)
		if err != nil {
			return QuoteView{}, err
		}
		f, err := w.quoteFacts(tx, who, before, true)
		if err != nil {
			return QuoteView{}, err
		}
		f.Input, f.Expect = in.QuoteInput, in.Version
		after := before
		if err := after.Do(a, f); err != nil {
			return QuoteView{}, w.withBilling(err, before, f, a)
		}
		return w.settle(tx, &quoteChange{before: before, after: after, action: a, facts: f})
	})
}

// withBilling adds to a refused acceptance what is wrong with the billing address,
// so that everything is told at once.
func (w Quotes) withBilling(err error, q domain.Quote, f domain.QuoteFacts, a domain.QuoteAction) error {
	if a != domain.AcceptQuote || !domain.IsKind(err, domain.Invalid) {
		return err
	}
	o := domain.NewAcceptedOrder(q, f)
	o.ID = q.ID // not made yet: only who buys is asked
	return domain.Together(err, o.Do(domain.SubmitPO, orderFactsFor(q, o, f)))
}

// quoteFacts loads what a quote's moves depend on. Orders are held when they are
// going to be changed.
func (w Quotes) quoteFacts(tx *store.Tx, who domain.Actor, q domain.Quote, hold bool) (domain.QuoteFacts, error) {
	clock := domain.TheClock(w.Now())
	f := domain.QuoteFacts{Actor: who, Now: w.Now(), Terms: domain.DefaultSaleTerms()}
	look := tx.LookAtOrder
	if hold {
		look = tx.Order
	}
	if q.OrderID != "" {
		o, err := look(clock, q.OrderID)
		if err != nil {
			return f, err
		}
		if o.State == domain.OrderHeld {
			f.Held = &o
		}
	}
	if q.ReplacesID != "" {
		o, err := look(clock, q.ReplacesID)
		if err != nil {
			return f, err
		}
		f.Replaces = &o
	}
	var err error
	if f.Replaces != nil && hold {
		by, err := tx.Sharer(f.Replaces.ID)
		if err != nil {
			return f, err
		}
		f.Lent = by != nil
	}
	if f.Offering, err = tx.SeeOffering(clock, q.OfferingID); err != nil {
		return f, err
	}
	f.Tiers, err = tx.PriceTiers(q.OfferingID)
	return f, err
}

// Quote is a quote as the person sees it. NotFound for those who may not.
func (w Quotes) Quote(ctx context.Context, who domain.Actor, ref string) (QuoteView, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (QuoteView, error) {
		q, err := tx.LookAtQuote(who, ref)
		if err != nil {
			return QuoteView{}, err
		}
		f, err := w.quoteFacts(tx, who, q, false)
		if err != nil {
			return QuoteView{}, err
		}
		c := &quoteChange{before: q, after: q, facts: f}
		if q.State == domain.QuoteConverted {
			o, err := tx.LookAtOrder(domain.TheClock(w.Now()), q.OrderID)
			if err != nil {
				return QuoteView{}, err
			}
			c.made = &o
		}
		if c.revisions, err = tx.QuoteRevisions(q.ID); err != nil {
			return QuoteView{}, err
		}
		section, err := tx.SectionOfOffering(q.OfferingID)
		v := w.view(c)
		v.Contact = section.Seller().Contact
		return v, err
	})
}

func (w Quotes) view(c *quoteChange) QuoteView {
	f := c.facts
	f.Input, f.Expect = domain.QuoteInput{}, 0
	v := QuoteView{Quote: c.after, Facts: f, Revisions: c.revisions, Open: c.after.Open(f), Made: c.made}
	if f.Actor.BuyerOfQuote(c.after) {
		v.Secret = w.Links.QuoteSecret(c.after.ID, c.after.LinkSerial)
		if c.made != nil {
			v.OrderLink = w.Links.OrderSecret(c.made.ID, c.made.LinkSerial)
		}
	}
	return v
}
