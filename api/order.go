package api

import (
	"net/http"
	"slices"
	"strconv"

	"lectern/domain"
	"lectern/workflows"
)

func (s *Server) orders() workflows.Orders {
	return workflows.Orders{Base: s.Access.Base, Links: s.Access.Links}
}

func (s *Server) members() workflows.Members {
	return workflows.Members{Base: s.Access.Base, Links: s.Access.Links}
}

// orderRoutes are the routes of orders. Those of the moves come from the table; a
// buyer needs no account, but the order's own secret as a bearer token.
func (s *Server) orderRoutes() []*route {
	all := []*route{
		endpoint(post, "/offerings/:id/orders", "Hold seats of a webinar", s.holdSeats).open().answers(http.StatusCreated).needsKey().first(s.sweepFirst),
		endpoint(get, "/orders", "Orders, newest first; for staff and finance", s.listOrders),
		endpoint(get, "/orders/:id", "An order by id or number, with what you may do", s.getOrder).open(),
		endpoint(patch, "/orders/:id", "Change how many seats a held order has", s.changeOrder).open(),
		endpoint(post, "/orders/:id/pay", "Pay by card", s.payOrder).open().needsKey(),
		endpoint(post, "/imports/members", "Take in the list of members, all or nothing", s.importMembers).takesFile(),
		page(get, apiRoot+"/orders/:id/invoice.pdf", s.invoiceFile).open(),
	}
	for _, a := range domain.OrderActions() {
		if a != domain.ChangeSeats {
			all = append(all, endpoint(post, "/orders/:id/"+string(a), a.Label(), s.actOnOrder(a)).open().needsKey())
		}
	}
	return append(all, s.seatRoutes()...)
}

// seatCount is a number of seats as it was sent: what is no number of seats is
// refused at its field, not as malformed (X14).
type seatCount string

// UnmarshalJSON keeps the JSON text.
func (n *seatCount) UnmarshalJSON(raw []byte) error { *n = seatCount(raw); return nil }

// holdIn asks for seats.
type holdIn struct {
	byRef
	Seats        seatCount `json:"seats"`
	Name         string    `json:"name" validate:"max=400"`
	Email        string    `json:"email" validate:"max=400"`
	Institution  string    `json:"institution" validate:"max=400"`
	MemberNumber string    `json:"member_number" validate:"max=100"` // proves a member's rate, together with the address
}

func (s *Server) holdSeats(c *Call, in holdIn) (OrderOut, error) {
	if err := c.claims(in.MemberNumber); err != nil {
		return OrderOut{}, err
	}
	v, err := s.orders().Hold(c.Ctx(), c.Actor, in.ID, workflows.HoldWish{
		Wish: domain.Wish{Seats: string(in.Seats), Name: in.Name, Email: in.Email, Institution: in.Institution}, MemberNumber: in.MemberNumber,
	})
	return s.orderOut(v), err
}

// sweepFirst gives back the seats of holds whose time is over, before somebody
// asks for seats: each order in a transaction of its own, which the one of the
// request's key could not be.
func (s *Server) sweepFirst(c *Call) {
	ref := or2(c.Param("id"), c.Param("slug"))
	if err := s.orders().SweepOffering(c.Ctx(), ref); err != nil {
		s.Log.Warn("holds not swept", "request_id", requestID(c), "error", err)
	}
}

// claims counts a member number that somebody tries: few an hour from one place.
func (c *Call) claims(memberNumber string) error {
	if memberNumber == "" || c.Actor.Has(domain.Staff, domain.Admin) {
		return nil
	}
	return c.s.claimed.take(c.s.realNow(), c.principal())
}

func (s *Server) getOrder(c *Call, in byID) (OrderOut, error) {
	v, err := s.orders().Order(c.Ctx(), c.Actor, in.ID)
	return s.orderOut(v), err
}

type changeOrderIn struct {
	byID
	Seats seatCount `json:"seats"`
}

