package api

import (
	"bytes"
	"encoding/csv"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
)

const decisionsOf = "/calls/forum-2027-breakouts/decisions"

// TestDecisionRoutes stages, changes, clears, previews and publishes over the API;
// every refusal is a problem with its code.
func TestDecisionRoutes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		all := forum(w)
		w.At("2027-05-10T12:00:00-05:00")
		at := func(i int) string { return "/proposals/" + all[i-1].ID + "/decision" }
		yes := map[string]any{"outcome": "accepted", "reason": "The committee met on May 7."}
		w.as("Ben Castellano", put, at(1), yes).refused(http.StatusForbidden, "not_your_move")
		w.as("Otto Lang", put, at(1), yes).refused(http.StatusNotFound, "not_found")
		w.as("Eli Marsh", put, at(1), map[string]any{"outcome": "maybe"}).refused(http.StatusUnprocessableEntity, "not_an_option")
		no := map[string]any{"outcome": "declined", "reason": "The committee met."}
		if p := w.as("Eli Marsh", put, at(1), no).refused(http.StatusUnprocessableEntity, "required"); p.Errors[0].Pointer != "/feedback" {
			t.Errorf("the feedback is asked for at %q", p.Errors[0].Pointer)
		}
		if p := w.as("Eli Marsh", put, at(1), map[string]any{"outcome": "accepted"}).refused(http.StatusUnprocessableEntity, "required"); p.Errors[0].Pointer != "/reason" {
			t.Errorf("without a packet the reason is asked for at %q", p.Errors[0].Pointer)
		}
		var d ProposalDecisionOut
		first := w.as("Eli Marsh", put, at(1), yes).want(http.StatusOK)
		into(first, &d)
		if d.Staged == nil || d.Staged.Outcome != domain.OutcomeAccepted || d.State != domain.Submitted || first.Header.Get("ETag") != `"1"` {
			t.Errorf("staged %+v, ETag %s", d, first.Header.Get("ETag"))
		}
		w.as("Eli Marsh", put, at(1), yes).refused(http.StatusPreconditionFailed, "stale_version")
		with := func(method, path, match, body string) reply {
			return w.send(request{method: method, path: apiRoot + path, as: "Eli Marsh", body: body, header: map[string]string{"If-Match": match}})
		}
		into(with(put, at(1), `"1"`, `{"outcome":"alternate","reason":"A place may become free."}`).want(http.StatusOK), &d)
		w.as("Ben Castellano", get, at(1), nil).refused(http.StatusNotFound, "not_found")
		w.as("Eli Marsh", del, at(1), nil).refused(http.StatusPreconditionRequired, "if_match_required")
		with(del, at(1), `"1"`, "").refused(http.StatusPreconditionFailed, "stale_version")
		with(del, at(1), `"2"`, "").want(http.StatusNoContent)
		w.as("Fay Nguyen", post, "/proposals/"+all[0].ID+"/publish-decision", map[string]any{}).refused(http.StatusConflict, "not_publishing")

		wish := func(i int, o string) map[string]any {
			return map[string]any{"proposal": all[i-1].Number, "outcome": o, "no_feedback": o == "declined", "reason": "The committee met."}
		}
		many := map[string]any{"decisions": []any{wish(1, "accepted"), wish(2, "declined"), wish(3, "alternate")}}
		var diff whole[DifferenceOut]
		into(w.as("Eli Marsh", post, decisionsOf+"?dry_run=true", many).want(http.StatusOK), &diff)
		if len(diff.Data) != 3 || diff.Data[1].Change != domain.DecisionNew || len(diff.Data[1].Reasons) != 0 {
			t.Errorf("the difference is %+v", diff)
		}
		wrong := map[string]any{"decisions": []any{wish(1, "accepted"), map[string]any{"proposal": "27-F-999", "outcome": "accepted"}}}
		if p := w.as("Eli Marsh", post, decisionsOf, wrong).want(http.StatusUnprocessableEntity); !bytes.Contains(p.body, []byte("/decisions/1/proposal")) {
			t.Errorf("an unknown number: %s", p.body)
		}
		w.as("Fay Nguyen", post, decisionsOf, many).refused(http.StatusForbidden, "not_your_move")
		into(w.as("Eli Marsh", post, decisionsOf, many).want(http.StatusOK), &diff)
		w.publishes(all)
	})
}

