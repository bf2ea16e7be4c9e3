package workflows

import (
	"cmp"
	"context"
	"slices"

	"lectern/domain"
	"lectern/internal/store"
)

// Shortages are the proposals of a call that too few people can review, because the
// others are in conflict with them.
type Shortages struct {
	Least int         // complete reviews that a recommendation needs
	Count int         // proposals that can get fewer
	Lines []ShortLine // which, those with the fewest reviewers first; nil for who may only know how many
}

// ShortLine is a proposal that is short of reviewers.
type ShortLine = store.ShortLine

// Shortages are those of a call, none once its scores are in or where nothing is
// reviewed: in five statements at most, however many proposals there are. NotFound as
// for Get, Forbidden for others than the section's Leadership chair, staff and
// administrators.
func (w Calls) Shortages(ctx context.Context, who domain.Actor, ref string) (Shortages, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (Shortages, error) {
		c, err := lookAt(tx, who, ref)
		if err != nil {
			return Shortages{}, err
		}
		if err := domain.Refuse(who.CountsShortages(c.SectionID)...); err != nil {
			return Shortages{}, err
		}
		phases, err := tx.Phases(c.ID)
		if err != nil {
			return Shortages{}, err
		}
		if !w.awaitsReviews(c, phases) {
			return Shortages{}, nil
		}
		readers, err := tx.CallReaders(who, c.Call)
		if err != nil {
			return Shortages{}, err
		}
		return shortages(tx, who, c.Call, readers)
	})
}

// awaitsReviews tells whether proposals of a call are reviewed now or later.
func (w Calls) awaitsReviews(c store.DeskCall, phases []domain.Phase) bool {
	return c.Venue.Reviewed() && domain.Facts{Now: w.Now(), Phases: phases}.Awaits(domain.MayScore)
}

func shortages(tx *store.Tx, who domain.Actor, c domain.Call, readers []store.CallReader) (Shortages, error) {
	lines, least, err := tx.Shortages(c, readers)
	s := Shortages{Least: least, Count: len(lines)}
	if who.NamesShortages() {
		slices.SortStableFunc(lines, func(a, b ShortLine) int { return cmp.Compare(a.Free, b.Free) })
		s.Lines = lines
	}
	return s, err
}
