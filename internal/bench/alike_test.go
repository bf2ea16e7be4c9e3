package bench

import (
	"testing"

	"lectern/internal/onhand"
)

// TestAlike keeps the comparison fair: the bare server answers every address
// that is measured with the same bytes, from the statements Lectern asks.
func TestAlike(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); alike(t, sqliteFile) })
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		onhand.Postgres(t)
		alike(t, postgresDatabase)
	})
}

func alike(t *testing.T, kind database) {
	t.Helper()
	h := newHouse(t, kind, 600)
	for _, paths := range h.lists() {
		h.alike(t, paths)
	}
	if asks := h.bareness.plans["/api/v1/proposals"].asks; len(asks) != 2 {
		t.Errorf("the list asks %d statements: %v", len(asks), asks)
	}
}
