package e2e

import (
	"fmt"
	"strings"
	"testing"

	"lectern/e2e/browsertest"
	"lectern/internal/pgtest"
)

// TestQuote buys twelve seats by quote in a real browser, on each database, and
// names everybody (scenario E4): by keyboard only on the first.
func TestQuote(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		play(t, "", "2027-03-25").quoteBought(t, true)
	})
	t.Run("Postgres", func(t *testing.T) {
		t.Parallel()
		play(t, pgtest.URL(t), "2027-03-25").quoteBought(t, false)
	})
}

// quoteBought asks for twelve seats, offers, accepts, and invites twelve people, of
// whom one was written twice.
func (d *demo) quoteBought(t *testing.T, keys bool) {
	slug := d.webinar(request).Slug
	buyer := d.visit(t, "/offerings/"+slug+"/register", browsertest.Options{})
	buyer.keys = keys
	buyer.write("How many seats?", "12")
	buyer.write("Your name", "Joan Whitlock")
	buyer.write("Email", "joan.whitlock@example.org")
	buyer.write("Library or organization", "Elm Park Public Library")
	buyer.pick("How will you pay?", "purchase_order")
	buyer.need("asking for a quote", buyer.press("Request a quote for 12 seats"), 200)
	_, said, _ := strings.Cut(buyer.text(".flash"), "your request ")
	number, _, _ := strings.Cut(said, " ")
	staff := d.as(t, "staff", browsertest.Options{}).at("/staff/quotes/" + number)
	staff.keys = keys
	staff.write("Price of a seat", "39")
	staff.need("the quote", staff.press("Send the quote"), 200)
	buyer.at(d.quoteLink(staff, number))
	buyer.saysIn("main", "$468.00", "12 seats")
	buyer.write("Address for the invoice", "7 Park Lane")
	buyer.write("Purchase order number", "EP 27-140")
	buyer.need("accepting", buyer.press("Order 12 seats for $468.00"), 200)
	order := buyer.path()
	_, said, _ = strings.Cut(buyer.text("main .page-head"), "Order ")
	made, _, _ := strings.Cut(said, ",")
	staff.at("/staff/orders/" + made)
	staff.need("accepting the purchase order", staff.press("Accept the purchase order"), 200)
	buyer.at(order)
	buyer.write("One person per line", twelve())
	buyer.need("twelve people, one of them twice", buyer.press("Save these people"), 422)
	buyer.saysIn("main", "11 saved, 1 left in the box", "Line 7", "already has seat 3")
	buyer.write("One person per line", "Person Seven, person.seven@example.org")
	buyer.need("the twelfth", buyer.press("Save these people"), 200)
	buyer.saysIn("main", "12 of 12 named")
}

// twelve is a pasted list of twelve people, the third and the seventh the same.
func twelve() string {
	var lines []string
	for i := range 12 {
		lines = append(lines, fmt.Sprintf("Person %d, person.%d@example.org", i+1, i+1))
	}
	lines[6] = "Person 3 again, Person.3@example.org"
	return strings.Join(lines, "\n")
}

// TestQuotePages looks at every page of a quote as everybody who comes by it.
func TestQuotePages(t *testing.T) {
	t.Parallel()
	d := play(t, "", "2027-04-06")
	slug := d.webinar(request).Slug
	d.tour(t, "", look{"checkout-quote", "/offerings/" + slug + "/register?seats=14", 0})
	d.tour(t, "finance", look{"quotes", "/staff/quotes", 0}, look{"quote-accepted", "/staff/quotes/Q-00001", 0})
	staff := d.as(t, "staff", browsertest.Options{})
	staff.scene("Apr 6")
	staff.inspect("quote-requested-staff")
	if staff.path() != "/staff/quotes/Q-00004" {
		t.Errorf("the scene opens %s", staff.path())
	}
	staff.need("no price", staff.press("Send the quote"), 422)
	staff.inspect("quote-refused-staff")
	staff.write("Price of a seat", "31")
	staff.choose("Hold the seats")
	staff.need("an offer", staff.press("Send the quote"), 200)
	staff.inspect("quote-offered-staff")
	staff.at("/staff/quotes").inspect("quotes-staff")
	staff.at("/staff/orders").inspect("orders-quotes-staff")
	buyer := d.visit(t, d.quoteLink(staff, "Q-00004"), browsertest.Options{})
	buyer.inspect("quote-offered")
	mine := buyer.path()
	buyer.at(mine + "/document").inspect("quote-document")
	buyer.at(mine)
	buyer.need("no address", buyer.press("Order 14 seats"), 422)
	buyer.inspect("quote-refused")
	buyer.write("Address for the invoice", "40 Mill Street\nCalder, OH 43000")
	buyer.need("accepting", buyer.press("Order 14 seats"), 200)
	order := buyer.path()
	buyer.inspect("order-of-quote")
	buyer.at(mine).inspect("quote-accepted")
	buyer.at(order + "/quote").inspect("quote-in-place")
	buyer.at(d.quoteLink(staff, "Q-00002")).inspect("quote-declined")
	sharedPages(t, d, staff, "/offerings/"+slug)
}

// sharedPages looks at an order whose place another one waits to take, before and
// after it is cancelled.
func sharedPages(t *testing.T, d *demo, staff visitor, public string) {
	buyer := d.visit(t, public, browsertest.Options{})
	number, order := buyer.waitedFor(staff, public)
	buyer.at(order)
	buyer.write("One person per line", "Ella Grant, ella.grant.six@example.org")
	buyer.need("naming one", buyer.press("Save these people"), 200)
	buyer.unfold("Cancel the order", "main")
	buyer.inspect("order-shared")
	staff.at(number).unfold("Reject or cancel", "main")
	staff.inspect("order-shared-staff")
	buyer.need("cancelling", buyer.press("Cancel order LM-"), 200)
	buyer.inspect("order-shared-cancelled")
}
