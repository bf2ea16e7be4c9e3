package store

import (
	"time"

	"gorm.io/gorm"

	"lectern/domain"
)

type orderRow struct {
	ID          string `gorm:"primaryKey"`
	Version     int
	Revision    int
	Number      string
	OfferingID  string
	State       domain.OrderState
	Seats       int
	RateClass   string
	RateLabel   string
	UnitCents   int
	TotalCents  int
	Evidence    domain.Evidence `gorm:"serializer:document"`
	BuyerName   string
	BuyerEmail  string
	Institution string
	Billing     domain.Billing `gorm:"serializer:document"`
	PONumber    string         `gorm:"column:po_number"`
	TermsDays   int
	DueOn       domain.Date
	HoldKind    domain.HoldKind
	ExpiresAt   *time.Time
	Extended    bool
	QuoteID     string
	Shares      int
	SharesWith  string
	LinkSerial  int
	Reason      string
	CreatedAt   time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt   time.Time `gorm:"autoUpdateTime:false"`
	ConfirmedAt *time.Time
	EndedAt     *time.Time
}

func (orderRow) TableName() string { return "orders" }

type orderRevisionRow struct {
	OrderID    string `gorm:"primaryKey"`
	Revision   int    `gorm:"primaryKey"`
	Seats      int
	RateClass  string
	UnitCents  int
	TotalCents int
	Cause      string
	ByID       string
	ByName     string
	At         time.Time
}

func (orderRevisionRow) TableName() string { return "order_revisions" }

// foundOrder is an order's row with what lists find it by.
type foundOrder struct {
	Row     orderRow `gorm:"embedded"`
	FoundBy string
}

func (foundOrder) TableName() string { return "orders" }

func orderFound(o domain.Order) foundOrder { return foundOrder{orderRow(o), foundIn(o.Found())} }

// AddOrder writes a new order whose seats were taken in the same transaction.
func (tx *Tx) AddOrder(o domain.Order) error {
	row := orderFound(o)
	return tx.db.Create(&row).Error
}

// AddOrderRevision keeps what an order costs from now on (I2).
func (tx *Tx) AddOrderRevision(r domain.OrderRevision) error {
	row := orderRevisionRow(r)
	return tx.db.Create(&row).Error
}

// Order finds an order the actor may see, by id or number, and holds its row: it
// is always the first row that a transaction about an order holds. NotFound
// otherwise, also for those who may not see it.
func (tx *Tx) Order(who domain.Actor, ref string) (domain.Order, error) {
	return tx.order(tx.locked(), who, ref)
}

// LookAtOrder finds an order without holding its row.
func (tx *Tx) LookAtOrder(who domain.Actor, ref string) (domain.Order, error) {
	return tx.order(tx.db, who, ref)
}

func (tx *Tx) order(q *gorm.DB, who domain.Actor, ref string) (domain.Order, error) {
	var row orderRow
	if err := one(q.Where("id = ? OR number = ?", ref, ref).Take(&row), "order"); err != nil {
		return domain.Order{}, err
	}
	if o := domain.Order(row); who.SeesOrder(o) {
		return o, nil
	}
	return domain.Order{}, domain.NotThere("order")
}

// ChangeOrder writes a changed order whose Version was raised by one, if its row
// still has the version before and the state from. Stale otherwise; Conflict when
// the database does not know the change of state.
func (tx *Tx) ChangeOrder(o domain.Order, from domain.OrderState) error {
	row := orderFound(o)
	changed := tx.db.Model(&foundOrder{}).Where("id = ? AND version = ? AND state = ?", o.ID, o.Version-1, from).Select("*").Updates(&row)
	if constraint(changed.Error) == "orders_lifecycle" {
		return domain.Refuse(domain.Because("", "not_from_here", "An order's life has no such step."))
	}
	return guarded(changed, "order")
}

// Sharer is the order that waits to take an order's place and shares its seats; nil:
// none does. Who asks before a change holds the order's row, under which alone others
// begin to share.
func (tx *Tx) Sharer(id string) (*domain.Order, error) {
	return sharer(tx.db.Where("shares_with <> '' AND shares_with = ?", id))
}

// HoldSharer finds the sharer of an order, by that one's id or number, and holds its
// row: before that of the order, because rows are held from the newer order to the
// older one. When the order's row is held too, it may have another sharer: see ErrAgain.
func (tx *Tx) HoldSharer(ref string) (*domain.Order, error) {
	return sharer(tx.locked().Where("shares_with <> '' AND shares_with = (SELECT id FROM orders WHERE id = ? OR number = ?)", ref, ref))
}

func sharer(q *gorm.DB) (*domain.Order, error) {
	var rows []orderRow
	if err := q.Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		return nil, err
	}
	o := domain.Order(rows[0])
	return &o, nil
}

// OrdersOver are the ids of orders whose clock has run out at the instant, those
// that ran out first at the front. An offering limits them to its own; "" means all.
func (tx *Tx) OrdersOver(now time.Time, offeringID string, limit int) ([]string, error) {
	q := tx.db.Model(&orderRow{}).Where("expires_at <= ? AND state IN ?", now, []domain.OrderState{domain.OrderHeld, domain.OrderAwaiting})
	if offeringID != "" {
		q = q.Where("offering_id = ?", offeringID)
	}
	var ids []string
	err := q.Order("expires_at, id").Limit(limit).Pluck("id", &ids).Error
	return ids, err
}

// OrdersCalledOff are the ids of orders that have not ended although their webinar
// was cancelled.
func (tx *Tx) OrdersCalledOff(limit int) ([]string, error) {
	var ids []string
	err := tx.db.Model(&orderRow{}).
		Where("offering_id IN (SELECT id FROM offerings WHERE status = ?)", domain.OfferingCancelled).
		Where("state IN ?", []domain.OrderState{domain.OrderHeld, domain.OrderAwaiting, domain.OrderConfirmed}).
		Order("id").Limit(limit).Pluck("id", &ids).Error
	return ids, err
}

// NextOver is when the next order's clock runs out after the instant; nil when none does.
func (tx *Tx) NextOver(after time.Time) (*time.Time, error) {
	var rows []orderRow
	err := tx.db.Select("expires_at").Where("expires_at > ?", after).Order("expires_at").Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0].ExpiresAt, nil
}

// SectionOfOffering is the section whose group proposed the webinar.
func (tx *Tx) SectionOfOffering(id string) (domain.Section, error) {
	var row sectionRow
	err := one(tx.db.Where(`id = (SELECT g.section_id FROM offerings o JOIN proposals p ON p.id = o.proposal_id JOIN groups g ON g.id = p.group_id WHERE o.id = ?)`, id).
		Take(&row), "section")
	return domain.Section(row), err
}
