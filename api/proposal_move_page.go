package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

// asked is what each move asks for, by the names of the form's fields. Moves
// without an entry post at once.
var asked = map[domain.Action][]string{
	domain.Delete:          {},
	domain.GrantLate:       {"until", "reason"},
	domain.OverrideGate:    {"reason"},
	domain.RecordExternal:  {"site", "reference", "sent_on"},
	domain.Withdraw:        {"reason"},
	domain.Decide:          {"outcome", "feedback", "no_feedback", "reason"},
	domain.RecordOutcome:   {"outcome", "decided_on", "evidence", "feedback"},
	domain.Confirm:         {"speaker_id"},
	domain.DeclineToSpeak:  {"speaker_id"},
	domain.ReplaceSpeaker:  {"speaker_id", "name", "email", "titles", "affiliations", "agreed"},
	domain.InviteSpeaker:   {"speaker_id"},
	domain.MarkDelivered:   {"presented"},
	domain.Cancel:          {"reason"},
	domain.CorrectDecision: {"outcome", "reason"},
	domain.Recuse:          {},
	domain.RequestChanges:  {"reason", "until"},
}

// moveOf finds a move that people make on pages by the last part of its address.
func moveOf(c *Call) (domain.Action, error) {
	a := domain.Action(c.Param("action"))
	if !a.OnProposal() || !slices.Contains(domain.Actions(), a) {
		return "", domain.NotThere("page")
	}
	return a, nil
}

// movePage asks for what a move needs. A move that is not possible answers with
// every reason.
func (s *Server) movePage(c *Call) error {
	a, err := moveOf(c)
	if err != nil {
		return err
	}
	v, err := s.proposals().Before(c.Ctx(), c.Actor, c.Param("ref"), a)
	if err != nil {
		return err
	}
	if v.Unread {
		c.back = &web.Link{Label: "Back to the decisions", Href: homeOf(v)}
	}
	if why := v.Why(a, v.Facts); len(why) > 0 {
		return domain.Refuse(why...)
	}
	switch a {
	case domain.SaveReview:
		return c.see(deskPath(v.Facts.Call.Slug, v.Number))
	case domain.StageDecision, domain.ClearDecision, domain.PublishDecision:
		return c.see(decisionsPath(v.Facts.Call.Slug) + "#" + v.Number)
	}
	if _, has := asked[a]; !has {
		return c.see("/proposals/" + v.Ref())
	}
	return s.showMove(c, v, a, again{status: http.StatusOK})
}

func (s *Server) showMove(c *Call, v workflows.ProposalView, a domain.Action, back again) error {
	m := moveForm{view: v, action: a, again: back}
	p := web.MovePage{
		Page: c.frame(a.LabelIn(v.State), crumbs(v)...), Proposal: v.Proposal, Heading: headingOf(a, v.State), Effect: effectOf(a, v.State),
		To: web.MoveAddress(v.Ref(), a), Back: homeOf(v), Button: headingOf(a, v.State), Icon: "check", Reasons: asFields(back.why), Fields: m.fields(),
		Danger: a == domain.Withdraw || a == domain.Cancel || a == domain.Delete || a == domain.CorrectDecision,
	}
	p.HasErrors = len(back.why) > 0
	switch {
	case a == domain.Delete:
		p.Icon = "trash"
	case p.Danger:
		p.Icon = "ban"
	}
	return c.show(back.status, web.Move(p))
}

func crumbs(v workflows.ProposalView) []web.Link {
	if v.Unread {
		return []web.Link{{Label: "Decisions", Href: homeOf(v)}}
	}
	if v.Sight != domain.Whole {
		return []web.Link{{Label: "Review", Href: deskPath(v.Facts.Call.Slug, "")}, {Label: v.Title, Href: "/proposals/" + v.Ref()}}
	}
	return []web.Link{{Label: "Proposals", Href: "/proposals?group=" + v.Facts.Group.Slug}, {Label: or2(v.Title, "Untitled draft"), Href: "/proposals/" + v.Ref()}}
}

// homeOf is where one goes on from a proposal: its page, or for those who decide
// on it and do not read it, the page of decisions.
func homeOf(v workflows.ProposalView) string {
	if v.Unread {
		return decisionsPath(v.Facts.Call.Slug) + "#" + v.Number
	}
	return "/proposals/" + v.Ref()
}

