package store

import (
	"time"

	"gorm.io/gorm"

	"lectern/domain"
)

// DecisionLine is a proposal of a call as those see it who decide on it: what is
// staged, and what holds.
type DecisionLine struct {
	ID         string
	Number     string
	Title      string
	State      domain.State
	Revision   int
	GroupID    string
	GroupName  string
	VenueID    string
	Year       domain.Year
	FormatName string
	Packet     int              // number of the newest packet that holds it; 0: none does
	Staged     *domain.Decision `gorm:"-"` // nil: nothing is staged
	Outcome    domain.Outcome   // of the decision in force; empty: none
	DecidedOn  domain.Date
}

// Proposal is what rules need to know of the line.
func (l DecisionLine) Proposal() domain.Proposal {
	return domain.Proposal{ID: l.ID, Number: l.Number, Title: l.Title, State: l.State, Revision: l.Revision, GroupID: l.GroupID, VenueID: l.VenueID, Year: l.Year}
}

type decisionLineRow struct {
	DecisionLine `gorm:"embedded"`
	DID          string
	DVersion     int
	DRevision    int
	DOutcome     domain.Outcome
	DFeedback    string
	DNoFeedback  bool
	DReason      string
	DDecidedOn   domain.Date
	DByID        string
	DByName      string
	DAt          *time.Time
}

func (r decisionLineRow) line() DecisionLine {
	l := r.DecisionLine
	if r.DID != "" {
		l.Staged = &domain.Decision{
			ID: r.DID, Version: r.DVersion, ProposalID: l.ID, Revision: r.DRevision, Outcome: r.DOutcome, Source: domain.SourceInside,
			DecidedOn: r.DDecidedOn, Feedback: r.DFeedback, NoFeedback: r.DNoFeedback, Reason: r.DReason, ByID: r.DByID, ByName: r.DByName, At: *r.DAt,
		}
	}
	return l
}

const decisionLineColumns = `p.id, p.number, p.title, p.state, p.revision, p.group_id, g.name AS group_name, p.venue_id, p.year, f.name AS format_name,
  (SELECT COALESCE(MAX(k.number), 0) FROM packets k JOIN packet_proposals i ON i.packet_id = k.id WHERE i.proposal_id = p.id) AS packet,
  COALESCE(d.outcome, '') AS outcome, COALESCE(d.decided_on, '') AS decided_on,
  COALESCE(t.id, '') AS d_id, COALESCE(t.version, 0) AS d_version, COALESCE(t.revision, 0) AS d_revision, COALESCE(t.outcome, '') AS d_outcome,
  COALESCE(t.feedback, '') AS d_feedback, COALESCE(t.no_feedback, FALSE) AS d_no_feedback, COALESCE(t.reason, '') AS d_reason,
  COALESCE(t.decided_on, '') AS d_decided_on, COALESCE(t.by_id, '') AS d_by_id, COALESCE(t.by_name, '') AS d_by_name, t.at AS d_at`

// DecisionLines are the proposals that were submitted and neither withdrawn nor
// taken back, by number, for somebody who decides or publishes there. Those of
// the person's own groups are not among them. The Core Forum Committee reads
// packets and no list of submissions: for them only what is in a packet, or has a
// decision, is there.
func (tx *Tx) DecisionLines(a domain.Actor, callID string, limit int) ([]DecisionLine, error) {
	q := tx.db.Table("proposals p").Select(decisionLineColumns).
		Joins("JOIN groups g ON g.id = p.group_id").
		Joins("JOIN formats f ON f.venue_id = p.venue_id AND f.id = p.format_id").
		Joins("LEFT JOIN decisions d ON d.proposal_id = p.id AND d.published_at IS NOT NULL AND d.superseded_at IS NULL").
		Joins("LEFT JOIN decisions t ON t.proposal_id = p.id AND t.published_at IS NULL AND t.source <> 'correction'").
		Where("p.call_id = ? AND p.submitted_at IS NOT NULL AND p.state NOT IN ('draft', 'withdrawn')", callID)
	var rows []decisionLineRow
	err := decidable(q, a).Order("p.number, p.id").Limit(limit).Scan(&rows).Error
	return convert(rows, decisionLineRow.line), err
}

