package domain

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// OfferingAction is a move of an offering; the word is the last part of its route.
type OfferingAction string

// The actions on offerings.
const (
	PutOnSale          OfferingAction = "create"
	EditOffering       OfferingAction = "edit"
	PublishOffering    OfferingAction = "publish"
	CloseOffering      OfferingAction = "close"
	RescheduleOffering OfferingAction = "reschedule"
	CancelOffering     OfferingAction = "cancel"
	DeliverOffering    OfferingAction = "deliver"
)

// OfferingMove is one row of an offering's life.
type OfferingMove struct {
	Action OfferingAction
	From   []OfferingStatus // empty: from nothing
	To     OfferingStatus   // empty: the same
	By     []Who
	Guard  func(o Offering, f OfferingFacts) []Reason // what the facts say
	Input  func(o Offering, f OfferingFacts) []Reason // what is wrong with what was filled in
	Apply  func(o *Offering, f OfferingFacts)
	Later  bool   // in the table, without a route and a button yet
	Effect string // for the documentation
}

// OfferingFacts is everything a move of an offering depends on.
type OfferingFacts struct {
	Actor    Actor
	Now      time.Time
	Proposal Proposal
	Speakers []Speaker // of the proposal, in order
	Tiers    []PriceTier
	Input    OfferingInput
	Expect   int // the version the person saw; 0: not said
}

// OfferingInput is what a person fills in for a move.
type OfferingInput struct {
	Reason    string
	StartsAt  *time.Time // reschedule
	Presented []string   // deliver: ids of the speakers who presented
}

// OfferingMoves is the whole life of a webinar on sale. The routes, the API's
// actions, the buttons, the documentation and the database's own check are read
// from it.
var OfferingMoves = []OfferingMove{
	{Action: PutOnSale, To: OfferingPlanned, By: []Who{ByStaff, ByAdmin}, Effect: "The accepted proposal’s content is carried over; nothing is public yet."},
	{
		Action: EditOffering, From: []OfferingStatus{OfferingPlanned, OfferingPublished, OfferingClosed, OfferingDelivered}, By: []Who{ByStaff, ByAdmin},
		Effect: "Texts, prices and seats change; its time while it is planned; after delivery only the recording and the contacts. Prices of orders that exist stay as they are.",
	},
	{
		Action: PublishOffering, From: []OfferingStatus{OfferingPlanned}, To: OfferingPublished, By: []Who{ByStaff, ByAdmin}, Guard: mayPublish,
		Apply: publishOffering, Effect: "Its page is public and seats are sold.",
	},
	{
		Action: CloseOffering, From: []OfferingStatus{OfferingPublished}, To: OfferingClosed, By: []Who{ByStaff, ByAdmin, ByClock},
		Effect: "No new seats are sold; orders that exist go on.",
	},
	{
		Action: RescheduleOffering, From: []OfferingStatus{OfferingPublished, OfferingClosed}, By: []Who{ByStaff, ByAdmin}, Input: needsNewStart,
		Apply: rescheduleOffering, Effect: "Seats move to the new time; calendar files change; seats may be given back until the new start.",
	},
	{
		Action: CancelOffering, From: []OfferingStatus{OfferingPlanned, OfferingPublished, OfferingClosed}, To: OfferingCancelled, By: []Who{ByStaff, ByAdmin}, Input: needsOfferingReason,
		Apply: cancelOffering, Effect: "Every order is cancelled; unpaid stipends are void.",
	},
	{
		Action: DeliverOffering, From: []OfferingStatus{OfferingPublished, OfferingClosed}, To: OfferingDelivered, By: []Who{ByStaff}, Guard: tookPlace, Input: presentersTicked,
		Apply: deliverOffering, Effect: "Who presented is ticked; stipends of the others are void; seats keep their links for the recording.",
	},
}

// OfferingActions are the actions on an offering that exists, in the table's order.
func OfferingActions() []OfferingAction {
	var all []OfferingAction
	for _, m := range OfferingMoves {
		if len(m.From) > 0 && !m.Later && !slices.Contains(all, m.Action) {
			all = append(all, m.Action)
		}
	}
	return all
}

// OfferingPassages are all legal changes of an offering's status; the database keeps the list.
func OfferingPassages() [][2]OfferingStatus {
	var all [][2]OfferingStatus
	for _, m := range OfferingMoves {
		for _, from := range m.From {
			if m.To != "" {
				all = append(all, [2]OfferingStatus{from, m.To})
			}
		}
	}
	return all
}

