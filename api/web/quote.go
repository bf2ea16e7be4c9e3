package web

import (
	"time"

	"lectern/domain"
)

var quoteMarks = map[domain.QuoteState]Mark{
	domain.QuoteRequested: {"warn", "hourglass", ""},
	domain.QuoteOffered:   {"info", "send", ""},
	domain.QuoteConverted: {"good", "check", ""},
	domain.QuoteDeclined:  {"", "circle-x", ""},
	domain.QuoteExpired:   {"", "clock", ""},
	domain.QuoteWithdrawn: {"bad", "ban", ""},
}

// QuoteMark is the mark of a quote's state, as staff read it.
func QuoteMark(s domain.QuoteState) Mark {
	m := quoteMarks[s]
	m.Label = s.Label()
	return m
}

// QuoteAskPage is where the buyer of an order asks for a quote that takes its place.
// It posts to its own address.
type QuoteAskPage struct {
	Page
	To          string // /orders/{secret}/quote
	Back        string // the order
	Replaces    domain.Order
	Offering    domain.Offering
	From        int // seats from which a quote is needed
	Seats       string
	Name        string
	Email       string
	Institution string
	PayBy       domain.PayBy
	Note        string
	Reasons     []domain.Reason
}

// QuotePage is a quote for its buyer, and for staff. It posts to its own address.
type QuotePage struct {
	Page
	To        string // /quotes/{secret} or /staff/quotes/{number}
	Staff     bool
	Quote     domain.Quote
	Offering  domain.Offering
	Revisions []domain.QuoteRevision // oldest first
	Open      []domain.Allowed[domain.QuoteAction]
	Replaces  *domain.Order
	Order     *domain.Order // that it became
	OrderHref string
	Held      bool // its seats are held now
	Now       time.Time
	ReplyBy   time.Time
	Contact   string
	History   []QuoteStep

	QuoteTyped
	Floor    int // cents that the most seats without a quote cost; 0: not known
	Most     int // seats without a quote
	Days     int // that an offer usually holds
	Net      int // days to pay an invoice, usually
	Warnings []domain.Reason
	Reasons  []domain.Reason
}

// QuoteTyped is what is in the fields of a quote's page.
type QuoteTyped struct {
	Seats, ValidUntil, Message string // of an offer
	Unit, Total                string // of an offer: one of them
	NetDays                    string
	Hold                       bool
	Billing, Address, PONumber string // of an acceptance
	Reason                     string
}

// QuoteStep is a line of a quote's history.
type QuoteStep struct {
	At     time.Time
	By     string
	Action domain.QuoteAction
	Detail string
}

func (p QuotePage) errors(field string) []string { return saysOf(p.Reasons, field) }

func (p QuotePage) may(a domain.QuoteAction) bool { return domain.May(p.Open, a) }

// why is what stands in the way of a move that is the viewer's.
func (p QuotePage) why(a domain.QuoteAction) []domain.Reason { return domain.WhyNot(p.Open, a) }

func (p QuotePage) mark() Mark {
	m := QuoteMark(p.Quote.StateAt(p.Now))
	if !p.Staff && p.Quote.State == domain.QuoteRequested {
		m.Label = "Waiting for our price"
	}
	return m
}

// seats is what was offered, or asked for before.
func (p QuotePage) seats() int {
	if p.Quote.Revision > 0 {
		return p.Quote.Seats
	}
	return p.Quote.AskedSeats
}

func (p QuotePage) ended() bool {
	return !p.Quote.StateAt(p.Now).Open()
}

// late tells whether a reply is overdue.
func (p QuotePage) late() bool {
	return p.Quote.State == domain.QuoteRequested && !p.Now.Before(p.ReplyBy)
}

func (p QuotePage) documentHref(r domain.QuoteRevision, pdf bool) string {
	path := p.To + "/document"
	if pdf {
		path += ".pdf"
	}
	return path + "?revision=" + itoa(r.Revision)
}

// offerAction is what staff would do now: a first offer, or the next one.
func (p QuotePage) offerAction() domain.QuoteAction {
	if p.Quote.State == domain.QuoteOffered {
		return domain.ReviseQuote
	}
	return domain.OfferQuote
}

// asked says who asks for what, for staff.
func (p QuotePage) asked() []Fact {
	q := p.Quote
	all := []Fact{
		{Term: "Library", Text: q.Institution},
		{Term: "Who asks", Text: q.BuyerName + ", " + q.BuyerEmail},
		{Term: "Asked for", Text: domain.Plural(q.AskedSeats, "seat")},
		{Term: "Pays", Text: q.PayBy.Label()},
	}
	if q.Note != "" {
		all = append(all, Fact{Term: "Note", Text: q.Note})
	}
	if p.Replaces != nil {
		all = append(all, Fact{Term: "Takes the place of", Text: "order " + p.Replaces.Number + ", " + domain.Plural(p.Replaces.Seats, "seat") + ", " + p.Replaces.State.Label()})
	}
	return all
}

func (p QuotePage) historyItems() []HistoryItem {
	var all []HistoryItem
	for _, h := range p.History {
		all = append(all, HistoryItem{What: h.Action.Past(), Rest: "by " + inSentence(h.By), At: h.At, Zone: p.Offering.Zone, Detail: h.Detail})
	}
	return all
}

func payOptions() []domain.Option {
	all := []domain.Option{{Value: "", Label: "Choose"}}
	for _, p := range domain.PayBys() {
		all = append(all, domain.Option{Value: string(p), Label: p.Label()})
	}
	return all
}

// QuotesPage is the list of quotes for staff and finance.
type QuotesPage struct {
	Page
	Tabs    []NavLink
	Now     time.Time
	Zone    string
	Waiting int
	Lines   []QuoteLine
	State   domain.QuoteState
	Q       string
	Next    string
	CSV     string
}

// QuoteLine is one quote of the list.
type QuoteLine struct {
	Number, Buyer, Offering string
	Seats, TotalCents       int
	State                   domain.QuoteState
	ReplyBy                 time.Time
	ExpiresAt               *time.Time
	OrderNumber             string
	Zone                    string
}

func (p QuotesPage) controls() []Control {
	states := []domain.Option{{Value: "", Label: "Any state"}}
	for _, s := range domain.QuoteStates() {
		states = append(states, domain.Option{Value: string(s), Label: s.Label()})
	}
	return []Control{
		{Name: "q", Label: "Search by buyer or number", Value: p.Q, Type: "search"},
		{Name: "state", Label: "State", Value: string(p.State), Options: states},
	}
}

func (p QuotesPage) clear() string {
	if p.Q == "" && p.State == "" {
		return ""
	}
	return "/staff/quotes"
}

// note is the line under a quote's state.
func (l QuoteLine) note(now time.Time) string {
	switch {
	case l.State == domain.QuoteRequested && !now.Before(l.ReplyBy):
		return "Reply was promised by " + domain.LongDay(l.ReplyBy.Add(-time.Minute), l.Zone)
	case l.State == domain.QuoteRequested:
		return "Reply by " + domain.LongDay(l.ReplyBy.Add(-time.Minute), l.Zone)
	case l.State == domain.QuoteOffered:
		return "Until " + domain.LongDay(l.ExpiresAt.Add(-time.Minute), l.Zone)
	case l.OrderNumber != "":
		return "Order " + l.OrderNumber
	}
	return ""
}
