package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"lectern/e2e/browsertest"
)

const desk = "/calls/forum-2027-breakouts/review"

// TestDesk reviews in a real browser: looked at, by keyboard, saved by itself,
// and on paper.
func TestDesk(t *testing.T) {
	t.Parallel()
	d := play(t, "", "2027-04-08")
	closed := d.titled("What the Leadership Team wished it had known", "forum-2027-breakouts")
	d.tour(t, "reviewer", look{"desk", desk, 0}, look{"desks", "/review", 0}, look{"call", "/staff/calls/forum-2027-breakouts", 0}, look{"proposals", "/proposals?call=forum-2027-breakouts", 0})
	d.tour(t, "leadership_chair", look{"conflict", closed.path(), 0}, look{"desk-closed", desk + "/" + closed.Number, 403}, look{"home", "/", 0})
	d.tour(t, "staff", look{"call-phases", "/staff/calls/forum-2027-breakouts", 0})
	t.Run("keyboard", d.deskByKeys)
	t.Run("shortcuts", d.deskShortcuts)
	t.Run("print", d.deskPrinted)
	t.Run("short of reviewers", func(t *testing.T) { d.shortOfReviewers(t, closed) })
}

// shortOfReviewers: when two have left the Leadership Team and two of three have a
// conflict, an administrator is told with what, and adds a guest; the chair is told
// of how many.
func (d *demo) shortOfReviewers(t *testing.T, p proposal) {
	const call = "/staff/calls/forum-2027-breakouts"
	admin := d.as(t, "admin", browsertest.Options{})
	for _, who := range []string{"Amina Farouk, Appointments manager", "Silas Bergstrom, Member"} {
		admin.at("/groups/leadership-team/people")
		admin.need("the form to end a term", admin.follow("End: "+who), 200)
		admin.date("Last day as", "2027-04-07")
		admin.need("ending the term", admin.press("End a term"), 200)
	}
	vera := d.as(t, "vice_chair", browsertest.Options{}).at(p.path() + "/recuse")
	vera.need("recusing", vera.press("Declare a conflict of interest"), 200)
	admin.at(call)
	admin.saysIn(".callout.warn", "Too few reviewers for 1 proposal", p.Title, "1 of 2 reviewers free")
	admin.inspect("call-short-admin")
	staff := d.as(t, "staff", browsertest.Options{}).at(call)
	staff.saysIn(".callout.warn", p.Title, "Ask an administrator")
	staff.inspect("call-short-staff")
	chair := d.as(t, "leadership_chair", browsertest.Options{}).at(call)
	chair.saysIn(".callout.warn", "Too few reviewers for 1 proposal", "Ask an administrator")
	chair.inspect("call-short-leadership_chair")
	admin.at(call)
	admin.write("Email of the guest reviewer", "hana.sato@example.org")
	admin.need("adding a guest", admin.press("Add"), 200)
	admin.saysIn("main", "Hana Sato")
	if admin.count("main .callout.warn") != 0 {
		t.Error("the warning stays when enough reviewers are free")
	}
}

// deskByKeys scores with the arrow keys, is asked for a comment, and goes on.
func (d *demo) deskByKeys(t *testing.T) {
	v := d.as(t, "vice_chair", browsertest.Options{}).at(desk)
	v.keys = true
	for i := range v.count(".crit") {
		var first string
		v.Eval(`(i => { const e = document.querySelectorAll('.crit')[i].querySelector('input'); e.setAttribute('data-found', 'crit' + i); return e.name })(`+string(rune('0'+i))+`)`, &first)
		v.reach(`[data-found="crit` + string(rune('0'+i)) + `"]`)
		v.Press(" ", kb.ArrowRight, kb.ArrowRight, kb.ArrowRight)
	}
	v.saysIn("[data-out]", "75 of 100")
	v.choose("Do not recommend")
	v.need("saving without a comment", v.press("Save and go to next"), 422)
	v.saysIn("main .errors", "a comment goes with")
	v.saysIn("[data-out]", "75 of 100")
	v.write("Comment", "Say what people do after the first ten minutes.")
	title := v.text("#title")
	v.need("saving", v.press("Save and go to next"), 200)
	v.saysIn(".flash", "You gave 75 to", title)
	if next := v.text("#title"); next == title {
		t.Errorf("after saving the desk still shows %q", next)
	}
}

