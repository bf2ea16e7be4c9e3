package domain

import (
	"testing"
	"time"
)

// TestShortageOf has a row for each thing that takes a reader away, or gives one.
func TestShortageOf(t *testing.T) {
	t.Parallel()
	dana := Reader{ID: "dana", Name: "Dana Whitfield", Institution: "Northgate Public Library", Groups: []string{"team"}}
	vera := Reader{ID: "vera", Name: "Vera Lindholm", Groups: []string{"team", "a"}}
	guest := Reader{ID: "greta", Name: "Greta Ohm"}
	ruth := Speaker{Name: "Ruth Calder", Affiliations: []string{"NORTHGATE public library"}}
	gone := ruth
	gone.ReplacedBy = "somebody"
	for _, c := range []struct {
		name        string
		readers     []Reader
		facts       ConflictFacts
		kept, least int
		free        int
	}{
		{"both are free", []Reader{dana, vera}, ConflictFacts{GroupID: "b"}, 0, 2, 2},
		{"one is in the group", []Reader{dana, vera}, ConflictFacts{GroupID: "a"}, 0, 2, 1},
		{"that is disclosed here", []Reader{dana, vera}, ConflictFacts{GroupID: "a", Disclose: true}, 0, 2, 2},
		{"one works where a speaker does", []Reader{dana, vera}, ConflictFacts{GroupID: "b", Speakers: []Speaker{ruth}}, 0, 2, 1},
		{"that speaker was replaced", []Reader{dana, vera}, ConflictFacts{GroupID: "b", Speakers: []Speaker{gone}}, 0, 2, 2},
		{"one is of a co-sponsor, one speaks", []Reader{dana, vera}, ConflictFacts{Sponsors: []string{"a"}, Speakers: []Speaker{{Name: "dana whitfield"}}}, 0, 2, 0},
		{"one declared it", []Reader{dana, vera}, ConflictFacts{Declared: []string{"dana"}}, 0, 2, 1},
		{"a guest who is free", []Reader{guest, dana, vera}, ConflictFacts{Declared: []string{"dana"}}, 0, 2, 2},
		{"a guest who proposed it", []Reader{guest, dana, vera}, ConflictFacts{CreatedBy: "greta", Declared: []string{"dana"}}, 0, 2, 1},
		{"somebody wrote a review and left", []Reader{dana, vera}, ConflictFacts{Declared: []string{"dana"}}, 1, 2, 2},
		{"three are needed", []Reader{guest, dana, vera}, ConflictFacts{GroupID: "a"}, 0, 3, 2},
		{"more than are needed", []Reader{guest, dana, vera}, ConflictFacts{}, 4, 1, 1},
		{"nobody reviews", nil, ConflictFacts{}, 0, 2, 0},
	} {
		got := ShortageOf(c.readers, c.facts, c.kept, c.least)
		if got != (Shortage{c.free, c.least}) || got.Short() != (c.free < c.least) {
			t.Errorf("%s: %+v, short %v; want %d of %d", c.name, got, got.Short(), c.free, c.least)
		}
	}
}

// TestAwaits: scores are awaited until the last phase that lets people score is over.
func TestAwaits(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2027, 4, n, 0, 0, 0, 0, time.UTC) }
	both := []Phase{{Kind: PhaseReview, StartsAt: day(1), EndsAt: day(10)}, {Kind: PhaseDiscussion, StartsAt: day(10), EndsAt: day(15)}, {Kind: PhaseRecommend, StartsAt: day(15), EndsAt: day(30)}}
	for _, c := range []struct {
		name   string
		phases []Phase
		now    time.Time
		want   bool
	}{
		{"before it", both, day(1).Add(-time.Hour), true},
		{"in the review", both, day(5), true},
		{"in the discussion", both, day(14), true},
		{"while it is recommended", both, day(15), false},
		{"no dates are set", nil, day(20), true},
		{"those of the review are not", both[2:], day(20), true},
	} {
		if got := (Facts{Phases: c.phases, Now: c.now}).Awaits(MayScore); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
