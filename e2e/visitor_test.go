package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"lectern/e2e/browsertest"
)

// visitor is somebody at a browser, in a demonstration.
type visitor struct {
	*browsertest.Page
	t    testing.TB
	demo *demo
	keys bool // has no mouse
	log  *formLog
}

// visit opens a page of the demonstration for somebody who is not signed in.
func (d *demo) visit(t testing.TB, path string, o browsertest.Options) visitor {
	t.Helper()
	return visitor{Page: browsertest.Open(t, d.URL+path, o), t: t, demo: d, log: d.log}
}

// as opens a browser and becomes a persona with the demonstration's bar: a
// sign-in link works once.
func (d *demo) as(t testing.TB, role string, o browsertest.Options) visitor {
	t.Helper()
	v := d.visit(t, "/privacy", o)
	v.become(role)
	return v
}

// in is the same visitor in a part of the test: what fails is that part's.
func (v visitor) in(t testing.TB) visitor {
	v.Page, v.t = v.In(t), t
	return v
}

// beside is another tab of the same person.
func (v visitor) beside(path string) visitor {
	v.t.Helper()
	return visitor{Page: v.Beside(v.demo.URL+path, browsertest.Options{}), t: v.t, demo: v.demo, keys: v.keys}
}

// at goes to a page.
func (v visitor) at(path string) visitor {
	v.t.Helper()
	v.Goto(v.demo.URL + path)
	return v
}

// path is where the visitor is, without the site, the query and the part.
func (v visitor) path() string {
	path := strings.TrimPrefix(v.Location(), v.demo.URL)
	path, _, _ = strings.Cut(path, "#")
	path, _, _ = strings.Cut(path, "?")
	return path
}

// finder finds the first visible element that a person would call by a name and
// marks it for a selector; it gives the names there are when none is called so.
// What stands in brackets does not count; where no name is exactly so, one that
// begins so will do. A label stands for its control.
const finder = `((selector, name, within, mark) => {
	const plain = e => (e.getAttribute('aria-label') || e.textContent).replace(/\((optional|required)\)/g, '').replace(/\s+/g, ' ').replace(/ ([:,])/g, '$1').trim();
	const seen = e => e.checkVisibility({visibilityProperty: true}) && !e.closest('[aria-hidden=true]');
	const all = [...document.querySelectorAll(within || 'body')].flatMap(b => [...b.querySelectorAll(selector)]).filter(seen);
	const found = all.find(e => plain(e) === name) || all.find(e => plain(e).startsWith(name));
	if (!found) return 'it has: ' + all.map(plain).join(' | ');
	const target = found.control || found;
	target.setAttribute('data-found', mark);
	target.scrollIntoView({block: 'center', behavior: 'instant'});
	return '';
})`

var marks atomic.Int64

// find is the selector of the element of a kind, with a name, within another.
func (v visitor) find(kind, name, within string) string {
	v.t.Helper()
	mark := fmt.Sprint(marks.Add(1))
	var missing string
	v.Eval(fmt.Sprintf("%s(%s, %s, %s, %s)", finder, quoted(kind), quoted(name), quoted(within), quoted(mark)), &missing)
	if missing != "" {
		v.t.Fatalf("%s has no %s called %q in %q; %s", v.path(), kind, name, within, missing)
	}
	return `[data-found="` + mark + `"]`
}

func quoted(text string) string {
	word, err := json.Marshal(text)
	if err != nil {
		panic(err) // of a string: never
	}
	return string(word)
}

// page is what is on a page besides the demonstration's bar.
const page = "header, main"

// press presses a button that loads a page, and gives the status of the answer.
func (v visitor) press(name string) int { v.t.Helper(); return v.pressIn(page, name) }

func (v visitor) pressIn(within, name string) int {
	v.t.Helper()
	return v.load(v.find("button", name, within))
}

// follow follows a link.
func (v visitor) follow(name string) int { v.t.Helper(); return v.load(v.find("a", name, page)) }

func (v visitor) load(selector string) int {
	v.t.Helper()
	if v.log != nil {
		var text string
		v.Eval("document.documentElement.outerHTML", &text)
		v.log.note(v.path(), text, strings.TrimSuffix(strings.TrimPrefix(selector, `[data-found="`), `"]`))
	}
	if v.keys {
		return v.keyPress(selector)
	}
	return v.Follow(selector)
}

