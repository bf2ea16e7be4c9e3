package domain

import (
	"slices"
	"strings"
	"time"
)

// StipendAction is a move of a stipend; the word is the last part of its route.
type StipendAction string

// The actions on stipends.
const (
	Designate    StipendAction = "designate"
	AcceptMoney  StipendAction = "accept"
	WaiveMoney   StipendAction = "waive"
	NoteContract StipendAction = "agreement"
	NoteTaxForm  StipendAction = "tax-form"
	ApproveMoney StipendAction = "approve"
	PayMoney     StipendAction = "pay"
	ReturnMoney  StipendAction = "return"
	VoidMoney    StipendAction = "void"
)

// StipendMove is one row of the stipend's life.
type StipendMove struct {
	Action StipendAction
	From   []StipendState // empty: from nothing
	To     StipendState   // empty: the same
	By     []Who
	Guard  func(s Stipend, f Facts) []Reason
	Later  bool // in the table, without a route yet
}

// StipendMoves is the whole life of a stipend, from designation on an accepted
// webinar to payment.
var StipendMoves = []StipendMove{
	{Action: Designate, To: StipendDesignated, By: []Who{ByChair, ByStaff}},
	{Action: AcceptMoney, From: []StipendState{StipendDesignated}, To: StipendAccepted, By: []Who{BySpeaker, ByChair}},
	{Action: WaiveMoney, From: []StipendState{StipendDesignated}, To: StipendWaived, By: []Who{BySpeaker, ByChair}},
	{Action: NoteContract, From: []StipendState{StipendDesignated, StipendAccepted}, By: []Who{ByStaff, ByFinance}, Later: true},
	{Action: NoteTaxForm, From: []StipendState{StipendDesignated, StipendAccepted}, By: []Who{ByStaff, ByFinance}, Later: true},
	{Action: ApproveMoney, From: []StipendState{StipendAccepted}, To: StipendApproved, By: []Who{ByFinance}, Later: true},
	{Action: PayMoney, From: []StipendState{StipendApproved}, To: StipendPaid, By: []Who{ByFinance}, Later: true},
	{Action: ReturnMoney, From: []StipendState{StipendPaid}, To: StipendApproved, By: []Who{ByFinance}, Later: true},
	{Action: VoidMoney, From: []StipendState{StipendDesignated, StipendAccepted, StipendApproved}, To: StipendVoid, By: []Who{ByChair, ByStaff}, Guard: mayVoid},
}

// StipendPassages are all legal changes of a stipend's state; the database keeps the list.
func StipendPassages() [][2]StipendState {
	var all [][2]StipendState
	for _, m := range StipendMoves {
		for _, from := range m.From {
			if m.To != "" {
				all = append(all, [2]StipendState{from, m.To})
			}
		}
	}
	return all
}

// MayDesignate gives every reason why a speaker cannot be designated now. The
// free place is checked here for people, and by a unique index for races (R9).
func MayDesignate(p Proposal, speakerID string, f Facts) []Reason {
	why := selected(p, f)
	if !f.Actor.isAny([]Who{ByChair, ByStaff}, p, f) {
		why = append(why, notYours([]Who{ByChair, ByStaff}))
	}
	s, found := findSpeaker(speakerID, f.Speakers)
	if !found {
		return append(why, Wrong("/speaker_id", "required", "Choose a speaker of this webinar."))
	}
	why = append(why, eligible(s, f)...)
	if _, free := FreeSlot(f.Stipends, f.Section.Settings.StipendCap); !free {
		why = append(why, CapReached(f.Section.Settings.StipendCap))
	}
	return why
}

// SeesStipends tells whether the actor is shown the stipends of a group's
// webinars one by one; the Leadership Team is shown how many places are taken.
// A speaker by link is shown their own by the page.
func (a Actor) SeesStipends(groupID string) bool {
	return a.Clock || a.SpeakerID != "" || a.MemberOf(groupID) || a.Has(Staff, Finance, Admin)
}

// Places is how many places the live stipends take.
func Places(all []Stipend) int {
	n := 0
	for _, s := range all {
		if s.State.Live() {
			n++
		}
	}
	return n
}

