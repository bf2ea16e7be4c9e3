package workflows_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/workflows"
)

const walkSteps = 1400

// TestWalk tries any action by anybody on any of the proposals there are, on
// days all over the year, against the database: what is refused changes nothing,
// what is done is in the table, and the invariants hold at the end.
func TestWalk(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		dice := rand.New(rand.NewPCG(1, 4))
		people := []string{"Ana Reyes", "Ben Castellano", "Chidi Okonkwo", "Dana Whitfield", "Vera Lindholm", "Fern Abbott", "Fay Nguyen", "Kim Adeyemi", "Otto Lang"}
		const kept = 4 // the day of days on which nothing new is walked on
		days := []string{"2026-09-10T12:00:00-05:00", "2026-12-12T12:00:00-06:00", "2027-01-20T12:00:00-06:00", "2027-03-03T12:00:00-06:00", "2027-03-20T12:00:00-05:00", "2027-04-08T12:00:00-05:00", "2027-04-20T12:00:00-05:00", "2027-06-16T12:00:00-05:00"}
		calls := []string{"annual-2027-sessions", "webinars-2026-27", "forum-2027-breakouts", "other-divisions-2026-27"}
		var ids, later []string
		done := map[domain.Action]int{}
		for i := range walkSteps {
			if i%20 == 0 {
				day := i * len(days) / walkSteps
				if day == len(days)-1 && done[domain.ReleasePacket] == 0 {
					done[domain.ReleasePacket] = released(t, f, w, ids)
				}
				f.At(days[day])
				switch {
				case day < kept:
					ids = append(ids, begun(t, f, w, calls[dice.IntN(len(calls))])...)
				case len(later) == 0: // the last day of the window: what is judged afterwards
					for range 8 {
						later = append(later, submitted(t, f, w, "forum-2027-breakouts", "Judged", speakerNamed("Ignacio Prieto"), speakerNamed("Pia Holm")).ID)
					}
				case day > kept && !slices.Contains(ids, later[0]):
					ids = append(ids, later...)
				}
			}
			if len(ids) == 0 {
				continue
			}
			id := ids[max(0, len(ids)-1-dice.IntN(6))]
			name := people[dice.IntN(len(people))]
			a := domain.Actions()[dice.IntN(len(domain.Actions()))]
			switch {
			case i%3 > 0: // two of three steps are ones that somebody may make
				name, a = likely(t, f, w, id, dice, done)
			case i%9 == 0: // one of the seldom ones, on any proposal that ever was
				id = ids[dice.IntN(len(ids))]
				name, a = "Dana Whitfield", []domain.Action{domain.OverrideGate, domain.Recommend}[dice.IntN(2)]
			case i%9 == 3:
				name, a = "Fay Nguyen", []domain.Action{domain.StageDecision, domain.PublishDecision, domain.MarkDelivered}[dice.IntN(3)]
				id = openTo(t, f, w, name, a, ids)
			}
			if got := stepped(t, f, w, name, id, a, dice); got != "" {
				done[a]++
				if a == domain.CarryForward {
					ids = append(ids, got)
				}
			}
		}
		for _, id := range ids { // at last the events are called off
			if stepped(t, f, w, "Fay Nguyen", id, domain.CancelEvent, dice) != "" {
				done[domain.CancelEvent]++
			}
		}
		done[domain.Create] = len(ids)
		for _, a := range domain.Actions() {
			if done[a] == 0 {
				t.Errorf("the walk never made the move %s: %v", a, done)
			}
		}
	})
}

