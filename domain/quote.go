package domain

import (
	"slices"
	"strings"
	"time"
)

// QuoteState is where a quote stands.
type QuoteState string

// The states of a quote.
const (
	QuoteRequested QuoteState = "requested" // somebody asked, and waits for a price
	QuoteOffered   QuoteState = "offered"   // a price is out, in writing
	QuoteConverted QuoteState = "converted" // accepted: it has become an order
	QuoteDeclined  QuoteState = "declined"
	QuoteExpired   QuoteState = "expired"
	QuoteWithdrawn QuoteState = "withdrawn"
)

// QuoteStates are all states of a quote.
func QuoteStates() []QuoteState {
	return []QuoteState{QuoteRequested, QuoteOffered, QuoteConverted, QuoteDeclined, QuoteExpired, QuoteWithdrawn}
}

// Label is the state in a librarian's words.
func (s QuoteState) Label() string {
	return map[QuoteState]string{
		QuoteRequested: "Needs a reply", QuoteOffered: "Offered", QuoteConverted: "Accepted", QuoteDeclined: "Declined", QuoteExpired: "Expired", QuoteWithdrawn: "Withdrawn",
	}[s]
}

// Open tells whether the quote can still become an order.
func (s QuoteState) Open() bool { return s == QuoteRequested || s == QuoteOffered }

// PayBy is how the buyer of a quote means to pay.
type PayBy string

// How buyers mean to pay.
const (
	PayByPO     PayBy = "purchase_order"
	PayWithCard PayBy = "card"
	PayUnsure   PayBy = "unsure"
)

// PayBys are those that a buyer can choose. Cards are not taken, so nobody is
// asked for one.
func PayBys() []PayBy { return []PayBy{PayByPO, PayUnsure} }

// Label is the way in a librarian's words.
func (p PayBy) Label() string {
	return map[PayBy]string{PayByPO: "By purchase order", PayWithCard: "By card", PayUnsure: "Not sure yet"}[p]
}

// Quote is a price in writing for many seats of one webinar. A request has none
// and holds no seats; an offer may hold them, through an order of its own.
type Quote struct {
	ID          string
	Version     int
	Number      string // Q-00042
	OfferingID  string
	State       QuoteState
	AskedSeats  int
	BuyerName   string
	BuyerEmail  string
	Institution string
	PayBy       PayBy
	Note        string // the buyer's: tax exemption and the like
	ReplacesID  string // an order of the same buyer that ends when the quote's own is confirmed
	Revision    int    // of the offer; 0: there is none yet
	Seats       int    // offered: exactly so many
	UnitCents   int    // 0: the total is no price of a seat times the seats
	TotalCents  int
	TermsDays   int        // from acceptance of the order to the day its invoice is due; 0: the usual number
	Message     string     // staff's, with the offer
	ExpiresAt   *time.Time // the offer ends; nil without one
	HoldUntil   *time.Time // until then the offer holds its seats; nil: it holds none
	OrderID     string     // that holds its seats, or that it became
	LinkSerial  int        // raised: all links to the quote end
	Reason      string     // of a withdrawal, or the buyer's when declining
	CreatedAt   time.Time
	UpdatedAt   time.Time
	OfferedAt   *time.Time // first
	EndedAt     *time.Time
}

// QuoteRevision is one offer as it was made. It never changes.
type QuoteRevision struct {
	QuoteID    string
	Revision   int
	Seats      int
	UnitCents  int
	TotalCents int
	TermsDays  int // from acceptance to due; 0: the usual number
	Message    string
	ExpiresAt  time.Time
	HoldUntil  *time.Time
	Content    DocumentContent // what the quote's document says
	ByID       string
	ByName     string
	At         time.Time
}

// Document is the offer as a document to print and file.
func (r QuoteRevision) Document(q Quote) Document {
	return Document{ID: q.ID, Kind: DocQuote, Number: q.Number, OrderID: q.OrderID, Revision: r.Revision, Cents: r.TotalCents, Content: r.Content, IssuedAt: r.At}
}

// StateAt is the state at an instant: an offer whose last day is over has expired,
// whether or not the clock has come by already.
func (q Quote) StateAt(now time.Time) QuoteState {
	if q.State == QuoteOffered && q.Over(now) {
		return QuoteExpired
	}
	return q.State
}

// NetDays is how many days after acceptance the offer's invoice is due.
func (q Quote) NetDays(t SaleTerms) int { return t.netOr(q.TermsDays) }

// NetDays is Quote.NetDays of the offer that the revision was.
func (r QuoteRevision) NetDays(t SaleTerms) int { return t.netOr(r.TermsDays) }

// netOr are the days that were agreed, or the usual number when none were.
func (t SaleTerms) netOr(agreed int) int {
	if agreed > 0 {
		return agreed
	}
	return t.NetDays
}

// Over tells whether the offer has ended at the instant.
func (q Quote) Over(now time.Time) bool { return q.ExpiresAt != nil && !now.Before(*q.ExpiresAt) }

// LastDay is the last day on which an offer can be accepted, in the zone.
func (q Quote) LastDay(zone string) Date {
	if q.ExpiresAt == nil {
		return ""
	}
	return DateOf(q.ExpiresAt.Add(-time.Second), Zone(zone))
}

// Found are the texts a quote is found by.
func (q Quote) Found() []string {
	return []string{q.Number, q.BuyerName, q.BuyerEmail, q.Institution}
}

// RateLabel is how an order names the price of a quote.
func (q Quote) RateLabel() string { return "quote " + q.Number }

// QuotedRate is the rate class of seats that a quote prices.
const QuotedRate = "quote"

