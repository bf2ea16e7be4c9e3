package api

import (
	"strconv"
	"time"

	"lectern/domain"
	"lectern/workflows"
)

// LedgerLineOut is a stipend as the ledger shows it.
type LedgerLineOut struct {
	ID               string               `json:"id"`
	Version          int                  `json:"version"`
	Year             domain.Year          `json:"year"`
	Webinar          string               `json:"webinar"` // the proposal's number
	Title            string               `json:"title"`
	Group            string               `json:"group"`
	DeliveredAt      *time.Time           `json:"delivered_at"`
	Place            int                  `json:"place"`
	Speaker          string               `json:"speaker"`
	Payee            string               `json:"payee"` // who is paid: the speaker or the employer
	AmountCents      int                  `json:"amount_cents"`
	Currency         string               `json:"currency"`
	FundedBy         domain.Funding       `json:"funded_by"`
	State            domain.StipendState  `json:"state"`
	Stage            domain.StipendStage  `json:"stage"`
	Blocked          bool                 `json:"blocked"` // delivered, and cannot be paid yet
	Next             domain.StipendAction `json:"next"`    // approve or pay
	Reasons          []ReasonOut          `json:"reasons"` // why you cannot do that now
	DesignatedBy     string               `json:"designated_by"`
	DesignatedAt     time.Time            `json:"designated_at"`
	ApprovedBy       string               `json:"approved_by"`
	AgreementOn      domain.Date          `json:"agreement_on"`
	TaxFormOn        domain.Date          `json:"tax_form_on"`
	Hold             string               `json:"hold"`
	Method           domain.PaymentMethod `json:"method"` // of the good payment; empty: none
	Reference        string               `json:"reference"`
	PaidOn           domain.Date          `json:"paid_on"`
	ReturnedPayments int                  `json:"returned_payments"`
}

func ledgerLineOut(l workflows.LedgerLine) LedgerLineOut {
	return LedgerLineOut{
		ID: l.ID, Version: l.Version, Year: l.Year, Webinar: l.Number, Title: l.Title, Group: l.Group, DeliveredAt: l.DeliveredAt, Place: l.Slot,
		Speaker: l.Speaker, Payee: l.PaidTo(), AmountCents: l.AmountCents, Currency: "USD", FundedBy: l.FundedBy, State: l.State, Stage: l.Stage(),
		Blocked: l.Blocked(), Next: l.Next(), Reasons: reasonsOut(l.Why), DesignatedBy: l.Designator, DesignatedAt: l.DesignatedAt, ApprovedBy: l.Approver,
		AgreementOn: l.AgreementOn, TaxFormOn: l.TaxFormOn, Hold: l.Hold, Method: l.Method, Reference: l.Reference, PaidOn: l.PaidOn, ReturnedPayments: l.Returned,
	}
}

type stipendFilters struct {
	Year  domain.Year         `query:"year" json:"year" validate:"max=7"`
	State domain.StipendState `query:"state" json:"state" validate:"omitempty,oneof=designated accepted waived approved paid void"`
	Stage domain.StipendStage `query:"stage" json:"stage" validate:"omitempty,oneof=designated papers delivery hold payable approved paid waived void outside blocked"`
}

type listStipendsIn struct {
	listIn
	stipendFilters
}

func (s *Server) listStipends(c *Call, in listStipendsIn) (list[LedgerLineOut], error) {
	if in.Year != "" && !in.Year.Valid() {
		return list[LedgerLineOut]{}, badParameter("year", "Write the program year as 2026-27.")
	}
	key, err := after[lineKey](in.listIn, in.stipendFilters)
	if err != nil {
		return list[LedgerLineOut]{}, err
	}
	f := workflows.StipendFilter{Year: in.Year, State: in.State, Stage: in.Stage, Limit: in.limit() + 1}
	if key != nil {
		f.After = &workflows.Cursor{UpdatedAt: key.At, ID: key.ID}
	}
	rows, err := s.stipends().Lines(c.Ctx(), c.Actor, f)
	if err != nil {
		return list[LedgerLineOut]{}, err
	}
	return pageOf(rows, in.listIn, in.stipendFilters, ledgerLineOut, func(l workflows.LedgerLine) lineKey { return lineKey{l.DesignatedAt, l.ID} })
}