// headingOf is the move by name on its own page, where "Cancel" alone would
// read as the way back.
func headingOf(a domain.Action, from domain.State) string {
	if a == domain.Cancel {
		return "Cancel this proposal"
	}
	return a.LabelIn(from)
}

// effectOf is what the lifecycle's table says the move does.
func effectOf(a domain.Action, from domain.State) string {
	for _, m := range domain.Moves {
		if m.Action == a && slices.Contains(m.From, from) {
			return m.Effect
		}
	}
	return ""
}

// asFields points reasons at the fields of the form: those of a new speaker
// stand beside the others.
func asFields(why []domain.Reason) []domain.Reason {
	why = slices.Clone(why)
	for i := range why {
		why[i].Pointer = strings.Replace(why[i].Pointer, "/speaker/", "/", 1)
	}
	return why
}

// moveForm draws the fields a move asks for.
type moveForm struct {
	view   workflows.ProposalView
	action domain.Action
	again  again
}

func (m moveForm) fields() []templ.Component {
	var all []templ.Component
	for _, name := range asked[m.action] {
		all = append(all, m.field(name))
	}
	return all
}

func (m moveForm) field(name string) templ.Component {
	switch name {
	case "outcome":
		return web.Radios(web.RadioField{Name: name, Legend: "Outcome", Options: m.outcomes(), Value: m.again.typed.Get(name), Errors: m.errors(name)})
	case "speaker_id":
		return web.Radios(web.RadioField{Name: name, Legend: "Which speaker?", Options: m.speakers(), Value: m.again.typed.Get(name), Errors: m.errors(name)})
	case "presented":
		return web.Ticks(web.TickField{Name: name, Legend: "Who presented?", Hint: "The stipends of the others end, and their places are not given again.", Options: m.speakers(), Values: m.again.typed[name], Errors: m.errors(name)})
	case "no_feedback":
		return web.Tick(name, "yes", "There is no feedback", "Said in so many words, so that nobody waits for it.", m.again.typed.Get(name) == "yes")
	}
	control := moveControls[name]
	control.Name, control.Value, control.Errors = name, m.again.typed.Get(name), m.errors(name)
	if m.action == domain.RequestChanges && name == "reason" {
		control.Label, control.Hint = "What should change?", "The group’s chairs are told, and it stands in the history."
	}
	if m.action == domain.Decide && name == "reason" && m.view.Facts.Venue.Decider == domain.DecidedByStaff {
		control.Optional = true // it is due only from whoever enters another's decision
	}
	if f := m.view.Facts; name == "name" && f.Venue.Decider != domain.DecidedOutside && f.AgreesToSpeakers() {
		control.Hint = "Leave it empty to agree to the one whom the group’s chairs proposed."
	}
	if m.again.typed == nil {
		control.Value = m.fill(name)
	}
	return web.Input(control)
}

var moveControls = map[string]web.Control{
	"reason":       {Label: "Why", Hint: "It stands in the history.", Rows: 3},
	"until":        {Label: "Until the end of", Type: "date", Class: "w-m"},
	"site":         {Label: "Site"},
	"reference":    {Label: "The reference it gave", Autocomplete: "off"},
	"sent_on":      {Label: "Sent on", Type: "date", Class: "w-m"},
	"decided_on":   {Label: "Decided on", Type: "date", Class: "w-m"},
	"evidence":     {Label: "Evidence", Hint: "The notice’s reference, or its text pasted here.", Rows: 3},
	"feedback":     {Label: "Feedback to the group", Rows: 3, Optional: true},
	"name":         {Label: "New speaker", Autocomplete: "off"},
	"email":        {Label: "Email", Type: "email", Autocomplete: "off", Optional: true},
	"titles":       {Label: "Titles", Hint: "One a line.", Rows: 2, Class: "short", Optional: true},
	"affiliations": {Label: "Affiliations", Hint: "One a line.", Rows: 2, Class: "short", Optional: true},
	"agreed":       {Label: "How the venue agreed", Hint: "By whom and when; needed where an outside jury decides.", Optional: true},
}

func (m moveForm) fill(name string) string {
	switch name {
	case "sent_on", "decided_on":
		return string(m.view.Facts.Actor.Today)
	case "site":
		return m.view.Facts.Venue.Site
	}
	return ""
}

