package store

import (
	"fmt"
	"strconv"
	"time"

	"gorm.io/gorm"

	"lectern/domain"
)

// ProposalFilter limits a list. The zero value is everything the actor may see.
type ProposalFilter struct {
	GroupID  string
	GroupRef string // id or slug
	Year     domain.Year
	VenueID  string
	CallID   string
	CallRef  string // id or slug
	IdeaID   string
	State    domain.State
	Words    []string // each begins a word of title, speakers or tags
	After    *ListCursor
	Limit    int
}

// ListCursor is the last line of the page before.
type ListCursor struct {
	UpdatedAt time.Time
	ID        string
}

// ProposalLine is what a list shows of a proposal.
type ProposalLine struct {
	ID          string
	Version     int
	Number      string
	Title       string
	State       domain.State
	Year        domain.Year
	VenueID     string
	VenueName   string
	Decider     domain.Decider
	FormatID    string
	FormatName  string
	CallID      string
	CallSlug    string
	CallName    string
	GroupID     string
	GroupSlug   string
	GroupName   string
	Lead        string // the first speaker
	Reference   string // in the outside site, once it was sent there
	OpensAt     *time.Time
	ClosesAt    *time.Time
	Zone        string
	SubmittedAt *time.Time
	UpdatedAt   time.Time
}

const lineColumns = `p.id, p.version, p.number, p.title, p.state, p.year, p.venue_id, v.name AS venue_name, v.decider,
  p.format_id, f.name AS format_name, p.call_id, c.slug AS call_slug, c.name AS call_name,
  p.group_id, g.slug AS group_slug, g.name AS group_name, c.opens_at, c.closes_at, c.zone, p.submitted_at, p.updated_at,
  COALESCE((SELECT s.name FROM speakers s WHERE s.proposal_id = p.id AND s.replaced_by = '' ORDER BY s.position LIMIT 1), '') AS lead,
  COALESCE((SELECT e.reference FROM external_submissions e WHERE e.proposal_id = p.id), '') AS reference`

const lineJoins = `JOIN proposals p ON p.id = n.id
JOIN venues v ON v.id = p.venue_id
JOIN formats f ON f.venue_id = p.venue_id AND f.id = p.format_id
JOIN calls c ON c.id = p.call_id
JOIN groups g ON g.id = p.group_id
ORDER BY p.updated_at DESC, p.id DESC`

// Proposals are the lines the actor may see, newest change first, one statement
// whatever their number. Which lines they are is settled before anything is
// joined to them, so that only what is shown is put together.
func (tx *Tx) Proposals(a domain.Actor, f ProposalFilter) ([]ProposalLine, error) {
	// The number stands in the text: Postgres makes one plan for all values of a
	// bound LIMIT, and then expects a tenth of the table.
	shown := f.apply(visible(tx.db.Table("proposals p"), a)).Select("p.id").Order("p.updated_at DESC, p.id DESC LIMIT " + strconv.Itoa(f.Limit))
	rows, err := tx.db.Raw("SELECT "+lineColumns+" FROM (?) n "+lineJoins, shown).Rows()
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var lines []ProposalLine
	for rows.Next() {
		var l ProposalLine
		if err := rows.Scan(l.places()...); err != nil {
			return nil, fmt.Errorf("read a proposal's line: %w", err)
		}
		lines = append(lines, l)
	}
	return lines, rows.Err()
}

// places are where the columns of a line go, in the order of lineColumns.
func (l *ProposalLine) places() []any {
	return []any{
		&l.ID, &l.Version, &l.Number, &l.Title, &l.State, &l.Year, &l.VenueID, &l.VenueName, &l.Decider,
		&l.FormatID, &l.FormatName, &l.CallID, &l.CallSlug, &l.CallName,
		&l.GroupID, &l.GroupSlug, &l.GroupName, &l.OpensAt, &l.ClosesAt, &l.Zone, &l.SubmittedAt, &l.UpdatedAt,
		&l.Lead, &l.Reference,
	}
}

func (f ProposalFilter) apply(q *gorm.DB) *gorm.DB {
	equal := []struct{ column, value string }{
		{"p.group_id", f.GroupID},
		{"p.year", string(f.Year)},
		{"p.venue_id", f.VenueID},
		{"p.call_id", f.CallID},
		{"p.idea_id", f.IdeaID},
		{"p.state", string(f.State)},
	}
	for _, e := range equal {
		if e.value != "" {
			q = q.Where(e.column+" = ?", e.value)
		}
	}
	if f.GroupRef != "" {
		q = q.Where("p.group_id = (SELECT id FROM groups WHERE id = ? OR slug = ? LIMIT 1)", f.GroupRef, f.GroupRef)
	}
	if f.CallRef != "" {
		q = q.Where("p.call_id = (SELECT id FROM calls WHERE id = ? OR slug = ? LIMIT 1)", f.CallRef, f.CallRef)
	}
	for _, w := range f.Words {
		q = q.Where("p.id IN (SELECT w.proposal_id FROM proposal_words w WHERE w.word >= ? AND w.word < ?)", w, wordEnd(w))
	}
	if f.After != nil {
		q = q.Where("(p.updated_at, p.id) < (?, ?)", f.After.UpdatedAt, f.After.ID)
	}
	return q
}

// wordEnd is the first text after all words that begin with w, in byte order.
func wordEnd(w string) string { return w + "\U0010FFFF" }

// StateCount is how many proposals of a group, venue and format are in a state.
type StateCount struct {
	GroupID  string
	VenueID  string
	FormatID string
	State    domain.State
	N        int
}

// StateCounts are the numbers of a year's proposals of the groups, for the year
// board, in one statement. They tell nothing but counts, so drafts are in them.
func (tx *Tx) StateCounts(groupIDs []string, y domain.Year) ([]StateCount, error) {
	var rows []StateCount
	err := tx.db.Table("proposals p").Select("p.group_id, p.venue_id, p.format_id, p.state, COUNT(*) AS n").
		Where("p.year = ? AND p.group_id IN ?", y, groupIDs).
		Group("p.group_id, p.venue_id, p.format_id, p.state").
		Order("p.group_id, p.venue_id, p.format_id, p.state").Scan(&rows).Error
	return rows, err
}

// DraftTitles are the titles of a group's drafts, all the Leadership Team sees of them.
type DraftTitle struct {
	ID      string
	GroupID string
	CallID  string
	Title   string
}

// Drafts are the titles of the year's drafts of the groups.
func (tx *Tx) Drafts(groupIDs []string, y domain.Year) ([]DraftTitle, error) {
	var rows []DraftTitle
	err := tx.db.Table("proposals").Select("id, group_id, call_id, title").
		Where("year = ? AND group_id IN ? AND state = 'draft'", y, groupIDs).Order("group_id, title, id").Limit(500).Scan(&rows).Error
	return rows, err
}
