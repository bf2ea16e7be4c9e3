package store

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"

	"gorm.io/gorm"
)

// Statement is one question as it went to the database.
type Statement struct {
	SQL  string
	Args []any
}

type (
	questionsKey struct{}
	changesKey   struct{}
)

// WithStatements returns a context that keeps the questions asked under it, in
// their order, so that they can be looked at or asked elsewhere. What changes
// rows is not kept. The list may be read when the work is done.
func WithStatements(ctx context.Context) (context.Context, *[]Statement) {
	kept := new([]Statement)
	return context.WithValue(ctx, questionsKey{}, kept), kept
}

// WithChanges is WithStatements that keeps what changes rows too, without the
// beginnings and ends of transactions.
func WithChanges(ctx context.Context) (context.Context, *[]Statement) {
	ctx, kept := WithStatements(ctx)
	return context.WithValue(ctx, changesKey{}, kept), kept
}

// note counts and keeps a question that does not go through GORM.
func note(ctx context.Context, sql string, args []any) {
	if n, ok := ctx.Value(counterKey{}).(*atomic.Int64); ok {
		n.Add(1)
	}
	keepStatement(ctx, questionsKey{}, sql, args)
}

func keepStatement(ctx context.Context, which any, sql string, args []any) {
	if kept, ok := ctx.Value(which).(*[]Statement); ok {
		*kept = append(*kept, Statement{SQL: sql, Args: slices.Clone(args)})
	}
}

func keepStatements(db *gorm.DB) error {
	keep := func(which any) func(*gorm.DB) {
		return func(db *gorm.DB) {
			if !db.DryRun {
				keepStatement(db.Statement.Context, which, db.Statement.SQL.String(), db.Statement.Vars)
			}
		}
	}
	c, ask, change := db.Callback(), keep(questionsKey{}), keep(changesKey{})
	return errors.Join(
		c.Query().After("gorm:query").Register("keep", ask),
		c.Row().After("gorm:row").Register("keep", ask),
		c.Create().After("gorm:create").Register("keep", change),
		c.Update().After("gorm:update").Register("keep", change),
		c.Delete().After("gorm:delete").Register("keep", change),
		c.Raw().After("gorm:raw").Register("keep", change),
	)
}
