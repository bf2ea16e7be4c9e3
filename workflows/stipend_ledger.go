package workflows

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"lectern/domain"
	"lectern/internal/store"
)

// Stipends are the workflows of those who pay: the ledger, batches, the tax list.
type Stipends struct{ Proposals }

// StipendFilter limits the ledger.
type StipendFilter = store.StipendFilter

// StageBlocked filters those that should be payable and are not.
const StageBlocked = store.StageBlocked

// ledgerWebinars is how many webinars the ledger shows at most.
const ledgerWebinars = 60

// LedgerLine is a stipend of the ledger, with what keeps it from its next step.
type LedgerLine struct {
	store.StipendLine
	Why []domain.Reason // why the person asking cannot approve or pay it; nil when they can
}

// Next is the step that is due: approve, and then pay.
func (l LedgerLine) Next() domain.StipendAction {
	if l.State == domain.StipendApproved {
		return domain.PayMoney
	}
	return domain.ApproveMoney
}

// Ledger is a program year's stipends, as far as one page shows them.
type Ledger struct {
	Year     domain.Year
	Settings domain.Settings // of the section
	Lines    []LedgerLine
	Sums     []store.StipendSum
	Webinars []store.StipendWebinar
}

// seesLedger answers NotFound to those who do not pay or prepare payments.
func seesLedger(who domain.Actor) error {
	if !who.SeesMoney() {
		return domain.NotThere("page")
	}
	return nil
}

// Lines are the stipends of the filter, last designated first. NotFound for
// others than finance, staff and administrators.
func (w Stipends) Lines(ctx context.Context, who domain.Actor, f StipendFilter) ([]LedgerLine, error) {
	if err := seesLedger(who); err != nil {
		return nil, err
	}
	return store.Read(ctx, w.Store, func(tx *store.Tx) ([]LedgerLine, error) { return ledgerLines(tx, who, f) })
}

// Ledger is one page of the lines, with the sums and webinars of the whole year,
// in four statements. NotFound as in Lines.
func (w Stipends) Ledger(ctx context.Context, who domain.Actor, f StipendFilter) (Ledger, error) {
	l := Ledger{Year: f.Year}
	if err := seesLedger(who); err != nil {
		return l, err
	}
	if _, err := yearOr(f.Year, who); err != nil {
		return l, err
	}
	return store.Read(ctx, w.Store, func(tx *store.Tx) (Ledger, error) {
		var err error
		if l.Lines, err = ledgerLines(tx, who, f); err != nil {
			return l, err
		}
		if l.Sums, err = tx.StipendSums(f.Year); err != nil {
			return l, err
		}
		if l.Webinars, err = tx.StipendWebinars(f.Year, ledgerWebinars); err != nil {
			return l, err
		}
		l.Settings, err = settingsOf(tx)
		return l, err
	})
}

func ledgerLines(tx *store.Tx, who domain.Actor, f StipendFilter) ([]LedgerLine, error) {
	rows, err := tx.StipendLines(f)
	lines := make([]LedgerLine, len(rows))
	for i, r := range rows {
		lines[i] = LedgerLine{StipendLine: r}
		p, facts := lineFacts(r, who)
		lines[i].Why = r.Stipend.Why(lines[i].Next(), p, facts)
	}
	return lines, err
}

// lineFacts are the facts that the moves of finance depend on, out of one line.
func lineFacts(r store.StipendLine, who domain.Actor) (domain.Proposal, domain.Facts) {
	p := domain.Proposal{ID: r.ProposalID, Number: r.Number, Title: r.Title, Year: r.Year, DeliveredAt: r.DeliveredAt}
	return p, domain.Facts{Actor: who, Speakers: []domain.Speaker{{ID: r.SpeakerID, Name: r.Speaker, Affiliations: r.Affiliations}}}
}

// StipendView is a stipend with all that may be known of it by the person asking.
type StipendView struct {
	domain.Stipend
	Proposal domain.Proposal
	Facts    domain.Facts
	Line     store.StipendLine // of those who see the money
	Payments []domain.Payment  // of those who see the money; oldest first
	Actions  []domain.StipendAllowed
	Twins    []string // names of other speakers who look like the same person
}

