package api

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"
	"golang.org/x/net/html"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// repairs are the elements of a page that a browser would have to move, close or
// add: where the text and the tree that a parser makes of it differ.
func repairs(page []byte) []string {
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return []string{err.Error()}
	}
	var tree, text, open []string
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			tree = append(tree, n.Data)
		}
	}
	z := html.NewTokenizer(bytes.NewReader(page))
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		t := z.Token()
		switch {
		case kind == html.StartTagToken && active[t.Data] && slices.ContainsFunc(open, func(o string) bool { return active[o] }):
			return []string{"<" + t.Data + "> within another"}
		case kind == html.StartTagToken && !empty[t.Data]:
			text, open = append(text, t.Data), append(open, t.Data)
		case kind == html.StartTagToken || kind == html.SelfClosingTagToken:
			text = append(text, t.Data)
		case kind == html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != t.Data {
				return []string{"</" + t.Data + "> closes nothing"}
			}
			open = open[:len(open)-1]
		}
	}
	if slices.Equal(tree, text) && len(open) == 0 {
		return nil
	}
	for i := range text {
		if i >= len(tree) || tree[i] != text[i] {
			return []string{"after " + strings.Join(text[max(0, i-4):i], " ") + ": " + text[i]}
		}
	}
	return append(open, "is not closed")
}

var active = map[string]bool{"a": true, "button": true, "label": true}

var empty = map[string]bool{"meta": true, "link": true, "input": true, "br": true, "img": true, "hr": true}

func TestRepairs(t *testing.T) {
	t.Parallel()
	const before, after = "<!DOCTYPE html><html><head><title>x</title></head><body>", "</body></html>"
	for page, wrong := range map[string]bool{
		"<p>one<br/>two</p>": false, "<p><div>one</div></p>": true, "<ul><li>one</ul>": true, "<table><tr><td>one</td></tr></table>": true,
		"<table><tbody><tr><td>one</td></tr></tbody></table>": false, "<a href=\"#\"><a href=\"#\">x</a></a>": true, "<dl><dt>a</dt><dd>b</dd></dl>": false,
	} {
		if got := repairs([]byte(before + page + after)); (got != nil) != wrong {
			t.Errorf("%s: %v", page, got)
		}
	}
}

// looked opens a public page as nobody and checks what holds for all of them.
func (w *world) looked(path string) reply {
	w.t.Helper()
	ctx, n := store.WithQueryCount(w.t.Context())
	r := w.sendUnder(ctx, request{method: get, path: path}).want(200)
	switch {
	case len(r.body) > 50<<10:
		w.t.Errorf("%s has %d bytes", path, len(r.body))
	case r.Header.Get("Cache-Control") != "public, max-age=60" || r.Header.Get("ETag") == "" || len(r.Cookies()) > 0:
		w.t.Errorf("%s cannot be kept: %v", path, r.Header)
	case n.Load() > 3:
		w.t.Errorf("%s took %d statements", path, n.Load())
	}
	for _, wrong := range repairs(r.body) {
		w.t.Errorf("%s is not valid: %s", path, wrong)
	}
	again := w.send(request{method: get, path: path, header: map[string]string{"If-None-Match": r.Header.Get("ETag")}}).want(304)
	if len(again.body) > 0 {
		w.t.Errorf("%s has not changed, and came again with %d bytes", path, len(again.body))
	}
	return r
}

