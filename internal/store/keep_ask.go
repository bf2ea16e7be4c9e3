package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"reflect"
	"time"
)

// ask hands each row of an answer to take. A statement is not stopped in its
// middle when the context ends, which the driver would need a goroutine for:
// what is asked this way is short, and between rows the context is looked at.
func (c *keeping) ask(ctx context.Context, take func(row) error, text string, values []any) error {
	bound, err := driverValues(values)
	if err != nil {
		return err
	}
	rows, err := c.QueryContext(context.WithoutCancel(ctx), text, bound)
	if err != nil {
		return err
	}
	found := &keptRow{cells: make([]driver.Value, len(rows.Columns()))}
	for err == nil {
		if err = rows.Next(found.cells); err == nil {
			err = take(found)
		}
		if err == nil {
			err = ctx.Err()
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return errors.Join(err, rows.Close())
}

func driverValues(values []any) ([]driver.NamedValue, error) {
	all := make([]driver.NamedValue, len(values))
	for i, v := range values {
		known, err := driver.DefaultParameterConverter.ConvertValue(v)
		if err != nil {
			return nil, fmt.Errorf("value %d of a question: %w", i+1, err)
		}
		all[i] = driver.NamedValue{Ordinal: i + 1, Value: known}
	}
	return all, nil
}

// keptRow is a row as SQLite's driver hands it over.
type keptRow struct{ cells []driver.Value }

// Scan copies the row's columns, in their order.
func (r *keptRow) Scan(into ...any) error {
	if len(into) != len(r.cells) {
		return fmt.Errorf("%d places for %d columns", len(into), len(r.cells))
	}
	for i, to := range into {
		if err := assign(to, r.cells[i]); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	return nil
}

// assign copies a column to where a pointer points. NULL needs a place that can be
// empty, as on Postgres.
func assign(to any, v driver.Value) error {
	switch to := to.(type) {
	case *string:
		if s, ok := v.(string); ok {
			*to = s
			return nil
		}
	case *[]byte:
		if s, ok := v.(string); ok {
			*to = []byte(s)
			return nil
		}
	case *int:
		if n, ok := v.(int64); ok {
			*to = int(n)
			return nil
		}
	case *bool:
		if n, ok := v.(int64); ok {
			*to = n != 0
			return nil
		}
	case **time.Time:
		if t, ok := v.(time.Time); ok {
			*to = &t
			return nil
		}
	case *cell:
		return to.Scan(v)
	case sql.Scanner:
		return to.Scan(v)
	}
	field := reflect.ValueOf(to).Elem()
	if v == nil && field.Kind() != reflect.Pointer {
		return fmt.Errorf("NULL for a %s", field.Type())
	}
	if v == nil {
		field.SetZero()
		return nil
	}
	return cell{field: field}.Scan(v)
}