// Label is what the action's button says.
func (a OfferingAction) Label() string {
	return map[OfferingAction]string{
		PutOnSale: "Put on sale", EditOffering: "Edit the webinar", PublishOffering: "Publish", CloseOffering: "Close registration",
		RescheduleOffering: "Reschedule", CancelOffering: "Cancel the webinar", DeliverOffering: "Mark as delivered",
	}[a]
}

// Effect is what the table says the action does.
func (a OfferingAction) Effect() string {
	i := slices.IndexFunc(OfferingMoves, func(m OfferingMove) bool { return m.Action == a })
	return OfferingMoves[i].Effect
}

// MayPutOnSale gives every reason why a proposal cannot be put on sale now. One
// offering a proposal is held by a unique index as well.
func MayPutOnSale(p Proposal, f Facts, exists bool) []Reason {
	var why []Reason
	if !f.Actor.Has(Staff, Admin) {
		why = append(why, notYours([]Who{ByStaff, ByAdmin}))
	}
	if !f.Venue.Stipends || p.State != Accepted {
		why = append(why, Because("R9", "not_a_selected_webinar", "Only an accepted webinar is put on sale."))
	}
	if exists {
		why = append(why, OnSaleAlready())
	}
	return why
}

// OnSaleAlready is the refusal of a second offering of one proposal.
func OnSaleAlready() Reason {
	return Because("", "on_sale_already", "This webinar has a page for sale already.")
}

// Open lists every action for the actor asking; what only others may do is left out.
func (o Offering) Open(f OfferingFacts) []Allowed[OfferingAction] {
	var all []Allowed[OfferingAction]
	for _, a := range OfferingActions() {
		m, _ := o.move(a)
		if f.Actor.runs(m.By) {
			all = append(all, Allowed[OfferingAction]{a, o.Why(a, f)})
		}
	}
	return all
}

// Why gives every reason why the actor cannot make the move now, apart from what
// still has to be filled in; nil when it can be made.
func (o Offering) Why(a OfferingAction, f OfferingFacts) []Reason {
	m, here := o.move(a)
	var why []Reason
	if !f.Actor.runs(m.By) {
		why = append(why, notYours(m.By))
	}
	if f.Expect != 0 && f.Expect != o.Version {
		why = append(why, staleReason("webinar"))
	}
	if !here {
		return append(why, Because("", "not_from_here", "A webinar that is %s cannot be changed this way. Possible now: %s.", strings.ToLower(o.Status.Label()), o.possible()))
	}
	if m.Guard != nil {
		why = append(why, m.Guard(o, f)...)
	}
	return why
}

// Has tells whether the table has the action for its status.
func (o Offering) Has(a OfferingAction) bool {
	_, here := o.move(a)
	return here
}

func (o Offering) possible() string {
	var words []string
	for _, a := range OfferingActions() {
		if _, here := o.move(a); here {
			words = append(words, lowerFirst(a.Label()))
		}
	}
	if len(words) == 0 {
		return "nothing"
	}
	return OrList(words)
}

// Do makes the move. Forbidden for the wrong person, Stale for an old version,
// Conflict when the status or a rule says no, Invalid for what was filled in:
// always with every reason.
func (o *Offering) Do(a OfferingAction, f OfferingFacts) error {
	why := o.Why(a, f)
	m, here := o.move(a)
	if here && m.Input != nil {
		why = append(why, m.Input(*o, f)...)
	}
	if len(why) > 0 {
		return Refuse(why...)
	}
	if m.To != "" {
		o.Status = m.To
	}
	if m.Apply != nil {
		m.Apply(o, f)
	}
	o.UpdatedAt = f.Now
	o.Version++
	return nil
}

// move finds the row for the action; when the status has none, a row of the same
// action says who may make it elsewhere.
func (o Offering) move(a OfferingAction) (OfferingMove, bool) {
	var other OfferingMove
	for _, m := range OfferingMoves {
		if m.Action != a {
			continue
		}
		if slices.Contains(m.From, o.Status) {
			return m, true
		}
		other = m
	}
	return other, false
}

// runs tells whether the actor is one of those who run webinars.
func (a Actor) runs(parties []Who) bool {
	return slices.ContainsFunc(parties, func(w Who) bool {
		return w == ByStaff && a.Has(Staff) || w == ByAdmin && a.Has(Admin) || w == ByClock && a.Clock
	})
}

