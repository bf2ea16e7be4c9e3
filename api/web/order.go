package web

import (
	"time"

	"lectern/domain"
)

var orderMarks = map[domain.OrderState]Mark{
	domain.OrderHeld:       {"info", "hourglass", ""},
	domain.OrderProcessing: {"info", "clock", ""},
	domain.OrderAwaiting:   {"warn", "file-invoice", ""},
	domain.OrderConfirmed:  {"good", "check", ""},
	domain.OrderExpired:    {"", "clock", ""},
	domain.OrderCancelled:  {"bad", "circle-x", ""},
}

var seatMarks = map[domain.SeatState]Mark{
	domain.SeatOpen:      {"", "circle-dashed", ""},
	domain.SeatInvited:   {"info", "send", ""},
	domain.SeatAssigned:  {"good", "check", ""},
	domain.SeatAttended:  {"good", "video", ""},
	domain.SeatCancelled: {"", "ban", ""},
}

// OrderMark is the mark of an order's state.
func OrderMark(s domain.OrderState) Mark {
	m := orderMarks[s]
	m.Label = s.Label()
	return m
}

// SeatMark is the mark of a seat's state.
func SeatMark(s domain.SeatState) Mark {
	m := seatMarks[s]
	m.Label = s.Label()
	return m
}

// CheckoutPage is where a buyer asks for seats. It posts to its own address.
type CheckoutPage struct {
	Page
	To           string // /offerings/{slug}/register
	Back         string // the webinar's own page
	Offering     domain.Offering
	Seats        string // as typed
	Most         int    // seats that a buyer may take alone
	Rates        []domain.PriceTier
	Name         string
	Email        string
	Institution  string
	MemberNumber string
	Access       string // what the buyer needs to take part
	Now          time.Time
	PayBy        domain.PayBy
	Note         string
	Quotes       string          // a role address for questions of price
	Shut         []domain.Reason // why nothing can be bought now
	Reasons      []domain.Reason
}

// askBy is the day until which access arrangements can be promised, in words;
// empty when it has passed.
func (p CheckoutPage) askBy() string {
	by, promised := askBy(p.Offering, p.Now)
	if !promised {
		return ""
	}
	return ". Please ask by " + longDate(by)
}

func (p CheckoutPage) errors(field string) []string { return saysOf(p.Reasons, field) }

// seats is the number as typed, 1 when it is none.
func (p CheckoutPage) seats() int {
	if n, why := domain.ParseSeats(p.Seats); len(why) == 0 {
		return n
	}
	return 1
}

func (p CheckoutPage) quoted() bool { return p.seats() > p.Most }

// OrderPage is an order for its buyer, and for staff. It posts to its own address.
type OrderPage struct {
	Page
	To        string // /orders/{secret} or /staff/orders/{number}
	Staff     bool
	Order     domain.Order
	Offering  domain.Offering
	Money     domain.Money
	Documents []domain.Document
	Seats     []domain.Seat
	Open      []domain.Allowed[domain.OrderAction]
	Now       time.Time
	ClaimURL  string // empty: no free seats
	CancelBy  *time.Time
	Heir      *domain.Order // that keeps seats of this one when it is cancelled; nil: none
	Stays     string        // what it keeps, in words
	Extend    int           // minutes that can be added
	Contact   string
	Most      int    // seats that a buyer may take alone
	QuoteHref string // where more seats are asked for by quote; empty: nowhere
	History   []OrderStep

	Billing  domain.Billing // as typed
	Address  string
	PONumber string
	Count    string // seats, as typed
	Reason   string
	Pasted   string // what is left in the box
	Kept     []domain.PastedLine
	Saved    int
	Seat     string // id of the seat that was sent back
	SeatName string
	SeatMail string
	Reasons  []domain.Reason
}

// OrderStep is a line of an order's history.
type OrderStep struct {
	At     time.Time
	By     string
	Action domain.OrderAction
	Detail string
}

func (p OrderPage) errors(field string) []string { return saysOf(p.Reasons, field) }

