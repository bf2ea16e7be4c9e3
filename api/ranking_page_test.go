package api

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"lectern/internal/store/storetest"
)

const board = "/calls/forum-2027-breakouts/ranking"

// TestRankingPage works the board as a browser without scripts does: buttons, a
// place, the line, a clash, and what was typed wrong.
func TestRankingPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	all := forum(w)
	dana, vera := w.session("Dana Whitfield"), w.session("Vera Lindholm")
	open := func(cookie, path string) string {
		t.Helper()
		return string(w.send(request{method: get, path: path, cookie: cookie}).want(http.StatusOK).body)
	}
	send := func(cookie string, status int, form url.Values, header ...string) string {
		t.Helper()
		h := map[string]string{"Sec-Fetch-Site": "same-origin"}
		if len(header) > 0 {
			h["Accept"] = header[0]
		}
		r := w.send(request{method: post, path: board, cookie: cookie, body: form.Encode(), form: true, header: h}).want(status)
		return r.Header.Get("Location") + string(r.body)
	}
	first := open(dana, board)
	for _, want := range []string{"Vera Lindholm, vice chair", ">P4<", `name="down" value="` + all[5].Number, "Spread "} {
		if !strings.Contains(first, want) {
			t.Errorf("the board does not say %q", want)
		}
	}
	if strings.Contains(first, all[3].Number) || strings.Contains(first, all[3].ID) {
		t.Error("the chair's board names P4 by its number")
	}
	if got := send(dana, http.StatusSeeOther, url.Values{"version": {"1"}, "down": {all[5].Number}}); !strings.HasPrefix(got, board+"#r-"+all[5].Number) {
		t.Errorf("after a move: %s", got)
	}
	clash := send(dana, http.StatusPreconditionFailed, url.Values{"version": {"1"}, "up": {all[1].Number}})
	if !strings.Contains(clash, "Dana Whitfield moved “P6”") {
		t.Error("the clash does not say who moved what")
	}
	if saw := open(dana, board+"?saw=1"); !strings.Contains(saw, "Dana Whitfield moved “P6”") {
		t.Error("opened again after a clash, the board does not say who moved what")
	}
	if place := open(dana, board+"?move="+all[1].Number); !strings.Contains(place, `name="of" value="`+all[1].Number) {
		t.Error("there is no form to give a place")
	}
	wrong := send(dana, http.StatusUnprocessableEntity, url.Values{"version": {"2"}, "of": {all[1].Number}, "to": {"17"}})
	if !strings.Contains(wrong, "Give a place from 1 to 5.") || !strings.Contains(wrong, `value="17"`) {
		t.Error("a wrong place is not told, or not shown again")
	}
	if got := send(dana, http.StatusOK, url.Values{"version": {"2"}, "of": {all[1].Number}, "to": {"1"}}, "application/json"); !strings.Contains(got, `"version":3`) || !strings.Contains(got, "P2 is now 1 of 5. Saved.") {
		t.Errorf("a script is answered %s", got)
	}
	send(dana, http.StatusSeeOther, url.Values{"version": {"3"}, "line": {"places"}, "cut": {"2"}})
	if many := send(dana, http.StatusUnprocessableEntity, url.Values{"line": {"places"}, "cut": {"many"}}); !strings.Contains(many, `value="many"`) {
		t.Error("a line at “many” is not shown again")
	}
	send(dana, http.StatusUnprocessableEntity, url.Values{"line": {"mean"}, "least": {"NaN"}})
	if drawn := open(dana, board); !strings.Contains(drawn, "Recommended above this line (2)") {
		t.Error("the line is not drawn")
	}
	if other := open(vera, board); strings.Count(other, `name="up"`) != 1 || !strings.Contains(other, `name="up" value="`+all[3].Number) {
		t.Error("the vice chair moves something else than P4")
	}
	w.send(request{method: get, path: board, cookie: w.session("Hollis Grant")}).want(http.StatusNotFound)
}

