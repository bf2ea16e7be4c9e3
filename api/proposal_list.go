package api

import (
	"time"

	"lectern/domain"
	"lectern/workflows"
)

// ProposalLine is a proposal in a list.
type ProposalLine struct {
	ID          string       `json:"id"`
	Version     int          `json:"version"`
	Number      string       `json:"number"`
	Title       string       `json:"title"`
	State       domain.State `json:"state"`
	Year        domain.Year  `json:"year"`
	Venue       string       `json:"venue"`
	Format      string       `json:"format"`
	Call        CallRef      `json:"call"`
	Group       GroupRef     `json:"group"`
	Lead        string       `json:"lead"`      // the first speaker's name
	Reference   string       `json:"reference"` // in the outside site, once it was sent there
	SubmittedAt *time.Time   `json:"submitted_at"`
	UpdatedAt   time.Time    `json:"updated_at"`
}

type proposalFilters struct {
	Group string       `query:"group" json:"group" validate:"max=200"` // id or slug
	Year  domain.Year  `query:"year" json:"year" validate:"max=7"`
	Venue string       `query:"venue" json:"venue" validate:"max=40"`
	Call  string       `query:"call" json:"call" validate:"max=200"`
	State domain.State `query:"state" json:"state" validate:"omitempty,oneof=draft submitted accepted declined alternate carried_forward withdrawn cancelled"`
	Q     string       `query:"q" json:"q" validate:"max=200"` // words of title, speakers or tags, or their beginnings
}

type listProposalsIn struct {
	listIn
	proposalFilters
}

type lineKey struct {
	At time.Time `json:"at"`
	ID string    `json:"id"`
}

// cursor is the place behind the line; nil is the beginning.
func (k *lineKey) cursor() *workflows.Cursor {
	if k == nil {
		return nil
	}
	return &workflows.Cursor{UpdatedAt: k.At, ID: k.ID}
}

func (s *Server) listProposals(c *Call, in listProposalsIn) (list[ProposalLine], error) {
	key, err := after[lineKey](in.listIn, in.proposalFilters)
	if err != nil {
		return list[ProposalLine]{}, err
	}
	f := workflows.ProposalFilter{
		GroupRef: in.Group, Year: in.Year, VenueID: in.Venue, CallRef: in.Call, State: in.State,
		Words: domain.QueryWords(in.Q), After: key.cursor(), Limit: in.limit() + 1,
	}
	rows, err := s.Proposals.List(c.Ctx(), c.Actor, f)
	if err != nil {
		return list[ProposalLine]{}, err
	}
	return pageOf(rows, in.listIn, in.proposalFilters, proposalLine, proposalKey)
}

func proposalLine(l workflows.ProposalLine) ProposalLine {
	return ProposalLine{
		ID: l.ID, Version: l.Version, Number: l.Number, Title: l.Title, State: l.State, Year: l.Year, Venue: l.VenueID, Format: l.FormatID,
		Call: CallRef{l.CallID, l.CallSlug, l.CallName}, Group: GroupRef{l.GroupID, l.GroupSlug, l.GroupName}, Lead: l.Lead, Reference: l.Reference,
		SubmittedAt: l.SubmittedAt, UpdatedAt: l.UpdatedAt,
	}
}

// StepOut is one line of a proposal's history.
type StepOut struct {
	ID       string        `json:"id"`
	Action   domain.Action `json:"action"`
	From     string        `json:"from"` // a state; none before the first step
	To       string        `json:"to"`   // a state; none when it was deleted
	Version  int           `json:"version"`
	Revision int           `json:"revision"`
	By       string        `json:"by"`
	At       time.Time     `json:"at"`
	Reason   string        `json:"reason"`
	Detail   string        `json:"detail"`
}

// whole is a list that comes at once.
type whole[T any] struct {
	Data []T `json:"data"`
}

func wholeOf[D, T any](rows []D, show func(D) T) whole[T] {
	out := whole[T]{Data: make([]T, len(rows))}
	for i, r := range rows {
		out.Data[i] = show(r)
	}
	return out
}

// listOfIn asks for a page of something that belongs to one proposal.
type listOfIn struct {
	byID
	listIn
}

func (s *Server) proposalHistory(c *Call, in listOfIn) (list[StepOut], error) {
	key, err := after[lineKey](in.listIn, "history "+in.ID)
	if err != nil {
		return list[StepOut]{}, err
	}
	steps, err := s.Proposals.History(c.Ctx(), c.Actor, in.ID, workflows.HistoryFilter{After: key.cursor(), Limit: in.limit() + 1})
	if err != nil {
		return list[StepOut]{}, err
	}
	return pageOf(steps, in.listIn, "history "+in.ID, stepOut, stepKey)
}

func stepKey(p domain.Step) lineKey { return lineKey{p.At, p.ID} }

// RevisionOut is one version of a proposal's content.
type RevisionOut struct {
	Number   int                 `json:"number"`
	Title    string              `json:"title"`
	Answers  map[string][]string `json:"answers"`
	Speakers []string            `json:"speakers"` // as printed
	By       string              `json:"by"`
	At       time.Time           `json:"at"`
	Cause    string              `json:"cause"` // the action that closed it; edit while it is open
}

func (s *Server) proposalRevisions(c *Call, in listOfIn) (list[RevisionOut], error) {
	before, err := after[int32](in.listIn, "revisions "+in.ID)
	if err != nil {
		return list[RevisionOut]{}, err
	}
	all, err := s.Proposals.Revisions(c.Ctx(), c.Actor, in.ID, workflows.RevisionFilter{Before: int(value(before)), Limit: in.limit() + 1})
	if err != nil {
		return list[RevisionOut]{}, err
	}
	return pageOf(all, in.listIn, "revisions "+in.ID, revisionOut, revisionKey)
}

func revisionKey(r domain.Revision) int32 { return int32(r.Number) } // as the database counts them

func revisionOut(r domain.Revision) RevisionOut {
	return RevisionOut{r.Number, r.Title, map[string][]string(r.Answers), orEmpty(r.Speakers), r.ByName, r.At, r.Cause}
}

func (s *Server) proposalLineage(c *Call, in listOfIn) (list[ProposalLine], error) {
	key, err := after[lineKey](in.listIn, "lineage "+in.ID)
	if err != nil {
		return list[ProposalLine]{}, err
	}
	all, err := s.Proposals.Lineage(c.Ctx(), c.Actor, in.ID, key.cursor(), in.limit()+1)
	if err != nil {
		return list[ProposalLine]{}, err
	}
	return pageOf(all, in.listIn, "lineage "+in.ID, proposalLine, proposalKey)
}

func proposalKey(l workflows.ProposalLine) lineKey { return lineKey{l.UpdatedAt, l.ID} }
