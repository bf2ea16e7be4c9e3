package domain

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const (
	groupA   = "group-a"
	sectionA = "section-a"
)

func term(group string, kind GroupKind, role TermRole) ActorTerm {
	return ActorTerm{Term: Term{GroupID: group, Role: role, StartsOn: "2026-07-01", EndsOn: "2027-06-30"}, GroupKind: kind, SectionID: sectionA}
}

// parties of a section on Sep 15, 2026, one for each party of the table.
func actors() map[Who]Actor {
	today := Date("2026-09-15")
	return map[Who]Actor{
		ByMember:         {ID: "ana", Name: "Ana", Today: today, Terms: []ActorTerm{term(groupA, Committee, TermMember)}},
		ByChair:          {ID: "ben", Name: "Ben", Today: today, Terms: []ActorTerm{term(groupA, Committee, TermCoChair)}},
		ByLeadership:     {ID: "chidi", Name: "Chidi", Today: today, Terms: []ActorTerm{term("lead", Leadership, TermMember)}},
		ByLeadershipHead: {ID: "dana", Name: "Dana", Today: today, Terms: []ActorTerm{term("lead", Leadership, TermChair)}},
		ByVenue:          {ID: "eli", Name: "Eli", Today: today, Roles: []Role{ForumMember}},
		ByVenueHead:      {ID: "uma", Name: "Uma", Today: today, Roles: []Role{ForumChair}},
		ByStaff:          {ID: "fay", Name: "Fay", Today: today, Roles: []Role{Staff}},
		ByFinance:        {ID: "gus", Name: "Gus", Today: today, Roles: []Role{Finance}},
		BySpeaker:        {Name: "Hana", Today: today, SpeakerID: "s1"},
		ByAdmin:          {ID: "kim", Name: "Kim", Today: today, Roles: []Role{Admin}},
	}
}

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

func venue(id string) Venue {
	return map[string]Venue{
		"annual":         {ID: "annual", Name: "ALA Annual", Letter: "A", Decider: DecidedOutside, CarryTo: []string{"forum", "webinar"}, Site: "ALA’s site"},
		"forum":          {ID: "forum", Name: "Core Forum", Letter: "F", Decider: DecidedByForum, CarryTo: []string{"webinar"}},
		"webinar":        {ID: "webinar", Name: "Webinars", Letter: "W", Decider: DecidedByStaff, Stipends: true},
		"other_division": {ID: "other_division", Name: "Other divisions", Letter: "D", Decider: DecidedOutside, Gated: true},
	}[id]
}

func openCall(v string) Call {
	opens, closes := WindowOf("2026-08-17", "2026-09-21", "America/New_York")
	return Call{ID: "call-" + v, Name: venue(v).Name + " 2027", VenueID: v, FormatID: "session", Year: "2026-27", Zone: "America/New_York", OpensAt: &opens, ClosesAt: &closes}
}

var plainForm = Form{ID: "form", Spec: FormSpec{
	Fields:   []Field{{Key: TitleKey, Label: "Title", Kind: Line, Required: true, MaxChars: 120, Part: "about"}},
	Speakers: SpeakerSpec{Max: 6},
}}

// during is a phase in the autumn of 2026.
func during(k PhaseKind) Phase {
	return Phase{Kind: k, StartsAt: at("2026-09-01T00:00:00Z"), EndsAt: at("2026-12-01T00:00:00Z")}
}

// facts of a proposal of group A for a venue, on Sep 15, 2026, asked by who.
func factsFor(v string, who Actor) Facts {
	to := openCall("webinar")
	return Facts{
		Actor: who, Now: at("2026-09-15T12:00:00Z"), Section: Section{ID: sectionA, Zone: "America/Chicago", Settings: DefaultSettings()},
		Group: Group{ID: groupA, SectionID: sectionA, Name: "Group A", Kind: Committee, Status: GroupActive}, Call: openCall(v), Venue: venue(v), Form: plainForm,
		Speakers: []Speaker{{ID: "s1", Name: "Hana", Email: "hana@example.org", Role: Speaks, Position: 1}}, Number: "27-X-001",
		Target:  &Target{Call: to, Venue: venue("webinar"), Form: plainForm},
		Phases:  []Phase{during(PhaseReview), during(PhaseRecommend), during(PhaseDecide), during(PhasePublish)},
		Reviews: 2, Recommendation: &Recommendation{Version: 1},
	}
}

