package web

import (
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lectern/domain"
)

// stamp is an instant for the datetime attribute, with the offset of its zone.
func stamp(t time.Time, zone string) string { return t.In(domain.Zone(zone)).Format(time.RFC3339) }

// lastMinute is the minute before a half-open window ends: what people read.
func lastMinute(closes time.Time) time.Time { return closes.Add(-time.Minute) }

// longDate is a day without a zone: Fri, Sep 18, 2026. A text that is no day is given back as it is.
func longDate(d domain.Date) string {
	if !d.Valid() {
		return string(d)
	}
	return domain.LongDay(d.Midnight(time.UTC), "UTC")
}

// daysLeft says how far away the end is: "3 days left", "last day"; empty once it is over.
func daysLeft(closes, now time.Time, zone string) string {
	if !now.Before(closes) {
		return ""
	}
	loc := domain.Zone(zone)
	last := domain.DateOf(lastMinute(closes), loc).Midnight(time.UTC)
	days := int(last.Sub(domain.DateOf(now, loc).Midnight(time.UTC)).Hours() / 24)
	if days == 0 {
		return "Last day"
	}
	return domain.Plural(days, "day") + " left"
}

// join writes words as a sentence does: "a", "a or b", "a, b or c".
func join(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " " + last + " " + words[len(words)-1]
}

func itoa(n int) string { return strconv.Itoa(n) }

// ids joins the ids of the elements that describe a control, leaving out empty ones.
func ids(all ...string) string { return strings.Join(strings.Fields(strings.Join(all, " ")), " ") }

// then is a component with text right after it, without the space that a page's
// source puts between the two: a comma, a full stop.
func then(c templ.Component, text string) templ.Component {
	return templ.Join(c, templ.Raw(templ.EscapeString(text)))
}
