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
	return ofProposal(ctx, w, who, ref, func(tx *store.Tx, p domain.Proposal) ([]domain.Step, error) { return tx.History(p.ID, historyLimit) })
}

// Revisions are a proposal's versions, newest first.
func (w Proposals) Revisions(ctx context.Context, who domain.Actor, ref string) ([]domain.Revision, error) {
	return ofProposal(ctx, w, who, ref, func(tx *store.Tx, p domain.Proposal) ([]domain.Revision, error) { return tx.Revisions(p.ID) })
}

// Lineage are the proposals of the same idea that the person may see, newest
// change first: a draft elsewhere stays unseen.
func (w Proposals) Lineage(ctx context.Context, who domain.Actor, ref string) ([]store.ProposalLine, error) {
	return ofProposal(ctx, w, who, ref, func(tx *store.Tx, p domain.Proposal) ([]store.ProposalLine, error) {
		return tx.Proposals(who, store.ProposalFilter{IdeaID: p.IdeaID, Limit: 10})
	})
}

func ofProposal[T any](ctx context.Context, w Proposals, who domain.Actor, ref string, read func(*store.Tx, domain.Proposal) (T, error)) (T, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (T, error) {
		p, _, err := tx.SeeProposal(who, ref)
		if err != nil {
			var none T
			return none, err
		}
		return read(tx, p)
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