// write fills the field of a label by typing.
func (v visitor) write(label, text string) {
	v.t.Helper()
	v.fill(v.find("label", label, page), text)
}

func (v visitor) fill(selector, text string) {
	v.t.Helper()
	if v.keys {
		v.keyWrite(selector, text)
		return
	}
	v.Fill(selector, text)
}

// choose ticks or chooses what a label stands for.
func (v visitor) choose(label string) {
	v.t.Helper()
	selector := v.find("label", label, page)
	if v.keys {
		v.keyChoose(selector)
		return
	}
	v.Click(selector)
}

// unfold opens a folded part, by its summary.
func (v visitor) unfold(summary, within string) {
	v.t.Helper()
	selector := v.find("summary", summary, within)
	if v.keys {
		v.reach(selector)
		v.Press(kb.Enter)
		return
	}
	v.Click(selector)
}

// date fills the date field of a label.
func (v visitor) date(label, day string) {
	v.t.Helper()
	v.setDate(v.find("label", label, page), day)
}

// setDate types a date by keyboard; a mouse would go by the browser's own
// calendar, which is not ours to test.
func (v visitor) setDate(selector, day string) {
	v.t.Helper()
	if v.keys {
		v.keyDate(selector, day)
		return
	}
	v.set(selector, day)
}

// pick picks an option of a list by its value.
func (v visitor) pick(label, value string) { v.t.Helper(); v.set(v.find("label", label, page), value) }

func (v visitor) set(selector, value string) {
	v.t.Helper()
	var now string
	v.Eval(fmt.Sprintf(`(e => { e.value = %s; e.dispatchEvent(new Event('input', {bubbles: true})); return e.value })(document.querySelector(%s))`, quoted(value), quoted(selector)), &now)
	if now != value {
		v.t.Fatalf("%s: the field took %q for %q", v.path(), now, value)
	}
}

func (v visitor) saysIn(selector string, words ...string) {
	v.t.Helper()
	text := v.text(selector)
	for _, w := range words {
		if !strings.Contains(strings.ToLower(text), strings.ToLower(w)) {
			v.t.Errorf("%s does not say %q in %s, but: %.600s", v.path(), w, selector, text)
		}
	}
}

// text is the text of all elements of a selector, on one line.
func (v visitor) text(selector string) string {
	v.t.Helper()
	var text string
	v.Eval(fmt.Sprintf(`[...document.querySelectorAll(%s)].map(e => e.textContent).join(' ').replace(/\s+/g, ' ').trim()`, quoted(selector)), &text)
	return text
}

// count is the number of elements of a selector.
func (v visitor) count(selector string) int {
	v.t.Helper()
	var n int
	v.Eval(fmt.Sprintf(`document.querySelectorAll(%s).length`, quoted(selector)), &n)
	return n
}

// value is what a field holds.
func (v visitor) value(selector string) string {
	v.t.Helper()
	var text string
	v.Eval(fmt.Sprintf(`document.querySelector(%s).value`, quoted(selector)), &text)
	return text
}

// need fails the test unless an answer had the status.
func (v visitor) need(what string, got, want int) {
	v.t.Helper()
	if got != want {
		v.t.Fatalf("%s answered %d, not %d, at %s: %.800s", what, got, want, v.path(), v.text("main"))
	}
}

// travel moves the clock with the demonstration's bar.
func (v visitor) travel(day string) {
	v.t.Helper()
	v.openBar()
	v.setDate(v.find("label", "Today is", "aside.demo"), day)
	v.need("travelling to "+day, v.pressIn("aside.demo", "Travel"), 200)
}

// openBar opens the demonstration's bar.
func (v visitor) openBar() {
	v.t.Helper()
	if v.count("aside.demo details[open]") == 0 {
		v.unfold("Demo", "aside.demo")
	}
}

// become changes the persona with the demonstration's bar.
func (v visitor) become(role string) {
	v.t.Helper()
	v.openBar()
	v.set(v.find("label", "Act as", "aside.demo"), role)
	v.need("becoming "+role, v.pressIn("aside.demo", "Switch"), 200)
}

// scene jumps to a scene by the beginning of its label.
func (v visitor) scene(label string) {
	v.t.Helper()
	v.openBar()
	v.need("the scene "+label, v.pressIn("aside.demo", label), 200)
}

// goTo loads an address.
func goTo(url string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		_, _, _, _, err := cdppage.Navigate(url).Do(ctx)
		return err
	})
}