func filledIn(o Outcome) Input {
	until := at("2026-12-01T00:00:00Z")
	return Input{
		Reason: "A reason of more than twenty characters.", Outcome: o, DecidedOn: "2026-09-14", Evidence: "Notice 4711", NoFeedback: true,
		Site: "ALA’s site", Reference: "ALA27-1", SentOn: "2026-09-14", Until: &until, SpeakerID: "s1", Speaker: &Speaker{Name: "Odalys"}, Agreed: "By phone, Sep 14",
		Review: &ReviewInput{Verdict: VerdictYes}, Recommendation: &RecommendationInput{Verdict: VerdictYes}, Presented: []string{"s1"},
	}
}

func proposalIn(s State, v string) Proposal {
	p := Proposal{ID: "p", Version: 3, Revision: 1, GroupID: groupA, VenueID: v, CallID: "call-" + v, State: s, Title: "A title", Year: "2026-27"}
	if s.Counts() || s == Withdrawn {
		sent := at("2026-09-01T00:00:00Z")
		p.SubmittedAt, p.Number = &sent, "27-X-001"
	}
	if s == CarriedForward {
		p.CarriedFrom = Declined
	}
	return p
}

// TestEveryStateWithEveryAction tries each action from each state, for each venue
// and party: what happens is in the table, or it is refused and nothing changes.
func TestEveryStateWithEveryAction(t *testing.T) {
	t.Parallel()
	done := map[Passage]bool{}
	for _, s := range States() {
		for _, a := range append(Actions(), "no-such-action") {
			for _, v := range []string{"annual", "forum", "webinar", "other_division"} {
				for who, actor := range actors() {
					for _, o := range Outcomes() {
						tryMove(t, proposalIn(s, v), a, v, who, actor, o, done)
					}
				}
			}
		}
	}
	for _, want := range Passages() {
		if want.From == Nowhere || isFollowed(want) || isLater(want.Action) {
			continue
		}
		if !done[want] {
			t.Errorf("%s from %s to %s was never reached: the table has a row that nobody can use", want.Action, want.From, want.To)
		}
	}
}

func tryMove(t *testing.T, p Proposal, a Action, v string, who Who, actor Actor, o Outcome, done map[Passage]bool) {
	t.Helper()
	f := factsFor(v, actor)
	f.Input = filledIn(o)
	if a == OverrideGate {
		f.Standing = Standing{Duties: []Duty{{VenueName: "Core Forum", Required: 1}}}
	}
	if a == ClearDecision || a == PublishDecision {
		f.Staged = &Decision{Source: SourceInside, Revision: p.Revision, Outcome: o, NoFeedback: true}
	}
	if a == Edit && o == OutcomeAlternate {
		until := at("2026-09-20T00:00:00Z")
		p.ReopenedUntil = &until
	}
	if a == Withdraw && p.State == Draft {
		p.ParentID = "parent"
	}
	for _, from := range []State{Declined, Alternate, Cancelled} {
		if p.State == CarriedForward {
			p.CarriedFrom = from
		} else if from != Declined {
			return
		}
		before := p
		after := p
		step, err := after.Do(a, f)
		if err != nil {
			if diff := cmp.Diff(before, after); diff != "" {
				t.Fatalf("%s by %s from %s was refused (%v) but changed the proposal:\n%s", a, who, p.State, err, diff)
			}
			continue
		}
		got := Passage{step.Action, step.From, step.To}
		if !slices.Contains(Passages(), got) || after.State != step.To || after.Version != before.Version+raised(a) {
			t.Fatalf("%s by %s: %v is not in the table (state %s, version %d)", a, who, got, after.State, after.Version)
		}
		done[got] = true
	}
}

// raised is by how much a move raises the version: a quiet one does not.
func raised(a Action) int {
	if a.Quiet() {
		return 0
	}
	return 1
}

func isFollowed(p Passage) bool {
	return p == Passage{UndoCarry, Draft, Withdrawn} || p == Passage{CorrectDecision, Draft, Withdrawn} ||
		p.Action == CorrectDecision && p.From == p.To || p.Action == CorrectDecision && p.From == CarriedForward || p.Action == MoveGroup
}

func isLater(a Action) bool {
	return !slices.Contains(Actions(), a)
}

