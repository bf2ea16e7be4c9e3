package api

import (
	"context"
	"encoding/csv"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

const newLeaders = "new-leaders-and-managers"

// browse asks for a page as a person with a session; "" is nobody.
func (w *world) browse(name, path string) reply {
	w.t.Helper()
	r := request{method: get, path: path}
	if name != "" {
		r.cookie = w.session(name)
	}
	return w.send(r)
}

// submit sends a form as a person with a session.
func (w *world) submit(name, path string, form url.Values) reply {
	w.t.Helper()
	r := request{method: post, path: path, body: form.Encode(), form: true, header: map[string]string{"Origin": "https://lectern.example.org"}}
	if name != "" {
		r.cookie = w.session(name)
	}
	return w.send(r)
}

// wantText checks that a page says all of this.
func (r reply) wantText(all ...string) reply {
	r.t.Helper()
	for _, text := range all {
		if !strings.Contains(string(r.body), text) {
			r.t.Errorf("the page lacks %q", text)
		}
	}
	return r
}

func (r reply) lacks(all ...string) reply {
	r.t.Helper()
	for _, text := range all {
		if strings.Contains(string(r.body), text) {
			r.t.Errorf("the page has %q", text)
		}
	}
	return r
}

// leadsTo checks a redirect after a form.
func (r reply) leadsTo(path string) reply {
	r.t.Helper()
	if r.want(http.StatusSeeOther); r.Header.Get("Location") != path {
		r.t.Errorf("leads to %q, want %q", r.Header.Get("Location"), path)
	}
	return r
}

// draft starts a draft as a member and gives its id.
func (w *world) draft(name, group, call, title string) string {
	w.t.Helper()
	v, err := w.server.Proposals.Create(w.t.Context(), w.Actor(name), workflows.Draft{Group: group, Call: call, Title: title})
	if err != nil {
		w.t.Fatal(err)
	}
	return v.ID
}

// withOutbox gives the server its outbox, with a link that nobody should see.
func withOutbox(s *Server) {
	s.Outbox = workflows.Outbox{Base: s.Access.Base, Links: func(context.Context, domain.Mail) (domain.MailLink, error) {
		return domain.MailLink{URL: "https://lectern.example.org/secret"}, nil
	}}
}

func TestSectionPagesScope(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, withOutbox)
		everybody := []string{"Ana Reyes", "Ben Castellano", "Hollis Grant", "Chidi Okonkwo", "Dana Whitfield", "Eli Marsh", "Fay Nguyen", "Gus Petrakis", "Kim Adeyemi", "Otto Lang"}
		insiders := []string{"Ana Reyes", "Ben Castellano", "Chidi Okonkwo", "Dana Whitfield", "Fay Nguyen", "Kim Adeyemi"}
		section := everybody[:len(everybody)-1] // Otto Lang is nobody
		tests := []struct {
			path string
			ok   []string
		}{
			{"/", everybody},
			{"/groups", everybody},
			{"/groups/" + newLeaders, insiders},
			{"/groups/" + newLeaders + "/deadlines.ics", insiders},
			{"/groups/" + newLeaders + "/activity", insiders},
			{"/api/v1/groups/" + newLeaders + "/activity", insiders},
			{"/groups/" + newLeaders + "/people", section},
			{"/groups/" + newLeaders + "/people.csv", section},
			{"/years/2026-27/board", []string{"Ana Reyes", "Ben Castellano", "Hollis Grant", "Chidi Okonkwo", "Dana Whitfield", "Fay Nguyen", "Kim Adeyemi"}},
			{"/staff/outbox", []string{"Fay Nguyen", "Kim Adeyemi"}},
			{"/staff/calls/webinars-2026-27", section},
			{"/accessibility", everybody},
			{"/privacy", everybody},
			{"/demo", nil},
		}
		for _, tc := range tests {
			for _, name := range everybody {
				want := http.StatusNotFound
				if slices.Contains(tc.ok, name) {
					want = http.StatusOK
				}
				if got := w.browse(name, tc.path).StatusCode; got != want {
					t.Errorf("%s at %s: %d, want %d", name, tc.path, got, want)
				}
			}
		}
		for _, shut := range []string{"/groups", "/groups/" + newLeaders, "/years/2026-27/board", "/staff/outbox"} {
			w.browse("", shut).leadsTo("/sign-in?next=" + url.QueryEscape(shut))
		}
	})
}

