package api

import (
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"lectern/domain"
	"lectern/internal/onhand"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// TestOfferingFromPage takes the text of a webinar's page that was published once
// through the whole of Lectern, and looks for every part of it on the page that
// comes out: pasted, submitted, accepted, put on sale, published.
func TestOfferingFromPage(t *testing.T) {
	t.Parallel()
	source := onhand.Data(t, "../source/webcast-page.txt")
	text, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		o, pasted := w.soldFromText(string(text))
		page := w.looked("/offerings/" + o.Slug)
		seen := spoken(t, page.body)
		parts := []string{
			pasted.Title, "Learning outcomes", "Target audience", pasted.Answers.Text("audience"), "Presenters", "1 to 9", "10 or more", "By quote", "How many seats?", "Register",
			"$49", "$59", "$79", "$25", "11 a.m. Pacific", "noon Mountain", "1 p.m. Central", "2 p.m. Eastern",
			"Closed captioning is available in the Zoom platform.", "speakers or a headset", "The webinar is recorded.", "access@example.org", "webinars@example.org",
		}
		parts = append(parts, pasted.Answers["outcomes"]...)
		parts = append(parts, strings.Split(pasted.Answers.Text("full_description"), "\n\n")...)
		for _, sp := range pasted.Speakers {
			parts = append(append(append(parts, sp.Name), sp.Titles...), sp.Affiliations...)
		}
		if len(pasted.Answers["outcomes"]) != 4 || len(pasted.Speakers) != 2 || len(pasted.Speakers[0].Titles) != 3 || len(parts) < 35 {
			t.Fatalf("the text was read as %+v", pasted)
		}
		for _, part := range parts {
			if !strings.Contains(seen, oneLine(part)) {
				t.Errorf("the page does not say %q", part)
			}
		}
	})
}

// soldFromText pastes a text into a webinar proposal, adds what it lacks, and takes
// it to sale. The longest paragraph that is left over says how it is captioned.
func (w *world) soldFromText(text string) (domain.Offering, domain.Pasted) {
	w.t.Helper()
	w.At("2027-01-20T12:00:00-06:00")
	call, err := workflows.Calls{Base: w.Base}.Get(w.t.Context(), w.Actor("Ben Castellano"), "webinars-2026-27")
	if err != nil {
		w.t.Fatal(err)
	}
	pasted := domain.Paste(text, call.Form.Spec)
	form := url.Values{"group": {newLeaders}, "call": {"webinars-2026-27"}, "text": {text}}
	w.submit("Ben Castellano", "/proposals/paste", form).want(200).has("Hostos Community College") // the page shows the same parts
	answers := answersFor("webinars-2026-27")
	for key, said := range pasted.Answers {
		answers[key] = said
	}
	var speakers []map[string]any
	for _, sp := range pasted.Speakers {
		speakers = append(speakers, map[string]any{"name": sp.Name, "titles": sp.Titles, "affiliations": sp.Affiliations, "email": strings.ReplaceAll(strings.ToLower(sp.Name), " ", ".") + "@example.org", "bio": "Writes about libraries."})
	}
	var p ProposalOut
	into(w.as("Ben Castellano", post, "/proposals", map[string]any{"group": newLeaders, "call": "webinars-2026-27", "title": pasted.Title, "answers": answers}).want(201), &p)
	for _, sp := range speakers {
		into(w.as("Ben Castellano", post, "/proposals/"+p.ID+"/speakers", sp).want(201), &p)
	}
	into(w.as("Ben Castellano", post, "/proposals/"+p.ID+"/submit", nil).want(200), &p)
	w.At("2027-03-03T12:00:00-06:00")
	into(w.as("Fay Nguyen", post, "/proposals/"+p.ID+"/decide", map[string]any{"outcome": "accepted"}).want(200), &p)
	for _, sp := range p.Speakers {
		w.as("Ben Castellano", post, "/proposals/"+p.ID+"/confirm", map[string]any{"speaker_id": sp.ID}).want(200)
	}
	captions := "Closed captioning is available in the Zoom platform."
	if !strings.Contains(strings.Join(pasted.Left, " "), captions) {
		w.t.Errorf("left over are %q", pasted.Left)
	}
	starts := time.Date(2027, 5, 20, 18, 0, 0, 0, time.UTC)
	var sale OfferingOut
	into(w.as("Fay Nguyen", post, "/proposals/"+p.ID+"/offering", map[string]any{}).want(201), &sale)
	edit := fmt.Sprintf(`{"starts_at": %q, "captions": %q}`, starts.Format(time.RFC3339), captions)
	into(w.send(request{method: patch, path: apiRoot + "/offerings/" + sale.ID, as: "Fay Nguyen", body: edit, header: map[string]string{"If-Match": "*"}}).want(200), &sale)
	into(w.as("Fay Nguyen", post, "/offerings/"+sale.ID+"/publish", map[string]any{}).want(200), &sale)
	o, err := workflows.Offerings{Base: w.Base}.Get(w.t.Context(), domain.Actor{}, sale.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return o.Offering, pasted
}

// spoken is the text of a page on one line, as it is read.
func spoken(t *testing.T, page []byte) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(string(page)))
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for n := range doc.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "script" && n.Parent.Data != "style" {
			words = append(words, n.Data)
		}
	}
	return oneLine(strings.Join(words, " "))
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
