package api

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"lectern/internal/store"
	"lectern/internal/store/storetest"
)

// answers are everything that the crawler's person is answered at every address
// there is and more, with the headers and the number of statements it took. What
// the process says of itself changes by the second, and is left out.
func (c *crawler) answers(more ...string) map[string]string {
	c.t.Helper()
	all := map[string]string{}
	clear(c.seen)
	c.check = func(path string, got counted) {
		if path == "/metrics" || path == "/readyz" {
			return
		}
		head := got.Header.Clone()
		head.Del("X-Request-Id")
		var lines []string
		for _, h := range slices.Sorted(maps.Keys(head)) {
			lines = append(lines, h+": "+strings.Join(head[h], ", "))
		}
		all[path] = fmt.Sprintf("%d in %d statements\n%s\n\n%s", got.StatusCode, got.statements, strings.Join(lines, "\n"), unkeyed(got.body))
	}
	c.run(slices.Concat(c.addresses(), more))
	return all
}

// TestStagingIsUnseen compares what everybody is answered who must not know of
// decisions that are not published, at every address and link, before anything is
// staged and after: all bytes are the same, and all headers, and as many
// statements were asked. A co-sponsor, a speaker by their link and strangers do not
// learn of reviews, recommendations and packets either; the group may, as one that
// was reviewed cannot be taken back.
func TestStagingIsUnseen(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		outside := []string{"", "Mira Solberg", "Otto Lang", "Gus Petrakis", "Lars Otten"}
		stagingIsUnseen(t, storetest.SQLite(t), outside, slices.Concat([]string{"Greta Ohm", "Max Merger", "Ana Reyes", "Ben Castellano"}, theTeam, []string{"Sol Marek"}))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		stagingIsUnseen(t, storetest.Postgres(t), []string{""}, []string{"Ben Castellano", "Chidi Okonkwo"})
	})
}

// stagingIsUnseen compares the answers of those outside with what they were before
// any review, and of those inside with what they were before the staging.
func stagingIsUnseen(t *testing.T, s *store.Store, outside, inside []string) {
	t.Helper()
	r := plant(newWorld(t, s, withOutbox))
	speaker := r.speakerLink(r.all[0].ID)
	r.packet, r.batch = r.NewID(), r.NewID()
	r.token("Eli Marsh") // the log notes that it was made
	crawlers, before := map[string]*crawler{}, map[string]map[string]string{}
	for _, name := range slices.Concat(outside, inside) {
		crawlers[name] = r.crawler(name, nil)
		crawlers[name].warm()
	}
	look := func(names []string) {
		r.At("2027-06-15T12:00:00-05:00")
		for _, name := range names {
			before[name] = crawlers[name].answers(speaker)
		}
	}
	look(outside)
	r.At("2027-04-08T12:00:00-05:00")
	r.reviewed()
	r.At("2027-04-20T12:00:00-05:00")
	r.released()
	look(inside)
	r.At("2027-05-10T12:00:00-05:00")
	for i := range 4 {
		r.staged(i + 1)
	}
	r.At("2027-06-15T12:00:00-05:00")
	if n := len(r.decisions()); n != 4 {
		t.Fatalf("%d decisions are staged", n)
	}
	for name, was := range before {
		is := crawlers[name].answers(slices.Collect(maps.Keys(was))...)
		for path, said := range was {
			if is[path] != said {
				t.Errorf("%q sees a difference at %s:\n%s", name, path, firstDifference(said, is[path]))
			}
		}
	}
}

// warm uses the session, the token and the seat once, which notes that they were used.
func (c *crawler) warm() {
	c.t.Helper()
	c.asks("/seats/" + c.seat + "/join")
	c.asks("/account")
	c.asks(apiRoot + "/me")
}

// decisions are the staged decisions as those who decide see them.
func (r *plantedRound) decisions() []ProposalDecisionOut {
	r.t.Helper()
	var l list[ProposalDecisionOut]
	into(r.as("Eli Marsh", get, "/calls/"+forumCall+"/decisions", nil).want(http.StatusOK), &l)
	return slices.DeleteFunc(l.Data, func(d ProposalDecisionOut) bool { return d.Staged == nil })
}

// firstDifference are the lines around the first one that differs.
func firstDifference(was, is string) string {
	a, b := strings.Split(was, "\n"), strings.Split(is, "\n")
	for i := range min(len(a), len(b)) {
		for at := range min(len(a[i]), len(b[i])) {
			if a[i][at] != b[i][at] {
				return fmt.Sprintf("- %.200s\n+ %.200s", a[i][max(0, at-40):], b[i][max(0, at-40):])
			}
		}
	}
	return fmt.Sprintf("%d lines, then %d", len(a), len(b))
}
