package api

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

// decisionPages are the pages of those who decide, and of a cancelled event.
func (s *Server) decisionPages() []*route {
	return []*route{
		page(get, "/calls/:slug/decisions", s.decisionsPage),
		page(get, "/calls/:slug/decisions.csv", s.decisionsFile),
		page(post, "/calls/:slug/decisions", s.decisionsStaged),
		page(post, "/calls/:slug/decisions/file", s.decisionsCompared).takesFile().repeatable(),
		page(get, "/calls/:slug/decisions/publish", s.publishPage),
		page(post, "/calls/:slug/decisions/publish", s.published).repeatable(),
		page(get, "/years/:year/venues/:venue/cancel-event", s.cancelEventPage),
		page(post, "/years/:year/venues/:venue/cancel-event", s.eventCancelled).repeatable(),
	}
}

func decisionsPath(slug string) string { return "/calls/" + slug + "/decisions" }

// decisionsShown is how many proposals a page of decisions shows.
const decisionsShown = 50

func (s *Server) decisionsPage(c *Call) error {
	return s.showDecisions(c, again{status: http.StatusOK})
}

// showDecisions shows the decisions on a call, as they are or, after a refusal,
// with what was typed. Then those that were typed are shown, all of them.
func (s *Server) showDecisions(c *Call, back again) error {
	l, err := s.decisionFlows().List(c.Ctx(), c.Actor, c.Param("slug"))
	if err != nil {
		return err
	}
	show := or2(back.typed.Get("show"), or2(c.QueryParam("show"), "all"))
	p := web.DecisionsPage{
		Page: c.frame("Decisions: "+l.Call.Name, web.Link{Label: "Calls", Href: "/staff/calls?year=" + string(l.Call.Year)}),
		Call: l.Call, Venue: l.Venue, Now: s.now(), Show: show, MayStage: l.MayStage, MayPublish: l.MayPublish, ByPacket: l.MayStage && !c.Actor.Has(domain.Staff, domain.Admin),
		Phase: phaseWords(domain.Facts{Call: l.Call, Phases: l.Phases, Now: s.now()}), Mails: l.Preview.Mails(), Ready: len(l.Preview.Items),
		Blocked: blockedRows(l.Preview.Blocked), Batch: batchProgress(l.Last), Reasons: back.why, Reason: back.typed.Get("reason"), Ref: back.typed.Get("another"),
	}
	if len(l.Phases) == 0 {
		p.Phase = "This call has no phases"
	}
	p.HasErrors = len(back.why) > 0
	p.Another = typedRow(web.DecisionRow{Number: "another", Open: true}, back)
	p.Late = notYet(l)
	reads := c.Actor.Has(domain.Staff, domain.Admin)
	var rows []web.DecisionRow
	for _, line := range l.Lines {
		p.Counts.All++
		r := decisionRow(line, reads)
		r.Advice = adviceOn(l, line)
		if !reads {
			r.Further = s.decisionFlows().Further(c.Actor, l, line)
		}
		stands := standing(r, &p.Counts)
		if typed := back.typed.Has("outcome-" + r.Number); typed || back.typed == nil && (show == "all" || show == stands) {
			rows = append(rows, typedRow(r, back))
		}
	}
	slices.SortStableFunc(rows, func(a, b web.DecisionRow) int { return a.Place() - b.Place() })
	p.Rows, p.Next = s.decisionsFrom(c, p, rows)
	return c.show(back.status, web.Decisions(p))
}

// standing counts a row where it belongs, and says where that is.
func standing(r web.DecisionRow, n *web.DecisionCounts) string {
	switch {
	case !r.Open, r.State == domain.Alternate && r.Staged == nil:
		n.Decided++
		return "decided"
	case r.Staged != nil:
		n.Staged++
		return "staged"
	}
	n.Open++
	return "open"
}

