package workflows

import (
	"context"
	"fmt"
	"strings"

	"lectern/domain"
	"lectern/internal/store"
)

// People are the workflows on people, their terms and roles.
type People struct{ Base }

// PersonView is a person with everything their rights come from.
type PersonView struct {
	domain.Person
	Roles []domain.Role
	Terms []domain.ActorTerm // past and present, oldest first
}

// keepsPeople tells whether the person may read and add people: administrators,
// and who appoints in some section.
func keepsPeople(a domain.Actor) bool {
	if a.Has(domain.Admin) {
		return true
	}
	for _, s := range a.Sections() {
		if a.MayAppoint(s) {
			return true
		}
	}
	return false
}

func notKeeper() error {
	return domain.NotAllowed("not_your_move", "Only an administrator or whoever manages appointments can do this.")
}

// List are people by name, after the last name and id of the page before.
// Forbidden for those who neither administer nor appoint.
func (w People) List(ctx context.Context, who domain.Actor, afterName, afterID string, limit int) ([]domain.Person, error) {
	if !keepsPeople(who) {
		return nil, notKeeper()
	}
	return store.Read(ctx, w.Store, func(tx *store.Tx) ([]domain.Person, error) { return tx.PeoplePage(afterName, afterID, limit) })
}

// Get finds a person with roles and terms. Oneself always; others as List.
func (w People) Get(ctx context.Context, who domain.Actor, id string) (PersonView, error) {
	if !keepsPeople(who) && (id != who.ID || id == "") {
		return PersonView{}, domain.NotThere("person")
	}
	return store.Read(ctx, w.Store, func(tx *store.Tx) (PersonView, error) { return seePerson(tx, id) })
}

func seePerson(tx *store.Tx, id string) (PersonView, error) {
	var v PersonView
	var err error
	if v.Person, err = tx.Person(id); err != nil {
		return v, err
	}
	if v.Roles, err = tx.Grants(id); err != nil {
		return v, err
	}
	v.Terms, err = tx.ActorTerms(id)
	return v, err
}

// PersonInput is what is written down about a person; email and institution may be empty.
type PersonInput struct {
	Version     int // of the person changed; 0: not said
	Name        string
	Email       string
	Institution string
	Zone        string
}

// onto writes the input over a person, the texts without space around them. An
// address is kept
// in small letters, as it is looked up.
func (in PersonInput) onto(p domain.Person) domain.Person {
	p.Name, p.Institution, p.Zone = strings.TrimSpace(in.Name), strings.TrimSpace(in.Institution), in.Zone
	p.Email = domain.FoldEmail(in.Email)
	return p
}

// Add writes down a person. Conflict when the address is taken, Invalid with all
// that needs correction, Forbidden for those who neither administer nor appoint.
func (w People) Add(ctx context.Context, who domain.Actor, in PersonInput) (PersonView, error) {
	if !keepsPeople(who) {
		return PersonView{}, notKeeper()
	}
	return store.Write(ctx, w.Store, func(tx *store.Tx) (PersonView, error) {
		p := in.onto(domain.Person{ID: w.NewID(), Version: 1})
		if err := domain.Refuse(p.Check()...); err != nil {
			return PersonView{}, err
		}
		return PersonView{Person: p}, w.writeDown(tx, who, p)
	})
}

// writeDown keeps a new person who was checked.
func (w People) writeDown(tx *store.Tx, who domain.Actor, p domain.Person) error {
	if err := tx.AddPerson(p); err != nil {
		return err
	}
	return w.audit(tx, who, "add", "person", p.ID, "")
}

// Change corrects a person's facts. For administrators: an address is how its
// person gets in. Stale when somebody else changed them since.
func (w People) Change(ctx context.Context, who domain.Actor, id string, in PersonInput) (PersonView, error) {
	if !who.Has(domain.Admin) {
		return PersonView{}, onlyAdmin()
	}
	return store.Write(ctx, w.Store, func(tx *store.Tx) (PersonView, error) {
		was, err := tx.Person(id)
		if err != nil {
			return PersonView{}, err
		}
		if in.Version != 0 && in.Version != was.Version {
			return PersonView{}, domain.StaleVersion("person")
		}
		p := in.onto(was)
		p.Version++
		if err := domain.Refuse(p.Check()...); err != nil {
			return PersonView{}, err
		}
		if err := tx.ChangePerson(p); err != nil {
			return PersonView{}, err
		}
		if err := w.audit(tx, who, "change", "person", p.ID, ""); err != nil {
			return PersonView{}, err
		}
		return seePerson(tx, id)
	})
}

func onlyAdmin() error {
	return domain.NotAllowed("not_your_move", "Only an administrator can do this.")
}

// Grant gives a person a role outside the rosters; giving it twice changes nothing.
func (w People) Grant(ctx context.Context, who domain.Actor, id string, r domain.Role) (PersonView, error) {
	return w.setRole(ctx, who, id, r, "grant", (*store.Tx).Grant)
}

// Revoke takes a role from a person. Conflict for the last administrator.
func (w People) Revoke(ctx context.Context, who domain.Actor, id string, r domain.Role) (PersonView, error) {
	return w.setRole(ctx, who, id, r, "revoke", func(tx *store.Tx, id string, r domain.Role) error {
		if r != domain.Admin {
			return tx.Revoke(id, r)
		}
		admins, err := tx.PeopleWith(domain.Admin)
		if err != nil {
			return err
		}
		if len(admins) == 1 && admins[0].ID == id {
			return domain.Refuse(domain.Because("", "last_admin", "This is the last administrator. Make somebody else one first."))
		}
		return tx.Revoke(id, r)
	})
}

