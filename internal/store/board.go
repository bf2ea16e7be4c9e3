package store

import (
	"sync"
	"time"

	"lectern/domain"
)

// GroupFacts is a group with its section and how many belong to it on a day.
type GroupFacts struct {
	Group   domain.Group
	Section domain.Section
	Members int // people in any role
	Chairs  int // of whom lead
}

type groupFactsRow struct {
	Group   groupRow   `gorm:"embedded;embeddedPrefix:g_"`
	Section sectionRow `gorm:"embedded;embeddedPrefix:s_"`
	Members int
	Chairs  int
}

func (r groupFactsRow) facts() GroupFacts {
	return GroupFacts{domain.Group(r.Group), domain.Section(r.Section), r.Members, r.Chairs}
}

var groupFactsColumns = sync.OnceValue(func() string {
	return columns("g", groupRow{}) + ", " + columns("s", sectionRow{}) + `,
		(SELECT COUNT(DISTINCT t.person_id) FROM terms t WHERE t.group_id = g.id AND t.starts_on <= @on AND t.ends_on >= @on) AS members,
		(SELECT COUNT(DISTINCT t.person_id) FROM terms t WHERE t.group_id = g.id AND t.starts_on <= @on AND t.ends_on >= @on AND t.role IN ('chair', 'co_chair')) AS chairs`
})

const groupFactsFrom = " FROM groups g JOIN sections s ON s.id = g.section_id "

// GroupFacts finds a group by id or slug with its section and numbers of people
// on the day, in one statement. NotFound when there is none.
func (tx *Tx) GroupFacts(ref string, on domain.Date) (GroupFacts, error) {
	var rows []groupFactsRow
	err := tx.db.Raw("SELECT "+groupFactsColumns()+groupFactsFrom+"WHERE g.id = @ref OR g.slug = @ref LIMIT 1",
		map[string]any{"ref": ref, "on": on}).Scan(&rows).Error
	if err == nil && len(rows) == 0 {
		err = domain.NotThere("group")
	}
	if err != nil {
		return GroupFacts{}, err
	}
	return rows[0].facts(), nil
}

// AllGroupFacts are all groups with their sections and numbers of people on the
// day, in the order of Groups, in one statement.
func (tx *Tx) AllGroupFacts(on domain.Date) ([]GroupFacts, error) {
	var rows []groupFactsRow
	err := tx.db.Raw("SELECT "+groupFactsColumns()+groupFactsFrom+
		"ORDER BY s.name, CASE g.kind WHEN 'leadership' THEN 0 WHEN 'committee' THEN 1 WHEN 'interest_group' THEN 2 ELSE 3 END, g.name, g.id",
		map[string]any{"on": on}).Scan(&rows).Error
	return convert(rows, groupFactsRow.facts), err
}

// CallLine is a call with the facts of its venue and format that boards show.
type CallLine struct {
	domain.Call
	VenueName  string
	FormatName string
	Gated      bool
	Counts     bool // its format counts toward the venue's quota
}

type callLineRow struct {
	Call       callRow `gorm:"embedded;embeddedPrefix:c_"`
	VenueName  string
	FormatName string
	Gated      bool
	Counts     bool
}

// CallLines are the calls of the years, in the order they close, in one statement.
func (tx *Tx) CallLines(years ...domain.Year) ([]CallLine, error) {
	var rows []callLineRow
	err := tx.db.Table("calls c").Select(columns("c", callRow{})+", v.name AS venue_name, f.name AS format_name, v.gated, f.counts").
		Joins("JOIN venues v ON v.id = c.venue_id").Joins("JOIN formats f ON f.venue_id = c.venue_id AND f.id = c.format_id").
		Where("c.year IN ?", years).Order("c.closes_at IS NULL, c.closes_at, c.slug").Scan(&rows).Error
	return convert(rows, func(r callLineRow) CallLine {
		return CallLine{domain.Call(r.Call), r.VenueName, r.FormatName, r.Gated, r.Counts}
	}), err
}

