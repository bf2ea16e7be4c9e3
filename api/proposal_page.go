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

// proposalPages are the pages around a proposal.
func (s *Server) proposalPages() []*route {
	return []*route{
		page(get, "/proposals", s.proposalList),
		page(get, "/proposals/new", s.newProposalPage),
		page(post, "/proposals/new", s.proposalStarted),
		page(post, "/proposals/paste", s.textPasted).repeatable(),
		page(get, "/proposals/:ref", s.proposalPage),
		page(get, "/proposals/:ref/document", s.documentPage),
		page(post, "/proposals/:ref/comments", s.commented),
		page(get, "/proposals/:ref/edit", s.editPage),
		page(post, "/proposals/:ref/edit", s.edited),
		page(post, "/proposals/:ref/autosave", s.autosaved).unlimited().repeatable(),
		page(get, "/proposals/:ref/versions", s.versionsPage),
		page(get, "/proposals/:ref/compare", s.comparePage),
		page(post, "/proposals/:ref/restore", s.restored),
		page(get, "/proposals/:ref/speakers/new", s.speakerPage),
		page(post, "/proposals/:ref/speakers/new", s.speakerSaved),
		page(get, "/proposals/:ref/speakers/:id", s.speakerPage),
		page(post, "/proposals/:ref/speakers/:id", s.speakerSaved),
		page(get, "/proposals/:ref/change-call", s.changeCallPage),
		page(post, "/proposals/:ref/designate", s.designated),
		page(post, "/proposals/:ref/stipends/:id/:action", s.stipendMoved),
		page(get, "/proposals/:ref/:action", s.movePage),
		page(post, "/proposals/:ref/:action", s.moved),
		page(get, "/speaker-links/:token", s.speakerLinkPage).open(),
		page(post, "/speaker-links/:token", s.speakerLinkUsed).open(),
	}
}

func (s *Server) proposals() workflows.Proposals { return s.Proposals }

// form is the form that was sent, with line endings as everybody else has them.
// A text that cannot be kept is named in the reasons.
func (c *Call) form() (url.Values, []domain.Reason, error) {
	sent, err := c.FormParams()
	if err != nil {
		return nil, nil, err
	}
	var why []domain.Reason
	tidy := url.Values{}
	for name, values := range sent {
		for _, v := range values {
			if !clean(v) {
				why = append(why, domain.Wrong("/"+name, "not_utf8", "A text holds characters that cannot be kept. Type it again."))
				v = strings.ReplaceAll(strings.ToValidUTF8(v, "\uFFFD"), "\x00", "\uFFFD")
			}
			tidy.Add(name, strings.ReplaceAll(v, "\r\n", "\n"))
		}
	}
	return tidy, why, nil
}

// number is a whole number of the form, 0 when it is none.
func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}

// again is a page that is shown again after a refusal: with the status, every
// reason, and what was typed.
type again struct {
	status int
	title  string
	why    []domain.Reason
	typed  url.Values
}

// says are the sentences of the reasons about one field.
func says(why []domain.Reason, pointer string) []string {
	var said []string
	for _, r := range why {
		if r.Pointer == pointer {
			said = append(said, r.Detail)
		}
	}
	return said
}

func (s *Server) proposalPage(c *Call) error { return s.showProposal(c, again{status: http.StatusOK}) }

func (s *Server) showProposal(c *Call, a again) error {
	at := trailOn(c)
	f, err := at.filter()
	if err != nil {
		return err
	}
	found, err := s.proposals().Page(c.Ctx(), c.Actor, c.Param("ref"), f)
	if err != nil {
		return err
	}
	v := proposalView{ProposalPage: found, again: a}
	p := v.page(c.frame(v.Title, v.above()...))
	if err := v.trail(&p, at); err != nil {
		return err
	}
	if a.title != "" {
		p.HasErrors = true
		p.Flash = append(p.Flash, web.Notice{Tone: "bad", Title: a.title, Reasons: a.why})
	}
	return c.show(a.status, web.Proposal(p))
}