// saysOf are the sentences about one field, by its last name.
func saysOf(why []domain.Reason, field string) []string {
	var said []string
	for _, r := range why {
		if domain.Anchor(r.Pointer) == field {
			said = append(said, r.Detail)
		}
	}
	return said
}

// may tells whether the viewer can make the move now; has, whether it is theirs at all.
func (p OrderPage) may(a domain.OrderAction) bool { return domain.May(p.Open, a) }

func (p OrderPage) why(a domain.OrderAction) []domain.Reason { return domain.WhyNot(p.Open, a) }

// buyer is who ordered, with their library.
func (p OrderPage) buyer() string {
	if p.Order.Institution == "" {
		return p.Order.BuyerName
	}
	return p.Order.BuyerName + ", " + p.Order.Institution
}

// calendar tells whether the webinar is still to be put into a calendar.
func (p OrderPage) calendar() bool {
	end := p.Offering.EndsAt()
	return p.Order.State == domain.OrderConfirmed && end != nil && p.Now.Before(*end)
}

// historyItems are the steps of the order, newest first.
func (p OrderPage) historyItems() []HistoryItem {
	items := make([]HistoryItem, len(p.History))
	for i, h := range p.History {
		items[i] = HistoryItem{What: h.Action.Past(), Rest: "by " + inSentence(h.By), At: h.At, Zone: p.Offering.Zone, Detail: h.Detail}
	}
	return items
}

func (p OrderPage) held() bool {
	return p.Order.State == domain.OrderHeld && !p.Order.Over(p.Now) && !p.forQuote()
}

// forQuote tells whether the order only holds the seats of an offer.
func (p OrderPage) forQuote() bool { return p.Order.SeatsQuoted() > 0 }

func (p OrderPage) named() int {
	n := 0
	for _, s := range p.Seats {
		if s.State.Live() && s.State != domain.SeatOpen {
			n++
		}
	}
	return n
}

// losers are who loses a seat with the order, with what happens to them.
func (p OrderPage) losers() string {
	if p.named() == 1 {
		return "1 person named here loses their seat and link"
	}
	return itoa(p.named()) + " people named here lose their seats and links"
}

func (p OrderPage) unnamed() int { return p.Order.Seats - p.named() }

// secondsLeft is for the clock that the script draws.
func (p OrderPage) secondsLeft() int { return int(p.Order.ExpiresAt.Sub(p.Now).Seconds()) }

func (p OrderPage) documentHref(d domain.Document, pdf bool) string {
	path := p.To + "/invoice"
	if pdf {
		path += ".pdf"
	}
	return path + "?number=" + d.Number
}

func (p OrderPage) moneyWords() string {
	switch {
	case p.Order.TotalCents == 0:
		return "Nothing to pay"
	case len(p.Documents) == 0:
		return "Not invoiced yet"
	case p.Money.OwedCents() == 0 && p.Money.PaidCents == 0:
		return "Invoice taken back"
	case p.Order.DueOn != "" && p.Money.OwedCents() > 0:
		return "Invoice due " + longDate(p.Order.DueOn)
	}
	return map[domain.MoneyState]string{
		domain.MoneyUnpaid: "Invoice not paid yet", domain.MoneyPart: "Paid in part", domain.MoneyPaid: "Paid", domain.MoneyOver: "Paid too much", domain.MoneyRefunded: "Refunded",
	}[p.Money.State()]
}

// overdue tells whether the invoice is past its day.
func (p OrderPage) overdue() bool {
	return p.Order.State == domain.OrderConfirmed && Overdue(p.Order.DueOn, p.Money, p.Now, p.Offering.Zone)
}

// Overdue tells whether money is owed after the day it was due.
func Overdue(due domain.Date, m domain.Money, now time.Time, zone string) bool {
	return due != "" && m.OwedCents() > 0 && due < domain.DateOf(now, domain.Zone(zone))
}

