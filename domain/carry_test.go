package domain

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestCarryAnswers(t *testing.T) {
	t.Parallel()
	from, to := formNamed(t, "annual-preconference"), formNamed(t, "webinar")
	a := Answers{
		"short_description": {words(100)}, "full_description": {words(500)}, "outcomes": {"a", "b", words(60), "d", "e"},
		"audience": {"Managers"}, "level": {"intro"}, "tags": {"budget", "hiring", "change", "strategy"},
		"length": {"half_day"}, "room": {"Tables"}, "access_plan": {"Large print"}, "perspectives": {""},
		"elsewhere": {""},
	}
	carried, over := CarryAnswers(from, to, a)
	want := a.Clone()
	delete(want, "length")
	delete(want, "room")
	if diff := cmp.Diff(want, carried); diff != "" {
		t.Error(diff)
	}
	flagged := []string{
		"too_long_words /answers/short_description", "too_long_words /answers/full_description",
		"too_long_words /answers/outcomes/2", "too_many /answers/tags",
	}
	if diff := cmp.Diff(flagged, found(over)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Length", "Room and equipment"}, LeftOut(from, to, a)); diff != "" {
		t.Error(diff)
	}
	if got := found(formNamed(t, "webinar").TitleOver(words(40))); !slices.Equal(got, []string{"too_long_chars /title"}) {
		t.Errorf("title: %v", got)
	}
	carried["outcomes"][0] = "changed"
	if a["outcomes"][0] != "a" {
		t.Error("the carried answers share memory with the parent's")
	}
}

// Between any two forms of the section: what is carried is what was there, to the
// letter, and everything else that said something is named as left out.
func TestCarryAnswers_never_cuts(t *testing.T) {
	t.Parallel()
	forms := defaultSection(t).Forms
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.SampledFrom(forms).Draw(t, "from").FormSpec
		to := rapid.SampledFrom(forms).Draw(t, "to").FormSpec
		a := Answers{}
		for _, f := range from.Fields {
			if f.Key != TitleKey && rapid.Bool().Draw(t, f.Key) {
				a[f.Key] = []string{words(rapid.IntRange(0, 600).Draw(t, "words"))}
			}
		}
		carried, _ := CarryAnswers(from, to, a)
		left := LeftOut(from, to, a)
		for key, values := range a {
			field, _ := from.Field(key)
			switch got, there := carried[key]; {
			case there && !slices.Equal(got, values):
				t.Fatalf("%s was changed", key)
			case !there && len(filled(values)) > 0 && !slices.Contains(left, field.Label):
				t.Fatalf("%s is gone and nobody was told", key)
			}
		}
		if reasons := to.DraftCheck("", carried, nil); reasons != nil {
			t.Fatalf("the new draft cannot be saved: %v", reasons)
		}
	})
}
