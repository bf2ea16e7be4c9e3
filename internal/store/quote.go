package store

import (
	"strconv"
	"time"

	"gorm.io/gorm"

	"lectern/domain"
)

type quoteRow struct {
	ID          string `gorm:"primaryKey"`
	Version     int
	Number      string
	OfferingID  string
	State       domain.QuoteState
	AskedSeats  int
	BuyerName   string
	BuyerEmail  string
	Institution string
	PayBy       domain.PayBy
	Note        string
	ReplacesID  string
	Revision    int
	Seats       int
	UnitCents   int
	TotalCents  int
	TermsDays   int
	Message     string
	ExpiresAt   *time.Time
	HoldUntil   *time.Time
	OrderID     string
	LinkSerial  int
	Reason      string
	CreatedAt   time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt   time.Time `gorm:"autoUpdateTime:false"`
	OfferedAt   *time.Time
	EndedAt     *time.Time
}

func (quoteRow) TableName() string { return "quotes" }

type quoteRevisionRow struct {
	QuoteID    string `gorm:"primaryKey"`
	Revision   int    `gorm:"primaryKey"`
	Seats      int
	UnitCents  int
	TotalCents int
	TermsDays  int
	Message    string
	ExpiresAt  time.Time
	HoldUntil  *time.Time
	Content    domain.DocumentContent `gorm:"serializer:document"`
	ByID       string
	ByName     string
	At         time.Time
}

func (quoteRevisionRow) TableName() string { return "quote_revisions" }

// foundQuote is a quote's row with what lists find it by.
type foundQuote struct {
	Row     quoteRow `gorm:"embedded"`
	FoundBy string
}

func (foundQuote) TableName() string { return "quotes" }

func quoteFound(q domain.Quote) foundQuote { return foundQuote{quoteRow(q), foundIn(q.Found())} }

// AddQuote writes a request for a quote. It holds nothing.
func (tx *Tx) AddQuote(q domain.Quote) error {
	row := quoteFound(q)
	return tx.db.Create(&row).Error
}

// AddQuoteRevision keeps an offer as it was made.
func (tx *Tx) AddQuoteRevision(r domain.QuoteRevision) error {
	row := quoteRevisionRow(r)
	return tx.db.Create(&row).Error
}

// QuoteRevisions are the offers of a quote, oldest first.
func (tx *Tx) QuoteRevisions(quoteID string) ([]domain.QuoteRevision, error) {
	var rows []quoteRevisionRow
	err := tx.db.Where("quote_id = ?", quoteID).Order("revision").Find(&rows).Error
	return convert(rows, func(r quoteRevisionRow) domain.QuoteRevision { return domain.QuoteRevision(r) }), err
}

// Quote finds a quote the actor may see, by id or number, and holds its row: it is
// the first row that a transaction about a quote holds, before any order. NotFound
// otherwise, also for those who may not see it.
func (tx *Tx) Quote(who domain.Actor, ref string) (domain.Quote, error) {
	return tx.quote(tx.locked(), who, ref)
}

// LookAtQuote finds a quote without holding its row.
func (tx *Tx) LookAtQuote(who domain.Actor, ref string) (domain.Quote, error) {
	return tx.quote(tx.db, who, ref)
}

func (tx *Tx) quote(q *gorm.DB, who domain.Actor, ref string) (domain.Quote, error) {
	var row quoteRow
	if err := one(q.Where("id = ? OR number = ?", ref, ref).Take(&row), "quote"); err != nil {
		return domain.Quote{}, err
	}
	if found := domain.Quote(row); who.SeesQuote(found) {
		return found, nil
	}
	return domain.Quote{}, domain.NotThere("quote")
}

// ChangeQuote writes a changed quote whose Version was raised by one, if its row
// still has the version before and the state from. Stale otherwise; Conflict when
// the database does not know the change of state.
func (tx *Tx) ChangeQuote(q domain.Quote, from domain.QuoteState) error {
	row := quoteFound(q)
	changed := tx.db.Model(&foundQuote{}).Where("id = ? AND version = ? AND state = ?", q.ID, q.Version-1, from).Select("*").Updates(&row)
	if constraint(changed.Error) == "quotes_lifecycle" {
		return domain.Refuse(domain.Because("", "not_from_here", "A quote's life has no such step."))
	}
	return guarded(changed, "quote")
}

// TakeSeatsForQuote takes n seats of an offering on sale for an offer, of which q
// are held for quotes. False, and nothing taken, when not that many are left, quotes
// would hold more than their share, or it is not on sale: the database decides.
func (tx *Tx) TakeSeatsForQuote(offeringID string, n, q int) (bool, error) {
	done := tx.db.Exec(`UPDATE offerings SET taken = taken + ?, quote_held = quote_held + ? WHERE id = ? AND status = 'published' AND taken + ? <= capacity
		AND (quote_held + ?) * 100 <= capacity * quote_hold_pct`, n, q, offeringID, n, q)
	return done.RowsAffected == 1, done.Error
}

