package workflows

import (
	"context"
	"strings"

	"lectern/domain"
	"lectern/internal/store"
)

// Phases are a call's phases, in their order. NotFound as for Get.
func (w Calls) Phases(ctx context.Context, who domain.Actor, ref string) ([]domain.Phase, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) ([]domain.Phase, error) {
		c, err := seeCall(tx, who, ref)
		if err != nil {
			return nil, err
		}
		return tx.Phases(c.ID)
	})
}

// SetPhases sets when each phase of a call is, as days in its zone, both
// included; a phase left out is not held. Forbidden for others than staff and
// administrators, Conflict while the window is not announced, Invalid with every
// mistake, Stale when version is said and is an old one.
func (w Calls) SetPhases(ctx context.Context, who domain.Actor, ref string, version int, specs []domain.PhaseSpec) ([]domain.Phase, error) {
	v, err := w.change(ctx, who, ref, version, func(tx *store.Tx, c *domain.Call) (string, string, error) {
		if err := domain.Refuse(c.MayPhase(specs)...); err != nil {
			return "", "", err
		}
		c.Version++
		return "set-phases", phasesSaid(specs), tx.SetPhases(c.ID, domain.PhasesOf(*c, specs))
	})
	if err != nil {
		return nil, err
	}
	return w.Phases(ctx, who, v.ID)
}

func phasesSaid(specs []domain.PhaseSpec) string {
	var said []string
	for _, s := range specs {
		said = append(said, string(s.Kind)+" "+string(s.First)+" to "+string(s.Last))
	}
	return strings.Join(said, ", ")
}

// Guests are the people who review for a call without being on the Leadership
// Team. Forbidden for others than staff and administrators.
func (w Calls) Guests(ctx context.Context, who domain.Actor, ref string) ([]domain.Person, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) ([]domain.Person, error) {
		c, err := seeCall(tx, who, ref)
		if err != nil {
			return nil, err
		}
		if !setsWindows(who) {
			return nil, domain.NotAllowed("not_your_move", "Only association staff or an administrator see the guest reviewers.")
		}
		return tx.Guests(c.ID)
	})
}

// AddGuest lets a person review for a call: for when too many of the Leadership
// Team are in conflict. Forbidden for others than administrators, Conflict where
// nothing is reviewed, Invalid when nobody has the address.
func (w Calls) AddGuest(ctx context.Context, who domain.Actor, ref, email string) ([]domain.Person, error) {
	return w.guest(ctx, who, ref, func(tx *store.Tx, c domain.Call) error {
		p, err := tx.PersonByEmail(email)
		if err != nil {
			return wrongChoice(err, "/email", "Nobody here has this address. Add the person first.")
		}
		if err := w.audit(tx, who, "add-guest", "call", c.ID, p.Name); err != nil {
			return err
		}
		return tx.AddGuest(c.ID, p.ID, who.ID, w.Now())
	})
}

// RemoveGuest ends a guest's reviewing; what they wrote stays and counts.
func (w Calls) RemoveGuest(ctx context.Context, who domain.Actor, ref, personID string) ([]domain.Person, error) {
	return w.guest(ctx, who, ref, func(tx *store.Tx, c domain.Call) error {
		if err := w.audit(tx, who, "remove-guest", "call", c.ID, personID); err != nil {
			return err
		}
		return tx.RemoveGuest(c.ID, personID)
	})
}

func (w Calls) guest(ctx context.Context, who domain.Actor, ref string, change func(*store.Tx, domain.Call) error) ([]domain.Person, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) ([]domain.Person, error) {
		c, err := seeCall(tx, who, ref)
		if err != nil {
			return nil, err
		}
		if !who.Has(domain.Admin) {
			return nil, domain.NotAllowed("not_your_move", "Only an administrator can change who reviews as a guest.")
		}
		v, err := tx.Venue(c.VenueID)
		if err != nil {
			return nil, err
		}
		if !v.Reviewed() {
			return nil, domain.Refuse(domain.Because("R12", "not_reviewed_here", "Proposals for %s are not reviewed here.", v.Name))
		}
		if err := change(tx, c); err != nil {
			return nil, err
		}
		return tx.Guests(c.ID)
	})
}
