package bench

import (
	"context"
	"database/sql"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"

	"lectern/internal/store"
)

// A pool is database/sql with as many connections as the store has.
type pool struct {
	db    *sql.DB
	keeps bool     // statements are kept ready here, since SQLite's driver does not; on Postgres it does
	ready sync.Map // of statement to *sql.Stmt
}

// As the store opens SQLite, for reading and for writing.
const (
	bareCommon = "?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=trusted_schema(0)&_time_integer_format=unix_micro&_inttotime=1&_timezone=UTC"
	bareReader = bareCommon + "&mode=ro&_pragma=cache_size(-2048)&_pragma=query_only(1)"
	bareWriter = bareCommon + "&_pragma=cache_size(-4096)&_pragma=synchronous(FULL)&_txlock=immediate"
)

func openBare(address string, writes bool) (*pool, error) {
	if store.IsPostgres(address) {
		return openBarePostgres(address)
	}
	n, how := 4, bareReader
	if writes {
		n, how = 1, bareWriter
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: address}).EscapedPath()+how)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return &pool{db: db, keeps: true}, nil
}

func openBarePostgres(address string) (*pool, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["timezone"] = "UTC"
	db := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(func(_ context.Context, c *pgx.Conn) error {
		c.TypeMap().RegisterType(&pgtype.Type{Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC}})
		return nil
	}))
	db.SetMaxOpenConns(12)
	db.SetMaxIdleConns(12)
	return &pool{db: db}, nil
}

// prepared is a statement that is kept ready on each connection.
func (p *pool) prepared(ctx context.Context, text string) (*sql.Stmt, error) {
	if kept, ok := p.ready.Load(text); ok {
		return kept.(*sql.Stmt), nil
	}
	made, err := p.db.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	kept, was := p.ready.LoadOrStore(text, made)
	if was {
		_ = made.Close()
	}
	return kept.(*sql.Stmt), nil
}

func (p *pool) query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	if !p.keeps {
		return p.db.QueryContext(ctx, text, args...)
	}
	kept, err := p.prepared(ctx, text)
	if err != nil {
		return nil, err
	}
	return kept.QueryContext(ctx, args...)
}

// each reads the rows of a question: what is wanted of them, by column, and the
// rest past it; and does something with each.
func (p *pool) each(ctx context.Context, ask store.Statement, wanted map[string]any, do func() error) error {
	rows, err := p.query(ctx, ask.SQL, ask.Args...)
	if err != nil {
		return err
	}
	return eachOf(rows, wanted, do)
}

func eachOf(rows *sql.Rows, wanted map[string]any, do func() error) error {
	defer func() { _ = rows.Close() }()
	into, err := scanner(rows, wanted)
	if err != nil {
		return err
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if do == nil {
			continue
		}
		if err := do(); err != nil {
			return err
		}
	}
	return rows.Err()
}

// scanner gives a place for each column: the one wanted, or one that drops it.
func scanner(rows *sql.Rows, wanted map[string]any) ([]any, error) {
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	into := make([]any, len(names))
	for i, name := range names {
		if into[i] = wanted[name]; into[i] == nil {
			into[i] = new(sql.RawBytes)
		}
	}
	return into, nil
}

// transaction runs statements one after the other and keeps what they did, or
// nothing. On SQLite they are the one writer's.
func (p *pool) transaction(ctx context.Context, asks []store.Statement, run func(bareTx, store.Statement) error) error {
	if p.keeps { // beforehand: the one connection is taken when the transaction has begun
		for _, ask := range asks {
			if _, err := p.prepared(ctx, ask.SQL); err != nil {
				return err
			}
		}
	}
	tx, err := p.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	for _, ask := range asks {
		if err := run(bareTx{tx, p}, ask); err != nil {
			_ = tx.Rollback()
			return err
		}
	}
	return tx.Commit()
}

type bareTx struct {
	tx *sql.Tx
	p  *pool
}

// isQuestion tells whether a statement has rows to read.
func isQuestion(text string) bool {
	return strings.HasPrefix(text, "SELECT") || strings.HasPrefix(text, "\nSELECT") || strings.Contains(text, " RETURNING ")
}

// run asks a question, of which some columns may be wanted, or changes rows.
func (t bareTx) run(ctx context.Context, ask store.Statement, wanted map[string]any) error {
	if !isQuestion(ask.SQL) {
		return t.exec(ctx, ask)
	}
	var rows *sql.Rows
	var err error
	if t.p.keeps {
		var kept *sql.Stmt
		if kept, err = t.p.prepared(ctx, ask.SQL); err != nil {
			return err
		}
		rows, err = t.tx.StmtContext(ctx, kept).QueryContext(ctx, ask.Args...)
	} else {
		rows, err = t.tx.QueryContext(ctx, ask.SQL, ask.Args...)
	}
	if err != nil {
		return err
	}
	return eachOf(rows, wanted, nil)
}

func (t bareTx) exec(ctx context.Context, ask store.Statement) error {
	if !t.p.keeps {
		_, err := t.tx.ExecContext(ctx, ask.SQL, ask.Args...)
		return err
	}
	kept, err := t.p.prepared(ctx, ask.SQL)
	if err != nil {
		return err
	}
	_, err = t.tx.StmtContext(ctx, kept).ExecContext(ctx, ask.Args...)
	return err
}
