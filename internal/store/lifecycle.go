package store

import (
	"slices"

	"lectern/domain"
)

type passageRow struct {
	Action domain.Action
	From   domain.State `gorm:"column:from_state"`
	To     domain.State `gorm:"column:to_state"`
}

func (passageRow) TableName() string { return "lifecycle" }

// fillLifecycle writes the legal changes of domain's tables into the database,
// which checks every change of state against them. A step that this program no
// longer has stays while history points at it.
func (tx *Tx) fillLifecycle() error {
	var kept []passageRow
	if err := tx.db.Find(&kept).Error; err != nil {
		return err
	}
	for _, p := range domain.Passages() {
		if slices.Contains(kept, passageRow(p)) {
			continue
		}
		row := passageRow(p)
		if err := tx.db.Create(&row).Error; err != nil {
			return err
		}
	}
	for _, p := range domain.StipendPassages() {
		const add = "INSERT INTO stipend_lifecycle (from_state, to_state) VALUES (?, ?) ON CONFLICT DO NOTHING"
		if err := tx.db.Exec(add, p[0], p[1]).Error; err != nil {
			return err
		}
	}
	for _, p := range domain.OfferingPassages() {
		const add = "INSERT INTO offering_lifecycle (from_status, to_status) VALUES (?, ?) ON CONFLICT DO NOTHING"
		if err := tx.db.Exec(add, p[0], p[1]).Error; err != nil {
			return err
		}
	}
	return tx.fillSales()
}

// fillSales writes the legal changes of orders, quotes and seats.
func (tx *Tx) fillSales() error {
	for _, p := range domain.OrderPassages() {
		if err := tx.db.Exec("INSERT INTO order_lifecycle (from_state, to_state) VALUES (?, ?) ON CONFLICT DO NOTHING", p[0], p[1]).Error; err != nil {
			return err
		}
	}
	for _, p := range domain.QuotePassages() {
		if err := tx.db.Exec("INSERT INTO quote_lifecycle (from_state, to_state) VALUES (?, ?) ON CONFLICT DO NOTHING", p[0], p[1]).Error; err != nil {
			return err
		}
	}
	for _, p := range domain.SeatPassages() {
		if err := tx.db.Exec("INSERT INTO seat_lifecycle (from_state, to_state) VALUES (?, ?) ON CONFLICT DO NOTHING", p[0], p[1]).Error; err != nil {
			return err
		}
	}
	return nil
}
