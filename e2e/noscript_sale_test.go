package e2e

import (
	"strings"
	"testing"
)

// salePlainly puts an accepted webinar on sale, and looks for it as a stranger;
// staff look through the orders, and send a speaker a new link.
func (d *demo) salePlainly(t *testing.T) {
	v := d.as(t, "staff", plain)
	v.open("A year of stay interviews", "webinars-2026-27")
	v.need("putting it on sale", v.press("Put on sale"), 200)
	v.saysIn("main", "A year of stay interviews", "Planned")
	v.at("/staff/orders")
	v.need("orders", v.press("Show"), 200)
	v.open(calm, "webinars-2026-27")
	v.need("the form of a new link", v.follow("Send a speaker a new link"), 200)
	v.choose("Bea Lund")
	v.need("sending a new link", v.press("Send a speaker a new link"), 200)
	stranger := d.visit(t, "/offerings", plain)
	stranger.write("Search", "stay")
	stranger.need("searching the catalogue", stranger.press("Show"), 200)
	if strings.Contains(stranger.text("main"), "stay interviews") {
		t.Error("a webinar that is only planned stands in the catalogue")
	}
}

// calm is a webinar accepted in December, with two live stipends.
const calm = "Calm change: moving a service point"

// ledgerPlainly notes the papers of a stipend, ends another, marks the webinar as
// delivered, approves, and sends a file of payments that is none.
func (d *demo) ledgerPlainly(t *testing.T) {
	v := d.as(t, "finance", plain).at("/staff/stipends")
	v.need("filtering the ledger", v.press("Show"), 200)
	v.need("one stipend", v.follow("Mabel Ash"), 200)
	one := v.path()
	v.setDate("#agreement input[type=date]", "2027-03-02")
	v.need("the agreement", v.pressIn("#agreement", "Note the agreement"), 200)
	v.at(one)
	v.setDate("#tax-form input[type=date]", "2027-03-02")
	v.need("the tax form", v.pressIn("#tax-form", "Note the tax form"), 200)
	v.at("/staff/stipends/payments")
	v.write("Or its lines, pasted", "nothing\nof use")
	v.need("a file that is none", v.press("Record the payments of the file"), 422)
	v.saysIn("main", "of use")
	staff := d.as(t, "staff", plain).at("/staff/stipends")
	staff.need("another stipend", staff.follow("Bea Lund"), 200)
	staff.unfold("End this stipend", "#void")
	staff.need("ending it without a reason", staff.pressIn("#void", "End the stipend"), 422)
	staff.write("Why", "She is on the payroll.")
	staff.need("ending it", staff.pressIn("#void", "End the stipend"), 200)
	staff.open(calm, "webinars-2026-27")
	staff.need("the form of a delivery", staff.follow("Mark as delivered"), 200)
	staff.need("a delivery by nobody", staff.press("Mark as delivered"), 422)
	staff.choose("Mabel Ash")
	staff.need("marking it as delivered", staff.press("Mark as delivered"), 200)
}
