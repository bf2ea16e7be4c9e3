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

// StipendGuard gives every reason why a stipend of the proposal cannot make a
// move; nil when it can.
type StipendGuard func(s Stipend, p Proposal, f Facts) []Reason

// StipendMove is one row of the stipend's life.
type StipendMove struct {
	Action StipendAction
	From   []StipendState // empty: from nothing
	To     StipendState   // empty: the same
	By     []Who
	Guard  StipendGuard // what the facts say, before anything is filled in
	Input  StipendGuard // what is wrong with what was filled in
	Apply  func(s *Stipend, p Proposal, f Facts)
	Later  bool   // in the table, without a route yet
	Effect string // for the documentation
}

// StipendMoves is the whole life of a stipend, from designation on an accepted
// webinar to payment.
var StipendMoves = []StipendMove{
	{Action: Designate, To: StipendDesignated, By: []Who{ByChair, ByStaff}, Effect: "A place and its amount; the speaker is asked by mail."},
	{Action: AcceptMoney, From: []StipendState{StipendDesignated}, To: StipendAccepted, By: []Who{BySpeaker, ByChair}, Apply: answer, Effect: "For themselves, or for their employer."},
	{Action: WaiveMoney, From: []StipendState{StipendDesignated}, To: StipendWaived, By: []Who{BySpeaker, ByChair}, Apply: answer, Effect: "The place is free again, until a stipend of the webinar is paid."},
	{
		Action: NoteContract, From: []StipendState{StipendDesignated, StipendAccepted}, By: []Who{ByStaff, ByFinance}, Guard: fundedHere, Input: needsDay, Apply: noteContract,
		Effect: "The signed agreement came: on which day, noted by whom.",
	},
	{
		Action: NoteTaxForm, From: []StipendState{StipendDesignated, StipendAccepted}, By: []Who{ByStaff, ByFinance}, Guard: fundedHere, Input: needsTaxForm, Apply: noteTaxForm,
		Effect: "The tax form came: on which day, noted by whom. A W-8BEN is a hold for finance.",
	},
	{
		Action: ApproveMoney, From: []StipendState{StipendAccepted}, To: StipendApproved, By: []Who{ByFinance}, Guard: mayApprove, Input: mayLiftHold, Apply: approve,
		Effect: "Delivered, presented, papers here; by somebody who neither designated it nor gets it.",
	},
	{
		Action: PayMoney, From: []StipendState{StipendApproved}, To: StipendPaid, By: []Who{ByFinance}, Guard: fundedHere, Input: needsPayment,
		Effect: "One good payment for each stipend: method, reference, date.",
	},
	{
		Action: ReturnMoney, From: []StipendState{StipendPaid}, To: StipendApproved, By: []Who{ByFinance}, Input: needsReturn,
		Effect: "The payment came back; another may be made, and its date is the tax year.",
	},
	{
		Action: VoidMoney, From: []StipendState{StipendDesignated, StipendAccepted, StipendApproved}, To: StipendVoid, By: []Who{ByChair, ByStaff}, Guard: mayVoid, Input: needsVoidReason, Apply: void,
		Effect: "The place is free again before delivery, and used up after it.",
	},
}

