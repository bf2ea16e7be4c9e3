package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

// orderDesk is whose eyes look at which order, from which page.
type orderDesk struct {
	who   domain.Actor
	ref   string
	to    string // the page's own address
	staff bool
}

// buyerDesk is the desk behind an order's own link. It has no other rights, even
// when somebody signed in opens it. NotFound when we did not make the link.
func (s *Server) buyerDesk(c *Call) (orderDesk, error) {
	id, serial, ok := s.Access.Links.OrderID(c.Param("secret"))
	if !ok {
		return orderDesk{}, domain.NotThere("order")
	}
	who := domain.Actor{OrderID: id, OrderSerial: serial, Today: c.Actor.Today}
	return orderDesk{who: who, ref: id, to: "/orders/" + c.Param("secret")}, nil
}

func staffDesk(c *Call) orderDesk {
	n := c.Param("number")
	return orderDesk{who: c.Actor, ref: n, to: "/staff/orders/" + url.PathEscape(n), staff: true}
}

func (s *Server) orderPage(c *Call) error {
	d, err := s.buyerDesk(c)
	if err != nil {
		return err
	}
	return s.showOrder(c, d, orderAgain{again: again{status: http.StatusOK}})
}

func (s *Server) orderMoved(c *Call) error {
	d, err := s.buyerDesk(c)
	if err != nil {
		return err
	}
	return s.moveOrder(c, d)
}

func (s *Server) seatsSaved(c *Call) error {
	d, err := s.buyerDesk(c)
	if err != nil {
		return err
	}
	return s.saveSeats(c, d)
}

func (s *Server) staffOrderPage(c *Call) error {
	return s.showOrder(c, staffDesk(c), orderAgain{again: again{status: http.StatusOK}})
}

func (s *Server) staffOrderMoved(c *Call) error { return s.moveOrder(c, staffDesk(c)) }
func (s *Server) staffSeatsSaved(c *Call) error { return s.saveSeats(c, staffDesk(c)) }

// orderAgain is an order's page after something was sent.
type orderAgain struct {
	again
	pasted *workflows.Pasted
	seat   bool // what was sent is about one seat
}

func (s *Server) showOrder(c *Call, d orderDesk, back orderAgain) error {
	v, err := s.orders().Order(c.Ctx(), d.who, d.ref)
	if err != nil {
		return err
	}
	p := web.OrderPage{
		Page: c.frame("Order "+v.Number, d.crumbs()...), To: d.to, Staff: d.staff, Order: v.Order, Offering: v.Facts.Offering, Money: v.Facts.Money, Documents: v.Documents, Seats: v.Facts.Seats, Open: v.Open,
		Now: s.now(), Extend: v.Facts.Terms.ExtendFor, Contact: v.Contact, Most: v.Facts.SelfServed(), Billing: v.Billing, Address: strings.Join(v.Billing.Address, "\n"),
		PONumber: v.PONumber, Count: itoa(v.Seats), Reasons: asBilling(back.why),
	}
	if v.Billing.Name == "" {
		p.Billing.Name = or2(v.Institution, v.BuyerName)
	}
	if v.Facts.Offering.StartsAt != nil {
		by := domain.CancelBy(v.Facts.Offering, v.Facts.Terms, v.CreatedAt)
		p.CancelBy = &by
	}
	p.Heir, p.Stays = v.Facts.Heir(), v.Facts.Kept(v.Order)
	s.addClaim(&p, v)
	if !d.staff && v.State.Live() && !v.New() && len(v.Facts.Offering.Sells(s.now())) == 0 {
		p.QuoteHref = d.to + "/quote"
	}
	if d.staff {
		if p.History, err = s.orderHistory(c, v.ID); err != nil {
			return err
		}
	}
	back.fill(&p)
	return c.show(back.status, web.OrderShown(p))
}

func (d orderDesk) crumbs() []web.Link {
	if d.staff {
		return []web.Link{{Label: "Orders", Href: "/staff/orders"}}
	}
	return nil
}

// addClaim adds the link that colleagues claim free seats with, while there are any.
func (s *Server) addClaim(p *web.OrderPage, v workflows.OrderView) {
	if v.State != domain.OrderConfirmed {
		return
	}
	for _, seat := range v.Facts.Seats {
		if seat.State == domain.SeatOpen {
			p.ClaimURL = s.BaseURL + "/claim/" + s.Access.Links.ClaimCode(v.Order)
			return
		}
	}
}

func (s *Server) orderHistory(c *Call, id string) ([]web.OrderStep, error) {
	lines, err := s.orders().History(c.Ctx(), c.Actor, id)
	var all []web.OrderStep
	for _, l := range lines {
		all = append(all, web.OrderStep{At: l.At, By: or2(l.ActorName, "The buyer"), Action: domain.OrderAction(l.Action), Detail: l.Detail})
	}
	return all, err
}

// asBilling names the fields of the billing address as the form does.
func asBilling(why []domain.Reason) []domain.Reason {
	var named []domain.Reason
	for _, r := range why {
		r.Pointer = strings.Replace(r.Pointer, "/billing/", "/billing_", 1)
		named = append(named, r)
	}
	return named
}

