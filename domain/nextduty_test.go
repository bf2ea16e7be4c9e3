package domain

import (
	"testing"
	"time"
)

func TestStandingNext(t *testing.T) {
	t.Parallel()
	day := func(d Date) *time.Time { at := d.Midnight(time.UTC); return &at }
	annual := Duty{VenueID: "annual", Required: 2, Counted: 1, OpensAt: day("2026-08-17"), ClosesAt: day("2026-09-22")}
	webinar := Duty{VenueID: "webinar", Required: 2, OpensAt: day("2026-12-01"), ClosesAt: day("2027-02-01")}
	forum := Duty{VenueID: "forum", Required: 1, OpensAt: day("2027-02-01"), ClosesAt: day("2027-04-01")}
	undated := Duty{VenueID: "later", Required: 1}
	s := Standing{Duties: []Duty{undated, forum, webinar, annual}}
	for _, c := range []struct {
		now  Date
		want string
	}{
		{"2026-09-18", "annual"}, {"2026-09-22", "webinar"}, {"2026-10-01", "webinar"}, {"2027-02-01", "forum"}, {"2027-04-01", ""},
	} {
		d, has := s.Next(*day(c.now))
		if d.VenueID != c.want || has != (c.want != "") {
			t.Errorf("on %s next is %q, want %q", c.now, d.VenueID, c.want)
		}
	}
	annual.Counted = 2
	if d, _ := (Standing{Duties: []Duty{annual, forum}}).Next(*day("2026-09-18")); d.VenueID != "forum" {
		t.Errorf("a duty that is met comes next: %q", d.VenueID)
	}
}

func TestDutyNamed(t *testing.T) {
	t.Parallel()
	venues := map[string]string{"annual": "ALA Annual", "forum": "Core Forum", "webinar": "Webinars"}
	for item, want := range map[string]string{
		"Submit proposals for ALA Annual":         "annual",
		"Submit webinar proposals":                "webinar",
		"Submit proposals for Core Forum, in May": "forum",
		"Finalize proposal ideas for ALA Annual":  "",
		"Attend Core Forum":                       "",
		"Submit the report":                       "",
	} {
		if got := DutyNamed(item, venues); got != want {
			t.Errorf("%q speaks of %q, want %q", item, got, want)
		}
	}
}
