package demo

import (
	"slices"
	"strings"
	"testing"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// TestRound: decisions that nobody was told on May 20, on the day they are
// published, and the day after.
func TestRound(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		v := open(t, db, "2027-05-18 09:00")
		untold := v.mails()
		who, path, err := v.Enter(t.Context(), "staged")
		equal(t, "scene", []any{who, path, err}, []any{personID("Eli Marsh"), "/calls/forum-2027-breakouts/decisions", nil})
		equal(t, "staged, decided, in all", v.decided(), [3]int{24, 0, 26})
		equal(t, "coaching", v.proposal("coaching").State, domain.Submitted)
		asked := v.proposal("closing-branch")
		equal(t, "asked for changes", asked.ReopenedUntil != nil, true)
		equal(t, "outcomes told", v.mails()[domain.OutcomeNotice], untold[domain.OutcomeNotice])
		v.check()

		who, path, err = v.Enter(t.Context(), "publish")
		equal(t, "scene", []any{who, path, err}, []any{personID("Fay Nguyen"), "/calls/forum-2027-breakouts/decisions/publish", nil})
		equal(t, "staged, decided, in all", v.decided(), [3]int{26, 0, 26})

		who, path, err = v.Enter(t.Context(), "published")
		coaching := v.proposal("coaching")
		equal(t, "scene", []any{who, path, err}, []any{personID("Ben Castellano"), "/proposals/" + coaching.Number, nil})
		equal(t, "staged, decided, in all", v.decided(), [3]int{0, 26, 26})
		equal(t, "coaching", coaching.State, domain.Accepted)
		equal(t, "told to both chairs, with feedback and note", v.told("Accepted: Coaching across the reference desk", "Feedback: Practice instead of slides.", "From the Leadership Team: Bring the card of five things"), 2)
		equal(t, "declined without a word", v.told("Declined: Pickup lockers", "gave no feedback", "carry it forward"), 1)
		equal(t, "skipped", v.skipped, nil)
		v.check()
	})
}

// TestVisitorPublishes: what a visitor staged and published stays.
func TestVisitorPublishes(t *testing.T) {
	t.Parallel()
	v := open(t, storetest.SQLite(t), "2027-05-03 09:00")
	w := workflows.Decisions{Base: v.base()}
	wish := domain.DecisionWish{Ref: v.proposal("coaching").ID, Outcome: domain.OutcomeDeclined, NoFeedback: true}
	if _, err := w.Stage(t.Context(), v.actor("Eli Marsh"), wish); err != nil {
		t.Fatal(err)
	}
	v.to("2027-06-15 09:00", 1) // the story's own decision on it
	fay := v.actor("Fay Nguyen")
	w = workflows.Decisions{Base: v.base()}
	l, err := w.Preview(t.Context(), fay, "forum-2027-breakouts", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Publish(t.Context(), fay, "forum-2027-breakouts", l.Preview.Token, nil); err != nil {
		t.Fatal(err)
	}
	v.to("2027-06-16 09:00", 2) // nothing is left to publish, and no speaker to confirm
	equal(t, "coaching", v.proposal("coaching").State, domain.Declined)
	v.check()
}

// decided counts the decisions on the breakouts that are staged and published,
// and all breakouts.
func (v *visit) decided() [3]int {
	v.t.Helper()
	l, err := workflows.Decisions{Base: v.base()}.List(v.t.Context(), v.actor("Fay Nguyen"), "forum-2027-breakouts")
	if err != nil {
		v.t.Fatal(err)
	}
	n := [3]int{0, 0, len(l.Lines)}
	for _, line := range l.Lines {
		switch {
		case line.Staged != nil:
			n[0]++
		case line.Outcome != "":
			n[1]++
		}
	}
	return n
}

// letters are all mails.
func (v *visit) letters() []domain.Mail {
	v.t.Helper()
	all, err := store.Read(v.t.Context(), v.store, func(tx *store.Tx) ([]domain.Mail, error) { return tx.Mails(store.MailFilter{Limit: 2000}) })
	if err != nil {
		v.t.Fatal(err)
	}
	return all
}

// told counts the mails whose subject begins so and whose text has all the words.
func (v *visit) told(subject string, words ...string) int {
	n := 0
	for _, m := range v.letters() {
		lacks := func(w string) bool { return !strings.Contains(m.Body, w) }
		if strings.HasPrefix(m.Subject, subject) && !slices.ContainsFunc(words, lacks) {
			n++
		}
	}
	return n
}

// mails counts all mails by kind.
func (v *visit) mails() map[domain.NoticeKind]int {
	v.t.Helper()
	all := v.letters()
	n := map[domain.NoticeKind]int{}
	for _, m := range all {
		n[m.Kind]++
	}
	return n
}
