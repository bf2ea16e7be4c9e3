package domain

import "slices"

// MayMergeInto gives every reason why the group cannot be merged into the other;
// nil when it can (C2).
func (g Group) MayMergeInto(to Group) []Reason {
	var why []Reason
	if g.ID == to.ID {
		why = append(why, Wrong("/successor", "same_group", "Choose another group: this is the one that is merged."))
	}
	if g.SectionID != to.SectionID {
		why = append(why, Wrong("/successor", "other_section", "Choose a group of the same section."))
	}
	if !g.Active() {
		why = append(why, Because("", "group_ended", "%s has ended already.", g.Name))
	}
	if !to.Active() {
		why = append(why, Because("", "successor_ended", "%s has ended. Choose a group that works.", to.Name))
	}
	if g.Kind == Leadership || to.Kind == Leadership {
		why = append(why, Because("", "leadership_stays", "The Leadership Team is not merged."))
	}
	return why
}

// PassOn says what becomes of the terms of a group that is merged into another,
// whose own terms are there, on the day. Each that runs ends with the day, and the
// person goes on as a member of the successor until it would have ended, where
// they are not one so long already. Who led does not lead there: the successor
// has its chairs (R22). A term that has not begun leads into the successor only.
// The terms given have neither id nor group yet.
func PassOn(terms, there []Term, on Date) (ended, given []Term) {
	members := slices.DeleteFunc(slices.Clone(there), func(t Term) bool { return t.Role != TermMember })
	for _, t := range terms {
		if t.EndsOn < on {
			continue
		}
		next := Term{PersonID: t.PersonID, Role: TermMember, StartsOn: max(t.StartsOn, on), EndsOn: t.EndsOn}.without(members)
		given, members = append(given, next...), append(members, next...)
		if t.StartsOn <= on && t.EndsOn > on {
			t.EndsOn = on
			t.Version++
			ended = append(ended, t)
		}
	}
	return ended, given
}

// without is what is left of a term beside those that the person has already.
func (t Term) without(others []Term) []Term {
	left := []Term{t}
	for _, o := range others {
		if o.PersonID != t.PersonID {
			continue
		}
		var kept []Term
		for _, piece := range left {
			before, after := piece, piece
			before.EndsOn, after.StartsOn = min(piece.EndsOn, o.StartsOn.AddDays(-1)), max(piece.StartsOn, o.EndsOn.AddDays(1))
			kept = append(kept, before, after)
		}
		left = slices.DeleteFunc(kept, func(k Term) bool { return k.StartsOn > k.EndsOn })
	}
	return left
}
