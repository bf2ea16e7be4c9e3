package workflows

import (
	"context"
	"time"

	"lectern/domain"
	"lectern/internal/store"
)

// Orders sells the seats of webinars: hold, change, confirm, invoice, end. Every
// move is one transaction that holds the order's row first, then the webinar's.
type Orders struct {
	Base
	Links Links
}

// HoldWish is what a buyer sends to hold seats.
type HoldWish struct {
	domain.Wish
	MemberNumber string // proves a member's rate, together with the address
}

// OrderView is an order as somebody sees it.
type OrderView struct {
	domain.Order
	Facts     domain.OrderFacts
	Documents []domain.Document // oldest first
	Open      []domain.Allowed[domain.OrderAction]
	Secret    string // opens the order; only for its buyer
	Contact   string // a role address for questions of money; only from Order
}

// Hold takes seats for a buyer for as long as the webinar holds them. Conflict
// with sold_out when too few are free, also in a race; Invalid with
// quote_required beyond what a buyer may take alone. Before it says sold_out it
// gives back what ran out, once: dead holds never keep anybody out.
func (w Orders) Hold(ctx context.Context, who domain.Actor, offering string, wish HoldWish) (OrderView, error) {
	v, err := w.holdOnce(ctx, who, offering, wish)
	if !domain.HasCode(err, "sold_out") || store.IsTogether(ctx, w.Store) {
		return v, err // within a larger transaction a sweep is not possible: see SweepOffering
	}
	freed, swept := w.sweepOffering(ctx, offering)
	if swept != nil || freed == 0 {
		return v, err
	}
	return w.holdOnce(ctx, who, offering, wish)
}

func (w Orders) holdOnce(ctx context.Context, who domain.Actor, offering string, wish HoldWish) (OrderView, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (OrderView, error) {
		f, err := w.saleFacts(tx, who, offering)
		if err != nil {
			return OrderView{}, err
		}
		class, evidence, err := w.prove(tx, who, wish, f)
		if err != nil {
			return OrderView{}, err
		}
		n, tier, why := domain.MayHold(wish.Wish, class, f)
		if len(why) > 0 {
			return OrderView{}, domain.Refuse(why...)
		}
		o := domain.NewOrder(wish.Wish, n, tier, evidence, f)
		o.ID = w.NewID()
		return w.addOrder(tx, o, f)
	})
}

// saleFacts are the facts of a webinar that may be bought now. NotFound while it
// is not public.
func (w Orders) saleFacts(tx *store.Tx, who domain.Actor, ref string) (domain.OrderFacts, error) {
	f := domain.OrderFacts{Actor: who, Now: w.Now(), Terms: domain.DefaultSaleTerms()}
	var err error
	if f.Offering, err = tx.SeeOffering(who, ref); err != nil {
		return f, err
	}
	f.Tiers, err = tx.PriceTiers(f.Offering.ID)
	return f, err
}

// addOrder takes the seats, then writes the order: the guarded UPDATE decides.
func (w Orders) addOrder(tx *store.Tx, o domain.Order, f domain.OrderFacts) (OrderView, error) {
	if err := w.take(tx, f, o.SeatsTaken(), o.SeatsQuoted()); err != nil {
		return OrderView{}, err
	}
	n, err := tx.NextNumber("order")
	if err != nil {
		return OrderView{}, err
	}
	o.Number = domain.OrderNumber(n)
	f.Actor.OrderID, f.Actor.OrderSerial = o.ID, o.LinkSerial
	if err := tx.AddOrder(o); err != nil {
		return OrderView{}, err
	}
	if err := tx.AddOrderRevision(o.Price(domain.HoldSeats, f.Actor, f.Now)); err != nil {
		return OrderView{}, err
	}
	v := w.orderView(o, f, nil)
	return v, w.auditOrder(tx, o, f, domain.HoldSeats, domain.Plural(o.Seats, "seat")+" at "+domain.Dollars(o.UnitCents))
}

// take takes n seats of the webinar, of which so many are held for quotes.
func (w Orders) take(tx *store.Tx, f domain.OrderFacts, n, quoted int) error {
	take := tx.TakeSeats
	if quoted != 0 {
		take = func(id string, n int) (bool, error) { return tx.TakeSeatsForQuote(id, n, quoted) }
	}
	taken, err := take(f.Offering.ID, n)
	if err != nil || taken {
		return err
	}
	now, err := tx.SeeOffering(domain.TheClock(f.Now), f.Offering.ID)
	if err != nil {
		return err
	}
	if now.Status != domain.OfferingPublished {
		return domain.Refuse(now.Sells(f.Now)...)
	}
	if quoted > 0 && n <= now.Left() {
		held, err := tx.QuoteHeld(now.ID)
		if err != nil {
			return err
		}
		return domain.Refuse(domain.QuotesHoldEnough(now, held))
	}
	return domain.Refuse(domain.SoldOut(now.Capacity - now.Taken))
}

func (w Orders) orderView(o domain.Order, f domain.OrderFacts, documents []domain.Document) OrderView {
	v := OrderView{Order: o, Facts: f, Documents: documents, Open: o.Open(f)}
	if f.Actor.BuyerOf(o) {
		v.Secret = w.Links.OrderSecret(o.ID, o.LinkSerial)
	}
	if !f.Actor.SeesSeats(o) {
		v.Facts.Seats = nil
	}
	return v
}

