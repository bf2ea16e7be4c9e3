package workflows

import (
	"context"

	"lectern/domain"
	"lectern/internal/store"
)

// Checklists are the workflows on a group's list of the year.
type Checklists struct{ Base }

// ChecklistLine is an item with whether it is done; by itself, when the duty it
// speaks of is met.
type ChecklistLine struct {
	domain.ChecklistItem
	Done   bool
	Itself bool // done because the duty is met, not ticked by a person
}

func checklistLines(items []domain.ChecklistItem, s domain.Standing) []ChecklistLine {
	lines := make([]ChecklistLine, len(items))
	for i, item := range items {
		done := item.Done(s)
		lines[i] = ChecklistLine{item, done, done && item.DoneAt == nil}
	}
	return lines
}

// List is a group's list of a year, July first; month 0 means all months. An
// empty year is the present one. NotFound for others than insiders.
func (w Checklists) List(ctx context.Context, who domain.Actor, ref string, y domain.Year, month int) ([]ChecklistLine, error) {
	y, err := yearOr(y, who)
	if err != nil {
		return nil, err
	}
	if month < 0 || month > 12 {
		return nil, domain.Refuse(domain.Wrong("/month", "out_of_range", "A month is a number from 1 to 12."))
	}
	return store.Read(ctx, w.Store, func(tx *store.Tx) ([]ChecklistLine, error) {
		g, s, err := standingFor(tx, w.Base, who, ref, y)
		if err != nil {
			return nil, err
		}
		items, err := tx.Checklist(g.ID, y, month)
		return checklistLines(items, s), err
	})
}

// standingFor finds a group the person is an insider of, and its standing.
func standingFor(tx *store.Tx, b Base, who domain.Actor, ref string, y domain.Year) (domain.Group, domain.Standing, error) {
	facts, err := tx.GroupFacts(ref, who.Today)
	if err != nil {
		return facts.Group, domain.Standing{}, err
	}
	if !insider(who, facts.Group) {
		return domain.Group{}, domain.Standing{}, domain.NotThere("group")
	}
	s, err := tx.Standing(facts.Group.ID, y, facts.Section.Settings.CoSponsors == "each", b.Now())
	return facts.Group, s, err
}

// Tick marks an item as done, or as not done: by whom and when is kept.
// Ticking what is ticked changes nothing.
func (w Checklists) Tick(ctx context.Context, who domain.Actor, group, id string, done bool) (ChecklistLine, error) {
	return w.change(ctx, who, group, id, 0, func(i *domain.ChecklistItem) error {
		switch {
		case done && i.DoneAt == nil:
			now := w.Now()
			i.DoneAt, i.DoneBy = &now, who.Name
		case !done:
			i.DoneAt, i.DoneBy = nil, ""
		}
		return nil
	})
}

// Word changes an item's text. Stale when the version is said and is an old one.
func (w Checklists) Word(ctx context.Context, who domain.Actor, group, id, text string, version int) (ChecklistLine, error) {
	return w.change(ctx, who, group, id, version, func(i *domain.ChecklistItem) error {
		i.Text = text
		return domain.Refuse(i.Check()...)
	})
}

func (w Checklists) change(ctx context.Context, who domain.Actor, group, id string, version int, change func(*domain.ChecklistItem) error) (ChecklistLine, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (ChecklistLine, error) {
		g, err := tx.Group(group)
		if err != nil {
			return ChecklistLine{}, err
		}
		if !insider(who, g) {
			return ChecklistLine{}, domain.NotThere("group")
		}
		item, err := tx.ChecklistItem(g.ID, id)
		if err != nil {
			return ChecklistLine{}, err
		}
		if !item.MayChange(who) {
			return ChecklistLine{}, domain.NotAllowed("not_your_move", "Only members of the group can change its checklist.")
		}
		if version != 0 && version != item.Version {
			return ChecklistLine{}, domain.StaleVersion("checklist item")
		}
		item.Version++
		if err := change(&item); err != nil {
			return ChecklistLine{}, err
		}
		if err := tx.ChangeChecklistItem(item); err != nil {
			return ChecklistLine{}, err
		}
		_, s, err := standingFor(tx, w.Base, who, g.ID, item.Year)
		return checklistLines([]domain.ChecklistItem{item}, s)[0], err
	})
}
