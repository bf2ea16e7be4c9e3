package web

import "lectern/domain"

// RecommendPage is what the Leadership chair recommends about a proposal. The form
// posts to Save: version, verdict, rank, votes_for, votes_against, votes_abstained,
// recused, note_next, note_submitter, reason.
type RecommendPage struct {
	Page
	Number   string
	Heading  string // the proposal's title
	Proposal string // its address
	Format   string
	Stats    RankRow
	Others   []OtherReview
	Version  int
	Typed    map[string]string // what the fields hold
	Rank, Of int
	Few      string // 1 complete review, where it takes 2; empty: enough
	By       string // who wrote it last, and when; empty: nobody yet
	Locked   []domain.Reason
	Reasons  []domain.Reason
	Save     string
	Back     string // the ranking
}

func (p RecommendPage) errors(pointer string) []string { return details(p.Reasons, pointer) }

func (p RecommendPage) number(name, label string) Control {
	return Control{Name: name, Label: label, Value: p.Typed[name], InputMode: "numeric", Autocomplete: "off", Class: "w-s", Errors: p.errors("/" + name)}
}

func (p RecommendPage) verdicts() []domain.Option {
	var all []domain.Option
	for _, v := range domain.RecommendationVerdicts() {
		all = append(all, domain.Option{Value: string(v), Label: v.Label()})
	}
	return all
}

func (p RecommendPage) written() []Fact {
	v := domain.Verdict(p.Typed["verdict"])
	if v == "" {
		return nil
	}
	return []Fact{
		{Term: "Verdict", Text: v.Label()},
		{Term: "Place", Text: itoa(p.Rank) + " of " + itoa(p.Of)},
		{Term: "Votes", Text: p.Typed["votes_for"] + " for, " + p.Typed["votes_against"] + " against, " + p.Typed["votes_abstained"] + " abstained, " + p.Typed["recused"] + " recused"},
		{Term: "To those who decide", Text: orDash(p.Typed["note_next"])},
		{Term: "To the group", Text: orDash(p.Typed["note_submitter"])},
	}
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
