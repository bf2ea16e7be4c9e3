package api

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

const ledgerPage = 50

// stipendPages are the pages of those who prepare payments and pay.
func (s *Server) stipendPages() []*route {
	return []*route{
		page(get, "/staff/stipends", s.ledgerPage),
		page(get, "/staff/stipends.csv", s.ledgerFile),
		page(post, "/staff/stipends/approve", s.stipendsApproved).needsKey(),
		page(get, "/staff/stipends/payments", s.paymentsPage),
		page(post, "/staff/stipends/payments", s.paymentsRecorded).needsKey(),
		page(post, "/staff/stipends/payments/file", s.paymentsRead).takesFile().needsKey(),
		page(get, "/staff/stipends/tax", s.taxPage),
		page(get, "/staff/stipends/:id", s.stipendPage),
		page(post, "/staff/stipends/:id/:action", s.stipendDone).needsKey(),
	}
}

// ledgerYear is the program year of the address, or else the present one.
func (c *Call) ledgerYear(text string) domain.Year {
	if y := domain.Year(text); y.Valid() {
		return y
	}
	return domain.YearOf(c.Actor.Today)
}

// ledgerFilter reads the filters of the ledger's address; what is none of them is left out.
func (c *Call) ledgerFilter() workflows.StipendFilter {
	f := workflows.StipendFilter{Year: c.ledgerYear(c.QueryParam("year"))}
	stage := domain.StipendStage(c.QueryParam("stage"))
	if web.StageMark(stage).Label != "" || stage == web.StageBlocked {
		f.Stage = stage
	}
	return f
}

func (s *Server) ledgerPage(c *Call) error {
	f := c.ledgerFilter()
	f.Limit = ledgerPage + 1
	if at, err := time.Parse(time.RFC3339Nano, c.QueryParam("before")); err == nil {
		f.After = &workflows.Cursor{UpdatedAt: at, ID: c.QueryParam("id")}
	}
	l, err := s.stipends().Ledger(c.Ctx(), c.Actor, f)
	if err != nil {
		return err
	}
	p := web.StipendsPage{
		Page: c.frame("Stipend ledger " + l.Year.Short()), Tabs: web.SaleTabsFor(c.Actor, "/staff/stipends"), Year: l.Year, Years: yearsAround(l.Year, domain.YearOf(c.Actor.Today)), Zone: s.zone(), Stage: f.Stage,
		Pays: c.Actor.Has(domain.Finance), Links: c.Actor.Has(domain.Staff, domain.Admin), Cap: l.Settings.StipendCap, Amount: domain.Dollars(l.Settings.StipendCentsFor(l.Year)),
	}
	if len(l.Lines) > ledgerPage {
		l.Lines = l.Lines[:ledgerPage]
		last := l.Lines[ledgerPage-1]
		p.Next = ledgerHref(l.Year, f.Stage, url.Values{"before": {last.DesignatedAt.UTC().Format(time.RFC3339Nano)}, "id": {last.ID}})
	}
	for _, line := range l.Lines {
		p.Lines = append(p.Lines, ledgerLine(line))
		p.Approves = p.Approves || p.Lines[len(p.Lines)-1].MayApprove
	}
	p.Stats, p.ToPay = ledgerStats(l.Sums)
	for _, w := range l.Webinars {
		p.Webinars = append(p.Webinars, ledgerWebinar(w, p))
	}
	return c.show(http.StatusOK, web.Stipends(p))
}

func ledgerHref(y domain.Year, stage domain.StipendStage, more url.Values) string {
	q := url.Values{"year": {string(y)}}
	if stage != "" {
		q.Set("stage", string(stage))
	}
	for name, values := range more {
		q[name] = values
	}
	return "/staff/stipends?" + q.Encode()
}

func ledgerLine(l workflows.LedgerLine) web.LedgerLine {
	return web.LedgerLine{
		Stipend: l.Stipend, Speaker: l.Speaker, Number: l.Number, Title: l.Title, DeliveredAt: l.DeliveredAt, Approver: l.Approver, Method: l.Method,
		Reference: l.Reference, PaidOn: l.PaidOn, Returned: l.Returned, Why: l.Why,
		MayApprove: l.Next() == domain.ApproveMoney && len(l.Why) == 0 && l.Hold == "",
	}
}

