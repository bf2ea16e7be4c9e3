package domain

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// SeatState is where a seat stands.
type SeatState string

// The states of a seat.
const (
	SeatOpen      SeatState = "open"     // bought, and nobody's yet
	SeatInvited   SeatState = "invited"  // named, the link is out
	SeatAssigned  SeatState = "assigned" // the holder said yes, or the day is near
	SeatAttended  SeatState = "attended"
	SeatCancelled SeatState = "cancelled"
)

// SeatStates are all states of a seat.
func SeatStates() []SeatState {
	return []SeatState{SeatOpen, SeatInvited, SeatAssigned, SeatAttended, SeatCancelled}
}

// Live tells whether the seat is one of those that its order bought.
func (s SeatState) Live() bool { return s != SeatCancelled }

// Label is the state in a librarian's words.
func (s SeatState) Label() string {
	return map[SeatState]string{
		SeatOpen: "Not named", SeatInvited: "Link sent", SeatAssigned: "Confirmed", SeatAttended: "Attended", SeatCancelled: "Cancelled",
	}[s]
}

// Seat is one bought seat of a webinar.
type Seat struct {
	ID         string
	Version    int
	OrderID    string
	OfferingID string
	Seq        int // 1, 2, … of its order
	State      SeatState
	Name       string
	Email      string
	EmailKey   string // folded; one live seat of a webinar for each
	LinkSerial int    // the generation: raised, older links end
	NamedAt    *time.Time
	JoinedAt   *time.Time
	ErasedAt   *time.Time // the holder asked to be forgotten (X26)
	UpdatedAt  time.Time
}

// SeatAction is a move of a seat.
type SeatAction string

// The actions on seats.
const (
	NameSeat     SeatAction = "name"
	ClaimSeat    SeatAction = "claim"
	ConfirmSeat  SeatAction = "confirm"
	ReassignSeat SeatAction = "reassign"
	AttendSeat   SeatAction = "attend"
	EraseSeat    SeatAction = "erase"
	CancelSeat   SeatAction = "cancel"
)

// SeatMove is one row of a seat's life.
type SeatMove struct {
	Action SeatAction
	From   []SeatState
	To     SeatState // empty: the same
	By     []Who
	Guard  func(s Seat, f OrderFacts) []Reason
	Later  bool
}

// SeatMoves is the whole life of a seat, from confirmation to the webinar.
var SeatMoves = []SeatMove{
	{Action: NameSeat, From: []SeatState{SeatOpen}, To: SeatInvited, By: []Who{ByBuyer, ByStaff}},
	{Action: ClaimSeat, From: []SeatState{SeatOpen, SeatInvited}, To: SeatAssigned, By: []Who{ByCode}},
	{Action: ConfirmSeat, From: []SeatState{SeatInvited}, To: SeatAssigned, By: []Who{BySeatHolder, ByClock}},
	{Action: ReassignSeat, From: []SeatState{SeatInvited, SeatAssigned}, To: SeatInvited, By: []Who{ByBuyer, ByStaff}, Guard: mayReassign},
	{Action: AttendSeat, From: []SeatState{SeatInvited, SeatAssigned}, To: SeatAttended, By: []Who{ByStaff, ByClock}, Later: true},
	{Action: EraseSeat, From: []SeatState{SeatInvited, SeatAssigned, SeatAttended, SeatCancelled}, By: []Who{ByStaff, ByClock}, Guard: mayErase},
	{Action: CancelSeat, From: []SeatState{SeatOpen, SeatInvited, SeatAssigned}, To: SeatCancelled, By: []Who{ByBuyer, ByStaff, ByClock}},
}

// SeatPassages are all legal changes of a seat's state; the database keeps the list.
func SeatPassages() [][2]SeatState {
	var all [][2]SeatState
	for _, m := range SeatMoves {
		for _, from := range m.From {
			if m.To != "" && m.To != from {
				all = append(all, [2]SeatState{from, m.To})
			}
		}
	}
	return all
}

