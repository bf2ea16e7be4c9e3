package web

import (
	"time"

	"lectern/domain"
)

// DeskPage is where a reviewer scores the proposals of a call. The form posts to
// Save and is saved by itself to Autosave: version, s_{criterion}, verdict,
// comment, action, abstained.
type DeskPage struct {
	Page
	Call   domain.Call
	Due    *time.Time // the last instant to score; nil: not set or over
	State  domain.PhaseKind
	Done   int
	Queue  []QueueLine
	Closed []string // titles closed to the reviewer
	Item   *DeskItem
}

// QueueLine is a proposal in the queue.
type QueueLine struct {
	Title   string
	Href    string
	Current bool
	Icon    string
	Note    string // Not scored
}

// DeskItem is the proposal on the desk with the reviewer's own form.
type DeskItem struct {
	Proposal  domain.Proposal
	Format    domain.Format
	Fields    []FormAnswer
	Crew      string   // of hidden names: 3 speakers from 3 institutions; empty: names show
	Speakers  []string // lines, when names show
	Carried   bool     // carried forward from elsewhere
	Changed   *Link    // the text changed since it was scored: to what changed
	Rubric    domain.Rubric
	Input     domain.ReviewInput
	Version   int
	Saved     string // Saved at 2:14 p.m.
	Save      string
	Autosave  string
	Recuse    string
	Locked    []domain.Reason // why nothing can be scored now
	Reasons   []domain.Reason // what was wrong with what was sent
	Others    *OtherReviews
	OthersWhy string // why they are not shown
}

// OtherReviews are what others said.
type OtherReviews struct {
	Summary string // Mean 82, from 55 to 95. Spread 40, 5 reviews, 1 recused
	Flagged bool
	Lines   []OtherReview
}

// OtherReview is what one reviewer said.
type OtherReview struct {
	Name    string
	Own     bool
	Score   string
	Verdict string
	Comment string
}

func (p DeskPage) total() int { return len(p.Queue) }

// scoreField is the name of a criterion's radios.
func scoreField(c domain.Criterion) string { return "s_" + c.ID }

// ScoreOf is a score in hundredths as people read it: 81.25, 85.
func ScoreOf(hundredths int) string {
	whole, rest := itoa(hundredths/100), hundredths%100
	switch {
	case rest == 0:
		return whole
	case rest%10 == 0:
		return whole + "." + itoa(rest/10)
	case rest < 10:
		return whole + ".0" + itoa(rest)
	}
	return whole + "." + itoa(rest)
}

// sum is the score as it stands: 81.25 of 100, or how many criteria are scored.
func (d DeskItem) sum() string {
	if score, complete := d.Rubric.Score(d.Input.Scores); complete {
		return ScoreOf(score) + " of 100"
	}
	return itoa(d.Rubric.Scored(d.Input.Scores)) + " of " + itoa(len(d.Rubric)) + " scored"
}

func (d DeskItem) errors(pointer string) []string { return details(d.Reasons, pointer) }

func (d DeskItem) locked() bool { return len(d.Locked) > 0 }

func verdictOptions() []domain.Verdict { return domain.ReviewVerdicts() }

func proposedOptions() []domain.Option {
	all := []domain.Option{{Value: "", Label: "No proposal"}}
	for _, a := range domain.ProposedActions() {
		all = append(all, domain.Option{Value: string(a), Label: a.Label()})
	}
	return all
}

func marks() []int { return []int{1, 2, 3, 4, 5} }

// DesksPage lists the calls that a person reviews for.
type DesksPage struct {
	Page
	Desks []DeskLine
}

// DeskLine is a call with the reviewer's progress.
type DeskLine struct {
	Call   domain.Call
	Href   string
	Phase  string // Review, until Apr 14
	Active bool   // scores are taken now
	Done   int
	Total  int
	Closed int
	Rank   string // address of the ranking; empty: it has not begun, or is not theirs
}
