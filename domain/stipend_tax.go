package domain

import (
	"maps"
	"slices"
	"strconv"
)

// TaxThreshold is from how many cents, paid in a calendar year, a payee is on the
// year-end list. False when the section set none for the year yet. The first
// known threshold also holds for the years before it.
func (s Settings) TaxThreshold(year int) (cents int, known bool) {
	table := s.TaxThresholds
	if len(table) == 0 {
		table = DefaultSettings().TaxThresholds
	}
	first := slices.Min(slices.Collect(maps.Keys(table)))
	cents, known = table[max(year, first)]
	return cents, known
}

// TaxLine is what one payee got in a calendar year.
type TaxLine struct {
	PayeeKey string // see Stipend.PayeeKey
	Payee    string // the name as last paid
	Payments int
	Cents    int
	Twin     bool // another line has the same name
}

// TaxReport are the payees of a calendar year, by name. What was paid elsewhere
// is not in it.
type TaxReport struct {
	Year      int
	Threshold int // cents
	Known     bool
	Lines     []TaxLine
}

// Listed tells whether a payee reached the threshold. False while it is not known.
func (r TaxReport) Listed(l TaxLine) bool { return r.Known && l.Cents >= r.Threshold }

// NewTaxReport puts the lines of a year under the section's threshold.
func NewTaxReport(s Settings, year int, lines []TaxLine) TaxReport {
	r := TaxReport{Year: year, Lines: lines}
	r.Threshold, r.Known = s.TaxThreshold(year)
	names := map[string]int{}
	for _, l := range lines {
		names[foldedName(l.Payee)]++
	}
	for i, l := range r.Lines {
		r.Lines[i].Twin = names[foldedName(l.Payee)] > 1
	}
	return r
}

// TaxYear reads a calendar year. False for what is none.
func TaxYear(text string) (int, bool) {
	y, err := strconv.Atoi(text)
	return y, err == nil && y > 1900 && y < 3000
}
