package bench

import (
	"bytes"
	"fmt"
	"io"
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
		paths := h.lists()[name]
		h.alike(b, paths)
		for _, conns := range []int{1, 16} {
			b.Run(fmt.Sprintf("%s/c=%d", name, conns), func(b *testing.B) { h.race(b, name, paths, conns) })
		}
	}
}

func (h *house) race(b *testing.B, name string, paths []string, conns int) {
	ours, bare := h.load(h.ours, paths, conns), h.load(h.bare, paths, conns)
	o, n := sides(b, ours, bare)
	r := ratio(o, n, rate)
	b.ReportMetric(r, "rate-ratio")
	b.ReportMetric(ratio(o, n, cpu), "cpu-ratio")
	b.ReportMetric(median(each(o, allocs)), "allocs/req")
	b.ReportMetric(0, "ns/op")
	what := fmt.Sprintf("%s, %s, %dk, c=%d", name, h.kind.name, h.size/1000, conns)
	results.add(line{"G6", what, "≥ 0.8", fmt.Sprintf("%.0f/s", median(each(o, rate))), fmt.Sprintf("%.0f/s", median(each(n, rate))), fmt.Sprintf("%.2f", r), met(r >= 0.8)})
	if conns > 1 {
		results.add(line{"G7", "CPU, " + what, "(≤ 1.3)", fmt.Sprintf("%.0f µs", median(each(o, cpu))), fmt.Sprintf("%.0f µs", median(each(n, cpu))), fmt.Sprintf("%.2f", ratio(o, n, cpu)), ""})
		results.add(line{"G7", "allocations, " + what, "(≤ 2.2)", fmt.Sprintf("%.0f", median(each(o, allocs))), fmt.Sprintf("%.0f", median(each(n, allocs))), fmt.Sprintf("%.2f", ratio(o, n, allocs)), ""})
	}
}

func (h *house) load(addr string, paths []string, conns int) load {
	l := load{addr: addr, conns: conns}
	for _, p := range paths {
		l.requests = append(l.requests, get(addr, p, h.tokens[admin]))
	}
	return l
}

// alike stops the benchmark unless both servers answer the same, byte for byte.
func (h *house) alike(b testing.TB, paths []string) {
	b.Helper()
	for _, path := range paths {
		ours := h.learn(b, path, h.tokens[admin])
		req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, "http://"+h.bare+path, http.NoBody)
		if err != nil {
			b.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+h.tokens[admin])
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			b.Fatal(err)
		}
		bare, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil || !bytes.Equal(ours, bare) {
			b.Fatalf("%s: the servers differ (%v)\n%s\n%s", path, err, ours, bare)
		}
	}
}