// EventLines are the proposals that become cancelled when a venue's event of a
// year is off, by number.
func (tx *Tx) EventLines(venueID string, y domain.Year) ([]DecisionLine, error) {
	var rows []DecisionLine
	err := tx.db.Table("proposals p").
		Select("p.id, p.number, p.title, p.state, p.revision, p.group_id, g.name AS group_name, p.venue_id, p.year, f.name AS format_name").
		Joins("JOIN groups g ON g.id = p.group_id").Joins("JOIN formats f ON f.venue_id = p.venue_id AND f.id = p.format_id").
		Where("p.venue_id = ? AND p.year = ? AND p.state IN ('submitted', 'alternate', 'accepted')", venueID, y).
		Order("p.number, p.id").Limit(5000).Scan(&rows).Error
	return rows, err
}

// decidable leaves out what the person must not know: anything about their own
// group's proposals, and for the committee whatever is in no packet.
func decidable(q *gorm.DB, a domain.Actor) *gorm.DB {
	if own := a.Groups(); len(own) > 0 {
		q = q.Where("p.group_id NOT IN ?", own)
	}
	if a.Has(domain.Staff, domain.Admin) || a.Clock {
		return q
	}
	return q.Where("(d.id IS NOT NULL OR t.id IS NOT NULL OR EXISTS (SELECT 1 FROM packet_proposals i WHERE i.proposal_id = p.id))")
}

// Told are the people a decision is told to, as the outbox would address them.
type Told struct {
	Chairs   map[string][]domain.Person  // by group, each once
	Speakers map[string][]domain.Speaker // by proposal, in order, without those replaced
}

type toldRow struct {
	OfID      string
	ID        string
	Name      string
	Email     string
	Answer    domain.Answer
	InvitedAt *time.Time
	Position  int
}

const toldSQL = `
SELECT s.proposal_id AS of_id, '' AS id, s.name AS name, s.email AS email, s.answer AS answer, s.invited_at AS invited_at, s.position AS position
FROM speakers s WHERE s.proposal_id IN @proposals AND s.replaced_by = ''
UNION ALL
SELECT c.group_id, c.id, c.name, c.email, '', NULL, 0 FROM (
  SELECT DISTINCT t.group_id, o.id, o.name, o.email FROM terms t JOIN people o ON o.id = t.person_id
  WHERE t.group_id IN @groups AND t.starts_on <= @today AND t.ends_on >= @today AND t.role IN ('chair', 'co_chair')) c
ORDER BY position, name, id`

// Told are the chairs of groups on a day and the speakers of proposals, in one statement.
func (tx *Tx) Told(groupIDs, proposalIDs []string, on domain.Date) (Told, error) {
	told := Told{map[string][]domain.Person{}, map[string][]domain.Speaker{}}
	var rows []toldRow
	err := tx.db.Raw(toldSQL, map[string]any{"groups": orNone(groupIDs), "proposals": orNone(proposalIDs), "today": on}).Scan(&rows).Error
	for _, r := range rows {
		if r.Position == 0 {
			told.Chairs[r.OfID] = append(told.Chairs[r.OfID], domain.Person{ID: r.ID, Name: r.Name, Email: r.Email})
			continue
		}
		s := domain.Speaker{ProposalID: r.OfID, Position: r.Position, Name: r.Name, Email: r.Email, Answer: r.Answer, InvitedAt: r.InvitedAt}
		told.Speakers[r.OfID] = append(told.Speakers[r.OfID], s)
	}
	return told, err
}

// CallVenue finds a call by id or slug with its venue, in one statement. NotFound when there is none.
func (tx *Tx) CallVenue(ref string) (domain.Call, domain.Venue, error) {
	var row struct {
		Call  callRow  `gorm:"embedded;embeddedPrefix:c_"`
		Venue venueRow `gorm:"embedded;embeddedPrefix:v_"`
	}
	found := tx.db.Table("calls c").Select(columns("c", callRow{})+", "+columns("v", venueRow{})).
		Joins("JOIN venues v ON v.id = c.venue_id").Where("c.id = ? OR c.slug = ?", ref, ref).Take(&row)
	err := one(found, "call")
	return domain.Call(row.Call), domain.Venue(row.Venue), err
}
