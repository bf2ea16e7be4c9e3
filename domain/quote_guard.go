package domain

import (
	"slices"
	"strings"
	"time"
)

const (
	maxQuoteWords = 2000
	maxValidDays  = 365
	maxNetDays    = 120
)

// MayRequest gives every reason why a quote cannot be asked for. With no reason,
// n is how many seats it is for.
func MayRequest(w QuoteWish, f QuoteFacts) (n int, why []Reason) {
	why = f.Offering.Sells(f.Now)
	n, wrong := ParseSeats(w.Seats)
	if most := f.SelfServed(); len(wrong) == 0 && n <= most {
		wrong = []Reason{Wrong("/seats", "too_few_for_quote", "Up to %d seats are bought at once, without a quote, at /offerings/%s/register?seats=%d.", most, f.Offering.Slug, n)}
	}
	why = slices.Concat(why, wrong, w.check(), typedWords("/note", "note", w.Note))
	if blank(w.Institution) {
		why = append(why, Wrong("/institution", "required", "Write the library or organization the quote is for."))
	}
	switch {
	case w.PayBy == PayWithCard:
		why = append(why, NoCards("/pay_by"))
	case !slices.Contains(PayBys(), w.PayBy):
		why = append(why, Wrong("/pay_by", "required", "Choose how you will pay, or that you are not sure yet."))
	}
	return n, append(why, replaceable("/replaces", n, w.Email, f)...)
}

// NoCards is the refusal for who wants to pay by card.
func NoCards(pointer string) Reason {
	return Reason{Kind: Conflict, Code: "payment_method_unavailable", Pointer: pointer, Detail: "Cards are not taken here. Pay by purchase order or invoice."}
}

func typedWords(pointer, noun, typed string) []Reason {
	why := storable(pointer, noun, typed)
	if len([]rune(typed)) > maxQuoteWords {
		why = append(why, Wrong(pointer, "too_long", "Write at most %d characters.", maxQuoteWords))
	}
	return why
}

// replaceable says why an order cannot give way to the quote's: it has ended, is of
// another webinar or buyer, or has more seats.
func replaceable(pointer string, n int, email string, f QuoteFacts) []Reason {
	o := f.Replaces
	switch {
	case o == nil:
		return nil
	case !o.State.Live():
		return []Reason{Wrong(pointer, "order_ended", "Order %s is %s, so there is nothing to replace.", o.Number, strings.ToLower(o.State.Label()))}
	case o.OfferingID != f.Offering.ID || FoldEmail(o.BuyerEmail) != FoldEmail(email):
		return []Reason{Wrong(pointer, "not_same_buyer", "A quote replaces an order of the same buyer, with the same email address, for the same webinar.")}
	case n > 0 && n < o.Seats:
		return []Reason{Wrong("/seats", "fewer_than_replaced", "Order %s has %s. A quote that replaces it has as many or more.", o.Number, Plural(o.Seats, "seat"))}
	}
	return nil
}

func mayOffer(q Quote, f QuoteFacts) []Reason {
	return append(f.Offering.Sells(f.Now), q.gone(f)...)
}

// offerInput checks an offer: seats, price, last day, and whether it can hold seats.
func offerInput(q Quote, f QuoteFacts) []Reason {
	n, why := q.offeredSeats(f)
	if len(why) == 0 && n > f.Offering.Capacity {
		why = append(why, Wrong("/seats", "over_capacity", "The webinar has %s.", Plural(f.Offering.Capacity, "seat")))
	}
	if f.Replaces != nil && f.Replaces.State.Live() {
		why = append(why, replaceable("/seats", n, q.BuyerEmail, f)...)
	}
	why = append(why, f.Input.priced(n)...)
	if f.Input.NetDays < 0 || f.Input.NetDays > maxNetDays {
		why = append(why, Wrong("/net_days", "out_of_range", "An invoice is due between 1 and %d days after we accept the order. Leave it empty for the usual %d.", maxNetDays, f.Terms.NetDays))
	}
	why = slices.Concat(why, typedWords("/message", "message", f.Input.Message), validDay(f))
	if f.Input.Hold && len(validDay(f)) == 0 && !f.Now.Before(holdUntil(f)) {
		why = append(why, Wrong("/hold", "too_late_to_hold", "Seats are held for a quote until %s before the start at the latest.", Plural(f.Terms.QuoteHoldBefore, "day")))
	}
	return why
}

func (q Quote) offeredSeats(f QuoteFacts) (int, []Reason) {
	switch {
	case f.Input.Seats != "":
		return ParseSeats(f.Input.Seats)
	case q.Seats > 0:
		return q.Seats, nil
	}
	return q.AskedSeats, nil
}

func today(f QuoteFacts) Date { return DateOf(f.Now, Zone(f.Offering.Zone)) }

// lastDay is the last day of an offer: the one that was written, or the usual
// number of days from today, before the start.
func lastDay(f QuoteFacts) Date {
	if f.Input.ValidUntil != "" {
		return f.Input.ValidUntil
	}
	day := today(f).AddDays(f.Terms.QuoteDays)
	if f.Offering.StartsAt != nil {
		day = max(today(f), min(day, DateOf(*f.Offering.StartsAt, Zone(f.Offering.Zone)).AddDays(-1)))
	}
	return day
}

