package domain

import (
	"slices"
	"strconv"
	"time"
)

// PhaseKind names a part of a call's time after its window.
type PhaseKind string

// The phases, in their order.
const (
	PhaseReview     PhaseKind = "review"
	PhaseDiscussion PhaseKind = "discussion"
	PhaseRecommend  PhaseKind = "recommend"
	PhaseDecide     PhaseKind = "decide"
	PhasePublish    PhaseKind = "publish"
	PhaseConfirm    PhaseKind = "confirm"
)

// Phase is when a phase of a call is: from one instant until, not including, another.
type Phase struct {
	CallID   string
	Kind     PhaseKind
	StartsAt time.Time
	EndsAt   time.Time
}

// On tells whether the phase holds at the instant.
func (p Phase) On(now time.Time) bool { return !now.Before(p.StartsAt) && now.Before(p.EndsAt) }

// Right is one thing that a phase lets people do.
type Right string

// The rights.
const (
	MayScore     Right = "score"      // write a review, or change one
	SeeOthers    Right = "see_others" // read the reviews of others, after one's own
	SeeAll       Right = "see_all"    // read all reviews, whether or not one wrote one
	MayRecommend Right = "recommend"  // verdict, rank, votes, notes, packet
	MayStage     Right = "stage"      // write decisions that nobody else sees yet
	MayPublish   Right = "publish"
	MayConfirm   Right = "confirm" // speakers answer, declined ones are carried forward
)

// PhaseRights is one row of the table of phases.
type PhaseRights struct {
	Kind   PhaseKind
	Label  string
	Rights []Right
	What   string // for people
}

// Phases is the table of phases: what each lets people do.
var Phases = []PhaseRights{
	{PhaseReview, "Review", []Right{MayScore}, "Reviewers score by themselves. Names stay hidden where the venue says so."},
	{PhaseDiscussion, "Discussion", []Right{MayScore, SeeOthers}, "Who has scored sees what others said, and may change the score; what it was is kept."},
	{PhaseRecommend, "Recommendation", []Right{SeeAll, MayRecommend}, "Names show. The Leadership chair gives verdicts and ranks, and releases the packet."},
	{PhaseDecide, "Decision", []Right{SeeAll, MayStage}, "Those who decide stage their decisions."},
	{PhasePublish, "Publication", []Right{SeeAll, MayStage, MayPublish}, "Decisions are published; the groups are told."},
	{PhaseConfirm, "Confirmation", []Right{SeeAll, MayConfirm}, "Speakers confirm; what was declined may be carried forward."},
}

// RightsOf is the row of a phase.
func RightsOf(k PhaseKind) PhaseRights {
	if i := slices.IndexFunc(Phases, func(r PhaseRights) bool { return r.Kind == k }); i >= 0 {
		return Phases[i]
	}
	return PhaseRights{Kind: k, Label: string(k)}
}

// Gives tells whether the phase gives the right.
func (r PhaseRights) Gives(right Right) bool { return slices.Contains(r.Rights, right) }

// Phase finds a phase of the call.
func (f Facts) Phase(k PhaseKind) (Phase, bool) {
	for _, p := range f.Phases {
		if p.Kind == k {
			return p, true
		}
	}
	return Phase{}, false
}

// InPhase tells whether the call is in the phase now.
func (f Facts) InPhase(k PhaseKind) bool {
	p, has := f.Phase(k)
	return has && p.On(f.Now)
}

// Begun tells whether the phase has begun, over or not.
func (f Facts) Begun(k PhaseKind) bool {
	p, has := f.Phase(k)
	return has && !f.Now.Before(p.StartsAt)
}

// Lets tells whether a phase that holds now gives the right.
func (f Facts) Lets(right Right) bool {
	return slices.ContainsFunc(f.Phases, func(p Phase) bool { return p.On(f.Now) && RightsOf(p.Kind).Gives(right) })
}

// Awaits tells whether a phase gives the right now or later. Dates that are not set
// are still to come.
func (f Facts) Awaits(right Right) bool {
	given := false
	for _, p := range f.Phases {
		if !RightsOf(p.Kind).Gives(right) {
			continue
		}
		if f.Now.Before(p.EndsAt) {
			return true
		}
		given = true
	}
	return !given
}

