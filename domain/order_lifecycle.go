package domain

import (
	"slices"
	"strings"
	"time"
)

// OrderAction is a move of an order; the word is the last part of its route.
type OrderAction string

// The actions on orders.
const (
	HoldSeats     OrderAction = "hold"
	ChangeSeats   OrderAction = "change-seats"
	ExtendHold    OrderAction = "extend"
	PayByCard     OrderAction = "pay"
	CaptureCard   OrderAction = "capture"
	DeclineCard   OrderAction = "decline-card"
	ConfirmFree   OrderAction = "confirm-free"
	SubmitPO      OrderAction = "submit-po"
	AcceptPO      OrderAction = "accept-po"
	RejectPO      OrderAction = "reject"
	LapsePO       OrderAction = "lapse"
	ExpireHold    OrderAction = "expire"
	CallOffOrder  OrderAction = "call-off"
	ReviveOrder   OrderAction = "revive"
	CancelOrder   OrderAction = "cancel"
	CancelSeats   OrderAction = "cancel-seats"
	AddSeats      OrderAction = "add-seats"
	RecordPayment OrderAction = "record-payment"
	RequoteOrder  OrderAction = "requote"
	ReleaseOrder  OrderAction = "release"
	ReplaceOrder  OrderAction = "replace"
	InheritSeats  OrderAction = "inherit"
)

// OrderGuard gives every reason why the facts do not allow a move of an order.
type OrderGuard func(o Order, f OrderFacts) []Reason

// OrderMove is one row of an order's life.
type OrderMove struct {
	Action OrderAction
	From   []OrderState
	To     []OrderState // empty: the same; several: the facts choose
	By     []Who
	Guard  OrderGuard // what the facts say, before anything is filled in
	Input  OrderGuard // what is wrong with what was filled in
	Choose func(o Order, f OrderFacts) OrderState
	Apply  func(o *Order, f OrderFacts)
	Later  bool // in the table, without a route yet
	Effect string
}

// OrderInput is what a person sends with a move of an order.
type OrderInput struct {
	Seats    string // as typed
	Billing  Billing
	PONumber string
	Reason   string
}

// OrderFacts is everything a move of an order depends on.
type OrderFacts struct {
	Actor    Actor
	Now      time.Time
	Offering Offering
	Tiers    []PriceTier
	Seats    []Seat // of the order
	Money    Money
	Terms    SaleTerms
	Input    OrderInput
	Expect   int    // the version the actor saw; 0: any
	Quote    *Quote // whose move this one is part of; nil: none
	By       string // the number of the order that takes this one's place; empty: none
	Lends    *Order // whose seats the order may share while it waits; nil: none
	Sharer   *Order // that waits to take this one's place, and shares its seats; nil: none
}

// SaleTerms are a section's rules for selling.
type SaleTerms struct {
	NetDays     int // from acceptance of a purchase order to the day it is due
	PODays      int // business days that seats wait for a purchase order
	POBefore    int // days before the start by which it must be there
	CancelDays  int // days before the start until which a buyer may cancel
	ExtendFor   int // minutes that a buyer may add to a hold, once
	RevivedHold int // minutes that a revived order is held

	QuoteDays       int // that an offer can be accepted
	QuoteHoldDays   int // that an offer may hold seats
	QuoteHoldBefore int // days before the start by which held seats are back
	QuoteReplyDays  int // business days in which a request is answered
	QuoteRemind     int // days before an offer ends at which the buyer is reminded
}

// DefaultSaleTerms are the terms when a section says nothing else.
func DefaultSaleTerms() SaleTerms {
	return SaleTerms{
		NetDays: 30, PODays: 7, POBefore: 2, CancelDays: 7, ExtendFor: 15, RevivedHold: 35,
		QuoteDays: 30, QuoteHoldDays: 14, QuoteHoldBefore: 5, QuoteReplyDays: 1, QuoteRemind: 3,
	}
}

