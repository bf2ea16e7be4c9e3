package api

import (
	"net/http"
	"net/url"
	"strings"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

// orderPages are the pages of selling seats: checkout, order, seat, and the list
// for staff.
func (s *Server) orderPages() []*route {
	return []*route{
		page(get, "/offerings/:slug/register", s.checkoutPage).open(),
		page(post, "/offerings/:slug/register", s.checkedOut).open().first(s.sweepFirst),
		page(get, "/orders/:secret", s.orderPage).open(),
		page(post, "/orders/:secret", s.orderMoved).open(),
		page(post, "/orders/:secret/seats", s.seatsSaved).open(),
		page(get, "/orders/:secret/invoice", s.invoicePage).open(),
		page(get, "/orders/:secret/invoice.pdf", s.invoicePDF).open(),
		page(get, "/seats/:token", s.seatPage).open(),
		page(post, "/seats/:token", s.seatConfirmed).open(),
		page(get, "/seats/:token/join", s.seatJoined).open(),
		page(get, "/seats/:token/calendar.ics", s.seatCalendar).open(),
		page(get, "/claim/:code", s.claimPage).open(),
		page(post, "/claim/:code", s.seatClaimed).open(),
		page(get, "/staff/orders", s.ordersPage),
		page(get, "/staff/orders.csv", s.ordersFile),
		page(get, "/staff/orders/:number", s.staffOrderPage),
		page(post, "/staff/orders/:number", s.staffOrderMoved),
		page(post, "/staff/orders/:number/seats", s.staffSeatsSaved),
		page(get, "/staff/orders/:number/invoice", s.staffInvoicePage),
		page(get, "/staff/orders/:number/invoice.pdf", s.staffInvoicePDF),
	}
}

func (s *Server) checkoutPage(c *Call) error {
	typed := url.Values{"seats": {or2(c.QueryParam("seats"), "1")}}
	if c.Actor.SignedIn() {
		typed.Set("name", c.Actor.Name)
		typed.Set("email", c.Actor.Email)
	}
	return s.showCheckout(c, again{status: http.StatusOK, typed: typed})
}

func (s *Server) showCheckout(c *Call, back again) error {
	v, err := s.orders().Sale(c.Ctx(), c.Actor, c.Param("slug"))
	if err != nil {
		return err
	}
	f, t := v.Offering, back.typed
	p := web.CheckoutPage{
		Page: c.frame("Register", web.Link{Label: "Webinars", Href: "/offerings"}, web.Link{Label: f.Title, Href: "/offerings/" + f.Slug}), To: "/offerings/" + f.Slug + "/register", Back: "/offerings/" + f.Slug,
		Offering: f, Seats: t.Get("seats"), Most: v.SelfServed(), Rates: v.Rates(), Name: t.Get("name"), Email: t.Get("email"), Institution: t.Get("institution"),
		MemberNumber: t.Get("member_number"), PayBy: domain.PayBy(t.Get("pay_by")), Note: t.Get("note"), Quotes: v.Contact, Shut: v.Shut, Reasons: back.why,
		Access: t.Get("access"), Now: s.now(),
	}
	p.HasErrors = len(back.why) > 0
	return c.show(back.status, web.Checkout(p))
}

// checkedOut holds the seats and sends the buyer to the order, or asks for a quote. Refused, the page
// comes back with what was typed.
func (s *Server) checkedOut(c *Call) error {
	form, why, err := c.form()
	if err != nil {
		return err
	}
	if form.Get("do") == "quote" {
		return s.quoteAsked(c, form, why)
	}
	if err = domain.Refuse(why...); err == nil {
		err = c.claims(form.Get("member_number"))
	}
	access := accessOf(form)
	if err == nil && access != nil {
		err = s.mayAskAccess(c, *access)
	}
	var v workflows.OrderView
	if err == nil {
		v, err = s.orders().Hold(c.Ctx(), c.Actor, c.Param("slug"), workflows.HoldWish{
			Wish:         domain.Wish{Seats: form.Get("seats"), Name: form.Get("name"), Email: strings.TrimSpace(form.Get("email")), Institution: form.Get("institution")},
			MemberNumber: form.Get("member_number"),
		})
	}
	if status, reasons, ok := refused(err); ok {
		return s.showCheckout(c, again{status: status, why: reasons, typed: form})
	}
	if err != nil {
		return err
	}
	if access != nil {
		if _, err := s.offerings().AskAccess(c.Ctx(), c.Param("slug"), *access); err != nil {
			return err
		}
	}
	return c.see("/orders/" + s.Access.Links.OrderSecret(v.ID, v.LinkSerial))
}

// accessOf is the access request that a buyer wrote into the order form; nil: none.
func accessOf(form url.Values) *domain.AccessRequest {
	text := form.Get("access")
	if strings.TrimSpace(text) == "" {
		return nil
	}
	return &domain.AccessRequest{Name: form.Get("name"), Email: strings.TrimSpace(form.Get("email")), Text: text}
}

// mayAskAccess refuses, before seats are held, what cannot be kept as a request:
// of the text only, for the order says what is wrong with name and address.
func (s *Server) mayAskAccess(c *Call, r domain.AccessRequest) error {
	var why []domain.Reason
	for _, reason := range r.Check() {
		if reason.Pointer == "/text" {
			reason.Pointer = "/access"
			why = append(why, reason)
		}
	}
	if err := domain.Refuse(why...); err != nil {
		return err
	}
	return s.asks.take(s.realNow(), c.principal())
}
