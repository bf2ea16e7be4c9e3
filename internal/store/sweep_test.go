package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lectern/internal/store"
	"lectern/internal/store/storetest"
)

func TestSweep(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		now := time.Date(2026, 9, 18, 17, 0, 0, 0, time.UTC)
		undone := errors.New("undone")
		sweep := func(subject string, fails error) bool {
			t.Helper()
			mine := false
			_, err := store.Write(t.Context(), s, func(tx *store.Tx) (_ struct{}, err error) {
				if mine, err = tx.Sweep("job", subject, now); err != nil {
					return struct{}{}, err
				}
				return struct{}{}, fails
			})
			if !errors.Is(err, fails) {
				t.Fatal(err)
			}
			return mine
		}
		if !sweep("a", undone) || !sweep("a", nil) {
			t.Error("what was undone is not to be done again")
		}
		if sweep("a", nil) {
			t.Error("what was done is to be done again")
		}
		open, err := store.Read(t.Context(), s, func(tx *store.Tx) ([]string, error) { return tx.Unswept("job", []string{"b", "a", "c"}) })
		if diff := cmp.Diff([]string{"b", "c"}, open); diff != "" || err != nil {
			t.Errorf("open (%v) (-want +got):\n%s", err, diff)
		}
		other, err := store.Read(t.Context(), s, func(tx *store.Tx) ([]string, error) { return tx.Unswept("other", []string{"a"}) })
		if len(other) != 1 || err != nil {
			t.Errorf("another job has %v open (%v), want a", other, err)
		}
	})
}
