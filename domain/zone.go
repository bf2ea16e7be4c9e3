package domain

import "time"

// ZoneTime is an instant as the clocks of a zone show it.
type ZoneTime struct {
	Zone  string // Pacific
	Clock string // 11 a.m., noon, 1:30 p.m.
	Day   string // Wed, May 19, where it is another day than in the zone it is given in; empty else
}

// InUSZones is an instant in the four zones of the contiguous states, west to
// east. The day is said where it is not the one it has in home.
func InUSZones(t time.Time, home string) []ZoneTime {
	day := DateOf(t, Zone(home))
	var all []ZoneTime
	for _, zone := range []string{"America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York"} {
		local := t.In(Zone(zone))
		z := ZoneTime{Zone: ZoneName(zone), Clock: ShortClock(local)}
		if DateOf(t, Zone(zone)) != day {
			z.Day = local.Format("Mon, Jan 2")
		}
		all = append(all, z)
	}
	return all
}

// ShortClock is a time of day without its zeros: 11 a.m., 1:30 p.m., noon.
func ShortClock(t time.Time) string {
	if t.Minute() != 0 || t.Hour()%12 == 0 {
		return Clock12(t)
	}
	if t.Hour() < 12 {
		return t.Format("3") + " a.m."
	}
	return t.Format("3") + " p.m."
}
