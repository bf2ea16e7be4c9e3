package workflows

import (
	"cmp"
	"context"
	"slices"

	"lectern/domain"
	"lectern/internal/store"
)

// Desk is where a person reviews the proposals of a call.
type Desk struct {
	store.DeskCall
	Phases []domain.Phase
	Rubric domain.Rubric
	Queue  []store.DeskLine // to review: begun first, then those with the fewest reviews; what is done comes last
	Closed []store.DeskLine // a conflict of interest: the title is all there is
	Done   int              // of the queue
	Item   *DeskItem        // the proposal on the desk; nil: nothing is there to review
}

// DeskLine is a proposal in a reviewer's queue.
type DeskLine = store.DeskLine

// DeskItem is the proposal on the desk.
type DeskItem struct {
	ProposalView
	Own    domain.Review    // version 0: not begun
	Others *ProposalReviews // nil: not yet to be seen
	Hidden []domain.Reason  // why they are not
	Closed []domain.Reason  // why nothing can be scored now; nil: it can
}

// NextOnDesk is the number of what the person should review after another one:
// the first of the queue that is not done; empty when nothing is left. NotFound
// as for Desk.
func (w Proposals) NextOnDesk(ctx context.Context, who domain.Actor, call, done string) (string, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (string, error) {
		d, err := deskOf(tx, who, call)
		for _, l := range d.Queue {
			if (l.Own == nil || !l.Own.Complete()) && l.Number != done && l.ID != done {
				return l.Number, err
			}
		}
		return "", err
	})
}

// Desk is the person's desk for a call, with the proposal named, or the first of
// the queue. In six statements at most, however many proposals there are.
// NotFound for who does not review for the call, Forbidden for a conflict.
func (w Proposals) Desk(ctx context.Context, who domain.Actor, call, ref string) (Desk, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (Desk, error) {
		d, err := deskOf(tx, who, call)
		if err != nil {
			return d, err
		}
		if ref == "" && len(d.Queue) > 0 {
			ref = d.Queue[0].ID
		}
		if ref == "" {
			d.Phases, err = tx.Phases(d.ID)
			return d, err
		}
		return d, w.lay(tx, who, &d, ref)
	})
}

func deskOf(tx *store.Tx, who domain.Actor, call string) (Desk, error) {
	calls, err := tx.DeskCalls(call)
	if err != nil {
		return Desk{}, err
	}
	if call == "" || len(calls) == 0 || !calls[0].Venue.Reviewed() || !who.Reviews(calls[0].SectionID, calls[0].ID) {
		return Desk{}, domain.NotThere("review desk")
	}
	d := Desk{DeskCall: calls[0], Rubric: domain.Facts{Venue: calls[0].Venue}.Rubric()}
	lines, err := tx.Desk(who, d.ID)
	for _, l := range lines {
		if l.Conflict {
			d.Closed = append(d.Closed, l)
			continue
		}
		if l.Own != nil && l.Own.Complete() {
			d.Done++
		}
		d.Queue = append(d.Queue, l)
	}
	d.Queue = inTurn(d.Queue)
	return d, err
}

// inTurn is a queue in the order of its stages, in each those with the fewest reviews
// first.
func inTurn(queue []store.DeskLine) []store.DeskLine {
	type place struct{ stage, reviews, at int }
	places := make([]place, len(queue)) // small, where a line is large
	for i := range queue {
		places[i] = place{stageOf(&queue[i]), queue[i].Reviews, i}
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(a.stage-b.stage, a.reviews-b.reviews, a.at-b.at)
	})
	sorted := make([]store.DeskLine, len(queue))
	for i, p := range places {
		sorted[i] = queue[p.at]
	}
	return sorted
}

// stageOf orders the queue: begun, not begun, done.
func stageOf(l *store.DeskLine) int {
	switch {
	case l.Own == nil:
		return 1
	case l.Own.Complete():
		return 2
	}
	return 0
}

// lay puts a proposal on the desk.
func (w Proposals) lay(tx *store.Tx, who domain.Actor, d *Desk, ref string) error {
	p, f, err := tx.SeeProposal(who, ref)
	if err != nil {
		return err
	}
	isIt := func(l store.DeskLine) bool { return l.ID == p.ID }
	i := slices.IndexFunc(d.Queue, isIt)
	if slices.ContainsFunc(d.Closed, isIt) {
		return domain.Refuse(domain.InConflict())
	}
	if i < 0 {
		return domain.NotThere("proposal")
	}
	f.Now, f.Speakers = w.Now(), d.Queue[i].Speakers // names and places: all that conflicts need
	if err := tx.Judging(p, &f); err != nil {
		return err
	}
	d.Phases = f.Phases
	item := DeskItem{ProposalView: ProposalView{Proposal: p, Facts: f, Sight: f.SightOf(p)}, Closed: p.Why(domain.SaveReview, f)}
	item.ProposalView = item.masked()
	item.Crew = d.Queue[i].Crew()
	if err := item.reviews(tx, p, f); err != nil {
		return err
	}
	d.Item = &item
	return nil
}

// reviews adds the person's own review, and the others' where they may be seen.
func (i *DeskItem) reviews(tx *store.Tx, p domain.Proposal, f domain.Facts) error {
	all, err := reviewsOf(tx, p, f)
	i.Own = all.own
	if refusal, is := asRefusal(err); is {
		i.Hidden = refusal.Reasons
		return nil
	}
	i.Others = &all
	return err
}

// Desks are the calls that the person reviews for, those under way first, each
// with their progress. NotFound for who does not review.
func (w Proposals) Desks(ctx context.Context, who domain.Actor) ([]Desk, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) ([]Desk, error) {
		calls, err := tx.DeskCalls("")
		if err != nil {
			return nil, err
		}
		calls = keptOf(calls, func(c store.DeskCall) bool { return who.Reviews(c.SectionID, c.ID) })
		if len(calls) == 0 {
			return nil, domain.NotThere("review desk")
		}
		return desksOf(tx, who, calls)
	})
}

func desksOf(tx *store.Tx, who domain.Actor, calls []store.DeskCall) ([]Desk, error) {
	ids := make([]string, len(calls))
	for i, c := range calls {
		ids[i] = c.ID
	}
	phases, err := tx.Phases(ids...)
	if err != nil {
		return nil, err
	}
	lines, err := tx.Desk(who, ids...)
	desks := make([]Desk, len(calls))
	for i, c := range calls {
		d := Desk{DeskCall: c, Phases: keptOf(phases, func(p domain.Phase) bool { return p.CallID == c.ID })}
		for _, l := range lines {
			switch {
			case l.CallID != c.ID:
			case l.Conflict:
				d.Closed = append(d.Closed, l)
			default:
				d.Queue = append(d.Queue, l)
			}
		}
		d.Done = len(keptOf(d.Queue, func(l store.DeskLine) bool { return l.Own != nil && l.Own.Complete() }))
		desks[i] = d
	}
	return desks, err
}
