package api

import (
	"time"

	"lectern/domain"
	"lectern/workflows"
)

// recommendationRoutes are the routes of recommendations and rankings.
func (s *Server) recommendationRoutes() []*route {
	return []*route{
		endpoint(get, "/proposals/:id/recommendation", "What the Leadership Team recommends about a proposal", s.getRecommendation),
		endpoint(put, "/proposals/:id/recommendation", "Recommend about a proposal, whole", s.putRecommendation),
		endpoint(get, "/calls/:id/ranking", "The ranked list of a call's proposals, with scores and balance", s.getRanking),
		endpoint(patch, "/calls/:id/ranking", "Move one proposal of a ranked list, or draw its line", s.moveRanking),
	}
}

// RecommendationOut is what is recommended about a proposal.
type RecommendationOut struct {
	Proposal       string         `json:"proposal"` // its reference
	Version        int            `json:"version"`
	Revision       int            `json:"revision"` // of the text that was judged
	Verdict        domain.Verdict `json:"verdict"`
	Rank           int            `json:"rank"` // its place among those of its format that you see
	Of             int            `json:"of"`
	VotesFor       int            `json:"votes_for"`
	VotesAgainst   int            `json:"votes_against"`
	VotesAbstained int            `json:"votes_abstained"`
	Recused        int            `json:"recused"`
	NoteNext       string         `json:"note_next"`      // to those who decide
	NoteSubmitter  string         `json:"note_submitter"` // to the group, once the outcome is published
	Reason         string         `json:"reason"`         // why with fewer reviews than it takes
	By             string         `json:"by"`
	At             time.Time      `json:"at"`
}

func (r RecommendationOut) etag() int { return r.Version }

func recommendationOut(v workflows.RecommendationView) RecommendationOut {
	return RecommendationOut{
		Proposal: v.Ref, Version: v.Version, Revision: v.Revision, Verdict: v.Verdict, Rank: v.Rank, Of: v.Of,
		VotesFor: v.VotesFor, VotesAgainst: v.VotesAgainst, VotesAbstained: v.VotesAbstained, Recused: v.Recused,
		NoteNext: v.NoteNext, NoteSubmitter: v.NoteSubmitter, Reason: v.Reason, By: v.ByName, At: v.At,
	}
}

func (s *Server) getRecommendation(c *Call, in byID) (RecommendationOut, error) {
	v, err := s.Proposals.Recommendation(c.Ctx(), c.Actor, in.ID)
	if err == nil && v.Version == 0 {
		err = domain.NotThere("recommendation")
	}
	return recommendationOut(v), err
}

// recommendationIn is a whole recommendation: what is left out is empty.
type recommendationIn struct {
	byID
	Verdict        domain.Verdict `json:"verdict" validate:"omitempty,oneof=strongly_recommend recommend recommend_with_changes do_not_recommend better_as_webinar"`
	Rank           int            `json:"rank"` // the place to give it; 0 or left out: where it is
	VotesFor       int            `json:"votes_for"`
	VotesAgainst   int            `json:"votes_against"`
	VotesAbstained int            `json:"votes_abstained"`
	Recused        int            `json:"recused"`
	NoteNext       string         `json:"note_next" validate:"max=20000"`
	NoteSubmitter  string         `json:"note_submitter" validate:"max=20000"`
	Reason         string         `json:"reason" validate:"max=20000"`
}

func (in recommendationIn) input() domain.RecommendationInput {
	return domain.RecommendationInput{
		Verdict: in.Verdict, Rank: in.Rank, VotesFor: in.VotesFor, VotesAgainst: in.VotesAgainst, VotesAbstained: in.VotesAbstained,
		Recused: in.Recused, NoteNext: in.NoteNext, NoteSubmitter: in.NoteSubmitter, Reason: in.Reason,
	}
}

func (s *Server) putRecommendation(c *Call, in recommendationIn) (RecommendationOut, error) {
	v, err := s.Proposals.Recommend(c.Ctx(), c.Actor, in.ID, c.IfMatch, in.input())
	return recommendationOut(v), err
}

// RankingOut is the ranked list of a format. What you have a conflict with is not
// in it: its title stands apart.
type RankingOut struct {
	Version int                `json:"version"`
	Call    CallRef            `json:"call"`
	Format  string             `json:"format"`
	Cut     *int               `json:"cut"` // how many are recommended; null: no line is drawn
	Data    []RankedOut        `json:"data"`
	Closed  []RankingClosedOut `json:"closed"`
	Balance BalanceOut         `json:"balance"`
}

