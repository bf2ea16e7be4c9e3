package store

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// constraint names the rule of the schema that refused a change: the name of a
// unique index, check or trigger. Empty when err is something else. SQLite
// names the columns of a unique index, so those are looked up in uniqueColumns.
func constraint(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.ConstraintName
	}
	var lite *sqlite.Error
	if !errors.As(err, &lite) {
		return ""
	}
	return sqliteConstraint(lite)
}

func sqliteConstraint(e *sqlite.Error) string {
	said := e.Error()
	if i := strings.LastIndex(said, " ("); i > 0 {
		said = said[:i]
	}
	after := func(p string) string { _, rest, _ := strings.Cut(said, p); return rest }
	switch e.Code() {
	case lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY:
		return uniqueColumns[after("UNIQUE constraint failed: ")]
	case lib.SQLITE_CONSTRAINT_CHECK:
		return after("CHECK constraint failed: ")
	case lib.SQLITE_CONSTRAINT_TRIGGER:
		return after("constraint failed: ")
	case lib.SQLITE_CONSTRAINT_FOREIGNKEY:
		return "foreign_key"
	}
	return ""
}

// uniqueColumns gives the unique indexes that a workflow answers for, by the
// columns that SQLite names instead.
var uniqueColumns = map[string]string{
	"stipends.proposal_id, stipends.slot":     "stipends_live_slot",
	"stipends.proposal_id, stipends.payee":    "stipends_live_payee",
	"stipend_payments.stipend_id":             "stipend_payments_good",
	"proposals.parent_id":                     "proposals_one_child",
	"proposals.call_id, proposals.import_key": "proposals_import",
	"proposals.number":                        "proposals_number",
	"people.email":                            "people_email",
	"groups.slug":                             "groups_slug",
	"calls.slug":                              "calls_slug",
	"terms.group_id, terms.person_id, terms.role, terms.starts_on":          "terms_once",
	"outbox.cause, outbox.address, outbox.kind":                             "outbox_once",
	"idempotency.principal, idempotency.route, idempotency.idempotency_key": "idempotency_pkey",
	"reviews.proposal_id, reviews.person_id":                                "reviews_one",
	"decisions.proposal_id":                                                 "decisions_one_staged",
	"packets.section_id, packets.venue_id, packets.year, packets.number":    "packets_number",
	"replacements.speaker_id":                                               "replacements_open",
	"offerings.proposal_id":                                                 "offerings_proposal",
	"offerings.slug":                                                        "offerings_slug",
	"orders.number":                                                         "orders_number",
	"orders.quote_id":                                                       "orders_quote",
	"quotes.number":                                                         "quotes_number",
	"seats.offering_id, seats.email_key":                                    "seats_person",
}

// transient tells whether trying the transaction again may help.
func transient(err error) bool {
	if errors.Is(err, ErrAgain) {
		return true
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "40001" || pg.Code == "40P01" || pg.Code == "55P03"
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) && lite.Code()&0xff == lib.SQLITE_BUSY
}
