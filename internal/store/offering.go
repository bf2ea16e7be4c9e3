package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm"

	"lectern/domain"
)

type offeringRow struct {
	ID               string `gorm:"primaryKey"`
	Version          int
	SectionID        string
	ProposalID       string
	Revision         int
	Slug             string
	Status           domain.OfferingStatus
	Title            string
	ShortDescription string
	Description      string
	Outcomes         []string `gorm:"serializer:document"`
	Audience         string
	Level            string
	Topics           []string           `gorm:"serializer:document"`
	Presenters       []domain.Presenter `gorm:"serializer:document"`
	StartsAt         *time.Time
	RescheduledAt    *time.Time
	Sequence         int
	Minutes          int
	Zone             string
	Capacity         int
	Taken            int
	SalesOpenAt      *time.Time
	SalesCloseAt     *time.Time
	Captions         string
	Recording        string
	RecordingURL     string
	Platform         string
	Tech             string
	JoinURL          string
	PriceContact     string
	AccessContact    string
	POAllowed        bool `gorm:"column:po_allowed"`
	PONumberNeeded   bool `gorm:"column:po_number_needed"`
	QuoteFrom        int
	MaxSelfServe     int
	QuoteHoldPct     int
	HoldMinutes      int
	CreditLimitCents int
	MinMinutes       int
	Reason           string
	PublishedAt      *time.Time
	DeliveredAt      *time.Time
	CreatedBy        string
	CreatedAt        time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt        time.Time `gorm:"autoUpdateTime:false"`
}

func (offeringRow) TableName() string { return "offerings" }

type priceTierRow struct {
	OfferingID string
	RateClass  string
	Label      string
	MinSeats   int
	MaxSeats   int
	UnitCents  int
	SortOrder  int
}

func (priceTierRow) TableName() string { return "price_tiers" }

// AddOffering writes a planned offering with its prices. Conflict when the
// proposal has one already, or is not an accepted webinar.
func (tx *Tx) AddOffering(o domain.Offering, tiers []domain.PriceTier) error {
	row := offeringRow(o)
	err := tx.db.Create(&row).Error
	switch constraint(err) {
	case "offerings_proposal":
		return domain.Refuse(domain.OnSaleAlready())
	case "offerings_selected":
		return domain.Refuse(domain.Because("R9", "not_a_selected_webinar", "Only an accepted webinar is put on sale."))
	}
	if err != nil {
		return err
	}
	if err := tx.indexOffering(o); err != nil {
		return err
	}
	return tx.PutPriceTiers(o.ID, tiers)
}

// indexOffering writes anew what the catalogue finds an offering by.
func (tx *Tx) indexOffering(o domain.Offering) error {
	if err := tx.db.Exec("DELETE FROM offering_words WHERE offering_id = ?", o.ID).Error; err != nil {
		return err
	}
	var rows []map[string]any
	for _, w := range o.Words() {
		rows = append(rows, map[string]any{"word": w, "offering_id": o.ID})
	}
	if len(rows) == 0 {
		return nil
	}
	return tx.db.Table("offering_words").Create(&rows).Error
}

// ChangeOffering writes a changed offering whose Version was raised by one, if
// its row still has the version and status before. Seats taken meanwhile stay.
// Stale otherwise; Conflict when fewer seats are left than were taken.
func (tx *Tx) ChangeOffering(o domain.Offering, from domain.OfferingStatus) error {
	row := offeringRow(o)
	changed := tx.db.Model(&offeringRow{}).Where("id = ? AND version = ? AND status = ?", o.ID, o.Version-1, from).
		Select("*").Omit("taken").Updates(&row)
	switch constraint(changed.Error) {
	case "offerings_taken":
		return domain.Refuse(domain.CapacityBelowTaken(o.Taken))
	case "offerings_lifecycle":
		return domain.Refuse(domain.Because("", "not_from_here", "The life of a webinar has no such step."))
	}
	if err := guarded(changed, "webinar"); err != nil {
		return err
	}
	return tx.indexOffering(o)
}

// PutPriceTiers replaces an offering's prices.
func (tx *Tx) PutPriceTiers(offeringID string, tiers []domain.PriceTier) error {
	if err := tx.db.Where("offering_id = ?", offeringID).Delete(&priceTierRow{}).Error; err != nil || len(tiers) == 0 {
		return err
	}
	rows := convert(tiers, func(t domain.PriceTier) priceTierRow { t.OfferingID = offeringID; return priceTierRow(t) })
	err := tx.db.Create(&rows).Error
	if constraint(err) == "price_tiers_overlap" {
		return domain.Refuse(domain.Wrong("/prices", "prices_overlap", "Two prices hold for the same buyers and number of seats."))
	}
	return err
}

