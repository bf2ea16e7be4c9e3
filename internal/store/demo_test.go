package store

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFilled holds the list of tables that Empty empties to the schema, so that
// a new table is emptied too. The parity of the dialects is tested elsewhere.
func TestFilled(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "lectern.db"), Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	var tables []string
	err = s.read.Raw(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
		AND name NOT IN ('goose_db_version', 'meta') AND name NOT LIKE '%lifecycle' ORDER BY name`).Scan(&tables).Error
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(tables, slices.Sorted(slices.Values(filled))); diff != "" {
		t.Errorf("tables (-schema +emptied):\n%s", diff)
	}
}
