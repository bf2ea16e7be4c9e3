package workflows

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"lectern/domain"
	"lectern/internal/store"
)

// Pasted is what became of a pasted list of people.
type Pasted struct {
	OrderView
	Saved int
	Kept  []domain.PastedLine // lines that were not saved, each with its reason
}

// PasteSeats puts the people of a pasted list on the order's open seats and sends
// each their link. Good lines are saved, whatever the others are. Conflict while
// the order is not confirmed.
func (w Orders) PasteSeats(ctx context.Context, who domain.Actor, ref string, version int, list string) (Pasted, error) {
	p, err := w.pasteOnce(ctx, who, ref, version, list)
	if domain.HasCode(err, "seat_taken") { // somebody got there between the look and the write
		return w.pasteOnce(ctx, who, ref, version, list)
	}
	return p, err
}

func (w Orders) pasteOnce(ctx context.Context, who domain.Actor, ref string, version int, list string) (Pasted, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (Pasted, error) {
		o, f, documents, err := w.seatFacts(tx, who, ref, version)
		if err != nil {
			return Pasted{}, err
		}
		lines := domain.ReadPeople(list)
		taken, err := tx.Seated(o.OfferingID, keysOf(lines))
		if err != nil {
			return Pasted{}, err
		}
		placed, judged := domain.PlaceLines(lines, o, f.Seats, taken)
		for i := range f.Seats {
			if p, chosen := placed[f.Seats[i].Seq]; chosen {
				if err := w.moveSeat(tx, &f.Seats[i], domain.NameSeat, p, o, f); err != nil {
					return Pasted{}, err
				}
			}
		}
		kept := slices.DeleteFunc(judged, func(l domain.PastedLine) bool { return l.Why == "" })
		return Pasted{OrderView: w.orderView(o, f, documents), Saved: len(placed), Kept: kept}, nil
	})
}

func keysOf(lines []domain.PastedLine) []string {
	var keys []string
	for _, l := range lines {
		if l.Why == "" {
			keys = append(keys, domain.FoldEmail(l.Person.Email))
		}
	}
	return keys
}

// seatFacts holds a confirmed order, for a change of its seats.
func (w Orders) seatFacts(tx *store.Tx, who domain.Actor, ref string, version int) (domain.Order, domain.OrderFacts, []domain.Document, error) {
	o, err := tx.Order(who, ref)
	if err != nil {
		return o, domain.OrderFacts{}, nil, err
	}
	f, documents, err := w.orderFacts(tx, who, o)
	if err != nil {
		return o, f, nil, err
	}
	if version != 0 && version != o.Version {
		return o, f, nil, domain.StaleVersion("order")
	}
	if !who.SeesSeats(o) && !who.Clock && who.CodeFor != o.ID {
		return o, f, nil, domain.NotAllowed("not_your_move", "Only the buyer or association staff name the people on seats.")
	}
	if o.State != domain.OrderConfirmed {
		return o, f, nil, domain.Refuse(domain.Because("", "no_seats_yet", "People can be named once the order is confirmed. This one is %s.", strings.ToLower(o.State.Label())))
	}
	return o, f, documents, nil
}

// moveSeat makes a move of one seat, tells whom it concerns, and keeps it.
func (w Orders) moveSeat(tx *store.Tx, s *domain.Seat, a domain.SeatAction, p domain.SeatPerson, o domain.Order, f domain.OrderFacts) error {
	before := *s
	if err := s.Do(a, p, o, f); err != nil {
		return err
	}
	if err := tx.ChangeSeat(*s); err != nil {
		return err
	}
	if before.EmailKey != "" && before.EmailKey != s.EmailKey && a == domain.ReassignSeat {
		if err := w.tellSeatEnded(tx, before, f, "The library gave it to somebody else."); err != nil {
			return err
		}
	}
	if a == domain.EraseSeat {
		if err := w.forget(tx, before); err != nil {
			return err
		}
	}
	if s.Email != "" && before.EmailKey != s.EmailKey {
		if err := w.tellInvited(tx, *s, o, f); err != nil {
			return err
		}
	}
	return w.auditSeat(tx, *s, o, f, a)
}

func (w Orders) auditSeat(tx *store.Tx, s domain.Seat, o domain.Order, f domain.OrderFacts, a domain.SeatAction) error {
	name := f.Actor.Name
	if name == "" {
		name = map[bool]string{true: "The buyer", false: "The seat’s holder"}[f.Actor.BuyerOf(o)]
	}
	return tx.Audit(store.AuditLine{ // never whose seat it is: the audit outlives the seat's name
		ID: w.NewID(), At: f.Now, ActorID: f.Actor.ID, ActorName: name, Action: string(a), Noun: "seat", SubjectID: s.ID,
		Detail: fmt.Sprintf("%s, seat %d", o.Number, s.Seq),
	})
}

