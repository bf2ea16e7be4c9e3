package demo

import (
	"lectern/domain"
	"lectern/workflows"
)

// recommend writes what the Leadership Team recommends. What a visitor wrote as its
// chair stays.
func (t telling) recommend() error {
	ref, err := t.ref()
	if err != nil {
		return err
	}
	written, err := t.proposals().Recommendation(t.ctx, t.who, ref)
	if err != nil || written.Version > 0 && !t.story.tellsAt(written.At) {
		return err
	}
	_, err = t.proposals().Recommend(t.ctx, t.who, ref, 0, domain.RecommendationInput{
		Verdict: t.Verdict, VotesFor: t.Votes[0], VotesAgainst: t.Votes[1], VotesAbstained: t.Votes[2], Recused: t.Votes[3],
		NoteNext: t.Say, NoteSubmitter: t.Feedback, Reason: t.Evidence,
	})
	return err
}

// place gives a proposal its place in the ranking.
func (t telling) place() error {
	ref, err := t.ref()
	if err != nil {
		return err
	}
	return t.rank(func() error {
		_, err := t.proposals().MoveRanked(t.ctx, t.who, t.Call, 0, domain.RankMove{ProposalID: ref, To: t.Place})
		return err
	})
}

// line draws the line of a ranking.
func (t telling) line() error {
	return t.rank(func() error {
		_, err := t.proposals().DrawLine(t.ctx, t.who, t.Call, 0, &t.Place)
		return err
	})
}

// rank changes a list that no visitor changed before.
func (t telling) rank(change func() error) error {
	b, err := t.proposals().Board(t.ctx, t.who, t.Call)
	if err != nil || b.Ranking.MovedAt != nil && !t.story.tellsAt(*b.Ranking.MovedAt) {
		return err
	}
	return change()
}

// release releases what the packet would hold now.
func (t telling) release() error {
	w, y := workflows.Packets{Base: t.Base}, domain.YearOf(t.who.Today)
	p, err := w.Preview(t.ctx, t.who, y, "forum", false)
	if err != nil {
		return err
	}
	_, err = w.Release(t.ctx, t.who, y, "forum", workflows.PacketWish{Note: t.Say, Token: p.Token})
	return err
}
