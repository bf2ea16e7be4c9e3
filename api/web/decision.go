package web

import (
	"slices"
	"strings"
	"time"

	"lectern/domain"
)

// DecisionsPage is what is staged and decided on a call's proposals. Its form
// posts to /calls/{slug}/decisions, for each proposal in it: version-N, outcome-N
// (accepted, alternate, declined or none), feedback-N and none-N, where N is the
// number; a reason for all; and another, outcome-another, … for one that is not in
// the list. A file goes to …/decisions/file as file.
type DecisionsPage struct {
	Page
	Call       domain.Call
	Venue      domain.Venue
	Now        time.Time
	Phase      string // where the call stands
	Show       string // which: all, open, staged or decided
	Rows       []DecisionRow
	Counts     DecisionCounts
	MayStage   bool
	MayPublish bool
	ByPacket   bool // those asking know packets, not all that was submitted
	Mails      int  // that publishing all would send
	Ready      int  // staged decisions that can be published now
	Blocked    []BlockedRow
	Late       string // why all that is staged waits, when it is only the time
	Batch      *BatchProgress
	Reasons    []domain.Reason // of a form that was sent back
	Reason     string          // typed, for all
	Another    DecisionRow     // typed, one that is not in the list
	Ref        string          // typed, whose
	Next       string          // address of the next page of the list; empty: none
}

// DecisionCounts are how many proposals of the list stand how.
type DecisionCounts struct{ All, Open, Staged, Decided int }

// DecisionRow is a proposal of the list, with what is typed for it.
type DecisionRow struct {
	Number     string
	Title      string
	Group      string
	State      domain.State
	Open       bool // waits for its outcome
	Staged     *domain.Decision
	Advice     *domain.Advice // of the newest packet; nil: none, or not to be shown
	Changed    bool           // its text changed after the decision was staged
	Revision   int
	InPacket   bool
	Href       string // of the proposal's page; empty for those who do not read it
	Version    int    // of the staged decision that was shown
	Outcome    string // chosen: an outcome, none, or empty
	Feedback   string
	NoFeedback bool
	Errors     []domain.Reason // pointers /outcome and /feedback
	Further    []domain.Action // moves on it once it is decided, each with a form of its own
}

// Place is where the row stands in a list: as the packet has it, others after.
func (r DecisionRow) Place() int {
	if r.Advice == nil {
		return 1 << 20
	}
	return r.Advice.Rank
}

// asksWhy tells whether the form asks for the reason to decide without a packet.
func (p DecisionsPage) asksWhy() bool {
	without := func(r DecisionRow) bool { return r.Open && !r.InPacket }
	return p.Venue.Decider == domain.DecidedByForum && (p.Reason != "" || len(details(p.Reasons, "/reason")) > 0 || slices.ContainsFunc(p.Rows, without))
}

// BlockedRow is a staged decision that cannot be published as it stands.
type BlockedRow struct {
	Number  string
	Title   string
	Reasons []domain.Reason
}

// BatchProgress is how far a publication, or a cancelled event, has got.
type BatchProgress struct {
	Token   string
	Total   int
	Done    int
	Ended   bool
	By      string
	At      time.Time
	Refused []domain.BatchRefusal
}

func (p DecisionsPage) path() string { return "/calls/" + p.Call.Slug + "/decisions" }

func (r DecisionRow) id(field string) string { return field + "-" + r.Number }

func (r DecisionRow) errors(field string) []string { return details(r.Errors, "/"+field) }

// chosen is the outcome whose radio is ticked. After the text changed nothing is:
// who stages it again says so.
func (r DecisionRow) chosen() string {
	switch {
	case r.Outcome != "":
		return r.Outcome
	case r.Staged == nil:
		return "none"
	case r.Changed:
		return ""
	}
	return string(r.Staged.Outcome)
}

// feedbackWords are what is said of the feedback while it is folded.
func (r DecisionRow) feedbackWords() string {
	if r.Feedback == "" && r.NoFeedback {
		return "none"
	}
	return r.Feedback
}

// placeWords are where a packet puts a proposal.
func placeWords(a domain.Advice) string {
	side := "."
	switch {
	case a.Cut == nil:
	case a.Rank <= *a.Cut:
		side = ", above the line."
	default:
		side = ", below the line."
	}
	return "Packet " + itoa(a.Packet) + ": place " + itoa(a.Rank) + " of " + itoa(a.Of) + side
}

// scoreWords go on after a packet's verdict.
func scoreWords(i domain.PacketItem) string {
	if i.Reviews == 0 {
		return "."
	}
	return ", mean " + ScoreOf(int(i.Mean*100+0.5)) + " of " + domain.Plural(i.Reviews, "review") + "."
}

