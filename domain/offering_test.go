package domain

import (
	"slices"
	"testing"
	"time"
)

var (
	saleNow   = time.Date(2027, 4, 5, 18, 0, 0, 0, time.UTC)
	saleStart = time.Date(2027, 5, 20, 18, 0, 0, 0, time.UTC)
)

func planned() (Offering, OfferingFacts) {
	start := saleStart
	o := Offering{
		ID: "o1", Version: 3, Status: OfferingPlanned, Title: "Budgeting", Description: "What happens.", StartsAt: &start, Minutes: 60, Zone: "America/Chicago",
		Capacity: 100, Captions: "Live captions in English", AccessContact: "access@example.org", QuoteFrom: 10, MaxSelfServe: 9, QuoteHoldPct: 50, HoldMinutes: 35,
	}
	f := OfferingFacts{
		Actor: Actor{ID: "fay", Roles: []Role{Staff}}, Now: saleNow, Proposal: Proposal{State: Accepted},
		Speakers: []Speaker{{ID: "s1", Role: Speaks, Name: "Ana Reyes", Answer: Confirmed}},
		Tiers:    UsualTiers("o1", DefaultSale().Classes, 9),
	}
	return o, f
}

func codes(why []Reason) []string {
	var all []string
	for _, r := range why {
		all = append(all, r.Code)
	}
	return all
}

// TestPublishListsWhatIsMissing empties an offering and expects every gap at once.
func TestPublishListsWhatIsMissing(t *testing.T) {
	t.Parallel()
	o, f := planned()
	if why := o.Why(PublishOffering, f); why != nil {
		t.Fatalf("complete, and refused: %v", why)
	}
	o.StartsAt, o.Captions, o.Description, o.AccessContact = nil, " ", "", ""
	f.Tiers, f.Speakers[0].Answer = nil, Invited
	want := []string{"date_missing", "captions_missing", "prices_missing", "description_missing", "access_contact_missing", "confirmed_speaker_missing"}
	if got := codes(o.Why(PublishOffering, f)); !slices.Equal(got, want) {
		t.Errorf("missing: %v\nwant:    %v", got, want)
	}
}

func TestPublishRefusals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Offering, *OfferingFacts)
		want   string
	}{
		"day is over":         {func(o *Offering, f *OfferingFacts) { f.Now = *o.StartsAt }, "date_over"},
		"a name is missing":   {func(_ *Offering, f *OfferingFacts) { f.Speakers = append(f.Speakers, Speaker{ToBeNamed: true}) }, "speaker_name_missing"},
		"only the moderator":  {func(_ *Offering, f *OfferingFacts) { f.Speakers[0].Role = Moderates }, "confirmed_speaker_missing"},
		"no nonmember price":  {func(_ *Offering, f *OfferingFacts) { f.Tiers = f.Tiers[:2] }, "prices_missing"},
		"no price for 9":      {func(_ *Offering, f *OfferingFacts) { f.Tiers[0].MaxSeats = 8 }, "prices_missing"},
		"proposal cancelled":  {func(_ *Offering, f *OfferingFacts) { f.Proposal.State = Cancelled }, "not_a_selected_webinar"},
		"not staff":           {func(_ *Offering, f *OfferingFacts) { f.Actor.Roles = []Role{Finance} }, "not_your_move"},
		"somebody changed it": {func(_ *Offering, f *OfferingFacts) { f.Expect = 2 }, "stale_version"},
		"it is on sale":       {func(o *Offering, _ *OfferingFacts) { o.Status = OfferingPublished }, "not_from_here"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, f := planned()
			c.change(&o, &f)
			if got := codes(o.Why(PublishOffering, f)); !slices.Equal(got, []string{c.want}) {
				t.Errorf("refused with %v, not %s", got, c.want)
			}
		})
	}
}

// TestOfferingTable tries every action from every status: the table's outcome, or
// a refusal that names what is possible.
func TestOfferingTable(t *testing.T) {
	t.Parallel()
	later := saleStart.Add(24 * time.Hour)
	for _, status := range OfferingStatuses() {
		for _, a := range OfferingActions() {
			o, f := planned()
			o.Status = status
			f.Input = OfferingInput{Reason: "The speaker is ill.", StartsAt: &later, Presented: []string{"s1"}}
			if a == DeliverOffering {
				f.Now = saleStart
			}
			i := slices.IndexFunc(OfferingMoves, func(m OfferingMove) bool { return m.Action == a && slices.Contains(m.From, status) })
			err := o.Do(a, f)
			if i < 0 {
				if !IsKind(err, Conflict) || o.Status != status || o.Version != 3 {
					t.Errorf("%s from %s: %v, now %s", a, status, err, o.Status)
				}
				continue
			}
			want := OfferingMoves[i].To
			if want == "" {
				want = status
			}
			if err != nil || o.Status != want || o.Version != 4 {
				t.Errorf("%s from %s: %v, now %s version %d", a, status, err, o.Status, o.Version)
			}
		}
	}
}

