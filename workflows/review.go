package workflows

import (
	"context"

	"lectern/domain"
	"lectern/internal/store"
)

// ReviewView is a person's own review of a proposal, with what it is made by.
type ReviewView struct {
	domain.Review
	Rubric domain.Rubric
	Ref    string // of the proposal
	Title  string // the same
	Now    int    // the proposal's present revision
}

// SaveReview keeps a person's review of a proposal, whole: the first time it
// adds one, after that it changes it. Forbidden for who does not review or has a
// conflict, Conflict outside of the phases with scoring, Stale when version is
// said and is an old one, Invalid with every mistake. Then nothing is changed.
func (w Proposals) SaveReview(ctx context.Context, who domain.Actor, ref string, version int, in domain.ReviewInput) (ReviewView, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (ReviewView, error) {
		return w.saveReview(tx, who, ref, version, in)
	})
}

func (w Proposals) saveReview(tx *store.Tx, who domain.Actor, ref string, version int, in domain.ReviewInput) (ReviewView, error) {
	p, f, err := tx.Proposal(who, ref)
	if err != nil {
		return ReviewView{}, err
	}
	f.Input.Review, f.Expect = &in, version
	if err := w.mayReview(tx, &p, &f); err != nil {
		return ReviewView{}, err
	}
	is, err := w.keepReview(tx, p, f)
	return reviewView(p, f, is), err
}

// mayReview asks the rules about the review in the facts.
func (w Proposals) mayReview(tx *store.Tx, p *domain.Proposal, f *domain.Facts) error {
	if err := w.loadForReviews(tx, *p, f); err != nil {
		return err
	}
	_, err := p.Do(domain.SaveReview, *f)
	return err
}

// loadForReviews is load for who reads or writes reviews: in one statement, with
// the speakers only as far as conflicts depend on them.
func (w Proposals) loadForReviews(tx *store.Tx, p domain.Proposal, f *domain.Facts) error {
	f.Now = w.Now()
	if !judged(p, *f) {
		return nil
	}
	return tx.JudgingAlone(p, f)
}

// Review is the person's own review of a proposal; one they have not begun has
// version 0. Forbidden and so on as in SaveReview, but at any time.
func (w Proposals) Review(ctx context.Context, who domain.Actor, ref string) (ReviewView, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (ReviewView, error) {
		p, f, err := tx.SeeProposal(who, ref)
		if err != nil {
			return ReviewView{}, err
		}
		if err := w.loadForReviews(tx, p, &f); err != nil {
			return ReviewView{}, err
		}
		if err := domain.Refuse(f.NotReviewing()...); err != nil {
			return ReviewView{}, err
		}
		own, err := tx.Review(p.ID, f.Actor.ID)
		if own == nil {
			own = &domain.Review{}
		}
		return reviewView(p, f, *own), err
	})
}

func reviewView(p domain.Proposal, f domain.Facts, own domain.Review) ReviewView {
	return ReviewView{Review: own, Rubric: f.Rubric(), Ref: p.Ref(), Title: p.Title, Now: p.Revision}
}

func (w Proposals) afterReview(tx *store.Tx, p *domain.Proposal, f domain.Facts, _ *domain.Step) error {
	_, err := w.keepReview(tx, *p, f)
	return err
}

// keepReview writes the review, as it then stands; what a complete one said before is kept.
func (w Proposals) keepReview(tx *store.Tx, p domain.Proposal, f domain.Facts) (domain.Review, error) {
	was, err := tx.Review(p.ID, f.Actor.ID)
	if err != nil {
		return domain.Review{}, err
	}
	return w.writeReview(tx, p, f, was)
}

// writeReview is keepReview where the review is known as it stands; nil: there is none.
func (w Proposals) writeReview(tx *store.Tx, p domain.Proposal, f domain.Facts, was *domain.Review) (domain.Review, error) {
	if was == nil {
		return w.firstReview(tx, p, f)
	}
	if f.Expect != 0 && f.Expect != was.Version {
		return *was, domain.StaleVersion("review")
	}
	is := was.With(*f.Input.Review, f.Rubric(), p.Revision)
	if !is.Differs(*was) {
		return *was, nil
	}
	is.Version, is.UpdatedAt = was.Version+1, f.Now
	return is, w.changeReview(tx, p, f, *was, is)
}

