package workflows

import (
	"lectern/domain"
	"lectern/internal/store"
)

// afterDecide publishes an outcome decided here: one mail per chair, and when
// accepted each speaker is asked to confirm.
func (w Proposals) afterDecide(tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error {
	d := w.decisionOf(*p, f, domain.SourceInside)
	step.Detail = outcomeWords(d)
	if err := tx.DropStaged(p.ID); err != nil {
		return err
	}
	if err := tx.AddDecision(d); err != nil {
		return err
	}
	return w.outcomeFollows(tx, *p, f, d)
}

// afterOutcome records somebody else's decision. They told the submitter, so
// there is no mail from us.
func (w Proposals) afterOutcome(tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error {
	d := w.decisionOf(*p, f, domain.SourceOutside)
	step.Detail = outcomeWords(d)
	return tx.AddDecision(d)
}

func (w Proposals) decisionOf(p domain.Proposal, f domain.Facts, source string) domain.Decision {
	now := f.Now
	on := f.Input.DecidedOn
	if on == "" {
		on = f.Actor.Today
	}
	return domain.Decision{
		ID: w.NewID(), Version: 1, ProposalID: p.ID, Revision: p.Revision, Outcome: f.Input.Outcome, Source: source,
		DecidedOn: on, Evidence: f.Input.Evidence, Feedback: f.Input.Feedback, NoFeedback: f.Input.NoFeedback, Reason: f.Input.Reason,
		ByID: f.Actor.ID, ByName: f.Actor.Name, At: now, PublishedAt: &now,
	}
}

func outcomeWords(d domain.Decision) string {
	words := domain.State(d.Outcome).Label()
	if d.Source == domain.SourceOutside {
		words += " on " + d.DecidedOn.Words() + ", evidence: " + d.Evidence
	}
	if d.Feedback != "" {
		words += ". “" + d.Feedback + "”"
	}
	return words
}

// afterPublish lets a staged decision hold, just as it was staged.
func (w Proposals) afterPublish(tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error {
	d, now := *f.StagedHere(), f.Now
	d.Version++
	d.PublishedAt = &now
	step.Detail, step.Reason = outcomeWords(d), d.Reason
	if err := tx.PublishStaged(d); err != nil {
		return err
	}
	return w.outcomeFollows(tx, *p, f, d)
}

// outcomeFollows tells the chairs, and asks the speakers of what was accepted.
func (w Proposals) outcomeFollows(tx *store.Tx, p domain.Proposal, f domain.Facts, d domain.Decision) error {
	if err := w.tellOutcome(tx, p, f, d); err != nil {
		return err
	}
	if d.Outcome != domain.OutcomeAccepted {
		return nil
	}
	return w.askSpeakers(tx, p, f)
}

// stage writes the decision down, new or over the one that was staged.
func (w Proposals) stage(tx *store.Tx, p domain.Proposal, f domain.Facts) (string, error) {
	d, was := w.decisionOf(p, f, domain.SourceInside), f.StagedHere()
	d.PublishedAt = nil
	said := domain.State(d.Outcome).Label()
	if was == nil {
		return said, tx.AddDecision(d)
	}
	d.ID, d.Version = was.ID, was.Version+1
	return said + ", before: " + domain.State(was.Outcome).Label(), tx.ChangeStaged(d)
}

func (w Proposals) clearStaged(tx *store.Tx, _ domain.Proposal, f domain.Facts) (string, error) {
	d := f.StagedHere()
	return "It was: " + domain.State(d.Outcome).Label(), tx.ClearStaged(*d)
}

// proposeCorrection keeps a correction until a second person makes the same one:
// the mails are out.
func (w Proposals) proposeCorrection(tx *store.Tx, p domain.Proposal, f domain.Facts) (string, error) {
	d := w.decisionOf(p, f, domain.SourceCorrection)
	d.PublishedAt = nil
	if err := tx.DropStaged(p.ID); err != nil {
		return "", err
	}
	return "To " + string(d.Outcome) + "; a second person has to confirm it, because mails are out", tx.AddDecision(d)
}

// afterCorrect supersedes a decision.
func (w Proposals) afterCorrect(tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error {
	d := w.decisionOf(*p, f, domain.SourceCorrection)
	if err := tx.DropStaged(p.ID); err != nil {
		return err
	}
	step.Detail = "From " + string(step.From) + " to " + string(d.Outcome)
	if err := tx.AddDecision(d); err != nil {
		return err
	}
	return w.correctionFollows(tx, *p, f, d)
}

func (w Proposals) correctionFollows(tx *store.Tx, p domain.Proposal, f domain.Facts, d domain.Decision) error {
	if f.Child != nil && f.Child.State == domain.Draft {
		if err := w.endChild(tx, f, domain.CorrectDecision); err != nil {
			return err
		}
	}
	if err := w.voidAll(tx, f, "The decision was corrected."); err != nil {
		return err
	}
	if d.Outcome != domain.OutcomeAccepted {
		if err := w.takeOffSale(tx, p, f); err != nil {
			return err
		}
	}
	if err := w.tellCorrection(tx, p, f, d); err != nil || d.Outcome != domain.OutcomeAccepted || f.Venue.Decider == domain.DecidedOutside {
		return err
	}
	return w.askSpeakers(tx, p, f) // as of any acceptance that is decided here
}

// takeOffSale cancels the webinar of a proposal that is not accepted any more.
func (w Proposals) takeOffSale(tx *store.Tx, p domain.Proposal, f domain.Facts) error {
	return Offerings(w).follow(tx, f.Actor, p.ID, domain.CancelOffering, domain.OfferingInput{Reason: f.Input.Reason})
}

// afterCancel voids what is not paid and tells the chairs and speakers.
func (w Proposals) afterCancel(tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error {
	if err := w.voidAll(tx, f, "The webinar was cancelled."); err != nil {
		return err
	}
	if err := w.takeOffSale(tx, *p, f); err != nil {
		return err
	}
	return w.tellCancelled(tx, *p, f, *step)
}

// afterCancelEvent is afterCancel for a proposal whose whole event is off; what
// was staged for it is gone.
func (w Proposals) afterCancelEvent(tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error {
	step.Detail = f.Venue.Name + " is off"
	if err := tx.DropStaged(p.ID); err != nil {
		return err
	}
	if err := w.voidAll(tx, f, "The event was cancelled."); err != nil {
		return err
	}
	if err := w.takeOffSale(tx, *p, f); err != nil {
		return err
	}
	return w.tellEventOff(tx, *p, f, *step)
}

// afterRequest tells the chairs what to change, and until when they can.
func (w Proposals) afterRequest(tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error {
	step.Detail = "Until " + domain.LongTime(*f.Input.Until, f.Section.Zone)
	return w.tellChanges(tx, *p, f, *step)
}
