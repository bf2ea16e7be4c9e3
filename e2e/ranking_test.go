package e2e

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"lectern/e2e/browsertest"
)

const (
	ranking = "/calls/forum-2027-breakouts/ranking"
	preview = "/years/2026-27/venues/forum/packets/new"
)

// TestRanking ranks, recommends and releases in a real browser: looked at, by
// keyboard, with a clash, and on paper.
func TestRanking(t *testing.T) {
	t.Parallel()
	d := play(t, "", "2027-04-21")
	best := d.titled("From managing people to managing managers", "forum-2027-breakouts")
	d.tour(t, "leadership_chair", look{"ranking", ranking, 0}, look{"recommend", best.path() + "/recommend", 0}, look{"packet-preview", preview, 0}, look{"desks", "/review", 0})
	d.tour(t, "vice_chair", look{"ranking", ranking, 0})
	d.tour(t, "reviewer", look{"ranking", ranking, 0}, look{"recommend", best.path() + "/recommend", 0})
	d.tour(t, "forum_committee", look{"packets-none", "/packets", 0}, look{"ranking", ranking, 404})
	t.Run("keyboard", d.rankByKeys)
	t.Run("drag", d.rankDragged)
	t.Run("print", d.rankPrinted)
	t.Run("release", d.released)
}

// rankByKeys moves proposals with the keyboard: the focus stays, the status line
// says what was saved, and what another window changed is told.
func (d *demo) rankByKeys(t *testing.T) {
	v := d.as(t, "leadership_chair", browsertest.Options{}).at(ranking)
	v.keys = true
	title := v.text(`.rank li[data-id]:nth-of-type(3) a b`)
	v.reach(v.find("button", "Move up: "+title, page))
	v.Press("\r")
	v.untilSaid("[data-live]", title+" is now 2 of 25, recommended. Saved.")
	if got := v.Focused(); !regexp.MustCompile(`Move up: ` + regexp.QuoteMeta(title)).MatchString(got) {
		t.Errorf("after a move the focus is on %q", got)
	}
	v.Press("\r")
	v.untilSaid("[data-live]", title+" is now 1 of 25")
	if got := v.Focused(); !regexp.MustCompile(`Move down: ` + regexp.QuoteMeta(title)).MatchString(got) {
		t.Errorf("at the top the focus is on %q", got)
	}
	v.reach(v.find("a", "Move to a position: "+title, page))
	v.Press("\r")
	v.Type("14")
	v.Press("\r")
	v.untilSaid("[data-live]", title+" is now 14 of 25, below the line. Saved.")
	if got := v.text(`.rank li[data-id]:nth-of-type(15) a b`); got != title { // behind the line, which is an item too
		t.Errorf("place 14 holds %q, want %q", got, title)
	}
	v.until(`document.querySelector('#balance tbody td:last-child') !== null`)

	other := d.as(t, "leadership_chair", browsertest.Options{}).at(ranking)
	last := other.text(`.rank li[data-id]:last-of-type a b`)
	other.Click(other.find("button", "Move up: "+last, page))
	other.untilSaid("[data-live]", last+" is now 24 of 25")
	v.reach(v.find("button", "Move up: "+title, page))
	v.need("moving on an outdated list", v.Enter(), 200)
	v.saysIn(".errors", "Dana Whitfield moved “"+last+"”")
	v.saysIn(".errors", "Look at the list as it is now")
}

// rankDragged drops the tenth proposal on the eighth, which is a move like any
// other: said, saved, and there when the page is opened again.
func (d *demo) rankDragged(t *testing.T) {
	v := d.as(t, "leadership_chair", browsertest.Options{}).at(ranking)
	title, refused := v.text(`.rank li[data-id="`+v.ranked(10)+`"] a b`), ""
	v.Eval(`((from, to) => {
		const item = id => document.querySelector('.rank li[data-id="' + id + '"]'), what = new DataTransfer();
		const happens = (name, on) => on.dispatchEvent(new DragEvent(name, {bubbles: true, cancelable: true, dataTransfer: what}));
		happens('dragstart', item(from));
		if (happens('dragover', item(to))) return 'nothing can be dropped there';
		happens('drop', item(to));
		happens('dragend', item(from));
		return '';
	})(`+quoted(v.ranked(10))+`, `+quoted(v.ranked(8))+`)`, &refused)
	if refused != "" {
		t.Fatal(refused)
	}
	v.untilSaid("[data-live]", title+" is now 8 of 25, recommended. Saved.")
	v.at(ranking)
	if got := v.text(`.rank li[data-id="` + v.ranked(8) + `"] a b`); got != title {
		t.Errorf("place 8 holds %q, not %q", got, title)
	}
}

