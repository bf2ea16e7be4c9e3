package store

import (
	"encoding/json"
	"errors"
	"slices"

	"gorm.io/gorm"

	"lectern/domain"
)

// filled are the tables that hold what people and jobs wrote, in an order in
// which they can be emptied: what points at others comes first. The tables
// meta and …lifecycle belong to the program and stay.
var filled = []string{
	"quote_revisions", "quotes",
	"ledger_entries", "documents", "seats", "order_revisions", "orders", "members",
	"access_requests", "price_tiers", "offering_words", "offerings",
	"packet_proposals", "packets", "rankings", "recommendations",
	"review_history", "reviews", "conflicts", "guest_reviewers", "phases", "batches",
	"comments", "stipend_payments", "stipends", "decisions", "external_submissions", "history", "revisions", "replacements", "speakers",
	"proposal_words", "proposal_cosponsors", "proposals", "sequences", "outbox", "audit", "swept", "idempotency",
	"credentials", "sign_ins", "checklist", "quotas", "calls", "forms", "formats", "venues", "terms", "grants",
	"people", "groups", "sections",
}

// keptKeys is the line of meta in which the keys wait while the database is empty.
const keptKeys = "kept_keys"

// startingOver is the line of meta without which the database lets nobody delete
// a packet.
const startingOver = "starting_over"

// keys are what lets people in, by the id of its person.
type keys struct {
	Credentials []credentialRow
	SignIns     []signInRow
}

// Empty removes everything that people and jobs ever wrote: for the
// demonstration only, which starts over. Sessions, tokens and sign-in links are
// set aside; ReturnKeys gives them back to the people who are there again.
func (tx *Tx) Empty() error {
	if err := tx.setKeysAside(); err != nil {
		return err
	}
	if err := tx.SetMeta(startingOver, true); err != nil {
		return err
	}
	for _, table := range filled {
		if err := tx.empty(table); err != nil {
			return err
		}
	}
	return tx.db.Exec("DELETE FROM meta WHERE name = ?", startingOver).Error
}

// kept are the tables whose triggers refuse to delete.
var kept = []string{"ledger_entries", "documents", "order_revisions", "quote_revisions"}

// empty removes every row of a table. Triggers that keep rows are lifted for it,
// within the transaction.
func (tx *Tx) empty(table string) error {
	remove := func() error { return tx.db.Exec("DELETE FROM " + table).Error }
	switch {
	case !slices.Contains(kept, table):
		return remove()
	case tx.postgres:
		return errors.Join(tx.db.Exec("ALTER TABLE "+table+" DISABLE TRIGGER USER").Error, remove(), tx.db.Exec("ALTER TABLE "+table+" ENABLE TRIGGER USER").Error)
	}
	var triggers []struct{ Name, SQL string }
	err := tx.db.Raw("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", table).Scan(&triggers).Error
	for _, t := range triggers {
		err = errors.Join(err, tx.db.Exec("DROP TRIGGER "+t.Name).Error)
	}
	err = errors.Join(err, remove())
	for _, t := range triggers {
		err = errors.Join(err, tx.db.Exec(t.SQL).Error)
	}
	return err
}

// setKeysAside adds to what was set aside before and not given back, so that an
// interrupted start loses no session.
func (tx *Tx) setKeysAside() error {
	var k keys
	if err := tx.Meta(keptKeys, &k); err != nil {
		return err
	}
	var now keys
	if err := tx.db.Find(&now.Credentials).Error; err != nil {
		return err
	}
	if err := tx.db.Find(&now.SignIns).Error; err != nil {
		return err
	}
	k.Credentials, k.SignIns = append(k.Credentials, now.Credentials...), append(k.SignIns, now.SignIns...)
	return tx.SetMeta(keptKeys, k)
}

// ReturnKeys gives the sessions, tokens and sign-in links that Empty set aside
// back to those people who are there again, under the same id.
func (tx *Tx) ReturnKeys() error {
	var k keys
	if err := tx.Meta(keptKeys, &k); err != nil {
		return err
	}
	for _, c := range k.Credentials {
		if err := tx.returnKey(c.PersonID, &c); err != nil {
			return err
		}
	}
	for _, s := range k.SignIns {
		if err := tx.returnKey(s.PersonID, &s); err != nil {
			return err
		}
	}
	return tx.db.Exec("DELETE FROM meta WHERE name = ?", keptKeys).Error
}

func (tx *Tx) returnKey(personID string, row any) error {
	_, err := tx.Person(personID)
	if domain.IsKind(err, domain.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.db.Create(row).Error
}

type metaRow struct {
	Name  string `gorm:"primaryKey"`
	Value string
}

func (metaRow) TableName() string { return "meta" }

// Meta reads a fact the program keeps about its own database, as JSON; the
// value stays as it is when there is none under the name.
func (tx *Tx) Meta(name string, value any) error {
	var row metaRow
	err := tx.db.Where("name = ?", name).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(row.Value), value)
}

// SetMeta keeps a fact under a name, over the one before.
func (tx *Tx) SetMeta(name string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return tx.db.Save(&metaRow{Name: name, Value: string(text)}).Error
}
