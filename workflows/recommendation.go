package workflows

import (
	"context"

	"lectern/domain"
	"lectern/internal/store"
)

// RecommendationView is what is recommended about a proposal, with what it is
// made by. One that nobody wrote yet has version 0.
type RecommendationView struct {
	domain.Recommendation
	Ref     string // of the proposal
	Title   string // the same
	Rank    int    // its place among those of its format that the person sees
	Of      int    // how many those are
	Reviews ProposalReviews
	Facts   domain.Facts
	Closed  []domain.Reason // why the person cannot write it now; nil: they can
}

// Recommend keeps what is recommended about a proposal, whole: the first time it
// adds it, after that it changes it. With a rank the proposal gets that place.
// Forbidden for others than the Leadership chair, or the vice chair where the
// chair has a conflict; Conflict outside of the phase, or with too few reviews and
// no reason; Stale when version is said and is an old one; Invalid with every
// mistake. Then nothing is changed.
func (w Proposals) Recommend(ctx context.Context, who domain.Actor, ref string, version int, in domain.RecommendationInput) (RecommendationView, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (RecommendationView, error) {
		p, f, err := tx.Proposal(who, ref)
		if err != nil {
			return RecommendationView{}, err
		}
		f.Input.Recommendation, f.Expect = &in, version
		if err := w.load(tx, p, &f); err != nil {
			return RecommendationView{}, err
		}
		if _, err := w.move(tx, p, f, domain.Recommend); err != nil {
			return RecommendationView{}, err
		}
		return w.recommendation(tx, p, f)
	})
}

// Recommendation is what is recommended about a proposal, for the Leadership Team
// and administrators, once the recommendations have begun. Forbidden before, for a
// conflict, and for everybody else who sees the proposal.
func (w Proposals) Recommendation(ctx context.Context, who domain.Actor, ref string) (RecommendationView, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (RecommendationView, error) {
		p, f, err := tx.SeeProposal(who, ref)
		if err != nil {
			return RecommendationView{}, err
		}
		if err := w.load(tx, p, &f); err != nil {
			return RecommendationView{}, err
		}
		if err := domain.Refuse(f.SeesRecommendation()...); err != nil {
			return RecommendationView{}, err
		}
		return w.recommendation(tx, p, f)
	})
}

func (w Proposals) recommendation(tx *store.Tx, p domain.Proposal, f domain.Facts) (RecommendationView, error) {
	v := RecommendationView{Ref: p.Ref(), Title: p.Title, Facts: f, Closed: p.Why(domain.Recommend, f)}
	written, err := tx.Recommendation(p.ID)
	if err != nil {
		return v, err
	}
	if written != nil {
		v.Recommendation = *written
	}
	if v.Reviews, err = reviewsOf(tx, p, f); err != nil {
		return v, err
	}
	r, err := tx.Round(f.Actor, f.Section.ID, p.VenueID, p.Year)
	if err != nil {
		return v, err
	}
	b := w.ranked(f.Actor, r, p.FormatID)
	v.Of = len(b.Rows)
	for _, row := range b.Rows {
		if row.ID == p.ID {
			v.Rank = row.Rank
		}
	}
	return v, nil
}

// afterRecommend writes the recommendation. The ranking is held, so that a packet
// has either all of it or nothing.
func (w Proposals) afterRecommend(tx *store.Tx, p *domain.Proposal, f domain.Facts, _ *domain.Step) error {
	ranking, err := tx.HoldRanking(domain.RankingKey{SectionID: f.Section.ID, VenueID: p.VenueID, Year: p.Year, FormatID: p.FormatID})
	if err != nil {
		return err
	}
	was, err := tx.Recommendation(p.ID)
	if err != nil {
		return err
	}
	is := domain.Recommendation{ProposalID: p.ID}
	if was != nil {
		is = *was
	}
	if f.Expect != 0 && f.Expect != is.Version {
		return domain.StaleVersion("recommendation")
	}
	in := *f.Input.Recommendation
	is = is.With(in, p.Revision)
	if was == nil || is != *was {
		is.Version, is.ByID, is.ByName, is.At = is.Version+1, f.Actor.ID, f.Actor.Name, f.Now
		if err := tx.SaveRecommendation(is); err != nil {
			return err
		}
		if err := w.audit(tx, f.Actor, "recommend", "recommendation", p.ID, ""); err != nil {
			return err
		}
	}
	if in.Rank == 0 {
		return nil
	}
	return w.place(tx, f, ranking, domain.RankMove{ProposalID: p.ID, To: in.Rank})
}

// place gives a proposal its place in a ranking that is held.
func (w Proposals) place(tx *store.Tx, f domain.Facts, ranking domain.Ranking, m domain.RankMove) error {
	r, err := tx.Round(f.Actor, f.Section.ID, ranking.VenueID, ranking.Year)
	if err != nil {
		return err
	}
	err = w.moveIn(tx, f.Actor, w.ranked(f.Actor, r, ranking.FormatID), ranking, m)
	if refusal, is := asRefusal(err); is && domain.IsKind(err, domain.Invalid) {
		for i := range refusal.Reasons {
			refusal.Reasons[i].Pointer = "/rank"
		}
	}
	return err
}
