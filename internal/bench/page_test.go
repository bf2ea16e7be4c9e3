package bench

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"lectern/internal/store"
)

// listPage measures G11: what the list costs as a page, to what it costs as JSON.
func listPage(b *testing.B, h *house) {
	h.dearer(b, "list", "CPU of the list's page, to the list as JSON, "+h.where(), h.bySession(admin, "/proposals"), h.byToken(admin, "/api/v1/proposals")[0])
}

// dearer measures a G11: what a page costs, to what it costs as JSON.
func (h *house) dearer(b *testing.B, name, what string, page, json request) {
	l := line{goal: "G11", what: what, limit: "≤ 1.5"}
	cell(b, name, l, func(b *testing.B) {
		cost(b, l, load{h.ours, wires(h.ours, []request{page}), 16}, load{h.ours, wires(h.ours, []request{json}), 16})
	})
}

func cost(b *testing.B, l line, page, json load) {
	pages, lists := sides(b, page, json)
	r := ratio(pages, lists, cpu)
	b.ReportMetric(r, "cpu-ratio")
	b.ReportMetric(0, "ns/op")
	l.ours, l.baseline, l.ratio, l.met = micros(median(each(pages, cpu))), micros(median(each(lists, cpu))), fmt.Sprintf("%.2f", r), met(r <= 1.5)
	results.add(l)
}

// statements counts G8: the statements of one answer, the sign-in's among them.
func statements(b *testing.B, h *house) {
	for _, c := range []struct {
		what, path string
		page       bool
		most       int64
	}{
		{"list", "/api/v1/proposals", false, 1 + 3},
		{"item", "/api/v1/proposals/" + h.items[0], false, 1 + 3},
		{"page: home", "/", true, 1 + 6},
		{"page: a group's dashboard", "/groups/new-leaders-and-managers", true, 1 + 6},
		{"page: proposals", "/proposals", true, 1 + 6},
		{"page: a proposal", "/proposals/" + h.items[0], true, 1 + 6},
		{"page: the year's board", "/years/2026-27/board", true, 1 + 6},
		{"page: people of a group", "/groups/new-leaders-and-managers/people", true, 1 + 6},
	} {
		r := h.byToken(admin, c.path)[0]
		if c.page {
			r = h.bySession(admin, c.path)
		}
		h.asks(b, c.what, r, c.most)
	}
}

// asks counts the statements of one answer; with most 0 they are only told.
func (h *house) asks(b *testing.B, what string, r request, most int64) {
	b.Helper()
	l := line{goal: "G8", what: "statements, " + what + ", " + h.kind.name, limit: "(told)"}
	if most > 0 {
		l.limit = fmt.Sprintf("≤ %d", most)
	}
	n, answer := h.count(b, r)
	l.ours = fmt.Sprint(n)
	if most > 0 {
		l.met = met(n <= most)
	}
	if answer.Code != http.StatusOK && answer.Code != http.StatusSeeOther {
		l.ours, l.met = fmt.Sprintf("answered %d", answer.Code), met(false)
	}
	results.add(l)
}

// count asks twice, because the first request of an hour notes that a
// credential was used, and counts the statements of the second.
func (h *house) count(b *testing.B, r request) (int64, *httptest.ResponseRecorder) {
	b.Helper()
	var last int64
	var rec *httptest.ResponseRecorder
	for range 2 {
		req := numbered(r).to(b, h.ours)
		ctx, n := store.WithQueryCount(req.Context())
		rec = httptest.NewRecorder()
		h.handler.ServeHTTP(rec, req.WithContext(ctx))
		last = n.Load()
	}
	return last, rec
}

// A fetch is one answer as a browser gets it.
type fetch struct {
	wire, raw int // bytes of the body, compressed and not
	text      string
	kind      string
}

func (h *house) fetch(b *testing.B, path string) fetch {
	b.Helper()
	req := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "http://"+h.ours+path, http.NoBody)
	req.AddCookie(&http.Cookie{Name: "lectern", Value: h.sessions[admin]})
	req.Header.Set("Accept-Encoding", "gzip")
	rec := httptest.NewRecorder()
	h.handler.ServeHTTP(rec, req)
	if rec.Code != http.StatusOK {
		b.Fatalf("%s answered %d", path, rec.Code)
	}
	f := fetch{wire: rec.Body.Len(), kind: rec.Header().Get("Content-Type")}
	body := io.Reader(rec.Body)
	if rec.Header().Get("Content-Encoding") == "gzip" {
		unzipped, err := gzip.NewReader(body)
		if err != nil {
			b.Fatal(err)
		}
		body = unzipped
	}
	raw, err := io.ReadAll(body)
	if err != nil {
		b.Fatal(err)
	}
	f.raw, f.text = len(raw), string(raw)
	return f
}

// linked finds our own files that a page or a style sheet loads.
var linked = regexp.MustCompile(`(?:(?:href|src)="|url\(["']?)(/static/[^"')#]+|[^"'):/]+\.woff2)`)

// visit fetches a page and everything it loads, as a browser without a cache.
func (h *house) visit(b *testing.B, path string) map[string]fetch {
	b.Helper()
	got := map[string]fetch{path: h.fetch(b, path)}
	for todo := []string{path}; len(todo) > 0; todo = todo[1:] {
		for _, m := range linked.FindAllStringSubmatch(got[todo[0]].text, -1) {
			at := m[1]
			if !strings.HasPrefix(at, "/") {
				at = todo[0][:strings.LastIndex(todo[0], "/")+1] + at
			}
			if _, known := got[at]; !known {
				got[at] = h.fetch(b, at)
				if strings.Contains(got[at].kind, "css") {
					todo = append(todo, at)
				}
			}
		}
	}
	return got
}

// firstVisit weighs G13: what a browser loads. It needs few proposals.
func firstVisit(b *testing.B) {
	h := newHouse(b, sqliteFile, 1000)
	got := h.visit(b, "/proposals")
	wire, scripts := 0, 0
	for path, f := range got {
		wire += f.wire
		if strings.Contains(f.kind, "javascript") {
			scripts += f.wire
		}
		b.Logf("%s: %d bytes, %d compressed", path, f.raw, f.wire)
	}
	none := h.fetch(b, "/proposals?q=nobodywritesthis").raw
	rows := got["/proposals"].raw
	weigh := func(what, limit, unit string, value, most int) {
		results.add(line{"G13", what, limit, fmt.Sprintf("%d %s", value, unit), "", "", met(value <= most)})
	}
	weigh("first visit, the list, compressed", "≤ 90 kB", "bytes", wire, 90_000)
	weigh("first visit, requests", "≤ 8", "", len(got), 8)
	weigh("next page, the list of 25, compressed", "≤ 15 kB", "bytes", got["/proposals"].wire, 15_000)
	weigh("HTML of 25 rows", "(told)", "bytes", rows, 1<<30)
	weigh("HTML of 50 rows, reckoned from 25 and none", "≤ 20 kB", "bytes", none+2*(rows-none), 20_000)
	weigh("scripts, compressed", "≤ 10 kB", "bytes", scripts, 10_000)
	b.ReportMetric(float64(wire), "bytes")
	b.ReportMetric(0, "ns/op")
}
