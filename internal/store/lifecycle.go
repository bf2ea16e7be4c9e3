package store

import (
	"lectern/domain"
)

// fillLifecycle writes the legal changes of domain's tables into the database,
// which checks every change of state against them.
func (tx *Tx) fillLifecycle() error {
	for _, p := range domain.Passages() {
		const add = "INSERT INTO lifecycle (action, from_state, to_state) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
		if err := tx.db.Exec(add, p.Action, p.From, p.To).Error; err != nil {
			return err
		}
	}
	for _, p := range domain.StipendPassages() {
		const add = "INSERT INTO stipend_lifecycle (from_state, to_state) VALUES (?, ?) ON CONFLICT DO NOTHING"
		if err := tx.db.Exec(add, p[0], p[1]).Error; err != nil {
			return err
		}
	}
	return nil
}