// forSale limits a query on offerings to what the actor may see: everybody what
// is or was public, staff and administrators the planned ones too.
func forSale(q *gorm.DB, a domain.Actor) *gorm.DB {
	if w := forSaleTo(a); len(w.conditions) > 0 {
		return q.Where(strings.Join(w.conditions, " AND "), w.values...)
	}
	return q
}

// forSaleTo is the same condition of a question written by hand.
func forSaleTo(a domain.Actor) where {
	var w where
	if !a.Has(domain.Staff, domain.Admin) && !a.Clock {
		w.and("(status <> ? AND published_at IS NOT NULL)", domain.OfferingPlanned)
	}
	return w
}

// Offering finds an offering by id or slug, if the actor may see it, and holds
// its row until the transaction ends. NotFound otherwise.
func (tx *Tx) Offering(a domain.Actor, ref string) (domain.Offering, error) {
	return takeOffering(forSale(tx.locked(), a), ref)
}

// SeeOffering is Offering without holding the row, for reading.
func (tx *Tx) SeeOffering(a domain.Actor, ref string) (domain.Offering, error) {
	which := forSaleTo(a)
	which.and("(id = ? OR slug = ?)", ref, ref)
	found, err := tx.offerings(which, " LIMIT 1")
	if err != nil {
		return domain.Offering{}, err
	}
	if len(found) == 0 {
		return domain.Offering{}, domain.NotThere("webinar")
	}
	return found[0], nil
}

var (
	offeringsSQL   = sync.OnceValue(func() string { return "SELECT " + strings.Join(names(offeringRow{}), ", ") + " FROM offerings" })
	offeringPlaces = sync.OnceValue(func() []place { return places(offeringRow{}) })
)

// offerings are those that conditions give, with what follows them: order and limit.
func (tx *Tx) offerings(which where, rest string) ([]domain.Offering, error) {
	var all []domain.Offering
	err := tx.ask(func(found row) error {
		var r offeringRow
		if err := scanRow(found, offeringPlaces(), &r); err != nil {
			return fmt.Errorf("read a webinar: %w", err)
		}
		all = append(all, domain.Offering(r))
		return nil
	}, offeringsSQL()+which.text()+rest, which.values...)
	return all, err
}

func takeOffering(q *gorm.DB, ref string) (domain.Offering, error) {
	var row offeringRow
	err := one(q.Where("(id = ? OR slug = ?)", ref, ref).Take(&row), "webinar")
	return domain.Offering(row), err
}

// OfferingOf finds a proposal's offering; nil when there is none.
func (tx *Tx) OfferingOf(proposalID string) (*domain.Offering, error) {
	var rows []offeringRow
	err := tx.db.Where("proposal_id = ?", proposalID).Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	o := domain.Offering(rows[0])
	return &o, nil
}

// SlugTaken tells whether an offering has this address already.
func (tx *Tx) SlugTaken(slug string) (bool, error) {
	var n int64
	err := tx.db.Model(&offeringRow{}).Where("slug = ?", slug).Limit(1).Count(&n).Error
	return n > 0, err
}

// PriceTiers are an offering's prices, in the order of its table.
func (tx *Tx) PriceTiers(offeringID string) ([]domain.PriceTier, error) {
	all, err := tx.priceTiers([]string{offeringID})
	return all, err
}

func (tx *Tx) priceTiers(offeringIDs []string) ([]domain.PriceTier, error) {
	var all []domain.PriceTier
	var t priceTierRow
	err := tx.ask(func(found row) error {
		if err := found.Scan(&t.OfferingID, &t.RateClass, &t.Label, &t.MinSeats, &t.MaxSeats, &t.UnitCents, &t.SortOrder); err != nil {
			return fmt.Errorf("read a price: %w", err)
		}
		all = append(all, domain.PriceTier(t))
		return nil
	}, priceTiersSQL, offeringIDs)
	return all, err
}

const priceTiersSQL = `SELECT offering_id, rate_class, label, min_seats, max_seats, unit_cents, sort_order FROM price_tiers
WHERE offering_id IN (?) ORDER BY offering_id, sort_order, rate_class, min_seats`

// PricesOf are the prices of several offerings, by offering.
func (tx *Tx) PricesOf(offeringIDs []string) (map[string][]domain.PriceTier, error) {
	by := map[string][]domain.PriceTier{}
	if len(offeringIDs) == 0 {
		return by, nil
	}
	all, err := tx.priceTiers(offeringIDs)
	for _, t := range all {
		by[t.OfferingID] = append(by[t.OfferingID], t)
	}
	return by, err
}

// TakeSeats takes n seats of an offering on sale. False, and nothing taken, when
// not that many are left or it is not on sale: the database decides, never a look before. The version
// stays: a sale is no change of what staff edit.
func (tx *Tx) TakeSeats(offeringID string, n int) (bool, error) {
	done := tx.db.Exec("UPDATE offerings SET taken = taken + ? WHERE id = ? AND status = 'published' AND taken + ? <= capacity", n, offeringID, n)
	return done.RowsAffected == 1, done.Error
}

