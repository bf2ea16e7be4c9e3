package domain

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func webinarFacts(who Actor, live ...Stipend) (Proposal, Facts) {
	p, f := proposalIn(Accepted, "webinar"), factsFor("webinar", who)
	f.Stipends = live
	f.Speakers = []Speaker{
		{ID: "s1", Name: "Linda", Role: Speaks, Position: 1, Email: "linda@example.org"},
		{ID: "s2", Name: "Susanne", Role: Speaks, Position: 2},
		{ID: "s3", Name: "Marta", Role: Speaks, Position: 3},
		{ID: "s4", Name: "Odalys", Role: Speaks, Position: 4},
		{ID: "s5", Name: "Mod", Role: Moderates, Position: 5},
		{ID: "s6", Name: "Payroll", Role: Speaks, Position: 6, StaffMember: true},
		{ID: "s7", Name: "Linda again", Role: Speaks, Position: 7, Email: " LINDA@example.org"},
	}
	return p, f
}

func liveStipend(slot int, speaker string, s StipendState) Stipend {
	return Stipend{ID: speaker, Version: 1, SpeakerID: speaker, Payee: speaker, FundedBy: FundedHere, Slot: slot, AmountCents: 15000, State: s}
}

func TestMayDesignate(t *testing.T) {
	t.Parallel()
	three := []Stipend{liveStipend(1, "s1", StipendAccepted), liveStipend(2, "s2", StipendDesignated), liveStipend(3, "s3", StipendPaid)}
	for _, c := range []struct {
		name    string
		who     Who
		speaker string
		edit    func(*Proposal, *Facts)
		code    string
		kind    Kind
	}{
		{"the first", ByChair, "s1", func(*Proposal, *Facts) {}, "", 0},
		{"by staff", ByStaff, "s1", func(*Proposal, *Facts) {}, "", 0},
		{"by a member", ByMember, "s1", func(*Proposal, *Facts) {}, "not_your_move", Forbidden},
		{"the fourth", ByChair, "s4", func(_ *Proposal, f *Facts) { f.Stipends = three }, "stipend_cap_reached", Conflict},
		{"the fourth after a waiver", ByChair, "s4", func(_ *Proposal, f *Facts) {
			f.Stipends = append([]Stipend{}, three...)
			f.Stipends[1].State, f.Stipends[2].State = StipendWaived, StipendApproved
		}, "", 0},
		{"the fourth after a waiver, once one was paid", ByChair, "s4", func(_ *Proposal, f *Facts) {
			f.Stipends = append([]Stipend{}, three...)
			f.Stipends[1].State = StipendWaived
		}, "payments_begun", Conflict},
		{"the fourth in the place of a no-show", ByChair, "s4", func(p *Proposal, f *Facts) {
			delivered(p, f, "s1", "s3", "s4")
			f.Stipends = append([]Stipend{}, three...)
			f.Stipends[1].State, f.Stipends[1].Spent, f.Stipends[2].State = StipendVoid, true, StipendApproved
		}, "stipend_cap_reached", Conflict},
		{"after delivery, in a waived place, somebody who presented", ByStaff, "s4", func(p *Proposal, f *Facts) {
			delivered(p, f, "s1", "s3", "s4")
			f.Stipends = append([]Stipend{}, three...)
			f.Stipends[1].State, f.Stipends[2].State = StipendWaived, StipendApproved
		}, "", 0},
		{"after delivery, somebody who did not present", ByStaff, "s4", func(p *Proposal, f *Facts) { delivered(p, f, "s1") }, "did_not_present", Conflict},
		{"a sponsor pays the fourth", ByChair, "s4", func(_ *Proposal, f *Facts) {
			f.Stipends, f.Input.FundedBy = three, FundedOutside
		}, "", 0},
		{"a sponsor pays somebody who has one", ByChair, "s1", func(_ *Proposal, f *Facts) {
			f.Stipends, f.Input.FundedBy = three, FundedOutside
		}, "already_designated", Conflict},
		{"one over the limit for a person", ByChair, "s1", func(_ *Proposal, f *Facts) {
			f.Section.Settings.StipendPersonCap, f.PersonStipends = 2, 2
		}, "person_cap_reached", Conflict},
		{"no limit for a person", ByChair, "s1", func(_ *Proposal, f *Facts) { f.PersonStipends = 20 }, "", 0},
		{"twice", ByChair, "s1", func(_ *Proposal, f *Facts) { f.Stipends = three[:1] }, "already_designated", Conflict},
		{"the same address again", ByChair, "s7", func(_ *Proposal, f *Facts) {
			f.Stipends = []Stipend{{SpeakerID: "s1", Payee: "linda@example.org", FundedBy: FundedHere, Slot: 1, State: StipendDesignated}}
		}, "already_designated", Conflict},
		{"a moderator", ByChair, "s5", func(*Proposal, *Facts) {}, "moderator_only", Conflict},
		{"association staff", ByChair, "s6", func(*Proposal, *Facts) {}, "association_staff", Conflict},
		{"a declined webinar", ByChair, "s1", func(p *Proposal, _ *Facts) { p.State = Declined }, "not_a_selected_webinar", Invalid},
		{"a submitted webinar", ByChair, "s1", func(p *Proposal, _ *Facts) { p.State = Submitted }, "not_a_selected_webinar", Invalid},
		{"an accepted Annual session", ByChair, "s1", func(_ *Proposal, f *Facts) { f.Venue = venue("annual") }, "not_a_selected_webinar", Invalid},
		{"nobody", ByChair, "s99", func(*Proposal, *Facts) {}, "required", Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, f := webinarFacts(actors()[c.who])
			c.edit(&p, &f)
			err := Refuse(MayDesignate(p, c.speaker, f)...)
			if c.code == "" {
				checkRefusal(t, err, 0, nil)
				return
			}
			checkRefusal(t, err, c.kind, []string{c.code})
		})
	}
}

