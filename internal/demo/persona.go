package demo

import (
	"slices"
	"time"

	"lectern/domain"
)

// Persona is somebody a visitor can be.
type Persona struct {
	Key      string // stable: member, co_chair, reviewer, …
	Name     string
	Email    string
	Role     string // in words: Co-chair
	PersonID string // the same after every reset
}

// roleWords are the personas in the order in which they are offered.
var roleWords = [][2]string{
	{"member", "Member"},
	{"co_chair", "Co-chair"},
	{"reviewer", "Reviewer"},
	{"leadership_chair", "Leadership chair"},
	{"vice_chair", "Vice chair"},
	{"forum_committee", "Core Forum Committee"},
	{"staff", "Core staff"},
	{"finance", "Finance"},
	{"admin", "Administrator"},
	{"buyer", "Buyer"},
}

// person is one line of people.yaml.
type person struct {
	Name    string
	At      string // institution
	Mail    string // "no": without an address
	Persona string
	Grants  []domain.Role
	Terms   [][]string // group, role, and the first and last day unless they are the year's
}

// arrival is when the section is set up: the day before the program year.
var arrival = time.Date(2026, time.June, 30, 17, 0, 0, 0, time.UTC)

func personID(name string) string { return idOf(arrival, "person "+name, 0) }

func (p person) email() string {
	if p.Mail == "no" {
		return ""
	}
	return address(p.Name)
}

func personasOf(people []person) []Persona {
	var all []Persona
	for _, r := range roleWords {
		i := slices.IndexFunc(people, func(p person) bool { return p.Persona == r[0] })
		if i < 0 {
			continue
		}
		p := people[i]
		all = append(all, Persona{Key: r[0], Name: p.Name, Email: p.email(), Role: r[1], PersonID: personID(p.Name)})
	}
	return all
}
