package domain

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"
)

// SeesStaged tells whether the actor may know that a decision on a proposal of
// the group at the venue is staged: those who decide there, staff, who publish,
// and administrators; never a member of the owning group, whatever else they are.
func (a Actor) SeesStaged(groupID string, v Venue) bool {
	if a.MemberOf(groupID) || a.SpeakerID != "" {
		return false
	}
	return a.Clock || a.DecidesAt(v) || a.Has(Staff, Admin)
}

// PublishesAt tells whether the actor publishes decisions of the venue, on
// proposals of other groups than their own.
func (a Actor) PublishesAt(v Venue) bool {
	return v.Decider != DecidedOutside && (a.DecidesAt(v) || a.Has(Staff))
}

// Seen are the facts as their actor may know them: without an unpublished
// decision that is not theirs to see. Every rule and every page starts from it, so
// that nothing a submitter meets depends on what is staged.
func (f Facts) Seen() Facts {
	if f.Staged != nil && !f.Actor.SeesStaged(f.Group.ID, f.Venue) {
		f.Staged = nil
	}
	return f
}

// StagedHere is the staged decision on a proposal that waits for its outcome;
// nil when there is none. A correction that waits for a second person is none.
func (f Facts) StagedHere() *Decision {
	if f.Staged == nil || f.Staged.Source == SourceCorrection {
		return nil
	}
	return f.Staged
}

// The sources of decisions.
const (
	SourceInside     = "inside"
	SourceOutside    = "outside"
	SourceCorrection = "correction"
)

// Quiet is Action.Quiet for these facts: the first half of a correction that a
// second person has to confirm is a move nobody of the group learns of, too.
func (f Facts) Quiet(a Action) bool {
	return a.Quiet() || a == CorrectDecision && f.NeedsSecond()
}

// decideNow says why it is not the time for a right of those who decide; nil
// where the call has no phases, and for an alternate while speakers confirm: a
// place may become free.
func decideNow(p Proposal, f Facts, right Right, code string) []Reason {
	if len(f.Phases) == 0 || p.State == Alternate && f.InPhase(PhaseConfirm) {
		return nil
	}
	return f.NotInPhase(right, code)
}

func mayStage(p Proposal, f Facts) []Reason {
	return append(mayHandle(p, f), decideNow(p, f, MayStage, "not_deciding")...)
}

// mayHandle is what staging and publishing have in common.
func mayHandle(p Proposal, f Facts) []Reason {
	why := mayDecide(p, f)
	if f.Staged != nil && f.Staged.Source == SourceCorrection {
		why = append(why, Because("", "correction_waits", "A correction of its decision waits for a second person."))
	}
	return why
}

func mayClear(p Proposal, f Facts) []Reason {
	return append(mayStage(p, f), nothingStaged(f)...)
}

func nothingStaged(f Facts) []Reason {
	if f.StagedHere() != nil {
		return nil
	}
	return []Reason{Because("", "nothing_staged", "No decision is staged for it.")}
}

func mayPublishDecision(p Proposal, f Facts) []Reason {
	why := append(mayHandle(p, f), decideNow(p, f, MayPublish, "not_publishing")...)
	why = append(why, nothingStaged(f)...)
	d := f.StagedHere()
	if d == nil {
		return why
	}
	if d.Revision != p.Revision {
		why = append(why, Because("", "text_changed", "Its text changed after the decision was staged. Read version %d, then stage the decision again.", p.Revision))
	}
	if State(d.Outcome) == p.State {
		why = append(why, Because("", "no_change", "It is %s already.", d.Outcome))
	}
	return append(why, needsFeedback(d.Outcome, d.Feedback, d.NoFeedback)...)
}

func byStaged(p Proposal, f Facts) State {
	if d := f.StagedHere(); d != nil {
		return State(d.Outcome)
	}
	return p.State
}

func needsFeedback(o Outcome, feedback string, none bool) []Reason {
	if o == OutcomeDeclined && strings.TrimSpace(feedback) == "" && !none {
		return []Reason{Wrong("/feedback", "required", "Give feedback, or say that there is none.")}
	}
	return nil
}

