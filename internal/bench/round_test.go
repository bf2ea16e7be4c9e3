package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lectern/api"
	"lectern/internal/store"
)

// inTurn is how many reviews are read and saved in turn.
const inTurn = 64

// reviewed are the reviews of proposals that the reader reviewed, as JSON.
func (h *house) reviewed(b testing.TB, n int) []request {
	var all []request
	for _, l := range h.own(b, many, n) {
		all = append(all, h.byToken(reader, "/api/v1/proposals/"+l.ID+"/reviews")...)
	}
	return all
}

// saves are changes of reviews, each of which says something else in its comment.
func (h *house) saves(b testing.TB, call string, n int) []request {
	var all []request
	for _, l := range h.own(b, call, n) {
		body, _ := json.Marshal(map[string]any{"scores": l.Own.Scores, "verdict": "recommend", "comment": "A clear plan. " + mark})
		all = append(all, request{method: http.MethodPut, path: "/api/v1/proposals/" + l.ID + "/review", token: h.tokens[reader], body: string(body)})
	}
	return all
}

// savesAndNext are what a browser sends to save a review and go on: the form, the
// address it is sent on to, and the next proposal's desk. The bare server learns them.
func (h *house) savesAndNext(b testing.TB, n int) []request {
	var all []request
	known := map[string]bool{}
	for _, l := range h.own(b, many, n) {
		form := url.Values{"verdict": {"recommend"}, "comment": {"A clear plan. " + mark}}
		for id, n := range l.Own.Scores {
			form.Set("s_"+id, strconv.Itoa(n))
		}
		save := h.bySession(reader, "/calls/"+many+"/review/"+l.Number)
		save.method, save.body = http.MethodPost, strings.ReplaceAll(form.Encode(), url.QueryEscape(mark), mark)
		on, _ := h.study(b, save)
		next, _ := h.study(b, h.bySession(reader, on.to))
		page := h.bySession(reader, next.to)
		if !known[page.path] {
			known[page.path] = true
			h.alikePage(b, page.path)
		}
		all = append(all, save, h.bySession(reader, on.to), page)
	}
	return all
}

func deskOf(call string) string    { return "/calls/" + call + "/review" }
func rankingOf(call string) string { return "/calls/" + call + "/ranking" }

// alikeInRound checks the round's addresses: the bare server answers the same bytes.
func (h *house) alikeInRound(b testing.TB) {
	b.Helper()
	h.alike(b, h.reviewed(b, 4)...)
	h.alikePage(b, deskOf(many))
	h.alikeSaves(b, h.saves(b, many, 4))
	h.alikeNext(b, h.savesAndNext(b, 4))
	h.later(func() { h.alikeRanking(b) })
}

func (h *house) alikeRanking(b testing.TB) {
	b.Helper()
	h.alike(b, h.byToken(reader, "/api/v1"+rankingOf(many))...)
	h.alikePage(b, rankingOf(many))
}

// alikePage weaves a page for the bare server and checks that it is the same.
func (h *house) alikePage(b testing.TB, path string) {
	b.Helper()
	r := h.bySession(reader, path)
	p, rec := h.study(b, r)
	page := rec.Body.Bytes()
	found, err := h.bareness.round(b.Context(), p.asks[1:])
	if err != nil {
		b.Fatal(err)
	}
	p.page = newWeave(string(page), found.rows)
	h.bareness.plans[r.key()] = p
	h.same(b, r, page)
}

var versionOf = regexp.MustCompile(`"version":\d+`)

