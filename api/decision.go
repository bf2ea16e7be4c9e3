package api

import (
	"slices"
	"strings"
	"time"

	"lectern/domain"
	"lectern/workflows"
)

func (s *Server) decisionFlows() workflows.Decisions {
	return workflows.Decisions{Base: s.Access.Base}
}

// decisionRoutes are the routes of those who decide at a venue. What goes on in
// batches is repeated with the preview's token, not with a key: each proposal is a
// transaction of its own, and a repeat goes on.
func (s *Server) decisionRoutes() []*route {
	return []*route{
		endpoint(get, "/calls/:id/decisions", "What is staged and decided on a call’s proposals, by number", s.listDecisions),
		endpoint(post, "/calls/:id/decisions", "Stage many decisions, all or nothing; with dry_run, the difference", s.stageDecisions),
		endpoint(post, "/calls/:id/decisions/preview", "What publishing would tell to whom, with a token", s.previewDecisions).repeatable(),
		endpoint(post, "/calls/:id/decisions/publish", "Publish what a preview showed; repeated, it goes on", s.publishDecisions).repeatable(),
		endpoint(get, "/proposals/:id/decision", "The decision on a proposal, for those who decide", s.getDecision),
		endpoint(put, "/proposals/:id/decision", "Stage a decision that the submitter cannot see", s.stageDecision),
		endpoint(del, "/proposals/:id/decision", "Clear the staged decision", s.clearDecision),
		endpoint(post, "/proposals/:id/publish-decision", domain.PublishDecision.Label(), s.publishDecision),
		endpoint(post, "/years/:year/venues/:venue/cancel-event", "Call a venue’s event off, as its dry_run showed; repeated, it goes on", s.cancelEvent).repeatable(),
		endpoint(get, "/batches/:id", "How far a publication or a cancelled event has got", s.getBatch),
	}
}

// StagedOut is a decision that nobody but those who decide and publish can see.
type StagedOut struct {
	Outcome    domain.Outcome `json:"outcome"`
	Feedback   string         `json:"feedback"`
	NoFeedback bool           `json:"no_feedback"` // said explicitly
	Reason     string         `json:"reason"`      // why it is decided without a packet
	Revision   int            `json:"revision"`    // of the text that was decided on
	By         string         `json:"by"`
	At         time.Time      `json:"at"`
}

// ProposalDecisionOut is how the decision on a proposal stands. The version is
// that of what is staged; 0 while nothing is.
type ProposalDecisionOut struct {
	Proposal  string         `json:"proposal"` // id
	Number    string         `json:"number"`
	Title     string         `json:"title"`
	State     domain.State   `json:"state"`
	Revision  int            `json:"revision"`
	Version   int            `json:"version"`
	Staged    *StagedOut     `json:"staged"`     // null: nothing is staged
	Outcome   domain.Outcome `json:"outcome"`    // of the decision in force; empty: none
	DecidedOn domain.Date    `json:"decided_on"` // of the same
}

func (o ProposalDecisionOut) etag() int { return o.Version }

func proposalDecisionOut(l workflows.DecisionLine) ProposalDecisionOut {
	out := ProposalDecisionOut{Proposal: l.ID, Number: l.Number, Title: l.Title, State: l.State, Revision: l.Revision, Outcome: l.Outcome, DecidedOn: l.DecidedOn}
	if d := l.Staged; d != nil {
		out.Version = d.Version
		out.Staged = &StagedOut{d.Outcome, d.Feedback, d.NoFeedback, d.Reason, d.Revision, d.ByName, d.At}
	}
	return out
}

type decisionsIn struct {
	byRef
	listIn
}

func (s *Server) listDecisions(c *Call, in decisionsIn) (list[ProposalDecisionOut], error) {
	key, err := after[string](in.listIn, in.ID)
	if err != nil {
		return list[ProposalDecisionOut]{}, err
	}
	l, err := s.decisionFlows().Lines(c.Ctx(), c.Actor, in.ID)
	if err != nil {
		return list[ProposalDecisionOut]{}, err
	}
	from := 0
	if key != nil {
		from, _ = slices.BinarySearchFunc(l.Lines, *key+"\x00", func(x workflows.DecisionLine, number string) int { return strings.Compare(x.Number, number) })
	}
	rows := l.Lines[from:min(len(l.Lines), from+in.limit()+1)]
	return pageOf(rows, in.listIn, in.ID, proposalDecisionOut, func(x workflows.DecisionLine) string { return x.Number })
}

func (s *Server) getDecision(c *Call, in byID) (ProposalDecisionOut, error) {
	l, err := s.decisionFlows().Get(c.Ctx(), c.Actor, in.ID)
	return proposalDecisionOut(l), err
}

// stageIn is a decision to stage. If-Match is the version of what is staged: it is
// needed once something is.
type stageIn struct {
	byID
	Outcome    domain.Outcome `json:"outcome" validate:"required,oneof=accepted declined alternate"`
	Feedback   string         `json:"feedback" validate:"max=20000"`
	NoFeedback bool           `json:"no_feedback"`
	Reason     string         `json:"reason" validate:"max=5000"`
}

