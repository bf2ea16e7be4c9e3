package domain

import (
	"slices"
	"time"
)

// Role is a duty that does not come from a roster term.
type Role string

// The roles outside the rosters.
const (
	Staff       Role = "staff"                 // the association's own staff
	Finance     Role = "finance"               // pays
	ForumMember Role = "forum_committee"       // decides Core Forum
	ForumChair  Role = "forum_committee_chair" // and may correct its decisions
	Admin       Role = "admin"
)

// Roles are all roles outside the rosters.
func Roles() []Role { return []Role{Staff, Finance, ForumMember, ForumChair, Admin} }

// Seat at a table: a term with the facts of its group that rights depend on.
type ActorTerm struct {
	Term
	GroupName string
	GroupSlug string
	GroupKind GroupKind
	Successor string // id of the group that followed theirs; empty: none
	SectionID string
}

// Actor is who asks, with everything that rights depend on, on the day of asking.
type Actor struct {
	ID          string // person; empty for the clock and for a speaker by link
	Name        string
	Email       string
	Zone        string
	Theme       string
	Institution string
	GuestOf     []string // ids of the calls they review for as a guest
	Roles       []Role
	Terms       []ActorTerm // all, past and present
	Today       Date        // in the section's zone
	SpeakerID   string      // set when a speaker came by their own link
	OrderID     string      // set when a buyer came by their order's own link, of this serial
	OrderSerial int
	QuoteID     string // set when a buyer came by their quote's own link, of this serial
	QuoteSerial int
	SeatID      string // set when somebody came by their seat's own link
	CodeFor     string // the order whose claim code the actor has
	Clock       bool   // set for what happens by itself
}

// TheClock is the actor of what happens by itself.
func TheClock(now time.Time) Actor {
	return Actor{Name: "Lectern", Clock: true, Today: DateOf(now, time.UTC)}
}

// SignedIn tells whether a person asks.
func (a Actor) SignedIn() bool { return a.ID != "" }

// Has tells whether the actor holds one of the roles.
func (a Actor) Has(roles ...Role) bool {
	return slices.ContainsFunc(a.Roles, func(r Role) bool { return slices.Contains(roles, r) })
}

func (a Actor) some(match func(ActorTerm) bool) bool { return slices.ContainsFunc(a.Terms, match) }

// MemberOf tells whether the actor is in the group today, in any role.
func (a Actor) MemberOf(groupID string) bool {
	return a.some(func(t ActorTerm) bool { return t.GroupID == groupID && t.On(a.Today) })
}

// ChairOf tells whether the actor leads the group today.
func (a Actor) ChairOf(groupID string) bool {
	return a.some(func(t ActorTerm) bool { return t.GroupID == groupID && t.On(a.Today) && t.Chairs() })
}

// FormerMemberOf tells whether the actor was in the group, or in one that it
// followed, and is no longer.
func (a Actor) FormerMemberOf(groupID string) bool { return slices.Contains(a.FormerGroups(), groupID) }

// Leads tells whether the actor is on the Leadership Team of the section today.
func (a Actor) Leads(sectionID string) bool {
	return a.some(func(t ActorTerm) bool {
		return t.GroupKind == Leadership && t.SectionID == sectionID && t.On(a.Today)
	})
}

// LeadershipChair tells whether the actor chairs the section's Leadership Team today.
func (a Actor) LeadershipChair(sectionID string) bool {
	return a.some(func(t ActorTerm) bool {
		return t.GroupKind == Leadership && t.SectionID == sectionID && t.On(a.Today) && t.Chairs()
	})
}

// LeadershipVice tells whether the actor is vice chair of the section's Leadership Team today.
func (a Actor) LeadershipVice(sectionID string) bool {
	return a.some(func(t ActorTerm) bool {
		return t.GroupKind == Leadership && t.SectionID == sectionID && t.On(a.Today) && t.Role == TermViceChair
	})
}

// MayAppoint tells whether the actor writes terms in the section: the
// Leadership Team's chair or appointments manager, or an administrator (R24, C8, C9).
func (a Actor) MayAppoint(sectionID string) bool {
	return a.Has(Admin) || a.LeadershipChair(sectionID) || a.some(func(t ActorTerm) bool {
		return t.GroupKind == Leadership && t.SectionID == sectionID && t.On(a.Today) && t.Role == TermAppointments
	})
}

// SeesDrafts tells whether the actor may know that a draft of the group is there:
// its members, the Leadership Team, which sees titles, and administrators.
func (a Actor) SeesDrafts(groupID, sectionID string) bool {
	return a.Clock || a.Has(Admin) || a.MemberOf(groupID) || a.Leads(sectionID)
}

// Groups are the ids of the groups the actor is in today.
func (a Actor) Groups() []string {
	return a.groups(func(t ActorTerm) bool { return t.On(a.Today) })
}

// FormerGroups are the ids of the groups the actor was in and is no longer, and
// of those that followed them: what was handled there went along (X24).
func (a Actor) FormerGroups() []string {
	var ids []string
	for _, t := range a.Terms {
		for _, id := range []string{t.GroupID, t.Successor} {
			if id != "" && t.Over(a.Today) && !a.MemberOf(id) && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// Sections are the ids of the sections whose Leadership Team the actor is on today.
func (a Actor) Sections() []string {
	var ids []string
	for _, t := range a.Terms {
		if t.GroupKind == Leadership && t.On(a.Today) && !slices.Contains(ids, t.SectionID) {
			ids = append(ids, t.SectionID)
		}
	}
	return ids
}

func (a Actor) groups(match func(ActorTerm) bool) []string {
	var ids []string
	for _, t := range a.Terms {
		if match(t) && !slices.Contains(ids, t.GroupID) {
			ids = append(ids, t.GroupID)
		}
	}
	return ids
}
