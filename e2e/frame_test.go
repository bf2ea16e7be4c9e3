package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"lectern/e2e/browsertest"
)

// focused is what has the focus, and where.
const focused = `(e => e.id || e.textContent.replace(/\s+/g, ' ').trim())(document.activeElement)`

// TestFrameByKeyboard goes by keyboard through what every page has around it:
// the way past the header, the menu of a phone, the bar, and a dialog. What
// opens closes with Escape, and the focus goes back to what opened it.
func TestFrameByKeyboard(t *testing.T) {
	t.Parallel()
	d := play(t, "", "2027-04-21")
	t.Run("skip link", func(t *testing.T) {
		v := d.as(t, "leadership_chair", browsertest.Options{}).at("/proposals")
		v.Tab(1)
		v.is(focused, "Skip to main content")
		var top float64
		v.Eval(`document.activeElement.getBoundingClientRect().top`, &top)
		if top < 0 {
			t.Errorf("the skip link has the focus and is %v pixels above the page", -top)
		}
		v.Press(kb.Enter)
		v.is(focused, "main")
		v.Tab(1)
		var inside bool
		v.Eval(`document.querySelector('main').contains(document.activeElement)`, &inside)
		if !inside {
			t.Error("after the skip link the next stop is not in the page's own part")
		}
	})
	t.Run("menu", func(t *testing.T) {
		v := d.as(t, "leadership_chair", browsertest.Options{}).at("/proposals")
		v.Look(browsertest.Options{Width: 390})
		v.keys = true
		v.reach(v.find("button", "Menu", "header"))
		v.Press(kb.Enter)
		v.shown("#nav", true)
		v.Tab(1)
		v.is(focused, "Home")
		v.Press(kb.Escape)
		v.shown("#nav", false)
		v.is(focused, "Menu")
	})
	t.Run("dialog", func(t *testing.T) {
		v := d.as(t, "leadership_chair", browsertest.Options{}).at(ranking)
		v.keys = true
		v.reach(v.find("a", "Move to a position", page))
		var opener string
		v.Eval(focused, &opener)
		v.Press("\r")
		v.shown("#mv", true)
		v.is(focused, "mvn")
		v.Press(kb.Escape)
		v.shown("#mv", false)
		v.is(focused, opener)
	})
}

// is fails the test unless an expression begins with a text.
func (v visitor) is(expression, want string) {
	v.t.Helper()
	var got string
	v.Eval(expression, &got)
	if !strings.HasPrefix(got, want) {
		v.t.Errorf("%s: the focus is on %q, not %q", v.path(), got, want)
	}
}

// shown fails the test unless an element is seen, or is not.
func (v visitor) shown(selector string, want bool) {
	v.t.Helper()
	var got bool
	v.Eval("document.querySelector("+quoted(selector)+").checkVisibility()", &got)
	if got != want {
		v.t.Errorf("%s: %s is seen: %v, not %v", v.path(), selector, got, want)
	}
}
