package domain

import (
	"slices"
	"time"
)

// The reminders of a webinar on sale.
var (
	OpenSeatDays      = []int{10, 3, 1} // before the start, while seats have no name
	openSeatFirstDays = 2               // after the order was confirmed
)

const (
	// SeatsSettled is how long before the start who is named counts as coming, and is told.
	SeatsSettled = 24 * time.Hour
	// SeatNamesKept is how many months after a webinar the names on its seats are erased.
	SeatNamesKept = 13
	// doorsOpen is how long before the start a seat's holder can join.
	doorsOpen = 30 * time.Minute
)

// OpenSeatInstants are when the buyer of an order with seats that have no name is
// reminded, soonest first: two days after the confirmation, and 10, 3 and 1 days
// before the start, at its time of day. Those before the confirmation, or after
// the start, are left out.
func OpenSeatInstants(confirmed, start time.Time, zone string) []time.Time {
	var all []time.Time
	local := start.In(Zone(zone))
	for _, days := range OpenSeatDays {
		if at := local.AddDate(0, 0, -days).UTC(); at.After(confirmed) {
			all = append(all, at)
		}
	}
	if first := confirmed.AddDate(0, 0, openSeatFirstDays).UTC(); first.Before(start) {
		all = append(all, first)
	}
	slices.SortFunc(all, time.Time.Compare)
	return all
}

// OpenSeatDue is the reminder that should have been sent last at the instant;
// false when none, or when the webinar has started. Earlier ones that were missed
// are not made up for.
func OpenSeatDue(confirmed, start time.Time, zone string, now time.Time) (time.Time, bool) {
	var due time.Time
	if !now.Before(start) {
		return due, false
	}
	for _, at := range OpenSeatInstants(confirmed, start, zone) {
		if !at.After(now) {
			due = at
		}
	}
	return due, !due.IsZero()
}

// DoorsOpenAt is when holders of a seat can join; nil without a start.
func (o Offering) DoorsOpenAt() *time.Time {
	if o.StartsAt == nil {
		return nil
	}
	at := o.StartsAt.Add(-doorsOpen)
	return &at
}

// MayJoin gives the reason why a seat's holder cannot go to the webinar now; nil
// when they can.
func (o Offering) MayJoin(now time.Time) []Reason {
	switch opens, ends := o.DoorsOpenAt(), o.EndsAt(); {
	case o.Status == OfferingCancelled:
		return []Reason{Because("", "offering_cancelled", "This webinar was cancelled.")}
	case o.JoinURL == "":
		return []Reason{Because("", "no_join_link", "The link to the webinar is not there yet. It will be on this page before the start.")}
	case opens != nil && now.Before(*opens):
		return []Reason{Because("", "not_open_yet", "You can join from %s, half an hour before the start.", LongTime(*opens, o.Zone))}
	case ends != nil && !now.Before(*ends):
		return []Reason{Because("", "offering_over", "The webinar is over. The recording is on this page when it is ready.")}
	}
	return nil
}

// RecordingReady tells whether people with a seat can watch the recording.
func (o Offering) RecordingReady(now time.Time) bool {
	return o.RecordingURL != "" && o.Status != OfferingCancelled && o.EndsAt() != nil && !now.Before(*o.EndsAt())
}
