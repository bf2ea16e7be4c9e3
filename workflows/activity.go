package workflows

import (
	"context"

	"lectern/domain"
	"lectern/internal/store"
)

// ActivityFilter limits a group's activity.
type ActivityFilter = store.ActivityFilter

// GroupActivity is what happened to a group's proposals, newest first.
type GroupActivity struct {
	store.GroupFacts
	Steps []domain.Step
}

// Activity is a page of what happened to those of a group's proposals that the
// person may see, and may know to be the group's: in two statements, for a
// reviewer three. NotFound for others than insiders.
func (w Boards) Activity(ctx context.Context, who domain.Actor, ref string, f ActivityFilter) (GroupActivity, error) {
	if f.Year != "" {
		if _, err := yearOr(f.Year, who); err != nil {
			return GroupActivity{}, err
		}
	}
	return store.Read(ctx, w.Store, func(tx *store.Tx) (GroupActivity, error) { return w.activity(tx, who, ref, f) })
}

func (w Boards) activity(tx *store.Tx, who domain.Actor, ref string, f ActivityFilter) (GroupActivity, error) {
	facts, err := tx.GroupFacts(ref, who.Today)
	if err == nil && !insider(who, facts.Group) {
		err = domain.NotThere("group")
	}
	if err != nil {
		return GroupActivity{}, err
	}
	in, err := tx.SightIn(who, facts.Group.ID, w.Now())
	if err != nil {
		return GroupActivity{}, err
	}
	steps, err := tx.ActivityOf(who, in, f)
	return GroupActivity{facts, steps}, err
}