// SeatChange is who sits on a seat from now on.
type SeatChange struct {
	Version int // of the seat; 0: not said
	domain.SeatPerson
}

// ChangeSeat names somebody for an open seat, or gives a seat to somebody else:
// the old holder is told and their link ends. Conflict when the address has a seat.
func (w Orders) ChangeSeat(ctx context.Context, who domain.Actor, seatID string, in SeatChange) (OrderView, error) {
	if why := in.Check(); len(why) > 0 {
		return OrderView{}, domain.Refuse(why...)
	}
	return w.onSeat(ctx, who, seatID, in.Version, func(tx *store.Tx, s *domain.Seat, o domain.Order, f domain.OrderFacts) error {
		if s.State != domain.SeatOpen && s.EmailKey == domain.FoldEmail(in.Email) && s.Name == in.Name {
			return nil // nothing changes, nobody needs a mail
		}
		action := domain.ReassignSeat
		if s.State == domain.SeatOpen {
			action = domain.NameSeat
		}
		if err := w.free(tx, o, *s, in.Email); err != nil {
			return err
		}
		return w.moveSeat(tx, s, action, in.SeatPerson, o, f)
	})
}

// free refuses an address that sits on another seat of the webinar.
func (w Orders) free(tx *store.Tx, o domain.Order, s domain.Seat, email string) error {
	taken, err := tx.Seated(o.OfferingID, []string{domain.FoldEmail(email)})
	if err != nil {
		return err
	}
	for _, t := range taken {
		if t.OrderID != o.ID {
			return domain.Refuse(store.SeatTaken())
		}
		if t.Seq != s.Seq {
			r := store.SeatTaken()
			r.Detail = fmt.Sprintf("This address already has seat %d.", t.Seq)
			return domain.Refuse(r)
		}
	}
	return nil
}

// EraseSeat removes name and address of a seat's holder who asks for it (X26).
// The seat stays bought, and what was paid for it stays in the ledger.
func (w Orders) EraseSeat(ctx context.Context, who domain.Actor, seatID string) (OrderView, error) {
	return w.onSeat(ctx, who, seatID, 0, func(tx *store.Tx, s *domain.Seat, o domain.Order, f domain.OrderFacts) error {
		return w.moveSeat(tx, s, domain.EraseSeat, domain.SeatPerson{}, o, f)
	})
}

// forget takes a person's name and address out of the mails about their seat;
// those that were not sent die.
func (w Orders) forget(tx *store.Tx, s domain.Seat) error {
	if err := tx.SupersedeAll([]string{s.ID, s.ID + "/ended"}); err != nil {
		return err
	}
	return tx.EraseMails([]string{s.ID, s.ID + "/ended"})
}

// onSeat does something with a seat of an order that is held.
func (w Orders) onSeat(ctx context.Context, who domain.Actor, seatID string, version int, do func(*store.Tx, *domain.Seat, domain.Order, domain.OrderFacts) error) (OrderView, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (OrderView, error) {
		s, err := tx.Seat(seatID)
		if err != nil {
			return OrderView{}, err
		}
		o, f, documents, err := w.seatFacts(tx, who, s.OrderID, 0)
		if err != nil {
			return OrderView{}, wrongNoun(err, "seat")
		}
		i := slices.IndexFunc(f.Seats, func(x domain.Seat) bool { return x.ID == seatID }) // as it is now that the order is held
		if version != 0 && f.Seats[i].Version != version {
			return OrderView{}, domain.StaleVersion("seat")
		}
		if err := do(tx, &f.Seats[i], o, f); err != nil {
			return OrderView{}, err
		}
		return w.orderView(o, f, documents), nil
	})
}

// ClaimSeat puts a colleague on a free seat by the order's claim code. An address
// that was invited already confirms that seat. NotFound for any other code.
func (w Orders) ClaimSeat(ctx context.Context, code string, p domain.SeatPerson) (SeatView, error) {
	why := p.Check()
	if p.Name == "" {
		why = append(why, domain.Wrong("/name", "required", "Write your name."))
	}
	if len(why) > 0 {
		return SeatView{}, domain.Refuse(why...)
	}
	return store.Write(ctx, w.Store, func(tx *store.Tx) (SeatView, error) {
		o, who, err := w.claimed(tx, code)
		if err != nil {
			return SeatView{}, err
		}
		o, f, _, err := w.seatFacts(tx, who, o.ID, 0)
		if err != nil {
			return SeatView{}, err
		}
		s, err := w.seatToClaim(tx, p, o, f)
		if err != nil {
			return SeatView{}, err
		}
		if err := w.moveSeat(tx, &s, domain.ClaimSeat, p, o, f); err != nil {
			return SeatView{}, err
		}
		return w.seatView(s, o, f), nil
	})
}

