package domain

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
