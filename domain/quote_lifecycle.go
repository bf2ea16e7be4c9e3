package domain

import (
	"slices"
	"strings"
	"time"
)

// QuoteAction is a move of a quote; the word is the last part of its route.
type QuoteAction string

// The actions on quotes.
const (
	RequestQuote  QuoteAction = "request"
	OfferQuote    QuoteAction = "offer"
	ReviseQuote   QuoteAction = "revise"
	AcceptQuote   QuoteAction = "accept"
	PayQuote      QuoteAction = "pay"
	DeclineQuote  QuoteAction = "decline"
	LapseQuote    QuoteAction = "lapse"
	WithdrawQuote QuoteAction = "withdraw"
	CallOffQuote  QuoteAction = "call-off"
)

// QuoteGuard gives every reason why the facts do not allow a move of a quote.
type QuoteGuard func(q Quote, f QuoteFacts) []Reason

// QuoteMove is one row of a quote's life.
type QuoteMove struct {
	Action QuoteAction
	From   []QuoteState
	To     QuoteState // empty: the same
	By     []Who
	Guard  QuoteGuard // what the facts say, before anything is filled in
	Input  QuoteGuard // what is wrong with what was filled in
	Apply  func(q *Quote, f QuoteFacts)
	Later  bool // in the table, without a route yet
	Effect string
}

// QuoteInput is what a person sends with a move of a quote.
type QuoteInput struct {
	Seats      string // as typed; empty: as many as were asked for, or offered before
	UnitCents  int    // of one seat; 0: TotalCents is given instead
	TotalCents int    // of all seats; 0: UnitCents is given instead
	ValidUntil Date   // the last day; empty: the usual number of days
	Hold       bool   // seats are held for the offer
	NetDays    int    // from acceptance to due; 0: the usual number
	Message    string
	Revision   int // of the offer that is accepted
	Billing    Billing
	PONumber   string
	Reason     string
}

// QuoteFacts is everything a move of a quote depends on.
type QuoteFacts struct {
	Actor    Actor
	Now      time.Time
	Offering Offering
	Tiers    []PriceTier
	Terms    SaleTerms
	Replaces *Order // that ends when the quote's order is confirmed; nil: none
	Lent     bool   // another quote's order shares its seats
	Held     *Order // that holds the offer's seats now; nil: none
	Input    QuoteInput
	Expect   int // the version the actor saw; 0: any
}

// QuoteMoves is the whole life of a quote. The routes, the API's actions, the
// buttons, the documentation and the database's check are read from it.
var QuoteMoves = []QuoteMove{
	{
		Action: RequestQuote, To: QuoteRequested, By: []Who{ByAnyone},
		Effect: "holds no seats; staff are told, and reply within a business day",
	},
	{
		Action: OfferQuote, From: []QuoteState{QuoteRequested}, To: QuoteOffered, By: []Who{ByStaff}, Guard: mayOffer, Input: offerInput,
		Apply: offer, Effect: "a numbered revision that never changes, as page and PDF; may hold its seats, within the webinar’s share for quotes; the buyer gets a link",
	},
	{
		Action: ReviseQuote, From: []QuoteState{QuoteOffered}, By: []Who{ByStaff}, Guard: mayOffer, Input: offerInput,
		Apply: offer, Effect: "the next revision; the one before can no longer be accepted; held seats change by the difference",
	},
	{
		Action: AcceptQuote, From: []QuoteState{QuoteOffered}, To: QuoteConverted, By: []Who{ByBuyer}, Guard: Quote.gone, Input: acceptInput,
		Apply: endQuote, Effect: "an order at the quoted price with its invoice, confirmed at once up to the credit limit, else waiting for staff; seats that were not held are taken now, or nothing happens",
	},
	{Action: PayQuote, From: []QuoteState{QuoteOffered}, To: QuoteConverted, By: []Who{ByBuyer}, Later: true},
	{
		Action: DeclineQuote, From: []QuoteState{QuoteOffered}, To: QuoteDeclined, By: []Who{ByBuyer}, Guard: Quote.gone, Input: maySayWhy,
		Apply: endQuote, Effect: "held seats go back",
	},
	{
		Action: LapseQuote, From: []QuoteState{QuoteOffered}, To: QuoteExpired, By: []Who{ByClock}, Guard: mustBeOverQuote,
		Apply: endQuote, Effect: "held seats go back; the buyer is told, and was reminded three days before",
	},
	{
		Action: WithdrawQuote, From: []QuoteState{QuoteRequested, QuoteOffered}, To: QuoteWithdrawn, By: []Who{ByStaff}, Input: mustSayWhy,
		Apply: endQuote, Effect: "held seats go back; the buyer reads the reason",
	},
	{
		Action: CallOffQuote, From: []QuoteState{QuoteRequested, QuoteOffered}, To: QuoteWithdrawn, By: []Who{ByClock}, Guard: mustBeCalledOffQuote,
		Apply: callOffQuote, Effect: "the webinar was cancelled: held seats go back, the buyer is told",
	},
}

