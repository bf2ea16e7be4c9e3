package web

import (
	"slices"
	"strings"

	"lectern/domain"
)

// moveLook is how a move of the lifecycle looks as a button.
type moveLook struct {
	icon   string
	note   string
	at     string // below the proposal's address, or "#place" on its page; empty: the button posts at once
	danger bool
}

var moveLooks = map[domain.Action]moveLook{
	domain.Edit:            {"pencil", "Text, speakers and agreements, with checks as you type.", "/edit", false},
	domain.InviteSpeaker:   {"mail", "From the list of speakers: they answer by their own link.", "#who", false},
	domain.ChangeCall:      {"refresh", "The same draft for another call; nothing is cut.", "/change-call", false},
	domain.Delete:          {"trash", "Gone for good; the history keeps the title.", "/delete", true},
	domain.GrantLate:       {"clock", "Needs a date and a reason. Used up by submitting.", "/late-grant", false},
	domain.Submit:          {"send", "It counts from now on; a receipt with a full copy is mailed.", "", false},
	domain.OverrideGate:    {"lock", "Needs a reason. For this proposal only.", "/override-gate", false},
	domain.RecordExternal:  {"send", "The reference the outside site gave, and the day.", "/record-external-submission", false},
	domain.ReturnToDraft:   {"arrow-back-up", "It no longer counts until it is submitted again.", "", false},
	domain.Withdraw:        {"ban", "Needs a reason. It no longer counts.", "/withdraw", true},
	domain.Revive:          {"arrow-back-up", "Back as submitted, with its first submission date.", "", false},
	domain.Decide:          {"check", "Accepted, alternate or declined, with feedback.", "/decide", false},
	domain.RecordOutcome:   {"check", "The outside answer, with its day and the notice.", "/record-outside-outcome", false},
	domain.Confirm:         {"user", "When a speaker said yes to you, not by their link.", "/confirm", false},
	domain.DeclineToSpeak:  {"x", "When a speaker said no to you, not by their link.", "/decline-to-speak", false},
	domain.ReplaceSpeaker:  {"refresh", "Those who decide agree; the new speaker confirms.", "/replace-speaker", false},
	domain.MarkDelivered:   {"video", "Tick who presented. Their stipends can be paid; the others end.", "/mark-delivered", false},
	domain.Cancel:          {"circle-x", "Needs a reason. Unpaid stipends are void; speakers are told.", "/cancel", true},
	domain.CorrectDecision: {"history", "Needs a reason. Once mails are out, a second person confirms it.", "/correct-decision", true},
	domain.CarryForward:    {"arrow-forward-up", "Text and speakers go into a new draft; nothing is typed twice.", "#carry", false},
	domain.UndoCarry:       {"arrow-back-up", "The draft it became is withdrawn.", "", false},
	domain.RequestChanges:  {"message", "Say what, and until when the group can edit. It stays submitted.", "/request-changes", false},
	domain.StageDecision:   {"check", "On the page of decisions; the group sees nothing of it yet.", "/stage-decision", false},
	domain.ClearDecision:   {"x", "On the page of decisions.", "/clear-decision", false},
	domain.PublishDecision: {"send", "On the page of decisions, with what is told to whom.", "/publish-decision", false},
	domain.SaveReview:      {"pencil", "Score it on the review desk.", "/review", false},
	domain.Recuse:          {"ban", "Needs no reason. You see its title only from then on.", "/recuse", true},
}

// nextMoves are the moves that are "next", the most likely first.
var nextMoves = []domain.Action{domain.SaveReview, domain.Decide, domain.CarryForward, domain.Submit, domain.Edit, domain.RecordOutcome, domain.UndoCarry, domain.Revive}

// MoveAddress is where the form of a move posts to, below the proposal's address.
func MoveAddress(ref string, a domain.Action) string { return "/proposals/" + ref + "/" + string(a) }

// LifeMoves are the buttons of the moves that are open, the next one first, and
// the moves whose refusal is worth explaining: those that start in this state,
// and for the group's own people also the ones that everybody looks for. With
// primary, the first button is the page's filled one.
func LifeMoves(p domain.Proposal, all []domain.Allowed[domain.Action], primary bool) ([]LifeMove, []LifeRefusal) {
	var moves []LifeMove
	var refused []LifeRefusal
	for _, a := range ordered(all) {
		switch {
		case len(a.Reasons) == 0:
			moves = append(moves, moveButton(p, a.Action))
		case worthExplaining(p, a):
			refused = append(refused, LifeRefusal{Label: a.Action.LabelIn(p.State), Reasons: a.Reasons})
		}
	}
	first := slices.IndexFunc(ordered(all), func(a domain.Allowed[domain.Action]) bool { return len(a.Reasons) == 0 })
	if primary && first >= 0 {
		moves[0].Primary = slices.Contains(nextMoves, ordered(all)[first].Action)
	}
	return moves, refused
}

