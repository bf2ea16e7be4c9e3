package domain

import "time"

// Next is the duty to do next: of those that are not met, one whose window is
// open before one that opens later, and the one that closes first. False when all
// are met, or no window is to come.
func (s Standing) Next(now time.Time) (Duty, bool) {
	var best Duty
	has := false
	for _, d := range s.Duties {
		if d.Missing() == 0 || d.ClosesAt == nil || !now.Before(*d.ClosesAt) {
			continue
		}
		if !has || d.before(best, now) {
			best, has = d, true
		}
	}
	return best, has
}

// OpenAt tells whether the duty's window is open at the instant.
func (d Duty) OpenAt(now time.Time) bool {
	return d.OpensAt != nil && !now.Before(*d.OpensAt) && now.Before(*d.ClosesAt)
}

func (d Duty) before(o Duty, now time.Time) bool {
	if open := d.OpenAt(now); open != o.OpenAt(now) {
		return open
	}
	return d.ClosesAt.Before(*o.ClosesAt)
}
