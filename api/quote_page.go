package api

import (
	"net/http"
	"net/url"
	"strings"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

// quotePages are the pages of quotes: asking for one, the buyer's by its link, and
// those of staff.
func (s *Server) quotePages() []*route {
	return []*route{
		page(get, "/orders/:secret/quote", s.quoteAskPage).open(),
		page(post, "/orders/:secret/quote", s.quoteAskedInPlace).open(),
		page(get, "/quotes/:secret", s.quotePage).open(),
		page(post, "/quotes/:secret", s.quoteMoved).open().needsKey().first(s.sweepForQuote),
		page(get, "/quotes/:secret/document", s.quoteDocumentPage).open(),
		page(get, "/quotes/:secret/document.pdf", s.quoteDocumentPDF).open(),
		page(get, "/staff/quotes", s.quotesPage),
		page(get, "/staff/quotes.csv", s.quotesFile),
		page(get, "/staff/quotes/:number", s.staffQuotePage),
		page(post, "/staff/quotes/:number", s.staffQuoteMoved).needsKey().first(s.sweepForQuote),
		page(get, "/staff/quotes/:number/document", s.staffQuoteDocument),
		page(get, "/staff/quotes/:number/document.pdf", s.staffQuotePDF),
	}
}

// quoteWish is what was typed into a form that asks for a quote.
func quoteWish(form url.Values) domain.QuoteWish {
	return domain.QuoteWish{
		Wish:  domain.Wish{Seats: form.Get("seats"), Name: form.Get("name"), Email: strings.TrimSpace(form.Get("email")), Institution: form.Get("institution")},
		PayBy: domain.PayBy(form.Get("pay_by")), Note: form.Get("note"),
	}
}

// quoteAsked asks for a quote from the checkout. Refused, the page comes back with
// what was typed.
func (s *Server) quoteAsked(c *Call, form url.Values, why []domain.Reason) error {
	v, err := s.askFor(c, c.Actor, c.Param("slug"), quoteWish(form), why)
	if status, reasons, ok := refused(err); ok {
		return s.showCheckout(c, again{status: status, why: reasons, typed: form})
	}
	if err != nil {
		return err
	}
	c.flash(thanksFor(v))
	return c.see("/offerings/" + v.Facts.Offering.Slug)
}

func (s *Server) askFor(c *Call, who domain.Actor, slug string, wish domain.QuoteWish, why []domain.Reason) (workflows.QuoteView, error) {
	if err := domain.Refuse(why...); err != nil {
		return workflows.QuoteView{}, err
	}
	return s.requestQuote(c, who, slug, wish)
}

// thanksFor does not say where the mail goes: the next page may be seen by others.
func thanksFor(v workflows.QuoteView) string {
	return "Thank you. We have your request " + v.Number + " for " + domain.Plural(v.AskedSeats, "seat") + ". You get a price by mail by " + domain.Deadline(v.ReplyBy(v.Facts.Offering.Zone, v.Facts.Terms), v.Facts.Offering.Zone) + "."
}

// quoteAskPage is where an order's buyer asks for a quote that takes its place.
func (s *Server) quoteAskPage(c *Call) error {
	return s.showQuoteAsk(c, again{status: http.StatusOK})
}

func (s *Server) showQuoteAsk(c *Call, back again) error {
	d, err := s.buyerDesk(c)
	if err != nil {
		return err
	}
	v, err := s.orders().Order(c.Ctx(), d.who, d.ref)
	if err != nil {
		return err
	}
	from := v.Facts.SelfServed() + 1
	p := web.QuoteAskPage{
		Page: c.frame("More seats by quote", web.Link{Label: "Order " + v.Number, Href: d.to}), To: d.to + "/quote", Back: d.to, Replaces: v.Order, Offering: v.Facts.Offering, From: from,
		Seats: itoa(max(from, v.Seats)), Name: v.BuyerName, Email: v.BuyerEmail, Institution: v.Institution, Reasons: back.why,
	}
	if t := back.typed; t != nil {
		p.Seats, p.Name, p.Email, p.Institution, p.PayBy, p.Note = t.Get("seats"), t.Get("name"), t.Get("email"), t.Get("institution"), domain.PayBy(t.Get("pay_by")), t.Get("note")
	}
	p.HasErrors = len(back.why) > 0
	return c.show(back.status, web.QuoteAsk(p))
}

func (s *Server) quoteAskedInPlace(c *Call) error {
	form, why, err := c.form()
	if err != nil {
		return err
	}
	d, err := s.buyerDesk(c)
	if err != nil {
		return err
	}
	o, err := s.orders().Order(c.Ctx(), d.who, d.ref)
	if err != nil {
		return err
	}
	wish := quoteWish(form)
	wish.Replaces = o.ID
	v, err := s.askFor(c, d.who, o.OfferingID, wish, why)
	if status, reasons, ok := refused(err); ok {
		return s.showQuoteAsk(c, again{status: status, why: reasons, typed: form})
	}
	if err != nil {
		return err
	}
	c.flash(thanksFor(v))
	return c.see(d.to)
}

// quoteDesk is the desk behind a quote's own link. It has no other rights.
func (s *Server) quoteDesk(c *Call) (orderDesk, error) {
	id, serial, ok := s.Access.Links.QuoteID(c.Param("secret"))
	if !ok {
		return orderDesk{}, domain.NotThere("quote")
	}
	who := domain.Actor{QuoteID: id, QuoteSerial: serial, Today: c.Actor.Today}
	return orderDesk{who: who, ref: id, to: "/quotes/" + c.Param("secret")}, nil
}

func staffQuoteDesk(c *Call) orderDesk {
	n := c.Param("number")
	return orderDesk{who: c.Actor, ref: n, to: "/staff/quotes/" + url.PathEscape(n), staff: true}
}

func (s *Server) quotePage(c *Call) error {
	d, err := s.quoteDesk(c)
	if err != nil {
		return err
	}
	return s.showQuote(c, d, again{status: http.StatusOK})
}

func (s *Server) quoteMoved(c *Call) error {
	d, err := s.quoteDesk(c)
	if err != nil {
		return err
	}
	return s.moveQuote(c, d)
}

func (s *Server) staffQuotePage(c *Call) error {
	return s.showQuote(c, staffQuoteDesk(c), again{status: http.StatusOK})
}

func (s *Server) staffQuoteMoved(c *Call) error { return s.moveQuote(c, staffQuoteDesk(c)) }

func (s *Server) showQuote(c *Call, d orderDesk, back again) error {
	v, err := s.quotes().Quote(c.Ctx(), d.who, d.ref)
	if err != nil {
		return err
	}
	f := v.Facts
	p := web.QuotePage{
		Page: c.frame("Quote "+v.Number, quoteCrumbs(d)...), To: d.to, Staff: d.staff, Quote: v.Quote, Offering: f.Offering, Revisions: v.Revisions, Open: v.Open, Replaces: f.Replaces,
		Order: v.Made, Held: f.Held != nil && !f.Held.Over(s.now()), Now: s.now(), ReplyBy: v.ReplyBy(f.Offering.Zone, f.Terms), Contact: v.Contact, QuoteTyped: quoteTyped(v, back.typed),
		Floor: domain.QuoteFloor(f), Most: f.SelfServed(), Days: f.Terms.QuoteDays, Net: f.Terms.NetDays, Reasons: asBilling(back.why),
	}
	p.HasErrors = len(back.why) > 0
	switch {
	case v.OrderLink != "":
		p.OrderHref = "/orders/" + v.OrderLink
	case v.Made != nil:
		p.OrderHref = "/staff/orders/" + v.Made.Number
	}
	if d.staff {
		p.Warnings = domain.QuoteWarnings(v.TotalCents, f)
		if p.History, err = s.quoteHistory(c, v.ID); err != nil {
			return err
		}
	}
	return c.show(back.status, web.QuoteShown(p))
}

func quoteCrumbs(d orderDesk) []web.Link {
	if d.staff {
		return []web.Link{{Label: "Quotes", Href: "/staff/quotes"}}
	}
	return nil
}

// quoteTyped fills the fields: with what was typed, or with what is known.
func quoteTyped(v workflows.QuoteView, t url.Values) web.QuoteTyped {
	if t != nil {
		return web.QuoteTyped{
			Seats: t.Get("seats"), Unit: t.Get("unit_cents"), Total: t.Get("total_cents"), ValidUntil: t.Get("valid_until"), Message: t.Get("message"), Hold: t.Get("hold") != "", NetDays: t.Get("net_days"),
			Billing: t.Get("billing_name"), Address: t.Get("billing_address"), PONumber: t.Get("po_number"), Reason: t.Get("reason"),
		}
	}
	typed := web.QuoteTyped{Seats: itoa(v.AskedSeats), Billing: v.Institution}
	if v.Revision > 0 {
		typed.Seats, typed.Message, typed.Hold = itoa(v.Seats), v.Message, v.HoldUntil != nil
		if domain.InTotal(v.UnitCents, v.TotalCents) {
			typed.Total = dollarsTyped(v.TotalCents)
		} else {
			typed.Unit = dollarsTyped(v.UnitCents)
		}
		typed.NetDays = itoa(v.NetDays(v.Facts.Terms))
	}
	return typed
}

func (s *Server) quoteHistory(c *Call, id string) ([]web.QuoteStep, error) {
	lines, err := s.quotes().History(c.Ctx(), c.Actor, id)
	var all []web.QuoteStep
	for _, l := range lines {
		all = append(all, web.QuoteStep{At: l.At, By: or2(l.ActorName, "The buyer"), Action: domain.QuoteAction(l.Action), Detail: l.Detail})
	}
	return all, err
}

// moveQuote makes the move of the button that was pressed.
func (s *Server) moveQuote(c *Call, d orderDesk) error {
	form, why, err := c.form()
	if err != nil {
		return err
	}
	a := domain.QuoteAction(form.Get("do"))
	if quoteDone[a] == "" {
		why = append(why, domain.Wrong("/do", "required", "Choose one of the buttons."))
	}
	in, wrong := quoteInput(form, a)
	var v workflows.QuoteView
	if err = domain.Refuse(append(why, wrong...)...); err == nil {
		v, err = s.quotes().Act(c.Ctx(), d.who, d.ref, a, workflows.QuoteChange{Version: number(form.Get("version")), QuoteInput: in})
	}
	if status, reasons, ok := refused(err); ok {
		return s.showQuote(c, d, again{status: status, why: reasons, typed: form})
	}
	if err != nil {
		return err
	}
	c.flash(quoteDone[a])
	if v.OrderLink != "" {
		return c.see("/orders/" + v.OrderLink)
	}
	return c.see(d.to)
}

var quoteDone = map[domain.QuoteAction]string{
	domain.OfferQuote: "The quote is on its way to the buyer.", domain.ReviseQuote: "The new offer is on its way. The one before can no longer be accepted.",
	domain.AcceptQuote: "Thank you. Your order is in, and the invoice is on this page.", domain.DeclineQuote: "You declined the quote. Nothing was ordered.",
	domain.WithdrawQuote: "The quote is withdrawn, and the buyer is told.",
}

// quoteInput reads the fields of a move. What is no price is refused at its field.
func quoteInput(form url.Values, a domain.QuoteAction) (domain.QuoteInput, []domain.Reason) {
	in := domain.QuoteInput{
		Seats: form.Get("seats"), ValidUntil: domain.Date(form.Get("valid_until")), Hold: form.Get("hold") != "", Message: form.Get("message"), Revision: number(form.Get("revision")),
		Billing:  domain.Billing{Name: strings.TrimSpace(form.Get("billing_name")), Address: linesOf(form.Get("billing_address"))},
		PONumber: form.Get("po_number"), Reason: form.Get("reason"),
	}
	if a != domain.OfferQuote && a != domain.ReviseQuote {
		return in, nil
	}
	if typed := strings.TrimSpace(form.Get("net_days")); typed != "" {
		if in.NetDays = number(typed); in.NetDays == 0 {
			in.NetDays = -1 // refused at its field
		}
	}
	var unit, total []domain.Reason
	in.UnitCents, unit = typedCents(form, "unit_cents")
	in.TotalCents, total = typedCents(form, "total_cents")
	return in, append(unit, total...)
}

// typedCents reads a price, 0 when the field is left empty. A price of nothing is -1,
// which is refused at its field.
func typedCents(form url.Values, field string) (int, []domain.Reason) {
	typed := form.Get(field)
	if strings.TrimSpace(typed) == "" {
		return 0, nil
	}
	n, ok := centsOf(typed)
	switch {
	case !ok:
		return 0, []domain.Reason{domain.Wrong("/"+field, "not_a_price", "Write the price in dollars: 39 or 39.50.")}
	case n == 0:
		return -1, nil
	}
	return n, nil
}

func (s *Server) quoteDocumentPage(c *Call) error {
	d, err := s.quoteDesk(c)
	if err != nil {
		return err
	}
	return s.showQuoteDocument(c, d)
}

func (s *Server) quoteDocumentPDF(c *Call) error {
	d, err := s.quoteDesk(c)
	if err != nil {
		return err
	}
	return s.sendQuotePDF(c, d.who, d.ref)
}

func (s *Server) staffQuoteDocument(c *Call) error {
	return s.showQuoteDocument(c, staffQuoteDesk(c))
}

func (s *Server) staffQuotePDF(c *Call) error {
	return s.sendQuotePDF(c, c.Actor, c.Param("number"))
}

func (s *Server) showQuoteDocument(c *Call, d orderDesk) error {
	doc, v, err := s.quoteDocument(c, d.who, d.ref)
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, web.InvoiceShown(web.InvoicePage{
		Page: c.frame(doc.Title(), append(quoteCrumbs(d), web.Link{Label: "Quote " + v.Number, Href: d.to})...), Document: doc, Back: d.to, PDF: d.to + "/document.pdf?revision=" + itoa(doc.Revision),
	}))
}
