package domain

import "slices"

// Who is a party to a move.
type Who string

// The parties.
const (
	ByMember         Who = "member"           // of the owning group, in term
	ByChair          Who = "chair"            // (co-)chair of the owning group
	BySubmitter      Who = "submitter"        // a chair; any member where the group lets members submit
	ByLeadership     Who = "leadership"       // on the Leadership Team
	ByLeadershipHead Who = "leadership_chair" // its chair; its vice chair when the chair is in conflict
	ByVenue          Who = "venue"            // who decides at the venue
	ByVenueHead      Who = "venue_chair"      // who chairs them
	ByStaff          Who = "staff"
	BySpeaker        Who = "speaker" // by their own link
	ByFinance        Who = "finance"
	ByAdmin          Who = "admin"
	ByReviewer       Who = "reviewer" // the Leadership Team, and the guests of the call
	ByClock          Who = "clock"    // what happens by itself
	ByAnyone         Who = "anyone"
	ByBuyer          Who = "buyer"       // by the order's own link
	BySeatHolder     Who = "seat_holder" // by the seat's own link
	ByCode           Who = "code"        // whoever has the order's claim code
)

// Same is the To of a move that leaves the state as it is.
const Same State = ""

// Guard gives every reason why the facts do not allow a move; nil when they do.
type Guard func(p Proposal, f Facts) []Reason

// Move is one row of the lifecycle.
type Move struct {
	Action Action
	From   []State
	To     []State // one; or several, when the move's input or the past chooses
	By     []Who
	Guard  Guard                                  // what the facts say, before anything is filled in
	Input  Guard                                  // what is wrong with what was filled in
	Apply  func(p *Proposal, from State, f Facts) // what changes on the proposal beside the state
	Choose func(Proposal, Facts) State            // which To, when there are several
	Later  bool                                   // in the table, without a route and a button yet
	Quiet  bool                                   // its own group does not learn of it: no line in the history, no new version, no new revision
	Effect string                                 // for the documentation
}