// StipendActions are the moves that have a route, in the order of the table.
func StipendActions() []StipendAction {
	var all []StipendAction
	for _, m := range StipendMoves {
		if !m.Later {
			all = append(all, m.Action)
		}
	}
	return all
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

func fundedHere(s Stipend, _ Proposal, _ Facts) []Reason {
	if s.External() {
		return []Reason{Because("R9", "funded_outside", "A sponsor pays this speaker; there is nothing to pay here.")}
	}
	return nil
}

func needsDay(_ Stipend, _ Proposal, f Facts) []Reason {
	return dayNotAfter("/on", f.Input.On, f.Actor.Today)
}

func needsTaxForm(s Stipend, p Proposal, f Facts) []Reason {
	why := needsDay(s, p, f)
	if !slices.Contains(TaxForms(), f.Input.TaxForm) {
		why = append(why, Wrong("/form", "required", "Choose the form that came: w9 or w8ben."))
	}
	return why
}

// mayApprove: everything that must be so before money goes out. Whoever promised
// it, and whoever gets it, leaves the approval to somebody else.
func mayApprove(s Stipend, p Proposal, f Facts) []Reason {
	why := fundedHere(s, p, f)
	if f.Actor.ID != "" && s.DesignatedBy == f.Actor.ID {
		why = append(why, Reason{Kind: Forbidden, Code: "own_designation", Rule: "R9", Detail: "You designated this stipend, so somebody else approves it."})
	}
	if f.Actor.gets(s, f) {
		why = append(why, Reason{Kind: Forbidden, Code: "own_stipend", Rule: "R9", Detail: "This stipend is for you, so somebody else approves it."})
	}
	switch {
	case !p.Delivered():
		why = append(why, Because("R9", "not_delivered", "The webinar was not marked as delivered yet. Nothing is payable before."))
	case s.Presented == nil || !*s.Presented:
		why = append(why, Because("R9", "did_not_present", "The speaker is not ticked as having presented."))
	}
	if s.AgreementOn == "" {
		why = append(why, Because("", "agreement_missing", "The signed agreement did not come yet."))
	}
	if s.TaxFormOn == "" {
		why = append(why, Because("", "tax_form_missing", "The tax form did not come yet: W-9, or W-8BEN outside the US."))
	}
	return why
}

func mayLiftHold(s Stipend, _ Proposal, f Facts) []Reason {
	if s.Hold == "" || !blank(f.Input.Reason) {
		return nil
	}
	hold := Because("", "finance_hold", "%s Approve it alone, and say why it may be paid.", s.Hold)
	hold.Pointer = "/reason"
	return []Reason{hold}
}

func needsPayment(_ Stipend, p Proposal, f Facts) []Reason {
	in := f.Input.Payment
	var why []Reason
	if !slices.Contains(PaymentMethods(), in.Method) {
		why = append(why, Wrong("/method", "required", "Choose how it was paid: check, ach or other."))
	}
	why = append(why, textNeeded("/reference", in.Reference, 1, "Give the check’s number, or the transfer’s.")...)
	why = append(why, dayNotAfter("/paid_on", in.PaidOn, f.Actor.Today)...)
	if p.DeliveredAt != nil && in.PaidOn.Valid() && in.PaidOn < DateOf(*p.DeliveredAt, Zone(f.Section.Zone)) {
		why = append(why, Wrong("/paid_on", "before_delivery", "The webinar was delivered on %s; nothing is paid before.", LongDay(*p.DeliveredAt, f.Section.Zone)))
	}
	return why
}

func needsReturn(_ Stipend, _ Proposal, f Facts) []Reason {
	why := dayNotAfter("/on", f.Input.On, f.Actor.Today)
	if f.Payment != nil && f.Input.On.Valid() && f.Input.On < f.Payment.PaidOn {
		why = append(why, Wrong("/on", "before_payment", "It was paid on %s; it cannot have come back before.", f.Payment.PaidOn.Words()))
	}
	return append(why, textNeeded("/reason", f.Input.Reason, 1, "Say why it came back.")...)
}

func mayVoid(s Stipend, p Proposal, f Facts) []Reason {
	if p.Delivered() && !f.Actor.Has(Staff) && f.Actor.isAny([]Who{ByChair}, &p, &f) {
		return []Reason{{Kind: Forbidden, Code: "after_delivery", Rule: "R9", Detail: "The webinar was delivered, so only association staff can end a stipend."}}
	}
	return nil
}

func needsVoidReason(_ Stipend, _ Proposal, f Facts) []Reason { return needsReason(Proposal{}, f) }

func answer(s *Stipend, _ Proposal, f Facts) {
	now := f.Now
	s.AnsweredAt = &now
	if s.State == StipendAccepted {
		s.Employer = strings.TrimSpace(f.Input.Employer)
	}
}

func noteContract(s *Stipend, _ Proposal, f Facts) {
	s.AgreementOn, s.AgreementBy = f.Input.On, f.Actor.ID
}

func noteTaxForm(s *Stipend, _ Proposal, f Facts) {
	s.TaxFormOn, s.TaxFormBy, s.TaxForm, s.Hold = f.Input.On, f.Actor.ID, f.Input.TaxForm, ""
	if s.TaxForm == FormW8BEN {
		s.Hold = "The payee is outside the US (W-8BEN), so finance decides."
	}
}

func approve(s *Stipend, _ Proposal, f Facts) {
	now := f.Now
	s.ApprovedBy, s.ApprovedAt = f.Actor.ID, &now
}

func void(s *Stipend, p Proposal, f Facts) {
	s.VoidReason, s.Spent = strings.TrimSpace(f.Input.Reason), p.Delivered() && s.Slot > 0
}

// Why gives every reason why the actor cannot make the move now, apart from what
// still has to be filled in; nil when it can be made.
func (s Stipend) Why(a StipendAction, p Proposal, f Facts) []Reason {
	f.Input.SpeakerID = s.SpeakerID
	m, here := s.move(a)
	var why []Reason
	if !here {
		why = append(why, s.notFromHere(a))
	}
	if !f.Actor.isAny(m.By, &p, &f) {
		why = append(why, notYours(m.By))
	}
	if here && m.Guard != nil {
		why = append(why, m.Guard(s, p, f)...)
	}
	return why
}

// Do makes the move. Forbidden for the wrong person, Stale when it was changed
// since it was read, Conflict from the wrong state, Invalid when what was filled
// in needs correction: always with every reason.
func (s *Stipend) Do(a StipendAction, p Proposal, f Facts) error {
	why := s.Why(a, p, f)
	m, here := s.move(a)
	if f.Expect != 0 && f.Expect != s.Version {
		why = append(why, staleReason("stipend"))
	}
	if here && m.Input != nil {
		why = append(why, m.Input(*s, p, f)...)
	}
	if len(why) > 0 {
		return Refuse(why...)
	}
	if m.To != "" {
		s.State = m.To
	}
	if m.Apply != nil {
		m.Apply(s, p, f)
	}
	s.UpdatedAt = f.Now
	s.Version++
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

// StipendAllowed is one move of a stipend with what stands in its way.
type StipendAllowed struct {
	Action  StipendAction
	Reasons []Reason // nil: it can be made
}

// Open lists every move of a stipend, for the actor asking.
func (s Stipend) Open(p Proposal, f Facts) []StipendAllowed {
	var all []StipendAllowed
	for _, a := range StipendActions() {
		if a != Designate {
			all = append(all, StipendAllowed{a, s.Why(a, p, f)})
		}
	}
	return all
}

// notFromHere names the states the move is possible from, and what is possible instead.
func (s Stipend) notFromHere(a StipendAction) Reason {
	var from, instead []string
	for _, m := range StipendMoves {
		if m.Action == a {
			from = append(from, stipendWords(m.From)...)
		}
		if slices.Contains(m.From, s.State) {
			instead = append(instead, string(m.Action))
		}
	}
	possible := "Nothing more can be done with it."
	if len(instead) > 0 {
		possible = "Possible now: " + OrList(instead) + "."
	}
	return Because("R9", "not_from_here", "“%s” is possible while a stipend is %s. This one is %s. %s", a, OrList(from), s.State, possible)
}

func stipendWords(all []StipendState) []string {
	words := make([]string, len(all))
	for i, s := range all {
		words[i] = string(s)
	}
	return words
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