// decisionsFrom cuts the list to a page, with the address of the next.
func (s *Server) decisionsFrom(c *Call, p web.DecisionsPage, rows []web.DecisionRow) ([]web.DecisionRow, string) {
	if from := slices.IndexFunc(rows, func(r web.DecisionRow) bool { return r.Number == c.QueryParam("from") }); from > 0 {
		rows = rows[from:]
	}
	if p.HasErrors || len(rows) <= decisionsShown {
		return rows, ""
	}
	q := url.Values{"show": {p.Show}, "from": {rows[decisionsShown].Number}}
	return rows[:decisionsShown], decisionsPath(p.Call.Slug) + "?" + q.Encode()
}

func adviceOn(l workflows.DecisionList, line workflows.DecisionLine) *domain.Advice {
	if a, has := l.Advice[line.ID]; has {
		return &a
	}
	return nil
}

func decisionRow(l workflows.DecisionLine, reads bool) web.DecisionRow {
	r := web.DecisionRow{Number: l.Number, Title: l.Title, Group: l.GroupName, State: l.State, Revision: l.Revision, InPacket: l.Packet > 0, Staged: l.Staged}
	r.Open = domain.Proposal{State: l.State}.Has(domain.StageDecision)
	if reads {
		r.Href = "/proposals/" + l.Number
	}
	if d := l.Staged; d != nil {
		r.Version, r.Feedback, r.NoFeedback, r.Changed = d.Version, d.Feedback, d.NoFeedback, d.Revision != l.Revision
	}
	return r
}

// typedRow is a row with what was typed into it, and what is wrong with that.
func typedRow(r web.DecisionRow, back again) web.DecisionRow {
	if !back.typed.Has("outcome-"+r.Number) && !back.typed.Has("feedback-"+r.Number) {
		return r
	}
	r.Version, r.Outcome = number(back.typed.Get("version-"+r.Number)), back.typed.Get("outcome-"+r.Number)
	r.Feedback, r.NoFeedback = back.typed.Get("feedback-"+r.Number), back.typed.Get("none-"+r.Number) == "yes"
	for _, why := range back.why {
		if field, of := strings.CutSuffix(why.Pointer, "-"+r.Number); of {
			why.Pointer = field
			r.Errors = append(r.Errors, why)
		}
	}
	return r
}

// notYet is the one reason why nothing that is staged can be published, when it is
// that the time has not come.
func notYet(l workflows.DecisionList) string {
	why := ""
	for _, b := range l.Preview.Blocked {
		if len(b.Why) != 1 || b.Why[0].Code != "not_publishing" {
			return ""
		}
		why = b.Why[0].Detail
	}
	return why
}

func blockedRows(all []workflows.PublishItem) []web.BlockedRow {
	var rows []web.BlockedRow
	for _, b := range all {
		rows = append(rows, web.BlockedRow{Number: b.Line.Number, Title: b.Line.Title, Reasons: b.Why})
	}
	return rows
}

func batchProgress(b *workflows.BatchView) *web.BatchProgress {
	if b == nil || b.Total == 0 {
		return nil
	}
	return &web.BatchProgress{Token: b.Token, Total: b.Total, Done: b.Done, Ended: b.EndedAt != nil, By: b.ByName, At: b.BegunAt, Refused: b.Refused}
}

// wishesOf reads the decisions of a form, with the number each was typed for. A
// proposal for which nothing is chosen, and nothing is staged, is left alone.
func wishesOf(form url.Values) (wishes []domain.DecisionWish, of []string, why []domain.Reason) {
	for _, name := range slices.Sorted(maps.Keys(form)) {
		n, is := strings.CutPrefix(name, "outcome-")
		if !is || form.Get(name) == "" {
			continue
		}
		w := wishOf(form, n)
		switch {
		case w.Outcome != "" || w.Ref != "" && w.Version != 0: // staged, or cleared
			wishes, of = append(wishes, w), append(of, n)
		case strings.TrimSpace(form.Get("feedback-"+n)) != "":
			why = append(why, domain.Wrong("/outcome-"+n, "required", "%s: choose the decision that the feedback goes with.", or2(w.Ref, "One that is not listed")))
		}
	}
	return wishes, of, why
}

