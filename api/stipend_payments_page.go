package api

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

func (s *Server) paymentsPage(c *Call) error {
	return s.showPayments(c, again{status: http.StatusOK})
}

func (s *Server) showPayments(c *Call, back again) error {
	if !c.Actor.Has(domain.Finance) {
		return domain.NotThere("page")
	}
	lines, err := s.stipends().Lines(c.Ctx(), c.Actor, workflows.StipendFilter{Stage: domain.StageApproved, Limit: ledgerPage + 1})
	if err != nil {
		return err
	}
	p := web.PaymentsPage{
		Page: c.frame("Record payments", ledgerCrumb()), Method: or2(back.typed.Get("method"), string(domain.ByCheck)), PaidOn: or2(back.typed.Get("paid_on"), string(c.Actor.Today)),
		Reasons: back.why, Pasted: back.typed.Get("text"), More: len(lines) > ledgerPage,
	}
	p.HasErrors = len(back.why) > 0
	for _, l := range lines[:min(len(lines), ledgerPage)] {
		row := web.PaymentRow{LedgerLine: ledgerLine(l), Typed: back.typed.Get("reference-" + l.ID)}
		row.Errors = says(back.why, "/reference-"+l.ID)
		p.Lines = append(p.Lines, row)
	}
	return c.show(back.status, web.Payments(p))
}

// paymentsRecorded records the payments that were given a number, all or none.
func (s *Server) paymentsRecorded(c *Call) error {
	form, why, err := c.form()
	if err != nil {
		return err
	}
	lines := typedPayments(form)
	if len(lines) == 0 && len(why) == 0 {
		why = []domain.Reason{domain.Wrong("", "required", "Give the number of at least one payment.")}
	}
	var done workflows.Recorded
	if err = domain.Refuse(why...); err == nil {
		done, err = s.stipends().PayAll(c.Ctx(), c.Actor, lines)
	}
	return s.recorded(c, done, err, form)
}

func typedPayments(form url.Values) []workflows.PaymentLine {
	var lines []workflows.PaymentLine
	for name := range form {
		id, ok := strings.CutPrefix(name, "reference-")
		if reference := strings.TrimSpace(form.Get(name)); ok && reference != "" {
			lines = append(lines, workflows.PaymentLine{Pointer: "/reference-" + id, ID: id, PaymentInput: domain.PaymentInput{
				Method: domain.PaymentMethod(form.Get("method")), Reference: reference, PaidOn: domain.Date(form.Get("paid_on")),
			}})
		}
	}
	return lines
}

func (s *Server) recorded(c *Call, done workflows.Recorded, err error, form url.Values) error {
	if err == nil {
		said := domain.Plural(done.Paid, "payment") + " recorded."
		if done.Unchanged > 0 {
			said += " " + domain.Plural(done.Unchanged, "payment") + " stood here already."
		}
		c.flash(said)
		return c.see("/staff/stipends")
	}
	status, reasons, ok := refused(err)
	if !ok {
		return err
	}
	return s.showPayments(c, again{status: status, why: onFields(reasons), typed: form})
}

// onFields points what is wrong with one payment's method or date at the field
// that all of them share, once.
func onFields(why []domain.Reason) []domain.Reason {
	var out []domain.Reason
	seen := map[string]bool{}
	for _, r := range why {
		for _, name := range []string{"method", "paid_on"} {
			if strings.HasPrefix(r.Pointer, "/reference-") && strings.HasSuffix(r.Pointer, "/"+name) {
				r.Pointer = "/" + name
			}
		}
		r.Pointer = strings.TrimSuffix(r.Pointer, "/reference")
		if key := r.Pointer + r.Detail; !seen[key] {
			out, seen[key] = append(out, r), true
		}
	}
	return out
}

// paymentsRead records the payments of a file, or of its lines pasted.
func (s *Server) paymentsRead(c *Call) error {
	form, why, err := c.form()
	if err != nil {
		return err
	}
	data, err := fileOrText(c, form.Get("text"))
	if err != nil {
		return err
	}
	if len(data) == 0 && len(why) == 0 {
		why = []domain.Reason{domain.Wrong("/text", "required", "Choose a file, or paste its lines.")}
	}
	var done workflows.Recorded
	if err = domain.Refuse(why...); err == nil {
		done, err = s.stipends().ImportPayments(c.Ctx(), c.Actor, data)
	}
	if len(data) > 0 && form.Get("text") == "" {
		form.Set("text", strings.ToValidUTF8(string(data), "\uFFFD"))
	}
	return s.recorded(c, done, err, form)
}

// fileOrText is the file that was sent, or else the text.
func fileOrText(c *Call, text string) ([]byte, error) {
	file, _, err := c.Request().FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return []byte(text), nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(file)
	if len(data) == 0 {
		data = []byte(text)
	}
	return data, err
}
