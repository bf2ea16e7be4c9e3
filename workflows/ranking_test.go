package workflows_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

const breakouts = "forum-2027-breakouts"

// ranked are n breakouts with two reviews each, the first the best; the clock
// then stands in the recommendation phase.
func ranked(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals, n int) []string {
	t.Helper()
	f.At("2027-03-10T12:00:00-06:00")
	var ids []string
	for i := range n {
		speaker := speakerNamed("Ignacio Prieto")
		if i == n-1 {
			speaker = speakerNamed("Dana Whitfield") // the last one is closed to the chair
		}
		ids = append(ids, submitted(t, f, w, breakouts, fmt.Sprintf("Title %d", i+1), speaker).ID)
	}
	f.At("2027-04-08T12:00:00-05:00")
	for i, id := range ids {
		for _, who := range []string{"Chidi Okonkwo", "Vera Lindholm"} {
			s := max(1, 5-i)
			if _, err := w.SaveReview(t.Context(), f.Actor(who), id, 0, scored(s, s, s, s, s, s)); err != nil {
				t.Fatal(err)
			}
		}
	}
	f.At("2027-04-20T12:00:00-05:00")
	return ids
}

func titles(b workflows.RankingBoard) string {
	var all []string
	for _, r := range b.Rows {
		all = append(all, strings.TrimPrefix(r.Title, "Title "))
	}
	return strings.Join(all, " ")
}

// TestRankingMoves follows a list through moves, a clash, the line and a ranked
// recommendation; the vice chair places what is closed to the chair.
func TestRankingMoves(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		ids := ranked(t, f, w, 5)
		dana, vera, chidi := f.Actor("Dana Whitfield"), f.Actor("Vera Lindholm"), f.Actor("Chidi Okonkwo")
		b, err := w.Board(t.Context(), dana, breakouts)
		if err != nil || titles(b) != "1 2 3 4" || b.Ranking.Version != 1 || len(b.Closed) != 1 || b.Closed[0].Placer != "Vera Lindholm, vice chair" {
			t.Fatalf("the chair's board: %s, %+v, %v", titles(b), b.Closed, err)
		}
		two := 2
		if b, err = w.DrawLine(t.Context(), dana, breakouts, 1, &two); err != nil || *b.Cut != 2 || b.Ranking.Version != 2 {
			t.Fatalf("the line: %v", err)
		}
		if b, err = w.MoveRanked(t.Context(), dana, breakouts, 2, domain.RankMove{ProposalID: ids[3], To: 1}); err != nil || titles(b) != "4 1 2 3" || b.Ranking.Version != 3 {
			t.Fatalf("4 to the first place: %s, %v", titles(b), err)
		}
		_, err = w.MoveRanked(t.Context(), dana, breakouts, 2, domain.RankMove{ProposalID: ids[0], Down: true})
		if !domain.IsKind(err, domain.Stale) || !strings.Contains(err.Error(), "Dana Whitfield moved “Title 4” at ") {
			t.Errorf("on an old list: %v", err)
		}
		if b, err = w.MoveRanked(t.Context(), dana, breakouts, 3, domain.RankMove{ProposalID: ids[3], Up: true}); err != nil || b.Ranking.Version != 3 {
			t.Errorf("up from the first place is a change: version %d, %v", b.Ranking.Version, err)
		}
		if _, err = w.MoveRanked(t.Context(), vera, breakouts, 3, domain.RankMove{ProposalID: ids[0], Down: true}); !domain.HasCode(err, "not_your_move") {
			t.Errorf("the vice chair moves what the chair places: %v", err)
		}
		if b, err = w.MoveRanked(t.Context(), vera, breakouts, 3, domain.RankMove{ProposalID: ids[4], To: 2}); err != nil || titles(b) != "4 5 1 2 3" || *b.Cut != 2 {
			t.Fatalf("the vice chair places 5: %s, %v", titles(b), err)
		}
		if b, err = w.Board(t.Context(), dana, breakouts); err != nil || titles(b) != "4 1 2 3" || *b.Cut != 1 {
			t.Errorf("the chair then sees %s, the line below %d", titles(b), *b.Cut)
		}
		_, err = w.MoveRanked(t.Context(), dana, breakouts, 3, domain.RankMove{ProposalID: ids[0], Down: true})
		if !domain.IsKind(err, domain.Stale) || strings.Contains(err.Error(), "Title 5") {
			t.Errorf("the clash tells the chair of what is closed to her: %v", err)
		}
		if b, err = w.DrawLine(t.Context(), dana, breakouts, 4, &two); err != nil || *b.Cut != 2 {
			t.Fatal(err)
		}
		if b, err = w.Board(t.Context(), vera, breakouts); err != nil || *b.Cut != 3 {
			t.Errorf("a line below two of the chair's is below %d of all, want 3", *b.Cut)
		}
		for _, name := range []string{"Chidi Okonkwo", "Kim Adeyemi"} {
			if _, err = w.MoveRanked(t.Context(), f.Actor(name), breakouts, 0, domain.RankMove{ProposalID: ids[0], Up: true}); !domain.HasCode(err, "not_your_move") {
				t.Errorf("%s moves: %v", name, err)
			}
		}
		if b, err = w.Board(t.Context(), chidi, breakouts); err != nil || titles(b) != "4 5 1 2 3" || b.Balance.Recommended != 3 {
			t.Errorf("a reviewer's board: %s, %v", titles(b), err)
		}
		in := domain.RecommendationInput{Verdict: domain.VerdictYes, Rank: 1}
		if r, err := w.Recommend(t.Context(), dana, ids[2], 0, in); err != nil || r.Rank != 1 || r.Of != 4 {
			t.Errorf("recommended in the first place: %d of %d, %v", r.Rank, r.Of, err)
		}
		in.Rank = 9
		if _, err := w.Recommend(t.Context(), dana, ids[1], 0, in); !domain.HasCode(err, "out_of_range") {
			t.Errorf("in place 9 of 4: %v", err)
		}
		if got := sectiontest.Read(f, func(tx *store.Tx) (*domain.Recommendation, error) { return tx.Recommendation(ids[1]) }); got != nil {
			t.Error("a refused recommendation was kept")
		}
		if b, err = w.DrawLineAtMean(t.Context(), dana, breakouts, 0, 5000); err != nil || titles(b) != "1 2 3 4" || *b.Cut != 3 {
			t.Errorf("the line at a mean of 50: %s, %v", titles(b), err)
		}
		f.At("2027-04-24T12:00:00-05:00")
		if _, err = w.MoveRanked(t.Context(), dana, breakouts, 0, domain.RankMove{ProposalID: ids[0], Down: true}); !domain.HasCode(err, "not_recommending") {
			t.Errorf("after the phase: %v", err)
		}
	})
}

