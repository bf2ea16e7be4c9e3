package store

import (
	"gorm.io/gorm/clause"

	"lectern/domain"
)

type personRow struct {
	ID          string `gorm:"primaryKey"`
	Version     int
	Name        string
	Email       string
	Institution string
	Zone        string
	Theme       string
}

func (personRow) TableName() string { return "people" }

type termRow struct {
	ID       string `gorm:"primaryKey"`
	Version  int
	GroupID  string
	PersonID string
	Role     domain.TermRole
	StartsOn domain.Date
	EndsOn   domain.Date
}

func (termRow) TableName() string { return "terms" }

type grantRow struct {
	PersonID string      `gorm:"primaryKey"`
	Role     domain.Role `gorm:"primaryKey"`
}

func (grantRow) TableName() string { return "grants" }

// Person finds a person by id. NotFound when there is none.
func (tx *Tx) Person(id string) (domain.Person, error) {
	var row personRow
	err := one(tx.db.Where("id = ?", id).Take(&row), "person")
	return domain.Person(row), err
}

// PersonByEmail finds a person by address. NotFound when there is none.
func (tx *Tx) PersonByEmail(email string) (domain.Person, error) {
	var row personRow
	err := one(tx.db.Where("email = ? AND email <> ''", domain.FoldEmail(email)).Take(&row), "person")
	return domain.Person(row), err
}

// PeoplePage are people in the order of their names, after the cursor's name and id.
func (tx *Tx) PeoplePage(afterName, afterID string, limit int) ([]domain.Person, error) {
	var rows []personRow
	err := tx.db.Where("(name, id) > (?, ?)", afterName, afterID).Order("name, id").Limit(limit).Find(&rows).Error
	return convert(rows, func(r personRow) domain.Person { return domain.Person(r) }), err
}

// AddPerson writes a new person. Conflict when the address is taken.
func (tx *Tx) AddPerson(p domain.Person) error {
	row := personRow(p)
	return refusePerson(tx.db.Create(&row).Error)
}

// ChangePerson writes a changed person whose Version was raised by one.
func (tx *Tx) ChangePerson(p domain.Person) error {
	row := personRow(p)
	return refusePerson(guarded(tx.db.Model(&personRow{}).Where("id = ? AND version = ?", p.ID, p.Version-1).Select("*").Updates(&row), "person"))
}

func refusePerson(err error) error {
	if constraint(err) == "people_email" {
		return domain.Refuse(domain.Reason{Kind: domain.Conflict, Code: "email_taken", Pointer: "/email", Detail: "Somebody with this address is there already."})
	}
	return err
}

// Grant gives a person a role; giving it twice changes nothing.
func (tx *Tx) Grant(personID string, r domain.Role) error {
	return tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&grantRow{personID, r}).Error
}

// Revoke takes a role from a person.
func (tx *Tx) Revoke(personID string, r domain.Role) error {
	return tx.db.Where("person_id = ? AND role = ?", personID, r).Delete(&grantRow{}).Error
}

// RoleHolder is a person with one role outside the rosters.
type RoleHolder struct {
	Role   domain.Role
	Person domain.Person
}

// RoleHolders are all who hold such a role, in the order of domain.Roles and by name.
func (tx *Tx) RoleHolders() ([]RoleHolder, error) {
	var rows []struct {
		Held personRow `gorm:"embedded"`
		Role domain.Role
	}
	err := tx.db.Table("grants g").Select("p.*, g.role").Joins("JOIN people p ON p.id = g.person_id").Order("p.name, p.id").Scan(&rows).Error
	var all []RoleHolder
	for _, r := range domain.Roles() {
		for _, row := range rows {
			if row.Role == r {
				all = append(all, RoleHolder{r, domain.Person(row.Held)})
			}
		}
	}
	return all, err
}

// PeopleWith are the people who hold one of the roles, by name.
func (tx *Tx) PeopleWith(roles ...domain.Role) ([]domain.Person, error) {
	var rows []personRow
	err := tx.db.Where("id IN (SELECT person_id FROM grants WHERE role IN ?)", roles).Order("name, id").Find(&rows).Error
	return convert(rows, func(r personRow) domain.Person { return domain.Person(r) }), err
}

// RosterLine is one person's term with the facts a roster shows.
type RosterLine struct {
	domain.Term
	Name        string
	Email       string
	Institution string
}

