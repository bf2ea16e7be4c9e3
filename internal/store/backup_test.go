package store_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/migrations"
)

func opened(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), path, store.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func peopleIn(t *testing.T, s *store.Store, ids ...string) int {
	t.Helper()
	n := 0
	for _, id := range ids {
		if _, err := store.Read(t.Context(), s, func(tx *store.Tx) (domain.Person, error) { return tx.Person(id) }); err == nil {
			n++
		}
	}
	return n
}

// TestBackUp copies a database while it is written to: pairs of rows that are
// written together are in the copy together.
func TestBackUp(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "lectern.db")
	s := opened(t, path)
	ctx, stop := context.WithCancel(t.Context())
	var writing sync.WaitGroup
	begun := make(chan struct{})
	var written [][2]string
	writing.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			pair := [2]string{"a" + strconv.Itoa(i), "b" + strconv.Itoa(i)}
			_, err := store.Write(t.Context(), s, func(tx *store.Tx) (struct{}, error) {
				return struct{}{}, errors.Join(tx.AddPerson(domain.Person{ID: pair[0], Version: 1, Name: "A"}), tx.AddPerson(domain.Person{ID: pair[1], Version: 1, Name: "B"}))
			})
			if err != nil {
				t.Error(err)
			}
			written = append(written, pair)
			if i == 20 {
				close(begun)
			}
		}
	})
	<-begun
	file := filepath.Join(dir, "copy.db")
	err := store.BackUp(t.Context(), path, file)
	stop()
	writing.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if err := store.BackUp(t.Context(), path, file); !errors.Is(err, store.ErrThere) {
		t.Errorf("over a file: %v", err)
	}
	again := filepath.Join(dir, "restored.db")
	if err := store.Restore(t.Context(), file, again); err != nil {
		t.Fatal(err)
	}
	restored, kept := opened(t, again), 0
	for _, pair := range written {
		n := peopleIn(t, restored, pair[0], pair[1])
		if n == 1 {
			t.Errorf("half of %v is in the copy", pair)
		}
		kept += n
	}
	if kept < 40 {
		t.Errorf("%d rows of %d pairs are in the copy", kept, len(written))
	}
	if halves, _ := filepath.Glob(filepath.Join(dir, "*.half")); len(halves) > 0 {
		t.Errorf("left behind: %v", halves)
	}
}

// TestRestore_refuses looks at a file before it becomes the database.
func TestRestore_refuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	good := filepath.Join(dir, "good.db")
	if err := opened(t, good).Close(); err != nil {
		t.Fatal(err)
	}
	text, foreign, newer, damaged := filepath.Join(dir, "text"), filepath.Join(dir, "foreign.db"), filepath.Join(dir, "newer.db"), filepath.Join(dir, "damaged.db")
	raw, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	broken := append([]byte{}, raw...)
	for i := len(broken) / 2; i < len(broken); i++ {
		broken[i] = 0xA5
	}
	for path, content := range map[string][]byte{text: []byte("Dear diary"), newer: raw, damaged: broken} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	change(t, foreign, "CREATE TABLE proposals (id TEXT)")
	change(t, newer, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)")
	to := filepath.Join(dir, "lectern.db")
	for path, want := range map[string]error{
		text: store.ErrNotLectern, foreign: store.ErrNotLectern, newer: migrations.ErrNewer, filepath.Join(dir, "none"): os.ErrNotExist, damaged: nil,
	} {
		if err := store.Restore(t.Context(), path, to); err == nil || want != nil && !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", path, err, want)
		}
		if _, err := os.Stat(to); err == nil {
			t.Fatalf("%s became the database", path)
		}
	}
	if err := store.Restore(t.Context(), good, good); !errors.Is(err, store.ErrThere) {
		t.Errorf("over a database: %v", err)
	}
	if err := os.WriteFile(to+"-wal", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := store.Restore(t.Context(), good, to); !errors.Is(err, store.ErrThere) {
		t.Errorf("beside the log of another: %v", err)
	}
	for _, work := range []func(context.Context, string, string) error{store.BackUp, store.Restore} {
		if err := work(t.Context(), "postgres://127.0.0.1/lectern", "postgres://127.0.0.1/lectern"); !errors.Is(err, store.ErrNotSQLite) {
			t.Errorf("Postgres: %v", err)
		}
	}
}

func change(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}