// deskShortcuts: single keys do nothing until they are switched on, and never
// while somebody types; what they score is saved by itself.
func (d *demo) deskShortcuts(t *testing.T) {
	v := d.as(t, "reviewer", browsertest.Options{}).at(desk)
	before := v.text("[data-out]")
	v.Do(chromedp.Focus("#main"))
	v.Press("5")
	if got := v.text("[data-out]"); got != before {
		t.Errorf("a key that is off scored: %s", got)
	}
	v.choose("Keyboard shortcuts")
	v.Do(chromedp.Focus("#main"))
	v.Press("4")
	v.saysIn("[data-out]", "1 of 6 scored")
	v.Do(chromedp.Focus("#comment"))
	v.Type("4 of 5 tables, n more")
	v.saysIn("[data-out]", "1 of 6 scored")
	v.untilSaid(status, "Saved at")
	at := v.path()
	v.until(`document.querySelector('[name=version]').value > 0 && document.querySelector('[data-save-alert]').textContent.trim() === ''`)
	v.until(`!Object.keys(localStorage).some(k => k.startsWith('lectern:'))`)
	v.at("/review")
	v.at(desk)
	v.saysIn("[data-out]", "1 of 6 scored")
	if got := v.value("#comment"); got != "4 of 5 tables, n more" {
		t.Errorf("%s came back with the comment %q", at, got)
	}
}

// deskPrinted: on paper the proposal and what one said of it remain.
func (d *demo) deskPrinted(t *testing.T) {
	v := d.as(t, "reviewer", browsertest.Options{}).at(desk)
	v.Do(emulation.SetEmulatedMedia().WithMedia("print"))
	for selector, want := range map[string]bool{".queue": false, "#title": true, ".rate": true, ".keys": false, "main .btn.primary": false, "header.site nav": false} {
		var shown bool
		v.Eval(`(s => { const e = document.querySelector(s); return Boolean(e && e.checkVisibility()) })(`+quoted(selector)+`)`, &shown)
		if shown != want {
			t.Errorf("on paper %s shows: %v, want %v", selector, shown, want)
		}
	}
	v.Screenshot("desk-print-reviewer")
}

// deskPlainly reviews, recuses, and sets what reviewing depends on, without scripts.
func (d *demo) deskPlainly(t *testing.T) {
	v := d.as(t, "reviewer", plain).at(desk)
	title := v.text("#title")
	v.Do(chromedp.Click(`[name=s_clarity][value="4"]`), chromedp.Click(`[name=verdict][value=do_not_recommend]`))
	v.need("saving without a comment", v.press("Save and go to next"), 422)
	if v.count(`[name=s_clarity][value="4"]:checked`) != 1 || v.text("#title") != title {
		t.Error("a refusal loses what was chosen")
	}
	v.write("Comment", "Say who it is for.")
	v.need("saving", v.press("Save and go to next"), 200)
	v.saysIn(".flash", title, "1 of 6 criteria scored")
	title = v.text("#title")
	v.need("asking to recuse", v.follow("I have a conflict of interest"), 200)
	v.need("recusing", v.press("Declare a conflict of interest"), 200)
	v.saysIn(".flash", title, "closed to you")

	v = d.as(t, "admin", plain).at("/staff/calls/forum-2027-breakouts")
	v.date("Discussion, last day", "2027-04-01")
	v.need("a phase that ends before it begins", v.press("Save the phases"), 422)
	v.date("Discussion, last day", "2027-04-17")
	v.need("setting phases", v.press("Save the phases"), 200)
	v.saysIn(".flash", "The phases are saved")
	v.write("Email of the guest reviewer", "nobody@example.org")
	v.need("a guest nobody knows", v.press("Add"), 422)
	v.write("Email of the guest reviewer", "hana.sato@example.org")
	v.need("adding a guest", v.press("Add"), 200)
	v.saysIn("#guests + p ~ ul, main", "Hana Sato")
	v.need("removing the guest", v.press("Remove: Hana Sato"), 200)
	v.saysIn(".flash", "no longer review")
}