// above are the pages that the proposal lies under.
func (v proposalView) above() []web.Link {
	if v.Sight != domain.Whole {
		return []web.Link{{Label: "Review", Href: "/review"}, {Label: v.Facts.Call.Name, Href: deskPath(v.Facts.Call.Slug, "")}}
	}
	return []web.Link{{Label: v.Facts.Group.Name, Href: "/groups/" + v.Facts.Group.Slug}, {Label: "Proposals", Href: "/proposals?group=" + v.Facts.Group.Slug}}
}

// sightNext says why something is not shown to a reviewer; nil when everything is.
func (v proposalView) sightNext() *web.Notice {
	switch v.Sight {
	case domain.TitleOnly:
		return &web.Notice{Tone: "info", Title: "This proposal is closed to you", Text: "You have a conflict of interest, so you see its title and nothing else.", Static: true, Link: &web.Link{Label: "Back to the review desk", Href: deskPath(v.Facts.Call.Slug, "")}}
	case domain.Nameless:
		return &web.Notice{
			Tone: "info", Title: "Names are hidden", Text: "Speakers and the group show when the recommendations begin: it has " + domain.Plural(v.Crew.Speakers, "speaker") + " from " + domain.Plural(v.Crew.Institutions, "institution") + ".",
			Static: true, Link: &web.Link{Label: "Open the review desk", Href: deskPath(v.Facts.Call.Slug, v.Number)},
		}
	}
	return nil
}

// proposalView makes a page of what the workflow found.
type proposalView struct {
	workflows.ProposalPage
	again again
}

func (v proposalView) zone() string { return v.Facts.Section.Zone }

func (v proposalView) page(frame web.Page) web.ProposalPage {
	f := v.Facts
	p := web.ProposalPage{
		Page: frame, Proposal: v.Proposal, Group: web.Link{Label: f.Group.Name, Href: "/groups/" + f.Group.Slug}, Call: f.Call, Zone: v.zone(),
		Marks: v.marks(), Fields: answersOf(f.Form.Spec, v.Answers), Comment: v.comment(),
		Lineage: v.lineage(), Speakers: v.speakers(), Stipends: v.stipends(), Waiting: v.waiting(), Facts: v.facts(), Carry: v.carry(), Copy: v.copyPanel(),
		Answer: v.outcome(), Revisions: v.Revision > 1,
	}
	if active := domain.Active(f.Speakers); len(active) > 0 {
		p.Lead = active[0].Name
	}
	if len(p.Lineage) > 1 {
		p.LineageNote = "What was submitted keeps counting for its own venue. Text and speakers were copied; decision, stipends and discussion stay where they were."
	}
	if p.Copy != nil && p.Copy.Form {
		p.Next = v.sendNext()
	}
	p.Life = v.life(p)
	if v.Sight != domain.Whole {
		p.Next, p.Group, p.Nameless, p.Closed = v.sightNext(), web.Link{}, true, v.Sight == domain.TitleOnly
	}
	return p
}

// marks are the facts that are read from other rows than the proposal's own.
func (v proposalView) marks() []web.Mark {
	f := v.Facts
	switch {
	case v.State == domain.Draft && v.LateUntil != nil && f.Now.Before(*v.LateUntil):
		return []web.Mark{{Tone: "info", Icon: "clock", Label: "May be submitted until " + domain.Deadline(*v.LateUntil, v.zone())}}
	case v.State == domain.Draft && v.GateOverride != "":
		return []web.Mark{{Tone: "info", Label: "The gate is open for it"}}
	case v.Offering != nil && v.Offering.Published && v.Offering.Status != domain.OfferingCancelled:
		return []web.Mark{web.Scheduled}
	case v.State != domain.Submitted:
		return nil
	case f.Venue.Decider == domain.DecidedByForum:
		return []web.Mark{{Label: "With the Leadership Team"}}
	case f.Venue.Decider == domain.DecidedByStaff:
		return []web.Mark{{Label: "With staff"}}
	case f.External == nil:
		return []web.Mark{{Tone: "warn", Icon: "clock", Label: "Ready, not yet sent to " + siteShort(f.Venue)}}
	}
	return []web.Mark{{Label: "With the jury"}, {Tone: "good", Icon: "check", Label: "Sent, reference " + f.External.Reference}}
}

