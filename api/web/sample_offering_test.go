package web

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"lectern/domain"
)

func sampleWebinar() domain.Offering {
	return domain.Offering{
		ID: "o1", Version: 3, ProposalID: "p1", Revision: 2, Slug: "leading-a-team-you-inherited", Status: domain.OfferingPublished,
		Title:            "Leading a Team You Inherited: Trust, Feedback, and Change in the First Hundred Days",
		ShortDescription: "Trust, feedback, and change in the first hundred days with a team you did not choose. </script><b>",
		Description:      "Most managers do not build a team from nothing; they **inherit** one.\n\nThis webinar looks at trust, feedback, and change.",
		Outcomes:         []string{"Participants will identify the promises a team already lives by, in order to decide which to keep.", "Participants will plan short interviews, in order to earn trust."},
		Audience:         "New supervisors in any type of library, library school students", Level: "Introductory", Topics: []string{"New managers", "Change"},
		Presenters: []domain.Presenter{
			{SpeakerID: "s1", Name: "Teodora Vance", Titles: []string{"Associate Professor", "Head of Instruction", "First-Year Experience Librarian"}, Affiliations: []string{"Calder Bay Community College – Westmarch University"}},
			{SpeakerID: "s2", Name: "Marcus Ilori", Titles: []string{"Assistant Director", "Staff Development"}, Affiliations: []string{"Alder Valley College"}, Bio: "Has led two teams that others built."},
			{SpeakerID: "s3", Name: "Wren Tate", Moderates: true},
		},
		StartsAt: ptr(at("2027-05-20T18:00:00Z")), Minutes: 60, Zone: central, Capacity: 500, Taken: 212, Platform: "Zoom",
		Captions: "Closed captions in English.", Recording: "Everybody with a seat gets the link within three business days.", Tech: "Speakers or a headset.",
		PriceContact: "webinars@example.org", AccessContact: "access@example.org", POAllowed: true, QuoteFrom: 10, MaxSelfServe: 9, QuoteHoldPct: 50, HoldMinutes: 35, MinMinutes: 45,
		JoinURL: "https://meet.example.org/1",
	}
}

func samplePrices() []domain.PriceTier {
	return []domain.PriceTier{
		{RateClass: "division_member", Label: "Division member", MinSeats: 1, MaxSeats: 4, UnitCents: 4900, SortOrder: 1},
		{RateClass: "division_member", Label: "Division member", MinSeats: 5, MaxSeats: 9, UnitCents: 4500, SortOrder: 2},
		{RateClass: domain.Nonmember, Label: "Nonmember", MinSeats: 1, MaxSeats: 9, UnitCents: 7900, SortOrder: 3},
	}
}

func sampleOfferingPage(status domain.OfferingStatus) OfferingPage {
	o := sampleWebinar()
	o.Status = status
	p := OfferingPage{Page: samplePage(o.Title), Offering: o, Tiers: samplePrices(), Now: at("2027-04-05T15:00:00Z"), Register: "/offerings/" + o.Slug + "/register", Calendar: "/offerings/" + o.Slug + "/calendar.ics", Ask: "/offerings/" + o.Slug + "/access"}
	p.About, p.Closed = o.ShortDescription, o.Sells(p.Now)
	p.Data = EventData(p, "https://lectern.example.org", "Leadership and Management Section")
	return p
}

