package bench

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/tabwriter"
)

// A line is one row of the table: what Lectern needed or did, beside what it is
// compared with. Met is empty for what is only told.
type line struct {
	goal, what, limit, ours, baseline, ratio, met string
}

// table collects lines from all benchmarks.
type table struct {
	mu    sync.Mutex
	lines []line
}

var results table

func (t *table) add(l line) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines, l)
}

func (t *table) print(w io.Writer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.lines) == 0 {
		return
	}
	slices.SortStableFunc(t.lines, func(a, b line) int { return number(a.goal) - number(b.goal) })
	tw := tabwriter.NewWriter(w, 0, 0, 1, ' ', tabwriter.Debug)
	fmt.Fprintln(w)
	fmt.Fprintln(tw, "| goal\t what\t limit\t ours\t baseline\t ratio\t met\t")
	fmt.Fprintln(tw, "| ---\t ---\t ---\t ---\t ---\t ---\t ---\t")
	for _, l := range t.lines {
		fmt.Fprintf(tw, "| %s\t %s\t %s\t %s\t %s\t %s\t %s\t\n", l.goal, l.what, l.limit, l.ours, l.baseline, l.ratio, l.met)
	}
	_ = tw.Flush()
}

// number is the number of a goal: 13 of G13; 0 of none.
func number(goal string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(goal, "G"))
	return n
}

func met(ok bool) string {
	if ok {
		return "yes"
	}
	return "NO"
}

// median is the middle value, of an even count the lower one. 0 of none.
func median[N int | int64 | float64](values []N) N {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[(len(sorted)-1)/2]
}