func TestReschedule(t *testing.T) {
	t.Parallel()
	o, f := planned()
	closes := saleStart.Add(-48 * time.Hour)
	o.Status, o.SalesCloseAt, o.Sequence = OfferingPublished, &closes, 1
	later := saleStart.Add(7 * 24 * time.Hour)
	f.Input = OfferingInput{Reason: "The speaker is ill.", StartsAt: &later}
	if err := o.Do(RescheduleOffering, f); err != nil {
		t.Fatal(err)
	}
	if !o.StartsAt.Equal(later) || !o.SalesCloseAt.Equal(later.Add(-48*time.Hour)) || o.Sequence != 2 || o.RescheduledAt == nil {
		t.Errorf("moved to %v, sales until %v, sequence %d", o.StartsAt, o.SalesCloseAt, o.Sequence)
	}
	f.Now = later
	f.Input.Reason = ""
	if err := o.Do(RescheduleOffering, f); !IsKind(err, Invalid) {
		t.Errorf("a past time without a reason: %v", err)
	}
}

// TestSells goes along the window of sales, which is half-open.
func TestSells(t *testing.T) {
	t.Parallel()
	o, _ := planned()
	opens, closes := saleNow, saleStart.Add(-time.Hour)
	o.Status, o.SalesOpenAt, o.SalesCloseAt = OfferingPublished, &opens, &closes
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{opens.Add(-time.Nanosecond), "sales_not_open"},
		{opens, ""},
		{closes.Add(-time.Nanosecond), ""},
		{closes, "sales_over"},
	} {
		got := ""
		if why := o.Sells(c.at); why != nil {
			got = why[0].Code
		}
		if got != c.want {
			t.Errorf("at %v: %q, not %q", c.at, got, c.want)
		}
	}
	o.SalesCloseAt = nil
	if why := o.Sells(saleStart); len(why) != 1 || why[0].Code != "sales_over" {
		t.Errorf("at the start: %v", why)
	}
}

func TestTierFor(t *testing.T) {
	t.Parallel()
	tiers := []PriceTier{
		{RateClass: Nonmember, Label: "Nonmember", MinSeats: 1, MaxSeats: 4, UnitCents: 7900},
		{RateClass: Nonmember, Label: "Nonmember", MinSeats: 5, MaxSeats: 9, UnitCents: 7400},
		{RateClass: "ala_member", Label: "ALA member", MinSeats: 1, MaxSeats: 9, UnitCents: 3150},
	}
	for _, c := range []struct {
		class string
		n     int
		cents int
		found bool
	}{
		{Nonmember, 1, 7900, true},
		{Nonmember, 4, 7900, true},
		{Nonmember, 5, 7400, true},
		{Nonmember, 9, 7400, true},
		{Nonmember, 10, 0, false},
		{Nonmember, 0, 0, false},
		{"ala_member", 9, 3150, true},
		{"student", 1, 0, false},
	} {
		tier, found := TierFor(tiers, c.class, c.n)
		if found != c.found || tier.UnitCents != c.cents {
			t.Errorf("%d seats for a %s: %d, %v", c.n, c.class, tier.UnitCents, found)
		}
	}
	if why := CheckTiers(tiers); why != nil {
		t.Errorf("refused: %v", why)
	}
	tiers[1].MinSeats = 4
	tiers[2].UnitCents = -1
	if got := codes(CheckTiers(tiers)); !slices.Equal(got, []string{"prices_overlap", "out_of_range"}) {
		t.Errorf("mistakes: %v", got)
	}
}

// TestStartAt asks again for a time that the clocks skip.
func TestStartAt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		day, clock, zone, want, code string
	}{
		{"2027-05-20", "13:00", "America/Chicago", "2027-05-20T18:00:00Z", ""},
		{"2027-01-20", "13:00", "America/Chicago", "2027-01-20T19:00:00Z", ""},
		{"2027-03-14", "02:30", "America/Chicago", "", "no_such_time"},
		{"2027-03-14", "03:00", "America/Chicago", "2027-03-14T08:00:00Z", ""},
		{"2027-02-30", "13:00", "America/Chicago", "", "not_a_date"},
		{"2027-02-20", "25:00", "America/Chicago", "", "not_a_time"},
		{"2027-02-20", "13:00", "Mars/Olympus", "", "unknown_zone"},
	} {
		at, why := StartAt(Date(c.day), c.clock, c.zone)
		if c.code != "" && !slices.Equal(codes(why), []string{c.code}) || c.code == "" && at.Format(time.RFC3339) != c.want {
			t.Errorf("%s %s in %s: %v, %v", c.day, c.clock, c.zone, at, why)
		}
	}
}

func TestSlug(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{
		"Budgeting for first-time managers": "budgeting-for-first-time-managers",
		"  “Über” — Straße & Café?  ":       "uber-strasse-cafe",
		"日本語":                               "webinar-27-w-006",
		"Know thyself, lead thyself: understanding who you are as a leader in academic libraries": "know-thyself-lead-thyself-understanding-who-you-are-as-a",
	} {
		if got := Slug(title, "27-W-006"); got != want {
			t.Errorf("%q: %q, not %q", title, got, want)
		}
	}
}
