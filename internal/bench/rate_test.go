package bench

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"testing"
)

// admin sees everything, so that nothing is left out by what they may see.
const admin = "Kim Adeyemi"

// lists are the addresses whose rate is measured.
func (h *house) lists() map[string][]string {
	group := h.fixture.Group("new-leaders-and-managers")
	items := make([]string, len(h.items))
	for i, id := range h.items {
		items[i] = "/api/v1/proposals/" + id
	}
	return map[string][]string{
		"list of 25":               {"/api/v1/proposals"},
		"list, by group and state": {"/api/v1/proposals?" + url.Values{"group": {group.Slug}, "state": {"accepted"}}.Encode()},
		"item":                     items,
	}
}

// rates measures G6 and G7: how many answers a second Lectern gives, to those of
// the bare server.
func rates(b *testing.B, h *house) {
	for _, name := range []string{"list of 25", "list, by group and state", "item"} {
		requests := h.byToken(admin, h.lists()[name]...)
		h.alike(b, requests...)
		h.races(b, name, requests...)
	}
}

// race measures one cell on both servers; more names where, and with how many connections.
func (h *house) race(b *testing.B, name string, conns int, requests ...request) {
	o, n := sides(b, load{h.ours, wires(h.ours, requests), conns}, load{h.bare, wires(h.bare, requests), conns})
	r := ratio(o, n, rate)
	b.ReportMetric(r, "rate-ratio")
	b.ReportMetric(ratio(o, n, cpu), "cpu-ratio")
	b.ReportMetric(median(each(o, allocs)), "allocs/req")
	b.ReportMetric(0, "ns/op")
	what := fmt.Sprintf("%s, %s, c=%d", name, h.where(), conns)
	results.add(line{"G6", what, "≥ 0.8", fmt.Sprintf("%.0f/s", median(each(o, rate))), fmt.Sprintf("%.0f/s", median(each(n, rate))), fmt.Sprintf("%.2f", r), met(r >= 0.8)})
	if conns > 1 {
		results.add(line{"G7", "CPU, " + what, "(≤ 1.3)", micros(median(each(o, cpu))), micros(median(each(n, cpu))), fmt.Sprintf("%.2f", ratio(o, n, cpu)), ""})
		results.add(line{"G7", "allocations, " + what, "(≤ 2.2)", fmt.Sprintf("%.0f", median(each(o, allocs))), fmt.Sprintf("%.0f", median(each(n, allocs))), fmt.Sprintf("%.2f", ratio(o, n, allocs)), ""})
	}
}

// where is the database of a house in the table.
func (h *house) where() string { return fmt.Sprintf("%s, %dk", h.kind.name, h.size/1000) }

func micros(n float64) string { return fmt.Sprintf("%.0f µs", n) }

func wires(addr string, requests []request) [][]byte {
	all := make([][]byte, len(requests))
	for i, r := range requests {
		all[i] = r.wire(addr)
	}
	return all
}

// races measures one cell with one connection and with 16.
func (h *house) races(b *testing.B, name string, requests ...request) {
	for _, conns := range []int{1, 16} {
		what := fmt.Sprintf("%s, %s, c=%d", name, h.where(), conns)
		cell(b, fmt.Sprintf("%s/c=%d", name, conns), line{goal: "G6", what: what, limit: "≥ 0.8"}, func(b *testing.B) { h.race(b, name, conns, requests...) })
	}
}

func (h *house) byToken(name string, paths ...string) []request {
	all := make([]request, len(paths))
	for i, p := range paths {
		all[i] = request{method: http.MethodGet, path: p, token: h.tokens[name]}
	}
	return all
}

func (h *house) bySession(name, path string) request {
	return request{method: http.MethodGet, path: path, session: h.sessions[name]}
}

// alike stops the benchmark unless both servers answer the same, byte for byte.
func (h *house) alike(b testing.TB, requests ...request) {
	b.Helper()
	for _, r := range requests {
		_, rec := h.study(b, r)
		h.same(b, r, rec.Body.Bytes())
	}
}

func (h *house) same(b testing.TB, r request, ours []byte) {
	b.Helper()
	if bare, _ := h.askBare(b, r); !bytes.Equal(ours, bare) {
		b.Fatalf("%s: the servers differ\n%s\n%s", r.key(), ours, bare)
	}
}
