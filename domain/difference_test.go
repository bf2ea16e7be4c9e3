package domain

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestCompareWords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, before, after string
		want                []Piece
	}{
		{"nothing", "", "", nil},
		{"the same, spaced otherwise", "one  two", "one two", []Piece{{"one two", PieceSame}}},
		{"a word changed", "show new managers how", "show all managers how", []Piece{{"show ", PieceSame}, {"new ", PieceRemoved}, {"all ", PieceAdded}, {"managers how", PieceSame}}},
		{"words added at the end", "by Friday.", "by Friday. No background needed.", []Piece{{"by Friday. ", PieceSame}, {"No background needed.", PieceAdded}}},
		{"words removed at the start", "In short, we work", "we work", []Piece{{"In short, ", PieceRemoved}, {"we work", PieceSame}}},
		{"all new", "", "Hello there", []Piece{{"Hello there", PieceAdded}}},
		{"moved", "a b c", "c a b", []Piece{{"c ", PieceAdded}, {"a b", PieceSame}, {"c", PieceRemoved}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, CompareWords(tt.before, tt.after)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The same and added pieces make the new text to the letter; the same and removed
// ones make the words of the old.
func TestCompareWords_loses_nothing(t *testing.T) {
	t.Parallel()
	text := rapid.StringMatching(`[ab \n]{0,40}`)
	rapid.Check(t, func(t *rapid.T) {
		before, after := text.Draw(t, "before"), text.Draw(t, "after")
		var old, now strings.Builder
		for _, p := range CompareWords(before, after) {
			if p.Kind != PieceAdded {
				old.WriteString(p.Text + " ")
			}
			if p.Kind != PieceRemoved {
				now.WriteString(p.Text)
			}
		}
		if now.String() != after {
			t.Fatalf("now %q, want %q", now.String(), after)
		}
		if !slices.Equal(strings.Fields(old.String()), strings.Fields(before)) {
			t.Fatalf("old %q, want the words of %q", old.String(), before)
		}
	})
}

// Two texts of 20,000 characters that share nothing are shown whole, not compared.
func TestCompareWords_bound(t *testing.T) {
	t.Parallel()
	before, after := strings.Repeat("a ", 10_000), strings.Repeat("b ", 10_000)
	if got := CompareWords(before, after); len(got) != 2 || got[0].Text != before || got[1].Text != after {
		t.Errorf("%d pieces", len(got))
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	form := formNamed(t, "webinar")
	a := Revision{Title: "One", Answers: Answers{"level": {"intro"}, "outcomes": {"x", "y"}, "audience": {"All"}, "gone": {"1"}, "full_description": {"a\r\nb"}, "elsewhere": {"no"}}, Speakers: []string{"Ana"}}
	b := Revision{Title: "Two", Answers: Answers{"level": {"advanced"}, "outcomes": {"x", "z", ""}, "audience": {"All", ""}, "full_description": {"a\nb"}, "elsewhere": {"yes"}, "preferred_dates": {"2027-05-20", "soon"}}, Speakers: []string{"Ana", "Ben"}}
	var got []string
	for _, d := range Compare(form, a, b) {
		got = append(got, fmt.Sprintf("%s (%s): %q, %q", d.Label, d.Key, d.Before, d.After))
	}
	want := []string{
		`Title (title): "One", "Two"`,
		`Learning outcomes (outcomes): "x\ny", "x\nz\n"`,
		`Level (level): "Introductory", "Advanced"`,
		`Preferred dates (preferred_dates): "", "Thu, May 20, 2027\nsoon"`,
		`Presented or submitted elsewhere? (elsewhere): "No", "Yes"`,
		`gone (gone): "1", ""`,
		`Speakers (speakers): "Ana", "Ana\nBen"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := Compare(form, a, a); got != nil {
		t.Errorf("a version differs from itself: %v", got)
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	form := formNamed(t, "webinar")
	base := Content{Title: "Title", Answers: Answers{"audience": {"All"}, "outcomes": {"a", "b"}, "level": {"intro"}, "access_plan": {"x"}}}
	theirs := Content{Title: "Title", Answers: Answers{"audience": {"Managers"}, "outcomes": {"a", "B"}, "level": {"intro"}, "tags": {"budget"}}}
	mine := Content{Title: "My title", Answers: Answers{"audience": {"All"}, "outcomes": {"a", "b!"}, "level": {"advanced"}, "access_plan": {"x"}}}

	merged, conflicts := Merge(form, base, theirs, mine)
	want := Content{Title: "My title", Answers: Answers{"audience": {"Managers"}, "outcomes": {"a", "b!"}, "level": {"advanced"}, "tags": {"budget"}}}
	if diff := cmp.Diff(want, merged); diff != "" {
		t.Error(diff)
	}
	if len(conflicts) != 1 || conflicts[0].Key != "outcomes" || conflicts[0].Label != "Learning outcomes" || !slices.Equal(conflicts[0].Theirs, []string{"a", "B"}) {
		t.Errorf("conflicts %+v", conflicts)
	}
	var keys []string
	for _, c := range Clash(form, base, theirs, mine) {
		keys = append(keys, fmt.Sprint(c.Key, " ", c.Conflict))
	}
	if diff := cmp.Diff([]string{"title false", "outcomes true", "audience false", "level false", "tags false", "access_plan false"}, keys); diff != "" {
		t.Error(diff)
	}
}

// Whatever either side changed is in what was merged, or named with both sides.
func TestMerge_loses_nothing(t *testing.T) {
	t.Parallel()
	form := formNamed(t, "webinar")
	keys := []string{"audience", "outcomes", "level", "stray"}
	content := rapid.Custom(func(t *rapid.T) Content {
		value := rapid.SampledFrom([]string{"", "a", "b"})
		return Content{
			Title:   value.Draw(t, "title"),
			Answers: rapid.MapOfN(rapid.SampledFrom(keys), rapid.SliceOfN(value, 0, 2), 0, len(keys)).Draw(t, "answers"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		base, theirs, mine := content.Draw(t, "base"), content.Draw(t, "theirs"), content.Draw(t, "mine")
		merged, conflicts := Merge(form, base, theirs, mine)
		for _, key := range append(keys, TitleKey) {
			at := slices.IndexFunc(conflicts, func(c FieldClash) bool { return c.Key == key })
			for name, side := range map[string]Content{"theirs": theirs, "mine": mine} {
				if sameValues(side.values(key), base.values(key)) || sameValues(side.values(key), merged.values(key)) {
					continue
				}
				if at < 0 || !sameValues(conflicts[at].Theirs, theirs.values(key)) || !sameValues(conflicts[at].Mine, mine.values(key)) {
					t.Fatalf("%s of %s is lost: %v", key, name, side.values(key))
				}
			}
		}
		if again, none := Merge(form, theirs, theirs, merged); len(conflicts) == 0 && (len(none) > 0 || !sameValues(again.values("audience"), merged.values("audience"))) {
			t.Fatalf("merged content conflicts with what it came from: %v", none)
		}
	})
}
