package web

import (
	"fmt"

	"lectern/domain"
)

// RosterPage is who was in a group on a day.
type RosterPage struct {
	Page
	Group      domain.Group
	On         domain.Date // the day asked for
	OnTyped    string      // as typed, when it is no day
	Today      domain.Date
	Rows       []RosterRow
	MayAppoint bool
	Emails     bool             // addresses are shown
	Warnings   []domain.Warning // about size and chairs (R21, R22, R32)
	Reasons    []domain.Reason  // of the day asked for
}

// RosterRow is a person's term.
type RosterRow struct {
	Person domain.Person
	Term   domain.Term
}

func (p RosterPage) path() string { return "/groups/" + p.Group.Slug + "/people" }

func (p RosterPage) day() string {
	if p.OnTyped != "" {
		return p.OnTyped
	}
	return string(p.On)
}

// people counts persons, not terms: a co-chair is a member too.
func (p RosterPage) people() int {
	seen := map[string]bool{}
	for _, r := range p.Rows {
		seen[r.Person.ID] = true
	}
	return len(seen)
}

func peopleWords(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

// TermRoleWords is what people call a role of a term.
func TermRoleWords(r domain.TermRole) string {
	return map[domain.TermRole]string{
		domain.TermMember: "Member", domain.TermChair: "Chair", domain.TermCoChair: "Co-chair",
		domain.TermViceChair: "Vice chair", domain.TermAppointments: "Appointments manager",
	}[r]
}

// RoleWords names a role outside the rosters.
func RoleWords(r domain.Role) string { return roleWords[r].name }

// What each role outside the rosters is called, and what it lets a person do.
var roleWords = map[domain.Role]struct{ name, does string }{
	domain.Staff:       {"Association staff", "Decides webinars, puts them on sale, answers quotes, names who gets a stipend."},
	domain.Finance:     {"Finance", "Approves and pays stipends, and sees orders and invoices."},
	domain.ForumMember: {"Core Forum Committee", "Reads the packets and decides on Core Forum proposals."},
	domain.ForumChair:  {"Core Forum Committee, chair", "The same, and may correct a decision."},
	domain.Admin:       {"Administrator", "Keeps people, terms, roles and the dates of calls."},
}

// RolesPage is who holds the roles that come with no group. It posts name, email
// and role to /staff/roles, and person_id and role to /staff/roles/end.
type RolesPage struct {
	Page
	Rows    []RoleRow
	Form    RoleForm
	Reasons []domain.Reason
}

// RoleRow is a person with one role. Own tells that it is who looks.
type RoleRow struct {
	Role   domain.Role
	Person domain.Person
	Own    bool
}

// RoleForm is what was typed to give a role.
type RoleForm struct{ Name, Email, Role string }

func (p RolesPage) of(r domain.Role) []RoleRow {
	var rows []RoleRow
	for _, row := range p.Rows {
		if row.Role == r {
			rows = append(rows, row)
		}
	}
	return rows
}

func holderOptions() []domain.Option {
	options := []domain.Option{{Value: "", Label: "Choose a role"}}
	for _, r := range domain.Roles() {
		options = append(options, domain.Option{Value: string(r), Label: RoleWords(r)})
	}
	return options
}

// roleOptions are the roles a group of a kind has.
func roleOptions(k domain.GroupKind) []domain.Option {
	roles := []domain.TermRole{domain.TermMember, domain.TermChair, domain.TermCoChair}
	if k == domain.Leadership {
		roles = append(roles, domain.TermViceChair, domain.TermAppointments)
	}
	options := make([]domain.Option, len(roles))
	for i, r := range roles {
		options[i] = domain.Option{Value: string(r), Label: TermRoleWords(r)}
	}
	return options
}

// TermForm is what was typed for a term.
type TermForm struct {
	PersonID string
	Role     string
	StartsOn string
	EndsOn   string
}

// PersonNewPage adds a person to a group. It posts name, email, institution,
// role, starts_on and ends_on to /groups/{slug}/people.
type PersonNewPage struct {
	Page
	Group       domain.Group
	Name        string // as typed, like all that follow
	Email       string
	Institution string
	Term        TermForm
	Reasons     []domain.Reason
}

// TermPage gives somebody a term, or ends one. It posts person_id, role,
// starts_on and ends_on to /groups/{slug}/terms, or ends_on and version to
// /groups/{slug}/terms/{id}/end.
type TermPage struct {
	Page
	Group   domain.Group
	Person  domain.Person   // whose term it is; zero: to be chosen from People
	People  []domain.Option // ids and names
	Terms   []domain.Term   // the person's in this group, oldest first
	Ending  *domain.Term    // the term to end; nil: a term is given
	Form    TermForm
	Reasons []domain.Reason
}

func (p TermPage) heading() string {
	if p.Ending != nil {
		return "End a term"
	}
	return "Give a term"
}

func (p TermPage) action() string {
	if p.Ending != nil {
		return "/groups/" + p.Group.Slug + "/terms/" + p.Ending.ID + "/end"
	}
	return "/groups/" + p.Group.Slug + "/terms"
}
