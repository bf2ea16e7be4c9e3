package store

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
)

// written is a table whose rows are written by hand, since they are written while
// somebody waits for each click: GORM puts the statement together anew each time.
type written struct {
	insert string
	update string // up to the condition
	where  []place
}

// writing makes the statements of a table from the struct of its rows.
func writing(table string, row any) written {
	columns := names(row)
	return written{
		insert: "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES (" + strings.Repeat("?, ", len(columns)-1) + "?)",
		update: "UPDATE " + table + " SET " + strings.Join(columns, " = ?, ") + " = ? WHERE ",
		where:  places(row),
	}
}

// values are the columns of a row, in their order.
func (w written) values(row any) ([]any, error) {
	fields := reflect.ValueOf(row)
	all := make([]any, len(w.where))
	for i, p := range w.where {
		field := fields.FieldByIndex(p.index)
		all[i] = field.Interface()
		if p.document {
			text, err := documentText(field.Type(), all[i])
			if err != nil {
				return nil, err
			}
			all[i] = text
		}
	}
	return all, nil
}

// add writes a new row.
func (tx *Tx) add(w written, row any) error {
	values, err := w.values(row)
	if err != nil {
		return err
	}
	_, err = tx.change(w.insert, values...)
	return err
}

// replace writes all columns of the rows that meet the condition, and tells how
// many there were.
func (tx *Tx) replace(w written, row any, condition string, given ...any) (int64, error) {
	values, err := w.values(row)
	if err != nil {
		return 0, err
	}
	return tx.change(w.update+condition, slices.Concat(values, given)...)
}

// change runs a statement written by hand that changes rows, and tells how many.
// Question marks are as in ask.
func (tx *Tx) change(text string, values ...any) (int64, error) {
	ctx := tx.db.Statement.Context
	text, values = tx.bound(text, values)
	noteChange(ctx, text, values)
	done, err := tx.db.Statement.ConnPool.ExecContext(ctx, text, values...)
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}

func noteChange(ctx context.Context, text string, values []any) {
	if n, ok := ctx.Value(counterKey{}).(*atomic.Int64); ok {
		n.Add(1)
	}
	keepStatement(ctx, changesKey{}, text, values)
}
