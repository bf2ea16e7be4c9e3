package store

import (
	"slices"
	"time"

	"lectern/domain"
)

// Round is everything that recommending proposals of a section for a venue in a
// year depends on.
type Round struct {
	SectionID string
	Venue     domain.Venue
	Year      domain.Year
	Calls     []DeskCall
	Phases    []domain.Phase  // of all calls
	Chairs    []domain.Reader // of the section's Leadership Team, on the actor's day
	Vices     []domain.Reader // its vice chairs
	Lines     []RoundLine     // by number
	Scores    []domain.ReviewScore
	Rankings  map[string]domain.Ranking // by format
	Last      int                       // number of the newest packet; 0: none was released
}

// RoundLine is a submitted proposal of a round.
type RoundLine struct {
	ID             string
	Number         string
	Title          string
	CallID         string
	FormatID       string
	Revision       int
	GroupID        string
	GroupName      string
	Recommendation *domain.Recommendation
	Conflicts      domain.ConflictFacts
	Crew           domain.Crew
}

type roundRow struct {
	ID, Number, Title, CallID, FormatID string
	Revision                            int
	GroupID, GroupName                  string
	Rec                                 recommendationRow
}

const roundSQL = `
SELECT p.id, p.number, p.title, p.call_id, p.format_id, p.revision, p.group_id, g.name AS group_name,
  COALESCE(r.proposal_id, '') AS r_proposal_id, COALESCE(r.version, 0) AS r_version, COALESCE(r.revision, 0) AS r_revision,
  COALESCE(r.verdict, '') AS r_verdict, COALESCE(r.votes_for, 0) AS r_votes_for, COALESCE(r.votes_against, 0) AS r_votes_against,
  COALESCE(r.votes_abstained, 0) AS r_votes_abstained, COALESCE(r.recused, 0) AS r_recused, COALESCE(r.note_next, '') AS r_note_next,
  COALESCE(r.reason, '') AS r_reason, COALESCE(r.by_name, '') AS r_by_name
FROM proposals p JOIN groups g ON g.id = p.group_id LEFT JOIN recommendations r ON r.proposal_id = p.id
WHERE p.call_id IN (?) AND p.state = 'submitted' ORDER BY p.number`

// Round loads the round of a section's proposals for a venue in a year, in six
// statements however many there are. Inside a transaction the rankings are held.
// NotFound when there is no such venue or it has no call in the year.
func (tx *Tx) Round(a domain.Actor, sectionID, venueID string, y domain.Year) (Round, error) {
	return tx.round(a, "c.section_id = ? AND c.venue_id = ? AND c.year = ?", sectionID, venueID, y)
}

// RoundOf is the round that a call, by id or slug, belongs to, and the call's
// place in it. NotFound when there is no such call.
func (tx *Tx) RoundOf(a domain.Actor, call string) (Round, DeskCall, error) {
	r, err := tx.round(a, `EXISTS (SELECT 1 FROM calls o WHERE (o.id = ? OR o.slug = ?)
		AND o.section_id = c.section_id AND o.venue_id = c.venue_id AND o.year = c.year)`, call, call)
	for _, c := range r.Calls {
		if c.ID == call || c.Slug == call {
			return r, c, err
		}
	}
	return r, DeskCall{}, err
}

func (tx *Tx) round(a domain.Actor, which string, args ...any) (Round, error) {
	var calls []deskCallRow
	err := tx.db.Table("calls c").Select(deskCallColumns()).Joins("JOIN venues v ON v.id = c.venue_id").
		Joins("JOIN formats f ON f.venue_id = c.venue_id AND f.id = c.format_id").Where(which, args...).Order("c.slug").Scan(&calls).Error
	if err == nil && len(calls) == 0 {
		err = domain.NotThere("round of proposals")
	}
	if err != nil {
		return Round{}, err
	}
	r, ids := Round{SectionID: calls[0].Call.SectionID, Venue: domain.Venue(calls[0].Venue), Year: calls[0].Call.Year}, []string{}
	for _, c := range calls {
		r.Calls = append(r.Calls, DeskCall{domain.Call(c.Call), domain.Venue(c.Venue), domain.Format(c.Format)})
		ids = append(ids, c.Call.ID)
	}
	if r.Rankings, err = tx.Rankings(r.SectionID, r.Venue.ID, r.Year); err != nil { // first: what follows is held still by it
		return r, err
	}
	if err := tx.leading(a, &r, ids); err != nil {
		return r, err
	}
	if r.Scores, err = tx.ReviewScores(ids...); err != nil {
		return r, err
	}
	return r, tx.roundLines(a, &r, ids)
}

