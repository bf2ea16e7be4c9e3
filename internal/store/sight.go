package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"lectern/domain"
)

// hiddenKin tells of a proposal p that names are hidden from who only reviews it:
// it, or another of its idea, is at a venue that hides them, waits there for a
// decision, and its recommendations have not begun at an instant.
const hiddenKin = `EXISTS (SELECT 1 FROM proposals hk JOIN venues hv ON hv.id = hk.venue_id
WHERE hk.idea_id = p.idea_id AND hv.hide_names AND hk.submitted_at IS NOT NULL AND hk.state IN ('submitted', 'withdrawn')
AND NOT EXISTS (SELECT 1 FROM phases hp WHERE hp.call_id = hk.call_id AND hp.kind = 'recommend' AND hp.starts_at <= ?))`

// judgedKin tells of a proposal p that it, or another of its idea, is before the
// reviewers.
const judgedKin = `EXISTS (SELECT 1 FROM proposals jk JOIN venues jv ON jv.id = jk.venue_id
WHERE jk.idea_id = p.idea_id AND jk.state = 'submitted' AND jv.decider = 'forum_committee')`

// judges tells whether the actor can see proposals only as a reviewer.
func judges(a domain.Actor) bool {
	return !a.Has(domain.Admin, domain.Staff) && !a.Clock && a.SpeakerID == "" && (len(a.Sections()) > 0 || len(a.GuestOf) > 0)
}

// shownTo is a condition on proposals p for what tells whose they are: it leaves out
// those of which the actor must not learn that at the instant.
func shownTo(a domain.Actor, now time.Time) (string, []any) {
	if !judges(a) {
		return "", nil
	}
	// Being of the same institution or having declared a conflict is not looked at
	// here: whose the proposal is shows to all reviewers once names do.
	return "(p.group_id IN (?) OR NOT " + hiddenKin + ")", []any{orNone(a.Groups()), now}
}

// orNone keeps an empty list from becoming IN (), which is not SQL.
func orNone(ids []string) []string {
	if len(ids) == 0 {
		return []string{""}
	}
	return ids
}

// GroupSight is which of a group's proposals somebody must not learn to be its.
// SightIn makes it.
type GroupSight struct {
	groupID string
	hidden  []string // ids of proposals
}

// SightIn is what the actor must not learn of a group's proposals at the instant:
// one statement for a reviewer, none for others.
func (tx *Tx) SightIn(a domain.Actor, groupID string, now time.Time) (GroupSight, error) {
	in := GroupSight{groupID: groupID}
	if !judges(a) || a.MemberOf(groupID) {
		return in, nil
	}
	doubtful := those{"SELECT p.id FROM proposals p WHERE p.group_id = ? AND (" + judgedKin + " OR " + hiddenKin + ")", []any{groupID, now}}
	facts, err := tx.conflictsOf(a, doubtful, now)
	for id, f := range facts {
		if f.sight(a) != domain.Whole {
			in.hidden = append(in.hidden, id)
		}
	}
	return in, err
}

// shown is the condition that a proposal p is the group's and not hidden.
func (in GroupSight) shown() (string, []any) {
	return "p.group_id = ? AND p.id NOT IN (?)", []any{in.groupID, orNone(in.hidden)}
}

// maskLines takes from the lines of a list what the actor must not learn, and
// leaves out lines that the filter found by it.
func (tx *Tx) maskLines(a domain.Actor, lines []ProposalLine, filter ProposalFilter) ([]ProposalLine, error) {
	for i := range lines {
		lines[i].Sight = domain.Whole
	}
	if filter.In != nil || !judges(a) || !slices.ContainsFunc(lines, ProposalLine.mayBeJudged) {
		return lines, nil
	}
	ids := make([]string, len(lines))
	for i, l := range lines {
		ids[i] = l.ID
	}
	facts, err := tx.conflictsOf(a, those{"?", []any{ids}}, filter.Now)
	var kept []ProposalLine
	for _, l := range lines {
		if l = masked(l, a, facts[l.ID]); !l.foundOut(filter) {
			kept = append(kept, l)
		}
	}
	return kept, err
}

// mayBeJudged tells whether a line, or another of its idea, can be before reviewers.
func (l ProposalLine) mayBeJudged() bool {
	reviewed := l.Decider == domain.DecidedByForum && l.State == domain.Submitted
	return reviewed || l.State == domain.Withdrawn || l.State == domain.CarriedForward
}

// foundOut tells whether the filter found a line by something that is not shown.
func (l ProposalLine) foundOut(f ProposalFilter) bool {
	if l.Sight == domain.Whole {
		return false
	}
	byGroup := f.GroupID != "" || f.GroupRef != ""
	byText := l.Sight == domain.TitleOnly && !domain.Found(domain.SearchWords(l.Title), f.Words)
	return byGroup || byText
}

func masked(l ProposalLine, a domain.Actor, f *listFacts) ProposalLine {
	if f == nil {
		return l
	}
	l.Sight = f.sight(a)
	if l.Sight == domain.Whole {
		return l
	}
	l.GroupID, l.GroupSlug, l.GroupName, l.Lead, l.Reference = "", "", "", "", ""
	return l
}

