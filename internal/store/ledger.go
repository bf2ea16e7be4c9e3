package store

import (
	"time"

	"lectern/domain"
)

type documentRow struct {
	ID       string `gorm:"primaryKey"`
	Kind     domain.DocumentKind
	Number   string
	OrderID  string
	Revision int
	Cents    int
	Content  domain.DocumentContent `gorm:"serializer:document"`
	IssuedAt time.Time
}

func (documentRow) TableName() string { return "documents" }

type ledgerRow struct {
	ID         string `gorm:"primaryKey"`
	OrderID    string
	DocumentID string
	Kind       domain.LedgerKind
	Cents      int
	Note       string
	ByID       string
	ByName     string
	At         time.Time
}

func (ledgerRow) TableName() string { return "ledger_entries" }

// AddDocument writes an issued document. Its number comes from NextNumber in the
// same transaction, so numbers have no gaps.
func (tx *Tx) AddDocument(d domain.Document) error {
	row := documentRow(d)
	return tx.db.Create(&row).Error
}

// Documents are an order's documents, oldest first.
func (tx *Tx) Documents(orderID string) ([]domain.Document, error) {
	var rows []documentRow
	err := tx.db.Where("order_id = ?", orderID).Order("issued_at, id").Find(&rows).Error
	return convert(rows, func(r documentRow) domain.Document { return domain.Document(r) }), err
}

// AddEntry adds a line to the ledger.
func (tx *Tx) AddEntry(e domain.LedgerEntry) error {
	row := ledgerRow(e)
	return tx.db.Create(&row).Error
}

// Entries are an order's lines of the ledger, oldest first.
func (tx *Tx) Entries(orderID string) ([]domain.LedgerEntry, error) {
	var rows []ledgerRow
	err := tx.db.Where("order_id = ?", orderID).Order("at, id").Find(&rows).Error
	return convert(rows, func(r ledgerRow) domain.LedgerEntry { return domain.LedgerEntry(r) }), err
}
