package domain

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func codesOf(why []Reason) []string {
	var codes []string
	for _, r := range why {
		codes = append(codes, r.Code)
	}
	return codes
}

func termOf(id, person string, role TermRole, starts, ends Date) Term {
	return Term{ID: id, GroupID: "g", PersonID: person, Role: role, StartsOn: starts, EndsOn: ends}
}

func TestTermCheck(t *testing.T) {
	t.Parallel()
	committee := Group{ID: "g", Name: "Member Experience", Kind: Committee}
	team := Group{ID: "g", Name: "Leadership Team", Kind: Leadership}
	interest := Group{ID: "g", Name: "Library Consulting", Kind: InterestGroup}
	year := func(id, person string, role TermRole) Term {
		return termOf(id, person, role, "2026-07-01", "2027-06-30")
	}
	members := []Term{year("1", "ana", TermMember), year("2", "ben", TermMember), year("3", "cal", TermMember)}
	co := append(slices.Clone(members), year("4", "ana", TermCoChair), year("5", "ben", TermCoChair))
	for _, c := range []struct {
		name  string
		group Group
		terms []Term
		term  Term
		want  []string
	}{
		{"one year", committee, nil, year("", "ana", TermMember), nil},
		{"two years", committee, nil, termOf("", "ana", TermMember, "2026-07-01", "2028-06-30"), nil},
		{"from mid-year", committee, nil, termOf("", "ana", TermMember, "2026-11-05", "2027-06-30"), nil},
		{"three years", committee, nil, termOf("", "ana", TermMember, "2026-07-01", "2029-06-30"), []string{"term_too_long"}},
		{"three years from June 30", committee, nil, termOf("", "ana", TermMember, "2026-06-30", "2028-06-30"), []string{"term_too_long"}},
		{"until June 29", committee, nil, termOf("", "ana", TermMember, "2026-07-01", "2027-06-29"), []string{"not_june_30"}},
		{"backwards", committee, nil, termOf("", "ana", TermMember, "2026-07-01", "2026-06-30"), []string{"ends_before_start"}},
		{"no days", committee, nil, termOf("", "ana", TermMember, "", "2027-02-30"), []string{"not_a_date", "not_a_date"}},
		{"no such role", committee, nil, year("", "ana", TermViceChair), []string{"not_an_option"}},
		{"vice chair of the team", team, nil, year("", "ana", TermViceChair), nil},
		{"ended group", Group{Kind: Committee, Status: GroupInactive}, nil, year("", "ana", TermMember), []string{"group_ended"}},
		{"the same role twice", committee, members, termOf("", "ana", TermMember, "2027-06-30", "2028-06-30"), []string{"term_overlaps"}},
		{"the same role, the year after", committee, members, termOf("", "ana", TermMember, "2027-07-01", "2028-06-30"), nil},
		{"second co-chair", committee, co[:4], year("", "ben", TermCoChair), nil},
		{"third co-chair", committee, co, year("", "cal", TermCoChair), []string{"three_co_chairs"}},
		{"chair beside a co-chair", committee, co[:4], year("", "cal", TermChair), []string{"has_co_chairs"}},
		{"co-chair beside a chair", committee, append(members, year("6", "cal", TermChair)), year("", "ana", TermCoChair), []string{"has_a_chair"}},
		{
			"beside one co-chair in the second year, but no member then", committee, append(co, termOf("7", "ana", TermCoChair, "2027-07-01", "2028-06-30")),
			termOf("", "cal", TermCoChair, "2027-07-01", "2028-06-30"),
			[]string{"not_a_member"},
		},
		{"co-chair who is no member", committee, members, year("", "dee", TermCoChair), []string{"not_a_member"}},
		{"all reasons at once", committee, co, year("", "dee", TermCoChair), []string{"three_co_chairs", "not_a_member"}},
		{"two co-chairs lead the team", team, []Term{year("4", "ana", TermCoChair)}, year("", "ben", TermCoChair), nil},
		{"a third leads an interest group", interest, co, year("", "cal", TermCoChair), nil},
	} {
		if diff := cmp.Diff(c.want, codesOf(c.term.Check(TermFacts{Group: c.group, Settings: DefaultSettings(), Terms: c.terms}))); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestTermCheckEnd(t *testing.T) {
	t.Parallel()
	g := Group{Kind: Committee}
	member := termOf("1", "ana", TermMember, "2026-07-01", "2027-06-30")
	co := termOf("2", "ana", TermCoChair, "2026-07-01", "2027-06-30")
	for _, c := range []struct {
		name string
		all  []Term
		on   Date
		want []string
	}{
		{"the first day", nil, "2026-07-01", nil},
		{"before it starts", nil, "2026-06-30", []string{"ends_before_start"}},
		{"later", nil, "2027-07-01", []string{"not_shorter"}},
		{"no day", nil, "soon", []string{"not_a_date"}},
		{"while co-chair", []Term{member, co}, "2026-12-31", []string{"still_co_chair"}},
	} {
		if diff := cmp.Diff(c.want, codesOf(member.CheckEnd(c.on, g, c.all))); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestTermWarnings(t *testing.T) {
	t.Parallel()
	f := TermFacts{Group: Group{Kind: Committee}, Settings: DefaultSettings(), Terms: []Term{
		termOf("1", "ana", TermCoChair, "2024-07-01", "2025-06-30"), termOf("2", "ana", TermChair, "2025-10-01", "2026-06-30"),
		termOf("3", "ben", TermChair, "2024-07-01", "2025-06-30"),
	}}
	codes := func(all []Warning) (codes []string) {
		for _, w := range all {
			codes = append(codes, w.Code)
			if Rules[w.Rule] == "" {
				t.Errorf("%s: no sentence for %s", w.Code, w.Rule)
			}
		}
		return codes
	}
	if got := codes(termOf("", "ana", TermCoChair, "2026-07-01", "2027-06-30").Warnings(f)); !slices.Equal(got, []string{"third_year"}) {
		t.Errorf("third year running: %v", got)
	}
	if got := codes(termOf("", "ben", TermChair, "2026-07-01", "2028-06-30").Warnings(f)); got != nil {
		t.Errorf("two years after a year without: %v", got)
	}
	for i := range 12 {
		f.Terms = append(f.Terms, termOf("m", string(rune('A'+i)), TermMember, "2026-07-01", "2027-06-30"))
	}
	if got := codes(termOf("", "zoe", TermMember, "2026-07-01", "2027-06-30").Warnings(f)); !slices.Equal(got, []string{"many_members"}) {
		t.Errorf("thirteenth member: %v", got)
	}
	if got := codes(RosterWarnings(f, "2026-09-01")); !slices.Equal(got, []string{"no_chair"}) {
		t.Errorf("twelve members without a chair: %v", got)
	}
	f.Group.Kind, f.Terms = InterestGroup, nil
	if got := codes(RosterWarnings(f, "2026-09-01")); !slices.Equal(got, []string{"no_chair"}) {
		t.Errorf("interest group without a chair: %v", got)
	}
}

func TestMayAppointTo(t *testing.T) {
	t.Parallel()
	seat := func(role TermRole) Actor {
		return Actor{Today: "2026-09-01", Terms: []ActorTerm{{Term: Term{GroupID: "l", Role: role, StartsOn: "2026-07-01", EndsOn: "2027-06-30"}, GroupKind: Leadership, SectionID: "s"}}}
	}
	team, committee, elsewhere := Group{Kind: Leadership, SectionID: "s"}, Group{Kind: Committee, SectionID: "s"}, Group{Kind: Committee, SectionID: "z"}
	for _, c := range []struct {
		name string
		who  Actor
		want [3]bool
	}{
		{"admin", Actor{Roles: []Role{Admin}}, [3]bool{true, true, true}},
		{"chair", seat(TermChair), [3]bool{true, true, false}},
		{"appointments manager", seat(TermAppointments), [3]bool{false, true, false}},
		{"vice chair", seat(TermViceChair), [3]bool{}},
		{"member of the team", seat(TermMember), [3]bool{}},
		{"staff", Actor{Roles: []Role{Staff}}, [3]bool{}},
	} {
		if got := [3]bool{c.who.MayAppointTo(team), c.who.MayAppointTo(committee), c.who.MayAppointTo(elsewhere)}; got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
