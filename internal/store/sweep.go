package store

import (
	"time"

	"gorm.io/gorm/clause"

	"lectern/domain"
)

type sweptRow struct {
	Job       string `gorm:"primaryKey"`
	SubjectID string `gorm:"primaryKey"`
	At        time.Time
}

func (sweptRow) TableName() string { return "swept" }

// Sweep notes that a job is done for a subject. False when it was done before,
// by whichever instance; one that is doing it right now is waited for.
func (tx *Tx) Sweep(job, subject string, at time.Time) (bool, error) {
	noted := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&sweptRow{job, subject, at})
	return noted.RowsAffected == 1, noted.Error
}

// Unswept are the subjects for which a job was not done yet, in their order.
func (tx *Tx) Unswept(job string, subjects []string) ([]string, error) {
	if len(subjects) == 0 {
		return nil, nil
	}
	var done []string
	if err := tx.db.Model(&sweptRow{}).Where("job = ? AND subject_id IN ?", job, subjects).Pluck("subject_id", &done).Error; err != nil {
		return nil, err
	}
	known := make(map[string]bool, len(done))
	for _, d := range done {
		known[d] = true
	}
	var open []string
	for _, s := range subjects {
		if !known[s] {
			open = append(open, s)
		}
	}
	return open, nil
}

// CallsClosing are the calls whose window closes after one instant and not
// after another, soonest first.
func (tx *Tx) CallsClosing(after, until time.Time) ([]domain.Call, error) {
	var rows []callRow
	err := tx.db.Where("closes_at > ? AND closes_at <= ?", after, until).Order("closes_at, slug").Find(&rows).Error
	return convert(rows, func(r callRow) domain.Call { return domain.Call(r) }), err
}

// DraftLine is a draft as a reminder names it.
type DraftLine struct {
	ID      string
	GroupID string
	Title   string
	Number  string
}

// Ref is how people find it.
func (d DraftLine) Ref() string {
	return domain.Proposal{ID: d.ID, Number: d.Number}.Ref()
}

// DraftsOf are all drafts of a call, by group and title.
func (tx *Tx) DraftsOf(callID string) ([]DraftLine, error) {
	var lines []DraftLine
	err := tx.db.Table("proposals").Select("id, group_id, title, number").
		Where("call_id = ? AND state = 'draft'", callID).Order("group_id, title, id").Scan(&lines).Error
	return lines, err
}

// UndecidedAt are a section's submitted proposals of a venue and year that have
// no outcome, by group and title.
func (tx *Tx) UndecidedAt(sectionID, venueID string, y domain.Year) ([]DraftLine, error) {
	var lines []DraftLine
	err := tx.db.Table("proposals").Select("id, group_id, title, number").
		Where("venue_id = ? AND year = ? AND state = 'submitted'", venueID, y).
		Where("group_id IN (SELECT id FROM groups WHERE section_id = ?)", sectionID).
		Order("group_id, number, id").Scan(&lines).Error
	return lines, err
}

// WaitingSpeaker is a speaker who was asked and has not answered.
type WaitingSpeaker struct {
	ID         string
	ProposalID string
	InvitedAt  time.Time
}

// waitingStates are the states in which a speaker's answer still matters.
var waitingStates = []domain.State{domain.Draft, domain.Submitted, domain.Alternate, domain.Accepted}

// WaitingSpeakers are the speakers who were asked after one instant and not
// after another and have not answered, those asked first at the front.
func (tx *Tx) WaitingSpeakers(after, until time.Time) ([]WaitingSpeaker, error) {
	var lines []WaitingSpeaker
	err := tx.db.Table("speakers s").Select("s.id, s.proposal_id, s.invited_at").Joins("JOIN proposals p ON p.id = s.proposal_id").
		Where("s.answer = ? AND s.replaced_by = '' AND s.email <> '' AND s.invited_at > ? AND s.invited_at <= ?", domain.Invited, after, until).
		Where("p.state IN ? AND p.delivered_at IS NULL", waitingStates).
		Order("s.invited_at, s.id").Scan(&lines).Error
	return lines, err
}

// Expired is how many rows of each kind were removed.
type Expired struct{ SignIns, Credentials, Answers int64 }

// Expire removes what has had its time: sessions and tokens that expired,
// sign-ins that expired before keep (until then their page can say so), and
// kept answers older than keep. Mails that carry an expired sign-in die unsent.
func (tx *Tx) Expire(now, keep time.Time) (Expired, error) {
	stale := tx.db.Table("sign_ins").Select("id").Where("expires_at <= ?", now)
	err := tx.db.Model(&mailRow{}).Where("link = ? AND state IN ? AND link_to IN (?)", domain.LinkSignIn, unsent, stale).
		Update("state", domain.MailSuperseded).Error
	if err != nil {
		return Expired{}, err
	}
	var gone Expired
	for _, d := range []struct {
		statement string
		before    time.Time
		count     *int64
	}{
		{"DELETE FROM sign_ins WHERE expires_at <= ?", keep, &gone.SignIns},
		{"DELETE FROM credentials WHERE expires_at <= ?", now, &gone.Credentials},
		{"DELETE FROM idempotency WHERE at <= ?", keep, &gone.Answers},
	} {
		done := tx.db.Exec(d.statement, d.before)
		if done.Error != nil {
			return gone, done.Error
		}
		*d.count = done.RowsAffected
	}
	return gone, nil
}
