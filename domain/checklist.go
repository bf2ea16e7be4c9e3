package domain

import (
	"maps"
	"slices"
	"strings"
)

// DutyNamed finds the venue whose duty a checklist item speaks of: an item that
// begins with "Submit" and names a venue of the given names, by id. The item
// ticks itself when that duty is met. Empty when it speaks of none.
func DutyNamed(item string, venues map[string]string) string {
	text := strings.ToLower(item)
	if !strings.HasPrefix(text, "submit") {
		return ""
	}
	for _, id := range slices.Sorted(maps.Keys(venues)) {
		if strings.Contains(text, strings.TrimSuffix(strings.ToLower(venues[id]), "s")) {
			return id
		}
	}
	return ""
}

// Done tells whether the item is ticked: by a person, or by itself, because the
// duty it speaks of is met.
func (i ChecklistItem) Done(s Standing) bool {
	if i.DoneAt != nil {
		return true
	}
	d, owed := s.Duty(i.VenueID)
	return owed && d.Missing() == 0
}

// MayChange tells whether the actor ticks and words the checklist of a group: its
// members, and administrators (R53).
func (i ChecklistItem) MayChange(a Actor) bool { return a.Has(Admin) || a.MemberOf(i.GroupID) }

// maxItemChars is the length of the longest suggestion, and some more.
const maxItemChars = 300

// Check names what is wrong with the item's text. All reasons are Invalid.
func (i ChecklistItem) Check() []Reason {
	why := storable("/text", "item", i.Text)
	switch {
	case blank(i.Text):
		why = append(why, Wrong("/text", "required", "Write what is to be done."))
	case len([]rune(i.Text)) > maxItemChars:
		why = append(why, Wrong("/text", "too_long", "Keep it under %d characters.", maxItemChars))
	}
	return why
}
