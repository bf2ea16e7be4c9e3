package domain

import (
	"fmt"
	"slices"
)

// MayAppointTo tells whether the actor writes terms in the group: who appoints in
// the section (R24); for the Leadership Team its chair or an administrator only (C9).
func (a Actor) MayAppointTo(g Group) bool {
	if g.Kind == Leadership {
		return a.Has(Admin) || a.LeadershipChair(g.SectionID)
	}
	return a.MayAppoint(g.SectionID)
}

// TermEnd is the last day of a term of one or two years that starts on the day: a
// June 30, also for an appointment in mid-year (R54).
func TermEnd(starts Date, years int) Date {
	y := YearOf(starts)
	for range years - 1 {
		y = y.Next()
	}
	return y.Ends()
}

// TermFacts are what a new term is checked against.
type TermFacts struct {
	Group    Group
	Settings Settings
	Terms    []Term // all terms of the group, past and present, of everybody
}

// Check gives every reason why the term cannot be given; nil when it can. Wrong
// days are Invalid, the handbook's rules about chairs are Conflict.
func (t Term) Check(f TermFacts) []Reason {
	if why := t.checkDays(); len(why) > 0 {
		return append(why, t.checkRole(f.Group)...)
	}
	return slices.Concat(t.checkRole(f.Group), t.checkTwice(f.Terms), t.checkChairs(f), t.checkMembership(f))
}

func (t Term) checkDays() []Reason {
	var why []Reason
	if !t.StartsOn.Valid() {
		why = append(why, Wrong("/starts_on", "not_a_date", "Give the first day of the term, such as 2026-07-01."))
	}
	if !t.EndsOn.Valid() {
		why = append(why, Wrong("/ends_on", "not_a_date", "Give the last day of the term, a June 30."))
	}
	if len(why) > 0 {
		return why
	}
	wrong := func(code, detail string, args ...any) {
		why = append(why, Reason{Kind: Invalid, Code: code, Pointer: "/ends_on", Rule: "R54", Detail: fmt.Sprintf(detail, args...)})
	}
	switch {
	case t.EndsOn < t.StartsOn:
		wrong("ends_before_start", "The term ends before it starts.")
	case t.EndsOn != YearOf(t.EndsOn).Ends():
		wrong("not_june_30", "Terms end on a June 30.")
	case t.EndsOn > TermEnd(t.StartsOn, 2):
		wrong("term_too_long", "A term is for one or two years: until %s at the latest.", TermEnd(t.StartsOn, 2).Words())
	}
	return why
}

func (t Term) checkRole(g Group) []Reason {
	roles := []TermRole{TermMember, TermChair, TermCoChair}
	if g.Kind == Leadership {
		roles = append(roles, TermViceChair, TermAppointments)
	}
	var why []Reason
	if !slices.Contains(roles, t.Role) {
		why = append(why, Wrong("/role", "not_an_option", "%s has no such role.", g.Name))
	}
	if !g.Active() {
		why = append(why, Because("", "group_ended", "%s has ended. Give the term in another group.", g.Name))
	}
	return why
}

// overlaps tells whether two terms share a day.
func (t Term) overlaps(o Term) bool { return t.StartsOn <= o.EndsOn && o.StartsOn <= t.EndsOn }

func (t Term) checkTwice(all []Term) []Reason {
	for _, o := range all {
		if o.ID != t.ID && o.PersonID == t.PersonID && o.Role == t.Role && t.overlaps(o) {
			return []Reason{Because("R54", "term_overlaps", "This person has this role already, from %s until %s.", o.StartsOn.Words(), o.EndsOn.Words())}
		}
	}
	return nil
}

// checkChairs holds a group to one chair or two co-chairs on every day (R22).
// Interest groups may have more who lead (R32).
func (t Term) checkChairs(f TermFacts) []Reason {
	if !t.Chairs() || f.Group.Kind == InterestGroup {
		return nil
	}
	leading := slices.DeleteFunc(slices.Clone(f.Terms), func(o Term) bool { return o.ID == t.ID || !o.Chairs() || !t.overlaps(o) })
	days := []Date{t.StartsOn}
	for _, o := range leading {
		days = append(days, max(o.StartsOn, t.StartsOn))
	}
	slices.Sort(days)
	for _, d := range days {
		if why := t.checkChairsOn(d, leading); len(why) > 0 {
			return why
		}
	}
	return nil
}

func (t Term) checkChairsOn(d Date, leading []Term) []Reason {
	chairs, coChairs := 0, 0
	for _, o := range leading {
		switch {
		case !o.On(d):
		case o.Role == TermChair:
			chairs++
		default:
			coChairs++
		}
	}
	switch {
	case chairs > 0:
		return []Reason{Because("R22", "has_a_chair", "On %s the group has a chair. A group has one chair or two co-chairs.", d)}
	case coChairs > 0 && t.Role == TermChair:
		return []Reason{Because("R22", "has_co_chairs", "On %s the group has %s. A group has one chair or two co-chairs.", d, Plural(coChairs, "co-chair"))}
	case coChairs > 1:
		return []Reason{Because("R22", "three_co_chairs", "On %s the group has two co-chairs. There is no place for a third.", d)}
	}
	return nil
}

// NeedsMembership tells whether the person has to be a member of the group too: as
// a committee's co-chair (R23).
func (t Term) NeedsMembership(g Group) bool { return t.Role == TermCoChair && g.Kind == Committee }

