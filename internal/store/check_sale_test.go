package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// sold is a section with a webinar on sale and one confirmed order of two seats.
func sold(t *testing.T, s *store.Store) *sectiontest.Fixture {
	t.Helper()
	f := scene(t, s)
	all := sectiontest.Read(f, func(tx *store.Tx) ([]store.ProposalLine, error) {
		return tx.Proposals(f.Actor("Kim Adeyemi"), store.ProposalFilter{State: domain.Accepted, Limit: 1})
	})
	sp := sectiontest.Read(f, func(tx *store.Tx) ([]domain.Speaker, error) { return tx.Speakers(all[0].ID) })
	do(t, f, workflows.Proposals{Base: f.Base}, "Ben Castellano", all[0].ID, domain.Confirm, workflows.Move{Input: domain.Input{SpeakerID: sp[0].ID}})
	w, fay := workflows.Offerings{Base: f.Base}, f.Actor("Fay Nguyen")
	v, err := w.Create(t.Context(), fay, all[0].ID)
	if err == nil {
		starts := time.Date(2027, 5, 20, 18, 0, 0, 0, time.UTC)
		at, captions, limit := &starts, "Live captions", 1_000_000
		v, err = w.Edit(t.Context(), fay, v.ID, workflows.OfferingChange{Version: v.Version, StartsAt: &at, Captions: &captions, CreditLimitCents: &limit})
	}
	if err == nil {
		v, err = w.Act(t.Context(), fay, v.ID, domain.PublishOffering, workflows.OfferingMoved{})
	}
	orders := workflows.Orders{Base: f.Base, Links: workflows.Links{Keys: []string{"a key of the tests"}}}
	var o workflows.OrderView
	if err == nil {
		o, err = orders.Hold(t.Context(), domain.Actor{}, v.ID, workflows.HoldWish{Wish: domain.Wish{Seats: "2", Name: "Ines", Email: "ines@example.org"}})
	}
	if err == nil {
		_, err = orders.Act(t.Context(), fay, o.ID, domain.SubmitPO, workflows.OrderChange{OrderInput: domain.OrderInput{Billing: domain.Billing{Name: "Cedar", Address: []string{"1 Main Street"}}}})
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

const charge = "INSERT INTO ledger_entries (id, order_id, document_id, kind, cents, note, by_id, by_name, at) SELECT 'x', id, '', 'charge', 100, '', '', '', created_at FROM orders"

// saleDamages break the invariants of selling.
var saleDamages = []damage{
	{name: "I1: a webinar’s taken seats are those of its live orders", sql: []string{"UPDATE offerings SET taken = taken + 1"}},
	{
		name: "I2: an order’s price is that of its revision", sql: []string{"DROP TRIGGER orders_price", "UPDATE orders SET unit_cents = 1, total_cents = seats"},
		postgres: []string{"ALTER TABLE orders DISABLE TRIGGER orders_price", "UPDATE orders SET unit_cents = 1, total_cents = seats"},
	},
	{name: "I3: an order has its seats when it is confirmed, and only then", sql: []string{"DELETE FROM seats WHERE seq = 2"}},
	{name: "I4: every cent paid is on one order", sql: []string{ // without what ties it to the orders
		"DROP TABLE ledger_entries", "CREATE TABLE ledger_entries (id TEXT, order_id TEXT, kind TEXT, cents BIGINT)",
		"INSERT INTO ledger_entries VALUES ('x', 'nobody', 'payment', -100)",
	}, postgres: []string{
		"ALTER TABLE ledger_entries DROP CONSTRAINT ledger_entries_order_id_fkey",
		"INSERT INTO ledger_entries (id, order_id, document_id, kind, cents, note, by_id, by_name, at) SELECT 'x', 'nobody', '', 'payment', -100, '', '', '', created_at FROM orders",
	}},
	{name: "I5: documents and the ledger’s charges add up to the same", sql: []string{charge}},
	{name: "numbers of invoices and credit memos have no gap", sql: []string{"UPDATE sequences SET next = next + 1 WHERE kind = 'invoice'"}},
	{
		name: "an order that ended owes nothing", sql: []string{"DROP TRIGGER orders_lifecycle", "UPDATE orders SET state = 'cancelled', ended_at = created_at"},
		postgres: []string{"ALTER TABLE orders DISABLE TRIGGER orders_lifecycle", "UPDATE orders SET state = 'cancelled', ended_at = created_at"},
	},
}

// TestCheckSale breaks each invariant of selling, with what guards it taken away
// first, and sees it named.
func TestCheckSale(t *testing.T) {
	t.Parallel()
	tryDamages(t, sold, saleDamages)
}

func tryDamages(t *testing.T, made func(*testing.T, *store.Store) *sectiontest.Fixture, all []damage) {
	t.Helper()
	for _, c := range all {
		t.Run(c.name[:2], func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				f := made(t, s)
				if broken := brokenNames(t, f); len(broken) > 0 {
					t.Fatalf("broken before anything was broken: %v", broken)
				}
				statements := c.sql
				if s.Postgres() && c.postgres != nil {
					statements = c.postgres
				}
				for _, sql := range statements {
					if _, err := store.Write(t.Context(), s, func(tx *store.Tx) (struct{}, error) { return struct{}{}, tx.Exec(sql) }); err != nil {
						t.Fatalf("%s: %v", sql, err)
					}
				}
				if broken := brokenNames(t, f); !slices.Contains(broken, c.name) {
					t.Errorf("broke %q, and the check names %v", c.name, broken)
				}
			})
		})
	}
}

// TestRawSalesAreRefused: the database is the last guard, whoever writes.
func TestRawSalesAreRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		sold(t, s)
		for name, sql := range map[string]string{
			"offerings_taken":      "UPDATE offerings SET taken = capacity + 1",
			"orders_lifecycle":     "UPDATE orders SET state = 'held', expires_at = created_at",
			"orders_price":         "UPDATE orders SET seats = 3, total_cents = 3 * unit_cents",
			"orders_clock":         "UPDATE orders SET expires_at = created_at",
			"order_revisions_kept": "UPDATE order_revisions SET unit_cents = 1",
			"documents_kept":       "DELETE FROM documents",
			"ledger_kept":          "UPDATE ledger_entries SET cents = 1",
			"seats_lifecycle":      "UPDATE seats SET state = 'attended'",
		} {
			_, err := store.Write(t.Context(), s, func(tx *store.Tx) (struct{}, error) { return struct{}{}, tx.Exec(sql) })
			if got := store.Constraint(err); got != name {
				t.Errorf("%s: refused by %q (%v)", name, got, err)
			}
		}
	})
}

// TestEmptySale empties a database in which something was sold, as the
// demonstration does; what keeps documents and the ledger is there again afterwards.
func TestEmptySale(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		sold(t, s)
		if _, err := store.Write(t.Context(), s, func(tx *store.Tx) (struct{}, error) { return struct{}{}, tx.Empty() }); err != nil {
			t.Fatal(err)
		}
		sold(t, s) // again, with numbers from the first
		for _, table := range []string{"documents", "ledger_entries", "order_revisions"} {
			_, err := store.Write(t.Context(), s, func(tx *store.Tx) (struct{}, error) { return struct{}{}, tx.Exec("DELETE FROM " + table) })
			if got := store.Constraint(err); !strings.HasSuffix(got, "_kept") {
				t.Errorf("%s can be emptied: %q, %v", table, got, err)
			}
		}
	})
}
