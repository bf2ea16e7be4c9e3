package api

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
)

var cedarQuote = map[string]any{"name": "Ines Duarte", "email": "ines.duarte@example.org", "institution": "Cedar County Library", "pay_by": "purchase_order"}

// asks sends a request for a quote, with nobody's or an order's secret, and gives
// the quote with the secret that was mailed.
func (w *world) asks(secret string, o domain.Offering, seats any, more map[string]any) (QuoteOut, string) {
	w.t.Helper()
	var q QuoteOut
	into(w.by(secret, post, "/offerings/"+o.Slug+"/quotes", with(cedarQuote, "seats", seats, more)).want(201), &q)
	if q.Secret != "" || q.State != domain.QuoteRequested {
		w.t.Fatalf("%+v", q)
	}
	return q, w.server.Access.Links.QuoteSecret(q.ID, 1)
}

func with(base map[string]any, name string, value any, more map[string]any) map[string]any {
	all := map[string]any{name: value}
	for _, m := range []map[string]any{base, more} {
		for k, v := range m {
			all[k] = v
		}
	}
	return all
}

func accepted(revision int) map[string]any { return with(billTo, "revision", revision, nil) }

// TestE4 is the group sale from end to end: nine seats of a member, ten refused, a
// quote that ran out, another accepted by purchase order, eleven of twelve people
// named and the twelfth line said, one seat swapped.
func TestE4(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		o := w.onSale(50, 0)
		w.listed("ines.duarte@example.org", "M-7")
		var nine OrderOut
		into(w.buy(o, 9, map[string]any{"member_number": "M-7"}).want(201), &nine)
		into(w.by(nine.Secret, post, "/orders/"+nine.ID+"/submit-po", billTo).want(200), &nine)
		if nine.TotalCents != 44100 || nine.Money.OwedCents != 44100 {
			t.Fatalf("%+v", nine)
		}
		p := w.buy(o, 10, map[string]any{"member_number": "M-7"}).refused(422, "quote_required")
		if !strings.Contains(p.Errors[0].Detail, "/offerings/"+o.Slug+"/register?seats=10") {
			t.Errorf("%+v", p.Errors)
		}
		w.by("", post, "/offerings/"+o.Slug+"/quotes", with(cedarQuote, "seats", 12, map[string]any{"pay_by": "card"})).refused(409, "payment_method_unavailable")
		first, secret := w.asks("", o, 12, nil)
		var q QuoteOut
		into(w.staff("/quotes/"+first.ID+"/offer", map[string]any{"unit_cents": 3900}).want(200), &q)
		if q.Offer.TotalCents != 46800 || q.Offer.ValidUntil != "2027-05-05" || q.Offer.HoldUntil != nil || q.Secret != "" || len(q.Warnings) != 0 {
			t.Fatalf("%+v", q)
		}
		w.At("2027-05-06T08:00:00-05:00") // day 31
		w.by(secret, post, "/quotes/"+first.ID+"/accept", accepted(1)).refused(410, "quote_expired")
		again, secret := w.asks("", o, 12, nil)
		w.staff("/quotes/"+again.ID+"/offer", map[string]any{"unit_cents": 3900, "hold_seats": true}).want(200)
		into(w.by(secret, get, "/quotes/"+again.Number, nil).want(200), &q)
		if q.Secret != secret || q.Offer.Seats != 12 || q.Offer.ValidUntil != "2027-05-19" || !actionOf(q, domain.AcceptQuote).Allowed {
			t.Fatalf("%+v", q)
		}
		into(w.by(secret, post, "/quotes/"+again.ID+"/accept", accepted(1)).want(200), &q)
		if q.State != domain.QuoteConverted || q.Order == nil || q.Order.State != domain.OrderAwaiting || !strings.HasPrefix(q.Order.Secret, "lco_") {
			t.Fatalf("%+v", q)
		}
		w.twelve(q.Order)
	})
}

func actionOf(q QuoteOut, a domain.QuoteAction) QuoteActionOut {
	for _, open := range q.Actions {
		if open.Action == a {
			return open
		}
	}
	return QuoteActionOut{}
}

