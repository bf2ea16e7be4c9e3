package store

import (
	"time"

	"gorm.io/gorm/clause"

	"lectern/domain"
)

type recommendationRow struct {
	ProposalID     string `gorm:"primaryKey"`
	Version        int
	Revision       int
	Verdict        domain.Verdict
	VotesFor       int
	VotesAgainst   int
	VotesAbstained int
	Recused        int
	NoteNext       string
	NoteSubmitter  string
	Reason         string
	ByID           string
	ByName         string
	At             time.Time
}

func (recommendationRow) TableName() string { return "recommendations" }

// Recommendation finds what is recommended about a proposal; nil when nothing is.
func (tx *Tx) Recommendation(proposalID string) (*domain.Recommendation, error) {
	var rows []recommendationRow
	if err := tx.db.Where("proposal_id = ?", proposalID).Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		return nil, err
	}
	r := domain.Recommendation(rows[0])
	return &r, nil
}

// SaveRecommendation writes a recommendation whose Version was raised by one: the
// first, or over the one with the version before. Stale when it was changed
// meanwhile.
func (tx *Tx) SaveRecommendation(r domain.Recommendation) error {
	row := recommendationRow(r)
	if r.Version == 1 {
		return guarded(tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&row), "recommendation")
	}
	return guarded(tx.db.Model(&recommendationRow{}).Where("proposal_id = ? AND version = ?", r.ProposalID, r.Version-1).Select("*").Updates(&row), "recommendation")
}
