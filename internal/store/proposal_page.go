package store

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"lectern/domain"
)

// Kin is a proposal of one idea: what this one was carried from or to, or itself.
type Kin struct {
	ID        string
	Number    string
	Title     string
	State     domain.State
	VenueID   string
	Year      domain.Year
	GroupID   string
	CallName  string
	ParentID  string
	Submitted bool        // ever
	Counts    bool        // its format counts toward a quota
	DecidedOn domain.Date // of its published decision; empty: none
	Declined  bool        // its published decision is declined
	CreatedAt time.Time
}

// Trail is everything a proposal left behind; of its steps and its discussion a page.
type Trail struct {
	Steps        []domain.Step // newest first
	Comments     []Comment     // oldest first
	Ways         []domain.Step // from state to state, newest first, with nothing but states and time
	Cut          bool          // there are older ways than Ways has
	Kin          []Kin         // oldest first
	Replacements []Replacement // asked for, and not agreed yet
	Offering     *Sale         // the webinar on sale it became
	Sponsors     []string      // names of the groups that sponsor it beside its own
}

// TrailFilter says which steps and comments are read.
type TrailFilter struct {
	Nameless bool        // without the steps that tell whose it is
	Steps    *ListCursor // those older than this one; nil: the newest
	Comments *ListCursor
	Limit    int // of each of the two
}

// Sale is a webinar on sale, in short.
type Sale struct {
	ID, Slug, Zone string
	Status         domain.OfferingStatus
	StartsAt       *time.Time
	Published      bool // ever
}

// trailRow is a row of any of the seven lists, in one shape.
type trailRow struct {
	Kind     string
	ID       string
	Title    string
	Number   string
	Revision int
	Word     string
	Earlier  string
	Later    string
	WhoID    string
	Who      string
	At       time.Time
	Said     string
	Detail   string
}

// mostWays is how many changes of state a trail holds at most. Few proposals have ten.
const mostWays = 200

// trailSQL reads seven lists in one statement, so that a proposal's page stays
// within its count of statements. What grows with every day is read by pages.
const trailSQL = `
SELECT * FROM (SELECT 'step' AS kind, h.id AS id, h.title AS title, '' AS number, h.revision AS revision, h.action AS word,
  h.from_state AS earlier, h.to_state AS later, h.actor_id AS who_id, h.actor_name AS who, h.at AS at, h.reason AS said, h.detail AS detail
FROM history h WHERE h.proposal_id = @id%[1]s%[2]s ORDER BY h.at DESC, h.id DESC LIMIT %[4]d) steps
UNION ALL
SELECT * FROM (SELECT 'comment', c.id, '', '', 0, '', '', '', c.author_id, c.author_name, c.at, c.text, ''
FROM comments c WHERE c.proposal_id = @id%[3]s ORDER BY c.at DESC, c.id DESC LIMIT %[4]d) said
UNION ALL
SELECT * FROM (SELECT 'way', h.id, '', '', 0, h.action, h.from_state, h.to_state, '', '', h.at, '', ''
FROM history h WHERE h.proposal_id = @id%[1]s AND h.from_state <> h.to_state ORDER BY h.at DESC, h.id DESC LIMIT %[5]d) ways
UNION ALL
SELECT 'kin', p.id, p.title, p.number, CASE WHEN p.submitted_at IS NULL THEN 0 ELSE 1 END + CASE WHEN f.counts THEN 2 ELSE 0 END, p.state,
  p.venue_id, p.year, p.group_id, k.name, p.created_at, p.parent_id, COALESCE(d.outcome || ' ' || d.decided_on, '')
FROM proposals p JOIN calls k ON k.id = p.call_id JOIN formats f ON f.venue_id = p.venue_id AND f.id = p.format_id
LEFT JOIN decisions d ON d.proposal_id = p.id AND d.published_at IS NOT NULL AND d.superseded_at IS NULL
WHERE p.idea_id = @idea
UNION ALL
SELECT 'replacement', r.id, '', r.email, 0, r.speaker_id, '', '', r.asked_by, r.asked_name, r.asked_at, r.name, ''
FROM replacements r WHERE r.proposal_id = @id AND r.agreed_at IS NULL
UNION ALL
SELECT 'sponsor', g.id, g.name, '', 0, '', '', '', '', '', p.created_at, '', ''
FROM proposal_cosponsors s JOIN groups g ON g.id = s.group_id JOIN proposals p ON p.id = s.proposal_id WHERE s.proposal_id = @id
UNION ALL
SELECT 'offering', o.id, o.slug, o.zone, CASE WHEN o.starts_at IS NULL THEN 0 ELSE 1 END + CASE WHEN o.published_at IS NULL THEN 0 ELSE 2 END, o.status,
  '', '', '', '', COALESCE(o.starts_at, o.created_at), '', ''
FROM offerings o WHERE o.proposal_id = @id
ORDER BY kind, at DESC, id DESC`