func selected(p Proposal, f Facts) []Reason {
	if !f.Venue.Stipends || p.State == Declined {
		return []Reason{{
			Kind: Invalid, Code: "not_a_selected_webinar", Rule: "R9",
			Detail: "Stipends are for selected webinars. This is not an accepted webinar proposal.",
		}}
	}
	if p.State != Accepted {
		return []Reason{{
			Kind: Invalid, Code: "not_a_selected_webinar", Rule: "R9",
			Detail: "Stipends are named once the webinar is accepted. This one is " + strings.ToLower(p.State.Label()) + ".",
		}}
	}
	return nil
}

func eligible(s Speaker, f Facts) []Reason {
	var why []Reason
	if s.Role == Moderates {
		why = append(why, Because("R9", "moderator_only", "%s moderates and does not speak.", s.Name))
	}
	if s.StaffMember {
		why = append(why, Because("R9", "association_staff", "%s is on the association’s staff.", s.Name))
	}
	taken := func(o Stipend) bool {
		return o.State.Live() && (o.SpeakerID == s.ID || o.Payee == s.Payee())
	}
	if slices.ContainsFunc(f.Stipends, taken) {
		why = append(why, Because("R9", "already_designated", "%s has a place already.", s.Name))
	}
	return why
}

// CapReached is the refusal of one stipend too many.
func CapReached(limit int) Reason {
	return Because("R9", "stipend_cap_reached", "All %d stipends of this webinar are taken. More may speak, without a stipend.", limit)
}

// FreeSlot is the lowest free place among the live stipends.
func FreeSlot(all []Stipend, limit int) (slot int, free bool) {
	for slot = 1; slot <= limit; slot++ {
		if !slices.ContainsFunc(all, func(s Stipend) bool { return s.State.Live() && s.Slot == slot }) {
			return slot, true
		}
	}
	return 0, false
}

func mayVoid(_ Stipend, f Facts) []Reason {
	return needsReason(Proposal{}, f)
}

// Why gives every reason why the actor cannot make the move now; nil when it can be made.
func (s Stipend) Why(a StipendAction, p Proposal, f Facts) []Reason {
	f.Input.SpeakerID = s.SpeakerID
	m, here := s.move(a)
	var why []Reason
	if !here {
		why = append(why, Because("R9", "not_from_here", "A stipend that is %s cannot be changed this way.", s.State))
	}
	if !f.Actor.isAny(m.By, p, f) {
		why = append(why, notYours(m.By))
	}
	return why
}

// Do makes the move. Forbidden for the wrong person, Conflict from the wrong state.
func (s *Stipend) Do(a StipendAction, p Proposal, f Facts) error {
	why := s.Why(a, p, f)
	m, _ := s.move(a)
	if m.Guard != nil {
		why = append(why, m.Guard(*s, f)...)
	}
	if len(why) > 0 {
		return Refuse(why...)
	}
	s.become(m.To, f)
	return nil
}

// Void ends a stipend as a consequence: the webinar was cancelled or the speaker
// replaced. One that is paid stays.
func (s *Stipend) Void(reason string, now time.Time) bool {
	if s.State == StipendPaid || !s.State.Live() {
		return false
	}
	s.State, s.VoidReason, s.UpdatedAt = StipendVoid, reason, now
	s.Version++
	return true
}

func (s *Stipend) become(to StipendState, f Facts) {
	now := f.Now
	if to == StipendAccepted || to == StipendWaived {
		s.AnsweredAt = &now
	}
	if to == StipendVoid {
		s.VoidReason = f.Input.Reason
	}
	if to != "" {
		s.State = to
	}
	s.UpdatedAt = now
	s.Version++
}

// move finds the row for the action; when the state has none, a row of the same
// action says who may make it elsewhere.
func (s Stipend) move(a StipendAction) (StipendMove, bool) {
	var other StipendMove
	for _, m := range StipendMoves {
		if m.Action != a {
			continue
		}
		if slices.Contains(m.From, s.State) {
			return m, true
		}
		other = m
	}
	return other, false
}
