package workflows_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

const scoreHead = "Number,Reviewer,clarity,Learning outcomes,relevance,innovation,engagement,variety,recommendation,comment\n"

// TestImportScores: a file of scores is kept as its reviewers' own reviews, all of
// it or nothing, and once.
func TestImportScores(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Proposals{Base: f.Base}
		addLeaders(t, f, 2)
		f.At("2027-03-10T12:00:00-06:00")
		one := submitted(t, f, w, "forum-2027-breakouts", "One", speakerNamed("Ignacio Prieto"))
		two := submitted(t, f, w, "forum-2027-breakouts", "Two", speakerNamed("Ignacio Prieto"))
		f.At("2027-04-08T12:00:00-05:00")
		takes := func(text string, dry bool) workflows.ScoreReport {
			t.Helper()
			r, err := w.ImportScores(t.Context(), domain.TheClock(f.Now()), workflows.ImportScores{Call: "forum-2027-breakouts", Data: []byte(text), Zone: "America/Chicago", DryRun: dry})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		kept := func() (all []string) {
			for _, p := range []workflows.ProposalView{one, two} {
				for _, r := range sectiontest.Read(f, func(tx *store.Tx) ([]domain.Review, error) {
					all, _, err := tx.ReviewsOf(p.ID)
					return all, err
				}) {
					all = append(all, fmt.Sprintf("%s v%d %s %d %s", p.Title, r.Version, r.State, value(r.Score), r.Comment))
				}
			}
			return all
		}

		good := scoreHead + one.Number + ",reader.0@example.org,5,4,5,3,4,4,Recommend,\n" +
			one.Number + ",Reader.1@example.org,2,2,2,2,2,2,do_not_recommend,\"Too broad, and too long.\"\n" + two.Number + ",reader.0@example.org,5,,,,,,,\n"
		bad := good + "27-F-999,reader.0@example.org,1,1,1,1,1,1,,\n" + two.Number + ",nobody@example.org,1,1,1,1,1,1,,\n" +
			two.Number + ",ben.castellano@example.org,1,1,1,1,1,1,,\n" + two.Number + ",reader.1@example.org,9,x,1,1,1,1,maybe,\n" +
			one.Number + ",reader.0@example.org,1,1,1,1,1,1,,\n,reader.0@example.org,1,1,1,1,1,1,,\n"
		var lines []string
		for _, p := range takes(bad, false).Refused {
			lines = append(lines, fmt.Sprintf("%d %s %s", p.Line, p.Code, p.Pointer))
		}
		for _, want := range []string{"5 not_in_call /number", "6 unknown_reviewer /reviewer", "7 not_your_move ", "8 not_a_number /scores/outcomes", "8 not_an_option /verdict", "8 out_of_range /scores/clarity", "9 twice ", "10 required /number"} {
			if !strings.Contains(strings.Join(lines, "\n")+"\n", want) {
				t.Errorf("no %q among\n%s", want, strings.Join(lines, "\n"))
			}
		}
		if got := kept(); got != nil {
			t.Errorf("a bad file leaves %v", got)
		}

		counts := func(r workflows.ScoreReport) [4]int { return [4]int{r.Created, r.Updated, r.Unchanged, len(r.Refused)} }
		if got := counts(takes(good, true)); got != [4]int{3, 0, 0, 0} || kept() != nil {
			t.Errorf("tried: %v, and kept %v", got, kept())
		}
		if got := counts(takes(good, false)); got != [4]int{3, 0, 0, 0} {
			t.Errorf("the first time: %v", got)
		}
		want := []string{"One v1 complete 8125 ", "One v1 complete 2500 Too broad, and too long.", "Two v1 open 0 "}
		if diff := cmp.Diff(want, kept()); diff != "" {
			t.Error(diff)
		}
		f.At("2027-04-20T12:00:00-05:00")
		if got := counts(takes(good, false)); got != [4]int{0, 0, 3, 0} {
			t.Errorf("the second time: %v", got)
		}
		changed := strings.Replace(good, ",5,,,,,,,", ",5,5,5,5,5,5,,", 1)
		if r := takes(changed, false); counts(r) != [4]int{0, 0, 2, 1} || r.Refused[0].Line != 4 {
			t.Errorf("after the reviewing: %+v", r)
		}
		f.At("2027-04-09T12:00:00-05:00")
		if got := counts(takes(changed, false)); got != [4]int{0, 1, 2, 0} {
			t.Errorf("changed: %v", got)
		}
		_, err := w.ImportScores(t.Context(), f.Actor("Fay Nguyen"), workflows.ImportScores{Call: "forum-2027-breakouts", Data: []byte(good)})
		if !domain.HasCode(err, "not_your_move") {
			t.Errorf("as staff: %v", err)
		}
	})
}

func value(p *int) int {
	if p == nil {
		return 0
	}
	return *p
}

// What a line of a file of scores costs does not grow with its readers: each of them
// is looked up once, and a line reads its proposal and its review once.
func TestImportScoresStatements(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Proposals{Base: f.Base}
		const readers, proposals = 3, 4
		addLeaders(t, f, readers)
		f.At("2027-03-10T12:00:00-06:00")
		file := scoreHead
		for i := range proposals {
			p := submitted(t, f, w, "forum-2027-breakouts", fmt.Sprintf("Proposal %d", i), speakerNamed("Ignacio Prieto"))
			for r := range readers {
				file += fmt.Sprintf("%s,reader.%d@example.org,5,4,5,3,4,4,recommend,\n", p.Number, r)
			}
		}
		f.At("2027-04-08T12:00:00-05:00")
		takes := func(text string) (workflows.ScoreReport, int64) {
			t.Helper()
			ctx, n := store.WithQueryCount(t.Context())
			r, err := w.ImportScores(ctx, domain.TheClock(f.Now()), workflows.ImportScores{Call: "forum-2027-breakouts", Data: []byte(text), Zone: "America/Chicago"})
			if err != nil || len(r.Refused) > 0 {
				t.Fatalf("%+v, %v", r, err)
			}
			return r, n.Load()
		}
		const around = 2 + 5*readers // the call and its form, and who reads, with all their rights
		for _, c := range []struct {
			name, text string
			each       int64
			want       workflows.ScoreReport
		}{
			{"new", file, 6, workflows.ScoreReport{Created: readers * proposals}},
			{"as it was", file, 2, workflows.ScoreReport{Unchanged: readers * proposals}},
			{"changed", strings.ReplaceAll(file, ",5,4,5,3,", ",5,4,5,5,"), 6, workflows.ScoreReport{Updated: readers * proposals}},
		} {
			got, n := takes(c.text)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s: %s", c.name, diff)
			}
			if most := around + c.each*readers*proposals; n > most {
				t.Errorf("%s: %d statements for %d lines, at most %d", c.name, n, readers*proposals, most)
			}
		}
	})
}
