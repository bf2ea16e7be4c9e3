package store

import (
	"fmt"
	"time"

	"lectern/domain"
)

type stipendRow struct {
	ID           string `gorm:"primaryKey"`
	Version      int
	ProposalID   string
	SpeakerID    string
	Payee        string
	Employer     string
	FundedBy     domain.Funding
	Slot         int
	AmountCents  int
	State        domain.StipendState
	Spent        bool
	DesignatedBy string
	DesignatedAt time.Time
	AnsweredAt   *time.Time
	AgreementOn  domain.Date
	AgreementBy  string
	TaxFormOn    domain.Date
	TaxFormBy    string
	TaxForm      domain.TaxForm
	Hold         string
	Presented    *bool
	ApprovedBy   string
	ApprovedAt   *time.Time
	VoidReason   string
	UpdatedAt    time.Time `gorm:"autoUpdateTime:false"`
}

func (stipendRow) TableName() string { return "stipends" }

// Stipends are all stipends of a proposal, by place and time.
func (tx *Tx) Stipends(proposalID string) ([]domain.Stipend, error) {
	var rows []stipendRow
	err := tx.db.Where("proposal_id = ?", proposalID).Order("slot = 0, slot, designated_at, id").Find(&rows).Error
	return convert(rows, func(r stipendRow) domain.Stipend { return domain.Stipend(r) }), err
}

// Stipend finds a stipend and holds its row. NotFound when there is none.
func (tx *Tx) Stipend(id string) (domain.Stipend, error) {
	var row stipendRow
	err := one(tx.locked().Where("id = ?", id).Take(&row), "stipend")
	return domain.Stipend(row), err
}

// StipendProposal is the id of the proposal a stipend belongs to: whoever changes
// a stipend holds the proposal's row first. NotFound when there is no such stipend.
func (tx *Tx) StipendProposal(id string) (string, error) {
	var row stipendRow
	err := one(tx.db.Select("proposal_id").Where("id = ?", id).Take(&row), "stipend")
	return row.ProposalID, err
}

// PersonStipends is how many live stipends of a program year are for the payee,
// without those that a sponsor pays. It holds the section's row, so that two
// designations for one person at once are counted one after the other.
func (tx *Tx) PersonStipends(sectionID, payee string, y domain.Year) (int, error) {
	var held sectionRow
	if err := tx.locked().Select("id").Where("id = ?", sectionID).Take(&held).Error; err != nil {
		return 0, err
	}
	var n int64
	err := tx.db.Table("stipends t").Joins("JOIN proposals p ON p.id = t.proposal_id").
		Where("t.payee = ? AND t.state NOT IN ('waived', 'void') AND t.funded_by = ? AND p.year = ?", payee, domain.FundedHere, y).Count(&n).Error
	return int(n), err
}

// AddStipend writes a designation. Conflict when the place or the person is
// taken meanwhile: the database is the last guard of the cap.
func (tx *Tx) AddStipend(s domain.Stipend, limit int) error {
	row := stipendRow(s)
	err := tx.db.Create(&row).Error
	switch constraint(err) {
	case "stipends_live_slot", "stipends_slot", "stipends_funding":
		return domain.Refuse(domain.CapReached(limit))
	case "stipends_live_payee":
		return domain.Refuse(domain.Because("R9", "already_designated", "This person has a stipend of this webinar already."))
	case "stipends_selected":
		return domain.Refuse(domain.Reason{Kind: domain.Invalid, Code: "not_a_selected_webinar", Rule: "R9", Detail: "Stipends are for selected webinars."})
	}
	return err
}

// ChangeStipend writes a changed stipend whose Version was raised by one.
func (tx *Tx) ChangeStipend(s domain.Stipend) error {
	row := stipendRow(s)
	return guarded(tx.db.Model(&stipendRow{}).Where("id = ? AND version = ?", s.ID, s.Version-1).Select("*").Updates(&row), "stipend")
}

type paymentRow struct {
	ID           string `gorm:"primaryKey"`
	StipendID    string
	PayeeKey     string
	PayeeName    string
	AmountCents  int
	Method       domain.PaymentMethod
	Reference    string
	PaidOn       domain.Date
	State        domain.PaymentState
	ByID         string
	ByName       string
	At           time.Time
	ReturnedOn   domain.Date
	ReturnReason string
	ReturnedBy   string
}

func (paymentRow) TableName() string { return "stipend_payments" }

// Payments are all attempts to pay a stipend, oldest first.
func (tx *Tx) Payments(stipendID string) ([]domain.Payment, error) {
	var rows []paymentRow
	err := tx.db.Where("stipend_id = ?", stipendID).Order("at, id").Find(&rows).Error
	return convert(rows, func(r paymentRow) domain.Payment { return domain.Payment(r) }), err
}

// AddPayment records a good payment of an approved stipend, before the stipend
// itself becomes paid. Conflict when it has a good one already.
func (tx *Tx) AddPayment(p domain.Payment) error {
	row := paymentRow(p)
	err := tx.db.Create(&row).Error
	if c := constraint(err); c == "stipend_payments_good" || c == "stipend_payments_due" {
		return domain.Refuse(domain.Because("R9", "already_paid", "This stipend was paid meanwhile."))
	}
	return err
}

// ReturnPayment records that the good payment came back, before the stipend is
// to be paid again. Stale when that was recorded meanwhile.
func (tx *Tx) ReturnPayment(p domain.Payment) error {
	back := tx.db.Model(&paymentRow{}).Where("id = ? AND state = ?", p.ID, domain.PaymentGood).
		Updates(map[string]any{"state": domain.PaymentReturned, "returned_on": p.ReturnedOn, "return_reason": p.ReturnReason, "returned_by": p.ReturnedBy})
	return guarded(back, "stipend")
}

// TaxLines are what payees got by good payments in a calendar year, by name.
func (tx *Tx) TaxLines(year int) ([]domain.TaxLine, error) {
	first, last := fmt.Sprintf("%04d-01-01", year), fmt.Sprintf("%04d-12-31", year)
	var lines []domain.TaxLine
	err := tx.db.Table("stipend_payments").
		Select("payee_key, MAX(payee_name) AS payee, COUNT(*) AS payments, SUM(amount_cents) AS cents").
		Where("state = ? AND paid_on >= ? AND paid_on <= ?", domain.PaymentGood, first, last).
		Group("payee_key").Order("payee, payee_key").Scan(&lines).Error
	return lines, err
}
