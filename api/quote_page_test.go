package api

import (
	"net/url"
	"strings"
	"testing"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// once is a form with a one-time key of its own, as every page sends it.
func (w *world) once(form url.Values) url.Values {
	form.Set("idempotency_key", w.NewID())
	return form
}

var askedFor12 = url.Values{
	"do": {"quote"}, "seats": {"12"}, "name": {"Ines <b>Duarte</b>"}, "email": {"ines.duarte@example.org"}, "institution": {"Cedar County Library"}, "pay_by": {"purchase_order"}, "note": {"Exempt"},
}

// newestQuote is the quote that was asked for last, with its secret.
func (w *world) newestQuote() (domain.Quote, string) {
	w.t.Helper()
	all := written(w, func(tx *store.Tx) ([]store.QuoteLine, error) { return tx.Quotes(store.QuoteFilter{Limit: 1}) })
	q := written(w, func(tx *store.Tx) (domain.Quote, error) { return tx.LookAtQuote(domain.TheClock(w.Now()), all[0].ID) })
	return q, "/quotes/" + w.server.Access.Links.QuoteSecret(q.ID, q.LinkSerial)
}

// newestOrder is the number of the order that was made last.
func (w *world) newestOrder() string {
	w.t.Helper()
	return written(w, func(tx *store.Tx) ([]store.OrderLine, error) { return tx.Orders(store.OrderFilter{Limit: 1}) })[0].Number
}

// TestQuotePages asks, offers, revises and accepts by forms, without a script.
func TestQuotePages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	o := w.onSale(50, 0)
	at := "/offerings/" + o.Slug + "/register"
	w.visit("", at+"?seats=12", nil).want(200).has("Request a quote for 12 seats", "How will you pay?", "no seats are held until you accept")
	w.visit("", at, url.Values{"do": {"hold"}, "seats": {"12"}, "name": {"Ines"}, "email": {"ines@example.org"}}).want(422).has("sold by quote", "Request a quote for 12 seats")
	w.visit("", at, url.Values{"do": {"quote"}, "seats": {"12"}, "name": {"Ines <b>"}, "email": {"ines"}, "note": {"Exempt"}}).want(422).
		has("Ines &lt;b&gt;", "should look like", "Write the library", "Choose how you will pay", "Exempt")
	if got := w.visit("", at, askedFor12).to(); got != "/offerings/"+o.Slug {
		t.Errorf("leads to %s", got)
	}
	q, mine := w.newestQuote()
	w.visit("", mine, nil).want(200).has("We have your request", q.Number, "Tue, Apr 6, 2027, 11:59 p.m. Central")
	staff := "/staff/quotes/" + q.Number
	w.visit("Fay Nguyen", "/staff/orders", nil).want(200).has("quote needs a reply")
	w.visit("Fay Nguyen", "/staff/quotes", nil).want(200).has(q.Number, "Needs a reply", "Cedar County Library", "1 quote needs a reply")
	w.visit("Fay Nguyen", staff, nil).want(200).has("Reply with a price", "Ines &lt;b&gt;Duarte&lt;/b&gt;", "9 seats cost $441.00", "Exempt")
	w.visit("Fay Nguyen", staff, w.once(url.Values{"do": {"offer"}, "seats": {"12"}, "unit_cents": {"thirty"}, "message": {"For you"}})).want(422).has("39 or 39.50", "thirty", "For you")
	w.visit("Fay Nguyen", staff, w.once(url.Values{"do": {"offer"}, "seats": {"12"}, "unit_cents": {"39"}, "net_days": {"soon"}})).want(422).has("between 1 and 120 days", "soon")
	w.visit("Fay Nguyen", staff, w.once(url.Values{"do": {"offer"}, "seats": {"12"}, "unit_cents": {"thirty"}, "total_cents": {"much"}})).want(422).has(`href="#unit_cents"`, `href="#total_cents"`, "thirty", "much")
	w.visit("Fay Nguyen", staff, w.once(url.Values{"do": {"offer"}, "seats": {"12"}, "unit_cents": {"0"}})).want(422).has(`href="#unit_cents"`, "between $0.01")
	w.visit("Fay Nguyen", staff, url.Values{"do": {"offer"}, "unit_cents": {"39"}}).want(400)
	w.visit("Fay Nguyen", staff, w.once(url.Values{"do": {"offer"}, "seats": {"12"}, "unit_cents": {"36"}, "hold": {"yes"}, "version": {"1"}})).to()
	w.visit("Fay Nguyen", staff, nil).want(200).has("is less than 9 seats cost", "The seats are held until", "Send a new offer", "Quote sent")
	w.visit("Fay Nguyen", staff, w.once(url.Values{"do": {"revise"}, "seats": {"12"}, "total_cents": {"468.50"}, "valid_until": {"2027-04-30"}, "message": {"As asked"}})).to()
	w.visit("", mine, nil).want(200).has("$468.50", "one price for all of them", "Fri, Apr 30, 2027, 11:59 p.m. Central", "No seats are held", "As asked", "Order 12 seats for $468.50", "revision 2")
	w.visit("", mine+"/document?revision=1", nil).want(200).has("Quote "+q.Number, "$432.00", "Valid until", "Example Library Association", "Pay to", "W-9")
	if file := w.visit("", mine+"/document.pdf", nil).want(200); !strings.HasPrefix(string(file.body), "%PDF-") {
		t.Error("no PDF")
	}
	w.visit("", mine, w.once(url.Values{"do": {"accept"}, "revision": {"1"}, "billing_name": {"Cedar"}, "billing_address": {"1 Main"}})).want(412).has("The offer has changed", "1 Main")
	w.visit("", mine, w.once(url.Values{"do": {"accept"}, "revision": {"2"}, "billing_name": {"Cedar"}, "billing_address": {" "}, "po_number": {"CCL-1"}})).want(422).has("Write the address for the invoice.", "CCL-1")
	order := w.visit("", mine, w.once(url.Values{"do": {"accept"}, "revision": {"2"}, "billing_name": {"Cedar"}, "billing_address": {"1 Main"}})).to()
	w.visit("", order, nil).want(200).has("We are checking your purchase order", "12 seats, one price for all of them", "$468.50", "INV-00001")
	w.visit("", mine, nil).want(200).has("You accepted this quote", "Go to your order")
	w.visit("Fay Nguyen", staff, nil).want(200).has("Accepted", "Order LM-")
	if file := string(w.visit("Gus Petrakis", "/staff/quotes.csv", nil).want(200).body); !strings.Contains(file, q.Number+",converted") || !strings.Contains(file, ",12,,46850,") {
		t.Error(file)
	}
}

