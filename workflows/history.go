package workflows

import (
	"context"
	"slices"

	"lectern/domain"
	"lectern/internal/store"
)

// HistoryFilter says which part of a history is read.
type HistoryFilter = store.HistoryFilter

// RevisionFilter says which versions are read.
type RevisionFilter = store.RevisionFilter

// History is a page of a proposal's steps, newest first. NotFound when the person
// may not see it.
func (w Proposals) History(ctx context.Context, who domain.Actor, ref string, f HistoryFilter) ([]domain.Step, error) {
	return ofProposal(ctx, w, who, ref, func(tx *store.Tx, v ProposalView) ([]domain.Step, error) {
		if v.Sight == domain.TitleOnly {
			return nil, nil
		}
		f.Nameless = v.Sight == domain.Nameless
		steps, err := tx.HistoryPage(v.ID, f)
		return maskedSteps(v, steps), err
	})
}

// Revisions is a page of a proposal's versions, newest first.
func (w Proposals) Revisions(ctx context.Context, who domain.Actor, ref string, f RevisionFilter) ([]domain.Revision, error) {
	_, all, err := w.Versions(ctx, who, ref, f)
	return all, err
}

// Versions finds a proposal with a page of its versions, newest first.
func (w Proposals) Versions(ctx context.Context, who domain.Actor, ref string, f RevisionFilter) (ProposalView, []domain.Revision, error) {
	return w.versions(ctx, who, ref, func(tx *store.Tx, v ProposalView) ([]domain.Revision, error) { return tx.Revisions(v.ID, f) })
}

// TwoVersions finds a proposal with two of its versions: 0 for to is the newest, for
// from the one before to. NotFound when there is not one of them.
func (w Proposals) TwoVersions(ctx context.Context, who domain.Actor, ref string, from, to int) (v ProposalView, a, b domain.Revision, err error) {
	v, all, err := w.versions(ctx, who, ref, func(tx *store.Tx, v ProposalView) ([]domain.Revision, error) {
		if to == 0 {
			to = v.Revision
		}
		if from == 0 {
			from = max(to-1, 1)
		}
		if min(from, to) < 1 || max(from, to) > v.Revision {
			return nil, domain.NotThere("version")
		}
		return tx.RevisionsOf(v.ID, from, to)
	})
	if err != nil {
		return v, a, b, err
	}
	i := slices.IndexFunc(all, func(r domain.Revision) bool { return r.Number == from })
	k := slices.IndexFunc(all, func(r domain.Revision) bool { return r.Number == to })
	if i < 0 || k < 0 {
		return v, a, b, domain.NotThere("version")
	}
	return v, all[i], all[k], nil
}

func (w Proposals) versions(ctx context.Context, who domain.Actor, ref string, read func(*store.Tx, ProposalView) ([]domain.Revision, error)) (v ProposalView, all []domain.Revision, err error) {
	all, err = ofProposal(ctx, w, who, ref, func(tx *store.Tx, seen ProposalView) ([]domain.Revision, error) {
		v = seen
		found, err := read(tx, v)
		return maskedRevisions(v, found), err
	})
	return v, all, err
}

// Lineage is a page of the proposals of the same idea that the person may see,
// newest change first: a draft elsewhere stays unseen.
func (w Proposals) Lineage(ctx context.Context, who domain.Actor, ref string, after *Cursor, limit int) ([]store.ProposalLine, error) {
	return ofProposal(ctx, w, who, ref, func(tx *store.Tx, v ProposalView) ([]store.ProposalLine, error) {
		if v.Sight == domain.TitleOnly {
			return nil, nil
		}
		return tx.Proposals(who, store.ProposalFilter{IdeaID: v.IdeaID, After: after, Limit: limit, Now: w.Now()})
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
