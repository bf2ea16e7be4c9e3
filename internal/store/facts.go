package store

import (
	"strings"
	"sync"
	"time"

	"gorm.io/gorm/schema"

	"lectern/domain"
)

// factsRow is a proposal with everything that belongs to it one to one, so that
// the facts behind its moves come in a single statement.
type factsRow struct {
	Proposal proposalRow
	Call     callRow
	Venue    venueRow
	Group    groupRow
	Section  sectionRow
	External externalRow
	Decision decisionRow
	Staged   decisionRow
	Parent   briefRow
	Child    briefRow
	MailsOut bool
	Sponsors string // slugs of the co-sponsoring groups, between spaces
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
	CarriedFrom domain.State
	SubmittedAt *time.Time
}

func (b briefRow) proposal() *domain.Proposal {
	if b.ID == "" {
		return nil
	}
	return &domain.Proposal{ID: b.ID, Number: b.Number, CallID: b.CallID, VenueID: b.VenueID, Year: b.Year, State: b.State, Title: b.Title, CarriedFrom: b.CarriedFrom, SubmittedAt: b.SubmittedAt}
}

// factsParts are the rows of factsRow, in its order, under their aliases.
var factsParts = []struct {
	alias string
	row   any
	maybe bool // need not be there
}{
	{"p", proposalRow{}, false},
	{"c", callRow{}, false},
	{"v", venueRow{}, false},
	{"g", groupRow{}, false},
	{"s", sectionRow{}, false},
	{"x", externalRow{}, true},
	{"d", decisionRow{}, true},
	{"t", decisionRow{}, true},
	{"u", briefRow{}, true},
	{"k", briefRow{}, true},
}

var factsSQL = sync.OnceValue(func() string {
	var parts []string
	for _, p := range factsParts {
		parts = append(parts, columns(p.alias, p.row))
	}
	parts = append(parts, "EXISTS (SELECT 1 FROM outbox o WHERE o.subject_id = p.id AND o.kind = 'outcome' AND o.state = 'sent') AS mails_out",
		"COALESCE((SELECT string_agg(sg.slug, ' ' ORDER BY sg.slug) FROM proposal_cosponsors sp JOIN groups sg ON sg.id = sp.group_id WHERE sp.proposal_id = p.id), '') AS sponsors")
	return "SELECT " + strings.Join(parts, ", ") + " FROM proposals p " + factsJoins
})

// factsTexts has the question by its condition and lock, of which there is one for
// each kind of person: the text is long, and every look at a proposal asks it.
var factsTexts sync.Map

func factsText(where, lock string) string {
	type kind struct{ where, lock string }
	if known, ok := factsTexts.Load(kind{where, lock}); ok {
		return known.(string)
	}
	text := factsSQL() + where + " LIMIT 1" + lock
	factsTexts.Store(kind{where, lock}, text)
	return text
}

// factsPlaces are the fields that the columns of factsSQL go to, in their order.
var factsPlaces = sync.OnceValue(func() []place {
	var all []place
	for i, p := range factsParts {
		part := places(p.row, i)
		for j := range part {
			part[j].maybe = p.maybe
		}
		all = append(all, part...)
	}
	return append(all, place{index: []int{len(factsParts)}}, place{index: []int{len(factsParts) + 1}}) // MailsOut, Sponsors
})

// columns lists a row's columns with the table's alias before and as a prefix.
func columns(alias string, row any) string {
	list := names(row)
	for i, name := range list {
		list[i] = alias + "." + name + " AS " + alias + "_" + name
	}
	return strings.Join(list, ", ")
}

// names are a row's columns.
func names(row any) []string {
	parsed, err := schema.Parse(row, &sync.Map{}, schema.NamingStrategy{})
	if err != nil {
		panic(err) // a row type of this package that GORM cannot read: every test fails
	}
	return parsed.DBNames
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
	lock := ""
	if tx.postgres {
		lock = " FOR UPDATE OF p"
	}
	return tx.takeFacts(a, ref, lock)
}

// SeeProposal is Proposal without holding the row, for reading.
func (tx *Tx) SeeProposal(a domain.Actor, ref string) (domain.Proposal, domain.Facts, error) {
	return tx.takeFacts(a, ref, "")
}

func (tx *Tx) takeFacts(a domain.Actor, ref, lock string) (domain.Proposal, domain.Facts, error) {
	var r factsRow
	var which where
	which.and("(p.id = ? OR p.number = ? AND p.number <> '')", ref, ref)
	condition, values := visibleTo(a)
	which.and(condition, values...)
	err := tx.ask(func(found row) error { return scanRow(found, factsPlaces(), &r) }, factsText(which.text(), lock), which.values...)
	if err == nil && r.Proposal.ID == "" {
		err = domain.NotThere("proposal")
	}
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
		Venue: domain.Venue(r.Venue), Parent: r.Parent.proposal(), Child: r.Child.proposal(), MailsOut: r.MailsOut, SponsorSlugs: strings.Fields(r.Sponsors),
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
	return f.Seen()
}