// TestRankingRace lets twelve moves be made on one version of the list: one is
// kept, the others are told of it, and the list is a permutation.
func TestRankingRace(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w := workflows.Proposals{Base: f.Base}
		ids := ranked(t, f, w, 6)
		dana := f.Actor("Dana Whitfield")
		for round := range rounds {
			won, lost := race(12, func(i int) error {
				_, err := w.MoveRanked(t.Context(), dana, breakouts, round+1, domain.RankMove{ProposalID: ids[(round+1)%5], To: 1})
				return err
			})
			if won != 1 {
				t.Fatalf("round %d: %d of 12 won", round, won)
			}
			allConflict(t, lost, "ranking_moved", "stale_version")
		}
		b, err := w.Board(t.Context(), f.Actor("Kim Adeyemi"), breakouts)
		var got []string
		for _, r := range b.Rows {
			got = append(got, r.ID)
		}
		slices.Sort(got)
		slices.Sort(ids)
		if err != nil || !slices.Equal(got, ids) || b.Ranking.Version != rounds+1 {
			t.Errorf("after the races: version %d, %v, %v", b.Ranking.Version, got, err)
		}
	})
}

// TestReleaseRace releases from the same previews at once: numbers have no gap
// and no double.
func TestReleaseRace(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		w, packets := workflows.Proposals{Base: f.Base}, workflows.Packets{Base: f.Base}
		ids := ranked(t, f, w, 3)
		dana := f.Actor("Dana Whitfield")
		for i, id := range ids {
			who := dana
			if i == len(ids)-1 {
				who = f.Actor("Vera Lindholm")
			}
			if _, err := w.Recommend(t.Context(), who, id, 0, domain.RecommendationInput{Verdict: domain.VerdictYes}); err != nil {
				t.Fatal(err)
			}
		}
		for round := range rounds {
			if _, err := w.Recommend(t.Context(), dana, ids[0], 0, domain.RecommendationInput{Verdict: domain.VerdictYes, VotesFor: round}); err != nil {
				t.Fatal(err)
			}
			p, err := packets.Preview(t.Context(), dana, sectiontest.Year, "forum", false)
			if err != nil || p.Number != round+1 {
				t.Fatalf("the preview of packet %d is of %d, %v", round+1, p.Number, err)
			}
			won, lost := race(8, func(int) error {
				_, err := packets.Release(t.Context(), dana, sectiontest.Year, "forum", workflows.PacketWish{Note: "Votes.", Token: p.Token})
				return err
			})
			if won != 1 {
				t.Fatalf("round %d: %d of 8 released a packet", round, won)
			}
			allConflict(t, lost, "preview_outdated")
		}
		list, err := packets.List(t.Context(), dana, nil, 100)
		for i, l := range list {
			if l.Number != len(list)-i {
				t.Errorf("the numbers are %v", list)
			}
		}
		if err != nil || len(list) != rounds {
			t.Errorf("%d packets, want %d; %v", len(list), rounds, err)
		}
	})
}

// TestBoardQuestions counts the statements of the board, a proposal's
// recommendation and a packet: they do not grow with the proposals.
func TestBoardQuestions(t *testing.T) {
	t.Parallel()
	f := sectiontest.New(t, storetest.SQLite(t))
	w, packets := workflows.Proposals{Base: f.Base}, workflows.Packets{Base: f.Base}
	ranked(t, f, w, 4)
	dana := f.Actor("Dana Whitfield")
	for name, ask := range map[string]struct {
		most int64
		do   func(ctx context.Context) error
	}{
		"board": {6, func(ctx context.Context) error { _, err := w.Board(ctx, dana, breakouts); return err }},
		"preview": {11, func(ctx context.Context) error {
			_, err := packets.Preview(ctx, dana, sectiontest.Year, "forum", false)
			return err
		}},
	} {
		ctx, n := store.WithQueryCount(t.Context())
		if err := ask.do(ctx); err != nil || n.Load() > ask.most {
			t.Errorf("the %s asks %d statements, want at most %d; %v", name, n.Load(), ask.most, err)
		}
	}
}
