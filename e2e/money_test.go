package e2e

import (
	"strings"
	"testing"

	"lectern/e2e/browsertest"
	"lectern/internal/pgtest"
)

// TestE3 takes the money of a webinar from designation to payment, from page to
// page, on each database (scenario E3).
func TestE3(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		play(t, "", "2027-03-03").money(t)
	})
	t.Run("Postgres", func(t *testing.T) {
		t.Parallel()
		play(t, pgtest.URL(t), "2027-03-03").money(t)
	})
}

func (d *demo) money(t *testing.T) {
	webinar := d.titled(budgeting, "webinars-2026-27")
	ben := d.as(t, "co_chair", browsertest.Options{}).at(webinar.path())
	ben.stipends() // three designated, the fourth refused
	ben.at(webinar.path())
	ben.need("waiving the second", ben.pressIn("#stipends", "Waives it: Ignacio Prieto"), 200)
	ben.need("designating the fourth", ben.pressIn("#stipends", "Designate for place 2: Odalys Ferrer"), 200)
	paid := []string{"Ana Reyes", "Hollis Granger", "Odalys Ferrer"}
	for _, name := range paid {
		ben.need(name+" accepts", ben.pressIn("#stipends", "Accepts, on their behalf: "+name), 200)
	}
	staff, gus := d.as(t, "staff", browsertest.Options{}), d.as(t, "finance", browsertest.Options{})
	for _, name := range paid {
		staff.papers(name, "#agreement", "Note the agreement")
		gus.papers(name, "#tax-form", "Note the tax form")
	}
	staff.delivers(webinar, paid)
	gus.ledger(webinar.Title, 3)
	gus.need("approving", gus.press("Approve those ticked"), 200)
	gus.paysOnce(paid)
	d.voids(t, gus)
}

// papers notes on the page of a stipend that a paper came.
func (v visitor) papers(name, form, button string) {
	v.t.Helper()
	v.at("/staff/stipends?year=2026-27")
	v.need("the stipend of "+name, v.follow(name), 200)
	v.setDate(form+" input[type=date]", "2027-03-02")
	v.need(button, v.pressIn(form, button), 200)
}

// delivers ticks who presented; before it nothing is payable.
func (v visitor) delivers(p proposal, presented []string) {
	v.t.Helper()
	v.at("/staff/stipends?year=2026-27").saysIn("main table", "Not yet")
	v.at(p.path())
	v.need("the form of a delivery", v.follow("Mark as delivered"), 200)
	for _, name := range presented {
		v.choose(name)
	}
	v.need("marking it as delivered", v.press("Mark as delivered"), 200)
}

// ledger expects so many rows about a webinar in the file for the payment system.
func (v visitor) ledger(title string, rows int) {
	v.t.Helper()
	var file string
	v.at("/staff/stipends?year=2026-27")
	v.Eval(`(href => { const x = new XMLHttpRequest(); x.open('GET', href, false); x.send(); return x.responseText })([...document.querySelectorAll('main a')].find(a => a.textContent.includes('Download')).href)`, &file)
	if got := strings.Count(file, title); got != rows {
		v.t.Errorf("the file has %d rows of %q, want %d: %s", got, title, rows, file)
	}
}

// paysOnce records the payments; the same form once more changes nothing, and a
// form of another tab is refused.
func (v visitor) paysOnce(names []string) {
	v.t.Helper()
	late := v.beside("/staff/stipends/payments")
	number := func(w visitor, n string) {
		for _, name := range names {
			w.fill(w.find("[aria-label]", "Number of the payment to "+name, page), n+" "+name[:3])
		}
	}
	v.at("/staff/stipends/payments")
	number(v, "1042")
	var form string
	v.Eval(`new URLSearchParams(new FormData(document.querySelector('main form'))).toString()`, &form)
	v.need("paying", v.press("Record these payments"), 200)
	v.saysIn("main", "3 payments recorded.", "Check 1042")
	v.need("the same form, sent once more", v.sendAgain("/staff/stipends/payments", form), 200)
	number(late, "2077")
	late.need("paying by another tab", late.press("Record these payments"), 409)
	late.saysIn("main", "Possible now: ")
	v.at("/staff/stipends?year=2026-27&stage=paid")
	if text := v.text("main table"); strings.Contains(text, "2077") || strings.Count(text, "Check 1042") != len(names) {
		v.t.Errorf("paid are: %s", text)
	}
	v.at("/staff/stipends/tax?year=2027").saysIn("main", "Lectern payments only")
}

// sendAgain sends a form as it was, as a browser does that got no answer.
func (v visitor) sendAgain(path, form string) int {
	v.t.Helper()
	var status int
	v.Eval(`((path, form) => { const x = new XMLHttpRequest(); x.open('POST', path, false); x.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded'); x.send(form); return x.status })(`+quoted(path)+`, `+quoted(form)+`)`, &status)
	return status
}

// voids cancels a webinar instead of delivering it: nothing of it is left to pay.
func (d *demo) voids(t *testing.T, finance visitor) {
	t.Helper()
	finance.ledger(calm, 2)
	staff := d.as(t, "staff", browsertest.Options{})
	staff.at(d.titled(calm, "webinars-2026-27").path())
	staff.need("the form to cancel", staff.follow("Cancel"), 200)
	staff.write("Why", "The presenters left.")
	staff.need("cancelling", staff.press("Cancel"), 200)
	finance.ledger(calm, 0)
	finance.at("/staff/stipends?year=2026-27&stage=void").saysIn("main table", "Mabel Ash", "Bea Lund")
}
