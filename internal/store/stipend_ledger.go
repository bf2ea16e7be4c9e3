package store

import (
	"sync"
	"time"

	"gorm.io/gorm"

	"lectern/domain"
)

// StipendLine is a stipend as the ledger shows it, with its webinar and its good
// payment.
type StipendLine struct {
	domain.Stipend
	Speaker      string
	Affiliations []string
	Number       string
	Title        string
	Year         domain.Year
	Group        string
	DeliveredAt  *time.Time
	Designator   string // names
	Approver     string
	AgreementTo  string
	TaxFormTo    string
	Method       domain.PaymentMethod // of the good payment; empty: none
	Reference    string
	PaidOn       domain.Date
	Returned     int // payments that came back
}

// Stage tells where the stipend stands.
func (l StipendLine) Stage() domain.StipendStage { return l.Stipend.Stage(l.DeliveredAt != nil) }

// Blocked tells whether its webinar was delivered and it cannot be paid yet.
func (l StipendLine) Blocked() bool { return l.Stipend.Blocked(l.DeliveredAt != nil) }

// PaidTo is the name of who gets the money.
func (l StipendLine) PaidTo() string { return l.PayTo(l.Speaker) }

type stipendLineRow struct {
	Stipend      stipendRow `gorm:"embedded;embeddedPrefix:t_"`
	Speaker      string
	Affiliations []string `gorm:"serializer:document"`
	Number       string
	Title        string
	Year         domain.Year
	GroupName    string
	DeliveredAt  *time.Time
	Designator   string
	Approver     string
	AgreementTo  string
	TaxFormTo    string
	Method       domain.PaymentMethod
	Reference    string
	PaidOn       domain.Date
	Returned     int
}

func (r stipendLineRow) line() StipendLine {
	return StipendLine{
		Stipend: domain.Stipend(r.Stipend), Speaker: r.Speaker, Affiliations: r.Affiliations, Number: r.Number, Title: r.Title, Year: r.Year,
		Group: r.GroupName, DeliveredAt: r.DeliveredAt, Designator: r.Designator, Approver: r.Approver, AgreementTo: r.AgreementTo,
		TaxFormTo: r.TaxFormTo, Method: r.Method, Reference: r.Reference, PaidOn: r.PaidOn, Returned: r.Returned,
	}
}

var stipendLineColumns = sync.OnceValue(func() string {
	return columns("t", stipendRow{}) + `, s.name AS speaker, s.affiliations AS affiliations, p.number AS number, p.title AS title, p.year AS year,
  g.name AS group_name, p.delivered_at AS delivered_at, COALESCE(dp.name, '') AS designator, COALESCE(ap.name, '') AS approver,
  COALESCE(np.name, '') AS agreement_to, COALESCE(fp.name, '') AS tax_form_to,
  COALESCE(y.method, '') AS method, COALESCE(y.reference, '') AS reference, COALESCE(y.paid_on, '') AS paid_on,
  (SELECT COUNT(*) FROM stipend_payments z WHERE z.stipend_id = t.id AND z.state = 'returned') AS returned`
})

const stipendLineJoins = `JOIN proposals p ON p.id = t.proposal_id
JOIN speakers s ON s.id = t.speaker_id
JOIN groups g ON g.id = p.group_id
LEFT JOIN people dp ON dp.id = t.designated_by
LEFT JOIN people ap ON ap.id = t.approved_by
LEFT JOIN people np ON np.id = t.agreement_by
LEFT JOIN people fp ON fp.id = t.tax_form_by
LEFT JOIN stipend_payments y ON y.stipend_id = t.id AND y.state = 'good'`

// StipendFilter limits the ledger. The zero value is every stipend.
type StipendFilter struct {
	Year  domain.Year
	State domain.StipendState
	Stage domain.StipendStage // or StageBlocked
	IDs   []string
	Live  bool        // without those that were waived or ended
	After *ListCursor // UpdatedAt is when it was designated
	Limit int         // 0: all
}

// StageBlocked is no stage of one stipend but those of delivered webinars that
// cannot be paid yet.
const StageBlocked domain.StipendStage = "blocked"

const (
	waits  = "t.funded_by = 'section' AND t.state IN ('designated', 'accepted')"
	papers = "(t.agreement_on = '' OR t.tax_form_on = '')"
)

// stageSQL is domain's Stage as a condition; a test compares the two.
var stageSQL = map[domain.StipendStage]string{
	domain.StageDesignated: "t.funded_by = 'section' AND t.state = 'designated'",
	domain.StagePapers:     "t.funded_by = 'section' AND t.state = 'accepted' AND " + papers,
	domain.StageHold:       "t.funded_by = 'section' AND t.state = 'accepted' AND NOT " + papers + " AND t.hold <> ''",
	domain.StageDelivery:   "t.funded_by = 'section' AND t.state = 'accepted' AND NOT " + papers + " AND t.hold = '' AND p.delivered_at IS NULL",
	domain.StagePayable:    "t.funded_by = 'section' AND t.state = 'accepted' AND NOT " + papers + " AND t.hold = '' AND p.delivered_at IS NOT NULL",
	domain.StageApproved:   "t.state = 'approved'",
	domain.StagePaid:       "t.state = 'paid'",
	domain.StageWaived:     "t.state = 'waived'",
	domain.StageVoid:       "t.state = 'void'",
	domain.StageOutside:    "t.funded_by = 'external' AND t.state IN ('designated', 'accepted')",
	StageBlocked:           waits + " AND p.delivered_at IS NOT NULL AND (t.state = 'designated' OR " + papers + " OR t.hold <> '')",
}

