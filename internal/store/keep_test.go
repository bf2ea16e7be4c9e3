package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"modernc.org/sqlite"
)

// keptPool is a pool over a new database with a table of the numbers 1 to 5.
func keptPool(t *testing.T, conns int) *sql.DB {
	t.Helper()
	db, err := sqlitePool("file:"+filepath.Join(t.TempDir(), "kept.db")+"?"+sqliteCommon+"&_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)", conns)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	do(t, db, "CREATE TABLE numbers (n INTEGER PRIMARY KEY, word TEXT); INSERT INTO numbers VALUES (1, 'one'), (2, 'two'); INSERT INTO numbers VALUES (3, 'three'), (4, 'four'), (5, 'five')")
	return db
}

type asker interface {
	ExecContext(ctx context.Context, text string, values ...any) (sql.Result, error)
	QueryContext(ctx context.Context, text string, values ...any) (*sql.Rows, error)
}

func do(t *testing.T, on asker, text string, values ...any) {
	t.Helper()
	if _, err := on.ExecContext(t.Context(), text, values...); err != nil {
		t.Fatal(err)
	}
}

// numbers are those of an answer. In the middle of it, between is run.
func numbers(t *testing.T, on asker, between func(), text string, values ...any) []int {
	t.Helper()
	rows, err := on.QueryContext(t.Context(), text, values...)
	if err != nil {
		t.Fatal(err)
	}
	var all []int
	for rows.Next() {
		if len(all) == 1 && between != nil {
			between()
		}
		var n int
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
		all = append(all, n)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		t.Fatal(err)
	}
	return all
}

