package web

import (
	"regexp"
	"testing"
)

// stuck is where two words meet without a space, or a space stands before a
// comma or a full stop: what a page's source easily loses between its parts.
var stuck = regexp.MustCompile(`[a-z]<(a|time|bdi|b|q)\b[^>]*>\w|\w</(a|time|bdi|q)>[A-Za-z]|[a-z)]\s+[,.;](\s|<)|</(a|time|bdi|b|q|span)>\s+[,.;](\s|<)`)

func TestSpacing(t *testing.T) {
	t.Parallel()
	for name, page := range samplePages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := render(t, page)
			for _, at := range stuck.FindAllStringIndex(text, -1) {
				t.Errorf("…%s…", text[max(0, at[0]-60):min(len(text), at[1]+60)])
			}
		})
	}
}
