// Package sectiontest sets up the section Lectern comes with, with invented
// people in its groups, for tests of everything above the store.
package sectiontest

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/workflows"
)

// The program year that all terms of the fixture hold in.
const (
	Year   domain.Year = "2026-27"
	Starts domain.Date = "2026-07-01"
	Ends   domain.Date = "2027-06-30"
)

// Fixture is a store with the default section, its people and a clock. It may
// be used by several goroutines.
type Fixture struct {
	workflows.Base // with the clock and the ids of the fixture
	Section        domain.Section
	t              testing.TB
	now            atomic.Pointer[time.Time]
	ids            atomic.Int64
	people         map[string]domain.Person
}

// person is somebody of the fixture. A group beginning with a slug has a term
// for each role; roles outside the rosters are grants.
type person struct {
	name   string
	group  string
	terms  []domain.TermRole
	grants []domain.Role
}

const newLeaders = "new-leaders-and-managers"

var everybody = []person{
	{name: "Ben Castellano", group: newLeaders, terms: []domain.TermRole{domain.TermMember, domain.TermCoChair}},
	{name: "Ana Reyes", group: newLeaders, terms: []domain.TermRole{domain.TermMember}},
	{name: "Chidi Okonkwo", group: "leadership-team", terms: []domain.TermRole{domain.TermMember, domain.TermAppointments}},
	{name: "Dana Whitfield", group: "leadership-team", terms: []domain.TermRole{domain.TermChair}},
	{name: "Vera Lindholm", group: "leadership-team", terms: []domain.TermRole{domain.TermViceChair}},
	{name: "Hollis Grant", group: "human-resources-development", terms: []domain.TermRole{domain.TermChair}},
	{name: "Mira Solberg", group: "member-experience", terms: []domain.TermRole{domain.TermChair}},
	{name: "Noor Haddad", group: "consortium-management", terms: []domain.TermRole{domain.TermChair}},
	{name: "Eli Marsh", grants: []domain.Role{domain.ForumMember}},
	{name: "Fern Abbott", grants: []domain.Role{domain.ForumMember, domain.ForumChair}},
	{name: "Fay Nguyen", grants: []domain.Role{domain.Staff}},
	{name: "Gus Petrakis", grants: []domain.Role{domain.Finance}},
	{name: "Kim Adeyemi", grants: []domain.Role{domain.Admin}},
	{name: "Otto Lang"}, // somebody without any right
}

// New fills an empty store. The clock stands at noon in Chicago on September 18, 2026.
//
// People, each with an address first.last@example.org and terms of the year:
// Ben Castellano (co-chair) and Ana Reyes (member) of new-leaders-and-managers;
// Dana Whitfield (chair), Vera Lindholm (vice chair) and Chidi Okonkwo (member,
// manages appointments) of leadership-team; Hollis Grant, Mira Solberg and Noor
// Haddad, chairs of human-resources-development, member-experience and
// consortium-management; Eli Marsh and Fern Abbott (chair) of the forum
// committee; Fay Nguyen, staff; Gus Petrakis, finance; Kim Adeyemi,
// administrator; Otto Lang, nobody.
func New(t testing.TB, s *store.Store) *Fixture {
	t.Helper()
	f := &Fixture{t: t, people: map[string]domain.Person{}}
	f.Base = workflows.Base{Store: s, Now: func() time.Time { return *f.now.Load() }, NewID: f.newID}
	f.At("2026-09-18T12:00:00-05:00")
	if _, err := (workflows.Sections{Base: f.Base}).Default(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := store.Write(t.Context(), s, func(tx *store.Tx) (struct{}, error) { return struct{}{}, f.fill(tx) })
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *Fixture) newID() string {
	return fmt.Sprintf("00000000-0000-7000-8000-%012x", f.ids.Add(1))
}

func (f *Fixture) fill(tx *store.Tx) error {
	sections, err := tx.Sections()
	if err != nil {
		return err
	}
	f.Section = sections[0]
	for _, p := range everybody {
		if err := f.add(tx, p); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return nil
}

func (f *Fixture) add(tx *store.Tx, p person) error {
	who := domain.Person{ID: f.NewID(), Version: 1, Name: p.name, Email: Email(p.name), Institution: "Example Public Library"}
	f.people[p.name] = who
	if err := tx.AddPerson(who); err != nil {
		return err
	}
	for _, r := range p.grants {
		if err := tx.Grant(who.ID, r); err != nil {
			return err
		}
	}
	if p.group == "" {
		return nil
	}
	g, err := tx.Group(p.group)
	if err != nil {
		return err
	}
	for _, role := range p.terms {
		if err := tx.AddTerm(domain.Term{ID: f.NewID(), Version: 1, GroupID: g.ID, PersonID: who.ID, Role: role, StartsOn: Starts, EndsOn: Ends}); err != nil {
			return err
		}
	}
	return nil
}

// Join adds somebody to the fixture: with roles in a group, which may be empty,
// and roles outside the rosters.
func (f *Fixture) Join(name, group string, terms []domain.TermRole, grants ...domain.Role) {
	f.t.Helper()
	_, err := store.Write(f.t.Context(), f.Store, func(tx *store.Tx) (struct{}, error) {
		return struct{}{}, f.add(tx, person{name: name, group: group, terms: terms, grants: grants})
	})
	if err != nil {
		f.t.Fatal(err)
	}
}

// Email is the address of a person of the fixture.
func Email(name string) string {
	var local []rune
	for _, r := range domain.FoldEmail(name) {
		if r == ' ' {
			r = '.'
		}
		local = append(local, r)
	}
	return string(local) + "@example.org"
}

// At sets the clock: 2026-09-18T12:00:00-05:00.
func (f *Fixture) At(rfc3339 string) {
	f.t.Helper()
	at, err := time.Parse(time.RFC3339, rfc3339)
	if err != nil {
		f.t.Fatal(err)
	}
	at = at.UTC()
	f.now.Store(&at)
}

// Today is the clock's day in the section's zone.
func (f *Fixture) Today() domain.Date { return domain.DateOf(f.Now(), domain.Zone(f.Section.Zone)) }

// Person is somebody of the fixture by name.
func (f *Fixture) Person(name string) domain.Person {
	f.t.Helper()
	p, ok := f.people[name]
	if !ok {
		f.t.Fatalf("nobody is called %s", name)
	}
	return p
}

// Actor is the person with the roles and terms that the store has for them now,
// on the clock's day.
func (f *Fixture) Actor(name string) domain.Actor {
	f.t.Helper()
	p := f.Person(name)
	return Read(f, func(tx *store.Tx) (domain.Actor, error) { return tx.ActorOf(p.ID, f.Today()) })
}

// Group finds a group by slug.
func (f *Fixture) Group(slug string) domain.Group {
	f.t.Helper()
	return Read(f, func(tx *store.Tx) (domain.Group, error) { return tx.Group(slug) })
}

// Call finds a call by slug.
func (f *Fixture) Call(slug string) domain.Call {
	f.t.Helper()
	return Read(f, func(tx *store.Tx) (domain.Call, error) { return tx.Call(slug) })
}

// Read runs queries and fails the test when they fail.
func Read[T any](f *Fixture, work func(*store.Tx) (T, error)) T {
	f.t.Helper()
	out, err := store.Read(f.t.Context(), f.Store, work)
	if err != nil {
		f.t.Fatal(err)
	}
	return out
}
