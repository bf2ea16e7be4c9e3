package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"lectern/internal/pgtest"
)

// A database is one of the two kinds: how an empty one is made, and how many
// rows are put into it at once.
type database struct {
	name string
	make func(testing.TB) string // its address, as in LECTERN_DATABASE
	fill func(ctx context.Context, address string, s *scribe, n int) error
	tidy func(ctx context.Context, address string) error // nil: there is nothing to do
}

var (
	sqliteFile       = database{"sqlite", func(b testing.TB) string { return filepath.Join(b.TempDir(), "lectern.db") }, fillSQLite, nil}
	postgresDatabase = database{"postgres", func(b testing.TB) string { return pgtest.URL(b) }, fillPostgres, tidyPostgres}
)

// chunkOf is how many proposals are written at once.
const chunkOf = 2000

// fill hands chunks of n proposals to put.
func fill(s *scribe, n int, put func(table string, rows [][]any) error) error {
	for from := 0; from < n; from += chunkOf {
		if err := putAll(s.write(from, min(from+chunkOf, n), n), put); err != nil {
			return err
		}
	}
	return putAll(s.underReview(n), put)
}

func putAll(c chunk, put func(table string, rows [][]any) error) error {
	for _, table := range tables {
		if err := put(table, c[table]); err != nil {
			return fmt.Errorf("fill %s: %w", table, err)
		}
	}
	return nil
}

// tidyPostgres clears away what writes left behind and has the planner look at the
// rows, as autovacuum does elsewhere.
func tidyPostgres(ctx context.Context, address string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "VACUUM ANALYZE")
	return errors.Join(err, conn.Close(ctx))
}

// tidy does for the house what the database does by itself within a minute or so of
// many writes.
func (h *house) tidy(b testing.TB) {
	b.Helper()
	if h.kind.tidy == nil {
		return
	}
	if err := h.kind.tidy(b.Context(), h.address); err != nil {
		b.Fatal(err)
	}
}

// fillPostgres copies rows in past the triggers, which let a proposal begin only
// as a draft.
func fillPostgres(ctx context.Context, address string, s *scribe, n int) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, "SET session_replication_role = replica"); err != nil {
		return err
	}
	err = fill(s, n, func(table string, rows [][]any) error {
		_, err := conn.CopyFrom(ctx, pgx.Identifier{table}, strings.Split(columns[table], ", "), pgx.CopyFromRows(rows))
		return err
	})
	if err != nil {
		return err
	}
	return tidyPostgres(ctx, address)
}

// fillSQLite inserts many rows with each statement, without the trigger that
// lets a proposal begin only as a draft; it is put back. The planner gets no
// figures, because nothing gathers them in the program either.
func fillSQLite(ctx context.Context, address string, s *scribe, n int) error {
	db, err := sql.Open("sqlite", "file:"+address+"?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)&_pragma=cache_size(-262144)")
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	var trigger string
	if err := db.QueryRowContext(ctx, "SELECT sql FROM sqlite_master WHERE name = 'proposals_begin'").Scan(&trigger); err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, "DROP TRIGGER proposals_begin"); err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if err := fill(s, n, func(table string, rows [][]any) error { return insert(ctx, tx, table, rows) }); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, trigger); err != nil {
		return err
	}
	return tx.Commit()
}

// insertAtOnce is how many rows one INSERT holds.
const insertAtOnce = 100

func insert(ctx context.Context, tx *sql.Tx, table string, rows [][]any) error {
	var prepared *sql.Stmt
	for len(rows) > 0 {
		k := min(insertAtOnce, len(rows))
		if prepared == nil || k < insertAtOnce {
			var err error
			if prepared, err = tx.PrepareContext(ctx, insertion(table, k)); err != nil {
				return err
			}
			defer func() { _ = prepared.Close() }()
		}
		var values []any
		for _, row := range rows[:k] {
			for _, v := range row {
				values = append(values, stored(v))
			}
		}
		if _, err := prepared.ExecContext(ctx, values...); err != nil {
			return err
		}
		rows = rows[k:]
	}
	return nil
}

func insertion(table string, rows int) string {
	one := "(" + strings.Repeat("?, ", strings.Count(columns[table], ",")) + "?)"
	return "INSERT INTO " + table + " (" + columns[table] + ") VALUES " + strings.Repeat(one+", ", rows-1) + one
}

// stored is a value as the store writes it to SQLite: times as microseconds.
func stored(v any) any {
	if at, ok := v.(time.Time); ok {
		return at.UnixMicro()
	}
	return v
}