// InvoicePage is an invoice or credit memo as a page.
type InvoicePage struct {
	Page
	Document domain.Document
	DueOn    domain.Date
	Back     string // the order
	PDF      string
}

// SeatPage is a seat for its holder.
type SeatPage struct {
	Page
	To       string // /seats/{token}
	Seat     domain.Seat
	Library  string
	Offering domain.Offering
	Now      time.Time
	Contact  string
	Reasons  []domain.Reason
}

func (p SeatPage) over() bool {
	return p.Offering.StartsAt != nil && p.Now.After(p.Offering.StartsAt.Add(time.Duration(p.Offering.Minutes)*time.Minute))
}

// ClaimPage lets a colleague take a free seat. It posts to its own address.
type ClaimPage struct {
	Page
	To       string
	Library  string
	Offering domain.Offering
	Free     int
	Name     string
	Email    string
	Reasons  []domain.Reason
}

func (p ClaimPage) errors(field string) []string { return saysOf(p.Reasons, field) }

// OrdersPage is the list of orders for staff and finance.
type OrdersPage struct {
	Page
	Tabs         []NavLink
	Of           string // the webinar whose orders these are; empty: all
	Now          time.Time
	Zone         string
	Waiting      int // purchase orders to check
	Quotes       int // that need a reply
	OverdueCents int
	Stands       []SaleStand
	Lines        []OrderLine
	State        domain.OrderState
	Q            string
	OfferingID   string
	Next         string
	CSV          string
}

// SaleStand is how one webinar's sale stands.
type SaleStand struct {
	Slug, Title               string
	Capacity, Taken           int
	Held, Awaiting, Confirmed int
	Quoted                    int // of those held, for quotes
	ChargedCents, PaidCents   int
}

// seatsWords is how many seats are taken: 3 of 60, or 3 where there is no limit.
func (s SaleStand) seatsWords() string {
	if s.Capacity >= domain.Unlimited {
		return itoa(s.Taken)
	}
	return itoa(s.Taken) + " of " + itoa(s.Capacity)
}

// OrderLine is one order of the list.
type OrderLine struct {
	Number, Buyer, Offering string
	Person                  string
	Seats, Named            int
	TotalCents              int
	State                   domain.OrderState
	Money                   domain.Money
	PONumber                string
	DueOn                   domain.Date
	ExpiresAt               *time.Time
	CreatedAt               time.Time
	Zone                    string
}

func (p OrdersPage) controls() []Control {
	states := []domain.Option{{Value: "", Label: "Any state"}}
	for _, s := range domain.OrderStates() {
		if s != domain.OrderProcessing {
			states = append(states, domain.Option{Value: string(s), Label: s.Label()})
		}
	}
	return []Control{
		{Name: "q", Label: "Search by buyer or number", Value: p.Q, Type: "search"},
		{Name: "state", Label: "State", Value: string(p.State), Options: states},
	}
}

// taken is how many seats are taken of all webinars on sale.
func (p OrdersPage) taken() int {
	n := 0
	for _, s := range p.Stands {
		n += s.Taken
	}
	return n
}

func (p OrdersPage) clear() string {
	if p.Q == "" && p.State == "" && p.OfferingID == "" {
		return ""
	}
	return "/staff/orders"
}

// note is the line under an order's state.
func (l OrderLine) note(now time.Time) string {
	switch {
	case l.ExpiresAt != nil && l.State == domain.OrderAwaiting:
		return "Held until " + domain.Deadline(*l.ExpiresAt, l.Zone)
	case l.ExpiresAt != nil:
		return "Held until " + domain.LongTime(*l.ExpiresAt, l.Zone)
	case l.State == domain.OrderConfirmed && Overdue(l.DueOn, l.Money, now, l.Zone):
		return "Invoice overdue since " + longDate(l.DueOn) + "; seats stay"
	case l.State == domain.OrderConfirmed && l.DueOn != "" && l.Money.OwedCents() > 0:
		return "Invoice due " + longDate(l.DueOn)
	}
	return ""
}
