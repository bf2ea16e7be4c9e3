package domain

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

func mayCreate(_ Proposal, f Facts) []Reason {
	why := f.Call.Takes(f.Now)
	if !f.Group.Active() {
		why = append(why, Because("", "group_inactive", "%s is no longer active.", f.Group.Name))
	}
	return why
}

func mayInvite(_ Proposal, f Facts) []Reason {
	if f.Form.Spec.Speakers.Max == 0 {
		return []Reason{Because("", "no_speakers", "%s does not ask for speakers.", f.Call.Name)}
	}
	return nil
}

// mayChangeCall: what was carried forward stays under the rules of carrying.
func mayChangeCall(_ Proposal, f Facts) []Reason {
	if f.Target == nil {
		return nil
	}
	if f.Parent == nil {
		return f.Target.Call.Takes(f.Now)
	}
	return carriesTo(f.ParentVenue, f.Parent.CarriedFrom, f)
}

// leaveCall ends what was granted for the call that a draft leaves.
func leaveCall(p *Proposal, _ State, f Facts) {
	if f.Target == nil || f.Target.Call.ID == p.CallID {
		return
	}
	p.LateUntil = nil
	if f.Target.Call.VenueID != p.VenueID || f.Target.Call.Year != p.Year {
		p.GateOverride = ""
	}
}

func mayDelete(p Proposal, _ Facts) []Reason {
	var why []Reason
	if p.WasSubmitted() {
		why = append(why, Because("", "was_submitted", "It was submitted before, so its record stays. Withdraw it instead."))
	}
	if p.ParentID != "" {
		why = append(why, Because("", "is_a_child", "It was carried forward, so its record stays. Withdraw it instead."))
	}
	return why
}

func mayWithdrawDraft(p Proposal, _ Facts) []Reason {
	if p.WasSubmitted() || p.ParentID != "" {
		return nil
	}
	return []Reason{Because("", "never_submitted", "It was never submitted, so there is nothing to withdraw. Delete the draft instead.")}
}

// maySubmit is all that keeps a draft from being submitted: the window, the
// form, and for other divisions the gate.
func maySubmit(p Proposal, f Facts) []Reason {
	why := lateOrOpen(p, f)
	if f.Venue.Gated && p.GateOverride == "" {
		why = append(why, f.Standing.GateClosed(f.Section.Settings.Gate, f.Now)...)
	}
	why = append(why, f.Form.Spec.Check(p.Title, p.Answers, f.Speakers, CheckFacts{Today: f.Actor.Today})...)
	if f.Section.Settings.OwnSpeakersOnly == "block" && OwnSpeakersOnly(f.Speakers, f.Roster) {
		why = append(why, Because("R4", "own_speakers_only", "All speakers are on the group’s own roster. Add one from outside."))
	}
	return why
}

func lateOrOpen(p Proposal, f Facts) []Reason {
	if p.LateUntil != nil && f.Now.Before(*p.LateUntil) {
		return nil
	}
	return f.Call.NotOpen(f.Now)
}

func submit(p *Proposal, _ State, f Facts) {
	if p.SubmittedAt == nil {
		now := f.Now
		p.SubmittedAt = &now
	}
	if p.Number == "" {
		p.Number = f.Number
	}
	p.LateUntil = nil
}

func grantLate(p *Proposal, _ State, f Facts) { p.LateUntil = f.Input.Until }

func mayOverride(p Proposal, f Facts) []Reason {
	switch {
	case !f.Venue.Gated:
		return []Reason{Because("R10", "no_gate", "%s has no gate to open.", f.Venue.Name)}
	case p.GateOverride != "":
		return []Reason{Because("R10", "gate_open", "The gate is already open for this proposal.")}
	case len(f.Standing.GateClosed(f.Section.Settings.Gate, f.Now)) == 0:
		return []Reason{Because("R10", "gate_open", "The gate is open: everything owed is submitted.")}
	}
	return nil
}

func overrideGate(p *Proposal, _ State, f Facts) { p.GateOverride = f.Input.Reason }

func mayEditSubmitted(p Proposal, f Facts) []Reason {
	for _, until := range []*time.Time{f.Call.EditUntil, p.ReopenedUntil} {
		if until != nil && f.Now.Before(*until) {
			return nil
		}
	}
	return []Reason{Because("", "not_editable", "A submitted proposal stays as it is. Return it to draft while the window is open, or ask those who decide to reopen it.")}
}

// DecidedHere is the code of the refusal for what only an outside jury asks for.
const DecidedHere = "decided_here"

func decidedOutside(_ Proposal, f Facts) []Reason {
	if f.Venue.Decider == DecidedOutside {
		return nil
	}
	return []Reason{Because("", DecidedHere, "%s is decided here, not in an outside site.", f.Venue.Name)}
}

