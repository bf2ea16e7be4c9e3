package api

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/labstack/echo/v4"

	"lectern/domain"
)

// calendarFile is a calendar with one event for each webinar that has a time.
// Each keeps its identifier for good and raises its sequence when it moves or is
// cancelled, so that calendars that have it change it.
func (s *Server) calendarFile(all ...domain.Offering) ([]byte, error) {
	cal := ics.NewCalendar()
	cal.SetProductId("-//Lectern//Webinars//EN")
	cal.SetMethod(ics.MethodPublish)
	dated := slices.DeleteFunc(slices.Clone(all), func(o domain.Offering) bool { return o.StartsAt == nil })
	addZones(cal, dated)
	for _, o := range dated {
		s.addEvent(cal, o)
	}
	var out bytes.Buffer
	err := cal.SerializeTo(&out, ics.WithNewLineWindows)
	return out.Bytes(), err
}

const icsTime = "20060102T150405"

func (s *Server) addEvent(cal *ics.Calendar, o domain.Offering) {
	page := s.BaseURL + "/offerings/" + o.Slug
	e := cal.AddEvent("offering-" + o.ID + "@" + s.host())
	e.SetDtStampTime(o.UpdatedAt)
	e.SetModifiedAt(o.UpdatedAt)
	e.SetSequence(o.Sequence)
	zone := domain.Zone(o.Zone)
	inZone := &ics.KeyValues{Key: string(ics.ParameterTzid), Value: []string{o.Zone}}
	e.SetProperty(ics.ComponentPropertyDtStart, o.StartsAt.In(zone).Format(icsTime), inZone)
	e.SetProperty(ics.ComponentPropertyDtEnd, o.EndsAt().In(zone).Format(icsTime), inZone)
	e.SetSummary(o.Title)
	e.SetDescription(strings.TrimSpace(o.ShortDescription + "\n\n" + domain.LongTime(*o.StartsAt, o.Zone) + "\n" + page))
	e.SetURL(page)
	e.SetLocation("Online")
	e.SetStatus(ics.ObjectStatusConfirmed)
	if o.Status == domain.OfferingCancelled {
		e.SetStatus(ics.ObjectStatusCancelled)
	}
}

// addZones describes each zone as it is from the first of its events to the last.
func addZones(cal *ics.Calendar, all []domain.Offering) {
	first, last := map[string]time.Time{}, map[string]time.Time{}
	var names []string
	for _, o := range all {
		if !slices.Contains(names, o.Zone) {
			names = append(names, o.Zone)
			first[o.Zone], last[o.Zone] = *o.StartsAt, *o.EndsAt()
		}
		if o.StartsAt.Before(first[o.Zone]) {
			first[o.Zone] = *o.StartsAt
		}
		if o.EndsAt().After(last[o.Zone]) {
			last[o.Zone] = *o.EndsAt()
		}
	}
	for _, name := range names {
		z := ics.NewTimezone(name)
		for at := first[name].In(domain.Zone(name)); ; {
			from, until := at.ZoneBounds()
			z.Components = append(z.Components, observance(at, from))
			if until.IsZero() || until.After(last[name]) {
				break
			}
			at = until
		}
		cal.AddVTimezone(z)
	}
}

// observance is an offset of a zone from the instant on at which it begins; that
// of a zone that never changes has held since 1970.
func observance(at, from time.Time) ics.Component {
	name, offset := at.Zone()
	before := offset
	if from.IsZero() {
		from = time.Unix(0, 0)
	} else {
		_, before = from.Add(-time.Second).In(at.Location()).Zone()
	}
	begins := from.UTC().Add(time.Duration(before) * time.Second).Format(icsTime)
	kind := ics.ComponentStandard
	if at.IsDST() {
		kind = ics.ComponentDaylight
	}
	c := &ics.GeneralComponent{Token: string(kind)}
	c.SetProperty(ics.ComponentPropertyDtStart, begins)
	c.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), offsetWords(before))
	c.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), offsetWords(offset))
	c.SetProperty(ics.ComponentProperty(ics.PropertyTzname), name)
	return c
}

// offsetWords is an offset in seconds as calendars write it: -0500.
func offsetWords(seconds int) string {
	sign := "+"
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	return fmt.Sprintf("%s%02d%02d", sign, seconds/3600, seconds/60%60)
}

func (c *Call) calendar(name string, file []byte) error {
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+fileName(name)+`.ics"`)
	return c.Blob(http.StatusOK, "text/calendar; charset=utf-8", file)
}
