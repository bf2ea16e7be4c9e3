package demo

import (
	"time"

	"lectern/domain"
	"lectern/internal/store"
)

// stateName is the line of the table meta in which the demonstration keeps
// where it stands, so that it goes on there when it is started again.
const stateName = "demo_clock"

// state is where the demonstration stands.
type state struct {
	Set     time.Time // the instant the clock was set to
	Real    time.Time // the real time at which it was; the clock ticks from then
	Told    time.Time // the story has been told up to here
	Story   string    // the fingerprint of the story that was told
	Telling bool      // it was being told: when the program ended here, it has to begin again
}

// at is the demonstration's time at a real one, in whole microseconds, as the
// database keeps times.
func (s state) at(real time.Time) time.Time {
	return s.Set.Add(real.Sub(s.Real)).UTC().Truncate(time.Microsecond)
}

func loadState(tx *store.Tx) (state, error) {
	var s state
	err := tx.Meta(stateName, &s)
	return s, err
}

// zone is the zone in which the story's times are written, the section's.
var zone = domain.Zone("America/Chicago")

// The first and the last instant one can travel to: the program year 2026-27.
var (
	year     = domain.Year("2026-27")
	earliest = year.Starts().Midnight(zone).UTC()
	latest   = year.Ends().AddDays(1).Midnight(zone).Add(-time.Microsecond).UTC()
)
