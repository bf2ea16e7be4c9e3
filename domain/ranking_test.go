package domain

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// voted are proposals with one total of votes each, as a committee counts them.
func voted(totals ...int) []Ranked {
	all := make([]Ranked, len(totals))
	for i, n := range totals {
		all[i] = Ranked{ID: fmt.Sprintf("p%02d", i), Number: fmt.Sprintf("%03d", i), Stats: StatsOf([]int{n})}
	}
	return all
}

func ids(all []Ranked) []string {
	names := make([]string, len(all))
	for i, x := range all {
		names[i] = x.ID
	}
	return names
}

// TestCommitteeCuts orders the totals of committees and draws the line at their
// own least total: above it stands just what they accepted, and ties are told.
func TestCommitteeCuts(t *testing.T) {
	t.Parallel()
	t.Run("invented", func(t *testing.T) {
		t.Parallel()
		cutAt(t, voted(140, 12, 138, 203, 138, 137, 0, 138, 99), 138)
	})
	for _, name := range []string{"code4lib-2011-bloomington-in", "code4lib-2012-seattle-wa"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all, least := votesOf(t, name)
			cutAt(t, all, least)
		})
	}
}

func cutAt(t *testing.T, all []Ranked, least int) {
	t.Helper()
	var accepted []string
	equal := 0
	for _, x := range all { // what the committee did, told apart from how it is ranked
		if x.Stats.Sum >= least {
			accepted = append(accepted, x.ID)
		}
		if x.Stats.Sum == least {
			equal++
		}
	}
	placed := Ranking{}.Placed(all)
	cut := CutAtMean(all, least)
	above := ids(placed[:cut])
	slices.Sort(above)
	slices.Sort(accepted)
	if diff := cmp.Diff(accepted, above); diff != "" || len(accepted) == 0 {
		t.Errorf("above the line (-accepted +above):\n%s", diff)
	}
	if a, b := TieAtCut(placed, cut); a != 0 || b != 0 {
		t.Errorf("the committee's own line runs through a tie of %d and %d", a, b)
	}
	if equal > 1 { // one place less runs through the tie, and says so
		if a, b := TieAtCut(placed, cut-1); a != equal-1 || b != 1 {
			t.Errorf("a line through the %d with %d says %d above and %d below", equal, least, a, b)
		}
	}
	ties := Ties(all)
	for _, x := range all {
		same := 0
		for _, y := range all {
			if x.Stats.Sum == y.Stats.Sum {
				same++
			}
		}
		if same == 1 {
			same = 0
		}
		if ties[x.ID] != same {
			t.Errorf("%s with %d is told to be tied among %d, want %d", x.ID, x.Stats.Sum, ties[x.ID], same)
		}
	}
}

func votesOf(t *testing.T, name string) (all []Ranked, least int) {
	t.Helper()
	dir := filepath.Join(os.Getenv("LECTERN_TEST_DATA"), "code4lib-votes")
	if os.Getenv("LECTERN_TEST_DATA") == "" {
		t.Skip("code4lib-votes: LECTERN_TEST_DATA does not name a folder of test data")
	}
	raw, err := os.ReadFile(filepath.Join(dir, name+".json"))
	if err != nil {
		t.Skipf("code4lib-votes: %v", err)
	}
	var lines []struct{ ID, Score int }
	if err := json.Unmarshal(raw, &lines); err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		all = append(all, Ranked{ID: strconv.Itoa(l.ID), Number: strconv.Itoa(l.ID), Stats: StatsOf([]int{l.Score})})
	}
	text, err := os.ReadFile(filepath.Join(dir, "min-scores.yml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(text), "\n") {
		if key, value, has := strings.Cut(line, ": "); has && key == name {
			if least, err = strconv.Atoi(value); err != nil {
				t.Fatal(err)
			}
		}
	}
	return all, least
}