// TestOfferingPages looks at the catalogue and a webinar as somebody who is not
// signed in.
func TestOfferingPages(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		o := w.onSale(50, 0)
		page := w.looked("/offerings/" + o.Slug)
		page.wantText(o.Title, "Learning outcomes", "Target audience", "Presenters", "Division member", "$49", "$79", "10 or more", "By quote", ">Register</button>", "Live captions in English",
			"<b>11 a.m.</b>", "<b>noon</b>", "<b>1 p.m.</b>", "<b>2 p.m.</b>", "application/ld+json", "EducationEvent", "access@example.org", "webinars@example.org", "erased 30 days after")
		page.lacks(o.JoinURL, "Manage this webinar")
		w.looked("/offerings").wantText(o.Title, "Calendar feed", "<b>1 p.m.</b>", "$49")
		for query, found := range map[string]bool{
			"q=lead": true, "q=zebra": false, "price=paid": true, "price=free": false, "when=past": false, "topic=" + url.QueryEscape(o.Topics[0]): true, "topic=Nothing": false,
			"topic=%25": false, "price=paid&q=inherited": true,
		} {
			if got := strings.Contains(string(w.looked("/offerings?"+query).body), ">"+o.Title+"<"); got != found {
				t.Errorf("?%s: found is %v", query, got)
			}
		}
		w.browse("Ben Castellano", "/offerings/"+o.Slug).want(200).lacks("Manage this webinar")
		w.browse("Fay Nguyen", "/offerings/"+o.Slug).want(200).wantText("Manage this webinar")
		w.At("2027-05-21T12:00:00-05:00")
		w.looked("/offerings?when=past").wantText(o.Title)
		w.looked("/offerings/"+o.Slug).lacks(">Register</button>", "Add to calendar")
	})
}

// TestOfferingHidden: what is planned is there for those who run it, and nobody else.
func TestOfferingHidden(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	p := w.acceptedWebinar("Not yet public")
	v, err := (workflows.Offerings{Base: w.Base}).Create(t.Context(), w.Actor("Fay Nguyen"), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", "/calendar.ics", "/access", "/register"} {
		for _, name := range []string{"", "Ben Castellano", "Otto Lang"} {
			if got := w.browse(name, "/offerings/"+v.Slug+path); got.StatusCode != 404 {
				t.Errorf("%q at %q: %d", name, path, got.StatusCode)
			}
		}
	}
	for _, path := range []string{"/staff/offerings", "/staff/offerings/" + v.Slug, "/staff/offerings/" + v.Slug + "/edit", "/staff/offerings/" + v.Slug + "/publish"} {
		w.browse("Ben Castellano", path).want(404)
		w.browse("Gus Petrakis", path).want(404)
	}
	w.looked("/offerings").lacks(v.Title)
	w.browse("", "/offerings/feed.ics").want(200).lacks(v.Title)
}

// TestOfferingCalendar reads the calendar files with another program's parser.
func TestOfferingCalendar(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	o := w.onSale(50, 0)
	first := w.event("/offerings/" + o.Slug + "/calendar.ics")
	starts, err := first.DateTimeStart(nil)
	if err != nil || !starts.Equal(*o.StartsAt) || starts.Location().String() != "America/Chicago" {
		t.Errorf("it starts %v, %v", starts, err)
	}
	ends, err := first.DateTimeEnd(nil)
	if err != nil || ends.Sub(starts) != time.Hour {
		t.Errorf("it ends %v, %v", ends, err)
	}
	text := func(e ical.Event, name string) string {
		p := e.Props.Get(name)
		if p == nil {
			t.Fatalf("the event has no %s", name)
		}
		return p.Value
	}
	if text(first, "SUMMARY") != o.Title || text(first, "UID") != "offering-"+o.ID+"@lectern.example.org" || text(first, "STATUS") != "CONFIRMED" || text(first, "DTSTAMP") == "" {
		t.Errorf("%+v", first.Props)
	}
	feed := w.event("/offerings/feed.ics")
	if text(feed, "UID") != text(first, "UID") {
		t.Error("the feed has another event")
	}
	later := o.StartsAt.AddDate(0, 6, 0)
	fay, sales := w.Actor("Fay Nguyen"), workflows.Offerings{Base: w.Base}
	if _, err := sales.Act(t.Context(), fay, o.ID, domain.RescheduleOffering, workflows.OfferingMoved{OfferingInput: domain.OfferingInput{Reason: "Illness", StartsAt: &later}}); err != nil {
		t.Fatal(err)
	}
	moved := w.event("/offerings/" + o.Slug + "/calendar.ics")
	if at, err := moved.DateTimeStart(nil); err != nil || !at.Equal(later) || text(moved, "SEQUENCE") <= text(first, "SEQUENCE") || text(moved, "UID") != text(first, "UID") {
		t.Errorf("moved to %v, %v, sequence %s after %s", at, err, text(moved, "SEQUENCE"), text(first, "SEQUENCE"))
	}
	if _, err := sales.Act(t.Context(), fay, o.ID, domain.CancelOffering, workflows.OfferingMoved{OfferingInput: domain.OfferingInput{Reason: "The speaker left"}}); err != nil {
		t.Fatal(err)
	}
	if gone := w.event("/offerings/" + o.Slug + "/calendar.ics"); text(gone, "STATUS") != "CANCELLED" || text(gone, "SEQUENCE") <= text(moved, "SEQUENCE") {
		t.Errorf("cancelled: %+v", gone.Props)
	}
}

