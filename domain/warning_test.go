package domain

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWarnings: what is said and hinders nobody, X7 among it.
func TestWarnings(t *testing.T) {
	t.Parallel()
	ana := Speaker{Name: "Ana Reyes", Email: "ana@example.org"}
	hollis := Speaker{Name: "Hollis Granger", Email: "hollis@example.org"}
	other := ProposalBrief{ID: "2", Ref: "27-A-003", IdeaID: "i2", State: Submitted, Title: "Leading the meeting you did not call", Tags: []string{"communication"}, Lead: hollis}
	tests := []struct {
		name   string
		change func(*WarningFacts)
		want   []string
	}{
		{"another lead, topic and title", func(*WarningFacts) {}, nil},
		{
			"the same lead", func(f *WarningFacts) { f.Others[0].Lead = Speaker{Name: "Ana R.", Email: "Ana@Example.org "} },
			[]string{"same_lead R3 Ana Reyes is the first speaker here and in everything else you submitted this year: “Leading the meeting you did not call” (27-A-003)."},
		},
		{
			"the same lead by name, without an address", func(f *WarningFacts) { f.Others[0].Lead = Speaker{Name: "ana réyes"} },
			[]string{"same_lead R3 Ana Reyes is the first speaker here and in everything else you submitted this year: “Leading the meeting you did not call” (27-A-003)."},
		},
		{"the same lead in one of two", func(f *WarningFacts) {
			f.Others = append(f.Others, ProposalBrief{ID: "3", State: Declined, Title: "X", Lead: ana})
		}, nil},
		{"nobody named yet", func(f *WarningFacts) { f.Proposal.Lead, f.Others[0].Lead = Speaker{}, Speaker{} }, nil},
		{
			"the same topic", func(f *WarningFacts) { f.Others[0].Tags = []string{"change", "budget"} },
			[]string{"same_topic R3 The topic “Budget and finance” is here and in everything else you submitted this year: “Leading the meeting you did not call” (27-A-003)."},
		},
		{
			"a near-equal title", func(f *WarningFacts) { f.Others[0].Title = "Budgeting for First Time Managers" },
			[]string{"like_title R3 The title is nearly the same as that of “Budgeting for First Time Managers” (27-A-003). If it is another program, say so in the title."},
		},
		{"its own parent", func(f *WarningFacts) {
			f.Others[0].Title, f.Others[0].IdeaID, f.Others[0].Lead = f.Proposal.Title, "i1", ana
		}, nil},
		{"itself", func(f *WarningFacts) { f.Others[0] = f.Proposal; f.Others[0].IdeaID = "" }, nil},
		{"a draft", func(f *WarningFacts) { f.Others[0].State, f.Others[0].Lead = Draft, ana }, nil},
		{"a withdrawn one", func(f *WarningFacts) { f.Others[0].State, f.Others[0].Lead = Withdrawn, ana }, nil},
		{"nothing else this year", func(f *WarningFacts) { f.Others = nil }, nil},
		{
			"all on the roster", func(f *WarningFacts) { f.Speakers = f.Speakers[:1] },
			[]string{"own_speakers_only R4 All speakers are members of your own group. Add one from outside."},
		},
		{
			"all on the roster but the moderator", func(f *WarningFacts) { f.Speakers[1].Role = Moderates },
			[]string{"own_speakers_only R4 All speakers are members of your own group. Add one from outside."},
		},
		{"an interest group", func(f *WarningFacts) {
			f.Speakers, f.Roster = f.Speakers[:1], RosterOf(InterestGroup, []Person{{Name: "Ana Reyes"}})
		}, nil},
		{"three speakers", func(f *WarningFacts) { f.Speakers = append(f.Speakers, Speaker{Name: "C"}) }, nil},
		{
			"four speakers", func(f *WarningFacts) { f.Speakers = append(f.Speakers, Speaker{Name: "C"}, Speaker{Name: "D"}) },
			[]string{"stipend_places R9 You name 4 speakers. Up to 3 can be paid a stipend; it is never split."},
		},
	}
	form := formNamed(t, "webinar")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			facts := WarningFacts{
				Form:     form,
				Proposal: ProposalBrief{ID: "1", IdeaID: "i1", State: Draft, Title: "Budgeting for first-time managers", Tags: []string{"budget", "supervision"}, Lead: ana},
				Speakers: []Speaker{ana, hollis},
				Others:   []ProposalBrief{other},
				Roster:   RosterOf(Committee, []Person{{Name: "Ben Castellano", Email: "ben@example.org"}, {Name: "Ana Reyes", Email: "ANA@example.org"}}),
			}
			tt.change(&facts)
			var got []string
			for _, w := range Warnings(facts) {
				got = append(got, strings.Join([]string{w.Code, w.Rule, w.Detail}, " "))
				if _, ok := Rules[w.Rule]; !ok || w.Blocks {
					t.Errorf("%+v: no such rule, or it blocks", w)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestWarnings: what is said and hinders nobody, X7 among it.
func TestWarnings_block(t *testing.T) {
	t.Parallel()
	facts := WarningFacts{Speakers: []Speaker{{Name: "Ana Reyes"}}, Roster: RosterOf(Committee, []Person{{Name: "Ana Reyes"}}), OwnSpeakersOnly: "block"}
	if got := Warnings(facts); len(got) != 1 || !got[0].Blocks {
		t.Errorf("got %+v", got)
	}
}

func TestAlikeTitles(t *testing.T) {
	t.Parallel()
	tests := []struct {
		a, b string
		want bool
	}{
		{"Budgeting for first-time managers", "Budgeting for First Time Managers!", true},
		{"Budgeting for first-time managers", "Budgeting basics for first-time managers", true},
		{"Budgeting for the first-time manager", "Budgeting for first-time managers", true},
		{"Leadership: vision, courage and ability", "Vision, courage & ability: leadership", true},
		{"Budgeting for first-time managers", "Budgeting for new managers", false},
		{"Leading the meeting you did not call", "Budgeting for first-time managers", false},
		{"Mentoring, part 1", "Mentoring, part 2", false},
		{"Résumé review", "Resume reviews", true},
		{"", "", false},
		{"The of", "The of", false},
	}
	for _, tt := range tests {
		if got := AlikeTitles(tt.a, tt.b); got != tt.want || AlikeTitles(tt.b, tt.a) != tt.want {
			t.Errorf("%q and %q: %v", tt.a, tt.b, got)
		}
	}
}
