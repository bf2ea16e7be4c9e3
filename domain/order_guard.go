package domain

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// MaxOrderSeats is far beyond any order; more is a slip of the hand.
const MaxOrderSeats = 100_000

// ParseSeats reads a number of seats as typed: digits and nothing else (X14).
func ParseSeats(typed string) (int, []Reason) {
	n, err := strconv.Atoi(typed)
	if err != nil || typed != strconv.Itoa(n) || n < 1 {
		return 0, []Reason{Wrong("/seats", "not_a_number_of_seats", "Write how many seats as a whole number from 1, in digits without spaces: 9.")}
	}
	if n > MaxOrderSeats {
		return 0, []Reason{Wrong("/seats", "too_many_seats", "This is more seats than any webinar has.")}
	}
	return n, nil
}

// Wish is what a buyer asks for at the checkout.
type Wish struct {
	Seats       string // as typed
	Name        string
	Email       string
	Institution string
}

// MayHold gives every reason why the seats cannot be held, whatever is free:
// that the database decides. With no reason, the tier is the price.
func MayHold(w Wish, class string, f OrderFacts) (n int, tier PriceTier, why []Reason) {
	why = f.Offering.Sells(f.Now)
	n, wrong := ParseSeats(w.Seats)
	if len(wrong) > 0 {
		why = append(why, wrong...)
	} else {
		var dear []Reason
		tier, dear = selfServed(n, class, f)
		why = append(why, dear...)
	}
	return n, tier, append(why, w.check()...)
}

func (w Wish) check() []Reason {
	if blank(w.Email) {
		return append(Person{Name: w.Name, Institution: w.Institution}.Check(), Wrong("/email", "required", "Write the email address your order goes to."))
	}
	return Person{Name: w.Name, Email: w.Email, Institution: w.Institution}.Check()
}

// SelfServed is how many seats of the webinar a buyer may take alone.
func (f OrderFacts) SelfServed() int { return min(f.Offering.MaxSelfServe, f.Offering.QuoteFrom-1) }

// Rates are the prices of one seat, in the order they are shown.
func (f OrderFacts) Rates() []PriceTier {
	return slices.DeleteFunc(slices.Clone(f.Tiers), func(t PriceTier) bool { return t.MinSeats > 1 })
}

// selfServed is the tier of a number of seats that a buyer may take alone.
func selfServed(n int, class string, f OrderFacts) (PriceTier, []Reason) {
	if most := f.SelfServed(); n > most {
		return PriceTier{}, []Reason{Wrong("/seats", "quote_required", "%d or more seats are sold by quote. Ask for one at /offerings/%s/register?seats=%d; it costs nothing and holds no seats.", most+1, f.Offering.Slug, n)}
	}
	tier, ok := TierFor(f.Tiers, class, n)
	if !ok {
		return PriceTier{}, []Reason{Wrong("/seats", "no_price", "There is no price for %s at this rate. Write to us.", Plural(n, "seat"))}
	}
	return tier, nil
}

// SoldOut is the refusal when fewer seats are free than were asked for.
func SoldOut(free int) Reason {
	if free <= 0 {
		return Because("", "sold_out", "All seats are taken. Seats come back when somebody does not finish an order.")
	}
	return Because("", "sold_out", "Only %s left.", Plural(free, "seat"))
}

func notOver(o Order, f OrderFacts) []Reason {
	if o.Over(f.Now) {
		return []Reason{Because("", "hold_expired", "The time for this order ran out on %s. The seats went back; you can order again.", LongTime(*o.ExpiresAt, f.Offering.Zone))}
	}
	return nil
}

func mustBeOver(o Order, f OrderFacts) []Reason {
	if !o.Over(f.Now) {
		return []Reason{Because("", "not_over_yet", "The time for this order has not run out.")}
	}
	return nil
}

// mayChangeSeats keeps the number that was quoted.
func mayChangeSeats(o Order, f OrderFacts) []Reason {
	if o.QuoteID != "" {
		return []Reason{Because("", "quoted", "This price was quoted for exactly %s. Ask for a new quote.", Plural(o.Seats, "seat"))}
	}
	return notOver(o, f)
}

func maySell(o Order, f OrderFacts) []Reason {
	n, why := ParseSeats(f.Input.Seats)
	if len(why) > 0 || o.QuoteID != "" {
		return why
	}
	_, why = selfServed(n, o.RateClass, f)
	if n > o.Seats {
		why = append(f.Offering.Sells(f.Now), why...)
	}
	return why
}

func reprice(o *Order, f OrderFacts) {
	n, _ := ParseSeats(f.Input.Seats)
	tier, _ := TierFor(f.Tiers, o.RateClass, n)
	o.price(n, tier)
	o.Revision++
}