// siteShort names the outside jury in a badge: ALA.
func siteShort(v domain.Venue) string {
	owner, _, _ := strings.Cut(v.Site, "’")
	return or2(owner, v.Name)
}

func or2(given, otherwise string) string {
	if given != "" {
		return given
	}
	return otherwise
}

// answersOf are the fields of the form with what they say, the title left out.
func answersOf(form domain.FormSpec, a domain.Answers) []web.FormAnswer {
	var all []web.FormAnswer
	for _, field := range form.Fields {
		if field.Key != domain.TitleKey {
			all = append(all, web.FormAnswer{Field: field, Values: a[field.Key]})
		}
	}
	return all
}

// life is the lifecycle panel. Designating is not a move of the proposal, but it
// is the next thing to do while a place is free.
func (v proposalView) life(p web.ProposalPage) web.LifePanel {
	path, next, actions := web.LifePath(v.Ways, v.State), web.LifeNext(v.Proposal), v.actions()
	l := web.LifePanel{
		State: v.State, Zone: v.zone(), Path: path, Cut: v.Cut, Next: next, Mine: web.LifeMine(v.Proposal, actions), Edges: web.LifeEdges(path, next),
		Others: web.LifeOthers(v.Proposal, v.Facts, actions),
	}
	for _, way := range v.Ways {
		if way.To == v.State {
			l.Since = way.At
			break
		}
	}
	taken := p.Carry != nil || p.Copy != nil && p.Copy.Form
	l.Moves, l.Refused = web.LifeMoves(v.Proposal, actions, !taken)
	for i, m := range l.Moves {
		if p.Copy != nil && p.Copy.Form && strings.HasSuffix(m.Href, "/"+string(domain.RecordExternal)) {
			l.Moves[i].Href = "#sent" // the form is on this page
		}
	}
	for _, card := range p.Speakers {
		for _, b := range card.Buttons {
			if b.Name == "speaker_id" && len(l.Moves) > 0 && !strings.HasPrefix(l.Moves[0].Href, "#stipends") {
				m := web.LifeMove{Label: b.Label, Icon: "cash", Note: "A stipend place is free. It is for speakers of this webinar.", Href: "#stipends", Primary: !taken && !l.Moves[0].Primary}
				l.Moves = slices.Insert(l.Moves, 0, m)
			}
		}
	}
	v.offerSale(&l)
	return l
}

// actions leaves out what there is nobody to do it with.
func (v proposalView) actions() []domain.Allowed[domain.Action] {
	none := len(domain.Active(v.Facts.Speakers)) == 0
	return slices.DeleteFunc(slices.Clone(v.Actions), func(a domain.Allowed[domain.Action]) bool {
		about := a.Action == domain.Confirm || a.Action == domain.DeclineToSpeak || a.Action == domain.ReplaceSpeaker
		return none && about
	})
}

func (v proposalView) sendNext() *web.Notice {
	say := "The jury decides in its own site, so the text has to be put there too."
	if c := v.Facts.Call; c.ClosesAt != nil && !c.ClosedAt(v.Facts.Now) {
		say += " The window closes " + domain.Deadline(*c.ClosesAt, c.Zone) + "."
	}
	return &web.Notice{Tone: "warn", Title: "Next: put this into " + v.Facts.Venue.Site, Text: say, Static: true, Link: &web.Link{Label: "Copy the text", Href: "#text"}}
}

func (v proposalView) comment() *web.Control {
	if !v.MayComment() {
		return nil
	}
	return &web.Control{Name: "comment", Label: "Add a comment", Rows: 3, Value: v.again.typed.Get("comment"), Errors: says(v.again.why, "/comment")}
}

