package store

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/stdlib"
)

// A row is one row of an answer, to be scanned in the order of its columns.
type row interface{ Scan(into ...any) error }

// ask asks a question written by hand and hands each row of the answer to take,
// which must not ask another meanwhile. A question mark stands for a value, and
// for as many as a list has. What is asked with every request goes this way: GORM
// puts the text together anew each time, and database/sql makes two values of
// each column and a goroutine of each answer, so outside of a transaction the
// driver itself is asked.
func (tx *Tx) ask(take func(row) error, text string, values ...any) error {
	ctx := tx.db.Statement.Context
	text, values = tx.bound(text, values)
	note(ctx, text, values)
	if tx.direct == nil {
		return eachRow(tx.db.Statement.ConnPool.QueryContext(ctx, text, values...))(take)
	}
	conn, err := tx.direct.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // gives it back
	return conn.Raw(func(driver any) error {
		if kept, ok := driver.(*keeping); ok {
			return kept.ask(ctx, take, text, values)
		}
		return askPostgres(ctx, driver.(*stdlib.Conn), take, text, values)
	})
}

func askPostgres(ctx context.Context, conn *stdlib.Conn, take func(row) error, text string, values []any) error {
	rows, err := conn.Conn().Query(ctx, text, values...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := take(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func eachRow(rows *sql.Rows, err error) func(take func(row) error) error {
	return func(take func(row) error) error {
		if err != nil {
			return err
		}
		var failed error
		for failed == nil && rows.Next() {
			failed = take(rows)
		}
		return errors.Join(failed, rows.Err(), rows.Close())
	}
}

// more is append for the rows of an answer: hundreds are copied less often when the
// room for them doubles.
func more[T any](all []T, one T) []T {
	if len(all) == cap(all) {
		all = slices.Grow(all, max(16, len(all)))
	}
	return append(all, one)
}

// bound writes the places of values as the database numbers them.
func (tx *Tx) bound(text string, values []any) (string, []any) {
	if !tx.postgres && !slices.ContainsFunc(values, isList) {
		return text, values // as SQLite has them
	}
	var out strings.Builder
	out.Grow(len(text) + 4*len(values))
	all := make([]any, 0, len(values))
	place := func(v any) {
		all = append(all, v)
		if tx.postgres {
			out.WriteString("$" + strconv.Itoa(len(all)))
		} else {
			out.WriteByte('?')
		}
	}
	for _, v := range values {
		before, after, _ := strings.Cut(text, "?")
		out.WriteString(before)
		text = after
		list, many := v.([]string)
		if !many {
			place(v)
			continue
		}
		for i, one := range list {
			if i > 0 {
				out.WriteString(", ")
			}
			place(one)
		}
	}
	out.WriteString(text)
	return out.String(), all
}

func isList(v any) bool {
	_, many := v.([]string)
	return many
}

// A named question has names like @id for its values, some of them used often.
type named struct {
	text  string // with question marks
	names []string
}

var valueName = regexp.MustCompile(`@\w+`)

func withNames(text string) named {
	return named{valueName.ReplaceAllString(text, "?"), valueName.FindAllString(text, -1)}
}

func (n named) values(by map[string]any) []any {
	all := make([]any, len(n.names))
	for i, name := range n.names {
		all[i] = by[name[1:]]
	}
	return all
}

// where are conditions that all hold, with the values of their question marks.
type where struct {
	conditions []string
	values     []any
}

func (w *where) and(condition string, values ...any) {
	if condition != "" {
		w.conditions = append(w.conditions, condition)
		w.values = append(w.values, values...)
	}
}

// text is the clause; nothing when there is no condition.
func (w *where) text() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conditions, " AND ")
}
