package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
)

// keptStatements is how many statements a connection to SQLite keeps ready: more
// than the pages ask, less than searches with every number of words could be.
const keptStatements = 128

// A keeper opens connections to SQLite that keep their statements ready. Preparing
// one takes longer than running it, and the driver prepares each anew. GORM can keep
// some, though not in transactions: those it keeps end with them.
type keeper struct{ driver.Connector }

// The driver's connections and rows, with all that database/sql looks for in them.
type (
	sqliteConn interface {
		driver.Conn
		driver.ConnBeginTx
		driver.ConnPrepareContext
		driver.ExecerContext
		driver.QueryerContext
		driver.Pinger
		driver.SessionResetter
		driver.Validator
	}
	sqliteStmt interface {
		driver.Stmt
		driver.StmtExecContext
		driver.StmtQueryContext
	}
	sqliteRows interface {
		driver.Rows
		driver.RowsColumnTypeDatabaseTypeName
		driver.RowsColumnTypeLength
		driver.RowsColumnTypeNullable
		driver.RowsColumnTypePrecisionScale
		driver.RowsColumnTypeScanType
	}
)

// Connect opens a connection.
func (k keeper) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	whole, ok := c.(sqliteConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("a connection of type %T", c), c.Close())
	}
	return &keeping{sqliteConn: whole, kept: make(map[string]*keptStatement)}, nil
}

// keeping is a connection with the statements that it keeps. Nothing else than
// database/sql uses it, which does one thing at a time on a connection.
type keeping struct {
	sqliteConn
	kept map[string]*keptStatement
	uses int
}

type keptStatement struct {
	sqliteStmt
	busy bool // rows of it are being read
	used int  // the connection's count when it last was
}

// Unwrap is the driver's own connection.
func (c *keeping) Unwrap() driver.Conn { return c.sqliteConn }

// Close ends the statements, and then the connection.
func (c *keeping) Close() error {
	var failed error
	for text := range c.kept {
		failed = errors.Join(failed, c.drop(text))
	}
	return errors.Join(failed, c.sqliteConn.Close())
}

func (c *keeping) drop(text string) error {
	s := c.kept[text]
	delete(c.kept, text)
	return s.Close()
}

// ExecContext runs what changes rows.
func (c *keeping) ExecContext(ctx context.Context, text string, values []driver.NamedValue) (driver.Result, error) {
	s, err := c.ready(ctx, text)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.sqliteConn.ExecContext(ctx, text, values)
	}
	return s.ExecContext(ctx, values)
}

// QueryContext asks. The statement is busy until the rows are closed.
func (c *keeping) QueryContext(ctx context.Context, text string, values []driver.NamedValue) (driver.Rows, error) {
	s, err := c.ready(ctx, text)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.sqliteConn.QueryContext(ctx, text, values)
	}
	found, err := s.QueryContext(ctx, values)
	if err != nil {
		return nil, err
	}
	rows, ok := found.(sqliteRows)
	if !ok {
		return nil, errors.Join(fmt.Errorf("rows of type %T", found), found.Close())
	}
	s.busy = true
	return &keptRows{sqliteRows: rows, of: s}, nil
}

type keptRows struct {
	sqliteRows
	of *keptStatement
}

// Close makes the statement free for the next who asks.
func (r *keptRows) Close() error {
	err := r.sqliteRows.Close()
	r.of.busy = false
	return err
}

// ready is the statement of a text; nil when it is to be prepared for this one time:
// while rows of the kept one are being read, and what is no work on rows. A PRAGMA
// may do its work when it is prepared, and savepoints have names of their own.
func (c *keeping) ready(ctx context.Context, text string) (*keptStatement, error) {
	c.uses++
	if s := c.kept[text]; s != nil {
		s.used = c.uses
		if s.busy {
			return nil, nil
		}
		return s, nil
	}
	if !onRows(text) || !c.hasRoom() {
		return nil, nil
	}
	made, err := c.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	whole, ok := made.(sqliteStmt)
	if !ok {
		return nil, errors.Join(fmt.Errorf("a statement of type %T", made), made.Close())
	}
	s := &keptStatement{sqliteStmt: whole, used: c.uses}
	c.kept[strings.Clone(text)] = s
	return s, nil
}

// hasRoom drops the statement that was not used for longest when there are as many
// as may be. False when rows of all are being read.
func (c *keeping) hasRoom() bool {
	if len(c.kept) < keptStatements {
		return true
	}
	oldest := ""
	for text, s := range c.kept {
		if !s.busy && (oldest == "" || s.used < c.kept[oldest].used) {
			oldest = text
		}
	}
	return oldest != "" && c.drop(oldest) == nil
}

func onRows(text string) bool {
	text = strings.TrimLeft(text, " \t\n")
	for _, begins := range []string{"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"} {
		if strings.HasPrefix(text, begins) {
			return true
		}
	}
	return false
}