// lineage are the idea's proposals. One that is not open to the person has no link.
func (v proposalView) lineage() []web.LineageNode {
	all := make([]web.LineageNode, len(v.Kin))
	a := v.Facts.Actor
	own := a.MemberOf(v.GroupID) || a.Has(domain.Admin)
	for i, k := range v.Kin {
		n := web.LineageNode{Label: k.CallName, State: k.State, Here: k.ID == v.ID}
		ref := k.ID
		if k.Number != "" {
			n.Label, ref = n.Label+", "+k.Number, k.Number
		}
		if own || k.Submitted && k.State != domain.Draft {
			n.Href = "/proposals/" + ref
		}
		if k.DecidedOn.Valid() {
			n.Note = "Decided " + domain.LongDay(k.DecidedOn.Midnight(domain.Zone("UTC")), "UTC")
		}
		all[i] = n
	}
	return all
}

func (v proposalView) outcome() *web.OutcomeCard {
	d := v.Facts.Decision
	if d == nil {
		return nil
	}
	o := &web.OutcomeCard{Outcome: d.Outcome, Title: "The decision", On: d.DecidedOn, Feedback: d.Feedback, NoFeedback: d.NoFeedback, Note: v.Facts.RecommendedNote, Recorded: "By " + d.ByName}
	if d.Source == "outside" {
		o.Title, o.Evidence, o.Recorded = "The jury’s answer", d.Evidence, "Recorded by "+d.ByName
	}
	return o
}

// facts are the lines of the small table.
func (v proposalView) facts() []web.Fact {
	f := v.Facts
	var all []web.Fact
	if duty, owed := v.Standing.Duty(v.VenueID); owed && v.State.Counts() && v.countsHere() {
		all = append(all, web.Fact{Term: "Counts toward", Text: duty.VenueName + " " + v.Year.Short() + ", " + strconv.Itoa(duty.Counted) + " of " + strconv.Itoa(duty.Required)})
	}
	if len(v.Sponsors) > 0 {
		all = append(all, web.Fact{Term: "Co-sponsors", Text: strings.Join(v.Sponsors, ", ")})
	}
	all = append(all, web.Fact{Term: "Call", Text: f.Call.Name})
	if f.Call.ClosesAt != nil && v.State == domain.Draft {
		all = append(all, web.Fact{Term: "Window", Body: web.DeadlineOf(*f.Call.ClosesAt, f.Call.Zone)})
	}
	if f.Call.EventOn.Valid() {
		all = append(all, web.Fact{Term: "Event", Body: web.Day(f.Call.EventOn)})
	}
	if v.Offering != nil {
		all = append(all, web.Fact{Term: "On sale", Body: web.SaleLink(domain.Offering{Slug: v.Offering.Slug, Status: v.Offering.Status, Zone: v.Offering.Zone, StartsAt: v.Offering.StartsAt}, runsWebinars(f.Actor))})
	}
	all = append(all, web.Fact{Term: "Decided by", Text: decidedBy(f.Venue)})
	if f.Group.Name != "" {
		all = append(all, web.Fact{Term: "Group", Text: f.Group.Name})
	}
	if v.Number != "" {
		all = append(all, web.Fact{Term: "Reference", Text: v.Number})
	}
	if v.SubmittedAt != nil {
		all = append(all, web.Fact{Term: "First submitted", Body: web.When(*v.SubmittedAt, f.Call.Zone)})
	}
	if f.External != nil {
		all = append(all, web.Fact{Term: "Sent to", Text: f.External.Site + ", reference " + f.External.Reference})
	}
	return all
}

func (v proposalView) countsHere() bool {
	for _, k := range v.Kin {
		if k.ID == v.ID {
			return k.Counts
		}
	}
	return false
}

func decidedBy(v domain.Venue) string {
	switch v.Decider {
	case domain.DecidedByForum:
		return "The Core Forum Committee, after the Leadership Team’s recommendation"
	case domain.DecidedByStaff:
		return "Association staff"
	}
	return "An outside jury, in " + v.Site
}
