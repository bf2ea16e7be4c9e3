package domain

// priced says what is wrong with the price of an offer of n seats: it is the price of
// a seat or the total of all, and never both.
func (in QuoteInput) priced(n int) []Reason {
	switch {
	case in.UnitCents != 0 && in.TotalCents != 0:
		return []Reason{Wrong("/total_cents", "one_price", "Write the price of a seat or the total of all seats, not both. Empty one of the two.")}
	case in.UnitCents == 0 && in.TotalCents == 0:
		return []Reason{Wrong("/unit_cents", "required", "Write the price of a seat, or the total of all seats.")}
	case in.UnitCents < 0 || in.UnitCents > maxUnitCents:
		return []Reason{Wrong("/unit_cents", "out_of_range", "A quoted seat costs between $0.01 and %s.", Dollars(maxUnitCents))}
	case in.TotalCents < 0 || n > 0 && in.TotalCents > 0 && (in.TotalCents < n || in.TotalCents > n*maxUnitCents):
		return []Reason{Wrong("/total_cents", "out_of_range", "%s cost between %s and %s in total.", Plural(n, "quoted seat"), ExactDollars(n), Dollars(n*maxUnitCents))}
	}
	return nil
}

// price is the price of an offer of n seats in whole cents, nothing rounded: a total
// that is so many cents a seat is that price of a seat, and another one has none (0).
func (in QuoteInput) price(n int) (unit, total int) {
	switch {
	case in.TotalCents == 0:
		return in.UnitCents, n * in.UnitCents
	case in.TotalCents%n == 0:
		return in.TotalCents / n, in.TotalCents
	}
	return 0, in.TotalCents
}

// InTotal tells whether a price is one for all seats together, and no price of a seat.
func InTotal(unitCents, totalCents int) bool { return unitCents == 0 && totalCents != 0 }