// sql is the statement with its values.
func (f TrailFilter) sql(p domain.Proposal) (string, map[string]any) {
	values := map[string]any{"id": p.ID, "idea": p.IdeaID}
	named, steps, comments := "", "", ""
	if f.Nameless {
		named = " AND h.from_state <> @nowhere AND h.action <> @invite"
		values["nowhere"], values["invite"] = domain.Nowhere, domain.InviteSpeaker
	}
	if f.Steps != nil {
		steps = " AND (h.at, h.id) < (@step_at, @step_id)"
		values["step_at"], values["step_id"] = f.Steps.UpdatedAt, f.Steps.ID
	}
	if f.Comments != nil {
		comments = " AND (c.at, c.id) < (@comment_at, @comment_id)"
		values["comment_at"], values["comment_id"] = f.Comments.UpdatedAt, f.Comments.ID
	}
	return fmt.Sprintf(trailSQL, named, steps, comments, f.Limit, mostWays+1), values
}

// Trail is the lineage of a proposal, the replacements that wait and the groups that
// sponsor it, with the part of its history and discussion that is asked for, in one
// statement.
func (tx *Tx) Trail(p domain.Proposal, f TrailFilter) (Trail, error) {
	var rows []trailRow
	sql, values := f.sql(p)
	err := tx.db.Raw(sql, values).Scan(&rows).Error
	var t Trail
	for i := range rows {
		t.add(p, rows[i], rows[len(rows)-1-i])
	}
	if t.Cut = len(t.Ways) > mostWays; t.Cut {
		t.Ways = t.Ways[:mostWays]
	}
	slices.Sort(t.Sponsors)
	return t, err
}

// add takes a row from the newest end and one from the oldest, since steps are
// read newest first and the others oldest first.
func (t *Trail) add(p domain.Proposal, newest, oldest trailRow) {
	switch newest.Kind {
	case "step":
		t.Steps = append(t.Steps, newest.step(p))
	case "way":
		t.Ways = append(t.Ways, newest.step(p))
	}
	switch oldest.Kind {
	case "comment":
		t.Comments = append(t.Comments, Comment{ID: oldest.ID, ProposalID: p.ID, AuthorID: oldest.WhoID, AuthorName: oldest.Who, At: oldest.At, Text: oldest.Said})
	case "sponsor":
		t.Sponsors = append(t.Sponsors, oldest.Title)
	case "kin":
		t.Kin = append(t.Kin, oldest.kin())
	case "offering":
		t.Offering = oldest.sale()
	case "replacement":
		t.Replacements = append(t.Replacements, Replacement{
			ID: oldest.ID, ProposalID: p.ID, SpeakerID: oldest.Word, Name: oldest.Said, Email: oldest.Number,
			AskedBy: oldest.WhoID, AskedName: oldest.Who, AskedAt: oldest.At,
		})
	}
}

func (r trailRow) step(p domain.Proposal) domain.Step {
	return domain.Step{
		ID: r.ID, ProposalID: p.ID, Title: r.Title, Revision: r.Revision, Action: domain.Action(r.Word), From: domain.State(r.Earlier),
		To: domain.State(r.Later), ActorID: r.WhoID, ActorName: r.Who, At: r.At, Reason: r.Said, Detail: r.Detail,
	}
}

func (r trailRow) sale() *Sale {
	s := Sale{ID: r.ID, Slug: r.Title, Zone: r.Number, Status: domain.OfferingStatus(r.Word), Published: r.Revision&2 != 0}
	if r.Revision&1 != 0 {
		s.StartsAt = &r.At
	}
	return &s
}

func (r trailRow) kin() Kin {
	k := Kin{
		ID: r.ID, Number: r.Number, Title: r.Title, State: domain.State(r.Word), VenueID: r.Earlier, Year: domain.Year(r.Later), GroupID: r.WhoID,
		CallName: r.Who, ParentID: r.Said, Submitted: r.Revision&1 != 0, Counts: r.Revision&2 != 0, CreatedAt: r.At,
	}
	if n := len(r.Detail) - len("2026-12-10"); n > 0 {
		k.Declined = r.Detail[:n-1] == string(domain.OutcomeDeclined)
		k.DecidedOn = domain.Date(r.Detail[n:])
	}
	return k
}

// targetRow is a call with its venue and form.
type targetRow struct {
	Call  callRow  `gorm:"embedded;embeddedPrefix:c_"`
	Venue venueRow `gorm:"embedded;embeddedPrefix:v_"`
	Form  formRow  `gorm:"embedded;embeddedPrefix:f_"`
}

var targetColumns = sync.OnceValue(func() string {
	return columns("c", callRow{}) + ", " + columns("v", venueRow{}) + ", " + columns("f", formRow{})
})

// Targets are the section's calls of the program years that are not over, with
// venue and form, in the order in which they close; those without dates last.
func (tx *Tx) Targets(sectionID string, now time.Time, years ...domain.Year) ([]domain.Target, error) {
	var rows []targetRow
	err := tx.db.Table("calls c").Select(targetColumns()).
		Joins("JOIN venues v ON v.id = c.venue_id").Joins("JOIN forms f ON f.id = c.form_id").
		Where("c.section_id = ? AND c.year IN ?", sectionID, years).
		Order("c.closes_at IS NULL, c.closes_at, v.sort_order, c.slug").Scan(&rows).Error
	var open []domain.Target
	for _, r := range rows {
		if t := (domain.Target{Call: domain.Call(r.Call), Venue: domain.Venue(r.Venue), Form: domain.Form(r.Form)}); !t.Call.ClosedAt(now) {
			open = append(open, t)
		}
	}
	return open, err
}
