package workflows

import (
	"context"
	"fmt"
	"slices"

	"lectern/domain"
	"lectern/internal/store"
)

// Proposals are the workflows on proposals.
type Proposals struct{ Base }

// ProposalView is a proposal with everything the person asking may do with it.
type ProposalView struct {
	domain.Proposal
	Facts   domain.Facts
	Actions []domain.Allowed[domain.Action]
	Sight   domain.Sight // how much of it is here
	Crew    domain.Crew  // of one without names: what may be known of its speakers
	Unread  bool         // found for a move of those who decide, who do not read it
}

// Get finds a proposal by id or number. NotFound when it is not there or not
// the person's to see.
func (w Proposals) Get(ctx context.Context, who domain.Actor, ref string) (ProposalView, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (ProposalView, error) {
		p, f, err := tx.SeeProposal(who, ref)
		if err != nil {
			return ProposalView{}, err
		}
		return w.view(tx, p, f)
	})
}

// List are the proposals the person may see.
func (w Proposals) List(ctx context.Context, who domain.Actor, f store.ProposalFilter) ([]store.ProposalLine, error) {
	if _, err := yearOr(f.Year, who); err != nil {
		return nil, err
	}
	return store.Read(ctx, w.Store, func(tx *store.Tx) ([]store.ProposalLine, error) {
		f.Now = w.Now()
		return tx.Proposals(who, f)
	})
}

func (w Proposals) view(tx *store.Tx, p domain.Proposal, f domain.Facts) (ProposalView, error) {
	if err := w.load(tx, p, &f); err != nil {
		return ProposalView{}, err
	}
	v := ProposalView{Proposal: p, Facts: f, Actions: p.Open(f), Sight: f.SightOf(p)}
	v.Facts.Places = domain.Places(f.Stipends)
	if !f.Actor.SeesStipends(p.GroupID) {
		v.Facts.Stipends = nil
	}
	if c := f.Child; c != nil && c.State == domain.Draft && !f.Actor.SeesDrafts(p.GroupID, f.Group.SectionID) {
		v.Facts.Child = nil
	}
	return v.masked(), nil
}

// load adds the facts of which there are several: at most three statements.
func (w Proposals) load(tx *store.Tx, p domain.Proposal, f *domain.Facts) error {
	f.Now = w.Now()
	var err error
	if f.Speakers, err = tx.Speakers(p.ID); err != nil {
		return err
	}
	switch {
	case p.State == domain.Accepted && f.Venue.Stipends:
		f.Stipends, err = tx.Stipends(p.ID)
	case p.State == domain.Draft && f.Venue.Gated:
		err = w.loadGate(tx, p, f)
	case p.State == domain.Draft && f.Section.Settings.OwnSpeakersOnly == "block":
		err = loadRoster(tx, f)
	}
	if err != nil || !judged(p, *f) {
		return err
	}
	return tx.Judging(p, f)
}

// judged tells whether the facts of judging matter: while it waits for a
// decision, always at a venue with reviews, and when another of its idea may be
// judged without names.
func judged(p domain.Proposal, f domain.Facts) bool {
	waits := p.State == domain.Submitted || p.State == domain.Alternate || p.State == domain.Withdrawn
	kin := (p.ParentID != "" || f.Child != nil) && p.State != domain.Accepted && !f.Actor.KnowsAll(p.GroupID, f.Group.SectionID)
	return p.State != domain.Draft && (waits || f.Venue.Reviewed() || kin)
}

func (w Proposals) loadGate(tx *store.Tx, p domain.Proposal, f *domain.Facts) error {
	each := f.Section.Settings.CoSponsors == "each"
	var err error
	if f.Standing, err = tx.Standing(p.GroupID, p.Year, each, f.Now); err != nil {
		return err
	}
	f.ChairInConflict, err = tx.LeadershipChairIn(f.Group, f.Actor.Today)
	return err
}

func loadRoster(tx *store.Tx, f *domain.Facts) error {
	members, err := tx.Members(f.Group.ID, f.Actor.Today)
	f.Roster = domain.RosterOf(f.Group.Kind, members)
	return err
}

// Draft is what a new proposal begins with.
type Draft struct {
	Group     string // id or slug
	Call      string // id or slug
	Title     string
	Answers   domain.Answers
	Speakers  []domain.Speaker
	ImportKey string
}

// Create starts a draft. Forbidden for others than the group's members, Conflict
// when the call is closed or not announced, Invalid when the text cannot be kept.
func (w Proposals) Create(ctx context.Context, who domain.Actor, d Draft) (ProposalView, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (ProposalView, error) {
		p, err := w.create(tx, who, d)
		if err != nil {
			return ProposalView{}, err
		}
		return w.seen(tx, who, p.ID)
	})
}

