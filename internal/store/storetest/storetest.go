// Package storetest gives tests an open, empty store on each database: SQLite as
// a copy of a migrated file, Postgres as a copy of a migrated template database.
package storetest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"lectern/internal/pgtest"
	"lectern/internal/store"
)

// Each runs a test once on SQLite and once on Postgres, in parallel. Where no
// Postgres is installed that half is skipped, or fails if LECTERN_TEST_REQUIRE
// contains postgres.
func Each(t *testing.T, f func(t *testing.T, s *store.Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		f(t, Postgres(t))
	})
}

// SQLite is an empty store in a file of the test's own; it takes a few milliseconds.
func SQLite(t testing.TB) *store.Store {
	t.Helper()
	migrated, err := template()
	if err != nil {
		t.Fatalf("make the template file: %v", err)
	}
	path := filepath.Join(t.TempDir(), "lectern.db")
	if err := os.WriteFile(path, migrated, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, path)
}

// Postgres is an empty store in a database of the test's own.
func Postgres(t testing.TB) *store.Store {
	t.Helper()
	return open(t, pgtest.FromTemplate(t, "lectern", migrate))
}

func open(t testing.TB, database string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), database, store.Options{NoSync: true})
	if err != nil {
		t.Fatalf("open the store: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return s
}

func migrate(database string) error {
	s, err := store.Open(context.Background(), database, store.Options{NoSync: true})
	if err != nil {
		return err
	}
	return s.Close()
}

// template is the content of a migrated file: closing the last connection
// leaves everything in that one file.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "lectern-template")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "lectern.db")
	if err := migrate(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})
