package web

import (
	"slices"
	"time"

	"github.com/a-h/templ"

	"lectern/domain"
)

func sampleOffering() domain.Offering {
	return domain.Offering{
		ID: "o1", Slug: "leading", Title: "Leading a Team You Inherited", Status: domain.OfferingPublished, StartsAt: ptr(at("2027-05-20T18:00:00Z")), Minutes: 60, Zone: central,
		Capacity: 50, Taken: 9, POAllowed: true, QuoteFrom: 10, MaxSelfServe: 9, HoldMinutes: 35, JoinURL: "https://meet.example.org/1",
	}
}

func sampleOrder(state domain.OrderState) OrderPage {
	now := at("2027-04-05T18:00:00Z")
	o := domain.Order{
		ID: "1", Version: 2, Number: "LM-1001", State: state, Seats: 6, RateLabel: "Core member", UnitCents: 4900, TotalCents: 6 * 4900, BuyerName: "Ines Duarte", BuyerEmail: "ines@example.org",
		Institution: "Cedar County Library", PONumber: "CCL-1", CreatedAt: now,
	}
	until := now.Add(35 * time.Minute)
	if state == domain.OrderHeld || state == domain.OrderAwaiting {
		o.ExpiresAt = &until
	}
	p := OrderPage{
		Page: samplePage("Order LM-1001"), To: "/orders/lco_1", Order: o, Offering: sampleOffering(), Now: now, Extend: 15, Most: 9, Contact: "webinars@example.org", Count: "6",
		Money: domain.Money{ChargedCents: 6 * 4900}, CancelBy: &until,
	}
	for _, m := range domain.OrderMoves {
		if !m.Later && slices.Contains(m.From, state) {
			p.Open = append(p.Open, domain.Allowed[domain.OrderAction]{Action: m.Action})
		}
	}
	return p
}

func sampleConfirmed(staff bool) OrderPage {
	p := sampleOrder(domain.OrderConfirmed)
	p.Staff, p.Order.DueOn, p.ClaimURL = staff, "2027-05-05", "https://lectern.example.org/claim/LM-1001-abc"
	p.Documents = []domain.Document{sampleInvoice().Document}
	for i := range 6 {
		s := domain.Seat{ID: "s" + itoa(i), Version: 1, Seq: i + 1, State: domain.SeatOpen}
		if i < 5 {
			s.State, s.Name, s.Email = domain.SeatInvited, "Person "+itoa(i), "p"+itoa(i)+"@example.org"
		}
		p.Seats = append(p.Seats, s)
	}
	p.Saved, p.Kept, p.Pasted = 5, []domain.PastedLine{{Line: 7, Text: "Ella, ella@example.org", Person: domain.SeatPerson{Name: "Ella"}, Why: "This address already has seat 1."}}, "Ella, ella@example.org"
	p.History = []OrderStep{{At: p.Now, By: "Fay Nguyen", Action: domain.AcceptPO, Detail: "LM-1001, 6 seats"}}
	p.Reasons = []domain.Reason{domain.Wrong("/e6", "seat_taken", "This address already has seat 2.")}
	p.Seat, p.SeatName, p.SeatMail = "s5", "Max", "p2@example.org"
	return p
}

func sampleInvoice() InvoicePage {
	return InvoicePage{
		Page: samplePage("Invoice INV-00001"), Back: "/orders/lco_1", PDF: "/orders/lco_1/invoice.pdf", DueOn: "2027-05-05",
		Document: domain.Document{Kind: domain.DocInvoice, Number: "INV-00001", Cents: 29400, IssuedAt: at("2027-04-05T18:00:00Z"), Content: domain.DocumentContent{
			Seller: domain.Seller{Name: "Example Library Association", Address: "100 Example Street\nChicago, IL", RemitTo: "P.O. Box 100", TaxFormURL: "https://documents.example.org/w9.pdf", Contact: "webinars@example.org"},
			Buyer:  domain.Billing{Name: "Cedar County Library", Address: []string{"1 Main Street", "Cedar, OH"}}, Attention: "Ines Duarte", OrderNumber: "LM-1001", PONumber: "CCL-1",
			Lines:      []domain.DocumentLine{{Text: "Leading a Team You Inherited, Core member", Quantity: 6, UnitCents: 4900, Cents: 29400}},
			TotalCents: 29400, Currency: "USD", Terms: "Net 30 days", IssuedOn: "2027-04-05",
		}},
	}
}

