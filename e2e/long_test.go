package e2e

import (
	"strconv"
	"strings"
	"testing"

	"lectern/e2e/browsertest"
)

// What people are called and what they write can be long: a title of 198
// characters, one word of 35 letters, an address that fills two lines.
const (
	longTitle   = "Interdepartmental collaboration and reconceptualized organizational learning: interdepartmental collaboration, reconceptualized, for those who have to explain it to a board of trustees once a month"
	longName    = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh Maximiliana Konstantinopoulou-Vandersteenkiste the Third"
	longAddress = "maximiliana.konstantinopoulou-vandersteenkiste.wolfeschlegelstein@interdepartmental-library-collaboration.example.org"
	longLibrary = "The Consortium of Independent Interdepartmental Libraries of the Northeastern United States and Adjacent Provinces"
)

// TestLongWords sees that long titles and names stay inside their pages.
func TestLongWords(t *testing.T) {
	t.Parallel()
	t.Run("proposal", func(t *testing.T) {
		t.Parallel()
		longProposal(t, play(t, "", "2026-09-18"))
	})
	t.Run("order", func(t *testing.T) {
		t.Parallel()
		longOrder(t, play(t, "", "2027-03-25"))
	})
}

func longProposal(t *testing.T, d *demo) {
	v := d.as(t, "co_chair", browsertest.Options{}).at("/proposals/new")
	v.write("Title", longTitle)
	v.need("creating a draft", v.press("Create draft"), 200)
	editor := v.path()
	proposal := strings.TrimSuffix(editor, "/edit")
	v.at(proposal + "/speakers/new")
	v.write("Name", longName)
	v.write("Email", longAddress)
	v.write("Titles", "Associate Vice Provost for Interdepartmental Collaboration and Reconceptualized Organizational Learning")
	v.write("Affiliations", longLibrary)
	v.need("saving a speaker", v.press("Save speaker"), 200)
	for name, path := range map[string]string{"editor": editor, "proposal": proposal, "home": "/", "proposals": "/proposals"} {
		v.at(path).fits("long-" + name)
	}
}

func longOrder(t *testing.T, d *demo) {
	v := d.visit(t, "/offerings/"+d.webinar(request).Slug+"/register?seats=3", browsertest.Options{})
	v.write("Your name", longName)
	v.write("Email", "konstantinopoulou-vandersteenkiste@interdepartmental-library-collaboration.example.org")
	v.write("Library or organization", longLibrary)
	v.need("holding seats", v.press("Hold 3 seats"), 200)
	v.fits("long-held")
	v.write("Address for the invoice", "40 Mill Street\nCalder, OH 43000")
	v.need("ordering", v.press("Order 3 seats"), 200)
	v.fits("long-order")
	v.at(v.path() + "/invoice").fits("long-invoice")
	d.as(t, "staff", browsertest.Options{}).at("/staff/orders").fits("long-orders")
}

// fits looks whether a page stays inside screens of three widths.
func (v visitor) fits(name string) {
	v.t.Helper()
	for _, width := range []int{1280, 390, 320} {
		v.Look(browsertest.Options{Width: width})
		v.NoSidewaysScroll()
		v.Screenshot(name + "-" + strconv.Itoa(width))
	}
	v.Look(browsertest.Options{})
}
