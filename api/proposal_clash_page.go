package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

// mergedOrShown handles a save that somebody else was faster than. What only one
// of the two changed is kept as that one has it; where both changed the same field,
// the page that asks is shown, and the editor returned is empty.
func (s *Server) mergedOrShown(c *Call, form url.Values, change workflows.Change) (workflows.Editor, error) {
	theirs, err := s.proposals().Editor(c.Ctx(), c.Actor, c.Param("ref"))
	if err != nil {
		return theirs, err
	}
	clashes := clashesOf(theirs, form, change)
	if slices.ContainsFunc(clashes, func(x domain.FieldClash) bool { return x.Conflict }) {
		return workflows.Editor{}, s.showClash(c, theirs, clashes, form)
	}
	return s.proposals().SaveDraft(c.Ctx(), c.Actor, theirs.ID, mineOnly(change, clashes, theirs.Version))
}

// mineOnly is a change to a newer version, of what the person changed and nobody else.
func mineOnly(change workflows.Change, clashes []domain.FieldClash, version int) workflows.Change {
	change.Version, change.Title, change.Answers = version, nil, domain.Answers{}
	for _, x := range clashes {
		switch {
		case slices.Equal(x.Base, x.Mine):
		case x.Key == domain.TitleKey:
			change.Title = &x.Mine[0]
		default:
			change.Answers[x.Key] = x.Mine
		}
	}
	return change
}

func (s *Server) showClash(c *Call, theirs workflows.Editor, clashes []domain.FieldClash, form url.Values) error {
	_, all, err := s.proposals().Versions(c.Ctx(), c.Actor, theirs.ID, workflows.RevisionFilter{Limit: 1})
	if err != nil {
		return err
	}
	who := "Somebody"
	if len(all) > 0 && all[0].ByID != c.Actor.ID {
		who = all[0].ByName
	}
	p := web.ClashPage{Page: c.frame("Choose what to keep", crumbs(theirs.ProposalView)...), Proposal: theirs.Proposal, Who: who, Version: theirs.Version, Clashes: clashes, Sponsors: editSponsors(theirs, form)}
	p.HasErrors = true
	return c.show(http.StatusPreconditionFailed, web.Clash(p))
}

// clashesOf compares what is saved with what was typed. What both began with is
// known by its mark: the text itself may be gone.
func clashesOf(theirs workflows.Editor, form url.Values, change workflows.Change) []domain.FieldClash {
	began := map[string]string{}
	for _, mark := range strings.Fields(form.Get("base")) {
		key, sum, _ := strings.Cut(mark, "=")
		began[key] = sum
	}
	saved := domain.Content{Title: theirs.Title, Answers: theirs.Answers}
	mine := domain.Content{Title: *change.Title, Answers: typedOver(theirs.Answers, change.Answers)}
	base := domain.Content{Title: baseOf(began[domain.TitleKey], []string{saved.Title}, []string{mine.Title})[0], Answers: domain.Answers{}}
	for key := range mine.Answers {
		base.Answers[key] = baseOf(began[key], saved.Answers[key], mine.Answers[key])
	}
	return domain.Clash(theirs.Facts.Form.Spec, base, saved, mine)
}

// baseOf is whichever of the two texts has the mark; a text that is neither when both were changed.
func baseOf(mark string, theirs, mine []string) []string {
	switch mark {
	case web.ValueMark(theirs):
		return theirs
	case web.ValueMark(mine):
		return mine
	}
	return []string{"\uFFFF"}
}

// resolved saves what was chosen, part by part.
func (s *Server) resolved(c *Call, form url.Values) error {
	change := workflows.Change{Version: number(form.Get("version")), Answers: domain.Answers{}, Close: true}
	for _, key := range form["clash"] {
		if form.Get("choose:"+key) != "mine" {
			continue
		}
		if key == domain.TitleKey {
			title := form.Get("mine:" + key)
			change.Title = &title
			continue
		}
		change.Answers[key] = form["mine:"+key]
	}
	sponsorsOf(&change, form)
	e, err := s.proposals().SaveDraft(c.Ctx(), c.Actor, c.Param("ref"), change)
	if domain.IsKind(err, domain.Stale) {
		return s.clashAgain(c, form)
	}
	if status, why, ok := refused(err); ok {
		return s.editAgain(c, again{status: status, title: "Not saved yet", why: why})
	}
	if err != nil {
		return err
	}
	c.flash("Your choices are saved. What they replaced stays among the versions.")
	return c.see("/proposals/" + e.Ref() + "/edit")
}

// clashAgain is for a third change that came in between.
func (s *Server) clashAgain(c *Call, form url.Values) error {
	theirs, err := s.proposals().Editor(c.Ctx(), c.Actor, c.Param("ref"))
	if err != nil {
		return err
	}
	title := theirs.Title
	change := workflows.Change{Title: &title, Answers: domain.Answers{}}
	for _, key := range form["clash"] {
		if key == domain.TitleKey {
			title = form.Get("mine:" + key)
			continue
		}
		change.Answers[key] = form["mine:"+key]
	}
	return s.showClash(c, theirs, clashesOf(theirs, form, change), form)
}
