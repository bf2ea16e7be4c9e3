package web

import (
	"context"
	"strings"
	"testing"

	"lectern/domain"
)

func TestShorten(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		n          int
		want       string
	}{
		{"short enough", "Serves as a forum", 17, "Serves as a forum"},
		{"inside a word", "Serves as a forum", 15, "Serves as a…"},
		{"after a word", "Serves as a forum", 12, "Serves as a…"},
		{"no comma before the dots", "consortia, and more", 13, "consortia…"},
		{"one long word", "Bibliothekswesen", 8, "Bibliot…"},
	} {
		if got := shorten(tt.text, tt.n); got != tt.want {
			t.Errorf("%s: %q, not %q", tt.name, got, tt.want)
		}
	}
}

func TestCountWords(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]CallPage{
		"No proposals yet":               {MaySet: true},
		"None of yours yet":              {},
		"26 proposals, none in draft":    {All: 26},
		"1 proposal, 1 of them in draft": {All: 1, Drafts: 1},
	} {
		if got := p.countWords(); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

// What is struck or underlined ends with its last letter, and words stay apart.
func TestPieces(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := pieces(domain.CompareWords("for and when. Two libraries tell.", "open for when.")).Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<bdi>open</bdi></ins> <", "<bdi>and</bdi></del> <bdi>when.</bdi> <del", "<bdi>Two libraries tell.</bdi></del>"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in %s", want, out.String())
		}
	}
}
