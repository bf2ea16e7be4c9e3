package workflows

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"lectern/domain"
	"lectern/internal/store"
)

// Move is what a person sends with an action.
type Move struct {
	Version int    // the version the person saw; 0: not said
	Call    string // where to: for change-call and carry-forward
	domain.Input
}

// Act makes a move of the lifecycle and everything that follows from it, in one
// transaction. The answer is the proposal as the person now sees it; after
// carry-forward, the new draft. Delete answers the proposal as it was.
func (w Proposals) Act(ctx context.Context, who domain.Actor, ref string, a domain.Action, m Move) (ProposalView, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (ProposalView, error) {
		return w.act(tx, who, ref, a, m)
	})
}

func (w Proposals) act(tx *store.Tx, who domain.Actor, ref string, a domain.Action, m Move) (ProposalView, error) {
	if a == domain.ReleasePacket { // of a venue and year; see Packets.Release
		return ProposalView{}, domain.NotThere("move")
	}
	p, f, err := w.take(tx, who, ref, a)
	if err != nil {
		return ProposalView{}, err
	}
	if a == domain.OverrideGate && !who.Has(domain.Admin) && !who.Leads(f.Group.SectionID) && !who.MemberOf(p.GroupID) {
		return ProposalView{}, domain.NotThere("proposal") // of another section
	}
	f.Input, f.Expect = m.Input, m.Version
	if err := w.loadFor(tx, p, &f, a, m); err != nil {
		return ProposalView{}, err
	}
	id, err := w.move(tx, p, f, a)
	if err != nil {
		return ProposalView{}, err
	}
	if a == domain.Delete {
		return ProposalView{Proposal: p, Facts: f}, nil
	}
	if unseen(who, a) {
		return ProposalView{Proposal: domain.Proposal{ID: p.ID, Version: p.Version + 1, State: p.State, LateUntil: m.Until}}, nil
	}
	after, err := w.seen(tx, who, id)
	switch {
	case !domain.IsKind(err, domain.NotFound):
		return after, err
	case a == domain.CarryForward: // by the Leadership Team, which does not read the group's drafts
		return w.seen(tx, who, p.ID)
	case a.ByDeciders(): // by the committee, which reads packets
		return reached(tx, who, id)
	}
	return ProposalView{}, err
}

// reached is what those who decide learn of a proposal that they moved and do not read.
func reached(tx *store.Tx, who domain.Actor, id string) (ProposalView, error) {
	p, f, err := tx.SeeProposal(domain.Actor{Clock: true, Today: who.Today}, id)
	return ProposalView{
		Proposal: domain.Proposal{ID: p.ID, Number: p.Number, Version: p.Version, State: p.State, VenueID: p.VenueID, FormatID: p.FormatID, Year: p.Year, UpdatedAt: p.UpdatedAt, ReopenedUntil: p.ReopenedUntil},
		Facts:    domain.Facts{Actor: who, Call: f.Call, Venue: f.Venue},
		Unread:   true,
	}, err
}

// take finds and holds the proposal a move is made on, for who makes it. Those
// who decide at its venue reach what was submitted there for the moves that are
// theirs, whether or not they read it.
func (w Proposals) take(tx *store.Tx, who domain.Actor, ref string, a domain.Action) (domain.Proposal, domain.Facts, error) {
	p, f, err := tx.Proposal(scopeFor(who, a), ref)
	if domain.IsKind(err, domain.NotFound) && a.ByDeciders() {
		p, f, err = tx.Proposal(domain.Actor{Clock: true, Today: who.Today}, ref)
		if err == nil && !(who.DecidesAt(f.Venue) && p.WasSubmitted() && p.State != domain.Draft) {
			err = domain.NotThere("proposal")
		}
	}
	if err != nil {
		return domain.Proposal{}, domain.Facts{}, err
	}
	f.Actor = who
	return p, f.Seen(), nil
}

// Before finds the proposal for the form of a move, for who makes it. Those who
// decide see in it what a packet or a decision told them. NotFound otherwise.
func (w Proposals) Before(ctx context.Context, who domain.Actor, ref string, a domain.Action) (ProposalView, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (ProposalView, error) {
		v, err := w.seen(tx, who, ref)
		if !domain.IsKind(err, domain.NotFound) || !a.ByDeciders() {
			return v, err
		}
		p, f, err := w.take(tx, who, ref, a)
		if err != nil {
			return ProposalView{}, err
		}
		v, err = w.view(tx, p, f)
		if told := v.Facts.Packet > 0 || v.Facts.Decision != nil || v.Facts.Staged != nil; err == nil && !told {
			err = domain.NotThere("proposal")
		}
		v.Unread = true
		return v, err
	})
}

// quietly keeps what a move did that submitters must not see: nothing of the
// proposal's row or history changes, and the log of what was done has a line.
func (w Proposals) quietly(tx *store.Tx, p domain.Proposal, f domain.Facts, a domain.Action) error {
	detail, err := quiet[a](w, tx, p, f)
	if err != nil {
		return err
	}
	return w.audit(tx, f.Actor, string(a), "decision", p.ID, detail)
}

