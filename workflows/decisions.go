package workflows

import (
	"context"
	"fmt"
	"slices"
	"time"

	"lectern/domain"
	"lectern/internal/intake"
	"lectern/internal/store"
)

// Decisions are the workflows of those who decide at a venue: stage, preview,
// publish.
type Decisions struct{ Base }

// DecisionLine is a proposal as those who decide on it see it.
type DecisionLine = store.DecisionLine

// maxDecisions is the most proposals that one call's decisions are about.
const maxDecisions = 2000

// DecisionList is everything the page of a call's decisions shows.
type DecisionList struct {
	Call       domain.Call
	Venue      domain.Venue
	Phases     []domain.Phase
	Lines      []DecisionLine           // by number
	Advice     map[string]domain.Advice // of the newest packet until decisions are published, by proposal
	MayStage   bool
	MayPublish bool
	Preview    PublishPreview // of everything that is staged
	Last       *BatchView     // the newest publication
}

// List are the decisions on a call, in six statements at most. NotFound for
// those who neither decide there nor publish nor administer.
func (w Decisions) List(ctx context.Context, who domain.Actor, callRef string) (DecisionList, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (DecisionList, error) {
		l, err := w.list(tx, who, callRef)
		if err != nil {
			return l, err
		}
		if l.Preview, err = w.preview(tx, who, l, nil); err != nil {
			return l, err
		}
		if l.advised(w.Now()) {
			l.Advice, err = w.advice(tx, who, l)
			return l, err
		}
		last, err := tx.LastBatch(domain.PublishDecision, l.Call.ID)
		if err != nil || last == nil {
			return l, err
		}
		view, err := w.viewBatch(tx, who, *last)
		l.Last = &view
		return l, err
	})
}

// advised tells whether packets are read here and nothing can be published yet.
func (l DecisionList) advised(now time.Time) bool {
	f := domain.Facts{Call: l.Call, Phases: l.Phases, Now: now}
	return l.Venue.Decider == domain.DecidedByForum && len(l.Phases) > 0 && !f.Begun(domain.PhasePublish)
}

// advice is what the newest packet says of the proposals the person may read of.
func (w Decisions) advice(tx *store.Tx, who domain.Actor, l DecisionList) (map[string]domain.Advice, error) {
	p, err := tx.NewestPacket(l.Call.SectionID, l.Venue.ID, l.Call.Year)
	if err != nil || p == nil {
		return nil, err
	}
	closed, err := tx.ClosedIn(who, p.ID)
	return withheld(*p, closed).Advice(), err
}

// Lines are the decisions on a call without what publishing would do.
func (w Decisions) Lines(ctx context.Context, who domain.Actor, callRef string) (DecisionList, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (DecisionList, error) { return w.list(tx, who, callRef) })
}

func (w Decisions) list(tx *store.Tx, who domain.Actor, callRef string) (DecisionList, error) {
	c, v, err := tx.CallVenue(callRef)
	if err != nil {
		return DecisionList{}, err
	}
	l := DecisionList{Call: c, Venue: v}
	if !seesDecisions(who, l.Venue) {
		return DecisionList{}, domain.NotThere("call")
	}
	l.MayStage, l.MayPublish = who.DecidesAt(l.Venue), who.PublishesAt(l.Venue)
	if l.Phases, err = tx.Phases(c.ID); err != nil {
		return l, err
	}
	l.Lines, err = tx.DecisionLines(who, c.ID, maxDecisions)
	return l, err
}

func seesDecisions(who domain.Actor, v domain.Venue) bool {
	return v.Decider != domain.DecidedOutside && (who.DecidesAt(v) || who.Has(domain.Staff, domain.Admin))
}

// facts are what the rules of decisions need to know of a line.
func (l DecisionList) facts(who domain.Actor, w Base, line DecisionLine) domain.Facts {
	return domain.Facts{Actor: who, Now: w.Now(), Call: l.Call, Venue: l.Venue, Phases: l.Phases, Group: domain.Group{ID: line.GroupID, SectionID: l.Call.SectionID}, Staged: line.Staged, Packet: line.Packet}
}

// Further are the moves on a decided line that the person can make, apart from
// what has to be filled in: another speaker, cancelling, a correction.
func (w Decisions) Further(who domain.Actor, l DecisionList, line DecisionLine) []domain.Action {
	var open []domain.Action
	for _, a := range []domain.Action{domain.ReplaceSpeaker, domain.Cancel, domain.CorrectDecision} {
		if len(line.Proposal().Why(a, l.facts(who, w.Base, line))) == 0 {
			open = append(open, a)
		}
	}
	return open
}

