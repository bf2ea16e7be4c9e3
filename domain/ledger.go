package domain

import "time"

// LedgerKind is what moved the money of an order.
type LedgerKind string

// The kinds of entries. What raises the debt is above zero, what lowers it below.
const (
	LedgerCharge  LedgerKind = "charge"  // an invoice
	LedgerCredit  LedgerKind = "credit"  // a credit memo
	LedgerPayment LedgerKind = "payment" // by card, check or transfer
	LedgerRefund  LedgerKind = "refund"
)

// LedgerKinds are all kinds.
func LedgerKinds() []LedgerKind {
	return []LedgerKind{LedgerCharge, LedgerCredit, LedgerPayment, LedgerRefund}
}

// LedgerEntry is one line of the ledger. Lines are added, never changed or deleted.
type LedgerEntry struct {
	ID         string
	OrderID    string
	DocumentID string // that says so; empty for payments without one
	Kind       LedgerKind
	Cents      int // charge and refund > 0, credit and payment < 0
	Note       string
	ByID       string
	ByName     string
	At         time.Time
}
