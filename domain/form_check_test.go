package domain

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const submissionDay = Date("2027-01-20")

func words(n int) string { return strings.TrimSpace(strings.Repeat("word ", n)) }

// webinarDraft is a draft that the webinar form has nothing against.
func webinarDraft() (string, Answers, []Speaker) {
	answers := Answers{
		"short_description": {words(75)},
		"full_description":  {words(350)},
		"outcomes":          {words(50), "Participants will plan a week.", "Participants will ask three questions."},
		"audience":          {"New managers"},
		"level":             {"intro"},
		"tags":              {"new-managers"},
		"length":            {"60"},
		"preferred_dates":   {"2027-03-17", "2027-03-24"},
		"interaction_plan":  {"Polls and a worksheet"},
		"elsewhere":         {"no"},
		"access_plan":       {"Captions, large type, pictures described"},
		"recording_consent": {"yes"},
		"code_of_conduct":   {"yes"},
		"not_a_pitch":       {"yes"},
	}
	speakers := []Speaker{
		{ID: "1", Position: 1, Role: Speaks, Name: "Ana Reyes", Email: "ana@example.org", Bio: words(150)},
		{ID: "2", Position: 2, Role: Speaks, Name: "Ignacio Prieto", Email: "ignacio@example.org"},
	}
	return "What a new manager can do in the first week", answers, speakers
}

