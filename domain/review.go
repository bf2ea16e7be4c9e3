package domain

import (
	"iter"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Verdict is what a reviewer, or the Leadership chair, recommends.
type Verdict string

// The verdicts, the best first. The last is the chair's alone: a reviewer
// proposes it as an action.
const (
	VerdictStrong  Verdict = "strongly_recommend"
	VerdictYes     Verdict = "recommend"
	VerdictChanges Verdict = "recommend_with_changes"
	VerdictNo      Verdict = "do_not_recommend"
	VerdictWebinar Verdict = "better_as_webinar"
)

// ReviewVerdicts are the verdicts of one review.
func ReviewVerdicts() []Verdict {
	return []Verdict{VerdictStrong, VerdictYes, VerdictChanges, VerdictNo}
}

// Label is the verdict as people read it.
func (v Verdict) Label() string {
	return map[Verdict]string{
		VerdictStrong: "Strongly recommend", VerdictYes: "Recommend", VerdictChanges: "Recommend with changes",
		VerdictNo: "Do not recommend", VerdictWebinar: "Better as a webinar",
	}[v]
}

// NeedsComment tells whether who says so has to say why.
func (v Verdict) NeedsComment() bool { return v == VerdictChanges || v == VerdictNo }

// Proposed is what a reviewer thinks should become of a proposal.
type Proposed string

// What a reviewer can propose; empty: nothing.
const (
	ProposeAccept  Proposed = "accept"
	ProposeDecline Proposed = "decline"
	ProposeWebinar Proposed = "better_as_webinar"
	ProposePoster  Proposed = "better_as_poster"
)

// ProposedActions are what a reviewer can propose.
func ProposedActions() []Proposed {
	return []Proposed{ProposeAccept, ProposeDecline, ProposeWebinar, ProposePoster}
}

// Label is the proposed action as people read it.
func (a Proposed) Label() string {
	return map[Proposed]string{ProposeAccept: "Accept", ProposeDecline: "Decline", ProposeWebinar: "Better as a webinar", ProposePoster: "Better as a poster"}[a]
}

// ReviewState is how far a review is.
type ReviewState string

// The states of a review.
const (
	ReviewOpen     ReviewState = "open"     // kept, but something is missing
	ReviewComplete ReviewState = "complete" // every criterion is scored, or it is an abstention
	ReviewRecused  ReviewState = "recused"  // its writer declared a conflict afterwards: it counts for nothing
)

// Review is what one person says about one proposal: there is one for each pair.
type Review struct {
	ID         string
	Version    int
	ProposalID string
	PersonID   string
	Revision   int            // of the text that was read
	Scores     map[string]int // 1 to 5 by criterion
	Score      *int           // hundredths of a point; nil while it is not complete, and for an abstention
	Verdict    Verdict
	Comment    string // the chair may pass it to the submitter
	Note       string // for the Leadership Team only
	Abstained  bool
	Action     Proposed
	State      ReviewState
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// Complete tells whether nothing is missing.
func (r Review) Complete() bool { return r.State == ReviewComplete }

// Counts tells whether the review goes into means: complete, and no abstention.
func (r Review) Counts() bool { return r.Score != nil }

// MaxReviewChars is the most a comment or note of a review may say.
const MaxReviewChars = 4000

// ReviewInput is a whole review as it was filled in.
type ReviewInput struct {
	Scores    map[string]int
	Verdict   Verdict
	Comment   string
	Note      string
	Abstained bool
	Action    Proposed
	Autosaved bool // kept by itself: what is missing is not complained about
}

// Check names everything that is wrong with what was filled in. Of a review that
// is saved by itself nothing is asked that can still come.
func (in ReviewInput) Check(r Rubric) []Reason {
	var f findings
	f.reasons = r.checkScores(in.Scores)
	f.need(in.Verdict == "" || slices.Contains(ReviewVerdicts(), in.Verdict), "verdict", "not_an_option", "Choose one of the four recommendations.")
	f.need(in.Action == "" || slices.Contains(ProposedActions(), in.Action), "action", "not_an_option", "Choose one of the actions.")
	for _, t := range []struct{ key, text string }{{"comment", in.Comment}, {"note", in.Note}} {
		f.need(utf8.ValidString(t.text) && !strings.ContainsRune(t.text, 0), t.key, "not_utf8", "The %s holds characters that cannot be kept. Type them again.", t.key)
		f.need(utf8.RuneCountInString(t.text) <= MaxReviewChars, t.key, "too_long", "Shorten the %s to %d characters.", t.key, MaxReviewChars)
	}
	f.need(in.Autosaved || in.Abstained || !in.Verdict.NeedsComment() || !blank(in.Comment), "comment", "comment_required",
		"Say why, for the chair and the submitter: a comment goes with “%s”.", in.Verdict.Label())
	return f.reasons
}

// With is the review as it is after what was filled in, about a revision. It is
// complete when every criterion is scored and a lower recommendation has its
// comment, or when it is an abstention.
func (r Review) With(in ReviewInput, rubric Rubric, revision int) Review {
	r.Scores, r.Verdict, r.Comment, r.Note = maps.Clone(in.Scores), in.Verdict, in.Comment, in.Note
	r.Abstained, r.Action, r.Revision = in.Abstained, in.Action, revision
	r.State, r.Score = ReviewOpen, nil
	score, scored := rubric.Score(r.Scores)
	switch {
	case r.Abstained:
		r.State = ReviewComplete
	case scored && (!r.Verdict.NeedsComment() || !blank(r.Comment)):
		r.State, r.Score = ReviewComplete, &score
	}
	return r
}

// Recused is the review after its writer declared a conflict.
func (r Review) Recused() Review {
	r.State, r.Score = ReviewRecused, nil
	return r
}

// Differs tells whether the review says something else than the other.
func (r Review) Differs(o Review) bool {
	return r.Revision != o.Revision || !maps.Equal(r.Scores, o.Scores) || r.Verdict != o.Verdict || r.Comment != o.Comment ||
		r.Note != o.Note || r.Abstained != o.Abstained || r.Action != o.Action || r.State != o.State
}

// ReviewStats are what the complete reviews of a proposal come to. Scores are in
// hundredths of a point, the rest in points. Abstentions are counted, and are in
// no figure.
type ReviewStats struct {
	Count     int // complete reviews with a score
	Abstained int
	Recused   int // who declared a conflict
	Sum       int // of the scores
	Mean      float64
	Median    float64
	Deviation float64 // of a sample: divided by one less than the count; 0 for fewer than two
	Min, Max  int
	Spread    int // Max - Min
}

// SpreadFlag is the spread from which another reader is asked for: 35 points.
const SpreadFlag = 3500

// Flagged tells whether reviewers are so far apart that another should read it.
func (s ReviewStats) Flagged() bool { return s.Count > 1 && s.Spread >= SpreadFlag }

// CompareMeans orders by the exact mean, without rounding: negative when s is
// less than o. No reviews come before any.
func (s ReviewStats) CompareMeans(o ReviewStats) int {
	if s.Count == 0 || o.Count == 0 {
		return s.Count - o.Count
	}
	return s.Sum*o.Count - o.Sum*s.Count
}

// StatsOf are the figures of scores in hundredths of a point. All sums are whole
// numbers, so that nothing is rounded before the last division.
func StatsOf(scores []int) ReviewStats {
	s := ReviewStats{Count: len(scores)}
	if s.Count == 0 {
		return s
	}
	var room [16]int
	sorted := append(room[:0], scores...)
	slices.Sort(sorted)
	squares := 0
	for _, x := range sorted {
		s.Sum += x
		squares += x * x
	}
	n := s.Count
	s.Min, s.Max = sorted[0], sorted[n-1]
	s.Spread = s.Max - s.Min
	s.Mean = float64(s.Sum) / float64(n) / 100
	s.Median = float64(sorted[(n-1)/2]+sorted[n/2]) / 200
	if n > 1 {
		s.Deviation = math.Sqrt(float64(n*squares-s.Sum*s.Sum)/float64(n*(n-1))) / 100
	}
	return s
}

// ReviewScore is one reader's part in a proposal: a review, or a conflict they declared.
type ReviewScore struct {
	ProposalID string
	PersonID   string
	Name       string
	Score      *int // hundredths; nil: none
	Verdict    Verdict
	State      ReviewState
	Abstained  bool
	Recused    bool
	Revision   int
	Action     Proposed
}

// StatsByProposal are the figures of each proposal that has a reader.
func StatsByProposal(all []ReviewScore) map[string]ReviewStats {
	by := map[string]ReviewStats{}
	for of := range ScoresByProposal(all) {
		by[of[0].ProposalID] = statsOf(of)
	}
	return by
}

// ScoresByProposal are the parts of all readers, one proposal after the other.
func ScoresByProposal(all []ReviewScore) iter.Seq[[]ReviewScore] {
	byID := func(a, b ReviewScore) int { return strings.Compare(a.ProposalID, b.ProposalID) }
	if !slices.IsSortedFunc(all, byID) {
		all = slices.Clone(all)
		slices.SortStableFunc(all, byID)
	}
	return func(yield func([]ReviewScore) bool) {
		for len(all) > 0 {
			n := 1
			for n < len(all) && all[n].ProposalID == all[0].ProposalID {
				n++
			}
			if !yield(all[:n:n]) {
				return
			}
			all = all[n:]
		}
	}
}

// statsOf are the figures of one proposal.
func statsOf(all []ReviewScore) ReviewStats {
	var room [16]int
	scores, abstained, recused := room[:0], 0, 0
	for i := range all {
		r := &all[i]
		if r.Counts() {
			scores = append(scores, *r.Score)
		}
		switch {
		case r.Recused:
			recused++
		case r.Abstained && r.State == ReviewComplete:
			abstained++
		}
	}
	s := StatsOf(scores)
	s.Abstained, s.Recused = abstained, recused
	return s
}

// Counts tells whether there is a score that goes into the figures.
func (r *ReviewScore) Counts() bool { return r.Score != nil && !r.Recused }

// Rubric is what the proposal's venue scores by.
func (f Facts) Rubric() Rubric {
	if len(f.Venue.Rubric) > 0 {
		return f.Venue.Rubric
	}
	return DefaultRubric()
}

// MinReviews is how many complete reviews a recommendation needs.
func (s Settings) MinReviews() int {
	if s.ReviewMinimum > 0 {
		return s.ReviewMinimum
	}
	return 2
}

// Reviews tells whether the actor reviews for the call: on the Leadership Team of
// the section, or a guest that an administrator added (R12).
func (a Actor) Reviews(sectionID, callID string) bool {
	return a.Leads(sectionID) || a.ID != "" && slices.Contains(a.GuestOf, callID)
}

func reviewedHere(f Facts) []Reason {
	if f.Venue.Reviewed() {
		return nil
	}
	return []Reason{Because("R12", "not_reviewed_here", "Proposals for %s are not reviewed here.", f.Venue.Name)}
}

func mayReview(_ Proposal, f Facts) []Reason {
	why := reviewedHere(f)
	if len(f.Conflict) > 0 {
		why = append(why, InConflict())
	}
	if len(why) > 0 {
		return why
	}
	return f.NotInPhase(MayScore, "review_not_open")
}

func needsReview(_ Proposal, f Facts) []Reason {
	if f.Input.Review == nil {
		return []Reason{Wrong("", "required", "Send the review.")}
	}
	return f.Input.Review.Check(f.Rubric())
}

func mayRecuse(_ Proposal, f Facts) []Reason {
	why := reviewedHere(f)
	if len(f.Conflict) > 0 {
		why = append(why, Reason{Kind: Conflict, Code: "already_in_conflict", Detail: "This proposal is closed to you already."})
	}
	return why
}

// SeesReviews says why the actor may not read what others say about the proposal;
// own is their own review, nil when there is none. Administrators read all.
// Others read after their own is complete and the discussion has begun, and all
// once the recommendations have.
func (f Facts) SeesReviews(own *Review) []Reason {
	switch {
	case f.Actor.Has(Admin):
		return nil
	case !f.Actor.Reviews(f.Group.SectionID, f.Call.ID):
		return []Reason{notYours([]Who{ByReviewer})}
	case len(f.Conflict) > 0:
		return []Reason{InConflict()}
	case f.Begun(PhaseRecommend):
		return nil
	}
	var why []Reason
	if own == nil || !own.Complete() {
		why = append(why, Reason{Kind: Forbidden, Code: "own_review_first", Rule: "R12", Detail: "Your own review has to be complete before you see what others said."})
	}
	if d, has := f.Phase(PhaseDiscussion); has && f.Now.Before(d.StartsAt) {
		why = append(why, Reason{Kind: Forbidden, Code: "discussion_not_begun", Rule: "R12", Detail: "The discussion, when reviews are shown, begins on " + LongDay(d.StartsAt, f.Call.Zone) + "."})
	}
	return why
}

// Reviewed tells whether the section's Leadership Team reviews proposals for the
// venue (R12).
func (v Venue) Reviewed() bool { return v.Decider == DecidedByForum }

// NotReviewing says why the actor has no review of the proposal to read or
// write, apart from the phase.
func (f Facts) NotReviewing() []Reason {
	why := reviewedHere(f)
	if !f.Actor.Reviews(f.Group.SectionID, f.Call.ID) {
		why = append(why, notYours([]Who{ByReviewer}))
	}
	if len(f.Conflict) > 0 {
		why = append(why, InConflict())
	}
	return why
}
