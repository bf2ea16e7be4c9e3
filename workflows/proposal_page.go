package workflows

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"lectern/domain"
	"lectern/internal/store"
)

// ProposalPage is everything the page of a proposal shows.
type ProposalPage struct {
	ProposalView
	store.Trail
	Standing domain.Standing // of its group, in its year
	Carry    []CarryTarget   // where it may be carried forward, for those who may
	MaySell  bool            // the person may put it on sale
}

// CarryTarget is a call that takes a proposal, with what would become of it.
type CarryTarget struct {
	domain.Target
	Refused []domain.Reason // why the call does not take it; nil: it does
	LeftOut []string        // labels of the fields that stay behind
	Over    []domain.Reason // what is over the call's limits; it goes along all the same
	Asked   []string        // labels of the required fields that are new
}

// TrailFilter says which steps and comments of a proposal its page shows.
type TrailFilter = store.TrailFilter

// Page finds a proposal with everything its page shows, in at most six
// statements. NotFound when it is not there or not the person's to see.
func (w Proposals) Page(ctx context.Context, who domain.Actor, ref string, f TrailFilter) (ProposalPage, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (ProposalPage, error) {
		view, err := w.seen(tx, who, ref)
		if err != nil {
			return ProposalPage{}, err
		}
		page := ProposalPage{ProposalView: view}
		f.Nameless = view.Sight == domain.Nameless
		if page.Trail, err = tx.Trail(view.Proposal, f); err != nil {
			return page, err
		}
		page.Trail = maskedTrail(view, page.Trail)
		if view.Sight != domain.Whole {
			return page, nil
		}
		if page.Standing, err = w.standing(tx, view); err != nil {
			return page, err
		}
		if view.May(domain.CarryForward) {
			page.Carry, err = w.carryTargets(tx, view, page.Kin)
		}
		page.MaySell = len(domain.MayPutOnSale(view.Proposal, view.Facts, page.Offering != nil)) == 0
		if page.Offering != nil && !page.Offering.Published && !runsWebinars(who) {
			page.Offering = nil
		}
		return page, err
	})
}

// May tells whether the person can make the move, apart from what has to be filled in.
func (v ProposalView) May(a domain.Action) bool {
	return domain.May(v.Actions, a)
}

func (w Proposals) standing(tx *store.Tx, v ProposalView) (domain.Standing, error) {
	if v.Facts.Standing.GroupID != "" {
		return v.Facts.Standing, nil // loaded for the gate
	}
	return tx.Standing(v.GroupID, v.Year, v.Facts.Section.Settings.CoSponsors == "each", v.Facts.Now)
}

// carryTargets asks the rules of carrying forward about each call that is not over.
func (w Proposals) carryTargets(tx *store.Tx, v ProposalView, kin []store.Kin) ([]CarryTarget, error) {
	year := domain.YearOf(v.Facts.Actor.Today)
	all, err := tx.Targets(v.Facts.Section.ID, v.Facts.Now, year, year.Next())
	f := v.Facts
	for _, k := range kin {
		if k.Declined {
			f.DeclinedAt = append(f.DeclinedAt, domain.VenueYear{VenueID: k.VenueID, Year: k.Year})
		}
	}
	targets := make([]CarryTarget, 0, len(all))
	for _, t := range all {
		f.Target = &t
		c := v.compare(t)
		tried := v.Proposal
		if _, err := tried.Do(domain.CarryForward, f); err != nil {
			c.Refused = reasons(err)
		}
		targets = append(targets, c)
	}
	return targets, err
}

// compare tells what another call's form makes of the text.
func (v ProposalView) compare(t domain.Target) CarryTarget {
	from, to := v.Facts.Form.Spec, t.Form.Spec
	carried, over := domain.CarryAnswers(from, to, v.Answers)
	c := CarryTarget{Target: t, LeftOut: domain.LeftOut(from, to, v.Answers), Over: append(to.TitleOver(v.Title), over...)}
	for _, field := range to.Fields {
		if field.Required && field.Key != domain.TitleKey && len(carried[field.Key]) == 0 {
			c.Asked = append(c.Asked, field.Label)
		}
	}
	return c
}

