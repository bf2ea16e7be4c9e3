package api

import (
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

func (s *Server) offeringEditPage(c *Call) error {
	return s.showOfferingEdit(c, again{status: http.StatusOK})
}

// showOfferingEdit shows the form as the webinar is, or with what was typed and
// every reason.
func (s *Server) showOfferingEdit(c *Call, back again) error {
	v, err := s.ran(c)
	if err != nil {
		return err
	}
	for _, open := range v.Open {
		if open.Action == domain.EditOffering && len(open.Reasons) > 0 {
			return domain.Refuse(open.Reasons...)
		}
	}
	form := editForm{typed: back.typed, why: back.why}
	if form.typed == nil {
		form.typed = offeringForm(v)
	}
	p := web.OfferingEditPage{
		Page: c.frame("Edit the webinar", webinarsCrumb, web.Link{Label: v.Title, Href: web.StaffOfferingHref(v.Offering)}), Offering: v.Offering,
		Parts: form.parts(v), Prices: priceLines(form.typed), POs: form.ticked("po_allowed"), PONeeds: form.ticked("po_number_needed"), Again: form.ticked("take_presenters"),
		Reasons: back.why,
	}
	p.HasErrors = len(back.why) > 0
	return c.show(back.status, web.OfferingEdit(p))
}

// offeringForm is a webinar as the fields of its form.
func offeringForm(v workflows.OfferingView) url.Values {
	f := url.Values{
		"title": {v.Title}, "short_description": {v.ShortDescription}, "description": {v.Description}, "outcomes": {strings.Join(v.Outcomes, "\n")}, "audience": {v.Audience},
		"level": {v.Level}, "captions": {v.Captions}, "recording": {v.Recording}, "recording_url": {v.RecordingURL}, "platform": {v.Platform}, "tech": {v.Tech},
		"join_url": {v.JoinURL}, "price_contact": {v.PriceContact}, "access_contact": {v.AccessContact}, "zone": {v.Zone},
	}
	for name, n := range map[string]int{"minutes": v.Minutes, "capacity": v.Capacity, "quote_from": v.QuoteFrom, "quote_hold_pct": v.QuoteHoldPct, "hold_minutes": v.HoldMinutes, "min_minutes": v.MinMinutes} {
		f.Set(name, strconv.Itoa(n))
	}
	f.Set("credit_limit", dollarsTyped(v.CreditLimitCents))
	for name, at := range map[string]*time.Time{"": v.StartsAt, "sales_open_": v.SalesOpenAt, "sales_close_": v.SalesCloseAt} {
		if at != nil {
			local := at.In(domain.Zone(v.Zone))
			f.Set(name+"date", local.Format(time.DateOnly))
			f.Set(name+"time", local.Format("15:04"))
		}
	}
	for name, yes := range map[string]bool{"po_allowed": v.POAllowed, "po_number_needed": v.PONumberNeeded} {
		if yes {
			f.Set(name, "yes")
		}
	}
	for _, t := range v.Tiers {
		f.Add("price_class", t.RateClass)
		f.Add("price_label", t.Label)
		f.Add("price_min", strconv.Itoa(t.MinSeats))
		f.Add("price_max", strconv.Itoa(t.MaxSeats))
		f.Add("price_dollars", dollarsTyped(t.UnitCents))
	}
	return f
}

// dollarsTyped is an amount as one types it: 49, or 49.50.
func dollarsTyped(cents int) string { return strings.TrimPrefix(domain.Dollars(cents), "$") }

// centsOf reads an amount as one types it. False when it is none.
func centsOf(typed string) (int, bool) {
	n, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimPrefix(strings.TrimSpace(typed), "$"), ",", ""), 64)
	cents := math.Round(n * 100)
	return int(cents), err == nil && n >= 0 && n < 1e9 && math.Abs(cents-n*100) < 1e-6
}

// editForm draws the fields of the form.
type editForm struct {
	typed url.Values
	why   []domain.Reason
}

func (f editForm) ticked(name string) bool { return f.typed.Get(name) == "yes" }

func (f editForm) field(name, label, hint string, more web.Control) web.Control {
	more.Name, more.Label, more.Hint, more.Value, more.Errors = name, label, hint, f.typed.Get(name), says(f.why, "/"+name)
	return more
}

// afterwards is what can still change of a webinar that took place.
func (f editForm) afterwards() []web.EditPart {
	mail := web.Control{Type: "email", Class: "w-p"}
	return []web.EditPart{
		{Title: "Recording", Note: "Everybody with a seat is told once the link is here.", Controls: []web.Control{
			f.field("recording_url", "Link to the recording", "Only people with a seat see it.", web.Control{Type: "url"}),
			f.field("recording", "What people with a seat get of the recording", "", web.Control{Rows: 2}),
		}},
		{Title: "Contacts", Controls: []web.Control{
			f.field("price_contact", "Contact for prices and orders", "", mail),
			f.field("access_contact", "Access contact", "Whom to ask for a transcript or other help.", mail),
		}},
	}
}