// publishes publishes the three staged decisions of the round, not what was
// changed since it was looked at, and once.
func (w *world) publishes(all []ProposalOut) {
	w.t.Helper()
	preview := func() (p PublishPreviewOut) {
		into(w.as("Fay Nguyen", post, decisionsOf+"/preview", map[string]any{}).want(http.StatusOK), &p)
		return p
	}
	if p := preview(); len(p.Blocked) != 3 || p.Blocked[0].Reasons[0].Code != "not_publishing" {
		w.t.Errorf("in May: %+v", p)
	}
	w.At("2027-06-15T12:00:00-05:00")
	seen := preview()
	if len(seen.Decisions) != 3 || seen.Mails != 4 {
		w.t.Errorf("to publish: %+v", seen)
	}
	w.send(request{method: put, path: apiRoot + "/proposals/" + all[0].ID + "/decision", as: "Eli Marsh", body: `{"outcome":"alternate","reason":"A place may become free."}`, header: map[string]string{"If-Match": "*"}}).want(http.StatusOK)
	w.as("Fay Nguyen", post, decisionsOf+"/publish", map[string]any{"token": seen.Token}).refused(http.StatusConflict, "preview_outdated")
	w.as("Fay Nguyen", post, decisionsOf+"/publish", map[string]any{}).refused(http.StatusUnprocessableEntity, "required")
	w.as("Ben Castellano", post, decisionsOf+"/preview", map[string]any{}).refused(http.StatusNotFound, "not_found")
	stale := w.send(request{method: post, path: apiRoot + "/proposals/" + all[0].ID + "/publish-decision", as: "Fay Nguyen", body: `{}`, header: map[string]string{"If-Match": `"1"`}})
	stale.refused(http.StatusPreconditionFailed, "stale_version")
	var b, again BatchOut
	token := map[string]any{"token": preview().Token}
	into(w.as("Fay Nguyen", post, decisionsOf+"/publish", token).want(http.StatusOK), &b)
	into(w.as("Fay Nguyen", post, decisionsOf+"/publish", token).want(http.StatusOK), &again)
	if b.Done != 3 || b.EndedAt == nil || again.ID != b.ID || again.Done != 3 {
		w.t.Errorf("published %+v, then %+v", b, again)
	}
	into(w.as("Fay Nguyen", get, "/batches/"+b.ID, nil).want(http.StatusOK), &again)
	w.as("Ben Castellano", get, "/batches/"+b.ID, nil).refused(http.StatusNotFound, "not_found")
	var p ProposalOut
	into(w.as("Ben Castellano", get, "/proposals/"+all[1].ID, nil).want(http.StatusOK), &p)
	if p.State != domain.Declined {
		w.t.Errorf("the group reads %s", p.State)
	}
}

// TestDecisionsFile takes the list of decisions as a file, fills it in, looks at
// the difference and stages it with that page's form.
func TestDecisionsFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	all := forum(w)
	w.At("2027-05-10T12:00:00-05:00")
	eli := w.session("Eli Marsh")
	w.send(request{method: put, path: apiRoot + "/proposals/" + all[0].ID + "/decision", as: "Eli Marsh", body: `{"outcome":"declined","feedback":"=SUM(A1)","reason":"Met."}`}).want(http.StatusOK)
	file := w.onPage(eli, decisionsOf+".csv", nil).want(http.StatusOK)
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file.body, []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) < 2 || rows[0][0] != "number" || strings.HasPrefix(rows[1][4], "=") {
		t.Fatalf("the file is %q: %v", rows, err)
	}
	rows[1][3], rows[1][4] = "accepted", ""
	rows = append(rows, []string{"27-F-999", "", "", "accepted", "", "", "Met."})
	if page := w.sendsFile(eli, rows).want(http.StatusUnprocessableEntity); !bytes.Contains(page.body, []byte(`Line 3, <span class="nowrap">27-F-999</span>: There is no`)) {
		t.Errorf("the page does not name the line: %s", page.body)
	}
	page := w.sendsFile(eli, rows[:2]).want(http.StatusOK).has("Declined", "Accepted")
	w.onPage(eli, decisionsOf, formIn(t, page)).want(http.StatusSeeOther)
	var d ProposalDecisionOut
	into(w.as("Eli Marsh", get, "/proposals/"+all[0].ID+"/decision", nil).want(http.StatusOK), &d)
	if d.Staged == nil || d.Staged.Outcome != domain.OutcomeAccepted || d.Version != 2 {
		t.Errorf("staged by file: %+v", d.Staged)
	}
}

// sendsFile sends rows as a CSV file with the form of the decisions' page.
func (w *world) sendsFile(cookie string, rows [][]string) reply {
	w.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part, err := m.CreateFormFile("file", "decisions.csv")
	if err == nil {
		err = csv.NewWriter(part).WriteAll(rows)
	}
	if err != nil || m.Close() != nil {
		w.t.Fatal(err)
	}
	return w.send(request{
		method: post, path: decisionsOf + "/file", cookie: cookie, body: body.String(),
		header: map[string]string{"Content-Type": m.FormDataContentType(), "Origin": "https://lectern.example.org"},
	})
}

