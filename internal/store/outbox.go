package store

import (
	"time"

	"gorm.io/gorm"
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

// unsent are the states from which a mail can still go out: one whose sending
// has begun goes back to waiting when it fails, and a failed one can be retried.
var unsent = []domain.MailState{domain.MailWaiting, domain.MailSending, domain.MailFailed}

// Supersede lets the unsent mails of these kinds about a subject die; to limits
// it to one address, "" means all.
func (tx *Tx) Supersede(subjectID string, kinds []domain.NoticeKind, to string) error {
	q := tx.db.Model(&mailRow{}).Where("subject_id = ? AND kind IN ? AND state IN ?", subjectID, kinds, unsent)
	if to != "" {
		q = q.Where("address = ?", to)
	}
	return q.Update("state", domain.MailSuperseded).Error
}

// SupersedeAll lets every unsent mail about the subjects die.
func (tx *Tx) SupersedeAll(subjectIDs []string) error {
	return tx.db.Model(&mailRow{}).Where("subject_id IN ? AND state IN ?", subjectIDs, unsent).Update("state", domain.MailSuperseded).Error
}

const due = "(state = 'waiting' AND next_at <= ? OR state = 'sending' AND lease_until <= ?)"

// ClaimMails takes up to limit mails that are due, or whose sender's lease ran
// out, and leases them until the instant. Nobody else gets them before. The
// attempt is counted now, so that a mail whose senders die comes to an end too.
func (tx *Tx) ClaimMails(now, until time.Time, limit int) ([]domain.Mail, error) {
	if err := tx.failAbandoned(now); err != nil {
		return nil, err
	}
	q := tx.db
	if tx.postgres {
		q = q.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate, Options: clause.LockingOptionsSkipLocked})
	}
	var rows []mailRow
	if err := q.Where(due, now, now).Order("next_at, id").Limit(limit).Find(&rows).Error; err != nil {
		return nil, err
	}
	claimed := make([]domain.Mail, 0, len(rows))
	for _, r := range rows {
		r.State, r.LeaseUntil, r.Attempts = domain.MailSending, &until, r.Attempts+1
		taken := tx.db.Model(&mailRow{}).Where("id = ? AND attempts = ?", r.ID, r.Attempts-1).Where(due, now, now).
			Select("state", "lease_until", "attempts").Updates(&r)
		if taken.Error != nil {
			return nil, taken.Error
		}
		if taken.RowsAffected == 1 {
			claimed = append(claimed, domain.Mail(r))
		}
	}
	return claimed, nil
}

// failAbandoned ends the mails whose last permitted sender died.
func (tx *Tx) failAbandoned(now time.Time) error {
	return tx.db.Model(&mailRow{}).Where("state = 'sending' AND lease_until <= ? AND attempts >= ?", now, domain.MaxMailAttempts).
		Updates(map[string]any{"state": domain.MailFailed, "lease_until": nil, "error": "Sending was interrupted every time."}).Error
}

// MarkSent keeps that a claimed mail went out, even if it was superseded
// meanwhile: it is out. False when the lease had passed to somebody else.
func (tx *Tx) MarkSent(m domain.Mail, at time.Time) (bool, error) {
	done := tx.claimOf(m).Updates(map[string]any{"state": domain.MailSent, "sent_at": at, "lease_until": nil, "error": ""})
	return done.RowsAffected == 1, done.Error
}

// GiveBack keeps how a claimed mail stands after it could not be sent: its
// State, Attempts, NextAt and Error. One superseded meanwhile stays superseded,
// one that somebody else claimed stays theirs.
func (tx *Tx) GiveBack(claimed, now domain.Mail) error {
	return tx.claimOf(claimed).Where("state = ?", domain.MailSending).
		Updates(map[string]any{"state": now.State, "attempts": now.Attempts, "next_at": now.NextAt, "error": now.Error, "lease_until": nil}).Error
}

func (tx *Tx) claimOf(m domain.Mail) *gorm.DB {
	return tx.db.Model(&mailRow{}).Where("id = ? AND attempts = ? AND lease_until = ?", m.ID, m.Attempts, m.LeaseUntil)
}

// Mail finds a mail by id and holds its row. NotFound when there is none.
func (tx *Tx) Mail(id string) (domain.Mail, error) {
	var row mailRow
	err := one(tx.locked().Where("id = ?", id).Take(&row), "mail")
	return domain.Mail(row), err
}

// RetryMail makes a failed mail due again, with all its attempts. False when it
// is not failed any more.
func (tx *Tx) RetryMail(id string, at time.Time) (bool, error) {
	again := tx.db.Model(&mailRow{}).Where("id = ? AND state = ?", id, domain.MailFailed).
		Updates(map[string]any{"state": domain.MailWaiting, "attempts": 0, "next_at": at, "error": ""})
	return again.RowsAffected == 1, again.Error
}

// MailFilter limits the outbox page. The zero value is every mail.
type MailFilter struct {
	State domain.MailState
	Kind  domain.NoticeKind
	After *ListCursor // UpdatedAt is when the mail was written
	Limit int
}

// Mails are the newest mails first.
func (tx *Tx) Mails(f MailFilter) ([]domain.Mail, error) {
	q := tx.db.Order("created_at DESC, id DESC").Limit(f.Limit)
	if f.State != "" {
		q = q.Where("state = ?", f.State)
	}
	if f.Kind != "" {
		q = q.Where("kind = ?", f.Kind)
	}
	if f.After != nil {
		q = q.Where("(created_at, id) < (?, ?)", f.After.UpdatedAt, f.After.ID)
	}
	var rows []mailRow
	err := q.Find(&rows).Error
	return convert(rows, func(r mailRow) domain.Mail { return domain.Mail(r) }), err
}

// MailCounts are how many mails are in each state.
func (tx *Tx) MailCounts() (map[domain.MailState]int, error) {
	var rows []struct {
		State domain.MailState
		N     int
	}
	err := tx.db.Model(&mailRow{}).Select("state, COUNT(*) AS n").Group("state").Scan(&rows).Error
	counts := make(map[domain.MailState]int, len(rows))
	for _, r := range rows {
		counts[r.State] = r.N
	}
	return counts, err
}

// EraseMails takes names, addresses and texts out of the mails about the
// subjects: somebody asked to be forgotten. That a mail was sent stays known.
func (tx *Tx) EraseMails(subjectIDs []string) error {
	return tx.db.Model(&mailRow{}).Where("subject_id IN ?", subjectIDs).
		Updates(map[string]any{"address": gorm.Expr("id"), "name": "", "subject": "Removed on request", "body": "", "person_id": ""}).Error
}
