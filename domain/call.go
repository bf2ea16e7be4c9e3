package domain

import (
	"slices"
	"time"
)

// Decider names who decides at a venue.
type Decider string

// The deciders.
const (
	DecidedOutside Decider = "outside"         // an outside jury; we record its answer
	DecidedByForum Decider = "forum_committee" // after the Leadership Team's recommendation
	DecidedByStaff Decider = "staff"
)

// Venue is a place a proposal can go: ALA Annual, Core Forum, webinars, another division.
type Venue struct {
	ID        string // annual, forum, webinar, other_division: more are data
	Name      string
	Letter    string // in references: 27-A-014
	Decider   Decider
	CarryTo   []string // venues a declined proposal may be carried to (R14)
	CarryAny  bool     // a cancelled event's proposals may go anywhere
	Gated     bool     // closed until the group's own duties are met (R10)
	Stipends  bool     // accepted proposals are "selected webinars" (R9)
	Site      string   // the outside jury's own site, by name
	SortOrder int
	HideNames bool   // reviewers do not see whose a proposal is before the recommendations begin
	Rubric    Rubric // what reviewers score; empty: DefaultRubric
}

// Format is a kind of program at a venue.
type Format struct {
	VenueID string
	ID      string // session, preconference, breakout, poster, webinar
	Name    string
	Hint    string
	Counts  bool // counts toward the venue's quota (R2, R6, R7)
}

// Call asks for proposals for one venue, format and program year, between two instants.
type Call struct {
	ID        string
	Version   int
	SectionID string
	Slug      string
	Name      string // ALA Annual 2027, sessions
	VenueID   string
	FormatID  string
	Year      Year       // the program year its submissions count in (C16)
	Zone      string     // the zone its window is written in
	OpensAt   *time.Time // nil: dates not announced (C1)
	ClosesAt  *time.Time // half-open: the midnight after the last day
	Grace     int        // minutes after ClosesAt, never displayed
	EditUntil *time.Time // submitted proposals may be edited until; nil: not
	FormID    string     // the form version it is pinned to
	EventOn   Date       // first day of the event, when known
}

// Announced tells whether the call's dates are set.
func (c Call) Announced() bool { return c.OpensAt != nil && c.ClosesAt != nil }

// OpenAt tells whether proposals may be submitted at the instant.
func (c Call) OpenAt(now time.Time) bool {
	return c.Announced() && !now.Before(*c.OpensAt) && now.Before(c.closes())
}

// ClosedAt tells whether the window is over at the instant.
func (c Call) ClosedAt(now time.Time) bool { return c.Announced() && !now.Before(c.closes()) }

func (c Call) closes() time.Time { return c.ClosesAt.Add(time.Duration(c.Grace) * time.Minute) }

// LastDay is the last day of the window in its own zone; the window closes at 23:59 of it.
func (c Call) LastDay() Date {
	if c.ClosesAt == nil {
		return ""
	}
	return DateOf(c.ClosesAt.Add(-time.Second), Zone(c.Zone))
}

// WindowOf turns first and last day into the half-open window in the zone: it
// opens at the midnight the first day begins, and closes at the midnight after the last.
func WindowOf(first, last Date, zone string) (opens, closes time.Time) {
	loc := Zone(zone)
	return first.Midnight(loc).UTC(), last.AddDays(1).Midnight(loc).UTC()
}

// CanCarryTo tells whether a proposal of v may be carried to the venue. After a
// cancelled event it may go to any (lifecycle, carry-forward).
func (v Venue) CanCarryTo(to string, from State) bool {
	if from == Cancelled {
		return true
	}
	return slices.Contains(v.CarryTo, to)
}

// NotOpen says why nothing can be submitted to the call now; nil when it is open.
func (c Call) NotOpen(now time.Time) []Reason {
	switch {
	case !c.Announced():
		return []Reason{Because(c.rule(), "dates_not_announced", "The dates of %s are not announced yet.", c.Name)}
	case now.Before(*c.OpensAt):
		return []Reason{Because(c.rule(), "window_not_open", "%s opens on %s.", c.Name, LongDay(*c.OpensAt, c.Zone))}
	case c.ClosedAt(now):
		return []Reason{Because(c.rule(), "window_closed", "%s closed on %s.", c.Name, Deadline(*c.ClosesAt, c.Zone))}
	}
	return nil
}

func (c Call) rule() string {
	switch c.VenueID {
	case "annual":
		return "R18"
	case "forum":
		return "R16"
	case "webinar":
		return "R17"
	}
	return ""
}

// Takes says why no draft can be made for the call now; nil when it is announced or open.
func (c Call) Takes(now time.Time) []Reason {
	if !c.Announced() || c.ClosedAt(now) {
		return c.NotOpen(now)
	}
	return nil
}
