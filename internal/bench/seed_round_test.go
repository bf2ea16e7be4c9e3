package bench

import (
	"fmt"
	"testing"
	"time"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
)

// reviewedVenue is the venue whose proposals are reviewed here.
const reviewedVenue = "forum"

// reader is whose desk is measured; they did three fifths of it.
const reader = "Dana Whitfield"

// The calls under review: a large one and a small one, each alone in its year.
var roundsOf = []struct {
	slug string
	year domain.Year
	size int
}{
	{"forum-of-588", "2028-29", 588},
	{"forum-of-60", "2029-30", 60},
}

// many and few are their slugs.
var many, few = roundsOf[0].slug, roundsOf[1].slug

// Recommendations begin when the reviews are in; see house.later.
const (
	reviewing    = "2026-09-18T12:00:00-05:00"
	recommending = "2026-10-05T12:00:00-05:00"
)

// rounds adds the calls under review, like that of this year's breakout sessions.
func (h *house) rounds(b testing.TB) []domain.Call {
	b.Helper()
	like := h.fixture.Call("forum-2027-breakouts")
	out, err := store.Write(b.Context(), h.fixture.Store, func(tx *store.Tx) ([]domain.Call, error) {
		var all []domain.Call
		for _, r := range roundsOf {
			c := like
			c.ID, c.Slug, c.Name, c.Year = h.fixture.NewID(), r.slug, fmt.Sprintf("Core Forum %s, breakout sessions", r.year), r.year
			opens, closes := day(8, 1), day(9, 1)
			c.OpensAt, c.ClosesAt = &opens, &closes
			if err := tx.AddCall(c); err != nil {
				return nil, err
			}
			all = append(all, c)
			err := tx.SetPhases(c.ID, []domain.Phase{
				{CallID: c.ID, Kind: domain.PhaseReview, StartsAt: day(9, 10), EndsAt: day(10, 1)},
				{CallID: c.ID, Kind: domain.PhaseRecommend, StartsAt: day(10, 1), EndsAt: day(11, 1)},
			})
			if err != nil {
				return nil, err
			}
		}
		return all, nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return out
}

func day(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 5, 0, 0, 0, time.UTC)
}

// reviewers are the Leadership Team, five of them.
func (h *house) reviewers() []domain.Person {
	for _, name := range []string{"Iris Vogel", "Paul Okafor"} {
		h.fixture.Join(name, "leadership-team", []domain.TermRole{domain.TermMember})
	}
	var all []domain.Person
	for _, name := range []string{reader, "Vera Lindholm", "Chidi Okonkwo", "Iris Vogel", "Paul Okafor"} {
		all = append(all, h.fixture.Person(name))
	}
	return all
}

// underReview invents the proposals of the calls under review, each with three
// complete reviews. They were changed last all over the years, so that lists are
// what they are without them.
func (s *scribe) underReview(n int) chunk {
	c := chunk{}
	span := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC).Sub(epoch)
	for k, r := range roundsOf {
		for i := range r.size {
			s.last = last{}
			at := epoch.Add(span / time.Duration(r.size) * time.Duration(i)).Truncate(time.Microsecond)
			s.reviews(c, s.propose(c, n+1000*k+i, s.rounds[k], "submitted", at), i, at)
		}
	}
	return c
}

// reviews are three complete ones, by three of the reviewers in turn.
func (s *scribe) reviews(c chunk, id string, i int, at time.Time) {
	rubric := domain.DefaultRubric()
	for k := range 3 {
		scores := map[string]int{}
		for _, criterion := range rubric {
			scores[criterion.ID] = domain.LeastScore + s.rnd.IntN(domain.MostScore)
		}
		score, _ := rubric.Score(scores)
		verdicts := domain.ReviewVerdicts()
		c["reviews"] = append(c["reviews"], []any{
			s.id(at), 1, id, s.reviewers[(i+k)%len(s.reviewers)].ID, 1, document(scores), score, string(verdicts[s.rnd.IntN(len(verdicts))]),
			s.text(160), "", false, "", "complete", at.Add(time.Duration(k) * time.Hour), at.Add(time.Duration(k) * time.Hour),
		})
	}
}

// later sets the clock to when recommendations are made, while something is done.
func (h *house) later(do func()) {
	h.fixture.At(recommending)
	defer h.fixture.At(reviewing)
	do()
}

// own are proposals of a call that the reader's review of is complete, at most n.
func (h *house) own(b testing.TB, call string, n int) []store.DeskLine {
	b.Helper()
	who := h.fixture.Actor(reader)
	lines := sectiontest.Read(h.fixture, func(tx *store.Tx) ([]store.DeskLine, error) { return tx.Desk(who, h.fixture.Call(call).ID) })
	var all []store.DeskLine
	for _, l := range lines {
		if l.Own != nil && l.Own.Complete() && len(all) < n {
			l.Own = sectiontest.Read(h.fixture, func(tx *store.Tx) (*domain.Review, error) { return tx.Review(l.ID, who.ID) })
			all = append(all, l)
		}
	}
	return all
}