func (s *Server) changeOrder(c *Call, in changeOrderIn) (OrderOut, error) {
	v, err := s.orders().Act(c.Ctx(), c.Actor, in.ID, domain.ChangeSeats, workflows.OrderChange{
		Version: c.IfMatch, OrderInput: domain.OrderInput{Seats: string(in.Seats)},
	})
	return s.orderOut(v), err
}

// orderActIn is what the moves take: each its own part of it.
type orderActIn struct {
	byID
	Billing  billingIn `json:"billing"`                      // for submit-po
	PONumber string    `json:"po_number" validate:"max=200"` // for submit-po and accept-po
	Reason   string    `json:"reason" validate:"max=2000"`   // for reject and cancel
}

type billingIn struct {
	Name    string   `json:"name" validate:"max=400"`
	Email   string   `json:"email" validate:"max=400"`
	Address []string `json:"address" validate:"max=20,dive,max=400"`
}

func (s *Server) actOnOrder(a domain.OrderAction) func(*Call, orderActIn) (OrderOut, error) {
	return func(c *Call, in orderActIn) (OrderOut, error) {
		v, err := s.orders().Act(c.Ctx(), c.Actor, in.ID, a, workflows.OrderChange{
			Version: c.IfMatch, OrderInput: domain.OrderInput{Billing: domain.Billing(in.Billing), PONumber: in.PONumber, Reason: in.Reason},
		})
		return s.orderOut(v), err
	}
}

// payOrder says that cards are not taken: this server has no card settings.
func (s *Server) payOrder(c *Call, in byID) (OrderOut, error) {
	if _, err := s.orders().Order(c.Ctx(), c.Actor, in.ID); err != nil {
		return OrderOut{}, err
	}
	return OrderOut{}, domain.Refuse(domain.NoCards(""))
}

type ordersIn struct {
	listIn
	OfferingID string            `json:"-" query:"offering_id" validate:"max=64"`
	State      domain.OrderState `json:"-" query:"state"`
	Q          string            `json:"-" query:"q" validate:"max=100"`
}

func (s *Server) listOrders(c *Call, in ordersIn) (list[OrderLineOut], error) {
	if in.State != "" && !slices.Contains(domain.OrderStates(), in.State) {
		return list[OrderLineOut]{}, badParameter("state", "There is no such state of an order.")
	}
	filters := []string{in.OfferingID, string(in.State), in.Q}
	key, err := after[lineKey](in.listIn, filters)
	if err != nil {
		return list[OrderLineOut]{}, err
	}
	f := workflows.OrderFilter{OfferingID: in.OfferingID, State: in.State, Words: in.Q, Limit: in.limit() + 1}
	if key != nil {
		f.After = &workflows.Cursor{UpdatedAt: key.At, ID: key.ID}
	}
	rows, err := s.orders().List(c.Ctx(), c.Actor, f)
	if err != nil {
		return list[OrderLineOut]{}, err
	}
	return pageOf(rows, in.listIn, filters, orderLineOut, func(l workflows.OrderLine) lineKey { return lineKey{l.CreatedAt, l.ID} })
}

// membersOut says what an import of members did.
type membersOut struct {
	Created   int          `json:"created"`
	Updated   int          `json:"updated"`
	Unchanged int          `json:"unchanged"`
	Refused   []ImportLine `json:"refused"`
	DryRun    bool         `json:"dry_run"`
}

func (s *Server) importMembers(c *Call, _ struct{}) (membersOut, error) {
	r, err := s.members().ImportMembers(c.Ctx(), c.Actor, c.raw)
	if err != nil {
		return membersOut{}, err
	}
	out := membersOut{Created: r.Created, Updated: r.Updated, Unchanged: r.Unchanged, Refused: []ImportLine{}, DryRun: c.DryRun}
	var why []domain.Reason
	for _, p := range r.Refused {
		out.Refused = append(out.Refused, ImportLine{p.Line, p.Pointer, p.Code, p.Detail})
		why = append(why, domain.Wrong("/"+strconv.Itoa(p.Line)+p.Pointer, p.Code, "Line %d: %s", p.Line, p.Detail))
	}
	if len(why) > 0 && !c.DryRun {
		return membersOut{}, domain.Refuse(why...)
	}
	return out, nil
}
