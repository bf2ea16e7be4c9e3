package store

import (
	"time"

	"lectern/domain"
)

type stipendRow struct {
	ID           string `gorm:"primaryKey"`
	Version      int
	ProposalID   string
	SpeakerID    string
	Payee        string
	Slot         int
	AmountCents  int
	State        domain.StipendState
	DesignatedBy string
	DesignatedAt time.Time
	AnsweredAt   *time.Time
	AgreementOn  domain.Date
	AgreementBy  string
	TaxFormOn    domain.Date
	TaxFormBy    string
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
	err := tx.db.Where("proposal_id = ?", proposalID).Order("slot, designated_at, id").Find(&rows).Error
	return convert(rows, func(r stipendRow) domain.Stipend { return domain.Stipend(r) }), err
}

// Stipend finds a stipend. NotFound when there is none.
func (tx *Tx) Stipend(id string) (domain.Stipend, error) {
	var row stipendRow
	err := one(tx.locked().Where("id = ?", id).Take(&row), "stipend")
	return domain.Stipend(row), err
}

// AddStipend writes a designation. Conflict when the place or the person is
// taken meanwhile: the database is the last guard of the cap.
func (tx *Tx) AddStipend(s domain.Stipend, limit int) error {
	row := stipendRow(s)
	err := tx.db.Create(&row).Error
	switch constraint(err) {
	case "stipends_live_slot", "stipends_slot":
		return domain.Refuse(domain.CapReached(limit))
	case "stipends_live_payee":
		return domain.Refuse(domain.Because("R9", "already_designated", "This person has a place already."))
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
