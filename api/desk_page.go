package api

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

// deskPages are the pages of reviewers.
func (s *Server) deskPages() []*route {
	return []*route{
		page(get, "/review", s.desksPage),
		page(get, "/calls/:slug/review", s.deskPage),
		page(get, "/calls/:slug/review/:ref", s.deskPage),
		page(post, "/calls/:slug/review/:ref", s.reviewSaved),
		page(post, "/calls/:slug/review/:ref/autosave", s.reviewAutosaved).unlimited(),
	}
}

func deskPath(slug, ref string) string {
	if ref == "" {
		return "/calls/" + slug + "/review"
	}
	return "/calls/" + slug + "/review/" + ref
}

func (s *Server) desksPage(c *Call) error {
	desks, err := s.Proposals.Desks(c.Ctx(), c.Actor)
	if err != nil {
		return err
	}
	p := web.DesksPage{Page: c.frame("Review")}
	for _, d := range desks {
		line := web.DeskLine{Call: d.Call, Href: deskPath(d.Slug, ""), Done: d.Done, Total: len(d.Queue), Closed: len(d.Closed)}
		f := domain.Facts{Call: d.Call, Phases: d.Phases, Now: s.now()}
		line.Phase = phaseWords(f)
		if c.Actor.Leads(d.SectionID) && f.Begun(domain.PhaseRecommend) {
			line.Rank = rankingPath(d.Slug)
		}
		p.Desks = append(p.Desks, line)
	}
	return c.show(http.StatusOK, web.Desks(p))
}

// phaseWords says which phase a call is in, and until when.
func phaseWords(f domain.Facts) string {
	if len(f.Phases) == 0 {
		return "The dates of its phases are not set."
	}
	for _, p := range f.Phases {
		label := domain.RightsOf(p.Kind).Label
		if p.On(f.Now) {
			return label + " until " + domain.Deadline(p.EndsAt, f.Call.Zone)
		}
		if f.Now.Before(p.StartsAt) {
			return label + " begins on " + domain.LongDay(p.StartsAt, f.Call.Zone)
		}
	}
	return "Over"
}

// deskPage shows a proposal on the desk; after another one, it goes on to what
// is to be reviewed next.
func (s *Server) deskPage(c *Call) error {
	done := c.QueryParam("after")
	if done == "" {
		return s.showDesk(c, again{status: http.StatusOK})
	}
	next, err := s.Proposals.NextOnDesk(c.Ctx(), c.Actor, c.Param("slug"), done)
	if err != nil {
		return err
	}
	return c.see(deskPath(c.Param("slug"), or2(next, done)))
}

func (s *Server) showDesk(c *Call, back again) error {
	d, err := s.Proposals.Desk(c.Ctx(), c.Actor, c.Param("slug"), c.Param("ref"))
	if err != nil {
		return err
	}
	p := web.DeskPage{Page: c.frame("Review desk", web.Link{Label: "Review", Href: "/review"}), Call: d.Call, Done: d.Done}
	p.Scripts, p.HasErrors = []string{"autosave.js"}, len(back.why) > 0
	f := domain.Facts{Call: d.Call, Phases: d.Phases, Now: s.now()}
	for _, ph := range d.Phases {
		if domain.RightsOf(ph.Kind).Gives(domain.MayScore) && f.Now.Before(ph.EndsAt) {
			p.Due = &ph.EndsAt
		}
	}
	p.Queue = make([]web.QueueLine, len(d.Queue))
	for i := range d.Queue {
		p.Queue[i] = queueLine(&d, &d.Queue[i])
	}
	for _, l := range d.Closed {
		p.Closed = append(p.Closed, l.Title)
	}
	if d.Item != nil {
		p.Title = d.Item.Title
		item := deskItem(d, c.Actor)
		if back.typed != nil {
			item.Input, item.Version, item.Reasons, item.Saved = reviewTyped(back.typed, d.Rubric), number(back.typed.Get("version")), back.why, ""
		}
		p.Item = &item
	}
	return c.show(back.status, web.Desk(p))
}