func (m moveForm) errors(name string) []string { return says(asFields(m.again.why), "/"+name) }

func (m moveForm) outcomes() []domain.Option {
	var all []domain.Option
	for _, o := range domain.Outcomes() {
		if domain.State(o) != m.view.State {
			all = append(all, domain.Option{Value: string(o), Label: domain.State(o).Label()})
		}
	}
	return all
}

func (m moveForm) speakers() []domain.Option {
	var all []domain.Option
	for _, sp := range domain.Active(m.view.Facts.Speakers) {
		all = append(all, domain.Option{Value: sp.ID, Label: or2(sp.Name, "To be named"), Hint: belowName(sp)})
	}
	return all
}

// moved makes a move. Refused, it shows the form or the page again with every
// reason and what was typed.
func (s *Server) moved(c *Call) error {
	a, err := moveOf(c)
	if err != nil {
		return err
	}
	form, why, err := c.form()
	if err != nil {
		return err
	}
	if err = domain.Refuse(why...); err == nil {
		var after workflows.ProposalView
		if after, err = s.proposals().Act(c.Ctx(), c.Actor, c.Param("ref"), a, inputOf(form, s.Access.Zone)); err == nil {
			return s.afterMove(c, a, after)
		}
	}
	status, reasons, ok := refused(err)
	if !ok {
		return err
	}
	return s.moveAgain(c, a, again{status: status, title: refusedTitle(a, len(reasons)), why: reasons, typed: form})
}

func (s *Server) moveAgain(c *Call, a domain.Action, back again) error {
	if a == domain.ChangeCall {
		return s.showChangeCall(c, back)
	}
	if _, has := asked[a]; !has {
		return s.showProposal(c, back)
	}
	v, err := s.proposals().Before(c.Ctx(), c.Actor, c.Param("ref"), a)
	if err != nil {
		return err
	}
	return s.showMove(c, v, a, back)
}

func refusedTitle(a domain.Action, n int) string {
	return "Not done: " + strings.ToLower(a.Label()[:1]) + a.Label()[1:] + ". " + strings.ToUpper(domain.Plural(n, "reason")[:1]) + domain.Plural(n, "reason")[1:] + ":"
}

// inputOf reads what was filled in for a move. A day "until" holds to its end in
// the section's zone.
func inputOf(form url.Values, zone *time.Location) workflows.Move {
	m := workflows.Move{Version: number(form.Get("version")), Call: form.Get("call")}
	m.Input = domain.Input{
		Reason: form.Get("reason"), Outcome: domain.Outcome(form.Get("outcome")), DecidedOn: domain.Date(form.Get("decided_on")), Evidence: form.Get("evidence"),
		Feedback: form.Get("feedback"), NoFeedback: form.Get("no_feedback") == "yes", Site: form.Get("site"), Reference: form.Get("reference"),
		SentOn: domain.Date(form.Get("sent_on")), SpeakerID: form.Get("speaker_id"), Agreed: form.Get("agreed"), Presented: form["presented"],
	}
	if day := domain.Date(form.Get("until")); day.Valid() {
		end := day.AddDays(1).Midnight(zone).UTC()
		m.Input.Until = &end
	}
	if form.Has("name") {
		m.Input.Speaker = &domain.Speaker{
			Name: strings.TrimSpace(form.Get("name")), Email: strings.TrimSpace(form.Get("email")),
			Titles: linesOf(form.Get("titles")), Affiliations: linesOf(form.Get("affiliations")),
		}
	}
	return m
}