// Get finds a stipend. NotFound when the person may not see it.
func (w Stipends) Get(ctx context.Context, who domain.Actor, id string) (StipendView, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (StipendView, error) { return w.view(tx, who, id) })
}

func (w Stipends) view(tx *store.Tx, who domain.Actor, id string) (StipendView, error) {
	lines, err := tx.StipendLines(StipendFilter{IDs: []string{id}})
	if err != nil {
		return StipendView{}, err
	}
	if len(lines) == 0 {
		return StipendView{}, domain.NotThere("stipend")
	}
	v := StipendView{Stipend: lines[0].Stipend}
	v.Proposal, v.Facts, err = tx.SeeProposal(payerSight(who), v.ProposalID)
	if err != nil || !who.SeesStipends(v.Proposal.GroupID) {
		return StipendView{}, wrongNoun(orNotThere(err), "stipend")
	}
	v.Facts.Actor, v.Facts.Now = who, w.Now()
	if v.Facts.Speakers, err = tx.Speakers(v.ProposalID); err != nil {
		return v, err
	}
	if v.Facts.Stipends, err = tx.Stipends(v.ProposalID); err != nil {
		return v, err
	}
	v.Actions = v.Open(v.Proposal, v.Facts)
	for _, t := range domain.Twins(domain.Active(v.Facts.Speakers), v.Facts.Stipends) {
		if t.A.ID == v.SpeakerID || t.B.ID == v.SpeakerID {
			v.Twins = append(v.Twins, t.A.Name+" and "+t.B.Name)
		}
	}
	if !who.SeesMoney() {
		return v, nil
	}
	v.Line = lines[0]
	v.Payments, err = tx.Payments(id)
	return v, err
}

func orNotThere(err error) error {
	if err == nil {
		return domain.NotThere("stipend")
	}
	return err
}

// TaxReport are the payees of a calendar year. NotFound for others than finance,
// staff and administrators.
func (w Stipends) TaxReport(ctx context.Context, who domain.Actor, year int) (domain.TaxReport, error) {
	if err := seesLedger(who); err != nil {
		return domain.TaxReport{}, err
	}
	return store.Read(ctx, w.Store, func(tx *store.Tx) (domain.TaxReport, error) {
		set, err := settingsOf(tx)
		if err != nil {
			return domain.TaxReport{}, err
		}
		lines, err := tx.TaxLines(year)
		return domain.NewTaxReport(set, year, lines), err
	})
}

// settingsOf are the section's settings, or the defaults before there is one.
func settingsOf(tx *store.Tx) (domain.Settings, error) {
	sections, err := tx.Sections()
	if err != nil || len(sections) == 0 {
		return domain.DefaultSettings(), err
	}
	return sections[0].Settings, nil
}

// LedgerTable is the ledger as a table for a spreadsheet, its heads first. Method,
// reference and paid_on of those to be paid are empty: filled in, the file can be
// imported (see ImportPayments). Days are in the zone.
func LedgerTable(lines []LedgerLine, zone string) [][]string {
	rows := [][]string{slices.Clone(ledgerHeads)}
	for _, l := range lines {
		delivered := ""
		if l.DeliveredAt != nil {
			delivered = string(domain.DateOf(*l.DeliveredAt, domain.Zone(zone)))
		}
		rows = append(rows, []string{
			l.ID, string(l.Year), l.Number, l.Title, l.Group, delivered, strconv.Itoa(l.Slot), l.Speaker, l.PaidTo(), payeeKind(l), string(l.FundedBy),
			strconv.Itoa(l.AmountCents), fmt.Sprintf("%d.%02d", l.AmountCents/100, l.AmountCents%100), string(l.State), string(l.Stage()), l.Designator, l.Approver,
			string(l.AgreementOn), string(l.TaxFormOn), string(l.Method), l.Reference, string(l.PaidOn), strconv.Itoa(l.Returned),
		})
	}
	return rows
}

var ledgerHeads = []string{
	"stipend", "program_year", "webinar", "title", "group", "delivered_on", "place", "speaker", "payee", "payee_is", "funded_by",
	"amount_cents", "amount", "state", "stage", "designated_by", "approved_by",
	"agreement_on", "tax_form_on", "method", "reference", "paid_on", "returned_payments",
}

func payeeKind(l LedgerLine) string {
	if l.Employer != "" {
		return "employer"
	}
	return "speaker"
}
