package bench

import (
	"slices"
	"testing"

	"lectern/domain"
	"lectern/internal/onhand"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
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
		h.alike(t, h.byToken(admin, paths...)...)
	}
	if asks := h.bareness.plans["GET /api/v1/proposals"].asks; len(asks) != 2 {
		t.Errorf("the list asks %d statements: %v", len(asks), asks)
	}
	searched(t, h)
	h.alikeInRound(t)
	h.alikeOnSale(t)
}

// searched checks that a search of many proposals finds those, and only those,
// that the rule says, in the order of the list; internal/store looks at few.
func searched(t *testing.T, h *house) {
	t.Helper()
	for _, name := range []string{admin, "Ana Reyes"} {
		all := h.lines(t, name, nil)
		words := h.words(t)
		for _, q := range []string{"lead", "lead staff", "tor men bud", "le st te", words[all[7].ID][0], words[all[3].ID][1] + " " + words[all[3].ID][5], "lead nobodywritesthis"} {
			asked := domain.QueryWords(q)
			var want, got []string
			for _, l := range all {
				if domain.Found(words[l.ID], asked) {
					want = append(want, l.ID)
				}
			}
			for _, l := range h.lines(t, name, asked) {
				got = append(got, l.ID)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q as %s finds %d proposals, the rule %d", q, name, len(got), len(want))
			}
		}
	}
}

// lines are all proposals that a person finds by words, page by page.
func (h *house) lines(t *testing.T, name string, words []string) []store.ProposalLine {
	t.Helper()
	f := store.ProposalFilter{Words: words, Limit: 40, Now: h.fixture.Now()}
	var all []store.ProposalLine
	for {
		page := sectiontest.Read(h.fixture, func(tx *store.Tx) ([]store.ProposalLine, error) { return tx.Proposals(h.fixture.Actor(name), f) })
		all = append(all, page...)
		if len(page) < f.Limit {
			return all
		}
		last := page[len(page)-1]
		f.After = &store.ListCursor{UpdatedAt: last.UpdatedAt, ID: last.ID}
	}
}

// words are those by which each proposal is found.
func (h *house) words(t *testing.T) map[string][]string {
	t.Helper()
	rows, err := h.bareness.db.QueryContext(t.Context(), "SELECT proposal_id, word FROM proposal_words ORDER BY word")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	all := map[string][]string{}
	for rows.Next() {
		var id, word string
		if err := rows.Scan(&id, &word); err != nil {
			t.Fatal(err)
		}
		all[id] = append(all[id], word)
	}
	return all
}