// Moves is the whole life of a proposal. There is no move outside this table,
// for anybody. The routes, the API's "actions", the buttons, the diagram, the
// documentation and the database's own check are read from it.
var Moves = []Move{
	{
		Action: Create, From: []State{Nowhere}, To: []State{Draft}, By: []Who{ByMember}, Guard: mayCreate,
		Effect: "A draft, seen by the group only.",
	},
	{
		Action: Edit, From: []State{Draft}, To: []State{Same}, By: []Who{ByMember},
		Effect: "The open revision changes.",
	},
	{
		Action: InviteSpeaker, From: []State{Draft}, To: []State{Same}, By: []Who{ByMember}, Guard: mayInvite,
		Effect: "The speaker is asked by mail; the invitation has its own state.",
	},
	{
		Action: ChangeCall, From: []State{Draft}, To: []State{Same}, By: []Who{ByMember}, Guard: mayChangeCall, Apply: leaveCall,
		Effect: "The same draft under the new call's form; text over a limit is flagged, never cut. What was granted for the former call ends.",
	},
	{
		Action: Delete, From: []State{Draft}, To: []State{Nowhere}, By: []Who{ByMember}, Guard: mayDelete,
		Effect: "Gone for good; the history keeps the title.",
	},
	{
		Action: GrantLate, From: []State{Draft}, To: []State{Same}, By: []Who{ByStaff, ByAdmin}, Input: needsUntil, Apply: grantLate,
		Effect: "This draft may be submitted until the date, whatever the window; used up by submitting.",
	},
	{
		Action: OverrideGate, From: []State{Draft}, To: []State{Same}, By: []Who{ByLeadershipHead}, Guard: mayOverride, Input: needsReason, Apply: overrideGate,
		Effect: "Submitting passes the gate to other divisions.",
	},
	{
		Action: Submit, From: []State{Draft}, To: []State{Submitted}, By: []Who{BySubmitter}, Guard: maySubmit, Apply: submit,
		Effect: "A number, a receipt with a full copy; it counts from now on.",
	},
	{
		Action: Withdraw, From: []State{Draft}, To: []State{Withdrawn}, By: []Who{ByChair}, Guard: mayWithdrawDraft,
		Effect: "The proposal it was carried from may be carried again.",
	},

	{
		Action: Edit, From: []State{Submitted}, To: []State{Same}, By: []Who{ByMember}, Guard: mayEditSubmitted,
		Effect: "A new revision; reviewers of the older one are told.",
	},
	{
		Action: RecordExternal, From: []State{Submitted}, To: []State{Same}, By: []Who{ByChair, ByStaff}, Guard: decidedOutside, Input: needsExternal,
		Effect: "Site, reference, when and by whom; until then the page says it is not yet sent.",
	},
	{
		Action: ReturnToDraft, From: []State{Submitted}, To: []State{Draft}, By: []Who{ByChair}, Guard: mayReturn,
		Effect: "It no longer counts toward the quota.",
	},
	{
		Action: RequestChanges, From: []State{Submitted}, To: []State{Same}, By: []Who{ByLeadership, ByVenue}, Guard: mayRequestChanges, Input: needsChanges, Apply: reopen,
		Effect: "The group may edit until a date, and its chairs are told why.",
	},
	{
		Action: Withdraw, From: []State{Submitted, Alternate}, To: []State{Withdrawn}, By: []Who{ByChair}, Input: needsReason,
		Effect: "It no longer counts; mail still waiting is not sent.",
	},
	{
		Action: Revive, From: []State{Withdrawn}, To: []State{Submitted}, By: []Who{ByChair, ByAdmin}, Guard: mayRevive,
		Effect: "Back, with its first submission date.",
	},
	{
		Action: SaveReview, From: []State{Submitted}, To: []State{Same}, By: []Who{ByReviewer}, Guard: mayReview, Input: needsReview, Quiet: true,
		Effect: "One review for each person, on a revision; saving again changes it.",
	},
	{
		Action: Recuse, From: []State{Submitted}, To: []State{Same}, By: []Who{ByReviewer}, Guard: mayRecuse, Quiet: true,
		Effect: "You see its title only from now on. A conflict of interest needs no reason. What you wrote about it no longer counts.",
	},
	{
		Action: Recommend, From: []State{Submitted}, To: []State{Same}, By: []Who{ByLeadershipHead}, Guard: mayRecommend, Input: needsRecommendation, Quiet: true,
		Effect: "Verdict, place in the ranking, votes, and a note each to those who decide and to the group. The vice chair recommends where the chair has a conflict.",
	},
	{
		Action: ReleasePacket, From: []State{Submitted}, To: []State{Same}, By: []Who{ByLeadershipHead}, Guard: mayRelease, Quiet: true,
		Effect: "A numbered packet of all submitted proposals of a venue and year, never changed: what changes is in the next number, with a note. Those who decide are told.",
	},

	{
		Action: StageDecision, From: []State{Submitted, Alternate}, To: []State{Same}, By: []Who{ByVenue}, Guard: mayStage, Input: needsDecision, Quiet: true,
		Effect: "A decision the submitter cannot see, in nothing.",
	},
	{
		Action: ClearDecision, From: []State{Submitted, Alternate}, To: []State{Same}, By: []Who{ByVenue}, Guard: mayClear, Quiet: true,
		Effect: "The staged decision is gone.",
	},
	{
		Action: PublishDecision, From: []State{Submitted, Alternate}, To: outcomeStates(), By: []Who{ByVenue, ByStaff}, Guard: mayPublishDecision, Choose: byStaged,
		Effect: "The staged outcome holds: one mail per person and outcome; speakers are asked to confirm; a declined one may be carried forward.",
	},
	{
		Action: Decide, From: []State{Submitted, Alternate}, To: outcomeStates(), By: []Who{ByVenue, ByStaff}, Guard: mayDecide, Input: needsDecision, Choose: byOutcome,
		Effect: "The outcome, one mail per person; speakers are asked to confirm; a declined one may be carried forward.",
	},
	{
		Action: RecordOutcome, From: []State{Submitted, Alternate}, To: outcomeStates(), By: []Who{ByChair, ByLeadership, ByStaff}, Guard: decidedOutside, Input: needsOutcome, Choose: byOutcome,
		Effect: "Somebody else's decision, with its date and evidence; no decision mail from us.",
	},

	{
		Action: Confirm, From: []State{Draft, Submitted, Accepted}, To: []State{Same}, By: []Who{BySpeaker, ByChair}, Input: needsSpeaker,
		Effect: "The speaker said yes.",
	},
	{
		Action: DeclineToSpeak, From: []State{Draft, Submitted, Accepted}, To: []State{Same}, By: []Who{BySpeaker, ByChair}, Input: needsSpeaker,
		Effect: "The speaker said no; when all have, the chairs and the venue are told.",
	},
	{
		Action: ReplaceSpeaker, From: []State{Accepted}, To: []State{Same}, By: []Who{ByChair, ByVenue}, Guard: notDelivered, Input: mayReplace,
		Effect: "The venue agrees; the former speaker's stipend is void.",
	},
	{
		Action: InviteSpeaker, From: []State{Accepted}, To: []State{Same}, By: []Who{ByChair, ByStaff}, Input: mayLinkAgain,
		Effect: "The speaker gets a new link by mail; earlier ones end, and their answers stay.",
	},
	{
		Action: MarkDelivered, From: []State{Accepted}, To: []State{Same}, By: []Who{ByStaff}, Guard: mayDeliver, Input: needsPresented, Apply: deliver,
		Effect: "Who presented is ticked; their stipends can be paid. The other unpaid ones are void, and their places are not given again.",
	},
	{
		Action: Cancel, From: []State{Accepted}, To: []State{Cancelled}, By: []Who{ByVenue, ByStaff}, Guard: notDelivered, Input: needsReason,
		Effect: "Unpaid stipends are void; speakers are told.",
	},
	{
		Action: CancelEvent, From: []State{Submitted, Alternate, Accepted}, To: []State{Cancelled}, By: []Who{ByStaff, ByAdmin}, Input: needsReason,
		Effect: "The event is off: every proposal of the venue and year that was not declined or withdrawn. It may be carried to any venue of this or the next year.",
	},
	{
		Action: CorrectDecision, From: []State{Accepted, Declined, Alternate, CarriedForward}, To: append(outcomeStates(), Same), By: []Who{ByAdmin, ByVenueHead}, Guard: mayCorrect, Input: needsCorrection, Choose: byCorrection, Apply: endCarry,
		Effect: "A superseding decision; once mails are out, a second person confirms it.",
	},

	{
		Action: CarryForward, From: []State{Declined, Alternate, Cancelled}, To: []State{CarriedForward}, By: []Who{ByChair, ByLeadership}, Guard: mayCarry, Input: mayCarryTo, Apply: rememberState,
		Effect: "A new draft for another venue, with text and speakers; decision, reviews and stipends stay behind.",
	},
	{Action: CarryForward, From: []State{Nowhere}, To: []State{Draft}, Effect: "The new draft."},
	{
		Action: UndoCarry, From: []State{CarriedForward}, To: []State{Declined, Alternate, Cancelled}, By: []Who{ByChair, ByLeadership}, Guard: mayUndoCarry, Choose: stateBefore, Apply: endCarry,
		Effect: "The draft is withdrawn; the proposal has the state it had.",
	},
	{Action: UndoCarry, From: []State{Draft}, To: []State{Withdrawn}, Effect: "The draft that was carried."},
	{Action: CorrectDecision, From: []State{Draft}, To: []State{Withdrawn}, Effect: "The draft carried from a decision that was corrected."},
	{Action: MoveGroup, From: States(), To: []State{Same}, By: []Who{ByAdmin}, Effect: "It follows its group into the group's successor.", Later: true},
}