func validDay(f QuoteFacts) []Reason {
	day := f.Input.ValidUntil
	switch {
	case day == "":
		return nil
	case !day.Valid():
		return []Reason{Wrong("/valid_until", "not_a_date", "Write the last day as a date.")}
	case day < today(f) || day > today(f).AddDays(maxValidDays):
		return []Reason{Wrong("/valid_until", "out_of_range", "The last day lies between today and a year from now.")}
	case f.Offering.StartsAt != nil && day >= DateOf(*f.Offering.StartsAt, Zone(f.Offering.Zone)):
		return []Reason{Wrong("/valid_until", "after_start", "The webinar starts on %s. Choose an earlier last day.", LongDay(*f.Offering.StartsAt, f.Offering.Zone))}
	}
	return nil
}

func endOf(d Date, f QuoteFacts) time.Time {
	return d.AddDays(1).Midnight(Zone(f.Offering.Zone)).UTC()
}

// holdUntil is until when an offer holds seats: the usual number of days, not beyond
// the offer, and never past some days before the start.
func holdUntil(f QuoteFacts) time.Time {
	day := min(today(f).AddDays(f.Terms.QuoteHoldDays), lastDay(f))
	if f.Offering.StartsAt != nil {
		day = min(day, DateOf(*f.Offering.StartsAt, Zone(f.Offering.Zone)).AddDays(-f.Terms.QuoteHoldBefore))
	}
	return endOf(day, f)
}

func offer(q *Quote, f QuoteFacts) {
	n, _ := q.offeredSeats(f)
	ends := endOf(lastDay(f), f)
	q.Revision++
	q.Seats = n
	q.UnitCents, q.TotalCents = f.Input.price(n)
	q.TermsDays = f.Terms.netOr(f.Input.NetDays)
	q.Message, q.ExpiresAt, q.HoldUntil = strings.TrimSpace(f.Input.Message), &ends, nil
	if f.Input.Hold {
		until := holdUntil(f)
		q.HoldUntil = &until
	}
	if q.OfferedAt == nil {
		now := f.Now
		q.OfferedAt = &now
	}
}

// gone says, of an offer that ran out or was withdrawn, that it is gone.
func (q Quote) gone(f QuoteFacts) []Reason {
	switch q.StateAt(f.Now) {
	case QuoteWithdrawn:
		return []Reason{{Kind: Gone, Code: "quote_withdrawn", Detail: "This quote was withdrawn. " + q.Reason}}
	case QuoteExpired:
		return []Reason{{Kind: Gone, Code: "quote_expired", Detail: "This quote could be accepted until " + Deadline(*q.ExpiresAt, f.Offering.Zone) + ". Ask for a new one."}}
	}
	return nil
}

// QuotesHoldEnough is the refusal when quotes hold their share of a webinar already.
func QuotesHoldEnough(o Offering, held int) Reason {
	return Because("", "quote_hold_limit", "Quotes may hold %d of the %s together, and hold %d now. Send the offer without holding seats, or hold fewer.", o.Capacity*o.QuoteHoldPct/100, Plural(o.Capacity, "seat"), held)
}

// acceptInput wants the offer that was read to be the one in force. The billing
// address is asked for by the order that the quote becomes.
func acceptInput(q Quote, f QuoteFacts) []Reason {
	switch {
	case f.Input.Revision == q.Revision:
		return nil
	case f.Input.Revision == 0:
		return []Reason{Wrong("/revision", "required", "Say which revision of the quote you accept. The present one is %d.", q.Revision)}
	}
	return []Reason{{Kind: Stale, Code: "quote_revised", Detail: "The offer has changed since you opened it. Read the new one before you accept.", Pointer: "/revision"}}
}

func maySayWhy(_ Quote, f QuoteFacts) []Reason {
	return typedWords("/reason", "reason", f.Input.Reason)
}

func mustSayWhy(q Quote, f QuoteFacts) []Reason {
	if blank(f.Input.Reason) {
		return []Reason{Wrong("/reason", "required", "Write the reason. The buyer reads it.")}
	}
	return maySayWhy(q, f)
}

func mustBeOverQuote(q Quote, f QuoteFacts) []Reason {
	if !q.Over(f.Now) {
		return []Reason{Because("", "not_over_yet", "The offer has not run out.")}
	}
	return nil
}

func mustBeCalledOffQuote(_ Quote, f QuoteFacts) []Reason {
	return mustBeCalledOff(Order{}, OrderFacts{Offering: f.Offering})
}

func endQuote(q *Quote, f QuoteFacts) {
	now := f.Now
	q.EndedAt, q.Reason = &now, strings.TrimSpace(f.Input.Reason)
}

func callOffQuote(q *Quote, f QuoteFacts) {
	f.Input.Reason = "The webinar was cancelled. " + f.Offering.Reason
	endQuote(q, f)
}

// ReplyBy is when a request is to be answered: at the end of the next business day.
func (q Quote) ReplyBy(zone string, t SaleTerms) time.Time {
	loc := Zone(zone)
	return businessDays(DateOf(q.CreatedAt, loc), t.QuoteReplyDays).AddDays(1).Midnight(loc)
}

// RemindAt is when the buyer is reminded of an offer: some days before its last
// day's end. False when it was made later than that.
func (q Quote) RemindAt(t SaleTerms) (time.Time, bool) {
	if q.ExpiresAt == nil {
		return time.Time{}, false
	}
	at := q.ExpiresAt.AddDate(0, 0, -t.QuoteRemind)
	return at, q.UpdatedAt.Before(at)
}