func moveButton(p domain.Proposal, a domain.Action) LifeMove {
	look, base := moveLooks[a], "/proposals/"+p.Ref()
	m := LifeMove{Label: a.LabelIn(p.State), Icon: look.icon, Note: look.note, Danger: look.danger, Version: p.Version}
	switch {
	case look.at == "":
		m.Action = MoveAddress(p.Ref(), a)
	case a == domain.InviteSpeaker && p.State == domain.Accepted:
		m.Note, m.Href = "Earlier links end; what they answered stays.", base+"/"+string(a)
	case a == domain.InviteSpeaker:
		m.Href = base + "/edit" + look.at
	case strings.HasPrefix(look.at, "#"):
		m.Href = look.at
	default:
		m.Href = base + look.at
	}
	return m
}

// ordered puts the next moves first and those that end something last, and
// leaves the others as the table has them.
func ordered(all []domain.Allowed[domain.Action]) []domain.Allowed[domain.Action] {
	place := func(a domain.Allowed[domain.Action]) int {
		if i := slices.Index(nextMoves, a.Action); i >= 0 && len(a.Reasons) == 0 {
			return i
		}
		if moveLooks[a.Action].danger && len(a.Reasons) == 0 {
			return len(nextMoves) + 1
		}
		return len(nextMoves)
	}
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b domain.Allowed[domain.Action]) int { return place(a) - place(b) })
	return sorted
}

func worthExplaining(p domain.Proposal, a domain.Allowed[domain.Action]) bool {
	elsewhere := slices.ContainsFunc(a.Reasons, func(r domain.Reason) bool { return r.Code == "not_from_here" })
	notTheirs := slices.ContainsFunc(a.Reasons, func(r domain.Reason) bool { return r.Kind == domain.Forbidden })
	sought := slices.Contains([]domain.Action{domain.Edit, domain.Withdraw, domain.CarryForward}, a.Action)
	switch {
	case isOthers(a):
		return false // told among what others can
	case slices.ContainsFunc(a.Reasons, func(r domain.Reason) bool { return r.Code == domain.DecidedHere }):
		return false // never possible at this venue
	case elsewhere:
		return sought && !notTheirs && p.State != domain.Draft
	case notTheirs:
		return a.Action == domain.Submit || a.Action == domain.CarryForward
	case a.Action == domain.ClearDecision || a.Action == domain.PublishDecision:
		return false // their page says so
	}
	return true
}

// LifeNext are the states a proposal may get to from here by moves that are made
// in the course of things: not by corrections, nor when an event is called off.
func LifeNext(p domain.Proposal) []domain.State {
	var next []domain.State
	for _, m := range domain.Moves {
		if m.Later || m.Action == domain.CorrectDecision || m.Action == domain.CancelEvent || len(m.By) == 0 || !slices.Contains(m.From, p.State) {
			continue
		}
		next = union(next, leads(p, m.Action))
	}
	return next
}

// LifeMine are those of the next states that this person can bring it to.
func LifeMine(p domain.Proposal, all []domain.Allowed[domain.Action]) []domain.State {
	var mine []domain.State
	for _, a := range all {
		if len(a.Reasons) == 0 && a.Action != domain.CorrectDecision {
			mine = union(mine, leads(p, a.Action))
		}
	}
	return mine
}

// leads are the other states that an action leads to from here.
func leads(p domain.Proposal, a domain.Action) []domain.State {
	if a == domain.UndoCarry {
		return []domain.State{p.CarriedFrom}
	}
	var to []domain.State
	for _, m := range domain.Moves {
		if m.Action != a || len(m.By) == 0 || !slices.Contains(m.From, p.State) {
			continue
		}
		for _, s := range m.To {
			if s != domain.Same && s != p.State && s != domain.Nowhere {
				to = append(to, s)
			}
		}
	}
	return to
}

// union is a with those of b that it lacks.
func union(a, b []domain.State) []domain.State {
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(a, s)
		}
	}
	return a
}

// awaited are the moves that change no state and that others may wait for.
var awaited = []domain.Action{domain.OverrideGate, domain.RecordExternal, domain.MarkDelivered}

// LifeOthers are the moves that wait for others: possible now, not by this
// person, and such that the proposal gets further by them.
func LifeOthers(p domain.Proposal, f domain.Facts, all []domain.Allowed[domain.Action]) []LifeOther {
	var others []LifeOther
	for _, a := range all {
		if isOthers(a) && (len(leads(p, a.Action)) > 0 || slices.Contains(awaited, a.Action)) {
			others = append(others, LifeOther{a.Action.LabelIn(p.State), p.ByWhom(a.Action, f)})
		}
	}
	return others
}

// isOthers tells whether nothing is in the way of a move but who asks.
func isOthers(a domain.Allowed[domain.Action]) bool {
	return len(a.Reasons) == 1 && a.Reasons[0].Code == domain.NotYourMove
}

// LifePath is the way a proposal went through the states, oldest first, read
// from the changes of its state (newest first).
func LifePath(steps []domain.Step, now domain.State) []domain.State {
	var path []domain.State
	for _, s := range slices.Backward(steps) {
		if len(path) == 0 && s.From != domain.Nowhere {
			path = append(path, s.From)
		}
		if s.To != domain.Nowhere && (len(path) == 0 || path[len(path)-1] != s.To) {
			path = append(path, s.To)
		}
	}
	if len(path) == 0 || path[len(path)-1] != now {
		path = append(path, now)
	}
	return path
}
