package store

// Exec runs any statement: tests break the data with it.
func (tx *Tx) Exec(sql string, args ...any) error { return tx.db.Exec(sql, args...).Error }

// Constraint names the rule of the schema that refused a change.
func Constraint(err error) string { return constraint(err) }

// StageSQL are the ledger's filters.
var StageSQL = stageSQL

// Count is the one number of a statement of a test.
func (tx *Tx) Count(sql string) (n int, err error) {
	err = tx.db.Raw(sql).Scan(&n).Error
	return n, err
}

// FillFoundBy is what opening a database does.
func (tx *Tx) FillFoundBy() error { return tx.fillFoundBy() }
