package store

import (
	"strings"
	"sync"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"

	"lectern/domain"
)

// factsRow is a proposal with everything that belongs to it one to one, so that
// the facts behind its moves come in a single statement.
type factsRow struct {
	Proposal proposalRow `gorm:"embedded;embeddedPrefix:p_"`
	Call     callRow     `gorm:"embedded;embeddedPrefix:c_"`
	Venue    venueRow    `gorm:"embedded;embeddedPrefix:v_"`
	Group    groupRow    `gorm:"embedded;embeddedPrefix:g_"`
	Section  sectionRow  `gorm:"embedded;embeddedPrefix:s_"`
	External externalRow `gorm:"embedded;embeddedPrefix:x_"`
	Decision decisionRow `gorm:"embedded;embeddedPrefix:d_"`
	Staged   decisionRow `gorm:"embedded;embeddedPrefix:t_"`
	Parent   briefRow    `gorm:"embedded;embeddedPrefix:u_"`
	Child    briefRow    `gorm:"embedded;embeddedPrefix:k_"`
	MailsOut bool
}

// briefRow is what rules need to know of a parent or child.
type briefRow struct {
	ID          string
	Number      string
	CallID      string
	VenueID     string
	Year        domain.Year
	State       domain.State
	Title       string
	SubmittedAt *time.Time
}

func (b briefRow) proposal() *domain.Proposal {
	if b.ID == "" {
		return nil
	}
	return &domain.Proposal{ID: b.ID, Number: b.Number, CallID: b.CallID, VenueID: b.VenueID, Year: b.Year, State: b.State, Title: b.Title, SubmittedAt: b.SubmittedAt}
}

var factsColumns = sync.OnceValue(func() string {
	parts := []string{
		columns("p", proposalRow{}), columns("c", callRow{}), columns("v", venueRow{}),
		columns("g", groupRow{}), columns("s", sectionRow{}), columns("x", externalRow{}), columns("d", decisionRow{}),
		columns("t", decisionRow{}), columns("u", briefRow{}), columns("k", briefRow{}),
		"EXISTS (SELECT 1 FROM outbox o WHERE o.subject_id = p.id AND o.kind = 'outcome' AND o.state = 'sent') AS mails_out",
	}
	return strings.Join(parts, ", ")
})

// columns lists a row's columns with the table's alias before and as a prefix.
func columns(alias string, row any) string {
	parsed, err := schema.Parse(row, &sync.Map{}, schema.NamingStrategy{})
	if err != nil {
		panic(err) // a row type of this package that GORM cannot read: every test fails
	}
	list := make([]string, len(parsed.DBNames))
	for i, name := range parsed.DBNames {
		list[i] = alias + "." + name + " AS " + alias + "_" + name
	}
	return strings.Join(list, ", ")
}

// The empty number and parent are left out in so many words, because the indexes
// leave them out: without, each look at one proposal reads the whole table.
const factsJoins = `JOIN calls c ON c.id = p.call_id
JOIN venues v ON v.id = p.venue_id
JOIN groups g ON g.id = p.group_id
JOIN sections s ON s.id = g.section_id
LEFT JOIN external_submissions x ON x.proposal_id = p.id
LEFT JOIN decisions d ON d.proposal_id = p.id AND d.published_at IS NOT NULL AND d.superseded_at IS NULL
LEFT JOIN decisions t ON t.proposal_id = p.id AND t.published_at IS NULL
LEFT JOIN proposals u ON u.id = p.parent_id AND p.parent_id <> ''
LEFT JOIN proposals k ON k.parent_id = p.id AND k.parent_id <> '' AND k.state <> 'withdrawn'`

// Proposal finds a proposal by id or number with the facts that belong to it,
// and holds its row until the transaction ends, if the actor may see it. NotFound otherwise.
func (tx *Tx) Proposal(a domain.Actor, ref string) (domain.Proposal, domain.Facts, error) {
	q := tx.db
	if tx.postgres {
		q = q.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate, Table: clause.Table{Name: "p"}})
	}
	return tx.takeFacts(q, a, ref)
}

// SeeProposal is Proposal without holding the row, for reading.
func (tx *Tx) SeeProposal(a domain.Actor, ref string) (domain.Proposal, domain.Facts, error) {
	return tx.takeFacts(tx.db, a, ref)
}

func (tx *Tx) takeFacts(q *gorm.DB, a domain.Actor, ref string) (domain.Proposal, domain.Facts, error) {
	var r factsRow
	q = visible(q.Table("proposals p").Where("(p.id = ? OR p.number = ? AND p.number <> '')", ref, ref), a)
	err := one(q.Select(factsColumns()).Joins(factsJoins).Take(&r), "proposal")
	if err != nil {
		return domain.Proposal{}, domain.Facts{}, err
	}
	f := r.facts(a)
	f.Form, err = tx.Form(r.Call.FormID)
	return domain.Proposal(r.Proposal), f, err
}

func (r factsRow) facts(a domain.Actor) domain.Facts {
	f := domain.Facts{
		Actor: a, Section: domain.Section(r.Section), Group: domain.Group(r.Group), Call: domain.Call(r.Call),
		Venue: domain.Venue(r.Venue), Parent: r.Parent.proposal(), Child: r.Child.proposal(), MailsOut: r.MailsOut,
	}
	if r.External.ProposalID != "" {
		x := domain.External(r.External)
		f.External = &x
	}
	if r.Decision.ID != "" {
		d := domain.Decision(r.Decision)
		f.Decision = &d
	}
	if r.Staged.ID != "" {
		d := domain.Decision(r.Staged)
		f.Staged = &d
	}
	return f
}
