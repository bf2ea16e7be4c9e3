package api

import (
	"time"

	"lectern/domain"
	"lectern/workflows"
)

// OrderOut is an order as its buyer, staff or finance see it.
type OrderOut struct {
	ID         string            `json:"id"`
	Version    int               `json:"version"`
	Number     string            `json:"number"`
	State      domain.OrderState `json:"state"`
	Offering   OrderOfferingOut  `json:"offering"`
	Seats      int               `json:"seats"`
	RateClass  string            `json:"rate_class"`
	RateLabel  string            `json:"rate_label"`
	UnitCents  *int              `json:"unit_cents"` // null: quoted as one price for all seats together
	TotalCents int               `json:"total_cents"`
	Currency   string            `json:"currency"`
	Money      MoneyOut          `json:"money"`
	Buyer      BuyerOut          `json:"buyer"`
	Billing    BillingOut        `json:"billing"`
	PONumber   string            `json:"po_number"`
	DueOn      domain.Date       `json:"due_on"`     // empty until accepted
	ExpiresAt  *time.Time        `json:"expires_at"` // null: no clock runs
	Extended   bool              `json:"extended"`
	Reason     string            `json:"reason"`    // of a rejection or cancellation
	SharedBy   string            `json:"shared_by"` // number of the order that waits to take its place, and keeps the seats they share when it is cancelled; empty: none
	Documents  []DocumentOut     `json:"documents"`
	People     []SeatOut         `json:"people"` // on the seats; empty for finance
	Actions    []OrderActionOut  `json:"actions"`
	CreatedAt  time.Time         `json:"created_at"`
	Secret     string            `json:"secret"`     // for its buyer only; empty for others
	ClaimCode  string            `json:"claim_code"` // lets colleagues take free seats; empty while there are none
}

func (o OrderOut) etag() int        { return o.Version }
func (o OrderOut) location() string { return "/orders/" + o.ID }

// OrderOfferingOut names the webinar of an order.
type OrderOfferingOut struct {
	ID       string     `json:"id"`
	Slug     string     `json:"slug"`
	Title    string     `json:"title"`
	StartsAt *time.Time `json:"starts_at"`
	Zone     string     `json:"zone"`
}

// MoneyOut is what the ledger says of an order.
type MoneyOut struct {
	State        domain.MoneyState `json:"state"`
	ChargedCents int               `json:"charged_cents"`
	PaidCents    int               `json:"paid_cents"`
	OwedCents    int               `json:"owed_cents"`
}

// BuyerOut is who ordered.
type BuyerOut struct {
	Name        string `json:"name"`
	Email       string `json:"email"`
	Institution string `json:"institution"`
}

// BillingOut is where the invoice goes.
type BillingOut struct {
	Name    string   `json:"name"`
	Email   string   `json:"email"`
	Address []string `json:"address"`
}

// DocumentOut is an invoice or credit memo.
type DocumentOut struct {
	Kind     domain.DocumentKind `json:"kind"`
	Number   string              `json:"number"`
	Cents    int                 `json:"cents"`
	IssuedAt time.Time           `json:"issued_at"`
}

// SeatOut is one seat with who sits on it.
type SeatOut struct {
	ID      string           `json:"id"`
	Version int              `json:"version"`
	Seq     int              `json:"seq"`
	State   domain.SeatState `json:"state"`
	Name    string           `json:"name"`
	Email   string           `json:"email"`
	Erased  bool             `json:"erased"` // the person asked to be forgotten
}

// OrderActionOut is one move with what stands in its way for the person asking.
type OrderActionOut struct {
	Action  domain.OrderAction `json:"action"`
	Allowed bool               `json:"allowed"`
	Reasons []ReasonOut        `json:"reasons"`
}

// OrderLineOut is an order in a list.
type OrderLineOut struct {
	ID         string            `json:"id"`
	Version    int               `json:"version"`
	Number     string            `json:"number"`
	State      domain.OrderState `json:"state"`
	Offering   OrderOfferingRef  `json:"offering"`
	Seats      int               `json:"seats"`
	Named      int               `json:"named"`
	TotalCents int               `json:"total_cents"`
	Currency   string            `json:"currency"`
	Money      MoneyOut          `json:"money"`
	Buyer      BuyerOut          `json:"buyer"`
	PONumber   string            `json:"po_number"`
	DueOn      domain.Date       `json:"due_on"`
	ExpiresAt  *time.Time        `json:"expires_at"`
	CreatedAt  time.Time         `json:"created_at"`
}

// OrderOfferingRef names a webinar in a list.
type OrderOfferingRef struct {
	ID    string `json:"id"`
	Slug  string `json:"slug"`
	Title string `json:"title"`
}

func orderLineOut(l workflows.OrderLine) OrderLineOut {
	return OrderLineOut{
		ID: l.ID, Version: l.Version, Number: l.Number, State: l.State, Offering: OrderOfferingRef{l.OfferingID, l.OfferingSlug, l.OfferingTitle},
		Seats: l.Seats, Named: l.Named, TotalCents: l.TotalCents, Currency: "USD", Money: moneyOut(l.Money()),
		Buyer: BuyerOut{l.BuyerName, l.BuyerEmail, l.Institution}, PONumber: l.PONumber, DueOn: l.DueOn, ExpiresAt: l.ExpiresAt, CreatedAt: l.CreatedAt,
	}
}

func moneyOut(m domain.Money) MoneyOut {
	return MoneyOut{m.State(), m.ChargedCents, m.PaidCents, m.OwedCents()}
}

func (s *Server) orderOut(v workflows.OrderView) OrderOut {
	f := v.Facts.Offering
	out := OrderOut{
		ID: v.ID, Version: v.Version, Number: v.Number, State: v.State, Offering: OrderOfferingOut{f.ID, f.Slug, f.Title, f.StartsAt, f.Zone},
		Seats: v.Seats, RateClass: v.RateClass, RateLabel: v.RateLabel, UnitCents: eachOut(v.UnitCents, v.TotalCents), TotalCents: v.TotalCents, Currency: "USD", Money: moneyOut(v.Facts.Money),
		Buyer: BuyerOut{v.BuyerName, v.BuyerEmail, v.Institution}, Billing: BillingOut{v.Billing.Name, v.Billing.Email, orEmpty(v.Billing.Address)},
		PONumber: v.PONumber, DueOn: v.DueOn, ExpiresAt: v.ExpiresAt, Extended: v.Extended, Reason: v.Reason, CreatedAt: v.CreatedAt, Secret: v.Secret,
		Documents: []DocumentOut{}, People: []SeatOut{}, Actions: []OrderActionOut{},
	}
	for _, d := range v.Documents {
		out.Documents = append(out.Documents, DocumentOut{d.Kind, d.Number, d.Cents, d.IssuedAt})
	}
	for _, p := range v.Facts.Seats {
		out.People = append(out.People, seatOut(p))
	}
	for _, a := range v.Open {
		out.Actions = append(out.Actions, OrderActionOut{a.Action, len(a.Reasons) == 0, reasonsOut(a.Reasons)})
	}
	if heir := v.Facts.Heir(); heir != nil && v.State == domain.OrderConfirmed {
		out.SharedBy = heir.Number
	}
	if v.State == domain.OrderConfirmed && v.Facts.Actor.SeesSeats(v.Order) {
		out.ClaimCode = s.Access.Links.ClaimCode(v.Order)
	}
	return out
}

func seatOut(s domain.Seat) SeatOut {
	return SeatOut{s.ID, s.Version, s.Seq, s.State, s.Name, s.Email, s.ErasedAt != nil}
}
