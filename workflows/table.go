package workflows

import (
	"io"
	"time"

	"lectern/internal/intake"
	"lectern/internal/store"
)

// WriteCSV writes a table, its heads first, as CSV that does nothing in a
// spreadsheet: a cell that would run as a formula gets an apostrophe.
func WriteCSV(w io.Writer, rows [][]string) error { return intake.WriteCSV(w, rows[0], rows[1:]) }

// MailFilter limits the outbox page. The zero value is every mail.
type MailFilter = store.MailFilter

// MailAfter is the place in the outbox behind which a page begins: the mail's
// time of writing and id.
func MailAfter(at time.Time, id string) *store.ListCursor {
	return &store.ListCursor{UpdatedAt: at, ID: id}
}

// The lines of the lists that boards show, for who draws them.
type (
	ProposalLine   = store.ProposalLine
	CallLine       = store.CallLine
	StipendLine    = store.StipendLine
	StipendSum     = store.StipendSum
	StipendWebinar = store.StipendWebinar
	AuditLine      = store.AuditLine
	CommentLine    = store.Comment
	Cursor         = store.ListCursor
)
