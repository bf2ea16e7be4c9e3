package api

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"lectern/internal/store"
	"lectern/internal/store/storetest"
)

// match is the If-Match header of a version.
func match(version int) map[string]string {
	return map[string]string{"If-Match": fmt.Sprintf(`"%d"`, version)}
}

// A version that was said is looked at on whatever is done to a speaker.
func TestSpeakerVersions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	const ben = "Ben Castellano"
	p := w.drafted(ben, newLeaders, annualCall, "Versions")
	var before, after ProposalOut
	into(w.as(ben, get, "/proposals/"+p.ID, nil).want(200), &before)
	s, at := before.Speakers[0], apiRoot+"/speakers/"+before.Speakers[0].ID
	w.send(request{method: patch, path: at, as: ben, body: `{"bio":"Newer"}`, header: match(s.Version)}).want(200)
	w.send(request{method: del, path: at, as: ben, header: match(s.Version)}).refused(412, "stale_version")
	w.send(request{method: post, path: at + "/invite", as: ben, header: match(s.Version)}).refused(412, "stale_version")
	w.send(request{method: post, path: apiRoot + "/proposals/" + p.ID + "/speakers", as: ben, body: `{"name":"Late"}`, header: match(before.Version)}).refused(412, "stale_version")
	into(w.as(ben, get, "/proposals/"+p.ID, nil).want(200), &after)
	if len(after.Speakers) != len(before.Speakers) || after.Speakers[0].Answer != "" {
		t.Errorf("refused, and still the speakers are %+v", after.Speakers)
	}
	w.send(request{method: post, path: apiRoot + "/proposals/" + p.ID + "/speakers", as: ben, body: `{"name":"In time"}`, header: match(after.Version)}).want(201)
	w.send(request{method: del, path: at, as: ben, header: match(after.Speakers[0].Version)}).want(204)
}

// What a cursor holds was written by us, or it is refused: on Postgres, text with a
// NUL character would otherwise be an error of ours.
func TestCursorTampered(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		const ben = "Ben Castellano"
		for _, title := range []string{"One", "Two"} {
			w.drafted(ben, newLeaders, annualCall, title)
		}
		var page list[ProposalLine]
		into(w.as(ben, get, "/proposals?limit=1", nil).want(200), &page)
		raw, err := base64.RawURLEncoding.DecodeString(*page.NextCursor)
		if err != nil {
			t.Fatal(err)
		}
		id := page.Data[0].ID
		for name, change := range map[string]string{"nul": `a\u0000b`, "quote": `' OR 1=1 --`, "empty": ``, "long": strings.Repeat("x", 9000)} {
			cursor := base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(raw), id, change, 1)))
			got := w.as(ben, get, "/proposals?limit=1&cursor="+cursor, nil)
			if name == "nul" {
				got.refused(400, "malformed_cursor")
			} else if got.StatusCode != 200 && got.StatusCode != 400 {
				t.Errorf("%s: %d %s", name, got.StatusCode, got.body)
			}
		}
	})
}

// Every list pages, the short ones too, and gives each row once.
func TestShortListsPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	const ben = "Ben Castellano"
	p := w.drafted(ben, newLeaders, annualCall, "Discussed")
	for _, said := range []string{"First", "Second", "Third"} {
		w.as(ben, post, "/proposals/"+p.ID+"/comments", map[string]any{"comment": said}).want(201)
	}
	for _, path := range []string{"/groups", "/calls?year=2026-27", "/proposals/" + p.ID + "/comments"} {
		seen, cursor, join := map[string]bool{}, "", "?"
		if strings.Contains(path, "?") {
			join = "&"
		}
		for pages := 0; ; pages++ {
			var page list[map[string]any]
			into(w.as(ben, get, path+join+"limit=2"+cursor, nil).want(200), &page)
			for _, row := range page.Data {
				if id := row["id"].(string); seen[id] {
					t.Fatalf("%s gives %s twice", path, id)
				} else {
					seen[id] = true
				}
			}
			if page.NextCursor == nil {
				break
			}
			cursor = "&cursor=" + *page.NextCursor
		}
		if len(seen) < 3 {
			t.Errorf("%s gives %d rows in all", path, len(seen))
		}
		w.as(ben, get, path+join+"cursor=eyJrIjoieCJ9", nil).refused(400, "malformed_cursor")
	}
}

// The discussion is the group's, and of those who read the proposal whole.
func TestComments(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	const ben = "Ben Castellano"
	p := w.drafted(ben, newLeaders, annualCall, "Discussed")
	at := "/proposals/" + p.ID + "/comments"
	w.as(ben, post, at, map[string]any{"comment": "Is \u202eit <b>good</b>?"}).want(201)
	var page list[CommentOut]
	into(w.as("Ana Reyes", get, at, nil).want(200), &page)
	if len(page.Data) != 1 || page.Data[0].By != ben || page.Data[0].Text != "Is \u202eit <b>good</b>?" {
		t.Errorf("read: %+v", page.Data)
	}
	w.as(ben, post, at, map[string]any{"comment": "  "}).refused(422, "required")
	w.as(ben, post, at, map[string]any{"comment": strings.Repeat("x", 20_001)}).refused(422, "too_long")
	for _, other := range []string{"Fay Nguyen", "Dana Whitfield", "Otto Lang"} {
		w.as(other, get, at, nil).refused(404, "not_found")
		w.as(other, post, at, map[string]any{"comment": "x"}).refused(404, "not_found")
	}
}

// What is not there by its shape is not there, and a year that is none says so.
func TestAddressesThatCannotBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	const ben = "Ben Castellano"
	w.as(ben, get, "/proposals/"+strings.Repeat("a", 65), nil).refused(404, "not_found")
	w.as(ben, get, "/years/2026/board", nil).refused(422, "not_a_year")
	w.as(ben, get, "/proposals?year=2026", nil).refused(422, "not_a_year")
	w.as(ben, get, "/groups/"+newLeaders+"/standing?year=2026-28", nil).refused(422, "not_a_year")
}

// Co-sponsors are read where they are written (X25).
func TestCoSponsorsAreRead(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		const ben = "Ben Castellano"
		p := w.drafted(ben, newLeaders, annualCall, "Together")
		w.send(request{method: patch, path: apiRoot + "/proposals/" + p.ID, as: ben, body: `{"co_sponsors":["member-experience","human-resources-development"]}`, header: map[string]string{"If-Match": "*"}}).want(200)
		var got ProposalOut
		into(w.as(ben, get, "/proposals/"+p.ID, nil).want(200), &got)
		if strings.Join(got.CoSponsors, " ") != "human-resources-development member-experience" {
			t.Errorf("co-sponsors %v", got.CoSponsors)
		}
	})
}
