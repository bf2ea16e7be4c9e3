package workflows

import (
	"context"

	"lectern/domain"
	"lectern/internal/store"
)

// OrderFilter limits the list of orders.
type OrderFilter = store.OrderFilter

// OrderLine is what a list shows of an order.
type OrderLine = store.OrderLine

// SaleStand is how a webinar's sale stands.
type SaleStand = store.SaleStand

// List is the list of orders for staff, finance and administrators, newest first.
// NotFound for everybody else.
func (w Orders) List(ctx context.Context, who domain.Actor, f OrderFilter) ([]OrderLine, error) {
	if !who.Has(domain.Staff, domain.Finance, domain.Admin) {
		return nil, domain.NotThere("page")
	}
	return store.Read(ctx, w.Store, func(tx *store.Tx) ([]OrderLine, error) { return tx.Orders(f) })
}

// SaleBoard is what staff see above the list of orders.
type SaleBoard struct {
	Stands       []SaleStand
	OverdueCents int // invoiced, due and not paid
	Quotes       int // that need a reply
}

// standsShown is how many webinars the board shows.
const standsShown = 12

// Board is how every sale stands. NotFound for those who do not see the list.
func (w Orders) Board(ctx context.Context, who domain.Actor) (SaleBoard, error) {
	if !who.Has(domain.Staff, domain.Finance, domain.Admin) {
		return SaleBoard{}, domain.NotThere("page")
	}
	return store.Read(ctx, w.Store, func(tx *store.Tx) (SaleBoard, error) {
		b, err := saleBoard(tx, who)
		return *b, err
	})
}

// saleBoard takes three statements.
func saleBoard(tx *store.Tx, who domain.Actor) (*SaleBoard, error) {
	var b SaleBoard
	var err error
	if b.Stands, err = tx.SaleStands(standsShown); err != nil {
		return &b, err
	}
	if b.OverdueCents, err = tx.OverdueCents(who.Today); err != nil {
		return &b, err
	}
	b.Quotes, err = tx.QuotesWaiting()
	return &b, err
}

// Waiting is how many purchase orders are to be checked.
func (b SaleBoard) Waiting() int {
	n := 0
	for _, s := range b.Stands {
		n += s.AwaitingCount
	}
	return n
}

// Sale is a webinar as its checkout shows it.
type Sale struct {
	domain.OrderFacts
	Contact string          // a role address for questions of price
	Shut    []domain.Reason // why nothing can be bought now
}

// Sale finds a webinar that is or was on sale. NotFound while it is not public.
func (w Orders) Sale(ctx context.Context, who domain.Actor, ref string) (Sale, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (s Sale, err error) {
		if s.OrderFacts, err = w.saleFacts(tx, who, ref); err != nil {
			return s, err
		}
		s.Shut = s.Offering.Sells(s.Now)
		section, err := tx.SectionOfOffering(s.Offering.ID)
		s.Contact = section.Seller().Contact
		return s, err
	})
}

// historyShown is how many steps of an order staff see.
const historyShown = 50

// History is what was done to an order and its seats, newest first, for staff and
// finance. NotFound for everybody else.
func (w Orders) History(ctx context.Context, who domain.Actor, id string) ([]store.AuditLine, error) {
	if !who.Has(domain.Staff, domain.Finance, domain.Admin) {
		return nil, domain.NotThere("order")
	}
	return store.Read(ctx, w.Store, func(tx *store.Tx) ([]store.AuditLine, error) { return tx.AuditOf(id, historyShown) })
}
