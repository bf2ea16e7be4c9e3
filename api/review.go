package api

import (
	"time"

	"lectern/domain"
	"lectern/workflows"
)

// reviewRoutes are the routes of reviews.
func (s *Server) reviewRoutes() []*route {
	return []*route{
		endpoint(get, "/proposals/:id/review", "Your own review of a proposal", s.getReview),
		endpoint(put, "/proposals/:id/review", "Save your review of a proposal, whole", s.putReview),
		endpoint(get, "/proposals/:id/reviews", "What all reviewers said of a proposal, with the figures", s.listReviews),
	}
}

// ReviewOut is a person's review of a proposal. The score is in hundredths of a
// point: 8125 is 81.25.
type ReviewOut struct {
	Proposal  string             `json:"proposal"` // its reference
	Version   int                `json:"version"`
	Reviewer  string             `json:"reviewer,omitempty"`
	Revision  int                `json:"revision"` // of the text that was read
	Outdated  bool               `json:"outdated"` // the text has changed since
	Scores    map[string]int     `json:"scores"`   // 1 to 5 by criterion
	Score     *int               `json:"score"`    // null while it is not complete, and for an abstention
	Verdict   domain.Verdict     `json:"verdict"`
	Comment   string             `json:"comment"`
	Note      string             `json:"note"`
	Abstained bool               `json:"abstained"`
	Action    domain.Proposed    `json:"action"`
	State     domain.ReviewState `json:"state"` // open, complete
	UpdatedAt time.Time          `json:"updated_at"`
}

func (r ReviewOut) etag() int { return r.Version }

func reviewOut(r domain.Review, ref string, now int) ReviewOut {
	scores := r.Scores
	if scores == nil {
		scores = map[string]int{}
	}
	return ReviewOut{
		Proposal: ref, Version: r.Version, Revision: r.Revision, Outdated: r.Revision < now, Scores: scores, Score: r.Score,
		Verdict: r.Verdict, Comment: r.Comment, Note: r.Note, Abstained: r.Abstained, Action: r.Action, State: r.State, UpdatedAt: r.UpdatedAt,
	}
}

func (s *Server) getReview(c *Call, in byID) (ReviewOut, error) {
	v, err := s.Proposals.Review(c.Ctx(), c.Actor, in.ID)
	if err == nil && v.Version == 0 {
		err = domain.NotThere("review")
	}
	return reviewOut(v.Review, v.Ref, v.Now), err
}

// reviewIn is a whole review: what is left out is empty.
type reviewIn struct {
	byID
	Scores    map[string]int  `json:"scores"` // 1 to 5 by criterion; some may be left for later
	Verdict   domain.Verdict  `json:"verdict" validate:"omitempty,oneof=strongly_recommend recommend recommend_with_changes do_not_recommend"`
	Comment   string          `json:"comment" validate:"max=20000"`
	Note      string          `json:"note" validate:"max=20000"`
	Abstained bool            `json:"abstained"`
	Action    domain.Proposed `json:"action" validate:"omitempty,oneof=accept decline better_as_webinar better_as_poster"`
	Autosaved bool            `json:"autosaved"` // do not complain about what is missing
}

func (in reviewIn) input() domain.ReviewInput {
	return domain.ReviewInput{
		Scores: in.Scores, Verdict: in.Verdict, Comment: in.Comment, Note: in.Note, Abstained: in.Abstained, Action: in.Action, Autosaved: in.Autosaved,
	}
}

func (s *Server) putReview(c *Call, in reviewIn) (ReviewOut, error) {
	v, err := s.Proposals.SaveReview(c.Ctx(), c.Actor, in.ID, c.IfMatch, in.input())
	return reviewOut(v.Review, v.Ref, v.Now), err
}

// ReviewsOut are the reviews of a proposal, one's own first.
type ReviewsOut struct {
	Stats ReviewStatsOut `json:"stats"`
	Data  []ReviewOut    `json:"data"`
}

// ReviewStatsOut are the figures of complete reviews, in points; min, max and
// spread are in hundredths of a point. The deviation is that of a sample.
type ReviewStatsOut struct {
	Count     int     `json:"count"`
	Abstained int     `json:"abstained"`
	Recused   int     `json:"recused"`
	Mean      float64 `json:"mean"`
	Median    float64 `json:"median"`
	Deviation float64 `json:"deviation"`
	Min       int     `json:"min"`
	Max       int     `json:"max"`
	Spread    int     `json:"spread"`
	Flagged   bool    `json:"flagged"` // the spread asks for another reader
}

func statsOut(s domain.ReviewStats) ReviewStatsOut {
	return ReviewStatsOut{s.Count, s.Abstained, s.Recused, s.Mean, s.Median, s.Deviation, s.Min, s.Max, s.Spread, s.Flagged()}
}

func (s *Server) listReviews(c *Call, in byID) (ReviewsOut, error) {
	all, err := s.Proposals.Reviews(c.Ctx(), c.Actor, in.ID)
	return reviewsOut(all), err
}

func reviewsOut(all workflows.ProposalReviews) ReviewsOut {
	out := ReviewsOut{Stats: statsOut(all.Stats), Data: []ReviewOut{}}
	for _, r := range all.Reviews {
		o := reviewOut(r.Review, all.Ref, all.Revision)
		o.Reviewer = r.Name
		out.Data = append(out.Data, o)
	}
	return out
}