func (f editForm) parts(v workflows.OfferingView) []web.EditPart {
	if v.Status == domain.OfferingDelivered {
		return f.afterwards()
	}
	short, day, clock, digits := web.Control{Class: "w-m"}, web.Control{Class: "w-m", Type: "date"}, web.Control{Class: "w-m", Type: "time"}, web.Control{Class: "w-s", InputMode: "numeric"}
	zone := f.field("zone", "Time zone", "", web.Control{Class: "w-m", Options: zones})
	when := web.EditPart{Title: "Time", Controls: []web.Control{f.field("date", "Day", "", day), f.field("time", "Starts at", "In the time zone below.", clock), zone, f.field("minutes", "Minutes", "", digits)}}
	if v.Status != domain.OfferingPlanned {
		when = web.EditPart{Title: "Time", Note: "It is on sale. Give it another time with Reschedule, so that everybody with a seat is told.", Controls: []web.Control{f.field("minutes", "Minutes", "", digits)}}
	} else if wished := preferred(v); wished != "" {
		when.Note = "The proposal prefers " + wished + "."
	}
	return []web.EditPart{
		when,
		{Title: "Access", Note: "A webinar without captions does not go on sale.", Controls: []web.Control{
			f.field("captions", "Captions", "How they are given: “Closed captions in English are on.”", web.Control{}),
			f.field("access_contact", "Access contact", "Whom to ask for sign language, a transcript or other help.", web.Control{Type: "email", Class: "w-p"}),
		}},
		{Title: "Seats", Controls: []web.Control{
			f.field("capacity", "Seats", "1000000: without a limit.", digits),
			f.field("quote_from", "Seats from which the price is a quote", "", digits),
			f.field("quote_hold_pct", "Of all seats, percent that quotes may hold", "", digits),
			f.field("hold_minutes", "Minutes a seat is held while somebody pays", "", digits),
			f.field("credit_limit", "Dollars up to which a purchase order is accepted at once", "0: staff accept each one.", web.Control{Class: "w-s", InputMode: "decimal"}),
			f.field("price_contact", "Contact for prices and orders", "", web.Control{Type: "email", Class: "w-p"}),
			f.field("sales_open_date", "Registration opens on", "Empty: when it is published.", day), f.field("sales_open_time", "At", "", clock),
			f.field("sales_close_date", "Registration closes on", "Empty: at the start.", day), f.field("sales_close_time", "At", "", clock),
		}},
		{Title: "Links", Controls: []web.Control{
			f.field("platform", "Platform", "", short),
			f.field("join_url", "Join link", "Only people with a seat see it.", web.Control{Type: "url"}),
			f.field("recording_url", "Link to the recording", "Only people with a seat see it.", web.Control{Type: "url"}),
			f.field("min_minutes", "Minutes to attend for a certificate", "", digits),
		}},
		{Title: "Text", Note: "Carried over from the proposal.", Controls: []web.Control{
			f.field("title", "Title", "", web.Control{MaxChars: 200}),
			f.field("short_description", "Short description", "For the catalogue and search engines.", web.Control{Rows: 3}),
			f.field("description", "Description", "You can use **bold**, lists and links.", web.Control{Rows: 12}),
			f.field("outcomes", "Learning outcomes", "One on each line.", web.Control{Rows: 6}),
			f.field("audience", "Target audience", "", web.Control{}),
			f.field("level", "Level", "", short),
			f.field("tech", "What listening needs", "", web.Control{Rows: 3}),
			f.field("recording", "What people with a seat get of the recording", "", web.Control{Rows: 2}),
		}},
	}
}

// preferred are the days that the proposal prefers, in words.
func preferred(v workflows.OfferingView) string {
	var days []string
	for _, d := range v.Preferred {
		days = append(days, domain.Date(d).Words())
	}
	return domain.OrList(days)
}

// blankPrices is how many empty lines the price table's form has.
const blankPrices = 2

func priceLines(typed url.Values) []web.PriceLine {
	at := func(name string, i int) string {
		if i < len(typed[name]) {
			return typed[name][i]
		}
		return ""
	}
	var all []web.PriceLine
	for i := range typed["price_dollars"] {
		l := web.PriceLine{Class: at("price_class", i), Label: at("price_label", i), Min: at("price_min", i), Max: at("price_max", i), Dollars: at("price_dollars", i)}
		if l.Label+l.Dollars+l.Class != "" {
			all = append(all, l)
		}
	}
	return append(all, make([]web.PriceLine, blankPrices)...)
}