func (w Proposals) create(tx *store.Tx, who domain.Actor, d Draft) (domain.Proposal, error) {
	f, err := w.newFacts(tx, who, d)
	if err != nil {
		return domain.Proposal{}, err
	}
	p := w.blank(f)
	p.Title, p.Answers, p.ImportKey = d.Title, cleaned(d.Answers), d.ImportKey
	if why := f.Form.Spec.DraftCheck(p.Title, p.Answers, d.Speakers); len(why) > 0 {
		return p, domain.Refuse(why...)
	}
	step, err := p.Do(domain.Create, f)
	if err != nil {
		return p, err
	}
	return p, w.begin(tx, p, d.Speakers, step, f)
}

func (w Proposals) newFacts(tx *store.Tx, who domain.Actor, d Draft) (domain.Facts, error) {
	f := domain.Facts{Actor: who, Now: w.Now()}
	var err error
	if f.Group, err = tx.Group(d.Group); err != nil {
		return f, wrongChoice(err, "/group", "Choose a group.")
	}
	if f.Section, err = tx.Section(f.Group.SectionID); err != nil {
		return f, err
	}
	t, err := target(tx, d.Call)
	if err != nil {
		return f, wrongChoice(err, "/call", "Choose a call.")
	}
	f.Call, f.Venue, f.Form = t.Call, t.Venue, t.Form
	return f, nil
}

// wrongChoice turns "not there" about a field's value into a refusal of the field.
func wrongChoice(err error, pointer, say string) error {
	if domain.IsKind(err, domain.NotFound) {
		return domain.Refuse(domain.Wrong(pointer, "required", "%s", say))
	}
	return err
}

func target(tx *store.Tx, ref string) (domain.Target, error) {
	c, err := tx.Call(ref)
	if err != nil {
		return domain.Target{}, err
	}
	v, err := tx.Venue(c.VenueID)
	if err != nil {
		return domain.Target{}, err
	}
	form, err := tx.Form(c.FormID)
	return domain.Target{Call: c, Venue: v, Form: form}, err
}

func (w Proposals) blank(f domain.Facts) domain.Proposal {
	id := w.NewID()
	return domain.Proposal{
		ID: id, IdeaID: id, Revision: 1, State: domain.Nowhere,
		CallID: f.Call.ID, GroupID: f.Group.ID, VenueID: f.Call.VenueID, FormatID: f.Call.FormatID, Year: f.Call.Year,
		Answers: domain.Answers{}, CreatedBy: f.Actor.ID, CreatedAt: f.Now, UpdatedBy: f.Actor.ID, UpdatedAt: f.Now,
	}
}

// begin keeps a new draft with its speakers, first revision and first step.
func (w Proposals) begin(tx *store.Tx, p domain.Proposal, speakers []domain.Speaker, step domain.Step, f domain.Facts) error {
	if err := tx.AddProposal(p); err != nil {
		return err
	}
	for i, s := range speakers {
		s.ID, s.ProposalID, s.Version, s.Position, s.Email = w.NewID(), p.ID, 1, i+1, domain.FoldEmail(s.Email)
		if s.Role == "" {
			s.Role = domain.Speaks
		}
		if err := tx.AddSpeaker(s); err != nil {
			return err
		}
	}
	step.ID = w.NewID()
	if err := tx.AddStep(step); err != nil {
		return err
	}
	return w.revise(tx, p, f, "edit")
}

// revise keeps the content as the proposal's revision of that number, and the
// words it is found by.
func (w Proposals) revise(tx *store.Tx, p domain.Proposal, f domain.Facts, cause string) error {
	speakers, err := tx.Speakers(p.ID)
	if err != nil {
		return err
	}
	var lines, names []string
	for _, s := range domain.Active(speakers) {
		lines, names = append(lines, s.Line()), append(names, s.Name)
	}
	err = tx.PutRevision(domain.Revision{
		ProposalID: p.ID, Number: p.Revision, Title: p.Title, Answers: p.Answers, Speakers: lines,
		ByID: f.Actor.ID, ByName: f.Actor.Name, At: f.Now, Cause: cause,
	})
	if err != nil {
		return err
	}
	return tx.Index(p.ID, domain.ProposalWords(p.Title, names, p.Answers["tags"]), domain.NamingWords(p.Title, names, p.Answers["tags"]))
}

// seen reads the proposal again as the person now sees it.
func (w Proposals) seen(tx *store.Tx, who domain.Actor, id string) (ProposalView, error) {
	p, f, err := tx.SeeProposal(who, id)
	if err != nil {
		return ProposalView{}, err
	}
	return w.view(tx, p, f)
}