// released recommends what waits for it and releases the packet of Core Forum,
// which tells nobody's proposal anything: no version is raised.
func released(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals, ids []string) int {
	t.Helper()
	dana, packets := f.Actor("Dana Whitfield"), workflows.Packets{Base: f.Base}
	for _, id := range ids {
		for _, who := range []string{"Dana Whitfield", "Vera Lindholm"} {
			_, err := w.Recommend(t.Context(), f.Actor(who), id, 0, domain.RecommendationInput{Verdict: domain.VerdictYes, Reason: "Read aloud"})
			if _, refused := errors.AsType[*domain.Error](err); err != nil && !refused {
				t.Fatal(err)
			}
		}
	}
	p, err := packets.Preview(t.Context(), dana, sectiontest.Year, "forum", false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = packets.Release(t.Context(), dana, sectiontest.Year, "forum", workflows.PacketWish{Token: p.Token}); err != nil {
		t.Fatalf("the packet is not released: %v", err)
	}
	return 1
}

// openTo is a proposal on which the person may make the move, or the first.
func openTo(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals, name string, a domain.Action, ids []string) string {
	t.Helper()
	for _, id := range ids {
		p, err := w.Get(t.Context(), f.Actor(name), id)
		if err == nil && domain.May(p.Actions, a) {
			return id
		}
	}
	return ids[0]
}

// likely picks a move that is open to one of those who make most moves, every
// other time the one that was made least; seldom to delete, which ends a walk early.
func likely(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals, id string, dice *rand.Rand, done map[domain.Action]int) (string, domain.Action) {
	t.Helper()
	if dice.IntN(3) == 0 { // something that was made least, by anybody it may be for
		rarest := slices.Clone(domain.Actions())
		dice.Shuffle(len(rarest), func(i, j int) { rarest[i], rarest[j] = rarest[j], rarest[i] })
		a := slices.MinFunc(rarest[:len(rarest)/2], func(a, b domain.Action) int { return done[a] - done[b] })
		return []string{"Ben Castellano", "Fay Nguyen", "Fern Abbott", "Dana Whitfield"}[dice.IntN(4)], a
	}
	name := []string{"Ben Castellano", "Ben Castellano", "Fay Nguyen", "Fay Nguyen", "Fay Nguyen", "Kim Adeyemi", "Dana Whitfield"}[dice.IntN(7)]
	p, err := w.Get(t.Context(), f.Actor(name), id)
	if err != nil {
		return "Ben Castellano", domain.Submit
	}
	var open []domain.Action
	for _, a := range p.Actions {
		if len(a.Reasons) == 0 && (a.Action != domain.Delete || dice.IntN(10) == 0) {
			open = append(open, a.Action)
		}
	}
	if len(open) == 0 {
		return name, domain.Withdraw
	}
	if dice.IntN(2) == 0 {
		return name, slices.MinFunc(open, func(a, b domain.Action) int { return done[a] - done[b] })
	}
	return name, open[dice.IntN(len(open))]
}

// begun starts a complete draft where the call allows it.
func begun(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals, call string) []string {
	t.Helper()
	answers := complete(call)
	if call == "other-divisions-2026-27" {
		answers["division"] = []string{"PLA"}
		delete(answers, "recording_consent")
	}
	p, err := w.Create(t.Context(), f.Actor("Ana Reyes"), workflows.Draft{
		Group: "new-leaders-and-managers", Call: call, Title: "On " + call,
		Answers: answers, Speakers: []domain.Speaker{speakerNamed("Ignacio Prieto"), speakerNamed("Pia Holm")},
	})
	if domain.IsKind(err, domain.Conflict) {
		return nil // closed or not open today
	}
	if err != nil {
		t.Fatal(err)
	}
	return []string{p.ID}
}

func stepped(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals, name, id string, a domain.Action, dice *rand.Rand) string {
	t.Helper()
	before, err := w.Get(t.Context(), f.Actor("Kim Adeyemi"), id)
	if domain.IsKind(err, domain.NotFound) {
		return "" // deleted
	}
	if err != nil {
		t.Fatal(err)
	}
	until := f.Now().AddDate(0, 0, 3)
	m := workflows.Move{Call: []string{"webinars-2026-27", "forum-2027-breakouts"}[dice.IntN(2)], Input: domain.Input{
		Reason: "A reason of more than twenty characters", Outcome: domain.Outcomes()[dice.IntN(3)], DecidedOn: "2026-09-01", Evidence: "Notice",
		NoFeedback: true, Review: &domain.ReviewInput{Verdict: domain.VerdictYes}, Recommendation: &domain.RecommendationInput{Verdict: domain.VerdictYes, Reason: "Read aloud"}, Site: "ALA", Reference: "1", SentOn: "2026-09-01", Until: &until, Speaker: &domain.Speaker{Name: "Wren Tate", Email: "wren@example.org"},
	}}
	if s := domain.Active(before.Facts.Speakers); len(s) > 0 {
		m.SpeakerID, m.Presented = s[dice.IntN(len(s))].ID, []string{s[0].ID}
	}
	seen, _ := w.Get(t.Context(), f.Actor(name), id)
	after, err := w.Act(t.Context(), f.Actor(name), id, a, m)
	if seen.May(a) && domain.IsKind(err, domain.NotFound) {
		t.Fatalf("%s is offered to %s, and is not there", a, name)
	}
	var refusal *domain.Error
	if err != nil && !errors.As(err, &refusal) {
		t.Fatalf("%s by %s from %s failed: %v", a, name, before.State, err)
	}
	now := sectiontest.Read(f, func(tx *store.Tx) ([]domain.Step, error) { return tx.History(id, 1) })
	if err != nil {
		if p, _ := w.Get(t.Context(), f.Actor("Kim Adeyemi"), id); p.Version != before.Version || p.State != before.State {
			t.Fatalf("refused %s changed %s to %s", a, before.State, p.State)
		}
		return ""
	}
	facts := before.Facts
	facts.Actor, facts.Input = f.Actor(name), m.Input
	if facts.Quiet(a) {
		p, _ := w.Get(t.Context(), f.Actor("Kim Adeyemi"), id)
		if p.Version != before.Version || p.State != before.State || now[0].Version != before.Version {
			t.Fatalf("%s by %s left a trace: version %d, then %d", a, name, before.Version, p.Version)
		}
		return after.ID
	}
	last := domain.Passage{Action: now[0].Action, From: now[0].From, To: now[0].To}
	if last.From != before.State || !slices.Contains(domain.Passages(), last) {
		t.Fatalf("%s by %s went %v, which is not in the table", a, name, last)
	}
	return after.ID
}