// event reads the one event of a calendar file, and checks its lines and zone.
func (w *world) event(path string) ical.Event {
	w.t.Helper()
	r := w.browse("", path).want(200)
	for _, line := range bytes.SplitAfter(r.body, []byte("\n")) {
		if len(line) > 0 && !bytes.HasSuffix(line, []byte("\r\n")) || len(line) > 77 {
			w.t.Errorf("%s: line %q", path, line)
		}
	}
	cal, err := ical.NewDecoder(bytes.NewReader(r.body)).Decode()
	if err != nil || len(cal.Events()) != 1 {
		w.t.Fatalf("%s: %v, %s", path, err, r.body)
	}
	zoned := slices.ContainsFunc(cal.Children, func(c *ical.Component) bool {
		return c.Name == ical.CompTimezone && c.Props.Get("TZID").Value == "America/Chicago" && len(c.Children) > 0
	})
	if !zoned || r.Header.Get("Content-Type") != "text/calendar; charset=utf-8" {
		w.t.Errorf("%s: no zone, or as %s", path, r.Header.Get("Content-Type"))
	}
	return cal.Events()[0]
}

// seatEvent reads a seat's calendar file with another program's parser.
func (w *world) seatEvent(seat string, o domain.Offering) {
	w.t.Helper()
	r := w.browse("", seat+"/calendar.ics").want(200)
	cal, err := ical.NewDecoder(bytes.NewReader(r.body)).Decode()
	if err != nil || len(cal.Events()) != 1 {
		w.t.Fatalf("%v, %s", err, r.body)
	}
	e := cal.Events()[0]
	begins, err := e.DateTimeStart(nil)
	ends, wrong := e.DateTimeEnd(nil)
	if err != nil || wrong != nil || !begins.Equal(*o.StartsAt) || !ends.Equal(*o.EndsAt()) {
		w.t.Errorf("from %v to %v: %v, %v", begins, ends, err, wrong)
	}
	link, err := e.Props.URI(ical.PropURL)
	if err != nil || link == nil || link.Path != seat {
		w.t.Errorf("it leads to %v, %v", link, err)
	}
	for name, want := range map[string]string{"SUMMARY": o.Title, "SEQUENCE": "3"} {
		if p := e.Props.Get(name); p == nil || p.Value != want {
			w.t.Errorf("its %s is %v, not %s", name, p, want)
		}
	}
	if uid, err := e.Props.Text(ical.PropUID); err != nil || !strings.HasPrefix(uid, "seat-") || e.Props.Get("DTSTAMP") == nil {
		w.t.Errorf("%q, %v", uid, err)
	}
}