// TestQuotePageEnds shows every end of a quote, and nothing to those it is not for.
func TestQuotePageEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	o := w.onSale(50, 0)
	open := func(do string, more url.Values) string {
		w.visit("", "/offerings/"+o.Slug+"/register", askedFor12).to()
		q, mine := w.newestQuote()
		w.visit("Fay Nguyen", "/staff/quotes/"+q.Number, w.once(url.Values{"do": {"offer"}, "seats": {"12"}, "unit_cents": {"39"}})).to()
		if do != "" {
			more.Set("do", do)
			w.visit("", mine, w.once(more)).to()
		}
		return mine
	}
	w.visit("", open("decline", url.Values{"reason": {"=Too dear"}}), nil).want(200).has("You declined this quote")
	withdrawn := open("", nil)
	q, _ := w.newestQuote()
	w.visit("Fay Nguyen", "/staff/quotes/"+q.Number, w.once(url.Values{"do": {"withdraw"}, "reason": {" "}})).want(422).has("Write the reason.")
	w.visit("Fay Nguyen", "/staff/quotes/"+q.Number, w.once(url.Values{"do": {"withdraw"}, "reason": {"A mistake"}})).to()
	w.visit("", withdrawn, nil).want(200).has("This quote was withdrawn", "A mistake")
	over := open("", nil)
	w.At("2027-05-06T08:00:00-05:00")
	w.visit("", over, nil).want(200).has("This quote has run out", "Ask for a new quote", "register?seats=12")
	w.visit("", over, w.once(url.Values{"do": {"accept"}, "revision": {"1"}, "billing_name": {"Cedar"}, "billing_address": {"1 Main"}})).want(410).has("could be accepted until", "Ask for a new quote")
	q, _ = w.newestQuote()
	for _, path := range []string{"/quotes/" + q.ID, "/quotes/" + q.Number, "/quotes/lcq_" + q.ID + ".1.x", strings.Replace(over, ".1.", ".2.", 1)} {
		w.visit("", path, nil).want(404)
		w.visit("", path+"/document", nil).want(404)
	}
	w.visit("Ben Castellano", "/staff/quotes", nil).want(404)
	w.visit("Ben Castellano", "/staff/quotes/"+q.Number, nil).want(404)
	w.visit("Ben Castellano", "/staff/quotes.csv", nil).want(404)
	page := string(w.visit("Gus Petrakis", "/staff/quotes/"+q.Number, nil).want(200).body)
	if strings.Contains(page, `value="withdraw"`) || strings.Contains(page, `value="offer"`) {
		t.Error("finance is shown buttons of staff")
	}
}

