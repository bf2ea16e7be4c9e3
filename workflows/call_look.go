package workflows

import (
	"context"

	"lectern/domain"
	"lectern/internal/store"
)

// CallLook is everything that the page of a call shows one person.
type CallLook struct {
	CallView // without its form
	Phases   []domain.Phase
	Count    int             // of proposals; for those who set windows, as all that follows
	Drafts   int             // how many of them are drafts
	Guests   []domain.Reader // who review without being on the Leadership Team, by name
	Short    *Shortages      // nil: no proposal is short of reviewers, or not for the person to know; also for the Leadership chair
}

// Look is a call for its page: in six statements at most. NotFound as for Get.
func (w Calls) Look(ctx context.Context, who domain.Actor, ref string) (CallLook, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (CallLook, error) {
		c, err := lookAt(tx, who, ref)
		if err != nil {
			return CallLook{}, err
		}
		l := CallLook{CallView: CallView{Call: c.Call, Venue: c.Venue, Format: c.Format, MaySet: setsWindows(who)}}
		if l.MaySet {
			if l.Count, l.Drafts, err = tx.CallCounts(c.ID); err != nil {
				return l, err
			}
		}
		if l.Phases, err = tx.Phases(c.ID); err != nil || !c.Venue.Reviewed() {
			return l, err
		}
		return l, w.staffed(tx, who, c, &l)
	})
}

// lookAt is seeCall with the venue and format, in the one statement.
func lookAt(tx *store.Tx, who domain.Actor, ref string) (store.DeskCall, error) {
	calls, err := tx.DeskCalls(ref)
	if err != nil {
		return store.DeskCall{}, err
	}
	if ref == "" || len(calls) == 0 || !inside(who, calls[0].SectionID) {
		return store.DeskCall{}, domain.NotThere("call")
	}
	return calls[0], nil
}

// staffed adds who reviews as a guest, and where reviewers are missing.
func (w Calls) staffed(tx *store.Tx, who domain.Actor, c store.DeskCall, l *CallLook) error {
	if len(who.CountsShortages(c.SectionID)) > 0 {
		return nil
	}
	readers, err := tx.CallReaders(who, c.Call)
	for _, r := range readers {
		if r.Guest && l.MaySet {
			l.Guests = append(l.Guests, r.Reader)
		}
	}
	if err != nil || !w.awaitsReviews(c, l.Phases) {
		return err
	}
	s, err := shortages(tx, who, c.Call, readers)
	if s.Count > 0 {
		l.Short = &s
	}
	return err
}

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
