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

const ordersShown = 50

// orderFilter reads the filters of the address; what is none of them is left out.
func orderFilter(c *Call) workflows.OrderFilter {
	state := domain.OrderState(c.QueryParam("state"))
	if !slices.Contains(domain.OrderStates(), state) {
		state = domain.NoOrder
	}
	return workflows.OrderFilter{Words: c.QueryParam("q"), State: state, OfferingID: c.QueryParam("offering_id")}
}

func (s *Server) ordersPage(c *Call) error {
	f := orderFilter(c)
	f.Limit = ordersShown + 1
	if at, err := time.Parse(time.RFC3339Nano, c.QueryParam("before")); err == nil {
		f.After = &workflows.Cursor{UpdatedAt: at, ID: c.QueryParam("id")}
	}
	rows, err := s.orders().List(c.Ctx(), c.Actor, f)
	if err != nil {
		return err
	}
	board, err := s.orders().Board(c.Ctx(), c.Actor)
	if err != nil {
		return err
	}
	p := web.OrdersPage{Page: c.frame("Orders"), Tabs: web.SaleTabsFor(c.Actor, "/staff/orders"), Now: s.now(), Zone: s.zone(), OverdueCents: board.OverdueCents, Quotes: board.Quotes, State: f.State, Q: f.Words, OfferingID: f.OfferingID, CSV: "/staff/orders.csv" + query(f, nil)}
	for _, b := range board.Stands {
		p.Waiting += b.AwaitingCount
		if f.OfferingID == b.Slug || f.OfferingID == b.OfferingID {
			p.Of = b.Title
		}
		p.Stands = append(p.Stands, saleStand(b))
	}
	if len(rows) > ordersShown {
		rows = rows[:ordersShown]
		last := rows[ordersShown-1]
		p.Next = "/staff/orders" + query(f, url.Values{"before": {last.CreatedAt.UTC().Format(time.RFC3339Nano)}, "id": {last.ID}})
	}
	for _, l := range rows {
		p.Lines = append(p.Lines, orderLine(l))
	}
	return c.show(http.StatusOK, web.Orders(p))
}

func saleStand(b workflows.SaleStand) web.SaleStand {
	return web.SaleStand{
		Slug: b.Slug, Title: b.Title, Capacity: b.Capacity, Taken: b.Taken, Held: b.Held, Quoted: b.Quoted, Awaiting: b.Awaiting, Confirmed: b.Confirmed, ChargedCents: b.ChargedCents, PaidCents: b.PaidCents,
	}
}

func orderLine(l workflows.OrderLine) web.OrderLine {
	return web.OrderLine{
		Number: l.Number, Buyer: or2(l.Institution, l.BuyerName), Person: l.BuyerName, Offering: l.OfferingTitle, Seats: l.Seats, Named: l.Named, TotalCents: l.TotalCents,
		State: l.State, Money: l.Money(), PONumber: l.PONumber, DueOn: l.DueOn, ExpiresAt: l.ExpiresAt, CreatedAt: l.CreatedAt, Zone: l.Zone,
	}
}

// query writes filters as the end of an address.
func query(f workflows.OrderFilter, more url.Values) string {
	q := url.Values{}
	for name, value := range map[string]string{"q": f.Words, "state": string(f.State), "offering_id": f.OfferingID} {
		if value != "" {
			q.Set(name, value)
		}
	}
	for name, values := range more {
		q[name] = values
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// mostInFile is how many orders one file holds: the newest.
const mostInFile = 10_000

// ordersFile is the list for a spreadsheet; every cell is inert (X19).
func (s *Server) ordersFile(c *Call) error {
	f := orderFilter(c)
	f.Limit = mostInFile
	rows, err := s.orders().List(c.Ctx(), c.Actor, f)
	if err != nil {
		return err
	}
	table := [][]string{{"number", "state", "created_at", "webinar", "buyer", "email", "institution", "seats", "named", "rate", "unit_cents", "total_cents", "charged_cents", "paid_cents", "owed_cents", "money", "po_number", "due_on"}}
	for _, l := range rows {
		m := l.Money()
		table = append(table, []string{
			l.Number, string(l.State), l.CreatedAt.UTC().Format(time.RFC3339), l.OfferingTitle, l.BuyerName, l.BuyerEmail, l.Institution, strconv.Itoa(l.Seats), strconv.Itoa(l.Named),
			l.RateLabel, eachCell(l.UnitCents, l.TotalCents), strconv.Itoa(l.TotalCents), strconv.Itoa(m.ChargedCents), strconv.Itoa(m.PaidCents), strconv.Itoa(m.OwedCents()), string(m.State()), l.PONumber, string(l.DueOn),
		})
	}
	return c.table("orders", table)
}
