package domain

import (
	"slices"
	"time"
)

// The days of the reminders.
var (
	WindowReminderDays  = []int{14, 3, 1}  // before a window closes
	SpeakerReminderDays = []int{7, 14}     // after a speaker was asked
	PapersReminderDays  = []int{30, 14, 3} // before a webinar, while papers of a stipend are missing
)

// NudgedVenue is the venue whose undecided proposals are asked about in December (R13).
const NudgedVenue = "annual"

// ReminderAt is when the reminder so many days before the window closes is due:
// the same time of day in the call's zone. The zero time when there is none,
// because the dates are not announced or the window was not open yet.
func (c Call) ReminderAt(days int) time.Time {
	if !c.Announced() {
		return time.Time{}
	}
	at := c.ClosesAt.In(Zone(c.Zone)).AddDate(0, 0, -days).UTC()
	if at.Before(*c.OpensAt) {
		return time.Time{}
	}
	return at
}

// ReminderDue tells which reminder the drafts of a call should have had last at
// the instant, in days before the end; 0 when none. Earlier ones that were
// missed are not made up for.
func (c Call) ReminderDue(now time.Time) int {
	if !c.Announced() || !now.Before(*c.ClosesAt) {
		return 0
	}
	due := 0
	for _, days := range WindowReminderDays {
		if at := c.ReminderAt(days); !at.IsZero() && !now.Before(at) {
			due = days
		}
	}
	return due
}

// Instants are when something happens to a call by itself, soonest first: its
// reminders, and the end of its window with the grace.
func (c Call) Instants() []time.Time {
	if !c.Announced() {
		return nil
	}
	all := []time.Time{c.closes().UTC()}
	for _, days := range WindowReminderDays {
		if at := c.ReminderAt(days); !at.IsZero() {
			all = append(all, at)
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	return all
}

// SpeakerReminderAt is when a speaker asked at the instant is reminded.
func SpeakerReminderAt(asked time.Time, days int) time.Time {
	return asked.UTC().AddDate(0, 0, days)
}

// SpeakerReminderDue tells which reminder a speaker who has not answered should
// have had last, in days since they were asked; 0 when none.
func SpeakerReminderDue(asked, now time.Time) int {
	due := 0
	for _, days := range SpeakerReminderDays {
		if !now.Before(SpeakerReminderAt(asked, days)) {
			due = days
		}
	}
	return due
}

// PapersReminderAt is when the papers of a stipend are asked for, so many days
// before a webinar: when that day begins in the zone.
func PapersReminderAt(live Date, days int, zone string) time.Time {
	return live.AddDays(-days).Midnight(Zone(zone)).UTC()
}

// PapersReminderDue tells which reminder a speaker whose papers are missing
// should have had last, in days before the webinar; 0 when none, or when the
// webinar’s day has come. Earlier ones that were missed are not made up for.
func PapersReminderDue(live Date, zone string, now time.Time) int {
	if !live.Valid() || !now.Before(live.Midnight(Zone(zone))) {
		return 0
	}
	due := 0
	for _, days := range PapersReminderDays {
		if !now.Before(PapersReminderAt(live, days, zone)) {
			due = days
		}
	}
	return due
}

// FirstPreferred is the earliest of the dates that a webinar’s form asks for:
// when it is expected, until it has a date of its own. Empty when none was given.
func FirstPreferred(a Answers) Date {
	var first Date
	for _, text := range a["preferred_dates"] {
		if d := Date(text); d.Valid() && (first == "" || d < first) {
			first = d
		}
	}
	return first
}

// NudgeWindow is when the chairs are asked about undecided proposals in a
// calendar year: from December 15 to the end of the year, in the section's zone (R13).
func NudgeWindow(year int, zone string) (from, until time.Time) {
	loc := Zone(zone)
	return time.Date(year, time.December, 15, 0, 0, 0, 0, loc).UTC(), time.Date(year+1, time.January, 1, 0, 0, 0, 0, loc).UTC()
}