// TestAccessRequest: what somebody needs is the coordinator's to read, in no
// mail, and erased 30 days after the webinar.
func TestAccessRequest(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		o := w.onSale(50, 0)
		form := "/offerings/" + o.Slug + "/access"
		w.browse("", form).want(200).wantText("What we keep, why, and how long", "erased 30 days after")
		wrong := w.submit("", form, url.Values{"name": {"Jo <Abel>"}, "email": {"jo@"}, "text": {""}, "idempotency_key": {"k1"}}).want(422)
		wrong.wantText("Jo &lt;Abel&gt;", "jo@", "Write what you need.", "Error: ")
		w.submit("", form, url.Values{"name": {"Jo Abel"}, "email": {"Jo@Example.org"}, "text": {"Sign language, please."}, "idempotency_key": {"k2"}}).want(303)
		w.as("", post, "/offerings/"+o.ID+"/access-requests", map[string]any{"name": "Kit Moran", "email": "kit@example.org", "text": "A transcript."}).want(202)
		mails := sectiontest.Read(w.Fixture, func(tx *store.Tx) ([]domain.Mail, error) { return tx.Mails(store.MailFilter{Limit: 20}) })
		told := 0
		for _, m := range mails {
			if m.Kind == domain.AccessAsked && m.To == "access@example.org" {
				told++
			}
			if strings.Contains(m.Subject+m.Body, "Jo") || strings.Contains(m.Subject+m.Body, "Sign language") || strings.Contains(m.Body, "transcript") {
				t.Errorf("a mail tells what was asked: %+v", m)
			}
		}
		if told != 2 {
			t.Errorf("%d mails to the access contact", told)
		}
		w.browse("Fay Nguyen", "/staff/offerings/"+o.Slug).want(200).wantText("Jo Abel", "jo@example.org", "Sign language, please.", "A transcript.")
		for _, name := range []string{"Ben Castellano", "Gus Petrakis", "Dana Whitfield"} {
			w.as(name, get, "/offerings/"+o.ID+"/access-requests", nil).want(404)
		}
		w.browse("Kim Adeyemi", "/staff/offerings/"+o.Slug).want(200).lacks("Jo Abel")
		var all whole[AccessRequestOut]
		into(w.as("Fay Nguyen", get, "/offerings/"+o.ID+"/access-requests", nil).want(200), &all)
		w.as("Fay Nguyen", post, "/access-requests/"+all.Data[0].ID+"/arranged", nil).want(204)
		w.as("Ben Castellano", post, "/access-requests/"+all.Data[1].ID+"/arranged", nil).want(404)
		for _, c := range []struct {
			day  string
			kept int
		}{{"2027-06-18T12:00:00-05:00", 2}, {"2027-06-20T12:00:00-05:00", 0}} {
			w.At(c.day)
			if err := (workflows.Reminders{Base: w.Base}).Run(t.Context(), w.Now()); err != nil {
				t.Fatal(err)
			}
			into(w.as("Fay Nguyen", get, "/offerings/"+o.ID+"/access-requests", nil).want(200), &all)
			if got := len(all.Data); got != c.kept {
				t.Errorf("on %s, %d requests are kept, not %d", c.day, got, c.kept)
			}
		}
		w.browse("", form).want(409)
	})
}

