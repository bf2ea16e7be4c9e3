package api

import (
	"net/http"

	"lectern/api/web"
	"lectern/domain"
	"lectern/internal/pdf"
)

func (s *Server) invoicePage(c *Call) error {
	d, err := s.buyerDesk(c)
	if err != nil {
		return err
	}
	return s.showInvoice(c, d)
}

func (s *Server) invoicePDF(c *Call) error {
	d, err := s.buyerDesk(c)
	if err != nil {
		return err
	}
	return s.sendPDF(c, d)
}

func (s *Server) staffInvoicePage(c *Call) error { return s.showInvoice(c, staffDesk(c)) }
func (s *Server) staffInvoicePDF(c *Call) error  { return s.sendPDF(c, staffDesk(c)) }

// invoiceFile is the PDF for programs, with the order's secret or a token.
func (s *Server) invoiceFile(c *Call) error {
	return s.sendPDF(c, orderDesk{who: c.Actor, ref: c.Param("id")})
}

// invoice finds a document of an order: the one of that number, or the newest.
func (s *Server) invoice(c *Call, d orderDesk) (domain.Document, domain.Order, error) {
	v, err := s.orders().Order(c.Ctx(), d.who, d.ref)
	if err != nil {
		return domain.Document{}, v.Order, err
	}
	want := c.QueryParam("number")
	for i := len(v.Documents) - 1; i >= 0; i-- {
		if doc := v.Documents[i]; want == "" || doc.Number == want {
			return doc, v.Order, nil
		}
	}
	return domain.Document{}, v.Order, domain.NotThere("document")
}

func (s *Server) showInvoice(c *Call, d orderDesk) error {
	doc, o, err := s.invoice(c, d)
	if err != nil {
		return err
	}
	p := web.InvoicePage{
		Page: c.frame(doc.Kind.Label()+" "+doc.Number, append(d.crumbs(), web.Link{Label: "Order " + o.Number, Href: d.to})...), Document: doc, DueOn: o.DueOn,
		Back: d.to, PDF: d.to + "/invoice.pdf?number=" + doc.Number,
	}
	return c.show(http.StatusOK, web.InvoiceShown(p))
}

func (s *Server) sendPDF(c *Call, d orderDesk) error {
	doc, o, err := s.invoice(c, d)
	if err != nil {
		return err
	}
	file, err := pdf.Document(doc, o.DueOn)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="`+doc.Number+`.pdf"`)
	return c.Blob(http.StatusOK, "application/pdf", file)
}
