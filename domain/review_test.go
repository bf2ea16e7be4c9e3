package domain

import (
	"testing"

	"pgregory.net/rapid"
)

// TestScore81 is the worked example: 20+15+20+7.5+11.25+7.5.
func TestScore81(t *testing.T) {
	t.Parallel()
	r := DefaultRubric()
	scores := map[string]int{"clarity": 5, "outcomes": 4, "relevance": 5, "innovation": 3, "engagement": 4, "variety": 4}
	if got, complete := r.Score(scores); got != 8125 || !complete {
		t.Errorf("%d, complete %v", got, complete)
	}
	delete(scores, "variety")
	if got, complete := r.Score(scores); complete {
		t.Errorf("five of six criteria are complete, with %d", got)
	}
}

// TestScoreRange: whatever is scored, the least is 0, the most 100, and scoring
// a criterion higher never lowers the whole.
func TestScoreRange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r, scores := DefaultRubric(), map[string]int{}
		for _, c := range r {
			scores[c.ID] = rapid.IntRange(LeastScore, MostScore).Draw(t, c.ID)
		}
		before, complete := r.Score(scores)
		if !complete || before < 0 || before > FullScore {
			t.Fatalf("%v come to %d", scores, before)
		}
		c := rapid.SampledFrom(r).Draw(t, "criterion")
		if scores[c.ID] == MostScore {
			return
		}
		scores[c.ID]++
		if after, _ := r.Score(scores); after != before+c.Weight*25 {
			t.Fatalf("one more for %s makes %d of %d", c.ID, after, before)
		}
	})
}

// TestConflicts has a row for each kind of conflict, and one for each near miss.
func TestConflicts(t *testing.T) {
	t.Parallel()
	dana := Reader{ID: "dana", Name: "Dana Whitfield", Email: "dana@example.org", Institution: "Northgate Public Library", Groups: []string{"leadership"}}
	speaker := func(name, email string, at ...string) []Speaker {
		return []Speaker{{Name: name, Email: email, Affiliations: at, Role: Speaks, Position: 1}}
	}
	for _, c := range []struct {
		name  string
		facts ConflictFacts
		want  ConflictKind
	}{
		{"nobody she knows", ConflictFacts{GroupID: "a", Speakers: speaker("Ruth Calder", "ruth@example.org", "Kestrel College")}, ""},
		{"she started it", ConflictFacts{CreatedBy: "dana"}, ConflictProposer},
		{"her name, folded", ConflictFacts{Speakers: speaker("DANA  whitfield", "")}, ConflictSpeaker},
		{"her address", ConflictFacts{Speakers: speaker("D. W.", " Dana@Example.org ")}, ConflictSpeaker},
		{"somebody without a name", ConflictFacts{Speakers: speaker("", "")}, ""},
		{"her group", ConflictFacts{GroupID: "leadership"}, ConflictGroup},
		{"her group, where that is disclosed", ConflictFacts{GroupID: "leadership", Disclose: true}, ""},
		{"her group sponsors it", ConflictFacts{GroupID: "a", Sponsors: []string{"b", "leadership"}}, ConflictSponsor},
		{"her library", ConflictFacts{Speakers: speaker("Ruth Calder", "", "Elsewhere", "Northgate  Public library")}, ConflictInstitution},
		{"a speaker who was replaced", ConflictFacts{Speakers: []Speaker{{Name: "Dana Whitfield", ReplacedBy: "x"}}}, ""},
		{"she said so", ConflictFacts{Declared: []string{"x", "dana"}}, ConflictDeclared},
		{"somebody else said so", ConflictFacts{Declared: []string{"x"}}, ""},
	} {
		got := ConflictsOf(dana, c.facts)
		if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || got[0].Kind != c.want) {
			t.Errorf("%s: %v, want %q", c.name, got, c.want)
		}
	}
	if got := ConflictsOf(Reader{ID: "x"}, ConflictFacts{Speakers: speaker("Ruth", "", "")}); len(got) > 0 {
		t.Errorf("two without an institution work together: %v", got)
	}
}

// TestStats are figures done by hand; an abstention is in none of them, and what
// somebody wrote who recused does not count.
func TestStats(t *testing.T) {
	t.Parallel()
	s := StatsOf([]int{8125, 5500, 9500, 6000})
	if s.Mean != 72.8125 || s.Median != 70.625 || s.Spread != 4000 || !s.Flagged() {
		t.Errorf("%+v", s)
	}
	one, score := StatsOf([]int{5000}), 5000
	if one.Deviation != 0 || one.Mean != 50 || one.Flagged() {
		t.Errorf("of one: %+v", one)
	}
	by := StatsByProposal([]ReviewScore{
		{ProposalID: "p", PersonID: "a", Score: &score, State: ReviewComplete},
		{ProposalID: "p", PersonID: "b", Abstained: true, State: ReviewComplete},
		{ProposalID: "p", PersonID: "c", State: ReviewOpen},
		{ProposalID: "p", PersonID: "d", Recused: true},
	})["p"]
	if by.Count != 1 || by.Abstained != 1 || by.Recused != 1 || by.Mean != 50 {
		t.Errorf("by proposal: %+v", by)
	}
	if third, half := StatsOf([]int{100, 0, 0}), StatsOf([]int{67, 0}); third.CompareMeans(half) >= 0 {
		t.Error("33.3… is not less than 33.5")
	}
}

// TestPhaseRights: at each instant of the worked example's spring, who may do what.
func TestPhaseRights(t *testing.T) {
	t.Parallel()
	c := Call{ID: "c", Name: "Core Forum", Zone: "America/Chicago"}
	f := Facts{Call: c, Phases: PhasesOf(c, []PhaseSpec{{PhaseReview, "2027-04-01", "2027-04-14"}, {PhaseDiscussion, "2027-04-15", "2027-04-18"}, {PhaseRecommend, "2027-04-19", "2027-04-23"}})}
	for _, want := range []struct {
		at                       string
		score, others, recommend bool
	}{
		{"2027-04-01T04:59:59Z", false, false, false},
		{"2027-04-01T05:00:00Z", true, false, false},
		{"2027-04-15T04:59:59Z", true, false, false},
		{"2027-04-15T05:00:00Z", true, true, false},
		{"2027-04-19T05:00:00Z", false, false, true},
		{"2027-04-24T05:00:00Z", false, false, false},
	} {
		f.Now = at(want.at)
		if f.Lets(MayScore) != want.score || f.Lets(SeeOthers) != want.others || f.Lets(MayRecommend) != want.recommend {
			t.Errorf("%s: score %v, others %v, recommend %v", want.at, f.Lets(MayScore), f.Lets(SeeOthers), f.Lets(MayRecommend))
		}
	}
}
