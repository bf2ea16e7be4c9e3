package api

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
)

// TestDoubleClick submits one draft many times at once and again after a
// time-out, with one idempotency key: one submission, one answer (X5).
func TestDoubleClick(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		p := w.drafted("Ana Reyes", "new-leaders-and-managers", "annual-2027-sessions", "Clicked twice")
		submit := request{method: post, path: apiRoot + "/proposals/" + p.ID + "/submit", as: "Ben Castellano", body: "{}", header: map[string]string{"Idempotency-Key": "one-click"}}
		w.token("Ben Castellano")
		var all sync.WaitGroup
		statuses := make([]int, 6)
		for i := range statuses {
			all.Go(func() { statuses[i] = w.send(submit).StatusCode })
		}
		all.Wait()
		for _, status := range statuses {
			if status != 200 && status != 409 { // 409: the first is still at it; try again
				t.Errorf("a click was answered %d", status)
			}
		}
		var again ProposalOut
		into(w.send(submit).want(200), &again)
		if again.State != domain.Submitted || again.Number != "27-A-001" {
			t.Errorf("the retry answers %s %s", again.State, again.Number)
		}
		var steps list[StepOut]
		into(w.as("Ben Castellano", get, "/proposals/"+p.ID+"/history", nil).want(200), &steps)
		n := 0
		for _, step := range steps.Data {
			if step.Action == domain.Submit {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d submissions in the history", n)
		}
	})
}

// TestE5 is the cancelled event with single cancels, through the API.
func TestE5(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		const group = "new-leaders-and-managers"
		w.At("2027-03-20T10:00:00-05:00")
		var accepted []ProposalOut
		for i := range 3 {
			p := w.drafted("Ana Reyes", group, "forum-2027-breakouts", fmt.Sprintf("Breakout %d", i))
			p = w.acted("Ben Castellano", p.ID, "submit", nil)
			accepted = append(accepted, w.acted("Fay Nguyen", p.ID, "decide", map[string]any{"outcome": "accepted", "reason": "The committee’s letter of May 3"}))
		}
		w.At("2027-05-10T10:00:00-05:00")
		for _, p := range accepted {
			w.as("Ben Castellano", post, "/proposals/"+p.ID+"/cancel", map[string]any{"reason": "Off"}).refused(403, "not_your_move")
			w.acted("Fay Nguyen", p.ID, "cancel", map[string]any{"reason": "The event is cancelled"})
			r := w.as("Ben Castellano", post, "/proposals/"+p.ID+"/carry-forward", map[string]any{"call": "webinars-2026-27"})
			if got := r.refused(409, "window_closed"); !strings.Contains(got.Detail, "closed on") {
				t.Errorf("the closed window says %q", got.Detail)
			}
		}
		if got := w.counted("Ben Castellano", group)["forum"]; got != "3/1" {
			t.Errorf("after the event was cancelled the old year counts %s", got)
		}
	})
}
