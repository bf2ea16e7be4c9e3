package web

import (
	"slices"
	"time"

	"github.com/a-h/templ"

	"lectern/domain"
)

// ProposalPage is the page of a proposal.
type ProposalPage struct {
	Page
	Proposal    domain.Proposal
	Group       Link
	Call        domain.Call
	FormatName  string
	Zone        string        // of the section: for what is not bound to the call's own window
	Marks       []Mark        // facts read from other rows: "Ready, not yet sent"
	Fields      []FormAnswer  // the text by the form's fields, the title left out
	Lead        string        // name of the first speaker; may be empty
	Next        *Notice       // what to do first, above everything; nil: the lifecycle panel says it
	Life        LifePanel     // with the moves
	Carry       *CarryPanel   // where it can be carried; nil: not now
	Copy        *CopyPanel    // for the outside jury's site; nil: decided here, or a draft
	Answer      *OutcomeCard  // the published decision
	Lineage     []LineageNode // empty: it came from nowhere and went nowhere
	LineageNote string
	Speakers    []SpeakerCard
	Stipends    *StipendCard // nil: no stipends here
	Waiting     []string     // replacements that wait, in words
	Comments    []CommentItem
	Comment     *Control // what is being written; nil: may only read
	Said        Further  // the rest of the discussion
	History     []HistoryItem
	Steps       Further // the rest of the history
	Facts       []Fact
	Revisions   bool // there are versions to compare
	Nameless    bool // whose it is stays hidden: no speakers, no discussion
	Closed      bool // a conflict of interest: nothing but the title
}

// discussed is how many comments there are, as far as the page tells.
func (p ProposalPage) discussed() string {
	switch {
	case p.Said.Newest != "":
		return ""
	case p.Said.Older != "":
		return " (" + itoa(len(p.Comments)) + "+)"
	}
	return " (" + itoa(len(p.Comments)) + ")"
}

func (p ProposalPage) base() string { return "/proposals/" + p.Proposal.Ref() }

// below tells whether the lifecycle panel comes after the text: when something
// else is the next thing to do.
func (p ProposalPage) below() bool { return p.Carry != nil || p.Copy != nil && p.Copy.Form }

// OutcomeCard is a decision as the group sees it.
type OutcomeCard struct {
	Outcome    domain.Outcome
	Title      string // The jury’s answer
	On         domain.Date
	Feedback   string
	NoFeedback bool
	Note       string // of the Leadership Team to the group
	Evidence   string
	Recorded   string // Recorded by Ben Castellano
}

// SpeakerCard is a speaker on the proposal's page.
type SpeakerCard struct {
	ID        string
	Name      string
	Line      string // titles and affiliations
	Email     string // empty: not shown to this person
	Moderates bool
	Answer    domain.Answer
	Stipend   domain.StipendState // empty: none
	Note      string              // beside the stipend: why it is void, since when
	Buttons   []SmallMove
	Void      *Control // the reason for ending the stipend; nil: cannot be ended
	VoidTo    string
	Refused   []domain.Reason // why no stipend can be given; shown behind "Why?"
}

// SmallMove is a small button that posts at once, with hidden values.
type SmallMove struct {
	Label  string
	To     string
	Name   string // of the hidden value; empty: none
	Value  string
	Filled bool
}

// StipendCard is the head of the stipends panel.
type StipendCard struct {
	Used, All int
	Amount    string // $150
}

// CarryPanel is the form that carries a proposal forward.
type CarryPanel struct {
	To      string // address
	Version int
	Why     string // ALA told us on Thu, Dec 10
	Targets []CarryChoice
	Errors  []string
}

// CarryChoice is a call that takes the proposal, or does not.
type CarryChoice struct {
	Call    string // slug
	Name    string
	Hint    string // its dates, and what the group has there
	Goes    string
	Stays   []string
	Asked   []string
	Over    []domain.Reason
	Refused []domain.Reason // not empty: cannot be chosen
	Chosen  bool
}

func (c CarryPanel) open() []CarryChoice {
	var open []CarryChoice
	for _, t := range c.Targets {
		if len(t.Refused) == 0 {
			open = append(open, t)
		}
	}
	return open
}

func (c CarryPanel) refused() []LifeRefusal {
	var all []LifeRefusal
	for _, t := range c.Targets {
		if len(t.Refused) > 0 {
			all = append(all, LifeRefusal{Label: t.Name, Reasons: t.Refused})
		}
	}
	return all
}

// CopyPanel is the text field by field for the outside jury's site.
type CopyPanel struct {
	Site     string
	Venue    string
	Revision int
	Items    []CopyItem
	Form     bool // still to be sent, and the person may record it
	To       string
	Version  int
	Fields   []Control // reference, sent_on
	Sent     string    // in words, once it was sent
}

// MovePage is the small page of a move that needs something filled in.
type MovePage struct {
	Page
	Proposal domain.Proposal
	Heading  string
	Effect   string
	To       string
	Back     string // where who changes their mind goes
	Button   string
	Icon     string
	Danger   bool
	Reasons  []domain.Reason
	Fields   []templ.Component
}

// Heads says what is wrong above a form, by the number of reasons.
func Heads(n int, what string) string {
	if n == 1 {
		return "1 thing to fix before you " + what
	}
	return itoa(n) + " things to fix before you " + what
}

// RadioField is one of several answers, as cards; with an error it is marked.
type RadioField struct {
	Name    string
	Legend  string
	Hint    string
	Options []domain.Option
	Value   string
	Errors  []string
}

func (r RadioField) errorID() string { return idIf(len(r.Errors) > 0, r.Name+"-error") }

// wordy tells whether the answers need a line each.
func (r RadioField) wordy() bool {
	return slices.ContainsFunc(r.Options, func(o domain.Option) bool { return o.Hint != "" })
}

func (r RadioField) hintID() string { return idIf(r.Hint != "", r.Name+"-hint") }

// TickField is any of several answers.
type TickField struct {
	Name    string
	Legend  string
	Hint    string
	Options []domain.Option
	Values  []string
	Errors  []string
}

func (r TickField) errorID() string       { return idIf(len(r.Errors) > 0, r.Name+"-error") }
func (r TickField) hintID() string        { return idIf(r.Hint != "", r.Name+"-hint") }
func (r TickField) has(value string) bool { return slices.Contains(r.Values, value) }

// DocumentPage is a proposal as one document, to print or keep.
type DocumentPage struct {
	Page
	Proposal domain.Proposal
	Head     []Fact
	Fields   []FormAnswer
	Speakers []SpeakerText
	Nameless bool // whose it is stays hidden
	Made     time.Time
	Zone     string
}

// SpeakerText is a speaker in a document.
type SpeakerText struct {
	Line string
	Role string // empty: speaks
	Bio  string
}
