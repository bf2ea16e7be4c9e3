package store

import (
	"time"

	"lectern/domain"
)

type accessRequestRow struct {
	ID         string `gorm:"primaryKey"`
	OfferingID string
	Name       string
	Email      string
	Text       string
	MadeAt     time.Time
	DoneAt     *time.Time
	DoneBy     string
	EraseAfter *time.Time
	ErasedAt   *time.Time
}

func (accessRequestRow) TableName() string { return "access_requests" }

// AddAccessRequest writes a request.
func (tx *Tx) AddAccessRequest(r domain.AccessRequest) error {
	row := accessRequestRow(r)
	return tx.db.Create(&row).Error
}

// AccessRequests are the requests of a webinar that were not erased, oldest first.
func (tx *Tx) AccessRequests(offeringID string) ([]domain.AccessRequest, error) {
	var rows []accessRequestRow
	err := tx.db.Where("offering_id = ? AND erased_at IS NULL", offeringID).Order("made_at, id").Limit(500).Find(&rows).Error
	return convert(rows, func(r accessRequestRow) domain.AccessRequest { return domain.AccessRequest(r) }), err
}

// DoneAccessRequest notes that a request was arranged; the first note stays.
// NotFound when there is none.
func (tx *Tx) DoneAccessRequest(id, by string, at time.Time) (domain.AccessRequest, error) {
	var row accessRequestRow
	if err := one(tx.locked().Where("id = ? AND erased_at IS NULL", id).Take(&row), "request"); err != nil {
		return domain.AccessRequest{}, err
	}
	err := tx.db.Model(&accessRequestRow{}).Where("id = ? AND done_at IS NULL", id).Updates(map[string]any{"done_at": at, "done_by": by}).Error
	return domain.AccessRequest(row), err
}

// KeepAccessRequestsUntil sets when the requests of a webinar are erased.
func (tx *Tx) KeepAccessRequestsUntil(offeringID string, at time.Time) error {
	return tx.db.Model(&accessRequestRow{}).Where("offering_id = ? AND erased_at IS NULL", offeringID).Update("erase_after", at).Error
}

// EraseAccessRequests erases who asked for what, where the time for it has come,
// and tells how many.
func (tx *Tx) EraseAccessRequests(now time.Time) (int, error) {
	done := tx.db.Model(&accessRequestRow{}).Where("erased_at IS NULL AND erase_after <= ?", now).
		Updates(map[string]any{"name": "", "email": "", "text": "", "done_by": "", "erased_at": now})
	return int(done.RowsAffected), done.Error
}
