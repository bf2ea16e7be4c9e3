package api

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

// quoteFilter reads the filters of the address; what is none of them is left out.
func quoteFilter(c *Call) workflows.QuoteFilter {
	state := domain.QuoteState(c.QueryParam("state"))
	if !slices.Contains(domain.QuoteStates(), state) {
		state = ""
	}
	return workflows.QuoteFilter{Words: c.QueryParam("q"), State: state, OfferingID: c.QueryParam("offering_id")}
}

func (s *Server) quotesPage(c *Call) error {
	f := quoteFilter(c)
	f.Limit = ordersShown + 1
	if at, err := time.Parse(time.RFC3339Nano, c.QueryParam("before")); err == nil {
		f.After = &workflows.Cursor{UpdatedAt: at, ID: c.QueryParam("id")}
	}
	rows, err := s.quotes().List(c.Ctx(), c.Actor, f)
	if err != nil {
		return err
	}
	waiting, err := s.quotes().Waiting(c.Ctx(), c.Actor)
	if err != nil {
		return err
	}
	p := web.QuotesPage{Page: c.frame("Quotes"), Tabs: web.SaleTabsFor(c.Actor, "/staff/quotes"), Now: s.now(), Zone: s.zone(), Waiting: waiting, State: f.State, Q: f.Words, CSV: "/staff/quotes.csv" + quoteQuery(f, nil)}
	if len(rows) > ordersShown {
		rows = rows[:ordersShown]
		last := rows[ordersShown-1]
		p.Next = "/staff/quotes" + quoteQuery(f, url.Values{"before": {last.CreatedAt.UTC().Format(time.RFC3339Nano)}, "id": {last.ID}})
	}
	for _, l := range rows {
		p.Lines = append(p.Lines, quoteLine(l))
	}
	return c.show(http.StatusOK, web.Quotes(p))
}

func quoteQuery(f workflows.QuoteFilter, more url.Values) string {
	return query(workflows.OrderFilter{Words: f.Words, State: domain.OrderState(f.State), OfferingID: f.OfferingID}, more)
}

func quoteLine(l workflows.QuoteLine) web.QuoteLine {
	q := domain.Quote{CreatedAt: l.CreatedAt}
	line := web.QuoteLine{
		Number: l.Number, Buyer: or2(l.Institution, l.BuyerName), Offering: l.OfferingTitle, Seats: l.Seats, TotalCents: l.TotalCents, State: l.State,
		ReplyBy: q.ReplyBy(l.Zone, domain.DefaultSaleTerms()), ExpiresAt: l.ExpiresAt, OrderNumber: l.OrderNumber, Zone: l.Zone,
	}
	if l.Revision == 0 {
		line.Seats = l.AskedSeats
	}
	return line
}

// quotesFile is the list for a spreadsheet; every cell is inert (X19).
func (s *Server) quotesFile(c *Call) error {
	f := quoteFilter(c)
	f.Limit = mostInFile
	rows, err := s.quotes().List(c.Ctx(), c.Actor, f)
	if err != nil {
		return err
	}
	table := [][]string{{"number", "state", "created_at", "webinar", "buyer", "email", "institution", "asked_seats", "revision", "seats", "unit_cents", "total_cents", "valid_until", "held_until", "order"}}
	for _, l := range rows {
		table = append(table, []string{
			l.Number, string(l.State), l.CreatedAt.UTC().Format(time.RFC3339), l.OfferingTitle, l.BuyerName, l.BuyerEmail, l.Institution, strconv.Itoa(l.AskedSeats), strconv.Itoa(l.Revision),
			strconv.Itoa(l.Seats), eachCell(l.UnitCents, l.TotalCents), strconv.Itoa(l.TotalCents), stampOf(l.ExpiresAt), stampOf(l.HoldUntil), l.OrderNumber,
		})
	}
	return c.table("quotes", table)
}

func stampOf(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
