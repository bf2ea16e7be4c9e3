package web

import "lectern/domain"

// Mark is how a word stands out: its tone (info, review, good, warn, bad; empty
// is neutral) and its icon. Tone never carries a meaning that the word does not.
type Mark struct {
	Tone  string
	Icon  string // a name of icons.svg; empty: none
	Label string
}

var stateMarks = map[domain.State]Mark{
	domain.Draft:          {"", "circle-dashed", ""},
	domain.Submitted:      {"info", "send", ""},
	domain.Accepted:       {"good", "check", ""},
	domain.Alternate:      {"warn", "hourglass", ""},
	domain.Declined:       {"bad", "x", ""},
	domain.CarriedForward: {"warn", "arrow-forward-up", ""},
	domain.Withdrawn:      {"", "ban", ""},
	domain.Cancelled:      {"bad", "circle-x", ""},
}

var stipendMarks = map[domain.StipendState]Mark{
	domain.StipendDesignated: {"info", "user", "Designated"},
	domain.StipendAccepted:   {"warn", "clock", "Paperwork"}, // the speaker said yes; papers are awaited
	domain.StipendWaived:     {"", "arrow-back-up", "Waived"},
	domain.StipendApproved:   {"review", "cash", "Payable"},
	domain.StipendPaid:       {"good", "check", "Paid"},
	domain.StipendVoid:       {"", "ban", "Void"},
}

var answerMarks = map[domain.Answer]Mark{
	domain.NotAsked:   {"", "circle-dashed", "Not asked yet"},
	domain.Invited:    {"warn", "mail", "Invited"},
	domain.Confirmed:  {"good", "check", "Agreed"},
	domain.DeclinedTo: {"bad", "x", "Said no"},
}

// offeringMarks are the states of a webinar on sale.
var offeringMarks = map[domain.OfferingStatus]Mark{
	domain.OfferingPlanned:   {"", "calendar", ""},
	domain.OfferingPublished: {"good", "calendar-event", ""},
	domain.OfferingClosed:    {"", "lock", ""},
	domain.OfferingDelivered: {"good", "video", ""},
	domain.OfferingCancelled: {"bad", "circle-x", ""},
}

// Rescheduled is the mark of a webinar that was moved to another time.
var Rescheduled = Mark{"warn", "refresh", "Rescheduled"}

// Scheduled is the mark of a proposal that is on sale as a webinar.
var Scheduled = Mark{"good", "calendar-event", "Scheduled"}

// StateMark is the mark of a proposal's state.
func StateMark(s domain.State) Mark {
	m := stateMarks[s]
	m.Label = s.Label()
	return m
}

// StipendMark is the mark of a stipend's state.
func StipendMark(s domain.StipendState) Mark { return stipendMarks[s] }

// AnswerMark is the mark of a speaker's answer to the invitation.
func AnswerMark(a domain.Answer) Mark { return answerMarks[a] }

// OfferingMark is the mark of where a webinar on sale stands.
func OfferingMark(s domain.OfferingStatus) Mark {
	m := offeringMarks[s]
	m.Label = s.Label()
	return m
}
