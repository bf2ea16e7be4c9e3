// Package migrations holds the schema as plain SQL, one folder per database,
// and brings a database up to it. Both folders have the same files by name; a
// test compares what they make.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
)

//go:embed sqlite/*.sql postgres/*.sql
var files embed.FS

// ErrNewer says that the database was written by a newer Lectern.
var ErrNewer = errors.New("the database has a newer schema than this program knows; use the newer program")

// lockKey is the advisory lock under which one process migrates a Postgres database.
const lockKey = 7_034_221_894

// SQLite brings the database at path up to date. Several processes may call it
// at once: a lock file beside the database lets them in one by one.
func SQLite(ctx context.Context, db *sql.DB, path string) error {
	lock := flock.New(path + ".migrate.lock")
	if err := lock.Lock(); err != nil {
		return fmt.Errorf("lock for migrating: %w", err)
	}
	defer func() { _ = lock.Unlock() }()
	return up(ctx, goose.DialectSQLite3, db)
}

// Postgres brings the database up to date. Several processes may call it at
// once: an advisory lock lets them in one by one.
func Postgres(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect for migrating: %w", err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", lockKey); err != nil {
		return fmt.Errorf("lock for migrating: %w", err)
	}
	defer func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", lockKey)
	}()
	return up(ctx, goose.DialectPostgres, db)
}

func up(ctx context.Context, dialect goose.Dialect, db *sql.DB) error {
	p, err := provider(dialect, db)
	if err != nil {
		return err
	}
	if err := refuseNewer(ctx, p); err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// Files are the migrations of a dialect folder, "sqlite" or "postgres".
func Files(folder string) (fs.FS, error) { return fs.Sub(files, folder) }

func provider(dialect goose.Dialect, db *sql.DB) (*goose.Provider, error) {
	folder := "sqlite"
	if dialect == goose.DialectPostgres {
		folder = "postgres"
	}
	sub, err := Files(folder)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(dialect, db, sub, goose.WithVerbose(false))
}

func refuseNewer(ctx context.Context, p *goose.Provider) error {
	at, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read the schema version: %w", err)
	}
	if at > newest(p) {
		return ErrNewer
	}
	return nil
}

// OfSQLite tells whether a file, opened only to be read, is a database of Lectern.
// ErrNewer when a newer Lectern wrote it.
func OfSQLite(ctx context.Context, db *sql.DB) (bool, error) {
	var tables int
	err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name IN ('goose_db_version', 'lifecycle', 'proposals')").Scan(&tables)
	if err != nil || tables != 3 {
		return false, nil //nolint:nilerr // what SQLite cannot read is none either
	}
	p, err := provider(goose.DialectSQLite3, db)
	if err != nil {
		return false, err
	}
	return true, refuseNewer(ctx, p)
}

func newest(p *goose.Provider) int64 {
	sources := p.ListSources()
	return sources[len(sources)-1].Version
}

// Status tells, for each migration in order, whether it is applied.
func Status(ctx context.Context, postgres bool, db *sql.DB) ([]string, error) {
	dialect := goose.DialectSQLite3
	if postgres {
		dialect = goose.DialectPostgres
	}
	p, err := provider(dialect, db)
	if err != nil {
		return nil, err
	}
	rows, err := p.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the schema version: %w", err)
	}
	lines := make([]string, len(rows))
	for i, r := range rows {
		lines[i] = fmt.Sprintf("%-8s %s", r.State, r.Source.Path)
	}
	return lines, nil
}
