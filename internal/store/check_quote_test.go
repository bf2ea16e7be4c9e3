package store_test

import (
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
		name: "Q4: an accepted quote is one order, at its price", sql: []string{"UPDATE orders SET quote_id = '' WHERE hold_kind = 'checkout'"},
	},
	{
		name: "Q5: seats that an order shares are those of the confirmed one it is to replace",
		sql: []string{
			"UPDATE orders SET shares = 2, shares_with = 'nobody' WHERE state = 'held'",
		},
	},
	{
		name: "Q6: an order costs so much a seat, or by quote one price for all its seats",
		sql:  []string{"UPDATE orders SET total_cents = total_cents + 1, revision = revision + 1 WHERE state = 'held'"},
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
			"orders_quote":         "UPDATE orders SET quote_id = 'one'",
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
