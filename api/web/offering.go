package web

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"lectern/domain"
)

// OfferingsPage is the catalogue of webinars.
type OfferingsPage struct {
	Page
	Filters []Control
	Query   string // what was searched for; empty: nothing
	Narrow  bool   // any filter is set
	Past    bool   // those that took place are shown
	Cards   []OfferingCard
	Next    string // address of the next page; empty: this is the last
	Feed    string // address of the calendar feed
	Quotes  int    // from this many seats the price is a quote; 0: not said
	Contact string // for prices of many seats
}

// OfferingCard is a webinar in the catalogue.
type OfferingCard struct {
	Href       string
	Title      string
	Presenters []domain.Presenter
	Topics     []string
	StartsAt   time.Time
	Zone       string
	Minutes    int
	Captioned  bool
	Recorded   bool
	Moved      bool // to another time
	SoldOut    bool
	Prices     []domain.PriceTier
}

// OfferingPage is a webinar's own page, for everybody.
type OfferingPage struct {
	Page
	domain.Offering
	Tiers    []domain.PriceTier
	Now      time.Time
	Closed   []domain.Reason // why no seat is sold now; nil: it is on sale
	Register string          // address of the order form; empty: there is none
	Calendar string          // address of the calendar file
	Ask      string          // address of the form for access arrangements
	Manage   string          // address of staff's page; empty: not staff

	BackUntil domain.Date // the last day on which a buyer can give seats back
}

// listed are the presenters in a line: Ana Reyes and Ben Castellano, or the
// first two and how many more.
func listed(all []domain.Presenter) string {
	var names []string
	for _, p := range all {
		names = append(names, p.Name)
	}
	if len(names) > 3 {
		names = append(names[:2], fmt.Sprintf("%d others", len(all)-2))
	}
	return domain.AndList(names)
}

// PriceWords is what a seat costs: free, $49.
func PriceWords(cents int) string {
	if cents == 0 {
		return "Free"
	}
	return domain.Dollars(cents)
}

// shortPrices are the first price and the nonmember's, for a card: what most
// readers want to know before they open it.
func shortPrices(tiers []domain.PriceTier) []domain.PriceTier {
	if len(tiers) == 0 {
		return nil
	}
	short := tiers[:1]
	if t, ok := domain.TierFor(tiers, domain.Nonmember, 1); ok && tiers[0].RateClass != domain.Nonmember {
		short = []domain.PriceTier{tiers[0], t}
	}
	return short
}

// priceSpan is the lowest and the highest price of a seat: $25 to $79.
func priceSpan(tiers []domain.PriceTier) string {
	byPrice := func(a, b domain.PriceTier) int { return a.UnitCents - b.UnitCents }
	low, high := slices.MinFunc(tiers, byPrice).UnitCents, slices.MaxFunc(tiers, byPrice).UnitCents
	if low == high {
		return PriceWords(low)
	}
	return PriceWords(low) + " to " + PriceWords(high)
}

// priceRow is a rate in the price table.
type priceRow struct {
	label, note, price string
}

// priceRows is the price of a seat by rate; a rate whose price goes by the
// number of seats has a row for each.
func (p OfferingPage) priceRows() []priceRow {
	rows := make([]priceRow, len(p.Tiers))
	for i, t := range p.Tiers {
		rows[i] = priceRow{label: t.Label, price: PriceWords(t.UnitCents)}
		if t.MinSeats > 1 || t.MaxSeats < p.MaxSelfServe {
			rows[i].note = fmt.Sprintf("%s to %s", domain.Plural(t.MinSeats, "seat"), itoa(t.MaxSeats))
		} else if strings.HasSuffix(t.RateClass, "_member") {
			rows[i].note = "Also for your colleagues’ seats"
		}
	}
	return rows
}

func (p OfferingPage) free() bool { return domain.Free(p.Tiers) }

// byQuote is the address that asks for a price of many seats: the order form
// where there is one, or a mail.
func (p OfferingPage) byQuote() string {
	switch {
	case p.Register != "":
		return p.Register + "?seats=" + itoa(p.QuoteFrom)
	case p.PriceContact != "":
		return "mailto:" + p.PriceContact
	}
	return ""
}

func (p OfferingPage) over() bool { return p.EndsAt() != nil && !p.Now.Before(*p.EndsAt()) }

// live tells whether anything about its time still matters.
func (p OfferingPage) live() bool {
	return p.StartsAt != nil && p.Status != domain.OfferingCancelled && !p.over()
}

// notices are what has to be known before anything else.
func (p OfferingPage) notices() []Notice {
	switch {
	case p.Status == domain.OfferingCancelled:
		return []Notice{{Tone: "bad", Title: "This webinar was cancelled", Text: p.Reason, Static: true}}
	case p.RescheduledAt != nil && p.live():
		return []Notice{{Tone: "warn", Title: "This webinar was moved to another time", Text: "It now starts " + domain.LongTime(*p.StartsAt, p.Zone) + ". Seats that were bought hold for the new time.", Static: true}}
	}
	return nil
}

// askBy is the day until which access arrangements can be promised: two weeks before.
func (p OfferingPage) askBy() (domain.Date, bool) { return askBy(p.Offering, p.Now) }

func askBy(o domain.Offering, now time.Time) (domain.Date, bool) {
	if o.StartsAt == nil {
		return "", false
	}
	zone := domain.Zone(o.Zone)
	by := domain.DateOf(*o.StartsAt, zone).AddDays(-14)
	return by, by >= domain.DateOf(now, zone)
}

// AccessRequestPage is the form for access arrangements, private to the coordinator.
type AccessRequestPage struct {
	Page
	Offering domain.Offering
	To       string
	Name     string
	Email    string
	Text     string
	Reasons  []domain.Reason
	Sent     bool // it was sent: thanks instead of the form
}

func (p AccessRequestPage) errors(pointer string) []string {
	var all []string
	for _, r := range p.Reasons {
		if r.Pointer == pointer {
			all = append(all, r.Detail)
		}
	}
	return all
}