// TestPacketPages recommends, previews, releases and reads as browsers do.
func TestPacketPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	all := forum(w)
	send := func(name, path string, status int, form url.Values) reply {
		t.Helper()
		return w.send(request{method: post, path: path, cookie: w.session(name), body: form.Encode(), form: true, header: map[string]string{"Sec-Fetch-Site": "same-origin"}}).want(status)
	}
	see := func(name, path string, status int) string {
		t.Helper()
		return string(w.send(request{method: get, path: path, cookie: w.session(name)}).want(status).body)
	}
	at := func(i int) string { return "/proposals/" + all[i].Number + "/recommend" }
	wrong := string(send("Dana Whitfield", at(5), http.StatusUnprocessableEntity, url.Values{"votes_for": {"four"}, "rank": {"x"}, "note_next": {"Typed."}}).body)
	if !strings.Contains(wrong, "Give a whole number.") || !strings.Contains(wrong, `value="four"`) || !strings.Contains(wrong, "Typed.") {
		t.Error("what was typed is lost, or not refused")
	}
	few := string(send("Dana Whitfield", at(5), http.StatusConflict, url.Values{"verdict": {"recommend"}}).body)
	if !strings.Contains(few, "a recommendation takes 2 reviews") || !strings.Contains(few, `name="reason"`) {
		t.Error("one review is not told to be too few")
	}
	for i := range all {
		who := "Dana Whitfield"
		if i == 3 {
			who = "Vera Lindholm"
		}
		send(who, at(i), http.StatusSeeOther, url.Values{"verdict": {"recommend"}, "votes_for": {"4"}, "reason": {"Enough."}, "note_next": {"=1+1"}})
	}
	see("Dana Whitfield", at(3), http.StatusForbidden)
	if read := see("Chidi Okonkwo", at(0), http.StatusOK); strings.Contains(read, `name="verdict"`) || !strings.Contains(read, "4 for") {
		t.Error("a reviewer can write the recommendation, or cannot read it")
	}
	preview := see("Dana Whitfield", "/years/2026-27/venues/forum/packets/new", http.StatusOK)
	_, after, _ := strings.Cut(preview, `name="token" value="`)
	token, _, _ := strings.Cut(after, `"`)
	if again := string(send("Dana Whitfield", packetsOf, http.StatusPreconditionFailed, url.Values{"token": {"old"}, "note": {"Kept."}}).body); !strings.Contains(again, "Kept.") || !strings.Contains(again, token) {
		t.Error("an outdated preview loses the note, or is not shown anew")
	}
	to := send("Dana Whitfield", packetsOf, http.StatusSeeOther, url.Values{"token": {token}}).Header.Get("Location")
	if !strings.HasPrefix(to, "/packets/") {
		t.Fatalf("released: %s", to)
	}
	if mine := see("Eli Marsh", "/", http.StatusOK); !strings.Contains(mine, `href="`+to+`"`) {
		t.Error("the committee's start does not lead to the packet")
	}
	if read := see("Eli Marsh", to, http.StatusOK); !strings.Contains(read, "P4") || strings.Contains(read, "Chidi Okonkwo") {
		t.Error("the committee's packet lacks P4, or names a reviewer")
	}
	table := see("Eli Marsh", to+".csv", http.StatusOK)
	if strings.Count(table, "\n") < 7 || !strings.Contains(table, "'=1+1") {
		t.Errorf("the table is %s", table)
	}
	see("Eli Marsh", "/packets", http.StatusOK)
	for _, name := range []string{"Hollis Grant", "Ben Castellano", "Otto Lang"} {
		for _, path := range []string{"/packets", to, to + ".csv", "/years/2026-27/venues/forum/packets/new", at(0)} {
			status := http.StatusNotFound
			if name == "Ben Castellano" && path == at(0) {
				status = http.StatusForbidden // he reads his own group's proposal, not what is recommended
			}
			see(name, path, status)
		}
	}
}
