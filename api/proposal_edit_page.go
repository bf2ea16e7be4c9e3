package api

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

func (s *Server) editPage(c *Call) error {
	e, err := s.proposals().Editor(c.Ctx(), c.Actor, c.Param("ref"))
	if err != nil {
		return err
	}
	if why := e.Why(domain.Edit, e.Facts); len(why) > 0 {
		return domain.Refuse(why...)
	}
	return s.showEditor(c, e, again{status: http.StatusOK})
}

// showEditor shows the editor as the draft is, or with what was typed.
func (s *Server) showEditor(c *Call, e workflows.Editor, back again) error {
	if back.typed != nil {
		change := changeOf(back.typed)
		e.Title, e.Answers = *change.Title, typedOver(e.Answers, change.Answers)
	}
	f := e.Facts
	p := web.EditPage{
		Page: c.frame("Edit: "+or2(e.Title, "untitled draft"), crumbs(e.ProposalView)...), Proposal: e.Proposal, Call: f.Call, VenueName: f.Venue.Name,
		VenueNote: "Decided by: " + decidedBy(f.Venue) + ".", Form: f.Form.Spec, Fields: editFields(f.Form.Spec, e.Proposal, c.QueryParam("add"), back.why),
		Speakers: editSpeakers(e, back.why), Checks: e.Checks, Effect: submitEffect(e), Reasons: back.why,
		Saved: "Saved at " + domain.Clock12(e.UpdatedAt.In(domain.Zone(or2(c.Actor.Zone, f.Section.Zone)))), Submitted: e.State != domain.Draft,
		MaySubmit: mayTry(e, domain.Submit),
	}
	p.Summary = or2(back.title, web.Heads(len(back.why), "submit"))
	p.Sponsors = editSponsors(e, back.typed)
	p.HasErrors = len(back.why) > 0
	if e.May(domain.ChangeCall) {
		p.ChangeTo = "/proposals/" + e.Ref() + "/change-call"
	}
	p.Scripts, p.Bar = []string{"autosave.js"}, web.EditBar(p)
	return c.show(back.status, web.Edit(p))
}

// mayTry tells whether the person is one who makes the move, whatever else stands in its way.
func mayTry(e workflows.Editor, a domain.Action) bool {
	return !slices.ContainsFunc(e.Why(a, e.Facts), func(r domain.Reason) bool { return r.Kind == domain.Forbidden })
}

func typedOver(kept, typed domain.Answers) domain.Answers {
	all := kept.Clone()
	for key, values := range typed {
		all[key] = values
	}
	return all
}

// editFields are the fields of the form with the title first, and one more line
// in the list that asked for it.
func editFields(form domain.FormSpec, p domain.Proposal, add string, why []domain.Reason) []web.FormAnswer {
	titled, found := form.Field(domain.TitleKey)
	if !found {
		titled = domain.Field{Key: domain.TitleKey, Label: "Title", Kind: domain.Line}
	}
	titled.Required = true
	all := []web.FormAnswer{{Field: titled, Values: []string{p.Title}, Reasons: why}}
	for _, a := range answersOf(form, p.Answers) {
		a.Reasons = why
		if a.Field.Key == add {
			rows := max(len(a.Values), a.Field.MinItems, 1)
			a.Values = append(slices.Clone(a.Values), make([]string, rows+1-len(a.Values))...)
		}
		all = append(all, a)
	}
	return all
}

func editSpeakers(e workflows.Editor, why []domain.Reason) []web.EditSpeaker {
	active := domain.Active(e.Facts.Speakers)
	all := make([]web.EditSpeaker, len(active))
	for i, sp := range active {
		own := len(e.Facts.Roster) > 0 && domain.OwnSpeakersOnly([]domain.Speaker{sp}, e.Facts.Roster)
		all[i] = web.EditSpeaker{
			ID: sp.ID, Name: sp.Name, Line: belowName(sp), Moderates: sp.Role == domain.Moderates, ToBeNamed: sp.ToBeNamed, Own: own,
			Email: sp.Email != "", Answer: sp.Answer, First: i == 0, Last: i == len(active)-1,
		}
		for _, r := range why {
			if strings.HasPrefix(r.Pointer, "/speakers/"+strconv.Itoa(i)+"/") || r.Pointer == "/speakers/"+strconv.Itoa(i) {
				all[i].Errors = append(all[i].Errors, r.Detail)
			}
		}
	}
	return all
}