// fill puts back what was typed.
func (b orderAgain) fill(p *web.OrderPage) {
	p.HasErrors = len(b.why) > 0
	if b.pasted != nil {
		p.Saved, p.Kept = b.pasted.Saved, b.pasted.Kept
		var left []string
		for _, l := range b.pasted.Kept {
			left = append(left, l.Text)
		}
		p.Pasted = strings.Join(left, "\n")
	}
	t := b.typed
	switch {
	case t == nil:
	case b.seat:
		p.Seat, p.SeatName, p.SeatMail = t.Get("seat"), t.Get("name"), t.Get("email")
		p.Reasons = atSeat(p.Reasons, p.Seats, p.Seat)
	case t.Get("do") == "submit-po":
		p.Billing.Name, p.Address, p.PONumber = t.Get("billing_name"), t.Get("billing_address"), t.Get("po_number")
	case t.Get("do") == "change-seats":
		p.Count = t.Get("seats")
	case t.Get("do") == "paste":
		p.Pasted = t.Get("list")
	default:
		p.PONumber, p.Reason = or2(t.Get("po_number"), p.PONumber), t.Get("reason")
	}
}

// atSeat points at the fields of one seat.
func atSeat(why []domain.Reason, seats []domain.Seat, id string) []domain.Reason {
	i := slices.IndexFunc(seats, func(s domain.Seat) bool { return s.ID == id })
	if i < 0 {
		return why
	}
	var there []domain.Reason
	for _, r := range why {
		switch r.Pointer {
		case "/name":
			r.Pointer = "/n" + itoa(seats[i].Seq)
		default:
			r.Pointer = "/e" + itoa(seats[i].Seq)
		}
		there = append(there, r)
	}
	return there
}

// moveOrder makes the move of the button that was pressed.
func (s *Server) moveOrder(c *Call, d orderDesk) error {
	form, why, err := c.form()
	if err != nil {
		return err
	}
	a := domain.OrderAction(form.Get("do"))
	if a.Label() == "" {
		why = append(why, domain.Wrong("/do", "required", "Choose one of the buttons."))
	}
	var v workflows.OrderView
	if err = domain.Refuse(why...); err == nil {
		v, err = s.orders().Act(c.Ctx(), d.who, d.ref, a, workflows.OrderChange{Version: number(form.Get("version")), OrderInput: domain.OrderInput{
			Seats: form.Get("seats"), Billing: domain.Billing{Name: strings.TrimSpace(form.Get("billing_name")), Address: linesOf(form.Get("billing_address"))},
			PONumber: form.Get("po_number"), Reason: form.Get("reason"),
		}})
	}
	if status, reasons, ok := refused(err); ok {
		return s.showOrder(c, d, orderAgain{again: again{status: status, why: reasons, typed: form}})
	}
	if err != nil {
		return err
	}
	c.flash(doneWords(a, v))
	return c.see(d.to)
}

var orderDone = map[domain.OrderAction]string{
	domain.ChangeSeats: "The number of seats is changed.", domain.ExtendHold: "Time added. It cannot be added again.", domain.ConfirmFree: "Your seats are confirmed. Now name your people.",
	domain.SubmitPO: "Thank you. Your order is in, and the invoice is on this page.", domain.AcceptPO: "Accepted. The seats are live, and the buyer is told.", domain.RejectPO: "Rejected. The seats went back, and the buyer is told.",
	domain.ReviveOrder: "The order is held again.", domain.CancelOrder: "The order is cancelled. The seats went back.",
}

// doneWords say what a move did.
func doneWords(a domain.OrderAction, v workflows.OrderView) string {
	if kept := v.Facts.Kept(v.Order); a == domain.CancelOrder && kept != "" {
		return "The order is cancelled. " + kept + "."
	}
	return orderDone[a]
}

// saveSeats saves a pasted list, or who sits on one seat.
func (s *Server) saveSeats(c *Call, d orderDesk) error {
	form, why, err := c.form()
	if err != nil {
		return err
	}
	if err := domain.Refuse(why...); err != nil {
		return s.seatsAgain(c, d, form, err)
	}
	switch form.Get("do") {
	case "paste":
		p, err := s.orders().PasteSeats(c.Ctx(), d.who, d.ref, 0, form.Get("list"))
		if err != nil {
			return s.seatsAgain(c, d, form, err)
		}
		return s.pasted(c, d, p)
	case "erase":
		_, err = s.orders().EraseSeat(c.Ctx(), d.who, form.Get("seat"))
	default:
		_, err = s.orders().ChangeSeat(c.Ctx(), d.who, form.Get("seat"), workflows.SeatChange{
			Version: number(form.Get("seat_version")), SeatPerson: domain.SeatPerson{Name: strings.TrimSpace(form.Get("name")), Email: strings.TrimSpace(form.Get("email"))},
		})
	}
	if err != nil {
		return s.seatsAgain(c, d, form, err)
	}
	c.flash("Saved. " + or2(strings.TrimSpace(form.Get("name")), "The seat") + " is up to date, and the link is on its way.")
	return c.see(d.to)
}

func (s *Server) seatsAgain(c *Call, d orderDesk, form url.Values, err error) error {
	status, reasons, ok := refused(err)
	if !ok {
		return err
	}
	return s.showOrder(c, d, orderAgain{again: again{status: status, why: reasons, typed: form}, seat: form.Get("do") != "paste"})
}

// pasted shows the lines that were not saved in the box again, or goes back to the order.
func (s *Server) pasted(c *Call, d orderDesk, p workflows.Pasted) error {
	if len(p.Kept) == 0 {
		c.flash(domain.Plural(p.Saved, "person") + " saved. Each gets a link of their own.")
		if p.Saved != 1 {
			c.flash(itoa(p.Saved) + " people saved. Each gets a link of their own.")
		}
		return c.see(d.to)
	}
	c.stands = p.Saved > 0
	return s.showOrder(c, d, orderAgain{again: again{status: http.StatusUnprocessableEntity}, pasted: &p})
}
