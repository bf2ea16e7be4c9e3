package web

import (
	"fmt"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lectern/domain"
)

// EventData says what a webinar is in the words of schema.org, for search engines
// and calendars that read pages. It is data: no script runs.
func EventData(p OfferingPage, base, organizer string) templ.Component {
	url := base + "/offerings/" + p.Slug
	event := map[string]any{
		"@context": "https://schema.org", "@type": "EducationEvent", "name": p.Offering.Title, "url": url, "inLanguage": "en",
		"eventStatus": "https://schema.org/" + p.eventStatus(), "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
		"location": map[string]any{"@type": "VirtualLocation", "url": url}, "isAccessibleForFree": p.free(),
		"performer": performers(p.Presenters), "offers": p.offers(url),
	}
	put := func(key string, value any, said bool) {
		if said {
			event[key] = value
		}
	}
	put("description", p.ShortDescription, p.ShortDescription != "")
	put("organizer", map[string]any{"@type": "Organization", "name": organizer}, organizer != "")
	put("teaches", p.Outcomes, len(p.Outcomes) > 0)
	put("about", p.Topics, len(p.Topics) > 0)
	put("educationalLevel", p.Level, p.Level != "")
	put("audience", map[string]any{"@type": "EducationalAudience", "audienceType": p.Audience}, p.Audience != "")
	put("accessibilityFeature", []string{"captions"}, p.Captions != "")
	if p.StartsAt != nil {
		event["startDate"], event["endDate"] = stamp(*p.StartsAt, p.Zone), stamp(*p.EndsAt(), p.Zone)
		event["duration"] = fmt.Sprintf("PT%dM", p.Minutes)
	}
	return templ.JSONScript("event", event).WithType("application/ld+json")
}

func (p OfferingPage) eventStatus() string {
	switch {
	case p.Status == domain.OfferingCancelled:
		return "EventCancelled"
	case p.RescheduledAt != nil:
		return "EventRescheduled"
	}
	return "EventScheduled"
}

func performers(all []domain.Presenter) []map[string]any {
	people := make([]map[string]any, len(all))
	for i, p := range all {
		people[i] = map[string]any{"@type": "Person", "name": p.Name}
		if len(p.Titles) > 0 {
			people[i]["jobTitle"] = strings.Join(p.Titles, ", ")
		}
		if len(p.Affiliations) > 0 {
			people[i]["affiliation"] = map[string]any{"@type": "Organization", "name": strings.Join(p.Affiliations, ", ")}
		}
	}
	return people
}

func (p OfferingPage) offers(url string) []map[string]any {
	available := "InStock"
	switch {
	case len(p.Closed) > 0:
		available = "Discontinued"
	case p.Left() <= 0:
		available = "SoldOut"
	}
	all := make([]map[string]any, len(p.Tiers))
	for i, t := range p.Tiers {
		all[i] = map[string]any{
			"@type": "Offer", "name": t.Label, "price": fmt.Sprintf("%d.%02d", t.UnitCents/100, t.UnitCents%100), "priceCurrency": "USD",
			"availability": "https://schema.org/" + available, "url": url,
		}
		if p.LastSale() != nil {
			all[i]["validThrough"] = p.LastSale().In(domain.Zone(p.Zone)).Format(time.RFC3339)
		}
	}
	return all
}
