package workflows

import (
	"lectern/domain"
	"lectern/internal/store"
)

// deliver marks an accepted webinar as delivered inside somebody else's
// transaction, with the speakers who presented: what delivering an offering calls.
// Forbidden for others than staff.
func (w Proposals) deliver(tx *store.Tx, who domain.Actor, ref string, presented []string) error {
	p, f, err := tx.Proposal(who, ref)
	if err != nil {
		return err
	}
	f.Input.Presented = presented
	if err := w.load(tx, p, &f); err != nil {
		return err
	}
	_, err = w.move(tx, p, f, domain.MarkDelivered)
	return err
}

// afterDelivered keeps who presented. Stipends of those who did can be paid; the
// others end, and their places with them.
func (w Proposals) afterDelivered(tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error {
	var names []string
	for _, s := range domain.Active(f.Speakers) {
		came := f.Presented(s.ID)
		if came {
			names = append(names, s.Name)
		}
		s.Presented = &came
		s.Version++
		if err := tx.ChangeSpeaker(s); err != nil {
			return err
		}
	}
	step.Detail = "Presented: " + domain.AndList(names)
	for _, s := range f.Stipends {
		if !s.Deliver(f) {
			continue
		}
		if err := w.keepDelivered(tx, s, f); err != nil {
			return err
		}
	}
	return Offerings(w).follow(tx, f.Actor, p.ID, domain.DeliverOffering, domain.OfferingInput{Presented: f.Input.Presented})
}

func (w Proposals) keepDelivered(tx *store.Tx, s domain.Stipend, f domain.Facts) error {
	if err := tx.ChangeStipend(s); err != nil || s.State != domain.StipendVoid {
		return err
	}
	if err := tx.Supersede(s.SpeakerID, []domain.NoticeKind{domain.StipendOffer, domain.StipendPapers}, ""); err != nil {
		return err
	}
	return w.auditStipend(tx, f, s, "void", s.VoidReason)
}

// afterLinkAgain gives a speaker of an accepted proposal a new link. What they
// answered stays; earlier links end (X22).
func (w Proposals) afterLinkAgain(tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error {
	s, err := pickAt(domain.Active(f.Speakers), f.Input.SpeakerID, f.Input.SpeakerVersion)
	if err != nil {
		return err
	}
	now := f.Now
	s.InvitedAt = &now
	if s.Answer == domain.NotAsked {
		s.Answer = domain.Invited
	}
	s.LinkSerial++
	s.Version++
	if err := tx.ChangeSpeaker(s); err != nil {
		return err
	}
	step.Detail = s.Name + ", a new link"
	return w.tellSpeaker(tx, *p, f, s, domain.SpeakerNewLink, step.ID)
}