func mayReturn(_ Proposal, f Facts) []Reason {
	why := f.Call.NotOpen(f.Now)
	if f.ReviewsBegun > 0 {
		why = append(why, Because("", "already_reviewed", "It has been reviewed already."))
	}
	if f.External != nil {
		why = append(why, Because("", "already_sent", "It was sent to %s as %s.", f.External.Site, f.External.Reference))
	}
	return why
}

func mayRevive(p Proposal, f Facts) []Reason {
	var why []Reason
	if !p.WasSubmitted() {
		why = append(why, Because("", "never_submitted", "It was never submitted, so it cannot come back as submitted."))
	}
	if !f.Actor.Has(Admin) {
		why = append(why, f.Call.NotOpen(f.Now)...)
	}
	if f.Parent != nil && (f.Parent.State != CarriedForward || f.Child != nil && f.Child.ID != p.ID) {
		why = append(why, Because("R14", "parent_moved_on", "The proposal it was carried from has moved on since."))
	}
	return why
}

func mayDecide(p Proposal, f Facts) []Reason {
	var why []Reason
	if f.Venue.Decider == DecidedOutside {
		why = append(why, Because("", "decided_outside", "%s is decided by an outside jury. Record its outcome instead.", f.Venue.Name))
	}
	if f.Actor.MemberOf(p.GroupID) {
		why = append(why, Because("", "own_group", "Nobody decides on a proposal of their own group."))
	}
	return why
}

func mayCorrect(_ Proposal, f Facts) []Reason {
	if f.Child != nil && f.Child.State != Draft && f.Child.State != Withdrawn {
		return []Reason{Because("R14", "child_submitted", "It was carried forward as %s, which is %s. Withdraw that one first.", f.Child.Ref(), strings.ToLower(f.Child.State.Label()))}
	}
	return nil
}

// byCorrection is the state a correction leads to: the same, while a second
// person still has to agree.
func byCorrection(p Proposal, f Facts) State {
	if f.NeedsSecond() {
		return p.State
	}
	return State(f.Input.Outcome)
}

// NeedsSecond tells whether a correction waits for a second person: the outcome
// was mailed, and nobody else has proposed the same correction yet.
func (f Facts) NeedsSecond() bool {
	if !f.MailsOut {
		return false
	}
	s := f.Staged
	return s == nil || s.Source != "correction" || s.ByID == f.Actor.ID || s.Outcome != f.Input.Outcome
}

func mayCarry(p Proposal, f Facts) []Reason {
	var why []Reason
	if f.Child != nil {
		why = append(why, Because("R14", "already_carried", "It was carried forward already, as %s.", f.Child.Ref()))
	}
	if p.Hops >= 2 {
		why = append(why, Because("R14", "too_many_hops", "An idea can be carried forward twice. This one has been."))
	}
	return why
}

func mayCarryTo(p Proposal, f Facts) []Reason {
	if f.Target == nil {
		return []Reason{Wrong("/call", "required", "Choose where to carry it.")}
	}
	return carriesTo(f.Venue, p.State, f)
}

// carriesTo says why what came from the venue, in the state it had there, cannot
// go to the call that was chosen; nil when it can.
func carriesTo(from Venue, was State, f Facts) []Reason {
	to, year := *f.Target, YearOf(f.Actor.Today)
	why := to.Call.Takes(f.Now)
	if to.Call.Year != year && to.Call.Year != year.Next() {
		why = append(why, Because("R14", "wrong_year", "Choose a call of this program year or the next."))
	}
	if !from.CanCarryTo(to.Venue.ID, was) {
		why = append(why, Because("R14", "venue_not_allowed", "A proposal for %s that was %s cannot be carried to %s.", from.Name, strings.ToLower(was.Label()), to.Venue.Name))
	}
	if slices.Contains(f.DeclinedAt, VenueYear{to.Venue.ID, to.Call.Year}) {
		why = append(why, Because("R14", "declined_there", "%s already declined this idea in %s.", to.Venue.Name, to.Call.Year.Short()))
	}
	return why
}

func rememberState(p *Proposal, from State, _ Facts) { p.CarriedFrom = from }

func mayUndoCarry(_ Proposal, f Facts) []Reason {
	if f.Child != nil && f.Child.WasSubmitted() {
		return []Reason{Because("R14", "child_submitted", "What it became, %s, was submitted. Withdraw that one instead.", f.Child.Ref())}
	}
	return nil
}

func stateBefore(p Proposal, _ Facts) State { return p.CarriedFrom }

func endCarry(p *Proposal, _ State, _ Facts) {
	if p.State != CarriedForward {
		p.CarriedFrom = ""
	}
}

func byOutcome(_ Proposal, f Facts) State { return State(f.Input.Outcome) }

// Inputs

func needsReason(_ Proposal, f Facts) []Reason {
	return textNeeded("/reason", f.Input.Reason, 1, "Say why.")
}