// wishOf is what is chosen for a row of the form.
func wishOf(form url.Values, n string) domain.DecisionWish {
	w := domain.DecisionWish{Ref: n, Version: number(form.Get("version-" + n))}
	if n == "another" {
		w.Ref, w.Version = strings.TrimSpace(form.Get("another")), workflows.AnyVersion
	}
	if chosen := form.Get("outcome-" + n); chosen != "none" {
		w.Outcome, w.Feedback, w.NoFeedback = domain.Outcome(chosen), form.Get("feedback-"+n), form.Get("none-"+n) == "yes"
		w.Reason = or2(form.Get("reason-"+n), form.Get("reason"))
	}
	return w
}

// decisionsStaged stages what differs from what is staged, all or nothing.
func (s *Server) decisionsStaged(c *Call) error {
	form, why, err := c.form()
	if err != nil {
		return err
	}
	wishes, of, wrong := wishesOf(form)
	why = append(why, wrong...)
	done, err := s.stageWishes(c, wishes, why)
	if err != nil {
		status, reasons, ok := refused(err)
		if !ok {
			return err
		}
		return s.showDecisions(c, again{status: status, why: asRows(reasons, of), typed: form})
	}
	c.flash(stagedWords(done))
	show := ""
	if form.Get("show") != "" {
		show = "?show=" + url.QueryEscape(form.Get("show"))
	}
	return c.see(decisionsPath(c.Param("slug")) + show)
}

// stageWishes stages, when the form itself has nothing wrong; when it has, the
// refusal tells what is wrong with the wishes too.
func (s *Server) stageWishes(c *Call, wishes []domain.DecisionWish, why []domain.Reason) ([]workflows.DecisionDifference, error) {
	if len(why) == 0 {
		return s.decisionFlows().StageAll(c.Ctx(), c.Actor, c.Param("slug"), wishes)
	}
	all, err := s.decisionFlows().StageAll(workflows.DryRun(c.Ctx()), c.Actor, c.Param("slug"), wishes)
	for i, d := range all {
		for _, r := range d.Why {
			r.Pointer = fmt.Sprintf("/decisions/%d%s", i, r.Pointer)
			why = append(why, r)
		}
	}
	return nil, domain.Together(domain.Refuse(why...), err)
}

// asRows points the reasons of wishes at the controls they were typed into.
func asRows(why []domain.Reason, of []string) []domain.Reason {
	var all []domain.Reason
	for _, r := range why {
		place, field, _ := strings.Cut(strings.TrimPrefix(r.Pointer, "/decisions/"), "/")
		i, err := strconv.Atoi(place)
		switch {
		case err != nil || i >= len(of):
		case field == "reason":
			r.Pointer = "/reason"
		case field == "proposal" && of[i] == "another":
			r.Pointer = "/another"
		case field == "feedback":
			r.Pointer = "/feedback-" + of[i]
		default:
			r.Pointer = "/outcome-" + of[i]
		}
		if err == nil && i < len(of) && r.Pointer != "/reason" && of[i] != "another" {
			r.Detail = of[i] + ": " + r.Detail
		}
		if !slices.ContainsFunc(all, func(o domain.Reason) bool { return o.Pointer == r.Pointer && o.Detail == r.Detail }) {
			all = append(all, r)
		}
	}
	return all
}

func stagedWords(all []workflows.DecisionDifference) string {
	n := map[domain.DecisionChange]int{}
	for _, d := range all {
		n[d.Change]++
	}
	var said []string
	for _, c := range []domain.DecisionChange{domain.DecisionNew, domain.DecisionChanged, domain.DecisionCleared} {
		if n[c] > 0 {
			said = append(said, fmt.Sprintf("%d %s", n[c], c))
		}
	}
	if len(said) == 0 {
		return "Nothing differed from what is staged."
	}
	return "Staged: " + domain.AndList(said) + ". Nobody is told before they are published."
}

