package domain

import (
	"slices"
	"time"
)

// The days of the reminders.
var (
	WindowReminderDays  = []int{14, 3, 1} // before a window closes
	SpeakerReminderDays = []int{7, 14}    // after a speaker was asked
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

// NudgeWindow is when the chairs are asked about undecided proposals in a
// calendar year: from December 15 to the end of the year, in the section's zone (R13).
func NudgeWindow(year int, zone string) (from, until time.Time) {
	loc := Zone(zone)
	return time.Date(year, time.December, 15, 0, 0, 0, 0, loc).UTC(), time.Date(year+1, time.January, 1, 0, 0, 0, 0, loc).UTC()
}