func mayReassign(s Seat, f OrderFacts) []Reason {
	if f.Actor.Has(Staff, Admin) {
		return nil
	}
	if s.JoinedAt != nil {
		return []Reason{Because("", "has_joined", "%s has joined with this seat. Write to us to change it.", s.Name)}
	}
	if f.Offering.StartsAt != nil && !f.Now.Before(*f.Offering.StartsAt) {
		return []Reason{Because("", "has_started", "The webinar has started. Write to us to change who sits here.")}
	}
	return nil
}

func mayErase(s Seat, _ OrderFacts) []Reason {
	if s.ErasedAt != nil {
		return []Reason{Because("", "erased", "Name and address were removed before.")}
	}
	return nil
}

// SeatPerson is who sits on a seat.
type SeatPerson struct {
	Name  string
	Email string
}

// Check names what is wrong with a person for a seat.
func (p SeatPerson) Check() []Reason {
	if blank(p.Email) {
		return []Reason{Wrong("/email", "required", "The email address is missing.")}
	}
	name := p.Name
	if blank(name) {
		name = p.Email // a name can be written later
	}
	why := Person{Name: name, Email: p.Email}.Check()
	for i, r := range why {
		if r.Code == "not_an_address" && !strings.Contains(p.Email, "@") {
			why[i].Detail = "The email address needs an @ sign."
		}
	}
	return why
}

// Why gives every reason why the actor cannot make the move of the seat now.
func (s Seat) Why(a SeatAction, o Order, f OrderFacts) []Reason {
	m, here := s.seatMove(a)
	var why []Reason
	if !f.Actor.isParty(m.By, o) && !f.Actor.holds(m.By, s) {
		why = append(why, notYours(m.By))
	}
	if !here {
		return append(why, Because("", "not_from_here", "Seat %d is %s and cannot be changed this way. Possible now: %s.", s.Seq, seatWords[s.State], s.possible(o, f)))
	}
	if m.Guard != nil {
		why = append(why, m.Guard(s, f)...)
	}
	return why
}

// seatWords are the states in the middle of a sentence.
var seatWords = map[SeatState]string{
	SeatOpen: "nobody’s yet", SeatInvited: "given to somebody", SeatAssigned: "confirmed", SeatAttended: "attended", SeatCancelled: "cancelled",
}

// possible names, in words, what the actor's table has for the seat's state. A seat
// is cancelled with its order only.
func (s Seat) possible(o Order, f OrderFacts) string {
	labels := map[SeatAction]string{NameSeat: "name who sits here", ClaimSeat: "claim it", ConfirmSeat: "confirm it", ReassignSeat: "give it to somebody else", EraseSeat: "remove the name"}
	var words []string
	for _, m := range SeatMoves {
		label, routed := labels[m.Action]
		if routed && !m.Later && slices.Contains(m.From, s.State) && (f.Actor.isParty(m.By, o) || f.Actor.holds(m.By, s)) {
			words = append(words, label)
		}
	}
	if len(words) == 0 {
		return "nothing"
	}
	return OrList(words)
}

// holds tells whether the actor came by the seat's link, or the order's code.
func (a Actor) holds(parties []Who, s Seat) bool {
	return slices.Contains(parties, BySeatHolder) && a.SeatID != "" && a.SeatID == s.ID ||
		slices.Contains(parties, ByCode) && a.CodeFor != "" && a.CodeFor == s.OrderID
}

// Do makes the move; p is who sits there from now on, for name, claim and reassign.
func (s *Seat) Do(a SeatAction, p SeatPerson, o Order, f OrderFacts) error {
	if why := s.Why(a, o, f); len(why) > 0 {
		return Refuse(why...)
	}
	m, _ := s.seatMove(a)
	if m.To != "" {
		s.State = m.To
	}
	switch a {
	case NameSeat, ClaimSeat, ReassignSeat:
		s.sit(p, f.Now)
	case EraseSeat:
		now := f.Now
		s.Name, s.Email, s.EmailKey, s.ErasedAt = "", "", "", &now
		s.LinkSerial++
	case CancelSeat:
		s.LinkSerial++
	}
	s.UpdatedAt = f.Now
	s.Version++
	return nil
}

// sit puts a person on the seat. Somebody else's older links end.
func (s *Seat) sit(p SeatPerson, now time.Time) {
	if key := FoldEmail(p.Email); s.EmailKey != key {
		s.LinkSerial++
		s.EmailKey = key
	}
	s.Name, s.Email, s.NamedAt, s.ErasedAt = strings.TrimSpace(p.Name), strings.TrimSpace(p.Email), &now, nil
}

