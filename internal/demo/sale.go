package demo

import (
	"fmt"
	"strings"

	"lectern/domain"
	"lectern/workflows"
)

func (t telling) orders() workflows.Orders { return workflows.Orders{Base: t.Base, Links: t.links} }
func (t telling) quotes() workflows.Quotes { return workflows.Quotes{Base: t.Base} }

// wish is what the event's buyer asks for.
func (t telling) wish() domain.Wish {
	b := t.story.buyers[t.Buyer]
	return domain.Wish{Seats: t.Seats, Name: b.Name, Email: address(b.Name), Institution: b.At}
}

func (t telling) holdSeats() error {
	o, err := t.offering()
	if err != nil {
		return err
	}
	_, err = t.orders().Hold(t.ctx, t.who, o.ID, workflows.HoldWish{Wish: t.wish(), MemberNumber: t.story.buyers[t.Buyer].Member})
	return err
}

// importMembers takes in the association's list of members. A file that is refused
// is a mistake in the story.
func (t telling) importMembers() error {
	r, err := workflows.Members{Base: t.Base, Links: t.links}.ImportMembers(t.ctx, t.who, membersText)
	if err == nil && len(r.Refused) > 0 {
		err = fmt.Errorf("members.csv, line %d: %s", r.Refused[0].Line, r.Refused[0].Detail)
	}
	return err
}

// orderID is the event's order: held under its key, or what the quote of that key
// became. NotFound when a visitor's acts left none.
func (t telling) orderID() (string, error) {
	id := t.story.sales[t.Order]
	q, err := t.quotes().Quote(t.ctx, domain.TheClock(t.Now()), id)
	switch {
	case domain.IsKind(err, domain.NotFound):
		return id, nil
	case err != nil:
		return "", err
	case q.Made == nil:
		return "", domain.NotThere("order")
	}
	return q.Made.ID, nil
}

// ofOrder makes a move of the event's order; a buyer by the order's own link.
func (t telling) ofOrder(a domain.OrderAction, in domain.OrderInput) error {
	t, id, err := t.withOrder()
	if err != nil {
		return err
	}
	_, err = t.orders().Act(t.ctx, t.who, id, a, workflows.OrderChange{OrderInput: in})
	return err
}

func (t telling) withOrder() (told telling, id string, err error) {
	if id, err = t.orderID(); err != nil {
		return t, "", err
	}
	if t.Who == byBuyer {
		o, err := t.orders().Order(t.ctx, domain.TheClock(t.Now()), id)
		if err != nil {
			return t, "", err
		}
		t.who = domain.Actor{OrderID: o.ID, OrderSerial: o.LinkSerial, Today: t.who.Today}
	}
	return t, id, nil
}

func (t telling) billing() domain.OrderInput {
	b := t.story.buyers[t.Buyer]
	return domain.OrderInput{Billing: domain.Billing{Name: b.At, Address: b.Address}, PONumber: t.PO}
}

func (t telling) submitPO() error { return t.ofOrder(domain.SubmitPO, t.billing()) }

// namePeople pastes the event's people into the free seats of its order.
func (t telling) namePeople() error {
	t, id, err := t.withOrder()
	if err != nil {
		return err
	}
	_, err = t.orders().PasteSeats(t.ctx, t.who, id, 0, strings.Join(t.People, "\n"))
	return err
}

// askQuote asks for a quote; one that replaces an order is asked for by that
// order's own link.
func (t telling) askQuote() error {
	o, err := t.offering()
	if err != nil {
		return err
	}
	wish := domain.QuoteWish{Wish: t.wish(), PayBy: domain.PayByPO, Note: t.Say}
	if t.Replaces != "" {
		in := t
		in.Order = t.Replaces
		if in, wish.Replaces, err = in.withOrder(); err != nil {
			return err
		}
		t.who = in.who
	}
	_, err = t.quotes().Request(t.ctx, t.who, o.ID, wish)
	return err
}

// ofQuote makes a move of the event's quote; a buyer by the quote's own link, and
// of the offer that is in force.
func (t telling) ofQuote(a domain.QuoteAction) error {
	q, err := t.quotes().Quote(t.ctx, domain.TheClock(t.Now()), t.story.sales[t.Order])
	if err != nil {
		return err
	}
	if t.Who == byBuyer {
		t.who = domain.Actor{QuoteID: q.ID, QuoteSerial: q.LinkSerial, Today: t.who.Today}
	}
	in := domain.QuoteInput{Seats: t.Seats, UnitCents: t.Unit, TotalCents: t.Total, Hold: t.Hold, Message: t.Say, Reason: t.Say, Revision: q.Revision, Billing: t.billing().Billing, PONumber: t.PO}
	_, err = t.quotes().Act(t.ctx, t.who, q.ID, a, workflows.QuoteChange{QuoteInput: in})
	return err
}