// Order is an order as the person sees it. NotFound for those who may not.
func (w Orders) Order(ctx context.Context, who domain.Actor, ref string) (OrderView, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (OrderView, error) {
		o, err := tx.LookAtOrder(who, ref)
		if err != nil {
			return OrderView{}, err
		}
		f, documents, err := w.orderFacts(tx, who, o)
		if err != nil {
			return OrderView{}, err
		}
		v := w.orderView(o, f, documents)
		section, err := tx.SectionOfOffering(o.OfferingID)
		v.Contact = section.Seller().Contact
		return v, err
	})
}

// orderFacts loads what an order's moves depend on.
func (w Orders) orderFacts(tx *store.Tx, who domain.Actor, o domain.Order) (domain.OrderFacts, []domain.Document, error) {
	f := domain.OrderFacts{Actor: who, Now: w.Now(), Terms: domain.DefaultSaleTerms()}
	var documents []domain.Document
	var entries []domain.LedgerEntry
	for _, load := range []func() error{
		func() (err error) { f.Offering, err = tx.SeeOffering(domain.TheClock(f.Now), o.OfferingID); return err },
		func() (err error) { f.Tiers, err = tx.PriceTiers(o.OfferingID); return err },
		func() (err error) { f.Seats, err = tx.Seats(o.ID); return err },
		func() (err error) { documents, err = tx.Documents(o.ID); return err },
		func() (err error) { entries, err = tx.Entries(o.ID); return err },
		func() (err error) { f.Sharer, err = w.sharer(tx, o); return err },
	} {
		if err := load(); err != nil {
			return f, nil, err
		}
		if o.New() && len(f.Tiers) > 0 {
			break // it has no seats, documents or money yet
		}
	}
	f.Money = domain.MoneyOf(entries)
	return f, documents, nil
}

// sharer asks who shares an order's seats: nobody but while it is confirmed.
func (w Orders) sharer(tx *store.Tx, o domain.Order) (*domain.Order, error) {
	if o.State != domain.OrderConfirmed {
		return nil, nil
	}
	return tx.Sharer(o.ID)
}

// ExpireDue ends every order whose clock has run out at the instant, each in a
// transaction of its own; one that somebody else ended meanwhile is left alone.
func (w Orders) ExpireDue(ctx context.Context, now time.Time) error {
	_, err := w.sweepOver(ctx, now, "")
	return err
}

const sweptAtOnce = 50

func (w Orders) sweepOver(ctx context.Context, now time.Time, offeringID string) (int, error) {
	freed := 0
	for {
		ids, err := store.Read(ctx, w.Store, func(tx *store.Tx) ([]string, error) { return tx.OrdersOver(now, offeringID, sweptAtOnce) })
		if err != nil || len(ids) == 0 {
			return freed, err
		}
		n, err := w.endEach(ctx, now, ids, w.overAction)
		freed += n
		if err != nil || n == 0 || len(ids) < sweptAtOnce {
			return freed, err
		}
	}
}

func (w Orders) endEach(ctx context.Context, now time.Time, ids []string, how func(context.Context, string) (domain.OrderAction, error)) (int, error) {
	at := w
	at.Now = func() time.Time { return now }
	freed := 0
	for _, id := range ids {
		action, err := how(ctx, id)
		if err != nil {
			return freed, err
		}
		_, err = at.Act(context.WithoutCancel(ctx), domain.TheClock(now), id, action, OrderChange{})
		switch {
		case err == nil:
			freed++
		case !domain.IsKind(err, domain.Conflict) && !domain.IsKind(err, domain.Stale):
			return freed, err
		}
		if ctx.Err() != nil {
			return freed, ctx.Err()
		}
	}
	return freed, nil
}

// CallOffDue ends every order of a cancelled webinar, each in a transaction of its
// own: what is left undone when it is interrupted is done the next time.
func (w Orders) CallOffDue(ctx context.Context) (int, error) {
	ended := 0
	for {
		ids, err := store.Read(ctx, w.Store, func(tx *store.Tx) ([]string, error) { return tx.OrdersCalledOff(sweptAtOnce) })
		if err != nil || len(ids) == 0 {
			return ended, err
		}
		n, err := w.endEach(ctx, w.Now(), ids, func(context.Context, string) (domain.OrderAction, error) { return domain.CallOffOrder, nil })
		ended += n
		if err != nil || n == 0 || len(ids) < sweptAtOnce {
			return ended, err
		}
	}
}

// overAction is how an order ends whose time is over.
func (w Orders) overAction(ctx context.Context, id string) (domain.OrderAction, error) {
	o, err := store.Read(ctx, w.Store, func(tx *store.Tx) (domain.Order, error) {
		return tx.LookAtOrder(domain.TheClock(w.Now()), id)
	})
	if o.State == domain.OrderAwaiting {
		return domain.LapsePO, err
	}
	return domain.ExpireHold, err
}

// SweepOffering gives back the seats of a webinar's orders whose time is over. It
// is for callers who hold seats within a larger transaction, before it begins: each
// order ends in one of its own. A webinar that is not there has none.
func (w Orders) SweepOffering(ctx context.Context, ref string) error {
	_, err := w.sweepOffering(ctx, ref)
	if domain.IsKind(err, domain.NotFound) {
		return nil
	}
	return err
}

func (w Orders) sweepOffering(ctx context.Context, ref string) (int, error) {
	o, err := store.Read(ctx, w.Store, func(tx *store.Tx) (domain.Offering, error) {
		return tx.SeeOffering(domain.TheClock(w.Now()), ref)
	})
	if err != nil {
		return 0, err
	}
	return w.sweepOver(ctx, w.Now(), o.ID)
}