// OrderMoves is the whole life of an order. The routes, the API's actions, the
// buttons, the documentation and the database's check are read from it.
var OrderMoves = []OrderMove{
	{
		Action: HoldSeats, To: []OrderState{OrderHeld}, By: []Who{ByAnyone},
		Effect: "takes the seats for the hold’s minutes; keeps price and evidence; nothing more is asked than how many, who, and which member number",
	},
	{
		Action: ChangeSeats, From: []OrderState{OrderHeld}, By: []Who{ByBuyer, ByStaff}, Guard: mayChangeSeats, Input: maySell,
		Apply: reprice, Effect: "takes or gives back the difference; new price, same clock",
	},
	{
		Action: ExtendHold, From: []OrderState{OrderHeld}, By: []Who{ByBuyer, ByStaff}, Guard: mayExtend,
		Apply: extend, Effect: "15 minutes more, once",
	},
	{Action: PayByCard, From: []OrderState{OrderHeld}, To: []OrderState{OrderProcessing}, By: []Who{ByBuyer}, Later: true},
	{Action: CaptureCard, From: []OrderState{OrderProcessing}, To: []OrderState{OrderConfirmed}, By: []Who{ByClock}, Later: true},
	{Action: DeclineCard, From: []OrderState{OrderProcessing}, To: []OrderState{OrderHeld}, By: []Who{ByClock}, Later: true},
	{
		Action: ConfirmFree, From: []OrderState{OrderHeld}, To: []OrderState{OrderConfirmed}, By: []Who{ByBuyer, ByStaff}, Guard: mayConfirmFree,
		Apply: confirmOrder, Effect: "seats are there; the buyer is told",
	},
	{
		Action: SubmitPO, From: []OrderState{OrderHeld}, To: []OrderState{OrderAwaiting, OrderConfirmed}, By: []Who{ByBuyer, ByStaff}, Guard: mayInvoice, Input: billed,
		Choose: acceptedAtOnce, Apply: submitPO, Effect: "numbered invoice; confirmed at once up to the credit limit, else the seats wait for staff",
	},
	{
		Action: AcceptPO, From: []OrderState{OrderAwaiting}, To: []OrderState{OrderConfirmed}, By: []Who{ByStaff}, Guard: notOver, Input: numbered,
		Apply: acceptPO, Effect: "seats are there before the money; due net days from now",
	},
	{
		Action: RejectPO, From: []OrderState{OrderAwaiting}, To: []OrderState{OrderCancelled}, By: []Who{ByStaff}, Input: orderReason,
		Apply: endOrder, Effect: "seats go back; credit memo; the buyer is told",
	},
	{
		Action: LapsePO, From: []OrderState{OrderAwaiting}, To: []OrderState{OrderExpired}, By: []Who{ByClock}, Guard: mustBeOver,
		Apply: endOrder, Effect: "seats go back; credit memo; the buyer is told",
	},
	{
		Action: ExpireHold, From: []OrderState{OrderHeld}, To: []OrderState{OrderExpired}, By: []Who{ByClock}, Guard: mustBeOver,
		Apply: endOrder, Effect: "seats go back",
	},
	{Action: ExpireHold, From: []OrderState{OrderProcessing}, To: []OrderState{OrderExpired}, By: []Who{ByClock}, Later: true},
	{Action: CaptureCard, From: []OrderState{OrderExpired}, To: []OrderState{OrderConfirmed}, By: []Who{ByClock}, Later: true},
	{
		Action: ReviveOrder, From: []OrderState{OrderExpired}, To: []OrderState{OrderHeld}, By: []Who{ByStaff}, Guard: mayReviveOrder,
		Apply: reviveOrder, Effect: "takes the seats again, if there are any; same number, same price",
	},
	{
		Action: CancelOrder, From: []OrderState{OrderHeld, OrderAwaiting, OrderConfirmed}, To: []OrderState{OrderCancelled}, By: []Who{ByBuyer, ByStaff}, Guard: mayCancelOrder,
		Input: staffReason, Apply: endOrder, Effect: "seats go back, but for those that stay with the order that waits to take its place; credit memo for an invoice; seat links end",
	},
	{Action: CancelOrder, From: []OrderState{OrderProcessing}, To: []OrderState{OrderCancelled}, By: []Who{ByBuyer, ByStaff}, Later: true},
	{
		Action: CallOffOrder, From: []OrderState{OrderHeld, OrderAwaiting, OrderConfirmed}, To: []OrderState{OrderCancelled}, By: []Who{ByClock}, Guard: mustBeCalledOff,
		Apply: callOffOrder, Effect: "the webinar was cancelled: seats go back, a credit memo takes the invoice back, seat links end",
	},
	{
		Action: RequoteOrder, From: []OrderState{OrderHeld}, By: []Who{ByClock}, Guard: ofItsQuote,
		Apply: requoteOrder, Effect: "its quote was revised: takes or gives back the difference; new price and clock",
	},
	{
		Action: ReleaseOrder, From: []OrderState{OrderHeld}, To: []OrderState{OrderCancelled}, By: []Who{ByClock}, Guard: ofItsQuote,
		Apply: endOrder, Effect: "its quote no longer holds seats: they go back",
	},
	{
		Action: ReplaceOrder, From: []OrderState{OrderHeld, OrderAwaiting, OrderConfirmed}, To: []OrderState{OrderCancelled}, By: []Who{ByClock}, Guard: mustBeReplaced,
		Apply: replaceOrder, Effect: "the order of an accepted quote takes its place: people keep their seats and links there, a credit memo takes the invoice back, what was paid is credited",
	},
	{
		Action: InheritSeats, From: []OrderState{OrderAwaiting}, By: []Who{ByClock}, Guard: mustShare,
		Apply: inheritSeats, Effect: "the order whose place it waits for was cancelled: the seats they shared are its own; nothing is credited, because what was paid for is not cancelled",
	},
	{Action: CancelSeats, From: []OrderState{OrderConfirmed}, To: []OrderState{OrderConfirmed, OrderCancelled}, By: []Who{ByBuyer, ByStaff}, Later: true},
	{Action: AddSeats, From: []OrderState{OrderConfirmed}, By: []Who{ByBuyer, ByStaff}, Later: true},
	{Action: RecordPayment, From: []OrderState{OrderConfirmed}, By: []Who{ByFinance, ByStaff}, Later: true},
}

