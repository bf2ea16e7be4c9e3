package workflows

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"lectern/domain"
	"lectern/internal/store"
)

// The jobs of seats, as the table swept names them.
const (
	openSeatsJob = "open_seats"
	tomorrowJob  = "seat_tomorrow"
	movedJob     = "webinar_moved"
	recordedJob  = "recording_ready"
	forgetJob    = "seat_forgotten"
)

// recordingKept is for how long after a webinar its recording is still announced.
const recordingKept = 90 * 24 * time.Hour

// Seats does what happens to seats by itself: buyers are reminded of those without
// a name, who is named counts as coming a day before, everybody is told when the
// webinar moves and when the recording is ready, and names are erased in the end.
func (w Reminders) Seats(ctx context.Context, now time.Time) error {
	return errors.Join(w.openSeats(ctx, now), w.moved(ctx, now), w.tomorrow(ctx, now), w.recorded(ctx, now), w.forget(ctx, now))
}

// ofOrders runs a job once for each key of what a list finds; the order is held
// before anything is done, and one that ended meanwhile is left alone.
func (w Reminders) ofOrders(ctx context.Context, job string, now time.Time, list func(*store.Tx) ([]store.WaitingSeat, error), key func(store.WaitingSeat) string, do func(*store.Tx, store.WaitingSeat, domain.Order, domain.OrderFacts, string) error) error {
	found, err := store.Read(ctx, w.Store, list)
	if err != nil {
		return err
	}
	due := map[string]store.WaitingSeat{}
	var subjects []string
	for _, s := range found {
		if k := key(s); k != "" {
			due[k] = s
			subjects = append(subjects, k)
		}
	}
	return w.sweep(ctx, job, now, subjects, func(tx *store.Tx, k string) error {
		o, err := tx.Order(domain.TheClock(now), due[k].OrderID)
		if err != nil || !o.State.Live() {
			return ignored(err, domain.NotFound)
		}
		f, _, err := Orders{Base: w.Base}.orderFacts(tx, domain.TheClock(now), o)
		if err != nil {
			return err
		}
		return do(tx, due[k], o, f, k)
	})
}

// openSeats reminds buyers of the seats that have no name.
func (w Reminders) openSeats(ctx context.Context, now time.Time) error {
	return w.ofOrders(ctx, openSeatsJob, now, func(tx *store.Tx) ([]store.WaitingSeat, error) { return tx.OpenSeatOrders(now) },
		func(s store.WaitingSeat) string {
			at, due := domain.OpenSeatDue(s.ConfirmedAt, s.StartsAt, s.Zone, now)
			if !due {
				return ""
			}
			return s.ID + "/" + at.Format(time.RFC3339)
		}, w.tellOpenSeats)
}

func (w Reminders) tellOpenSeats(tx *store.Tx, _ store.WaitingSeat, o domain.Order, f domain.OrderFacts, key string) error {
	open := 0
	for _, s := range f.Seats {
		if s.State == domain.SeatOpen {
			open++
		}
	}
	if open == 0 {
		return nil
	}
	return w.tell(tx, letter{
		kind: domain.OpenSeatsNotice, cause: key, about: o.ID, link: domain.LinkOrder, linkTo: o.ID,
		subject: fmt.Sprintf("%s without a name: %s", domain.Plural(open, "seat"), f.Offering.Title),
		body: []string{
			fmt.Sprintf("Your order %s has %s of “%s”%s. No name is on %s yet. People without a seat cannot join.", o.Number, domain.Plural(o.Seats, "seat"), f.Offering.Title, startsOn(f.Offering), domain.Plural(open, "seat")),
			"Write who sits there on the order’s page, or pass on its claim link. Everybody gets a link of their own.",
		},
	}, domain.Person{Name: o.BuyerName, Email: o.BuyerEmail})
}

