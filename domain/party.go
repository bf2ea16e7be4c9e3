package domain

import (
	"slices"
	"strings"
)

func (a Actor) isAny(parties []Who, p *Proposal, f *Facts) bool {
	return slices.ContainsFunc(parties, func(w Who) bool { return a.is(w, p, f) })
}

// is tells whether the actor is this party to the proposal. Rights come from
// roster terms that hold today and from roles, never from having been somebody.
func (a Actor) is(w Who, p *Proposal, f *Facts) bool {
	switch w {
	case ByMember:
		return a.MemberOf(p.GroupID)
	case ByChair:
		return a.ChairOf(p.GroupID)
	case BySubmitter:
		return a.ChairOf(p.GroupID) || f.Group.MembersSubmit && a.MemberOf(p.GroupID)
	case ByLeadership:
		return a.Leads(f.Group.SectionID)
	case ByLeadershipHead:
		return a.LeadershipChair(f.Group.SectionID) || f.ChairInConflict && a.LeadershipVice(f.Group.SectionID)
	case ByVenue:
		return a.DecidesAt(f.Venue)
	case ByVenueHead:
		return f.Venue.Decider == DecidedByForum && a.Has(ForumChair)
	case ByStaff:
		return a.Has(Staff)
	case BySpeaker:
		return a.SpeakerID != "" && a.SpeakerID == f.Input.SpeakerID
	case ByFinance:
		return a.Has(Finance)
	case ByAdmin:
		return a.Has(Admin)
	case ByReviewer:
		return a.Reviews(f.Group.SectionID, f.Call.ID)
	}
	return false
}

// DecidesAt tells whether the actor is of those who decide at the venue.
func (a Actor) DecidesAt(v Venue) bool {
	switch v.Decider {
	case DecidedByStaff:
		return a.Has(Staff)
	case DecidedByForum:
		return a.Has(ForumMember, ForumChair)
	}
	return false
}

// Phrase is a party in a librarian's words.
func (w Who) Phrase() string { return partyPhrases[w] }

var partyPhrases = map[Who]string{
	ByMember: "members of the group", ByChair: "the group’s chairs", BySubmitter: "the group’s chairs", ByLeadership: "the Leadership Team",
	ByLeadershipHead: "the Leadership chair", ByVenue: "those who decide at the venue", ByVenueHead: "the chair of those who decide",
	ByStaff: "association staff", ByFinance: "finance", BySpeaker: "the speaker", ByAdmin: "an administrator",
	ByReviewer: "the Leadership Team and the call’s guest reviewers",
	ByAnyone:   "anyone", ByBuyer: "the buyer", BySeatHolder: "the seat’s holder", ByCode: "whoever has the claim code", ByClock: "the clock",
}

func notYours(parties []Who) Reason {
	return Reason{Kind: Forbidden, Code: NotYourMove, Detail: "Only " + orPhrases(parties, Who.Phrase) + " can do this."}
}

// NotYourMove is the code of the refusal for who is no party to a move.
const NotYourMove = "not_your_move"

// ByWhom says in words who can make the action from the state the proposal is
// in: association staff or the group's chairs. Empty when nobody can.
func (p Proposal) ByWhom(a Action, f Facts) string {
	m, here := p.move(a)
	if !here {
		return ""
	}
	return orPhrases(m.By, f.phrase)
}

// phrase is a party as it is known where the proposal is; empty when there is none.
func (f Facts) phrase(w Who) string {
	switch {
	case w == ByVenue && f.Venue.Decider == DecidedByStaff:
		return ByStaff.Phrase()
	case w == ByVenue && f.Venue.Decider == DecidedByForum:
		return "the " + f.Venue.Name + " Committee"
	case (w == ByVenue || w == ByVenueHead) && f.Venue.Decider != DecidedByForum:
		return ""
	case w == BySubmitter && f.Group.MembersSubmit:
		return ByMember.Phrase()
	}
	return w.Phrase()
}

func orPhrases(parties []Who, phrase func(Who) string) string {
	var all []string
	for _, w := range parties {
		if said := phrase(w); said != "" && !slices.Contains(all, said) {
			all = append(all, said)
		}
	}
	return OrList(all)
}