// alikeSaves checks that both servers save the same and answer the same, but that
// the one who saves second has the next version.
func (h *house) alikeSaves(b testing.TB, saves []request) {
	b.Helper()
	for _, r := range saves {
		_, rec := h.study(b, r)
		ours := rec.Body.Bytes()
		before := h.kept(b)
		bare, _ := h.askBare(b, r)
		if kept := h.kept(b); kept != before+2 {
			b.Fatalf("%s: the bare server wrote %d rows, not an earlier review and a line of the audit", r.key(), kept-before)
		}
		var o, n api.ReviewOut
		if err := json.Unmarshal(ours, &o); err != nil {
			b.Fatal(err)
		}
		if err := json.Unmarshal(bare, &n); err != nil || n.Version != o.Version+1 || n.Comment == o.Comment {
			b.Fatalf("%s: not saved after Lectern's (%v)\n%s\n%s", r.key(), err, ours, bare)
		}
		if !bytes.Equal(plainReview(ours, o), plainReview(bare, n)) {
			b.Fatalf("%s: the servers differ\n%s\n%s", r.key(), ours, bare)
		}
	}
}

// plainReview is an answer without what differs from one save to the next.
func plainReview(answer []byte, r api.ReviewOut) []byte {
	return bytes.Replace(versionOf.ReplaceAll(answer, []byte(`"version":0`)), []byte(r.Comment), nil, 1)
}

// kept counts what saves leave: earlier reviews and lines of the audit.
func (h *house) kept(b testing.TB) int {
	b.Helper()
	var n int
	if err := h.bareness.db.QueryRowContext(b.Context(), "SELECT (SELECT COUNT(*) FROM review_history) + (SELECT COUNT(*) FROM audit)").Scan(&n); err != nil {
		b.Fatal(err)
	}
	return n
}

// alikeNext checks each save, and where it is sent on to.
func (h *house) alikeNext(b testing.TB, steps []request) {
	b.Helper()
	for _, r := range steps {
		p := h.bareness.plans[r.key()]
		if _, to := h.askBare(b, r); to != p.to {
			b.Fatalf("%s: the bare server sends on to %q, Lectern to %q", r.key(), to, p.to)
		}
	}
}

// reviewRound measures G6 to G9 and G11 for the desk, save-and-next and the
// ranking of 588 proposals with three reviews each.
func reviewRound(b *testing.B, h *house) {
	desk := h.bySession(reader, deskOf(many))
	part(b, "reviews", func(b *testing.B) {
		reviews := h.reviewed(b, inTurn)
		h.alike(b, reviews...)
		h.races(b, "reviews of a proposal", reviews...)
		h.asks(b, "reviews of a proposal", reviews[0], 1+3)
	})
	part(b, "save", func(b *testing.B) {
		saves := h.saves(b, many, inTurn)
		h.alikeSaves(b, saves)
		h.races(b, "save of a review", saves...)
		h.asks(b, "save of a review", saves[0], 0)
		l := line{goal: "G9", what: "save of a review, of 588 to of 60, " + h.where() + ", p50", limit: "≤ 1.2"}
		cell(b, "growth", l, func(b *testing.B) { slower(b, l, h.alone(h.saves(b, few, inTurn)...), h.alone(saves...), 1.2) })
	})
	h.tidy(b)
	part(b, "desk", func(b *testing.B) {
		h.alikePage(b, desk.path)
		h.races(b, "page: desk of 588", desk)
		h.asks(b, "page: desk", desk, 1+6)
		h.deskCost(b, desk)
		h.deskGrowth(b, desk)
	})
	part(b, "next", func(b *testing.B) {
		next := h.savesAndNext(b, inTurn)
		h.alikeNext(b, next)
		h.races(b, "save and next, of 588: form, redirection, page", next...)
		h.asks(b, "save and next: the form", next[0], 0)
		h.asks(b, "save and next: the redirection", next[1], 1+3)
		h.asks(b, "save and next: the page", next[2], 1+6)
	})
	h.tidy(b)
	part(b, "ranking", func(b *testing.B) { h.later(func() { h.rankingCells(b) }) })
	l := line{goal: "G9", what: "statements of desk and ranking that read a whole table, " + h.where(), limit: "0"}
	cell(b, "plans", l, func(b *testing.B) { h.roundPlans(b, l) })
}