// ranked is the id of the proposal at a place of the ranking.
func (v visitor) ranked(place int) string {
	v.t.Helper()
	var id string
	v.Eval(`[...document.querySelectorAll('.rank li[data-id]')][`+strconv.Itoa(place-1)+`].dataset.id`, &id)
	return id
}

// rankPrinted: the list of all proposals fits on one page, with the balance on a
// second one.
func (d *demo) rankPrinted(t *testing.T) {
	v := d.as(t, "leadership_chair", browsertest.Options{}).at(ranking)
	v.Do(emulation.SetEmulatedMedia().WithMedia("print"))
	v.Screenshot("ranking-print")
	var paper []byte
	v.Do(chromedp.ActionFunc(func(ctx context.Context) (err error) {
		paper, _, err = cdppage.PrintToPDF().WithPreferCSSPageSize(true).Do(ctx)
		return err
	}))
	if folder := os.Getenv(browsertest.ShotsVar); folder != "" {
		_ = os.WriteFile(filepath.Join(folder, "ranking.pdf"), paper, 0o600)
	}
	if pages := len(regexp.MustCompile(`/Type\s*/Page[^s]`).FindAll(paper, -1)); pages != 2 {
		t.Errorf("the ranking prints on %d pages, want one for the list and one for the balance", pages)
	}
}

// released releases packet 1; the committee reads it.
func (d *demo) released(t *testing.T) {
	v := d.as(t, "leadership_chair", browsertest.Options{}).at(ranking)
	v.need("previewing", v.follow("Preview packet 1"), 200)
	v.need("releasing", v.press("Release packet 1"), 200)
	v.saysIn(".flash", "Packet 1 is released")
	v.inspect("packet-leadership_chair")
	at := v.path()
	c := d.as(t, "forum_committee", browsertest.Options{}).at("/")
	c.inspect("home-packet-forum_committee")
	c.need("opening the packet", c.follow("Open Packet 1, Core Forum 2026–27"), 200)
	if c.path() != at {
		t.Errorf("the committee's packet is %s, the chair's %s", c.path(), at)
	}
	c.inspect("packet-forum_committee")
	c.at("/packets").inspect("packets-forum_committee")
}

// rankPlainly ranks, recommends and releases without scripts.
func (d *demo) rankPlainly(t *testing.T) {
	v := d.as(t, "leadership_chair", plain).at(ranking)
	title := v.text(`.rank li[data-id]:nth-of-type(2) a b`)
	v.need("moving up", v.press("Move up: "+title), 200)
	v.saysIn(".flash", title+" is now 1 of 25, recommended. Saved.")
	v.need("asking for a place", v.follow("Move to a position: "+title), 200)
	v.fill("#to", "99")
	v.need("a place that is none", v.pressIn("#place", "Move"), 422)
	v.fill("#to", "3")
	v.need("a place", v.pressIn("#place", "Move"), 200)
	v.saysIn(".flash", title+" is now 3 of 25")
	v.fill("#cut", "10")
	v.need("drawing the line", v.press("Draw the line"), 200)
	v.saysIn(".cutline", "Recommended above this line (10)")
	v.fill("#least", "74")
	v.need("drawing it at a mean", v.press("Draw it there"), 200)
	v.saysIn(".cutline", "Recommended above this line (")
	v.need("opening a proposal", v.follow(title), 200)
	v.write("Place in the ranking, 1 to 25", "two")
	v.need("a place in words", v.press("Save the recommendation"), 422)
	v.write("Place in the ranking, 1 to 25", "2")
	v.need("recommending", v.press("Save the recommendation"), 200)
	v.saysIn(".flash", "place 2 of 25. Saved.")
	v.need("previewing", v.follow("Preview packet 1"), 200)
	v.need("releasing", v.press("Release packet 1"), 200)
	v.saysIn("h1", "Packet 1, Core Forum 2026–27")
}
