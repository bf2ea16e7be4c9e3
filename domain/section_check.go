package domain

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"
)

// Check names every mistake of a section file at once, each with a JSON pointer
// to its place (/calls/3/last). All reasons are Invalid; nil means that the file can be loaded.
func (s SectionSpec) Check() []Reason {
	return slices.Concat(s.checkSection(), s.checkGroups(), s.checkVenues(), s.checkForms(),
		s.checkQuotas(), s.checkCalls(), s.checkChecklist())
}

// findings gathers reasons about one place of the file.
type findings struct {
	at      string
	reasons []Reason
}

func (f *findings) need(ok bool, key, code, detail string, args ...any) {
	if !ok {
		f.reasons = append(f.reasons, Wrong(f.at+"/"+key, code, detail, args...))
	}
}

func (f *findings) slug(key, slug string) {
	f.need(slugs.MatchString(slug), key, "not_a_slug", "“%s” cannot be part of an address. Use small letters, digits, - and _.", shorten(slug))
}

func (f *findings) text(key, text string) {
	f.need(!blank(text), key, "required", "The %s is missing.", key)
}

func (f *findings) zone(zone string) {
	_, err := time.LoadLocation(zone)
	f.need(err == nil && zone != "" && zone != "Local", "zone", "unknown_zone", "“%s” is not a time zone such as America/Chicago.", shorten(zone))
}

func (f *findings) oneOf(key, value string, options ...string) {
	f.need(slices.Contains(options, value), key, "not_an_option", "“%s” is not one of %q.", shorten(value), options)
}

// once names what stands twice; seen is what stood before, by name.
func (f *findings) once(seen map[string]bool, key, value string) {
	f.need(!seen[value], key, "repeated", "“%s” stands here twice.", shorten(value))
	seen[value] = true
}

var slugs = regexp.MustCompile(`^[a-z0-9]+([-_][a-z0-9]+)*$`)

func (s SectionSpec) checkSection() []Reason {
	var f findings
	f.slug("slug", s.Slug)
	f.text("name", s.Name)
	f.text("short_name", s.ShortName)
	f.zone(s.Zone)
	f.text("contact", s.Contact)
	set := s.Chosen()
	f.oneOf("settings/gate", set.Gate, "strict", "due_so_far")
	f.oneOf("settings/own_speakers_only", set.OwnSpeakersOnly, "warn", "block")
	f.oneOf("settings/co_sponsors", set.CoSponsors, "lead", "each")
	f.need(set.StipendCents > 0, "settings/stipend_cents", "out_of_range", "A stipend is more than nothing.")
	f.need(set.StipendCap > 0 && set.StipendCap <= 3, "settings/stipend_cap", "out_of_range", "One to three stipends can be given for a webinar.")
	f.need(set.StipendPersonCap >= 0, "settings/stipend_person_cap", "out_of_range", "A limit for one person is 1 or more; leave it out for none.")
	for _, y := range slices.Sorted(maps.Keys(set.StipendCentsIn)) {
		f.need(y.Valid() && set.StipendCentsIn[y] > 0, "settings/stipend_cents_in", "out_of_range", "“%s” is not a program year with an amount in cents, such as 2027-28: 20000.", shorten(string(y)))
	}
	for _, y := range slices.Sorted(maps.Keys(set.TaxThresholds)) {
		f.need(y > 1900 && y < 3000 && set.TaxThresholds[y] > 0, "settings/tax_thresholds", "out_of_range", "%d is not a calendar year with an amount in cents, such as 2026: 200000.", y)
	}
	f.oneOf("settings/group_conflict", set.GroupConflict, "block", "disclose")
	f.need(set.ReviewMinimum > 0, "settings/review_minimum", "out_of_range", "A recommendation needs one review or more.")
	f.sale(set.Sale)
	f.need(set.CommitteeMin <= set.CommitteeMax, "settings/committee_min", "min_over_max", "A committee’s least size is over its greatest.")
	return append(f.reasons, optionsCheck("/topics", s.Topics)...)
}

func (f *findings) sale(s SaleSettings) {
	seen := map[string]bool{}
	for _, c := range s.Classes {
		f.slug("settings/sale/classes", c.ID)
		f.once(seen, "settings/sale/classes", c.ID)
		f.text("settings/sale/classes", c.Label)
		f.need(c.Cents >= 0 && c.Cents <= maxUnitCents, "settings/sale/classes", "out_of_range", "A seat costs between $0 and %s.", Dollars(maxUnitCents))
	}
	f.need(seen[Nonmember], "settings/sale/classes", "required", "There has to be a price for the class %s.", Nonmember)
	f.need(s.Capacity >= 1 && s.Capacity <= Unlimited, "settings/sale/capacity", "out_of_range", "A webinar has between 1 and %d seats.", Unlimited)
	f.need(s.QuoteFrom >= 2, "settings/sale/quote_from", "out_of_range", "Quotes begin at two seats or more.")
	f.need(s.QuoteHoldPct >= 0 && s.QuoteHoldPct <= 100, "settings/sale/quote_hold_pct", "out_of_range", "Quotes hold between 0 and 100 percent of the seats.")
	f.need(s.HoldMinutes >= 5 && s.HoldMinutes <= 1440, "settings/sale/hold_minutes", "out_of_range", "Seats are held for between 5 and 1440 minutes.")
}

