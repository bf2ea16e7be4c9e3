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
	return w.DesignateFor(ctx, who, ref, speakerID, domain.FundedHere)
}

// DesignateFor is Designate, or, with domain.FundedOutside, records that a
// sponsor pays the speaker: that takes no place and is never paid here.
func (w Proposals) DesignateFor(ctx context.Context, who domain.Actor, ref, speakerID string, by domain.Funding) (domain.Stipend, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (domain.Stipend, error) {
		p, f, err := tx.Proposal(who, ref)
		if err != nil {
			return domain.Stipend{}, err
		}
		f.Input.FundedBy = by
		if err := w.loadForStipend(tx, p, &f, speakerID); err != nil {
			return domain.Stipend{}, err
		}
		if why := domain.MayDesignate(p, speakerID, f); len(why) > 0 {
			return domain.Stipend{}, domain.Refuse(why...)
		}
		return w.designate(tx, p, f, speakerID)
	})
}

// loadForStipend adds how many stipends the speaker has this year, where the
// section sets a limit.
func (w Proposals) loadForStipend(tx *store.Tx, p domain.Proposal, f *domain.Facts, speakerID string) error {
	if err := w.load(tx, p, f); err != nil || f.Section.Settings.StipendPersonCap == 0 {
		return err
	}
	s, err := pick(domain.Active(f.Speakers), speakerID)
	if err != nil {
		return nil //nolint:nilerr // MayDesignate says that it is no speaker
	}
	f.PersonStipends, err = tx.PersonStipends(f.Section.ID, s.Payee(), p.Year)
	return err
}

func (w Proposals) designate(tx *store.Tx, p domain.Proposal, f domain.Facts, speakerID string) (domain.Stipend, error) {
	speaker, err := pick(domain.Active(f.Speakers), speakerID)
	if err != nil {
		return domain.Stipend{}, err
	}
	limit := f.Section.Settings.StipendCap
	s := domain.Stipend{
		ID: w.NewID(), Version: 1, ProposalID: p.ID, SpeakerID: speaker.ID, Payee: speaker.Payee(), FundedBy: f.Input.FundedBy,
		State: domain.StipendDesignated, DesignatedBy: f.Actor.ID, DesignatedAt: f.Now, UpdatedAt: f.Now, Presented: speaker.Presented,
	}
	if !s.External() {
		s.Slot, _ = domain.FreeSlot(f.Stipends, limit)
		s.AmountCents = f.Section.Settings.StipendCentsFor(p.Year)
	}
	if err := tx.AddStipend(s, limit); err != nil {
		return domain.Stipend{}, err
	}
	if s.External() {
		return s, w.auditStipend(tx, f, s, "designate", speaker.Name)
	}
	if err := w.auditStipend(tx, f, s, "designate", speaker.Name+", "+domain.Dollars(s.AmountCents)); err != nil {
		return s, err
	}
	return s, w.tellSpeaker(tx, p, f, speaker, domain.StipendOffer, s.ID)
}

// ActOnStipend makes a move of a stipend. NotFound when the person may not see
// it; otherwise every reason, as domain.Stipend.Do gives them.
func (w Proposals) ActOnStipend(ctx context.Context, who domain.Actor, id string, a domain.StipendAction, m Move) (domain.Stipend, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (domain.Stipend, error) {
		return w.actOnStipend(tx, who, id, a, m)
	})
}

func (w Proposals) actOnStipend(tx *store.Tx, who domain.Actor, id string, a domain.StipendAction, m Move) (domain.Stipend, error) {
	s, p, f, err := w.stipendFacts(tx, who, id)
	if err != nil {
		return s, err
	}
	f.Input, f.Expect = m.Input, m.Version
	if s.State == domain.StipendPaid {
		if f.Payment, err = goodPayment(tx, s.ID); err != nil {
			return s, err
		}
	}
	if err := s.Do(a, p, f); err != nil {
		return s, err
	}
	if err := w.keepPayment(tx, s, f, a); err != nil {
		return s, err
	}
	if err := tx.ChangeStipend(s); err != nil {
		return s, err
	}
	if err := w.quiet(tx, s, f, a); err != nil {
		return s, err
	}
	return s, w.auditStipend(tx, f, s, string(a), stipendDetail(s, a, m.Input))
}

