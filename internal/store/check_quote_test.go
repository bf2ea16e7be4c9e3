package store_test

import (
	"fmt"
	"testing"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// quoted is a section with a webinar on sale, an offer that holds ten seats, and a
// quote that became an order.
func quoted(t *testing.T, s *store.Store) *sectiontest.Fixture {
	t.Helper()
	f := sold(t, s)
	w, fay := workflows.Quotes{Base: f.Base, Links: workflows.Links{Keys: []string{"a key of the tests"}}}, f.Actor("Fay Nguyen")
	on := sectiontest.Read(f, func(tx *store.Tx) ([]domain.Offering, error) {
		return tx.Offerings(fay, store.OfferingFilter{Limit: 1})
	})
	for _, accepted := range []bool{false, true} {
		q, err := w.Request(t.Context(), domain.Actor{}, on[0].ID, domain.QuoteWish{Wish: domain.Wish{Seats: "10", Name: "Ines", Email: "ines@example.org", Institution: "Cedar"}, PayBy: domain.PayByPO})
		if err == nil {
			q, err = w.Act(t.Context(), fay, q.ID, domain.OfferQuote, workflows.QuoteChange{QuoteInput: domain.QuoteInput{UnitCents: 3900, Hold: true}})
		}
		if err == nil && accepted {
			_, err = w.Act(t.Context(), domain.Actor{QuoteID: q.ID, QuoteSerial: 1}, q.ID, domain.AcceptQuote, workflows.QuoteChange{QuoteInput: domain.QuoteInput{Revision: 1, Billing: domain.Billing{Name: "Cedar", Address: []string{"1 Main Street"}}}})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// quoteDamages break the invariants of quotes.
var quoteDamages = []damage{
	{name: "Q1: seats held for quotes are what the webinar says", sql: []string{"UPDATE offerings SET quote_held = quote_held - 1"}},
	{name: "Q2: what holds seats for a quote is the offer in force", sql: []string{"UPDATE quotes SET order_id = 'another' WHERE state = 'offered'"}},
	{
		name: "Q3: a quote’s price is that of its revision", sql: []string{"DROP TRIGGER quotes_price", "UPDATE quotes SET unit_cents = 1, total_cents = seats"},
		postgres: []string{"ALTER TABLE quotes DISABLE TRIGGER quotes_price", "UPDATE quotes SET unit_cents = 1, total_cents = seats"},
	},
	{
		name: "Q4: an accepted quote is one order, at its price", sql: []string{"DROP TRIGGER orders_quoted", "UPDATE orders SET quote_id = '' WHERE hold_kind = 'checkout'"},
		postgres: []string{"ALTER TABLE orders DISABLE TRIGGER orders_quoted", "UPDATE orders SET quote_id = '' WHERE hold_kind = 'checkout'"},
	},
	{
		name: "Q5: seats that an order shares are those of the confirmed one it is to replace",
		sql: []string{
			"UPDATE orders SET shares = 2, shares_with = 'nobody' WHERE state = 'held'",
		},
	},
	{
		name: "Q6: an order costs so much a seat, or by quote one price for all its seats",
		sql:  []string{"DROP TRIGGER orders_quoted", "DROP TRIGGER orders_sum", "UPDATE orders SET total_cents = total_cents + 1, revision = revision + 1 WHERE state = 'held'"},
		postgres: []string{
			"ALTER TABLE orders DISABLE TRIGGER orders_quoted", "ALTER TABLE orders DISABLE TRIGGER orders_sum",
			"UPDATE orders SET total_cents = total_cents + 1, revision = revision + 1 WHERE state = 'held'",
		},
	},
	{name: "numbers of quotes have no gap", sql: []string{"UPDATE sequences SET next = next + 1 WHERE kind = 'quote'"}},
}

// TestCheckQuote breaks each invariant of quotes, and sees it named.
func TestCheckQuote(t *testing.T) {
	t.Parallel()
	tryDamages(t, quoted, quoteDamages)
}

// TestRawQuotesAreRefused: the database is the last guard, whoever writes.
func TestRawQuotesAreRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		quoted(t, s)
		for name, sql := range map[string]string{
			"quotes_lifecycle":     "UPDATE quotes SET state = 'requested', ended_at = NULL",
			"quotes_price":         "UPDATE quotes SET unit_cents = 1, total_cents = seats",
			"quotes_total":         "UPDATE quotes SET total_cents = total_cents + 1, revision = revision + 1",
			"quotes_offer":         "UPDATE quotes SET unit_cents = 0, total_cents = 0, revision = revision + 1",
			"quotes_ended":         "UPDATE quotes SET ended_at = created_at",
			"quote_revisions_kept": "UPDATE quote_revisions SET unit_cents = 1",
			"offerings_quote_held": "UPDATE offerings SET quote_held = taken + 1",
			"orders_quote":         "UPDATE orders SET quote_id = (SELECT MAX(id) FROM quotes) WHERE quote_id <> ''",
			"orders_shares":        "UPDATE orders SET shares = 1, shares_with = 'one' WHERE state = 'confirmed'",
			"orders_shares_with":   "UPDATE orders SET shares = 1 WHERE state = 'held'",
		} {
			_, err := store.Write(t.Context(), s, func(tx *store.Tx) (struct{}, error) { return struct{}{}, tx.Exec(sql) })
			if got := store.Constraint(err); got != name {
				t.Errorf("%s: refused by %q (%v)", name, got, err)
			}
		}
	})
}

// rawOrder copies the order that holds an offer's seats, with other seats and price.
const rawOrder = `INSERT INTO orders (id, number, offering_id, expires_at, created_at, updated_at, version, revision, state, seats, rate_class, rate_label, unit_cents, total_cents, evidence,
	buyer_name, buyer_email, institution, billing, po_number, terms_days, due_on, hold_kind, extended, quote_id, link_serial, reason)
	SELECT 'raw', 'raw', offering_id, expires_at, created_at, updated_at, 1, 1, 'held', %s, rate_class, rate_label, %s, %s, evidence,
	buyer_name, buyer_email, institution, billing, po_number, terms_days, due_on, hold_kind, extended, quote_id, link_serial, reason FROM orders WHERE %s`

// rawAmounts are orders off what they may cost, and which rule refuses each.
var rawAmounts = []struct{ rule, sql string }{
	{"orders_sum", "UPDATE orders SET total_cents = total_cents + 1, revision = revision + 1 WHERE quote_id = ''"},
	{"orders_sum", "UPDATE orders SET unit_cents = 0, total_cents = 501, revision = revision + 1 WHERE quote_id = ''"},
	{"orders_sum", fmt.Sprintf(rawOrder, "2", "7900", "15801", "quote_id = ''")},
	{"orders_sum", fmt.Sprintf(rawOrder, "2", "0", "501", "quote_id = ''")},
	{"orders_quoted", "UPDATE orders SET unit_cents = 3800, total_cents = seats * 3800, revision = revision + 1 WHERE state = 'confirmed' AND quote_id <> ''"},
	{"orders_quoted", "UPDATE orders SET unit_cents = 3800, total_cents = seats * 3800, revision = revision + 1 WHERE state = 'held'"},
	{"orders_quoted", "UPDATE orders SET seats = 9, total_cents = 9 * unit_cents, revision = revision + 1 WHERE state = 'confirmed' AND quote_id <> ''"},
	{"orders_quoted", "UPDATE orders SET unit_cents = 0, total_cents = 39001, revision = revision + 1 WHERE state = 'confirmed' AND quote_id <> ''"},
	{"orders_quoted", "UPDATE orders SET quote_id = '' WHERE state = 'confirmed' AND quote_id <> ''"},
	{"orders_quoted", "UPDATE orders SET quote_id = (SELECT MAX(id) FROM quotes) WHERE quote_id = ''"},
	{"orders_quoted", "UPDATE orders SET state = 'expired', ended_at = created_at, expires_at = NULL, unit_cents = 1, total_cents = seats, revision = revision + 1 WHERE state = 'held'"},
	{"orders_quoted", fmt.Sprintf(rawOrder, "10", "3800", "38000", "state = 'held'")},
	{"orders_quoted", fmt.Sprintf(rawOrder, "11", "3900", "42900", "state = 'held'")},
	{"orders_quoted", fmt.Sprintf(rawOrder, "10", "0", "39001", "state = 'held'")},
	{"orders_quote", fmt.Sprintf(rawOrder, "10", "3900", "39000", "state = 'held'")}, // the right price: refused because the offer has an order
	{"quote_revisions_open", `INSERT INTO quote_revisions (quote_id, revision, seats, unit_cents, total_cents, message, expires_at, content, by_id, by_name, at, terms_days)
		SELECT quote_id, revision + 1, seats, 1, seats, message, expires_at, content, by_id, by_name, at, terms_days FROM quote_revisions WHERE quote_id IN (SELECT id FROM quotes WHERE state = 'converted')`},
}

// TestRawQuoteAmountsAreRefused: neither database keeps an order that costs anything but
// its seats at their price, or that is off the offer that its quote made.
func TestRawQuoteAmountsAreRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		quoted(t, s)
		for _, c := range rawAmounts {
			_, err := store.Write(t.Context(), s, func(tx *store.Tx) (struct{}, error) { return struct{}{}, tx.Exec(c.sql) })
			if got := store.Constraint(err); got != c.rule {
				t.Errorf("%s: refused by %q (%v), not by %s", c.sql, got, err, c.rule)
			}
		}
	})
}

// TestEmptyQuotes empties a database with quotes, as the demonstration does.
func TestEmptyQuotes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		quoted(t, s)
		if _, err := store.Write(t.Context(), s, func(tx *store.Tx) (struct{}, error) { return struct{}{}, tx.Empty() }); err != nil {
			t.Fatal(err)
		}
		quoted(t, s)
	})
}