// Get is the decision on one proposal by id or number. NotFound as in List, for
// members of the proposal's own group, and for the committee while it is in no packet.
func (w Decisions) Get(ctx context.Context, who domain.Actor, ref string) (DecisionLine, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (DecisionLine, error) {
		p, f, err := tx.SeeProposal(domain.Actor{Clock: true, Today: who.Today}, ref)
		if err != nil {
			return DecisionLine{}, err
		}
		if !seesDecisions(who, f.Venue) || who.MemberOf(p.GroupID) || !p.WasSubmitted() || p.State == domain.Draft {
			return DecisionLine{}, domain.NotThere("proposal")
		}
		f.Now = w.Now()
		if err := tx.Judging(p, &f); err != nil { // the packet it is in, among it
			return DecisionLine{}, err
		}
		l := lineOf(p, f)
		if !who.Has(domain.Staff, domain.Admin) && l.Packet == 0 && l.Staged == nil && f.Decision == nil {
			return DecisionLine{}, domain.NotThere("proposal") // as in the list: the committee reads packets
		}
		return l, nil
	})
}

func lineOf(p domain.Proposal, f domain.Facts) DecisionLine {
	l := DecisionLine{
		ID: p.ID, Number: p.Number, Title: p.Title, State: p.State, Revision: p.Revision, GroupID: p.GroupID, GroupName: f.Group.Name,
		VenueID: p.VenueID, Year: p.Year, FormatName: f.Call.Name, Packet: f.Packet, Staged: f.StagedHere(),
	}
	if f.Decision != nil {
		l.Outcome, l.DecidedOn = f.Decision.Outcome, f.Decision.DecidedOn
	}
	return l
}

// Stage writes down what is decided on one proposal, new or over what is staged;
// a wish without an outcome clears it. Nothing that the group can see changes.
// Stale when something else is staged than the person saw; NotFound, Forbidden,
// Conflict and Invalid as the lifecycle has it.
func (w Decisions) Stage(ctx context.Context, who domain.Actor, wish domain.DecisionWish) (DecisionLine, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (DecisionLine, error) {
		if _, err := w.stage(tx, who, wish); err != nil {
			return DecisionLine{}, err
		}
		p, f, err := tx.SeeProposal(domain.Actor{Clock: true, Today: who.Today}, wish.Ref)
		return lineOf(p, f), err
	})
}

// AnyVersion is the version of a wish that holds whatever is staged.
const AnyVersion = -1

func (w Decisions) stage(tx *store.Tx, who domain.Actor, wish domain.DecisionWish) (domain.DecisionChange, error) {
	a := domain.StageDecision
	if wish.Outcome == "" {
		a = domain.ClearDecision
	}
	flows := Proposals(w)
	p, f, err := flows.take(tx, who, wish.Ref, a)
	if err != nil {
		return "", err
	}
	if err := flows.load(tx, p, &f); err != nil {
		return "", err
	}
	f.Input = wish.Input()
	was := f.StagedHere()
	change := wish.Change(was)
	if was != nil && f.Input.Reason == "" {
		f.Input.Reason = was.Reason
	}
	_, err = p.Do(a, f)
	if wish.Version != AnyVersion && wish.Version != versionOf(was) {
		err = join(err, reasons(domain.StaleVersion("decision")))
	}
	if err != nil {
		return "", err
	}
	if change == domain.DecisionSame && was.Revision == p.Revision {
		return change, nil
	}
	return change, flows.quietly(tx, p, f, a)
}

func versionOf(d *domain.Decision) int {
	if d == nil {
		return 0
	}
	return d.Version
}

// DecisionDifference is what one wish of several would do.
type DecisionDifference struct {
	Wish   domain.DecisionWish
	Line   DecisionLine // as it stands before; without an id when there is no such proposal
	Change domain.DecisionChange
	Why    []domain.Reason // why it cannot be staged; pointers are those of the wish
}

// StageAll stages many decisions of a call at once, all or nothing: with every
// reason of every wish, its pointer beginning with /decisions and the place of
// the wish, from 0. Under a dry run it keeps nothing, refuses nothing, and
// answers what would change and why not.
func (w Decisions) StageAll(ctx context.Context, who domain.Actor, callRef string, wishes []domain.DecisionWish) ([]DecisionDifference, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) ([]DecisionDifference, error) {
		l, err := w.list(tx, who, callRef)
		if err != nil {
			return nil, err
		}
		if !l.MayStage {
			return nil, domain.NotAllowed("not_your_move", "Only those who decide at %s stage decisions there.", l.Venue.Name)
		}
		return w.stageAll(tx, who, l, wishes, store.DryRun(ctx))
	})
}

