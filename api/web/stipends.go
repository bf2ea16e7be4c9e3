package web

import (
	"net/url"
	"time"

	"github.com/a-h/templ"

	"lectern/domain"
)

var stageMarks = map[domain.StipendStage]Mark{
	domain.StageDesignated: {"info", "user", "Designated"},
	domain.StagePapers:     {"warn", "clock", "Paperwork"},
	domain.StageDelivery:   {"", "calendar", "Ready"},
	domain.StageHold:       {"warn", "lock", "Finance decides"},
	domain.StagePayable:    {"review", "cash", "Payable"},
	domain.StageApproved:   {"review", "check", "Approved"},
	domain.StagePaid:       {"good", "check", "Paid"},
	domain.StageWaived:     {"", "arrow-back-up", "Waived"},
	domain.StageVoid:       {"", "ban", "Void"},
	domain.StageOutside:    {"", "users", "Paid by a sponsor"},
}

// StageMark is the mark of where a stipend stands for those who pay.
func StageMark(s domain.StipendStage) Mark { return stageMarks[s] }

// StageBlocked filters the ledger by those that should be payable and are not.
const StageBlocked domain.StipendStage = "blocked"

// LedgerLine is a stipend as the ledger shows it.
type LedgerLine struct {
	domain.Stipend
	Speaker     string
	Number      string // of the webinar
	Title       string
	DeliveredAt *time.Time
	Approver    string
	Method      domain.PaymentMethod // of the good payment; empty: none
	Reference   string
	PaidOn      domain.Date
	Returned    int             // payments that came back
	Why         []domain.Reason // why the person cannot approve or pay it now; nil when they can
	MayApprove  bool            // in a batch
}

// Stage tells where the stipend stands.
func (l LedgerLine) Stage() domain.StipendStage { return l.Stipend.Stage(l.DeliveredAt != nil) }

// Blocked tells whether its webinar was delivered and it cannot be paid yet.
func (l LedgerLine) Blocked() bool { return l.Stipend.Blocked(l.DeliveredAt != nil) }

// Ended tells whether it pays nothing any more: waived or void.
func (l LedgerLine) Ended() bool {
	return l.Stage() == domain.StageWaived || l.Stage() == domain.StageVoid
}

// PaidTo is the name of who gets the money.
func (l LedgerLine) PaidTo() string { return l.PayTo(l.Speaker) }

// StipendsPage is the ledger of a program year. It posts the ids of those to
// approve to /staff/stipends/approve.
type StipendsPage struct {
	Page
	Tabs     []NavLink
	Year     domain.Year
	Years    []domain.Year
	Zone     string
	Stage    domain.StipendStage // the filter
	Stats    []StipendStat
	Lines    []LedgerLine
	Webinars []StipendWebinar
	Amount   string // of a place this year
	Cap      int
	Next     string // address of the next page
	Approves bool   // the person may approve some of these lines
	Pays     bool   // the person records payments
	ToPay    int    // approved, of the whole year
	Links    bool   // webinars can be opened by the person
}

// StipendStat is one figure of the year.
type StipendStat struct {
	Cents int
	Text  string
	Stage domain.StipendStage // what the figure filters by
}

// StipendWebinar is how the places of a webinar are used.
type StipendWebinar struct {
	Title string
	Href  string // empty: not for this person
	State domain.State
	On    *time.Time // delivered
	Used  int
	All   int
	Note  string
}

func (p StipendsPage) address(stage domain.StipendStage) string {
	q := url.Values{"year": {string(p.Year)}}
	if stage != "" {
		q.Set("stage", string(stage))
	}
	return "/staff/stipends?" + q.Encode()
}

func (p StipendsPage) controls() []Control {
	var years []domain.Option
	for _, y := range p.Years {
		years = append(years, domain.Option{Value: string(y), Label: y.Short()})
	}
	stages := []domain.Option{{Value: "", Label: "All"}, {Value: string(StageBlocked), Label: "Blocked"}}
	for _, s := range []domain.StipendStage{
		domain.StagePayable, domain.StageApproved, domain.StagePaid, domain.StageDesignated, domain.StagePapers,
		domain.StageHold, domain.StageDelivery, domain.StageWaived, domain.StageVoid, domain.StageOutside,
	} {
		stages = append(stages, domain.Option{Value: string(s), Label: StageMark(s).Label})
	}
	return []Control{
		{Name: "year", Label: "Program year", Value: string(p.Year), Options: years},
		{Name: "stage", Label: "Show", Value: string(p.Stage), Options: stages},
	}
}

