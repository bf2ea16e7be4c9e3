package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lectern/domain"
)

// askKept asks as Tx.ask does.
func askKept(ctx context.Context, db *sql.DB, take func(row) error, text string, values ...any) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	return conn.Raw(func(d any) error { return d.(*keeping).ask(ctx, take, text, values) })
}

// TestKeptAsk asks the driver itself: all rows, none, until it is told to stop, and
// until the context ends between two rows. The statement is free after each.
func TestKeptAsk(t *testing.T) {
	t.Parallel()
	db := keptPool(t, 1)
	var got []int
	till := func(last int, then error) func(row) error {
		got = nil
		return func(r row) error {
			var n int
			if err := r.Scan(&n); err != nil {
				return err
			}
			if got = append(got, n); n == last {
				return then
			}
			return nil
		}
	}
	if err := askKept(t.Context(), db, till(0, nil), above, 3); err != nil {
		t.Error(err)
	}
	wantNumbers(t, "all", got, 4, 5)
	if err := askKept(t.Context(), db, till(0, nil), above, 5); err != nil {
		t.Error(err)
	}
	wantNumbers(t, "none", got)
	enough := errors.New("enough")
	if err := askKept(t.Context(), db, till(2, enough), above, 0); !errors.Is(err, enough) {
		t.Errorf("told to stop: %v", err)
	}
	wantNumbers(t, "until told to stop", got, 1, 2)
	ctx, cancel := context.WithCancel(t.Context())
	err := askKept(ctx, db, func(row) error { cancel(); return nil }, above, 0)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("between rows: %v", err)
	}
	if err := askKept(t.Context(), db, till(0, nil), "SELECT nothing FROM nowhere"); err == nil {
		t.Error("no error for what cannot be asked")
	}
	if err := askKept(t.Context(), db, till(0, nil), above, struct{}{}); err == nil {
		t.Error("no error for a value that is none")
	}
	for text, s := range keptOf(t, db) {
		if s.busy {
			t.Errorf("still busy: %s", text)
		}
	}
}

// TestKeptRow reads a row of each type that is stored, and refuses what has no place.
func TestKeptRow(t *testing.T) {
	t.Parallel()
	db := keptPool(t, 1)
	do(t, db, "CREATE TABLE kinds (word TEXT, n INTEGER, yes BOOLEAN, x REAL, at DATETIME, no TEXT)")
	at := time.Date(2026, 10, 5, 14, 30, 0, 123000, time.UTC)
	do(t, db, "INSERT INTO kinds VALUES (?, ?, ?, ?, ?, NULL)", "accepted", 7, true, 81.25, at)
	const question = "SELECT word, word, word, n, n, yes, yes, x, n, at, at, at, no, no, n FROM kinds WHERE at <= ? AND yes = ? AND word = ?"
	type all struct {
		Word     string
		State    domain.State
		Document []byte
		N        int
		Cents    int64
		Yes      bool
		Maybe    *bool
		X, Whole float64
		At       time.Time
		Then     *time.Time
		Never    *time.Time
		No       *string
		Left     string
		Some     sql.NullInt64
	}
	yes := true
	want := all{
		Word: "accepted", State: domain.Accepted, Document: []byte("accepted"), N: 7, Cents: 7, Yes: true, Maybe: &yes,
		X: 81.25, Whole: 7, At: at, Then: &at, Some: sql.NullInt64{Int64: 7, Valid: true}, Left: "as it was",
	}
	got := all{Left: "as it was"}
	left := cell{field: reflect.ValueOf(&got.Left).Elem()}
	scan := func(r row) error {
		var when time.Time
		err := r.Scan(&got.Word, &got.State, &got.Document, &got.N, &got.Cents, &got.Yes, &got.Maybe, &got.X, &got.Whole, &got.At, &got.Then, &when, &got.No, &left, &got.Some)
		return errors.Join(err, mustEqual(when, at))
	}
	if err := askKept(t.Context(), db, scan, question, at, true, domain.Accepted); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var word string
	var n int
	var yesToo bool
	var x float64
	var when *time.Time
	for what, r := range map[string]func(row) error{
		"NULL for text":      func(r row) error { return r.Scan(&word) },
		"NULL for a number":  func(r row) error { return r.Scan(&n) },
		"NULL for a state":   func(r row) error { return r.Scan(&want.State) },
		"places for columns": func(r row) error { return r.Scan(&word, &word) },
	} {
		if err := askKept(t.Context(), db, r, "SELECT no FROM kinds"); err == nil {
			t.Errorf("no error: %s", what)
		}
	}
	for what, into := range map[string]any{"a number": &n, "a truth": &yesToo, "a decimal": &x, "a time": &when, "cents": &want.Cents} {
		if err := askKept(t.Context(), db, func(r row) error { return r.Scan(into) }, "SELECT word FROM kinds"); err == nil {
			t.Errorf("text for %s: no error", what)
		}
	}
}

func mustEqual(got, want time.Time) error {
	if !got.Equal(want) {
		return fmt.Errorf("got %v, want %v", got, want)
	}
	return nil
}
