package domain

import (
	"slices"
	"strings"
	"time"
)

// OrderState says who owns the seats of an order. What is paid is another matter: see Money.
type OrderState string

// The states of an order.
const (
	NoOrder         OrderState = ""           // before it is made
	OrderHeld       OrderState = "held"       // the buyer is filling in the rest
	OrderProcessing OrderState = "processing" // a card is being charged
	OrderAwaiting   OrderState = "awaiting_po"
	OrderConfirmed  OrderState = "confirmed"
	OrderExpired    OrderState = "expired"
	OrderCancelled  OrderState = "cancelled"
)

// OrderStates are all states of an order.
func OrderStates() []OrderState {
	return []OrderState{OrderHeld, OrderProcessing, OrderAwaiting, OrderConfirmed, OrderExpired, OrderCancelled}
}

// Label is the state in a librarian's words.
func (s OrderState) Label() string {
	return map[OrderState]string{
		OrderHeld: "Held", OrderProcessing: "Being paid", OrderAwaiting: "Awaiting purchase order",
		OrderConfirmed: "Confirmed", OrderExpired: "Expired", OrderCancelled: "Cancelled",
	}[s]
}

// Live tells whether an order in this state takes seats of its webinar (I1).
func (s OrderState) Live() bool {
	return slices.Contains([]OrderState{OrderHeld, OrderProcessing, OrderAwaiting, OrderConfirmed}, s)
}

// HoldKind is what an order's seats are held for.
type HoldKind string

// The kinds of hold.
const (
	HoldCheckout HoldKind = "checkout" // a buyer at the checkout, for minutes
	HoldQuote    HoldKind = "quote"    // an offer in writing that nobody has accepted yet, for days
)

// Order is a number of seats of one webinar for one buyer, at one price.
type Order struct {
	ID          string
	Version     int
	Revision    int    // of seats and price: every change is kept (I2)
	Number      string // LM-1042
	OfferingID  string
	State       OrderState
	Seats       int
	RateClass   string
	RateLabel   string
	UnitCents   int
	TotalCents  int
	Evidence    Evidence // why this rate
	BuyerName   string
	BuyerEmail  string
	Institution string
	Billing     Billing
	PONumber    string
	TermsDays   int  // from acceptance to due
	DueOn       Date // empty until the order is accepted
	HoldKind    HoldKind
	ExpiresAt   *time.Time // the seats go back then; nil when no clock runs
	Extended    bool       // the buyer took more time, once
	QuoteID     string
	Shares      int    // seats that are counted at the order whose place this one is to take
	SharesWith  string // that order
	LinkSerial  int    // raised: all links to the order end
	Reason      string // of a rejection or cancellation
	CreatedAt   time.Time
	UpdatedAt   time.Time
	ConfirmedAt *time.Time
	EndedAt     *time.Time
}

// Billing is where an invoice goes.
type Billing struct {
	Name    string   `json:"name"`    // whom it is made out to: Cedar County Library
	Email   string   `json:"email"`   // where it is sent; empty: to the buyer
	Address []string `json:"address"` // lines, as on an envelope
}

// Evidence is why an order has its rate: what was checked when the seats were
// held. It holds for all seats, and losing a membership later changes nothing.
type Evidence struct {
	Kind      EvidenceKind `json:"kind"`
	Class     string       `json:"class"` // that was proven; empty: none
	ValidTo   Date         `json:"valid_to"`
	CheckedAt time.Time    `json:"checked_at"`
}

// EvidenceKind is how a rate was proven.
type EvidenceKind string

// The kinds of evidence.
const (
	EvidenceNone   EvidenceKind = ""
	EvidenceNumber EvidenceKind = "member_number" // address and member number stand together on the list of members
	EvidenceSignIn EvidenceKind = "sign_in"       // signed in by mail with an address on the list
)

// SeatsTaken is how many seats of its webinar the order takes, besides those that
// the order takes whose place it waits for.
func (o Order) SeatsTaken() int {
	if !o.State.Live() {
		return 0
	}
	return o.Seats - o.Shares
}

// New tells whether the order is held and was never billed: it has no seats,
// documents or money yet.
func (o Order) New() bool { return o.State == OrderHeld && o.TermsDays == 0 && o.ConfirmedAt == nil }

// Over tells whether the order's clock has run out at the instant.
func (o Order) Over(now time.Time) bool { return o.ExpiresAt != nil && !now.Before(*o.ExpiresAt) }

// OrderRevision is what an order cost from one moment on.
type OrderRevision struct {
	OrderID    string
	Revision   int
	Seats      int
	RateClass  string
	UnitCents  int
	TotalCents int
	Cause      string
	ByID       string
	ByName     string
	At         time.Time
}

// Found are the texts an order is found by.
func (o Order) Found() []string {
	return []string{o.Number, o.BuyerName, o.BuyerEmail, o.Institution, o.PONumber}
}

// Price is the order's present seats and price, as its revision keeps them.
func (o Order) Price(cause OrderAction, by Actor, at time.Time) OrderRevision {
	return OrderRevision{
		OrderID: o.ID, Revision: o.Revision, Seats: o.Seats, RateClass: o.RateClass, UnitCents: o.UnitCents, TotalCents: o.TotalCents,
		Cause: string(cause), ByID: by.ID, ByName: by.Name, At: at,
	}
}

// BuyerOf tells whether the actor came by the order's own link.
func (a Actor) BuyerOf(o Order) bool {
	return a.OrderID != "" && a.OrderID == o.ID && a.OrderSerial == o.LinkSerial
}

// SeesOrder tells whether the actor may see an order; others are told that it is not there.
func (a Actor) SeesOrder(o Order) bool {
	return a.Clock || a.BuyerOf(o) || a.CodeFor != "" && a.CodeFor == o.ID || a.Has(Staff, Finance, Admin)
}

// SeesSeats tells whether the actor is shown who sits on the seats of an order.
// Finance sees the money only.
func (a Actor) SeesSeats(o Order) bool { return a.BuyerOf(o) || a.Has(Staff, Admin) }

// NewOrder is an order as it begins: held, at the tier's price.
func NewOrder(w Wish, n int, t PriceTier, e Evidence, f OrderFacts) Order {
	until := f.Now.Add(time.Duration(f.Offering.HoldMinutes) * time.Minute)
	o := Order{
		Version: 1, Revision: 1, OfferingID: f.Offering.ID, State: OrderHeld, Evidence: e, BuyerName: strings.TrimSpace(w.Name), BuyerEmail: strings.TrimSpace(w.Email),
		Institution: strings.TrimSpace(w.Institution), HoldKind: HoldCheckout, ExpiresAt: &until, LinkSerial: 1, CreatedAt: f.Now, UpdatedAt: f.Now,
	}
	o.price(n, t)
	return o
}