func TestCheck(t *testing.T) {
	t.Parallel()
	type draft struct {
		title    string
		answers  Answers
		speakers []Speaker
	}
	set := func(key string, values ...string) func(*draft) {
		return func(d *draft) { d.answers[key] = values }
	}
	tests := []struct {
		name   string
		change func(*draft)
		want   []string // code and pointer
		says   string   // the first detail
	}{
		{"a complete draft", func(*draft) {}, nil, ""},
		{"no title", func(d *draft) { d.title = " \t" }, []string{"required /title"}, "Fill in the title."},
		{"a title of 120 characters", func(d *draft) { d.title = strings.Repeat("é", 120) }, nil, ""},
		{"a title of 121 characters", func(d *draft) { d.title = strings.Repeat("é", 121) }, []string{"too_long_chars /title"}, "Shorten the title by 1 character."},
		{"a line break is one character", set("elsewhere_where", strings.Repeat("x", 299)+"\r\n"), nil, ""},
		{"a title on two lines", func(d *draft) { d.title = "One\r\nTwo" }, []string{"not_one_line /title"}, "Write the title on one line."},
		{"a right-to-left mark and an emoji", func(d *draft) { d.title = "Leading \u202eמנהיגות\u202c and 📚" }, nil, ""},
		{"a script tag is text", func(d *draft) { d.title = "<script>alert(1)</script>" }, nil, ""},
		{"a NUL character", func(d *draft) { d.title = "Leading\x00" }, []string{"nul_character /title"}, "The title holds a NUL character, which cannot be kept. Remove it."},
		{"76 of 75 words", set("short_description", words(76)), []string{"too_long_words /answers/short_description"}, "Shorten the short description by 1 word."},
		{"12 words over", set("short_description", words(87)), []string{"too_long_words /answers/short_description"}, "Shorten the short description by 12 words."},
		{"351 of 350 words", set("full_description", words(351)), []string{"too_long_words /answers/full_description"}, "Shorten the full description by 1 word."},
		{"outcome 3 is missing", set("outcomes", "a", "b"), []string{"too_few /answers/outcomes/2"}, "Write learning outcome 3: this call asks for 3 to 5."},
		{"outcome 2 is blank", set("outcomes", "a", " ", "c"), []string{"too_few /answers/outcomes/1"}, "Write learning outcome 2: this call asks for 3 to 5."},
		{"no outcomes", set("outcomes"), []string{"too_few /answers/outcomes/0"}, "Write 3 more learning outcomes: this call asks for 3 to 5."},
		{"five outcomes", set("outcomes", "a", "b", "c", "d", "e", ""), nil, ""},
		{"six outcomes", set("outcomes", "a", "b", "c", "d", "e", "f"), []string{"too_many /answers/outcomes"}, "Remove 1 learning outcome: this call asks for 3 to 5."},
		{"an outcome of 51 words", set("outcomes", "a", words(51), "c"), []string{"too_long_words /answers/outcomes/1"}, "Shorten learning outcome 2 by 1 word."},
		{"an unknown level", set("level", "expert"), []string{"not_an_option /answers/level"}, "“expert” is not among the answers to “Level”. They are: Introductory, Intermediate, Advanced."},
		{"two levels", set("level", "intro", "advanced"), []string{"too_many /answers/level"}, "Give one answer for the level."},
		{"no topics", set("tags"), []string{"too_few /answers/tags"}, "Choose 1 more topic: this call asks for 1 to 3."},
		{"four topics", set("tags", "budget", "hiring", "change", "strategy"), []string{"too_many /answers/tags"}, "Remove 1 topic: this call asks for 1 to 3."},
		{"a topic twice", set("tags", "budget", "budget"), []string{"repeated /answers/tags"}, "“budget” is chosen twice. Choose each of the topics once."},
		{"29 minutes", set("length", "29"), []string{"out_of_range /answers/length"}, "Give the length in minutes as a number: 30 to 90."},
		{"30 minutes", set("length", " 30 "), nil, ""},
		{"91 minutes", set("length", "91"), []string{"out_of_range /answers/length"}, ""},
		{"an hour", set("length", "an hour"), []string{"not_a_number /answers/length"}, "Give the length in minutes as a whole number."},
		{"one preferred date", set("preferred_dates", "2027-03-17", ""), []string{"too_few /answers/preferred_dates/1"}, "Choose preferred date 2: this call asks for exactly 2."},
		{"a day there is not", set("preferred_dates", "2027-02-30", "2027-03-17"), []string{"not_a_date /answers/preferred_dates/0"}, ""},
		{"a day twice", set("preferred_dates", "2027-03-17", "2027-03-17"), []string{"repeated /answers/preferred_dates/1"}, ""},
		{"no consent", set("recording_consent", ""), []string{"required /answers/recording_consent"}, "Tick “Speakers may be recorded”: this call asks for it."},
		{"consent spelled otherwise", set("recording_consent", "on"), []string{"not_an_option /answers/recording_consent"}, ""},
		{"elsewhere unanswered", set("elsewhere"), []string{"required /answers/elsewhere"}, "Answer yes or no: Presented or submitted elsewhere?"},
		{"a field of another form", set("room", "Tables"), []string{"unknown_field /answers/room"}, "This call does not ask for “room”. Leave it out."},
		{"a title among the answers", set("title", "Another"), []string{"unknown_field /answers/title"}, ""},
		{"no speakers", func(d *draft) { d.speakers = nil }, []string{"too_few_speakers /speakers"}, "Add 1 speaker: this call asks for 1 to 6."},
		{
			"only a moderator", func(d *draft) { d.speakers = d.speakers[:1]; d.speakers[0].Role = Moderates },
			[]string{"too_few_speakers /speakers", "moderator_not_asked /speakers"},
			"",
		},
		{"no address", func(d *draft) { d.speakers[1].Email = "" }, []string{"speaker_email_required /speakers/1/email"}, "Write the email address of Ignacio Prieto."},
		{"half an address", func(d *draft) { d.speakers[0].Email = "ana@" }, []string{"not_an_address /speakers/0/email"}, ""},
		{"an address with a name", func(d *draft) { d.speakers[0].Email = "Ana <ana@example.org>" }, []string{"not_an_address /speakers/0/email"}, ""},
		{"one person twice", func(d *draft) { d.speakers[1].Email = "ANA@example.org" }, []string{"speaker_repeated /speakers/1/email"}, "Speaker 2 has the address of speaker 1. Name each person once."},
		{"a replaced speaker does not count", func(d *draft) {
			d.speakers = append(d.speakers, Speaker{ID: "0", Email: "ana@example.org", ReplacedBy: "1"})
		}, nil, ""},
		{"a speaker to be named", func(d *draft) { d.speakers[1] = Speaker{Position: 2, ToBeNamed: true} }, []string{"speaker_name_required /speakers/1/name"}, "Name speaker 2: this call does not take speakers to be named later."},
		{"a biography of 151 words", func(d *draft) { d.speakers[0].Bio = words(151) }, []string{"bio_too_long /speakers/0/bio"}, "Shorten the biography of Ana Reyes by 1 word."},
		{"seven speakers", func(d *draft) {
			for i := range 5 {
				d.speakers = append(d.speakers, Speaker{Position: 3 + i, Name: "C", Email: string(rune('c'+i)) + "@example.org"})
			}
		}, []string{"too_many_speakers /speakers"}, "Remove 1 speaker: this call asks for 1 to 6."},
		{
			"several things at once", func(d *draft) { d.title = ""; d.answers["level"] = nil; d.speakers[0].Name = "" },
			[]string{"required /title", "required /answers/level", "speaker_name_required /speakers/0/name"},
			"",
		},
	}
	form := formNamed(t, "webinar")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var d draft
			d.title, d.answers, d.speakers = webinarDraft()
			tt.change(&d)
			reasons := form.Check(d.title, d.answers, d.speakers, CheckFacts{Today: submissionDay})
			if diff := cmp.Diff(tt.want, found(reasons)); diff != "" {
				t.Fatal(diff)
			}
			for _, r := range reasons {
				if r.Kind != Invalid || !strings.HasSuffix(r.Detail, ".") && !strings.HasSuffix(r.Detail, "?") {
					t.Errorf("not a sentence about what to correct: %+v", r)
				}
			}
			if tt.says != "" && reasons[0].Detail != tt.says {
				t.Errorf("says %q, want %q", reasons[0].Detail, tt.says)
			}
		})
	}
}

