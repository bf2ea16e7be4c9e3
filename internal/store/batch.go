package store

import (
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"lectern/domain"
)

type batchRow struct {
	ID        string `gorm:"primaryKey"`
	Action    domain.Action
	SubjectID string
	Token     string
	Items     []domain.BatchItem    `gorm:"serializer:document"`
	Refused   []domain.BatchRefusal `gorm:"serializer:document"`
	Reason    string
	ByID      string
	ByName    string
	BegunAt   time.Time
	EndedAt   *time.Time
}

func (batchRow) TableName() string { return "batches" }

// AddBatch writes a batch down, unless one was begun with the same preview.
func (tx *Tx) AddBatch(b domain.Batch) error {
	row := batchRow(b)
	return tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error
}

// BatchOf finds the batch that was begun with a preview; nil when there is none.
func (tx *Tx) BatchOf(a domain.Action, subjectID, token string) (*domain.Batch, error) {
	return firstBatch(tx.db.Where("action = ? AND subject_id = ? AND token = ?", a, subjectID, token))
}

// LastBatch is the newest batch on a subject; nil when there is none.
func (tx *Tx) LastBatch(a domain.Action, subjectID string) (*domain.Batch, error) {
	return firstBatch(tx.db.Where("action = ? AND subject_id = ?", a, subjectID).Order("begun_at DESC, id DESC"))
}

func firstBatch(q *gorm.DB) (*domain.Batch, error) {
	var rows []batchRow
	if err := q.Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		return nil, err
	}
	b := domain.Batch(rows[0])
	return &b, nil
}

// Batch finds a batch, and holds it until the transaction ends. NotFound when there is none.
func (tx *Tx) Batch(id string) (domain.Batch, error) {
	var row batchRow
	err := one(tx.locked().Where("id = ?", id).Take(&row), "batch")
	return domain.Batch(row), err
}

// SeeBatch is Batch without holding it.
func (tx *Tx) SeeBatch(id string) (domain.Batch, error) {
	var row batchRow
	err := one(tx.db.Where("id = ?", id).Take(&row), "batch")
	return domain.Batch(row), err
}

// OpenBatches are the batches that have not ended, oldest first.
func (tx *Tx) OpenBatches() ([]domain.Batch, error) {
	var rows []batchRow
	err := tx.db.Where("ended_at IS NULL").Order("begun_at, id").Limit(20).Find(&rows).Error
	return convert(rows, func(r batchRow) domain.Batch { return domain.Batch(r) }), err
}

// SaveBatch writes what was refused, and the end.
func (tx *Tx) SaveBatch(b domain.Batch) error {
	row := batchRow(b)
	return tx.db.Model(&batchRow{}).Where("id = ?", b.ID).Select("refused", "ended_at").Updates(&row).Error
}

// BatchLine is how a proposal of a batch stands.
type BatchLine struct {
	ID     string
	Number string
	Done   bool // the batch is done with it
}

// BatchLines are the proposals of a batch that the person may know to be in it,
// by number: none of their own groups.
func (tx *Tx) BatchLines(a domain.Actor, b domain.Batch) ([]BatchLine, error) {
	var proposals, decisions []string
	for _, i := range b.Items {
		proposals, decisions = append(proposals, i.ProposalID), append(decisions, i.DecisionID)
	}
	q := tx.db.Table("proposals p").Where("p.id IN ?", proposals)
	if b.Action == domain.PublishDecision {
		q = q.Select("p.id, p.number, EXISTS (SELECT 1 FROM decisions d WHERE d.proposal_id = p.id AND d.id IN ? AND d.published_at IS NOT NULL) AS done", decisions)
	} else {
		q = q.Select("p.id, p.number, EXISTS (SELECT 1 FROM history h WHERE h.proposal_id = p.id AND h.to_state = 'cancelled') AS done")
	}
	if own := a.Groups(); len(own) > 0 {
		q = q.Where("p.group_id NOT IN ?", own)
	}
	var rows []BatchLine
	err := q.Order("p.number").Scan(&rows).Error
	return rows, err
}
