package browsertest

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"lectern/internal/onhand"
)

// Options say how a page is looked at. The zero value is a light page on a
// screen of 1280 × 900 CSS pixels with JavaScript.
type Options struct {
	Width int  // CSS pixels; 0: 1280
	Dark  bool // prefers-color-scheme: dark
	NoJS  bool // the page's own scripts do not run
	Print bool // media: print
}

// Page is one tab with cookies and storage of its own, closed when its test
// ends. Every method that cannot do its work fails the test at once.
type Page struct {
	t       testing.TB
	ctx     context.Context // the tab's
	browser context.Context
	profile cdp.BrowserContextID
	width   int64
	watcher *watcher
}

// Open loads a URL in a new page. The test is skipped where no browser is
// installed, or fails if LECTERN_TEST_REQUIRE contains browser.
func Open(t testing.TB, url string, o Options) *Page {
	t.Helper()
	onhand.Browser(t)
	browser, err := start()
	if err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	profile, err := newProfile(browser)
	if err != nil {
		t.Fatalf("make a browser profile: %v", err)
	}
	t.Cleanup(func() { _ = target.DisposeBrowserContext(profile).Do(commands(browser)) }) // the tabs are closed by then
	return open(t, browser, profile, url, o)
}

// In is the same page in a part of its test, such as a subtest: what cannot be
// done or is found fails that part. The page stays open until its own test
// ends, which also tells what it complained of.
func (p *Page) In(t testing.TB) *Page {
	part := *p
	part.t = t
	return &part
}

// Beside loads a URL in another tab of the same person: cookies and storage are shared.
func (p *Page) Beside(url string, o Options) *Page {
	p.t.Helper()
	return open(p.t, p.browser, p.profile, url, o)
}

// newProfile makes what Chromium calls a browser context: cookies and storage
// apart from all others.
func newProfile(browser context.Context) (cdp.BrowserContextID, error) {
	return target.CreateBrowserContext().WithDisposeOnDetach(true).Do(commands(browser))
}

// commands lets a context carry commands to the browser as a whole.
func commands(browser context.Context) context.Context {
	return cdp.WithExecutor(browser, chromedp.FromContext(browser).Browser)
}

func open(t testing.TB, browser context.Context, profile cdp.BrowserContextID, url string, o Options) *Page {
	t.Helper()
	// A profile's first tab needs a window, which chromedp does not ask for.
	tab, err := target.CreateTarget("about:blank").WithBrowserContextID(profile).WithNewWindow(true).Do(commands(browser))
	if err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithTargetID(tab))
	p := &Page{browser: browser, profile: profile, t: t, ctx: ctx, width: int64(o.Width), watcher: &watcher{}}
	if p.width == 0 {
		p.width = 1280
	}
	t.Cleanup(func() {
		p.finish()
		cancel()
	})
	chromedp.ListenTarget(ctx, p.watcher.hear)
	// The first Run of a tab makes it, and must not be under a deadline that
	// ends: the tab would end with it.
	if err := chromedp.Run(ctx, o.emulate(p.width)...); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	p.Goto(url)
	return p
}

func (o Options) emulate(width int64) []chromedp.Action {
	return append([]chromedp.Action{network.Enable(), emulation.SetScriptExecutionDisabled(o.NoJS)}, o.screen(width)...)
}

// screen is what the page is shown on, and in which colors.
func (o Options) screen(width int64) []chromedp.Action {
	scheme, media := "light", "screen"
	if o.Dark {
		scheme = "dark"
	}
	if o.Print {
		media = "print"
	}
	return []chromedp.Action{
		emulation.SetDeviceMetricsOverride(width, 900, 1, false),
		emulation.SetEmulatedMedia().WithMedia(media).WithFeatures([]*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme},
			{Name: "prefers-reduced-motion", Value: "reduce"}, // nothing is half-way when looked at
		}),
	}
}

// finish reports what the page complained of and, where screenshots are
// wanted, keeps one of a page whose test failed.
func (p *Page) finish() {
	if p.ctx.Err() == nil {
		p.settle()
	}
	for _, complaint := range p.watcher.complaints() {
		p.t.Errorf("the page complained: %s", complaint)
	}
	if p.t.Failed() && p.ctx.Err() == nil {
		if err := p.keepPicture("failed-" + p.t.Name()); err != nil {
			p.t.Logf("no screenshot of the failure: %v", err)
		}
	}
}

// settle waits for one answer of the page, before which it sends all it has to say.
func (p *Page) settle() {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	var one int
	_ = chromedp.Run(ctx, chromedp.Evaluate("1", &one))
}

// Do runs chromedp's own actions, all within 20 seconds.
func (p *Page) Do(actions ...chromedp.Action) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		p.t.Fatalf("%v (at %s)", err, p.where())
	}
}

func (p *Page) where() string {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	var url string
	if err := chromedp.Run(ctx, chromedp.Location(&url)); err != nil {
		return "an unknown address"
	}
	return url
}

// Goto loads a URL and waits for the page's load event.
func (p *Page) Goto(url string) { p.t.Helper(); p.Do(chromedp.Navigate(url)) }

// Location gives the page's current URL.
func (p *Page) Location() string {
	p.t.Helper()
	var url string
	p.Do(chromedp.Location(&url))
	return url
}

// Wait waits until the element of a CSS selector can be seen.
func (p *Page) Wait(selector string) {
	p.t.Helper()
	p.Do(chromedp.WaitVisible(selector, chromedp.ByQuery))
}

// Text gives the visible text of the element of a CSS selector, trimmed.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	var text string
	p.Do(chromedp.Text(selector, &text, chromedp.ByQuery, chromedp.NodeVisible))
	return strings.TrimSpace(text)
}

// Click clicks the element of a CSS selector. Where that loads another page,
// use Follow.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.Do(chromedp.Click(selector, chromedp.ByQuery, chromedp.NodeVisible))
}

// Follow clicks the element of a CSS selector and waits for the page it leads
// to; it gives the status of the answer.
func (p *Page) Follow(selector string) int {
	p.t.Helper()
	return p.Answer(chromedp.Click(selector, chromedp.ByQuery, chromedp.NodeVisible))
}

// Answer runs actions of which the last loads a page, waits for it and gives
// the status of the answer.
func (p *Page) Answer(actions ...chromedp.Action) int {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	response, err := chromedp.RunResponse(ctx, actions...)
	if err != nil {
		p.t.Fatalf("%v (at %s)", err, p.where())
	}
	if response == nil { // the same page again, from the browser's own store
		return 200
	}
	return int(response.Status)
}

// Fill replaces the text of the field of a CSS selector, all at once as a phone's
// keyboard does that completes words.
func (p *Page) Fill(selector, text string) {
	p.t.Helper()
	p.Do(chromedp.Focus(selector, chromedp.ByQuery), chromedp.Evaluate("document.activeElement.select()", nil))
	if text == "" {
		p.Do(chromedp.KeyEvent(kb.Delete))
		return
	}
	p.Do(input.InsertText(text))
}

// Eval runs a JavaScript expression in the page, also where Options.NoJS stops
// the page's own scripts, and stores its value. A promise is waited for.
func (p *Page) Eval(expression string, value any) {
	p.t.Helper()
	p.Do(chromedp.Evaluate(expression, value, awaiting))
}

// Offline cuts the page's connection, or gives it back.
func (p *Page) Offline(cut bool) {
	p.t.Helper()
	p.Do(network.EmulateNetworkConditions(cut, 0, -1, -1))
}