// TaxReportOut is what payees got from Lectern in a calendar year. It is not what
// they got from the association by other ways.
type TaxReportOut struct {
	Year           int          `json:"year"`
	ThresholdCents *int         `json:"threshold_cents"` // null: the section set none for the year yet
	Scope          string       `json:"scope"`           // Lectern payments only
	Payees         []TaxLineOut `json:"payees"`          // all, by name
}

// TaxLineOut is one payee of a calendar year.
type TaxLineOut struct {
	Payee    string `json:"payee"`
	Payments int    `json:"payments"`
	Cents    int    `json:"cents"`
	Listed   bool   `json:"listed"`   // at the threshold or over it
	Namesake bool   `json:"namesake"` // another line has the same name: it may be one person
}

const taxScope = "Lectern payments only"

type taxReportIn struct {
	Year string `query:"year" json:"-" validate:"required,max=4"`
}

func (s *Server) taxReport(c *Call, in taxReportIn) (TaxReportOut, error) {
	year, ok := domain.TaxYear(in.Year)
	if !ok {
		return TaxReportOut{}, badParameter("year", "Write the calendar year as 2026.")
	}
	r, err := s.stipends().TaxReport(c.Ctx(), c.Actor, year)
	out := TaxReportOut{Year: year, Scope: taxScope, Payees: []TaxLineOut{}}
	if r.Known {
		out.ThresholdCents = &r.Threshold
	}
	for _, l := range r.Lines {
		out.Payees = append(out.Payees, TaxLineOut{l.Payee, l.Payments, l.Cents, r.Listed(l), l.Twin})
	}
	return out, err
}

type approveStipendsIn struct {
	IDs []string `json:"ids" validate:"required,min=1,max=100"`
}

// ApprovedOut is what became of each stipend of a batch.
type ApprovedOut struct {
	Approved int               `json:"approved"`
	Results  []ApprovedLineOut `json:"results"`
}

// ApprovedLineOut is one stipend of a batch: approved, or why not.
type ApprovedLineOut struct {
	ID       string      `json:"id"`
	Approved bool        `json:"approved"`
	Reasons  []ReasonOut `json:"reasons"`
}

func (s *Server) approveStipends(c *Call, in approveStipendsIn) (ApprovedOut, error) {
	all, err := s.stipends().ApproveAll(c.Ctx(), c.Actor, in.IDs)
	out := ApprovedOut{Results: []ApprovedLineOut{}}
	for _, a := range all {
		if len(a.Why) == 0 {
			out.Approved++
		}
		out.Results = append(out.Results, ApprovedLineOut{a.ID, len(a.Why) == 0, reasonsOut(a.Why)})
	}
	return out, err
}

type payStipendsIn struct {
	Payments []stipendPaymentIn `json:"payments" validate:"required,min=1,max=100"`
}

type stipendPaymentIn struct {
	ID string `json:"id" validate:"required,max=64"`
	paymentIn
}

// RecordedOut is what a batch of payments, or a file of them, did.
type RecordedOut struct {
	Paid      int `json:"paid"`
	Unchanged int `json:"unchanged"` // recorded before, the same
	Skipped   int `json:"skipped"`   // lines of a file without reference and date
}

func (s *Server) payStipends(c *Call, in payStipendsIn) (RecordedOut, error) {
	var lines []workflows.PaymentLine
	for i, p := range in.Payments {
		lines = append(lines, workflows.PaymentLine{Pointer: "/payments/" + strconv.Itoa(i), ID: p.ID, PaymentInput: p.payment()})
	}
	r, err := s.stipends().PayAll(c.Ctx(), c.Actor, lines)
	return RecordedOut(r), err
}

func (s *Server) importPayments(c *Call, _ struct{}) (RecordedOut, error) {
	r, err := s.stipends().ImportPayments(c.Ctx(), c.Actor, c.raw)
	return RecordedOut(r), err
}
