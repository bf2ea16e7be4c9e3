package api

import (
	"net/http"
	"strings"
	"testing"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
)

// v1 asks the JSON API for somebody.
func (w *world) v1(as, method, path, body string, header ...string) reply {
	w.t.Helper()
	h := map[string]string{}
	for i := 0; i+1 < len(header); i += 2 {
		h[header[i]] = header[i+1]
	}
	return w.send(request{method: method, path: apiRoot + path, as: as, body: body, header: h})
}

// TestSectionAPI sends each route of the section once as it should be, and once
// as it should not: each answer is checked against openapi.json on the way.
func TestSectionAPI(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		const group = "/groups/new-leaders-and-managers"
		otto := w.Person("Otto Lang").ID
		item := sectiontest.Read(w.Fixture, func(tx *store.Tx) ([]domain.ChecklistItem, error) {
			return tx.Checklist(w.Group("new-leaders-and-managers").ID, sectiontest.Year, 9)
		})[0].ID
		ana := sectiontest.Read(w.Fixture, func(tx *store.Tx) ([]domain.ActorTerm, error) { return tx.ActorTerms(w.Person("Ana Reyes").ID) })[0].ID
		for _, c := range []struct {
			as, method, path, body string
			header                 []string
			status                 int
			says                   string
		}{
			{"Ana Reyes", get, "/groups", "", nil, 200, `"slug":"leadership-team"`},
			{"Ana Reyes", get, group, "", nil, 200, `"kind":"committee"`},
			{"Otto Lang", get, group, "", nil, 404, `"code":"not_found"`},
			{"Ana Reyes", get, group + "/standing?year=2026-27", "", nil, 200, `"gate":{"open":false,"missing":["ALA Annual (2)","Core Forum (1)","Webinars (2)"]}`},
			{"Hollis Grant", get, group + "/standing", "", nil, 404, `"code":"not_found"`},
			{"Ana Reyes", get, group + "/standing?year=2026", "", nil, 422, `"code":"not_a_year"`},
			{"Hollis Grant", get, group + "/roster?on=2026-09-15", "", nil, 200, `"email":""`},
			{"Ana Reyes", get, group + "/roster", "", nil, 200, `"email":"ben.castellano@example.org"`},
			{"Ana Reyes", get, group + "/checklist?month=9", "", nil, 200, `"text":"Submit proposals for ALA Annual"`},
			{"Ana Reyes", post, group + "/checklist/" + item + "/tick", `{"done":true}`, nil, 200, `"done":true`},
			{"Ana Reyes", patch, group + "/checklist/" + item, `{"text":"Submit early"}`, []string{"If-Match", `"1"`}, 412, `"code":"stale_version"`},
			{"Ana Reyes", patch, group + "/checklist/" + item, `{"text":"Submit early"}`, []string{"If-Match", `"2"`}, 200, `"text":"Submit early"`},
			{"Chidi Okonkwo", post, group + "/terms", `{"person_id":"` + otto + `","role":"co_chair","starts_on":"2026-09-18","years":1}`, nil, 409, `"code":"not_a_member"`},
			{"Chidi Okonkwo", post, group + "/terms", `{"person_id":"` + otto + `","role":"member","starts_on":"2026-09-18","years":1}`, nil, 201, `"ends_on":"2027-06-30"`},
			{"Ben Castellano", post, group + "/terms", `{"person_id":"` + otto + `","role":"member","starts_on":"2026-09-18","years":1}`, nil, 403, `"code":"may_not_appoint"`},
			{"Dana Whitfield", post, "/terms/" + ana + "/end", `{"ends_on":"2026-12-31"}`, nil, 200, `"ends_on":"2026-12-31"`},
			{"Kim Adeyemi", get, "/people?limit=2", "", nil, 200, `"next_cursor":"`},
			{"Ana Reyes", get, "/people", "", nil, 403, `"code":"not_your_move"`},
			{"Kim Adeyemi", post, "/people", `{"name":"Hana Sato","email":"hana.sato@example.org"}`, nil, 201, `"name":"Hana Sato"`},
			{"Kim Adeyemi", post, "/people", `{"name":"","email":"x"}`, nil, 422, `"pointer":"/email"`},
			{"Kim Adeyemi", patch, "/people/" + otto, `{"institution":"Example College"}`, []string{"If-Match", `"1"`}, 200, `"name":"Otto Lang","email":"otto.lang@example.org","institution":"Example College"`},
			{"Otto Lang", get, "/people/" + otto, "", nil, 200, `"slug":"new-leaders-and-managers"`},
			{"Kim Adeyemi", post, "/people/" + otto + "/roles", `{"role":"finance"}`, nil, 200, `"roles":["finance"]`},
			{"Kim Adeyemi", post, "/people/" + otto + "/roles/revoke", `{"role":"finance"}`, nil, 200, `"roles":[]`},
			{"Ana Reyes", get, "/calls?year=2027-28", "", nil, 200, `"closes_at":null`},
			{"Ana Reyes", get, "/calls/annual-2027-sessions", "", nil, 200, `"last_day":"2026-09-21","open":true`},
			{"Fay Nguyen", post, "/calls/annual-2028-sessions/window", `{"first":"2027-08-16","last":"2027-09-20"}`, nil, 200, `"closes_at":"2027-09-21T04:00:00Z"`},
			{"Fay Nguyen", post, "/calls/annual-2027-sessions/extend", `{"last":"2026-09-20"}`, nil, 409, `"code":"would_shorten"`},
			{"Fay Nguyen", post, "/calls/annual-2027-sessions/extend?dry_run=true", `{"last":"2026-09-28"}`, nil, 200, `"last_day":"2026-09-28"`},
			{"Fay Nguyen", post, "/calls/annual-2027-sessions/extend", `{"last":"2026-09-28"}`, []string{"If-Match", `"1"`}, 200, `"version":2`},
			{"Fay Nguyen", patch, "/calls/annual-2027-sessions", `{"edit_until":"2026-10-15"}`, []string{"If-Match", `"2"`}, 200, `"edit_until":"2026-10-16T04:00:00Z"`},
			{"Dana Whitfield", get, "/years/2026-27/board", "", nil, 200, `"kind":"leadership"`},
			{"Gus Petrakis", get, "/years/2026-27/board", "", nil, 404, `"code":"not_found"`},
			{"Kim Adeyemi", post, "/groups/member-experience/merge", `{"successor":"new-leaders-and-managers","reason":"Alike"}`, nil, 200, `"status":"inactive"`},
			{"Kim Adeyemi", post, "/imports/section", "slug: [", nil, 422, `"code":"not_readable"`},
		} {
			got := w.v1(c.as, c.method, c.path, c.body, c.header...)
			if got.StatusCode != c.status || !strings.Contains(string(got.body), c.says) {
				t.Errorf("%s %s by %s: %d %s, want %d with %s", c.method, c.path, c.as, got.StatusCode, got.body, c.status, c.says)
			}
		}
		if got := w.v1("", get, "/groups", ""); got.StatusCode != http.StatusUnauthorized {
			t.Errorf("nobody: %d", got.StatusCode)
		}
	})
}
