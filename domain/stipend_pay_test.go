package domain

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ready is an accepted stipend of a delivered webinar with all its papers,
// designated by the co-chair.
func ready(who Actor) (Stipend, Proposal, Facts) {
	p, f := webinarFacts(who)
	delivered(&p, &f, "s1", "s2", "s3")
	came := true
	s := liveStipend(1, "s1", StipendAccepted)
	s.Payee, s.DesignatedBy, s.Presented = "linda@example.org", "ben", &came
	s.AgreementOn, s.TaxFormOn, s.TaxForm = "2026-09-01", "2026-09-02", FormW9
	f.Speakers[0].Affiliations = []string{"Hostos Community College"}
	return s, p, f
}

func filledStipend() Input {
	return Input{Reason: "A reason", On: "2026-09-15", TaxForm: FormW9, Payment: PaymentInput{ByCheck, "1042", "2026-09-15"}}
}

// TestEveryStipendStateWithEveryAction tries each action from each state by each
// party: what happens is in the table, or it is refused, with what is possible
// instead, and nothing changes.
func TestEveryStipendStateWithEveryAction(t *testing.T) {
	t.Parallel()
	done := map[[2]StipendState]bool{}
	for _, state := range StipendStates() {
		for _, a := range append(StipendActions(), "no-such-action") {
			for who, actor := range actors() {
				for _, after := range []bool{true, false} {
					tryStipend(t, state, a, who, actor, after, done)
				}
			}
		}
	}
	for _, want := range StipendPassages() {
		if !done[want] {
			t.Errorf("from %s to %s was never reached: the table has a row that nobody can use", want[0], want[1])
		}
	}
}

func tryStipend(t *testing.T, state StipendState, a StipendAction, who Who, actor Actor, delivered bool, done map[[2]StipendState]bool) {
	t.Helper()
	s, p, f := ready(actor)
	s.State, f.Input = state, filledStipend()
	if !delivered {
		p.DeliveredAt = nil
	}
	before := s
	err := s.Do(a, p, f)
	if err != nil {
		if s != before {
			t.Fatalf("%s by %s from %s was refused and changed the stipend", a, who, state)
		}
		i := slices.IndexFunc(StipendMoves, func(m StipendMove) bool { return m.Action == a && slices.Contains(m.From, state) })
		if i < 0 && !HasCode(err, "not_from_here") {
			t.Fatalf("%s by %s from %s: %v", a, who, state, err)
		}
		if i < 0 && !strings.Contains(err.Error(), "Possible now") && !strings.Contains(err.Error(), "Nothing more") {
			t.Fatalf("%s from %s does not say what is possible: %v", a, state, err)
		}
		return
	}
	if s.Version != before.Version+1 || s.State != state && !slices.Contains(StipendPassages(), [2]StipendState{state, s.State}) {
		t.Fatalf("%s by %s went from %s to %s, which is not in the table", a, who, state, s.State)
	}
	done[[2]StipendState{state, s.State}] = true
}

