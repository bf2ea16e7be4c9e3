package store

import (
	"fmt"
	"strconv"
	"time"

	"lectern/domain"
)

// ProposalFilter limits a list. The zero value is everything the actor may see.
type ProposalFilter struct {
	In       *GroupSight // of this group, without what is hidden in it
	GroupID  string
	GroupRef string // id or slug
	Year     domain.Year
	VenueID  string
	CallID   string
	CallRef  string // id or slug
	IdeaID   string
	State    domain.State
	Words    []string  // each begins a word of title, speakers or tags
	Now      time.Time // what is hidden at this instant is not shown; zero: whatever is ever hidden
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
	Sight       domain.Sight // how much of it is here
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

// Proposals are the lines the actor may see, newest change first: one statement
// whatever their number, one more for a search, and for a reviewer one more, for
// what they must not learn. Which lines they are is settled before anything is
// joined to them, so that only what is shown is put together. With In, what must
// not be learned was asked before.
func (tx *Tx) Proposals(a domain.Actor, f ProposalFilter) ([]ProposalLine, error) {
	var kept []ProposalLine
	for {
		page, err := tx.lines(a, f)
		if err != nil {
			return nil, err
		}
		full := len(page) == f.Limit
		if full {
			last := page[len(page)-1]
			f.After = &ListCursor{UpdatedAt: last.UpdatedAt, ID: last.ID}
		}
		page, err = tx.maskLines(a, page, f)
		kept = append(kept, page...)
		if err != nil || !full || len(kept) >= f.Limit {
			return kept[:min(len(kept), f.Limit)], err
		}
	}
}

// lines are a page of a list before anything is taken out of it.
func (tx *Tx) lines(a domain.Actor, f ProposalFilter) ([]ProposalLine, error) {
	// The number stands in the text: Postgres makes one plan for all values of a
	// bound LIMIT, and then expects a tenth of the table.
	which := f.where(a)
	if len(f.Words) > 0 {
		if err := tx.search(&which, a, f); err != nil {
			return nil, err
		}
	}
	lines := make([]ProposalLine, 0, f.Limit)
	var l ProposalLine
	into := l.places()
	err := tx.ask(func(found row) error {
		if err := found.Scan(into...); err != nil {
			return fmt.Errorf("read a proposal's line: %w", err)
		}
		lines = append(lines, l)
		return nil
	}, "SELECT "+lineColumns+" FROM ("+topOf(which, f.Limit)+") n "+lineJoins, which.values...)
	return lines, err
}

// topOf are the ids at the top of a list.
func topOf(which where, n int) string {
	return "SELECT p.id FROM proposals p" + which.text() + " ORDER BY p.updated_at DESC, p.id DESC LIMIT " + strconv.Itoa(n)
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

// where are the conditions on proposals p that the actor may see and the filter wants.
func (f ProposalFilter) where(a domain.Actor) where {
	var w where
	visible, values := visibleTo(a)
	w.and(visible, values...)
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
			w.and(e.column+" = ?", e.value)
		}
	}
	if f.In != nil {
		shown, values := f.In.shown()
		w.and(shown, values...)
	}
	if f.GroupRef != "" {
		w.and("p.group_id = (SELECT id FROM groups WHERE id = ? OR slug = ? LIMIT 1)", f.GroupRef, f.GroupRef)
	}
	if f.CallRef != "" {
		w.and("p.call_id = (SELECT id FROM calls WHERE id = ? OR slug = ? LIMIT 1)", f.CallRef, f.CallRef)
	}
	if f.GroupID != "" || f.GroupRef != "" {
		shown, values := shownTo(a, f.Now)
		w.and(shown, values...)
	}
	if f.After != nil {
		w.and("(p.updated_at, p.id) < (?, ?)", f.After.UpdatedAt, f.After.ID)
	}
	return w
}

// StateCount is how many proposals of a group, venue and format are in a state.
type StateCount struct {
	GroupID  string
	VenueID  string
	FormatID string
	State    domain.State
	N        int
}

// StateCounts are the numbers of a year's proposals of the groups, for the year
// board, and the titles of the drafts of some of them, in one statement. Numbers
// tell nothing but themselves, so drafts are in them.
func (tx *Tx) StateCounts(groupIDs, titled []string, y domain.Year) ([]StateCount, []DraftTitle, error) {
	var rows []struct {
		StateCount
		ID, CallID, Title string
	}
	err := tx.db.Raw(stateCountsSQL, map[string]any{"year": y, "groups": groupIDs, "titled": orNone(titled)}).Scan(&rows).Error
	var counts []StateCount
	var drafts []DraftTitle
	for _, r := range rows {
		if r.ID == "" {
			counts = append(counts, r.StateCount)
		} else {
			drafts = append(drafts, DraftTitle{r.ID, r.GroupID, r.CallID, r.Title})
		}
	}
	return counts, drafts, err
}

const stateCountsSQL = `
SELECT p.group_id, p.venue_id, p.format_id, p.state, COUNT(*) AS n, '' AS id, '' AS call_id, '' AS title
FROM proposals p WHERE p.year = @year AND p.group_id IN @groups GROUP BY p.group_id, p.venue_id, p.format_id, p.state
UNION ALL
SELECT * FROM (SELECT p.group_id, p.venue_id, p.format_id, p.state, 1, p.id, p.call_id, p.title
FROM proposals p WHERE p.year = @year AND p.group_id IN @titled AND p.state = 'draft' ORDER BY p.group_id, p.title, p.id LIMIT 500) d
ORDER BY 1, 2, 3, 4, 8, 6`

// DraftTitle is the title of a group's draft, all the Leadership Team sees of it.
type DraftTitle struct {
	ID      string
	GroupID string
	CallID  string
	Title   string
}
