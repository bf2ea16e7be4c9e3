package web

import (
	"time"

	"lectern/domain"
)

// soon is how long before a window closes an open duty turns to "due soon".
const soon = 14 * 24 * time.Hour

// dutyTone is good when nothing is owed, warn when the window closes soon, bad
// when it closed with something still owed, and neutral otherwise.
func dutyTone(d domain.Duty, now time.Time) string {
	switch {
	case d.Missing() == 0:
		return "good"
	case d.OpensAt == nil || d.ClosesAt == nil || now.Before(*d.OpensAt):
		return ""
	case !now.Before(*d.ClosesAt):
		return "bad"
	case d.ClosesAt.Sub(now) <= soon:
		return "warn"
	}
	return ""
}