func TestCheck_exactly_three(t *testing.T) {
	t.Parallel()
	form := formNamed(t, "annual-session")
	f, _ := form.Field("outcomes")
	want := "Write learning outcome 3: this call asks for exactly 3."
	if got := f.Check([]string{"a", "b", ""}); len(got) != 1 || got[0].Detail != want || got[0].Pointer != "/answers/outcomes/2" {
		t.Errorf("got %+v", got)
	}
	if got := (Field{Key: "cosponsors", Label: "Co-sponsors", Kind: Lines, MaxItems: 1}).Check([]string{"a", "b"}); len(got) != 1 || got[0].Detail != "Remove 1 co-sponsor: this call asks for at most 1." {
		t.Errorf("got %+v", got)
	}
	if got := (Field{Key: "member", Label: "ALA member", Kind: Line, Required: true}).Check(nil); len(got) != 1 || got[0].Detail != "Fill in the ALA member." {
		t.Errorf("got %+v", got)
	}
	named := Speaker{Position: 1, Name: "Ana Reyes", Email: "ana@example.org"}
	if got := form.Speakers.Check([]Speaker{named, {Position: 2, ToBeNamed: true}, {Position: 3, ToBeNamed: true, Role: Moderates}}); got != nil {
		t.Errorf("ALA Annual takes speakers to be named: %v", got)
	}
	moderators := []Speaker{named, {Position: 2, ToBeNamed: true, Role: Moderates}, {Position: 3, ToBeNamed: true, Role: Moderates}}
	if got := found(form.Speakers.Check(moderators)); !slices.Equal(got, []string{"too_many_moderators /speakers"}) {
		t.Errorf("two moderators: %v", got)
	}
	if got := (FormSpec{}).Check("", nil, nil, CheckFacts{}); !slices.Equal(found(got), []string{"required /title"}) {
		t.Errorf("a form without a title field needs one all the same: %v", got)
	}
}

