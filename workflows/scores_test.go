package workflows_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// invented has the shape of two committees' scores: score and confidence of
// three or four readers a line, scores from -2 to +2.
const invented = `+2	4	+1	3	-1	2	__	_
-2	5	-2	4	-2	3	-2	1
+0	3	+2	3	-2	3	+1	4
+1	2	+1	2	+1	2	__	_
-1	1	+0	5	+1	3	__	_
`

// TestCommitteeScores puts two committees' scores through reviews, one by one,
// and compares mean and deviation of each submission, to four decimals, with a
// calculation of its own.
func TestCommitteeScores(t *testing.T) {
	t.Parallel()
	t.Run("invented", func(t *testing.T) {
		t.Parallel()
		committee(t, invented)
	})
	for _, file := range []string{"scores-phase1-pc1.tsv", "scores-phase1-pc2.tsv"} {
		t.Run("esa2018 "+file, func(t *testing.T) {
			t.Parallel()
			dir := os.Getenv("LECTERN_TEST_DATA")
			if dir == "" {
				t.Skip("esa2018: LECTERN_TEST_DATA does not name a folder of test data")
			}
			text, err := os.ReadFile(filepath.Join(dir, "esa2018", file))
			if err != nil {
				t.Skipf("esa2018: %v", err)
			}
			committee(t, string(text))
		})
	}
}

func committee(t *testing.T, table string) {
	t.Helper()
	lines := scoresOf(t, table)
	f := sectiontest.New(t, storetest.SQLite(t))
	w := workflows.Proposals{Base: f.Base}
	readers := addLeaders(t, f, 4)
	call, ids := "", make([]string, len(lines))
	f.At("2027-03-10T12:00:00-06:00")
	for i := range lines {
		p := submitted(t, f, w, "forum-2027-breakouts", fmt.Sprintf("Submission %d", i+1), speakerNamed("Ignacio Prieto"))
		call, ids[i] = p.CallID, p.ID
	}
	f.At("2027-04-08T12:00:00-05:00")
	for i, scores := range lines {
		for k, s := range scores {
			in := scored(s+3, s+3, s+3, s+3, s+3, s+3) // -2…+2 is 1…5
			if _, err := w.SaveReview(t.Context(), readers[k], ids[i], 0, in); err != nil {
				t.Fatal(err)
			}
		}
	}
	totals := sectiontest.Read(f, func(tx *store.Tx) (map[string]domain.ReviewStats, error) { return tx.ReviewTotals(call) })
	for i, scores := range lines {
		mean, deviation := independently(scores)
		got := totals[ids[i]]
		if got.Count != len(scores) || four(got.Mean) != four(mean) || four(got.Deviation) != four(deviation) {
			t.Errorf("line %d, %v: %d reviews, mean %s and deviation %s, want %s and %s", i+1, scores, got.Count, four(got.Mean), four(got.Deviation), four(mean), four(deviation))
		}
	}
}

// independently is the mean and the deviation of a sample, in points of 100, by
// the definition: the squares of the distances to the mean.
func independently(scores []int) (mean, deviation float64) {
	for _, s := range scores {
		mean += float64(s+2) * 25 / float64(len(scores))
	}
	squares := 0.0
	for _, s := range scores {
		squares += math.Pow(float64(s+2)*25-mean, 2)
	}
	return mean, math.Sqrt(squares / float64(len(scores)-1))
}

func four(x float64) string { return strconv.FormatFloat(x+0, 'f', 4, 64) }

// scoresOf reads every second column; "__" is no review.
func scoresOf(t *testing.T, table string) [][]int {
	t.Helper()
	var all [][]int
	for _, line := range strings.Split(strings.TrimSpace(table), "\n") {
		var scores []int
		for i, word := range strings.Split(line, "\t") {
			if i%2 == 1 || strings.HasPrefix(word, "_") {
				continue
			}
			n, err := strconv.Atoi(strings.TrimPrefix(word, "+"))
			if err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			scores = append(scores, n)
		}
		all = append(all, scores)
	}
	return all
}
