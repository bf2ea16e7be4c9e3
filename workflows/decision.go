package workflows

import (
	"lectern/domain"
	"lectern/internal/store"
)

// afterDecide publishes an outcome decided here: one mail per chair, and when
// accepted each speaker is asked to confirm.
func (w Proposals) afterDecide(tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error {
	d := w.decisionOf(*p, f, "inside")
	step.Detail = outcomeWords(d)
	if err := tx.AddDecision(d); err != nil {
		return err
	}
	if err := w.tellOutcome(tx, *p, f, d); err != nil {
		return err
	}
	if d.Outcome != domain.OutcomeAccepted {
		return nil
	}
	return w.askSpeakers(tx, *p, f)
}

// afterOutcome records somebody else's decision. They told the submitter, so
// there is no mail from us.
func (w Proposals) afterOutcome(tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error {
	d := w.decisionOf(*p, f, "outside")
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
		ID: w.NewID(), ProposalID: p.ID, Revision: p.Revision, Outcome: f.Input.Outcome, Source: source,
		DecidedOn: on, Evidence: f.Input.Evidence, Feedback: f.Input.Feedback, NoFeedback: f.Input.NoFeedback, Reason: f.Input.Reason,
		ByID: f.Actor.ID, ByName: f.Actor.Name, At: now, PublishedAt: &now,
	}
}

func outcomeWords(d domain.Decision) string {
	words := domain.State(d.Outcome).Label()
	if d.Source == "outside" {
		words += " on " + string(d.DecidedOn) + ", evidence: " + d.Evidence
	}
	if d.Feedback != "" {
		words += ". “" + d.Feedback + "”"
	}
	return words
}

// afterCorrect supersedes a decision, or, once its mails are out, keeps the
// correction until a second person makes the same one.
func (w Proposals) afterCorrect(tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error {
	d := w.decisionOf(*p, f, "correction")
	if err := tx.DropStaged(p.ID); err != nil {
		return err
	}
	if f.NeedsSecond() {
		d.PublishedAt = nil
		step.Detail = "To " + string(d.Outcome) + "; a second person has to confirm it, because mails are out"
		return tx.AddDecision(d)
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
	return w.tellCorrection(tx, p, f, d)
}

// afterCancel voids what is not paid and tells the chairs and speakers.
func (w Proposals) afterCancel(tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error {
	if err := w.voidAll(tx, f, "The webinar was cancelled."); err != nil {
		return err
	}
	if err := Offerings(w).follow(tx, f.Actor, p.ID, domain.CancelOffering, domain.OfferingInput{Reason: f.Input.Reason}); err != nil {
		return err
	}
	return w.tellCancelled(tx, *p, f, *step)
}
