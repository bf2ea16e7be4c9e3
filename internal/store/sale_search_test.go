package store_test

import (
	"testing"

	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
)

// TestFillFoundBy: orders from before there was a search of words are found too.
func TestFillFoundBy(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sold(t, s)
		found := func() []store.OrderLine {
			return sectiontest.Read(f, func(tx *store.Tx) ([]store.OrderLine, error) {
				return tx.Orders(store.OrderFilter{Words: "ínés", Limit: 5})
			})
		}
		write := func(step func(*store.Tx) error) {
			t.Helper()
			if _, err := store.Write(t.Context(), s, func(tx *store.Tx) (struct{}, error) { return struct{}{}, step(tx) }); err != nil {
				t.Fatal(err)
			}
		}
		write(func(tx *store.Tx) error { return tx.Exec("UPDATE orders SET found_by = ''") })
		if len(found()) != 0 {
			t.Fatal("found by nothing")
		}
		write((*store.Tx).FillFoundBy)
		if len(found()) != 1 {
			t.Error("the order is not found")
		}
	})
}