// Change is an edit: what is nil or absent stays as it is.
type Change struct {
	Version    int // the version the person saw; 0: not said
	Title      *string
	Answers    domain.Answers // fields to set; an empty list clears one
	CoSponsors *[]string      // ids or slugs of groups
	Began      *[]string      // ids of the co-sponsors the person began with: what others changed since stays; nil: not said
	Close      bool           // an explicit save closes the revision
}

// Edit changes the content. Autosaves write over the open revision; the first
// change by another person, or after a move or an explicit save, opens a new
// one. Stale when somebody else changed the proposal since: then every field
// that differs is named, and nothing is saved.
func (w Proposals) Edit(ctx context.Context, who domain.Actor, ref string, c Change) (ProposalView, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (ProposalView, error) {
		p, f, err := tx.Proposal(who, ref)
		if err != nil {
			return ProposalView{}, err
		}
		if err := w.load(tx, p, &f); err != nil {
			return ProposalView{}, err
		}
		f.Expect = c.Version
		if err := w.edit(tx, &p, f, c); err != nil {
			return ProposalView{}, err
		}
		return w.seen(tx, who, p.ID)
	})
}

func (w Proposals) edit(tx *store.Tx, p *domain.Proposal, f domain.Facts, c Change) error {
	theirs := *p
	p.Answers = p.Answers.Clone()
	apply(p, c)
	why := f.Form.Spec.DraftCheck(p.Title, p.Answers, nil)
	step, err := p.Do(domain.Edit, f)
	if domain.IsKind(err, domain.Stale) {
		return domain.Refuse(append(reasons(err), differing(f.Form.Spec, theirs, *p)...)...)
	}
	if err := join(err, why); err != nil {
		return err
	}
	if c.CoSponsors != nil {
		if err := setCoSponsors(tx, *p, *c.CoSponsors, c.Began); err != nil {
			return err
		}
	}
	return w.keepEdit(tx, p, f, step, c.Close)
}

func apply(p *domain.Proposal, c Change) {
	if c.Title != nil {
		p.Title = *c.Title
	}
	for key, values := range cleaned(c.Answers) {
		if len(values) == 0 {
			delete(p.Answers, key)
			continue
		}
		p.Answers[key] = values
	}
}

// cleaned drops trailing empty values; what was typed stays as it was typed.
func cleaned(a domain.Answers) domain.Answers {
	out := domain.Answers{}
	for key, values := range a {
		end := len(values)
		for end > 0 && values[end-1] == "" {
			end--
		}
		out[key] = slices.Clone(values[:end])
	}
	return out
}

func reasons(err error) []domain.Reason {
	if e, ok := asRefusal(err); ok {
		return e.Reasons
	}
	return nil
}

// join adds more reasons to a refusal, so that all are told at once.
func join(err error, why []domain.Reason) error {
	if e, ok := asRefusal(err); ok {
		return domain.Refuse(append(slices.Clone(e.Reasons), why...)...)
	}
	if err != nil {
		return err
	}
	return domain.Refuse(why...)
}

// differing names each field in which the kept text and the sent text differ.
func differing(form domain.FormSpec, kept, sent domain.Proposal) []domain.Reason {
	before := domain.Revision{Title: kept.Title, Answers: kept.Answers}
	after := domain.Revision{Title: sent.Title, Answers: sent.Answers}
	var why []domain.Reason
	for _, d := range domain.Compare(form, before, after) {
		why = append(why, domain.Reason{
			Kind: domain.Stale, Code: "field_differs", Pointer: fieldPointer(d.Key),
			Detail: fmt.Sprintf("%s: what is saved differs from what you sent. Saved now: “%s”.", d.Label, d.Before),
		})
	}
	return why
}

func fieldPointer(key string) string {
	if key == domain.TitleKey {
		return "/title"
	}
	return "/answers/" + key
}

// keepEdit writes the content over the open revision of the same person, or as
// a new one; only a new one leaves a line in the history.
func (w Proposals) keepEdit(tx *store.Tx, p *domain.Proposal, f domain.Facts, step domain.Step, closeIt bool) error {
	open, err := tx.Revision(p.ID, p.Revision)
	if err != nil {
		return err
	}
	fresh := open.Cause != "edit" || open.ByID != f.Actor.ID
	if fresh {
		p.Revision++
	}
	p.UpdatedAt, p.UpdatedBy = f.Now, f.Actor.ID
	if err := tx.SaveProposal(*p, step.From); err != nil {
		return err
	}
	cause := "edit"
	if closeIt {
		cause = "save"
	}
	if err := w.revise(tx, *p, f, cause); err != nil || !fresh {
		return err
	}
	step.ID, step.Revision, step.Title = w.NewID(), p.Revision, p.Title
	if step.From == domain.Submitted {
		if err := w.tellOutdated(tx, *p, f); err != nil {
			return err
		}
	}
	return tx.AddStep(step)
}