// decisionsFile is the list as a file that can be filled in and sent back.
func (s *Server) decisionsFile(c *Call) error {
	l, err := s.decisionFlows().Lines(c.Ctx(), c.Actor, c.Param("slug"))
	if err != nil {
		return err
	}
	rows := [][]string{{"number", "title", "state", "outcome", "feedback", "no_feedback", "reason"}}
	for _, line := range l.Lines {
		row := []string{line.Number, line.Title, string(line.State), "", "", "", ""}
		if d := line.Staged; d != nil {
			row[3], row[4], row[6] = string(d.Outcome), d.Feedback, d.Reason
			if d.NoFeedback {
				row[5] = "yes"
			}
		}
		if line.Staged != nil || line.State == domain.Submitted {
			rows = append(rows, row)
		}
	}
	return c.table("decisions-"+l.Call.Slug, rows)
}

// decisionsCompared shows what a file would change, and keeps nothing.
func (s *Server) decisionsCompared(c *Call) error {
	data, err := c.file("file")
	if err != nil {
		return err
	}
	p := web.DifferencePage{Page: c.frame("What the file would change", web.Link{Label: "Decisions", Href: decisionsPath(c.Param("slug"))})}
	wishes, err := workflows.ReadDecisions(data)
	var all []workflows.DecisionDifference
	if err == nil {
		all, err = s.decisionFlows().StageAll(workflows.DryRun(c.Ctx()), c.Actor, c.Param("slug"), wishes)
	}
	status, why, refusal := refused(err)
	if err != nil && !refusal || domain.IsKind(err, domain.NotFound) || domain.IsKind(err, domain.Forbidden) {
		return err
	}
	call, err := s.callFlows().Get(c.Ctx(), c.Actor, c.Param("slug"))
	if err != nil {
		return err
	}
	p.Call, p.Reasons = call.Call, why
	for i, d := range all {
		p.Lines = append(p.Lines, differenceLine(d))
		for _, r := range d.Why {
			r.Pointer = ""
			r.Detail = fmt.Sprintf("Line %d, %s: %s", i+2, d.Wish.Ref, r.Detail)
			p.Reasons = append(p.Reasons, r)
		}
		p.Fields = append(p.Fields, wishFields(d)...)
	}
	p.HasErrors = len(p.Reasons) > 0
	if p.HasErrors && status == 0 {
		status = http.StatusUnprocessableEntity
	}
	return c.show(max(status, http.StatusOK), web.Difference(p))
}

func differenceLine(d workflows.DecisionDifference) web.DifferenceLine {
	l := web.DifferenceLine{Number: or2(d.Line.Number, d.Wish.Ref), Title: d.Line.Title, Change: d.Change, After: "Nothing", Before: "Nothing", Feedback: d.Wish.Feedback, Reasons: d.Why}
	if len(d.Why) > 0 {
		l.Change = ""
	}
	if d.Line.Staged != nil {
		l.Before = domain.State(d.Line.Staged.Outcome).Label()
	}
	if d.Wish.Outcome != "" {
		l.After = domain.State(d.Wish.Outcome).Label()
	}
	return l
}

// wishFields are the fields of the form that stages a line of a file.
func wishFields(d workflows.DecisionDifference) []web.SentField {
	n, version := d.Line.Number, 0
	if d.Line.Staged != nil {
		version = d.Line.Staged.Version
	}
	fields := []web.SentField{{Name: "version-" + n, Value: strconv.Itoa(version)}, {Name: "outcome-" + n, Value: or2(string(d.Wish.Outcome), "none")}, {Name: "feedback-" + n, Value: d.Wish.Feedback}, {Name: "reason-" + n, Value: d.Wish.Reason}}
	if d.Wish.NoFeedback {
		fields = append(fields, web.SentField{Name: "none-" + n, Value: "yes"})
	}
	if d.Change == domain.DecisionSame {
		return nil
	}
	return fields
}

// file is a file that was sent with a form; 422 without one.
func (c *Call) file(name string) ([]byte, error) {
	head, err := c.FormFile(name)
	if err != nil {
		return nil, domain.Refuse(domain.Wrong("/"+name, "required", "Choose a file first."))
	}
	f, err := head.Open()
	if err != nil {
		return nil, fmt.Errorf("read the file that was sent: %w", err)
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(f)
}