// Editor is everything the editor of a draft shows.
type Editor struct {
	ProposalView
	Standing domain.Standing
	Counts   bool // the format counts toward what the group owes
	Warnings []domain.Warning
	Checks   []domain.CheckLine
	Sponsors []store.SponsorChoice // groups that may sponsor it too
}

// Editor finds a draft with its checks. NotFound when it is not there or not the
// person's to see; whether they may change it is in Actions.
func (w Proposals) Editor(ctx context.Context, who domain.Actor, ref string) (Editor, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (Editor, error) { return w.editor(tx, who, ref) })
}

// SaveDraft is Edit, and answers with the checks as they then stand.
func (w Proposals) SaveDraft(ctx context.Context, who domain.Actor, ref string, c Change) (Editor, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (Editor, error) {
		p, f, err := tx.Proposal(who, ref)
		if err != nil {
			return Editor{}, err
		}
		if err := w.load(tx, p, &f); err != nil {
			return Editor{}, err
		}
		f.Expect = c.Version
		if err := w.edit(tx, &p, f, c); err != nil {
			return Editor{}, err
		}
		return w.editor(tx, who, p.ID)
	})
}

func (w Proposals) editor(tx *store.Tx, who domain.Actor, ref string) (Editor, error) {
	view, err := w.seen(tx, who, ref)
	if err != nil {
		return Editor{}, err
	}
	e := Editor{ProposalView: view}
	if e.Standing, err = w.standing(tx, view); err != nil {
		return e, err
	}
	if e.Counts, err = counts(tx, view.VenueID, view.FormatID); err != nil {
		return e, err
	}
	if err := loadRoster(tx, &e.Facts); err != nil {
		return e, err
	}
	if e.Sponsors, err = tx.SponsorChoices(view.Proposal); err != nil {
		return e, err
	}
	view.Facts.Roster = e.Facts.Roster
	if e.Warnings, err = w.warnings(tx, view); err != nil {
		return e, err
	}
	f, gated := view.Facts, view.Facts.Venue.Gated && view.GateOverride == ""
	progress := domain.ProgressFacts{CheckFacts: domain.CheckFacts{Today: f.Actor.Today}, Call: f.Call, Now: f.Now, Until: view.LateUntil, Gated: gated, Warnings: e.Warnings}
	if gated {
		progress.Gate = e.Standing.GateClosed(f.Section.Settings.Gate, f.Now)
	}
	e.Checks = f.Form.Spec.Progress(view.Title, view.Answers, f.Speakers, progress)
	return e, nil
}

func counts(tx *store.Tx, venueID, formatID string) (bool, error) {
	formats, err := tx.Formats()
	return slices.ContainsFunc(formats, func(f domain.Format) bool { return f.VenueID == venueID && f.ID == formatID && f.Counts }), err
}

// warnings asks the soft rules, which look at the group's other submissions.
func (w Proposals) warnings(tx *store.Tx, v ProposalView) ([]domain.Warning, error) {
	others, err := tx.Siblings(v.Proposal)
	if err != nil {
		return nil, err
	}
	leads, err := w.leads(tx, others)
	facts := domain.WarningFacts{
		Form: v.Facts.Form.Spec, Proposal: brief(v.Proposal, v.Facts.Speakers), Speakers: v.Facts.Speakers,
		Roster: v.Facts.Roster, OwnSpeakersOnly: v.Facts.Section.Settings.OwnSpeakersOnly,
	}
	for _, o := range others {
		facts.Others = append(facts.Others, brief(o, leads[o.ID]))
	}
	return domain.Warnings(facts), err
}

func (w Proposals) leads(tx *store.Tx, all []domain.Proposal) (map[string][]domain.Speaker, error) {
	if len(all) == 0 {
		return nil, nil //nolint:nilnil // nobody to look for
	}
	var ids []string
	for _, p := range all {
		ids = append(ids, p.ID)
	}
	speakers, err := tx.SpeakersOf(ids)
	by := map[string][]domain.Speaker{}
	for _, s := range speakers {
		by[s.ProposalID] = append(by[s.ProposalID], s)
	}
	return by, err
}

