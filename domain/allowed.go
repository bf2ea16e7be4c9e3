package domain

import "slices"

// Allowed is one action with what stands in its way.
type Allowed struct {
	Action  Action
	Reasons []Reason // nil: it can be made
}

// OnProposal tells whether the action is one on a proposal that is there: not
// the beginning of one, and not an act on a whole event.
func (a Action) OnProposal() bool { return a != Create && a != CancelEvent && a != ReleasePacket }

// Open lists every action with a route, for the actor asking.
func (p Proposal) Open(f Facts) []Allowed {
	all := make([]Allowed, 0, len(actions))
	for _, a := range actions {
		if a.OnProposal() {
			all = append(all, Allowed{a, p.Why(a, f)})
		}
	}
	return all
}

// NextStates are the states the table leads to from here, apart from staying.
func (p Proposal) NextStates() []State {
	var next []State
	for _, s := range Passages() {
		if s.From == p.State && s.To != p.State && s.To != Nowhere && !slices.Contains(next, s.To) {
			next = append(next, s.To)
		}
	}
	return next
}
