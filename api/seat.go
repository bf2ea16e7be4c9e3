package api

import (
	"net/http"

	"lectern/domain"
	"lectern/workflows"
)

// seatRoutes name the people on seats: by the order's secret, by a seat's own
// link, or by the order's claim code.
func (s *Server) seatRoutes() []*route {
	return []*route{
		endpoint(patch, "/orders/:id/seats", "Put the people of a list on free seats: good lines are saved, the others come back with their reason", s.pasteSeats).open(),
		endpoint(patch, "/seats/:id", "Name somebody for a seat, or give it to somebody else", s.changeSeat).open(),
		endpoint(post, "/seats/:id/erase", "Remove name and address of a seat’s holder on their request", s.eraseSeat),
		endpoint(get, "/seat-links/:token", "What a seat’s holder sees by their own link", s.openSeat).open(),
		endpoint(post, "/seat-links/:token", "Confirm a seat by its own link", s.confirmSeat).open(),
		endpoint(post, "/claims/:code", "Take a free seat of an order by its claim code", s.claimSeat).open().answers(http.StatusOK).needsKey(),
	}
}

type pasteIn struct {
	byID
	List string `json:"list" validate:"required,max=200000"` // one person a line: name, address
}

// PastedOut is the order after a list was pasted, with the lines that were not saved.
type PastedOut struct {
	Saved int       `json:"saved"`
	Kept  []LineOut `json:"kept"`
	Order OrderOut  `json:"order"`
}

// LineOut is a line that was not saved.
type LineOut struct {
	Line   int    `json:"line"` // 1 is the first
	Text   string `json:"text"`
	Detail string `json:"detail"`
}

func (p PastedOut) etag() int { return p.Order.Version }

func (s *Server) pasteSeats(c *Call, in pasteIn) (PastedOut, error) {
	p, err := s.orders().PasteSeats(c.Ctx(), c.Actor, in.ID, c.IfMatch, in.List)
	if err != nil {
		return PastedOut{}, err
	}
	out := PastedOut{Saved: p.Saved, Kept: []LineOut{}, Order: s.orderOut(p.OrderView)}
	for _, l := range p.Kept {
		out.Kept = append(out.Kept, LineOut{l.Line, l.Text, l.Why})
	}
	return out, nil
}

type seatIn struct {
	byID
	Name  string `json:"name" validate:"max=400"`
	Email string `json:"email" validate:"max=400"`
}

func (s *Server) changeSeat(c *Call, in seatIn) (OrderOut, error) {
	v, err := s.orders().ChangeSeat(c.Ctx(), c.Actor, in.ID, workflows.SeatChange{Version: c.IfMatch, SeatPerson: domain.SeatPerson{Name: in.Name, Email: in.Email}})
	return s.orderOut(v), err
}

func (s *Server) eraseSeat(c *Call, in byID) (OrderOut, error) {
	v, err := s.orders().EraseSeat(c.Ctx(), c.Actor, in.ID)
	return s.orderOut(v), err
}

// SeatLinkOut is a seat as its holder sees it. The address of the webinar is for
// holders alone.
type SeatLinkOut struct {
	Name     string           `json:"name"`
	State    domain.SeatState `json:"state"`
	Seq      int              `json:"seq"`
	Library  string           `json:"library"`
	Offering OrderOfferingOut `json:"offering"`
	JoinURL  string           `json:"join_url"` // empty: not there yet
	Link     string           `json:"link"`     // this seat's own page
}

func (s *Server) seatLinkOut(v workflows.SeatView) SeatLinkOut {
	f := v.Offering
	return SeatLinkOut{
		Name: v.Name, State: v.State, Seq: v.Seq, Library: or2(v.Order.Institution, v.Order.BuyerName), Offering: OrderOfferingOut{f.ID, f.Slug, f.Title, f.StartsAt, f.Zone},
		JoinURL: f.JoinURL, Link: s.BaseURL + "/seats/" + v.Token,
	}
}

func (s *Server) openSeat(c *Call, in byToken) (SeatLinkOut, error) {
	v, err := s.orders().OpenSeat(c.Ctx(), in.Token)
	return s.seatLinkOut(v), err
}

type confirmSeatIn struct {
	byToken
	Do string `json:"do" validate:"required,oneof=confirm"`
}

func (s *Server) confirmSeat(c *Call, in confirmSeatIn) (SeatLinkOut, error) {
	v, err := s.orders().ConfirmSeat(c.Ctx(), in.Token)
	return s.seatLinkOut(v), err
}

type claimIn struct {
	Code  string `json:"-" param:"code" validate:"max=64"`
	Name  string `json:"name" validate:"max=400"`
	Email string `json:"email" validate:"max=400"`
}

func (s *Server) claimSeat(c *Call, in claimIn) (SeatLinkOut, error) {
	v, err := s.orders().ClaimSeat(c.Ctx(), in.Code, domain.SeatPerson{Name: in.Name, Email: in.Email})
	return s.seatLinkOut(v), err
}