// An empty draft of any form names all that its form requires, and can be saved.
func TestCheck_empty(t *testing.T) {
	t.Parallel()
	for _, form := range defaultSection(t).Forms {
		t.Run(form.Name, func(t *testing.T) {
			t.Parallel()
			required := 0
			for _, f := range form.Fields {
				if f.Required {
					required++
				}
			}
			if form.FormSpec.Speakers.Min > 0 {
				required++
			}
			got := form.Check("", nil, nil, CheckFacts{Today: submissionDay})
			if len(got) != required {
				t.Errorf("%d reasons for %d required fields: %v", len(got), required, found(got))
			}
			if drafts := form.DraftCheck("", nil, nil); drafts != nil {
				t.Errorf("an empty draft is refused: %v", drafts)
			}
		})
	}
}

func TestDraftCheck(t *testing.T) {
	t.Parallel()
	form := formNamed(t, "webinar")
	tests := []struct {
		name     string
		title    string
		answers  Answers
		speakers []Speaker
		want     []string
	}{
		{"over every limit of the form", strings.Repeat("x", 5000), Answers{"short_description": {words(3000)}, "level": {"expert"}}, []Speaker{{ToBeNamed: true}}, nil},
		{"20,000 characters", "", Answers{"full_description": {strings.Repeat("é", 20_000)}}, nil, nil},
		{"20,001 characters", "", Answers{"full_description": {strings.Repeat("é", 20_001)}}, nil, []string{"too_large /answers/full_description"}},
		{"20,001 characters in two outcomes", "", Answers{"outcomes": {strings.Repeat("x", 20_000), "x"}}, nil, []string{"too_large /answers/outcomes"}},
		{"201 outcomes", "", Answers{"outcomes": make([]string, 201)}, nil, []string{"too_large /answers/outcomes"}},
		{"broken UTF-8", "caf\xe9", nil, nil, []string{"not_utf8 /title"}},
		{"a NUL in an outcome", "", Answers{"outcomes": {"a", "b\x00"}}, nil, []string{"nul_character /answers/outcomes"}},
		{"a NUL in a biography", "", nil, []Speaker{{}, {Bio: "\x00", Position: 2}}, []string{"nul_character /speakers/1/bio"}},
		{"unknown fields, in order", "", Answers{"z": {"1"}, "a/b~c": {"2"}}, nil, []string{"unknown_field /answers/a~1b~0c", "unknown_field /answers/z"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, found(form.DraftCheck(tt.title, tt.answers, tt.speakers))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The text the section was asked to be able to take: 83 characters of title, 273
// words, four outcomes, two presenters (X27).
func TestCheck_source_webcast(t *testing.T) {
	t.Parallel()
	data := os.Getenv("LECTERN_TEST_DATA")
	if data == "" {
		t.Skip("LECTERN_TEST_DATA is not set: webcast-page.txt is not read")
	}
	page, err := os.ReadFile(filepath.Join(data, "..", "source", "webcast-page.txt"))
	if err != nil {
		t.Skip(err)
	}
	title, rest, _ := strings.Cut(string(page), "\n")
	full, rest, _ := strings.Cut(rest, "Learning Outcomes")
	list, rest, _ := strings.Cut(rest, "Target Audience")
	var outcomes []string
	for _, o := range strings.Split(list, "Participants will ")[1:] {
		outcomes = append(outcomes, "Participants will "+strings.Trim(o, " \n\t•&\u00a0"))
	}
	if got := []int{len([]rune(title)), WordCount(full), len(outcomes)}; !slices.Equal(got, []int{83, 273, 4}) {
		t.Fatalf("title, words, outcomes: %v", got)
	}
	_, answers, speakers := webinarDraft()
	answers["full_description"], answers["outcomes"] = []string{full}, outcomes
	answers["audience"] = []string{strings.SplitN(strings.TrimSpace(rest), "\n", 2)[0]}
	speakers[0].Name, speakers[1].Name = "Linda Miles", "Susanne Markgren"
	if reasons := formNamed(t, "webinar").Check(title, answers, speakers, CheckFacts{Today: submissionDay}); reasons != nil {
		t.Errorf("the webinar form refuses it: %v", reasons)
	}
}

func TestFormRules(t *testing.T) {
	t.Parallel()
	form := formNamed(t, "webinar")
	tests := []struct {
		rule  string
		name  string
		facts FormRuleFacts // besides the form and the day
		want  []string
	}{
		{"dates_not_within_8_weeks", "eight weeks to the day", FormRuleFacts{Answers: Answers{"preferred_dates": {"2027-03-17"}}}, nil},
		{"dates_not_within_8_weeks", "a day less", FormRuleFacts{Answers: Answers{"preferred_dates": {"2027-04-01", "2027-03-16"}}}, []string{"date_too_soon /answers/preferred_dates/1"}},
		{"dates_not_within_8_weeks", "no day at all", FormRuleFacts{Answers: Answers{"preferred_dates": {"soon", ""}}}, nil},
		{"elsewhere_needs_where", "not elsewhere", FormRuleFacts{Answers: Answers{"elsewhere": {"no"}}}, nil},
		{"elsewhere_needs_where", "somewhere", FormRuleFacts{Answers: Answers{"elsewhere": {"yes"}, "elsewhere_where": {"A state conference, 2025"}}}, nil},
		{"elsewhere_needs_where", "elsewhere, nowhere said", FormRuleFacts{Answers: Answers{"elsewhere": {"yes"}, "elsewhere_where": {" "}}}, []string{"elsewhere_where_required /answers/elsewhere_where"}},
	}
	for _, tt := range tests {
		t.Run(tt.rule+"/"+tt.name, func(t *testing.T) {
			t.Parallel()
			facts := tt.facts
			facts.Form, facts.Today = form, submissionDay
			reasons := FormRules[tt.rule].Check(facts)
			if diff := cmp.Diff(tt.want, found(reasons)); diff != "" {
				t.Error(diff)
			}
		})
	}
	for name, rule := range FormRules {
		if !slices.ContainsFunc(tests, func(tt struct {
			rule  string
			name  string
			facts FormRuleFacts
			want  []string
		},
		) bool {
			return tt.rule == name && tt.want != nil
		}) || rule.Says == "" {
			t.Errorf("the rule %s is not tested or says nothing", name)
		}
	}
}

// A form asks only the rules it lists.
func TestFormRules_listed(t *testing.T) {
	t.Parallel()
	title, answers, speakers := webinarDraft()
	answers["preferred_dates"] = []string{"2027-01-21", "2027-01-22"}
	form := formNamed(t, "webinar")
	if got := form.Check(title, answers, speakers, CheckFacts{Today: submissionDay}); len(got) != 2 || !strings.Contains(got[0].Detail, "Wed, Mar 17, 2027") {
		t.Errorf("listed: %v", got)
	}
	form.Rules = nil
	if got := form.Check(title, answers, speakers, CheckFacts{Today: submissionDay}); got != nil {
		t.Errorf("not listed: %v", got)
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	closes := time.Date(2026, 9, 22, 4, 0, 0, 0, time.UTC)
	opens := closes.AddDate(0, -1, 0)
	call := Call{Name: "ALA Annual 2027", VenueID: "annual", Zone: "America/New_York", OpensAt: &opens, ClosesAt: &closes}
	form := formNamed(t, "annual-session")
	facts := ProgressFacts{Call: call, Now: closes.Add(-time.Hour), Warnings: []Warning{{Code: "same_topic", Detail: "The topic is in all."}}}
	_, answers, speakers := webinarDraft()
	answers["short_description"] = []string{words(112)}
	answers["outcomes"] = []string{"a", "b"}
	answers["room"] = []string{"Tables"}
	delete(answers, "length")
	delete(answers, "preferred_dates")
	speakers[0].Answer = Confirmed

	lines := form.Progress("Budgeting for first-time managers", answers, speakers, facts)
	got := make([]string, len(lines))
	for i, l := range lines {
		got[i] = strings.Join([]string{string(l.Mark), l.Code, l.Detail, l.Anchor}, " | ")
	}
	want := []string{
		"bad | descriptions | Shorten the short description by 12 words. And 1 more. | short_description",
		"bad | outcomes | Write learning outcome 3: this call asks for exactly 3. | outcomes-3",
		"good | audience |  | ",
		"good | run |  | ",
		"good | agreements |  | ",
		"good | speakers | 2 speakers. | ",
		"warn | variety | The topic is in all. | ",
		"good | window | Until Mon, Sep 21, 2026, 11:59 p.m. Eastern. | ",
		"warn | replies | 1 of 2 have: not yet Ignacio Prieto. You can submit anyway. | speakers",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := PassedWords(lines); got != "7 of 9 checks pass" {
		t.Error(got)
	}
	late := facts
	late.Now = closes
	if l := lineOf(form, late, "window"); l.Mark != MarkBad {
		t.Errorf("the window is over: %+v", l)
	}
	until := closes.Add(time.Hour)
	late.Until = &until
	if l := lineOf(form, late, "window"); l.Mark != MarkGood || !strings.Contains(l.Detail, "12:59 a.m.") {
		t.Errorf("a late grant holds: %+v", l)
	}
	late.Until = &closes
	if l := lineOf(form, late, "window"); l.Mark != MarkBad {
		t.Errorf("a late grant is over: %+v", l)
	}
	if l := lineOf(form, late, "replies"); l.Mark != MarkWarn || l.Detail != "Nobody is named yet." {
		t.Errorf("nobody can have agreed: %+v", l)
	}
	late.Warnings = []Warning{{Code: "own_speakers_only", Blocks: true}, {Code: "stipend_places"}}
	if l := lineOf(form, late, "variety"); l.Mark != MarkBad {
		t.Errorf("the section blocks it: %+v", l)
	}
	late.Gated, late.Gate = true, []Reason{Because("R10", "quota_gate", "Still to submit: Core Forum (1).")}
	if l := lineOf(form, late, "gate"); l.Mark != MarkBad || l.Detail != "Still to submit: Core Forum (1)." {
		t.Errorf("the gate is closed: %+v", l)
	}
}

func lineOf(form FormSpec, f ProgressFacts, code string) CheckLine {
	for _, l := range form.Progress("", nil, nil, f) {
		if l.Code == code {
			return l
		}
	}
	return CheckLine{}
}

func TestAnchor(t *testing.T) {
	t.Parallel()
	for pointer, want := range map[string]string{
		"/title": "title", "/answers/outcomes/2": "outcomes-3", "/answers/tags": "tags", "/speakers": "speakers",
		"/speakers/0/email": "speakers-1", "": "", "/speakers/x": "speakers",
	} {
		if got := Anchor(pointer); got != want {
			t.Errorf("%s: %s, want %s", pointer, got, want)
		}
	}
}

// Whatever Check says is seen in some line.
func TestProgress_says_what_check_says(t *testing.T) {
	t.Parallel()
	for _, form := range defaultSection(t).Forms {
		for _, answers := range []Answers{nil, {"surprise": {"x"}}} {
			lines := form.Progress("", answers, nil, ProgressFacts{})
			bad := 0
			for _, l := range lines {
				if l.Mark == MarkBad && l.Code != "window" {
					bad++
				}
			}
			reasons := form.Check("", answers, nil, CheckFacts{})
			if bad == 0 || len(reasons) == 0 {
				t.Errorf("%s: %d bad lines for %d reasons", form.Name, bad, len(reasons))
			}
		}
	}
}
