package store

import (
	"time"

	"lectern/domain"
)

type venueRow struct {
	ID        string `gorm:"primaryKey"`
	Name      string
	Letter    string
	Decider   domain.Decider
	CarryTo   []string `gorm:"serializer:document"`
	CarryAny  bool
	Gated     bool
	Stipends  bool
	Site      string
	SortOrder int
	HideNames bool
	Rubric    domain.Rubric `gorm:"serializer:document"`
}

func (venueRow) TableName() string { return "venues" }

type formatRow struct {
	VenueID string `gorm:"primaryKey"`
	ID      string `gorm:"primaryKey"`
	Name    string
	Hint    string
	Counts  bool
}

func (formatRow) TableName() string { return "formats" }

type formRow struct {
	ID       string `gorm:"primaryKey"`
	VenueID  string
	FormatID string
	Number   int
	Spec     domain.FormSpec `gorm:"serializer:document"`
}

func (formRow) TableName() string { return "forms" }

type callRow struct {
	ID        string `gorm:"primaryKey"`
	Version   int
	SectionID string
	Slug      string
	Name      string
	VenueID   string
	FormatID  string
	Year      domain.Year
	Zone      string
	OpensAt   *time.Time
	ClosesAt  *time.Time
	Grace     int
	EditUntil *time.Time
	FormID    string
	EventOn   domain.Date
}

func (callRow) TableName() string { return "calls" }

// Venue finds a venue. NotFound when there is none.
func (tx *Tx) Venue(id string) (domain.Venue, error) {
	var row venueRow
	err := one(tx.db.Where("id = ?", id).Take(&row), "venue")
	return domain.Venue(row), err
}

// Venues are all venues in their order.
func (tx *Tx) Venues() ([]domain.Venue, error) {
	var rows []venueRow
	err := tx.db.Order("sort_order, id").Find(&rows).Error
	return convert(rows, func(r venueRow) domain.Venue { return domain.Venue(r) }), err
}

// PutVenue writes a venue, new or changed.
func (tx *Tx) PutVenue(v domain.Venue) error {
	row := venueRow(v)
	return tx.db.Save(&row).Error
}

// Formats are all formats of all venues.
func (tx *Tx) Formats() ([]domain.Format, error) {
	var rows []formatRow
	err := tx.db.Order("venue_id, id").Find(&rows).Error
	return convert(rows, func(r formatRow) domain.Format { return domain.Format(r) }), err
}

// PutFormat writes a format, new or changed.
func (tx *Tx) PutFormat(f domain.Format) error {
	row := formatRow(f)
	return tx.db.Save(&row).Error
}

// Form finds a form version. NotFound when there is none. A version never
// changes, so it is read from the database once; callers do not write to it.
func (tx *Tx) Form(id string) (domain.Form, error) {
	if kept, ok := tx.forms.Load(id); ok {
		return kept.(domain.Form), nil
	}
	if kept, ok := tx.own[id]; ok {
		return kept, nil
	}
	var row formRow
	err := one(tx.db.Where("id = ?", id).Take(&row), "form")
	if err == nil {
		tx.keepForm(domain.Form(row))
	}
	return domain.Form(row), err
}

// keepForm keeps a form that was read: for all, or for the rest of a transaction,
// which may have made it and be undone.
func (tx *Tx) keepForm(f domain.Form) {
	if tx.reads {
		tx.forms.Store(f.ID, f)
		return
	}
	if tx.own == nil {
		tx.own = map[string]domain.Form{}
	}
	tx.own[f.ID] = f
}

// NewestForm finds the newest form version of a format. NotFound when there is none.
func (tx *Tx) NewestForm(venueID, formatID string) (domain.Form, error) {
	var row formRow
	err := one(tx.db.Where("venue_id = ? AND format_id = ?", venueID, formatID).Order("number DESC").Take(&row), "form")
	return domain.Form(row), err
}

// AddForm writes a new form version.
func (tx *Tx) AddForm(f domain.Form) error {
	row := formRow(f)
	return tx.db.Create(&row).Error
}

// Call finds a call by id or slug. NotFound when there is none.
func (tx *Tx) Call(ref string) (domain.Call, error) {
	var row callRow
	err := one(tx.db.Where("id = ? OR slug = ?", ref, ref).Take(&row), "call")
	return domain.Call(row), err
}

// CallCounts tell how many proposals a call has, and how many of them are drafts.
func (tx *Tx) CallCounts(callID string) (all, drafts int, err error) {
	err = tx.ask(func(found row) error { return found.Scan(&all, &drafts) },
		"SELECT COUNT(*), COUNT(CASE WHEN p.state = 'draft' THEN 1 END) FROM proposals p WHERE p.call_id = ?", callID)
	return all, drafts, err
}

// Calls are the calls of the years, or of all years when none is named, in the
// order their windows close.
func (tx *Tx) Calls(years ...domain.Year) ([]domain.Call, error) {
	q := tx.db.Order("year, closes_at IS NULL, closes_at, slug")
	if len(years) > 0 {
		q = q.Where("year IN ?", years)
	}
	var rows []callRow
	err := q.Find(&rows).Error
	return convert(rows, func(r callRow) domain.Call { return domain.Call(r) }), err
}

// AddCall writes a new call.
func (tx *Tx) AddCall(c domain.Call) error {
	row := callRow(c)
	return tx.db.Create(&row).Error
}

// ChangeCall writes a changed call whose Version was raised by one. Stale when
// somebody else changed it before.
func (tx *Tx) ChangeCall(c domain.Call) error {
	row := callRow(c)
	return guarded(tx.db.Model(&callRow{}).Where("id = ? AND version = ?", c.ID, c.Version-1).Select("*").Updates(&row), "call")
}