// BuyerOfQuote tells whether the actor came by the quote's own link.
func (a Actor) BuyerOfQuote(q Quote) bool {
	return a.QuoteID != "" && a.QuoteID == q.ID && a.QuoteSerial == q.LinkSerial
}

// SeesQuote tells whether the actor may see a quote; others are told that it is not there.
func (a Actor) SeesQuote(q Quote) bool {
	return a.Clock || a.BuyerOfQuote(q) || a.Has(Staff, Finance, Admin)
}

// QuoteWish is what a buyer asks a quote for.
type QuoteWish struct {
	Wish
	PayBy    PayBy
	Note     string
	Replaces string // id or number of an order of theirs; empty: none
}

// NewQuote is a quote as it begins: a request, with nothing held.
func NewQuote(w QuoteWish, n int, f QuoteFacts) Quote {
	q := Quote{
		Version: 1, OfferingID: f.Offering.ID, State: QuoteRequested, AskedSeats: n, BuyerName: strings.TrimSpace(w.Name), BuyerEmail: strings.TrimSpace(w.Email),
		Institution: strings.TrimSpace(w.Institution), PayBy: w.PayBy, Note: strings.TrimSpace(w.Note), LinkSerial: 1, CreatedAt: f.Now, UpdatedAt: f.Now,
	}
	if f.Replaces != nil {
		q.ReplacesID = f.Replaces.ID
	}
	return q
}

// Offer is the present offer as its revision keeps it.
func (q Quote) Offer(f QuoteFacts, s Seller) QuoteRevision {
	return QuoteRevision{
		QuoteID: q.ID, Revision: q.Revision, Seats: q.Seats, UnitCents: q.UnitCents, TotalCents: q.TotalCents, TermsDays: q.TermsDays, Message: q.Message, ExpiresAt: *q.ExpiresAt, HoldUntil: q.HoldUntil,
		Content: q.document(f, s), ByID: f.Actor.ID, ByName: f.Actor.Name, At: f.Now,
	}
}

// document is what the offer says on paper.
func (q Quote) document(f QuoteFacts, s Seller) DocumentContent {
	c := DocumentContent{
		Seller: s, Buyer: Billing{Name: q.Institution, Email: q.BuyerEmail}, Attention: q.BuyerName, Institution: q.Institution, Currency: "USD", TotalCents: q.TotalCents,
		Lines:    []DocumentLine{{Text: f.Offering.Title, Quantity: q.Seats, UnitCents: q.UnitCents, Cents: q.TotalCents}},
		Terms:    netTerms(q.NetDays(f.Terms)),
		IssuedOn: DateOf(f.Now, Zone(f.Offering.Zone)), ValidUntil: q.LastDay(f.Offering.Zone), Revision: q.Revision, Reason: q.Message,
	}
	if f.Replaces != nil {
		c.Credits = f.Replaces.Number
	}
	return c
}

// NewQuotedOrder is the order of an offer: held, for exactly its seats, at its price.
func NewQuotedOrder(q Quote, f QuoteFacts) Order {
	o := Order{
		Version: 1, Revision: 1, OfferingID: q.OfferingID, State: OrderHeld, BuyerName: q.BuyerName, BuyerEmail: q.BuyerEmail, Institution: q.Institution,
		QuoteID: q.ID, LinkSerial: 1, CreatedAt: f.Now, UpdatedAt: f.Now,
	}
	o.quoted(q)
	return o
}

// NewAcceptedOrder is the order of an offer that is being accepted and held no
// seats: it does not wait, so the share of quotes is not asked.
func NewAcceptedOrder(q Quote, f QuoteFacts) Order {
	o := NewQuotedOrder(q, f)
	o.HoldKind, o.ExpiresAt = HoldCheckout, q.ExpiresAt
	o.share(f.Lender())
	return o
}

// quoted gives an order the seats, price and clock of an offer.
func (o *Order) quoted(q Quote) {
	o.HoldKind, o.ExpiresAt = HoldQuote, q.HoldUntil
	o.Seats, o.RateClass, o.RateLabel, o.UnitCents, o.TotalCents = q.Seats, QuotedRate, q.RateLabel(), q.UnitCents, q.TotalCents
}

// SeatsQuoted is how many seats of its webinar the order holds for an offer that
// nobody has accepted yet.
func (o Order) SeatsQuoted() int {
	if o.State != OrderHeld || o.HoldKind != HoldQuote {
		return 0
	}
	return o.Seats
}

// QuoteWarnings are what staff are told about a price, without being kept from it.
func QuoteWarnings(totalCents int, f QuoteFacts) []Reason {
	floor := QuoteFloor(f)
	if floor == 0 || totalCents >= floor {
		return nil
	}
	return []Reason{Because("", "below_nine_seats", "%s is less than %s cost at the checkout, at the members’ rate: %s.", ExactDollars(totalCents), Plural(f.SelfServed(), "seat"), ExactDollars(floor))}
}

// QuoteFloor is what the most seats that can be bought without a quote cost at the
// division member's rate, or the first; 0 when there is no price.
func QuoteFloor(f QuoteFacts) int {
	n := f.SelfServed()
	rates := slices.DeleteFunc(slices.Clone(f.Tiers), func(t PriceTier) bool { return t.MinSeats > n || t.MaxSeats < n })
	if len(rates) == 0 {
		return 0
	}
	SortTiers(rates)
	return n * rates[0].UnitCents
}

// SelfServed is how many seats of the webinar are sold without a quote.
func (f QuoteFacts) SelfServed() int { return OrderFacts{Offering: f.Offering}.SelfServed() }
