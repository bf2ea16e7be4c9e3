package store

import (
	"lectern/domain"
)

// ActorOf is a person with their roles and all their terms, as rights see them
// on the day, in four statements. NotFound when there is no such person.
func (tx *Tx) ActorOf(personID string, today domain.Date) (domain.Actor, error) {
	p, err := tx.Person(personID)
	if err != nil {
		return domain.Actor{}, err
	}
	roles, err := tx.Grants(p.ID)
	if err != nil {
		return domain.Actor{}, err
	}
	terms, err := tx.ActorTerms(p.ID)
	if err != nil {
		return domain.Actor{}, err
	}
	guestOf, err := tx.GuestOf(p.ID)
	return domain.Actor{ID: p.ID, Name: p.Name, Email: p.Email, Zone: p.Zone, Theme: p.Theme, Institution: p.Institution, GuestOf: guestOf, Roles: roles, Terms: terms, Today: today}, err
}

// Grants are a person's roles outside the rosters.
func (tx *Tx) Grants(personID string) ([]domain.Role, error) {
	var roles []domain.Role
	err := tx.db.Model(&grantRow{}).Where("person_id = ?", personID).Order("role").Pluck("role", &roles).Error
	return roles, err
}

// ActorTerms are all of a person's terms with the facts of their groups, oldest first.
func (tx *Tx) ActorTerms(personID string) ([]domain.ActorTerm, error) {
	var terms []domain.ActorTerm
	err := tx.db.Table("terms t").
		Select("t.*, g.name AS group_name, g.slug AS group_slug, g.kind AS group_kind, g.section_id, g.successor_id AS successor").
		Joins("JOIN groups g ON g.id = t.group_id").Where("t.person_id = ?", personID).
		Order("t.starts_on, t.id").Scan(&terms).Error
	return terms, err
}
