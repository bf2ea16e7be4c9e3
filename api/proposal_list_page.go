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

// listFilters are what the list of proposals can be narrowed by, as its address has them.
type listFilters struct {
	Q, Group, Year, Venue, State string
}

func filtersOf(c *Call) listFilters {
	q := func(name string) string {
		return strings.ToValidUTF8(strings.ReplaceAll(c.QueryParam(name), "\x00", ""), "")
	}
	return listFilters{Q: q("q"), Group: q("group"), Year: q("year"), Venue: q("venue"), State: q("state")}
}

func (f listFilters) query() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{"q": f.Q, "group": f.Group, "year": f.Year, "venue": f.Venue, "state": f.State} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v
}

func (s *Server) proposalList(c *Call) error {
	f, in := filtersOf(c), listIn{Cursor: c.QueryParam("cursor")}
	key, err := after[lineKey](in, f)
	if err != nil {
		return err
	}
	wanted := workflows.ProposalFilter{GroupRef: f.Group, Year: domain.Year(f.Year), VenueID: f.Venue, State: domain.State(f.State), Words: domain.QueryWords(f.Q), Limit: in.limit() + 1}
	if key != nil {
		wanted.After = workflows.ProposalAfter(key.At, key.ID)
	}
	found, err := s.proposals().ListPage(c.Ctx(), c.Actor, wanted)
	if err != nil {
		return err
	}
	zone := s.Access.Zone.String()
	rows, err := pageOf(found.Lines, in, f, func(l workflows.ListedProposal) web.ProposalRow { return listRow(l, zone) },
		func(l workflows.ListedProposal) lineKey { return lineKey{l.UpdatedAt, l.ID} })
	if err != nil {
		return err
	}
	p := web.ProposalsPage{Page: c.frame("Proposals"), Filters: f.controls(found, c.Actor), Query: f.Q, Narrow: len(f.query()) > 0, Lines: rows.Data}
	if rows.NextCursor != nil {
		next := f.query()
		next.Set("cursor", *rows.NextCursor)
		p.Next = "/proposals?" + next.Encode()
	}
	if len(c.Actor.Groups()) > 0 {
		p.Start = "/proposals/new"
		if f.Group != "" {
			p.Start += "?group=" + url.QueryEscape(f.Group)
		}
	}
	return c.show(http.StatusOK, web.Proposals(p))
}

func listRow(l workflows.ListedProposal, zone string) web.ProposalRow {
	row := web.ProposalRow{Href: "/proposals/" + or2(l.Number, l.ID), Title: l.Title, Ref: l.Number, State: l.State, Group: l.GroupName, Call: l.CallName, Lead: l.Lead, Changed: l.UpdatedAt, Zone: zone}
	if l.State == domain.Submitted && l.Decider == domain.DecidedOutside && l.Reference == "" {
		row.Marks = []web.Mark{{Tone: "warn", Icon: "clock", Label: "Not yet sent"}}
	}
	return row
}

func (f listFilters) controls(found workflows.ProposalList, a domain.Actor) []web.Control {
	groups, venues, states := anyOf("All groups"), anyOf("All venues"), anyOf("Any state")
	for _, g := range found.Groups {
		groups = append(groups, domain.Option{Value: g.Slug, Label: g.Name})
	}
	for _, v := range found.Venues {
		venues = append(venues, domain.Option{Value: v.ID, Label: v.Name})
	}
	for _, st := range domain.States() {
		states = append(states, domain.Option{Value: string(st), Label: st.Label()})
	}
	return []web.Control{
		{Name: "q", Label: "Search", Type: "search", Value: f.Q, Autocomplete: "off"},
		{Name: "group", Label: "Group", Value: f.Group, Options: groups},
		{Name: "year", Label: "Year", Value: f.Year, Options: yearOptions(a)},
		{Name: "venue", Label: "Venue", Value: f.Venue, Options: venues},
		{Name: "state", Label: "State", Value: f.State, Options: states},
	}
}

func anyOf(label string) []domain.Option { return []domain.Option{{Value: "", Label: label}} }

