package web

import (
	"slices"
	"time"

	"github.com/a-h/templ"

	"lectern/domain"
)

// sampleQuote is a quote of twelve seats in a state, with all that the state allows.
func sampleQuote(state domain.QuoteState, staff bool) QuotePage {
	now := at("2027-04-05T18:00:00Z")
	q := domain.Quote{
		ID: "q1", Version: 2, Number: "Q-00042", State: state, AskedSeats: 12, BuyerName: "Ines Duarte", BuyerEmail: "ines@example.org", Institution: "Cedar County Library",
		PayBy: domain.PayByPO, Note: "Exempt", CreatedAt: now, Reason: "Asked by mail.",
	}
	p := QuotePage{
		Page: samplePage("Quote Q-00042"), To: "/quotes/lcq_1", Staff: staff, Offering: sampleOffering(), Now: now, ReplyBy: now.AddDate(0, 0, 1), Contact: "webinars@example.org",
		QuoteTyped: QuoteTyped{Seats: "12", Billing: "Cedar County Library"}, Floor: 44100, Most: 9, Days: 30,
		History: []QuoteStep{{At: now, By: "The buyer", Action: domain.RequestQuote, Detail: "Q-00042, 12 seats asked for"}},
	}
	if state != domain.QuoteRequested {
		ends, held := now.AddDate(0, 0, 30), now.AddDate(0, 0, 14)
		q.Revision, q.Seats, q.UnitCents, q.TotalCents, q.ExpiresAt, q.HoldUntil, q.Message = 2, 12, 3900, 46800, &ends, &held, "As asked."
		p.Held = state == domain.QuoteOffered
		p.Revisions = []domain.QuoteRevision{{Revision: 1, At: now}, {Revision: 2, At: now}}
		p.Warnings = []domain.Reason{domain.Because("", "below_nine_seats", "$360.00 is less than 9 seats cost.")}
	}
	if state == domain.QuoteConverted {
		p.Order, p.OrderHref = &domain.Order{Number: "LM-1043"}, "/orders/lco_1"
	}
	for _, m := range domain.QuoteMoves {
		if !m.Later && slices.Contains(m.From, state) && slices.Contains(m.By, map[bool]domain.Who{true: domain.ByStaff, false: domain.ByBuyer}[staff]) {
			p.Open = append(p.Open, domain.Allowed[domain.QuoteAction]{Action: m.Action})
		}
	}
	p.Quote = q
	return p
}

func sampleQuotePages() map[string]templ.Component {
	all := map[string]templ.Component{}
	for _, s := range domain.QuoteStates() {
		all["quote "+string(s)] = QuoteShown(sampleQuote(s, false))
		all["quote "+string(s)+" for staff"] = QuoteShown(sampleQuote(s, true))
	}
	refused, late, over := sampleQuote(domain.QuoteOffered, false), sampleQuote(domain.QuoteRequested, true), sampleQuote(domain.QuoteOffered, false)
	refused.Reasons = []domain.Reason{domain.Wrong("/billing_address", "required", "Write the address."), domain.Wrong("/reason", "too_long", "Write less.")}
	refused.Replaces = &domain.Order{Number: "LM-1001", State: domain.OrderConfirmed, Seats: 9}
	late.Now = late.ReplyBy.Add(time.Hour)
	late.Reasons = []domain.Reason{domain.Wrong("/unit_cents", "x", "Write a price."), domain.Wrong("/valid_until", "x", "An earlier day."), domain.Wrong("/seats", "x", "Fewer."), domain.Wrong("/reason", "x", "Why?")}
	over.Now = *over.Quote.ExpiresAt
	all["quote refused"], all["quote late"], all["quote over"] = QuoteShown(refused), QuoteShown(late), QuoteShown(over)
	all["quote asked in place"] = QuoteAsk(QuoteAskPage{
		Page: samplePage("More seats by quote"), To: "/orders/lco_1/quote", Back: "/orders/lco_1", Replaces: *refused.Replaces, Offering: sampleOffering(), From: 10, Seats: "8",
		Reasons: []domain.Reason{domain.Wrong("/seats", "x", "More."), domain.Wrong("/pay_by", "x", "Choose.")},
	})
	ends := at("2027-05-06T05:00:00Z")
	all["quotes"] = Quotes(QuotesPage{
		Page: samplePage("Quotes"), Now: at("2027-04-05T18:00:00Z"), Zone: central, Waiting: 1, CSV: "/staff/quotes.csv", Next: "/staff/quotes?before=x",
		Lines: []QuoteLine{
			{Number: "Q-00042", Buyer: "Cedar", Offering: "Leading a Team You Inherited", Seats: 12, State: domain.QuoteRequested, ReplyBy: at("2027-04-05T05:00:00Z"), Zone: central},
			{Number: "Q-00041", Buyer: "Harbor", Offering: "Leading a Team You Inherited", Seats: 25, TotalCents: 105000, State: domain.QuoteOffered, ExpiresAt: &ends, Zone: central},
			{Number: "Q-00040", Buyer: "Tern", Offering: "Leading a Team You Inherited", Seats: 10, TotalCents: 42000, State: domain.QuoteConverted, OrderNumber: "LM-1040", Zone: central},
		},
	})
	all["quotes empty"] = Quotes(QuotesPage{Page: samplePage("Quotes"), Zone: central, CSV: "/staff/quotes.csv"})
	return all
}