func queueLine(d *workflows.Desk, l *workflows.DeskLine) web.QueueLine {
	q := web.QueueLine{Title: l.Title, Href: deskPath(d.Slug, l.Number), Current: d.Item != nil && d.Item.ID == l.ID, Icon: "circle-dashed", Note: "Not scored"}
	switch {
	case l.Own == nil:
	case l.Own.Complete() && l.Own.Revision < l.Revision:
		q.Icon, q.Note = "refresh", "Changed since you scored it"
	case l.Own.Abstained:
		q.Icon, q.Note = "circle-check", "You abstained"
	case l.Own.Complete():
		q.Icon, q.Note = "circle-check", "You gave "+web.ScoreOf(*l.Own.Score)
	default:
		q.Icon, q.Note = "pencil", "In progress, "+strconv.Itoa(d.Rubric.Scored(l.Own.Scores))+" of "+domain.Plural(len(d.Rubric), "criterion")
		q.Note = strings.Replace(q.Note, "criterions", "criteria", 1)
	}
	return q
}

func deskItem(d workflows.Desk, who domain.Actor) web.DeskItem {
	i := d.Item
	own := i.Own
	item := web.DeskItem{
		Proposal: i.Proposal, Format: d.Format, Fields: answersOf(i.Facts.Form.Spec, i.Answers), Carried: i.ParentID != "", Rubric: d.Rubric,
		Input:   domain.ReviewInput{Scores: own.Scores, Verdict: own.Verdict, Comment: own.Comment, Note: own.Note, Abstained: own.Abstained, Action: own.Action},
		Version: own.Version, Save: deskPath(d.Slug, i.Number), Autosave: deskPath(d.Slug, i.Number) + "/autosave",
		Recuse: "/proposals/" + i.Number + "/" + string(domain.Recuse), Locked: i.Closed,
	}
	if own.Version > 0 {
		item.Saved = "Saved at " + domain.Clock12(own.UpdatedAt.In(domain.Zone(or2(who.Zone, i.Facts.Section.Zone))))
	}
	if own.Version > 0 && own.Revision < i.Revision {
		item.Changed = &web.Link{Label: "See what changed", Href: "/proposals/" + i.Number + "/compare?from=" + strconv.Itoa(own.Revision) + "&to=" + strconv.Itoa(i.Revision)}
	}
	if i.Sight == domain.Nameless {
		item.Crew = crewWords(i.Crew)
	}
	for _, sp := range domain.Active(i.Facts.Speakers) {
		item.Speakers = append(item.Speakers, sp.Line())
	}
	item.Others, item.OthersWhy = othersOf(i)
	return item
}

// crewWords are what may be known of the speakers: 3 speakers from 2
// institutions, none from the submitting group.
func crewWords(c domain.Crew) string {
	words := domain.Plural(c.Speakers, "speaker") + " from " + domain.Plural(c.Institutions, "institution")
	inside := c.Speakers - c.Outside
	switch {
	case c.Speakers == 0:
		return "no speaker is named yet."
	case inside <= 0:
		return words + ", none from the submitting group."
	case inside == c.Speakers:
		return words + ", all from the submitting group."
	}
	return words + ", " + strconv.Itoa(inside) + " from the submitting group."
}

func othersOf(i *workflows.DeskItem) (*web.OtherReviews, string) {
	if i.Others == nil {
		return nil, strings.Join(saysAll(i.Hidden), " ")
	}
	o := web.OtherReviews{Summary: statsWords(i.Others.Stats), Flagged: i.Others.Stats.Flagged(), Lines: otherReviews(*i.Others, i.Facts.Actor.ID)}
	return &o, ""
}

// otherReviews are what those said who are done; one's own is called "You".
func otherReviews(all workflows.ProposalReviews, own string) []web.OtherReview {
	var lines []web.OtherReview
	for _, r := range all.Reviews {
		if !r.Complete() {
			continue
		}
		line := web.OtherReview{Name: r.Name, Verdict: r.Verdict.Label(), Comment: r.Comment, Score: "Abstained"}
		if r.Score != nil {
			line.Score = web.ScoreOf(*r.Score)
		}
		if r.PersonID == own {
			line.Name = "You"
		}
		lines = append(lines, line)
	}
	return lines
}

