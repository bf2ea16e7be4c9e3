package domain

import "fmt"

// MoneyState is how far an order is paid. It is derived from the ledger, never kept.
type MoneyState string

// How far an order is paid.
const (
	MoneyUnpaid   MoneyState = "unpaid"
	MoneyPart     MoneyState = "part"
	MoneyPaid     MoneyState = "paid"
	MoneyOver     MoneyState = "over"
	MoneyRefunded MoneyState = "refunded"
)

// MoneyStates are all of them.
func MoneyStates() []MoneyState {
	return []MoneyState{MoneyUnpaid, MoneyPart, MoneyPaid, MoneyOver, MoneyRefunded}
}

// Money is what the ledger says of an order, in cents.
type Money struct {
	ChargedCents int  // invoiced, less what was credited
	PaidCents    int  // paid, less what was paid back
	PaidBack     bool // something was paid back
}

// Add counts one entry.
func (m *Money) Add(e LedgerEntry) {
	switch e.Kind {
	case LedgerCharge, LedgerCredit:
		m.ChargedCents += e.Cents
	case LedgerPayment, LedgerRefund:
		m.PaidCents -= e.Cents
		m.PaidBack = m.PaidBack || e.Kind == LedgerRefund
	}
}

// MoneyOf sums the entries of one order.
func MoneyOf(entries []LedgerEntry) Money {
	var m Money
	for _, e := range entries {
		m.Add(e)
	}
	return m
}

// OwedCents is what is still to pay; negative when too much was paid.
func (m Money) OwedCents() int { return m.ChargedCents - m.PaidCents }

// State says in one word how far it is paid.
func (m Money) State() MoneyState {
	switch {
	case m.PaidCents > m.ChargedCents:
		return MoneyOver
	case m.PaidCents == 0 && m.PaidBack:
		return MoneyRefunded
	case m.PaidCents == 0:
		return MoneyUnpaid
	case m.PaidCents < m.ChargedCents:
		return MoneyPart
	}
	return MoneyPaid
}

// ExactDollars is an amount of cents as documents write it: $441.00, −$31.50.
func ExactDollars(cents int) string {
	sign := ""
	if cents < 0 {
		sign, cents = "−", -cents
	}
	whole := fmt.Sprint(cents / 100)
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return fmt.Sprintf("%s$%s.%02d", sign, whole, cents%100)
}
