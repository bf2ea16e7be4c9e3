// Package bench measures Lectern beside a bare server that runs the same
// statements, in one process and in alternating rounds. It is only tests:
// `make bench` runs it and prints a table of the goals (docs/benchmarks.md).
package bench

import (
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"testing"
	"time"

	"lectern/internal/onhand"
)

// quickVar set to quick leaves out the large database and has fewer and shorter
// rounds: four minutes instead of fifteen.
const quickVar = "LECTERN_BENCH"

const (
	small = 10_000
	large = 100_000
)

func quick() bool { return os.Getenv(quickVar) == "quick" }

// rounds of each cell, in which what is compared takes turns; the table has their median.
func rounds() int {
	if quick() {
		return 5
	}
	return 7
}

// turn is how long each side is under load in a round.
func turn() time.Duration {
	if quick() {
		return 200 * time.Millisecond
	}
	return 250 * time.Millisecond
}

// TestMain prints the table at the end, also when somebody ends it before.
func TestMain(m *testing.M) {
	stopped := make(chan os.Signal, 1)
	signal.Notify(stopped, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-stopped
		results.print(os.Stdout)
		os.Exit(1)
	}()
	status := m.Run()
	results.print(os.Stdout)
	os.Exit(status)
}

// BenchmarkGoals measures all goals on both databases.
func BenchmarkGoals(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { measure(b, sqliteFile) })
	b.Run("postgres", func(b *testing.B) {
		onhand.Postgres(b)
		measure(b, postgresDatabase)
	})
	b.Run("pages", firstVisit)
}

// measure measures one kind of database at each size. A house is seeded when the
// first cell needs it, so that a cell alone does not wait for the others'.
func measure(b *testing.B, kind database) {
	sizes := []int{small, large}
	if quick() {
		sizes = sizes[:1]
	}
	houses := make([]func() *house, len(sizes))
	each := func(work func(b *testing.B, size string, house func() *house)) {
		for i, n := range sizes {
			size := fmt.Sprintf("%dk", n/1000)
			b.Run(size, func(b *testing.B) { work(b, size, houses[i]) })
		}
	}
	for i, n := range sizes {
		houses[i] = sync.OnceValue(func() *house { return newHouse(b, kind, n) })
	}
	each(func(b *testing.B, size string, house func() *house) {
		plan := line{goal: "G9", what: "statements that read a whole table, " + kind.name + ", " + size, limit: "0"}
		cell(b, "plans", plan, func(b *testing.B) { plans(b, house()) })
		part(b, "rate", func(b *testing.B) { rates(b, house()) })
		part(b, "pages", func(b *testing.B) { listPage(b, house()) })
	})
	// Before the rounds: the system forgets parts of a large file that nobody asked for.
	if len(houses) > 1 {
		part(b, "depth", func(b *testing.B) { depth(b, houses[0](), houses[1]()) })
	}
	each(func(b *testing.B, _ string, house func() *house) {
		part(b, "round", func(b *testing.B) { reviewRound(b, house()) })
	})
	part(b, "statements", func(b *testing.B) { statements(b, houses[0]()) })
	part(b, "program", func(b *testing.B) { program(b, houses[len(houses)-1]()) })
}

// cell measures one line of the table. When that fails, the line says NO.
func cell(b *testing.B, name string, l line, measure func(*testing.B)) {
	b.Run(name, func(b *testing.B) {
		defer func() {
			if p := recover(); p != nil {
				b.Errorf("panic: %v", p)
			}
			if b.Failed() {
				l.ours, l.met = "failed", met(false)
				results.add(l)
			}
		}()
		measure(b)
	})
}

// part measures several lines. When it ends before its time, a line says NO for
// those that are missing.
func part(b *testing.B, name string, measure func(*testing.B)) {
	b.Run(name, func(b *testing.B) {
		ended := false
		defer func() {
			if p := recover(); p != nil {
				b.Errorf("panic: %v", p)
			}
			if !ended {
				results.add(line{what: "the rest of " + b.Name(), ours: "failed", met: met(false)})
			}
		}()
		measure(b)
		ended = true
	})
}
