package domain

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestReadPeople reads lists as people paste them.
func TestReadPeople(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]SeatPerson{
		"Ella Grant, ella@example.org":     {"Ella Grant", "ella@example.org"},
		"Ella Grant <ella@example.org>":    {"Ella Grant", "ella@example.org"},
		"Ella Grant\tella@example.org":     {"Ella Grant", "ella@example.org"},
		"Grant, Ella; ella@example.org":    {"Grant, Ella", "ella@example.org"},
		"ella@example.org":                 {"", "ella@example.org"},
		"Ella Grant ella@example.org":      {"Ella Grant", "ella@example.org"},
		"\"Ella\" <ella@example.org>":      {"Ella", "ella@example.org"},
		"  שירה לוי, shira@example.org   ": {"שירה לוי", "shira@example.org"},
	} {
		got := ReadPeople(text)
		if len(got) != 1 || got[0].Person != want || got[0].Why != "" {
			t.Errorf("%q is %+v", text, got)
		}
	}
	lines := ReadPeople("\r\nNoor Vale, noor.vale example.org\r\n\r\nJo")
	if len(lines) != 2 || lines[0].Line != 2 || !strings.Contains(lines[0].Why, "@ sign") || lines[1].Line != 4 || lines[1].Why == "" {
		t.Errorf("%+v", lines)
	}
}

// TestPlaceLines is the pasted list of E4: twelve lines, one of them twice.
func TestPlaceLines(t *testing.T) {
	t.Parallel()
	o := saleOrder(9)
	o.Seats = 12
	var text []string
	for i := range 12 {
		text = append(text, fmt.Sprintf("Person %d, p%d@example.org", i+1, i+1))
	}
	text[6] = "Person 3 again, P3@Example.org"
	seats := NewSeats(o, func() string { return "s" }, at("2027-04-05T18:00:00Z"))
	placed, judged := PlaceLines(ReadPeople(strings.Join(text, "\n")), o, seats, nil)
	var bad []PastedLine
	for _, l := range judged {
		if l.Why != "" {
			bad = append(bad, l)
		}
	}
	if len(placed) != 11 || len(bad) != 1 || bad[0].Line != 7 || bad[0].Text != text[6] || !strings.HasPrefix(bad[0].Why, "This address already has seat 3.") {
		t.Errorf("%d placed, kept %+v", len(placed), bad)
	}
	_, judged = PlaceLines(ReadPeople("a@example.org\nb@example.org\nc@example.org"), o, seats[:1], []Seated{{OrderID: "another", Seq: 4, Key: "a@example.org"}})
	if judged[0].Why != "This address already has a seat of this webinar. Use another address, or delete the line." || judged[1].Why != "" || !strings.Contains(judged[2].Why, "no free seat") {
		t.Errorf("%+v", judged)
	}
}

// TestEverySeatMove tries every action from every state by everybody.
func TestEverySeatMove(t *testing.T) {
	t.Parallel()
	o := orderIn(OrderConfirmed)
	for who, actor := range map[Who]Actor{
		ByBuyer: buyer(), ByStaff: {ID: "s", Roles: []Role{Staff}}, BySeatHolder: {SeatID: "seat-1"}, ByCode: {CodeFor: "order-1"}, ByFinance: {ID: "f", Roles: []Role{Finance}},
	} {
		for _, state := range SeatStates() {
			for _, m := range SeatMoves {
				s := Seat{ID: "seat-1", Version: 1, OrderID: o.ID, Seq: 1, State: state, LinkSerial: 1}
				if state != SeatOpen {
					s.Name, s.Email, s.EmailKey = "Ella", "ella@example.org", "ella@example.org"
				}
				err := s.Do(m.Action, SeatPerson{Name: "Max", Email: "Max@example.org"}, o, saleFacts(actor))
				row, here := Seat{State: state}.seatMove(m.Action)
				if allowed := here && slices.Contains(row.By, who); allowed != (err == nil) {
					t.Errorf("%s from %s by %s: %v", m.Action, state, who, err)
				}
				if !here && (!HasCode(err, "not_from_here") || !strings.Contains(err.Error(), "Possible now: ")) {
					t.Errorf("%s from %s by %s does not say what is possible: %v", m.Action, state, who, err)
				}
				if err == nil && s.Version != 2 {
					t.Errorf("%s from %s: version %d", m.Action, state, s.Version)
				}
			}
		}
	}
}

// TestReassign ends the old holder's link, and only for somebody else.
func TestReassign(t *testing.T) {
	t.Parallel()
	joined := at("2027-05-20T18:05:00Z")
	for _, c := range []struct {
		name   string
		edit   func(*Seat, *OrderFacts)
		who    Actor
		person SeatPerson
		serial int
		code   string
	}{
		{"somebody else", nil, buyer(), SeatPerson{"Max", "max@example.org"}, 2, ""},
		{"the same person, spelled right", nil, buyer(), SeatPerson{"Ella Grant", "Ella@Example.org"}, 1, ""},
		{"after joining", func(s *Seat, _ *OrderFacts) { s.JoinedAt = &joined }, buyer(), SeatPerson{"Max", "max@example.org"}, 1, "has_joined"},
		{"at the start", func(_ *Seat, f *OrderFacts) { f.Now = at("2027-05-20T18:00:00Z") }, buyer(), SeatPerson{"Max", "max@example.org"}, 1, "has_started"},
		{"five minutes before it", func(_ *Seat, f *OrderFacts) { f.Now = at("2027-05-20T17:55:00Z") }, buyer(), SeatPerson{"Max", "max@example.org"}, 2, ""},
		{"after joining, by staff", func(s *Seat, _ *OrderFacts) { s.JoinedAt = &joined }, Actor{ID: "s", Roles: []Role{Staff}}, SeatPerson{"Max", "max@example.org"}, 2, ""},
	} {
		s := Seat{ID: "seat-1", Version: 1, OrderID: "order-1", State: SeatAssigned, Name: "Ella", Email: "ella@example.org", EmailKey: "ella@example.org", LinkSerial: 1}
		f := saleFacts(c.who)
		if c.edit != nil {
			c.edit(&s, &f)
		}
		err := s.Do(ReassignSeat, c.person, orderIn(OrderConfirmed), f)
		if (c.code == "") != (err == nil) || c.code != "" && !HasCode(err, c.code) || s.LinkSerial != c.serial {
			t.Errorf("%s: %v, generation %d", c.name, err, s.LinkSerial)
		}
	}
}

// TestErase is X26: the seat stays, the person goes, and their link ends.
func TestErase(t *testing.T) {
	t.Parallel()
	s := Seat{Version: 1, State: SeatAssigned, Name: "Ella", Email: "ella@example.org", EmailKey: "ella@example.org", LinkSerial: 1}
	if err := s.Do(EraseSeat, SeatPerson{}, orderIn(OrderConfirmed), saleFacts(Actor{ID: "s", Roles: []Role{Staff}})); err != nil {
		t.Fatal(err)
	}
	if s.Name != "" || s.Email != "" || s.EmailKey != "" || s.ErasedAt == nil || s.LinkSerial != 2 || s.State != SeatAssigned {
		t.Errorf("%+v", s)
	}
}