// OrderPassages are all legal changes of an order's state; the database keeps the list.
func OrderPassages() [][2]OrderState {
	var all [][2]OrderState
	for _, m := range OrderMoves {
		for _, from := range m.From {
			for _, to := range m.To {
				if to != from {
					all = append(all, [2]OrderState{from, to})
				}
			}
		}
	}
	return all
}

// OrderActions are the actions that have a route, in the table's order; what the
// clock does has none.
func OrderActions() []OrderAction {
	var all []OrderAction
	for _, m := range OrderMoves {
		if !m.Later && len(m.From) > 0 && !slices.Contains(m.By, ByClock) && !slices.Contains(all, m.Action) {
			all = append(all, m.Action)
		}
	}
	return all
}

// Label is what the action's button says.
func (a OrderAction) Label() string {
	return map[OrderAction]string{
		HoldSeats: "Hold seats", ChangeSeats: "Change the number of seats", ExtendHold: "Add 15 minutes", PayByCard: "Pay by card", ConfirmFree: "Confirm the seats",
		SubmitPO: "Send the purchase order", AcceptPO: "Accept the purchase order", RejectPO: "Reject the purchase order", LapsePO: "Lapse", ExpireHold: "Expire", CallOffOrder: "Call off",
		ReviveOrder: "Bring the order back", CancelOrder: "Cancel the order", CancelSeats: "Give seats back", AddSeats: "Add seats", RecordPayment: "Record a payment",
		RequoteOrder: "Change with its quote", ReleaseOrder: "Release with its quote", ReplaceOrder: "Replace", InheritSeats: "Keep the shared seats",
	}[a]
}

// Past is the action as history tells it.
func (a OrderAction) Past() string { return orderActionsPast[a] }