func textNeeded(pointer, text string, least int, say string) []Reason {
	if utf8.RuneCountInString(strings.TrimSpace(text)) < least {
		return []Reason{Wrong(pointer, "required", "%s", say)}
	}
	return nil
}

func needsUntil(_ Proposal, f Facts) []Reason {
	why := needsReason(Proposal{}, f)
	if f.Input.Until == nil || !f.Input.Until.After(f.Now) {
		why = append(why, Wrong("/until", "required", "Give a date that is still to come."))
	}
	return why
}

func needsExternal(_ Proposal, f Facts) []Reason {
	why := textNeeded("/site", f.Input.Site, 1, "Name the site it was sent to.")
	why = append(why, textNeeded("/reference", f.Input.Reference, 1, "Give the reference the site shows.")...)
	return append(why, dayNotAfter("/sent_on", f.Input.SentOn, f.Actor.Today)...)
}

func dayNotAfter(pointer string, d, today Date) []Reason {
	switch {
	case !d.Valid():
		return []Reason{Wrong(pointer, "required", "Give the day.")}
	case d > today:
		return []Reason{Wrong(pointer, "in_the_future", "This day is still to come.")}
	}
	return nil
}

func needsOutcomeWord(p Proposal, f Facts) []Reason {
	if !slices.Contains(Outcomes(), f.Input.Outcome) {
		return []Reason{Wrong("/outcome", "required", "Choose accepted, declined or alternate.")}
	}
	if State(f.Input.Outcome) == p.State {
		return []Reason{Wrong("/outcome", "no_change", "It is %s already.", f.Input.Outcome)}
	}
	return nil
}

func needsOutcome(p Proposal, f Facts) []Reason {
	why := needsOutcomeWord(p, f)
	why = append(why, dayNotAfter("/decided_on", f.Input.DecidedOn, f.Actor.Today)...)
	return append(why, textNeeded("/evidence", f.Input.Evidence, 1, "Give the notice’s reference, or paste its text.")...)
}

func needsDecision(p Proposal, f Facts) []Reason {
	why := needsOutcomeWord(p, f)
	why = append(why, needsFeedback(f.Input.Outcome, f.Input.Feedback, f.Input.NoFeedback)...)
	if f.Venue.Decider == DecidedByForum && f.Packet == 0 && strings.TrimSpace(f.Input.Reason) == "" {
		why = append(why, Reason{
			Kind: Invalid, Code: "required", Pointer: "/reason", Rule: "R12",
			Detail: "No packet of recommendations was released for this one. Say why it is decided all the same.",
		})
	}
	return why
}

func needsCorrection(p Proposal, f Facts) []Reason {
	why := textNeeded("/reason", f.Input.Reason, 20, "Say why, in 20 characters or more.")
	before := p.State
	if before == CarriedForward {
		before = p.CarriedFrom
	}
	p.State = before
	return append(why, needsOutcomeWord(p, f)...)
}

func findSpeaker(id string, all []Speaker) (Speaker, bool) {
	for _, s := range Active(all) {
		if s.ID == id {
			return s, true
		}
	}
	return Speaker{}, false
}

func needsSpeaker(_ Proposal, f Facts) []Reason {
	if _, found := findSpeaker(f.Input.SpeakerID, f.Speakers); !found {
		return []Reason{Wrong("/speaker_id", "required", "Choose a speaker of this proposal.")}
	}
	return nil
}

// AgreesToSpeakers tells whether the actor's choice of another speaker holds at
// once: of those who decide at the venue; or of the chairs, who say how an outside
// jury agreed. Of others it is a proposal to those who decide.
func (f Facts) AgreesToSpeakers() bool {
	return f.Venue.Decider == DecidedOutside || f.Actor.DecidesAt(f.Venue)
}

// mayReplace checks a replacement: the chairs propose it, the venue agrees; where
// an outside jury decides, the chairs say how it agreed.
func mayReplace(p Proposal, f Facts) []Reason {
	why := needsSpeaker(p, f)
	for _, s := range f.Stipends {
		if s.SpeakerID == f.Input.SpeakerID && s.State == StipendPaid {
			why = append(why, Because("R9", "stipend_paid", "This speaker’s stipend was paid."))
		}
	}
	if f.Input.Speaker == nil || strings.TrimSpace(f.Input.Speaker.Name) == "" {
		why = append(why, Wrong("/speaker/name", "required", "Name the new speaker."))
	} else {
		why = append(why, f.Input.Speaker.storable("/speaker")...)
		why = append(why, SpeakerSpec{}.checkEmail("/speaker/email", f.Input.Speaker.called(0), f.Input.Speaker.Email)...)
	}
	if f.Venue.Decider == DecidedOutside {
		why = append(why, textNeeded("/agreed", f.Input.Agreed, 1, "Say how the venue agreed: by whom and when.")...)
	}
	return why
}