func (w Orders) seatToClaim(tx *store.Tx, p domain.SeatPerson, o domain.Order, f domain.OrderFacts) (domain.Seat, error) {
	key := domain.FoldEmail(p.Email)
	for _, s := range f.Seats {
		if s.EmailKey == key && s.State == domain.SeatInvited {
			return s, nil
		}
	}
	for _, s := range f.Seats {
		if s.State == domain.SeatOpen {
			return s, w.free(tx, o, s, p.Email)
		}
	}
	return domain.Seat{}, domain.Refuse(domain.Because("", "no_free_seat", "All seats of this order have somebody on them. Ask whoever sent you the link."))
}

// ClaimPage is what the page of a claim code shows: the order, and how many seats are free.
func (w Orders) ClaimPage(ctx context.Context, code string) (OrderView, int, error) {
	free := 0
	v, err := store.Read(ctx, w.Store, func(tx *store.Tx) (OrderView, error) {
		o, who, err := w.claimed(tx, code)
		if err != nil {
			return OrderView{}, err
		}
		f, _, err := w.orderFacts(tx, who, o)
		for _, s := range f.Seats {
			if s.State == domain.SeatOpen {
				free++
			}
		}
		f.Seats = nil
		return OrderView{Order: o, Facts: f}, err
	})
	return v, free, err
}

// claimed finds the order of a claim code, and the actor that the code makes.
func (w Orders) claimed(tx *store.Tx, code string) (domain.Order, domain.Actor, error) {
	number, ok := w.Links.ClaimNumber(code)
	if !ok {
		return domain.Order{}, domain.Actor{}, domain.NotThere("code")
	}
	o, err := tx.LookAtOrder(domain.TheClock(w.Now()), number)
	if err != nil || !w.Links.Claims(code, o) || o.State != domain.OrderConfirmed {
		return domain.Order{}, domain.Actor{}, domain.NotThere("code")
	}
	return o, domain.Actor{CodeFor: o.ID}, nil
}

// SeatView is what a seat's holder sees.
type SeatView struct {
	domain.Seat
	Order    domain.Order
	Offering domain.Offering
	Token    string
}

func (w Orders) seatView(s domain.Seat, o domain.Order, f domain.OrderFacts) SeatView {
	return SeatView{Seat: s, Order: o, Offering: f.Offering, Token: w.Links.SeatToken(s.ID, s.LinkSerial)}
}

// OpenSeat finds the seat behind a link. NotFound when we did not make the token;
// Gone when the seat was given to somebody else or its order ended.
func (w Orders) OpenSeat(ctx context.Context, token string) (SeatView, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (SeatView, error) {
		s, o, f, err := w.seatBehind(tx, token)
		return w.seatView(s, o, f), err
	})
}

func (w Orders) seatBehind(tx *store.Tx, token string) (domain.Seat, domain.Order, domain.OrderFacts, error) {
	none := domain.OrderFacts{}
	id, serial, ok := w.Links.SeatID(token)
	if !ok {
		return domain.Seat{}, domain.Order{}, none, domain.NotThere("link")
	}
	s, err := tx.Seat(id)
	if err != nil {
		return s, domain.Order{}, none, wrongNoun(err, "link")
	}
	if s.LinkSerial != serial || !s.State.Live() {
		return s, domain.Order{}, none, linkEnded("The seat was given to somebody else, or its order was cancelled. Ask the library that sent you the link.")
	}
	o, err := tx.LookAtOrder(domain.TheClock(w.Now()), s.OrderID)
	if err != nil {
		return s, o, none, err
	}
	f := domain.OrderFacts{Actor: domain.Actor{SeatID: s.ID, Name: s.Name}, Now: w.Now(), Terms: domain.DefaultSaleTerms()}
	f.Offering, err = tx.SeeOffering(domain.TheClock(f.Now), s.OfferingID)
	return s, o, f, err
}

// ConfirmSeat keeps that a seat's holder will come. Confirming twice changes nothing.
func (w Orders) ConfirmSeat(ctx context.Context, token string) (SeatView, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (SeatView, error) {
		s, o, f, err := w.seatBehind(tx, token)
		if err != nil || s.State == domain.SeatAssigned || s.State == domain.SeatAttended {
			return w.seatView(s, o, f), err
		}
		err = w.moveSeat(tx, &s, domain.ConfirmSeat, domain.SeatPerson{}, o, f)
		return w.seatView(s, o, f), err
	})
}

// JoinSeat gives a seat's holder the address of the webinar and notes that they
// went there; afterwards, that of the recording. Conflict when it is neither time.
func (w Orders) JoinSeat(ctx context.Context, token string) (string, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (string, error) {
		s, _, f, err := w.seatBehind(tx, token)
		if err != nil {
			return "", err
		}
		if f.Offering.RecordingReady(f.Now) {
			return f.Offering.RecordingURL, nil
		}
		if why := f.Offering.MayJoin(f.Now); len(why) > 0 {
			return "", domain.Refuse(why...)
		}
		return f.Offering.JoinURL, tx.SeatJoined(s.ID, f.Now)
	})
}