// linesOf are the lines of a text that say something.
func linesOf(text string) []string {
	lines := []string{}
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// afterMove goes on to the proposal and says what changed. A draft that was
// carried forward goes on in its editor.
func (s *Server) afterMove(c *Call, a domain.Action, v workflows.ProposalView) error {
	switch a {
	case domain.Delete:
		c.flash("“" + or2(v.Title, "Untitled draft") + "” is deleted.")
		return c.see("/proposals?group=" + v.Facts.Group.Slug)
	case domain.CarryForward:
		c.flash("Carried forward: this is the new draft for " + v.Facts.Call.Name + ". Text and speakers came along.")
		return c.see("/proposals/" + v.Ref() + "/edit")
	case domain.Recuse:
		c.flash("“" + v.Title + "” is closed to you from now on.")
		return c.see(deskPath(v.Facts.Call.Slug, ""))
	case domain.ChangeCall:
		c.flash("The draft is now for " + v.Facts.Call.Name + ".")
		return c.see("/proposals/" + v.Ref() + "/edit")
	}
	said := a.Past() + "."
	if v.Unread {
		c.flash(v.Number + ": " + said)
		return c.see(homeOf(v))
	}
	if step, err := s.proposals().LastStep(c.Ctx(), c.Actor, v.ID); err == nil && step.Detail != "" {
		said = a.Past() + ": " + strings.TrimSuffix(step.Detail, ".") + "."
	}
	c.flash(said)
	return c.see("/proposals/" + v.Ref())
}

func (s *Server) commented(c *Call) error {
	form, why, err := c.form()
	if err != nil {
		return err
	}
	if err = domain.Refuse(why...); err == nil {
		if _, err = s.proposals().Comment(c.Ctx(), c.Actor, c.Param("ref"), form.Get("comment")); err == nil {
			c.flash("Your comment is posted.")
			return c.see("/proposals/" + c.Param("ref") + "#discussion")
		}
	}
	status, reasons, ok := refused(err)
	if !ok {
		return err
	}
	return s.showProposal(c, again{status: status, title: "Your comment is not posted yet", why: reasons, typed: form})
}

func (s *Server) designated(c *Call) error {
	st, err := s.proposals().Designate(c.Ctx(), c.Actor, c.Param("ref"), c.typed("speaker_id"))
	if err != nil {
		return s.stipendAgain(c, err, again{title: "No stipend was designated"})
	}
	c.flash("Place " + web.Number(st.Slot) + " is designated. The speaker is told by mail.")
	return c.see("/proposals/" + c.Param("ref") + "#stipends")
}

func (s *Server) stipendMoved(c *Call) error {
	action := domain.StipendAction(c.Param("action"))
	if !slices.Contains([]domain.StipendAction{domain.AcceptMoney, domain.WaiveMoney, domain.VoidMoney}, action) {
		return domain.NotThere("page")
	}
	form, why, err := c.form()
	if err != nil {
		return err
	}
	if err = domain.Refuse(why...); err == nil {
		_, err = s.proposals().ActOnStipend(c.Ctx(), c.Actor, c.Param("id"), action, stipendInput(form))
	}
	if err != nil {
		form.Set("stipend", c.Param("id"))
		return s.stipendAgain(c, err, again{title: "The stipend stays as it was", typed: form})
	}
	c.flash(stipendSaid[action])
	return c.see("/proposals/" + c.Param("ref") + "#stipends")
}

func (s *Server) stipendAgain(c *Call, err error, back again) error {
	var ok bool
	if back.status, back.why, ok = refused(err); !ok {
		return err
	}
	return s.showProposal(c, back)
}

func (s *Server) changeCallPage(c *Call) error {
	return s.showChangeCall(c, again{status: http.StatusOK})
}

func (s *Server) showChangeCall(c *Call, back again) error {
	v, targets, err := s.proposals().Targets(c.Ctx(), c.Actor, c.Param("ref"))
	if err != nil {
		return err
	}
	if why := v.Why(domain.ChangeCall, v.Facts); len(why) > 0 {
		return domain.Refuse(why...)
	}
	base := "/proposals/" + v.Ref()
	p := web.ChangeCallPage{
		Page: c.frame("Change venue", crumbs(v)...), Title: v.Title, To: web.MoveAddress(v.Ref(), domain.ChangeCall), Back: base + "/edit",
		Version: v.Version, Now: v.Facts.Call.Name, Errors: saysAll(back.why),
	}
	p.HasErrors = len(back.why) > 0
	for _, t := range targets {
		p.Targets = append(p.Targets, choice(t, v, "title, speakers, and every answer both forms ask for", domain.Standing{}))
	}
	choose(p.Targets, or2(back.typed.Get("call"), "none"))
	return c.show(back.status, web.ChangeCall(p))
}

func saysAll(why []domain.Reason) []string {
	var said []string
	for _, r := range why {
		said = append(said, r.Detail)
	}
	return said
}
