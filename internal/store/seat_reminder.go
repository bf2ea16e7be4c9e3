package store

import (
	"time"

	"lectern/domain"
)

// WaitingSeat is a seat, or an order with seats, to which something happens by
// itself: what it depends on.
type WaitingSeat struct {
	ID          string // of the order, or of the seat
	OrderID     string
	LinkSerial  int // of the seat
	OfferingID  string
	Sequence    int // of the webinar's time
	StartsAt    time.Time
	Minutes     int
	Zone        string
	ConfirmedAt time.Time // of the order
}

const ahead = "f.status IN ('published', 'closed') AND f.starts_at > ?"

// OpenSeatOrders are the confirmed orders with seats that have no name, of
// webinars that start after the instant.
func (tx *Tx) OpenSeatOrders(now time.Time) ([]WaitingSeat, error) {
	var all []WaitingSeat
	err := tx.db.Raw(`SELECT o.id, o.id AS order_id, o.offering_id, f.sequence, f.starts_at, f.zone, o.confirmed_at FROM orders o JOIN offerings f ON f.id = o.offering_id
		WHERE o.state = 'confirmed' AND o.confirmed_at IS NOT NULL AND `+ahead+` AND EXISTS (SELECT 1 FROM seats s WHERE s.order_id = o.id AND s.state = 'open') ORDER BY o.id`, now).Scan(&all).Error
	return all, err
}

// SeatsNamedFor are the seats with somebody on them of webinars that start after
// one instant and not after another.
func (tx *Tx) SeatsNamedFor(now, until time.Time) ([]WaitingSeat, error) {
	var all []WaitingSeat
	err := tx.db.Raw(`SELECT s.id, s.order_id, s.link_serial, s.offering_id, f.sequence, f.starts_at, f.zone FROM seats s JOIN offerings f ON f.id = s.offering_id
		WHERE s.state IN ('invited', 'assigned') AND s.email_key <> '' AND `+ahead+` AND f.starts_at <= ? ORDER BY s.id`, now, until).Scan(&all).Error
	return all, err
}

// MovedOrders are the live orders of webinars ahead that were moved after the
// order was made.
func (tx *Tx) MovedOrders(now time.Time) ([]WaitingSeat, error) {
	var all []WaitingSeat
	err := tx.db.Raw(`SELECT o.id, o.id AS order_id, o.offering_id, f.sequence, f.starts_at, f.zone FROM orders o JOIN offerings f ON f.id = o.offering_id
		WHERE o.state IN ('awaiting_po', 'confirmed') AND f.rescheduled_at IS NOT NULL AND o.created_at < f.rescheduled_at AND `+ahead+` ORDER BY o.id`, now).Scan(&all).Error
	return all, err
}

// RecordedOrders are the confirmed orders of webinars that began between two
// instants and have a link to a recording.
func (tx *Tx) RecordedOrders(from, now time.Time) ([]WaitingSeat, error) {
	var all []WaitingSeat
	err := tx.db.Raw(`SELECT o.id, o.id AS order_id, o.offering_id, f.sequence, f.starts_at, f.minutes, f.zone FROM orders o JOIN offerings f ON f.id = o.offering_id
		WHERE o.state = 'confirmed' AND f.recording_url <> '' AND f.status IN ('published', 'closed', 'delivered') AND f.starts_at > ? AND f.starts_at <= ? ORDER BY o.id`, from, now).
		Scan(&all).Error
	return all, err
}

// SeatsToForget are the seats with a name of webinars that began before an
// instant, at most limit.
func (tx *Tx) SeatsToForget(before time.Time, limit int) ([]WaitingSeat, error) {
	var all []WaitingSeat
	err := tx.db.Raw(`SELECT s.id, s.order_id, s.link_serial, s.offering_id, f.starts_at, f.zone FROM seats s JOIN offerings f ON f.id = s.offering_id
		WHERE s.email_key <> '' AND s.erased_at IS NULL AND f.starts_at <= ? ORDER BY s.id LIMIT ?`, before, limit).Scan(&all).Error
	return all, err
}

// SaleDates are the webinars on sale, closed or delivered that start after an
// instant, or were changed after it: when something may happen to their seats.
func (tx *Tx) SaleDates(after time.Time) ([]domain.Offering, error) {
	var rows []offeringRow
	err := tx.db.Select("id, status, starts_at, minutes, zone, sales_close_at, rescheduled_at, recording_url, updated_at").
		Where("status IN ('published', 'closed', 'delivered') AND (starts_at > ? OR updated_at >= ?)", after, after).Order("starts_at, id").Limit(200).Find(&rows).Error
	return convert(rows, func(r offeringRow) domain.Offering { return domain.Offering(r) }), err
}