// checkMembership asks that who needs to be a member is one when the term starts (R23).
func (t Term) checkMembership(f TermFacts) []Reason {
	if !t.NeedsMembership(f.Group) {
		return nil
	}
	member := func(o Term) bool { return o.PersonID == t.PersonID && o.Role == TermMember && o.On(t.StartsOn) }
	if slices.ContainsFunc(f.Terms, member) {
		return nil
	}
	return []Reason{Because("R23", "not_a_member", "Co-chairs come from the committee’s members, and this person is none on %s. Give a term as a member first.", t.StartsOn.Words())}
}

// CheckEnd gives every reason why the term cannot end on the day; all are the
// terms of the group. A term can be shortened, not lengthened: for that a new one is given.
func (t Term) CheckEnd(on Date, g Group, all []Term) []Reason {
	switch {
	case !on.Valid():
		return []Reason{Wrong("/ends_on", "not_a_date", "Give the last day of the term.")}
	case on < t.StartsOn:
		return []Reason{Wrong("/ends_on", "ends_before_start", "The term starts on %s. It cannot end before.", t.StartsOn.Words())}
	case on > t.EndsOn:
		return []Reason{Wrong("/ends_on", "not_shorter", "The term ends on %s. Give a new term for the time after.", t.EndsOn.Words())}
	}
	leads := func(o Term) bool {
		return o.PersonID == t.PersonID && o.Role == TermCoChair && t.overlaps(o) && o.EndsOn > on
	}
	if g.Kind == Committee && t.Role == TermMember && slices.ContainsFunc(all, leads) {
		return []Reason{Because("R23", "still_co_chair", "This person co-chairs the committee after %s. End that term first.", on)}
	}
	return nil
}

// Warnings are the hints that go with giving the term: a third year as chair
// running (R25), and a committee that grows beyond its size (R21). They keep nobody from it.
func (t Term) Warnings(f TermFacts) []Warning {
	var all []Warning
	if n := t.yearsRunning(f.Terms); t.Chairs() && n >= 3 {
		all = append(all, Warning{Code: "third_year", Rule: "R25", Detail: fmt.Sprintf("With this term the person leads the group for %d years running. It is good practice to rotate.", n)})
	}
	return append(all, sizeWarnings(f, append(slices.Clone(f.Terms), t), t.StartsOn, true)...)
}

// yearsRunning is how many program years in a row, up to the end of this term,
// the person leads the group in.
func (t Term) yearsRunning(all []Term) int {
	n := 0
	for y := YearOf(t.StartsOn); y.Ends() <= t.EndsOn; y = y.Next() {
		n++
	}
	led := func(y Year) bool {
		return slices.ContainsFunc(all, func(o Term) bool {
			return o.ID != t.ID && o.PersonID == t.PersonID && o.Chairs() && o.StartsOn <= y.Ends() && o.EndsOn >= y.Starts()
		})
	}
	for y := YearOf(YearOf(t.StartsOn).Starts().AddDays(-1)); led(y); y = YearOf(y.Starts().AddDays(-1)) {
		n++
	}
	return n
}

// RosterWarnings are the hints about a group as it is on the day: its size (R21),
// and who leads it (R22, R32).
func RosterWarnings(f TermFacts, on Date) []Warning {
	leads := 0
	for _, t := range f.Terms {
		if t.On(on) && t.Chairs() {
			leads++
		}
	}
	all := sizeWarnings(f, f.Terms, on, false)
	switch {
	case leads == 0 && f.Group.Kind == InterestGroup:
		all = append(all, Warning{Code: "no_chair", Rule: "R32", Detail: "The group has no chair. It needs at least one."})
	case leads == 0 && f.Group.Kind == Committee:
		all = append(all, Warning{Code: "no_chair", Rule: "R22", Detail: "The committee has no chair. It needs one chair or two co-chairs."})
	case leads == 1 && f.Group.Kind == Committee && coChaired(f.Terms, on):
		all = append(all, Warning{Code: "one_co_chair", Rule: "R22", Detail: "The committee has one co-chair. Two share the work."})
	}
	return all
}

func coChaired(terms []Term, on Date) bool {
	return slices.ContainsFunc(terms, func(t Term) bool { return t.On(on) && t.Role == TermCoChair })
}

// sizeWarnings compare a committee's size on the day with the section's numbers.
func sizeWarnings(f TermFacts, terms []Term, on Date, onlyOver bool) []Warning {
	if f.Group.Kind != Committee {
		return nil
	}
	var people []string
	for _, t := range terms {
		if t.On(on) && !slices.Contains(people, t.PersonID) {
			people = append(people, t.PersonID)
		}
	}
	n, least, most := len(people), f.Settings.CommitteeMin, f.Settings.CommitteeMax
	ideal := fmt.Sprintf("Committees have %d to %d.", least, most)
	switch {
	case n > most:
		return []Warning{{Code: "many_members", Rule: "R21", Detail: fmt.Sprintf("The committee has %s. %s", Plural(n, "member"), ideal)}}
	case n < least && !onlyOver:
		return []Warning{{Code: "few_members", Rule: "R21", Detail: fmt.Sprintf("The committee has %s. %s", Plural(n, "member"), ideal)}}
	}
	return nil
}
