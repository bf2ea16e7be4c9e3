package workflows

import (
	"lectern/domain"
	"lectern/internal/store"
)

// keepDocuments issues the invoice when an order is billed, and takes it back
// with a credit memo when the order ends: each with its line in the ledger (I5).
func (w Orders) keepDocuments(tx *store.Tx, c *change) error {
	invoice, stands := domain.InvoiceInForce(c.documents)
	switch {
	case c.action == domain.SubmitPO && !stands:
		s, err := w.seller(tx, c.after.OfferingID)
		if err != nil {
			return err
		}
		return w.issue(tx, c, domain.DocInvoice, domain.LedgerCharge, domain.Invoice(c.after, c.facts, s))
	case stands && !c.after.State.Live():
		s := invoice.Content.Seller
		return w.issue(tx, c, domain.DocCredit, domain.LedgerCredit, domain.CreditMemo(invoice, c.after, c.facts, s))
	}
	return nil
}

// seller is who sells the webinar, and on what terms.
func (w Orders) seller(tx *store.Tx, offeringID string) (domain.Seller, error) {
	section, err := tx.SectionOfOffering(offeringID)
	return section.Seller(), err
}

func (w Orders) issue(tx *store.Tx, c *change, kind domain.DocumentKind, entry domain.LedgerKind, content domain.DocumentContent) error {
	n, err := tx.NextNumber(string(kind))
	if err != nil {
		return err
	}
	d := domain.Document{
		ID: w.NewID(), Kind: kind, Number: kind.Numbered(n), OrderID: c.after.ID, Revision: 1, Cents: content.TotalCents,
		Content: content, IssuedAt: c.facts.Now,
	}
	for _, o := range c.documents {
		if o.Kind == kind {
			d.Revision++
		}
	}
	if err := tx.AddDocument(d); err != nil {
		return err
	}
	c.documents = append(c.documents, d)
	e := domain.LedgerEntry{
		ID: w.NewID(), OrderID: d.OrderID, DocumentID: d.ID, Kind: entry, Cents: d.Cents, Note: kind.Label() + " " + d.Number,
		ByID: c.facts.Actor.ID, ByName: c.facts.Actor.Name, At: c.facts.Now,
	}
	c.facts.Money.Add(e)
	return tx.AddEntry(e)
}