// offeringSamples are the pages of webinars on sale.
func offeringSamples() map[string]templ.Component {
	o := sampleWebinar()
	planned := o
	planned.Status, planned.StartsAt, planned.Captions = domain.OfferingPlanned, nil, ""
	f := domain.OfferingFacts{Actor: domain.Actor{ID: "1", Roles: []domain.Role{domain.Staff}}, Now: at("2027-04-05T15:00:00Z"), Proposal: domain.Proposal{State: domain.Accepted}}
	staff := StaffOfferingPage{Page: samplePage(o.Title), Offering: planned, Tiers: samplePrices(), Ref: "27-W-006", Missing: planned.Why(domain.PublishOffering, f), Now: f.Now}
	staff.Moves, staff.Refused = OfferingMoves(planned, planned.Open(f))
	staff.Requests = []AccessLine{
		{ID: "r1", Name: "Jo Abel", Email: "jo@example.org", Text: "Sign language, please.", MadeAt: f.Now},
		{ID: "r2", Name: "Kit Moran", Email: "kit@example.org", Text: "A transcript.", MadeAt: f.Now, DoneAt: &f.Now, DoneBy: "Fay Nguyen"},
	}
	card := OfferingCard{Href: "/offerings/" + o.Slug, Title: o.Title, Presenters: o.Presenters, Topics: o.Topics, StartsAt: *o.StartsAt, Zone: o.Zone, Minutes: 60, Captioned: true, Recorded: true, Moved: true, Prices: samplePrices()}
	wrong := []domain.Reason{domain.Wrong("/text", "required", "Write what you need."), domain.Wrong("/prices/0/unit_cents", "out_of_range", "A seat costs between $0 and $10000.")}
	sorry := samplePage("Ask")
	sorry.HasErrors = true
	all := map[string]templ.Component{
		"offerings":              Offerings(OfferingsPage{Page: samplePage("Webinars"), Filters: []Control{{Name: "q", Label: "Search", Type: "search"}}, Cards: []OfferingCard{card, {Href: "/offerings/free", Title: "Free", StartsAt: *o.StartsAt, Zone: central, Minutes: 30, Prices: []domain.PriceTier{{RateClass: domain.Nonmember, MinSeats: 1, MaxSeats: 9}}}}, Feed: "/offerings/feed.ics", Quotes: 10, Contact: "webinars@example.org", Next: "/offerings?cursor=x"}),
		"offerings-past":         Offerings(OfferingsPage{Page: samplePage("Webinars"), Cards: []OfferingCard{card}, Past: true, Feed: "/offerings/feed.ics"}),
		"offerings-no-match":     Offerings(OfferingsPage{Page: samplePage("Webinars"), Query: "zebra", Narrow: true, Feed: "/offerings/feed.ics"}),
		"offerings-empty":        Offerings(OfferingsPage{Page: samplePage("Webinars"), Feed: "/offerings/feed.ics"}),
		"offering-access":        AccessRequest(AccessRequestPage{Page: samplePage("Ask"), Offering: o, To: "/offerings/x/access"}),
		"offering-access-wrong":  AccessRequest(AccessRequestPage{Page: sorry, Offering: o, To: "/offerings/x/access", Name: "Jo <b>", Reasons: wrong[:1]}),
		"offering-access-sent":   AccessRequest(AccessRequestPage{Page: samplePage("Ask"), Offering: o, Sent: true}),
		"offerings-staff":        StaffOfferings(StaffOfferingsPage{Page: samplePage("Webinars"), Rows: []StaffOfferingRow{{Offering: o}, {Offering: planned}}, Zone: central}),
		"offerings-staff-empty":  StaffOfferings(StaffOfferingsPage{Page: samplePage("Webinars"), Zone: central}),
		"offering-staff-planned": StaffOffering(staff),
		"offering-edit": OfferingEdit(OfferingEditPage{
			Page: sorry, Offering: o, Parts: []EditPart{{Title: "Content", Controls: []Control{{Name: "title", Label: "Title", Value: o.Title}, {Name: "text", Label: "Text"}}}},
			Prices: []PriceLine{{"nonmember", "Nonmember", "1", "9", "79"}, {}}, Reasons: wrong,
		}),
	}
	for _, a := range domain.OfferingActions() {
		if a == domain.EditOffering {
			continue
		}
		all["offering-move-"+string(a)] = OfferingMove(OfferingMovePage{
			Page: samplePage(a.Label()), Offering: o, Action: a, Effect: "What it does.", Reason: Control{Name: "reason", Label: "Why?"}, Date: Control{Name: "date", Label: "Day", Type: "date"},
			Clock: Control{Name: "time", Label: "Time", Type: "time"}, Speakers: []domain.Speaker{{ID: "s1", Name: "Teodora Vance"}},
		})
	}
	for _, s := range domain.OfferingStatuses() {
		all["offering-"+string(s)] = OfferingView(sampleOfferingPage(s))
	}
	return all
}

// TestEventData reads a webinar's data as a search engine would: out of the page's
// script element, as JSON. What people typed cannot end the element.
func TestEventData(t *testing.T) {
	t.Parallel()
	page := render(t, OfferingView(sampleOfferingPage(domain.OfferingPublished)))
	var found []*html.Node
	for _, n := range elements(t, page) {
		if n.Data == "script" && attr(n, "type") == "application/ld+json" {
			found = append(found, n)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d elements of data", len(found))
	}
	var event struct {
		Type      string `json:"@type"`
		Name      string
		StartDate string
		EndDate   string
		Status    string `json:"eventStatus"`
		Teaches   []string
		About     []string
		Location  struct{ Type, URL string }
		Performer []struct{ Name, JobTitle string }
		Offers    []struct{ Price, PriceCurrency, Availability, ValidThrough string }
		Text      string   `json:"description"`
		Features  []string `json:"accessibilityFeature"`
	}
	if err := json.Unmarshal([]byte(found[0].FirstChild.Data), &event); err != nil {
		t.Fatal(err)
	}
	o := sampleWebinar()
	switch {
	case event.Type != "EducationEvent" || event.Name != o.Title || event.Text != o.ShortDescription:
		t.Errorf("%+v", event)
	case event.StartDate != "2027-05-20T13:00:00-05:00" || event.EndDate != "2027-05-20T14:00:00-05:00":
		t.Errorf("from %s to %s", event.StartDate, event.EndDate)
	case event.Status != "https://schema.org/EventScheduled" || len(event.Teaches) != 2 || len(event.Features) != 1:
		t.Errorf("%+v", event)
	case event.Performer[0].JobTitle != "Associate Professor, Head of Instruction, First-Year Experience Librarian":
		t.Errorf("performer %+v", event.Performer[0])
	case len(event.Offers) != 3 || event.Offers[0].Price != "49.00" || event.Offers[0].Availability != "https://schema.org/InStock" || event.Offers[0].ValidThrough != event.StartDate:
		t.Errorf("offers %+v", event.Offers)
	}
}

// TestOfferingParts looks for every part of a webinar's page.
func TestOfferingParts(t *testing.T) {
	t.Parallel()
	page := render(t, OfferingView(sampleOfferingPage(domain.OfferingPublished)))
	for _, want := range []string{
		"Learning outcomes", "Target audience", "Presenters", "First-Year Experience Librarian", "Good to know", "Speakers or a headset.", "Closed captions in English.",
		"access@example.org", "webinars@example.org", "10 or more", "By quote", ">Register</button>", "<b>11 a.m.</b>", "<b>noon</b>", "<b>1 p.m.</b>", "<b>2 p.m.</b>",
		"5 seats to 9", "$45", "Thu, May 20, 2027, 1:00 p.m. Central", "by", "Thu, May 6, 2027",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for status, without := range map[domain.OfferingStatus]string{domain.OfferingClosed: ">Register</button>", domain.OfferingCancelled: "Add to calendar"} {
		if strings.Contains(render(t, OfferingView(sampleOfferingPage(status))), without) {
			t.Errorf("a webinar that is %s still has %q", status, without)
		}
	}
	if strings.Contains(page, "meet.example.org") {
		t.Error("the join link is on the public page")
	}
}