func TestSectionPagesStatements(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	for range 30 {
		w.draft("Ana Reyes", newLeaders, "annual-2027-sessions", "Budgeting for first-time managers")
	}
	for path, who := range map[string]string{"/": "Ben Castellano", "/groups/" + newLeaders: "Ben Castellano", "/years/2026-27/board": "Ben Castellano", "/?of=Leadership": "Dana Whitfield"} {
		const most = 7
		ctx, n := store.WithQueryCount(t.Context())
		req := httptest.NewRequestWithContext(ctx, get, "https://lectern.example.org"+path, nil)
		req.AddCookie(&http.Cookie{Name: "__Host-lectern", Value: w.session(who)})
		before := n.Load()
		w.handler.ServeHTTP(httptest.NewRecorder(), req)
		if got := n.Load() - before; got > most || got < 2 {
			t.Errorf("%s: %d statements, want at most %d with the sign-in", path, got, most)
		}
	}
}

func TestHome(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	w.browse("", "/").want(http.StatusOK).wantText("From first draft to a decision", `action="/sign-in"`)
	tests := map[string]string{
		"Ben Castellano": "What we owe this year", "Dana Whitfield": "The year in short", "Fay Nguyen": "Webinars to decide",
		"Gus Petrakis": "Stipends", "Eli Marsh": "Core Forum 2027, breakout sessions", "Kim Adeyemi": "Without a chair: ", "Otto Lang": "You are in no group now",
	}
	for name, says := range tests {
		w.browse(name, "/").want(http.StatusOK).wantText(says)
	}
}

func TestDashboard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	id := w.draft("Ana Reyes", newLeaders, "annual-2027-sessions", "Budgeting <for> managers")
	page := w.browse("Ben Castellano", "/groups/"+newLeaders).want(http.StatusOK)
	page.wantText("Next: <bdi>submit 2 ALA Annual proposals", "3 days left", "Mon, Sep 21, 2026, 11:59 p.m. Eastern", "/proposals/"+id+"/edit",
		"Budgeting &lt;for&gt; managers", "Other ALA divisions are closed until these are done:", domain.Rules["R10"][:40], "https://folders.example.org/committees", "September checklist")
	t.Run("an outsider's view", func(t *testing.T) {
		w.browse("Fay Nguyen", "/groups/"+newLeaders).want(http.StatusOK).lacks("Budgeting &lt;for&gt;", "Start a proposal", "Save checklist")
		w.browse("Dana Whitfield", "/groups/"+newLeaders).want(http.StatusOK).lacks("Budgeting &lt;for&gt;")
	})
	t.Run("another year", func(t *testing.T) {
		w.browse("Ben Castellano", "/groups/"+newLeaders+"?year=2027-28").want(http.StatusOK).lacks("to be submitted by", "See all proposals")
		w.browse("Ben Castellano", "/groups/"+newLeaders+"?year=soon").want(http.StatusUnprocessableEntity)
	})
}

func TestActivityPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	path := "/groups/" + newLeaders + "/activity"
	w.browse("Ben Castellano", path).want(http.StatusOK).wantText("Nothing has happened yet")
	for i := range 30 {
		w.draft("Ana Reyes", newLeaders, "annual-2027-sessions", fmt.Sprintf("Idea <%d>", i))
	}
	first := w.browse("Ben Castellano", path).want(http.StatusOK).wantText("Idea &lt;29&gt;", "by Ana Reyes:").lacks("Idea &lt;0&gt;")
	next := html.UnescapeString(regexp.MustCompile(`/groups/[a-z-]+/activity\?cursor=[^"]+`).FindString(string(first.body)))
	w.browse("Ben Castellano", next).want(http.StatusOK).wantText("Idea &lt;0&gt;").lacks("Idea &lt;29&gt;", "Next page")
	w.browse("Ben Castellano", next+"&year=2027-28").want(http.StatusBadRequest)
	w.browse("Ben Castellano", path+"?year=2027-28").want(http.StatusOK).wantText("Nothing fits these filters")
	w.browse("Ben Castellano", path+"?year=soon").want(http.StatusUnprocessableEntity)
	got := w.v1("Ben Castellano", get, "/groups/"+newLeaders+"/activity?limit=2&moves=true", "").want(http.StatusOK)
	if text := string(got.body); strings.Count(text, `"action":"create"`) != 2 || !strings.Contains(text, `"title":"Idea <29>"`) || strings.Contains(text, `"next_cursor":null`) {
		t.Errorf("the same as JSON: %s", text)
	}
}

