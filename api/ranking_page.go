package api

import (
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

// rankingPages are the pages of rankings and recommendations.
func (s *Server) rankingPages() []*route {
	return []*route{
		page(get, "/calls/:slug/ranking", s.rankingPage),
		page(post, "/calls/:slug/ranking", s.rankingChanged).unlimited(),
		page(get, "/proposals/:ref/recommend", s.recommendPage),
		page(post, "/proposals/:ref/recommend", s.recommended),
	}
}

func rankingPath(slug string) string { return "/calls/" + slug + "/ranking" }

// rankingPage shows the board; with move, a form that asks for a place; with saw,
// who changed the list since that version.
func (s *Server) rankingPage(c *Call) error {
	b, err := s.Proposals.Board(c.Ctx(), c.Actor, c.Param("slug"))
	if err != nil {
		return err
	}
	back := again{status: http.StatusOK}
	if saw := number(c.QueryParam("saw")); saw > 0 && saw != b.Ranking.Version {
		back.why = []domain.Reason{b.Clash(saw)}
	}
	return s.showRanking(c, b, c.QueryParam("move"), back)
}

func (s *Server) showRanking(c *Call, b workflows.RankingBoard, moving string, back again) error {
	p := s.ranking(c, b)
	p.Reasons, p.HasErrors = back.why, len(back.why) > 0
	p.Typed = map[string]string{}
	for _, name := range []string{"to", "cut", "least"} {
		if back.typed.Has(name) {
			p.Typed[name] = back.typed.Get(name)
		}
	}
	for i, r := range p.Rows {
		if r.Number == moving && !r.Fixed {
			p.Moving = &p.Rows[i]
		}
	}
	return c.show(back.status, web.Ranking(p))
}

func (s *Server) ranking(c *Call, b workflows.RankingBoard) web.RankingPage {
	p := web.RankingPage{
		Page: c.frame("Rank and recommend", web.Link{Label: "Review", Href: "/review"}), Call: b.Call, Version: b.Ranking.Version, Cut: b.Cut,
		Verdicts: b.Verdicts, Balance: b.Balance, Save: rankingPath(b.Call.Slug), MayDraw: len(b.NoLine) == 0, Packet: b.Packet,
	}
	if ph, has := b.Facts.Phase(domain.PhaseRecommend); has && s.now().Before(ph.EndsAt) {
		p.Due = &ph.EndsAt
	}
	if b.Above+b.Below > 0 {
		p.Tie = "The line runs through a tie: " + domain.Plural(b.Above+b.Below, "proposal") + " with the same mean, " + strconv.Itoa(b.Below) + " of them below."
	}
	p.Rows = make([]web.RankRow, len(b.Rows))
	for i := range b.Rows {
		p.Rows[i] = rankRow(&b.Rows[i])
		p.MayMove = p.MayMove || !p.Rows[i].Fixed
	}
	if !p.MayMove && len(b.Rows) > 0 {
		p.Locked = b.Rows[0].Fixed
	}
	for _, x := range b.Closed {
		p.Closed = append(p.Closed, web.RankClosed(x))
	}
	for _, o := range b.Others {
		p.Others = append(p.Others, web.Link{Label: o.Name, Href: rankingPath(o.Slug)})
	}
	if c.Actor.LeadershipChair(b.Call.SectionID) {
		p.Release = previewPath(b.Call.Year, b.Call.VenueID)
	}
	return p
}

func rankRow(r *workflows.RankingRow) web.RankRow {
	row := web.RankRow{
		Number: r.Number, Title: r.Title, Group: r.GroupName, Href: "/proposals/" + r.Number + "/recommend", Rank: r.Rank,
		Stats: r.Stats, Mean: int(math.Round(r.Stats.Mean * 100)), Tied: r.Tied, Fixed: len(r.Fixed) > 0,
		Scores: make([]int, 0, len(r.Scores)),
	}
	for _, x := range r.Scores {
		row.Scores = append(row.Scores, *x.Score)
	}
	if rec := r.Recommendation; rec != nil {
		row.Verdict = rec.Verdict.Label() + " · " + strconv.Itoa(rec.VotesFor) + " for, " + strconv.Itoa(rec.VotesAgainst) + " against"
		row.Changed = rec.Revision < r.Revision
	}
	return row
}

// rankingChanged moves a proposal or draws the line. Programs in the page are
// answered with the new version and what to say; browsers go back to the list.
func (s *Server) rankingChanged(c *Call) error {
	form, why, err := c.form()
	if err != nil {
		return err
	}
	slug, moved := c.Param("slug"), form.Get("of")
	if err := domain.Refuse(why...); err != nil {
		return err
	}
	b, moved, err := s.changeRanking(c, slug, form, moved)
	script := strings.Contains(c.Request().Header.Get("Accept"), "application/json")
	if err != nil {
		return s.rankingRefused(c, slug, form, script, err)
	}
	said := "The line is drawn."
	if moved != "" {
		said = s.ranking(c, b).Moved(moved)
	} else if b.Cut == nil {
		said = "There is no line any more."
	}
	if script {
		return c.JSON(http.StatusOK, map[string]any{"version": b.Ranking.Version, "said": said})
	}
	c.flash(said)
	if moved != "" {
		return c.see(rankingPath(slug) + "#r-" + moved)
	}
	return c.see(rankingPath(slug))
}

func (s *Server) changeRanking(c *Call, slug string, form url.Values, of string) (workflows.RankingBoard, string, error) {
	version := number(form.Get("version"))
	m := domain.RankMove{ProposalID: of}
	switch {
	case form.Get("line") == "mean":
		least, err := strconv.ParseFloat(strings.TrimSpace(form.Get("least")), 64)
		if err != nil || math.IsNaN(least) || math.Abs(least) > 1000 {
			return workflows.RankingBoard{}, "", domain.Refuse(domain.Wrong("/least", "not_a_number", "Give a mean from 0 to 100."))
		}
		b, err := s.Proposals.DrawLineAtMean(c.Ctx(), c.Actor, slug, version, int(math.Round(least*100)))
		return b, "", err
	case form.Has("line"):
		cut, err := cutOf(form.Get("cut"))
		if err != nil {
			return workflows.RankingBoard{}, "", err
		}
		b, err := s.Proposals.DrawLine(c.Ctx(), c.Actor, slug, version, cut)
		return b, "", err
	case form.Has("up"):
		m = domain.RankMove{ProposalID: form.Get("up"), Up: true}
	case form.Has("down"):
		m = domain.RankMove{ProposalID: form.Get("down"), Down: true}
	default:
		m.To = number(form.Get("to"))
	}
	b, err := s.Proposals.MoveRanked(c.Ctx(), c.Actor, slug, version, m)
	return b, m.ProposalID, err
}

func cutOf(typed string) (*int, error) {
	if typed = strings.TrimSpace(typed); typed == "" {
		return nil, nil //nolint:nilnil // no line
	}
	n, err := strconv.Atoi(typed)
	if err != nil {
		return nil, domain.Refuse(domain.Wrong("/cut", "not_a_number", "Give a whole number, or nothing."))
	}
	return &n, nil
}

// rankingRefused shows the list as it is now, with every reason and what was typed.
func (s *Server) rankingRefused(c *Call, slug string, form url.Values, script bool, err error) error {
	status, reasons, ok := refused(err)
	if !ok {
		return err
	}
	if script {
		return c.JSON(status, map[string]string{"detail": strings.Join(saysAll(reasons), " ")})
	}
	b, err := s.Proposals.Board(c.Ctx(), c.Actor, slug)
	if err != nil {
		return err
	}
	return s.showRanking(c, b, form.Get("of"), again{status: status, why: reasons, typed: form})
}

func (s *Server) recommendPage(c *Call) error {
	return s.showRecommend(c, again{status: http.StatusOK})
}

var recommendFields = []string{"verdict", "rank", "votes_for", "votes_against", "votes_abstained", "recused", "note_next", "note_submitter", "reason"}

func (s *Server) showRecommend(c *Call, back again) error {
	v, err := s.Proposals.Recommendation(c.Ctx(), c.Actor, c.Param("ref"))
	if err != nil {
		return err
	}
	f := v.Facts
	p := web.RecommendPage{
		Page:   c.frame(v.Title, web.Link{Label: "Review", Href: "/review"}, web.Link{Label: "Ranking", Href: rankingPath(f.Call.Slug)}),
		Number: v.Ref, Heading: v.Title, Proposal: "/proposals/" + v.Ref, Format: f.Call.Name, Version: v.Version, Rank: v.Rank, Of: v.Of,
		Typed: recommendTyped(v), Locked: v.Closed, Reasons: back.why, Save: "/proposals/" + v.Ref + "/recommend", Back: rankingPath(f.Call.Slug) + "#r-" + v.Ref,
		Stats: web.RankRow{Stats: v.Reviews.Stats, Mean: int(math.Round(v.Reviews.Stats.Mean * 100))},
	}
	p.HasErrors = len(back.why) > 0
	if least := f.Section.Settings.MinReviews(); f.Reviews < least {
		p.Few = domain.Plural(f.Reviews, "complete review") + ", where it takes " + strconv.Itoa(least) + "."
	}
	if v.Version > 0 {
		p.By = "Written by " + v.ByName + ", " + domain.LongTime(v.At, f.Call.Zone) + "."
	}
	for _, r := range v.Reviews.Reviews {
		if r.Score != nil {
			p.Stats.Scores = append(p.Stats.Scores, *r.Score)
		}
	}
	p.Others = otherReviews(v.Reviews, c.Actor.ID)
	if back.typed != nil {
		p.Version = number(back.typed.Get("version"))
		for _, name := range recommendFields {
			p.Typed[name] = back.typed.Get(name)
		}
	}
	return c.show(back.status, web.Recommend(p))
}

// recommendTyped is what the fields hold: what was written, or for a new one the
// recusals that were declared.
func recommendTyped(v workflows.RecommendationView) map[string]string {
	recused := v.Recused
	if v.Version == 0 {
		recused = v.Reviews.Stats.Recused
	}
	typed := map[string]string{
		"verdict": string(v.Verdict), "rank": strconv.Itoa(v.Rank), "note_next": v.NoteNext, "note_submitter": v.NoteSubmitter, "reason": v.Reason,
	}
	for name, n := range map[string]int{"votes_for": v.VotesFor, "votes_against": v.VotesAgainst, "votes_abstained": v.VotesAbstained, "recused": recused} {
		typed[name] = strconv.Itoa(n)
	}
	return typed
}

// recommended saves and goes back to the ranking. Refused, the page is shown again
// with every reason and what was typed.
func (s *Server) recommended(c *Call) error {
	form, why, err := c.form()
	if err != nil {
		return err
	}
	in, wrong := recommendationTyped(form)
	if err = domain.Refuse(append(why, wrong...)...); err == nil {
		var v workflows.RecommendationView
		if v, err = s.Proposals.Recommend(c.Ctx(), c.Actor, c.Param("ref"), number(form.Get("version")), in); err == nil {
			c.flash("“" + v.Title + "”: " + v.Verdict.Label() + ", place " + strconv.Itoa(v.Rank) + " of " + strconv.Itoa(v.Of) + ". Saved.")
			return c.see(rankingPath(v.Facts.Call.Slug) + "#r-" + v.Ref)
		}
	}
	status, reasons, ok := refused(err)
	if !ok {
		return err
	}
	return s.showRecommend(c, again{status: status, why: reasons, typed: form})
}

// recommendationTyped reads the form; what should be a number and is none is named.
func recommendationTyped(form url.Values) (domain.RecommendationInput, []domain.Reason) {
	in := domain.RecommendationInput{
		Verdict: domain.Verdict(form.Get("verdict")), NoteNext: form.Get("note_next"), NoteSubmitter: form.Get("note_submitter"), Reason: form.Get("reason"),
	}
	var why []domain.Reason
	for name, into := range map[string]*int{"rank": &in.Rank, "votes_for": &in.VotesFor, "votes_against": &in.VotesAgainst, "votes_abstained": &in.VotesAbstained, "recused": &in.Recused} {
		typed := strings.TrimSpace(form.Get(name))
		if typed == "" {
			continue
		}
		n, err := strconv.Atoi(typed)
		if err != nil {
			why = append(why, domain.Wrong("/"+name, "not_a_number", "Give a whole number."))
		}
		*into = n
	}
	return in, why
}
