package domain

import (
	"slices"
	"testing"
)

func staged(o Outcome) *Decision {
	return &Decision{ID: "d", Version: 1, Revision: 1, Source: SourceInside, Outcome: o, NoFeedback: true, ByID: "eli"}
}

// TestStagedDecisions has the guards of staging, clearing and publishing, each
// with the case it is there for.
func TestStagedDecisions(t *testing.T) {
	t.Parallel()
	by := actors()
	ownToo := by[ByVenue]
	ownToo.Terms = by[ByMember].Terms
	for _, c := range []struct {
		name   string
		action Action
		venue  string
		who    Actor
		edit   func(*Proposal, *Facts)
		kind   Kind
		codes  []string
	}{
		{"the committee stages", StageDecision, "forum", by[ByVenue], nil, 0, nil},
		{"without a packet or a reason", StageDecision, "forum", by[ByVenue], func(_ *Proposal, f *Facts) { f.Input.Reason = " " }, Invalid, []string{"required"}},
		{"a decline without feedback", StageDecision, "forum", by[ByVenue], func(_ *Proposal, f *Facts) { f.Input.Outcome, f.Input.NoFeedback = OutcomeDeclined, false }, Invalid, []string{"required"}},
		{"by staff at another's venue", StageDecision, "forum", by[ByStaff], nil, Forbidden, []string{"not_your_move"}},
		{"by staff at their own", StageDecision, "webinar", by[ByStaff], nil, 0, nil},
		{"by a member of the group", StageDecision, "forum", ownToo, nil, Conflict, []string{"own_group"}},
		{"what an outside jury decides", StageDecision, "annual", by[ByVenue], nil, Forbidden, []string{"decided_outside"}},
		{"over a correction that waits", StageDecision, "forum", by[ByVenue], func(p *Proposal, f *Facts) {
			p.State, f.Staged = Alternate, &Decision{Source: SourceCorrection}
			f.Input.Outcome = OutcomeAccepted
		}, Conflict, []string{"correction_waits"}},
		{"an alternate again an alternate", StageDecision, "forum", by[ByVenue], func(p *Proposal, f *Facts) { p.State, f.Input.Outcome = Alternate, OutcomeAlternate }, Invalid, []string{"no_change"}},
		{"before the phase of decisions", StageDecision, "forum", by[ByVenue], func(_ *Proposal, f *Facts) { f.Phases = []Phase{during(PhaseReview)} }, Conflict, []string{"not_deciding"}},
		{"publish before the day", PublishDecision, "forum", by[ByVenue], func(_ *Proposal, f *Facts) {
			f.Staged, f.Phases = staged(OutcomeAccepted), []Phase{during(PhaseDecide)}
		}, Conflict, []string{"not_publishing"}},
		{"promote an alternate while speakers confirm", PublishDecision, "forum", by[ByVenue], func(p *Proposal, f *Facts) {
			p.State, f.Staged, f.Phases = Alternate, staged(OutcomeAccepted), []Phase{during(PhaseConfirm)}
		}, 0, nil},
		{"where there are no phases", StageDecision, "webinar", by[ByStaff], func(_ *Proposal, f *Facts) { f.Phases = nil }, 0, nil},
		{"request changes in conflict", RequestChanges, "forum", by[ByLeadership], func(_ *Proposal, f *Facts) { f.Conflict = []ConflictOfInterest{{Kind: ConflictDeclared}} }, Forbidden, []string{"conflict_of_interest"}},
		{"clear nothing", ClearDecision, "forum", by[ByVenue], nil, Conflict, []string{"nothing_staged"}},
		{"clear what is staged", ClearDecision, "forum", by[ByVenue], func(_ *Proposal, f *Facts) { f.Staged = staged(OutcomeDeclined) }, 0, nil},
		{"publish nothing", PublishDecision, "forum", by[ByStaff], nil, Conflict, []string{"nothing_staged"}},
		{"publish by staff", PublishDecision, "forum", by[ByStaff], func(_ *Proposal, f *Facts) { f.Staged = staged(OutcomeDeclined) }, 0, nil},
		{"publish by a chair", PublishDecision, "forum", by[ByChair], func(_ *Proposal, f *Facts) { f.Staged = staged(OutcomeDeclined) }, Forbidden, []string{"not_your_move"}},
		{"publish a decision on older text", PublishDecision, "forum", by[ByStaff], func(p *Proposal, f *Facts) {
			f.Staged, p.Revision = staged(OutcomeAccepted), 2
		}, Conflict, []string{"text_changed"}},
		{"publish a decline that says nothing", PublishDecision, "forum", by[ByStaff], func(_ *Proposal, f *Facts) {
			f.Staged = staged(OutcomeDeclined)
			f.Staged.NoFeedback = false
		}, Invalid, []string{"required"}},
		{"request changes", RequestChanges, "annual", by[ByLeadership], nil, 0, nil},
		{"request changes of one's own group", RequestChanges, "forum", ownToo, nil, Conflict, []string{"own_group"}},
		{"request changes until yesterday", RequestChanges, "forum", by[ByVenue], func(_ *Proposal, f *Facts) { f.Input.Until = nil }, Invalid, []string{"required"}},
		{"request changes of what was sent", RequestChanges, "annual", by[ByLeadership], func(_ *Proposal, f *Facts) { f.External = &External{} }, Conflict, []string{"already_sent"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, f := proposalIn(Submitted, c.venue), factsFor(c.venue, c.who)
			f.Input = filledIn(OutcomeAccepted)
			if c.edit != nil {
				c.edit(&p, &f)
			}
			_, err := p.Do(c.action, f)
			checkRefusal(t, err, c.kind, c.codes)
		})
	}
}