func (s SectionSpec) checkGroups() []Reason {
	seen := map[string]bool{}
	var reasons []Reason
	for i, g := range s.Groups {
		f := findings{at: fmt.Sprintf("/groups/%d", i)}
		f.slug("slug", g.Slug)
		f.once(seen, "slug", g.Slug)
		f.text("name", g.Name)
		f.oneOf("kind", string(g.Kind), string(Committee), string(InterestGroup), string(WorkingGroup), string(Leadership))
		f.oneOf("status", string(g.Status), "", string(GroupActive), string(GroupMerging), string(GroupInactive))
		known := slices.ContainsFunc(s.Groups, func(o GroupSpec) bool { return o.Slug == g.Successor && o.Slug != g.Slug })
		f.need(g.Successor == "" || known, "successor", "unknown_group", "There is no other group “%s” in this file.", shorten(g.Successor))
		reasons = append(reasons, f.reasons...)
	}
	return reasons
}

func (s SectionSpec) checkVenues() []Reason {
	ids, letters := map[string]bool{}, map[string]bool{}
	var reasons []Reason
	for i, v := range s.Venues {
		f := findings{at: fmt.Sprintf("/venues/%d", i)}
		f.slug("id", v.ID)
		f.once(ids, "id", v.ID)
		f.text("name", v.Name)
		f.need(len(v.Letter) == 1 && v.Letter >= "A" && v.Letter <= "Z", "letter", "not_a_letter", "A venue’s references need one capital letter.")
		f.once(letters, "letter", v.Letter)
		f.oneOf("decider", string(v.Decider), string(DecidedOutside), string(DecidedByForum), string(DecidedByStaff))
		for _, to := range v.CarryTo {
			_, known := s.Venue(to)
			f.need(known, "carry_to", "unknown_venue", "There is no venue “%s” in this file.", shorten(to))
		}
		f.need(len(v.Formats) > 0, "formats", "required", "A venue needs a format.")
		f.formats(v.Formats)
		f.rubric(v.Rubric)
		reasons = append(reasons, f.reasons...)
	}
	return reasons
}

func (f *findings) formats(formats []FormatSpec) {
	seen := map[string]bool{}
	for i, format := range formats {
		key := fmt.Sprintf("formats/%d", i)
		f.slug(key+"/id", format.ID)
		f.once(seen, key+"/id", format.ID)
		f.text(key+"/name", format.Name)
	}
}

func (s SectionSpec) checkQuotas() []Reason {
	seen := map[string]bool{}
	var reasons []Reason
	for i, q := range s.Quotas {
		f := findings{at: fmt.Sprintf("/quotas/%d", i)}
		v, known := s.Venue(q.Venue)
		f.need(known, "venue", "unknown_venue", "There is no venue “%s” in this file.", shorten(q.Venue))
		f.once(seen, "venue", q.Venue)
		f.need(q.Required > 0, "required", "out_of_range", "A quota is at least 1.")
		counts := slices.ContainsFunc(v.Formats, func(t FormatSpec) bool { return t.Counts })
		f.need(!known || counts, "venue", "nothing_counts", "No format of “%s” counts toward its quota.", shorten(q.Venue))
		reasons = append(reasons, f.reasons...)
	}
	return reasons
}

func (s SectionSpec) checkCalls() []Reason {
	seen := map[string]bool{}
	var reasons []Reason
	for i, c := range s.Calls {
		f := findings{at: fmt.Sprintf("/calls/%d", i)}
		f.slug("slug", c.Slug)
		f.once(seen, "slug", c.Slug)
		f.text("name", c.Name)
		v, known := s.Venue(c.Venue)
		f.need(known, "venue", "unknown_venue", "There is no venue “%s” in this file.", shorten(c.Venue))
		f.need(!known || v.Has(c.Format), "format", "unknown_format", "“%s” has no format “%s”.", v.Name, shorten(c.Format))
		_, known = s.Form(c.Form)
		f.need(known, "form", "unknown_form", "There is no form “%s” in this file.", shorten(c.Form))
		f.need(c.Year.Valid(), "year", "not_a_year", "“%s” is not a program year such as 2026-27.", shorten(string(c.Year)))
		f.zone(c.Zone)
		f.window(c)
		reasons = append(reasons, f.reasons...)
		reasons = append(reasons, placed(f.at, CheckPhases(c.Phases))...)
	}
	return reasons
}

// placed puts reasons under a place of the file.
func placed(place string, why []Reason) []Reason {
	for i := range why {
		why[i].Pointer = place + why[i].Pointer
	}
	return why
}

func (f *findings) window(c CallSpec) {
	f.need((c.First == "") == (c.Last == ""), "last", "half_a_window", "Give both the first and the last day, or neither.")
	f.date("first", c.First)
	f.date("last", c.Last)
	f.date("event_on", c.EventOn)
	f.need(c.First == "" || c.Last == "" || c.First <= c.Last, "last", "window_reversed", "The window closes on %s, before it opens on %s.", c.Last, c.First)
	f.need(c.Grace >= 0, "grace", "out_of_range", "The grace is a number of minutes, 0 or more.")
}

func (f *findings) date(key string, d Date) {
	f.need(d == "" || d.Valid(), key, "not_a_date", "“%s” is not a day such as 2026-09-21.", shorten(string(d)))
}

func (s SectionSpec) checkChecklist() []Reason {
	seen := map[string]bool{}
	var reasons []Reason
	for i, c := range s.Checklist {
		f := findings{at: fmt.Sprintf("/checklist/%d", i)}
		f.need(c.Month >= 1 && c.Month <= 12, "month", "out_of_range", "A month is a number from 1 to 12.")
		f.once(seen, "month", time.Month(c.Month).String())
		for j, item := range c.Items {
			f.need(!blank(item), fmt.Sprintf("items/%d", j), "required", "This item says nothing.")
		}
		reasons = append(reasons, f.reasons...)
	}
	return reasons
}