func brief(p domain.Proposal, speakers []domain.Speaker) domain.ProposalBrief {
	b := domain.ProposalBrief{ID: p.ID, Ref: p.Number, IdeaID: p.IdeaID, State: p.State, Title: p.Title, Tags: p.Answers["tags"]}
	if active := domain.Active(speakers); len(active) > 0 {
		b.Lead = active[0]
	}
	return b
}

// Targets are a draft's calls to change to, each with what would become of the text.
func (w Proposals) Targets(ctx context.Context, who domain.Actor, ref string) (ProposalView, []CarryTarget, error) {
	type found struct {
		view ProposalView
		all  []CarryTarget
	}
	f, err := store.Read(ctx, w.Store, func(tx *store.Tx) (found, error) {
		view, err := w.seen(tx, who, ref)
		if err != nil {
			return found{}, err
		}
		year, f := domain.YearOf(who.Today), view.Facts
		if err := loadLineage(tx, view.Proposal, &f); err != nil {
			return found{}, err
		}
		all, err := tx.Targets(f.Section.ID, f.Now, year, year.Next())
		out := found{view: view}
		for _, t := range all {
			if t.Call.ID == view.CallID {
				continue
			}
			c := view.compare(t)
			f.Target = &t
			c.Refused = view.Why(domain.ChangeCall, f)
			out.all = append(out.all, c)
		}
		return out, err
	})
	return f.view, f.all, err
}

// Restore writes the text of an earlier revision over the present one, as an
// edit. Speakers stay as they are: their answers belong to them.
func (w Proposals) Restore(ctx context.Context, who domain.Actor, ref string, revision, version int) (Editor, error) {
	view, earlier, _, err := w.TwoVersions(ctx, who, ref, revision, revision)
	if err != nil {
		return Editor{}, err
	}
	c := Change{Version: version, Title: &earlier.Title, Answers: domain.Answers{}, Close: true}
	for _, field := range view.Facts.Form.Spec.Fields {
		if field.Key != domain.TitleKey {
			c.Answers[field.Key] = earlier.Answers[field.Key]
		}
	}
	return w.SaveDraft(ctx, who, ref, c)
}

// MaxCommentChars is the most a comment may say.
const MaxCommentChars = 4000

// MayComment tells whether the person may join the discussion: the group's own
// members and administrators always, the Leadership Team and staff once the
// proposal was submitted.
func (v ProposalView) MayComment() bool {
	a := v.Facts.Actor
	if v.Sight != domain.Whole {
		return false // the discussion is with the group
	}
	if a.MemberOf(v.GroupID) || a.Has(domain.Admin) {
		return true
	}
	return v.WasSubmitted() && (a.Leads(v.Facts.Section.ID) || a.Has(domain.Staff))
}

// Comments is a page of a proposal's discussion, oldest first. NotFound when the
// person may not see the proposal; Forbidden for who judges it without names.
func (w Proposals) Comments(ctx context.Context, who domain.Actor, ref string, after *Cursor, limit int) ([]store.Comment, error) {
	return ofProposal(ctx, w, who, ref, func(tx *store.Tx, v ProposalView) ([]store.Comment, error) {
		if v.Sight != domain.Whole {
			return nil, notTheirDiscussion()
		}
		return tx.Comments(v.ID, after, limit)
	})
}

func notTheirDiscussion() error {
	return domain.NotAllowed("not_your_discussion", "Only members of the group, the Leadership Team and staff can comment.")
}

// Comment adds to a proposal's discussion. Forbidden for those who may only
// read, Invalid when it is empty or too long.
func (w Proposals) Comment(ctx context.Context, who domain.Actor, ref, text string) (store.Comment, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (store.Comment, error) {
		view, err := w.seen(tx, who, ref)
		if err != nil {
			return store.Comment{}, err
		}
		if !view.MayComment() {
			return store.Comment{}, notTheirDiscussion()
		}
		if why := checkComment(text); len(why) > 0 {
			return store.Comment{}, domain.Refuse(why...)
		}
		k := store.Comment{ID: w.NewID(), ProposalID: view.ID, AuthorID: who.ID, AuthorName: who.Name, At: w.Now(), Text: text}
		return k, tx.AddComment(k)
	})
}

