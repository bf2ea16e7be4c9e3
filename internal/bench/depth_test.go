package bench

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"testing"

	"lectern/internal/sectiontest"
	"lectern/internal/store"

	"lectern/api"
	"lectern/domain"
)

func verbose() bool { return os.Getenv(plansVar) != "" }

// word is one by which few proposals are found.
func (h *house) word(b *testing.B) string {
	b.Helper()
	var item api.ProposalOut
	if err := json.Unmarshal(h.learnAs(b, "/api/v1/proposals/"+h.items[9], admin), &item); err != nil {
		b.Fatal(err)
	}
	return item.Answers["tags"][0]
}

// cursor is the place behind which a page of the administrator's list begins.
func (h *house) cursor(b *testing.B, page int) string {
	b.Helper()
	next := ""
	for done := 0; done < (page-1)*25; {
		limit := min(100, (page-1)*25-done)
		var p struct {
			Next *string `json:"next_cursor"`
		}
		path := fmt.Sprintf("/api/v1/proposals?limit=%d&cursor=%s", limit, url.QueryEscape(next))
		if err := json.Unmarshal(h.learnAs(b, path, admin), &p); err != nil || p.Next == nil {
			b.Fatalf("%s has no next page (%v)", path, err)
		}
		next, done = *p.Next, done+limit
	}
	return url.QueryEscape(next)
}

func (h *house) learnAs(b *testing.B, path, name string) []byte {
	b.Helper()
	return h.learn(b, path, h.tokens[name])
}

// visibleTo is the id of a proposal that a person may see.
func (h *house) visibleTo(b *testing.B, name string) string {
	b.Helper()
	lines := sectiontest.Read(h.fixture, func(tx *store.Tx) ([]store.ProposalLine, error) {
		return tx.Proposals(h.fixture.Actor(name), store.ProposalFilter{Limit: 1, State: domain.Accepted})
	})
	return lines[0].ID
}

// depth measures G9: how much longer a list takes of ten times as many proposals.
func depth(b *testing.B, few, many *house) {
	group := url.Values{"group": {"new-leaders-and-managers"}, "state": {"accepted"}}.Encode()
	for _, c := range []struct {
		name, as, query string
		deep            int
	}{
		{"list", admin, "", 0},
		{"list, page 400", admin, "", 400},
		{"list, by group and state", admin, "?" + group, 0},
		{"list, as staff", "Fay Nguyen", "", 0},
		{"list, as the Leadership Team", "Dana Whitfield", "", 0},
		{"list, as a member", "Ana Reyes", "", 0},
		{"list, by state and year, as the Leadership Team", "Dana Whitfield", "?state=accepted&year=2026-27", 0},
		{"search for two words", admin, "?q=lead+staff", 0},
	} {
		l := line{goal: "G9", what: c.name + ", " + few.kind.name + ", 100k to 10k, p50", limit: "≤ 1.2"}
		cell(b, c.name, l, func(b *testing.B) {
			slower(b, l, few.place(b, c.as, c.query, c.deep), many.place(b, c.as, c.query, c.deep), 1.2)
		})
	}
}

// slower measures how much longer the many take than the few, in the median.
func slower(b *testing.B, l line, few, many load, most float64) {
	fews, manys := sides(b, few, many)
	r := ratio(manys, fews, latency)
	b.ReportMetric(r, "p50-ratio")
	b.ReportMetric(0, "ns/op")
	l.ours, l.baseline, l.ratio, l.met = micros(median(each(manys, latency))), micros(median(each(fews, latency))), fmt.Sprintf("%.2f", r), met(r <= most)
	results.add(l)
}

func (h *house) place(b *testing.B, as, query string, deep int) load {
	b.Helper()
	if deep > 0 {
		query = "?cursor=" + h.cursor(b, deep)
	}
	return load{h.ours, wires(h.ours, h.byToken(as, "/api/v1/proposals"+query)), 1}
}