// tomorrow takes who is named as coming, from 24 hours before the start on, and
// tells them; who was named later has just got their link.
func (w Reminders) tomorrow(ctx context.Context, now time.Time) error {
	return w.ofOrders(ctx, tomorrowJob, now, func(tx *store.Tx) ([]store.WaitingSeat, error) {
		return tx.SeatsNamedFor(now, now.Add(domain.SeatsSettled))
	},
		func(s store.WaitingSeat) string { return fmt.Sprintf("%s/%d/%d", s.ID, s.LinkSerial, s.Sequence) }, w.settleSeat)
}

func (w Reminders) settleSeat(tx *store.Tx, waiting store.WaitingSeat, o domain.Order, f domain.OrderFacts, key string) error {
	s, err := pickSeat(f.Seats, waiting.ID)
	if err != nil || s.LinkSerial != waiting.LinkSerial {
		return nil //nolint:nilerr // somebody else has it meanwhile
	}
	if s.State == domain.SeatInvited {
		if err := (Orders{Base: w.Base}).moveSeat(tx, &s, domain.ConfirmSeat, domain.SeatPerson{}, o, f); err != nil {
			return err
		}
	}
	if s.NamedAt != nil && s.NamedAt.After(waiting.StartsAt.Add(-domain.SeatsSettled)) {
		return nil
	}
	return w.tell(tx, letter{
		kind: domain.SeatTomorrow, cause: key, about: s.ID, link: domain.LinkSeat, linkTo: s.ID, subject: "Tomorrow: " + f.Offering.Title,
		body: []string{
			fmt.Sprintf("“%s” starts on %s.", f.Offering.Title, domain.LongTime(waiting.StartsAt, waiting.Zone)),
			"Your link opens the webinar from half an hour before, and later the recording. It is for you alone.",
		},
	}, domain.Person{Name: s.Name, Email: s.Email})
}

func pickSeat(all []domain.Seat, id string) (domain.Seat, error) {
	for _, s := range all {
		if s.ID == id && s.State.Live() {
			return s, nil
		}
	}
	return domain.Seat{}, domain.NotThere("seat")
}

// moved tells buyers and who sits on their seats that the webinar has another time.
func (w Reminders) moved(ctx context.Context, now time.Time) error {
	return w.ofOrders(ctx, movedJob, now, func(tx *store.Tx) ([]store.WaitingSeat, error) { return tx.MovedOrders(now) },
		func(s store.WaitingSeat) string { return fmt.Sprintf("%s/%d", s.ID, s.Sequence) }, w.tellMoved)
}

func (w Reminders) tellMoved(tx *store.Tx, _ store.WaitingSeat, o domain.Order, f domain.OrderFacts, key string) error {
	when := fmt.Sprintf("“%s” was moved. It now starts on %s.", f.Offering.Title, domain.LongTime(*f.Offering.StartsAt, f.Offering.Zone))
	var why []string
	if f.Offering.Reason != "" {
		why = []string{"Reason: " + f.Offering.Reason}
	}
	buyer := append([]string{when}, why...)
	buyer = append(buyer, fmt.Sprintf("The %s of your order %s hold for the new time. If it does not suit you, you can give them back on the order’s page until the webinar starts, or write to us.", domain.Plural(o.Seats, "seat"), o.Number))
	err := w.tell(tx, letter{
		kind: domain.OrderMoved, cause: key, about: o.ID, link: domain.LinkOrder, linkTo: o.ID, subject: "Moved to another time: " + f.Offering.Title, body: buyer,
	}, domain.Person{Name: o.BuyerName, Email: o.BuyerEmail})
	if err != nil {
		return err
	}
	holder := append([]string{when}, why...)
	holder = append(holder, "Your seat and your link hold for the new time. Please add the webinar to your calendar again: the entry has changed.")
	return w.tellSeats(tx, f, letter{kind: domain.SeatMoved, cause: key, subject: "Moved to another time: " + f.Offering.Title, body: holder})
}