var quiet = map[domain.Action]func(Proposals, *store.Tx, domain.Proposal, domain.Facts) (string, error){
	domain.StageDecision:   Proposals.stage,
	domain.ClearDecision:   Proposals.clearStaged,
	domain.CorrectDecision: Proposals.proposeCorrection,
}

// unseen tells whether the move is made on a draft that its party does not see:
// staff grant late submission, and the Leadership chair opens the gate, to a
// draft whose reference its chairs gave them.
func unseen(who domain.Actor, a domain.Action) bool {
	if who.Has(domain.Admin) {
		return false
	}
	return a == domain.GrantLate && who.Has(domain.Staff) || a == domain.OverrideGate && len(who.Sections()) > 0
}

// scopeFor is whose eyes find the proposal.
func scopeFor(who domain.Actor, a domain.Action) domain.Actor {
	if unseen(who, a) {
		return domain.Actor{Clock: true, Today: who.Today}
	}
	return who
}

// loadFor adds what the action needs beyond what every page shows.
func (w Proposals) loadFor(tx *store.Tx, p domain.Proposal, f *domain.Facts, a domain.Action, m Move) error {
	if err := w.load(tx, p, f); err != nil {
		return err
	}
	var err error
	switch a {
	case domain.Submit:
		err = w.number(tx, p, f)
	case domain.ChangeCall, domain.CarryForward:
		err = loadTarget(tx, p, f, m.Call)
	case domain.ReplaceSpeaker:
		err = loadProposed(tx, p, f)
	}
	return err
}

func loadTarget(tx *store.Tx, p domain.Proposal, f *domain.Facts, ref string) error {
	if ref == "" {
		return nil
	}
	t, err := target(tx, ref)
	if domain.IsKind(err, domain.NotFound) {
		return nil // the move's own check asks for a call
	}
	if err != nil {
		return err
	}
	f.Target = &t
	return loadLineage(tx, p, f)
}

// loadLineage adds what the rules of carrying ask about where an idea has been.
func loadLineage(tx *store.Tx, p domain.Proposal, f *domain.Facts) error {
	var err error
	if f.DeclinedAt, err = tx.DeclinedAt(p.IdeaID); err != nil || f.Parent == nil {
		return err
	}
	f.ParentVenue, err = tx.Venue(f.Parent.VenueID)
	return err
}

// number takes the next reference when the draft has none; a refused submission
// takes none, because its transaction is undone.
func (w Proposals) number(tx *store.Tx, p domain.Proposal, f *domain.Facts) error {
	if p.Number != "" {
		return nil
	}
	kind := string(p.Year[5:]) + "-" + f.Venue.Letter
	n, err := tx.NextNumber(kind)
	f.Number = fmt.Sprintf("%s-%03d", kind, n)
	return err
}