// QuotePassages are all legal changes of a quote's state; the database keeps the list.
func QuotePassages() [][2]QuoteState {
	var all [][2]QuoteState
	for _, m := range QuoteMoves {
		for _, from := range m.From {
			if m.To != "" && m.To != from {
				all = append(all, [2]QuoteState{from, m.To})
			}
		}
	}
	return all
}

// QuoteActions are the actions that have a route, in the table's order; what the
// clock does has none.
func QuoteActions() []QuoteAction {
	var all []QuoteAction
	for _, m := range QuoteMoves {
		if !m.Later && len(m.From) > 0 && !slices.Contains(m.By, ByClock) {
			all = append(all, m.Action)
		}
	}
	return all
}

// Label is what the action's button says.
func (a QuoteAction) Label() string {
	return map[QuoteAction]string{
		RequestQuote: "Ask for a quote", OfferQuote: "Send the quote", ReviseQuote: "Send a new offer", AcceptQuote: "Accept by purchase order", PayQuote: "Accept and pay by card",
		DeclineQuote: "Decline the quote", LapseQuote: "Lapse", WithdrawQuote: "Withdraw the quote", CallOffQuote: "Call off",
	}[a]
}

// Past is the action as history tells it.
func (a QuoteAction) Past() string { return quoteActionsPast[a] }

var quoteActionsPast = map[QuoteAction]string{
	RequestQuote: "Quote asked for", OfferQuote: "Quote sent", ReviseQuote: "New offer sent", AcceptQuote: "Accepted by purchase order", PayQuote: "Accepted and paid by card",
	DeclineQuote: "Quote declined", LapseQuote: "Lapsed", WithdrawQuote: "Quote withdrawn", CallOffQuote: "Called off",
}

// Open tells, for every action that has a route and is the actor's, whether it
// is allowed now.
func (q Quote) Open(f QuoteFacts) []Allowed[QuoteAction] {
	var all []Allowed[QuoteAction]
	for _, a := range QuoteActions() {
		if m, _ := q.quoteMove(a); f.Actor.isQuoteParty(m.By, q) {
			all = append(all, Allowed[QuoteAction]{a, q.Why(a, f)})
		}
	}
	return all
}

// Why gives every reason why the actor cannot make the move now, whatever is
// filled in; nil when it can be made.
func (q Quote) Why(a QuoteAction, f QuoteFacts) []Reason {
	m, here := q.quoteMove(a)
	var why []Reason
	if !f.Actor.isQuoteParty(m.By, q) {
		why = append(why, notYours(m.By))
	}
	if f.Expect != 0 && f.Expect != q.Version {
		why = append(why, staleReason("quote"))
	}
	if !here {
		return append(why, q.notFromHere(m, f)...)
	}
	if m.Guard != nil {
		why = append(why, m.Guard(q, f)...)
	}
	return why
}

// notFromHere says that the state has no such move; what ran out or was withdrawn
// is gone for its buyer.
func (q Quote) notFromHere(m QuoteMove, f QuoteFacts) []Reason {
	why := []Reason{Because("", "not_from_here", "A quote that is %s cannot be changed this way. Possible now: %s.", strings.ToLower(q.State.Label()), q.possible(f.Actor))}
	if slices.Contains(m.By, ByBuyer) {
		why = append(q.gone(f), why...)
	}
	return why
}

func (q Quote) possible(who Actor) string {
	var words []string
	for _, a := range QuoteActions() {
		if m, here := q.quoteMove(a); here && who.isQuoteParty(m.By, q) {
			words = append(words, strings.ToLower(a.Label()))
		}
	}
	if len(words) == 0 {
		return "nothing"
	}
	return OrList(words)
}

// Do makes the move. All reasons are given: Forbidden for the wrong person, Stale
// for an outdated version or offer, Gone for an offer that has ended, Conflict from
// the wrong state or by a guard, Invalid for what was filled in.
func (q *Quote) Do(a QuoteAction, f QuoteFacts) error {
	why := q.Why(a, f)
	m, here := q.quoteMove(a)
	if here && m.Input != nil {
		why = append(why, m.Input(*q, f)...)
	}
	if len(why) > 0 {
		return Refuse(why...)
	}
	if m.To != "" {
		q.State = m.To
	}
	m.Apply(q, f)
	q.UpdatedAt = f.Now
	q.Version++
	return nil
}

// quoteMove finds the row for the action; when the state has none, the row of the
// same action says who may make it elsewhere.
func (q Quote) quoteMove(a QuoteAction) (QuoteMove, bool) {
	i := slices.IndexFunc(QuoteMoves, func(m QuoteMove) bool { return m.Action == a && !m.Later })
	if i < 0 {
		return QuoteMove{}, false
	}
	return QuoteMoves[i], slices.Contains(QuoteMoves[i].From, q.State)
}

// isQuoteParty tells whether the actor is one of the parties to a quote.
func (a Actor) isQuoteParty(parties []Who, q Quote) bool {
	return slices.ContainsFunc(parties, func(w Who) bool {
		switch w {
		case ByAnyone:
			return true
		case ByBuyer:
			return a.BuyerOfQuote(q)
		case ByStaff:
			return a.Has(Staff, Admin)
		case ByClock:
			return a.Clock
		}
		return false
	})
}