// tellSeats writes a letter to everybody on a live seat of an order.
func (w Reminders) tellSeats(tx *store.Tx, f domain.OrderFacts, l letter) error {
	for _, s := range f.Seats {
		if !s.State.Live() {
			continue
		}
		mine := l
		mine.cause, mine.about, mine.link, mine.linkTo = l.cause+"/"+s.ID, s.ID, domain.LinkSeat, s.ID
		if err := w.tell(tx, mine, domain.Person{Name: s.Name, Email: s.Email}); err != nil {
			return err
		}
	}
	return nil
}

// recorded tells buyers and who sits on their seats that the recording is there.
func (w Reminders) recorded(ctx context.Context, now time.Time) error {
	return w.ofOrders(ctx, recordedJob, now, func(tx *store.Tx) ([]store.WaitingSeat, error) {
		return tx.RecordedOrders(now.Add(-recordingKept), now)
	},
		func(s store.WaitingSeat) string {
			if now.Before(s.StartsAt.Add(time.Duration(s.Minutes) * time.Minute)) {
				return ""
			}
			return s.ID
		}, w.tellRecorded)
}

func (w Reminders) tellRecorded(tx *store.Tx, _ store.WaitingSeat, o domain.Order, f domain.OrderFacts, key string) error {
	said := fmt.Sprintf("The recording of “%s” is ready.", f.Offering.Title)
	l := letter{kind: domain.SeatRecording, cause: key, subject: "The recording: " + f.Offering.Title, body: []string{said, "It is on the page that your link opens. The link stays yours."}}
	if err := w.tellSeats(tx, f, l); err != nil {
		return err
	}
	return w.tell(tx, letter{
		kind: domain.OrderRecording, cause: key, about: o.ID, link: domain.LinkOrder, linkTo: o.ID, subject: l.subject,
		body: []string{said, "It is on the page of your order " + o.Number + ". Everybody with a seat was told as well."},
	}, domain.Person{Name: o.BuyerName, Email: o.BuyerEmail})
}

// forgottenAtOnce bounds one round of erasing names.
const forgottenAtOnce = 200

// forget erases who sat on the seats of webinars long ago, in their mails too.
func (w Reminders) forget(ctx context.Context, now time.Time) error {
	found, err := store.Read(ctx, w.Store, func(tx *store.Tx) ([]store.WaitingSeat, error) {
		return tx.SeatsToForget(now.AddDate(0, -domain.SeatNamesKept, 0), forgottenAtOnce)
	})
	if err != nil {
		return err
	}
	orders := map[string]string{}
	var subjects []string
	for _, s := range found {
		key := fmt.Sprintf("%s/%d", s.ID, s.LinkSerial)
		orders[key] = s.OrderID
		subjects = append(subjects, key)
	}
	return w.sweep(ctx, forgetJob, now, subjects, func(tx *store.Tx, key string) error {
		o, err := tx.Order(domain.TheClock(now), orders[key])
		if err != nil {
			return err
		}
		sales := Orders{Base: w.Base}
		f, _, err := sales.orderFacts(tx, domain.TheClock(now), o)
		if err != nil {
			return err
		}
		for _, s := range f.Seats {
			if strings.HasPrefix(key, s.ID+"/") && s.ErasedAt == nil {
				return sales.moveSeat(tx, &s, domain.EraseSeat, domain.SeatPerson{}, o, f)
			}
		}
		return nil
	})
}

// saleInstants are when something happens by itself to the webinars on sale.
func saleInstants(tx *store.Tx, after time.Time) ([]time.Time, error) {
	dates, err := tx.SaleDates(after)
	if err != nil {
		return nil, err
	}
	var all []time.Time
	for _, o := range dates {
		all = append(all, o.UpdatedAt.Add(time.Minute)) // a new time, a recording
		if o.StartsAt != nil {
			all = append(all, o.StartsAt.Add(-domain.SeatsSettled), *o.EndsAt(), *o.LastSale())
		}
	}
	orders, err := tx.OpenSeatOrders(after)
	for _, s := range orders {
		all = append(all, domain.OpenSeatInstants(s.ConfirmedAt, s.StartsAt, s.Zone)...)
	}
	return all, err
}