func (tx *Tx) roundLines(a domain.Actor, r *Round, calls []string) error {
	var rows []roundRow
	var one roundRow
	n := &one.Rec
	into := []any{
		&one.ID, &one.Number, &one.Title, &one.CallID, &one.FormatID, &one.Revision, &one.GroupID, &one.GroupName, &n.ProposalID, &n.Version, &n.Revision,
		&n.Verdict, &n.VotesFor, &n.VotesAgainst, &n.VotesAbstained, &n.Recused, &n.NoteNext, &n.Reason, &n.ByName,
	}
	err := tx.ask(func(found row) error {
		err := found.Scan(into...)
		rows = more(rows, one)
		return err
	}, roundSQL, calls)
	if err != nil || len(rows) == 0 {
		return err
	}
	var heads []string
	for _, c := range slices.Concat(r.Chairs, r.Vices) {
		heads = append(heads, c.ID)
	}
	found, err := tx.crews(a, waitingIn(calls), heads...)
	r.Lines = make([]RoundLine, len(rows))
	for i := range rows {
		r.Lines[i] = rows[i].line(found)
	}
	return err
}

func (r *roundRow) line(found crews) RoundLine {
	l := RoundLine{
		ID: r.ID, Number: r.Number, Title: r.Title, CallID: r.CallID, FormatID: r.FormatID, Revision: r.Revision,
		GroupID: r.GroupID, GroupName: r.GroupName,
	}
	if r.Rec.ProposalID != "" {
		rec := domain.Recommendation(r.Rec)
		l.Recommendation = &rec
	}
	l.Conflicts, l.Crew = found.conflicts(r.ID), found.crew(r.ID)
	return l
}

// leadingSQL reads in one statement who leads the section's Leadership Team, with
// the groups they are in, the phases of the calls, and the newest packet.
const leadingSQL = `
SELECT 'phase' AS kind, f.call_id AS id, f.starts_at, f.ends_at, f.kind AS name, '' AS email, '' AS at, 0 AS n FROM phases f WHERE f.call_id IN @calls
UNION ALL
SELECT 'head', w.id, NULL, NULL, w.name, w.email, w.institution, CASE WHEN t.role = 'vice_chair' THEN 1 ELSE 0 END
FROM terms t JOIN groups l ON l.id = t.group_id JOIN people w ON w.id = t.person_id
WHERE l.kind = 'leadership' AND l.section_id = @section AND t.role IN ('chair', 'co_chair', 'vice_chair') AND t.starts_on <= @today AND t.ends_on >= @today
UNION ALL
SELECT 'seat', o.person_id, NULL, NULL, o.group_id, '', '', 0 FROM terms o
WHERE o.person_id IN (SELECT t.person_id FROM terms t JOIN groups l ON l.id = t.group_id
  WHERE l.kind = 'leadership' AND l.section_id = @section AND t.role IN ('chair', 'co_chair', 'vice_chair') AND t.starts_on <= @today AND t.ends_on >= @today)
AND o.starts_on <= @today AND o.ends_on >= @today
UNION ALL
SELECT 'packet', '', NULL, NULL, '', '', '', COALESCE(MAX(k.number), 0) FROM packets k WHERE k.section_id = @section AND k.venue_id = @venue AND k.year = @year
ORDER BY kind, starts_at, ends_at, id, name`

type leadingRow struct {
	Kind     string
	ID       string
	StartsAt *time.Time
	EndsAt   *time.Time
	Name     string
	Email    string
	At       string
	N        int
}

func (tx *Tx) leading(a domain.Actor, r *Round, calls []string) error {
	var rows []leadingRow
	err := tx.db.Raw(leadingSQL, map[string]any{
		"calls": calls, "section": r.SectionID, "today": a.Today, "venue": r.Venue.ID, "year": r.Year,
	}).Scan(&rows).Error
	for _, row := range rows {
		row.add(r)
	}
	return err
}

func (row leadingRow) add(r *Round) {
	switch row.Kind {
	case "phase":
		r.Phases = append(r.Phases, domain.Phase{CallID: row.ID, Kind: domain.PhaseKind(row.Name), StartsAt: *row.StartsAt, EndsAt: *row.EndsAt})
	case "head":
		who := domain.Reader{ID: row.ID, Name: row.Name, Email: row.Email, Institution: row.At}
		if row.N == 1 {
			r.Vices = append(r.Vices, who)
		} else {
			r.Chairs = append(r.Chairs, who)
		}
	case "seat":
		for _, heads := range [][]domain.Reader{r.Chairs, r.Vices} {
			for i := range heads {
				if heads[i].ID == row.ID {
					heads[i].Groups = append(heads[i].Groups, row.Name)
				}
			}
		}
	case "packet":
		r.Last = row.N
	}
}