func (o *Order) price(n int, t PriceTier) {
	o.Seats, o.RateClass, o.RateLabel, o.UnitCents, o.TotalCents = n, t.RateClass, t.Label, t.UnitCents, n*t.UnitCents
}

func mayExtend(o Order, f OrderFacts) []Reason {
	why := append(notForQuote(o, f), notOver(o, f)...)
	if o.Extended {
		why = append(why, Because("", "already_extended", "Time was added to this order before. It can be added once."))
	}
	return why
}

func extend(o *Order, f OrderFacts) {
	until := o.ExpiresAt.Add(time.Duration(f.Terms.ExtendFor) * time.Minute)
	o.ExpiresAt, o.Extended = &until, true
}

func mayConfirmFree(o Order, f OrderFacts) []Reason {
	why := append(notForQuote(o, f), notOver(o, f)...)
	if o.TotalCents > 0 {
		why = append(why, Because("", "not_free", "These seats cost %s. Choose how to pay.", Dollars(o.TotalCents)))
	}
	return why
}

func mayInvoice(o Order, f OrderFacts) []Reason {
	why := append(notForQuote(o, f), notOver(o, f)...)
	if o.TotalCents == 0 {
		why = append(why, Because("", "nothing_to_pay", "These seats cost nothing. Confirm them instead."))
	}
	if !f.Offering.POAllowed {
		why = append(why, Because("", "po_not_allowed", "This webinar is not sold by purchase order or invoice."))
	}
	if acceptedAtOnce(o, f) == OrderAwaiting && !f.Now.Before(POUntil(f.Offering, f.Terms, f.Now)) {
		why = append(why, Because("", "too_late_for_po", "A purchase order must be with us %s before the start. Write to us.", Plural(f.Terms.POBefore, "day")))
	}
	return why
}

// acceptedAtOnce lets an order up to the credit limit be confirmed without staff.
func acceptedAtOnce(o Order, f OrderFacts) OrderState {
	if o.TotalCents <= f.Offering.CreditLimitCents {
		return OrderConfirmed
	}
	return OrderAwaiting
}

const (
	maxBillingLines = 8
	maxPOChars      = 60
)

func billed(_ Order, f OrderFacts) []Reason {
	b, why := f.Input.Billing, []Reason(nil)
	if blank(b.Name) {
		why = append(why, Wrong("/billing/name", "required", "Write whom the invoice is made out to."))
	}
	if blank(strings.Join(b.Address, "")) {
		why = append(why, Wrong("/billing/address", "required", "Write the address for the invoice."))
	}
	if len(b.Address) > maxBillingLines {
		why = append(why, Wrong("/billing/address", "too_long", "Write the address in at most %d lines.", maxBillingLines))
	}
	for _, line := range append([]string{b.Name}, b.Address...) {
		if len([]rune(line)) > maxNameChars {
			why = append(why, Wrong("/billing/address", "too_long", "A line is longer than %d characters.", maxNameChars))
		}
	}
	if b.Email != "" {
		for _, r := range (Person{Name: "x", Email: b.Email}).Check() {
			r.Pointer = "/billing/email"
			why = append(why, r)
		}
	}
	if f.Offering.PONumberNeeded && blank(f.Input.PONumber) {
		why = append(why, Wrong("/po_number", "required", "Write the number of your purchase order."))
	}
	return append(why, poNumber(f.Input.PONumber)...)
}

func poNumber(typed string) []Reason {
	why := storable("/po_number", "purchase order number", typed)
	if len([]rune(typed)) > maxPOChars {
		why = append(why, Wrong("/po_number", "too_long", "A purchase order number has at most %d characters.", maxPOChars))
	}
	return why
}

// POUntil is when seats that wait for a purchase order go back: at the end of the
// seventh business day, or of the second day before the start, whichever is sooner.
func POUntil(o Offering, t SaleTerms, now time.Time) time.Time {
	loc := Zone(o.Zone)
	last := businessDays(DateOf(now, loc), t.PODays)
	if o.StartsAt != nil {
		last = min(last, DateOf(*o.StartsAt, loc).AddDays(-t.POBefore))
	}
	return last.AddDays(1).Midnight(loc)
}

// businessDays is the nth business day after a day.
func businessDays(after Date, n int) Date {
	for n > 0 {
		after = after.AddDays(1)
		if day := after.Midnight(time.UTC).Weekday(); day != time.Saturday && day != time.Sunday {
			n--
		}
	}
	return after
}

func submitPO(o *Order, f OrderFacts) {
	o.HoldKind = HoldCheckout // an accepted quote no longer holds: the order has its seats
	o.Billing, o.PONumber = f.Input.Billing, strings.TrimSpace(f.Input.PONumber)
	switch {
	case f.isOf(*o):
		o.TermsDays = f.Quote.NetDays(f.Terms)
	case o.TermsDays == 0: // one that was brought back keeps its terms
		o.TermsDays = f.Terms.NetDays
	}
	if o.State == OrderConfirmed {
		acceptPO(o, f)
		return
	}
	until := POUntil(f.Offering, f.Terms, f.Now).UTC()
	o.ExpiresAt = &until
	o.share(f.Lends)
}

