package api

import (
	"net/url"
	"strings"
	"testing"

	"lectern/domain"
	"lectern/internal/store/storetest"
)

// invited is a draft whose speaker was invited, and the address of their link.
func (w *world) invited() (ProposalOut, string) {
	w.t.Helper()
	p := w.drafted("Ben Castellano", newLeaders, annualCall, "A <b>talk</b>")
	w.as("Ben Castellano", post, "/speakers/"+p.Speakers[0].ID+"/invite", nil).want(200)
	return p, w.speakerLink(p.ID)
}

func (w *world) speakerLink(ref string) string {
	w.t.Helper()
	sp := domain.Active(w.proposal(ref).Facts.Speakers)[0]
	return strings.TrimPrefix(w.server.Access.Links.SpeakerURL(sp), w.server.Access.Links.BaseURL)
}

func (w *world) speaker(ref string) domain.Speaker {
	w.t.Helper()
	return domain.Active(w.proposal(ref).Facts.Speakers)[0]
}

func TestSpeakerLink(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	p, link := w.invited()
	w.visit("", link, nil).want(200).has("Will you speak, Ignacio Prieto?", "A &lt;b&gt;talk&lt;/b&gt;", "Yes, I will speak", "Nov 17, 2026")
	w.visit("", link, url.Values{"do": {"yes"}}).to()
	if got := w.speaker(p.ID).Answer; got != domain.Confirmed {
		t.Fatalf("answered %q", got)
	}
	w.visit("", link, nil).want(200).has("You said yes")
	w.visit("", link, url.Values{"do": {"no"}}).to()
	if got := w.speaker(p.ID).Answer; got != domain.DeclinedTo {
		t.Errorf("answered %q", got)
	}
	version := w.proposal(p.ID).Version
	w.visit("", link, url.Values{"do": {"correct"}, "name": {" "}, "titles": {"Kept"}}).want(422).has("Write your name.", "Kept")
	w.visit("", link, url.Values{"do": {"correct"}, "name": {"Ignacio A. Prieto"}, "titles": {"Finance Officer\r\nAuthor"}, "affiliations": {"Tri-County"}}).to()
	if got := w.speaker(p.ID).Line(); got != "Ignacio A. Prieto, Finance Officer, Author, Tri-County" {
		t.Errorf("printed as %s", got)
	}
	if got := w.proposal(p.ID).Version; got != version {
		t.Errorf("a correction stops the editors: version %d, was %d", got, version)
	}
	w.visit("Ben Castellano", "/proposals/"+p.ID+"/compare", nil).want(200).has("Finance")
	w.visit("", link, url.Values{"do": {"accept"}}).want(409).has("No stipend was designated for you.")
	w.visit("", link, url.Values{"do": {"all"}}).want(422)
}

// A link shows its own proposal, and ends (X22).
func TestSpeakerLinkEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	p, link := w.invited()
	w.visit("", link+"x", nil).want(404)
	w.visit("", strings.Replace(link, ".1.", ".2.", 1), nil).want(404)
	w.visit("", "/proposals/"+p.ID, nil).hasNot("talk")
	w.as("Ben Castellano", post, "/speakers/"+p.Speakers[0].ID+"/invite", nil).want(200)
	w.visit("", link, nil).want(410).hasNot("talk")
	w.visit("", link, url.Values{"do": {"yes"}}).want(410)
	fresh := w.speakerLink(p.ID)
	w.visit("", fresh, nil).want(200)
	w.At("2026-11-17T11:59:00-06:00")
	w.visit("", fresh, nil).want(410) // an hour of summer time was lost: 60 days of 24 hours
	w.At("2026-11-17T10:59:00-06:00")
	w.visit("", fresh, nil).want(200)
	if _, err := w.server.Proposals.RemoveSpeaker(t.Context(), w.Actor("Ben Castellano"), p.ID, p.Speakers[0].ID, 0); err != nil {
		t.Fatal(err)
	}
	w.visit("", fresh, nil).want(410)
}

func TestSpeakerChoosesStipend(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	const ben, fay = "Ben Castellano", "Fay Nguyen"
	w.At("2027-01-10T12:00:00-06:00")
	w.realAt("2027-01-10T18:00:00Z")
	p := w.drafted(ben, newLeaders, "webinars-2026-27", "Webinar")
	p = w.acted(ben, p.ID, "submit", nil)
	w.acted(fay, p.ID, "decide", map[string]any{"outcome": "accepted"})
	page := "/proposals/" + p.Number
	w.visit(ben, page, nil).want(200).has("0 of 3 places used", "Designate for place 1")
	w.visit(ben, page+"/designate", url.Values{"speaker_id": {"nobody"}}).want(422).has("Choose a speaker")
	w.visit(ben, page+"/designate", url.Values{"speaker_id": {p.Speakers[0].ID}}).to()
	w.visit(ben, page, nil).want(200).has("1 of 3 places used", "Designated").hasNot("Place 1, $150")
	w.visit(fay, page, nil).want(200).has("Place 1, $150")
	w.visit("Dana Whitfield", page, nil).want(200).has("1 of 3 places used").hasNot("badge info\">Designated", "Waives it")
	link := w.speakerLink(p.ID)
	w.visit("", link, nil).want(200).has("A stipend of $150", "Accept the stipend")
	w.visit("", link, url.Values{"do": {"waive"}}).to()
	w.visit("", link, url.Values{"do": {"accept"}}).want(409)
	v := w.proposal(p.ID)
	if v.Facts.Stipends[0].State != domain.StipendWaived {
		t.Fatalf("stipend is %s", v.Facts.Stipends[0].State)
	}
	w.visit(ben, page+"/designate", url.Values{"speaker_id": {p.Speakers[0].ID}}).to()
	again := w.proposal(p.ID).Facts.Stipends
	live := again[len(again)-1]
	void := page + "/stipends/" + live.ID + "/void"
	w.visit(ben, void, url.Values{"reason": {""}}).want(422).has("Say why.")
	w.visit(ben, void, url.Values{"reason": {"Left the panel"}}).to()
	w.visit(ben, page, nil).want(200).has("Left the panel", "0 of 3 places used")
	w.visit("Hollis Grant", page+"/designate", url.Values{"speaker_id": {p.Speakers[0].ID}}).want(404)
	if _, err := w.server.Proposals.Designate(t.Context(), w.Actor("Ana Reyes"), p.ID, p.Speakers[0].ID); !domain.IsKind(err, domain.Forbidden) {
		t.Errorf("a member designates: %v", err)
	}
}

func TestSpeakerLinkJSON(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	p, link := w.invited()
	var out speakerLinkOut
	into(w.send(request{method: get, path: apiRoot + link}).want(200), &out)
	if out.Name != "Ignacio Prieto" || out.Answer != domain.Invited || out.State != domain.Draft {
		t.Errorf("%+v", out)
	}
	into(w.send(request{method: post, path: apiRoot + link, body: `{"do":"yes"}`}).want(200), &out)
	if out.Answer != domain.Confirmed || w.speaker(p.ID).Answer != domain.Confirmed {
		t.Errorf("%+v", out)
	}
	w.send(request{method: post, path: apiRoot + link, body: `{"do":"maybe"}`}).refused(422, "not_an_option")
	w.send(request{method: get, path: apiRoot + link + "x"}).refused(404, "not_found")
}
