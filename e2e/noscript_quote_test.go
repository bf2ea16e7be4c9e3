package e2e

import (
	"strings"
	"testing"
)

// quotesPlainly asks for quotes, answers, revises, accepts, declines and withdraws
// them without scripts, and asks from an order for one that takes its place.
func (d *demo) quotesPlainly(t *testing.T) {
	stranger := d.visit(t, "/offerings", plain)
	stranger.need("a webinar", stranger.follow(request), 200)
	public := stranger.path()
	stranger.need("registering", stranger.press("Register"), 200)
	stranger.need("holding seats for nobody", stranger.press("Hold 1 seat"), 422)
	var asked [3]string
	for i := range asked {
		stranger.at(public + "/register")
		asked[i] = stranger.askFor12(t)
	}
	staff := d.as(t, "staff", plain).at("/staff/quotes")
	staff.need("quotes", staff.press("Show"), 200)
	staff.saysIn("main", "quotes need a reply", "Calder County Library")
	staff.need("the request", staff.follow(asked[0]), 200)
	staff.need("an offer without a price", staff.press("Send the quote"), 422)
	staff.write("Price of a seat", "40")
	staff.need("an offer", staff.press("Send the quote"), 200)
	staff.saysIn("main", "$480.00")
	staff.write("Price of a seat", "39")
	staff.need("a new offer", staff.press("Send a new offer"), 200)
	staff.at("/staff/quotes/" + asked[1])
	staff.write("Price of a seat", "39")
	staff.write("Or the total", "500")
	staff.need("a price and a total", staff.press("Send the quote"), 422)
	staff.saysIn("main", "not both")
	staff.write("Price of a seat", "")
	staff.need("an offer in total", staff.press("Send the quote"), 200)
	staff.saysIn("main", "12 seats", "one price for all of them", "$500.00")
	staff.at("/staff/quotes/" + asked[2])
	staff.unfold("Withdraw the quote", "main")
	staff.need("withdrawing without a word", staff.press("Withdraw the quote"), 422)
	staff.write("Reason", "Asked for twice")
	staff.need("withdrawing", staff.press("Withdraw the quote"), 200)
	d.acceptPlainly(t, staff, asked[0], asked[1])
	d.sharedPlainly(t, staff, public)
	d.ordersPlainly(t, staff, public)
}

// askFor12 asks for twelve seats at the checkout, where a first try without a
// script shows the form of a quote.
func (v visitor) askFor12(t *testing.T) (number string) {
	t.Helper()
	v.write("How many seats?", "12")
	v.need("twelve at the checkout", v.press("Hold 1 seat"), 422)
	v.need("a quote for nobody", v.press("Request a quote for 12 seats"), 422)
	v.write("Your name", "Ines Duarte")
	v.write("Email", "ines.duarte@example.org")
	v.write("Library or organization", "Calder County Library")
	v.pick("How will you pay?", "purchase_order")
	v.need("a quote", v.press("Request a quote for 12 seats"), 200)
	v.saysIn(".flash", "We have your request", "12 seats")
	_, said, _ := strings.Cut(v.text(".flash"), "your request ")
	number, _, _ = strings.Cut(said, " ")
	return number
}

// acceptPlainly declines one quote and accepts another, and asks for more seats
// than its order has.
func (d *demo) acceptPlainly(t *testing.T, staff visitor, accepted, declined string) {
	buyer := d.visit(t, d.quoteLink(staff, declined), plain)
	buyer.unfold("Decline the quote", "main")
	buyer.need("declining", buyer.press("Decline the quote"), 200)
	buyer.saysIn("main", "You declined this quote")
	buyer.at(d.quoteLink(staff, accepted))
	buyer.saysIn("main", "$468.00", "revision 2")
	buyer.need("accepting without an address", buyer.press("Order 12 seats for $468.00"), 422)
	buyer.write("Address for the invoice", "40 Mill Street")
	buyer.need("accepting", buyer.press("Order 12 seats for $468.00"), 200)
	buyer.saysIn("main", "We are checking your purchase order")
	buyer.at(buyer.path() + "/quote")
	buyer.need("more seats, not said how paid", buyer.press("Request the quote"), 422)
	buyer.pick("How will you pay?", "unsure")
	buyer.need("more seats", buyer.press("Request the quote"), 200)
}

// sharedPlainly cancels an order as its buyer, and one as staff, while another order
// waits to take its place.
func (d *demo) sharedPlainly(t *testing.T, staff visitor, public string) {
	for _, asStaff := range []bool{false, true} {
		buyer := d.visit(t, public, plain)
		number, order := buyer.waitedFor(staff, public)
		v, button := buyer, "Cancel order LM-"
		if asStaff {
			v, button = staff.at(number), "Cancel the order"
			v.unfold("Reject or cancel", "main")
			v.write("Reason", "Asked by mail")
		} else {
			v.at(order).unfold("Cancel the order", "main")
		}
		v.saysIn("main", "waits to take the place of this one", "Its 2 seats stay with order", "nobody else can take them")
		v.need("cancelling", v.press(button), 200)
		v.saysIn(".flash", "The order is cancelled. Its 2 seats stay with order")
		_, heir, _ := strings.Cut(v.text(".flash"), "stay with order ")
		v.saysIn("main", "This order was cancelled", "nothing is owed")
		staff.at("/staff/orders/"+strings.Trim(heir, ". ")).unfold("Reject or cancel", "main")
		staff.write("Reason", "Not needed any more")
		staff.need("rejecting what waited", staff.press("Reject the purchase order"), 200)
	}
}

