package api

import (
	"net/http"
	"slices"

	"lectern/domain"
	"lectern/internal/pdf"
	"lectern/workflows"
)

func (s *Server) quotes() workflows.Quotes {
	return workflows.Quotes{Base: s.Access.Base, Links: s.Access.Links}
}

// quoteRoutes are the routes of quotes. Those of the moves come from the table; a
// buyer needs no account, but the quote's own secret as a bearer token, which is mailed.
func (s *Server) quoteRoutes() []*route {
	all := []*route{
		endpoint(post, "/offerings/:id/quotes", "Ask for a quote; it holds no seats", s.askQuote).open().answers(http.StatusCreated),
		endpoint(get, "/quotes", "Quotes, newest first; for staff and finance", s.listQuotes),
		endpoint(get, "/quotes/:id", "A quote by id or number, with what you may do", s.getQuote).open(),
		page(get, apiRoot+"/quotes/:id/quote.pdf", s.quoteFile).open(),
	}
	for _, a := range domain.QuoteActions() {
		all = append(all, endpoint(post, "/quotes/:id/"+string(a), a.Label(), s.actOnQuote(a)).open().needsKey().first(s.sweepForQuote))
	}
	return all
}

// askQuoteIn asks for a quote.
type askQuoteIn struct {
	byRef
	Seats       seatCount    `json:"seats"`
	Name        string       `json:"name" validate:"max=400"`
	Email       string       `json:"email" validate:"max=400"`
	Institution string       `json:"institution" validate:"max=400"`
	PayBy       domain.PayBy `json:"pay_by" validate:"max=40"`
	Note        string       `json:"note" validate:"max=10000"`
	Replaces    string       `json:"replaces" validate:"max=64"` // an order of yours that the quote’s order takes the place of; send its secret
}

func (s *Server) askQuote(c *Call, in askQuoteIn) (QuoteOut, error) {
	v, err := s.requestQuote(c, c.Actor, in.ID, domain.QuoteWish{
		Wish: domain.Wish{Seats: string(in.Seats), Name: in.Name, Email: in.Email, Institution: in.Institution}, PayBy: in.PayBy, Note: in.Note, Replaces: in.Replaces,
	})
	return quoteOut(v), err
}

// requestQuote asks for a quote and counts it: few a day from one place.
func (s *Server) requestQuote(c *Call, who domain.Actor, offering string, wish domain.QuoteWish) (v workflows.QuoteView, err error) {
	ask := func() error {
		v, err = s.quotes().Request(c.Ctx(), who, offering, wish)
		return err
	}
	if c.Actor.Has(domain.Staff, domain.Admin) {
		err = ask()
		return v, err
	}
	err = s.quoted.count(s.realNow(), c.principal(), ask)
	return v, err
}

// sweepForQuote gives back the seats of holds whose time is over, before an offer
// takes seats: see sweepFirst.
func (s *Server) sweepForQuote(c *Call) {
	ref := c.Param("id")
	if id, _, ok := s.Access.Links.QuoteID(c.Param("secret")); ok {
		ref = id
	}
	if err := s.quotes().SweepFor(c.Ctx(), or2(ref, c.Param("number"))); err != nil {
		s.Log.Warn("holds not swept", "request_id", requestID(c), "error", err)
	}
}

func (s *Server) getQuote(c *Call, in byID) (QuoteOut, error) {
	v, err := s.quotes().Quote(c.Ctx(), c.Actor, in.ID)
	return quoteOut(v), err
}

