package api

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"lectern/domain"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// TestEventData reads what the page says to search engines, as the JSON it is.
func TestEventData(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	o := w.onSale(50, 0)
	var said struct {
		Context     string `json:"@context"`
		Type        string `json:"@type"`
		Name        string
		URL         string
		StartDate   time.Time
		EndDate     time.Time
		Duration    string
		EventStatus string
		Mode        string `json:"eventAttendanceMode"`
		Teaches     []string
		Features    []string `json:"accessibilityFeature"`
		Performer   []struct{ Name, JobTitle string }
		Offers      []struct{ Name, Price, PriceCurrency, Availability string }
		ForFree     bool `json:"isAccessibleForFree"`
		Audience    struct{ AudienceType string }
	}
	read := func() {
		t.Helper()
		page := string(w.browse("", "/offerings/"+o.Slug).want(200).body)
		_, rest, found := strings.Cut(page, `type="application/ld+json">`)
		text, _, closed := strings.Cut(rest, "</script>")
		if !found || !closed {
			t.Fatal("the page has no data")
		}
		if err := json.Unmarshal([]byte(text), &said); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
	}
	read()
	if said.Context != "https://schema.org" || said.Type != "EducationEvent" || said.Name != o.Title || said.URL != "https://lectern.example.org/offerings/"+o.Slug || said.ForFree ||
		!said.StartDate.Equal(*o.StartsAt) || !said.EndDate.Equal(*o.EndsAt()) || said.Duration != "PT60M" || said.EventStatus != "https://schema.org/EventScheduled" ||
		said.Mode != "https://schema.org/OnlineEventAttendanceMode" || !slices.Equal(said.Teaches, o.Outcomes) || !slices.Equal(said.Features, []string{"captions"}) ||
		said.Audience.AudienceType != o.Audience {
		t.Errorf("%+v", said)
	}
	if len(said.Performer) != len(o.Presenters) || said.Performer[0].Name != o.Presenters[0].Name || said.Performer[0].JobTitle != strings.Join(o.Presenters[0].Titles, ", ") {
		t.Errorf("performers %+v, presenters %+v", said.Performer, o.Presenters)
	}
	if len(said.Offers) != 4 || said.Offers[0].Name != "Division member" || said.Offers[0].Price != "49.00" || said.Offers[0].PriceCurrency != "USD" || said.Offers[2].Availability != "https://schema.org/InStock" {
		t.Errorf("offers %+v", said.Offers)
	}
	later := o.StartsAt.AddDate(0, 0, 7)
	if _, err := (workflows.Offerings{Base: w.Base}).Act(t.Context(), w.Actor("Fay Nguyen"), o.ID, domain.RescheduleOffering, workflows.OfferingMoved{OfferingInput: domain.OfferingInput{Reason: "Illness", StartsAt: &later}}); err != nil {
		t.Fatal(err)
	}
	if read(); said.EventStatus != "https://schema.org/EventRescheduled" || !said.StartDate.Equal(later) {
		t.Errorf("moved: %s, %v", said.EventStatus, said.StartDate)
	}
}
