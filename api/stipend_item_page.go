package api

import (
	"net/http"
	"net/url"
	"slices"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

func (s *Server) stipendPage(c *Call) error {
	return s.showStipend(c, again{status: http.StatusOK})
}

func (s *Server) showStipend(c *Call, back again) error {
	if !c.Actor.SeesMoney() {
		return domain.NotThere("page")
	}
	v, err := s.stipends().Get(c.Ctx(), c.Actor, c.Param("id"))
	if err != nil {
		return err
	}
	p := web.StipendPage{
		Page: c.frame("Stipend of "+v.Line.Speaker, ledgerCrumb()), Line: ledgerLine(workflows.LedgerLine{StipendLine: v.Line}),
		Payments: v.Payments, Twin: len(v.Twins) > 0, Facts: stipendFacts(v, s.zone()), Reasons: back.why,
	}
	p.HasErrors = len(back.why) > 0
	if c.Actor.Has(domain.Staff, domain.Admin) {
		p.Href = "/proposals/" + or2(v.Line.Number, v.ProposalID)
	}
	p.Forms, p.Locked = stipendForms(v, back)
	return c.show(back.status, web.Stipend(p))
}

func stipendFacts(v workflows.StipendView, zone string) []web.Fact {
	l := v.Line
	facts := []web.Fact{{Term: "Amount", Text: domain.Dollars(l.AmountCents)}}
	if l.External() {
		facts = []web.Fact{{Term: "Paid by", Text: "A sponsor; takes no place"}}
	}
	facts = append(facts, web.Fact{Term: "Paid to", Text: paidTo(v)}, web.Fact{Term: "Group", Text: l.Group},
		web.Fact{Term: "Designated", Text: "by " + or2(l.Designator, "somebody") + ", " + domain.LongDay(l.DesignatedAt, zone)},
		web.Fact{Term: "Agreement", Text: cameOn(l.AgreementOn, l.AgreementTo)}, web.Fact{Term: "Tax form", Text: taxFormWords(l)},
		web.Fact{Term: "Delivered", Text: deliveredWords(v, zone)})
	if l.Hold != "" {
		facts = append(facts, web.Fact{Term: "Hold", Text: l.Hold})
	}
	if l.ApprovedAt != nil {
		facts = append(facts, web.Fact{Term: "Approved", Text: "by " + l.Approver + ", " + domain.LongDay(*l.ApprovedAt, zone)})
	}
	if l.VoidReason != "" {
		facts = append(facts, web.Fact{Term: "Ended", Text: l.VoidReason})
	}
	return facts
}

func paidTo(v workflows.StipendView) string {
	if v.Employer != "" {
		return v.Employer + ", the speaker’s employer"
	}
	return v.Line.Speaker
}

func cameOn(d domain.Date, by string) string {
	if d == "" {
		return "Not here yet"
	}
	return "Came " + d.Words() + ", noted by " + or2(by, "somebody")
}

func taxFormWords(l workflows.StipendLine) string {
	if l.TaxFormOn == "" {
		return "Not here yet"
	}
	return or2(l.TaxForm.Label(), "Tax form") + ": " + cameOn(l.TaxFormOn, l.TaxFormTo)
}

func deliveredWords(v workflows.StipendView, zone string) string {
	switch {
	case v.Line.DeliveredAt == nil:
		return "Not yet"
	case v.Presented != nil && *v.Presented:
		return domain.LongDay(*v.Line.DeliveredAt, zone) + "; presented"
	}
	return domain.LongDay(*v.Line.DeliveredAt, zone) + "; did not present"
}

// payerMoves are the moves of this page, in the order they are shown.
var payerMoves = []struct {
	action domain.StipendAction
	form   web.StipendForm
}{
	{domain.PayMoney, web.StipendForm{Title: "Record the payment", Button: "Record the payment", Icon: "cash", Filled: true}},
	{domain.ApproveMoney, web.StipendForm{Title: "Approve", Button: "Approve", Icon: "check", Filled: true}},
	{domain.NoteContract, web.StipendForm{Title: "The signed agreement came", Button: "Note the agreement", Icon: "certificate"}},
	{domain.NoteTaxForm, web.StipendForm{Title: "The tax form came", Note: "Never write a tax number here.", Button: "Note the tax form", Icon: "file-invoice"}},
	{domain.ReturnMoney, web.StipendForm{Title: "The payment came back", Note: "It can then be paid again.", Button: "Record that it came back", Icon: "arrow-back-up", Danger: true}},
	{domain.VoidMoney, web.StipendForm{Title: "End this stipend", Button: "End the stipend", Icon: "ban", Danger: true}},
}

// stipendForms are the forms of the moves that can be made, and those of the
// present state that cannot, with why.
func stipendForms(v workflows.StipendView, back again) (forms []web.StipendForm, locked []web.StipendLocked) {
	for _, m := range payerMoves {
		i := slices.IndexFunc(v.Actions, func(a domain.StipendAllowed) bool { return a.Action == m.action })
		why := v.Actions[i].Reasons
		switch {
		case len(why) == 0:
			f := m.form
			f.Action, f.Open = m.action, back.typed.Get("action") == string(m.action)
			f.Fields = stipendControls(v, m.action, back)
			forms = append(forms, f)
		case m.action == domain.ApproveMoney && !slices.ContainsFunc(why, func(r domain.Reason) bool { return r.Code == "not_from_here" }):
			locked = append(locked, web.StipendLocked{Title: m.form.Title, Reasons: why})
		}
	}
	return forms, locked
}

func stipendControls(v workflows.StipendView, a domain.StipendAction, back again) []web.Control {
	var all []web.Control
	for _, name := range stipendAsks(v, a) {
		c := payerControls[name]
		c.Name, c.ID = name, string(a)+"-"+name
		if name == "reason" && a == domain.ApproveMoney {
			c.Label, c.Hint = "Why it may be paid", v.Hold
		}
		if c.Type == "date" {
			c.Value = string(v.Facts.Actor.Today)
		}
		if back.typed.Get("action") == string(a) {
			c.Value, c.Errors = back.typed.Get(name), says(back.why, "/"+name)
		}
		all = append(all, c)
	}
	return all
}

func stipendAsks(v workflows.StipendView, a domain.StipendAction) []string {
	switch a {
	case domain.PayMoney:
		return []string{"method", "reference", "paid_on"}
	case domain.NoteContract:
		return []string{"on"}
	case domain.NoteTaxForm:
		return []string{"form", "on"}
	case domain.ReturnMoney:
		return []string{"on", "reason"}
	case domain.VoidMoney:
		return []string{"reason"}
	case domain.ApproveMoney:
		if v.Hold != "" {
			return []string{"reason"}
		}
	}
	return nil
}

var payerControls = map[string]web.Control{
	"method":    {Label: "How", Options: web.MethodOptions()},
	"reference": {Label: "Check or transfer number", Autocomplete: "off", Class: "w-m"},
	"paid_on":   {Label: "Paid on", Type: "date", Class: "w-m"},
	"on":        {Label: "On", Type: "date", Class: "w-m"},
	"form":      {Label: "Which form", Options: web.TaxFormOptions()},
	"reason":    {Label: "Why", Rows: 2},
}

var stipendSaid = map[domain.StipendAction]string{
	domain.AcceptMoney: "The stipend is accepted.", domain.WaiveMoney: "The stipend is waived; its place is free again.", domain.VoidMoney: "The stipend is ended.",
	domain.NoteContract: "The agreement is noted.", domain.NoteTaxForm: "The tax form is noted.", domain.ApproveMoney: "The stipend is approved; it can be paid.",
	domain.PayMoney: "The payment is recorded.", domain.ReturnMoney: "It is recorded that the payment came back. It can be paid again.",
}

// stipendInput reads what was filled in for a move of a stipend.
func stipendInput(form url.Values) workflows.Move {
	return workflows.Move{Version: number(form.Get("version")), Input: domain.Input{
		Reason: form.Get("reason"), On: domain.Date(form.Get("on")), TaxForm: domain.TaxForm(form.Get("form")), Employer: form.Get("employer"),
		Payment: domain.PaymentInput{Method: domain.PaymentMethod(form.Get("method")), Reference: form.Get("reference"), PaidOn: domain.Date(form.Get("paid_on"))},
	}}
}

func (s *Server) stipendDone(c *Call) error {
	a := domain.StipendAction(c.Param("action"))
	if stipendSaid[a] == "" || !c.Actor.SeesMoney() {
		return domain.NotThere("page")
	}
	form, why, err := c.form()
	if err != nil {
		return err
	}
	if err = domain.Refuse(why...); err == nil {
		_, err = s.proposals().ActOnStipend(c.Ctx(), c.Actor, c.Param("id"), a, stipendInput(form))
	}
	if err == nil {
		c.flash(stipendSaid[a])
		return c.see("/staff/stipends/" + c.Param("id"))
	}
	status, reasons, ok := refused(err)
	if !ok {
		return err
	}
	form.Set("action", string(a))
	for i := range reasons {
		if reasons[i].Pointer != "" {
			reasons[i].Pointer = "/" + string(a) + "-" + reasons[i].Pointer[1:]
		}
	}
	return s.showStipend(c, again{status: status, why: reasons, typed: form})
}
