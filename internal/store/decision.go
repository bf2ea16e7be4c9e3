package store

import (
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"lectern/domain"
)

type decisionRow struct {
	ID           string `gorm:"primaryKey"`
	Version      int
	ProposalID   string
	Revision     int
	Outcome      domain.Outcome
	Source       string
	DecidedOn    domain.Date
	Evidence     string
	Feedback     string
	NoFeedback   bool
	Reason       string
	ByID         string
	ByName       string
	At           time.Time
	PublishedAt  *time.Time
	SupersededAt *time.Time
}

func (decisionRow) TableName() string { return "decisions" }

// Decisions are a proposal's decisions, newest first: those in force, those
// superseded, and one that may not be published yet.
func (tx *Tx) Decisions(proposalID string) ([]domain.Decision, error) {
	var rows []decisionRow
	err := tx.db.Where("proposal_id = ?", proposalID).Order("at DESC, id DESC").Find(&rows).Error
	return convert(rows, func(r decisionRow) domain.Decision { return domain.Decision(r) }), err
}

// AddDecision writes a decision. A published one supersedes the one in force.
func (tx *Tx) AddDecision(d domain.Decision) error {
	if d.PublishedAt != nil {
		if err := tx.supersedeDecision(d); err != nil {
			return err
		}
	}
	row := decisionRow(d)
	err := tx.db.Create(&row).Error
	if c := constraint(err); c == "decisions_one_staged" || c == "decisions_one_in_force" {
		return domain.StaleVersion("decision")
	}
	return err
}

// ChangeStaged writes a staged decision whose Version was raised by one, if it
// still has the version before and is not published. Stale otherwise.
func (tx *Tx) ChangeStaged(d domain.Decision) error {
	row := decisionRow(d)
	return guarded(tx.staged(d.ID, d.Version-1).Select("*").Updates(&row), "decision")
}

// ClearStaged removes a staged decision of the version. Stale when it changed.
func (tx *Tx) ClearStaged(d domain.Decision) error {
	return guarded(tx.staged(d.ID, d.Version).Delete(&decisionRow{}), "decision")
}

// PublishStaged makes a staged decision the one in force; the one before is
// superseded. Stale when it changed, or is published already.
func (tx *Tx) PublishStaged(d domain.Decision) error {
	if err := tx.supersedeDecision(d); err != nil {
		return err
	}
	return tx.ChangeStaged(d)
}

func (tx *Tx) staged(id string, version int) *gorm.DB {
	return tx.db.Model(&decisionRow{}).Where("id = ? AND version = ? AND published_at IS NULL", id, version)
}

// Decision finds a decision, staged or not; nil when it is gone.
func (tx *Tx) Decision(id string) (*domain.Decision, error) {
	var rows []decisionRow
	if err := tx.db.Where("id = ?", id).Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		return nil, err
	}
	d := domain.Decision(rows[0])
	return &d, nil
}

func (tx *Tx) supersedeDecision(by domain.Decision) error {
	return tx.db.Model(&decisionRow{}).
		Where("proposal_id = ? AND published_at IS NOT NULL AND superseded_at IS NULL", by.ProposalID).
		Update("superseded_at", by.PublishedAt).Error
}

// DropStaged removes the decision of a proposal that is not published.
func (tx *Tx) DropStaged(proposalID string) error {
	return tx.db.Where("proposal_id = ? AND published_at IS NULL", proposalID).Delete(&decisionRow{}).Error
}

// DeclinedAt are the venues and years that declined a proposal of the idea.
func (tx *Tx) DeclinedAt(ideaID string) ([]domain.VenueYear, error) {
	var rows []domain.VenueYear
	err := tx.db.Raw(`SELECT DISTINCT p.venue_id, p.year FROM proposals p JOIN decisions d ON d.proposal_id = p.id
		WHERE p.idea_id = ? AND d.outcome = 'declined' AND d.published_at IS NOT NULL AND d.superseded_at IS NULL`, ideaID).Scan(&rows).Error
	return rows, err
}

type externalRow struct {
	ProposalID string `gorm:"primaryKey"`
	Site       string
	Reference  string
	SentOn     domain.Date
	ByID       string
	ByName     string
	At         time.Time
}

func (externalRow) TableName() string { return "external_submissions" }

// External finds the record of a proposal's submission outside; nil when there is none.
func (tx *Tx) External(proposalID string) (*domain.External, error) {
	var rows []externalRow
	if err := tx.db.Where("proposal_id = ?", proposalID).Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		return nil, err
	}
	e := domain.External(rows[0])
	return &e, nil
}

// PutExternal writes the record, new or corrected.
func (tx *Tx) PutExternal(e domain.External) error {
	row := externalRow(e)
	return tx.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "proposal_id"}}, UpdateAll: true}).Create(&row).Error
}
