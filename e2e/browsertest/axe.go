package browsertest

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/chromedp/chromedp"

	"lectern/internal/onhand"
)

// axeRun asks for the rules of WCAG 2.0 to 2.2, levels A and AA, and for what
// axe holds for good practice.
const axeRun = `axe.run(document, {
	runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice']},
	resultTypes: ['violations'],
}).then(found => JSON.stringify(found.violations))`

// violation is one rule that axe finds broken, and where.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct {
		Target         []any // CSS selectors; nested ones in frames
		FailureSummary string
	}
}

func (v violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s", v.ID, v.Impact, v.Help)
	for _, n := range v.Nodes {
		fmt.Fprintf(&b, "\n    %v: %s", n.Target, strings.Join(strings.Fields(n.FailureSummary), " "))
	}
	return b.String()
}

// Axe fails the test, and lets it go on, if axe-core finds anything on the page
// as it now stands; each break of a rule is told with its elements. Where
// axe-core is not installed this only says so, or fails the test at once if
// LECTERN_TEST_REQUIRE contains browser. Not for pages opened with NoJS.
func (p *Page) Axe() {
	p.t.Helper()
	path, ok := onhand.Axe(p.t)
	if !ok {
		return
	}
	for _, v := range p.violations(path) {
		p.t.Errorf("axe at %s: %s", p.where(), v)
	}
}

func (p *Page) violations(path string) []violation {
	p.t.Helper()
	script, err := os.ReadFile(path)
	if err != nil {
		p.t.Fatal(err)
	}
	var answer string
	var there bool
	p.Do(chromedp.Evaluate("Boolean(window.axe)", &there))
	if !there { // in a page looked at again it is
		p.Do(chromedp.Evaluate(string(script)+";0", nil))
	}
	p.Do(chromedp.Evaluate(axeRun, &answer, awaiting))
	var found []violation
	if err := json.Unmarshal([]byte(answer), &found); err != nil {
		p.t.Fatalf("axe answered %q: %v", answer, err)
	}
	return found
}