// TestQuoteInPlace asks from an order's page for a quote that takes its place.
func TestQuoteInPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	o := w.onSale(50, 1_000_000)
	order := w.visit("", "/offerings/"+o.Slug+"/register", url.Values{"do": {"hold"}, "seats": {"9"}, "name": {"Ines"}, "email": {"ines@example.org"}, "institution": {"Cedar"}}).to()
	w.visit("", order+"/quote", nil).want(200)
	w.visit("", order, url.Values{"do": {"submit-po"}, "billing_name": {"Cedar"}, "billing_address": {"1 Main"}}).to()
	w.visit("", order, nil).want(200).has("More seats?", order+"/quote")
	w.visit("", order+"/quote", nil).want(200).has("takes the place of order LM-1001", `value="10"`, "ines@example.org")
	form := url.Values{"seats": {"8"}, "name": {"Ines"}, "email": {"ines@example.org"}, "institution": {"Cedar"}, "pay_by": {"unsure"}}
	w.visit("", order+"/quote", form).want(422).has("Up to 9 seats", `value="8"`)
	form.Set("seats", "14")
	if got := w.visit("", order+"/quote", form).to(); got != order {
		t.Errorf("leads to %s", got)
	}
	q, mine := w.newestQuote()
	w.visit("Fay Nguyen", "/staff/quotes/"+q.Number, nil).want(200).has("order LM-1001, 9 seats, Confirmed")
	w.visit("Fay Nguyen", "/staff/quotes/"+q.Number, w.once(url.Values{"do": {"offer"}, "seats": {"14"}, "unit_cents": {"39"}})).to()
	w.visit("", mine, nil).want(200).has("takes the place of order LM-1001", "Order 14 seats for $546.00")
	made := w.visit("", mine, w.once(url.Values{"do": {"accept"}, "revision": {"1"}, "billing_name": {"Cedar"}, "billing_address": {"1 Main"}})).to()
	w.visit("", made, nil).want(200).has("Confirmed", "14 seats without a name", "quote "+q.Number)
	w.visit("", order, nil).want(200).has("This order was cancelled", "takes its place", "CM-00001")
	w.visit("", order+"/quote", form).want(422).has("nothing to replace")
}

// TestSharedCancelledPage says to buyer and staff what becomes of the seats of an order
// whose place another one waits to take, before and after it is cancelled.
func TestSharedCancelledPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	o := w.onSale(50, 0)
	for _, staff := range []bool{false, true} {
		order := w.visit("", "/offerings/"+o.Slug+"/register", w.once(url.Values{"do": {"hold"}, "seats": {"9"}, "name": {"Ines"}, "email": {"ines@example.org"}, "institution": {"Cedar"}})).to()
		w.visit("", order, w.once(url.Values{"do": {"submit-po"}, "billing_name": {"Cedar"}, "billing_address": {"1 Main"}})).to()
		number := w.newestOrder()
		w.visit("Fay Nguyen", "/staff/orders/"+number, w.once(url.Values{"do": {"accept-po"}, "po_number": {"1"}})).to()
		w.visit("", order+"/seats", w.once(url.Values{"do": {"paste"}, "list": {"Ella, ella@example.org"}})).to()
		w.visit("", order+"/quote", w.once(url.Values{"seats": {"14"}, "name": {"Ines"}, "email": {"ines@example.org"}, "institution": {"Cedar"}, "pay_by": {"unsure"}})).to()
		q, mine := w.newestQuote()
		w.visit("Fay Nguyen", "/staff/quotes/"+q.Number, w.once(url.Values{"do": {"offer"}, "seats": {"14"}, "unit_cents": {"39"}})).to()
		w.visit("", mine, w.once(url.Values{"do": {"accept"}, "revision": {"1"}, "billing_name": {"Cedar"}, "billing_address": {"1 Main"}})).to()
		who, page := "", order
		if staff {
			who, page = "Fay Nguyen", "/staff/orders/"+number
		}
		kept := "Its 9 seats stay with order " + w.newestOrder()
		w.visit(who, page, nil).want(200).has(kept+", and nobody else can take them", "1 person named here loses their seat and link", `value="cancel"`)
		w.visit(who, page, w.once(url.Values{"do": {"cancel"}, "reason": {"Asked by mail."}})).to()
		w.visit(who, page, nil).want(200).has("This order was cancelled", "It has no seats any more, and nothing is owed", "Asked by mail.")
		w.visit("Fay Nguyen", "/staff/orders/"+number, nil).want(200).has(kept)
		w.visit("Fay Nguyen", "/staff/orders/"+w.newestOrder(), nil).want(200).has("9 of them from order "+number, "Shared seats kept")
	}
}

// TestQuotePageQueries: a page of quotes costs the same few statements, however many there are.
func TestQuotePageQueries(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t), func(s *Server) { s.QuotesPerDay = 1000 })
	o := w.onSale(500, 0)
	session := w.session("Fay Nguyen")
	count := func() int64 {
		ctx, n := store.WithQueryCount(t.Context())
		w.sendUnder(ctx, request{method: get, path: "/staff/quotes", cookie: session}).want(200)
		return n.Load()
	}
	few := count()
	for range 30 {
		if _, err := (workflows.Quotes{Base: w.Base, Links: w.server.Access.Links}).Request(t.Context(), domain.Actor{}, o.ID, domain.QuoteWish{Wish: domain.Wish{Seats: "12", Name: "I", Email: "i@example.org", Institution: "C"}, PayBy: domain.PayByPO}); err != nil {
			t.Fatal(err)
		}
	}
	if many := count(); many != few || many > 7 {
		t.Errorf("%d statements, and %d with thirty quotes", few, many)
	}
}
