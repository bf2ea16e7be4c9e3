package demo

import (
	"lectern/domain"
	"lectern/internal/store"
	"lectern/workflows"
)

// sell puts the event's proposal on sale, planned.
func (t telling) sell() error {
	ref, err := t.ref()
	if err != nil {
		return err
	}
	_, err = workflows.Offerings{Base: t.Base}.Create(t.ctx, t.who, ref)
	return err
}

// plan fills in what only the webinar on sale needs: its day and time, seats,
// captions and the way in.
func (t telling) plan() error {
	o, err := t.offering()
	if err != nil {
		return err
	}
	said := t.story.offerings[t.On]
	at := &said.Starts.Time
	_, err = workflows.Offerings{Base: t.Base}.Edit(t.ctx, t.who, o.ID, workflows.OfferingChange{
		StartsAt: &at, Capacity: &said.Capacity, Captions: &said.Captions, JoinURL: &said.JoinURL,
	})
	return err
}

func (t telling) ofOffering(a domain.OfferingAction, in domain.OfferingInput) error {
	o, err := t.offering()
	if err != nil {
		return err
	}
	_, err = workflows.Offerings{Base: t.Base}.Act(t.ctx, t.who, o.ID, a, workflows.OfferingMoved{OfferingInput: in})
	return err
}

// offering is the webinar on sale of the event's proposal. NotFound when a
// visitor's acts left none.
func (t telling) offering() (domain.Offering, error) {
	ref, err := t.ref()
	if err != nil {
		return domain.Offering{}, err
	}
	o, err := store.Read(t.ctx, t.Store, func(tx *store.Tx) (*domain.Offering, error) { return tx.OfferingOf(ref) })
	if err != nil {
		return domain.Offering{}, err
	}
	if o == nil {
		return domain.Offering{}, domain.NotThere("webinar")
	}
	return *o, nil
}
