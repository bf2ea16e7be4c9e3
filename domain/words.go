package domain

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// WordCount counts the words of a text: runs of anything but white space.
func WordCount(text string) int { return len(strings.Fields(text)) }

// Clock12 is a time of day as Americans write it: 1:00 p.m., noon, midnight.
func Clock12(t time.Time) string {
	switch {
	case t.Hour() == 0 && t.Minute() == 0:
		return "midnight"
	case t.Hour() == 12 && t.Minute() == 0:
		return "noon"
	case t.Hour() < 12:
		return t.Format("3:04") + " a.m."
	}
	return t.Format("3:04") + " p.m."
}

// ZoneName is what people call an IANA zone: Central for America/Chicago.
func ZoneName(zone string) string {
	names := map[string]string{
		"America/New_York": "Eastern", "America/Chicago": "Central", "America/Denver": "Mountain",
		"America/Los_Angeles": "Pacific", "America/Anchorage": "Alaska", "Pacific/Honolulu": "Hawaii", "UTC": "UTC",
	}
	if name, ok := names[zone]; ok {
		return name
	}
	_, city, found := strings.Cut(zone, "/")
	if !found {
		return zone
	}
	return strings.ReplaceAll(city, "_", " ") + " time"
}

// LongDay is the day of an instant in a zone: Mon, Sep 21, 2026.
func LongDay(t time.Time, zone string) string { return t.In(Zone(zone)).Format("Mon, Jan 2, 2006") }

// Words is a day as people read it: Mon, Sep 21, 2026. A text that is no day stays as it is.
func (d Date) Words() string {
	if !d.Valid() {
		return string(d)
	}
	return LongDay(d.Midnight(time.UTC), "UTC")
}

func (d Date) wordsOrNone() string {
	if d == "" {
		return ""
	}
	return d.Words()
}

// LongTime is an instant in a zone: Mon, Sep 21, 2026, 1:00 p.m. Central.
func LongTime(t time.Time, zone string) string {
	local := t.In(Zone(zone))
	return local.Format("Mon, Jan 2, 2006") + ", " + Clock12(local) + " " + ZoneName(zone)
}

// Deadline is the end of a half-open window as people read it: the minute
// before, so that a midnight belongs to the day that ends (11:59 p.m.).
func Deadline(closes time.Time, zone string) string {
	return LongTime(closes.Add(-time.Minute), zone)
}

// Dollars is an amount of cents: $150, or $31.50 where cents matter.
func Dollars(cents int) string {
	if cents%100 == 0 {
		return fmt.Sprintf("$%d", cents/100)
	}
	return fmt.Sprintf("$%d.%02d", cents/100, cents%100)
}

// Plural is the number with its noun: 1 proposal, 2 proposals.
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
