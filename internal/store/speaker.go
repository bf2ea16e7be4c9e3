package store

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"lectern/domain"
)

type speakerRow struct {
	ID           string `gorm:"primaryKey"`
	Version      int
	ProposalID   string
	Position     int
	Role         domain.SpeakerRole
	Name         string
	ToBeNamed    bool
	Email        string
	Titles       []string `gorm:"serializer:document"`
	Affiliations []string `gorm:"serializer:document"`
	Bio          string
	StaffMember  bool
	Answer       domain.Answer
	InvitedAt    *time.Time
	AnsweredAt   *time.Time
	LinkSerial   int
	ReplacedBy   string
	Stipend      string
	Presented    *bool
}

func (speakerRow) TableName() string { return "speakers" }

// Speakers are a proposal's speakers in order, with those who were replaced.
func (tx *Tx) Speakers(proposalID string) ([]domain.Speaker, error) {
	return tx.SpeakersOf([]string{proposalID})
}

// SpeakersOf are the speakers of several proposals, in order, in one statement.
func (tx *Tx) SpeakersOf(proposalIDs []string) ([]domain.Speaker, error) {
	var all []domain.Speaker
	err := tx.ask(func(found row) error {
		var r speakerRow
		if err := scanRow(found, speakerPlaces(), &r); err != nil {
			return fmt.Errorf("read a speaker: %w", err)
		}
		all = append(all, domain.Speaker(r))
		return nil
	}, speakersSQL(), orNone(proposalIDs))
	return all, err
}

var (
	speakersSQL = sync.OnceValue(func() string {
		return "SELECT s." + strings.Join(names(speakerRow{}), ", s.") + " FROM speakers s WHERE s.proposal_id IN (?) ORDER BY s.proposal_id, s.position, s.id"
	})
	speakerPlaces = sync.OnceValue(func() []place { return places(speakerRow{}) })
)

// Speaker finds a speaker by id and holds its row. NotFound when there is none.
func (tx *Tx) Speaker(id string) (domain.Speaker, error) {
	var row speakerRow
	err := one(tx.locked().Where("id = ?", id).Take(&row), "speaker")
	return domain.Speaker(row), err
}

// SeeSpeaker is Speaker without holding the row, for reading.
func (tx *Tx) SeeSpeaker(id string) (domain.Speaker, error) {
	var row speakerRow
	err := one(tx.db.Where("id = ?", id).Take(&row), "speaker")
	return domain.Speaker(row), err
}

// AddSpeaker writes a new speaker.
func (tx *Tx) AddSpeaker(s domain.Speaker) error {
	row := speakerRow(s)
	return tx.db.Create(&row).Error
}

// ChangeSpeaker writes a changed speaker whose Version was raised by one.
func (tx *Tx) ChangeSpeaker(s domain.Speaker) error {
	row := speakerRow(s)
	return guarded(tx.db.Model(&speakerRow{}).Where("id = ? AND version = ?", s.ID, s.Version-1).Select("*").Updates(&row), "speaker")
}

// RemoveSpeaker takes a speaker off a draft.
func (tx *Tx) RemoveSpeaker(id string) error {
	return tx.db.Where("id = ?", id).Delete(&speakerRow{}).Error
}

// Replacement is another speaker that the chairs propose and the venue agrees to.
type Replacement struct {
	ID           string `gorm:"primaryKey"`
	ProposalID   string
	SpeakerID    string // who stands back
	Name         string
	Email        string
	Titles       []string `gorm:"serializer:document"`
	Affiliations []string `gorm:"serializer:document"`
	Bio          string
	AskedBy      string
	AskedName    string
	AskedAt      time.Time
	AgreedAt     *time.Time
}

// AddReplacement writes a proposed replacement. Conflict when one is open for the speaker.
func (tx *Tx) AddReplacement(r Replacement) error {
	err := tx.db.Create(&r).Error
	if constraint(err) == "replacements_open" {
		return domain.Refuse(domain.Because("", "replacement_open", "Another replacement of this speaker waits for the venue’s agreement."))
	}
	return err
}

// OpenReplacements are the replacements of a proposal that wait for agreement.
func (tx *Tx) OpenReplacements(proposalID string) ([]Replacement, error) {
	var rows []Replacement
	err := tx.db.Where("proposal_id = ? AND agreed_at IS NULL", proposalID).Order("asked_at, id").Find(&rows).Error
	return rows, err
}

// AgreeReplacement closes a replacement. Stale when it was closed before.
func (tx *Tx) AgreeReplacement(id string, at time.Time) error {
	return guarded(tx.db.Model(&Replacement{}).Where("id = ? AND agreed_at IS NULL", id).Update("agreed_at", at), "replacement")
}