// ledgerStats are the year's figures: what can be paid, what cannot, what is
// promised, what was paid.
func ledgerStats(sums []workflows.StipendSum) (stats []web.StipendStat, toPay int) {
	payable, approved := sumOf(sums, domain.StagePayable), sumOf(sums, domain.StageApproved)
	blocked := workflows.StipendSum{}
	promised := workflows.StipendSum{}
	for _, s := range sums {
		if s.Blocked {
			blocked.N, blocked.Cents = blocked.N+s.N, blocked.Cents+s.Cents
		}
		open := s.Stage == domain.StageDesignated || s.Stage == domain.StagePapers || s.Stage == domain.StageDelivery || s.Stage == domain.StageHold
		if open && !s.Blocked {
			promised.N, promised.Cents = promised.N+s.N, promised.Cents+s.Cents
		}
	}
	paid := sumOf(sums, domain.StagePaid)
	if payable.N+approved.N+blocked.N+promised.N+paid.N == 0 {
		return nil, 0
	}
	return []web.StipendStat{
		{Cents: payable.Cents, Text: strconv.Itoa(payable.N) + " payable, to be approved", Stage: domain.StagePayable},
		{Cents: blocked.Cents, Text: strconv.Itoa(blocked.N) + " blocked", Stage: web.StageBlocked},
		{Cents: approved.Cents, Text: strconv.Itoa(approved.N) + " approved, to be paid", Stage: domain.StageApproved},
		{Cents: promised.Cents, Text: strconv.Itoa(promised.N) + " promised, webinar to come", Stage: ""},
		{Cents: paid.Cents, Text: strconv.Itoa(paid.N) + " paid", Stage: domain.StagePaid},
	}, approved.N
}

func sumOf(sums []workflows.StipendSum, stage domain.StipendStage) (sum workflows.StipendSum) {
	for _, s := range sums {
		if s.Stage == stage {
			sum.N, sum.Cents = sum.N+s.N, sum.Cents+s.Cents
		}
	}
	return sum
}

func ledgerWebinar(w workflows.StipendWebinar, p web.StipendsPage) web.StipendWebinar {
	card := web.StipendWebinar{Title: w.Title, State: w.State, On: w.DeliveredAt, Used: w.Used, All: p.Cap}
	if p.Links {
		card.Href = "/proposals/" + or2(w.Number, w.ID)
	}
	for _, n := range []struct {
		n    int
		note string
	}{{w.Waived, "waived"}, {w.Void, "void"}, {w.Spent, "did not present"}, {w.Outside, "paid by a sponsor"}} {
		if n.n > 0 {
			card.Note += " · " + strconv.Itoa(n.n) + " " + n.note
		}
	}
	return card
}

// ledgerFile is the ledger as CSV: without those that were waived or ended,
// unless the filter asks for them.
func (s *Server) ledgerFile(c *Call) error {
	f := c.ledgerFilter()
	f.Live = f.Stage == ""
	lines, err := s.stipends().Lines(c.Ctx(), c.Actor, f)
	if err != nil {
		return err
	}
	return c.table("stipends-"+string(f.Year), workflows.LedgerTable(lines, s.zone()))
}

func (s *Server) stipendsApproved(c *Call) error {
	form, why, err := c.form()
	if err == nil {
		err = domain.Refuse(why...)
	}
	if err != nil {
		return err
	}
	all, err := s.stipends().ApproveAll(c.Ctx(), c.Actor, form["id"])
	if err != nil {
		return err
	}
	done, said := 0, ""
	for _, a := range all {
		if len(a.Why) == 0 {
			done++
			continue
		}
		said += " Not approved: " + domain.Refuse(a.Why...).Error()
	}
	c.flash(domain.Plural(done, "stipend") + " approved." + said)
	return c.see(ledgerHref(c.ledgerYear(form.Get("year")), domain.StipendStage(form.Get("stage")), nil))
}

func (s *Server) taxPage(c *Call) error {
	today := number(string(c.Actor.Today)[:4])
	year, ok := domain.TaxYear(c.QueryParam("year"))
	if !ok {
		year = today
	}
	r, err := s.stipends().TaxReport(c.Ctx(), c.Actor, year)
	if err != nil {
		return err
	}
	p := web.TaxPage{Page: c.frame("Year-end list "+strconv.Itoa(year), ledgerCrumb()), Report: r, Years: []int{today - 2, today - 1, today}}
	return c.show(http.StatusOK, web.TaxList(p))
}

func ledgerCrumb() web.Link { return web.Link{Label: "Stipends", Href: "/staff/stipends"} }