// TestRandomWalk makes thousands of steps from a fresh draft, any action by any
// party: the state always equals the last step's, no step is off the table, and
// a refused step leaves no trace.
func TestRandomWalk(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SampledFrom([]string{"annual", "forum", "webinar", "other_division"}).Draw(t, "venue")
		p := Proposal{ID: "p", GroupID: groupA, VenueID: v, State: Nowhere, Title: "A title", Year: "2026-27"}
		everybody := actors()
		if _, err := p.Do(Create, factsFor(v, everybody[ByMember])); err != nil {
			t.Fatal(err)
		}
		steps := []Step{{To: Draft, Version: 1}}
		for range rapid.IntRange(1, 120).Draw(t, "steps") {
			a := rapid.SampledFrom(Actions()).Draw(t, "action")
			who := rapid.SampledFrom([]Who{ByMember, ByChair, ByLeadership, ByLeadershipHead, ByVenue, ByVenueHead, ByStaff, BySpeaker, ByAdmin}).Draw(t, "who")
			f := factsFor(v, everybody[who])
			f.Input = filledIn(rapid.SampledFrom(Outcomes()).Draw(t, "outcome"))
			if rapid.Bool().Draw(t, "late") {
				f.Now = at("2026-10-15T12:00:00Z")
			}
			if rapid.Bool().Draw(t, "staged") {
				f.Staged = &Decision{Source: SourceInside, Revision: p.Revision, Outcome: f.Input.Outcome, NoFeedback: true}
			}
			before := p
			step, err := p.Do(a, f)
			if err != nil {
				if !cmp.Equal(before, p) {
					t.Fatalf("refused %s changed the proposal", a)
				}
				continue
			}
			last := steps[len(steps)-1]
			if step.From != last.To || step.Version != last.Version+raised(a) || !slices.Contains(Passages(), Passage{step.Action, step.From, step.To}) {
				t.Fatalf("step %+v does not follow %+v", step, last)
			}
			if p.State == Nowhere {
				return
			}
			if (p.State != Draft && p.State != Withdrawn) && p.SubmittedAt == nil {
				t.Fatalf("%s without a submission", p.State)
			}
			steps = append(steps, step)
		}
	})
}

func TestSubmit(t *testing.T) {
	t.Parallel()
	ben := actors()[ByChair]
	for _, c := range []struct {
		name  string
		venue string
		edit  func(*Proposal, *Facts)
		kind  Kind
		codes []string
	}{
		{"in the window", "annual", func(*Proposal, *Facts) {}, 0, nil},
		{"one second before the end (X1)", "annual", func(_ *Proposal, f *Facts) { f.Now = at("2026-09-22T03:59:59Z") }, 0, nil},
		{"at the midnight it ends (X1)", "annual", func(_ *Proposal, f *Facts) { f.Now = at("2026-09-22T04:00:00Z") }, Conflict, []string{"window_closed"}},
		{"within the grace", "annual", func(_ *Proposal, f *Facts) { f.Now = at("2026-09-22T04:10:00Z"); f.Call.Grace = 15 }, 0, nil},
		{"before it opens", "annual", func(_ *Proposal, f *Facts) { f.Now = at("2026-08-01T00:00:00Z") }, Conflict, []string{"window_not_open"}},
		{"without dates", "annual", func(_ *Proposal, f *Facts) { f.Call.OpensAt, f.Call.ClosesAt = nil, nil }, Conflict, []string{"dates_not_announced"}},
		{"late, with a grant", "annual", func(p *Proposal, f *Facts) {
			until := at("2026-10-01T00:00:00Z")
			f.Now, p.LateUntil = at("2026-09-25T00:00:00Z"), &until
		}, 0, nil},
		{"by a member", "annual", func(_ *Proposal, f *Facts) { f.Actor = actors()[ByMember] }, Forbidden, []string{"not_your_move"}},
		{"by a member where members may", "annual", func(_ *Proposal, f *Facts) { f.Actor = actors()[ByMember]; f.Group.MembersSubmit = true }, 0, nil},
		{"after the term (X23)", "annual", func(_ *Proposal, f *Facts) { f.Actor.Today = "2027-07-01" }, Forbidden, []string{"not_your_move"}},
		{"everything wrong at once", "annual", func(p *Proposal, f *Facts) {
			p.Title, f.Now, f.Actor, f.Expect = "", at("2026-12-01T00:00:00Z"), actors()[ByMember], 99
		}, Forbidden, []string{"not_your_move", "window_closed", "required", "stale_version"}},
		{"another division, duties open (R10)", "other_division", func(_ *Proposal, f *Facts) {
			f.Standing = Standing{Duties: []Duty{{VenueName: "Core Forum", Required: 1}}}
		}, Conflict, []string{"quota_gate"}},
		{"another division, gate opened", "other_division", func(p *Proposal, f *Facts) {
			p.GateOverride, f.Standing = "Because", Standing{Duties: []Duty{{VenueName: "Core Forum", Required: 1}}}
		}, 0, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, f := proposalIn(Draft, c.venue), factsFor(c.venue, ben)
			c.edit(&p, &f)
			_, err := p.Do(Submit, f)
			checkRefusal(t, err, c.kind, c.codes)
			if err == nil && (p.State != Submitted || p.Number == "" || p.SubmittedAt == nil || p.LateUntil != nil) {
				t.Errorf("submitted, but %+v", p)
			}
		})
	}
}