// stipendFacts loads a stipend with its webinar's facts, and holds the webinar's
// row before its own, as all moves do. Those who pay need not see the proposal.
func (w Proposals) stipendFacts(tx *store.Tx, who domain.Actor, id string) (domain.Stipend, domain.Proposal, domain.Facts, error) {
	proposalID, err := tx.StipendProposal(id)
	if err != nil {
		return domain.Stipend{}, domain.Proposal{}, domain.Facts{}, err
	}
	p, f, err := tx.Proposal(payerSight(who), proposalID)
	if err != nil {
		return domain.Stipend{}, p, f, wrongNoun(err, "stipend")
	}
	f.Actor = who
	if !who.SeesStipends(p.GroupID) {
		return domain.Stipend{}, p, f, domain.NotThere("stipend")
	}
	s, err := tx.Stipend(id)
	if err != nil {
		return s, p, f, err
	}
	if err := w.load(tx, p, &f); err != nil {
		return s, p, f, err
	}
	if f.Stipends == nil { // of a webinar that is not accepted any more
		f.Stipends, err = tx.Stipends(p.ID)
	}
	return s, p, f, err
}

// payerSight is whose eyes find the webinar of a stipend: finance sees stipends
// without seeing proposals.
func payerSight(who domain.Actor) domain.Actor {
	if who.SeesMoney() {
		return domain.Actor{Clock: true, Today: who.Today}
	}
	return who
}

func goodPayment(tx *store.Tx, stipendID string) (*domain.Payment, error) {
	all, err := tx.Payments(stipendID)
	for _, p := range all {
		if p.State == domain.PaymentGood {
			return &p, err
		}
	}
	return nil, err
}

// keepPayment records a payment, or that it came back, before the stipend's own
// row says so: the database takes them only in this order.
func (w Proposals) keepPayment(tx *store.Tx, s domain.Stipend, f domain.Facts, a domain.StipendAction) error {
	switch a {
	case domain.PayMoney:
		in, speaker := f.Input.Payment, nameOf(f.Speakers, s.SpeakerID)
		return tx.AddPayment(domain.Payment{
			ID: w.NewID(), StipendID: s.ID, PayeeKey: s.PayeeKey(), PayeeName: s.PayTo(speaker), AmountCents: s.AmountCents, Method: in.Method,
			Reference: oneLine(in.Reference), PaidOn: in.PaidOn, State: domain.PaymentGood, ByID: f.Actor.ID, ByName: f.Actor.Name, At: f.Now,
		})
	case domain.ReturnMoney:
		if f.Payment == nil {
			return domain.StaleVersion("stipend")
		}
		back := *f.Payment
		back.ReturnedOn, back.ReturnReason, back.ReturnedBy = f.Input.On, oneLine(f.Input.Reason), f.Actor.Name
		return tx.ReturnPayment(back)
	}
	return nil
}

func nameOf(all []domain.Speaker, id string) string {
	for _, s := range all {
		if s.ID == id {
			return s.Name
		}
	}
	return ""
}

// quiet lets mails die that the move has made pointless: the offer once it is
// answered, the reminder once the papers are here, all once the stipend ends.
func (w Proposals) quiet(tx *store.Tx, s domain.Stipend, f domain.Facts, a domain.StipendAction) error {
	switch {
	case a == domain.AcceptMoney, a == domain.WaiveMoney, a == domain.VoidMoney:
		return tx.Supersede(s.SpeakerID, []domain.NoticeKind{domain.StipendOffer, domain.StipendPapers}, "")
	case s.AgreementOn != "" && s.TaxFormOn != "":
		return tx.Supersede(s.SpeakerID, []domain.NoticeKind{domain.StipendPapers}, "")
	}
	return nil
}

func stipendDetail(s domain.Stipend, a domain.StipendAction, in domain.Input) string {
	switch a {
	case domain.AcceptMoney:
		if s.Employer != "" {
			return "the employer is to be paid"
		}
	case domain.NoteContract:
		return "the agreement came on " + string(s.AgreementOn)
	case domain.NoteTaxForm:
		return s.TaxForm.Label() + " came on " + string(s.TaxFormOn)
	case domain.PayMoney:
		return fmt.Sprintf("%s, %s %s on %s", domain.Dollars(s.AmountCents), in.Payment.Method, oneLine(in.Payment.Reference), in.Payment.PaidOn)
	case domain.ReturnMoney:
		return fmt.Sprintf("came back on %s: %s", in.On, oneLine(in.Reason))
	}
	return oneLine(in.Reason)
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
		Action: action, Noun: "stipend", SubjectID: s.ID, Detail: fmt.Sprintf("%s: %s", s.Place(), detail),
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
		if err := tx.Supersede(s.SpeakerID, []domain.NoticeKind{domain.StipendOffer, domain.StipendPapers}, ""); err != nil {
			return err
		}
		if err := w.auditStipend(tx, f, s, "void", reason); err != nil {
			return err
		}
	}
	return nil
}