// yearOptions are the years around today.
func yearOptions(a domain.Actor) []domain.Option {
	now := domain.YearOf(a.Today)
	last := domain.YearOf(now.Starts().AddDays(-1))
	options := anyOf("All years")
	for _, y := range []domain.Year{now.Next(), now, last} {
		options = append(options, domain.Option{Value: string(y), Label: y.Short()})
	}
	return options
}

func (s *Server) newProposalPage(c *Call) error {
	return s.showNew(c, again{status: http.StatusOK, typed: c.QueryParams()})
}

// showNew shows the form that starts a proposal, with what the address asks for
// or what was typed.
func (s *Server) showNew(c *Call, back again) error {
	group := strings.ToValidUTF8(back.typed.Get("group"), "")
	begin, err := s.proposals().Begin(c.Ctx(), c.Actor, group)
	if err != nil {
		return err
	}
	p := web.NewPage{
		Page: c.frame("Start a proposal", web.Link{Label: "Proposals", Href: "/proposals"}), Title: back.typed.Get("title"), Text: back.typed.Get("text"),
		Call: back.typed.Get("call"), Reasons: back.why,
	}
	p.HasErrors = len(back.why) > 0
	p.Group = web.Control{Name: "group", Label: "Group", Value: group, Options: []domain.Option{}, Errors: says(back.why, "/group")}
	for _, t := range begin.Groups {
		p.Group.Options = append(p.Group.Options, domain.Option{Value: t.GroupSlug, Label: t.GroupName})
	}
	now := domain.Facts{Now: s.Access.Now()}
	for _, t := range begin.Targets {
		p.Calls = append(p.Calls, domain.Option{Value: t.Call.Slug, Label: t.Call.Name, Hint: windowWords(t.Call, now)})
	}
	if p.Call == "" && len(p.Calls) > 0 {
		p.Call = p.Calls[0].Value
	}
	switch {
	case len(begin.Groups) == 0:
		p.Closed, p.Why = true, "Proposals come from a group, and you are in none today."
	case len(p.Calls) == 0:
		p.Closed, p.Why = true, "No call of this or the next program year has its dates yet."
	}
	return c.show(back.status, web.New(p))
}

// proposalStarted makes a draft, of a title alone or of a text that was pasted
// and looked through.
func (s *Server) proposalStarted(c *Call) error {
	form, why, err := c.form()
	if err != nil {
		return err
	}
	if err = domain.Refuse(why...); err == nil {
		var v workflows.ProposalView
		if v, err = s.proposals().Create(c.Ctx(), c.Actor, draftOf(form)); err == nil {
			c.flash("Your draft is begun. Only your group sees it.")
			return c.see("/proposals/" + v.Ref() + "/edit")
		}
	}
	status, reasons, ok := refused(err)
	if !ok {
		return err
	}
	back := again{status: status, why: reasons, typed: form}
	if form.Get("pasted") != "" {
		return s.showPasted(c, back)
	}
	return s.showNew(c, back)
}

func draftOf(form url.Values) workflows.Draft {
	d := workflows.Draft{Group: form.Get("group"), Call: form.Get("call"), Title: strings.TrimSpace(form.Get("title")), Answers: domain.Answers{}}
	if form.Get("pasted") == "" {
		return d
	}
	for _, key := range strings.Fields(form.Get("asked")) {
		if key != domain.TitleKey && len(form[key]) > 0 {
			d.Answers[key] = form[key]
		}
	}
	for _, sp := range pastedSpeakers(form) {
		if strings.TrimSpace(sp.Name) != "" {
			d.Speakers = append(d.Speakers, domain.Speaker{Name: strings.TrimSpace(sp.Name), Titles: linesOf(sp.Titles), Affiliations: linesOf(sp.Affiliations), Email: domain.FoldEmail(sp.Email)})
		}
	}
	return d
}

func pastedSpeakers(form url.Values) []web.PasteSpeaker {
	at := func(name string, i int) string {
		if i < len(form[name]) {
			return form[name][i]
		}
		return ""
	}
	var all []web.PasteSpeaker
	for i := range form["speaker_name"] {
		all = append(all, web.PasteSpeaker{Name: at("speaker_name", i), Titles: at("speaker_titles", i), Affiliations: at("speaker_affiliations", i), Email: at("speaker_email", i)})
	}
	return all
}