func checkRefusal(t *testing.T, err error, kind Kind, codes []string) {
	t.Helper()
	if kind == 0 {
		if err != nil {
			t.Fatalf("refused: %v", err)
		}
		return
	}
	if !IsKind(err, kind) {
		t.Errorf("kind of %v is not %d", err, kind)
	}
	for _, c := range codes {
		if !HasCode(err, c) {
			t.Errorf("%v does not give the reason %s", err, c)
		}
	}
}

func TestCarryForward(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		from State
		edit func(*Proposal, *Facts)
		code string
	}{
		{"declined at Annual, to a webinar", Declined, func(*Proposal, *Facts) {}, ""},
		{"an alternate", Alternate, func(*Proposal, *Facts) {}, ""},
		{"accepted", Accepted, func(*Proposal, *Facts) {}, "not_from_here"},
		{"a second time (X11)", Declined, func(_ *Proposal, f *Facts) { f.Child = &Proposal{ID: "c", State: Draft} }, "already_carried"},
		{"a third hop", Declined, func(p *Proposal, _ *Facts) { p.Hops = 2 }, "too_many_hops"},
		{"back to Annual", Declined, func(_ *Proposal, f *Facts) { f.Target.Venue = venue("annual") }, "venue_not_allowed"},
		{"to Annual after its event was cancelled", Cancelled, func(_ *Proposal, f *Facts) { f.Target.Venue = venue("annual") }, ""},
		{"to where it was declined", Declined, func(_ *Proposal, f *Facts) { f.DeclinedAt = []VenueYear{{"webinar", "2026-27"}} }, "declined_there"},
		{"to a call two years away", Declined, func(_ *Proposal, f *Facts) { f.Target.Call.Year = "2028-29" }, "wrong_year"},
		{"to a closed call", Declined, func(_ *Proposal, f *Facts) { f.Now = at("2026-11-01T00:00:00Z") }, "window_closed"},
		{"to nowhere", Declined, func(_ *Proposal, f *Facts) { f.Target = nil }, "required"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, f := proposalIn(c.from, "annual"), factsFor("annual", actors()[ByChair])
			c.edit(&p, &f)
			_, err := p.Do(CarryForward, f)
			if c.code == "" && (err != nil || p.State != CarriedForward || p.CarriedFrom != c.from) {
				t.Errorf("carried: %v, %+v", err, p)
			}
			if c.code != "" && !HasCode(err, c.code) {
				t.Errorf("%v does not give the reason %s", err, c.code)
			}
		})
	}
}

func TestCorrectDecision(t *testing.T) {
	t.Parallel()
	p, f := proposalIn(Declined, "forum"), factsFor("forum", actors()[ByAdmin])
	f.Input, f.MailsOut = filledIn(OutcomeAccepted), true
	if _, err := p.Do(CorrectDecision, f); err != nil || p.State != Declined {
		t.Fatalf("with mails out, one person changed the state to %s (%v)", p.State, err)
	}
	f.Staged = &Decision{Source: "correction", ByID: "kim", Outcome: OutcomeAccepted}
	if _, err := p.Do(CorrectDecision, f); err != nil || p.State != Declined {
		t.Fatalf("the same person confirmed their own correction: %s (%v)", p.State, err)
	}
	f.Actor = actors()[ByVenueHead]
	if _, err := p.Do(CorrectDecision, f); err != nil || p.State != Accepted {
		t.Fatalf("a second person did not correct it: %s (%v)", p.State, err)
	}
	child := proposalIn(CarriedForward, "annual")
	g := factsFor("annual", actors()[ByAdmin])
	g.Input, g.Child = filledIn(OutcomeAccepted), &Proposal{ID: "c", State: Submitted, Number: "27-W-001"}
	if _, err := child.Do(CorrectDecision, g); !HasCode(err, "child_submitted") {
		t.Errorf("X12: %v does not name the submitted child", err)
	}
	g.Input.Reason = "too short"
	g.Child = nil
	if _, err := child.Do(CorrectDecision, g); !IsKind(err, Invalid) {
		t.Errorf("a reason of 9 characters was taken: %v", err)
	}
}