// StipendLines are the stipends of the ledger, last designated first. Who may see
// it is the caller's to decide.
func (tx *Tx) StipendLines(f StipendFilter) ([]StipendLine, error) {
	q := f.on(tx.db.Table("stipends t").Select(stipendLineColumns()).Joins(stipendLineJoins).Order("t.designated_at DESC, t.id DESC"))
	var rows []stipendLineRow
	err := q.Scan(&rows).Error
	return convert(rows, stipendLineRow.line), err
}

func (f StipendFilter) on(q *gorm.DB) *gorm.DB {
	if f.Year != "" {
		q = q.Where("p.year = ?", f.Year)
	}
	if f.State != "" {
		q = q.Where("t.state = ?", f.State)
	}
	if f.Stage != "" {
		q = q.Where("(" + stageSQL[f.Stage] + ")")
	}
	if f.Live {
		q = q.Where("t.state NOT IN ('waived', 'void')")
	}
	if f.IDs != nil {
		q = q.Where("t.id IN ?", orNone(f.IDs))
	}
	if f.After != nil {
		q = q.Where("(t.designated_at, t.id) < (?, ?)", f.After.UpdatedAt, f.After.ID)
	}
	if f.Limit > 0 {
		q = q.Limit(f.Limit)
	}
	return q
}

// StipendSum is how many stipends stand alike, and what they come to.
type StipendSum struct {
	Stage   domain.StipendStage
	Blocked bool
	N       int
	Cents   int
}

type sumRow struct {
	FundedBy    domain.Funding
	State       domain.StipendState
	AgreementOn domain.Date
	TaxFormOn   domain.Date
	Hold        string
	Delivered   bool
	N           int
	Cents       int
}

// StipendSums are the stipends of a program year by what their stage depends on:
// a few rows, however many stipends there are.
func (tx *Tx) StipendSums(y domain.Year) ([]StipendSum, error) {
	var rows []sumRow
	err := tx.db.Table("stipends t").Select(`t.funded_by, t.state, CASE WHEN t.agreement_on = '' THEN '' ELSE 'x' END AS agreement_on,
		CASE WHEN t.tax_form_on = '' THEN '' ELSE 'x' END AS tax_form_on, CASE WHEN t.hold = '' THEN '' ELSE 'x' END AS hold,
		p.delivered_at IS NOT NULL AS delivered, COUNT(*) AS n, SUM(t.amount_cents) AS cents`).
		Joins("JOIN proposals p ON p.id = t.proposal_id").Where("p.year = ?", y).Group("1, 2, 3, 4, 5, 6").Order("1, 2, 3, 4, 5, 6").Scan(&rows).Error
	var sums []StipendSum
	for _, r := range rows {
		sums = added(sums, r.sum())
	}
	return sums, err
}

func (r sumRow) sum() StipendSum {
	s := domain.Stipend{FundedBy: r.FundedBy, State: r.State, AgreementOn: r.AgreementOn, TaxFormOn: r.TaxFormOn, Hold: r.Hold}
	return StipendSum{s.Stage(r.Delivered), s.Blocked(r.Delivered), r.N, r.Cents}
}

// added puts those that stand alike together.
func added(sums []StipendSum, one StipendSum) []StipendSum {
	for i, s := range sums {
		if s.Stage == one.Stage && s.Blocked == one.Blocked {
			sums[i].N, sums[i].Cents = s.N+one.N, s.Cents+one.Cents
			return sums
		}
	}
	return append(sums, one)
}

// StipendWebinar is a webinar with how its places are used.
type StipendWebinar struct {
	ID          string
	Number      string
	Title       string
	State       domain.State
	DeliveredAt *time.Time
	Used        int // places taken, by live stipends and by those that ended after delivery
	Spent       int // of these, ended after delivery
	Waived      int
	Void        int // and free again
	Outside     int // speakers whom a sponsor pays
}

// StipendWebinars are the webinars of a program year that have stipends, by
// their last designation, newest first, at most so many.
func (tx *Tx) StipendWebinars(y domain.Year, limit int) ([]StipendWebinar, error) {
	var rows []StipendWebinar
	count := func(condition string) string { return "SUM(CASE WHEN " + condition + " THEN 1 ELSE 0 END)" }
	err := tx.db.Table("stipends t").Select("p.id, p.number, p.title, p.state, p.delivered_at, "+
		count("t.slot > 0 AND (t.spent OR t.state NOT IN ('waived', 'void'))")+" AS used, "+count("t.spent")+" AS spent, "+
		count("t.state = 'waived'")+" AS waived, "+count("t.state = 'void' AND NOT t.spent")+" AS void, "+
		count("t.funded_by = 'external' AND t.state NOT IN ('waived', 'void')")+" AS outside").
		Joins("JOIN proposals p ON p.id = t.proposal_id").Where("p.year = ?", y).
		Group("p.id, p.number, p.title, p.state, p.delivered_at").Order("MAX(t.designated_at) DESC, p.id DESC").Limit(limit).Scan(&rows).Error
	return rows, err
}