func (s *Server) stageDecision(c *Call, in stageIn) (ProposalDecisionOut, error) {
	l, err := s.decisionFlows().Stage(c.Ctx(), c.Actor, domain.DecisionWish{
		Ref: in.ID, Version: c.stagedVersion(), Outcome: in.Outcome, Feedback: in.Feedback, NoFeedback: in.NoFeedback, Reason: in.Reason,
	})
	return proposalDecisionOut(l), err
}

// stagedVersion is what If-Match says about a staged decision: with *, any.
func (c *Call) stagedVersion() int {
	if strings.TrimSpace(c.Request().Header.Get("If-Match")) == "*" {
		return workflows.AnyVersion
	}
	return c.IfMatch
}

func (s *Server) clearDecision(c *Call, in byID) (nothing, error) {
	_, err := s.decisionFlows().Stage(c.Ctx(), c.Actor, domain.DecisionWish{Ref: in.ID, Version: c.stagedVersion()})
	return nothing{}, err
}

func (s *Server) publishDecision(c *Call, in byID) (ProposalDecisionOut, error) {
	l, err := s.decisionFlows().PublishOne(c.Ctx(), c.Actor, in.ID, c.IfMatch)
	return proposalDecisionOut(l), err
}

type stageAllIn struct {
	byRef
	Decisions []WishIn `json:"decisions" validate:"required,max=1000,dive"`
}

// WishIn is one decision of several; without an outcome, what is staged is cleared.
type WishIn struct {
	Proposal   string         `json:"proposal" validate:"required,max=64"`            // id or number
	Version    *int           `json:"version" validate:"omitempty,min=0,max=1000000"` // of what is staged, 0 for nothing; left out: whatever is
	Outcome    domain.Outcome `json:"outcome" validate:"omitempty,oneof=accepted declined alternate"`
	Feedback   string         `json:"feedback" validate:"max=20000"`
	NoFeedback bool           `json:"no_feedback"`
	Reason     string         `json:"reason" validate:"max=5000"`
}

func (in WishIn) wish() domain.DecisionWish {
	w := domain.DecisionWish{Ref: in.Proposal, Version: workflows.AnyVersion, Outcome: in.Outcome, Feedback: in.Feedback, NoFeedback: in.NoFeedback, Reason: in.Reason}
	if in.Version != nil {
		w.Version = *in.Version
	}
	return w
}

// DifferenceOut is what staging one of several decisions changes, or would.
type DifferenceOut struct {
	Proposal string                `json:"proposal"` // as it was named
	Number   string                `json:"number"`
	Change   domain.DecisionChange `json:"change"` // new, changed, cleared or same; empty when there is no such proposal
	Before   domain.Outcome        `json:"before"`
	Outcome  domain.Outcome        `json:"outcome"`
	Reasons  []ReasonOut           `json:"reasons"` // why not; only in a dry run
}

func (s *Server) stageDecisions(c *Call, in stageAllIn) (whole[DifferenceOut], error) {
	wishes := make([]domain.DecisionWish, len(in.Decisions))
	for i, w := range in.Decisions {
		wishes[i] = w.wish()
	}
	all, err := s.decisionFlows().StageAll(c.Ctx(), c.Actor, in.ID, wishes)
	return wholeOf(all, func(d workflows.DecisionDifference) DifferenceOut {
		out := DifferenceOut{Proposal: d.Wish.Ref, Number: d.Line.Number, Change: d.Change, Outcome: d.Wish.Outcome, Reasons: reasonsOut(d.Why)}
		if d.Line.Staged != nil {
			out.Before = d.Line.Staged.Outcome
		}
		return out
	}), err
}

type previewDecisionsIn struct {
	byRef
	Proposals []string `json:"proposals" validate:"max=2000"` // ids or numbers; left out: all that is staged
}

// PublishPreviewOut is what publishing would do. The token is true as long as
// nothing of it changes.
type PublishPreviewOut struct {
	Token     string         `json:"token"`
	Mails     int            `json:"mails"`
	Decisions []ToPublishOut `json:"decisions"`
	Blocked   []BlockedOut   `json:"blocked"` // staged, and not to be published as they stand
}

// ToPublishOut is one decision of a preview.
type ToPublishOut struct {
	Proposal   string         `json:"proposal"` // id
	Number     string         `json:"number"`
	Title      string         `json:"title"`
	Outcome    domain.Outcome `json:"outcome"`
	Feedback   string         `json:"feedback"`
	NoFeedback bool           `json:"no_feedback"`
	Told       []ToldOut      `json:"told"`
}

// ToldOut is somebody who gets a mail, and of which kind.
type ToldOut struct {
	Name string            `json:"name"`
	Kind domain.NoticeKind `json:"kind"` // outcome, speaker_confirm or cancelled
}

