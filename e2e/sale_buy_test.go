package e2e

import (
	"strings"
	"testing"

	"lectern/e2e/browsertest"
)

// TestBuyByKeyboard buys three seats by purchase order, and names the people on
// them, without a mouse; wherever the focus stops it has to be seen.
func TestBuyByKeyboard(t *testing.T) {
	t.Parallel()
	d := play(t, "", "2027-03-25")
	d.buy(t, browsertest.Options{}, true)
}

// buyPlainly buys the same without JavaScript; the forms of an order that is on its
// way are sent too.
func (d *demo) buyPlainly(t *testing.T) { d.buy(t, plain, false) }

// buy goes from the catalogue to three named seats, with every mistake that loses
// nothing on the way.
func (d *demo) buy(t *testing.T, o browsertest.Options, keys bool) {
	t.Helper()
	v := d.visit(t, "/offerings", o)
	v.keys = keys
	v.need("a webinar", v.follow(request), 200)
	v.write("How many seats?", "3")
	v.need("registering", v.press("Register"), 200)
	v.write("Your name", "Ines Duarte")
	v.need("an order without an address", v.press("Hold 3 seats"), 422)
	v.saysIn(".errors", "email")
	v.write("Email", "ines.duarte@example.org")
	v.write("Library or organization", "Calder County Library")
	v.write("Access request", "A transcript, please.")
	v.need("holding seats", v.press("Hold 3 seats"), 200)
	order := v.path()
	v.need("more time", v.press("Add 15 minutes"), 200)
	v.saysIn("main", "cannot be added again")
	v.unfold("Change how many seats", page)
	v.write("Seats", "4")
	v.need("one seat more", v.press("Change the seats"), 200)
	v.unfold("Change how many seats", page)
	v.write("Seats", "3")
	v.need("one seat fewer", v.press("Change the seats"), 200)
	v.write("Address for the invoice", "40 Mill Street")
	v.write("Purchase order number", "CCL-20418")
	v.need("ordering", v.press("Order 3 seats"), 200)
	v.saysIn("main", "We are checking your purchase order", "Invoice INV-")

	d.accepts(t, o)
	v.at(order)
	v.write("One person per line", "Ella Grant, ella.grant@example.org\nHugo Braun hugo.braun")
	v.need("a list with a bad line", v.press("Save these people"), 422)
	v.saysIn("main", "1 of 3 named", "Line 2")
	v.at(order)
	v.write("Name, seat 2", "Hugo Braun")
	v.write("Email, seat 2", "hugo.braun@example.org")
	v.need("naming one person", v.pressIn("#seat-2", "Save"), 200)
	v.saysIn("main", "2 of 3 named")
	v.write("Name, seat 1", "Malik Turner")
	v.write("Email, seat 1", "malik.turner@example.org")
	v.need("giving a seat to somebody else", v.pressIn("#seat-1", "Change"), 200)
	v.claims(t)
	v.at(order).saysIn("main", "3 of 3 named", "Confirmed")
}

// accepts lets staff see the access request and accept the purchase order.
func (d *demo) accepts(t *testing.T, o browsertest.Options) {
	t.Helper()
	staff := d.as(t, "staff", o).at("/staff/offerings/" + d.webinar(request).Slug)
	staff.saysIn("#asked + p + ul", "A transcript, please.", "Ines Duarte")
	staff.at("/staff/orders")
	staff.need("the order", staff.follow("LM-"), 200)
	staff.need("accepting", staff.press("Accept the purchase order"), 200)
}

// claims takes the last seat by the order's claim link, as a colleague.
func (v visitor) claims(t *testing.T) {
	t.Helper()
	_, code, found := strings.Cut(v.value("#claim"), "/claim/")
	if !found {
		t.Fatal("the order has no claim link")
	}
	v.at("/claim/" + code)
	v.write("Your name", "Sofia Reyes")
	v.write("Email", "sofia.reyes@example.org")
	v.need("claiming a seat", v.press("Claim my seat"), 200)
	v.saysIn("main", "Confirmed", "You can join from Thu, Jun 3, 2027, 12:30 p.m. Central")
}
