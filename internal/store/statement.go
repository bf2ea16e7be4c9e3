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

type statementsKey struct{}

// WithStatements returns a context that keeps the questions asked under it, in
// their order, so that they can be looked at or asked elsewhere. What changes
// rows is not kept. The list may be read when the work is done.
func WithStatements(ctx context.Context) (context.Context, *[]Statement) {
	kept := new([]Statement)
	return context.WithValue(ctx, statementsKey{}, kept), kept
}

// note counts and keeps a question that does not go through GORM.
func note(ctx context.Context, sql string, args []any) {
	if n, ok := ctx.Value(counterKey{}).(*atomic.Int64); ok {
		n.Add(1)
	}
	keepStatement(ctx, sql, args)
}

func keepStatement(ctx context.Context, sql string, args []any) {
	if kept, ok := ctx.Value(statementsKey{}).(*[]Statement); ok {
		*kept = append(*kept, Statement{SQL: sql, Args: slices.Clone(args)})
	}
}

func keepStatements(db *gorm.DB) error {
	keep := func(db *gorm.DB) {
		if !db.DryRun {
			keepStatement(db.Statement.Context, db.Statement.SQL.String(), db.Statement.Vars)
		}
	}
	c := db.Callback()
	return errors.Join(
		c.Query().After("gorm:query").Register("keep", keep),
		c.Row().After("gorm:row").Register("keep", keep),
	)
}
