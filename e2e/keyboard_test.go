package e2e

import (
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// stops is how many elements are passed on the way to one before giving up.
const stops = 150

// stop says of the focused element what is wrong with how it is seen, and
// whether it is the one looked for. The ring may be on the label that stands
// for a hidden box.
const stop = `(mark => {
	const e = document.activeElement;
	if (!e || e === document.body) return {here: '', at: false, wrong: []};
	const label = e.closest('label') || (e.labels && e.labels[0]), shown = [e, e.nextElementSibling, label].filter(Boolean);
	const ring = shown.some(s => { const c = getComputedStyle(s); return c.outlineStyle !== 'none' && parseFloat(c.outlineWidth) > 0 });
	const box = e.getBoundingClientRect(), tiny = box.width < 4 || box.height < 4, seen = tiny && label ? label.getBoundingClientRect() : box;
	const left = Math.max(seen.left, 0), right = Math.min(seen.right, innerWidth), top = Math.max(seen.top, 0), bottom = Math.min(seen.bottom, innerHeight);
	const wrong = [];
	if (!ring) wrong.push('shows no ring');
	if (right - left < 2 || bottom - top < 2) wrong.push('is out of view');
	else {
		const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
		const mine = over && (e.contains(over) || over.contains(e) || (label && label.contains(over)));
		if (!mine) wrong.push('is covered by ' + (over ? over.tagName + '.' + over.className : 'nothing'));
	}
	const here = e.tagName.toLowerCase() + ' ' + (e.name || '') + ' "' + (e.getAttribute('aria-label') || e.textContent || '').replace(/\s+/g, ' ').trim().slice(0, 40) + '"';
	const group = e.type === 'radio' && document.querySelector('[data-found="' + mark + '"]');
	return {here: here, at: e.dataset.found === mark || Boolean(group && group.type === 'radio' && group.name === e.name), wrong: wrong};
})`

// reach goes by the Tab key to a marked element, or to the group of radio
// buttons it is in, and looks at every stop on the way.
func (v visitor) reach(selector string) {
	v.t.Helper()
	var passed []string
	for range stops {
		if v.stop(selector, &passed) {
			return
		}
		v.Tab(1)
	}
	v.t.Fatalf("%s: the Tab key does not reach %s; it passes %s", v.path(), selector, strings.Join(passed, ", "))
}

func (v visitor) stop(selector string, passed *[]string) bool {
	v.t.Helper()
	var at struct {
		Here  string
		At    bool
		Wrong []string
	}
	mark := strings.TrimSuffix(strings.TrimPrefix(selector, `[data-found="`), `"]`)
	v.Eval(fmt.Sprintf("%s(%s)", stop, quoted(mark)), &at)
	*passed = append(*passed, at.Here)
	// Before the first key the focus is where the page put it: no ring is due.
	if len(*passed) > 1 {
		for _, wrong := range at.Wrong {
			v.t.Errorf("%s: %s %s", v.path(), at.Here, wrong)
		}
	}
	return at.At
}

// keyPress presses a button or follows a link by keyboard.
func (v visitor) keyPress(selector string) int {
	v.t.Helper()
	v.reach(selector)
	return v.Enter()
}

// keyWrite fills a field by keyboard; a date by its parts, month, day and year.
func (v visitor) keyWrite(selector, text string) {
	v.t.Helper()
	v.reach(selector)
	v.Do(chromedp.KeyEvent("a", chromedp.KeyModifiers(input.ModifierCtrl)))
	v.Press(kb.Delete)
	v.Type(text)
}

func (v visitor) keyDate(selector, day string) {
	v.t.Helper()
	v.reach(selector)
	v.Type(day[5:7] + day[8:10] + day[:4])
	if got := v.value(selector); got != day {
		v.t.Fatalf("%s: the date typed is %q, not %q", v.path(), got, day)
	}
}

// keyChoose chooses a radio button by the arrow keys, or ticks a box by Space.
func (v visitor) keyChoose(selector string) {
	v.t.Helper()
	v.reach(selector)
	var at string
	for range stops {
		v.Eval(fmt.Sprintf(`(e => e === document.activeElement ? (e.checked ? 'chosen' : 'here') : 'elsewhere')(document.querySelector(%s))`, quoted(selector)), &at)
		switch at {
		case "chosen":
			return
		case "here":
			v.Press(" ")
			return
		}
		v.Press(kb.ArrowDown)
	}
	v.t.Fatalf("%s: the arrow keys do not reach %s", v.path(), selector)
}