// delivered ticks these speakers as having presented on Sep 14, 2026.
func delivered(p *Proposal, f *Facts, who ...string) {
	on := at("2026-09-14T18:00:00Z")
	p.DeliveredAt = &on
	for i := range f.Speakers {
		came := slices.Contains(who, f.Speakers[i].ID)
		f.Speakers[i].Presented = &came
	}
}

// TestStipendWalk designates, accepts, waives and voids at random: never more
// than three live places, never two in one place, and 15000 cents each.
func TestStipendWalk(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, f := webinarFacts(actors()[ByChair])
		f.Input.Reason = "A reason"
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "designate") {
				id := rapid.SampledFrom([]string{"s1", "s2", "s3", "s4", "s7"}).Draw(t, "speaker")
				if len(MayDesignate(p, id, f)) == 0 {
					s, _ := findSpeaker(id, f.Speakers)
					slot, _ := FreeSlot(f.Stipends, 3)
					f.Stipends = append(f.Stipends, Stipend{SpeakerID: id, Payee: s.Payee(), Slot: slot, AmountCents: f.Section.Settings.StipendCents, State: StipendDesignated})
				}
			} else if n := len(f.Stipends); n > 0 {
				i := rapid.IntRange(0, n-1).Draw(t, "which")
				a := rapid.SampledFrom([]StipendAction{AcceptMoney, WaiveMoney, VoidMoney}).Draw(t, "move")
				before := f.Stipends[i]
				if err := f.Stipends[i].Do(a, p, f); err != nil && f.Stipends[i] != before {
					t.Fatalf("refused %s changed the stipend", a)
				}
			}
			checkPlaces(t, f.Stipends)
		}
	})
}

func checkPlaces(t *rapid.T, all []Stipend) {
	slots, payees, cents := map[int]bool{}, map[string]bool{}, 0
	for _, s := range all {
		if !s.State.Live() {
			continue
		}
		if s.Slot < 1 || s.Slot > 3 || slots[s.Slot] || payees[s.Payee] {
			t.Fatalf("place %d or payee %s is taken twice", s.Slot, s.Payee)
		}
		slots[s.Slot], payees[s.Payee] = true, true
		cents += s.AmountCents
	}
	if cents > 45000 {
		t.Fatalf("%d cents are promised", cents)
	}
}