// TestMayApprove has one row for each thing that keeps a stipend from being
// approved (X21 and the table of cases in the rulebook's section 5).
func TestMayApprove(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		edit func(s *Stipend, p *Proposal, f *Facts)
		kind Kind
		code string
	}{
		{"all is here", func(*Stipend, *Proposal, *Facts) {}, 0, ""},
		{"before delivery", func(_ *Stipend, p *Proposal, _ *Facts) { p.DeliveredAt = nil }, Conflict, "not_delivered"},
		{"a no-show", func(s *Stipend, _ *Proposal, _ *Facts) { *s.Presented = false }, Conflict, "did_not_present"},
		{"nobody was ticked", func(s *Stipend, _ *Proposal, _ *Facts) { s.Presented = nil }, Conflict, "did_not_present"},
		{"no agreement", func(s *Stipend, _ *Proposal, _ *Facts) { s.AgreementOn = "" }, Conflict, "agreement_missing"},
		{"no W-9", func(s *Stipend, _ *Proposal, _ *Facts) { s.TaxFormOn = "" }, Conflict, "tax_form_missing"},
		{"the designator", func(s *Stipend, _ *Proposal, _ *Facts) { s.DesignatedBy = "gus" }, Forbidden, "own_designation"},
		{"the payee, by address", func(_ *Stipend, _ *Proposal, f *Facts) { f.Actor.Email = "Linda@example.org " }, Forbidden, "own_stipend"},
		{"the payee, with another address", func(_ *Stipend, _ *Proposal, f *Facts) {
			f.Actor.Name, f.Actor.Email, f.Actor.Institution = "LINDA", "l@example.org", "Hostos  community college"
		}, Forbidden, "own_stipend"},
		{"a namesake elsewhere", func(_ *Stipend, _ *Proposal, f *Facts) {
			f.Actor.Name, f.Actor.Institution = "Linda", "Another Library"
		}, 0, ""},
		{"not finance", func(_ *Stipend, _ *Proposal, f *Facts) { f.Actor = actors()[ByStaff] }, Forbidden, "not_your_move"},
		{"outside the US", func(s *Stipend, _ *Proposal, f *Facts) { s.Hold, f.Input.Reason = "Outside the US.", " " }, Conflict, "finance_hold"},
		{"outside the US, decided by hand", func(s *Stipend, _ *Proposal, f *Facts) { s.Hold, f.Input.Reason = "Outside the US.", "Treaty checked" }, 0, ""},
		{"a sponsor pays", func(s *Stipend, _ *Proposal, _ *Facts) { s.FundedBy = FundedOutside }, Conflict, "funded_outside"},
		{"changed since it was read", func(_ *Stipend, _ *Proposal, f *Facts) { f.Expect = 7 }, Stale, "stale_version"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, p, f := ready(actors()[ByFinance])
			c.edit(&s, &p, &f)
			err := s.Do(ApproveMoney, p, f)
			if c.code == "" {
				checkRefusal(t, err, 0, nil)
				return
			}
			checkRefusal(t, err, c.kind, []string{c.code})
		})
	}
}

func TestWhatAPaymentNeeds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		in   PaymentInput
		code []string
	}{
		{"good", PaymentInput{ByCheck, "1042", "2026-09-15"}, nil},
		{"on the day of delivery", PaymentInput{ByTransfer, "T-1", "2026-09-14"}, nil},
		{"before delivery", PaymentInput{ByCheck, "1042", "2026-09-13"}, []string{"before_delivery"}},
		{"still to come", PaymentInput{ByCheck, "1042", "2026-09-16"}, []string{"in_the_future"}},
		{"nothing", PaymentInput{}, []string{"required", "required", "required"}},
		{"cash", PaymentInput{"cash", "1042", "2026-09-15"}, []string{"required"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, p, f := ready(actors()[ByFinance])
			s.State, f.Input.Payment = StipendApproved, c.in
			kind := Invalid
			if c.code == nil {
				kind = 0
			}
			checkRefusal(t, s.Do(PayMoney, p, f), kind, c.code)
		})
	}
}

func TestDeliver(t *testing.T) {
	t.Parallel()
	_, f := webinarFacts(actors()[ByStaff])
	f.Input.Presented = []string{"s1", "s4"}
	for _, c := range []struct {
		name  string
		s     Stipend
		state StipendState
		takes bool
	}{
		{"who presented", liveStipend(1, "s1", StipendAccepted), StipendAccepted, true},
		{"who did not answer and presented", liveStipend(1, "s1", StipendDesignated), StipendDesignated, true},
		{"no-show: void, and the place is used up", liveStipend(2, "s2", StipendAccepted), StipendVoid, true},
		{"who waived", liveStipend(3, "s3", StipendWaived), StipendWaived, false},
		{"a sponsor’s no-show", Stipend{SpeakerID: "s3", FundedBy: FundedOutside, State: StipendDesignated}, StipendVoid, false},
	} {
		s := c.s
		s.Deliver(f)
		if s.State != c.state || s.TakesPlace() != c.takes || s.State == StipendVoid && s.VoidReason == "" {
			t.Errorf("%s: %+v", c.name, s)
		}
	}
}