func waitOrWaits(n int) string {
	if n == 1 {
		return "waits"
	}
	return "wait"
}

// outcomeOptions are the outcomes as deciders read them, in the order of welcome.
func (r DecisionRow) outcomeOptions() []domain.Option {
	options := []domain.Option{{Value: "accepted", Label: "Accept"}, {Value: "alternate", Label: "Alternate"}, {Value: "declined", Label: "Decline"}, {Value: "none", Label: "No decision"}}
	if r.State == domain.Alternate {
		options = append(options[:1], options[2:]...)
	}
	return options
}

func (p DecisionsPage) views() []Link {
	return []Link{
		{"All " + itoa(p.Counts.All), p.path() + "?show=all"},
		{"Not decided " + itoa(p.Counts.Open), p.path() + "?show=open"},
		{"Staged " + itoa(p.Counts.Staged), p.path() + "?show=staged"},
		{"Published " + itoa(p.Counts.Decided), p.path() + "?show=decided"},
	}
}

func (p DecisionsPage) shows(l Link) bool { return l.Href == p.path()+"?show="+p.Show }

// DifferencePage shows what a file of decisions would change, before anything is
// kept. Its form posts to /calls/{slug}/decisions what the file says.
type DifferencePage struct {
	Page
	Call    domain.Call
	Lines   []DifferenceLine
	Reasons []domain.Reason // why nothing of it can be staged
	Fields  []SentField
}

// DifferenceLine is one line of the file.
type DifferenceLine struct {
	Number   string
	Title    string
	Change   domain.DecisionChange
	Before   string
	After    string
	Feedback string
	Reasons  []domain.Reason
}

func (p DifferencePage) changes() int {
	n := 0
	for _, l := range p.Lines {
		if l.Change != domain.DecisionSame {
			n++
		}
	}
	return n
}

func changeMark(c domain.DecisionChange) Mark {
	switch c {
	case domain.DecisionNew:
		return Mark{"good", "plus", "New"}
	case domain.DecisionChanged:
		return Mark{"warn", "pencil", "Changed"}
	case domain.DecisionCleared:
		return Mark{"warn", "x", "Cleared"}
	case domain.DecisionSame:
		return Mark{"", "check", "The same"}
	}
	return Mark{"bad", "circle-x", "Not staged"}
}

// PublishPage shows what publishing tells to whom. Its form posts to
// /calls/{slug}/decisions/publish the token and the proposals.
type PublishPage struct {
	Page
	Call    domain.Call
	Items   []PublishRow
	Blocked []BlockedRow
	Mails   int
	Token   string
	Only    []string // numbers; empty: all that is staged
	Reasons []domain.Reason
}

// PublishRow is one decision that would be published, or one proposal that would
// be cancelled.
type PublishRow struct {
	Number   string
	Title    string
	State    domain.State
	Outcome  domain.Outcome
	Feedback string // in words, also that there is none
	Bare     bool   // there is none
	Told     []Told
}

// shownState is the outcome that is told, or where the proposal stands.
func (r PublishRow) shownState() domain.State {
	if r.Outcome != "" {
		return domain.State(r.Outcome)
	}
	return r.State
}

// outcomeWords count the outcomes, and the declines that go out without a word.
func (p PublishPage) outcomeWords() string {
	n, bare := map[domain.Outcome]int{}, 0
	for _, i := range p.Items {
		n[i.Outcome]++
		if i.Bare && i.Outcome == domain.OutcomeDeclined {
			bare++
		}
	}
	var said []string
	for _, o := range []domain.Outcome{domain.OutcomeAccepted, domain.OutcomeAlternate, domain.OutcomeDeclined} {
		if n[o] > 0 {
			said = append(said, itoa(n[o])+" "+string(o))
		}
	}
	words := strings.Join(said, ", ")
	if bare > 0 {
		words += " (" + itoa(bare) + " without feedback, as was said)"
	}
	return words
}

// PublishWords are what the button does: "Publish 11 decisions, 34 mails".
func PublishWords(decisions, mails int) string {
	return "Publish " + domain.Plural(decisions, "decision") + ", " + domain.Plural(mails, "mail")
}

// CancelEventPage shows what cancelling an event does. Its form posts to
// /years/{year}/venues/{venue}/cancel-event the token and a reason.
type CancelEventPage struct {
	Page
	Venue   domain.Venue
	Year    domain.Year
	Items   []PublishRow
	Mails   int
	Token   string
	Reason  string
	Batch   *BatchProgress
	Zone    string
	Reasons []domain.Reason
}

// CancelWords are what the button does: "Cancel 4 proposals, 7 mails".
func CancelWords(proposals, mails int) string {
	return "Cancel " + domain.Plural(proposals, "proposal") + ", " + domain.Plural(mails, "mail")
}