// waitedFor buys two seats, and then twelve by quote in their place, which wait for
// staff. It gives the staff's page of the first order and the buyer's.
func (v visitor) waitedFor(staff visitor, public string) (number, order string) {
	number = v.orderTwo(public)
	order = v.path()
	staff.at(number)
	staff.write("Purchase order number", "CCL-10")
	staff.need("accepting", staff.press("Accept the purchase order"), 200)
	v.at(order + "/quote")
	v.write("How many seats in all?", "12")
	v.write("Library or organization", "Calder County Library")
	v.pick("How will you pay?", "purchase_order")
	v.need("twelve in place", v.press("Request the quote"), 200)
	staff.at("/staff/quotes")
	staff.need("the newest quote", staff.follow("Q-"), 200)
	asked := staff.path()
	staff.write("Price of a seat", "39")
	staff.need("the offer", staff.press("Send the quote"), 200)
	v.at(v.demo.quoteLink(staff, asked[strings.LastIndex(asked, "/")+1:]))
	v.write("Address for the invoice", "40 Mill Street")
	v.need("accepting", v.press("Order 12 seats for $468.00"), 200)
	return number, order
}

// quoteLink is the buyer's link to a quote, out of the newest mail about it.
func (d *demo) quoteLink(staff visitor, number string) string {
	staff.t.Helper()
	staff.at("/staff/outbox?kind=quote_offered")
	var href string
	staff.Eval(`([...document.querySelectorAll('main tr, main li')].filter(e => e.textContent.includes(`+quoted(number)+`)).flatMap(e => [...e.querySelectorAll('a')]).map(a => a.getAttribute('href')).find(h => h && h.includes('/quotes/lcq_')) || '')`, &href)
	_, secret, found := strings.Cut(href, "/quotes/")
	if !found {
		staff.t.Fatalf("no mail has the link of %s: %s", number, staff.text("main"))
	}
	return "/quotes/" + secret
}

// ordersPlainly buys two seats four times: one order is given back while it is held
// or waits, one is rejected, one accepted, its people named and one forgotten.
func (d *demo) ordersPlainly(t *testing.T, staff visitor, public string) {
	buyer := d.visit(t, public, plain)
	buyer.holdTwo(public)
	buyer.need("more time", buyer.press("Add 15 minutes"), 200)
	buyer.unfold("Change how many seats", "main")
	buyer.write("Seats", "3")
	buyer.need("three seats", buyer.press("Change the seats"), 200)
	buyer.unfold("Cancel the order", "main")
	buyer.need("giving them back", buyer.press("Cancel all 3 seats"), 200)
	rejected := buyer.orderTwo(public)
	staff.at(rejected).unfold("Reject or cancel", "main")
	staff.need("rejecting without a word", staff.press("Reject the purchase order"), 422)
	staff.write("Reason", "Made out to somebody else")
	staff.need("rejecting", staff.press("Reject the purchase order"), 200)
	kept := buyer.orderTwo(public)
	order := buyer.path()
	staff.at(kept)
	staff.write("Purchase order number", "CCL-9")
	staff.need("accepting", staff.press("Accept the purchase order"), 200)
	buyer.at(order)
	buyer.write("One person per line", "Ella Grant, ella.grant.two@example.org")
	buyer.need("naming one", buyer.press("Save these people"), 200)
	buyer.fill("#n2", "Hugo Braun")
	buyer.fill("#e2", "hugo.braun.two@example.org")
	buyer.need("naming another", buyer.pressIn("#seat-2", "Save"), 200)
	d.seatPlainly(staff)
	staff.at(kept)
	staff.write("One person per line", "nobody")
	staff.need("naming nobody for the buyer", staff.press("Save these people"), 422)
	staff.at(kept)
	staff.need("the same person again", staff.pressIn("#seat-2", "Change"), 200)
	staff.need("forgetting one", staff.pressIn("#seat-1", "Forget"), 200)
	staff.unfold("Reject or cancel", "main")
	staff.write("Reason", "Asked by mail")
	staff.need("cancelling", staff.press("Cancel the order"), 200)
}

// seatPlainly says yes by the newest seat's own link.
func (d *demo) seatPlainly(staff visitor) {
	staff.t.Helper()
	staff.at("/staff/outbox?kind=seat_invitation")
	var href string
	staff.Eval(`([...document.querySelectorAll('main a')].map(a => a.getAttribute('href')).find(h => h && h.includes('/seats/')) || '')`, &href)
	_, token, _ := strings.Cut(href, "/seats/")
	holder := d.visit(staff.t, "/seats/"+token, plain)
	holder.need("saying yes", holder.press("Yes, I will be there"), 200)
}

func (v visitor) holdTwo(public string) {
	v.t.Helper()
	v.at(public + "/register?seats=2")
	v.write("Your name", "Ines Duarte")
	v.write("Email", "ines.duarte@example.org")
	v.need("holding two", v.press("Hold 2 seats"), 200)
}

// orderTwo orders two seats by invoice and gives the order's page for staff.
func (v visitor) orderTwo(public string) string {
	v.t.Helper()
	v.holdTwo(public)
	v.write("Address for the invoice", "40 Mill Street")
	v.need("ordering", v.press("Order 2 seats"), 200)
	_, number, _ := strings.Cut(v.text("main .page-head"), "Order ")
	number, _, _ = strings.Cut(number, ",")
	return "/staff/orders/" + number
}
