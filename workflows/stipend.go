package workflows

import (
	"context"
	"fmt"

	"lectern/domain"
	"lectern/internal/store"
)

// Designate promises a stipend to a speaker of an accepted webinar. Conflict with
// stipend_cap_reached when all places are taken, also in a race; Invalid with
// not_a_selected_webinar elsewhere.
func (w Proposals) Designate(ctx context.Context, who domain.Actor, ref, speakerID string) (domain.Stipend, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (domain.Stipend, error) {
		p, f, err := tx.Proposal(who, ref)
		if err != nil {
			return domain.Stipend{}, err
		}
		if err := w.load(tx, p, &f); err != nil {
			return domain.Stipend{}, err
		}
		if why := domain.MayDesignate(p, speakerID, f); len(why) > 0 {
			return domain.Stipend{}, domain.Refuse(why...)
		}
		return w.designate(tx, p, f, speakerID)
	})
}

func (w Proposals) designate(tx *store.Tx, p domain.Proposal, f domain.Facts, speakerID string) (domain.Stipend, error) {
	speaker, err := pick(domain.Active(f.Speakers), speakerID)
	if err != nil {
		return domain.Stipend{}, err
	}
	limit := f.Section.Settings.StipendCap
	slot, _ := domain.FreeSlot(f.Stipends, limit)
	s := domain.Stipend{
		ID: w.NewID(), Version: 1, ProposalID: p.ID, SpeakerID: speaker.ID, Payee: speaker.Payee(), Slot: slot,
		AmountCents: f.Section.Settings.StipendCents, State: domain.StipendDesignated, DesignatedBy: f.Actor.ID, DesignatedAt: f.Now, UpdatedAt: f.Now,
	}
	if err := tx.AddStipend(s, limit); err != nil {
		return domain.Stipend{}, err
	}
	if err := w.auditStipend(tx, f, s, "designate", speaker.Name+", "+domain.Dollars(s.AmountCents)); err != nil {
		return s, err
	}
	return s, w.tellSpeaker(tx, p, f, speaker, domain.StipendOffer, s.ID)
}

// ActOnStipend makes a move of a stipend: accept, waive, void. NotFound when the
// person may not see its webinar.
func (w Proposals) ActOnStipend(ctx context.Context, who domain.Actor, id string, a domain.StipendAction, reason string) (domain.Stipend, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (domain.Stipend, error) {
		s, err := tx.Stipend(id)
		if err != nil {
			return s, err
		}
		p, f, err := tx.Proposal(who, s.ProposalID)
		if err != nil {
			return s, wrongNoun(err, "stipend")
		}
		if err := w.load(tx, p, &f); err != nil {
			return s, err
		}
		f.Input.Reason = reason
		if err := s.Do(a, p, f); err != nil {
			return s, err
		}
		if err := tx.ChangeStipend(s); err != nil {
			return s, err
		}
		if err := tx.SupersedeAll([]string{s.ID}); err != nil {
			return s, err
		}
		return s, w.auditStipend(tx, f, s, string(a), reason)
	})
}

func wrongNoun(err error, noun string) error {
	if domain.IsKind(err, domain.NotFound) {
		return domain.NotThere(noun)
	}
	return err
}

func (w Proposals) auditStipend(tx *store.Tx, f domain.Facts, s domain.Stipend, action, detail string) error {
	return tx.Audit(store.AuditLine{
		ID: w.NewID(), At: f.Now, ActorID: f.Actor.ID, ActorName: f.Actor.Name,
		Action: action, Noun: "stipend", SubjectID: s.ID, Detail: fmt.Sprintf("Place %d: %s", s.Slot, detail),
	})
}

// voidAll ends every unpaid stipend of a proposal.
func (w Proposals) voidAll(tx *store.Tx, f domain.Facts, reason string) error {
	return w.voidWhere(tx, f, reason, func(domain.Stipend) bool { return true })
}

// voidOf ends the unpaid stipend of one speaker.
func (w Proposals) voidOf(tx *store.Tx, f domain.Facts, speakerID, reason string) error {
	return w.voidWhere(tx, f, reason, func(s domain.Stipend) bool { return s.SpeakerID == speakerID })
}

func (w Proposals) voidWhere(tx *store.Tx, f domain.Facts, reason string, match func(domain.Stipend) bool) error {
	for _, s := range f.Stipends {
		if !match(s) || !s.Void(reason, f.Now) {
			continue
		}
		if err := tx.ChangeStipend(s); err != nil {
			return err
		}
		if err := w.auditStipend(tx, f, s, "void", reason); err != nil {
			return err
		}
	}
	return nil
}
