package domain

import "slices"

// Allowed is one action of a life, such as a proposal's or an order's, with what
// stands in its way.
type Allowed[A ~string] struct {
	Action  A
	Reasons []Reason // nil: it can be made
}

// Free tells whether nothing stands in the action's way.
func (a Allowed[A]) Free() bool { return len(a.Reasons) == 0 }

// May tells whether an action is among those listed, and free.
func May[A ~string](all []Allowed[A], action A) bool {
	return slices.ContainsFunc(all, func(a Allowed[A]) bool { return a.Action == action && a.Free() })
}

// WhyNot is what stands in the way of an action that is listed; nil otherwise.
func WhyNot[A ~string](all []Allowed[A], action A) []Reason {
	i := slices.IndexFunc(all, func(a Allowed[A]) bool { return a.Action == action })
	if i < 0 {
		return nil
	}
	return all[i].Reasons
}
