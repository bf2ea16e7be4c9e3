package e2e

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"lectern/e2e/browsertest"
)

const decisions = "/calls/forum-2027-breakouts/decisions"

// TestDecisions stages, compares a file, previews and publishes in a real browser:
// looked at, by keyboard alone, and on paper.
func TestDecisions(t *testing.T) {
	t.Parallel()
	d := play(t, "", "2027-05-20")
	open, asked := d.titled("When the good ones go quiet", "forum-2027-breakouts"), d.titled("Closing a branch without losing a town", "forum-2027-breakouts")
	d.tour(t, "forum_committee", look{"decisions", decisions, 0}, look{"decisions-open", decisions + "?show=open", 0}, look{"packets", "/packets", 0}, look{"home", "/", 0})
	d.tour(t, "staff", look{"decisions", decisions, 0}, look{"reopened", asked.path(), 0}, look{"publish-early", decisions + "/publish", 0})
	d.tour(t, "vice_chair", look{"recommended", asked.path() + "/recommend", 0}, look{"request-changes", open.path() + "/request-changes", 0})
	d.tour(t, "co_chair", look{"untold", d.titled("Coaching across the reference desk", "forum-2027-breakouts").path(), 0}, look{"nothing", decisions, 404})
	d.stagedByKeys(t, open)
	d.comparedByKeys(t, asked)
	d.publishedByKeys(t)
	d.roundOnPaper(t)
}

// stagedByKeys is refused a decline without a word, and then stages it.
func (d *demo) stagedByKeys(t *testing.T, open proposal) {
	t.Helper()
	v := d.as(t, "forum_committee", browsertest.Options{}).at(decisions + "?show=open")
	v.keys = true
	row := "#" + `\32 ` + open.Number[1:]
	v.keyChoose(v.mark(row + ` [value="declined"]`))
	v.need("a decline without a word", v.press("Stage these decisions"), 422)
	v.refusal(open.Number, "feedback")
	v.inspect("decisions-refused-forum_committee")
	v.keyWrite(v.mark(row+" textarea"), "The topic is needed; the hour holds three.")
	v.need("staging", v.press("Stage these decisions"), 200)
	v.saysIn(".flash", "staged")
	v.at(decisions).saysIn(row, "Staged: Declined", "Submitted")
}

// comparedByKeys sends the file of decisions with two lines changed, sees what that
// would do, and does it.
func (d *demo) comparedByKeys(t *testing.T, asked proposal) {
	t.Helper()
	v := d.as(t, "forum_committee", browsertest.Options{}).at(decisions)
	var file string
	v.Eval(`fetch(location.pathname + '.csv').then(r => r.text())`, &file)
	v.need("a file that is none", v.sends("a,b\n1,2\n"), 422)
	v.inspect("difference-refused-forum_committee")
	lines := strings.Split(strings.TrimSpace(file), "\n")
	if len(lines) != 27 || !strings.HasPrefix(lines[0], "number,") {
		t.Fatalf("the file has %d lines and begins %q", len(lines), lines[0])
	}
	v.at(decisions)
	v.need("comparing", v.sends("number,outcome,feedback,no_feedback\n"+asked.Number+",alternate,,\n27-F-012,declined,,\n27-F-099,accepted,,\n"), 422)
	v.saysIn("main", "What the file would change", "27-F-099", "Give feedback, or say that there is none")
	v.inspect("difference-wrong-forum_committee")
	v.at(decisions)
	v.need("comparing", v.sends("number,outcome,feedback,no_feedback\n"+asked.Number+",accepted,The exercise comes first now.,\n27-F-012,alternate,Third on the list.,\n27-F-008,,,\n27-F-024,accepted,We will find a moderator. Keep the list of promises.,\n"), 200)
	v.saysIn("main", "3 decisions of 4 lines", "Cleared", "Third on the list.")
	v.inspect("difference-forum_committee")
	v.keys = true
	v.need("staging what the file says", v.press("Stage 3 decisions"), 200)
	v.at(decisions+"?show=open").saysIn("main", "27-F-008")
}

