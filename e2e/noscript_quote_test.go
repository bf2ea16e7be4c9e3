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
	stranger.at(public + "/register")
	stranger.need("holding seats for nobody", stranger.press("Hold 1 seat"), 422)
	for range 3 {
		stranger.at(public + "/register")
		stranger.askFor12(t)
	}
	staff := d.as(t, "staff", plain).at("/staff/quotes")
	staff.need("quotes", staff.press("Show"), 200)
	staff.saysIn("main", "3 quotes need a reply", "Calder County Library")
	staff.need("the request", staff.follow("Q-00001"), 200)
	one := staff.path()
	staff.need("an offer without a price", staff.press("Send the quote"), 422)
	staff.write("Price of a seat", "40")
	staff.need("an offer", staff.press("Send the quote"), 200)
	staff.saysIn("main", "$480.00")
	staff.write("Price of a seat", "39")
	staff.need("a new offer", staff.press("Send a new offer"), 200)
	staff.at(strings.Replace(one, "Q-00001", "Q-00002", 1))
	staff.write("Price of a seat", "39")
	staff.need("another offer", staff.press("Send the quote"), 200)
	staff.at(strings.Replace(one, "Q-00001", "Q-00003", 1))
	staff.unfold("Withdraw the quote", "main")
	staff.need("withdrawing without a word", staff.press("Withdraw the quote"), 422)
	staff.write("Reason", "Asked for twice")
	staff.need("withdrawing", staff.press("Withdraw the quote"), 200)
	d.acceptPlainly(t, staff)
}

// askFor12 asks for twelve seats at the checkout, where a first try without a
// script shows the form of a quote.
func (v visitor) askFor12(t *testing.T) {
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
}

// acceptPlainly declines one quote and accepts another, and asks for more seats
// than its order has.
func (d *demo) acceptPlainly(t *testing.T, staff visitor) {
	buyer := d.visit(t, d.quoteLink(staff, "Q-00002"), plain)
	buyer.unfold("Decline the quote", "main")
	buyer.need("declining", buyer.press("Decline the quote"), 200)
	buyer.saysIn("main", "You declined this quote")
	buyer.at(d.quoteLink(staff, "Q-00001"))
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
