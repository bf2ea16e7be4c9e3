package domain

import (
	"fmt"
	"strconv"
	"time"
)

// Date is a day without a time or zone, written 2026-09-15. Dates compare as text.
type Date string

// DateOf is the day of t in the zone loc.
func DateOf(t time.Time, loc *time.Location) Date { return Date(t.In(loc).Format(time.DateOnly)) }

// Valid tells whether d is a day of the calendar.
func (d Date) Valid() bool {
	_, err := time.Parse(time.DateOnly, string(d))
	return err == nil
}

// Midnight is the start of d in the zone loc.
func (d Date) Midnight(loc *time.Location) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), loc)
	if err != nil {
		return time.Time{}
	}
	return t
}

// AddDays is the day n days later.
func (d Date) AddDays(n int) Date {
	return DateOf(d.Midnight(time.UTC).AddDate(0, 0, n), time.UTC)
}

// Year is a program year, July 1 to June 30, written 2026-27.
type Year string

// YearOf is the program year of a day.
func YearOf(d Date) Year {
	t := d.Midnight(time.UTC)
	first := t.Year()
	if t.Month() < time.July {
		first--
	}
	return yearFrom(first)
}

func yearFrom(first int) Year { return Year(fmt.Sprintf("%d-%02d", first, (first+1)%100)) }

func (y Year) first() int {
	if len(y) != 7 {
		return 0
	}
	n, err := strconv.Atoi(string(y[:4]))
	if err != nil {
		return 0
	}
	return n
}

// Valid tells whether y is well formed: two years in a row.
func (y Year) Valid() bool { return y.first() > 1900 && yearFrom(y.first()) == y }

// Starts is July 1 of the year.
func (y Year) Starts() Date { return Date(fmt.Sprintf("%d-07-01", y.first())) }

// Ends is June 30, the last day of the year.
func (y Year) Ends() Date { return Date(fmt.Sprintf("%d-06-30", y.first()+1)) }

// Next is the program year after y.
func (y Year) Next() Year { return yearFrom(y.first() + 1) }

// Short is the year as people say it: 2026–27.
func (y Year) Short() string {
	if len(y) != 7 {
		return string(y)
	}
	return string(y[:4]) + "–" + string(y[5:])
}

// zones are those most of the association lives in. They are read once, because
// reading one from the disk costs more than all else in a line of a list.
var zones = loaded("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu")

func loaded(names ...string) map[string]*time.Location {
	all := make(map[string]*time.Location, len(names))
	for _, name := range names {
		if loc, err := time.LoadLocation(name); err == nil {
			all[name] = loc
		}
	}
	return all
}

// Zone gives an IANA zone; an unknown name is UTC.
func Zone(name string) *time.Location {
	if loc, ok := zones[name]; ok {
		return loc
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return loc
}