func outcomeStates() []State { return []State{Accepted, Declined, Alternate} }

// Actions are the moves that have a route, each once, in the order of the table.
func Actions() []Action { return slices.Clone(actions) }

var actions = func() []Action {
	var all []Action
	for _, m := range Moves {
		if !m.Later && len(m.By) > 0 && !slices.Contains(all, m.Action) {
			all = append(all, m.Action)
		}
	}
	return all
}()

// Passage is one legal change: the database keeps the list and checks against it.
type Passage struct {
	Action Action
	From   State
	To     State
}

// Passages are all legal changes of the table, one row each.
func Passages() []Passage {
	var all []Passage
	for _, m := range Moves {
		for _, from := range m.From {
			for _, to := range m.To {
				if to == from {
					continue // an outcome it has already
				}
				if to == Same {
					to = from
				}
				if s := (Passage{m.Action, from, to}); !slices.Contains(all, s) {
					all = append(all, s)
				}
			}
		}
	}
	return all
}

// Why gives every reason why the actor cannot make the move now, apart from
// what still has to be filled in; nil when it can be made.
func (p Proposal) Why(a Action, f Facts) []Reason { return p.why(a, &f) }

// why is Why without copies of the facts, which are large.
func (p *Proposal) why(a Action, f *Facts) []Reason {
	m, here := p.move(a)
	if !here {
		return p.whyNotHere(a, f)
	}
	var why []Reason
	if !f.Actor.isAny(m.By, p, f) {
		why = append(why, notYours(m.By))
	}
	if m.Guard != nil {
		why = append(why, m.Guard(*p, *f)...)
	}
	return why
}

// whyNotHere are the reasons for a move that the table does not have from here.
func (p *Proposal) whyNotHere(a Action, f *Facts) []Reason {
	m := makers[a]
	why, known := m.elsewhere[p.State]
	if !known {
		why = m.refusal(p.State, a)
	}
	if f.Actor.isAny(m.parties, p, f) {
		why = why[:1]
	}
	return slices.Clone(why) // callers point reasons at the fields of their forms
}

