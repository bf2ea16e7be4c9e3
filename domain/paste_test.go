package domain

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

const pastedPage = `Reading Rooms at Night: What We Learned

Libraries that stay open—“after hours”—serve other people than by day. We tell how.

Costs went down; visits went up.

Learning Objectives

  • Participants will plan a pilot.
  • Participants will count visits
    without counting people. &  Participants will write a closing report.

Audience: branch managers, friends groups


Ada Fenwick, Branch Manager, Head of Night Services, Larkfield Public Library; Bo de Vries, Dean, University of Westmere, North Campus

Pricing is listed on the right.

Tech Requirements

A browser.`

func TestPaste(t *testing.T) {
	t.Parallel()
	got := Paste(pastedPage, FormSpec{})
	want := Pasted{
		Title: "Reading Rooms at Night: What We Learned",
		Answers: Answers{
			"full_description": {"Libraries that stay open—“after hours”—serve other people than by day. We tell how.\n\nCosts went down; visits went up."},
			"outcomes":         {"Participants will plan a pilot.", "Participants will count visits without counting people.", "Participants will write a closing report."},
			"audience":         {"branch managers, friends groups"},
		},
		Speakers: []Speaker{
			{Position: 1, Role: Speaks, Name: "Ada Fenwick", Titles: []string{"Branch Manager", "Head of Night Services"}, Affiliations: []string{"Larkfield Public Library"}},
			{Position: 2, Role: Speaks, Name: "Bo de Vries", Titles: []string{"Dean"}, Affiliations: []string{"University of Westmere, North Campus"}},
		},
		Sources: []Source{
			{Field: "title", From: "the first line"},
			{Field: "full_description", From: "the paragraphs after the title"},
			{Field: "outcomes", From: "under “Learning Objectives”", Label: "Learning Objectives"},
			{Field: "audience", From: "under “Audience”", Label: "Audience"},
			{Field: "speakers", From: "names with titles and institutions"},
		},
		Left: []string{"Pricing is listed on the right.", "Tech Requirements", "A browser."},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPaste_of_a_small_form(t *testing.T) {
	t.Parallel()
	form := FormSpec{Fields: []Field{{Key: "title"}, {Key: "short_description", MaxWords: 30}, {Key: "full_description"}}}
	got := Paste(pastedPage, form)
	if len(got.Answers) != 2 || got.Answers.Text("short_description") != got.Answers.Text("full_description") {
		t.Errorf("answers = %v", got.Answers)
	}
	if !strings.Contains(strings.Join(got.Left, "\n"), "branch managers") || !strings.Contains(strings.Join(got.Left, "\n"), "plan a pilot") {
		t.Errorf("what the form does not ask for is not left: %q", got.Left)
	}
}

func TestPaste_presenters_with_prose(t *testing.T) {
	t.Parallel()
	got := Paste("Title: A talk\nAbstract\nOf things.\nPresenters:\n- Cy Moss — Archivist, Tarn College\nCy Moss keeps the papers of the town.\n- Di Roe\n\nDate\nMay 3", FormSpec{})
	want := []Speaker{
		{Position: 1, Role: Speaks, Name: "Cy Moss", Titles: []string{"Archivist"}, Affiliations: []string{"Tarn College"}, Bio: "Cy Moss keeps the papers of the town."},
		{Position: 2, Role: Speaks, Name: "Di Roe"},
	}
	if diff := cmp.Diff(want, got.Speakers); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Date", "May 3"}, got.Left); diff != "" || got.Title != "A talk" || got.Answers.Text("full_description") != "Of things." {
		t.Errorf("%s %+v", diff, got)
	}
}

func TestSpeakerLine(t *testing.T) {
	t.Parallel()
	for entry, want := range map[string]struct {
		speaker Speaker
		sure    bool
	}{
		"Eve Lund, University of Norland, Bay City (campus)":   {Speaker{Role: Speaks, Name: "Eve Lund", Affiliations: []string{"University of Norland, Bay City (campus)"}}, true},
		"Eve Lund, LAB, University of Norland, e@example.org":  {Speaker{Role: Speaks, Name: "Eve Lund", Email: "e@example.org", Affiliations: []string{"LAB", "University of Norland"}}, true},
		"New or early librarians, students of library schools": {Speaker{Role: Speaks, Name: "New or early librarians", Titles: nil, Affiliations: []string{"students of library schools"}}, false},
		"Eve Lund": {Speaker{Role: Speaks, Name: "Eve Lund"}, false},
	} {
		got, sure := SpeakerLine(entry)
		if diff := cmp.Diff(want.speaker, got); diff != "" || sure != want.sure {
			t.Errorf("%s: sure = %v\n%s", entry, sure, diff)
		}
	}
}

// TestPaste_the_webcast_page is X27.
func TestPaste_the_webcast_page(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("LECTERN_TEST_DATA")
	if dir == "" {
		t.Skip("LECTERN_TEST_DATA is not set: the webcast page is not there to paste")
	}
	page, err := os.ReadFile(filepath.Join(dir, "..", "source", "webcast-page.txt"))
	if os.IsNotExist(err) {
		t.Skip("there is no source/webcast-page.txt beside the test data")
	}
	if err != nil {
		t.Fatal(err)
	}
	got := Paste(string(page), FormSpec{})
	if n := utf8.RuneCountInString(got.Title); n != 83 {
		t.Errorf("title of %d characters: %s", n, got.Title)
	}
	if n := WordCount(got.Answers.Text("full_description")); n != 273 {
		t.Errorf("description of %d words", n)
	}
	if len(got.Answers["outcomes"]) != 4 || got.Answers.Text("audience") != "New or mid-career academic librarians, library school students" {
		t.Errorf("answers = %q", got.Answers)
	}
	want := []Speaker{
		{Position: 1, Role: Speaks, Name: "Linda Miles", Titles: []string{"Assistant Professor", "Head of Reference", "OER Librarian"}, Affiliations: []string{"Hostos Community College - City University of New York"}},
		{Position: 2, Role: Speaks, Name: "Susanne Markgren", Titles: []string{"Assistant Director", "Library Operations"}, Affiliations: []string{"Manhattan College"}},
	}
	if diff := cmp.Diff(want, got.Speakers); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(lostWords(string(page), got), []string(nil)); diff != "" {
		t.Error(diff)
	}
	if len(got.Left) < 5 || !strings.HasPrefix(got.Left[0], "Pricing is listed") {
		t.Errorf("left = %q", got.Left)
	}
}

// lostWords are the words of the text that are nowhere in what was pasted.
func lostWords(text string, got Pasted) (lost []string) {
	all := []string{got.Title}
	for _, values := range got.Answers {
		all = append(all, values...)
	}
	for _, s := range got.Speakers {
		all = append(append(append(all, s.Name, s.Email, s.Bio), s.Titles...), s.Affiliations...)
	}
	for _, s := range got.Sources {
		all = append(all, s.Label)
	}
	kept := map[string]int{}
	for _, w := range letters(strings.Join(append(all, got.Left...), "\n")) {
		kept[w]++
	}
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\n\r\u2028\u2029", r) }) {
		label, said := "", strings.TrimSpace(line)
		if _, l, rest, ok := heading(said); ok {
			label, said = l, rest
		}
		for _, w := range append(letters(label), letters(bullet.ReplaceAllString(said, ""))...) {
			if kept[w]--; kept[w] < 0 {
				lost = append(lost, w)
			}
		}
	}
	return lost
}

func letters(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

func FuzzPaste(f *testing.F) {
	for _, seed := range []string{
		"", pastedPage, "Title:", "Title: A\nTitle: B", "Presenters\nAda Fenwick\nprose.", "• a\n• b", "Outcomes\nx\n- y\n\nz", "Audience\nAudience: 1. x\n\n2. y",
		"Summary\nshort\nDescription: long", "a\n\nAda Fenwick, Dean; Bo Ax, Head", "Presenters: a@b.example, c@d.example",
	} {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	small := FormSpec{Fields: []Field{{Key: "title"}, {Key: "short_description", MaxWords: 5}}}
	f.Fuzz(func(t *testing.T, text string, short bool) {
		form := FormSpec{}
		if short {
			form = small
		}
		got := Paste(text, form)
		if lost := lostWords(text, got); len(lost) > 0 {
			t.Errorf("lost %q of %q: %+v", lost, text, got)
		}
		for i, s := range got.Speakers {
			if s.Position != i+1 {
				t.Errorf("speaker %d has position %d", i, s.Position)
			}
		}
	})
}