// origins are, in words, the states from which each action is possible. They are
// put together once: every look at a proposal tells them for most actions.
var origins = func() map[Action]string {
	all := map[Action]string{}
	for _, m := range Moves {
		all[m.Action] = OrList(statesBefore(m.Action))
	}
	return all
}()

func statesBefore(a Action) []string {
	var from []string
	for _, m := range Moves {
		for _, s := range m.From {
			if word := s.said(); m.Action == a && len(m.By) > 0 && !slices.Contains(from, word) {
				from = append(from, word)
			}
		}
	}
	return from
}

func notFromHere(s State, a Action) Reason {
	return Reason{Kind: Conflict, Code: "not_from_here", Detail: "“" + a.Label() + "” is possible while a proposal is " + origins[a] + ". This one is " + s.said() + "."}
}

// OrList joins words: a, b or c.
func OrList(words []string) string { return list(words, "or") }

// AndList joins words: a, b and c.
func AndList(words []string) string { return list(words, "and") }

func list(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	n := len(words) - 1
	return strings.Join(words[:n], ", ") + " " + last + " " + words[n]
}

// Label is what the action's button says.
func (a Action) Label() string { return actionLabels[a] }

var actionLabels = map[Action]string{
	Create: "Start a proposal", Edit: "Edit the text", InviteSpeaker: "Invite a speaker", ChangeCall: "Change venue",
	Delete: "Delete the draft", GrantLate: "Grant late submission", Submit: "Submit proposal", OverrideGate: "Open the gate for this one",
	RecordExternal: "Record that it was sent", ReturnToDraft: "Return to draft", RequestChanges: "Request changes",
	Withdraw: "Withdraw", Revive: "Bring it back", SaveReview: "Review", Recuse: "Declare a conflict of interest", Recommend: "Recommend",
	ReleasePacket: "Release packet", StageDecision: "Stage the decision", ClearDecision: "Clear the decision",
	PublishDecision: "Publish the decision", Decide: "Decide", RecordOutcome: "Record the outcome", Confirm: "Confirm a speaker",
	DeclineToSpeak: "Record that a speaker declined", ReplaceSpeaker: "Replace a speaker", Cancel: "Cancel",
	CancelEvent: "Cancel the event", CorrectDecision: "Correct the decision", CarryForward: "Carry forward",
	UndoCarry: "Undo the carry-forward", MarkDelivered: "Mark as delivered", MoveGroup: "Move to another group",
}

// LabelIn is Label, where a state gives the action another meaning.
func (a Action) LabelIn(s State) string {
	if a == InviteSpeaker && s == Accepted {
		return "Send a speaker a new link"
	}
	return a.Label()
}

// Past is the action as history tells it.
func (a Action) Past() string { return actionsPast[a] }

var actionsPast = map[Action]string{
	Create: "Started", Edit: "Edited", InviteSpeaker: "Invited a speaker", ChangeCall: "Changed venue",
	Delete: "Deleted", GrantLate: "Granted late submission", Submit: "Submitted", OverrideGate: "Opened the gate",
	RecordExternal: "Recorded the submission outside", ReturnToDraft: "Returned to draft", RequestChanges: "Requested changes",
	Withdraw: "Withdrawn", Revive: "Brought back", SaveReview: "Reviewed", Recuse: "Recused", Recommend: "Recommended",
	ReleasePacket: "Packet released", StageDecision: "Decision staged", ClearDecision: "Decision cleared",
	PublishDecision: "Decision published", Decide: "Decided", RecordOutcome: "Outcome recorded", Confirm: "Speaker confirmed",
	DeclineToSpeak: "Speaker declined", ReplaceSpeaker: "Speaker replaced", Cancel: "Cancelled", CancelEvent: "Event cancelled",
	CorrectDecision: "Decision corrected", CarryForward: "Carried forward", UndoCarry: "Carry-forward undone", MarkDelivered: "Delivered", MoveGroup: "Moved to another group",
}
