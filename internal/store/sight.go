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
}

func (f listFacts) sight(a domain.Actor) domain.Sight {
	d := domain.Facts{Actor: a, Group: domain.Group{SectionID: f.sectionID}, Judged: f.judged, NamesHidden: f.hidden}
	d.Conflict = domain.ConflictsOf(a.Reader(), f.ConflictFacts)
	return d.SightOf(domain.Proposal{GroupID: f.GroupID})
}

// listFactsSQL asks for what conflicts of interest depend on. Of a proposal @n is what else
// is asked of it, of a speaker the role; no row has to come before another.
const listFactsSQL = `
SELECT 'proposal' AS kind, p.id AS id, p.group_id AS a, p.created_by AS b, g.section_id AS c, '' AS list, @n AS n
FROM proposals p JOIN groups g ON g.id = p.group_id WHERE p.id IN (@those)
UNION ALL
SELECT 'speaker', s.proposal_id, s.name, s.email, s.role, s.affiliations, 0 FROM speakers s WHERE s.replaced_by = '' AND s.proposal_id IN (@those)
UNION ALL
SELECT 'sponsor', c.proposal_id, c.group_id, '', '', '', 0 FROM proposal_cosponsors c WHERE c.proposal_id IN (@those)
UNION ALL
SELECT 'declared', c.proposal_id, c.person_id, '', '', '', 0 FROM conflicts c WHERE c.person_id IN (?) AND c.proposal_id IN (@those)
UNION ALL
SELECT 'section', e.id, '', '', '', e.settings, 0 FROM sections e`

// sightSQL asks too whether a proposal is before the reviewers, 1, and whether its
// names are hidden from them, 2.
var sightSQL = strings.ReplaceAll(listFactsSQL, "@n", "CASE WHEN "+judgedKin+" THEN 1 ELSE 0 END + CASE WHEN "+hiddenKin+" THEN 2 ELSE 0 END")

// crewSQL asks too who is in the groups of the proposals on a day.
var crewSQL = strings.ReplaceAll(listFactsSQL, "@n", "0") + `
UNION ALL
SELECT 'member', t.group_id, w.name, w.email, '', '', 0 FROM terms t JOIN people w ON w.id = t.person_id
WHERE t.starts_on <= ? AND t.ends_on >= ? AND t.group_id IN (SELECT o.group_id FROM proposals o WHERE o.id IN (@those))`

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
// depends on, in one statement.
func (tx *Tx) conflictsOf(a domain.Actor, of those, now time.Time) (map[string]*listFacts, error) {
	found, err := tx.factsOf(sightSQL, of, slices.Concat([]any{now}, of.values, of.values, of.values, []any{[]string{a.ID}}, of.values))
	return found.proposals, err
}

// crews are the facts of several proposals that the conflicts of the actor and of
// others depend on, and their crews, in one statement.
func (tx *Tx) crews(a domain.Actor, of those, others ...string) (crews, error) {
	day := []any{a.Today, a.Today}
	return tx.factsOf(crewSQL, of, slices.Concat(of.values, of.values, of.values, []any{append(others, a.ID)}, of.values, day, of.values))
}

func (tx *Tx) factsOf(text string, of those, values []any) (crews, error) {
	found := crews{proposals: map[string]*listFacts{}, settings: map[string]domain.Settings{}, members: map[string]*roster{}, read: map[string][]string{}}
	var r listFactsRow // one for all: a list has thousands
	into := []any{&r.kind, &r.id, &r.a, &r.b, &r.c, &r.list, &r.n}
	err := tx.ask(func(from row) error {
		if err := from.Scan(into...); err != nil {
			return fmt.Errorf("read what sight depends on: %w", err)
		}
		return found.add(r)
	}, strings.ReplaceAll(text, "@those", of.text), values...)
	for _, f := range found.proposals {
		f.Disclose = found.settings[f.sectionID].GroupConflict == "disclose"
	}
	return found, err
}

type listFactsRow struct {
	kind, id, a, b, c, list string
	n                       int
}

// crews are what was found of several proposals.
type crews struct {
	proposals map[string]*listFacts
	settings  map[string]domain.Settings // by section
	members   map[string]*roster         // by group
	read      map[string][]string        // affiliations by their document: many speakers have the same
}

// A roster has the names and addresses of a group's people.
type roster struct{ names, emails map[string]bool }

func (c crews) proposal(id string) *listFacts {
	f, known := c.proposals[id]
	if !known {
		f = &listFacts{}
		c.proposals[id] = f
	}
	return f
}

func (c crews) add(r listFactsRow) error {
	switch r.kind {
	case "proposal":
		f := c.proposal(r.id)
		f.GroupID, f.CreatedBy, f.sectionID, f.judged, f.hidden = r.a, r.b, r.c, r.n&1 != 0, r.n&2 != 0
	case "speaker":
		f := c.proposal(r.id)
		if f.Speakers == nil {
			f.Speakers = make([]domain.Speaker, 0, 2) // of most
		}
		f.Speakers = append(f.Speakers, domain.Speaker{Name: r.a, Email: r.b, Role: domain.SpeakerRole(r.c)})
		return c.affiliations(r.list, &f.Speakers[len(f.Speakers)-1].Affiliations)
	case "sponsor":
		f := c.proposal(r.id)
		f.Sponsors = append(f.Sponsors, r.a)
	case "declared":
		f := c.proposal(r.id)
		f.Declared = append(f.Declared, r.a)
	case "section":
		return c.section(r.id, r.list)
	case "member":
		c.member(r.id, r.a, r.b)
	}
	return nil
}

func (c crews) section(id, settings string) error {
	var s domain.Settings
	if err := readDocument(settings, &s); err != nil {
		return fmt.Errorf("read a section's settings: %w", err)
	}
	c.settings[id] = s
	return nil
}

func (c crews) affiliations(document string, into *[]string) error {
	if known, was := c.read[document]; was {
		*into = known
		return nil
	}
	if err := json.Unmarshal([]byte(document), into); err != nil {
		return fmt.Errorf("read a speaker's affiliations: %w", err)
	}
	c.read[document] = *into
	return nil
}

func (c crews) member(group, name, email string) {
	in, known := c.members[group]
	if !known {
		in = &roster{map[string]bool{}, map[string]bool{}}
		c.members[group] = in
	}
	in.names[name], in.emails[email] = true, email != ""
}

// conflicts are what conflicts with a proposal depend on.
func (c crews) conflicts(id string) domain.ConflictFacts {
	if f, known := c.proposals[id]; known {
		return f.ConflictFacts
	}
	return domain.ConflictFacts{}
}

// crew is that of a proposal, with those who are not in its group.
func (c crews) crew(id string) domain.Crew {
	f, known := c.proposals[id]
	if !known {
		return domain.Crew{}
	}
	crew, in := domain.CrewOf(f.Speakers), c.members[f.GroupID]
	for i := range f.Speakers {
		if s := &f.Speakers[i]; s.Role == domain.Speaks && !(in != nil && (in.names[s.Name] || in.emails[s.Email])) {
			crew.Outside++
		}
	}
	return crew
}