func wantNumbers(t *testing.T, what string, got []int, want ...int) {
	t.Helper()
	if !cmp.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// keptOf are the statements that the one connection of a pool keeps.
func keptOf(t *testing.T, db *sql.DB) map[string]*keptStatement {
	t.Helper()
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	var kept map[string]*keptStatement
	_ = c.Raw(func(d any) error {
		kept = d.(*keeping).kept
		return nil
	})
	return kept
}

const above = "SELECT n FROM numbers WHERE n > ? ORDER BY n"

// TestKeptUsedAgain asks the same of one statement, with other values, after its
// rows were read half, and from within its own rows.
func TestKeptUsedAgain(t *testing.T) {
	t.Parallel()
	db := keptPool(t, 1)
	wantNumbers(t, "first", numbers(t, db, nil, above, 3), 4, 5)
	first := keptOf(t, db)[above]
	wantNumbers(t, "other values", numbers(t, db, nil, above, 4), 5)
	rows, err := db.QueryContext(t.Context(), above, 0)
	if err != nil || !rows.Next() {
		t.Fatal(err)
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	outer := numbers(t, tx, func() {
		inner := numbers(t, tx, func() { wantNumbers(t, "third", numbers(t, tx, nil, above, 4), 5) }, above, 3)
		wantNumbers(t, "inner", inner, 4, 5)
	}, above, 2)
	wantNumbers(t, "outer", outer, 3, 4, 5)
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	if again := keptOf(t, db)[above]; first == nil || again != first || again.busy {
		t.Errorf("kept %+v, then %+v; want the same, free", first, again)
	}
}

// TestKeptAfterFailure lets statements fail in every way; what is kept goes on
// working, and holds nothing open.
func TestKeptAfterFailure(t *testing.T) {
	t.Parallel()
	db := keptPool(t, 1)
	const add = "INSERT INTO numbers VALUES (?, ?)"
	fails := func(on asker, text string, values ...any) {
		t.Helper()
		if _, err := on.ExecContext(t.Context(), text, values...); err == nil {
			t.Errorf("%s with %v: no error", text, values)
		}
	}
	do(t, db, add, 6, "six")
	fails(db, add, 6, "six again")
	fails(db, add, 7)
	fails(db, "INSERT INTO nowhere VALUES (?)", 1)
	do(t, db, add, 7, "seven")

	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	do(t, tx, add, 8, "eight")
	fails(tx, add, 8, "eight again")
	wantNumbers(t, "within", numbers(t, tx, nil, above, 6), 7, 8)
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	wantNumbers(t, "rolled back", numbers(t, db, nil, above, 6), 7)

	const returning = "UPDATE numbers SET word = word || '!' WHERE n > ? RETURNING n"
	wantNumbers(t, "returning", numbers(t, db, nil, returning, 5), 6, 7)
	if _, err := db.QueryContext(t.Context(), "SELECT abs(-9223372036854775807 - ?)", 1); err == nil {
		t.Error("a number that is too large: no error")
	}
	do(t, db, "DROP TABLE numbers") // is refused while a statement reads it
}

// TestKeptCancelled ends the context of a question in the middle of its rows, and in
// the middle of a long step.
func TestKeptCancelled(t *testing.T) {
	t.Parallel()
	db := keptPool(t, 1)
	const endless = "WITH RECURSIVE c(n) AS (SELECT ? UNION ALL SELECT n + 1 FROM c) "
	for range 3 {
		ctx, cancel := context.WithCancel(t.Context())
		rows, err := db.QueryContext(ctx, endless+"SELECT n FROM c", 1)
		if err != nil || !rows.Next() {
			t.Fatal(err)
		}
		cancel()
		for rows.Next() { // some more may come
		}
		if err := rows.Err(); !errors.Is(err, context.Canceled) {
			t.Errorf("in the middle of rows: %v", err)
		}
		wantNumbers(t, "after that", numbers(t, db, nil, above, 3), 4, 5)

		ctx, cancel = context.WithCancel(t.Context())
		asked := make(chan error)
		go func() {
			var n int
			asked <- db.QueryRowContext(ctx, endless+"SELECT count(*) FROM c", 1).Scan(&n)
		}()
		cancel()
		if err := <-asked; !errors.Is(err, context.Canceled) {
			t.Errorf("in the middle of a step: %v", err)
		}
		wantNumbers(t, "after that", numbers(t, db, nil, above, 3), 4, 5)
	}
}

// TestKeptSchema changes a table under kept statements, on the connection that keeps
// them and on another.
func TestKeptSchema(t *testing.T) {
	t.Parallel()
	db := keptPool(t, 2)
	var conns [2]*sql.Conn
	for i := range conns {
		var err error
		if conns[i], err = db.Conn(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conns[i].Close() }()
	}
	const all = "SELECT * FROM numbers WHERE n > ?"
	columns := func(c *sql.Conn) int {
		t.Helper()
		rows, err := c.QueryContext(t.Context(), all, 3)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = rows.Close() }()
		names, err := rows.Columns()
		if err != nil || !rows.Next() {
			t.Fatal(err, rows.Err())
		}
		return len(names)
	}
	for want := 2; want < 5; want++ {
		wantNumbers(t, "columns on either connection", []int{columns(conns[0]), columns(conns[1])}, want, want)
		do(t, conns[0], fmt.Sprintf("ALTER TABLE numbers ADD COLUMN c%d TEXT", want))
	}
	do(t, conns[0], "DROP TABLE numbers; CREATE TABLE numbers (n INTEGER PRIMARY KEY)")
	do(t, conns[1], "INSERT INTO numbers (n) VALUES (9)")
	wantNumbers(t, "another table of the name", numbers(t, conns[0], nil, above, 0), 9)
}

// TestKeptBounded asks more than is kept: what is used stays, and what is no work
// on rows is not kept.
func TestKeptBounded(t *testing.T) {
	t.Parallel()
	db := keptPool(t, 1)
	numbers(t, db, nil, above, 0)
	before := keptOf(t, db)[above]
	for i := range 3 * keptStatements {
		wantNumbers(t, "one of many", numbers(t, db, nil, fmt.Sprintf("SELECT n FROM numbers WHERE n = %d + ?", i), 1-i), 1)
		wantNumbers(t, "the one often used", numbers(t, db, nil, above, 4), 5)
	}
	do(t, db, "SAVEPOINT here; RELEASE here")
	do(t, db, "PRAGMA user_version = 7")
	wantNumbers(t, "a pragma", numbers(t, db, nil, "PRAGMA user_version"), 7)
	kept := keptOf(t, db)
	if len(kept) != keptStatements || kept[above] != before {
		t.Errorf("%d are kept, want %d; the one often used was %p, is %p", len(kept), keptStatements, before, kept[above])
	}
	for text := range kept {
		if !onRows(text) {
			t.Errorf("%s is kept", text)
		}
	}
}

// TestKeptWhole checks that the connections that keep statements have all that
// database/sql looks for in the driver's.
func TestKeptWhole(t *testing.T) {
	t.Parallel()
	db := keptPool(t, 1)
	if _, ok := db.Driver().(*sqlite.Driver); !ok {
		t.Errorf("the driver is a %T", db.Driver())
	}
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if _, err := sqlite.Limit(c, 0, -1); err != nil {
		t.Errorf("the connection is not found behind the one that keeps: %v", err)
	}
	_ = c.Raw(func(d any) error {
		inner := d.(interface{ Unwrap() driver.Conn }).Unwrap()
		for name, has := range map[string]func(any) bool{
			"NamedValueChecker": is[driver.NamedValueChecker], "SessionResetter": is[driver.SessionResetter], "Validator": is[driver.Validator],
			"Pinger": is[driver.Pinger], "ConnBeginTx": is[driver.ConnBeginTx], "ConnPrepareContext": is[driver.ConnPrepareContext],
			"ExecerContext": is[driver.ExecerContext], "QueryerContext": is[driver.QueryerContext],
		} {
			if has(inner) != has(d) {
				t.Errorf("%s: the driver's %t, ours %t", name, has(inner), has(d))
			}
		}
		return nil
	})
	rows, err := c.QueryContext(t.Context(), above, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	types, err := rows.ColumnTypes()
	if err != nil || types[0].DatabaseTypeName() != "INTEGER" {
		t.Errorf("types of columns %v, %v", types, err)
	}
}

func is[T any](v any) bool { _, ok := v.(T); return ok }
