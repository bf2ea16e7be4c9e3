package browsertest

import "github.com/chromedp/chromedp"

// Look shows the page that is open as on another screen, without loading it
// again. NoJS stays as the page was opened with.
func (p *Page) Look(o Options) {
	p.t.Helper()
	p.width = int64(o.Width)
	if p.width == 0 {
		p.width = 1280
	}
	p.Do(o.screen(p.width)...)
	// The next frame has the new sizes and colors.
	p.Do(chromedp.Evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))", nil, awaiting))
}
