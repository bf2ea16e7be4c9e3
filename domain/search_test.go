package domain

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestSearchWords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want []string
	}{
		{"", nil},
		{" — … 📚 ", nil},
		{"Budgeting for first-time managers: for you", []string{"budgeting", "for", "first", "time", "managers", "you"}},
		{"Łukasz Đỗ, Zoë Ångström", []string{"lukasz", "do", "zoe", "angstrom"}},
		{"Straße, ﬁnance, Œuvre", []string{"strasse", "finance", "oeuvre"}},
		{"Don’t, don't and DONT", []string{"dont", "and"}},
		{"İstanbul", []string{"istanbul"}},
		{"27-W-006", []string{"27", "w", "006"}},
		{"e\u0301tude étude", []string{"etude"}},
		{"\u202eמנהיגות\u202c الإدارة", []string{"מנהיגות", "الادارة"}},
		{"% _ \\ ' \" *", nil},
		{"caf\xe9s", []string{"caf", "s"}},
		{strings.Repeat("x", 50), []string{strings.Repeat("x", 40)}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, SearchWords(tt.text)); diff != "" {
			t.Errorf("%q: %s", tt.text, diff)
		}
	}
}

func TestProposalWords(t *testing.T) {
	t.Parallel()
	words := ProposalWords("Budgeting for managers", []string{"José Núñez, Director, Biblioteca"}, []string{"new-managers"})
	if diff := cmp.Diff([]string{"biblioteca", "budgeting", "director", "for", "jose", "managers", "new", "nunez"}, words); diff != "" {
		t.Error(diff)
	}
	for query, want := range map[string]bool{
		"nunez budget": true, "NÚÑ": true, "manag jos": true, "": true, "udget": false, "%_": false, "*": false, " ": true, "budget smith": false,
	} {
		if got := Found(words, QueryWords(query)); got != want {
			t.Errorf("%q: %v", query, got)
		}
	}
	if got := QueryWords(strings.Join(strings.Split("abcdefghijk", ""), " ")); len(got) != MaxQueryWords {
		t.Errorf("%d words are looked for", len(got))
	}
}

// Any text with a letter or digit is found by itself, and its words are the words of their own words.
func TestSearchWords_stable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		words := SearchWords(text)
		if again := SearchWords(strings.Join(words, " ")); !slices.Equal(again, words) {
			t.Fatalf("%q: %q, then %q", text, words, again)
		}
		if len(words) > 0 && !Found(ProposalWords(text, nil, nil), QueryWords(text)) {
			t.Fatalf("%q is not found by itself", text)
		}
	})
}

// Names are folded a shorter way than texts, and to the same words.
func TestFoldedName_isItsWords(t *testing.T) {
	t.Parallel()
	ascii := rapid.StringMatching(`[a-cA-C0'. -]{0,60}`)
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.OneOf(ascii, rapid.String(), rapid.SampledFrom([]string{"", "'", " - ", "New York, New York", strings.Repeat("Ab", 30) + " " + strings.Repeat("aB", 40)})).Draw(t, "name")
		want := strings.Join(SearchWords(name), " ")
		if got := foldedName(name); got != want {
			t.Fatalf("%q is folded to %q, not %q", name, got, want)
		}
		if got := string(appendFolded([]byte("before "), name)); got != "before "+want {
			t.Fatalf("%q is appended as %q", name, got)
		}
		other := rapid.OneOf(ascii, rapid.String(), rapid.Just(name), rapid.Just(strings.ToUpper(name))).Draw(t, "other")
		if got, want := sameFolded(other, name), foldedName(other) == want; got != want {
			t.Fatalf("that %q folds to the same as %q is %v", other, name, got)
		}
		if folds(name) != (want != "") {
			t.Fatalf("that something is left of %q is %v", name, want == "")
		}
	})
}
