package web

import (
	"time"

	"lectern/domain"
)

// RankingPage is where the Leadership Team ranks the proposals of a call. The
// list posts to Save: version, and up or down (a number), or to (a place) with of
// (a number), or cut, or least.
type RankingPage struct {
	Page
	Call     domain.Call
	Due      *time.Time // the last instant to recommend; nil: not set or over
	Version  int
	Rows     []RankRow
	Closed   []RankClosed
	Cut      *int
	Tie      string // what to say when the line runs through a tie
	Verdicts int
	Balance  domain.Balance
	Save     string
	MayMove  bool              // some of the rows
	MayDraw  bool              // the line
	Locked   []domain.Reason   // why nothing can be moved now
	Reasons  []domain.Reason   // what was wrong with what was sent
	Typed    map[string]string // what was typed, when it was wrong: to, cut, least
	Moving   *RankRow          // the one to be given a place; nil: none
	Packet   int               // number of the newest; 0: none
	Release  string            // address of the preview; empty: not theirs
	Others   []Link            // boards of the venue's other formats
}

// RankRow is a proposal in the list.
type RankRow struct {
	Number  string
	Title   string
	Group   string
	Href    string
	Rank    int
	Verdict string // Recommend · 4 for, 0 against; empty: none yet
	Changed bool   // the text changed since it was recommended
	Scores  []int  // one for each reviewer, in hundredths
	Mean    int    // rounded to hundredths
	Stats   domain.ReviewStats
	Tied    int
	Fixed   bool // the person does not move it
}

// RankClosed is a proposal the person has a conflict with.
type RankClosed struct {
	Title  string
	Placer string // Vera Lindholm, vice chair; empty: nobody is free
}

// said is where the row stands, in words.
func (p RankingPage) said(r RankRow) string {
	words := itoa(r.Rank) + " of " + itoa(len(p.Rows))
	switch {
	case p.Cut == nil:
		return words
	case r.Rank <= *p.Cut:
		return words + ", recommended"
	}
	return words + ", below the line"
}

// Moved is what the status line says after a move.
func (p RankingPage) Moved(number string) string {
	for _, r := range p.Rows {
		if r.Number == number {
			return r.Title + " is now " + p.said(r) + ". Saved."
		}
	}
	return "Saved."
}

func (p RankingPage) cutAt() int {
	if p.Cut == nil {
		return 0
	}
	return *p.Cut
}

func (p RankingPage) lineHere(rank int) bool { return p.Cut != nil && *p.Cut == rank }

func (p RankingPage) cutText() string {
	if typed, was := p.Typed["cut"]; was {
		return typed
	}
	if p.Cut == nil {
		return ""
	}
	return itoa(*p.Cut)
}

func (r *RankRow) anchor() string { return "r-" + r.Number }

// Sentence carries the row's figures without the drawing.
func (r *RankRow) Sentence() (mean, rest string) {
	if r.Stats.Count == 0 {
		return "", "No complete review" + r.aside()
	}
	return ScoreOf(r.Mean), ", from " + ScoreOf(r.Stats.Min) + " to " + ScoreOf(r.Stats.Max)
}

func (r *RankRow) spread() string {
	return "Spread " + ScoreOf(r.Stats.Spread) + " · " + domain.Plural(r.Stats.Count, "review") + r.aside()
}

func (r *RankRow) aside() string {
	words := ""
	if r.Stats.Abstained > 0 {
		words += ", " + itoa(r.Stats.Abstained) + " abstained"
	}
	if r.Stats.Recused > 0 {
		words += ", " + itoa(r.Stats.Recused) + " recused"
	}
	return words
}

func (r *RankRow) tie() string {
	return "Tie: " + itoa(r.Tied) + " have this mean"
}

// share is a part of a whole: 2 of 6, and in percent.
func share(part, whole int) (words, percent string) {
	if whole == 0 {
		return "0 of 0", ""
	}
	return itoa(part) + " of " + itoa(whole), "(" + itoa((200*part+whole)/(2*whole)) + "%)"
}

// balanceRow is a line of the balance table.
type balanceRow struct {
	label        string
	all, allOf   int
	some, someOf int
	plain        bool // a number, not a share
}

func balanceRows(b domain.Balance) (about, groups, formats []balanceRow) {
	about = []balanceRow{
		{label: "Institutions", all: b.Institutions.All, some: b.Institutions.Recommended, plain: true},
		{label: "Speakers from outside the submitting group", all: b.Outside.All, allOf: b.Speakers.All, some: b.Outside.Recommended, someOf: b.Speakers.Recommended},
	}
	for _, g := range b.Groups {
		groups = append(groups, balanceRow{label: g.Label, all: g.All, allOf: b.All, some: g.Recommended, someOf: b.Recommended})
	}
	total, chosen := 0, 0
	for _, f := range b.Formats {
		total, chosen = total+f.All, chosen+f.Recommended
	}
	for _, f := range b.Formats {
		formats = append(formats, balanceRow{label: f.Label, all: f.All, allOf: total, some: f.Recommended, someOf: chosen})
	}
	return about, groups, formats
}
