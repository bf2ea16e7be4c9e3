package store

import (
	"context"
	"sync/atomic"

	"gorm.io/gorm"
)

type togetherKey struct{}

// together is a transaction that a context carries.
type together struct {
	store *Store
	tx    *Tx
	over  atomic.Bool // it was kept or undone: nothing can take part any more
}

// Together makes one transaction of several workflows: every Write and Read of
// this store under the context that work is given takes part in it. A Write that
// fails undoes its own part only; when work fails, or panics, all is undone. Like
// a Write, work is run again after a deadlock, so what it does outside the
// database has to bear that. It may not hand its context to other goroutines, and
// nothing in it may wait for a network: on SQLite no one else writes meanwhile.
func Together[T any](ctx context.Context, s *Store, work func(context.Context, *Tx) (T, error)) (T, error) {
	return Write(ctx, s, func(tx *Tx) (T, error) {
		t := &together{store: s, tx: tx}
		defer t.over.Store(true)
		return work(context.WithValue(ctx, togetherKey{}, t), tx)
	})
}

// joined is the transaction of this store that a context carries; nil: none.
func joined(ctx context.Context, s *Store) *Tx {
	t, _ := ctx.Value(togetherKey{}).(*together)
	if t == nil || t.store != s || t.over.Load() {
		return nil
	}
	return t.tx
}

// IsTogether tells whether a context carries a transaction of this store.
func IsTogether(ctx context.Context, s *Store) bool { return joined(ctx, s) != nil }

// within runs one workflow as a part of a transaction. A part that fails, or is
// a dry run, is undone alone, so that the rest can go on: Postgres would refuse
// every statement after an error. A deadlock is for the whole to try again.
func within[T any](ctx context.Context, outer *Tx, work func(*Tx) (T, error)) (T, error) {
	var out T
	err := settled(outer.db.WithContext(ctx).Transaction(func(db *gorm.DB) error {
		var inner error
		out, inner = work(outer.under(db))
		return orDryRun(ctx, inner)
	}))
	return out, err
}

// under is the same transaction with another session of its database.
func (tx *Tx) under(db *gorm.DB) *Tx { return &Tx{db: db, postgres: tx.postgres, forms: tx.forms} }
