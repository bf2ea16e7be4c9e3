package store

import (
	"lectern/domain"
)

// SectionBySlug finds a section by its slug. NotFound when there is none.
func (tx *Tx) SectionBySlug(slug string) (domain.Section, error) {
	var row sectionRow
	err := one(tx.db.Where("slug = ?", slug).Take(&row), "section")
	return domain.Section(row), err
}

// Forms are all versions of all forms, oldest version first.
func (tx *Tx) Forms() ([]domain.Form, error) {
	var rows []formRow
	err := tx.db.Order("venue_id, format_id, number").Find(&rows).Error
	return convert(rows, func(r formRow) domain.Form { return domain.Form(r) }), err
}

// Quotas are all quotas of the groups.
func (tx *Tx) Quotas(groupIDs []string) ([]domain.Quota, error) {
	var rows []quotaRow
	err := tx.db.Where("group_id IN ?", groupIDs).Order("group_id, year, venue_id").Find(&rows).Error
	return convert(rows, func(r quotaRow) domain.Quota { return domain.Quota(r) }), err
}

// DropQuota lets a group owe a venue nothing in a year.
func (tx *Tx) DropQuota(q domain.Quota) error {
	return tx.db.Where("group_id = ? AND year = ? AND venue_id = ?", q.GroupID, q.Year, q.VenueID).Delete(&quotaRow{}).Error
}

// GroupYear is a group in a program year.
type GroupYear struct {
	GroupID string
	Year    domain.Year
}

// Checklists tells which groups have a checklist, by year.
func (tx *Tx) Checklists() ([]GroupYear, error) {
	var rows []GroupYear
	err := tx.db.Model(&checklistRow{}).Distinct("group_id", "year").Scan(&rows).Error
	return rows, err
}

// AddChecklist writes the items of a new checklist in one statement.
func (tx *Tx) AddChecklist(items []domain.ChecklistItem) error {
	if len(items) == 0 {
		return nil
	}
	rows := convert(items, func(i domain.ChecklistItem) checklistRow { return checklistRow(i) })
	return tx.db.Create(&rows).Error
}

// HoldGroup finds a group by id or slug and holds its row until the transaction
// ends, so that its terms are given one after the other. NotFound when there is none.
func (tx *Tx) HoldGroup(ref string) (domain.Group, error) {
	var row groupRow
	err := one(tx.locked().Where("id = ? OR slug = ?", ref, ref).Take(&row), "group")
	return domain.Group(row), err
}

// TermsIn are all terms of a group, past and present, oldest first.
func (tx *Tx) TermsIn(groupID string) ([]domain.Term, error) {
	var rows []termRow
	err := tx.db.Where("group_id = ?", groupID).Order("starts_on, id").Find(&rows).Error
	return convert(rows, func(r termRow) domain.Term { return domain.Term(r) }), err
}

// HoldProposals are all proposals of a group, held until the transaction ends.
func (tx *Tx) HoldProposals(groupID string) ([]domain.Proposal, error) {
	var rows []proposalRow
	err := tx.locked().Where("group_id = ?", groupID).Order("created_at, id").Find(&rows).Error
	return convert(rows, func(r proposalRow) domain.Proposal { return domain.Proposal(r) }), err
}

// MoveCoSponsor puts a group in the place of another as sponsor beside the
// proposals' own groups: once, and never beside itself.
func (tx *Tx) MoveCoSponsor(from, to string) error {
	for _, sql := range []string{
		"DELETE FROM proposal_cosponsors WHERE group_id = @from AND proposal_id IN (SELECT proposal_id FROM proposal_cosponsors WHERE group_id = @to)",
		"UPDATE proposal_cosponsors SET group_id = @to WHERE group_id = @from",
		"DELETE FROM proposal_cosponsors WHERE group_id = @to AND proposal_id IN (SELECT id FROM proposals WHERE group_id = @to)",
	} {
		if err := tx.db.Exec(sql, map[string]any{"from": from, "to": to}).Error; err != nil {
			return err
		}
	}
	return nil
}

// ChangeChecklistItem writes a changed item whose Version was raised by one.
// Stale when somebody else changed it before.
func (tx *Tx) ChangeChecklistItem(i domain.ChecklistItem) error {
	row := checklistRow(i)
	return guarded(tx.db.Model(&checklistRow{}).Where("id = ? AND version = ?", i.ID, i.Version-1).Select("*").Updates(&row), "checklist item")
}
