package store

import (
	"lectern/domain"
)

// ChairsWithDrafts are the people who lead, on the day, a group with a draft for
// the call, each once.
func (tx *Tx) ChairsWithDrafts(callID string, on domain.Date) ([]domain.Person, error) {
	var ids []string
	err := tx.db.Model(&proposalRow{}).Distinct("group_id").Where("call_id = ? AND state = 'draft'", callID).Pluck("group_id", &ids).Error
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return tx.peopleOf(ids, on, domain.TermChair, domain.TermCoChair)
}