// BlockedOut is a proposal that is left out, and why.
type BlockedOut struct {
	Proposal string      `json:"proposal"` // id
	Number   string      `json:"number"`
	Reasons  []ReasonOut `json:"reasons"`
}

func toldOut(all []workflows.Recipient) []ToldOut {
	out := []ToldOut{}
	for _, r := range all {
		out = append(out, ToldOut{r.Name, r.Kind})
	}
	return out
}

func (s *Server) previewDecisions(c *Call, in previewDecisionsIn) (PublishPreviewOut, error) {
	l, err := s.decisionFlows().Preview(c.Ctx(), c.Actor, in.ID, in.Proposals)
	out := PublishPreviewOut{Token: l.Preview.Token, Mails: l.Preview.Mails(), Decisions: []ToPublishOut{}, Blocked: []BlockedOut{}}
	for _, i := range l.Preview.Items {
		d := i.Line.Staged
		out.Decisions = append(out.Decisions, ToPublishOut{i.Line.ID, i.Line.Number, i.Line.Title, d.Outcome, d.Feedback, d.NoFeedback, toldOut(i.Told)})
	}
	for _, i := range l.Preview.Blocked {
		out.Blocked = append(out.Blocked, BlockedOut{i.Line.ID, i.Line.Number, reasonsOut(i.Why)})
	}
	return out, err
}

type publishIn struct {
	byRef
	Token     string   `json:"token" validate:"required,max=100"`
	Proposals []string `json:"proposals" validate:"max=2000"` // as in the preview
}

// BatchOut is how far something got that is done to many proposals.
type BatchOut struct {
	ID      string            `json:"id"`
	Action  domain.Action     `json:"action"` // publish-decision or cancel-event
	Total   int               `json:"total"`
	Done    int               `json:"done"`
	Refused []BatchRefusalOut `json:"refused"` // with which nothing was done, and why
	By      string            `json:"by"`
	BegunAt time.Time         `json:"begun_at"`
	EndedAt *time.Time        `json:"ended_at"` // null: it goes on
}

// BatchRefusalOut is one proposal with which a batch did nothing.
type BatchRefusalOut struct {
	Proposal string `json:"proposal"` // id
	Number   string `json:"number"`
	Code     string `json:"code"`
	Detail   string `json:"detail"`
}

func batchOut(v workflows.BatchView) BatchOut {
	out := BatchOut{ID: v.ID, Action: v.Action, Total: v.Total, Done: v.Done, Refused: []BatchRefusalOut{}, By: v.ByName, BegunAt: v.BegunAt, EndedAt: v.EndedAt}
	for _, r := range v.Refused {
		out.Refused = append(out.Refused, BatchRefusalOut{r.ProposalID, r.Number, r.Code, r.Detail})
	}
	return out
}

func (s *Server) publishDecisions(c *Call, in publishIn) (BatchOut, error) {
	v, err := s.decisionFlows().Publish(c.Ctx(), c.Actor, in.ID, in.Token, in.Proposals)
	return batchOut(v), err
}

func (s *Server) getBatch(c *Call, in byID) (BatchOut, error) {
	v, err := s.decisionFlows().Batch(c.Ctx(), c.Actor, in.ID)
	return batchOut(v), err
}

type cancelEventIn struct {
	Year   domain.Year `param:"year" json:"-" validate:"required,max=7"`
	Venue  string      `param:"venue" json:"-" validate:"required,max=64"`
	Reason string      `json:"reason" validate:"max=5000"`
	Token  string      `json:"token" validate:"max=100"` // of the dry run
}

// CancelEventOut is what cancelling an event does, or in a dry run would do.
type CancelEventOut struct {
	Token     string         `json:"token"`
	Mails     int            `json:"mails"`
	Proposals []CancelledOut `json:"proposals"` // that become cancelled; once it is done, none
	Batch     *BatchOut      `json:"batch"`     // null in a dry run
}

// CancelledOut is a proposal that becomes cancelled.
type CancelledOut struct {
	Proposal string       `json:"proposal"` // id
	Number   string       `json:"number"`
	Title    string       `json:"title"`
	State    domain.State `json:"state"`
	Told     []ToldOut    `json:"told"`
}

func (s *Server) cancelEvent(c *Call, in cancelEventIn) (CancelEventOut, error) {
	out := CancelEventOut{Proposals: []CancelledOut{}}
	if !c.DryRun {
		v, err := s.decisionFlows().CancelEvent(c.Ctx(), c.Actor, in.Year, in.Venue, in.Reason, in.Token)
		b := batchOut(v)
		out.Token, out.Batch = in.Token, &b
		return out, err
	}
	p, err := s.decisionFlows().PreviewCancel(c.Ctx(), c.Actor, in.Year, in.Venue)
	out.Token, out.Mails = p.Token, p.Mails()
	for _, i := range p.Items {
		out.Proposals = append(out.Proposals, CancelledOut{i.Line.ID, i.Line.Number, i.Line.Title, i.Line.State, toldOut(i.Told)})
	}
	return out, err
}
