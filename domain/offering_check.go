package domain

import (
	"fmt"
	"reflect"
	"slices"
	"time"
	"unicode/utf8"
)

// Check gives everything that is wrong with what was filled in, each with its
// field. What is only missing is no mistake before publication.
func (o Offering) Check() []Reason {
	var why []Reason
	wrong := func(ok bool, pointer, code, detail string, args ...any) {
		if !ok {
			why = append(why, Wrong(pointer, code, detail, args...))
		}
	}
	wrong(!blank(o.Title), "/title", "required", "Give the webinar a title.")
	wrong(utf8.RuneCountInString(o.Title) <= 200, "/title", "too_long", "A title has at most 200 characters.")
	_, err := time.LoadLocation(o.Zone)
	wrong(err == nil && o.Zone != "" && o.Zone != "Local", "/zone", "unknown_zone", "Choose a time zone such as America/Chicago.")
	wrong(o.Minutes >= 1 && o.Minutes <= 1440, "/minutes", "out_of_range", "A webinar lasts between 1 and 1440 minutes.")
	wrong(o.MinMinutes >= 0 && o.MinMinutes <= o.Minutes, "/min_minutes", "out_of_range", "A certificate cannot ask for more minutes than there are.")
	wrong(o.Capacity >= 1 && o.Capacity <= Unlimited, "/capacity", "out_of_range", "Give between 1 and 1,000,000 seats.")
	if o.Capacity < o.Taken && o.Capacity >= 1 {
		why = append(why, CapacityBelowTaken(o.Taken))
	}
	wrong(o.QuoteFrom >= 2 && o.QuoteFrom <= Unlimited, "/quote_from", "out_of_range", "Quotes begin at two seats or more.")
	wrong(o.QuoteHoldPct >= 0 && o.QuoteHoldPct <= 100, "/quote_hold_pct", "out_of_range", "Give a percentage from 0 to 100.")
	wrong(o.HoldMinutes >= 5 && o.HoldMinutes <= 1440, "/hold_minutes", "out_of_range", "Hold seats for between 5 and 1440 minutes.")
	wrong(o.CreditLimitCents >= 0, "/credit_limit_cents", "out_of_range", "The limit cannot be below $0.")
	wrong(o.SalesOpenAt == nil || o.SalesCloseAt == nil || o.SalesOpenAt.Before(*o.SalesCloseAt), "/sales_close_at", "before_opening", "Registration has to close after it opens.")
	return append(why, o.storable()...)
}

// Fixed gives what a change to n may not change any more: the time once it is on
// sale, and after delivery all but the recording and the contacts; prices among it.
func (o Offering) Fixed(n Offering, repriced bool) []Reason {
	if o.Status == OfferingPlanned {
		return nil
	}
	var why []Reason
	if !sameInstant(n.StartsAt, o.StartsAt) {
		why = append(why, Because("", "reschedule_instead", "It is on sale. Give it another time with Reschedule, so that everybody with a seat is told."))
	}
	if o.Status == OfferingDelivered && (repriced || !o.alike(n)) {
		why = append(why, Because("", "delivered", "It took place. Only the recording and the contacts can still change."))
	}
	return why
}

// alike tells whether n differs in nothing but its start, the recording and the contacts.
func (o Offering) alike(n Offering) bool {
	same := sameInstant(n.SalesOpenAt, o.SalesOpenAt) && sameInstant(n.SalesCloseAt, o.SalesCloseAt) && slices.Equal(n.Outcomes, o.Outcomes)
	n.StartsAt, n.SalesOpenAt, n.SalesCloseAt, n.Outcomes = o.StartsAt, o.SalesOpenAt, o.SalesCloseAt, o.Outcomes
	n.Recording, n.RecordingURL, n.PriceContact, n.AccessContact = o.Recording, o.RecordingURL, o.PriceContact, o.AccessContact
	return same && reflect.DeepEqual(n, o)
}

// sameInstant tells whether both are missing, or the same instant in whatever zone.
func sameInstant(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}

// CapacityBelowTaken is the refusal to have fewer seats than were sold.
func CapacityBelowTaken(taken int) Reason {
	return Because("", "capacity_below_taken", "%s are taken. To sell no more, close registration instead.", Plural(taken, "seat"))
}

func (o Offering) storable() []Reason {
	texts := map[string]string{
		"title": o.Title, "short_description": o.ShortDescription, "description": o.Description, "audience": o.Audience, "level": o.Level,
		"captions": o.Captions, "recording": o.Recording, "recording_url": o.RecordingURL, "platform": o.Platform, "tech": o.Tech,
		"join_url": o.JoinURL, "price_contact": o.PriceContact, "access_contact": o.AccessContact,
	}
	var why []Reason
	for _, key := range sortedTexts(texts) {
		why = append(why, storable("/"+key, "this", texts[key])...)
		if utf8.RuneCountInString(texts[key]) > 20_000 {
			why = append(why, Wrong("/"+key, "too_long", "Write at most 20,000 characters."))
		}
	}
	for i, text := range o.Outcomes {
		why = append(why, storable(fmt.Sprintf("/outcomes/%d", i), "this", text)...)
	}
	for _, u := range []string{"join_url", "recording_url"} {
		if texts[u] != "" && !webAddress(texts[u]) {
			why = append(why, Wrong("/"+u, "not_an_address", "Give a web address that begins with https://."))
		}
	}
	return why
}

func sortedTexts(texts map[string]string) []string {
	var keys []string
	for k := range texts {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func webAddress(s string) bool {
	return len(s) > len("https://") && (s[:8] == "https://" || s[:7] == "http://") && utf8.RuneCountInString(s) <= 2000
}

// StartAt is the instant of a day and a time of day in a zone. Invalid when the
// clocks skip that time on that day: it is asked for again, never moved.
func StartAt(d Date, clock, zone string) (time.Time, []Reason) {
	loc, err := time.LoadLocation(zone)
	if err != nil || zone == "" || zone == "Local" {
		return time.Time{}, []Reason{Wrong("/zone", "unknown_zone", "Choose a time zone such as America/Chicago.")}
	}
	var why []Reason
	if !d.Valid() {
		why = append(why, Wrong("/date", "not_a_date", "Give a day such as 2027-05-20."))
	}
	if _, err := time.Parse("15:04", clock); err != nil {
		why = append(why, Wrong("/time", "not_a_time", "Give a time such as 13:00."))
	}
	if len(why) > 0 {
		return time.Time{}, why
	}
	t, _ := time.ParseInLocation("2006-01-02 15:04", string(d)+" "+clock, loc)
	if t.Format("2006-01-02 15:04") != string(d)+" "+clock {
		return time.Time{}, []Reason{Wrong("/time", "no_such_time", "On %s the clocks go forward and %s does not exist in %s. Give another time.", d.Words(), clock, ZoneName(zone))}
	}
	return t.UTC(), nil
}
