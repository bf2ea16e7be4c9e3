package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// stops is how many elements TabTo passes before it gives up.
const stops = 200

// Tab presses the Tab key n times; a negative n goes back with Shift.
func (p *Page) Tab(n int) {
	p.t.Helper()
	key := chromedp.KeyEvent(kb.Tab)
	if n < 0 {
		n, key = -n, chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(input.ModifierShift))
	}
	for range n {
		p.Do(key)
	}
}

// TabTo presses Tab until the focused element's description, as Focused gives
// it, is this one; it fails the test when there is none such to reach.
func (p *Page) TabTo(description string) {
	p.t.Helper()
	var passed []string
	for range stops {
		p.Tab(1)
		at := p.Focused()
		if at == description {
			return
		}
		passed = append(passed, at)
	}
	p.t.Fatalf("the Tab key does not reach %s (at %s); it passes:\n  %s", description, p.where(), strings.Join(firstRound(passed), "\n  "))
}

// firstRound cuts a list where it begins to repeat.
func firstRound(passed []string) []string {
	for i := 1; i < len(passed); i++ {
		if passed[i] == passed[0] {
			return passed[:i]
		}
	}
	return passed
}

// Press presses keys of package kb, or of plain text, one after the other.
func (p *Page) Press(keys ...string) {
	p.t.Helper()
	for _, key := range keys {
		p.Do(chromedp.KeyEvent(key))
	}
}

// Type types text into the focused element.
func (p *Page) Type(text string) { p.t.Helper(); p.Do(chromedp.KeyEvent(text)) }

// Enter presses Enter where that loads a page, waits for it and gives the
// status of the answer.
func (p *Page) Enter() int { p.t.Helper(); return p.Answer(chromedp.KeyEvent(kb.Enter)) }

// Focused describes the focused element as assistive technology names it: its
// role and its name, like `button "Submit"`.
func (p *Page) Focused() string {
	p.t.Helper()
	var description string
	p.Do(chromedp.ActionFunc(func(ctx context.Context) error {
		element, _, err := runtime.Evaluate("document.activeElement").Do(ctx)
		if err != nil {
			return err
		}
		nodes, err := accessibility.GetPartialAXTree().WithObjectID(element.ObjectID).WithFetchRelatives(false).Do(ctx)
		if err != nil || len(nodes) == 0 {
			return err
		}
		description = fmt.Sprintf("%s %q", said(nodes[0].Role), said(nodes[0].Name))
		return nil
	}))
	return description
}

func said(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	var text string
	_ = json.Unmarshal(v.Value, &text) // roles and names are strings
	return text
}
