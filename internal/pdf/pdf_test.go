package pdf_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lectern/domain"
	"lectern/internal/pdf"
)

// TestDocument draws an invoice with names of several scripts; where pdftotext is
// installed, the text is read back.
func TestDocument(t *testing.T) {
	t.Parallel()
	d := domain.Document{
		Kind: domain.DocInvoice, Number: "INV-00001", Cents: 44100, IssuedAt: time.Date(2027, 4, 5, 18, 0, 0, 0, time.UTC),
		Content: domain.DocumentContent{
			Seller: domain.Seller{Name: "Example Library Association", Address: "100 Example Street\nChicago, IL 60601", RemitTo: "P.O. Box 100", Contact: "webinars@example.org"},
			Buyer:  domain.Billing{Name: "Bibliothèque de Łódź", Address: []string{"Ελλάδα 1", "Київ"}}, Attention: "Zoë Đặng", OrderNumber: "LM-1001", PONumber: "CCL-20418",
			Lines:      []domain.DocumentLine{{Text: strings.Repeat("Leading a Team You Inherited: Trust and Feedback ", 3), Quantity: 9, UnitCents: 4900, Cents: 44100}},
			TotalCents: 44100, Currency: "USD", Terms: "Net 30 days", IssuedOn: "2027-04-05",
		},
	}
	file, err := pdf.Document(d, "2027-05-05")
	if err != nil || !bytes.HasPrefix(file, []byte("%PDF-")) || len(file) > 100_000 {
		t.Fatalf("%d bytes, %v", len(file), err)
	}
	if again, err := pdf.Document(d, "2027-05-05"); err != nil || !bytes.Equal(file, again) {
		t.Errorf("the same document is drawn in two ways: %v", err)
	}
	said := read(t, file)
	for _, want := range []string{"Invoice INV-00001", "Bibliothèque de Łódź", "Ελλάδα 1", "Київ", "Zoë Đặng", "CCL-20418", "$441.00", "Wed, May 5, 2027", "P.O. Box 100"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
}

// TestQuoteDocument draws an offer that was revised.
func TestQuoteDocument(t *testing.T) {
	t.Parallel()
	file, err := pdf.Document(domain.Document{
		Kind: domain.DocQuote, Number: "Q-00042", Revision: 2, Cents: 46800, IssuedAt: time.Date(2027, 4, 5, 18, 0, 0, 0, time.UTC),
		Content: domain.DocumentContent{
			Seller: domain.Seller{Name: "Example Library Association", RemitTo: "P.O. Box 100"}, Buyer: domain.Billing{Name: "Cedar County Library"}, Attention: "Ines Duarte",
			Lines: []domain.DocumentLine{{Text: "Leading a Team You Inherited", Quantity: 12, UnitCents: 3900, Cents: 46800}}, TotalCents: 46800, Currency: "USD", Terms: "Net 30 days",
			IssuedOn: "2027-04-05", ValidUntil: "2027-05-05", Credits: "LM-1001", Reason: "Two more than last year.",
		},
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	said := read(t, file)
	for _, want := range []string{"Quote Q-00042, revision 2", "Valid until", "Wed, May 5, 2027", "Takes the place of order", "LM-1001", "$468.00", "Two more than last year.", "P.O. Box 100"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
}

func read(t *testing.T, file []byte) string {
	t.Helper()
	reader, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not installed: the text is not read back")
	}
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.CommandContext(t.Context(), reader, "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
