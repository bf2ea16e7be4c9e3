package workflows_test

import (
	"strings"
	"testing"
	"time"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// byThemselves does what happens by itself, each time twice, and looks that the
// second time adds nothing.
func (w *sale) byThemselves(at string) {
	w.t.Helper()
	w.At(at)
	count := func() int {
		n := 0
		for _, notice := range domain.Notices {
			n += len(w.mails(notice.Kind))
		}
		return n
	}
	run := func() {
		if err := (workflows.Reminders{Base: w.Base}).Run(w.t.Context(), w.Now()); err != nil {
			w.t.Fatal(err)
		}
	}
	run()
	once := count()
	run()
	if twice := count(); twice != once {
		w.t.Errorf("%s: the second time adds %d mails", at, twice-once)
	}
}

// wrote counts the mails of a kind and gives the addresses.
func (w *sale) wrote(kind domain.NoticeKind, want ...string) {
	w.t.Helper()
	var got []string
	for _, m := range w.mails(kind) {
		got = append(got, m.To)
	}
	if len(got) != len(want) {
		w.t.Errorf("at %s, %s went to %v, not to %v", w.Now(), kind, got, want)
		return
	}
	for _, to := range want {
		found := false
		for _, g := range got {
			found = found || g == to
		}
		if !found {
			w.t.Errorf("at %s, %s went to %v, not to %v", w.Now(), kind, got, want)
		}
	}
}

// TestSeatsByThemselves follows three seats, of which two get names, from the
// order to the erasure, over a new time of the webinar.
func TestSeatsByThemselves(t *testing.T) {
	t.Parallel()
	const ines, ella, hugo = "ines.duarte@example.org", "ella.grant@example.org", "hugo.braun@example.org"
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 50, 100_000)
		held := w.hold("3")
		me := buyerOf(held.Order)
		o := w.act(me, held.ID, domain.SubmitPO, billing)
		if _, err := w.orders.PasteSeats(t.Context(), me, o.ID, o.Version, "Ella Grant, "+ella+"\nHugo Braun, "+hugo); err != nil {
			t.Fatal(err)
		}
		w.byThemselves("2027-04-07T12:00:00-05:00")
		w.wrote(domain.OpenSeatsNotice)
		w.byThemselves("2027-04-07T13:00:00-05:00") // two days after
		w.wrote(domain.OpenSeatsNotice, ines)

		later := time.Date(2027, 5, 27, 18, 0, 0, 0, time.UTC)
		fay := w.Actor("Fay Nguyen")
		if _, err := (workflows.Offerings{Base: w.Base}).Act(t.Context(), fay, w.offering.ID, domain.RescheduleOffering, workflows.OfferingMoved{OfferingInput: domain.OfferingInput{Reason: "The presenter is ill.", StartsAt: &later}}); err != nil {
			t.Fatal(err)
		}
		w.byThemselves("2027-04-08T09:00:00-05:00")
		w.wrote(domain.OrderMoved, ines)
		w.wrote(domain.SeatMoved, ella, hugo)
		if body := w.mails(domain.SeatMoved)[0].Body; !strings.Contains(body, "Thu, May 27, 2027, 1:00 p.m. Central") || !strings.Contains(body, "The presenter is ill.") {
			t.Errorf("the mail says %s", body)
		}

		w.byThemselves("2027-05-26T12:59:00-05:00")
		w.wrote(domain.SeatTomorrow)
		w.byThemselves("2027-05-26T13:00:00-05:00")
		w.wrote(domain.SeatTomorrow, ella, hugo)
		seats := w.seatsOf(me, o.ID)
		if seats[0].State != domain.SeatAssigned || seats[1].State != domain.SeatAssigned || seats[2].State != domain.SeatOpen {
			t.Errorf("a day before, the seats are %+v", seats)
		}
		w.wrote(domain.OpenSeatsNotice, ines, ines, ines) // 10 days before was missed; 3 and 1 were not

		token := w.orders.Links.SeatToken(seats[0].ID, seats[0].LinkSerial)
		join := func(at, code, want string) {
			t.Helper()
			w.At(at)
			to, err := w.orders.JoinSeat(t.Context(), token)
			if to != want || code == "" && err != nil || code != "" && !domain.HasCode(err, code) {
				t.Errorf("joining at %s: %q, %v", at, to, err)
			}
		}
		join("2027-05-27T12:29:00-05:00", "not_open_yet", "")
		join("2027-05-27T12:30:00-05:00", "", "https://meet.example.org/1")
		join("2027-05-27T14:00:00-05:00", "offering_over", "")
		recording := "https://recordings.example.org/1"
		if _, err := (workflows.Offerings{Base: w.Base}).Edit(t.Context(), fay, w.offering.ID, workflows.OfferingChange{RecordingURL: &recording}); err != nil {
			t.Fatal(err)
		}
		w.byThemselves("2027-05-28T09:00:00-05:00")
		w.wrote(domain.OrderRecording, ines)
		w.wrote(domain.SeatRecording, ella, hugo)
		join("2027-05-28T10:00:00-05:00", "", recording)

		w.byThemselves("2028-06-27T12:59:00-05:00")
		if seats = w.seatsOf(me, o.ID); seats[0].Email != ella {
			t.Errorf("erased too early: %+v", seats[0])
		}
		w.byThemselves("2028-06-27T13:01:00-05:00")
		for _, s := range w.seatsOf(me, o.ID) {
			if s.Name+s.Email+s.EmailKey != "" {
				t.Errorf("13 months after, seat %d still says %q %q", s.Seq, s.Name, s.Email)
			}
		}
		for _, m := range w.mails(domain.SeatRecording) {
			if strings.Contains(m.To+m.Name, "@") || strings.Contains(m.Name, "Grant") {
				t.Errorf("a mail still says %q", m.To)
			}
		}
		w.proven()
	})
}

// TestMovedSeatsGoBack lets a buyer give seats back until the start, when the
// webinar was moved after they ordered, and not when they ordered after it.
func TestMovedSeatsGoBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 50, 100_000)
		before := w.hold("2")
		w.act(buyerOf(before.Order), before.ID, domain.SubmitPO, billing)
		w.At("2027-05-19T09:00:00-05:00")
		later := time.Date(2027, 5, 21, 18, 0, 0, 0, time.UTC)
		if _, err := (workflows.Offerings{Base: w.Base}).Act(t.Context(), w.Actor("Fay Nguyen"), w.offering.ID, domain.RescheduleOffering, workflows.OfferingMoved{OfferingInput: domain.OfferingInput{Reason: "Snow.", StartsAt: &later}}); err != nil {
			t.Fatal(err)
		}
		w.At("2027-05-20T09:00:00-05:00")
		after := w.hold("1")
		v := w.act(w.Actor("Fay Nguyen"), after.ID, domain.CancelOrder, domain.OrderInput{Reason: "A test."})
		if v.State != domain.OrderCancelled {
			t.Errorf("staff’s: %s", v.State)
		}
		w.act(buyerOf(before.Order), before.ID, domain.CancelOrder, domain.OrderInput{})
		if w.taken() != 0 {
			t.Errorf("%d seats are taken", w.taken())
		}
	})
}

func (w *sale) seatsOf(who domain.Actor, id string) []domain.Seat {
	w.t.Helper()
	v, err := w.orders.Order(w.t.Context(), who, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return v.Facts.Seats
}