// twelve accepts the order of a quote and names its people, one of them twice.
func (w *world) twelve(made *QuoteOrderOut) {
	w.t.Helper()
	var order OrderOut
	into(w.staff("/orders/"+made.ID+"/accept-po", map[string]any{}).want(200), &order)
	if order.State != domain.OrderConfirmed || order.TotalCents != 46800 || len(order.People) != 12 || order.Money.State != domain.MoneyUnpaid || order.RateLabel != "quote Q-00002" {
		w.t.Fatalf("%+v", order)
	}
	var lines []string
	for i := range 12 {
		lines = append(lines, fmt.Sprintf("Person %d, p%d@example.org", i+1, i+1))
	}
	lines[6] = "Person 3 again, P3@example.org"
	var pasted PastedOut
	into(w.by(made.Secret, patch, "/orders/"+order.ID+"/seats", map[string]any{"list": strings.Join(lines, "\n")}).want(200), &pasted)
	if pasted.Saved != 11 || len(pasted.Kept) != 1 || pasted.Kept[0].Line != 7 || !strings.Contains(pasted.Kept[0].Detail, "already has seat 3") {
		w.t.Fatalf("%+v", pasted)
	}
	w.by(made.Secret, patch, "/orders/"+order.ID+"/seats", map[string]any{"list": "Person 7, p7@example.org"}).want(200)
	w.swap(pasted.Order, made.Secret)
	w.by(made.Secret, post, "/orders/"+order.ID+"/cancel", nil).refused(409, "quoted")
	for _, f := range written(w, func(tx *store.Tx) ([]store.Finding, error) { return tx.Check(w.Now()) }) {
		if len(f.Broken) > 0 {
			w.t.Errorf("%s: %v", f.Name, f.Broken)
		}
	}
}

// TestQuoteMoves tries what programs may send wrong, and every refusal's status.
func TestQuoteMoves(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		o := w.onSale(50, 1_000_000)
		quotes := "/offerings/" + o.Slug + "/quotes"
		w.by("", post, quotes, with(cedarQuote, "seats", 9, nil)).refused(422, "too_few_for_quote")
		w.by("", post, quotes, with(cedarQuote, "seats", "12", nil)).refused(422, "not_a_number_of_seats")
		if p := w.by("", post, quotes, map[string]any{"seats": 12}).want(422); strings.Count(string(p.body), `"required"`) < 4 {
			t.Errorf("not everything is told at once: %s", p.body)
		}
		q, secret := w.asks("", o, 12, nil)
		at := "/quotes/" + q.ID
		w.by(secret, post, at+"/accept", accepted(1)).refused(409, "not_from_here")
		w.by(secret, post, at+"/offer", map[string]any{"unit_cents": 3900}).refused(403, "not_your_move")
		w.by("", get, at, nil).refused(404, "not_found")
		w.by(strings.Replace(secret, ".1.", ".2.", 1), get, at, nil).refused(401, "token_unknown")
		w.by(w.server.Access.Links.QuoteSecret(q.ID, 2), get, at, nil).refused(404, "not_found")
		w.as("Ben Castellano", get, at, nil).refused(404, "not_found")
		w.as("Ben Castellano", get, "/quotes", nil).refused(404, "not_found")
		w.staff(at+"/offer", map[string]any{}).refused(422, "required")
		w.staff(at+"/offer", map[string]any{"unit_cents": 3900, "total_cents": 46800}).refused(422, "one_price")
		w.staff(at+"/offer", map[string]any{"unit_cents": 3000, "seats": 26, "hold_seats": true}).refused(409, "quote_hold_limit")
		into(w.staff(at+"/offer", map[string]any{"unit_cents": 3000, "hold_seats": true}).want(200), &q)
		if len(q.Warnings) != 1 || q.Warnings[0].Code != "below_nine_seats" {
			t.Errorf("%+v", q.Warnings)
		}
		into(w.staff(at+"/revise", map[string]any{"total_cents": 54601, "seats": 14, "message": "One more."}).want(200), &q)
		if len(q.Offers) != 2 || q.Offers[0].TotalCents != 36000 || q.Offer.TotalCents != 54601 || q.Offer.UnitCents != nil || *q.Offers[0].UnitCents != 3000 {
			t.Errorf("%+v", q)
		}
		p := w.by(secret, post, at+"/accept", accepted(1)).refused(412, "quote_revised")
		if len(p.Errors) != 1 {
			t.Errorf("%+v", p)
		}
		if p := w.by(secret, post, at+"/accept", map[string]any{}).want(422); !strings.Contains(string(p.body), "/billing/address") || !strings.Contains(string(p.body), "/revision") {
			t.Errorf("not everything is told at once: %s", p.body)
		}
		w.send(request{method: post, path: apiRoot + at + "/accept", body: "{}", header: map[string]string{"Authorization": "Bearer " + secret}}).refused(400, "idempotency_key_required")
		if file := w.by(secret, get, at+"/quote.pdf?revision=1", nil).want(200); !strings.HasPrefix(string(file.body), "%PDF-") {
			t.Errorf("%.20s", file.body)
		}
		w.by("", get, at+"/quote.pdf", nil).want(404)
		r := request{method: post, path: apiRoot + at + "/accept", header: map[string]string{"Authorization": "Bearer " + secret, "Idempotency-Key": "k1"}, body: `{"revision":2,"billing":{"name":"Cedar","address":["1 Main Street"]}}`}
		if first, again := w.send(r).want(200), w.send(r).want(200); string(first.body) != string(again.body) {
			t.Errorf("%s\n%s", first.body, again.body)
		}
		w.by(secret, post, at+"/accept", accepted(2)).refused(409, "not_from_here")
		w.by(secret, post, at+"/decline", nil).refused(409, "not_from_here")
		var all list[QuoteLineOut]
		into(w.as("Gus Petrakis", get, "/quotes?state=converted&q=cedar&offering_id="+o.Slug, nil).want(200), &all)
		if len(all.Data) != 1 || all.Data[0].OrderNumber == "" {
			t.Errorf("%+v", all)
		}
		w.as("Gus Petrakis", get, "/quotes?state=sold", nil).want(400)
	})
}

