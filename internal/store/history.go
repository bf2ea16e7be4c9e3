package store

import (
	"sync"
	"time"

	"gorm.io/gorm/clause"

	"lectern/domain"
)

type stepRow struct {
	ID         string `gorm:"primaryKey"`
	ProposalID string
	Title      string
	Version    int
	Revision   int
	Action     domain.Action
	From       domain.State `gorm:"column:from_state"`
	To         domain.State `gorm:"column:to_state"`
	ActorID    string
	ActorName  string
	At         time.Time
	Reason     string
	Detail     string
}

func (stepRow) TableName() string { return "history" }

// AddStep writes a line of history. The database refuses a step that the
// lifecycle does not have.
func (tx *Tx) AddStep(s domain.Step) error {
	row := stepRow(s)
	return tx.db.Create(&row).Error
}

// HistoryFilter limits a proposal's history.
type HistoryFilter struct {
	Nameless bool // without the steps that tell whose it is
	After    *ListCursor
	Limit    int
}

// History are a proposal's newest steps, newest first.
func (tx *Tx) History(proposalID string, limit int) ([]domain.Step, error) {
	return tx.HistoryPage(proposalID, HistoryFilter{Limit: limit})
}

// HistoryPage are a proposal's steps after the cursor, newest first.
func (tx *Tx) HistoryPage(proposalID string, f HistoryFilter) ([]domain.Step, error) {
	q := tx.db.Where("proposal_id = ?", proposalID)
	if f.Nameless {
		q = q.Where("from_state <> ? AND action <> ?", domain.Nowhere, domain.InviteSpeaker)
	}
	if f.After != nil {
		q = q.Where("(at, id) < (?, ?)", f.After.UpdatedAt, f.After.ID)
	}
	var rows []stepRow
	err := q.Order("at DESC, id DESC").Limit(f.Limit).Find(&rows).Error
	return convert(rows, func(r stepRow) domain.Step { return domain.Step(r) }), err
}

type revisionRow struct {
	ProposalID string `gorm:"primaryKey"`
	Number     int    `gorm:"primaryKey"`
	Title      string
	Answers    domain.Answers `gorm:"serializer:document"`
	Speakers   []string       `gorm:"serializer:document"`
	ByID       string
	ByName     string
	At         time.Time
	Cause      string
}

func (revisionRow) TableName() string { return "revisions" }

// PutRevision writes a revision: new, or over the open one of the same number.
func (tx *Tx) PutRevision(r domain.Revision) error {
	row := revisionRow(r)
	return tx.db.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "proposal_id"}, {Name: "number"}},
		UpdateAll: true,
	}).Create(&row).Error
}

// Revision finds one revision. NotFound when there is none.
func (tx *Tx) Revision(proposalID string, number int) (domain.Revision, error) {
	var row revisionRow
	err := one(tx.db.Where("proposal_id = ? AND number = ?", proposalID, number).Take(&row), "version")
	return domain.Revision(row), err
}

// RevisionsOf are those of a proposal's revisions that have one of the numbers.
func (tx *Tx) RevisionsOf(proposalID string, numbers ...int) ([]domain.Revision, error) {
	var rows []revisionRow
	err := tx.db.Where("proposal_id = ? AND number IN ?", proposalID, numbers).Find(&rows).Error
	return convert(rows, func(r revisionRow) domain.Revision { return domain.Revision(r) }), err
}

// RevisionFilter limits a proposal's revisions.
type RevisionFilter struct {
	Before int // only those with a smaller number; 0: from the newest on
	Limit  int
}

// Revisions are a proposal's revisions, newest first.
func (tx *Tx) Revisions(proposalID string, f RevisionFilter) ([]domain.Revision, error) {
	q := tx.db.Where("proposal_id = ?", proposalID)
	if f.Before != 0 {
		q = q.Where("number < ?", f.Before)
	}
	var rows []revisionRow
	err := q.Order("number DESC").Limit(f.Limit).Find(&rows).Error
	return convert(rows, func(r revisionRow) domain.Revision { return domain.Revision(r) }), err
}

// AuditLine is one thing that was done to something other than a proposal.
type AuditLine struct {
	ID        string `gorm:"primaryKey"`
	At        time.Time
	ActorID   string
	ActorName string
	Action    string
	Noun      string
	SubjectID string
	Detail    string
}

// TableName is the table of AuditLine.
func (AuditLine) TableName() string { return "audit" }

var auditTable = sync.OnceValue(func() written { return writing("audit", AuditLine{}) })

// Audit writes a line.
func (tx *Tx) Audit(l AuditLine) error { return tx.add(auditTable(), l) }

// AuditPage are the newest lines, after the cursor. What was done to a decision
// before it was published is left out for members of the proposal's own group.
func (tx *Tx) AuditPage(a domain.Actor, after *ListCursor, limit int) ([]AuditLine, error) {
	q := tx.db.Order("at DESC, id DESC").Limit(limit)
	if own := a.Groups(); len(own) > 0 {
		q = q.Where("(noun <> 'decision' OR subject_id NOT IN (SELECT id FROM proposals WHERE group_id IN ?))", own)
	}
	if after != nil {
		q = q.Where("(at, id) < (?, ?)", after.UpdatedAt, after.ID)
	}
	var rows []AuditLine
	err := q.Find(&rows).Error
	return rows, err
}

// Comment is one line of a proposal's discussion, seen by those who see the proposal's text.
type Comment struct {
	ID         string `gorm:"primaryKey"`
	ProposalID string
	AuthorID   string
	AuthorName string
	At         time.Time
	Text       string
}

// AddComment writes a comment.
func (tx *Tx) AddComment(c Comment) error { return tx.db.Create(&c).Error }

// Comments are a proposal's comments after the cursor, oldest first.
func (tx *Tx) Comments(proposalID string, after *ListCursor, limit int) ([]Comment, error) {
	q := tx.db.Where("proposal_id = ?", proposalID)
	if after != nil {
		q = q.Where("(at, id) > (?, ?)", after.UpdatedAt, after.ID)
	}
	var rows []Comment
	err := q.Order("at, id").Limit(limit).Find(&rows).Error
	return rows, err
}

// CloseRevision closes the open revision, so that the next edit makes a new one.
func (tx *Tx) CloseRevision(proposalID string, number int, cause string) error {
	return tx.db.Model(&revisionRow{}).Where("proposal_id = ? AND number = ? AND cause = 'edit'", proposalID, number).Update("cause", cause).Error
}

// AuditOf are the newest lines about one subject.
func (tx *Tx) AuditOf(subjectID string, limit int) ([]AuditLine, error) {
	var rows []AuditLine
	err := tx.db.Where("subject_id = ?", subjectID).Order("at DESC, id DESC").Limit(limit).Find(&rows).Error
	return rows, err
}
