package store

import (
	"fmt"
	"time"

	"lectern/domain"
)

// judgeRow is a row of any of the lists that judging a proposal depends on.
type judgeRow struct {
	Kind     string
	StartsAt *time.Time
	EndsAt   *time.Time
	ID       string
	Name     string
	Email    string
	At       string
	N        int
}

// judging reads in one statement what judging a proposal depends on: the call's
// phases, co-sponsors, declared conflicts, the Leadership chairs with their
// groups among those that matter, how many reviews there are, and whether it or
// another of its idea is judged without names, the newest packet it is in, and the
// recommendation's note to the group, which is theirs once an outcome is published.
const judgingSQL = `
SELECT 'phase' AS kind, f.starts_at AS starts_at, f.ends_at AS ends_at, f.kind AS id, '' AS name, '' AS email, '' AS at, 0 AS n
FROM phases f WHERE f.call_id = @call
UNION ALL
SELECT 'sponsor', NULL, NULL, s.group_id, '', '', '', 0 FROM proposal_cosponsors s WHERE s.proposal_id = @id
UNION ALL
SELECT 'declared', NULL, NULL, c.person_id, '', '', '', 0 FROM conflicts c WHERE c.proposal_id = @id
UNION ALL
SELECT 'chair', NULL, NULL, w.id, w.name, w.email, w.institution, 0 FROM people w
WHERE w.id IN (SELECT t.person_id FROM terms t JOIN groups l ON l.id = t.group_id
  WHERE l.kind = 'leadership' AND l.section_id = @section AND t.role IN ('chair', 'co_chair') AND t.starts_on <= @today AND t.ends_on >= @today)
UNION ALL
SELECT 'seat', NULL, NULL, o.person_id, o.group_id, '', '', 0 FROM terms o
WHERE o.person_id IN (SELECT t.person_id FROM terms t JOIN groups l ON l.id = t.group_id
  WHERE l.kind = 'leadership' AND l.section_id = @section AND t.role IN ('chair', 'co_chair') AND t.starts_on <= @today AND t.ends_on >= @today)
AND o.starts_on <= @today AND o.ends_on >= @today
AND (o.group_id = @group OR o.group_id IN (SELECT s.group_id FROM proposal_cosponsors s WHERE s.proposal_id = @id))
UNION ALL
SELECT 'reviews', NULL, NULL, '', '', '', CASE WHEN r.score IS NULL THEN '' ELSE 'scored' END, COUNT(*) FROM reviews r WHERE r.proposal_id = @id AND r.state <> 'recused'
GROUP BY CASE WHEN r.score IS NULL THEN '' ELSE 'scored' END
UNION ALL
SELECT 'hidden', NULL, NULL, k.id, '', '', '', 0
FROM proposals k JOIN venues v ON v.id = k.venue_id
WHERE k.idea_id = @idea AND v.hide_names AND k.submitted_at IS NOT NULL AND k.state IN ('submitted', 'withdrawn')
  AND NOT EXISTS (SELECT 1 FROM phases b WHERE b.call_id = k.call_id AND b.kind = 'recommend' AND b.starts_at <= @now)
UNION ALL
SELECT 'judged', NULL, NULL, k.id, '', '', '', 0
FROM proposals k JOIN venues v ON v.id = k.venue_id WHERE k.idea_id = @idea AND k.state = 'submitted' AND v.decider = 'forum_committee'
UNION ALL
SELECT 'packet', NULL, NULL, '', '', '', '', COALESCE(MAX(k.number), 0) FROM packets k JOIN packet_proposals i ON i.packet_id = k.id WHERE i.proposal_id = @id
UNION ALL
SELECT 'note', NULL, NULL, '', '', '', n.note_submitter, 0 FROM recommendations n WHERE n.proposal_id = @id AND n.note_submitter <> ''
AND EXISTS (SELECT 1 FROM decisions y WHERE y.proposal_id = n.proposal_id AND y.published_at IS NOT NULL AND y.superseded_at IS NULL)`

const (
	// Speakers as far as conflicts depend on them: name, address, and as JSON where they work.
	judgingSpeakers = `
UNION ALL
SELECT 'speaker', NULL, NULL, k.id, k.name, k.email, k.affiliations, 0 FROM speakers k WHERE k.proposal_id = @id AND k.replaced_by = ''`
	judgingOrder = `
ORDER BY kind, starts_at, ends_at, id, name`
)

var (
	judging      = withNames(judgingSQL + judgingOrder)
	judgingAlone = withNames(judgingSQL + judgingSpeakers + judgingOrder)
)

// Judging adds what judging a proposal depends on to its facts, which need Now
// and Speakers already: in one statement.
func (tx *Tx) Judging(p domain.Proposal, f *domain.Facts) error { return tx.judge(judging, p, f) }

// JudgingAlone is Judging of facts that have no speakers: they come along, as far as
// conflicts depend on them and without those replaced.
func (tx *Tx) JudgingAlone(p domain.Proposal, f *domain.Facts) error {
	f.Speakers = nil
	return tx.judge(judgingAlone, p, f)
}

func (tx *Tx) judge(question named, p domain.Proposal, f *domain.Facts) error {
	err := tx.ask(func(found row) error {
		var r judgeRow
		if err := found.Scan(&r.Kind, &r.StartsAt, &r.EndsAt, &r.ID, &r.Name, &r.Email, &r.At, &r.N); err != nil {
			return fmt.Errorf("read what judging depends on: %w", err)
		}
		return r.add(p, f)
	}, question.text, question.values(map[string]any{
		"id": p.ID, "call": p.CallID, "idea": p.IdeaID, "group": p.GroupID, "section": f.Group.SectionID, "today": f.Actor.Today, "now": f.Now,
	})...)
	f.FindConflicts(p)
	return err
}

func (r judgeRow) add(p domain.Proposal, f *domain.Facts) error {
	switch r.Kind {
	case "phase":
		f.Phases = append(f.Phases, domain.Phase{CallID: p.CallID, Kind: domain.PhaseKind(r.ID), StartsAt: *r.StartsAt, EndsAt: *r.EndsAt})
	case "sponsor":
		f.Sponsors = append(f.Sponsors, r.ID)
	case "declared":
		f.Declared = append(f.Declared, r.ID)
	case "chair":
		f.Chairs = append(f.Chairs, domain.Reader{ID: r.ID, Name: r.Name, Email: r.Email, Institution: r.At})
	case "seat":
		for i := range f.Chairs {
			if f.Chairs[i].ID == r.ID {
				f.Chairs[i].Groups = append(f.Chairs[i].Groups, r.Name)
			}
		}
	case "reviews":
		f.ReviewsBegun += r.N
		if r.At == "scored" {
			f.Reviews = r.N
		}
	case "hidden":
		f.NamesHidden = true
	case "note":
		f.RecommendedNote = r.At
	case "packet":
		f.Packet = r.N
	case "judged":
		f.Judged = true
	case "speaker":
		s := domain.Speaker{ID: r.ID, ProposalID: p.ID, Name: r.Name, Email: r.Email}
		if err := readDocument(r.At, &s.Affiliations); err != nil {
			return fmt.Errorf("read where a speaker works: %w", err)
		}
		f.Speakers = append(f.Speakers, s)
	}
	return nil
}
