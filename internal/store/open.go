// Package store keeps everything in one database, SQLite or Postgres, with one
// behaviour. All queries are methods of Tx, so none can run outside Read or
// Write.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	"modernc.org/sqlite"

	"lectern/migrations"
)

// Options tune a store. The zero value is right for production.
type Options struct {
	NoMigrate bool // refuse to change the schema; fail when it is not current
	JustOpen  bool // touch nothing at all, for looking at the schema
	NoSync    bool // tests only: do not wait for the disk
	MaxConns  int  // Postgres connections; 0: 12
}

// Store is an open database. Its methods are safe for concurrent use.
type Store struct {
	write    *gorm.DB
	read     *gorm.DB
	pools    []*sql.DB
	postgres bool
	forms    sync.Map // form versions never change, so each is read once
}

// Open connects to a postgres:// URL or opens the SQLite file at a path, and
// brings its schema up to date. migrations.ErrNewer when the schema is newer
// than this program.
func Open(ctx context.Context, database string, o Options) (*Store, error) {
	s, err := connect(database, o)
	if err != nil {
		return nil, err
	}
	if err := s.prepare(ctx, database, o); err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

func connect(database string, o Options) (*Store, error) {
	if IsPostgres(database) {
		return openPostgres(database, o)
	}
	return openSQLite(database, o)
}

// IsPostgres tells whether a database setting names a Postgres server.
func IsPostgres(database string) bool {
	return strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://")
}

func (s *Store) prepare(ctx context.Context, database string, o Options) error {
	if o.JustOpen {
		return nil
	}
	if !o.NoMigrate {
		if err := s.migrate(ctx, database); err != nil {
			return err
		}
	}
	_, err := Write(ctx, s, func(tx *Tx) (struct{}, error) {
		if err := tx.fillLifecycle(); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, tx.fillFoundBy()
	})
	return err
}

func (s *Store) migrate(ctx context.Context, database string) error {
	if s.postgres {
		return migrations.Postgres(ctx, s.pools[0])
	}
	return migrations.SQLite(ctx, s.pools[0], database)
}

// MigrationStatus tells, for each migration, whether it is applied.
func (s *Store) MigrationStatus(ctx context.Context) ([]string, error) {
	return migrations.Status(ctx, s.postgres, s.pools[0])
}

// Postgres tells which database this is.
func (s *Store) Postgres() bool { return s.postgres }

// Close ends all connections, the writer's last, which folds SQLite's log into
// the file.
func (s *Store) Close() error {
	var first error
	for _, p := range slices.Backward(s.pools) {
		if err := p.Close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// Ping checks that the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.pools[len(s.pools)-1].PingContext(ctx) }

func gormConfig() *gorm.Config {
	return &gorm.Config{
		SkipDefaultTransaction: true,
		Logger:                 logger.Discard,
		NowFunc:                func() time.Time { return time.Time{} }, // times come from the workflows' clock
	}
}

// Pages that SQLite keeps for each connection, in KiB as a negative number. More
// than this showed in memory and not in speed: the system keeps the file's pages too.
const (
	writerCache = "&_pragma=cache_size(-4096)"
	readerCache = "&_pragma=cache_size(-2048)"
)

// Times are stored as whole microseconds, so that they order as numbers and
// come back in UTC (docs/adr, SQLite driver).
const sqliteCommon = "_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=trusted_schema(0)" +
	"&_time_integer_format=unix_micro&_inttotime=1&_timezone=UTC"

func openSQLite(path string, o Options) (*Store, error) {
	sync := "FULL"
	if o.NoSync {
		sync = "OFF"
	}
	name := "file:" + (&url.URL{Path: path}).EscapedPath() + "?"
	writer, err := sqlitePool(name+sqliteCommon+writerCache+"&_pragma=journal_mode(WAL)&_pragma=synchronous("+sync+")&_txlock=immediate", 1)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	if err := writer.Ping(); err != nil { // creates the file, which the readers cannot
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	reader, err := sqlitePool(name+"mode=ro&"+sqliteCommon+readerCache+"&_pragma=query_only(1)", 4)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return assemble(false, gormsqlite.New(gormsqlite.Config{Conn: writer}), gormsqlite.New(gormsqlite.Config{Conn: reader}), writer, reader)
}

// sqlitePool is at most so many connections, which keep their statements ready.
func sqlitePool(name string, conns int) (*sql.DB, error) {
	opens, err := sqlite.NewConnector(name)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(keeper{opens})
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

func openPostgres(database string, o Options) (*Store, error) {
	config, err := pgx.ParseConfig(database)
	if err != nil {
		return nil, fmt.Errorf("read the database address: %w", err)
	}
	config.RuntimeParams["timezone"] = "UTC"
	config.RuntimeParams["lock_timeout"] = "5s"
	config.RuntimeParams["application_name"] = "lectern"
	pool := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(utcTimes))
	n := o.MaxConns
	if n == 0 {
		n = 12
	}
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	dialect := postgres.New(postgres.Config{Conn: pool})
	return assemble(true, dialect, dialect, pool)
}

// utcTimes makes times come back in UTC, as they do from SQLite.
func utcTimes(_ context.Context, c *pgx.Conn) error {
	c.TypeMap().RegisterType(&pgtype.Type{
		Name: "timestamptz", OID: pgtype.TimestamptzOID,
		Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	return nil
}

func assemble(isPostgres bool, write, read gorm.Dialector, pools ...*sql.DB) (*Store, error) {
	w, err := gorm.Open(write, gormConfig())
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	r := w
	if !isPostgres {
		if r, err = gorm.Open(read, gormConfig()); err != nil {
			return nil, fmt.Errorf("open the database: %w", err)
		}
	}
	for _, db := range []*gorm.DB{w, r} {
		if err := errors.Join(countQueries(db), keepStatements(db)); err != nil {
			return nil, err
		}
	}
	return &Store{write: w, read: r, pools: pools, postgres: isPostgres}, nil
}