var orderActionsPast = map[OrderAction]string{
	HoldSeats: "Seats held", ChangeSeats: "Number of seats changed", ExtendHold: "15 minutes added", PayByCard: "Payment by card begun", CaptureCard: "Paid by card",
	DeclineCard: "Card declined", ConfirmFree: "Seats confirmed", SubmitPO: "Purchase order sent", AcceptPO: "Purchase order accepted", RejectPO: "Purchase order rejected",
	LapsePO: "Lapsed", ExpireHold: "Expired", CallOffOrder: "Called off", ReviveOrder: "Order brought back", CancelOrder: "Order cancelled", CancelSeats: "Seats given back",
	AddSeats: "Seats added", RecordPayment: "Payment recorded", RequoteOrder: "Changed with its quote", ReleaseOrder: "Released with its quote", ReplaceOrder: "Replaced", InheritSeats: "Shared seats kept",
}

// Open tells, for every action that has a route and is the actor's, whether it is
// allowed now.
func (o Order) Open(f OrderFacts) []Allowed[OrderAction] {
	var all []Allowed[OrderAction]
	for _, a := range OrderActions() {
		m, _ := o.orderMove(a)
		if f.Actor.isParty(m.By, o) {
			all = append(all, Allowed[OrderAction]{a, o.Why(a, f)})
		}
	}
	return all
}

// Why gives every reason why the actor cannot make the move now, whatever is
// filled in; nil when it can be made.
func (o Order) Why(a OrderAction, f OrderFacts) []Reason {
	m, here := o.orderMove(a)
	var why []Reason
	if !f.Actor.isParty(m.By, o) {
		why = append(why, notYours(m.By))
	}
	if f.Expect != 0 && f.Expect != o.Version {
		why = append(why, staleReason("order"))
	}
	if !here {
		return append(why, Because("", "not_from_here", "An order that is %s cannot be changed this way. Possible now: %s.", strings.ToLower(o.State.Label()), o.possible(f.Actor)))
	}
	if m.Guard != nil {
		why = append(why, m.Guard(o, f)...)
	}
	return why
}

// possible names, in words, what the actor's table has for the order's state.
func (o Order) possible(who Actor) string {
	var words []string
	for _, a := range OrderActions() {
		if m, here := o.orderMove(a); here && who.isParty(m.By, o) {
			words = append(words, strings.ToLower(a.Label()))
		}
	}
	if len(words) == 0 {
		return "nothing"
	}
	return OrList(words)
}

// Do makes the move. All reasons are given: Forbidden for the wrong person, Stale
// for an outdated version, Conflict from the wrong state or by a guard, Invalid
// for what was filled in.
func (o *Order) Do(a OrderAction, f OrderFacts) error {
	why := o.Why(a, f)
	m, here := o.orderMove(a)
	if here && m.Input != nil {
		why = append(why, m.Input(*o, f)...)
	}
	if len(why) > 0 {
		return Refuse(why...)
	}
	to := o.State
	if len(m.To) > 0 {
		to = m.To[0]
	}
	if m.Choose != nil {
		to = m.Choose(*o, f)
	}
	o.State = to
	if m.Apply != nil {
		m.Apply(o, f)
	}
	o.UpdatedAt = f.Now
	o.Version++
	return nil
}

// orderMove finds the row for the action; when the state has none, a row of the same
// action says who may make it elsewhere.
func (o Order) orderMove(a OrderAction) (OrderMove, bool) {
	var other OrderMove
	for _, m := range OrderMoves {
		if m.Action != a || m.Later {
			continue
		}
		if slices.Contains(m.From, o.State) {
			return m, true
		}
		other = m
	}
	return other, false
}

// isParty tells whether the actor is one of the parties to an order.
func (a Actor) isParty(parties []Who, o Order) bool {
	return slices.ContainsFunc(parties, func(w Who) bool {
		switch w {
		case ByAnyone:
			return true
		case ByBuyer:
			return a.BuyerOf(o)
		case ByStaff:
			return a.Has(Staff, Admin)
		case ByFinance:
			return a.Has(Finance)
		case ByClock:
			return a.Clock
		}
		return false
	})
}