func (w Decisions) stageAll(tx *store.Tx, who domain.Actor, l DecisionList, wishes []domain.DecisionWish, dry bool) ([]DecisionDifference, error) {
	var all []DecisionDifference
	var why []domain.Reason
	for i, wish := range wishes {
		d, err := w.difference(tx, who, l, wish)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(all, func(o DecisionDifference) bool { return d.Line.ID != "" && o.Line.ID == d.Line.ID }) {
			d.Why = append(d.Why, domain.Wrong("/proposal", "repeated", "%s is here twice.", d.Line.Number))
		}
		for _, r := range d.Why {
			r.Pointer = fmt.Sprintf("/decisions/%d%s", i, r.Pointer)
			why = append(why, r)
		}
		if len(why) == 0 && d.Change != domain.DecisionSame {
			if _, err := w.stage(tx, who, wish); err != nil {
				return nil, err
			}
		}
		all = append(all, d)
	}
	if dry {
		return all, nil
	}
	return all, domain.Refuse(why...)
}

// difference tells what a wish would do, and every reason why not.
func (w Decisions) difference(tx *store.Tx, who domain.Actor, l DecisionList, wish domain.DecisionWish) (DecisionDifference, error) {
	d := DecisionDifference{Wish: wish}
	line, err := w.lineFor(tx, who, l, wish.Ref)
	if err != nil {
		d.Why = []domain.Reason{domain.Wrong("/proposal", "not_in_call", "There is no “%s” among the proposals of %s that you decide on.", wish.Ref, l.Call.Name)}
		if domain.IsKind(err, domain.NotFound) {
			return d, nil
		}
		return d, err
	}
	d.Line, d.Change = line, wish.Change(line.Staged)
	if d.Change == domain.DecisionSame && line.Staged != nil && line.Staged.Revision != line.Revision {
		d.Change = domain.DecisionChanged // said again of the newer text
	}
	if d.Change == domain.DecisionSame {
		return d, nil
	}
	f := l.facts(who, w.Base, line)
	f.Input = wish.Input()
	if line.Staged != nil && f.Input.Reason == "" {
		f.Input.Reason = line.Staged.Reason
	}
	if wish.Version != AnyVersion && wish.Version != versionOf(line.Staged) {
		d.Why = reasons(domain.StaleVersion("decision"))
	}
	a := domain.StageDecision
	if wish.Outcome == "" {
		a = domain.ClearDecision
	}
	p := line.Proposal()
	_, refusal := p.Do(a, f)
	d.Why = append(d.Why, reasons(refusal)...)
	return d, nil
}

// lineFor finds a proposal of the list by number or id; who decides there may
// name any that was submitted to the call.
func (w Decisions) lineFor(tx *store.Tx, who domain.Actor, l DecisionList, ref string) (DecisionLine, error) {
	if i := slices.IndexFunc(l.Lines, func(x DecisionLine) bool { return x.ID == ref || x.Number == ref }); i >= 0 {
		return l.Lines[i], nil
	}
	p, f, err := Proposals(w).take(tx, who, ref, domain.StageDecision)
	if err != nil {
		return DecisionLine{}, err
	}
	f.Now = w.Now()
	if err := tx.Judging(p, &f); err != nil {
		return DecisionLine{}, err
	}
	if p.CallID != l.Call.ID || !p.WasSubmitted() || who.MemberOf(p.GroupID) {
		return DecisionLine{}, domain.NotThere("proposal")
	}
	return lineOf(p, f), nil
}

// PublishOne publishes the decision that is staged on one proposal.
func (w Decisions) PublishOne(ctx context.Context, who domain.Actor, ref string, version int) (DecisionLine, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (DecisionLine, error) {
		flows := Proposals(w)
		p, f, err := flows.take(tx, who, ref, domain.PublishDecision)
		if err != nil {
			return DecisionLine{}, err
		}
		if err := flows.load(tx, p, &f); err != nil {
			return DecisionLine{}, err
		}
		if d := f.StagedHere(); d != nil && version > 0 && version != d.Version {
			return DecisionLine{}, domain.StaleVersion("decision")
		}
		if _, err := flows.move(tx, p, f, domain.PublishDecision); err != nil {
			return DecisionLine{}, err
		}
		p, f, err = tx.SeeProposal(domain.Actor{Clock: true, Today: who.Today}, p.ID)
		return lineOf(p, f), err
	})
}

// ReadDecisions reads a CSV file of decisions, whatever is staged; see intake.ReadDecisions.
func ReadDecisions(data []byte) ([]domain.DecisionWish, error) {
	rows, err := intake.ReadDecisions(data)
	wishes := make([]domain.DecisionWish, len(rows))
	for i, r := range rows {
		wishes[i] = r.DecisionWish
		wishes[i].Version = AnyVersion
	}
	return wishes, err
}
