package browsertest

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/chromedp"
)

// ShotsVar names the folder that screenshots are written to; unset: none are taken.
const ShotsVar = "LECTERN_TEST_SHOTS"

// Screenshot writes the whole page as name.png into the folder that
// LECTERN_TEST_SHOTS names, and does nothing where that is unset.
func (p *Page) Screenshot(name string) {
	p.t.Helper()
	if err := p.keepPicture(name); err != nil {
		p.t.Fatalf("screenshot %s: %v", name, err)
	}
}

func (p *Page) keepPicture(name string) error {
	folder := os.Getenv(ShotsVar)
	if folder == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	var png []byte
	if err := chromedp.Run(ctx, chromedp.FullScreenshot(&png, 100)); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	name = strings.NewReplacer("/", "-", " ", "-").Replace(name)
	return os.WriteFile(filepath.Join(folder, name+".png"), png, 0o644)
}

// tooWide lists what reaches over the right edge of a page that scrolls
// sideways, except within a part that scrolls by itself; nothing on a page that
// does not.
const tooWide = `(() => {
	const root = document.scrollingElement, width = root.clientWidth;
	if (root.scrollWidth <= width) return [];
	const scrolls = e => e && e !== document.body && (getComputedStyle(e).overflowX !== 'visible' || scrolls(e.parentElement));
	const found = [...document.body.querySelectorAll('*')].filter(e => {
		const box = e.getBoundingClientRect();
		return box.width > 0 && box.right + window.scrollX > width + 0.5 && !scrolls(e.parentElement);
	}).map(e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + [...e.classList].map(c => '.' + c).join('')
		+ ' reaches ' + Math.round(e.getBoundingClientRect().right + window.scrollX) + ' of ' + width + ' pixels');
	return found.length ? found : ['the page is ' + root.scrollWidth + ' pixels wide'];
})()`

// NoSidewaysScroll fails the test, and lets it go on, if the page is wider than
// its screen, naming the elements that are.
func (p *Page) NoSidewaysScroll() {
	p.t.Helper()
	if wide := p.tooWide(); len(wide) > 0 {
		p.t.Errorf("%s scrolls sideways at %d pixels:\n  %s", p.where(), p.width, strings.Join(wide, "\n  "))
	}
}

func (p *Page) tooWide() []string {
	p.t.Helper()
	var wide []string
	p.Do(chromedp.Evaluate(tooWide, &wide))
	return wide
}

// broken lists the proposals' numbers that go over the end of a line, with what they
// stand in. Nobody finds 27-W-006 again when it is 27- here and W-006 there.
const broken = `(() => {
	const found = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let node = texts.nextNode(); node; node = texts.nextNode()) {
		for (const m of node.data.matchAll(/\b\d\d-[A-Z]-\d{3}\b/g)) {
			const range = document.createRange();
			range.setStart(node, m.index);
			range.setEnd(node, m.index + m[0].length);
			const lines = new Set([...range.getClientRects()].filter(b => b.width > 1).map(b => Math.round(b.top)));
			const e = node.parentElement;
			if (lines.size > 1) found.push(m[0] + ' in ' + e.tagName.toLowerCase() + [...e.classList].map(c => '.' + c).join('') + ': ' + node.data.trim());
		}
	}
	return found;
})()`

// ReferencesWhole fails the test, and lets it go on, if the number of a proposal is
// broken over two lines.
func (p *Page) ReferencesWhole() {
	p.t.Helper()
	var found []string
	p.Do(chromedp.Evaluate(broken, &found))
	if len(found) > 0 {
		p.t.Errorf("%s breaks references at %d pixels:\n  %s", p.where(), p.width, strings.Join(found, "\n  "))
	}
}
