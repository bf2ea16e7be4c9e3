package workflows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"lectern/domain"
	"lectern/internal/intake"
	"lectern/internal/store"
)

// Approved is what became of one stipend of a batch: approved, or why not.
type Approved struct {
	ID      string
	Stipend domain.Stipend
	Why     []domain.Reason
}

// ApproveAll approves each stipend that can be, one transaction each, and tells
// of every other one why it cannot. NotFound for others than finance, staff and
// administrators.
func (w Stipends) ApproveAll(ctx context.Context, who domain.Actor, ids []string) ([]Approved, error) {
	if err := seesLedger(who); err != nil {
		return nil, err
	}
	var all []Approved
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		s, err := w.ActOnStipend(ctx, who, id, domain.ApproveMoney, Move{})
		var refused *domain.Error
		switch {
		case errors.As(err, &refused):
			all = append(all, Approved{ID: id, Why: refused.Reasons})
		case err != nil:
			return all, err
		default:
			all = append(all, Approved{ID: id, Stipend: s})
		}
	}
	return all, nil
}

// PaymentLine is one payment of a batch, and where it stands in what was sent.
type PaymentLine struct {
	Pointer string // a JSON pointer, or /line/7 of a file
	Named   string // what refusals begin with: Line 7
	ID      string // of the stipend
	domain.PaymentInput
}

// Recorded tells what a batch of payments did.
type Recorded struct {
	Paid      int // recorded now
	Unchanged int // recorded before, the same
	Skipped   int // lines of a file without reference and date
}

// PayAll records payments of several stipends in one transaction: all of them, or
// none, and then every line that is wrong is named. A payment that stands here
// already, the same, changes nothing.
func (w Stipends) PayAll(ctx context.Context, who domain.Actor, lines []PaymentLine) (Recorded, error) {
	if err := seesLedger(who); err != nil {
		return Recorded{}, err
	}
	lines = slices.Clone(lines)
	slices.SortStableFunc(lines, func(a, b PaymentLine) int { return strings.Compare(a.ID, b.ID) })
	return store.Write(ctx, w.Store, func(tx *store.Tx) (Recorded, error) {
		var done Recorded
		var why []domain.Reason
		for i, l := range lines {
			if i > 0 && lines[i-1].ID == l.ID {
				why = append(why, l.reasons([]domain.Reason{domain.Wrong("", "repeated", "This stipend stands here twice.")})...)
				continue
			}
			same, err := w.payLine(tx, who, l)
			var refused *domain.Error
			switch {
			case errors.As(err, &refused):
				why = append(why, l.reasons(refused.Reasons)...)
			case err != nil:
				return done, err
			case same:
				done.Unchanged++
			default:
				done.Paid++
			}
		}
		return done, domain.Refuse(why...)
	})
}

// payLine records one payment; true when the same one stood here already.
func (w Stipends) payLine(tx *store.Tx, who domain.Actor, l PaymentLine) (bool, error) {
	good, err := goodPayment(tx, l.ID)
	if err != nil {
		return false, err
	}
	if good != nil && good.Method == l.Method && good.Reference == oneLine(l.Reference) && good.PaidOn == l.PaidOn {
		return true, nil
	}
	_, err = w.actOnStipend(tx, who, l.ID, domain.PayMoney, Move{Input: domain.Input{Payment: l.PaymentInput}})
	return false, err
}

// reasons puts the reasons of one line at its place.
func (l PaymentLine) reasons(why []domain.Reason) []domain.Reason {
	out := make([]domain.Reason, len(why))
	for i, r := range why {
		r.Pointer = l.Pointer + r.Pointer
		if l.Named != "" {
			r.Detail = l.Named + ": " + r.Detail
		}
		out[i] = r
	}
	return out
}

// ImportPayments reads check numbers back from a CSV file with the columns
// stipend, method, reference and paid_on, such as the ledger's own file with
// these filled in. Lines without reference and date are left alone. All or
// nothing, and the same file again changes nothing.
func (w Stipends) ImportPayments(ctx context.Context, who domain.Actor, data []byte) (Recorded, error) {
	if err := seesLedger(who); err != nil {
		return Recorded{}, err
	}
	lines, skipped, err := paymentLines(data)
	if err != nil {
		return Recorded{}, err
	}
	done, err := w.PayAll(ctx, who, lines)
	done.Skipped = skipped
	return done, err
}

func paymentLines(data []byte) (lines []PaymentLine, skipped int, err error) {
	header, rows, err := intake.ReadCSV(data)
	if err != nil {
		return nil, 0, err
	}
	column := map[string]int{}
	for i, h := range header {
		column[strings.ToLower(h)] = i
	}
	var why []domain.Reason
	for _, name := range []string{"stipend", "method", "reference", "paid_on"} {
		if _, found := column[name]; !found {
			why = append(why, domain.Wrong("/"+name, "required", "The file needs a column “%s”.", name))
		}
	}
	if len(why) > 0 {
		return nil, 0, domain.Refuse(why...)
	}
	for i, r := range rows {
		cell := func(name string) string { return strings.TrimSpace(r[column[name]]) }
		if cell("reference") == "" && cell("paid_on") == "" {
			skipped++
			continue
		}
		lines = append(lines, PaymentLine{Pointer: fmt.Sprintf("/line/%d", i+2), Named: fmt.Sprintf("Line %d", i+2), ID: cell("stipend"), PaymentInput: domain.PaymentInput{
			Method: domain.PaymentMethod(strings.ToLower(cell("method"))), Reference: cell("reference"), PaidOn: domain.Date(cell("paid_on")),
		}})
	}
	return lines, skipped, nil
}
