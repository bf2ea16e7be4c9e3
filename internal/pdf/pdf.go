// Package pdf draws documents as PDF, for those who file them. The page is the
// original: a PDF made here has no structure for screen readers.
package pdf

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"

	"lectern/domain"
)

// The paper is Letter; lengths are in millimetres.
const (
	margin  = 20.0
	width   = 215.9 - 2*margin
	line    = 5.2
	bodyPt  = 10.0
	smallPt = 9.0
	titlePt = 18.0
)

const family = "dejavu"

// Document is an invoice, credit memo or quote as PDF. DueOn is when it is to be paid;
// empty: the terms say it. The same document gives the same bytes.
func Document(d domain.Document, dueOn domain.Date) ([]byte, error) {
	p := fpdf.New("P", "mm", "Letter", "")
	p.AddUTF8FontFromBytes(family, "", dejavusans.TTF)
	p.AddUTF8FontFromBytes(family, "B", dejavusansbold.TTF)
	p.SetMargins(margin, margin, margin)
	p.SetCreationDate(d.IssuedAt.UTC())
	p.SetModificationDate(d.IssuedAt.UTC())
	p.SetCatalogSort(true)
	p.SetTitle(d.Title(), true)
	p.SetAuthor(d.Content.Seller.Name, true)
	p.SetLang("en-US")
	p.AddPage()
	s := sheet{p}
	s.head(d, dueOn)
	s.lines(d)
	s.foot(d)
	var out bytes.Buffer
	if err := p.Output(&out); err != nil {
		return nil, fmt.Errorf("draw %s %s: %w", d.Kind, d.Number, err)
	}
	return out.Bytes(), nil
}

type sheet struct{ *fpdf.Fpdf }

func (s sheet) head(d domain.Document, dueOn domain.Date) {
	c := d.Content
	s.font("B", titlePt)
	s.text(d.Title(), titlePt/2)
	s.Ln(2)
	s.font("B", bodyPt)
	s.text(c.Seller.Name, line)
	s.block(c.Seller.Address)
	s.Ln(4)
	s.fact(map[bool]string{true: "For", false: "Bill to"}[d.Kind == domain.DocQuote], strings.Join(append([]string{c.Buyer.Name}, c.Buyer.Address...), "\n"))
	s.fact("Attention", c.Attention)
	s.fact("Date", c.IssuedOn.Words())
	for _, f := range d.Facts() {
		s.fact(f.Term, f.Text)
	}
	if d.Kind == domain.DocInvoice && dueOn != "" {
		s.fact("Due on", dueOn.Words())
	}
	s.Ln(4)
}

func (s sheet) font(style string, pt float64) { s.SetFont(family, style, pt) }

// text writes a paragraph over the whole width.
func (s sheet) text(text string, height float64) { s.MultiCell(width, height, text, "", "L", false) }

func (s sheet) block(text string) {
	s.font("", bodyPt)
	if text != "" {
		s.text(text, line)
	}
}

const termWidth = 38.0

// fact is a term with what it is; nothing when there is nothing to say.
func (s sheet) fact(term, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	s.font("B", bodyPt)
	s.CellFormat(termWidth, line, term, "", 0, "L", false, 0, "")
	s.font("", bodyPt)
	s.MultiCell(width-termWidth, line, text, "", "L", false)
}

var columns = []float64{width - 80, 18, 28, 34}

func (s sheet) lines(d domain.Document) {
	s.font("B", bodyPt)
	s.row("B", "Webinar", "Seats", "Each", "Amount")
	s.font("", bodyPt)
	for _, l := range d.Content.Lines {
		each := domain.ExactDollars(l.UnitCents)
		if l.InTotal() {
			each = "for all"
		}
		s.row("B", l.Text, strconv.Itoa(l.Quantity), each, domain.ExactDollars(l.Cents))
	}
	s.font("B", bodyPt)
	s.row("", "Total, "+d.Content.Currency, "", "", domain.ExactDollars(d.Content.TotalCents))
	s.Ln(6)
}

// row is one line of the table; the first cell may take several lines.
func (s sheet) row(border string, cells ...string) {
	wrapped := s.SplitText(cells[0], columns[0]-2)
	for i, part := range wrapped {
		rest, under := []string{"", "", ""}, ""
		if i == 0 {
			rest = cells[1:]
		}
		if i == len(wrapped)-1 {
			under = border
		}
		s.CellFormat(columns[0], line+1, part, under, 0, "L", false, 0, "")
		for j, cell := range rest {
			s.CellFormat(columns[j+1], line+1, cell, under, 0, "R", false, 0, "")
		}
		s.Ln(line + 1)
	}
}

func (s sheet) foot(d domain.Document) {
	seller := d.Content.Seller
	s.fact("Pay to", seller.RemitTo)
	s.fact("Tax form", seller.TaxFormURL)
	s.fact("Questions", seller.Contact)
	s.Ln(6)
	s.font("", smallPt)
	s.text("This file is a copy for filing. The same document is a page that screen readers can read, at the link in your mail.", line)
}
