package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"lectern/domain"
)

// Tx is the way to all queries: inside Write a transaction, inside Read the
// read side of the database.
type Tx struct {
	db       *gorm.DB
	direct   *sql.DB // for ask; nil in a transaction
	postgres bool
	forms    *sync.Map              // of form id to domain.Form; see Form
	own      map[string]domain.Form // forms that this transaction read, and others may not see yet
	reads    bool                   // nothing uncommitted can be seen
}

// ErrBusy says that the database could not finish in time; try again.
var ErrBusy = errors.New("the database is busy")

// ErrAgain is given by a workflow that found, once it held its rows, that others
// changed which ones it needs: all is undone, and tried again from the start.
var ErrAgain = errors.New("the rows that are needed have changed")

const writeAttempts = 4

// Write runs one workflow in one transaction: all of it is kept, or nothing. A
// deadlock, a lock time-out or ErrAgain is tried again; ErrBusy when that does not help.
// Under the context of Together it is a part of that transaction.
func Write[T any](ctx context.Context, s *Store, work func(*Tx) (T, error)) (T, error) {
	if outer := joined(ctx, s); outer != nil {
		return within(ctx, outer, work)
	}
	var out T
	var err error
	for attempt := range writeAttempts {
		err = settled(s.write.WithContext(ctx).Transaction(func(db *gorm.DB) error {
			var inner error
			out, inner = work(&Tx{db: db, postgres: s.postgres, forms: &s.forms})
			return orDryRun(ctx, inner)
		}))
		if !transient(err) {
			return out, err
		}
		if !pause(ctx, attempt) {
			break
		}
	}
	var zero T
	return zero, fmt.Errorf("%w: %w", ErrBusy, err)
}

func pause(ctx context.Context, attempt int) bool {
	t := time.NewTimer(time.Duration(attempt+1) * 15 * time.Millisecond)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// Read runs queries that change nothing. Each sees the newest committed state;
// under the context of Together, also what that transaction did so far.
func Read[T any](ctx context.Context, s *Store, work func(*Tx) (T, error)) (T, error) {
	if outer := joined(ctx, s); outer != nil {
		return work(outer.under(outer.db.WithContext(ctx)))
	}
	readers := s.pools[len(s.pools)-1]
	return work(&Tx{db: s.read.WithContext(ctx), direct: readers, postgres: s.postgres, forms: &s.forms, reads: true})
}

// locked makes a SELECT hold its row until the transaction ends. SQLite needs no
// row lock: its one writer is the lock.
func (tx *Tx) locked() *gorm.DB {
	if !tx.postgres {
		return tx.db
	}
	return tx.db.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate})
}

// one turns "no such row" into the refusal for things that are not there.
func one(found *gorm.DB, noun string) error {
	if errors.Is(found.Error, gorm.ErrRecordNotFound) {
		return domain.NotThere(noun)
	}
	return found.Error
}

// guarded checks that a guarded UPDATE changed its one row.
func guarded(changed *gorm.DB, noun string) error {
	return guard(changed.RowsAffected, changed.Error, noun)
}

// guard is guarded for what was written by hand.
func guard(changed int64, err error, noun string) error {
	if err != nil {
		return err
	}
	if changed != 1 {
		return domain.StaleVersion(noun)
	}
	return nil
}

type counterKey struct{}

// WithQueryCount returns a context that counts the statements run under it.
func WithQueryCount(ctx context.Context) (context.Context, *atomic.Int64) {
	n := new(atomic.Int64)
	return context.WithValue(ctx, counterKey{}, n), n
}

func countQueries(db *gorm.DB) error {
	count := func(db *gorm.DB) {
		if n, ok := db.Statement.Context.Value(counterKey{}).(*atomic.Int64); ok && !db.DryRun { // a subquery is only put together
			n.Add(1)
		}
	}
	c := db.Callback()
	return errors.Join(
		c.Query().Before("gorm:query").Register("count", count),
		c.Row().Before("gorm:row").Register("count", count),
		c.Raw().Before("gorm:raw").Register("count", count),
		c.Create().Before("gorm:create").Register("count", count),
		c.Update().Before("gorm:update").Register("count", count),
		c.Delete().Before("gorm:delete").Register("count", count),
	)
}
