package api

import (
	"time"

	"lectern/domain"
	"lectern/workflows"
)

// QuoteOut is a quote as its buyer, staff or finance see it.
type QuoteOut struct {
	ID         string            `json:"id"`
	Version    int               `json:"version"`
	Number     string            `json:"number"`
	State      domain.QuoteState `json:"state"`
	Offering   OrderOfferingOut  `json:"offering"`
	AskedSeats int               `json:"asked_seats"`
	Buyer      BuyerOut          `json:"buyer"`
	PayBy      domain.PayBy      `json:"pay_by"`
	Note       string            `json:"note"`
	Replaces   string            `json:"replaces"` // the number of the order it takes the place of; empty: none
	Offer      *OfferOut         `json:"offer"`    // null: not offered yet
	Offers     []OfferOut        `json:"offers"`   // all, oldest first
	Order      *QuoteOrderOut    `json:"order"`    // that it became; null until then
	Reason     string            `json:"reason"`   // of a withdrawal, or the buyer’s when declining
	ReplyBy    time.Time         `json:"reply_by"` // a request is answered by then
	Warnings   []ReasonOut       `json:"warnings"` // about the price; for staff
	Actions    []QuoteActionOut  `json:"actions"`
	CreatedAt  time.Time         `json:"created_at"`
	Secret     string            `json:"secret"` // for its buyer only; empty for others
}

func (q QuoteOut) etag() int        { return q.Version }
func (q QuoteOut) location() string { return "/quotes/" + q.ID }

// OfferOut is one offer of a quote. It never changes.
type OfferOut struct {
	Revision   int         `json:"revision"`
	Seats      int         `json:"seats"`
	UnitCents  *int        `json:"unit_cents"` // null: the price is one for all seats together
	TotalCents int         `json:"total_cents"`
	Currency   string      `json:"currency"`
	ValidUntil domain.Date `json:"valid_until"` // the last day, in the webinar’s zone
	ExpiresAt  time.Time   `json:"expires_at"`
	HoldUntil  *time.Time  `json:"hold_until"` // null: holds no seats
	NetDays    int         `json:"net_days"`   // from acceptance of the order to the day its invoice is due
	Message    string      `json:"message"`
	MadeAt     time.Time   `json:"made_at"`
}

// QuoteOrderOut names the order that a quote became.
type QuoteOrderOut struct {
	ID     string            `json:"id"`
	Number string            `json:"number"`
	State  domain.OrderState `json:"state"`
	Secret string            `json:"secret"` // for its buyer only; empty for others
}

// QuoteActionOut is one move with what stands in its way for the person asking.
type QuoteActionOut struct {
	Action  domain.QuoteAction `json:"action"`
	Allowed bool               `json:"allowed"`
	Reasons []ReasonOut        `json:"reasons"`
}

// QuoteLineOut is a quote in a list.
type QuoteLineOut struct {
	ID          string            `json:"id"`
	Version     int               `json:"version"`
	Number      string            `json:"number"`
	State       domain.QuoteState `json:"state"`
	Offering    OrderOfferingRef  `json:"offering"`
	AskedSeats  int               `json:"asked_seats"`
	Seats       int               `json:"seats"`      // offered; 0: not yet
	UnitCents   *int              `json:"unit_cents"` // null: the price is one for all seats together
	TotalCents  int               `json:"total_cents"`
	Currency    string            `json:"currency"`
	Revision    int               `json:"revision"`
	Buyer       BuyerOut          `json:"buyer"`
	ExpiresAt   *time.Time        `json:"expires_at"`
	HoldUntil   *time.Time        `json:"hold_until"`
	OrderNumber string            `json:"order_number"` // that it became; empty until then
	CreatedAt   time.Time         `json:"created_at"`
}

// eachOut is the price of a seat; null when all seats have one price together.
func eachOut(unit, total int) *int {
	if domain.InTotal(unit, total) {
		return nil
	}
	return &unit
}

// eachCell is eachOut in a file; empty for null.
func eachCell(unit, total int) string {
	if domain.InTotal(unit, total) {
		return ""
	}
	return itoa(unit)
}

func quoteLineOut(l workflows.QuoteLine) QuoteLineOut {
	return QuoteLineOut{
		ID: l.ID, Version: l.Version, Number: l.Number, State: l.State, Offering: OrderOfferingRef{l.OfferingID, l.OfferingSlug, l.OfferingTitle}, AskedSeats: l.AskedSeats,
		Seats: l.Seats, UnitCents: eachOut(l.UnitCents, l.TotalCents), TotalCents: l.TotalCents, Currency: "USD", Revision: l.Revision, Buyer: BuyerOut{l.BuyerName, l.BuyerEmail, l.Institution},
		ExpiresAt: l.ExpiresAt, HoldUntil: l.HoldUntil, OrderNumber: l.OrderNumber, CreatedAt: l.CreatedAt,
	}
}

func quoteOut(v workflows.QuoteView) QuoteOut {
	f := v.Facts.Offering
	out := QuoteOut{
		ID: v.ID, Version: v.Version, Number: v.Number, State: v.State, Offering: OrderOfferingOut{f.ID, f.Slug, f.Title, f.StartsAt, f.Zone}, AskedSeats: v.AskedSeats,
		Buyer: BuyerOut{v.BuyerName, v.BuyerEmail, v.Institution}, PayBy: v.PayBy, Note: v.Note, Reason: v.Reason, ReplyBy: v.ReplyBy(f.Zone, v.Facts.Terms).UTC(),
		CreatedAt: v.CreatedAt, Secret: v.Secret, Offers: []OfferOut{}, Warnings: []ReasonOut{}, Actions: []QuoteActionOut{},
	}
	if v.Facts.Replaces != nil {
		out.Replaces = v.Facts.Replaces.Number
	}
	for _, r := range v.Revisions {
		out.Offers = append(out.Offers, OfferOut{
			r.Revision, r.Seats, eachOut(r.UnitCents, r.TotalCents), r.TotalCents, r.Content.Currency, r.Content.ValidUntil, r.ExpiresAt, r.HoldUntil, r.NetDays(v.Facts.Terms), r.Message, r.At,
		})
	}
	if n := len(out.Offers); n > 0 {
		out.Offer = &out.Offers[n-1]
	}
	if v.Made != nil {
		out.Order = &QuoteOrderOut{v.Made.ID, v.Made.Number, v.Made.State, v.OrderLink}
	}
	if v.Facts.Actor.Has(domain.Staff, domain.Admin) && v.Revision > 0 {
		out.Warnings = reasonsOut(domain.QuoteWarnings(v.TotalCents, v.Facts))
	}
	for _, a := range v.Open {
		out.Actions = append(out.Actions, QuoteActionOut{a.Action, len(a.Reasons) == 0, reasonsOut(a.Reasons)})
	}
	return out
}