func (r RankingOut) etag() int { return r.Version }

// RankedOut is one proposal of a ranked list.
type RankedOut struct {
	ID          string         `json:"id"`
	Number      string         `json:"number"`
	Title       string         `json:"title"`
	Group       string         `json:"group"`
	Rank        int            `json:"rank"`
	Recommended bool           `json:"recommended"` // it stands above the line
	Verdict     domain.Verdict `json:"verdict"`     // empty: none yet
	Stats       ReviewStatsOut `json:"stats"`
	Tied        int            `json:"tied"` // how many have its mean, when more than one
}

// RankingClosedOut is a proposal you have a conflict with.
type RankingClosedOut struct {
	Title  string `json:"title"`
	Placer string `json:"placer"` // who places it
}

// BalanceOut is what the list and its recommended part are made of.
type BalanceOut struct {
	Total           int        `json:"total"`
	Recommended     int        `json:"recommended"`
	Institutions    ShareOut   `json:"institutions"`
	Speakers        ShareOut   `json:"speakers"`
	OutsideSpeakers ShareOut   `json:"outside_speakers"` // who are not in the submitting group
	Groups          []ShareOut `json:"groups"`
	Formats         []ShareOut `json:"formats"`
}

// ShareOut counts something in the list, and in its recommended part.
type ShareOut struct {
	Label       string `json:"label,omitempty"`
	All         int    `json:"all"`
	Recommended int    `json:"recommended"`
}

func shareOut(s domain.Share) ShareOut { return ShareOut(s) }

func balanceOut(b domain.Balance) BalanceOut {
	return BalanceOut{
		Total: b.All, Recommended: b.Recommended, Institutions: shareOut(b.Institutions), Speakers: shareOut(b.Speakers),
		OutsideSpeakers: shareOut(b.Outside), Groups: listOf(b.Groups, shareOut).Data, Formats: listOf(b.Formats, shareOut).Data,
	}
}

func rankingOut(b workflows.RankingBoard) RankingOut {
	out := RankingOut{
		Version: b.Ranking.Version, Call: CallRef{b.Call.ID, b.Call.Slug, b.Call.Name}, Format: b.Format.ID, Cut: b.Cut,
		Data: make([]RankedOut, 0, len(b.Rows)), Closed: []RankingClosedOut{}, Balance: balanceOut(b.Balance),
	}
	for i := range b.Rows {
		r := &b.Rows[i]
		o := RankedOut{
			ID: r.ID, Number: r.Number, Title: r.Title, Group: r.GroupName, Rank: r.Rank, Recommended: r.Above, Stats: statsOut(r.Stats), Tied: r.Tied,
		}
		if r.Recommendation != nil {
			o.Verdict = r.Recommendation.Verdict
		}
		out.Data = append(out.Data, o)
	}
	for _, x := range b.Closed {
		out.Closed = append(out.Closed, RankingClosedOut(x))
	}
	return out
}

func (s *Server) getRanking(c *Call, in byID) (RankingOut, error) {
	b, err := s.Proposals.Board(c.Ctx(), c.Actor, in.ID)
	return rankingOut(b), err
}

// moveIn is one change of a ranked list: up or down by one, to a place, or the line.
type moveIn struct {
	byID
	Proposal string `json:"proposal" validate:"max=64"` // id or number; for move
	Move     string `json:"move" validate:"required,oneof=up down to line line_at_mean"`
	To       int    `json:"to"`    // for move "to": the place, from 1 on
	Cut      *int   `json:"cut"`   // for "line": below how many it is drawn; null: take it away
	Least    int    `json:"least"` // for "line_at_mean": the lowest mean above it, in hundredths of a point
}

func (s *Server) moveRanking(c *Call, in moveIn) (RankingOut, error) {
	var b workflows.RankingBoard
	var err error
	switch in.Move {
	case "line":
		b, err = s.Proposals.DrawLine(c.Ctx(), c.Actor, in.ID, c.IfMatch, in.Cut)
	case "line_at_mean":
		b, err = s.Proposals.DrawLineAtMean(c.Ctx(), c.Actor, in.ID, c.IfMatch, in.Least)
	default:
		b, err = s.Proposals.MoveRanked(c.Ctx(), c.Actor, in.ID, c.IfMatch, domain.RankMove{ProposalID: in.Proposal, Up: in.Move == "up", Down: in.Move == "down", To: in.To})
	}
	return rankingOut(b), err
}