// effect is what follows from a move beyond the proposal's own row. It may add
// to the step before it is written.
type effect func(w Proposals, tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error

var effects = map[domain.Action]effect{
	domain.Submit:          Proposals.afterSubmit,
	domain.ReturnToDraft:   Proposals.afterReturn,
	domain.Withdraw:        Proposals.afterWithdraw,
	domain.Revive:          Proposals.afterUncount,
	domain.GrantLate:       Proposals.afterGrant,
	domain.RecordExternal:  Proposals.afterExternal,
	domain.ChangeCall:      Proposals.afterChangeCall,
	domain.InviteSpeaker:   Proposals.afterInvite,
	domain.Decide:          Proposals.afterDecide,
	domain.PublishDecision: Proposals.afterPublish,
	domain.RequestChanges:  Proposals.afterRequest,
	domain.CancelEvent:     Proposals.afterCancelEvent,
	domain.RecordOutcome:   Proposals.afterOutcome,
	domain.CorrectDecision: Proposals.afterCorrect,
	domain.Confirm:         Proposals.afterAnswer,
	domain.DeclineToSpeak:  Proposals.afterAnswer,
	domain.ReplaceSpeaker:  Proposals.afterReplace,
	domain.MarkDelivered:   Proposals.afterDelivered,
	domain.Cancel:          Proposals.afterCancel,
	domain.CarryForward:    Proposals.afterCarry,
	domain.UndoCarry:       Proposals.afterUndo,
	domain.Delete:          Proposals.afterDelete,
	domain.SaveReview:      Proposals.afterReview,
	domain.Recuse:          Proposals.afterRecuse,
	domain.Recommend:       Proposals.afterRecommend,
}

// move makes the move and returns the id of the proposal to show afterwards.
func (w Proposals) move(tx *store.Tx, p domain.Proposal, f domain.Facts, a domain.Action) (string, error) {
	before := p
	step, err := p.Do(a, f)
	if err != nil {
		return "", err
	}
	if _, kept := quiet[a]; kept && f.Quiet(a) {
		return p.ID, w.quietly(tx, before, f, a)
	}
	step.ID = w.NewID()
	if a.Quiet() {
		return p.ID, effects[a](w, tx, &p, f, &step)
	}
	p.UpdatedAt, p.UpdatedBy = f.Now, f.Actor.ID
	if a != domain.Delete && a != domain.ChangeCall {
		if err := tx.SaveProposal(p, before.State); err != nil {
			return "", err
		}
	}
	if err := tx.CloseRevision(p.ID, p.Revision, string(a)); err != nil {
		return "", err
	}
	shown := p
	if follow, has := effects[a]; has {
		if err := follow(w, tx, &shown, f, &step); err != nil {
			return "", err
		}
	}
	return shown.ID, tx.AddStep(step)
}

// counted tells in words how a move changed what the group has submitted.
func (w Proposals) counted(tx *store.Tx, p domain.Proposal, f domain.Facts, was bool) (string, error) {
	s, err := tx.Standing(p.GroupID, p.Year, f.Section.Settings.CoSponsors == "each", f.Now)
	if err != nil {
		return "", err
	}
	d, owed := s.Duty(p.VenueID)
	formats, err := tx.Formats()
	counts := slices.ContainsFunc(formats, func(x domain.Format) bool {
		return x.VenueID == p.VenueID && x.ID == p.FormatID && x.Counts
	})
	if err != nil || !owed || !counts || was == p.State.Counts() {
		return "", err
	}
	before := d.Counted + 1
	if p.State.Counts() {
		before = d.Counted - 1
	}
	return fmt.Sprintf("%s went from %d of %d to %d of %d", d.VenueName, before, d.Required, d.Counted, d.Required), nil
}

func (w Proposals) afterSubmit(tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error {
	var err error
	if step.Detail, err = w.counted(tx, *p, f, false); err != nil {
		return err
	}
	return w.sendReceipt(tx, *p, f, *step)
}

func (w Proposals) afterUncount(tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error {
	var err error
	step.Detail, err = w.counted(tx, *p, f, step.From.Counts())
	return err
}

// afterReturn is afterUncount; a decision that was staged on it is gone.
func (w Proposals) afterReturn(tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error {
	if err := tx.DropStaged(p.ID); err != nil {
		return err
	}
	return w.afterUncount(tx, p, f, step)
}

// afterWithdraw lets unsent mail die, tells the Leadership Team when the window
// is over (X6), and frees the parent of a draft.
func (w Proposals) afterWithdraw(tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error {
	if err := w.afterUncount(tx, p, f, step); err != nil {
		return err
	}
	if err := errors.Join(silence(tx, *p, f.Speakers), tx.DropStaged(p.ID)); err != nil {
		return err
	}
	if step.From == domain.Draft {
		return w.freeParent(tx, *p, f)
	}
	if f.Call.ClosedAt(f.Now) {
		return w.tellLateWithdrawal(tx, *p, f, *step)
	}
	return nil
}

// silence lets every unsent mail about a proposal and its speakers die.
func silence(tx *store.Tx, p domain.Proposal, speakers []domain.Speaker) error {
	about := []string{p.ID}
	for _, s := range speakers {
		about = append(about, s.ID)
	}
	return tx.SupersedeAll(about)
}

func (w Proposals) afterGrant(tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error {
	step.Detail = "Until " + domain.LongTime(*f.Input.Until, f.Section.Zone)
	return w.tellGrant(tx, *p, f, *step)
}

func (w Proposals) afterExternal(tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error {
	step.Detail = fmt.Sprintf("%s, reference %s, sent on %s", f.Input.Site, f.Input.Reference, f.Input.SentOn.Words())
	return tx.PutExternal(domain.External{
		ProposalID: p.ID, Site: f.Input.Site, Reference: f.Input.Reference,
		SentOn: f.Input.SentOn, ByID: f.Actor.ID, ByName: f.Actor.Name, At: f.Now,
	})
}

// afterChangeCall puts the draft under the new call's form. What the form does
// not ask for stays in the revision before.
func (w Proposals) afterChangeCall(tx *store.Tx, p *domain.Proposal, f domain.Facts, step *domain.Step) error {
	if f.Target == nil {
		return domain.Refuse(domain.Wrong("/call", "required", "Choose a call."))
	}
	to := f.Target
	p.CallID, p.VenueID, p.FormatID, p.Year = to.Call.ID, to.Call.VenueID, to.Call.FormatID, to.Call.Year
	p.Answers, _ = domain.CarryAnswers(f.Form.Spec, to.Form.Spec, p.Answers)
	p.Revision++
	step.Revision, step.Detail = p.Revision, fmt.Sprintf("From %s to %s", f.Call.Name, to.Call.Name)
	if err := tx.SaveProposal(*p, domain.Draft); err != nil {
		return err
	}
	return w.revise(tx, *p, f, "edit")
}

func (w Proposals) afterDelete(tx *store.Tx, p *domain.Proposal, f domain.Facts, _ *domain.Step) error {
	if err := silence(tx, *p, f.Speakers); err != nil {
		return err
	}
	gone := *p
	gone.Version--
	return tx.DeleteProposal(gone)
}