// TestCancelEventRoute calls Core Forum off over the API: looked at first, for a
// reason, once; and goes on without being asked for a reason again (E5).
func TestCancelEventRoute(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		all := forum(w)
		w.At("2027-05-10T12:00:00-05:00")
		for i := range 3 {
			w.acted("Fay Nguyen", all[i].ID, "decide", map[string]any{"outcome": "accepted", "reason": "The committee met."})
		}
		const at = "/years/2026-27/venues/forum/cancel-event"
		for _, name := range []string{"Ben Castellano", "Eli Marsh", "Dana Whitfield", "Otto Lang"} {
			w.as(name, post, at+"?dry_run=true", map[string]any{}).refused(http.StatusNotFound, "not_found")
		}
		met := w.counted("Ben Castellano", newLeaders)["forum"]
		w.At("2027-06-20T12:00:00-05:00")
		var look, done CancelEventOut
		into(w.as("Fay Nguyen", post, at+"?dry_run=true", map[string]any{"reason": "Flood"}).want(http.StatusOK), &look)
		if len(look.Proposals) != 6 || look.Batch != nil || look.Token == "" {
			t.Fatalf("looked at %+v", look)
		}
		w.as("Fay Nguyen", post, at, map[string]any{"token": look.Token}).refused(http.StatusUnprocessableEntity, "required")
		w.as("Fay Nguyen", post, at, map[string]any{"token": "x", "reason": "Flood"}).refused(http.StatusConflict, "preview_outdated")
		into(w.as("Fay Nguyen", post, at, map[string]any{"token": look.Token, "reason": "Flood"}).want(http.StatusOK), &done)
		if done.Batch == nil || done.Batch.Done != 6 || len(done.Batch.Refused) != 0 {
			t.Fatalf("cancelled %+v", done.Batch)
		}
		into(w.as("Fay Nguyen", post, at, map[string]any{"token": look.Token}).want(http.StatusOK), &done)
		if done.Batch == nil || done.Batch.Done != 6 {
			t.Errorf("asked again without a reason: %+v", done.Batch)
		}
		var p ProposalOut
		into(w.as("Ben Castellano", get, "/proposals/"+all[0].ID, nil).want(http.StatusOK), &p)
		may := slices.ContainsFunc(p.Actions, func(a ActionOut) bool { return a.Action == domain.CarryForward && a.Allowed })
		if p.State != domain.Cancelled || !may || w.counted("Ben Castellano", newLeaders)["forum"] != met {
			t.Errorf("the group reads %s, may carry it forward: %v, counted %v, was %s", p.State, may, w.counted("Ben Castellano", newLeaders), met)
		}
	})
}

// packed recommends proposals that nobody reviewed, and releases the packet of them.
func (w *world) packed(all []ProposalOut) {
	w.t.Helper()
	w.At("2027-04-20T12:00:00-05:00")
	for _, p := range all {
		who, v := "Dana Whitfield", verdict(domain.VerdictYes)
		if p.Title == "P4" { // she speaks in it
			who = "Vera Lindholm"
		}
		v["reason"] = "Read aloud."
		w.as(who, put, "/proposals/"+p.ID+"/recommendation", v).want(http.StatusOK)
	}
	var p PacketPreviewOut
	into(w.as("Dana Whitfield", get, packetsOf+"/preview", nil).want(http.StatusOK), &p)
	w.as("Dana Whitfield", post, packetsOf, map[string]any{"token": p.Token}).want(http.StatusCreated)
}

// TestDecisionsForm stages from the page: a row that says "no decision" wishes for
// nothing, unless one is staged; feedback without a decision is not lost.
func TestDecisionsForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	all := forum(w)
	unread := "/proposals/" + all[0].Number + "/replace-speaker"
	w.visit("Eli Marsh", unread, nil).want(http.StatusNotFound)
	w.packed(all)
	w.visit("Eli Marsh", unread, nil).want(http.StatusConflict).has(`href="` + decisionsOf).hasNot(`href="/proposals/` + all[0].Number + `"`)
	w.At("2027-05-10T12:00:00-05:00")
	one, two := all[0].Number, all[1].Number
	rows := func(more map[string]string) url.Values {
		form := url.Values{"idempotency_key": {w.NewID()}, "reason": {"The committee met on May 7."}, "another": {""}, "outcome-another": {"none"}}
		for _, n := range []string{one, two} {
			form.Set("outcome-"+n, "none")
			form.Set("version-"+n, "0")
		}
		for name, value := range more {
			form.Set(name, value)
		}
		return form
	}
	staged := func() (n int) {
		for _, p := range all {
			var d ProposalDecisionOut
			r := w.as("Eli Marsh", get, "/proposals/"+p.ID+"/decision", nil).want(http.StatusOK)
			into(r, &d)
			if tag := r.Header.Get("ETag"); tag != strconv.Quote(strconv.Itoa(d.Version)) {
				t.Errorf("version %d has the ETag %s", d.Version, tag)
			}
			if d.Staged != nil {
				n++
			}
		}
		return n
	}
	w.submit("Eli Marsh", decisionsOf, rows(map[string]string{"feedback-" + one: "Too long", "outcome-" + two: "declined"})).
		want(http.StatusUnprocessableEntity).wantText(one+": choose the decision that the feedback goes with.", two+": ", "Too long")
	w.submit("Eli Marsh", decisionsOf, rows(map[string]string{"another": one, "outcome-another": "accepted"})).want(http.StatusSeeOther)
	w.submit("Eli Marsh", decisionsOf, rows(map[string]string{"version-" + one: "1"})).want(http.StatusSeeOther)
	if n := staged(); n != 0 {
		t.Errorf("%d decisions are staged after the only one was cleared", n)
	}
}