// sends sends a file to be compared.
func (v visitor) sends(text string) int {
	v.t.Helper()
	path := filepath.Join(v.t.TempDir(), "decisions.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		v.t.Fatal(err)
	}
	v.Do(chromedp.SetUploadFiles("#file", []string{path}))
	v.keys = true
	return v.press("See the difference")
}

// publishedByKeys looks at what is told to whom, and publishes.
func (d *demo) publishedByKeys(t *testing.T) {
	t.Helper()
	v := d.as(t, "staff", browsertest.Options{})
	v.travel("2027-06-15")
	v.at(decisions).inspect("decisions-ready-staff")
	v.keys = true
	v.need("what is told to whom", v.follow("See what"), 200)
	v.saysIn("main", "The outcome, as a chair of the group", "Renata Ochoa")
	v.inspect("publish-staff")
	v.onPaper("publish-print")
	v.need("publishing", v.press("Publish 2"), 200)
	v.saysIn("main", "Published 2")
	v.inspect("published-staff")
	v.onPaper("published-print")
	ben := d.as(t, "co_chair", browsertest.Options{}).at(d.titled("Coaching across the reference desk", "forum-2027-breakouts").path())
	ben.saysIn("main", "Accepted", "Practice instead of slides", "Bring the card of five things")
	ben.inspect("outcome-co_chair")
	ben.onPaper("outcome-print")
}

// roundOnPaper prints the pages that a committee takes to its meeting.
func (d *demo) roundOnPaper(t *testing.T) {
	t.Helper()
	v := d.as(t, "forum_committee", browsertest.Options{})
	v.printedAt("/packets", "packets-print")
	v.need("the packet", v.follow("Packet 2"), 200)
	if n := v.onPaper("packet-print"); n < 4 || n > 40 {
		t.Errorf("the packet of 29 proposals prints on %d pages", n)
	}
	v.printedAt(decisions, "decisions-print")
	chair := d.as(t, "leadership_chair", browsertest.Options{})
	chair.printedAt(d.titled("When the good ones go quiet", "forum-2027-breakouts").path()+"/recommend", "recommend-print")
}

func (v visitor) printedAt(path, name string) {
	v.t.Helper()
	v.at(path).onPaper(name)
}

// onPaper looks at the page as it prints, and tells on how many sheets: what is
// pressed and chosen is not on them.
func (v visitor) onPaper(name string) int {
	v.t.Helper()
	v.Do(emulation.SetEmulatedMedia().WithMedia("print"))
	var shown int
	v.Eval(`[...document.querySelectorAll('main .btn, main button, header.site nav, aside.demo, .tabs')].filter(e => e.checkVisibility()).length`, &shown)
	if shown > 0 {
		v.t.Errorf("%s: %d buttons are on paper", v.path(), shown)
	}
	v.Screenshot(name)
	var paper []byte
	v.Do(chromedp.ActionFunc(func(ctx context.Context) (err error) {
		paper, _, err = cdppage.PrintToPDF().WithPreferCSSPageSize(true).Do(ctx)
		return err
	}), emulation.SetEmulatedMedia().WithMedia(""))
	if folder := os.Getenv(browsertest.ShotsVar); folder != "" {
		_ = os.WriteFile(filepath.Join(folder, name+".pdf"), paper, 0o600)
	}
	return len(regexp.MustCompile(`/Type\s*/Page[^s]`).FindAll(paper, -1))
}

// mark marks the first element of a selector to be found.
func (v visitor) mark(selector string) string {
	v.t.Helper()
	var found bool
	v.Eval(`(s => { const e = document.querySelector(s); if (e) e.setAttribute('data-found', 'marked'); return Boolean(e) })(`+quoted(selector)+`)`, &found)
	if !found {
		v.t.Fatalf("%s has no %s", v.path(), selector)
	}
	return `[data-found="marked"]`
}
