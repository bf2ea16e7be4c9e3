// Package bench measures Lectern beside a bare server that runs the same
// statements, in one process and in alternating rounds. It is only tests:
// `make bench` runs it and prints a table of the goals (docs/benchmarks.md).
package bench

import (
	"fmt"
	"os"
	"testing"
	"time"

	"lectern/internal/onhand"
)

// quickVar set to quick leaves out the large database: three minutes instead of twelve.
const quickVar = "LECTERN_BENCH"

const (
	small = 10_000
	large = 100_000
)

func quick() bool { return os.Getenv(quickVar) == "quick" }

// Each cell of the table is the median of this many rounds, in which what is
// compared takes turns.
const rounds = 9

// turn is how long each side is under load in a round.
const turn = 250 * time.Millisecond

func TestMain(m *testing.M) {
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

// measure seeds one kind of database at each size and measures what depends on it.
func measure(b *testing.B, kind database) {
	sizes := []int{small, large}
	if quick() {
		sizes = sizes[:1]
	}
	var houses []*house
	for _, n := range sizes {
		h := newHouse(b, kind, n)
		houses = append(houses, h)
		b.Run(fmt.Sprintf("%dk/plans", n/1000), func(b *testing.B) { plans(b, h) })
		b.Run(fmt.Sprintf("%dk/rate", n/1000), func(b *testing.B) { rates(b, h) })
		b.Run(fmt.Sprintf("%dk/pages", n/1000), func(b *testing.B) { listPage(b, h) })
	}
	b.Run("statements", func(b *testing.B) { statements(b, houses[0]) })
	if len(houses) > 1 {
		b.Run("depth", func(b *testing.B) { depth(b, houses[0], houses[1]) })
	}
	b.Run("program", func(b *testing.B) { program(b, houses[len(houses)-1]) })
}