// textPasted shows what a text was read as. Nothing is saved.
func (s *Server) textPasted(c *Call) error {
	form, why, err := c.form()
	if err != nil {
		return err
	}
	back := again{status: http.StatusOK, typed: form, why: why}
	switch {
	case form.Get("do") == "again":
		return s.showNew(c, back)
	case len(why) > 0:
		back.status = http.StatusUnprocessableEntity
		return s.showNew(c, back)
	case strings.TrimSpace(form.Get("text")) == "":
		return s.showNew(c, again{status: http.StatusUnprocessableEntity, typed: form, why: []domain.Reason{domain.Wrong("/text", "required", "Paste a text first.")}})
	}
	form.Del("pasted")
	return s.showPasted(c, back)
}

// showPasted shows the parts of a draft: as they were read, or as they were
// corrected when the draft was refused.
func (s *Server) showPasted(c *Call, back again) error {
	begin, err := s.proposals().Begin(c.Ctx(), c.Actor, back.typed.Get("group"))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(begin.Targets, func(t domain.Target) bool {
		return t.Call.Slug == back.typed.Get("call") || t.Call.ID == back.typed.Get("call")
	})
	if i < 0 {
		return s.showNew(c, again{status: http.StatusUnprocessableEntity, typed: back.typed, why: []domain.Reason{domain.Wrong("/call", "required", "Choose a call.")}})
	}
	call, spec := begin.Targets[i].Call, begin.Targets[i].Form.Spec
	found := domain.Paste(back.typed.Get("text"), spec)
	draft := domain.Proposal{Title: or2(found.Title, back.typed.Get("title")), Answers: found.Answers}
	p := web.PastePage{
		Page: c.frame("Is this right?", web.Link{Label: "Proposals", Href: "/proposals"}), Group: back.typed.Get("group"), Call: call.Slug, CallName: call.Name,
		Found: foundWords(found, spec), Left: found.Left, Text: back.typed.Get("text"), Reasons: back.why, Speakers: readSpeakers(found.Speakers),
	}
	if back.typed.Get("pasted") != "" {
		typed := draftOf(back.typed)
		draft.Title, draft.Answers, p.Speakers = typed.Title, typed.Answers, pastedSpeakers(back.typed)
	}
	p.HasErrors = len(back.why) > 0
	p.Fields = pastedFields(editFields(spec, draft, "", back.why))
	return c.show(back.status, web.Paste(p))
}

// pastedFields are the fields that a text can fill, and those it filled.
func pastedFields(all []web.FormAnswer) []web.FormAnswer {
	keep := []string{domain.TitleKey, "short_description", "full_description", "outcomes", "audience"}
	return slices.DeleteFunc(all, func(a web.FormAnswer) bool { return !slices.Contains(keep, a.Field.Key) && len(a.Values) == 0 })
}

func readSpeakers(all []domain.Speaker) []web.PasteSpeaker {
	var shown []web.PasteSpeaker
	for _, sp := range all {
		shown = append(shown, web.PasteSpeaker{Name: sp.Name, Titles: strings.Join(sp.Titles, "\n"), Affiliations: strings.Join(sp.Affiliations, "\n"), Email: sp.Email})
	}
	return shown
}

// foundWords tells what was recognised, how much of it, and where it stood.
func foundWords(found domain.Pasted, spec domain.FormSpec) []string {
	var all []string
	for _, source := range found.Sources {
		what := or2(labelOf(spec, source.Field), "Title")
		switch {
		case source.Field == domain.SpeakersKey:
			what = domain.Plural(len(found.Speakers), "speaker")
		case len(found.Answers[source.Field]) > 1:
			what = domain.Plural(len(found.Answers[source.Field]), strings.ToLower(strings.TrimSuffix(what, "s")))
		}
		all = append(all, what+": "+source.From)
	}
	return all
}

func labelOf(spec domain.FormSpec, key string) string {
	field, _ := spec.Field(key)
	return field.Label
}