// GiveSeats gives n seats back, in the transaction of the change of state that
// frees them.
func (tx *Tx) GiveSeats(offeringID string, n int) error {
	return guarded(tx.db.Exec("UPDATE offerings SET taken = taken - ? WHERE id = ?", n, offeringID), "webinar")
}

// OfferingFilter limits a list of offerings. The zero value is everything the actor may see.
type OfferingFilter struct {
	Statuses []domain.OfferingStatus
	Words    string    // beginnings of words of title, topics and presenters
	Topic    string    // as people read it
	Price    string    // free or paid
	Upcoming time.Time // that end after then; zero: any time
	Past     time.Time // that began before then; zero: any time
	After    *OfferingCursor
	Limit    int
}

// OfferingCursor is the place behind which a list goes on: a start and an id.
type OfferingCursor struct {
	StartsAt time.Time `json:"s"`
	ID       string    `json:"i"`
}

// Offerings are offerings by start, the soonest first; past ones the latest
// first.
func (tx *Tx) Offerings(a domain.Actor, f OfferingFilter) ([]domain.Offering, error) {
	which := forSaleTo(a)
	if len(f.Statuses) > 0 {
		which.and("status IN (?)", convert(f.Statuses, func(s domain.OfferingStatus) string { return string(s) }))
	}
	if !f.Upcoming.IsZero() {
		which.and("starts_at >= ?", f.Upcoming)
	}
	if !f.Past.IsZero() {
		which.and("starts_at < ?", f.Past)
	}
	for _, w := range domain.QueryWords(f.Words) {
		which.and("EXISTS (SELECT 1 FROM offering_words w WHERE w.offering_id = offerings.id AND w.word >= ? AND w.word < ?)", w, wordEnd(w))
	}
	f.kind(&which)
	back := !f.Past.IsZero()
	if c := f.After; c != nil && back {
		which.and("(starts_at < ? OR starts_at = ? AND id < ?)", c.StartsAt, c.StartsAt, c.ID)
	} else if c != nil {
		which.and("(starts_at > ? OR starts_at = ? AND id > ?)", c.StartsAt, c.StartsAt, c.ID)
	}
	order := "starts_at, id"
	if back {
		order = "starts_at DESC, id DESC"
	}
	return tx.offerings(which, " ORDER BY "+order+" LIMIT "+strconv.Itoa(f.Limit))
}

// kind adds the conditions of a topic and of what is free or paid.
func (f OfferingFilter) kind(which *where) {
	if f.Topic != "" {
		named, err := json.Marshal(f.Topic)
		if err != nil { // a text always has its JSON
			panic(err)
		}
		which.and(`topics LIKE ? ESCAPE '!'`, "%"+strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(string(named))+"%")
	}
	const paid = "EXISTS (SELECT 1 FROM price_tiers t WHERE t.offering_id = offerings.id AND t.unit_cents > 0)"
	switch f.Price {
	case "free":
		which.and("NOT " + paid)
	case "paid":
		which.and(paid)
	}
}

// OfferingTopics are the topics of the public webinars, by name.
func (tx *Tx) OfferingTopics() ([]string, error) {
	var lists []string
	if err := forSale(tx.db.Model(&offeringRow{}), domain.Actor{}).Distinct("topics").Limit(1000).Pluck("topics", &lists).Error; err != nil {
		return nil, err
	}
	var all []string
	for _, l := range lists {
		var some []string
		if err := json.Unmarshal([]byte(l), &some); err != nil {
			return nil, fmt.Errorf("read a webinar's topics: %w", err)
		}
		all = append(all, some...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// AllOfferings are the newest offerings for staff, planned ones too, by last change.
func (tx *Tx) AllOfferings(a domain.Actor, after *ListCursor, limit int) ([]domain.Offering, error) {
	q := forSale(tx.db, a)
	if after != nil {
		q = q.Where("(updated_at < ? OR updated_at = ? AND id < ?)", after.UpdatedAt, after.UpdatedAt, after.ID)
	}
	var rows []offeringRow
	err := q.Order("updated_at DESC, id DESC").Limit(limit).Find(&rows).Error
	return convert(rows, func(r offeringRow) domain.Offering { return domain.Offering(r) }), err
}

// OverdueSales are the ids of offerings on sale whose sale has ended by itself.
func (tx *Tx) OverdueSales(now time.Time, limit int) ([]string, error) {
	var ids []string
	err := tx.db.Model(&offeringRow{}).Where("status = ? AND COALESCE(sales_close_at, starts_at) <= ?", domain.OfferingPublished, now).
		Order("starts_at, id").Limit(limit).Pluck("id", &ids).Error
	return ids, err
}
