package workflows

import (
	"context"

	"lectern/domain"
	"lectern/internal/store"
)

// audit leaves a line of what was done to something other than a proposal.
// Detail is in words, without addresses or texts of people.
func (b Base) audit(tx *store.Tx, who domain.Actor, action, noun, subjectID, detail string) error {
	return tx.Audit(store.AuditLine{ID: b.NewID(), At: b.Now(), ActorID: who.ID, ActorName: who.Name, Action: action, Noun: noun, SubjectID: subjectID, Detail: detail})
}

// Audits shows what was done to anything but proposals, which have a history of their own.
type Audits struct{ Base }

// Page are the newest lines behind the cursor. NotFound for others than staff
// and administrators.
func (w Audits) Page(ctx context.Context, who domain.Actor, after *store.ListCursor, limit int) ([]store.AuditLine, error) {
	if !who.Has(domain.Staff, domain.Admin) {
		return nil, domain.NotThere("page")
	}
	return store.Read(ctx, w.Store, func(tx *store.Tx) ([]store.AuditLine, error) { return tx.AuditPage(who, after, limit) })
}
