package domain

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Recommendation is what the Leadership Team says about a proposal to those who
// decide: advice, never a decision.
type Recommendation struct {
	ProposalID     string
	Version        int
	Revision       int // of the text that was judged
	Verdict        Verdict
	VotesFor       int
	VotesAgainst   int
	VotesAbstained int
	Recused        int    // who did not vote because of a conflict
	NoteNext       string // to those who decide
	NoteSubmitter  string // to the group, once the outcome is published
	Reason         string // why with fewer reviews than it takes
	ByID           string
	ByName         string
	At             time.Time
}

// Recommends tells whether the verdict is in favor.
func (v Verdict) Recommends() bool {
	return v == VerdictStrong || v == VerdictYes || v == VerdictChanges
}

// RecommendationVerdicts are the verdicts the Leadership chair gives.
func RecommendationVerdicts() []Verdict { return append(ReviewVerdicts(), VerdictWebinar) }

// MaxVotes is the most votes of a kind that can be written down.
const MaxVotes = 999

// RecommendationInput is a whole recommendation as it was filled in.
type RecommendationInput struct {
	Verdict        Verdict
	Rank           int // the place among those of its format; 0: where it is
	VotesFor       int
	VotesAgainst   int
	VotesAbstained int
	Recused        int
	NoteNext       string
	NoteSubmitter  string
	Reason         string
}

// Check names everything that is wrong with what was filled in.
func (in RecommendationInput) Check() []Reason {
	var f findings
	f.need(slices.Contains(RecommendationVerdicts(), in.Verdict), "verdict", "required", "Choose a verdict.")
	f.need(in.Rank >= 0, "rank", "out_of_range", "Give a place from 1 on.")
	for _, v := range []struct {
		key string
		n   int
	}{{"votes_for", in.VotesFor}, {"votes_against", in.VotesAgainst}, {"votes_abstained", in.VotesAbstained}, {"recused", in.Recused}} {
		f.need(v.n >= 0 && v.n <= MaxVotes, v.key, "out_of_range", "Give a number from 0 to %d.", MaxVotes)
	}
	for _, t := range []struct{ key, text, name string }{{"note_next", in.NoteNext, "note to those who decide"}, {"note_submitter", in.NoteSubmitter, "note to the group"}, {"reason", in.Reason, "reason"}} {
		f.need(utf8.ValidString(t.text) && !strings.ContainsRune(t.text, 0), t.key, "not_utf8", "The %s holds characters that cannot be kept. Type them again.", t.name)
		f.need(utf8.RuneCountInString(t.text) <= MaxReviewChars, t.key, "too_long", "Shorten the %s to %d characters.", t.name, MaxReviewChars)
	}
	return f.reasons
}

// With is the recommendation as it is after what was filled in, about a revision.
func (r Recommendation) With(in RecommendationInput, revision int) Recommendation {
	r.Revision, r.Verdict = revision, in.Verdict
	r.VotesFor, r.VotesAgainst, r.VotesAbstained, r.Recused = in.VotesFor, in.VotesAgainst, in.VotesAbstained, in.Recused
	r.NoteNext, r.NoteSubmitter, r.Reason = strings.TrimSpace(in.NoteNext), strings.TrimSpace(in.NoteSubmitter), strings.TrimSpace(in.Reason)
	return r
}

// Input is the recommendation as it would be filled in again, without a place.
func (r Recommendation) Input() RecommendationInput {
	return RecommendationInput{
		Verdict: r.Verdict, VotesFor: r.VotesFor, VotesAgainst: r.VotesAgainst, VotesAbstained: r.VotesAbstained, Recused: r.Recused,
		NoteNext: r.NoteNext, NoteSubmitter: r.NoteSubmitter, Reason: r.Reason,
	}
}

// mayRecommend is the rule of verdicts and places: the venue is reviewed here,
// the chair has no conflict, and recommendations are being made.
func mayRecommend(_ Proposal, f Facts) []Reason {
	why := reviewedHere(f)
	if len(f.Conflict) > 0 {
		why = append(why, InConflict())
	}
	if !f.Venue.Reviewed() {
		return why
	}
	return append(why, f.NotInPhase(MayRecommend, "not_recommending")...)
}

func needsRecommendation(_ Proposal, f Facts) []Reason {
	in := f.Input.Recommendation
	if in == nil {
		return []Reason{Wrong("/verdict", "required", "Choose a verdict.")}
	}
	why := in.Check()
	if least := f.Section.Settings.MinReviews(); f.Reviews < least && blank(in.Reason) {
		why = append(why, Reason{
			Kind: Conflict, Code: "too_few_reviews", Pointer: "/reason", Rule: "R12",
			Detail: "It has " + Plural(f.Reviews, "complete review") + ", and a recommendation takes " + Plural(least, "review") + ". Ask for another one, or say why it is recommended all the same.",
		})
	}
	return why
}

// SeesRecommendation says why the actor may not read what is recommended about
// the proposal. The Leadership Team may, once the recommendations have begun, and
// administrators.
func (f Facts) SeesRecommendation() []Reason {
	switch {
	case f.Actor.Has(Admin):
		return nil
	case !f.Actor.Leads(f.Group.SectionID):
		return []Reason{notYours([]Who{ByLeadership})}
	case len(f.Conflict) > 0:
		return []Reason{InConflict()}
	}
	return f.SeesRanking()
}

// mayRelease is what a packet asks of each proposal in it.
func mayRelease(p Proposal, f Facts) []Reason {
	why := reviewedHere(f)
	if !f.Venue.Reviewed() {
		return why
	}
	why = append(why, f.NotInPhase(MayRecommend, "not_recommending")...)
	if f.Recommendation == nil {
		why = append(why, Because("R12", "no_verdict", "“%s” (%s) has no verdict yet.", p.Title, p.Number))
	}
	return why
}

// MayPlace says why the actor may not place or recommend a submitted proposal of
// a list; the facts are those of its call, with its conflicts. Nil: they may.
func (f Facts) MayPlace(groupID string) []Reason {
	return Proposal{State: Submitted, GroupID: groupID}.Why(Recommend, f)
}

// MayPacket says why a submitted proposal keeps the actor from releasing a packet;
// the facts are those of its call, with its recommendation.
func (f Facts) MayPacket(groupID, number, title string) []Reason {
	return Proposal{State: Submitted, GroupID: groupID, Number: number, Title: title}.Why(ReleasePacket, f)
}
