package domain

import "testing"

// History tells every move of an order and of a quote as something that happened.
func TestPast(t *testing.T) {
	t.Parallel()
	for _, m := range OrderMoves {
		if m.Action.Past() == "" || m.Action.Past() == m.Action.Label() {
			t.Errorf("order: %s is told as %q", m.Action, m.Action.Past())
		}
	}
	for _, m := range QuoteMoves {
		if m.Action.Past() == "" || m.Action.Past() == m.Action.Label() {
			t.Errorf("quote: %s is told as %q", m.Action, m.Action.Past())
		}
	}
}
