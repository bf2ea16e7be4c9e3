package api

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
)

// What a long life leaves behind, in numbers that no page of a list holds.
const (
	manySteps    = 600
	manyVersions = 130
	manyComments = 130
)

// lives gives a proposal a long history, in which every third line is an invitation,
// many versions and a long discussion. Some of each are of one instant.
func (w *world) lives(p ProposalOut) {
	w.t.Helper()
	ben := w.Person("Ben Castellano")
	_, err := store.Write(w.t.Context(), w.Store, func(tx *store.Tx) (struct{}, error) {
		for i := range manySteps {
			if err := tx.AddStep(w.line(p, ben, i)); err != nil {
				return struct{}{}, err
			}
		}
		for i := range manyComments {
			at := p.UpdatedAt.Add(time.Duration(i/3) * time.Second)
			if err := tx.AddComment(store.Comment{ID: w.NewID(), ProposalID: p.ID, AuthorID: ben.ID, AuthorName: ben.Name, At: at, Text: fmt.Sprintf("said %04d", i)}); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, w.versions(tx, p, ben)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// line is one of a long history.
func (w *world) line(p ProposalOut, by domain.Person, i int) domain.Step {
	s := domain.Step{
		ID: w.NewID(), ProposalID: p.ID, Title: p.Title, Version: 1, Revision: 1, Action: domain.Edit, From: domain.Draft, To: domain.Draft,
		ActorID: by.ID, ActorName: by.Name, At: p.UpdatedAt.Add(time.Duration(i/4) * time.Second), Detail: fmt.Sprintf("line %04d", i),
	}
	if i%3 == 0 {
		s.Action = domain.InviteSpeaker
	}
	return s
}

func (w *world) versions(tx *store.Tx, p ProposalOut, by domain.Person) error {
	one, err := tx.ByID(p.ID)
	if err != nil {
		return err
	}
	for i := one.Revision + 1; i <= manyVersions; i++ {
		r := domain.Revision{ProposalID: p.ID, Number: i, Title: fmt.Sprintf("Title %04d", i), Answers: one.Answers, ByID: by.ID, ByName: by.Name, At: p.UpdatedAt, Cause: "save"}
		if err := tx.PutRevision(r); err != nil {
			return err
		}
	}
	c := *one
	c.Revision, c.Title, c.Version = manyVersions, fmt.Sprintf("Title %04d", manyVersions), one.Version+1
	return tx.SaveProposal(c, one.State)
}

// carried makes drafts of the same idea.
func (w *world) carried(p ProposalOut, n int) {
	w.t.Helper()
	_, err := store.Write(w.t.Context(), w.Store, func(tx *store.Tx) (struct{}, error) {
		one, err := tx.ByID(p.ID)
		for i := 0; i < n && err == nil; i++ {
			c := *one
			c.ID, c.Title, c.Version, c.Revision = w.NewID(), fmt.Sprintf("Once more %d", i), 1, 1
			err = tx.AddProposal(c)
		}
		return struct{}{}, err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// adds writes a line, as somebody does while others read.
func (w *world) adds(p ProposalOut, i int) {
	w.t.Helper()
	_, err := store.Write(w.t.Context(), w.Store, func(tx *store.Tx) (struct{}, error) {
		return struct{}{}, tx.AddStep(w.line(p, w.Person("Ben Castellano"), i))
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// pagedThrough are the rows of a list of the API, page by page; between is done after the
// first. Every page but the last is full, and costs as few statements as any list: for
// a reviewer one more, that asks what is hidden.
func (w *world) pagedThrough(name, path string, limit int, between func()) (all []map[string]any) {
	w.t.Helper()
	cursor, most := "", int64(4)
	if name != "Ben Castellano" {
		most++
	}
	w.as(name, get, path, nil) // forms never change and are read once
	w.server.Wait()            // until it is noted that the token was used
	for {
		ctx, n := store.WithQueryCount(w.t.Context())
		var page list[map[string]any]
		into(w.sendUnder(ctx, request{method: get, path: fmt.Sprintf("%s%s?limit=%d%s", apiRoot, path, limit, cursor), as: name}).want(200), &page)
		if n.Load() > most {
			w.t.Errorf("%s: %d statements", path, n.Load())
		}
		all = append(all, page.Data...)
		if page.NextCursor == nil {
			return all
		}
		if len(page.Data) != limit {
			w.t.Errorf("%s goes on after %d rows of %d", path, len(page.Data), limit)
		}
		if cursor == "" && between != nil {
			between()
		}
		cursor = "&cursor=" + *page.NextCursor
	}
}

func textsOf(rows []map[string]any, key string) []string {
	var all []string
	for _, r := range rows {
		all = append(all, fmt.Sprint(r[key]))
	}
	return all
}

func numbered(format string, n int, keep func(int) bool) []string {
	var all []string
	for i := range n {
		if keep == nil || keep(i) {
			all = append(all, fmt.Sprintf(format, i))
		}
	}
	return all
}

// A history of 600 lines, its versions and its discussion come page by page, each
// line once, also when somebody adds one meanwhile.
func TestLongTrails(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		const ben = "Ben Castellano"
		p := w.drafted(ben, newLeaders, annualCall, "Long discussed")
		w.lives(p)
		at := "/proposals/" + p.ID
		w.At("2026-09-18T13:00:00-05:00")

		lines := textsOf(w.pagedThrough(ben, at+"/history", 97, func() { w.adds(p, manySteps) }), "detail")
		lines = slices.DeleteFunc(lines, func(s string) bool { return !strings.HasPrefix(s, "line ") })
		want := numbered("line %04d", manySteps, nil)
		slices.Reverse(want)
		if !slices.Equal(lines, want) {
			t.Errorf("history: %d lines, from %v", len(lines), lines[:min(len(lines), 3)])
		}
		said := textsOf(w.pagedThrough(ben, at+"/comments", 31, func() {
			w.as(ben, post, at+"/comments", map[string]any{"comment": "said at last"}).want(201)
		}), "text")
		if want := append(numbered("said %04d", manyComments, nil), "said at last"); !slices.Equal(said, want) {
			t.Errorf("discussion: %d, from %v", len(said), said[:min(len(said), 3)])
		}
		var numbers []string
		for i := manyVersions; i > 0; i-- {
			numbers = append(numbers, fmt.Sprint(i))
		}
		if got := textsOf(w.pagedThrough(ben, at+"/revisions", 31, nil), "number"); !slices.Equal(got, numbers) {
			t.Errorf("versions: %v", got)
		}
		w.carried(p, 30)
		if got := w.pagedThrough(ben, at+"/lineage", 7, nil); len(got) != 31 || len(slices.Compact(slices.Sorted(slices.Values(textsOf(got, "id"))))) != 31 {
			t.Errorf("%d proposals of one idea", len(got))
		}
		var page list[StepOut]
		into(w.as(ben, get, at+"/history", nil).want(200), &page)
		if len(page.Data) != defaultLimit {
			t.Errorf("%d lines when nobody says how many", len(page.Data))
		}
		for _, other := range []string{"/comments", "/revisions"} {
			w.as(ben, get, at+other+"?cursor="+*page.NextCursor, nil).refused(400, "malformed_cursor")
		}
		w.as(ben, get, at+"/history?cursor=eyJrIjoieCJ9", nil).refused(400, "malformed_cursor")
		w.as(ben, get, at+"/history?limit=101", nil).refused(422, "out_of_range")
	})
}

// Who judges without names pages through what they may know: full pages, and none
// of what is hidden; who has a conflict of interest is shown nothing.
func TestLongTrails_nameless(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		p := w.sent("Interim leadership")
		w.as("Dana Whitfield", post, "/proposals/"+p.ID+"/recuse", map[string]any{}).want(200)
		w.lives(p)
		at := "/proposals/" + p.ID
		rows := w.pagedThrough("Chidi Okonkwo", at+"/history", 97, func() { w.adds(p, manySteps+1) })
		if want := manySteps*2/3 + 1; len(rows) != want { // and the submission
			t.Errorf("%d lines, want %d", len(rows), want)
		}
		for _, r := range rows {
			if r["action"] == string(domain.InviteSpeaker) || r["action"] == string(domain.Create) || r["by"] != "" || r["detail"] != "" {
				t.Fatalf("a reviewer without names is told %v", r)
			}
		}
		if got := w.pagedThrough("Chidi Okonkwo", at+"/revisions", 31, nil); len(got) != manyVersions || got[0]["by"] != "" {
			t.Errorf("%d versions, the first by %v", len(got), got[0]["by"])
		}
		w.as("Chidi Okonkwo", get, at+"/comments", nil).refused(403, "not_your_discussion")
		steps, older := 0, at
		for older != "" {
			page := w.visit("Chidi Okonkwo", older, nil).want(200).hasNot("said 0", "line 0", "Invited a speaker", "Ben Castellano")
			steps += strings.Count(string(page.body), "<b><bdi>Edited</bdi></b>")
			older = olderOf(page, "Older steps")
		}
		if want := manySteps*2/3 + 1; steps != want { // and the one that came meanwhile
			t.Errorf("the pages have %d steps, want %d", steps, want)
		}
		for _, path := range []string{at, at + "/versions"} {
			w.visit("Dana Whitfield", path, nil).want(200).hasNot("Older", "said 0", "line 0", "Title 0129")
		}
		for _, path := range []string{"/history", "/revisions"} {
			if got := w.pagedThrough("Dana Whitfield", at+path, 97, nil); len(got) != 0 {
				t.Errorf("in conflict one reads %s: %v", path, got[:1])
			}
		}
	})
}

// olderOf is where a page's link to what is older leads; empty without one.
func olderOf(page reply, label string) string {
	page.t.Helper()
	m := regexp.MustCompile(`<a [^>]*href="([^"#]*)(?:#[^"]*)?"[^>]*>\s*` + label).FindSubmatch(page.body)
	if m == nil {
		return ""
	}
	return html.UnescapeString(string(m[1]))
}

// The pages show the newest and lead on to all that is older, in the order they
// have, with the same few statements everywhere.
func TestLongTrailPages(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		const ben = "Ben Castellano"
		p := w.drafted(ben, newLeaders, annualCall, "Long discussed")
		w.lives(p)
		at, cookie := "/proposals/"+p.ID, w.session(ben)
		read := func(at, label, pattern string, newestFirst bool) (all []string, pages int) {
			t.Helper()
			for ; at != ""; pages++ {
				ctx, n := store.WithQueryCount(t.Context())
				page := w.sendUnder(ctx, request{method: get, path: at, cookie: cookie}).want(200)
				if n.Load() > 7 {
					t.Errorf("%s: %d statements", at, n.Load())
				}
				found := regexp.MustCompile(pattern).FindAllString(string(page.body), -1)
				if !newestFirst {
					slices.Reverse(found)
				}
				all = append(all, found...)
				if pages == 0 {
					w.adds(p, manySteps)
				} else {
					page.has("Newest " + strings.TrimPrefix(label, "Older "))
				}
				at = olderOf(page, label)
			}
			return all, pages
		}
		for _, c := range []struct {
			path, label, pattern, format string
			n                            int
			newestFirst                  bool
		}{
			{at, "Older steps", `line \d{4}`, "line %04d", manySteps, true},
			{at, "Older comments", `said \d{4}`, "said %04d", manyComments, false},
			{at + "/versions", "Older versions", `Version \d+`, "Version %d", manyVersions + 1, true},
		} {
			got, pages := read(c.path, c.label, c.pattern, c.newestFirst)
			want := numbered(c.format, c.n, func(i int) bool { return c.label != "Older versions" || i > 0 })
			slices.Reverse(want)
			if !slices.Equal(got, want) || pages < 3 {
				t.Errorf("%s: %d of %d on %d pages, from %v", c.label, len(got), len(want), pages, got[:min(len(got), 3)])
			}
		}
		w.visit(ben, at, nil).has("Discussion (50+)", "Path so far: draft.")
		w.visit(ben, at+"?steps=eyJrIjoieCJ9", nil).want(400)
		w.visit(ben, at+"?comments=eyJrIjoieCJ9", nil).want(400)
		w.visit(ben, at+"/compare?from=2&to=3", nil).want(200).has("0002", "0003")
		w.visit(ben, at+"/compare", nil).want(200).has("Versions 129 and 130")
		w.wanders(p)
		w.visit(ben, at, nil).want(200).has("The newest part of its path: ")
	})
}

// wanders makes a proposal be submitted and returned to draft more often than the
// map of its life tells.
func (w *world) wanders(p ProposalOut) {
	w.t.Helper()
	_, err := store.Write(w.t.Context(), w.Store, func(tx *store.Tx) (struct{}, error) {
		for i := range 202 {
			s := w.line(p, w.Person("Ben Castellano"), i)
			if s.Action, s.To = domain.Submit, domain.Submitted; i%2 == 1 {
				s.Action, s.From, s.To = domain.ReturnToDraft, domain.Submitted, domain.Draft
			}
			if err := tx.AddStep(s); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}