// submitEffect tells what submitting does to what the group owes.
func submitEffect(e workflows.Editor) web.SubmitEffect {
	f := e.Facts
	effect := web.SubmitEffect{Counts: e.Counts, Already: e.State.Counts()}
	if duty, owed := e.Standing.Duty(e.VenueID); owed {
		effect.Duty = &duty
	}
	if f.Venue.Gated && e.GateOverride == "" {
		effect.Gate = e.Standing.GateClosed(f.Section.Settings.Gate, f.Now)
	}
	effect.Note = "It counts from then on, whatever the decision."
	switch {
	case effect.Already:
		effect.Note = "It is submitted and counts already. Each change is a new version."
	case effect.Duty != nil && e.Counts && effect.Duty.Missing() == 0:
		effect.Note = "Your group has " + strconv.Itoa(effect.Duty.Counted) + " of " + strconv.Itoa(effect.Duty.Required) + " for " + effect.Duty.VenueName + " already. This one is welcome besides."
	case effect.Duty == nil || !e.Counts:
		effect.Note = "It is welcome, and counts toward no duty of your group."
	}
	if f.Venue.Decider == domain.DecidedOutside {
		effect.Note += " Next you copy it into " + f.Venue.Site + "."
	}
	if !f.Venue.Stipends {
		effect.Note += " There are no stipends at " + f.Venue.Name + "."
	}
	return effect
}

// changeOf reads the editor's form. A field that was on the page and holds
// nothing is cleared; one that was not on it stays.
func changeOf(form url.Values) workflows.Change {
	title := form.Get(domain.TitleKey)
	c := workflows.Change{Version: number(form.Get("version")), Title: &title, Answers: domain.Answers{}}
	for _, key := range strings.Fields(form.Get("asked")) {
		if key != domain.TitleKey {
			c.Answers[key] = form[key]
		}
	}
	sponsorsOf(&c, form)
	return c
}

// sponsorsOf reads the groups that are ticked as co-sponsors, where the form had them.
func sponsorsOf(c *workflows.Change, form url.Values) {
	if form.Has("co_sponsors_began") {
		ticked, began := form["co_sponsors"], strings.Fields(form.Get("co_sponsors_began"))
		c.CoSponsors, c.Began = &ticked, &began
	}
}

// editSponsors are the groups offered as co-sponsors where the form asks for them,
// as they are or as they were ticked.
func editSponsors(e workflows.Editor, typed url.Values) *web.EditSponsors {
	if _, asked := e.Facts.Form.Spec.Field("cosponsors"); !asked || len(e.Sponsors) == 0 {
		return nil
	}
	p := web.EditSponsors{Each: e.Facts.Section.Settings.CoSponsors == "each"}
	for _, g := range e.Sponsors {
		o := web.SponsorOption{ID: g.ID, Name: g.Name, Ticked: g.Chosen}
		if g.Chosen {
			p.Began = append(p.Began, g.ID)
		}
		if typed.Has("co_sponsors_began") {
			o.Ticked = slices.Contains(typed["co_sponsors"], g.ID)
		}
		p.Groups = append(p.Groups, o)
	}
	if typed.Has("co_sponsors_began") {
		p.Began = strings.Fields(typed.Get("co_sponsors_began"))
	}
	return &p
}

// edited saves, and then does what the button says.
func (s *Server) edited(c *Call) error {
	form, _, err := c.form()
	if err != nil {
		return err
	}
	if form.Get("do") == "resolve" {
		return s.resolved(c, form)
	}
	if !form.Has("asked") {
		return &fault{status: http.StatusBadRequest, code: "malformed_form", detail: "The form did not say which fields it had. Open the editor again."}
	}
	do, about, _ := strings.Cut(form.Get("do"), ":")
	change := changeOf(form)
	change.Close = do == "save" || do == "submit"
	e, err := s.proposals().SaveDraft(c.Ctx(), c.Actor, c.Param("ref"), change)
	if domain.IsKind(err, domain.Stale) {
		e, err = s.mergedOrShown(c, form, change)
		if err == nil && e.ID == "" {
			return nil // the clash is on its way
		}
	}
	if status, why, ok := refused(err); ok {
		return s.editAgain(c, again{status: status, title: "Not saved yet", why: why, typed: form})
	}
	if err != nil {
		return err
	}
	return s.editedThen(c, e, do, about)
}