// numbered asks for a purchase order number before acceptance: the buyer's, or
// the one on the paper that staff has seen.
func numbered(o Order, f OrderFacts) []Reason {
	if o.PONumber == "" && blank(f.Input.PONumber) {
		return []Reason{Wrong("/po_number", "required", "Write the number of the purchase order you have seen.")}
	}
	return poNumber(f.Input.PONumber)
}

func acceptPO(o *Order, f OrderFacts) {
	if n := strings.TrimSpace(f.Input.PONumber); n != "" {
		o.PONumber = n
	}
	o.DueOn = DateOf(f.Now, Zone(f.Offering.Zone)).AddDays(o.TermsDays)
	confirmOrder(o, f)
}

func confirmOrder(o *Order, f OrderFacts) {
	now := f.Now
	o.ConfirmedAt, o.ExpiresAt = &now, nil
	o.share(nil)
}

func orderReason(_ Order, f OrderFacts) []Reason {
	if blank(f.Input.Reason) {
		return []Reason{Wrong("/reason", "required", "Write the reason. The buyer reads it.")}
	}
	return storable("/reason", "reason", f.Input.Reason)
}

// staffReason asks staff, not the buyer, why an order is cancelled.
func staffReason(o Order, f OrderFacts) []Reason {
	if f.Actor.BuyerOf(o) {
		return storable("/reason", "reason", f.Input.Reason)
	}
	return orderReason(o, f)
}

// mustBeCalledOff lets an order end with its webinar, and only then.
func mustBeCalledOff(_ Order, f OrderFacts) []Reason {
	if f.Offering.Status == OfferingCancelled {
		return nil
	}
	return []Reason{Because("", "not_called_off", "The webinar was not cancelled.")}
}

func callOffOrder(o *Order, f OrderFacts) {
	f.Input.Reason = "The webinar was cancelled. " + f.Offering.Reason
	endOrder(o, f)
}

func endOrder(o *Order, f OrderFacts) {
	now := f.Now
	o.EndedAt, o.ExpiresAt, o.Reason = &now, nil, strings.TrimSpace(f.Input.Reason)
	o.share(nil)
}

func mayReviveOrder(o Order, f OrderFacts) []Reason {
	if o.HoldKind == HoldQuote {
		return []Reason{Because("", "held_for_quote", "These seats were held for a quote. Send a new offer that holds them again.")}
	}
	if f.Offering.Status != OfferingPublished {
		return []Reason{Because("", "not_on_sale", "This webinar is not on sale.")}
	}
	return nil
}

func reviveOrder(o *Order, f OrderFacts) {
	until := f.Now.Add(time.Duration(f.Terms.RevivedHold) * time.Minute)
	o.ExpiresAt, o.EndedAt, o.Extended = &until, nil, false
}

// mayCancelOrder lets a buyer cancel while nothing is paid and the date allows
// it; staff always, while nobody has attended and nothing is paid.
func mayCancelOrder(o Order, f OrderFacts) []Reason {
	why := notForQuote(o, f)
	if o.QuoteID != "" && o.HoldKind != HoldQuote && !f.Actor.Has(Staff, Admin) {
		why = append(why, Because("", "quoted", "This order came from a quote. Write to us to cancel it."))
	}
	if f.Money.PaidCents > 0 {
		why = append(why, Because("", "is_paid", "This order is paid. Write to us about a refund."))
	}
	for _, s := range f.Seats {
		if s.State == SeatAttended || s.JoinedAt != nil {
			why = append(why, Because("", "was_used", "Somebody has joined the webinar with a seat of this order."))
			break
		}
	}
	if o.State != OrderConfirmed || f.Actor.Has(Staff, Admin) || o.TotalCents == 0 || f.Offering.StartsAt == nil {
		return why
	}
	if last := CancelBy(f.Offering, f.Terms, o.CreatedAt); !f.Now.Before(last) {
		why = append(why, Because("", "too_late_to_cancel", "An order could be cancelled until %s. You can still give its seats to other people.", Deadline(last, f.Offering.Zone)))
	}
	return why
}

// CancelBy is the end of the time in which a buyer may cancel what they ordered at
// an instant: the midnight after the last day; the start, when the webinar was
// moved after they ordered.
func CancelBy(o Offering, t SaleTerms, ordered time.Time) time.Time {
	if o.RescheduledAt != nil && ordered.Before(*o.RescheduledAt) {
		return *o.StartsAt
	}
	loc := Zone(o.Zone)
	return DateOf(*o.StartsAt, loc).AddDays(1 - t.CancelDays).Midnight(loc)
}