func sampleSalePages() map[string]templ.Component {
	rates := []domain.PriceTier{{RateClass: "division_member", Label: "Core member", UnitCents: 4900, MinSeats: 1, MaxSeats: 9}, {RateClass: "nonmember", Label: "Nonmember", UnitCents: 7900, MinSeats: 1, MaxSeats: 9}}
	checkout := CheckoutPage{Page: samplePage("Register"), To: "/offerings/leading/register", Back: "/offerings/leading", Offering: sampleOffering(), Seats: "9", Most: 9, Rates: rates, Quotes: "webinars@example.org"}
	quote, wrong, shut := checkout, checkout, checkout
	quote.Seats = "12"
	wrong.Seats, wrong.Reasons = "9 ", []domain.Reason{domain.Wrong("/seats", "x", "Write how many seats."), domain.Wrong("/email", "x", "Write the email address.")}
	shut.Shut = []domain.Reason{domain.Because("", "sales_closed", "Sales closed.")}
	refused := sampleOrder(domain.OrderHeld)
	refused.Reasons = []domain.Reason{domain.Wrong("/billing_name", "x", "Write whom the invoice is made out to."), domain.Wrong("/billing_address", "x", "Write the address.")}
	free := sampleOrder(domain.OrderHeld)
	free.Order.TotalCents, free.Order.UnitCents = 0, 0
	seat := SeatPage{Page: samplePage("Seat"), To: "/seats/x", Seat: domain.Seat{State: domain.SeatInvited, Name: "Ella", Email: "ella@example.org"}, Library: "Cedar", Offering: sampleOffering(), Now: at("2027-04-05T18:00:00Z"), Contact: "webinars@example.org"}
	awaiting := sampleOrder(domain.OrderAwaiting)
	awaiting.Staff, awaiting.Reasons = true, []domain.Reason{domain.Wrong("/reason", "x", "Write the reason.")}
	forQuote := sampleOrder(domain.OrderHeld)
	forQuote.Staff, forQuote.Order.HoldKind, forQuote.Order.QuoteID = true, domain.HoldQuote, "q1"
	shared, sharedStaff := sampleConfirmed(false), sampleConfirmed(true)
	for _, p := range []*OrderPage{&shared, &sharedStaff} {
		p.Heir, p.Stays = &domain.Order{Number: "LM-1002", Shares: 4}, "Of its 6 seats, 4 stay with order LM-1002"
	}
	return map[string]templ.Component{
		"order shared": OrderShown(shared), "order shared for staff": OrderShown(sharedStaff),
		"order held for a quote": OrderShown(forQuote),
		"checkout":               Checkout(checkout), "checkout for a quote": Checkout(quote), "checkout refused": Checkout(wrong), "checkout shut": Checkout(shut),
		"order held": OrderShown(sampleOrder(domain.OrderHeld)), "order refused": OrderShown(refused), "order free": OrderShown(free), "order awaiting": OrderShown(sampleOrder(domain.OrderAwaiting)),
		"order for staff": OrderShown(awaiting), "order confirmed": OrderShown(sampleConfirmed(false)), "order confirmed for staff": OrderShown(sampleConfirmed(true)), "order expired": OrderShown(sampleOrder(domain.OrderExpired)),
		"order cancelled": OrderShown(sampleOrder(domain.OrderCancelled)), "invoice": InvoiceShown(sampleInvoice()), "seat": SeatShown(seat),
		"claim": Claim(ClaimPage{Page: samplePage("Claim a seat"), To: "/claim/x", Library: "Cedar", Offering: sampleOffering(), Free: 2, Reasons: []domain.Reason{domain.Wrong("/name", "required", "Write your name.")}}),
		"orders": Orders(OrdersPage{
			Page: samplePage("Orders"), Now: at("2027-04-05T18:00:00Z"), Zone: central, Waiting: 1, CSV: "/staff/orders.csv",
			Stands: []SaleStand{{Slug: "leading", Title: "Leading a Team You Inherited", Capacity: 50, Taken: 9, Confirmed: 9, ChargedCents: 44100}},
			Lines:  []OrderLine{{Number: "LM-1001", Buyer: "Cedar", Offering: "Leading a Team You Inherited", Seats: 9, TotalCents: 44100, State: domain.OrderConfirmed, DueOn: "2027-04-01", Money: domain.Money{ChargedCents: 44100}, Zone: central}},
		}),
		"orders empty": Orders(OrdersPage{Page: samplePage("Orders"), Zone: central, CSV: "/staff/orders.csv"}),
	}
}
