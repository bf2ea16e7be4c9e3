package api

import (
	"bytes"
	"net/http"
	"net/url"
	"testing"

	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
)

// TestShortages warns on a call's page and in the API when conflicts leave a
// proposal too few reviewers, until a guest is added; the chair learns how many.
func TestShortages(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		p := w.sent("Interim leadership")
		at, page := "/calls/forum-2027-breakouts/short-of-reviewers", "/staff/calls/forum-2027-breakouts"
		short := func(name string) ShortagesOut {
			t.Helper()
			var got ShortagesOut
			into(w.as(name, get, at, nil).want(http.StatusOK), &got)
			return got
		}
		if got := short("Kim Adeyemi"); got.Least != 2 || got.Count != 0 || got.Data == nil {
			t.Errorf("with three reviewers free: %+v", got)
		}
		w.browse("Kim Adeyemi", page).want(http.StatusOK).lacks("Too few reviewers")
		for _, name := range []string{"Vera Lindholm", "Chidi Okonkwo"} {
			w.as(name, post, "/proposals/"+p.ID+"/recuse", map[string]any{}).want(http.StatusOK)
		}
		for _, name := range []string{"Kim Adeyemi", "Fay Nguyen"} {
			if got := short(name); got.Count != 1 || len(got.Data) != 1 || got.Data[0] != (ShortageOut{p.Number, "Interim leadership", 1}) {
				t.Errorf("%s is told %+v", name, got)
			}
		}
		if got := short("Dana Whitfield"); got.Count != 1 || len(got.Data) != 0 || got.NextCursor != nil {
			t.Errorf("the chair is told %+v", got)
		}
		w.as("Chidi Okonkwo", get, at, nil).refused(http.StatusForbidden, "not_your_move")
		w.as("Otto Lang", get, at, nil).refused(http.StatusNotFound, "not_found")

		told := []string{"Too few reviewers for 1 proposal", "Interim leadership", p.Number, "1 of 2 reviewers free"}
		w.browse("Kim Adeyemi", page).want(http.StatusOK).wantText(append(told, `<button class="btn primary">Add</button>`)...).lacks("Vera Lindholm", "Chidi Okonkwo")
		w.browse("Fay Nguyen", page).want(http.StatusOK).wantText(append(told, "Ask an administrator")...).lacks(">Add</button>")
		w.browse("Dana Whitfield", page).want(http.StatusOK).wantText(told[0], "Ask an administrator").lacks(told[1:]...)
		for _, name := range []string{"Chidi Okonkwo", "Ben Castellano", "Eli Marsh"} {
			w.browse(name, page).want(http.StatusOK).lacks(told...)
		}
		refused := w.submit("Kim Adeyemi", page+"/guests", url.Values{"email": {"nobody@example.org"}}).want(http.StatusUnprocessableEntity)
		refused.wantText(append(told, "nobody@example.org")...)

		w.submit("Kim Adeyemi", page+"/guests", url.Values{"email": {sectiontest.Email("Ana Reyes")}}).want(http.StatusSeeOther)
		w.browse("Kim Adeyemi", page).want(http.StatusOK).wantText(told...)
		w.submit("Kim Adeyemi", page+"/guests", url.Values{"email": {sectiontest.Email("Hollis Grant")}}).want(http.StatusSeeOther)
		w.browse("Kim Adeyemi", page).want(http.StatusOK).lacks("Too few reviewers")
		w.browse("Dana Whitfield", page).want(http.StatusOK).lacks("Too few reviewers")
		w.as("Hollis Grant", post, "/proposals/"+p.ID+"/recuse", map[string]any{}).want(http.StatusOK)
		w.browse("Kim Adeyemi", page).want(http.StatusOK).wantText(told...)
	})
}

// TestManyShort names the first ten on the page, and all in the API, page by page,
// in as few statements as for one.
func TestManyShort(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	p := w.sent("Interim leadership")
	for _, name := range []string{"Vera Lindholm", "Chidi Okonkwo"} {
		w.joins(name, newLeaders, "member")
	}
	page, kim := "/staff/calls/forum-2027-breakouts", w.session("Kim Adeyemi")
	w.statements(page, kim) // notes that the session was used
	one := w.statements(page, kim)
	w.many(p, 30, 0)
	if many := w.statements(page, kim); one != many || many > 7 {
		t.Errorf("the page takes %d statements, then %d", one, many)
	}
	body := w.onPage(kim, page, nil).want(http.StatusOK).wantText("Too few reviewers for 31 proposals", "And 21 more").body
	if n := bytes.Count(body, []byte("1 of 2 reviewers free")); n != 10 {
		t.Errorf("the page names %d", n)
	}
	seen, cursor := map[string]bool{}, ""
	for range 4 {
		var got ShortagesOut
		into(w.as("Kim Adeyemi", get, "/calls/forum-2027-breakouts/short-of-reviewers?limit=10"+cursor, nil).want(http.StatusOK), &got)
		for _, l := range got.Data {
			seen[l.Proposal] = true
		}
		if got.Count != 31 || (got.NextCursor == nil) != (len(seen) == 31) {
			t.Fatalf("after %d: %d in all, next %v", len(seen), got.Count, got.NextCursor)
		}
		if got.NextCursor != nil {
			cursor = "&cursor=" + url.QueryEscape(*got.NextCursor)
		}
	}
	if len(seen) != 31 {
		t.Errorf("the API names %d", len(seen))
	}
}
