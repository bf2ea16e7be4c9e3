package store

import (
	"time"

	"gorm.io/gorm/clause"

	"lectern/domain"
)

type mailRow struct {
	ID         string `gorm:"primaryKey"`
	Cause      string
	Kind       domain.NoticeKind
	SubjectID  string
	PersonID   string
	To         string `gorm:"column:address"`
	Name       string
	Subject    string
	Body       string
	Link       domain.LinkKind
	LinkTo     string
	State      domain.MailState
	Attempts   int
	NextAt     time.Time
	LeaseUntil *time.Time
	SentAt     *time.Time
	Error      string
	CreatedAt  time.Time
}

func (mailRow) TableName() string { return "outbox" }

// Tell writes a mail into the outbox and lets the unsent ones die that it makes
// pointless. A second mail of the same cause, address and kind is not written.
func (tx *Tx) Tell(m domain.Mail) error {
	if m.To == "" {
		return nil
	}
	if dying := domain.NoticeOf(m.Kind).Supersedes; len(dying) > 0 {
		if err := tx.Supersede(m.SubjectID, dying, m.To); err != nil {
			return err
		}
	}
	row := mailRow(m)
	return tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error
}

// Supersede lets the unsent mails of these kinds about a subject die; to limits
// it to one address, "" means all.
func (tx *Tx) Supersede(subjectID string, kinds []domain.NoticeKind, to string) error {
	q := tx.db.Model(&mailRow{}).Where("subject_id = ? AND state = ? AND kind IN ?", subjectID, domain.MailWaiting, kinds)
	if to != "" {
		q = q.Where("address = ?", to)
	}
	return q.Update("state", domain.MailSuperseded).Error
}

// SupersedeAll lets every unsent mail about the subjects die.
func (tx *Tx) SupersedeAll(subjectIDs []string) error {
	return tx.db.Model(&mailRow{}).Where("subject_id IN ? AND state = ?", subjectIDs, domain.MailWaiting).Update("state", domain.MailSuperseded).Error
}