// Roster are the terms of a group that hold on the day; "" means all terms ever.
func (tx *Tx) Roster(groupID string, on domain.Date) ([]RosterLine, error) {
	q := tx.db.Table("terms t").Select("t.*, p.name, p.email, p.institution").
		Joins("JOIN people p ON p.id = t.person_id").Where("t.group_id = ?", groupID)
	if on != "" {
		q = q.Where("t.starts_on <= ? AND t.ends_on >= ?", on, on)
	}
	var lines []RosterLine
	err := q.Order("CASE t.role WHEN 'chair' THEN 0 WHEN 'co_chair' THEN 1 WHEN 'vice_chair' THEN 2 ELSE 3 END, p.name, t.starts_on, t.id").Scan(&lines).Error
	return lines, err
}

// Chairs are the people who lead the group on the day.
func (tx *Tx) Chairs(groupID string, on domain.Date) ([]domain.Person, error) {
	return tx.peopleOf([]string{groupID}, on, domain.TermChair, domain.TermCoChair)
}

// Members are the people in the group on the day, in any role.
func (tx *Tx) Members(groupID string, on domain.Date) ([]domain.Person, error) {
	return tx.peopleOf([]string{groupID}, on)
}

// Leaders are the people on the section's Leadership Team on the day.
func (tx *Tx) Leaders(sectionID string, on domain.Date) ([]domain.Person, error) {
	var ids []string
	err := tx.db.Model(&groupRow{}).Where("section_id = ? AND kind = ?", sectionID, domain.Leadership).Pluck("id", &ids).Error
	if err != nil {
		return nil, err
	}
	return tx.peopleOf(ids, on)
}

func (tx *Tx) peopleOf(groupIDs []string, on domain.Date, roles ...domain.TermRole) ([]domain.Person, error) {
	held := tx.db.Model(&termRow{}).Select("person_id").Where("group_id IN ? AND starts_on <= ? AND ends_on >= ?", groupIDs, on, on)
	if len(roles) > 0 {
		held = held.Where("role IN ?", roles)
	}
	var rows []personRow
	err := tx.db.Where("id IN (?)", held).Order("name, id").Find(&rows).Error
	return convert(rows, func(r personRow) domain.Person { return domain.Person(r) }), err
}

// Term finds a term by id. NotFound when there is none.
func (tx *Tx) Term(id string) (domain.Term, error) {
	var row termRow
	err := one(tx.db.Where("id = ?", id).Take(&row), "term")
	return domain.Term(row), err
}

// AddTerm writes a new term. Conflict when the same one is there.
func (tx *Tx) AddTerm(t domain.Term) error {
	row := termRow(t)
	err := tx.db.Create(&row).Error
	if constraint(err) == "terms_once" {
		return domain.Refuse(domain.Because("R24", "term_exists", "This person has this role from that day already."))
	}
	return err
}

// ChangeTerm writes a changed term whose Version was raised by one.
func (tx *Tx) ChangeTerm(t domain.Term) error {
	row := termRow(t)
	return guarded(tx.db.Model(&termRow{}).Where("id = ? AND version = ?", t.ID, t.Version-1).Select("*").Updates(&row), "term")
}

// TermsOf are a person's terms in a group, oldest first.
func (tx *Tx) TermsOf(groupID, personID string) ([]domain.Term, error) {
	var rows []termRow
	err := tx.db.Where("group_id = ? AND person_id = ?", groupID, personID).Order("starts_on, id").Find(&rows).Error
	return convert(rows, func(r termRow) domain.Term { return domain.Term(r) }), err
}

// LeadershipChairIn tells whether a chair of the section's Leadership Team is
// in the group on the day.
func (tx *Tx) LeadershipChairIn(g domain.Group, on domain.Date) (bool, error) {
	var n int64
	err := tx.db.Raw(`SELECT COUNT(*) FROM terms t JOIN groups l ON l.id = t.group_id JOIN terms o ON o.person_id = t.person_id
		WHERE l.kind = 'leadership' AND l.section_id = ? AND t.role IN ('chair', 'co_chair') AND t.starts_on <= ? AND t.ends_on >= ?
		AND o.group_id = ? AND o.starts_on <= ? AND o.ends_on >= ?`, g.SectionID, on, on, g.ID, on, on).Scan(&n).Error
	return n > 0, err
}