func (p StipendsPage) clear() string {
	if p.Stage == "" {
		return ""
	}
	return p.address("")
}

func (p StipendsPage) file() string { return "/staff/stipends.csv?year=" + string(p.Year) }

// stageNote is the line under a stage.
func stageNote(l LedgerLine) string {
	switch l.Stage() {
	case domain.StagePapers:
		return "Missing: " + domain.AndList(l.Missing())
	case domain.StageHold:
		return l.Hold
	case domain.StageVoid:
		return l.VoidReason
	case domain.StagePaid:
		return l.Method.Label() + " " + l.Reference
	case domain.StageDelivery, domain.StagePayable:
		return "Agreement and tax form are here"
	}
	if l.Returned > 0 {
		return domain.Plural(l.Returned, "payment") + " came back"
	}
	return ""
}

// nextWords is what a stipend waits for.
func nextWords(l LedgerLine) string {
	switch l.Stage() {
	case domain.StageDesignated:
		return "The speaker accepts or waives"
	case domain.StagePapers:
		return "The papers come"
	case domain.StageDelivery:
		return "The webinar is delivered"
	case domain.StageHold, domain.StagePayable:
		return "Approve"
	case domain.StageApproved:
		return "Pay; approved by " + l.Approver
	case domain.StagePaid:
		return "Paid on " + l.PaidOn.Words()
	case domain.StageOutside:
		return "Nothing to do here"
	}
	return "Pays nothing"
}

// waiting tells whether the reasons of a line are worth showing: those of a
// stipend that is still to be paid.
func waiting(l LedgerLine) bool {
	return l.State.Live() && l.State != domain.StipendPaid && !l.External() && len(l.Why) > 0
}

// StipendPage is one stipend, for those who prepare payments and pay. Its forms
// post to /staff/stipends/{id}/{action}.
type StipendPage struct {
	Page
	Line     LedgerLine
	Payments []domain.Payment // oldest first
	Twin     bool             // it looks as if one person had two
	Href     string           // of the webinar; empty: not for this person
	Facts    []Fact
	Forms    []StipendForm
	Locked   []StipendLocked // moves of this state that the person cannot make now
	Reasons  []domain.Reason // of a refusal
}

// StipendForm is the form of one move.
type StipendForm struct {
	Action domain.StipendAction
	Title  string
	Note   string
	Fields []Control
	Button string
	Icon   string
	Filled bool // the next step: the page's filled button
	Danger bool
	Open   bool
}

// StipendLocked is a move with why it cannot be made.
type StipendLocked struct {
	Title   string
	Reasons []domain.Reason
}

func (p StipendPage) to(a domain.StipendAction) string {
	return "/staff/stipends/" + p.Line.ID + "/" + string(a)
}

// PaymentsPage records what was paid, of several stipends or from a file. It
// posts to /staff/stipends/payments and /staff/stipends/payments/file.
type PaymentsPage struct {
	Page
	Lines   []PaymentRow
	Method  string
	PaidOn  string
	Reasons []domain.Reason
	Pasted  string // text of a file that was refused
	More    bool   // there are more than one page shows
}

// PaymentRow is one approved stipend with what was typed for it.
type PaymentRow struct {
	LedgerLine
	Typed  string
	Errors []string
}

func (r PaymentRow) field() string { return "reference-" + r.ID }

func (r PaymentRow) attrs() templ.Attributes {
	attrs := templ.Attributes{"aria-label": "Number of the payment to " + r.PaidTo()}
	if len(r.Errors) > 0 {
		attrs["aria-invalid"], attrs["aria-describedby"] = "true", r.field()+"-error"
	}
	return attrs
}

// current marks the link to the page that is shown.
func current(here bool) templ.Attributes {
	if here {
		return templ.Attributes{"aria-current": "page"}
	}
	return nil
}

// TaxPage is the year-end list of a calendar year.
type TaxPage struct {
	Page
	Report domain.TaxReport
	Years  []int
}