// TestQuoteReplaces asks for fourteen in place of nine by the nine's own secret.
func TestQuoteReplaces(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		o := w.onSale(50, 1_000_000)
		var nine OrderOut
		into(w.buy(o, 9, nil).want(201), &nine)
		old := nine.Secret
		into(w.by(old, post, "/orders/"+nine.ID+"/submit-po", billTo).want(200), &nine)
		w.by("", post, "/offerings/"+o.Slug+"/quotes", with(cedarQuote, "seats", 14, map[string]any{"replaces": nine.Number})).refused(404, "not_found")
		w.by(old, post, "/offerings/"+o.Slug+"/quotes", with(cedarQuote, "seats", 14, map[string]any{"replaces": nine.Number, "email": "jo@example.org"})).refused(422, "not_same_buyer")
		q, secret := w.asks(old, o, 14, map[string]any{"replaces": nine.Number})
		w.staff("/quotes/"+q.ID+"/offer", map[string]any{"unit_cents": 3900}).want(200)
		into(w.by(secret, post, "/quotes/"+q.ID+"/accept", accepted(1)).want(200), &q)
		into(w.by(old, get, "/orders/"+nine.ID, nil).want(200), &nine)
		if q.Replaces != nine.Number || q.Order.State != domain.OrderConfirmed || nine.State != domain.OrderCancelled || len(nine.Documents) != 2 || nine.Money.OwedCents != 0 {
			t.Errorf("%+v, %+v", q, nine)
		}
	})
}

// TestSharedCancelled cancels nine, as buyer and as staff, while fourteen wait to take
// their place: the API says so before, and the fourteen keep the seats.
func TestSharedCancelled(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		o := w.onSale(28, 0)
		for _, staff := range []bool{false, true} {
			var nine, made OrderOut
			into(w.buy(o, 9, nil).want(201), &nine)
			old := nine.Secret
			w.by(old, post, "/orders/"+nine.ID+"/submit-po", billTo).want(200)
			w.staff("/orders/"+nine.ID+"/accept-po", map[string]any{}).want(200)
			q, secret := w.asks(old, o, 14, map[string]any{"replaces": nine.Number})
			w.staff("/quotes/"+q.ID+"/offer", map[string]any{"unit_cents": 3900}).want(200)
			into(w.by(secret, post, "/quotes/"+q.ID+"/accept", accepted(1)).want(200), &q)
			who := old
			if staff {
				who = w.token("Fay Nguyen")
			}
			into(w.by(who, get, "/orders/"+nine.ID, nil).want(200), &nine)
			if i := slices.IndexFunc(nine.Actions, func(a OrderActionOut) bool { return a.Action == domain.CancelOrder }); i < 0 || !nine.Actions[i].Allowed || nine.SharedBy != q.Order.Number {
				t.Errorf("staff %t: shared by %q, %+v", staff, nine.SharedBy, nine.Actions)
			}
			into(w.by(who, post, "/orders/"+nine.ID+"/cancel", map[string]any{"reason": "Asked by mail."}).want(200), &nine)
			into(w.by(w.token("Fay Nguyen"), get, "/orders/"+q.Order.ID, nil).want(200), &made)
			if nine.State != domain.OrderCancelled || nine.SharedBy != "" || len(nine.Documents) != 2 || nine.Money.OwedCents != 0 || made.State != domain.OrderAwaiting {
				t.Errorf("staff %t: %+v, %+v", staff, nine, made)
			}
		}
		w.buy(o, 1, nil).refused(409, "sold_out")
	})
}

// TestQuotesPerDay: five requests a day from one place.
func TestQuotesPerDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	o := w.onSale(50, 0)
	for range 5 {
		w.by("", post, "/offerings/"+o.Slug+"/quotes", with(cedarQuote, "seats", 9, nil)).refused(422, "too_few_for_quote") // does not count
		w.asks("", o, 12, nil)
	}
	p := w.by("", post, "/offerings/"+o.Slug+"/quotes", with(cedarQuote, "seats", 12, nil))
	p.refused(429, "too_many_requests")
	if p.Header.Get("Retry-After") == "" {
		t.Error("not said when to come back")
	}
}