// TestSeen: what is staged is gone from the facts of everybody but those who
// decide, publish or administer, and never there for a member of the group.
func TestSeen(t *testing.T) {
	t.Parallel()
	for _, v := range []string{"forum", "webinar"} {
		sees := []Who{ByStaff, ByAdmin}
		if v == "forum" {
			sees = append(sees, ByVenue, ByVenueHead)
		}
		for who, actor := range actors() {
			f := factsFor(v, actor)
			f.Staged = staged(OutcomeDeclined)
			if got := f.Seen().Staged != nil; got != slices.Contains(sees, who) {
				t.Errorf("%s: %s sees it: %v", v, who, got)
			}
			f.Actor.Terms = append(slices.Clone(actor.Terms), actors()[ByMember].Terms...)
			if f.Seen().Staged != nil {
				t.Errorf("%s: %s of the group itself sees it", v, who)
			}
		}
	}
}

func TestDecisionWish(t *testing.T) {
	t.Parallel()
	is := &Decision{Outcome: OutcomeDeclined, Feedback: "Come back.", Reason: "The committee met."}
	for _, c := range []struct {
		wish DecisionWish
		on   *Decision
		want DecisionChange
	}{
		{DecisionWish{}, nil, DecisionSame},
		{DecisionWish{Outcome: OutcomeDeclined}, nil, DecisionNew},
		{DecisionWish{Outcome: OutcomeDeclined, Feedback: " Come back. "}, is, DecisionSame},
		{DecisionWish{Outcome: OutcomeDeclined, Feedback: "Come back.", Reason: "Another"}, is, DecisionChanged},
		{DecisionWish{Outcome: OutcomeDeclined, NoFeedback: true}, is, DecisionChanged},
		{DecisionWish{Outcome: OutcomeAccepted, Feedback: "Come back."}, is, DecisionChanged},
		{DecisionWish{}, is, DecisionCleared},
	} {
		if got := c.wish.Change(c.on); got != c.want {
			t.Errorf("%+v on %+v is %s, want %s", c.wish, c.on, got, c.want)
		}
	}
	if PreviewToken("ab", "c") == PreviewToken("a", "bc") {
		t.Error("two previews have one token")
	}
}
