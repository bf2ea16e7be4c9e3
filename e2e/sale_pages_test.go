package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"

	"lectern/e2e/browsertest"
)

// onSale is what the tests read of a webinar on sale over the API.
type onSale struct{ ID, Slug, Title, Status string }

// webinar finds a webinar on sale by how its title begins, planned ones too.
func (d *demo) webinar(title string) onSale {
	d.t.Helper()
	var page struct{ Data []onSale }
	d.get("/api/v1/offerings?limit=100", &page)
	for _, o := range page.Data {
		if strings.HasPrefix(o.Title, title) {
			return o
		}
	}
	d.t.Fatalf("no webinar on sale begins with %q: %v", title, page.Data)
	return onSale{}
}

const request = "Writing the request for proposals"

// TestSalePages looks at every page of a sale as everybody who comes by it.
func TestSalePages(t *testing.T) {
	t.Parallel()
	d := play(t, "", "2027-03-25")
	full, budget := d.webinar(request), d.webinar(budgeting)
	public := "/offerings/" + full.Slug
	d.tour(t, "", look{"catalogue", "/offerings", 0}, look{"catalogue-no-match", "/offerings?q=zebra", 0}, look{"sale", public, 0}, look{"sale-four-speakers", "/offerings/" + budget.Slug, 0},
		look{"sale-access", public + "/access", 0}, look{"checkout", public + "/register?seats=3", 0}, look{"checkout-many", public + "/register?seats=12", 0},
		look{"order-not-found", "/orders/lco_none", 404})
	t.Run("order", func(t *testing.T) { orderPages(t, d, public) })
	d.tour(t, "staff", look{"orders", "/staff/orders", 0}, look{"orders-no-match", "/staff/orders?q=zebra", 0}, look{"offerings", "/staff/offerings", 0},
		look{"offering-planned", "/staff/offerings/" + d.planned("A year of stay interviews"), 0}, look{"offering-published", "/staff/offerings/" + full.Slug, 0},
		look{"offering-edit", "/staff/offerings/" + full.Slug + "/edit", 0}, look{"offering-reschedule", "/staff/offerings/" + full.Slug + "/reschedule", 0},
		look{"offering-cancel", "/staff/offerings/" + full.Slug + "/cancel", 0}, look{"home-sale", "/", 0}, look{"stipends", "/staff/stipends", 0})
	d.tour(t, "finance", look{"home-sale", "/", 0}, look{"stipends", "/staff/stipends", 0}, look{"payments", "/staff/stipends/payments", 0}, look{"tax", "/staff/stipends/tax", 0},
		look{"orders", "/staff/orders", 0})
	t.Run("stipend", func(t *testing.T) {
		v := d.as(t, "finance", browsertest.Options{}).at("/staff/stipends")
		v.need("one stipend", v.follow("Mabel Ash"), 200)
		v.inspect("stipend-finance")
		v.at("/staff/stipends").printed("stipends")
	})
	d.source.valid(t)
}

// planned is the address of a webinar that is not on sale yet.
func (d *demo) planned(title string) string {
	d.t.Helper()
	var found struct {
		Offering struct{ Slug string }
	}
	d.get("/api/v1/proposals/"+d.titled(title, "webinars-2026-27").ID, &found)
	if found.Offering.Slug != "" {
		return found.Offering.Slug
	}
	return "a-year-of-stay-interviews"
}

// orderPages buys three seats by purchase order and looks at each step, as the
// buyer, as staff and as who sits on a seat.
func orderPages(t *testing.T, d *demo, public string) {
	buyer := d.visit(t, public+"/register?seats=3", browsertest.Options{})
	buyer.write("Your name", "Ines Duarte")
	buyer.need("an order without an address", buyer.press("Hold 3 seats"), 422)
	buyer.inspect("checkout-refused")
	buyer.write("Email", "ines.duarte@example.org")
	buyer.write("Library or organization", "Calder County Library")
	buyer.need("holding seats", buyer.press("Hold 3 seats"), 200)
	order := buyer.path()
	buyer.inspect("order-held")
	buyer.write("Invoice to", "")
	buyer.need("an invoice to nobody", buyer.press("Order 3 seats"), 422)
	buyer.inspect("order-held-refused")
	buyer.at(order)
	buyer.write("Invoice to", "Calder County Library, Accounts")
	buyer.write("Address for the invoice", "40 Mill Street\nCalder, OH 43000")
	buyer.write("Purchase order number", "CCL-20418")
	buyer.need("ordering", buyer.press("Order 3 seats"), 200)
	buyer.inspect("order-awaiting")

	staff := d.as(t, "staff", browsertest.Options{}).at("/staff/orders")
	staff.inspect("orders-waiting-staff")
	var number string
	staff.Eval(`document.querySelector('main tbody th a[href^="/staff/orders/"]:not([href*="?"])').getAttribute('href')`, &number)
	staff.at(number)
	staff.inspect("order-awaiting-staff")
	staff.need("accepting", staff.press("Accept the purchase order"), 200)
	staff.inspect("order-confirmed-staff")

	buyer.at(order).inspect("order-confirmed")
	d.source.keep(buyer, "order-confirmed")
	buyer.write("One person per line", "Ella Grant, ella.grant@example.org\nHugo Braun hugo.braun\nElla G., ella.grant@example.org")
	buyer.need("a list with two bad lines", buyer.press("Save these people"), 422)
	buyer.inspect("order-pasted")
	buyer.at(order + "/invoice").inspect("invoice")
	d.source.keep(buyer, "invoice")
	buyer.printed("invoice")
	buyer.at(order)
	var claim string
	buyer.Eval(`new URL(document.querySelector('#claim').value).pathname`, &claim)
	buyer.at(claim).inspect("claim")
	d.source.keep(buyer, "claim")
	buyer.at(order).printed("order-confirmed")
	seatPages(t, staff)
}

// seatPages looks at a seat as its holder, by the link in their mail.
func seatPages(t *testing.T, staff visitor) {
	t.Helper()
	staff.at("/staff/outbox?kind=seat_invitation")
	var href string
	staff.Eval(`([...document.querySelectorAll('main table a')].map(a => a.getAttribute('href')).find(h => h.includes('/seats/')) || '')`, &href)
	_, token, found := strings.Cut(href, "/seats/")
	if !found {
		t.Fatalf("no mail has a seat's link: %s", staff.text("main"))
	}
	staff.at("/seats/" + token).inspect("seat-invited")
	staff.demo.source.keep(staff, "seat-invited")
	staff.need("saying yes", staff.press("Yes, I will be there"), 200)
	staff.inspect("seat-assigned")
}

// unprinted are what has no place on paper.
const unprinted = `[...document.querySelectorAll('header.site, aside.demo, footer.foot, .crumbs, button, .btn, form .field')].filter(e => e.checkVisibility() && !e.closest('.keep')).map(e => e.outerHTML.slice(0, 80))`

// printed looks at the page as it is printed, on paper of Letter size.
func (v visitor) printed(name string) {
	v.t.Helper()
	v.Look(browsertest.Options{Width: 720})
	v.Do(emulation.SetEmulatedMedia().WithMedia("print"))
	var left []string
	v.Eval(unprinted, &left)
	if len(left) > 0 {
		v.t.Errorf("%s prints %d controls: %s", v.path(), len(left), strings.Join(left, "\n"))
	}
	v.NoSidewaysScroll()
	v.Screenshot(name + "-printed")
	v.Do(emulation.SetEmulatedMedia().WithMedia(""))
	v.Look(browsertest.Options{})
}
