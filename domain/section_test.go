package domain

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

func defaultSection(t *testing.T) SectionSpec {
	t.Helper()
	var s SectionSpec
	decoder := yaml.NewDecoder(bytes.NewReader(DefaultSection))
	decoder.KnownFields(true)
	if err := decoder.Decode(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

func formNamed(t *testing.T, name string) FormSpec {
	t.Helper()
	form, ok := defaultSection(t).Form(name)
	if !ok {
		t.Fatalf("no form %s", name)
	}
	return form.FormSpec
}

func TestDefaultSection(t *testing.T) {
	t.Parallel()
	s := defaultSection(t)
	if reasons := s.Check(); len(reasons) > 0 {
		t.Fatalf("the default section is refused: %v", reasons)
	}
	kinds := map[GroupKind]int{}
	programming := 0
	for _, g := range s.Groups {
		kinds[g.Kind]++
		if g.Programming {
			programming++
			if g.Kind != Committee {
				t.Errorf("%s owes programs, but is no committee (R11)", g.Slug)
			}
		}
	}
	want := map[GroupKind]int{Leadership: 1, Committee: 4, InterestGroup: 6, WorkingGroup: 1}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Error(diff)
	}
	if programming != 4 {
		t.Errorf("%d groups owe programs, want 4", programming)
	}
	chosen := DefaultSettings()
	chosen.Seller = s.Settings.Seller
	if got := s.Chosen(); !reflect.DeepEqual(got, chosen) || got.Seller.RemitTo == "" {
		t.Errorf("settings %+v", got)
	}
	if len(s.Checklist) != 12 || s.Checklist[0].Month != 7 || s.Checklist[11].Month != 6 {
		t.Error("the checklist has not the twelve months from July to June")
	}
}

// The rows of the table of forms: title characters, words of the short and of the
// full description, outcomes, topics, speakers, moderator.
func TestDefaultSection_limits(t *testing.T) {
	t.Parallel()
	type limits struct {
		Title, Short, Full             int
		Outcomes, Topics, Speakers     [2]int
		Moderator, ToBeNamed           bool
		Audience, Level, Interact      bool
		Room, Access, Recording, Email bool
		Length                         [2]int
		Bio, WarnAbove                 int
	}
	table := map[string]limits{
		"annual-session":       {Title: 120, Short: 100, Full: 300, Outcomes: [2]int{3, 3}, Topics: [2]int{1, 5}, Speakers: [2]int{1, 6}, Moderator: true, ToBeNamed: true, Audience: true, Level: true, Interact: true, Room: true, Access: true},
		"annual-preconference": {Title: 120, Short: 100, Full: 500, Outcomes: [2]int{3, 5}, Topics: [2]int{1, 5}, Speakers: [2]int{1, 8}, ToBeNamed: true, Audience: true, Level: true, Interact: true, Room: true, Access: true},
		"forum-breakout":       {Title: 120, Short: 100, Full: 300, Outcomes: [2]int{2, 4}, Topics: [2]int{1, 2}, Speakers: [2]int{1, 4}, Audience: true, Level: true, Interact: true, Room: true, Access: true},
		"forum-poster":         {Title: 120, Short: 75, Full: 200, Outcomes: [2]int{1, 3}, Topics: [2]int{1, 2}, Speakers: [2]int{1, 4}},
		"forum-preconference":  {Title: 120, Short: 100, Full: 500, Outcomes: [2]int{3, 5}, Topics: [2]int{1, 2}, Speakers: [2]int{1, 6}, Audience: true, Level: true, Interact: true, Room: true, Access: true, Length: [2]int{180, 240}},
		"webinar":              {Title: 120, Short: 75, Full: 350, Outcomes: [2]int{3, 5}, Topics: [2]int{1, 3}, Speakers: [2]int{1, 6}, Audience: true, Level: true, Interact: true, Access: true, Length: [2]int{30, 90}, WarnAbove: 3},
	}
	for name, want := range table {
		want.Bio, want.Email, want.Recording = 150, true, true
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := formNamed(t, name)
			field := func(key string) Field { found, _ := f.Field(key); return found }
			got := limits{
				Title: field("title").MaxChars, Short: field("short_description").MaxWords, Full: field("full_description").MaxWords,
				Outcomes: [2]int{field("outcomes").MinItems, field("outcomes").MaxItems},
				Topics:   [2]int{field("tags").MinItems, field("tags").MaxItems},
				Speakers: [2]int{f.Speakers.Min, f.Speakers.Max}, Moderator: f.Speakers.Moderator, ToBeNamed: f.Speakers.ToBeNamed,
				Audience: field("audience").Required, Level: field("level").Required, Interact: field("interaction_plan").Required,
				Room: field("room").Required, Access: field("access_plan").Required, Recording: field("recording_consent").Required,
				Length: [2]int{field("length").Min, field("length").Max}, Email: f.Speakers.NeedEmail,
				Bio: f.Speakers.BioMaxWords, WarnAbove: f.Speakers.WarnAbove,
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDefaultSection_windows(t *testing.T) {
	t.Parallel()
	want := map[string]string{ // UTC: summer time ends Nov 1, 2026 and begins Mar 14, 2027
		"annual-2027-sessions":       "2026-08-17T04:00:00Z 2026-09-22T04:00:00Z",
		"annual-2027-preconferences": "2026-09-21T04:00:00Z 2026-11-19T05:00:00Z",
		"webinars-2026-27":           "2026-12-01T06:00:00Z 2027-02-01T06:00:00Z",
		"forum-2027-breakouts":       "2027-02-01T06:00:00Z 2027-04-01T05:00:00Z",
		"forum-2027-posters":         "2027-02-01T06:00:00Z 2027-04-01T05:00:00Z",
		"forum-2027-preconferences":  "2027-02-01T06:00:00Z 2027-04-01T05:00:00Z",
		"other-divisions-2026-27":    "2026-07-01T05:00:00Z 2027-07-01T05:00:00Z",
	}
	got := map[string]string{}
	for _, c := range defaultSection(t).Calls {
		opens, closes := c.Window()
		if c.Year == "2027-28" {
			if opens != nil || closes != nil {
				t.Errorf("%s is announced", c.Slug)
			}
			continue
		}
		got[c.Slug] = opens.Format(time.RFC3339) + " " + closes.Format(time.RFC3339)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSectionSpec_Check(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		spoil func(*SectionSpec)
		want  string // code and pointer
	}{
		{"no name", func(s *SectionSpec) { s.Name = " " }, "required /name"},
		{"a slug with a slash", func(s *SectionSpec) { s.Slug = "a/b" }, "not_a_slug /slug"},
		{"an unknown zone", func(s *SectionSpec) { s.Zone = "America/Springfield" }, "unknown_zone /zone"},
		{"an unknown gate", func(s *SectionSpec) { s.Settings.Gate = "ajar" }, "not_an_option /settings/gate"},
		{"four stipends", func(s *SectionSpec) { s.Settings.StipendCap = 4 }, "out_of_range /settings/stipend_cap"},
		{"a topic twice", func(s *SectionSpec) { s.Topics = append(s.Topics, s.Topics[0]) }, "repeated /topics/14/value"},
		{"a group twice", func(s *SectionSpec) { s.Groups[1].Slug = s.Groups[0].Slug }, "repeated /groups/1/slug"},
		{"an unknown kind of group", func(s *SectionSpec) { s.Groups[0].Kind = "club" }, "not_an_option /groups/0/kind"},
		{"a group merged into itself", func(s *SectionSpec) { s.Groups[8].Successor = s.Groups[8].Slug }, "unknown_group /groups/8/successor"},
		{"two venues of one letter", func(s *SectionSpec) { s.Venues[1].Letter = "A" }, "repeated /venues/1/letter"},
		{"carried to nowhere", func(s *SectionSpec) { s.Venues[0].CarryTo = []string{"moon"} }, "unknown_venue /venues/0/carry_to"},
		{"a format twice", func(s *SectionSpec) { s.Venues[0].Formats = append(s.Venues[0].Formats, s.Venues[0].Formats[0]) }, "repeated /venues/0/formats/2/id"},
		{"a form for an unknown format", func(s *SectionSpec) { s.Forms[0].Format = "dance" }, "unknown_format /forms/0/format"},
		{"an unknown rule", func(s *SectionSpec) { s.Forms[0].Rules = []string{"be_nice"} }, "unknown_rule /forms/0/rules/0"},
		{"least over most", func(s *SectionSpec) { s.Forms[0].Fields[3].MinItems = 4 }, "min_over_max /forms/0/fields/3/min_items"},
		{"a choice of nothing", func(s *SectionSpec) { s.Forms[0].Fields[5].Options = nil }, "options_missing /forms/0/fields/5/options"},
		{"an unknown kind of field", func(s *SectionSpec) { s.Forms[0].Fields[1].Kind = "song" }, "not_an_option /forms/0/fields/1/kind"},
		{"a field twice", func(s *SectionSpec) { s.Forms[0].Fields[2].Key = "short_description" }, "repeated /forms/0/fields/2/key"},
		{"no title", func(s *SectionSpec) { s.Forms[0].Fields = s.Forms[0].Fields[1:] }, "title_missing /forms/0/fields"},
		{"more speakers than allowed", func(s *SectionSpec) { s.Forms[0].Speakers.Min = 7 }, "min_over_max /forms/0/speakers/min"},
		{"a quota nothing counts for", func(s *SectionSpec) { s.Quotas[0].Venue = "other_division" }, "nothing_counts /quotas/0/venue"},
		{"a call twice", func(s *SectionSpec) { s.Calls[1].Slug = s.Calls[0].Slug }, "repeated /calls/1/slug"},
		{"a call for an unknown venue", func(s *SectionSpec) { s.Calls[0].Venue = "moon" }, "unknown_venue /calls/0/venue"},
		{"a call with an unknown form", func(s *SectionSpec) { s.Calls[0].Form = "none" }, "unknown_form /calls/0/form"},
		{"a window reversed", func(s *SectionSpec) { s.Calls[0].Last = "2026-08-16" }, "window_reversed /calls/0/last"},
		{"half a window", func(s *SectionSpec) { s.Calls[0].First = "" }, "half_a_window /calls/0/last"},
		{"no such day", func(s *SectionSpec) { s.Calls[0].Last = "2026-09-31" }, "not_a_date /calls/0/last"},
		{"no such year", func(s *SectionSpec) { s.Calls[0].Year = "2026-28" }, "not_a_year /calls/0/year"},
		{"a thirteenth month", func(s *SectionSpec) { s.Checklist[0].Month = 13 }, "out_of_range /checklist/0/month"},
		{"a month twice", func(s *SectionSpec) { s.Checklist[1].Month = 7 }, "repeated /checklist/1/month"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := defaultSection(t)
			tt.spoil(&s)
			if got := found(s.Check()); !slices.Equal(got, []string{tt.want}) {
				t.Errorf("got %q, want only %q", got, tt.want)
			}
		})
	}
}

func TestSectionSpec_Check_names_all_at_once(t *testing.T) {
	t.Parallel()
	got := strings.Join(found(SectionSpec{}.Check()), ", ")
	if want := "not_a_slug /slug, required /name, required /short_name, unknown_zone /zone, required /contact"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// found are reasons as "code pointer", in order.
func found(reasons []Reason) []string {
	var all []string
	for _, r := range reasons {
		all = append(all, r.Code+" "+r.Pointer)
	}
	return all
}
