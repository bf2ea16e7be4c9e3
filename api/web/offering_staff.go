package web

import (
	"fmt"
	"time"

	"lectern/domain"
)

// StaffOfferingsPage lists all webinars, planned ones too.
type StaffOfferingsPage struct {
	Page
	Tabs []NavLink
	Rows []StaffOfferingRow
	Next string // address of the next page; empty: this is the last
	Zone string
}

// StaffOfferingRow is a webinar in staff's list.
type StaffOfferingRow struct {
	domain.Offering
	Ref string // of its proposal; empty: not known here
}

// StaffOfferingPage is a webinar for those who run it.
type StaffOfferingPage struct {
	Page
	domain.Offering
	Tiers    []domain.PriceTier
	Ref      string          // of its proposal
	Missing  []domain.Reason // before it can be published; nil: nothing, or it is published
	Moves    []LifeMove
	Refused  []LifeRefusal
	Requests []AccessLine // for access arrangements
	Now      time.Time
}

// AccessLine is a request for access arrangements, as its coordinator reads it.
type AccessLine struct {
	ID, Name, Email, Text string
	MadeAt                time.Time
	DoneAt                *time.Time
	DoneBy                string
}

// StaffOfferingHref is the address of staff's page of a webinar.
func StaffOfferingHref(o domain.Offering) string { return "/staff/offerings/" + o.Slug }

// leftWords is how many seats are left, after how many are taken; empty without a limit.
func leftWords(o domain.Offering) string {
	if o.Capacity >= domain.Unlimited {
		return ""
	}
	return ", " + itoa(o.Left()) + " left"
}

// SeatsWords is how many seats of a webinar are taken: 212 of 500.
func SeatsWords(o domain.Offering) string {
	if o.Capacity >= domain.Unlimited {
		return fmt.Sprintf("%d, without a limit", o.Taken)
	}
	return fmt.Sprintf("%d of %d", o.Taken, o.Capacity)
}

// EditField is where the edit page has the field that a reason points at.
func EditField(o domain.Offering, r domain.Reason) string {
	if r.Pointer == "/presenters" || r.Pointer == "" {
		return ""
	}
	return StaffOfferingHref(o) + "/edit#" + domain.Anchor(editAnchor(r.Pointer))
}

func editAnchor(pointer string) string {
	if pointer == "/starts_at" {
		return "/date"
	}
	return pointer
}

type offeringMoveLook struct {
	icon, note string
	danger     bool
}

var offeringMoveLooks = map[domain.OfferingAction]offeringMoveLook{
	domain.EditOffering:       {"pencil", "Texts, prices, seats, links and contacts.", false},
	domain.PublishOffering:    {"calendar-event", "Its page is public, and seats are sold.", false},
	domain.CloseOffering:      {"lock", "No new seats are sold; orders that exist go on.", false},
	domain.RescheduleOffering: {"refresh", "Needs the new time and a reason. Seats move along.", false},
	domain.CancelOffering:     {"circle-x", "Needs a reason. Unpaid stipends are void.", true},
	domain.DeliverOffering:    {"video", "Tick who presented.", false},
}

// OfferingMoves are the buttons of the moves that are open, and the moves that
// are not, with every reason. Those that the webinar's status does not have are
// left out, but for those that everybody looks for.
func OfferingMoves(o domain.Offering, all []domain.Allowed[domain.OfferingAction]) ([]LifeMove, []LifeRefusal) {
	var moves []LifeMove
	var refused []LifeRefusal
	for _, a := range all {
		look := offeringMoveLooks[a.Action]
		if len(a.Reasons) > 0 {
			refused = append(refused, LifeRefusal{Label: a.Action.Label(), Reasons: a.Reasons})
			continue
		}
		moves = append(moves, LifeMove{Label: a.Action.Label(), Icon: look.icon, Note: look.note, Danger: look.danger, Href: StaffOfferingHref(o) + "/" + string(a.Action)})
	}
	for i := range moves {
		if want := nextOfferingMove(o.Status); moves[i].Label == want.Label() {
			moves[i].Primary = true
			return moves, refused
		}
	}
	if len(moves) > 0 {
		moves[0].Primary = true
	}
	return moves, refused
}

// nextOfferingMove is what is most likely to be done next.
func nextOfferingMove(s domain.OfferingStatus) domain.OfferingAction {
	switch s {
	case domain.OfferingPlanned:
		return domain.PublishOffering
	case domain.OfferingPublished, domain.OfferingClosed:
		return domain.DeliverOffering
	}
	return ""
}

// OfferingMovePage asks for what a move needs, or to confirm it.
type OfferingMovePage struct {
	Page
	domain.Offering
	Action   domain.OfferingAction
	Effect   string // what the table says it does
	Reasons  []domain.Reason
	Date     Control // reschedule
	Clock    Control
	Reason   Control          // reschedule, cancel
	Speakers []domain.Speaker // deliver
	Ticked   map[string]bool
}

func (p OfferingMovePage) look() offeringMoveLook { return offeringMoveLooks[p.Action] }

func (p OfferingMovePage) needsReason() bool {
	return p.Action == domain.CancelOffering || p.Action == domain.RescheduleOffering
}

// OfferingEditPage is the form of everything staff set on a webinar.
type OfferingEditPage struct {
	Page
	domain.Offering
	Parts   []EditPart
	Prices  []PriceLine
	POs     bool // purchase orders are taken
	PONeeds bool // and need their number
	Reasons []domain.Reason
	Again   bool // names and titles are to be taken from the proposal again
}

// over tells whether the webinar took place: little can change then.
func (p OfferingEditPage) over() bool { return p.Status == domain.OfferingDelivered }

// EditPart is a group of fields under a heading.
type EditPart struct {
	Title    string
	Note     string
	Controls []Control
}

// PriceLine is one line of the price table's form, as typed.
type PriceLine struct {
	Class, Label, Min, Max, Dollars string
}

func (p OfferingEditPage) priceErrors(i int) []string {
	var all []string
	for _, r := range p.Reasons {
		if head := fmt.Sprintf("/prices/%d/", i); len(r.Pointer) > len(head) && r.Pointer[:len(head)] == head {
			all = append(all, r.Detail)
		}
	}
	return all
}

// rows puts short controls that follow one another into one row.
func (p EditPart) rows() [][]Control {
	var rows [][]Control
	for _, c := range p.Controls {
		short := c.Class == "w-s" || c.Class == "w-m"
		last := len(rows) - 1
		if short && last >= 0 && (rows[last][0].Class == "w-s" || rows[last][0].Class == "w-m") {
			rows[last] = append(rows[last], c)
			continue
		}
		rows = append(rows, []Control{c})
	}
	return rows
}
