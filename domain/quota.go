package domain

import (
	"fmt"
	"strings"
	"time"
)

// Quota is what a group owes a venue in a program year (R1, R6, R8).
type Quota struct {
	GroupID  string
	Year     Year
	VenueID  string
	Required int
}

// Duty is a quota with where it stands: counted afresh each time, never a counter.
type Duty struct {
	VenueID   string
	VenueName string
	Required  int
	Counted   int        // submitted and not withdrawn, in formats that count
	Drafts    int        // in formats that count
	Extra     int        // submitted in formats that are welcome but do not count (R7)
	OpensAt   *time.Time // of the window that is open or comes next; nil: not announced
	ClosesAt  *time.Time
	LastClose *time.Time // the end of the year's last window that counts
	Zone      string
}

// Window fills in the window that is open now, or the one that comes next, or
// the last one, from the calls that count toward the duty.
func (d Duty) Window(counting []Call, now time.Time) Duty {
	var best *Call
	for i := range counting {
		c := &counting[i]
		if !c.Announced() {
			continue
		}
		if d.LastClose == nil || c.ClosesAt.After(*d.LastClose) {
			d.LastClose = c.ClosesAt
		}
		if best == nil || nearer(*c, *best, now) {
			best = c
		}
	}
	if best != nil {
		d.OpensAt, d.ClosesAt, d.Zone = best.OpensAt, best.ClosesAt, best.Zone
	}
	return d
}

// nearer tells whether the window of a matters more now than that of b: one
// that is not over before one that is, and the one that closes first.
func nearer(a, b Call, now time.Time) bool {
	if over := a.ClosedAt(now); over != b.ClosedAt(now) {
		return !over
	}
	if a.ClosedAt(now) {
		return a.ClosesAt.After(*b.ClosesAt)
	}
	return a.ClosesAt.Before(*b.ClosesAt)
}

// Missing is how many submissions are still owed.
func (d Duty) Missing() int { return max(0, d.Required-d.Counted) }

// Standing is everything a group owes in a program year.
type Standing struct {
	GroupID string
	Year    Year
	Duties  []Duty
}

// Duty finds the duty to a venue.
func (s Standing) Duty(venueID string) (Duty, bool) {
	for _, d := range s.Duties {
		if d.VenueID == venueID {
			return d, true
		}
	}
	return Duty{}, false
}

// Missing names what is still owed: "Core Forum (1)". With the gate set to
// due_so_far only the duties whose window is over are named (C14).
func (s Standing) Missing(gate string, now time.Time) []string {
	var owed []string
	for _, d := range s.Duties {
		if d.Missing() == 0 {
			continue
		}
		if gate == "due_so_far" && (d.LastClose == nil || now.Before(*d.LastClose)) {
			continue
		}
		owed = append(owed, fmt.Sprintf("%s (%d)", d.VenueName, d.Missing()))
	}
	return owed
}

// GateClosed says what keeps the group from submitting to other divisions; nil when nothing does (R10).
func (s Standing) GateClosed(gate string, now time.Time) []Reason {
	owed := s.Missing(gate, now)
	if len(owed) == 0 {
		return nil
	}
	return []Reason{Because("R10", "quota_gate",
		"Other divisions are open once the group's own submissions are in. Still to submit: %s.", strings.Join(owed, ", "))}
}