func missing(pointer, what, detail string, args ...any) Reason {
	return Reason{Kind: Conflict, Code: what + "_missing", Pointer: pointer, Detail: fmt.Sprintf(detail, args...)}
}

// mayPublish lists everything that is missing before a webinar goes on sale.
func mayPublish(o Offering, f OfferingFacts) []Reason {
	var why []Reason
	need := func(there bool, pointer, what, detail string) {
		if !there {
			why = append(why, missing(pointer, what, "%s", detail))
		}
	}
	need(o.StartsAt != nil, "/starts_at", "date", "Set the day and time.")
	if o.StartsAt != nil && !f.Now.Before(*o.StartsAt) {
		why = append(why, Because("", "date_over", "Its day has passed. Set a new one."))
	}
	need(o.Zone != "", "/zone", "zone", "Set the time zone.")
	if blank(o.Captions) {
		r := missing("/captions", "captions", "Say how captions are given. A webinar without captions does not go on sale.")
		r.Rule = "R43"
		why = append(why, r)
	}
	need(o.Capacity > 0, "/capacity", "capacity", "Set how many seats there are.")
	why = append(why, missingPrices(f.Tiers, o.MaxSelfServe)...)
	need(!blank(o.Description), "/description", "description", "Write the description.")
	need(!blank(o.AccessContact), "/access_contact", "access_contact", "Say whom to ask for access arrangements.")
	need(slices.ContainsFunc(f.Speakers, confirmedSpeaker), "/presenters", "confirmed_speaker", "At least one speaker has to have confirmed.")
	if slices.ContainsFunc(Active(f.Speakers), func(s Speaker) bool { return s.Name == "" && s.Answer != DeclinedTo }) {
		why = append(why, missing("/presenters", "speaker_name", "A speaker is still to be named."))
	}
	if f.Proposal.State != Accepted {
		why = append(why, Because("R9", "not_a_selected_webinar", "Its proposal is no longer accepted."))
	}
	return why
}

func confirmedSpeaker(s Speaker) bool {
	return s.ReplacedBy == "" && s.Role == Speaks && s.Answer == Confirmed
}

func publishOffering(o *Offering, f OfferingFacts) {
	now := f.Now
	o.PublishedAt, o.Sequence = &now, 1
}

func needsNewStart(o Offering, f OfferingFacts) []Reason {
	why := textNeeded("/reason", f.Input.Reason, 1, "Say why, for those who have a seat.")
	at := f.Input.StartsAt
	switch {
	case at == nil || !at.After(f.Now):
		why = append(why, Wrong("/starts_at", "required", "Give a day and time that is still to come."))
	case o.StartsAt != nil && at.Equal(*o.StartsAt):
		why = append(why, Wrong("/starts_at", "no_change", "That is the time it has already."))
	}
	return why
}

// rescheduleOffering moves the start; an end of sales that was set moves with it.
func rescheduleOffering(o *Offering, f OfferingFacts) {
	now := f.Now
	if o.SalesCloseAt != nil && o.StartsAt != nil {
		moved := o.SalesCloseAt.Add(f.Input.StartsAt.Sub(*o.StartsAt))
		o.SalesCloseAt = &moved
	}
	o.StartsAt, o.RescheduledAt, o.Reason = f.Input.StartsAt, &now, f.Input.Reason
	o.Sequence++
}

func needsOfferingReason(_ Offering, f OfferingFacts) []Reason {
	return textNeeded("/reason", f.Input.Reason, 1, "Say why.")
}

func cancelOffering(o *Offering, f OfferingFacts) {
	o.Reason = f.Input.Reason
	o.Sequence++
}

func tookPlace(o Offering, f OfferingFacts) []Reason {
	if o.StartsAt != nil && f.Now.Before(*o.StartsAt) {
		return []Reason{Because("", "not_yet", "It has not taken place yet. It starts %s.", LongTime(*o.StartsAt, o.Zone))}
	}
	return nil
}

func presentersTicked(_ Offering, f OfferingFacts) []Reason {
	if len(f.Input.Presented) == 0 {
		return []Reason{Wrong("/presented", "required", "Tick who presented.")}
	}
	for _, id := range f.Input.Presented {
		if _, found := findSpeaker(id, f.Speakers); !found {
			return []Reason{Wrong("/presented", "unknown_speaker", "Choose among the speakers of this webinar.")}
		}
	}
	return nil
}

func deliverOffering(o *Offering, f OfferingFacts) {
	now := f.Now
	o.DeliveredAt = &now
}
