package domain

import (
	"cmp"
	"fmt"
	"slices"
)

// Nonmember is the rate class of who proves no membership.
const Nonmember = "nonmember"

// RateClass is a kind of buyer with a price of its own. Classes are data.
type RateClass struct {
	ID    string `json:"id" yaml:"id"`
	Label string `json:"label" yaml:"label"`
	Cents int    `json:"cents" yaml:"cents"` // the usual price of a seat
}

// PriceTier is the price of a seat for one rate class and a range of seat counts (R40).
type PriceTier struct {
	OfferingID string
	RateClass  string
	Label      string
	MinSeats   int
	MaxSeats   int
	UnitCents  int
	SortOrder  int
}

// TierFor finds the price for n seats bought by one of the class.
func TierFor(all []PriceTier, class string, n int) (PriceTier, bool) {
	i := slices.IndexFunc(all, func(t PriceTier) bool { return t.RateClass == class && t.MinSeats <= n && n <= t.MaxSeats })
	if i < 0 {
		return PriceTier{}, false
	}
	return all[i], true
}

// UsualTiers are the section's usual prices for 1 to limit seats.
func UsualTiers(offeringID string, classes []RateClass, limit int) []PriceTier {
	tiers := make([]PriceTier, len(classes))
	for i, c := range classes {
		tiers[i] = PriceTier{OfferingID: offeringID, RateClass: c.ID, Label: c.Label, MinSeats: 1, MaxSeats: limit, UnitCents: c.Cents, SortOrder: i + 1}
	}
	return tiers
}

// CheckTiers gives everything that is wrong with a price table: a class without a
// name, numbers out of range, ranges of one class that overlap. No price at all
// is not wrong yet; publishing asks for them.
func CheckTiers(all []PriceTier) []Reason {
	var why []Reason
	for i, t := range all {
		at := fmt.Sprintf("/prices/%d", i)
		if t.RateClass == "" || t.Label == "" {
			why = append(why, Wrong(at+"/label", "required", "Name who this price is for."))
		}
		if t.MinSeats < 1 || t.MaxSeats < t.MinSeats {
			why = append(why, Wrong(at+"/min_seats", "out_of_range", "%s: give the seats as a range, from 1 up.", t.Label))
		}
		if t.UnitCents < 0 || t.UnitCents > maxUnitCents {
			why = append(why, Wrong(at+"/unit_cents", "out_of_range", "%s: a seat costs between $0 and %s.", t.Label, Dollars(maxUnitCents)))
		}
		if j := slices.IndexFunc(all[:i], t.overlaps); j >= 0 {
			why = append(why, Wrong(at+"/min_seats", "prices_overlap", "%s has two prices for the same number of seats.", t.Label))
		}
	}
	return why
}

// maxUnitCents bounds the price of one seat, so that a slip of the keys is noticed.
const maxUnitCents = 1_000_000

func (t PriceTier) overlaps(o PriceTier) bool {
	return t.RateClass == o.RateClass && t.MinSeats <= o.MaxSeats && o.MinSeats <= t.MaxSeats
}

// missingPrices are the classes that cannot buy every number of seats from 1 to limit.
func missingPrices(all []PriceTier, limit int) []Reason {
	if len(all) == 0 {
		return []Reason{missing("/prices", "prices", "Set the price of a seat, for members and for others.")}
	}
	var why []Reason
	if !slices.ContainsFunc(all, func(t PriceTier) bool { return t.RateClass == Nonmember }) {
		why = append(why, missing("/prices", "prices", "Set a price for those who are not members."))
	}
	for _, c := range classesOf(all) {
		if n, gap := firstGap(all, c, limit); gap {
			why = append(why, missing("/prices", "prices", "%s has no price for %d.", labelOf(all, c), n))
		}
	}
	return why
}

func classesOf(all []PriceTier) []string {
	var classes []string
	for _, t := range all {
		if !slices.Contains(classes, t.RateClass) {
			classes = append(classes, t.RateClass)
		}
	}
	return classes
}

func labelOf(all []PriceTier, class string) string {
	i := slices.IndexFunc(all, func(t PriceTier) bool { return t.RateClass == class })
	return all[i].Label
}

func firstGap(all []PriceTier, class string, limit int) (n int, gap bool) {
	for n = 1; n <= limit; n++ {
		if _, priced := TierFor(all, class, n); !priced {
			return n, true
		}
	}
	return 0, false
}

// SortTiers puts prices into the order of the table on the page.
func SortTiers(all []PriceTier) {
	slices.SortStableFunc(all, func(a, b PriceTier) int {
		return cmp.Or(cmp.Compare(a.SortOrder, b.SortOrder), cmp.Compare(a.RateClass, b.RateClass), cmp.Compare(a.MinSeats, b.MinSeats))
	})
}

// Free tells whether nobody pays.
func Free(all []PriceTier) bool {
	return len(all) > 0 && !slices.ContainsFunc(all, func(t PriceTier) bool { return t.UnitCents > 0 })
}
