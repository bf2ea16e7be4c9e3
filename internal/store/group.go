package store

import (
	"time"

	"lectern/domain"
)

type sectionRow struct {
	ID        string `gorm:"primaryKey"`
	Version   int
	Slug      string
	Name      string
	ShortName string
	Zone      string
	Contact   string
	Settings  domain.Settings `gorm:"serializer:document"`
}

func (sectionRow) TableName() string { return "sections" }

type groupRow struct {
	ID            string `gorm:"primaryKey"`
	Version       int
	SectionID     string
	Slug          string
	Name          string
	Kind          domain.GroupKind
	Status        domain.GroupStatus
	SuccessorID   string
	Charge        string
	FolderURL     string
	Programming   bool
	MembersSubmit bool
}

func (groupRow) TableName() string { return "groups" }

// Section finds a section by id. NotFound when there is none.
func (tx *Tx) Section(id string) (domain.Section, error) {
	var row sectionRow
	err := one(tx.db.Where("id = ?", id).Take(&row), "section")
	return domain.Section(row), err
}

// Sections are all sections, by name.
func (tx *Tx) Sections() ([]domain.Section, error) {
	var rows []sectionRow
	err := tx.db.Order("name").Find(&rows).Error
	return convert(rows, func(r sectionRow) domain.Section { return domain.Section(r) }), err
}

// PutSection writes a section, new or changed.
func (tx *Tx) PutSection(s domain.Section) error {
	row := sectionRow(s)
	return tx.db.Save(&row).Error
}

// Group finds a group by id or slug. NotFound when there is none.
func (tx *Tx) Group(ref string) (domain.Group, error) {
	var row groupRow
	err := one(tx.db.Where("id = ? OR slug = ?", ref, ref).Take(&row), "group")
	return domain.Group(row), err
}

// Groups are all groups of the sections, or of all sections when none is named,
// the Leadership Team first, then by kind and name.
func (tx *Tx) Groups(sectionIDs ...string) ([]domain.Group, error) {
	q := tx.db.Order("CASE kind WHEN 'leadership' THEN 0 WHEN 'committee' THEN 1 WHEN 'interest_group' THEN 2 ELSE 3 END, name, id")
	if len(sectionIDs) > 0 {
		q = q.Where("section_id IN ?", sectionIDs)
	}
	var rows []groupRow
	err := q.Find(&rows).Error
	return convert(rows, func(r groupRow) domain.Group { return domain.Group(r) }), err
}

// AddGroup writes a new group.
func (tx *Tx) AddGroup(g domain.Group) error {
	row := groupRow(g)
	return tx.db.Create(&row).Error
}

// ChangeGroup writes a changed group whose Version was raised by one. Stale when
// somebody else changed it before.
func (tx *Tx) ChangeGroup(g domain.Group) error {
	row := groupRow(g)
	return guarded(tx.db.Model(&groupRow{}).Where("id = ? AND version = ?", g.ID, g.Version-1).Select("*").Updates(&row), "group")
}

func convert[R, D any](rows []R, to func(R) D) []D {
	out := make([]D, len(rows))
	for i, r := range rows {
		out[i] = to(r)
	}
	return out
}

type checklistRow struct {
	ID       string `gorm:"primaryKey"`
	Version  int
	GroupID  string
	Year     domain.Year
	Month    int
	Position int
	Text     string
	VenueID  string
	DoneAt   *time.Time
	DoneBy   string
}

func (checklistRow) TableName() string { return "checklist" }

// Checklist is a group's list of a year, in order; month 0 means all months.
func (tx *Tx) Checklist(groupID string, y domain.Year, month int) ([]domain.ChecklistItem, error) {
	q := tx.db.Where("group_id = ? AND year = ?", groupID, y)
	if month > 0 {
		q = q.Where("month = ?", month)
	}
	var rows []checklistRow
	err := q.Order("(month + 5) % 12, position").Find(&rows).Error
	return convert(rows, func(r checklistRow) domain.ChecklistItem { return domain.ChecklistItem(r) }), err
}

// ChecklistItem finds one item of a group. NotFound when there is none.
func (tx *Tx) ChecklistItem(groupID, id string) (domain.ChecklistItem, error) {
	var row checklistRow
	err := one(tx.db.Where("id = ? AND group_id = ?", id, groupID).Take(&row), "checklist item")
	return domain.ChecklistItem(row), err
}

// PutChecklistItem writes an item, new or changed.
func (tx *Tx) PutChecklistItem(i domain.ChecklistItem) error {
	row := checklistRow(i)
	return tx.db.Save(&row).Error
}