func (h *house) rankingCells(b *testing.B) {
	ranking, page := h.byToken(reader, "/api/v1"+rankingOf(many))[0], h.bySession(reader, rankingOf(many))
	h.alikeRanking(b)
	h.races(b, "ranking of 588", ranking)
	h.races(b, "page: ranking of 588", page)
	h.dearer(b, "page-to-json", "CPU of the ranking's page, to the ranking as JSON, "+h.where(), page, ranking)
	h.asks(b, "ranking", ranking, 1+6)
	h.asks(b, "page: ranking", page, 1+6)
}

// alone is a load with one connection.
func (h *house) alone(r ...request) load { return load{h.ours, wires(h.ours, r), 1} }

// deskCost measures G11 for the desk, which Lectern has as a page only: to its rows
// and its proposal as JSON, by the bare server.
func (h *house) deskCost(b *testing.B, desk request) {
	rows := desk
	rows.path = rowsOf + desk.path
	l := line{goal: "G11", what: "CPU of the desk's page, to the bare server's JSON of its rows, " + h.where(), limit: "≤ 1.5"}
	cell(b, "desk", l, func(b *testing.B) {
		cost(b, l, load{h.ours, wires(h.ours, []request{desk}), 16}, load{h.bare, wires(h.bare, []request{rows}), 16})
	})
}

// deskGrowth measures how the desk grows with the call: a page that lists all its
// proposals may take as many times as long as there are more of them.
func (h *house) deskGrowth(b *testing.B, desk request) {
	more := float64(roundsOf[0].size) / float64(roundsOf[1].size)
	l := line{goal: "G9", what: "page: desk of 588 to desk of 60, " + h.where() + ", p50", limit: fmt.Sprintf("≤ %.1f", more)}
	cell(b, "growth", l, func(b *testing.B) { slower(b, l, h.alone(h.bySession(reader, deskOf(few))), h.alone(desk), more) })
}

// wholeTables are plans that read a table from end to end whose rows grow with the
// years; wholeReviews the same of reviews. Of the small database's reviews the round
// has more than a tenth, for which Postgres may well read them all.
var (
	wholeTables  = regexp.MustCompile(`Seq Scan on (proposals|speakers|revisions|history|decisions)\b|SCAN (p|s|sp|o|k|u|jk|hk|y)( |$)`)
	wholeReviews = regexp.MustCompile(`Seq Scan on reviews\b|SCAN r( |$)`)
)

func (h *house) readsWhole(plan string) bool {
	return slices.ContainsFunc(strings.Split(plan, "\n"), func(line string) bool {
		whole := wholeTables.MatchString(line) || h.size >= large && wholeReviews.MatchString(line)
		return whole && !strings.Contains(line, " USING ")
	})
}

// roundPlans looks at how the database finds what a round is made of.
func (h *house) roundPlans(b *testing.B, l line) {
	bad, all := 0, 0
	look := func(r request) {
		p, _ := h.study(b, r)
		for _, ask := range p.asks[1:] {
			if !isQuestion(ask.SQL) {
				continue
			}
			all++
			plan, took := h.explain(b, store.Statement{SQL: strings.TrimSuffix(ask.SQL, " FOR UPDATE"), Args: ask.Args})
			scans := h.readsWhole(plan)
			if scans {
				bad++
			}
			if scans || verbose() {
				fmt.Fprintf(os.Stderr, "%s, %s, %v:\n%s\n%s", h.where(), r.key(), took, ask.SQL, plan)
			}
		}
	}
	look(h.reviewed(b, 1)[0])
	look(h.bySession(reader, deskOf(many)))
	h.later(func() { look(h.byToken(reader, "/api/v1"+rankingOf(many))[0]) })
	l.ours, l.baseline, l.met = fmt.Sprint(bad), "of "+fmt.Sprint(all), met(bad == 0)
	results.add(l)
}
