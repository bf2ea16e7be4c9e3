package domain

import (
	"slices"
	"testing"
)

func TestByWhom(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		state   State
		action  Action
		venue   string
		members bool // of the group may submit
		want    string
	}{
		{Draft, Submit, "annual", false, "the group’s chairs"},
		{Draft, Submit, "annual", true, "members of the group"},
		{Submitted, Decide, "webinar", false, "association staff"},
		{Submitted, Decide, "forum", false, "the Core Forum Committee or association staff"},
		{Submitted, RecordOutcome, "annual", false, "the group’s chairs, the Leadership Team or association staff"},
		{Accepted, CorrectDecision, "webinar", false, "an administrator"},
		{Accepted, CorrectDecision, "forum", false, "an administrator or the chair of those who decide"},
		{Accepted, ReplaceSpeaker, "annual", false, "the group’s chairs"},
		{Accepted, Submit, "annual", false, ""},
		{Submitted, StageDecision, "annual", false, ""},
	} {
		f := factsFor(c.venue, actors()[ByMember])
		f.Group.MembersSubmit = c.members
		if got := proposalIn(c.state, c.venue).ByWhom(c.action, f); got != c.want {
			t.Errorf("%s of a %s one for %s: by %q, want %q", c.action, c.state, c.venue, got, c.want)
		}
	}
}

// Whoever is told to be able to make a move is, and nobody else.
func TestByWhom_isWhoMay(t *testing.T) {
	t.Parallel()
	for _, state := range States() {
		for _, v := range []string{"annual", "forum", "webinar", "other_division"} {
			p := proposalIn(state, v)
			for _, m := range Moves {
				if len(m.By) == 0 || !slices.Contains(m.From, state) {
					continue
				}
				for who, actor := range actors() {
					f := factsFor(v, actor)
					f.Input = filledIn(OutcomeAccepted)
					may := !slices.ContainsFunc(p.Why(m.Action, f), func(r Reason) bool { return r.Code == NotYourMove })
					said := slices.ContainsFunc(m.By, func(w Who) bool { return f.phrase(w) != "" && actor.is(w, &p, &f) })
					if may != said {
						t.Errorf("%s of a %s one for %s by the %s: may %v, told %v in %q", m.Action, state, v, who, may, said, p.ByWhom(m.Action, f))
					}
				}
			}
		}
	}
}

// A member of a group whose members submit makes no other move of its chairs.
func TestMembersSubmit_onlySubmits(t *testing.T) {
	t.Parallel()
	for _, m := range Moves {
		if m.Action == Submit || !slices.Contains(m.By, ByChair) {
			continue
		}
		p, f := proposalIn(m.From[0], "annual"), factsFor("annual", actors()[ByMember])
		f.Group.MembersSubmit = true
		if !slices.ContainsFunc(p.Why(m.Action, f), func(r Reason) bool { return r.Code == NotYourMove }) {
			t.Errorf("a member may %s", m.Action)
		}
	}
}