// GiveQuoteSeats gives n seats back, of which q were held for quotes.
func (tx *Tx) GiveQuoteSeats(offeringID string, n, q int) error {
	return guarded(tx.db.Exec("UPDATE offerings SET taken = taken - ?, quote_held = quote_held - ? WHERE id = ?", n, q, offeringID), "webinar")
}

// QuoteHeld is how many seats of an offering are held for quotes.
func (tx *Tx) QuoteHeld(offeringID string) (int, error) {
	var n int
	err := tx.db.Raw("SELECT quote_held FROM offerings WHERE id = ?", offeringID).Scan(&n).Error
	return n, err
}

// CarrySeat moves a seat whose Version was raised by one to another order, with
// whoever sits on it and their link.
func (tx *Tx) CarrySeat(s domain.Seat) error {
	changed := tx.db.Exec("UPDATE seats SET order_id = ?, seq = ?, version = ?, updated_at = ? WHERE id = ? AND version = ?", s.OrderID, s.Seq, s.Version, s.UpdatedAt, s.ID, s.Version-1)
	return guarded(changed, "seat")
}

// QuotesOver are the ids of offers that have ended at the instant, first those that
// ended first.
func (tx *Tx) QuotesOver(now time.Time, limit int) ([]string, error) {
	var ids []string
	err := tx.db.Model(&quoteRow{}).Where("expires_at <= ? AND state = 'offered'", now).Order("expires_at, id").Limit(limit).Pluck("id", &ids).Error
	return ids, err
}

// QuotesCalledOff are the ids of open quotes whose webinar was cancelled.
func (tx *Tx) QuotesCalledOff(limit int) ([]string, error) {
	var ids []string
	err := tx.db.Model(&quoteRow{}).Where("offering_id IN (SELECT id FROM offerings WHERE status = ?)", domain.OfferingCancelled).
		Where("state IN ?", []domain.QuoteState{domain.QuoteRequested, domain.QuoteOffered}).Order("id").Limit(limit).Pluck("id", &ids).Error
	return ids, err
}

// QuotesEnding are the offers that end after one instant and up to another.
func (tx *Tx) QuotesEnding(after, to time.Time) ([]domain.Quote, error) {
	var rows []quoteRow
	err := tx.db.Where("state = 'offered' AND expires_at > ? AND expires_at <= ?", after, to).Order("expires_at, id").Limit(10_000).Find(&rows).Error
	return convert(rows, func(r quoteRow) domain.Quote { return domain.Quote(r) }), err
}

// QuoteFilter limits the list of quotes. The zero value is every quote.
type QuoteFilter struct {
	OfferingID string // or its address
	State      domain.QuoteState
	Words      string // beginnings of words of the number, and of the buyer's name, address and institution
	After      *ListCursor
	Limit      int
}

// QuoteLine is what a list shows of a quote. CreatedAt and ID are its place in the list.
type QuoteLine struct {
	ID            string
	Version       int
	Number        string
	State         domain.QuoteState
	AskedSeats    int
	Seats         int
	UnitCents     int
	TotalCents    int
	Revision      int
	BuyerName     string
	BuyerEmail    string
	Institution   string
	ExpiresAt     *time.Time
	HoldUntil     *time.Time
	CreatedAt     time.Time
	OfferingID    string
	OfferingSlug  string
	OfferingTitle string
	Zone          string
	OrderNumber   string // that it became; empty until then
}

const quoteLineColumns = `q.id, q.version, q.number, q.state, q.asked_seats, q.seats, q.unit_cents, q.total_cents, q.revision, q.buyer_name, q.buyer_email, q.institution,
  q.expires_at, q.hold_until, q.created_at, q.offering_id, f.slug AS offering_slug, f.title AS offering_title, f.zone,
  COALESCE((SELECT o.number FROM orders o WHERE o.id = q.order_id AND q.state = 'converted'), '') AS order_number`

// Quotes are the lines of the list, newest first, in one statement.
func (tx *Tx) Quotes(f QuoteFilter) ([]QuoteLine, error) {
	q := tx.db.Table("quotes q")
	if f.OfferingID != "" {
		q = q.Where("q.offering_id IN (SELECT id FROM offerings WHERE id = ? OR slug = ?)", f.OfferingID, f.OfferingID)
	}
	if f.State != "" {
		q = q.Where("q.state = ?", f.State)
	}
	q = saleFound(q, "q.found_by", f.Words)
	if f.After != nil {
		q = q.Where("(q.created_at, q.id) < (?, ?)", f.After.UpdatedAt, f.After.ID)
	}
	shown := q.Select("q.id").Order("q.created_at DESC, q.id DESC LIMIT " + strconv.Itoa(f.Limit))
	var lines []QuoteLine
	err := tx.db.Raw("SELECT "+quoteLineColumns+" FROM (?) n JOIN quotes q ON q.id = n.id JOIN offerings f ON f.id = q.offering_id ORDER BY q.created_at DESC, q.id DESC", shown).
		Scan(&lines).Error
	return lines, err
}

// QuotesWaiting is how many requests wait for a reply.
func (tx *Tx) QuotesWaiting() (int, error) {
	var n int
	err := tx.db.Raw("SELECT COUNT(*) FROM quotes WHERE state = 'requested'").Scan(&n).Error
	return n, err
}
