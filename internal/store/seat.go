package store

import (
	"time"

	"lectern/domain"
)

type seatRow struct {
	ID         string `gorm:"primaryKey"`
	Version    int
	OrderID    string
	OfferingID string
	Seq        int
	State      domain.SeatState
	Name       string
	Email      string
	EmailKey   string
	LinkSerial int
	NamedAt    *time.Time
	JoinedAt   *time.Time
	ErasedAt   *time.Time
	UpdatedAt  time.Time `gorm:"autoUpdateTime:false"`
}

func (seatRow) TableName() string { return "seats" }

// AddSeats writes the seats of a confirmed order in one statement.
func (tx *Tx) AddSeats(all []domain.Seat) error {
	rows := convert(all, func(s domain.Seat) seatRow { return seatRow(s) })
	return tx.db.CreateInBatches(&rows, 500).Error
}

// Seats are the seats of an order, in their order, with those cancelled.
func (tx *Tx) Seats(orderID string) ([]domain.Seat, error) {
	var rows []seatRow
	err := tx.db.Where("order_id = ?", orderID).Order("seq").Find(&rows).Error
	return convert(rows, func(r seatRow) domain.Seat { return domain.Seat(r) }), err
}

// Seat finds a seat. NotFound when there is none.
func (tx *Tx) Seat(id string) (domain.Seat, error) {
	var row seatRow
	err := one(tx.db.Where("id = ?", id).Take(&row), "seat")
	return domain.Seat(row), err
}

// ChangeSeat writes a changed seat whose Version was raised by one. Conflict when
// the address has another seat of the webinar.
func (tx *Tx) ChangeSeat(s domain.Seat) error {
	row := seatRow(s)
	changed := tx.db.Model(&seatRow{}).Where("id = ? AND version = ?", s.ID, s.Version-1).Select("*").Updates(&row)
	switch constraint(changed.Error) {
	case "seats_person":
		return domain.Refuse(SeatTaken())
	case "seats_lifecycle":
		return domain.Refuse(domain.Because("", "not_from_here", "A seat's life has no such step."))
	}
	return guarded(changed, "seat")
}

// SeatTaken is the refusal of an address that has a seat of the webinar already.
func SeatTaken() domain.Reason {
	r := domain.Because("", "seat_taken", "This address already has a seat of this webinar.")
	r.Pointer = "/email"
	return r
}

// Seated are those of the addresses that have a live seat of the webinar.
func (tx *Tx) Seated(offeringID string, keys []string) ([]domain.Seated, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	var rows []seatRow
	err := tx.db.Where("offering_id = ? AND email_key IN ? AND state <> 'cancelled'", offeringID, keys).Find(&rows).Error
	return convert(rows, func(r seatRow) domain.Seated { return domain.Seated{OrderID: r.OrderID, Seq: r.Seq, Key: r.EmailKey} }), err
}

// SeatJoined notes that a seat's holder went to the webinar, the first time.
func (tx *Tx) SeatJoined(id string, at time.Time) error {
	return tx.db.Model(&seatRow{}).Where("id = ? AND joined_at IS NULL", id).Update("joined_at", at).Error
}

// SeatsOf are the live, named seats of a person's address, whatever their order.
func (tx *Tx) SeatsOf(emailKey string) ([]domain.Seat, error) {
	var rows []seatRow
	err := tx.db.Where("email_key = ? AND email_key <> ''", emailKey).Order("updated_at DESC, id").Find(&rows).Error
	return convert(rows, func(r seatRow) domain.Seat { return domain.Seat(r) }), err
}
