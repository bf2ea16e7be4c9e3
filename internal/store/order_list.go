package store

import (
	"strconv"
	"time"

	"lectern/domain"
)

// OrderFilter limits the list of orders. The zero value is every order.
type OrderFilter struct {
	OfferingID string
	State      domain.OrderState
	Words      string // beginnings of words of the numbers, and of the buyer's name, address and institution
	After      *ListCursor
	Limit      int
}

// OrderLine is what a list shows of an order. CreatedAt and ID are its place in the list.
type OrderLine struct {
	ID            string
	Version       int
	Number        string
	State         domain.OrderState
	Seats         int
	RateLabel     string
	UnitCents     int
	TotalCents    int
	BuyerName     string
	BuyerEmail    string
	Institution   string
	PONumber      string `gorm:"column:po_number"`
	DueOn         domain.Date
	ExpiresAt     *time.Time
	CreatedAt     time.Time
	OfferingID    string
	OfferingSlug  string
	OfferingTitle string
	Zone          string
	ChargedCents  int
	PaidCents     int
	PaidBack      bool
	Named         int // seats with somebody on them
}

// Money is what the ledger says of the order.
func (l OrderLine) Money() domain.Money {
	return domain.Money{ChargedCents: l.ChargedCents, PaidCents: l.PaidCents, PaidBack: l.PaidBack}
}

const orderLineColumns = `o.id, o.version, o.number, o.state, o.seats, o.rate_label, o.unit_cents, o.total_cents, o.buyer_name, o.buyer_email, o.institution,
  o.po_number, o.due_on, o.expires_at, o.created_at, o.offering_id, f.slug AS offering_slug, f.title AS offering_title, f.zone,
  COALESCE((SELECT SUM(l.cents) FROM ledger_entries l WHERE l.order_id = o.id AND l.kind IN ('charge', 'credit')), 0) AS charged_cents,
  COALESCE((SELECT -SUM(l.cents) FROM ledger_entries l WHERE l.order_id = o.id AND l.kind IN ('payment', 'refund')), 0) AS paid_cents,
  EXISTS (SELECT 1 FROM ledger_entries l WHERE l.order_id = o.id AND l.kind = 'refund') AS paid_back,
  (SELECT COUNT(*) FROM seats s WHERE s.order_id = o.id AND s.email <> '') AS named`

// Orders are the lines of the list, newest first, in one statement.
func (tx *Tx) Orders(f OrderFilter) ([]OrderLine, error) {
	q := tx.db.Table("orders o")
	if f.OfferingID != "" {
		q = q.Where("o.offering_id IN (SELECT id FROM offerings WHERE id = ? OR slug = ?)", f.OfferingID, f.OfferingID)
	}
	if f.State != "" {
		q = q.Where("o.state = ?", f.State)
	}
	q = saleFound(q, "o.found_by", f.Words)
	if f.After != nil {
		q = q.Where("(o.created_at, o.id) < (?, ?)", f.After.UpdatedAt, f.After.ID)
	}
	shown := q.Select("o.id").Order("o.created_at DESC, o.id DESC LIMIT " + strconv.Itoa(f.Limit))
	var lines []OrderLine
	err := tx.db.Raw("SELECT "+orderLineColumns+" FROM (?) n JOIN orders o ON o.id = n.id JOIN offerings f ON f.id = o.offering_id ORDER BY o.created_at DESC, o.id DESC", shown).
		Scan(&lines).Error
	return lines, err
}

// SaleStand is how a webinar's sale stands: seats by the state of their orders,
// and money, in cents.
type SaleStand struct {
	OfferingID    string
	Slug          string
	Title         string
	Status        domain.OfferingStatus
	Capacity      int
	Taken         int
	Held          int // seats
	Quoted        int // of those held, for quotes
	Awaiting      int
	Confirmed     int
	ChargedCents  int
	PaidCents     int
	AwaitingCount int // orders
}

// SaleStands are the sales of webinars that are or were on sale, soonest first, at
// most limit. One statement.
func (tx *Tx) SaleStands(limit int) ([]SaleStand, error) {
	var all []SaleStand
	err := tx.db.Raw(`SELECT f.id AS offering_id, f.slug, f.title, f.status, f.capacity, f.taken,
		COALESCE(SUM(CASE WHEN o.state IN ('held', 'processing') THEN o.seats - o.shares END), 0) AS held,
		COALESCE(SUM(CASE WHEN o.state = 'held' AND o.hold_kind = 'quote' THEN o.seats END), 0) AS quoted,
		COALESCE(SUM(CASE WHEN o.state = 'awaiting_po' THEN o.seats - o.shares END), 0) AS awaiting,
		COALESCE(SUM(CASE WHEN o.state = 'confirmed' THEN o.seats END), 0) AS confirmed,
		COALESCE(SUM(CASE WHEN o.state = 'awaiting_po' THEN 1 END), 0) AS awaiting_count,
		COALESCE((SELECT SUM(l.cents) FROM ledger_entries l JOIN orders x ON x.id = l.order_id WHERE x.offering_id = f.id AND l.kind IN ('charge', 'credit')), 0) AS charged_cents,
		COALESCE((SELECT -SUM(l.cents) FROM ledger_entries l JOIN orders x ON x.id = l.order_id WHERE x.offering_id = f.id AND l.kind IN ('payment', 'refund')), 0) AS paid_cents
		FROM (SELECT * FROM offerings WHERE status IN ('published', 'closed') ORDER BY starts_at, id LIMIT ` + strconv.Itoa(limit) + `) f
		LEFT JOIN orders o ON o.offering_id = f.id
		GROUP BY f.id, f.slug, f.title, f.status, f.capacity, f.taken, f.starts_at ORDER BY f.starts_at, f.id`).Scan(&all).Error
	return all, err
}

// OverdueCents is what is owed on confirmed orders that were due before the day.
func (tx *Tx) OverdueCents(today domain.Date) (int, error) {
	var cents int
	err := tx.db.Raw(`SELECT COALESCE(SUM(l.cents), 0) FROM ledger_entries l JOIN orders o ON o.id = l.order_id
		WHERE o.state = 'confirmed' AND o.due_on <> '' AND o.due_on < ?`, today).Scan(&cents).Error
	return cents, err
}
