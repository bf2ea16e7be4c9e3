package store

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"lectern/domain"
)

// Finding is one invariant with its figure: how much was looked at, and what breaks it.
type Finding struct {
	Name   string   // what must hold
	Looked int      // rows looked at
	Broken []string // what breaks it, at most 20
}

// invariant is a rule that one statement can disprove: broken lists the
// offenders, of counts what was looked at.
type invariant struct {
	name   string
	of     string
	broken string
}

var invariants = []invariant{
	{
		"every proposal is where its history says",
		"SELECT COUNT(*) FROM proposals",
		`SELECT p.id || ' is ' || p.state FROM proposals p WHERE p.state <> COALESCE(
			(SELECT h.to_state FROM history h WHERE h.proposal_id = p.id ORDER BY h.version DESC, h.at DESC, h.id DESC LIMIT 1), 'none')`,
	},
	{
		"every step of history is in the lifecycle",
		"SELECT COUNT(*) FROM history",
		`SELECT h.id || ': ' || h.action FROM history h WHERE NOT EXISTS (SELECT 1 FROM lifecycle l
			WHERE l.action = h.action AND l.from_state = h.from_state AND l.to_state = h.to_state)`,
	},
	{
		"every proposal has its current revision",
		"SELECT COUNT(*) FROM proposals",
		"SELECT p.id FROM proposals p WHERE NOT EXISTS (SELECT 1 FROM revisions r WHERE r.proposal_id = p.id AND r.number = p.revision)",
	},
	{
		"at most one child for each proposal carried forward",
		"SELECT COUNT(*) FROM proposals WHERE parent_id <> ''",
		"SELECT parent_id FROM proposals WHERE parent_id <> '' AND state <> 'withdrawn' GROUP BY parent_id HAVING COUNT(*) > 1",
	},
	{
		"what is carried forward has a child",
		"SELECT COUNT(*) FROM proposals WHERE state = 'carried_forward'",
		"SELECT p.id FROM proposals p WHERE p.state = 'carried_forward' AND NOT EXISTS (SELECT 1 FROM proposals c WHERE c.parent_id = p.id)",
	},
	{
		"one decision in force for each decided proposal",
		"SELECT COUNT(*) FROM decisions WHERE published_at IS NOT NULL",
		`SELECT p.id FROM proposals p WHERE p.state IN ('accepted', 'declined', 'alternate') AND 1 <>
			(SELECT COUNT(*) FROM decisions d WHERE d.proposal_id = p.id AND d.published_at IS NOT NULL AND d.superseded_at IS NULL AND d.outcome = p.state)`,
	},
	{
		"packets of a venue and year are numbered without a gap",
		"SELECT COUNT(*) FROM packets",
		"SELECT venue_id || ' ' || year FROM packets GROUP BY section_id, venue_id, year HAVING MIN(number) <> 1 OR MAX(number) <> COUNT(*)",
	},
	{
		"one mail for each cause, address and kind",
		"SELECT COUNT(*) FROM outbox",
		"SELECT cause || ' ' || kind FROM outbox GROUP BY cause, address, kind HAVING COUNT(*) > 1",
	},
	{
		"at most three stipends for each webinar",
		"SELECT COUNT(DISTINCT proposal_id) FROM stipends",
		"SELECT proposal_id FROM stipends WHERE slot > 0 AND (spent OR state NOT IN ('waived', 'void')) GROUP BY proposal_id HAVING COUNT(*) > 3",
	},
	{
		"one person and one place once for each webinar's stipends",
		"SELECT COUNT(*) FROM stipends",
		`SELECT proposal_id FROM stipends WHERE state NOT IN ('waived', 'void') GROUP BY proposal_id HAVING COUNT(*) <> COUNT(DISTINCT payee)
			UNION SELECT proposal_id FROM stipends WHERE slot > 0 AND (spent OR state NOT IN ('waived', 'void')) GROUP BY proposal_id
			HAVING COUNT(*) <> COUNT(DISTINCT slot)`,
	},
	{
		"stipends only on accepted webinars",
		"SELECT COUNT(*) FROM stipends WHERE state NOT IN ('waived', 'void')",
		`SELECT s.id FROM stipends s JOIN proposals p ON p.id = s.proposal_id JOIN venues v ON v.id = p.venue_id
			WHERE s.state NOT IN ('waived', 'void', 'paid') AND NOT (p.state = 'accepted' AND v.stipends)`,
	},
	{
		"at most one good payment for each stipend",
		"SELECT COUNT(*) FROM stipend_payments",
		"SELECT stipend_id FROM stipend_payments WHERE state = 'good' GROUP BY stipend_id HAVING COUNT(*) > 1",
	},
	{
		"good payments are the stipends that are paid, in cents",
		"SELECT COALESCE(SUM(amount_cents), 0) FROM stipend_payments WHERE state = 'good'",
		`SELECT s.id || ' is ' || s.state || ', and ' || COALESCE(SUM(y.amount_cents), 0) || ' of ' || s.amount_cents || ' cents are paid' FROM stipends s
			LEFT JOIN stipend_payments y ON y.stipend_id = s.id AND y.state = 'good' GROUP BY s.id, s.state, s.amount_cents
			HAVING COALESCE(SUM(y.amount_cents), 0) <> CASE WHEN s.state = 'paid' THEN s.amount_cents ELSE 0 END`,
	},
	{
		"what is approved or paid was delivered, presented and approved by somebody else",
		"SELECT COUNT(*) FROM stipends WHERE state IN ('approved', 'paid')",
		`SELECT s.id FROM stipends s JOIN proposals p ON p.id = s.proposal_id WHERE s.state IN ('approved', 'paid')
			AND (p.delivered_at IS NULL OR NOT COALESCE(s.presented, FALSE) OR s.approved_by = s.designated_by OR s.agreement_on = '' OR s.tax_form_on = '')`,
	},
}

