package store

import (
	"errors"
	"sync"
	"time"

	"lectern/domain"
)

// DeskCall is a call as its reviewers need it.
type DeskCall struct {
	domain.Call
	Venue  domain.Venue
	Format domain.Format
}

type deskCallRow struct {
	Call   callRow   `gorm:"embedded;embeddedPrefix:c_"`
	Venue  venueRow  `gorm:"embedded;embeddedPrefix:v_"`
	Format formatRow `gorm:"embedded;embeddedPrefix:f_"`
}

var deskCallColumns = sync.OnceValue(func() string {
	return columns("c", callRow{}) + ", " + columns("v", venueRow{}) + ", " + columns("f", formatRow{})
})

// DeskCalls are the calls with a venue and format, by id or slug; with an empty
// ref, those of all reviewed venues, the one that closes last first.
func (tx *Tx) DeskCalls(ref string) ([]DeskCall, error) {
	q := tx.db.Table("calls c").Select(deskCallColumns()).Joins("JOIN venues v ON v.id = c.venue_id").
		Joins("JOIN formats f ON f.venue_id = c.venue_id AND f.id = c.format_id")
	if ref != "" {
		q = q.Where("c.id = ? OR c.slug = ?", ref, ref)
	} else {
		q = q.Where("v.decider = ? AND c.closes_at IS NOT NULL", domain.DecidedByForum)
	}
	var rows []deskCallRow
	err := q.Order("c.closes_at DESC, c.slug").Limit(50).Scan(&rows).Error
	return convert(rows, func(r deskCallRow) DeskCall {
		return DeskCall{domain.Call(r.Call), domain.Venue(r.Venue), domain.Format(r.Format)}
	}), err
}

// DeskLine is a proposal in a reviewer's queue.
type DeskLine struct {
	ID       string
	Number   string
	Title    string
	CallID   string
	Revision int
	Reviews  int            // complete ones, by anybody
	Own      *domain.Review // the reviewer's own, as far as the queue shows it: points while it is not complete
	Conflict bool           // closed to the reviewer
	Speakers []domain.Speaker
	found    crews
}

// Crew is what may be known of the proposal's speakers without their names.
func (l DeskLine) Crew() domain.Crew { return l.found.crew(l.ID) }

type deskRow struct {
	ID, Number, Title, CallID string
	Revision, Reviews         int
	OwnID                     *string
	OwnVersion, OwnRevision   int
	OwnState                  domain.ReviewState
	OwnScore                  *int
	OwnAbstained              bool
	OwnScores                 string // JSON
}

const deskSQL = `
SELECT p.id, p.number, p.title, p.call_id, p.revision,
  (SELECT COUNT(*) FROM reviews r WHERE r.proposal_id = p.id AND r.state = 'complete') AS reviews,
  o.id AS own_id, COALESCE(o.version, 0) AS own_version, COALESCE(o.revision, 0) AS own_revision, COALESCE(o.state, '') AS own_state,
  o.score AS own_score, COALESCE(o.abstained, FALSE) AS own_abstained, CASE WHEN o.state = 'open' THEN o.scores ELSE '{}' END AS own_scores
FROM proposals p LEFT JOIN reviews o ON o.proposal_id = p.id AND o.person_id = ?
WHERE p.call_id IN (?) AND p.state = 'submitted' ORDER BY p.number`

// Desk are the proposals of calls that wait for reviews, by number, each with
// the reviewer's own review: two statements, however many there are.
func (tx *Tx) Desk(a domain.Actor, callIDs ...string) ([]DeskLine, error) {
	var rows []deskRow
	var r deskRow // a pointer in it is made anew for each row
	into := []any{&r.ID, &r.Number, &r.Title, &r.CallID, &r.Revision, &r.Reviews, &r.OwnID, &r.OwnVersion, &r.OwnRevision, &r.OwnState, &r.OwnScore, &r.OwnAbstained, &r.OwnScores}
	err := tx.ask(func(found row) error {
		err := found.Scan(into...)
		rows = more(rows, r)
		return err
	}, deskSQL, a.ID, callIDs)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	facts, err := tx.crews(a, waitingIn(callIDs))
	lines, reader := make([]DeskLine, len(rows)), a.Reader()
	for i := range rows {
		var wrong error
		lines[i], wrong = rows[i].line(reader, facts)
		err = errors.Join(err, wrong)
	}
	return lines, err
}

func (r *deskRow) line(by domain.Reader, found crews) (DeskLine, error) {
	l := DeskLine{ID: r.ID, Number: r.Number, Title: r.Title, CallID: r.CallID, Revision: r.Revision, Reviews: r.Reviews}
	facts := found.conflicts(r.ID)
	l.Conflict, l.Speakers, l.found = len(domain.ConflictsOf(by, facts)) > 0, facts.Speakers, found
	if r.OwnID == nil {
		return l, nil
	}
	l.Own = &domain.Review{
		ID: *r.OwnID, Version: r.OwnVersion, ProposalID: r.ID, PersonID: by.ID, Revision: r.OwnRevision, State: r.OwnState,
		Score: r.OwnScore, Abstained: r.OwnAbstained,
	}
	if r.OwnState != domain.ReviewOpen {
		return l, nil
	}
	return l, readDocument(r.OwnScores, &l.Own.Scores)
}

// ReviewsDue is a call in a phase in which reviewers have something to do.
type ReviewsDue struct {
	Call   domain.Call
	Kind   domain.PhaseKind // review or recommend
	EndsAt time.Time
	All    int // proposals that wait for a decision
	Done   int // the person's own complete reviews of them
}

type reviewsDueRow struct {
	Call      callRow `gorm:"embedded;embeddedPrefix:c_"`
	Kind      domain.PhaseKind
	EndsAt    time.Time
	All, Done int
}

var reviewsDueSQL = sync.OnceValue(func() string {
	return "SELECT " + columns("c", callRow{}) + `, f.kind, f.ends_at,
  (SELECT COUNT(*) FROM proposals p WHERE p.call_id = c.id AND p.state = 'submitted') AS "all",
  (SELECT COUNT(*) FROM reviews r JOIN proposals p ON p.id = r.proposal_id WHERE p.call_id = c.id AND p.state = 'submitted' AND r.person_id = ? AND r.state = 'complete') AS done
FROM phases f JOIN calls c ON c.id = f.call_id
WHERE f.starts_at <= ? AND f.ends_at > ? AND f.kind IN ('review', 'recommend') ORDER BY f.ends_at, c.slug LIMIT 50`
})

// ReviewsDue are the calls that the person reviews for and that are in one of
// those phases now, the one that ends first first.
func (tx *Tx) ReviewsDue(a domain.Actor, now time.Time) ([]ReviewsDue, error) {
	var rows []reviewsDueRow
	err := tx.db.Raw(reviewsDueSQL(), a.ID, now, now).Scan(&rows).Error
	var due []ReviewsDue
	for _, r := range rows {
		if d := (ReviewsDue{domain.Call(r.Call), r.Kind, r.EndsAt, r.All, r.Done}); a.Reviews(d.Call.SectionID, d.Call.ID) {
			due = append(due, d)
		}
	}
	return due, err
}