// statsWords are the figures in a sentence, without any drawing.
func statsWords(s domain.ReviewStats) string {
	if s.Count == 0 {
		return "No complete review yet."
	}
	words := "Mean " + strconv.FormatFloat(s.Mean, 'f', 2, 64) + ", median " + strconv.FormatFloat(s.Median, 'f', 2, 64) +
		", from " + web.ScoreOf(s.Min) + " to " + web.ScoreOf(s.Max) + ". Spread " + web.ScoreOf(s.Spread) + ", " + domain.Plural(s.Count, "review")
	if s.Abstained > 0 {
		words += ", " + strconv.Itoa(s.Abstained) + " abstained"
	}
	if s.Recused > 0 {
		words += ", " + strconv.Itoa(s.Recused) + " recused"
	}
	return words + "."
}

// reviewTyped reads the desk's form.
func reviewTyped(form url.Values, rubric domain.Rubric) domain.ReviewInput {
	in := domain.ReviewInput{
		Scores: map[string]int{}, Verdict: domain.Verdict(form.Get("verdict")), Comment: form.Get("comment"),
		Action: domain.Proposed(form.Get("action")), Abstained: form.Get("abstained") == "yes",
	}
	for _, c := range rubric {
		if n := number(form.Get("s_" + c.ID)); n != 0 {
			in.Scores[c.ID] = n
		}
	}
	return in
}

func (s *Server) saveTyped(c *Call, autosaved bool) (workflows.ReviewView, url.Values, error) {
	form, why, err := c.form()
	if err != nil {
		return workflows.ReviewView{}, nil, err
	}
	if err := domain.Refuse(why...); err != nil {
		return workflows.ReviewView{}, form, err
	}
	// The venue's rubric is not known before the call is: every s_ field is a score.
	rubric := domain.Rubric{}
	for name := range form {
		if id, is := strings.CutPrefix(name, "s_"); is {
			rubric = append(rubric, domain.Criterion{ID: id})
		}
	}
	in := reviewTyped(form, rubric)
	in.Autosaved = autosaved
	v, err := s.Proposals.SaveReview(c.Ctx(), c.Actor, c.Param("ref"), number(form.Get("version")), in)
	return v, form, err
}

// reviewSaved saves and goes on to the next proposal. Refused, the desk is shown
// again with every reason and what was typed.
func (s *Server) reviewSaved(c *Call) error {
	v, form, err := s.saveTyped(c, false)
	if err != nil {
		status, why, ok := refused(err)
		if !ok || form == nil {
			return err
		}
		return s.showDesk(c, again{status: status, why: why, typed: form})
	}
	c.flash(savedWords(v))
	return c.see(deskPath(c.Param("slug"), "") + "?after=" + url.QueryEscape(v.Ref))
}

func savedWords(v workflows.ReviewView) string {
	switch {
	case v.Abstained:
		return "You abstained from “" + v.Title + "”."
	case v.Score != nil:
		return "You gave " + web.ScoreOf(*v.Score) + " to “" + v.Title + "”."
	}
	return "“" + v.Title + "” is saved, with " + strconv.Itoa(v.Rubric.Scored(v.Scores)) + " of " + strconv.Itoa(len(v.Rubric)) + " criteria scored."
}

// reviewAutosaved answers the script: 200 with the version, 412 when the review
// was changed elsewhere, 422 with what cannot be kept.
func (s *Server) reviewAutosaved(c *Call) error {
	v, _, err := s.saveTyped(c, true)
	if domain.IsKind(err, domain.Stale) {
		return c.JSON(http.StatusPreconditionFailed, map[string]string{"detail": "You changed this review in another window. What you see here is not saved: open the desk again to go on from what is."})
	}
	if err != nil {
		return err
	}
	at := v.UpdatedAt.In(domain.Zone(or2(c.Actor.Zone, s.zone())))
	return c.JSON(http.StatusOK, map[string]any{"version": v.Version, "saved": "Saved at " + domain.Clock12(at)})
}
