package store

import (
	"time"

	"gorm.io/gorm/clause"

	"lectern/domain"
)

type decisionRow struct {
	ID           string `gorm:"primaryKey"`
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
		err := tx.db.Model(&decisionRow{}).
			Where("proposal_id = ? AND published_at IS NOT NULL AND superseded_at IS NULL", d.ProposalID).
			Update("superseded_at", d.PublishedAt).Error
		if err != nil {
			return err
		}
	}
	row := decisionRow(d)
	return tx.db.Create(&row).Error
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
