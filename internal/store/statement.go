package store

import (
	"context"
	"errors"
	"slices"

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

func keepStatements(db *gorm.DB) error {
	keep := func(db *gorm.DB) {
		if kept, ok := db.Statement.Context.Value(statementsKey{}).(*[]Statement); ok && !db.DryRun {
			*kept = append(*kept, Statement{SQL: db.Statement.SQL.String(), Args: slices.Clone(db.Statement.Vars)})
		}
	}
	c := db.Callback()
	return errors.Join(
		c.Query().After("gorm:query").Register("keep", keep),
		c.Row().After("gorm:row").Register("keep", keep),
	)
}
