package workflows

import (
	"context"
	"errors"
	"slices"
	"time"

	"lectern/domain"
	"lectern/internal/store"
)

// BatchView is a batch and how far it got, as far as the person may know.
type BatchView struct {
	domain.Batch
	Total   int
	Done    int
	Refused []domain.BatchRefusal
}

// begin writes a batch down before its first proposal, unless there is a reason
// not to. One that was begun with the same preview is that batch, and goes on as it
// was begun.
func (w Decisions) begin(tx *store.Tx, who domain.Actor, b domain.Batch, present string, why ...domain.Reason) (domain.Batch, error) {
	if known, err := tx.BatchOf(b.Action, b.SubjectID, b.Token); err != nil || known != nil {
		return value(known), err
	}
	if len(why) > 0 {
		return b, domain.Refuse(why...)
	}
	if b.Token != present {
		return b, domain.Refuse(domain.Because("", "preview_outdated", "Something changed since you looked. Look at what would happen now, then decide again."))
	}
	if len(b.Items) == 0 {
		return b, domain.Refuse(domain.Because("", "nothing_to_do", "There is nothing to do."))
	}
	b.ID, b.ByID, b.ByName, b.BegunAt, b.Refused = w.NewID(), who.ID, who.Name, w.Now(), []domain.BatchRefusal{}
	if err := tx.AddBatch(b); err != nil {
		return b, err
	}
	known, err := tx.BatchOf(b.Action, b.SubjectID, b.Token)
	return value(known), err
}

func value[T any](p *T) T {
	if p == nil {
		var none T
		return none
	}
	return *p
}

// goOn does what is left of a batch, each proposal in a transaction of its own.
// What a rule refuses is written down, and the others go on; any other error ends
// this attempt, and the next one goes on from there.
func (w Decisions) goOn(ctx context.Context, who domain.Actor, b domain.Batch) (BatchView, error) {
	left, err := store.Read(ctx, w.Store, func(tx *store.Tx) ([]domain.BatchItem, error) { return left(tx, b) })
	if err != nil {
		return BatchView{}, err
	}
	for _, item := range left {
		_, err := store.Write(ctx, w.Store, func(tx *store.Tx) (struct{}, error) { return struct{}{}, w.doItem(tx, who, b, item) })
		var refusal *domain.Error
		if errors.As(err, &refusal) {
			err = w.refuse(ctx, b, item, refusal)
		}
		if err != nil {
			return BatchView{}, err
		}
	}
	return store.Write(ctx, w.Store, func(tx *store.Tx) (BatchView, error) { return w.end(tx, who, b) })
}

// left are the items of a batch that were neither done nor refused.
func left(tx *store.Tx, b domain.Batch) ([]domain.BatchItem, error) {
	lines, err := tx.BatchLines(domain.Actor{Clock: true}, b)
	done := map[string]bool{}
	for _, l := range lines {
		done[l.ID] = l.Done
	}
	return slices.DeleteFunc(slices.Clone(b.Items), func(i domain.BatchItem) bool { return done[i.ProposalID] || b.Refuses(i.ProposalID) }), err
}

func (w Decisions) doItem(tx *store.Tx, who domain.Actor, b domain.Batch, item domain.BatchItem) error {
	if b.Action == domain.PublishDecision {
		return w.publishItem(tx, who, item)
	}
	return w.cancelItem(tx, who, b, item)
}

// refuse writes down why nothing was done with a proposal.
func (w Decisions) refuse(ctx context.Context, b domain.Batch, item domain.BatchItem, refusal *domain.Error) error {
	_, err := store.Write(ctx, w.Store, func(tx *store.Tx) (struct{}, error) {
		now, err := tx.Batch(b.ID)
		if err != nil || now.Refuses(item.ProposalID) {
			return struct{}{}, err
		}
		p, err := tx.ByID(item.ProposalID)
		if err != nil {
			return struct{}{}, err
		}
		now.Refused = append(now.Refused, domain.BatchRefusal{ProposalID: item.ProposalID, Number: value(p).Number, Code: refusal.Code(), Detail: refusal.Error()})
		return struct{}{}, tx.SaveBatch(now)
	})
	return err
}

// end notes the end of a batch, once, and answers what became of it.
func (w Decisions) end(tx *store.Tx, who domain.Actor, b domain.Batch) (BatchView, error) {
	now, err := tx.Batch(b.ID)
	if err != nil {
		return BatchView{}, err
	}
	if now.EndedAt == nil {
		at := w.Now()
		now.EndedAt = &at
		if err := tx.SaveBatch(now); err != nil {
			return BatchView{}, err
		}
		done := domain.Plural(len(now.Items)-len(now.Refused), "proposal")
		if err := w.audit(tx, who, string(now.Action), "batch", now.ID, done+", "+domain.Plural(len(now.Refused), "refusal")); err != nil {
			return BatchView{}, err
		}
	}
	return w.viewBatch(tx, who, now)
}

// viewBatch counts what the person may know of: nothing of their own groups.
func (w Decisions) viewBatch(tx *store.Tx, who domain.Actor, b domain.Batch) (BatchView, error) {
	lines, err := tx.BatchLines(who, b)
	v := BatchView{Batch: b, Total: len(lines)}
	for _, l := range lines {
		if l.Done {
			v.Done++
		}
		for _, r := range b.Refused {
			if r.ProposalID == l.ID {
				v.Refused = append(v.Refused, r)
			}
		}
	}
	return v, err
}

// Batch is how far a batch got. NotFound for those who could not have begun it.
func (w Decisions) Batch(ctx context.Context, who domain.Actor, id string) (BatchView, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (BatchView, error) {
		b, err := tx.SeeBatch(id)
		if err != nil {
			return BatchView{}, err
		}
		if !who.Has(domain.Staff, domain.Admin) && b.ByID != who.ID {
			return BatchView{}, domain.NotThere("batch")
		}
		return w.viewBatch(tx, who, b)
	})
}

// Resume goes on with every batch that was interrupted, as the person who began
// it, with the rights they have today.
func (w Decisions) Resume(ctx context.Context, zone *time.Location) error {
	open, err := store.Read(ctx, w.Store, (*store.Tx).OpenBatches)
	if err != nil {
		return err
	}
	var problems []error
	for _, b := range open {
		who, err := store.Read(ctx, w.Store, func(tx *store.Tx) (domain.Actor, error) {
			return tx.ActorOf(b.ByID, domain.DateOf(w.Now(), zone))
		})
		if err == nil {
			_, err = w.goOn(ctx, who, b)
		}
		problems = append(problems, err)
	}
	return errors.Join(problems...)
}
