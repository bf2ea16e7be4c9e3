package store_test

import (
	"testing"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
)

func TestDryRun(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		add := func(tx *store.Tx) (string, error) {
			err := tx.AddPerson(domain.Person{ID: "p1", Version: 1, Name: "Ana Reyes"})
			return "added", err
		}
		if said, err := store.Write(store.WithDryRun(t.Context()), s, add); said != "added" || err != nil {
			t.Errorf("%q %v, want what would happen", said, err)
		}
		if _, err := store.Read(t.Context(), s, func(tx *store.Tx) (domain.Person, error) { return tx.Person("p1") }); !domain.IsKind(err, domain.NotFound) {
			t.Errorf("after a dry run: %v, want nothing", err)
		}
		if _, err := store.Write(t.Context(), s, add); err != nil {
			t.Error(err)
		}
		_, err := store.Write(store.WithDryRun(t.Context()), s, func(tx *store.Tx) (string, error) {
			return "", tx.RemoveCredential("p1", "none", domain.TokenCredential)
		})
		if !domain.IsKind(err, domain.NotFound) {
			t.Errorf("a refusal in a dry run: %v", err)
		}
	})
}