func TestStages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		edit    func(*Stipend)
		stage   StipendStage
		blocked bool
	}{
		{"payable", func(*Stipend) {}, StagePayable, false},
		{"no answer", func(s *Stipend) { s.State = StipendDesignated }, StageDesignated, true},
		{"no W-9", func(s *Stipend) { s.TaxFormOn = "" }, StagePapers, true},
		{"no agreement", func(s *Stipend) { s.AgreementOn = "" }, StagePapers, true},
		{"held", func(s *Stipend) { s.Hold = "Outside the US." }, StageHold, true},
		{"approved", func(s *Stipend) { s.State = StipendApproved }, StageApproved, false},
		{"paid", func(s *Stipend) { s.State = StipendPaid }, StagePaid, false},
		{"waived", func(s *Stipend) { s.State = StipendWaived }, StageWaived, false},
		{"void", func(s *Stipend) { s.State = StipendVoid }, StageVoid, false},
		{"sponsored", func(s *Stipend) { s.FundedBy = FundedOutside }, StageOutside, false},
	} {
		s, _, _ := ready(Actor{})
		c.edit(&s)
		if s.Stage(true) != c.stage || s.Blocked(true) != c.blocked || s.Blocked(false) {
			t.Errorf("%s: %s, blocked %t and before delivery %t", c.name, s.Stage(true), s.Blocked(true), s.Blocked(false))
		}
	}
	if s, _, _ := ready(Actor{}); s.Stage(false) != StageDelivery {
		t.Error("all is here and the webinar is not delivered:", s.Stage(false))
	}
}

// TestTaxList has the numbers of the rulebook's row "1099".
func TestTaxList(t *testing.T) {
	t.Parallel()
	set := DefaultSettings()
	for _, c := range []struct {
		year, stipends int
		listed, known  bool
	}{
		{2025, 4, true, true},
		{2025, 3, false, true},
		{2024, 4, true, true},
		{2026, 4, false, true},
		{2026, 14, true, true},
		{2026, 13, false, true},
		{2027, 14, false, false},
	} {
		r := NewTaxReport(set, c.year, []TaxLine{{PayeeKey: "a", Payee: "A", Payments: c.stipends, Cents: c.stipends * 15000}})
		if r.Listed(r.Lines[0]) != c.listed || r.Known != c.known {
			t.Errorf("%d stipends in %d: listed %t, threshold known %t", c.stipends, c.year, r.Listed(r.Lines[0]), r.Known)
		}
	}
	set.TaxThresholds = map[int]int{2025: 60000, 2026: 200000, 2027: 210000}
	if cents, known := set.TaxThreshold(2027); cents != 210000 || !known {
		t.Error("a threshold set later:", cents, known)
	}
	r := NewTaxReport(set, 2026, []TaxLine{{Payee: "Linda Park"}, {Payee: "linda  park"}, {Payee: "Marta"}})
	if !r.Lines[0].Twin || !r.Lines[1].Twin || r.Lines[2].Twin {
		t.Error("namesakes:", r.Lines)
	}
}

// TestTwins is the row "same human, two emails".
func TestTwins(t *testing.T) {
	t.Parallel()
	a := Speaker{ID: "a", Name: "Linda Park", Affiliations: []string{"Hostos Community College"}}
	b := Speaker{ID: "b", Name: "linda park", Affiliations: []string{"CUNY", "Hostos community college"}}
	c := Speaker{ID: "c", Name: "Linda Park", Affiliations: []string{"Elsewhere"}}
	all := []Stipend{liveStipend(1, "a", StipendDesignated), liveStipend(2, "b", StipendDesignated), liveStipend(3, "c", StipendDesignated)}
	if diff := cmp.Diff([]Twin{{a, b}}, Twins([]Speaker{a, b, c}, all)); diff != "" {
		t.Error(diff)
	}
	all[1].State = StipendVoid // merged: one stays
	if got := Twins([]Speaker{a, b, c}, all); got != nil {
		t.Error("one of the two is void:", got)
	}
}

// TestAmountByYear is the row "amount changed to 200 next year".
func TestAmountByYear(t *testing.T) {
	t.Parallel()
	set := DefaultSettings()
	set.StipendCentsIn = map[Year]int{"2027-28": 20000}
	if set.StipendCentsFor("2026-27") != 15000 || set.StipendCentsFor("2027-28") != 20000 {
		t.Error(set.StipendCentsFor("2026-27"), set.StipendCentsFor("2027-28"))
	}
}
