package domain

import (
	"fmt"
	"slices"
	"time"
)

// DocumentKind is what a document is.
type DocumentKind string

// The kinds of documents.
const (
	DocInvoice DocumentKind = "invoice"
	DocReceipt DocumentKind = "receipt"
	DocCredit  DocumentKind = "credit_memo"
	DocQuote   DocumentKind = "quote"
)

// DocumentKinds are all kinds.
func DocumentKinds() []DocumentKind {
	return []DocumentKind{DocInvoice, DocReceipt, DocCredit, DocQuote}
}

// Label is the kind as its heading says it.
func (k DocumentKind) Label() string {
	return map[DocumentKind]string{DocInvoice: "Invoice", DocReceipt: "Receipt", DocCredit: "Credit memo", DocQuote: "Quote"}[k]
}

// Numbered is the nth number of the kind. Numbers have no gaps.
func (k DocumentKind) Numbered(n int) string {
	prefix := map[DocumentKind]string{DocInvoice: "INV", DocReceipt: "REC", DocCredit: "CM", DocQuote: "Q"}[k]
	return fmt.Sprintf("%s-%05d", prefix, n)
}

// OrderNumber is the nth order's number.
func OrderNumber(n int) string { return fmt.Sprintf("LM-%d", 1000+n) }

// Document is an invoice, credit memo or quote as it was issued. It never changes.
type Document struct {
	ID       string
	Kind     DocumentKind
	Number   string
	OrderID  string
	Revision int // of its kind, for the order
	Cents    int // below zero for a credit memo
	Content  DocumentContent
	IssuedAt time.Time
}

// Title is the heading: Invoice INV-00042, Quote Q-00042, revision 2.
func (d Document) Title() string {
	title := d.Kind.Label() + " " + d.Number
	if d.Kind == DocQuote && d.Revision > 1 {
		title += fmt.Sprintf(", revision %d", d.Revision)
	}
	return title
}

// DocumentFact is a term of a document with what it says.
type DocumentFact struct {
	Term string
	Text string
}

// Facts are what a document says beside its lines, in the order they are printed;
// what there is none of is left out.
func (d Document) Facts() []DocumentFact {
	c := d.Content
	credits, reason := "Takes back", "Reason"
	if d.Kind == DocQuote {
		credits, reason = "Takes the place of order", "Message"
	}
	all := []DocumentFact{{"Order", c.OrderNumber}, {"Purchase order", c.PONumber}, {"Valid until", c.ValidUntil.wordsOrNone()}, {credits, c.Credits}, {reason, c.Reason}, {"Terms", c.Terms}}
	return slices.DeleteFunc(all, func(f DocumentFact) bool { return blank(f.Text) })
}

// DocumentContent is everything a document says, so that it reads the same for
// ever, whatever the order, the webinar or the seller become.
type DocumentContent struct {
	Seller      Seller         `json:"seller"`
	Buyer       Billing        `json:"buyer"`
	Attention   string         `json:"attention"` // the person who ordered
	Institution string         `json:"institution"`
	OrderNumber string         `json:"order_number"`
	PONumber    string         `json:"po_number"`
	Lines       []DocumentLine `json:"lines"`
	TotalCents  int            `json:"total_cents"`
	Currency    string         `json:"currency"`
	Terms       string         `json:"terms"`
	Credits     string         `json:"credits"` // of a credit memo: the invoice it takes back; of a quote: the order it replaces
	Reason      string         `json:"reason"`
	IssuedOn    Date           `json:"issued_on"`
	ValidUntil  Date           `json:"valid_until,omitempty"` // of a quote: the last day
	Revision    int            `json:"revision,omitempty"`    // of a quote
}

// DocumentLine is one line of a document.
type DocumentLine struct {
	Text      string `json:"text"`
	Quantity  int    `json:"quantity"`
	UnitCents int    `json:"unit_cents"` // 0: Cents is one price for all
	Cents     int    `json:"cents"`
}

// InTotal tells whether the line has one price for all its seats together.
func (l DocumentLine) InTotal() bool { return InTotal(l.UnitCents, l.Cents) }

// Words are the line's seats with what each costs.
func (l DocumentLine) Words() string {
	if l.InTotal() {
		return Plural(l.Quantity, "seat") + ", one price for all of them"
	}
	return Plural(l.Quantity, "seat") + " at " + ExactDollars(l.UnitCents)
}

// Seller is who sells, as documents print it. Address and RemitTo have one line
// of an envelope on each line.
type Seller struct {
	Name       string `json:"name" yaml:"name"`
	Address    string `json:"address" yaml:"address"`
	RemitTo    string `json:"remit_to" yaml:"remit_to"`         // where the money goes
	TaxFormURL string `json:"tax_form_url" yaml:"tax_form_url"` // the seller's W-9
	Contact    string `json:"contact" yaml:"contact"`           // a role address for questions of money
}

// Seller is who sells the section's webinars: what its settings say, and the
// section itself for the rest.
func (s Section) Seller() Seller {
	seller := s.Settings.Seller
	if seller.Name == "" {
		seller.Name = s.Name
	}
	if seller.Contact == "" {
		seller.Contact = s.Contact
	}
	return seller
}

// Invoice is what the order's invoice says. The webinar is named as it is now.
func Invoice(o Order, f OrderFacts, s Seller) DocumentContent {
	c := documentFor(o, f, s)
	c.Terms = netTerms(o.TermsDays)
	c.Lines = []DocumentLine{{Text: lineFor(o, f), Quantity: o.Seats, UnitCents: o.UnitCents, Cents: o.TotalCents}}
	c.TotalCents = o.TotalCents
	return c
}

func netTerms(days int) string {
	return fmt.Sprintf("Net %d days from the day we accept the order", days)
}

// lineFor names what is sold: the webinar, its day, and the buyer's rate or quote.
func lineFor(o Order, f OrderFacts) string {
	text := f.Offering.Title
	if f.Offering.StartsAt != nil {
		text += ", live on " + LongDay(*f.Offering.StartsAt, f.Offering.Zone)
	}
	if o.RateClass == QuotedRate {
		return text + ", " + o.RateLabel
	}
	return text + " (" + o.RateLabel + " rate)"
}

func documentFor(o Order, f OrderFacts, s Seller) DocumentContent {
	return DocumentContent{
		Seller: s, Buyer: o.Billing, Attention: o.BuyerName, Institution: o.Institution, OrderNumber: o.Number, PONumber: o.PONumber,
		Currency: "USD", IssuedOn: DateOf(f.Now, Zone(f.Offering.Zone)),
	}
}

// CreditMemo takes back all that an invoice charged.
func CreditMemo(invoice Document, o Order, f OrderFacts, s Seller) DocumentContent {
	c := documentFor(o, f, s)
	c.Credits, c.Reason = invoice.Number, o.Reason
	for _, l := range invoice.Content.Lines {
		c.Lines = append(c.Lines, DocumentLine{Text: l.Text, Quantity: -l.Quantity, UnitCents: l.UnitCents, Cents: -l.Cents})
	}
	c.TotalCents = -invoice.Content.TotalCents
	return c
}

// InvoiceInForce is the invoice that stands: issued, and not taken back.
func InvoiceInForce(all []Document) (Document, bool) {
	for _, d := range slices.Backward(all) {
		if d.Kind == DocInvoice && !slices.ContainsFunc(all, func(c Document) bool { return c.Kind == DocCredit && c.Content.Credits == d.Number }) {
			return d, true
		}
	}
	return Document{}, false
}