// listFacts are what the sight of a proposal in a list depends on.
type listFacts struct {
	domain.ConflictFacts
	sectionID string
	judged    bool
	hidden    bool
	outside   int // speakers who are not in the submitting group
}

// time0 is before everything: whatever is ever hidden counts as hidden.
var time0 time.Time

func (f listFacts) sight(a domain.Actor) domain.Sight {
	d := domain.Facts{Actor: a, Group: domain.Group{SectionID: f.sectionID}, Judged: f.judged, NamesHidden: f.hidden}
	d.Conflict = domain.ConflictsOf(a.Reader(), f.ConflictFacts)
	return d.SightOf(domain.Proposal{GroupID: f.GroupID})
}

const listFactsSQL = `
SELECT 'proposal' AS kind, p.id AS id, p.group_id AS a, p.created_by AS b, g.section_id AS c, s.settings AS list,
  CASE WHEN ` + judgedKin + ` THEN 1 ELSE 0 END AS judged,
  CASE WHEN ` + hiddenKin + ` THEN 1 ELSE 0 END AS hidden
FROM proposals p JOIN groups g ON g.id = p.group_id JOIN sections s ON s.id = g.section_id WHERE p.id IN (@those)
UNION ALL
SELECT 'speaker', s.proposal_id, s.name, s.email, s.role, s.affiliations,
  CASE WHEN EXISTS (SELECT 1 FROM terms t JOIN people w ON w.id = t.person_id WHERE t.group_id = sp.group_id AND t.starts_on <= ? AND t.ends_on >= ?
    AND (w.name = s.name OR w.email = s.email AND w.email <> '')) THEN 1 ELSE 0 END, 0
FROM speakers s JOIN proposals sp ON sp.id = s.proposal_id WHERE s.replaced_by = '' AND s.proposal_id IN (@those)
UNION ALL
SELECT 'sponsor', c.proposal_id, c.group_id, '', '', '', 0, 0 FROM proposal_cosponsors c WHERE c.proposal_id IN (@those)
UNION ALL
SELECT 'declared', c.proposal_id, c.person_id, '', '', '', 0, 0 FROM conflicts c WHERE c.person_id IN (?) AND c.proposal_id IN (@those)
ORDER BY kind`

type listFactsRow struct {
	Kind, ID, A, B, C, List string
	Judged, Hidden          int
}

// those are proposals by their ids: a list, or a question for them.
type those struct {
	text   string
	values []any
}

// waitingIn are the proposals of calls that wait for a decision.
func waitingIn(calls []string) those {
	return those{"SELECT w.id FROM proposals w WHERE w.call_id IN (?) AND w.state = 'submitted'", []any{calls}}
}

// conflictsOf are the facts of several proposals that the actor's sight of them
// depends on, in one statement, with the conflicts that they and the others
// declared.
func (tx *Tx) conflictsOf(a domain.Actor, of those, now time.Time, others ...string) (map[string]*listFacts, error) {
	var rows []listFactsRow
	values := slices.Concat([]any{now}, of.values, []any{a.Today, a.Today}, of.values, of.values, []any{append(others, a.ID)}, of.values)
	err := tx.ask(func(found row) error {
		var r listFactsRow
		if err := found.Scan(&r.Kind, &r.ID, &r.A, &r.B, &r.C, &r.List, &r.Judged, &r.Hidden); err != nil {
			return fmt.Errorf("read what sight depends on: %w", err)
		}
		rows = append(rows, r)
		return nil
	}, strings.ReplaceAll(listFactsSQL, "@those", of.text), values...)
	if err != nil {
		return nil, err
	}
	all := map[string]*listFacts{}
	for _, r := range rows {
		if r.Kind == "proposal" {
			all[r.ID] = &listFacts{sectionID: r.C, judged: r.Judged == 1, hidden: r.Hidden == 1}
			all[r.ID].GroupID, all[r.ID].CreatedBy = r.A, r.B
			all[r.ID].Disclose = disclosed(r.List)
		}
	}
	for _, r := range rows {
		if err := r.addTo(all[r.ID]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (r listFactsRow) addTo(f *listFacts) error {
	if f == nil {
		return nil // gone meanwhile
	}
	switch r.Kind {
	case "speaker":
		s := domain.Speaker{Name: r.A, Email: r.B, Role: domain.SpeakerRole(r.C)}
		if s.Role == domain.Speaks && r.Judged == 0 {
			f.outside++
		}
		if err := json.Unmarshal([]byte(r.List), &s.Affiliations); err != nil {
			return fmt.Errorf("read a speaker's affiliations: %w", err)
		}
		f.Speakers = append(f.Speakers, s)
	case "sponsor":
		f.Sponsors = append(f.Sponsors, r.A)
	case "declared":
		f.Declared = append(f.Declared, r.A)
	}
	return nil
}

// disclosed reads from a section's settings whether being in the group is no bar.
func disclosed(settings string) bool {
	var s domain.Settings
	return readDocument(settings, &s) == nil && s.GroupConflict == "disclose"
}
