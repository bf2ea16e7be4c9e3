package workflows

import (
	"context"

	"lectern/domain"
	"lectern/internal/store"
)

const historyLimit = 500

// History are a proposal's steps, newest first. NotFound when the person may
// not see it.
func (w Proposals) History(ctx context.Context, who domain.Actor, ref string) ([]domain.Step, error) {
	return ofProposal(ctx, w, who, ref, func(tx *store.Tx, v ProposalView) ([]domain.Step, error) {
		steps, err := tx.History(v.ID, historyLimit)
		return maskedSteps(v, steps), err
	})
}

// Revisions are a proposal's versions, newest first.
func (w Proposals) Revisions(ctx context.Context, who domain.Actor, ref string) ([]domain.Revision, error) {
	return ofProposal(ctx, w, who, ref, func(tx *store.Tx, v ProposalView) ([]domain.Revision, error) {
		all, err := tx.Revisions(v.ID)
		return maskedRevisions(v, all), err
	})
}

// Lineage are the proposals of the same idea that the person may see, newest
// change first: a draft elsewhere stays unseen.
func (w Proposals) Lineage(ctx context.Context, who domain.Actor, ref string) ([]store.ProposalLine, error) {
	return ofProposal(ctx, w, who, ref, func(tx *store.Tx, v ProposalView) ([]store.ProposalLine, error) {
		if v.Sight == domain.TitleOnly {
			return nil, nil
		}
		return tx.Proposals(who, store.ProposalFilter{IdeaID: v.IdeaID, Limit: 10, Now: w.Now()})
	})
}

func ofProposal[T any](ctx context.Context, w Proposals, who domain.Actor, ref string, read func(*store.Tx, ProposalView) (T, error)) (T, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (T, error) {
		v, err := w.seen(tx, who, ref)
		if err != nil {
			var none T
			return none, err
		}
		return read(tx, v)
	})
}

// ProposalOf finds the proposal that a speaker is on; what may be seen of it is
// decided where it is read.
func (w Proposals) ProposalOf(ctx context.Context, speakerID string) (string, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (string, error) {
		s, err := tx.SeeSpeaker(speakerID)
		return s.ProposalID, err
	})
}