// quoteActIn is what the moves take: each its own part of it.
type quoteActIn struct {
	byID
	Seats      seatCount   `json:"seats"`                         // for offer and revise; left out: as many as were asked for, or offered before
	UnitCents  int         `json:"unit_cents"`                    // for offer and revise: of one seat; or total_cents
	TotalCents int         `json:"total_cents"`                   // for offer and revise: of all seats; or unit_cents
	ValidUntil domain.Date `json:"valid_until" validate:"max=10"` // for offer and revise: the last day; left out: 30 days
	HoldSeats  bool        `json:"hold_seats"`                    // for offer and revise
	NetDays    int         `json:"net_days"`                      // for offer and revise: from acceptance to the day the invoice is due; left out: 30
	Message    string      `json:"message" validate:"max=10000"`  // for offer and revise
	Revision   int         `json:"revision"`                      // for accept: the one that was read
	Billing    billingIn   `json:"billing"`                       // for accept
	PONumber   string      `json:"po_number" validate:"max=200"`  // for accept
	Reason     string      `json:"reason" validate:"max=10000"`   // for decline and withdraw
}

func (s *Server) actOnQuote(a domain.QuoteAction) func(*Call, quoteActIn) (QuoteOut, error) {
	return func(c *Call, in quoteActIn) (QuoteOut, error) {
		v, err := s.quotes().Act(c.Ctx(), c.Actor, in.ID, a, workflows.QuoteChange{Version: c.IfMatch, QuoteInput: domain.QuoteInput{
			Seats: string(in.Seats), UnitCents: in.UnitCents, TotalCents: in.TotalCents, ValidUntil: in.ValidUntil, Hold: in.HoldSeats, NetDays: in.NetDays, Message: in.Message, Revision: in.Revision,
			Billing: domain.Billing(in.Billing), PONumber: in.PONumber, Reason: in.Reason,
		}})
		return quoteOut(v), err
	}
}

type quotesIn struct {
	listIn
	OfferingID string            `json:"-" query:"offering_id" validate:"max=100"`
	State      domain.QuoteState `json:"-" query:"state"`
	Q          string            `json:"-" query:"q" validate:"max=100"`
}

func (s *Server) listQuotes(c *Call, in quotesIn) (list[QuoteLineOut], error) {
	if in.State != "" && !slices.Contains(domain.QuoteStates(), in.State) {
		return list[QuoteLineOut]{}, badParameter("state", "There is no such state of a quote.")
	}
	filters := []string{in.OfferingID, string(in.State), in.Q}
	key, err := after[lineKey](in.listIn, filters)
	if err != nil {
		return list[QuoteLineOut]{}, err
	}
	f := workflows.QuoteFilter{OfferingID: in.OfferingID, State: in.State, Words: in.Q, Limit: in.limit() + 1}
	if key != nil {
		f.After = &workflows.Cursor{UpdatedAt: key.At, ID: key.ID}
	}
	rows, err := s.quotes().List(c.Ctx(), c.Actor, f)
	if err != nil {
		return list[QuoteLineOut]{}, err
	}
	return pageOf(rows, in.listIn, filters, quoteLineOut, func(l workflows.QuoteLine) lineKey { return lineKey{l.CreatedAt, l.ID} })
}

// quoteFile is the newest offer as PDF for programs, with the quote's secret or a token.
func (s *Server) quoteFile(c *Call) error { return s.sendQuotePDF(c, c.Actor, c.Param("id")) }

func (s *Server) sendQuotePDF(c *Call, who domain.Actor, ref string) error {
	d, _, err := s.quoteDocument(c, who, ref)
	if err != nil {
		return err
	}
	file, err := pdf.Document(d, "")
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="`+d.Number+"-"+itoa(d.Revision)+`.pdf"`)
	return c.Blob(http.StatusOK, "application/pdf", file)
}

// quoteDocument is an offer as a document: the one of that revision, or the newest.
func (s *Server) quoteDocument(c *Call, who domain.Actor, ref string) (domain.Document, workflows.QuoteView, error) {
	v, err := s.quotes().Quote(c.Ctx(), who, ref)
	if err != nil {
		return domain.Document{}, v, err
	}
	want := c.QueryParam("revision")
	for _, r := range slices.Backward(v.Revisions) {
		if want == "" || want == itoa(r.Revision) {
			return r.Document(v.Quote), v, nil
		}
	}
	return domain.Document{}, v, domain.NotThere("document")
}
