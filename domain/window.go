package domain

import (
	"time"
)

// maxGrace keeps a grace from becoming an extension nobody was told of: one day, in minutes.
const maxGrace = 24 * 60

// MayOpen gives every reason why the call's dates cannot be announced as these
// days; nil when they can. Dates that are announced are extended, not set again.
func (c Call) MayOpen(first, last Date) []Reason {
	var why []Reason
	if c.Announced() {
		why = append(why, Because("R16", "window_is_set", "The window of %s is set already, until %s. Extend it instead.", c.Name, Deadline(*c.ClosesAt, c.Zone)))
	}
	if !first.Valid() {
		why = append(why, Wrong("/first", "not_a_date", "Give the first day, such as 2026-08-17."))
	}
	if !last.Valid() {
		why = append(why, Wrong("/last", "not_a_date", "Give the last day, such as 2026-09-21."))
	}
	if first.Valid() && last.Valid() && last < first {
		why = append(why, Wrong("/last", "window_reversed", "The window closes before it opens."))
	}
	return why
}

// MayExtend gives every reason why the call cannot stay open until the end of
// the day; nil when it can. A window is never shortened (C1).
func (c Call) MayExtend(last Date) []Reason {
	switch {
	case !last.Valid():
		return []Reason{Wrong("/last", "not_a_date", "Give the new last day, such as 2026-09-28.")}
	case !c.Announced():
		return []Reason{Because(c.rule(), "dates_not_announced", "The dates of %s are not announced yet. Set them first.", c.Name)}
	case last < c.LastDay():
		return []Reason{Because(c.rule(), "would_shorten", "%s is announced until %s. People rely on it: a window can be extended, never shortened.", c.Name, Deadline(*c.ClosesAt, c.Zone))}
	case last == c.LastDay():
		return []Reason{Because(c.rule(), "no_change", "%s closes on that day already.", c.Name)}
	}
	return nil
}

// Extended is the call open until the end of the day in its own zone.
func (c Call) Extended(last Date) Call {
	_, closes := WindowOf(last, last, c.Zone)
	c.ClosesAt = &closes
	c.Version++
	return c
}

// MayGrace gives the reason why the grace cannot become this many minutes; nil
// when it can. The grace of an announced call is never shortened.
func (c Call) MayGrace(minutes int) []Reason {
	switch {
	case minutes < 0 || minutes > maxGrace:
		return []Reason{Wrong("/grace", "out_of_range", "The grace is between 0 and %d minutes.", maxGrace)}
	case c.Announced() && minutes < c.Grace:
		return []Reason{Because(c.rule(), "would_shorten", "The grace is %d minutes. It can be made longer, never shorter.", c.Grace)}
	}
	return nil
}

// EndOf is the instant a day ends in the zone: the midnight after it.
func EndOf(d Date, zone string) time.Time { return d.AddDays(1).Midnight(Zone(zone)).UTC() }
