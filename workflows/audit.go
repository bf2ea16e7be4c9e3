package workflows

import (
	"lectern/domain"
	"lectern/internal/store"
)

// audit leaves a line of what was done to something other than a proposal.
// Detail is in words, without addresses or texts of people.
func (b Base) audit(tx *store.Tx, who domain.Actor, action, noun, subjectID, detail string) error {
	return tx.Audit(store.AuditLine{ID: b.NewID(), At: b.Now(), ActorID: who.ID, ActorName: who.Name, Action: action, Noun: noun, SubjectID: subjectID, Detail: detail})
}