func (s Seat) seatMove(a SeatAction) (SeatMove, bool) {
	var other SeatMove
	for _, m := range SeatMoves {
		if m.Action != a || m.Later {
			continue
		}
		if slices.Contains(m.From, s.State) {
			return m, true
		}
		other = m
	}
	return other, false
}

// NewSeats are the seats of an order at its confirmation.
func NewSeats(o Order, newID func() string, now time.Time) []Seat {
	all := make([]Seat, o.Seats)
	for i := range all {
		all[i] = Seat{ID: newID(), Version: 1, OrderID: o.ID, OfferingID: o.OfferingID, Seq: i + 1, State: SeatOpen, LinkSerial: 1, UpdatedAt: now}
	}
	return all
}

// Line is who sits there, for lists: name, or address when there is no name.
func (s Seat) Line() string {
	switch {
	case s.ErasedAt != nil:
		return "Removed on request"
	case s.Name != "":
		return s.Name
	}
	return s.Email
}

// PastedLine is one line of a pasted list of people.
type PastedLine struct {
	Line   int // 1 is the first
	Text   string
	Person SeatPerson
	Why    string // why it is not saved; empty: it can be
}

// ReadPeople reads a pasted list: one person a line, as "name, address",
// "name <address>" or an address alone. Empty lines are left out and counted.
func ReadPeople(pasted string) []PastedLine {
	var all []PastedLine
	for i, text := range strings.Split(strings.ReplaceAll(pasted, "\r\n", "\n"), "\n") {
		if blank(text) {
			continue
		}
		l := PastedLine{Line: i + 1, Text: strings.TrimSpace(text), Person: readPerson(text)}
		if why := l.Person.Check(); len(why) > 0 {
			l.Why = why[0].Detail
		}
		all = append(all, l)
	}
	return all
}

func readPerson(text string) SeatPerson {
	text = strings.TrimSpace(text)
	if name, rest, ok := strings.Cut(text, "<"); ok {
		return SeatPerson{Name: strings.Trim(name, " \t,\""), Email: strings.Trim(rest, " \t<>")}
	}
	cut := strings.LastIndexAny(text, ",;\t")
	if cut < 0 {
		if i := strings.LastIndexAny(text, " "); i > 0 && strings.Contains(text[i:], "@") {
			return SeatPerson{Name: strings.TrimSpace(text[:i]), Email: strings.TrimSpace(text[i:])}
		}
		if !strings.Contains(text, "@") {
			return SeatPerson{Name: text}
		}
		return SeatPerson{Email: text}
	}
	return SeatPerson{Name: strings.Trim(text[:cut], " \t,;\""), Email: strings.TrimSpace(text[cut+1:])}
}

// Seated is an address that has a live seat of the webinar.
type Seated struct {
	OrderID string
	Seq     int
	Key     string
}

// PlaceLines finds an open seat for each line that can have one, in the seats'
// order, and says of the others why not. Nothing is told about other orders but
// that the address has a seat.
func PlaceLines(lines []PastedLine, o Order, seats []Seat, taken []Seated) (placed map[int]SeatPerson, all []PastedLine) {
	placed, by := map[int]SeatPerson{}, map[string]string{}
	for _, t := range taken {
		by[t.Key] = "this address already has a seat of this webinar"
		if t.OrderID == o.ID {
			by[t.Key] = fmt.Sprintf("this address already has seat %d", t.Seq)
		}
	}
	open := slices.DeleteFunc(slices.Clone(seats), func(s Seat) bool { return s.State != SeatOpen })
	for _, l := range lines {
		key := FoldEmail(l.Person.Email)
		switch {
		case l.Why != "":
		case by[key] != "":
			l.Why = capital(by[key]) + ". Use another address, or delete the line."
		case len(open) == 0:
			l.Why = "There is no free seat left for this line."
		default:
			placed[open[0].Seq], by[key] = l.Person, fmt.Sprintf("this address already has seat %d", open[0].Seq)
			open = open[1:]
		}
		all = append(all, l)
	}
	return placed, all
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
