package demo

import (
	"lectern/domain"
	"lectern/workflows"
)

// stage writes down what is decided on a proposal, which nobody is told yet. What
// a visitor staged stays.
func (t telling) stage() error {
	ref, err := t.ref()
	if err != nil {
		return err
	}
	wish := domain.DecisionWish{Ref: ref, Outcome: t.Outcome, Feedback: t.Feedback, NoFeedback: t.Feedback == "", Reason: t.Say}
	_, err = workflows.Decisions{Base: t.Base}.Stage(t.ctx, t.who, wish)
	return err
}

// publishDecisions publishes all that is staged on a call, as its preview shows it.
func (t telling) publishDecisions() error {
	w := workflows.Decisions{Base: t.Base}
	l, err := w.Preview(t.ctx, t.who, t.Call, nil)
	if err != nil {
		return err
	}
	_, err = w.Publish(t.ctx, t.who, t.Call, l.Preview.Token, nil)
	return err
}