// editAgain shows the editor with what was typed, even when the draft can no
// longer be changed: the text is not lost.
func (s *Server) editAgain(c *Call, back again) error {
	e, err := s.proposals().Editor(c.Ctx(), c.Actor, c.Param("ref"))
	if err != nil {
		return err
	}
	return s.showEditor(c, e, back)
}

// editedThen does what the button of the editor says, after the text is saved.
func (s *Server) editedThen(c *Call, e workflows.Editor, do, about string) error {
	c.stands = true
	base := "/proposals/" + e.Ref()
	switch do {
	case "save":
		c.flash("Saved. Nothing else was changed.")
		return c.see(base)
	case "submit":
		return s.submitted(c, e)
	case "add":
		return c.see(base + "/edit?add=" + url.QueryEscape(about) + "#" + url.PathEscape(about))
	case "change-call":
		return c.see(base + "/change-call")
	case "speaker-new":
		return c.see(base + "/speakers/new")
	case "speaker-edit":
		return c.see(base + "/speakers/" + url.PathEscape(about))
	case "speaker-up", "speaker-down", "speaker-invite":
		return s.speakerMoved(c, e, do, about)
	}
	return c.see(base + "/edit")
}

func (s *Server) submitted(c *Call, e workflows.Editor) error {
	v, err := s.proposals().Act(c.Ctx(), c.Actor, e.ID, domain.Submit, workflows.Move{Version: e.Version})
	if status, why, ok := refused(err); ok {
		return s.showEditor(c, e, again{status: status, title: web.Heads(len(why), "submit"), why: why})
	}
	if err != nil {
		return err
	}
	return s.afterMove(c, domain.Submit, v)
}

func (s *Server) speakerMoved(c *Call, e workflows.Editor, do, id string) error {
	active := domain.Active(e.Facts.Speakers)
	i := slices.IndexFunc(active, func(sp domain.Speaker) bool { return sp.ID == id })
	if i < 0 {
		return domain.NotThere("speaker")
	}
	var err error
	position := i // people count from 1, so this is one place up
	switch do {
	case "speaker-invite":
		_, err = s.proposals().Act(c.Ctx(), c.Actor, e.ID, domain.InviteSpeaker, workflows.Move{Input: domain.Input{SpeakerID: id}})
		c.flash("An invitation to " + active[i].Name + " is on its way. Earlier links have ended.")
	case "speaker-down":
		position = i + 2
		fallthrough
	default:
		_, err = s.proposals().ChangeSpeaker(c.Ctx(), c.Actor, e.ID, id, workflows.SpeakerChange{Position: &position})
	}
	if status, why, ok := refused(err); ok {
		return s.showEditor(c, e, again{status: status, title: "Saved, but not done", why: why})
	}
	if err != nil {
		return err
	}
	return c.see("/proposals/" + e.Ref() + "/edit#speakers")
}

// autosaved answers the script: 200 with the version and the checks, 412 with
// who was faster, 422 with what cannot be kept.
func (s *Server) autosaved(c *Call) error {
	form, _, err := c.form()
	if err != nil {
		return err
	}
	if !form.Has("asked") {
		return &fault{status: http.StatusBadRequest, code: "malformed_form", detail: "The form did not say which fields it had. Open the editor again."}
	}
	e, err := s.proposals().SaveDraft(c.Ctx(), c.Actor, c.Param("ref"), changeOf(form))
	if domain.IsKind(err, domain.Stale) {
		_, all, err := s.proposals().Versions(c.Ctx(), c.Actor, c.Param("ref"), workflows.RevisionFilter{Limit: 1})
		if err != nil || len(all) == 0 {
			return err
		}
		return c.JSON(http.StatusPreconditionFailed, map[string]string{"detail": all[0].ByName + " changed this while you were editing. Your text is still here: press Save and close to choose, part by part, what to keep."})
	}
	if err != nil {
		return err
	}
	var checks strings.Builder
	if err := web.ChecksList(e.Checks).Render(c.Ctx(), &checks); err != nil {
		return err
	}
	at := e.UpdatedAt.In(domain.Zone(or2(c.Actor.Zone, e.Facts.Section.Zone)))
	return c.JSON(http.StatusOK, map[string]any{"version": e.Version, "saved": "Saved at " + domain.Clock12(at), "checks": checks.String()})
}