// TestMovesKeepAPermutation makes any moves by people who see some of the list:
// it stays a permutation, what they do not see keeps its order, and the proposal
// stands where they put it.
func TestMovesKeepAPermutation(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "n")
		var order []string
		for i := range n {
			order = append(order, strconv.Itoa(i))
		}
		for range rapid.IntRange(1, 30).Draw(t, "moves") {
			hidden := map[string]bool{}
			for _, id := range order {
				hidden[id] = rapid.IntRange(0, 3).Draw(t, "hidden") == 0
			}
			sees := func(id string) bool { return !hidden[id] }
			m := RankMove{ProposalID: rapid.SampledFrom(order).Draw(t, "which"), To: rapid.IntRange(-1, n+1).Draw(t, "to")}
			switch rapid.IntRange(0, 2).Draw(t, "kind") {
			case 0:
				m = RankMove{ProposalID: m.ProposalID, Up: true}
			case 1:
				m = RankMove{ProposalID: m.ProposalID, Down: true}
			}
			before, seen, unseen := slices.Clone(order), only(order, sees), only(order, func(id string) bool { return !sees(id) })
			after, err := Moved(order, m, sees)
			if !slices.Equal(before, order) {
				t.Fatal("a move changed the list it was made on")
			}
			at := slices.Index(seen, m.ProposalID)
			want := m.To - 1
			if m.Up {
				want = max(0, at-1)
			}
			if m.Down {
				want = min(len(seen)-1, at+1)
			}
			if at < 0 || want < 0 || want >= len(seen) {
				if err == nil {
					t.Fatalf("%+v in %v was taken", m, seen)
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := slices.Sorted(slices.Values(after)); !slices.Equal(got, slices.Sorted(slices.Values(before))) {
				t.Fatalf("%v became %v", before, after)
			}
			if now := only(after, sees); now[want] != m.ProposalID || !slices.Equal(only(after, func(id string) bool { return !sees(id) }), unseen) {
				t.Fatalf("%+v made %v of %v (seen %v)", m, after, before, now)
			}
			order = after
		}
	})
}

func only(all []string, keep func(string) bool) []string {
	var kept []string
	for _, id := range all {
		if keep(id) {
			kept = append(kept, id)
		}
	}
	return kept
}

func TestPlaced(t *testing.T) {
	t.Parallel()
	all := voted(50, 70, 60, 70)
	all = append(all, Ranked{ID: "none", Number: "000"})
	if got := ids(Ranking{}.Placed(all)); !slices.Equal(got, []string{"p01", "p03", "p02", "p00", "none"}) {
		t.Errorf("by score: %v", got)
	}
	if got := ids(Ranking{Order: []string{"p00", "gone", "p03"}}.Placed(all)); !slices.Equal(got, []string{"p00", "p03", "p01", "p02", "none"}) {
		t.Errorf("moved, then others came: %v", got)
	}
	thirds, same := Ranked{ID: "a", Stats: StatsOf([]int{1, 1, 2})}, Ranked{ID: "b", Stats: StatsOf([]int{2, 4, 2, 0, 0, 0})}
	if ties := Ties([]Ranked{thirds, same}); ties["a"] != 2 {
		t.Error("4/3 and 8/6 are not told to be the same mean")
	}
}

func TestBalance(t *testing.T) {
	t.Parallel()
	at := func(places ...string) []Speaker { return []Speaker{{Role: Speaks, Affiliations: places}} }
	b := BalanceOf([]Balanced{
		{Group: "A", Format: "Breakout", Speakers: at("Tri-County", "City"), Crew: Crew{Speakers: 2, Outside: 1}, Recommended: true},
		{Group: "B", Format: "Breakout", Speakers: at("tri-county"), Crew: Crew{Speakers: 1}},
		{Group: "A", Format: "Poster", Speakers: at("Village"), Crew: Crew{Speakers: 3, Outside: 3}},
	})
	want := Balance{
		All: 3, Recommended: 1, Institutions: Share{All: 3, Recommended: 2}, Speakers: Share{All: 6, Recommended: 2}, Outside: Share{All: 4, Recommended: 1},
		Groups: []Share{{"A", 2, 1}, {"B", 1, 0}}, Formats: []Share{{"Breakout", 2, 1}, {"Poster", 1, 0}},
	}
	if diff := cmp.Diff(want, b); diff != "" {
		t.Errorf("the balance (-want +got):\n%s", diff)
	}
}

