package workflows

import (
	"fmt"

	"lectern/domain"
	"lectern/internal/store"
)

// afterCarry makes the new draft: allow-listed text and the speakers,
// unconfirmed. Decision, reviews and stipends stay behind.
func (w Proposals) afterCarry(tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error {
	child, speakers := w.childOf(*p, f)
	begun, err := child.Follow(domain.CarryForward, domain.Draft, f)
	if err != nil {
		return err
	}
	begun.Detail = "From " + f.Call.Name + ", " + p.Ref()
	if err := w.begin(tx, child, speakers, begun, f); err != nil {
		return err
	}
	step.Detail = "To " + f.Target.Call.Name
	if err := w.tellCarried(tx, *p, child, f, *step); err != nil {
		return err
	}
	*p = child
	return nil
}

func (w Proposals) childOf(p domain.Proposal, f domain.Facts) (domain.Proposal, []domain.Speaker) {
	asked := f
	asked.Call = f.Target.Call
	child := w.blank(asked)
	child.GroupID, child.IdeaID, child.ParentID, child.Hops = p.GroupID, p.IdeaID, p.ID, p.Hops+1
	child.Title = p.Title
	child.Answers, _ = domain.CarryAnswers(f.Form.Spec, f.Target.Form.Spec, p.Answers)
	var speakers []domain.Speaker
	for _, s := range domain.Active(f.Speakers) {
		s.Answer, s.InvitedAt, s.AnsweredAt, s.LinkSerial, s.Stipend, s.Presented = domain.NotAsked, nil, nil, 0, "", nil
		speakers = append(speakers, s)
	}
	return child, speakers
}

// afterUndo withdraws the draft; the parent has the state it had.
func (w Proposals) afterUndo(tx *store.Tx, _ *domain.Proposal, f domain.Facts, step *domain.Step) error {
	if f.Child == nil {
		return nil
	}
	step.Detail = "The draft was withdrawn"
	return w.endChild(tx, f, domain.UndoCarry)
}

// endChild withdraws the draft a proposal was carried to, as a consequence.
func (w Proposals) endChild(tx *store.Tx, f domain.Facts, a domain.Action) error {
	child, err := tx.ByID(f.Child.ID)
	if err != nil || child == nil {
		return err
	}
	step, err := child.Follow(a, domain.Withdrawn, f)
	if err != nil {
		return err
	}
	speakers, err := tx.Speakers(child.ID)
	if err != nil {
		return err
	}
	if err := silence(tx, *child, speakers); err != nil {
		return err
	}
	return w.keepFollow(tx, child, step, f)
}

// freeParent gives the parent of a withdrawn draft the state it had, so that it
// may be carried forward again.
func (w Proposals) freeParent(tx *store.Tx, p domain.Proposal, f domain.Facts) error {
	parent, err := tx.ByID(p.ParentID)
	if err != nil || parent == nil || parent.State != domain.CarriedForward {
		return err
	}
	step, err := parent.Follow(domain.UndoCarry, parent.CarriedFrom, f)
	if err != nil {
		return err
	}
	parent.CarriedFrom = ""
	step.Detail = fmt.Sprintf("The draft carried to %s was withdrawn", f.Call.Name)
	return w.keepFollow(tx, parent, step, f)
}

func (w Proposals) keepFollow(tx *store.Tx, p *domain.Proposal, step domain.Step, f domain.Facts) error {
	step.ID = w.NewID()
	p.UpdatedAt, p.UpdatedBy = f.Now, f.Actor.ID
	if err := tx.SaveProposal(*p, step.From); err != nil {
		return err
	}
	return tx.AddStep(step)
}