// Duties are the standings of the groups in the year, by group id, for who has
// the year's calls at hand: one statement, where Standings takes two.
func (tx *Tx) Duties(groupIDs []string, y domain.Year, eachSponsor bool, calls []CallLine, now time.Time) (map[string]domain.Standing, error) {
	all := map[string]domain.Standing{}
	for _, id := range groupIDs {
		all[id] = domain.Standing{GroupID: id, Year: y}
	}
	if len(groupIDs) == 0 {
		return all, nil
	}
	var rows []dutyRow
	err := tx.db.Raw(standingSQL, map[string]any{"year": y, "groups": groupIDs, "each": eachSponsor}).Scan(&rows).Error
	for _, r := range rows {
		s := all[r.GroupID]
		d := domain.Duty{VenueID: r.VenueID, VenueName: r.VenueName, Required: r.Required, Counted: r.Counted, Drafts: r.Drafts, Extra: r.Extra}
		s.Duties = append(s.Duties, d.Window(countingOf(calls, y, r.VenueID), now))
		all[r.GroupID] = s
	}
	return all, err
}

func countingOf(calls []CallLine, y domain.Year, venueID string) []domain.Call {
	var counting []domain.Call
	for _, c := range calls {
		if c.Counts && c.Year == y && c.VenueID == venueID {
			counting = append(counting, c.Call)
		}
	}
	return counting
}

// Waiting names what a list of waiting proposals waits for.
type Waiting string

// What proposals wait for.
const (
	WaitingDelivery Waiting = "delivery" // an accepted webinar that did not take place yet
	WaitingDecision Waiting = "decision" // submitted where this desk decides
	WaitingOutcome  Waiting = "outcome"  // submitted to an outside jury, no outcome recorded
)

var waitingSQL = map[Waiting]string{
	WaitingDelivery: "p.state = 'accepted' AND p.delivered_at IS NULL AND v.stipends",
	WaitingDecision: "p.state IN ('submitted', 'alternate') AND v.decider = ?",
	WaitingOutcome:  "p.state IN ('submitted', 'alternate') AND v.decider = 'outside'",
}

// Waiting are the proposals the actor may see that wait for this, the longest
// waiting first. The decider is read for WaitingDecision.
func (tx *Tx) Waiting(a domain.Actor, what Waiting, decider domain.Decider, limit int) ([]ProposalLine, error) {
	var args []any
	if what == WaitingDecision {
		args = append(args, decider)
	}
	var lines []ProposalLine
	err := visible(tx.db.Table("proposals p"), a).
		Joins("JOIN venues v ON v.id = p.venue_id").
		Joins("JOIN formats f ON f.venue_id = p.venue_id AND f.id = p.format_id").
		Joins("JOIN calls c ON c.id = p.call_id").
		Joins("JOIN groups g ON g.id = p.group_id").
		Where(waitingSQL[what], args...).
		Select(lineColumns).Order("p.submitted_at, p.id").Limit(limit).Scan(&lines).Error
	return lines, err
}

// ChairsWithDrafts are the people who lead, on the day, a group with a draft for
// the call, each once.
func (tx *Tx) ChairsWithDrafts(callID string, on domain.Date) ([]domain.Person, error) {
	var ids []string
	err := tx.db.Model(&proposalRow{}).Distinct("group_id").Where("call_id = ? AND state = 'draft'", callID).Pluck("group_id", &ids).Error
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return tx.peopleOf(ids, on, domain.TermChair, domain.TermCoChair)
}

// ActivityFilter limits a group's activity. The zero value is all of it.
type ActivityFilter struct {
	Year  domain.Year // of the proposals
	Moves bool        // only what changed a proposal's state
	After *ListCursor // the last step of the page before
	Limit int
}

// ActivityOf are the steps of those of a group's proposals that the actor may
// see, and may know to be the group's, newest first.
func (tx *Tx) ActivityOf(a domain.Actor, in GroupSight, f ActivityFilter) ([]domain.Step, error) {
	inGroup, values := in.shown()
	seen := visible(tx.db.Table("proposals p").Select("p.id"), a).Where(inGroup, values...)
	if f.Year != "" {
		seen = seen.Where("p.year = ?", f.Year)
	}
	q := tx.db.Where("proposal_id IN (?)", seen)
	if f.Moves {
		q = q.Where("from_state <> to_state")
	}
	if f.After != nil {
		q = q.Where("(at, id) < (?, ?)", f.After.UpdatedAt, f.After.ID)
	}
	var rows []stepRow
	err := q.Order("at DESC, id DESC").Limit(f.Limit).Find(&rows).Error
	return convert(rows, func(r stepRow) domain.Step { return domain.Step(r) }), err
}