func (s *Server) offeringEdited(c *Call) error {
	form, why, err := c.form()
	if err != nil {
		return err
	}
	v, err := s.ran(c)
	if err != nil {
		return err
	}
	r := editReader{form: form, why: why, zone: v.Zone}
	change := r.change(v.Offering)
	if err = domain.Refuse(r.why...); err == nil {
		v, err = s.offerings().Edit(c.Ctx(), c.Actor, v.ID, change)
	}
	if status, reasons, ok := refused(err); ok {
		return s.showOfferingEdit(c, again{status: status, why: reasons, typed: form})
	}
	if err != nil {
		return err
	}
	c.flash("Saved.")
	return c.see(web.StaffOfferingHref(v.Offering))
}

// editReader reads the form of a webinar, and gathers what it cannot read.
type editReader struct {
	form url.Values
	zone string
	why  []domain.Reason
}

func (r *editReader) text(name string) *string {
	said := strings.TrimSpace(r.form.Get(name))
	return &said
}

func (r *editReader) number(name string) *int {
	n, err := strconv.Atoi(strings.ReplaceAll(strings.TrimSpace(r.form.Get(name)), ",", ""))
	if err != nil {
		r.why = append(r.why, domain.Wrong("/"+name, "not_a_number", "Write a whole number."))
	}
	return &n
}

// instant reads a day and a time of day; nothing typed clears it.
func (r *editReader) instant(prefix string) **time.Time {
	var at *time.Time
	day, clock := r.form.Get(prefix+"date"), r.form.Get(prefix+"time")
	if day+clock == "" {
		return &at
	}
	t, wrong := domain.StartAt(domain.Date(day), clock, r.zone)
	for _, w := range wrong {
		w.Pointer = strings.Replace(strings.Replace(w.Pointer, "/date", "/"+prefix+"date", 1), "/time", "/"+prefix+"time", 1)
		r.why = append(r.why, w)
	}
	at = &t
	return &at
}

func (r *editReader) change(o domain.Offering) workflows.OfferingChange {
	if o.Status == domain.OfferingDelivered {
		return workflows.OfferingChange{
			Version: number(r.form.Get("version")), Recording: r.text("recording"), RecordingURL: r.text("recording_url"), PriceContact: r.text("price_contact"), AccessContact: r.text("access_contact"),
		}
	}
	po, needed := r.form.Get("po_allowed") == "yes", r.form.Get("po_number_needed") == "yes"
	outcomes := linesOf(r.form.Get("outcomes"))
	c := workflows.OfferingChange{
		Version: number(r.form.Get("version")), Title: r.text("title"), ShortDescription: r.text("short_description"), Description: r.text("description"), Outcomes: &outcomes,
		Audience: r.text("audience"), Level: r.text("level"), Minutes: r.number("minutes"), Capacity: r.number("capacity"), Captions: r.text("captions"), Recording: r.text("recording"),
		RecordingURL: r.text("recording_url"), Platform: r.text("platform"), Tech: r.text("tech"), JoinURL: r.text("join_url"), PriceContact: r.text("price_contact"),
		AccessContact: r.text("access_contact"), POAllowed: &po, PONumberNeeded: &needed, QuoteFrom: r.number("quote_from"), QuoteHoldPct: r.number("quote_hold_pct"),
		HoldMinutes: r.number("hold_minutes"), MinMinutes: r.number("min_minutes"), Presenters: r.form.Get("take_presenters") == "yes", Tiers: r.prices(),
	}
	if o.Status == domain.OfferingPlanned {
		c.Zone = r.text("zone")
		r.zone = *c.Zone
		c.StartsAt = r.instant("")
	}
	c.SalesOpenAt, c.SalesCloseAt = r.instant("sales_open_"), r.instant("sales_close_")
	limit, ok := centsOf(r.form.Get("credit_limit"))
	if !ok {
		r.why = append(r.why, domain.Wrong("/credit_limit", "not_an_amount", "Write an amount in dollars, such as 500."))
	}
	c.CreditLimitCents = &limit
	return c
}

// prices are the lines of the price table that have a price. A line of a new kind
// of buyer is named after its label.
func (r *editReader) prices() *[]domain.PriceTier {
	tiers := []domain.PriceTier{}
	for i, l := range priceLines(r.form) {
		if strings.TrimSpace(l.Dollars) == "" {
			continue
		}
		cents, ok := centsOf(l.Dollars)
		least, err := strconv.Atoi(strings.TrimSpace(l.Min))
		most, err2 := strconv.Atoi(strings.TrimSpace(l.Max))
		if !ok || err != nil || err2 != nil {
			r.why = append(r.why, domain.Wrong("/prices/"+strconv.Itoa(i)+"/unit_cents", "not_an_amount", "Price %d: write the seats as whole numbers, and the price in dollars, such as 49.", i+1))
			continue
		}
		class := l.Class
		if class == "" {
			class = strings.ReplaceAll(domain.Slug(l.Label, strconv.Itoa(i+1)), "-", "_")
		}
		tiers = append(tiers, domain.PriceTier{RateClass: class, Label: strings.TrimSpace(l.Label), MinSeats: least, MaxSeats: most, UnitCents: cents, SortOrder: i + 1})
	}
	return &tiers
}