func TestClash(t *testing.T) {
	t.Parallel()
	when := at("2027-04-20T19:14:00Z")
	r := Ranking{Version: 5, MovedID: "p", MovedByName: "Dana Whitfield", MovedAt: &when}
	for _, c := range []struct{ title, want string }{
		{"Coaching", "Dana Whitfield moved “Coaching” at 2:14 p.m."}, {"", "Dana Whitfield moved a proposal at 2:14 p.m."},
	} {
		if got := r.Clash(3, c.title, "America/Chicago"); !strings.HasPrefix(got.Detail, c.want) || !strings.Contains(got.Detail, "the last of 2 changes") || got.Kind != Stale {
			t.Errorf("the clash says %q", got.Detail)
		}
	}
}

// TestPacketCheck gives every reason at once, and lets no place be taken twice.
func TestPacketCheck(t *testing.T) {
	t.Parallel()
	cut := 2
	content := PacketContent{Sections: []PacketSection{{Format: "Breakout", Cut: &cut, Items: []PacketItem{{ProposalID: "a", Rank: 1, Title: "A"}, {ProposalID: "b", Rank: 2, Title: "B"}, {ProposalID: "c", Rank: 3, Title: "C"}}}}}
	f := PacketFacts{Venue: venue("forum"), Year: "2026-27", Content: content}
	f.Token = f.PreviewToken()
	if why := f.Check(); len(why) != 0 {
		t.Fatalf("refused: %v", why)
	}
	f.Last = &Packet{Number: 1, Content: content}
	checkRefusal(t, Refuse(f.Check()...), Stale, []string{"nothing_changed", "required", "preview_outdated"})
	f.Content.Sections = []PacketSection{{Format: "Breakout", Items: []PacketItem{{ProposalID: "a", Rank: 1}, {ProposalID: "b", Rank: 1}}}}
	checkRefusal(t, Refuse(f.WhyNot()...), Conflict, []string{"ranks_not_unique"})
	f.Content.Sections = nil
	checkRefusal(t, Refuse(f.WhyNot()...), Conflict, []string{"nothing_submitted"})

	left, titles := content.Withheld(func(id string) bool { return id == "a" })
	s := left.Sections[0]
	if !slices.Equal(titles, []string{"A"}) || len(s.Items) != 2 || s.Items[0].Rank != 1 || s.Items[0].ProposalID != "b" || *s.Cut != 1 {
		t.Errorf("without A: %+v, %v", s, titles)
	}
	if content.Sections[0].Items[1].Rank != 2 || cut != 2 {
		t.Error("withholding changed the packet itself")
	}
}

// TestClosedTo: those who decide read of all but what they have a part in.
func TestClosedTo(t *testing.T) {
	t.Parallel()
	f := ConflictFacts{GroupID: groupA, CreatedBy: "ana", Speakers: []Speaker{{Name: "Hana", Affiliations: []string{"City Library"}}}}
	colleague, own := actors()[ByVenue], actors()[ByChair]
	colleague.Institution = "city library"
	own.Roles = []Role{ForumMember}
	judge, admin := actors()[ByLeadership], actors()[ByAdmin]
	judge.Institution, admin.Institution = "City Library", "City Library"
	for _, c := range []struct {
		who  Actor
		want bool
	}{{colleague, false}, {own, true}, {judge, true}, {admin, false}} {
		if got := f.ClosedTo(c.who, sectionA); got != c.want {
			t.Errorf("closed to %s: %v, want %v", c.who.Name, got, c.want)
		}
	}
}