func TestChecklist(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	w.At("2026-08-20T12:00:00-05:00")
	items := sectiontest.Read(w.Fixture, func(tx *store.Tx) ([]domain.ChecklistItem, error) {
		return tx.Checklist(w.Group(newLeaders).ID, "2026-27", 8)
	})
	form := url.Values{"year": {"2026-27"}, "item": {items[0].ID, items[1].ID}, "done": {items[0].ID, "another"}}
	path := "/groups/" + newLeaders
	w.submit("Ana Reyes", path+"/checklist", form).leadsTo(path + "?year=2026-27")
	w.browse("Ben Castellano", path).wantText("Done by Ana Reyes, Aug 20", "1 of 3")
	w.submit("Ana Reyes", path+"/checklist", url.Values{"year": {"2026-27"}, "item": {items[1].ID}}).leadsTo(path + "?year=2026-27")
	w.browse("Ben Castellano", path).wantText("1 of 3") // what the form did not show stays
	w.submit("Ana Reyes", path+"/checklist", url.Values{"year": {"2026-27"}, "item": {items[0].ID}}).leadsTo(path + "?year=2026-27")
	w.browse("Ben Castellano", path).wantText("0 of 3").lacks("Done by")
	w.submit("Fay Nguyen", path+"/checklist", form).want(http.StatusForbidden)
	w.submit("Hollis Grant", path+"/checklist", form).want(http.StatusNotFound)
}