func checkComment(text string) []domain.Reason {
	switch {
	case strings.TrimSpace(text) == "":
		return []domain.Reason{domain.Wrong("/comment", "required", "Write a comment first.")}
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return []domain.Reason{domain.Wrong("/comment", "not_utf8", "The comment holds characters that cannot be kept. Type them again.")}
	case utf8.RuneCountInString(text) > MaxCommentChars:
		return []domain.Reason{domain.Wrong("/comment", "too_long", "Shorten the comment to %d characters.", MaxCommentChars)}
	}
	return nil
}

// Beginning is what the page of a new proposal offers.
type Beginning struct {
	Groups  []domain.ActorTerm // of which the person is a member today, each once
	Targets []domain.Target    // calls that take drafts, of the first group's section or the one asked for
}

// Begin lists where the person can start a proposal, in one statement.
func (w Proposals) Begin(ctx context.Context, who domain.Actor, group string) (Beginning, error) {
	b := Beginning{}
	for _, t := range who.Terms {
		known := slices.ContainsFunc(b.Groups, func(o domain.ActorTerm) bool { return o.GroupID == t.GroupID })
		if t.On(who.Today) && !known {
			b.Groups = append(b.Groups, t)
		}
	}
	if len(b.Groups) == 0 {
		return b, nil
	}
	chosen := b.Groups[0]
	if i := slices.IndexFunc(b.Groups, func(t domain.ActorTerm) bool { return t.GroupSlug == group || t.GroupID == group }); i >= 0 {
		chosen = b.Groups[i]
	}
	year := domain.YearOf(who.Today)
	return store.Read(ctx, w.Store, func(tx *store.Tx) (Beginning, error) {
		all, err := tx.Targets(chosen.SectionID, w.Now(), year, year.Next())
		for _, t := range all {
			if t.Call.Announced() {
				b.Targets = append(b.Targets, t)
			}
		}
		return b, err
	})
}

// ProposalList is a page of the list with what it can be narrowed by.
type ProposalList struct {
	Lines  []ListedProposal
	Groups []store.Choice
	Venues []store.Choice
}

// ProposalFilter limits a list.
type ProposalFilter = store.ProposalFilter

// ListedProposal is what a list shows of a proposal.
type ListedProposal = store.ProposalLine

// ProposalAfter is the place behind a line of a list.
func ProposalAfter(at time.Time, id string) *store.ListCursor {
	return &store.ListCursor{UpdatedAt: at, ID: id}
}

// ListPage is the list with its filters, in two statements.
func (w Proposals) ListPage(ctx context.Context, who domain.Actor, f ProposalFilter) (ProposalList, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (ProposalList, error) {
		var l ProposalList
		var err error
		if l.Groups, l.Venues, err = tx.Choices(); err != nil {
			return l, err
		}
		l.Groups = slices.DeleteFunc(l.Groups, func(g store.Choice) bool { return !mayList(who, g) })
		f.Now = w.Now()
		l.Lines, err = tx.Proposals(who, f)
		return l, err
	})
}

// mayList tells whether the list can hold proposals of the group for the person.
func mayList(a domain.Actor, g store.Choice) bool {
	return a.Has(domain.Admin, domain.Staff) || a.Leads(g.SectionID) || a.MemberOf(g.ID) || a.FormerMemberOf(g.ID)
}

// LastStep is the newest line of a proposal's history, which tells what a move
// changed. NotFound as in Get.
func (w Proposals) LastStep(ctx context.Context, who domain.Actor, ref string) (domain.Step, error) {
	return store.Read(ctx, w.Store, func(tx *store.Tx) (domain.Step, error) {
		view, err := w.seen(tx, who, ref)
		if err != nil {
			return domain.Step{}, err
		}
		steps, err := tx.History(view.ID, 1)
		steps = maskedSteps(view, steps)
		if err != nil || len(steps) == 0 {
			return domain.Step{}, err
		}
		return steps[0], nil
	})
}
