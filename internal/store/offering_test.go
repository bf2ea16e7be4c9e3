package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// TestOfferingRefusals sends statements that no workflow would: the database
// itself holds the seats, the prices and the life of a webinar.
func TestOfferingRefusals(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := scene(t, s)
		id := onSale(t, f)
		raw := func(sql string) error {
			_, err := store.Write(t.Context(), s, func(tx *store.Tx) (struct{}, error) { return struct{}{}, tx.Exec(sql, id) })
			return err
		}
		if ok := take(t, f, id, 18); !ok {
			t.Fatal("18 of 20 seats are not to be had")
		}
		if take(t, f, id, 3) {
			t.Error("21 of 20 seats were taken")
		}
		for _, sql := range []string{
			"UPDATE offerings SET taken = 21 WHERE id = ?", "UPDATE offerings SET taken = -1 WHERE id = ?", "UPDATE offerings SET capacity = 17 WHERE id = ?",
			"UPDATE offerings SET status = 'planned' WHERE id = ?", "UPDATE offerings SET status = 'sold' WHERE id = ?", "UPDATE offerings SET starts_at = NULL WHERE id = ?",
			"UPDATE offerings SET max_self_serve = 10 WHERE id = ?", "DELETE FROM proposals WHERE id = (SELECT proposal_id FROM offerings WHERE id = ?)",
			"INSERT INTO price_tiers SELECT offering_id, rate_class, label, 5, 12, unit_cents, 9 FROM price_tiers WHERE offering_id = ?",
		} {
			if raw(sql) == nil {
				t.Errorf("the database took %s", sql)
			}
		}
		if err := raw("UPDATE offerings SET taken = 20 WHERE id = ?"); err != nil {
			t.Errorf("the last seats: %v", err)
		}
	})
}

var errUndo = errors.New("undo")

// TestOfferingOffTheTable tries every change of status as a bare statement: the
// database takes those of the table, and no other.
func TestOfferingOffTheTable(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := scene(t, s)
		id := onSale(t, f)
		try := func(from, to domain.OfferingStatus) (refused error) {
			_, err := store.Write(t.Context(), s, func(tx *store.Tx) (struct{}, error) {
				if from != domain.OfferingPublished {
					for _, sql := range []string{
						"INSERT INTO offering_lifecycle (from_status, to_status) VALUES ('published', '" + string(from) + "') ON CONFLICT DO NOTHING",
						"UPDATE offerings SET status = '" + string(from) + "' WHERE id = '" + id + "'",
					} {
						if err := tx.Exec(sql); err != nil {
							return struct{}{}, err
						}
					}
				}
				refused = tx.Exec("UPDATE offerings SET status = ? WHERE id = ?", to, id)
				return struct{}{}, errUndo
			})
			if !errors.Is(err, errUndo) {
				t.Fatal(err)
			}
			return refused
		}
		for _, from := range domain.OfferingStatuses() {
			for _, to := range domain.OfferingStatuses() {
				if legal := from == to || slices.Contains(domain.OfferingPassages(), [2]domain.OfferingStatus{from, to}); legal != (try(from, to) == nil) {
					t.Errorf("from %s to %s: %v", from, to, try(from, to))
				}
			}
		}
	})
}

func take(t *testing.T, f *sectiontest.Fixture, id string, n int) bool {
	t.Helper()
	ok, err := store.Write(t.Context(), f.Store, func(tx *store.Tx) (bool, error) { return tx.TakeSeats(id, n) })
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

// onSale puts the scene's accepted webinar on sale with 20 seats.
func onSale(t *testing.T, f *sectiontest.Fixture) string {
	t.Helper()
	fay := f.Actor("Fay Nguyen")
	found, err := workflows.Proposals{Base: f.Base}.List(t.Context(), fay, workflows.ProposalFilter{State: domain.Accepted, Limit: 1})
	if err != nil || len(found) != 1 {
		t.Fatalf("%d accepted, %v", len(found), err)
	}
	p, err := workflows.Proposals{Base: f.Base}.Get(t.Context(), fay, found[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	do(t, f, workflows.Proposals{Base: f.Base}, "Ben Castellano", p.ID, domain.Confirm, workflows.Move{Input: domain.Input{SpeakerID: p.Facts.Speakers[0].ID}})
	w := workflows.Offerings{Base: f.Base}
	v, err := w.Create(t.Context(), fay, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	starts, seats, captions := time.Date(2027, 5, 20, 18, 0, 0, 0, time.UTC), 20, "Live captions"
	at := &starts
	if _, err = w.Edit(t.Context(), fay, v.ID, workflows.OfferingChange{Version: 1, StartsAt: &at, Capacity: &seats, Captions: &captions}); err != nil {
		t.Fatal(err)
	}
	if _, err = w.Act(t.Context(), fay, v.ID, domain.PublishOffering, workflows.OfferingMoved{}); err != nil {
		t.Fatal(err)
	}
	return v.ID
}
