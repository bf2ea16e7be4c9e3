package web

import (
	"strconv"
	"testing"
)

// TestMarkdownKept: what was shown before is the same again, also after many
// others, and no more is kept than is meant to be.
func TestMarkdownKept(t *testing.T) {
	t.Parallel()
	kept := shownTexts{html: map[string]markup{}}
	for i := range 3 * textsKept {
		for _, source := range []string{"*one*", "**text " + strconv.Itoa(i) + "**"} {
			fresh, err := fromMarkdown(source)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if got, err := kept.of(source); err != nil || got != fresh {
					t.Errorf("%q became %q (%v), before %q", source, got, err, fresh)
				}
			}
		}
		if len(kept.html) > textsKept {
			t.Fatalf("%d texts are kept", len(kept.html))
		}
	}
	long := string(make([]byte, longText+1))
	if _, err := kept.of(long); err != nil || kept.html[long] != "" {
		t.Errorf("a long text is kept (%v)", err)
	}
}
