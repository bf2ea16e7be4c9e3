package workflows

import (
	"context"

	"lectern/domain"
	"lectern/internal/store"
)

// Told are the people an extension of the call would tell: the chairs of every
// group with a draft for it, each once. Forbidden for those who do not set windows.
func (w Calls) Told(ctx context.Context, who domain.Actor, ref string) ([]domain.Person, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) ([]domain.Person, error) {
		c, err := seeCall(tx, who, ref)
		if err != nil {
			return nil, err
		}
		if !setsWindows(who) {
			return nil, domain.NotAllowed("not_your_move", "Only association staff or an administrator can change a call.")
		}
		return tx.ChairsWithDrafts(c.ID, who.Today)
	})
}

// Counts tell how many proposals a call has, and how many of them are drafts; no
// more than that, so also to those who may not read drafts.
func (w Calls) Counts(ctx context.Context, who domain.Actor, ref string) (all, drafts int, err error) {
	counts, err := store.Read(ctx, w.Store, func(tx *store.Tx) ([]store.StateCount, error) {
		c, err := seeCall(tx, who, ref)
		if err != nil {
			return nil, err
		}
		groups, err := tx.Groups(c.SectionID)
		if err != nil {
			return nil, err
		}
		var ids []string
		for _, g := range groups {
			ids = append(ids, g.ID)
		}
		counts, _, err := tx.StateCounts(ids, nil, c.Year)
		return keptOf(counts, func(n store.StateCount) bool { return n.VenueID == c.VenueID && n.FormatID == c.FormatID }), err
	})
	for _, n := range counts {
		all += n.N
		if n.State == domain.Draft {
			drafts += n.N
		}
	}
	return all, drafts, err
}
