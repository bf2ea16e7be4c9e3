package domain

import (
	"strings"
	"time"
)

// State is a settled fact about a proposal that its author may see.
type State string

// The states. What is "with the jury" or "under review" is read from other rows.
const (
	Nowhere        State = "none" // before the first step and after the last; never stored on a proposal
	Draft          State = "draft"
	Submitted      State = "submitted"
	Accepted       State = "accepted"
	Declined       State = "declined"
	Alternate      State = "alternate"
	CarriedForward State = "carried_forward"
	Withdrawn      State = "withdrawn"
	Cancelled      State = "cancelled"
)

// States are all states a proposal can be in, in the order of its life.
func States() []State {
	return []State{Draft, Submitted, Accepted, Declined, Alternate, CarriedForward, Withdrawn, Cancelled}
}

// Label is the state as people read it.
func (s State) Label() string {
	switch s {
	case CarriedForward:
		return "Carried forward"
	case Nowhere:
		return "Not there"
	case Same:
		return "The same"
	}
	return string(s[0]-'a'+'A') + string(s[1:])
}

// said is the state after "is", in a sentence: a draft, submitted.
func (s State) said() string {
	switch s {
	case Draft:
		return "a draft"
	case Alternate:
		return "an alternate"
	}
	return strings.ToLower(s.Label())
}

// Counts tells whether a proposal in this state counts toward a quota: it was
// submitted for consideration, and not withdrawn.
func (s State) Counts() bool { return s != Draft && s != Withdrawn && s != Nowhere }

// Proposal is one program or webinar on its way from first draft to a decision.
type Proposal struct {
	ID            string
	Version       int    // the row: ETag
	Revision      int    // the content: what reviews and decisions point at
	Number        string // 27-W-006, given at the first submission
	CallID        string
	GroupID       string
	VenueID       string
	FormatID      string
	Year          Year
	State         State
	Title         string
	Answers       Answers
	IdeaID        string // shared by all proposals carried forward from one idea
	ParentID      string // the one it was carried forward from
	Hops          int    // how often it was carried forward
	CarriedFrom   State  // while carried forward: the state it had
	CreatedBy     string
	CreatedAt     time.Time
	UpdatedBy     string
	UpdatedAt     time.Time
	SubmittedAt   *time.Time // the first submission
	LateUntil     *time.Time // a late grant: submit until then
	ReopenedUntil *time.Time // edit after submission until then
	GateOverride  string     // why the Leadership chair let it pass the gate (R10)
	DeliveredAt   *time.Time // the webinar took place
	ImportKey     string     // where an import found it; unique per call
}

// Ref is the reference people use: the number, or the id before there is one.
func (p Proposal) Ref() string {
	if p.Number != "" {
		return p.Number
	}
	return p.ID
}

// WasSubmitted tells whether it was ever submitted.
func (p Proposal) WasSubmitted() bool { return p.SubmittedAt != nil }

// External is the record that a proposal was put into the outside jury's own site.
type External struct {
	ProposalID string
	Site       string
	Reference  string
	SentOn     Date
	ByID       string
	ByName     string
	At         time.Time
}

// Revision is one version of a proposal's content, kept for good.
type Revision struct {
	ProposalID string
	Number     int
	Title      string
	Answers    Answers
	Speakers   []string // as printed, in order
	ByID       string
	ByName     string
	At         time.Time
	Cause      string // the action that closed it; "edit" while open
}

// Step is one line of a proposal's history.
type Step struct {
	ID         string
	ProposalID string
	Title      string // kept when the proposal itself is deleted
	Version    int
	Revision   int
	Action     Action
	From       State
	To         State
	ActorID    string
	ActorName  string
	At         time.Time
	Reason     string
	Detail     string // what changed, in words: "Webinars went from 0 of 2 to 1 of 2"
}

// Outcome is what a decision says.
type Outcome string

// The outcomes; each is also the state it leads to.
const (
	OutcomeAccepted  Outcome = "accepted"
	OutcomeDeclined  Outcome = "declined"
	OutcomeAlternate Outcome = "alternate"
)

// Outcomes are all outcomes.
func Outcomes() []Outcome { return []Outcome{OutcomeAccepted, OutcomeDeclined, OutcomeAlternate} }

// Decision is an outcome on a revision. It is invisible to the submitter until published.
type Decision struct {
	ID           string
	Version      int // while staged: which one somebody saw
	ProposalID   string
	Revision     int
	Outcome      Outcome
	Source       string // inside, outside, correction
	DecidedOn    Date
	Evidence     string // for an outside decision: reference or pasted notice
	Feedback     string // to the submitter
	NoFeedback   bool   // said explicitly
	Reason       string // of a correction, or of deciding without a packet
	ByID         string
	ByName       string
	At           time.Time
	PublishedAt  *time.Time
	SupersededAt *time.Time
}