func mayRequestChanges(p Proposal, f Facts) []Reason {
	var why []Reason
	if f.Actor.MemberOf(p.GroupID) {
		why = append(why, Because("", "own_group", "Nobody reopens a proposal of their own group."))
	} else if len(f.Conflict) > 0 && !f.Actor.DecidesAt(f.Venue) {
		why = append(why, InConflict())
	}
	if f.External != nil {
		why = append(why, Because("", "already_sent", "It was sent to %s as %s. What is changed here would not reach it.", f.External.Site, f.External.Reference))
	}
	return why
}

func needsChanges(_ Proposal, f Facts) []Reason {
	why := textNeeded("/reason", f.Input.Reason, 1, "Say what should change.")
	if f.Input.Until == nil || !f.Input.Until.After(f.Now) {
		why = append(why, Wrong("/until", "required", "Give a date that is still to come."))
	}
	return why
}

// NeedsReason is what is wrong with a reason: that there is none.
func NeedsReason(reason string) []Reason { return textNeeded("/reason", reason, 1, "Say why.") }

func reopen(p *Proposal, _ State, f Facts) { p.ReopenedUntil = f.Input.Until }

// DecisionWish is what a decider wants staged for one proposal. Without an
// outcome, what is staged is to be cleared.
type DecisionWish struct {
	Ref        string // id or number
	Version    int    // of the staged decision the person saw; 0: they saw none
	Outcome    Outcome
	Feedback   string
	NoFeedback bool
	Reason     string // why it is decided without a packet
}

// Input is what staging the wish fills in.
func (w DecisionWish) Input() Input {
	return Input{Outcome: w.Outcome, Feedback: strings.TrimSpace(w.Feedback), NoFeedback: w.NoFeedback, Reason: strings.TrimSpace(w.Reason)}
}

// Says tells whether a staged decision says just this already. A wish without a
// reason leaves the reason as it is.
func (w DecisionWish) Says(d *Decision) bool {
	if d == nil {
		return w.Outcome == ""
	}
	in := w.Input()
	return w.Outcome == d.Outcome && in.Feedback == d.Feedback && in.NoFeedback == d.NoFeedback && (in.Reason == "" || in.Reason == d.Reason)
}

// DecisionChange is what a wish does to what is staged.
type DecisionChange string

// The changes.
const (
	DecisionNew     DecisionChange = "new"
	DecisionChanged DecisionChange = "changed"
	DecisionCleared DecisionChange = "cleared"
	DecisionSame    DecisionChange = "same"
)

// Change tells what the wish does to what is staged.
func (w DecisionWish) Change(d *Decision) DecisionChange {
	switch {
	case w.Says(d):
		return DecisionSame
	case d == nil:
		return DecisionNew
	case w.Outcome == "":
		return DecisionCleared
	}
	return DecisionChanged
}

// PreviewToken stands for everything a preview showed, part by part: it is the
// same as long as nothing of it changed.
func PreviewToken(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s\n", len(p), p) // never fails
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// Batch is one act on many proposals, each in a transaction of its own. It is
// written down before the first, and goes on after any interruption.
type Batch struct {
	ID        string
	Action    Action // publish-decision or cancel-event
	SubjectID string // the call; of a cancelled event: year/venue
	Token     string // of the preview it was begun with
	Items     []BatchItem
	Refused   []BatchRefusal
	Reason    string
	ByID      string
	ByName    string
	BegunAt   time.Time
	EndedAt   *time.Time
}

// BatchItem is one proposal of a batch, with the staged decision to publish.
type BatchItem struct {
	ProposalID string `json:"proposal_id"`
	DecisionID string `json:"decision_id,omitempty"`
	Version    int    `json:"version,omitempty"` // of the decision, as it was shown
}

// BatchRefusal is one proposal with which a batch did nothing, and why.
type BatchRefusal struct {
	ProposalID string `json:"proposal_id"`
	Number     string `json:"number"`
	Code       string `json:"code"`
	Detail     string `json:"detail"`
}

// Refuses tells whether the batch has given up on a proposal.
func (b Batch) Refuses(proposalID string) bool {
	return slices.ContainsFunc(b.Refused, func(r BatchRefusal) bool { return r.ProposalID == proposalID })
}