// NotInPhase says, for a right that no phase gives now, when one does.
func (f Facts) NotInPhase(right Right, code string) []Reason {
	if f.Lets(right) {
		return nil
	}
	var last *Phase
	for _, p := range f.Phases {
		if !RightsOf(p.Kind).Gives(right) {
			continue
		}
		if f.Now.Before(p.StartsAt) {
			return []Reason{Because("R12", code, "%s of %s begins on %s.", RightsOf(p.Kind).Label, f.Call.Name, LongDay(p.StartsAt, f.Call.Zone))}
		}
		last = &p
	}
	if last == nil {
		return []Reason{Because("R12", code, "The dates of this phase of %s are not set.", f.Call.Name)}
	}
	return []Reason{Because("R12", code, "%s of %s ended on %s.", RightsOf(last.Kind).Label, f.Call.Name, Deadline(last.EndsAt, f.Call.Zone))}
}

// PhaseSpec is a phase as days in the call's zone, both included.
type PhaseSpec struct {
	Kind  PhaseKind `json:"kind" yaml:"kind"`
	First Date      `json:"first" yaml:"first"`
	Last  Date      `json:"last" yaml:"last"`
}

// PhasesOf are the phases on their days in the call's zone.
func PhasesOf(c Call, specs []PhaseSpec) []Phase {
	all := make([]Phase, len(specs))
	for i, s := range specs {
		from, to := WindowOf(s.First, s.Last, c.Zone)
		all[i] = Phase{CallID: c.ID, Kind: s.Kind, StartsAt: from, EndsAt: to}
	}
	return all
}

// Days are the phase as days in the zone, both included.
func (p Phase) Days(zone string) PhaseSpec {
	loc := Zone(zone)
	return PhaseSpec{Kind: p.Kind, First: DateOf(p.StartsAt, loc), Last: DateOf(p.EndsAt.Add(-time.Second), loc)}
}

// CheckPhases names every mistake in a call's phases: unknown or repeated ones,
// days that are none, ends before beginnings, and an order that is not the
// table's. The pointers are /phases/0/last and so on.
func CheckPhases(specs []PhaseSpec) []Reason {
	var f findings
	f.at = "/phases"
	f.phases(specs)
	return f.reasons
}

func (f *findings) phases(specs []PhaseSpec) {
	seen := map[string]bool{}
	var before PhaseSpec
	for i, s := range specs {
		key := func(name string) string { return strconv.Itoa(i) + "/" + name }
		known := slices.ContainsFunc(Phases, func(r PhaseRights) bool { return r.Kind == s.Kind })
		f.need(known, key("kind"), "not_an_option", "“%s” is not a phase.", shorten(string(s.Kind)))
		f.once(seen, key("kind"), string(s.Kind))
		f.need(s.First.Valid(), key("first"), "not_a_date", "Give the first day of %s.", lowerFirst(RightsOf(s.Kind).Label))
		f.need(s.Last.Valid(), key("last"), "not_a_date", "Give the last day of %s.", lowerFirst(RightsOf(s.Kind).Label))
		f.need(!s.First.Valid() || !s.Last.Valid() || s.First <= s.Last, key("last"), "window_reversed", "%s ends on %s, before it begins on %s.", RightsOf(s.Kind).Label, s.Last, s.First)
		inOrder := i == 0 || phaseOrder(before.Kind) < phaseOrder(s.Kind) && before.First <= s.First
		f.need(inOrder, key("first"), "out_of_order", "%s begins before %s.", RightsOf(s.Kind).Label, lowerFirst(RightsOf(before.Kind).Label))
		before = s
	}
}

func phaseOrder(k PhaseKind) int {
	return slices.IndexFunc(Phases, func(r PhaseRights) bool { return r.Kind == k })
}

// MayPhase says why the call cannot have these phases.
func (c Call) MayPhase(specs []PhaseSpec) []Reason {
	if !c.Announced() {
		return c.NotOpen(time.Time{})
	}
	why := CheckPhases(specs)
	for i, s := range specs {
		if s.First.Valid() && s.First <= c.LastDay() {
			why = append(why, Wrong("/phases/"+strconv.Itoa(i)+"/first", "before_window_ends", "%s begins while %s is still open, until %s.", RightsOf(s.Kind).Label, c.Name, c.LastDay().Words()))
		}
	}
	return why
}