// makers are those who may make each action from anywhere, and what is said where
// nobody can: to them the first reason only. They are put together once: every look
// at a proposal tells them for most actions.
var makers = func() map[Action]maker {
	all := map[Action]maker{}
	for _, m := range Moves {
		all[m.Action] = maker{parties: append(all[m.Action].parties, m.By...)}
	}
	for a, m := range all {
		m.elsewhere = map[State][]Reason{}
		for _, s := range append(States(), Nowhere) {
			m.elsewhere[s] = m.refusal(s, a)
		}
		all[a] = m
	}
	return all
}()

type maker struct {
	parties   []Who
	elsewhere map[State][]Reason
}

func (m maker) refusal(s State, a Action) []Reason {
	return []Reason{notFromHere(s, a), notYours(m.parties)}
}

// Do makes the move and returns the line for the history. Forbidden for the
// wrong person, Conflict when the state or a rule says no, Invalid when what
// was filled in needs correction: always with every reason.
func (p *Proposal) Do(a Action, f Facts) (Step, error) {
	why := p.Why(a, f)
	m, here := p.move(a)
	if f.Expect != 0 && f.Expect != p.Version && !m.Quiet {
		why = append(why, staleReason("proposal"))
	}
	if here && m.Input != nil {
		why = append(why, m.Input(*p, f)...)
	}
	if len(why) > 0 {
		return Step{}, Refuse(why...)
	}
	from := p.State
	p.State = m.target(*p, f)
	if m.Apply != nil {
		m.Apply(p, from, f)
	}
	return p.step(a, from, f), nil
}

// Follow makes a move that is the consequence of another proposal's move: the
// draft of a carry-forward that is undone, or whose parent's decision is
// corrected. Conflict when the table does not have it.
func (p *Proposal) Follow(a Action, to State, f Facts) (Step, error) {
	if !slices.Contains(Passages(), Passage{a, p.State, to}) {
		return Step{}, Refuse(notFromHere(p.State, a))
	}
	from := p.State
	p.State = to
	return p.step(a, from, f), nil
}

func (p *Proposal) step(a Action, from State, f Facts) Step {
	if !a.Quiet() {
		p.Version++
	}
	return Step{
		ProposalID: p.ID, Title: p.Title, Version: p.Version, Revision: p.Revision, Action: a,
		From: from, To: p.State, ActorID: f.Actor.ID, ActorName: f.Actor.Name, At: f.Now, Reason: f.Input.Reason,
	}
}

// Quiet tells whether the proposal's own group does not learn of the move: it
// leaves no line in the history and no new version.
func (a Action) Quiet() bool {
	return slices.ContainsFunc(Moves, func(m Move) bool { return m.Action == a && m.Quiet })
}

// Has tells whether the table has the action for the proposal's state.
func (p Proposal) Has(a Action) bool {
	_, here := p.move(a)
	return here
}

// ByDeciders tells whether the action is among those of who decides at the venue:
// they make it on what they know from a packet, whether or not they read the proposal.
func (a Action) ByDeciders() bool {
	return slices.ContainsFunc(makers[a].parties, func(w Who) bool { return w == ByVenue || w == ByVenueHead })
}

func (p Proposal) move(a Action) (Move, bool) {
	for _, m := range Moves {
		if m.Action == a && slices.Contains(m.From, p.State) && len(m.By) > 0 {
			return m, true
		}
	}
	return Move{}, false
}

func (m Move) target(p Proposal, f Facts) State {
	to := m.To[0]
	if m.Choose != nil {
		to = m.Choose(p, f)
	}
	if to == Same {
		return p.State
	}
	return to
}

// OnProposal tells whether the action is one on a proposal that is there: not
// the beginning of one, and not an act on a whole event.
func (a Action) OnProposal() bool { return a != Create && a != CancelEvent && a != ReleasePacket }

// Open lists every action with a route, for the actor asking.
func (p Proposal) Open(f Facts) []Allowed[Action] {
	all := make([]Allowed[Action], 0, len(actions))
	for _, a := range actions {
		if a.OnProposal() {
			all = append(all, Allowed[Action]{a, p.why(a, &f)})
		}
	}
	return all
}

// NextStates are the states the table leads to from here, apart from staying.
func (p Proposal) NextStates() []State {
	var next []State
	for _, s := range Passages() {
		if s.From == p.State && s.To != p.State && s.To != Nowhere && !slices.Contains(next, s.To) {
			next = append(next, s.To)
		}
	}
	return next
}