// TestStaffSells goes from an accepted proposal to a webinar on sale, by forms.
func TestStaffSells(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		p := w.acceptedWebinar("Leading a Team You Inherited")
		w.browse("Ben Castellano", "/proposals/"+p.Number).want(200).lacks("Put on sale", "Scheduled")
		w.browse("Fay Nguyen", "/proposals/"+p.Number).want(200).wantText("Put on sale")
		w.submit("Fay Nguyen", "/proposals/"+p.Number+"/put-on-sale", url.Values{"idempotency_key": {"a"}}).want(303)
		at := "/staff/offerings/leading-a-team-you-inherited"
		w.browse("Fay Nguyen", at).want(200).wantText("Missing before it can be published: 3", "Set the day and time.", "Say how captions are given.", "At least one speaker has to have confirmed.", "Made from", p.Number)
		w.browse("Fay Nguyen", at+"/publish").want(409).wantText("Set the day and time.", "captions")
		form := w.formOf("Fay Nguyen", at+"/edit")
		form.Set("date", "2027-03-14")
		form.Set("time", "02:30")
		form.Set("captions", "Live captions in English")
		w.submit("Fay Nguyen", at+"/edit", form).want(422).wantText("does not exist in Central", `value="02:30"`, "Live captions in English")
		form.Set("date", "2027-05-20")
		form.Set("time", "13:00")
		form.Set("price_dollars", "forty-nine")
		w.submit("Fay Nguyen", at+"/edit", form).want(422).wantText("Price 1: write the seats", `value="forty-nine"`)
		form = w.formOf("Fay Nguyen", at+"/edit")
		form.Set("date", "2027-05-20")
		form.Set("time", "13:00")
		form.Set("captions", "Live captions in English")
		form.Set("capacity", "120")
		form["price_label"][4], form["price_min"][4], form["price_max"][4], form["price_dollars"][4] = "Library school", "1", "9", "12.50"
		w.submit("Fay Nguyen", at+"/edit", form).want(303)
		form.Set("idempotency_key", "another")
		w.submit("Fay Nguyen", at+"/edit", form).want(412).wantText("Someone else changed this webinar")
		w.browse("Fay Nguyen", at).want(200).wantText("Missing before it can be published: 1", "Library school", "$12.50", "Thu, May 20, 2027, 1:00 p.m. Central", "0 of 120")
		w.as("Ben Castellano", post, "/proposals/"+p.ID+"/confirm", map[string]any{"speaker_id": p.Speakers[0].ID}).want(200)
		w.browse("Fay Nguyen", at).want(200).wantText("Ready to publish")
		w.browse("Fay Nguyen", at+"/publish").want(200)
		w.submit("Fay Nguyen", at+"/publish", url.Values{"idempotency_key": {"b"}}).want(303)
		w.browse("", "/offerings/leading-a-team-you-inherited").want(200).wantText("$12.50")
		w.browse("Ben Castellano", "/proposals/"+p.Number).want(200).wantText("Scheduled", "Accepted")
		w.submit("Fay Nguyen", at+"/reschedule", url.Values{"date": {"2027-05-27"}, "time": {"13:00"}, "reason": {""}}).want(422).wantText("Say why", `value="2027-05-27"`)
		w.submit("Fay Nguyen", at+"/reschedule", url.Values{"date": {"2027-05-27"}, "time": {"13:00"}, "reason": {"Illness"}}).want(303)
		w.browse("", "/offerings/leading-a-team-you-inherited").want(200).wantText("moved to another time", "Thu, May 27, 2027")
		w.submit("Fay Nguyen", at+"/close", url.Values{}).want(303)
		w.submit("Fay Nguyen", at+"/close", url.Values{}).want(409).wantText("cannot be changed this way")
		w.submit("Ben Castellano", at+"/cancel", url.Values{"reason": {"x"}}).want(404)
		w.submit("Fay Nguyen", at+"/cancel", url.Values{"reason": {"The speaker left"}}).want(303)
		w.browse("", "/offerings/leading-a-team-you-inherited").want(200).wantText("This webinar was cancelled", "The speaker left")
		w.browse("Ben Castellano", "/proposals/"+p.Number).want(200).lacks("Scheduled")
		w.browse("Fay Nguyen", "/staff/offerings").want(200).wantText("Leading a Team You Inherited", "Cancelled")
	})
}

// formOf reads the form of a page as a browser would send it unchanged.
func (w *world) formOf(name, path string) url.Values {
	w.t.Helper()
	return formIn(w.t, w.browse(name, path).want(200))
}

// formIn reads the fields of a page as a browser would send them unchanged.
func formIn(t *testing.T, page reply) url.Values {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(page.body))
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{}
	for n := range doc.Descendants() {
		if field := attrOf(n, "name"); field != "" {
			switch {
			case n.Data == "input" && (attrOf(n, "type") != "checkbox" || hasAttr(n, "checked")):
				form.Add(field, attrOf(n, "value"))
			case n.Data == "textarea" && n.FirstChild != nil:
				form.Add(field, strings.TrimPrefix(n.FirstChild.Data, "\n"))
			case n.Data == "textarea":
				form.Add(field, "")
			case n.Data == "option":
			case n.Data == "select":
				for o := range n.Descendants() {
					if hasAttr(o, "selected") {
						form.Set(field, attrOf(o, "value"))
					}
				}
			}
		}
	}
	return form
}

func attrOf(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}
