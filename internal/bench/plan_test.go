package bench

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"lectern/internal/store"
)

// plansVar prints every plan with what it took, for finding out why.
const plansVar = "LECTERN_BENCH_PLANS"

// readers are one person for each way of seeing proposals.
var readers = []string{admin, "Fay Nguyen", "Dana Whitfield", "Ana Reyes"} // administrator, staff, Leadership Team, member

// asked are addresses of which each database has to find the rows by an index.
func (h *house) asked(b *testing.B) []string {
	b.Helper()
	const root = "/api/v1/proposals"
	return []string{
		root, root + "?state=accepted", root + "?group=new-leaders-and-managers", root + "?group=new-leaders-and-managers&state=accepted",
		root + "?year=2026-27", root + "?year=2020-21&state=accepted", root + "?venue=webinar", root + "?call=webinars-2026-27", root + "?q=" + h.word(b), root + "?q=" + h.word(b)[:3], root + "?q=leader+budget",
		root + "?cursor=" + h.cursor(b, 400),
	}
}

// looks are plans that read all proposals, whatever their number.
var looks = regexp.MustCompile(`Seq Scan on (proposals|speakers|history|proposal_words|revisions)|SCAN (p|k|u|s|h|w)\b( |$)`)

// explain gives the plan of a statement and how long the statement took.
func (h *house) explain(b *testing.B, ask store.Statement) (string, time.Duration) {
	b.Helper()
	how := "EXPLAIN QUERY PLAN "
	if store.IsPostgres(h.address) {
		how = "EXPLAIN "
	}
	rows, err := h.bareness.db.QueryContext(b.Context(), how+ask.SQL, ask.Args...)
	if err != nil {
		b.Fatalf("%s: %v", ask.SQL, err)
	}
	defer func() { _ = rows.Close() }()
	var out strings.Builder
	for rows.Next() {
		var a, parent, c int
		var text string
		into := []any{&a, &parent, &c, &text}
		if store.IsPostgres(h.address) {
			into = into[3:]
		}
		if err := rows.Scan(into...); err != nil {
			b.Fatal(err)
		}
		out.WriteString("    " + text + "\n")
	}
	began := time.Now()
	h.drain(b, ask)
	return out.String(), time.Since(began)
}

func (h *house) drain(b *testing.B, ask store.Statement) {
	b.Helper()
	rows, err := h.bareness.db.QueryContext(context.WithoutCancel(b.Context()), ask.SQL, ask.Args...)
	if err != nil {
		b.Fatal(err)
	}
	for rows.Next() {
	}
	_ = rows.Close()
}

// plans looks at how the database finds the rows of each list and of an item.
func plans(b *testing.B, h *house) {
	bad, all := 0, 0
	for _, name := range readers {
		for _, path := range append(h.asked(b), "/api/v1/proposals/"+h.visibleTo(b, name)) {
			h.learnAs(b, path, name)
			for _, ask := range h.bareness.plans["GET "+path].asks[1:] {
				plan, took := h.explain(b, ask)
				all++
				scan := fullScan(plan)
				if scan {
					bad++
				}
				if scan || verbose() {
					fmt.Fprintf(os.Stderr, "%s, %s as %s, %v:\n%s", h.kind.name, path, name, took.Round(100*time.Microsecond), plan)
				}
			}
		}
	}
	results.add(line{"G9", fmt.Sprintf("statements that read a whole table, %s, %dk", h.kind.name, h.size/1000), "0", fmt.Sprint(bad), "of " + fmt.Sprint(all), "", met(bad == 0)})
}

// fullScan tells whether a plan reads a table from end to end. Walking an index
// in the order of the list, until there are enough, is not that.
func fullScan(plan string) bool {
	for line := range strings.Lines(plan) {
		if looks.MatchString(line) && !strings.Contains(line, "INDEX proposals_newest") && !strings.Contains(line, "CTE") {
			return true
		}
	}
	return false
}