func TestDeadlines(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	page := w.browse("Ben Castellano", "/groups/"+newLeaders+"/deadlines.ics").want(http.StatusOK)
	text := string(page.body)
	if strings.Count(text, "\n") != strings.Count(text, "\r\n") {
		t.Error("a line does not end in CRLF")
	}
	unfolded := strings.ReplaceAll(text, "\r\n ", "")
	call := w.Call("annual-2027-sessions")
	for _, want := range []string{"UID:call-" + call.ID + "@lectern.example.org\r\n", "DTSTAMP:20260918T170000Z\r\n", "DTEND:20260922T035900Z\r\n", "SUMMARY:ALA Annual 2027\\, sessions closes\r\n"} {
		if !strings.Contains(unfolded, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if got := page.Header.Get("Content-Type"); got != "text/calendar; charset=utf-8" {
		t.Errorf("content type %q", got)
	}
}

func TestRoster(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	people := "/groups/" + newLeaders + "/people"
	w.browse("Ana Reyes", people).want(http.StatusOK).wantText("Ben Castellano", "ben.castellano@example.org", "Co-chair").lacks("Add a person")
	w.browse("Hollis Grant", people).want(http.StatusOK).wantText("Ben Castellano").lacks("ben.castellano@example.org")
	w.browse("Ana Reyes", people+"?on=2020-01-01").want(http.StatusOK).wantText("Nobody was in this group on that day")
	w.browse("Ana Reyes", people+"?on=last+fall").want(http.StatusUnprocessableEntity).wantText(`value="last fall"`, "Error: ", "Ben Castellano")
}

func TestRosterFileIsInert(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	people := "/groups/" + newLeaders + "/people"
	form := url.Values{"name": {"Ida Moss"}, "institution": {"=HYPERLINK(\"x\")"}, "role": {"member"}, "starts_on": {"2026-09-18"}, "ends_on": {"2027-06-30"}}
	w.submit("Kim Adeyemi", people, form).leadsTo(people + "?on=2026-09-18")
	file := w.browse("Ana Reyes", people+".csv").want(http.StatusOK)
	if got := file.Header.Get("Content-Disposition"); got != `attachment; filename="`+newLeaders+`-2026-09-18.csv"` {
		t.Errorf("disposition %q", got)
	}
	rows, err := csv.NewReader(strings.NewReader(string(file.body))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(rows, func(r []string) bool { return r[1] == "Ida Moss" && r[5] == `'=HYPERLINK("x")` }) {
		t.Errorf("rows %q", rows)
	}
}

func TestAddPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	people := "/groups/" + newLeaders + "/people"
	w.browse("Chidi Okonkwo", people+"/new").want(http.StatusOK)
	w.browse("Ben Castellano", people+"/new").want(http.StatusForbidden).wantText(domain.Rules["R24"][:30])
	form := url.Values{"name": {" "}, "email": {"ida@"}, "institution": {"Moss <Library>"}, "role": {"co_chair"}, "starts_on": {"soon"}, "ends_on": {"2027-06-29"}}
	w.submit("Chidi Okonkwo", people, form).want(http.StatusUnprocessableEntity).
		wantText(`value="ida@"`, `value="Moss &lt;Library&gt;"`, `value="soon"`, `value="2027-06-29"`, `href="#name"`, `href="#email"`, `href="#starts_on"`, "Error: ")
	form = url.Values{"name": {"Ida Moss"}, "email": {"Ida@example.org"}, "role": {"member"}, "starts_on": {"2026-09-18"}, "ends_on": {"2027-06-30"}}
	w.submit("Ben Castellano", people, form).want(http.StatusForbidden)
	w.submit("Chidi Okonkwo", people, form).leadsTo(people + "?on=2026-09-18")
	w.browse("Ben Castellano", people).wantText("Ida Moss", "ida@example.org")
	w.submit("Chidi Okonkwo", people, form).want(http.StatusConflict).wantText("Somebody with this address is there already.")
}

// TestRoles gives roles on their page and ends them, one's own last.
func TestRoles(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	const roles = "/staff/roles"
	w.browse("Fay Nguyen", roles).want(http.StatusNotFound)
	w.browse("Kim Adeyemi", roles).want(http.StatusOK).wantText("Fay Nguyen", "Association staff", "(you)")
	w.submit("Fay Nguyen", roles, url.Values{"role": {"admin"}, "email": {w.Person("Fay Nguyen").Email}}).want(http.StatusForbidden)
	w.submit("Kim Adeyemi", roles, url.Values{"role": {"owner"}, "email": {"abel"}}).want(http.StatusUnprocessableEntity).
		wantText(`href="#role"`, `href="#email"`, `href="#name"`, `value="abel"`)
	w.submit("Kim Adeyemi", roles, url.Values{"role": {"admin"}, "email": {"abel@example.org"}, "name": {"Abel Novak"}}).leadsTo(roles)
	w.browse("Kim Adeyemi", roles).wantText("Abel Novak")
	own := url.Values{"role": {"admin"}, "person_id": {w.Person("Kim Adeyemi").ID}}
	w.submit("Kim Adeyemi", roles+"/end", own).leadsTo("/")
	w.browse("Kim Adeyemi", roles).want(http.StatusNotFound)
}

func TestTerms(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	group := "/groups/" + newLeaders
	give := func(name, role string) reply {
		return w.submit("Dana Whitfield", group+"/terms", url.Values{"person_id": {w.Person(name).ID}, "role": {role}, "starts_on": {"2026-09-18"}, "ends_on": {"2027-06-30"}})
	}
	w.browse("Dana Whitfield", group+"/terms/new").want(http.StatusOK).wantText("Otto Lang", "Choose a person")
	give("Otto Lang", "co_chair").want(http.StatusConflict).wantText("The handbook says", "Otto Lang")
	give("Ana Reyes", "co_chair").leadsTo(group + "/people?on=2026-09-18")
	give("Otto Lang", "member").leadsTo(group + "/people?on=2026-09-18")
	give("Otto Lang", "co_chair").want(http.StatusConflict).wantText("Why?")

	page := w.browse("Dana Whitfield", group+"/people").want(http.StatusOK)
	links := regexp.MustCompile(`/groups/[a-z-]*/terms/[0-9a-f-]*/end`).FindAllString(string(page.body), -1)
	if len(links) != 5 {
		t.Fatalf("%d terms can be ended, want 5", len(links))
	}
	w.browse("Dana Whitfield", links[0]).want(http.StatusOK).wantText(`name="ends_on" type="date" value="2026-09-18"`)
	w.browse("Ben Castellano", links[0]).want(http.StatusForbidden)
	w.submit("Dana Whitfield", links[0], url.Values{"version": {"1"}, "ends_on": {"2030-01-01"}}).want(http.StatusUnprocessableEntity).wantText(`value="2030-01-01"`)
	w.submit("Dana Whitfield", links[0], url.Values{"version": {"9"}, "ends_on": {"2026-09-18"}}).want(http.StatusPreconditionFailed)
	w.submit("Dana Whitfield", links[0], url.Values{"version": {"1"}, "ends_on": {"2026-09-18"}}).leadsTo(group + "/people")
	w.browse("Dana Whitfield", "/groups/member-experience/terms/"+strings.Split(links[1], "/")[4]+"/end").want(http.StatusNotFound)
}

func TestBoard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	w.draft("Ana Reyes", newLeaders, "annual-2027-sessions", "Budgeting for first-time managers")
	w.browse("Dana Whitfield", "/years/2026-27/board").want(http.StatusOK).
		wantText("Human Resources Development", "Drafts, by title", "Budgeting for first-time managers", "due Sep 21", "Dec 1 to Jan 31", "due soon", "1 draft").lacks(">Start a proposal")
	w.browse("Fay Nguyen", "/years/2026-27/board").want(http.StatusOK).wantText("1 draft").lacks("Budgeting for first-time managers")
	w.browse("Hollis Grant", "/years/2026-27/board").want(http.StatusOK).wantText("Human Resources Development").lacks("New Leaders and Managers")
	w.browse("Dana Whitfield", "/years/2026-99/board").want(http.StatusNotFound)
	file := w.browse("Dana Whitfield", "/years/2026-27/board.csv").want(http.StatusOK)
	rows, err := csv.NewReader(strings.NewReader(string(file.body))).ReadAll()
	if err != nil || len(rows) != 13 {
		t.Errorf("%d rows, want the heads and 12 groups: %v", len(rows), err)
	}
}

func TestCalls(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	w.draft("Ana Reyes", newLeaders, "annual-2027-sessions", "Budgeting for first-time managers")
	w.browse("Fay Nguyen", "/staff/calls").want(http.StatusOK).wantText("ALA Annual 2027, sessions", "Not open yet", "Mon, Sep 21, 2026, 11:59 p.m. Eastern")
	w.browse("Ben Castellano", "/staff/calls/annual-2027-sessions").want(http.StatusOK).lacks("Extend the window", `class="btn primary"`)
	at := "/staff/calls/annual-2027-sessions"

	t.Run("extend", func(t *testing.T) {
		w.submit("Ben Castellano", at+"/extend", url.Values{"last": {"2026-09-28"}, "sure": {"yes"}}).want(http.StatusForbidden)
		w.submit("Fay Nguyen", at+"/extend", url.Values{"last": {"2026-09-20"}}).want(http.StatusConflict).wantText(`value="2026-09-20"`)
		w.submit("Fay Nguyen", at+"/extend", url.Values{"last": {"next week"}}).want(http.StatusUnprocessableEntity).wantText(`value="next week"`)
		preview := w.submit("Fay Nguyen", at+"/extend", url.Values{"last": {"2026-09-28"}, "version": {"1"}}).want(http.StatusOK)
		preview.wantText("Extend to Mon, Sep 28, 2026, 11:59 p.m. Eastern?", "1 person will be told", "Ben Castellano", "Closes</dt>")
		if got := w.Call("annual-2027-sessions").LastDay(); got != "2026-09-21" {
			t.Fatalf("the preview moved the last day to %s", got)
		}
		w.submit("Fay Nguyen", at+"/extend", url.Values{"last": {"2026-09-28"}, "version": {"1"}, "sure": {"yes"}}).leadsTo(at)
		if got := w.Call("annual-2027-sessions").LastDay(); got != "2026-09-28" {
			t.Errorf("the last day is %s", got)
		}
	})
	t.Run("dates", func(t *testing.T) {
		at := "/staff/calls/webinars-2027-28"
		w.browse("Kim Adeyemi", at).want(http.StatusOK).wantText("Announce the dates")
		w.submit("Kim Adeyemi", at+"/dates", url.Values{"first": {"2027-12-01"}, "last": {"2027-11-01"}, "zone": {"Mars/Base"}}).want(http.StatusUnprocessableEntity).
			wantText(`value="2027-12-01"`, `value="2027-11-01"`, "Mars/Base", `href="#last"`, `href="#zone"`)
		w.submit("Kim Adeyemi", at+"/dates", url.Values{"first": {"2027-12-01"}, "last": {"2028-01-31"}, "zone": {"America/Denver"}}).leadsTo(at)
		w.browse("Kim Adeyemi", at).wantText("Mon, Jan 31, 2028, 11:59 p.m. Mountain")
	})
	t.Run("edit until", func(t *testing.T) {
		at := "/staff/calls/webinars-2026-27"
		w.submit("Fay Nguyen", at+"/edit-until", url.Values{"edit_until": {"soon"}}).want(http.StatusUnprocessableEntity).wantText(`value="soon"`)
		w.submit("Fay Nguyen", at+"/edit-until", url.Values{"edit_until": {"2027-02-07"}}).leadsTo(at)
		w.browse("Fay Nguyen", at).wantText(`value="2027-02-07"`, "Sun, Feb 7, 2027, 11:59 p.m. Central")
	})
}

func TestOutboxPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t), withOutbox)
	if err := w.server.Access.AskSignIn(t.Context(), "ana.reyes@example.org", ""); err != nil {
		t.Fatal(err)
	}
	w.browse("Fay Nguyen", "/staff/outbox").want(http.StatusOK).wantText("Your sign-in link for Lectern", "ana.reyes@example.org", "Waiting").lacks("secret", "Send again")
	w.browse("Fay Nguyen", "/staff/outbox?state=failed").wantText("No mail matches")
	w.browse("Fay Nguyen", "/staff/outbox?state=nonsense&kind=none&before=x").want(http.StatusOK)
	w.server.Outbox.ShowLinks = true
	w.browse("Fay Nguyen", "/staff/outbox").wantText(`href="/secret"`)

	mail := sectiontest.Read(w.Fixture, func(tx *store.Tx) ([]domain.Mail, error) { return tx.Mails(store.MailFilter{Limit: 1}) })[0]
	w.submit("Fay Nguyen", "/staff/outbox/"+mail.ID+"/retry", nil).want(http.StatusConflict)
	w.submit("Ben Castellano", "/staff/outbox/"+mail.ID+"/retry", nil).want(http.StatusNotFound)
	fail(t, w, mail)
	w.browse("Fay Nguyen", "/staff/outbox").wantText("1 mail failed", "550 no such mailbox", "Send again")
	w.submit("Fay Nguyen", "/staff/outbox/"+mail.ID+"/retry", url.Values{"state": {"failed"}}).leadsTo("/staff/outbox?state=failed")
	w.browse("Fay Nguyen", "/staff/outbox").lacks("1 mail failed")
}

// fail lets a mail's last attempt fail.
func fail(t *testing.T, w *world, mail domain.Mail) {
	t.Helper()
	_, err := store.Write(t.Context(), w.Store, func(tx *store.Tx) (struct{}, error) {
		claimed, err := tx.ClaimMails(w.Now(), w.Now(), 1)
		if err != nil || len(claimed) != 1 || claimed[0].ID != mail.ID {
			t.Fatalf("claimed %v: %v", claimed, err)
		}
		failed := claimed[0]
		failed.State, failed.Error = domain.MailFailed, "550 no such mailbox"
		return struct{}{}, tx.GiveBack(claimed[0], failed)
	})
	if err != nil {
		t.Fatal(err)
	}
}