// Check proves the invariants on the live data, one finding each.
func (tx *Tx) Check(now time.Time) ([]Finding, error) {
	var all []Finding
	for _, i := range slices.Concat(invariants, saleInvariants) {
		f := Finding{Name: i.name}
		if err := tx.db.Raw(i.of).Scan(&f.Looked).Error; err != nil {
			return nil, err
		}
		if err := tx.db.Raw(i.broken + " LIMIT 20").Scan(&f.Broken).Error; err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	for _, check := range []func(time.Time) (Finding, error){tx.checkQuotas, tx.checkLifecycle} {
		f, err := check(now)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

type countedRow struct {
	GroupID string
	VenueID string
	Year    domain.Year
	State   domain.State
	Counts  bool
}

// checkQuotas recounts every duty in Go, from the bare rows and the call of each
// proposal, and compares it with what the standing's statement says.
func (tx *Tx) checkQuotas(now time.Time) (Finding, error) {
	f := Finding{Name: "quotas equal a recount"}
	var rows []countedRow
	err := tx.db.Raw(`SELECT p.group_id, c.venue_id, c.year, p.state, f.counts FROM proposals p JOIN calls c ON c.id = p.call_id
		JOIN formats f ON f.venue_id = c.venue_id AND f.id = c.format_id`).Scan(&rows).Error
	if err != nil {
		return f, err
	}
	counted := map[string]int{}
	for _, r := range rows {
		if r.Counts && r.State.Counts() {
			counted[key(r.GroupID, r.Year, r.VenueID)]++
		}
	}
	var owed []quotaRow
	if err := tx.db.Order("year, group_id, venue_id").Find(&owed).Error; err != nil {
		return f, err
	}
	for _, y := range years(owed) {
		standings, err := tx.Standings(groupsOf(owed, y), y, false, now)
		if err != nil {
			return f, err
		}
		f.compare(standings, counted)
	}
	return f, nil
}

func (f *Finding) compare(standings map[string]domain.Standing, counted map[string]int) {
	for id, s := range standings {
		for _, d := range s.Duties {
			f.Looked++
			if n := counted[key(id, s.Year, d.VenueID)]; n != d.Counted {
				f.Broken = append(f.Broken, fmt.Sprintf("%s: the standing says %d, the proposals are %d", key(id, s.Year, d.VenueID), d.Counted, n))
			}
		}
	}
}

func key(group string, y domain.Year, venue string) string {
	return strings.Join([]string{group, string(y), venue}, " ")
}

func years(owed []quotaRow) []domain.Year {
	var all []domain.Year
	for _, q := range owed {
		if !slices.Contains(all, q.Year) {
			all = append(all, q.Year)
		}
	}
	return all
}

func groupsOf(owed []quotaRow, y domain.Year) []string {
	var all []string
	for _, q := range owed {
		if q.Year == y && !slices.Contains(all, q.GroupID) {
			all = append(all, q.GroupID)
		}
	}
	return all
}

// checkLifecycle compares the database's table of legal steps with domain's.
func (tx *Tx) checkLifecycle(time.Time) (Finding, error) {
	f := Finding{Name: "the database knows the lifecycle of this program"}
	var kept []passageRow
	if err := tx.db.Find(&kept).Error; err != nil {
		return f, err
	}
	f.Looked = len(kept)
	for _, p := range domain.Passages() {
		if !slices.Contains(kept, passageRow(p)) {
			f.Broken = append(f.Broken, fmt.Sprintf("%s from %s to %s is missing", p.Action, p.From, p.To))
		}
	}
	for _, p := range kept {
		if !slices.Contains(domain.Passages(), domain.Passage(p)) {
			f.Broken = append(f.Broken, fmt.Sprintf("%s from %s to %s is not of this program", p.Action, p.From, p.To))
		}
	}
	return f, nil
}