func (w People) setRole(ctx context.Context, who domain.Actor, id string, r domain.Role, action string, set func(*store.Tx, string, domain.Role) error) (PersonView, error) {
	if !who.Has(domain.Admin) && !who.Clock {
		return PersonView{}, onlyAdmin()
	}
	if !knownRole(r) {
		return PersonView{}, domain.Refuse(domain.Wrong("/role", "not_an_option", "Choose a role."))
	}
	return store.Write(ctx, w.Store, func(tx *store.Tx) (PersonView, error) {
		if _, err := tx.Person(id); err != nil {
			return PersonView{}, err
		}
		return w.turnRole(tx, who, id, r, action, set)
	})
}

// turnRole gives or takes a role of somebody who is there.
func (w People) turnRole(tx *store.Tx, who domain.Actor, id string, r domain.Role, action string, set func(*store.Tx, string, domain.Role) error) (PersonView, error) {
	if err := set(tx, id, r); err != nil {
		return PersonView{}, err
	}
	if err := w.audit(tx, who, action, "role", id, string(r)); err != nil {
		return PersonView{}, err
	}
	return seePerson(tx, id)
}

func knownRole(r domain.Role) bool {
	for _, known := range domain.Roles() {
		if r == known {
			return true
		}
	}
	return false
}

// Appointment is a term to give. Either the last day is said, or one or two
// years, which end on their June 30.
type Appointment struct {
	Group    string // id or slug
	PersonID string
	Role     domain.TermRole
	StartsOn domain.Date
	EndsOn   domain.Date
	Years    int // 1 or 2; read when EndsOn is empty
}

// Appointed is a term that was given or changed, with the hints that go with it.
type Appointed struct {
	domain.Term
	Group    domain.Group
	Warnings []domain.Warning
}

func (a Appointment) term(id, groupID string) domain.Term {
	t := domain.Term{ID: id, Version: 1, GroupID: groupID, PersonID: a.PersonID, Role: a.Role, StartsOn: a.StartsOn, EndsOn: a.EndsOn}
	if t.EndsOn == "" && t.StartsOn.Valid() && a.Years >= 1 && a.Years <= 2 {
		t.EndsOn = domain.TermEnd(t.StartsOn, a.Years)
	}
	return t
}

// Give appoints a person to a group. Forbidden for those who do not appoint
// there (R24, C9), Conflict with every rule against it (R22, R23), Invalid for wrong days (R54).
func (w People) Give(ctx context.Context, who domain.Actor, a Appointment) (Appointed, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (Appointed, error) {
		f, err := appointing(tx, who, a.Group)
		if err != nil {
			return Appointed{}, wrongChoice(err, "/group", "Choose a group.")
		}
		p, err := tx.Person(a.PersonID)
		if err != nil {
			return Appointed{}, wrongChoice(err, "/person_id", "Choose a person.")
		}
		t := a.term(w.NewID(), f.Group.ID)
		if err := domain.Refuse(t.Check(f)...); err != nil {
			return Appointed{}, err
		}
		if err := tx.AddTerm(t); err != nil {
			return Appointed{}, err
		}
		detail := fmt.Sprintf("%s, %s of %s from %s until %s", p.Name, t.Role, f.Group.Name, t.StartsOn, t.EndsOn)
		return Appointed{t, f.Group, t.Warnings(f)}, w.audit(tx, who, "give", "term", t.ID, detail)
	})
}

// appointing holds the group and loads what terms are checked against.
func appointing(tx *store.Tx, who domain.Actor, group string) (domain.TermFacts, error) {
	var f domain.TermFacts
	var err error
	if f.Group, err = tx.HoldGroup(group); err != nil {
		return f, err
	}
	if !who.MayAppointTo(f.Group) && !who.Clock {
		return f, mayNotAppoint(f.Group)
	}
	s, err := tx.Section(f.Group.SectionID)
	if err != nil {
		return f, err
	}
	f.Settings = s.Settings
	f.Terms, err = tx.TermsIn(f.Group.ID)
	return f, err
}

func mayNotAppoint(g domain.Group) error {
	whoMay := "the Leadership Team’s chair, whoever manages its appointments, or an administrator"
	if g.Kind == domain.Leadership {
		whoMay = "its chair or an administrator"
	}
	return domain.Refuse(domain.Reason{Kind: domain.Forbidden, Code: "may_not_appoint", Rule: "R24", Detail: fmt.Sprintf("Terms in %s are given by %s.", g.Name, whoMay)})
}

// End ends a term early, on the day; rights end with it. Stale when the version
// is said and somebody else changed the term since.
func (w People) End(ctx context.Context, who domain.Actor, termID string, on domain.Date, version int) (Appointed, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (Appointed, error) {
		t, err := tx.Term(termID)
		if err != nil {
			return Appointed{}, err
		}
		f, err := appointing(tx, who, t.GroupID)
		if err != nil {
			return Appointed{}, err
		}
		if version != 0 && version != t.Version {
			return Appointed{}, domain.StaleVersion("term")
		}
		if err := domain.Refuse(t.CheckEnd(on, f.Group, f.Terms)...); err != nil {
			return Appointed{}, err
		}
		was := t.EndsOn
		t.EndsOn = on
		t.Version++
		if err := tx.ChangeTerm(t); err != nil {
			return Appointed{}, err
		}
		return Appointed{Term: t, Group: f.Group}, w.audit(tx, who, "end", "term", t.ID, fmt.Sprintf("On %s instead of %s", on, was))
	})
}
