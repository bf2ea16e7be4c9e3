package domain

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// shortTerm is a term of one person: "ana member 2026-07-01 2027-06-30".
func shortTerm(s string) Term {
	f := strings.Fields(s)
	return Term{ID: s, Version: 1, PersonID: f[0], Role: TermRole(f[1]), StartsOn: Date(f[2]), EndsOn: Date(f[3])}
}

func TestPassOn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		terms, there []string
		ended, given []string
	}{
		{"a member goes on", []string{"ana member 2026-07-01 2027-06-30"}, nil, []string{"ana member 2026-07-01 2026-10-05"}, []string{"ana member 2026-10-05 2027-06-30"}},
		{
			"a co-chair goes on as a member, once",
			[]string{"ben member 2026-07-01 2027-06-30", "ben co_chair 2026-07-01 2028-06-30"},
			nil,
			[]string{"ben member 2026-07-01 2026-10-05", "ben co_chair 2026-07-01 2026-10-05"},
			[]string{"ben member 2026-10-05 2027-06-30", "ben member 2027-07-01 2028-06-30"},
		},
		{"who is there already gets nothing", []string{"ana member 2026-07-01 2027-06-30"}, []string{"ana member 2025-07-01 2027-06-30"}, []string{"ana member 2026-07-01 2026-10-05"}, nil},
		{"who is there for less gets the rest", []string{"ana member 2026-07-01 2028-06-30"}, []string{"ana member 2025-07-01 2027-06-30"}, []string{"ana member 2026-07-01 2026-10-05"}, []string{"ana member 2027-07-01 2028-06-30"}},
		{"a chair there is no member there", []string{"ana member 2026-07-01 2027-06-30"}, []string{"ana chair 2026-07-01 2027-06-30"}, []string{"ana member 2026-07-01 2026-10-05"}, []string{"ana member 2026-10-05 2027-06-30"}},
		{"what is over is over", []string{"ana member 2025-07-01 2026-06-30"}, nil, nil, nil},
		{"what has not begun begins there", []string{"ana chair 2027-07-01 2028-06-30"}, nil, nil, []string{"ana member 2027-07-01 2028-06-30"}},
		{"the last day is the day", []string{"ana member 2025-07-01 2026-10-05"}, nil, nil, []string{"ana member 2026-10-05 2026-10-05"}},
	} {
		ended, given := PassOn(shortTerms(c.terms), shortTerms(c.there), "2026-10-05")
		if diff := cmp.Diff([][]string{c.ended, c.given}, [][]string{termWords(ended), termWords(given)}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func shortTerms(all []string) []Term {
	var terms []Term
	for _, s := range all {
		terms = append(terms, shortTerm(s))
	}
	return terms
}

func termWords(all []Term) []string {
	var words []string
	for _, t := range all {
		words = append(words, fmt.Sprintf("%s %s %s %s", t.PersonID, t.Role, t.StartsOn, t.EndsOn))
	}
	return words
}

// Whoever was in the group on a day after the merger is a member of the
// successor on it, and has never two terms as one at once.
func TestPassOn_keepsEverybody(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		day := rapid.Custom(func(r *rapid.T) Date { return Date("2026-07-01").AddDays(rapid.IntRange(-40, 40).Draw(r, "day")) })
		some := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) Term {
			a, b := day.Draw(r, "a"), day.Draw(r, "b")
			return Term{PersonID: rapid.SampledFrom([]string{"ana", "ben"}).Draw(r, "who"), Role: rapid.SampledFrom([]TermRole{TermMember, TermCoChair}).Draw(r, "role"), StartsOn: min(a, b), EndsOn: max(a, b)}
		}), 0, 4)
		terms, on := some.Draw(r, "terms"), day.Draw(r, "on")
		var there []Term
		if rapid.Bool().Draw(r, "somebody is there") {
			there = []Term{{PersonID: "ana", Role: TermMember, StartsOn: "2026-06-20", EndsOn: "2026-07-05"}}
		}
		_, given := PassOn(terms, there, on)
		for i := range 90 {
			d := Date("2026-05-20").AddDays(i)
			for _, who := range []string{"ana", "ben"} {
				was, is := held(terms, who, d, ""), held(append(given, there...), who, d, TermMember)
				if d >= on && was > 0 && is == 0 {
					r.Fatalf("%s is lost on %s: of %v, given %v", who, d, terms, given)
				}
				if is > 1 {
					r.Fatalf("%s is a member twice on %s: %v", who, d, given)
				}
			}
		}
	})
}

// held counts a person's terms on a day, in the role or, when it is empty, in any.
func held(all []Term, who string, d Date, role TermRole) int {
	n := 0
	for _, t := range all {
		if t.PersonID == who && t.On(d) && (role == "" || t.Role == role) {
			n++
		}
	}
	return n
}

// What somebody handled in a group that ended is theirs to read in its successor.
func TestFormerGroups_ofTheSuccessor(t *testing.T) {
	t.Parallel()
	was := ActorTerm{Term: Term{GroupID: "old", Role: TermMember, StartsOn: "2024-07-01", EndsOn: "2025-06-30"}, Successor: "new"}
	a := Actor{ID: "ana", Today: "2026-09-18", Terms: []ActorTerm{was}}
	if !a.FormerMemberOf("new") || !a.FormerMemberOf("old") || a.MemberOf("new") {
		t.Errorf("former groups are %v, want the old one and its successor", a.FormerGroups())
	}
	a.Today = "2025-01-01"
	if a.FormerMemberOf("new") {
		t.Error("a term that runs makes nobody a former member")
	}
}
