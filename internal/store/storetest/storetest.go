// Package storetest gives tests a fresh database of their own, on SQLite and on
// Postgres, so that one suite proves one behaviour on both.
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

// Each runs a test on a fresh store of each database, in parallel. Postgres is
// skipped plainly where it is not installed.
func Each(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, Postgres(t))
	})
}

// SQLite gives a fresh store on a copy of a migrated file.
func SQLite(t testing.TB) *store.Store {
	t.Helper()
	return open(t, SQLitePath(t))
}

// SQLitePath gives the path of a fresh, migrated database file.
func SQLitePath(t testing.TB) string {
	t.Helper()
	template, err := migrated()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "lectern.db")
	if err := os.WriteFile(path, template, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// migrated makes the template file once for each test process.
var migrated = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "lectern-template-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "template.db")
	if err := migrate(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func migrate(database string) error {
	s, err := store.Open(context.Background(), database, store.Options{NoSync: true})
	if err != nil {
		return err
	}
	return s.Close()
}

// Postgres gives a fresh store on a copy of a migrated database.
func Postgres(t testing.TB) *store.Store {
	t.Helper()
	return open(t, PostgresURL(t))
}

// PostgresURL gives the address of a fresh, migrated database.
func PostgresURL(t testing.TB) string {
	t.Helper()
	return pgtest.FromTemplate(t, "lectern", migrate)
}

func open(t testing.TB, database string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), database, store.Options{NoSync: true, NoMigrate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}