func (w Proposals) changeReview(tx *store.Tx, p domain.Proposal, f domain.Facts, was, is domain.Review) error {
	if is.Revision != was.Revision {
		if err := tx.CloseRevision(p.ID, p.Revision, "save"); err != nil {
			return err
		}
	}
	if was.Complete() {
		if err := tx.KeepReview(w.NewID(), was); err != nil {
			return err
		}
	}
	if err := tx.ChangeReview(is); err != nil {
		return err
	}
	return w.auditReview(tx, f, is, was.Complete())
}

func (w Proposals) firstReview(tx *store.Tx, p domain.Proposal, f domain.Facts) (domain.Review, error) {
	if f.Expect != 0 {
		return domain.Review{}, domain.StaleVersion("review")
	}
	// What was read is not written over: the next edit opens a new revision.
	if err := tx.CloseRevision(p.ID, p.Revision, "save"); err != nil {
		return domain.Review{}, err
	}
	r := domain.Review{ID: w.NewID(), Version: 1, ProposalID: p.ID, PersonID: f.Actor.ID, CreatedAt: f.Now, UpdatedAt: f.Now}
	r = r.With(*f.Input.Review, f.Rubric(), p.Revision)
	if err := tx.AddReview(r); err != nil {
		return domain.Review{}, err
	}
	return r, w.auditReview(tx, f, r, false)
}

// auditReview leaves a line when a review becomes complete, and for each change
// after that; what it says stands in the review alone.
func (w Proposals) auditReview(tx *store.Tx, f domain.Facts, r domain.Review, was bool) error {
	if !r.Complete() && !was {
		return nil
	}
	action := "review"
	if was {
		action = "change"
	}
	return w.audit(tx, f.Actor, action, "review", r.ID, "")
}

// afterRecuse notes the conflict; what the person wrote no longer counts.
func (w Proposals) afterRecuse(tx *store.Tx, p *domain.Proposal, f domain.Facts, _ *domain.Step) error {
	if err := tx.DeclareConflict(p.ID, f.Actor.ID, f.Now); err != nil {
		return err
	}
	if err := w.audit(tx, f.Actor, "recuse", "proposal", p.ID, ""); err != nil {
		return err
	}
	r, err := tx.Review(p.ID, f.Actor.ID)
	if err != nil || r == nil {
		return err
	}
	if r.Complete() {
		if err := tx.KeepReview(w.NewID(), *r); err != nil {
			return err
		}
	}
	is := r.Recused()
	is.Version, is.UpdatedAt = r.Version+1, f.Now
	return tx.ChangeReview(is)
}

// ProposalReviews are what the person may read of what others said.
type ProposalReviews struct {
	Ref      string // of the proposal
	Revision int    // its present one
	Stats    domain.ReviewStats
	Reviews  []ReviewBy // theirs first
	Rubric   domain.Rubric
	own      domain.Review // of the person asking, also when the others' may not be seen
}

// ReviewBy is a review with its writer.
type ReviewBy struct {
	domain.Review
	Name string
}

// Reviews are all reviews of a proposal with their figures. Forbidden for who
// does not review, for a conflict, and before one's own is in; see
// domain.Facts.SeesReviews.
func (w Proposals) Reviews(ctx context.Context, who domain.Actor, ref string) (ProposalReviews, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (ProposalReviews, error) {
		p, f, err := tx.SeeProposal(who, ref)
		if err != nil {
			return ProposalReviews{}, err
		}
		if err := w.loadForReviews(tx, p, &f); err != nil {
			return ProposalReviews{}, err
		}
		return reviewsOf(tx, p, f)
	})
}

func reviewsOf(tx *store.Tx, p domain.Proposal, f domain.Facts) (ProposalReviews, error) {
	all, names, err := tx.ReviewsOf(p.ID)
	if err != nil {
		return ProposalReviews{}, err
	}
	out := ProposalReviews{Ref: p.Ref(), Revision: p.Revision, Rubric: f.Rubric()}
	var own *domain.Review
	var scores []int
	for i, r := range all {
		if r.State == domain.ReviewRecused {
			continue
		}
		by := ReviewBy{r, names[r.PersonID]}
		if r.PersonID == f.Actor.ID {
			own, out.own = &all[i], r
			out.Reviews = append([]ReviewBy{by}, out.Reviews...)
		} else {
			out.Reviews = append(out.Reviews, by)
		}
		if r.Score != nil {
			scores = append(scores, *r.Score)
		}
	}
	if err := domain.Refuse(f.SeesReviews(own)...); err != nil {
		return ProposalReviews{own: out.own}, err
	}
	out.Stats = domain.StatsOf(scores)
	out.Stats.Recused = len(f.Declared)
	return out, nil
}
