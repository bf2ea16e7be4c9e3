package domain

import (
	"slices"
)

// MayDesignate gives every reason why a speaker cannot be designated now. The
// free place is checked here for people, and by a unique index for races (R9).
// One whom a sponsor pays takes no place.
func MayDesignate(p Proposal, speakerID string, f Facts) []Reason {
	why := selected(p, f)
	if !f.Actor.isAny([]Who{ByChair, ByStaff}, &p, &f) {
		why = append(why, notYours([]Who{ByChair, ByStaff}))
	}
	s, found := findSpeaker(speakerID, f.Speakers)
	if !found {
		return append(why, Wrong("/speaker_id", "required", "Choose a speaker of this webinar."))
	}
	why = append(why, eligible(s, p, f)...)
	if f.Input.FundedBy == FundedOutside {
		return why
	}
	return append(why, placeFor(s, f)...)
}

// placeFor is what the cap of the webinar, and the one for a person where the
// section has it, say.
func placeFor(s Speaker, f Facts) []Reason {
	var why []Reason
	set := f.Section.Settings
	if _, free := FreeSlot(f.Stipends, set.StipendCap); !free {
		why = append(why, CapReached(set.StipendCap))
	}
	if slices.ContainsFunc(f.Stipends, func(o Stipend) bool { return o.State == StipendPaid }) {
		why = append(why, Because("R9", "payments_begun", "Stipends of this webinar were paid already, so no further place is given."))
	}
	if set.StipendPersonCap > 0 && f.PersonStipends >= set.StipendPersonCap {
		why = append(why, Because("R9", "person_cap_reached", "%s has %s this program year, which is the section’s limit for one person.", s.Name, Plural(f.PersonStipends, "stipend")))
	}
	return why
}

// SeesStipends tells whether the actor is shown the stipends of a group's
// webinars one by one; the Leadership Team is shown how many places are taken.
// A speaker by link is shown their own by the page.
func (a Actor) SeesStipends(groupID string) bool {
	return a.Clock || a.SpeakerID != "" || a.MemberOf(groupID) || a.SeesMoney()
}

// SeesMoney tells whether the actor is shown what a stipend is about: amounts,
// papers and payments. The group is shown its state.
func (a Actor) SeesMoney() bool { return a.Clock || a.Has(Staff, Finance, Admin) }

// Places is how many places the stipends take.
func Places(all []Stipend) int {
	n := 0
	for _, s := range all {
		if s.TakesPlace() {
			n++
		}
	}
	return n
}

func selected(p Proposal, f Facts) []Reason {
	if !f.Venue.Stipends || p.State == Declined {
		return []Reason{{
			Kind: Invalid, Code: "not_a_selected_webinar", Rule: "R9",
			Detail: "Stipends are for selected webinars. This is not an accepted webinar proposal.",
		}}
	}
	if p.State != Accepted {
		return []Reason{{
			Kind: Invalid, Code: "not_a_selected_webinar", Rule: "R9",
			Detail: "Stipends are named once the webinar is accepted. This one is " + p.State.said() + ".",
		}}
	}
	return nil
}

func eligible(s Speaker, p Proposal, f Facts) []Reason {
	var why []Reason
	if s.Role == Moderates {
		why = append(why, Because("R9", "moderator_only", "%s moderates and does not speak.", s.Name))
	}
	if s.StaffMember {
		why = append(why, Because("R9", "association_staff", "%s is on the association’s staff.", s.Name))
	}
	if p.Delivered() && (s.Presented == nil || !*s.Presented) {
		why = append(why, Because("R9", "did_not_present", "The webinar was delivered, and %s is not ticked as having presented.", s.Name))
	}
	taken := func(o Stipend) bool {
		return o.State.Live() && (o.SpeakerID == s.ID || o.Payee == s.Payee())
	}
	if slices.ContainsFunc(f.Stipends, taken) {
		why = append(why, Because("R9", "already_designated", "%s has a stipend of this webinar already.", s.Name))
	}
	return why
}

// CapReached is the refusal of one stipend too many.
func CapReached(limit int) Reason {
	return Because("R9", "stipend_cap_reached", "All %d stipends of this webinar are taken. More may speak, without a stipend.", limit)
}

// FreeSlot is the lowest free place.
func FreeSlot(all []Stipend, limit int) (slot int, free bool) {
	for slot = 1; slot <= limit; slot++ {
		if !slices.ContainsFunc(all, func(s Stipend) bool { return s.TakesPlace() && s.Slot == slot }) {
			return slot, true
		}
	}
	return 0, false
}
