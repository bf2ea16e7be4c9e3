package jobs

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// clock is a ticker that ticks when the test says so.
type clock struct {
	ticks   chan time.Time
	stopped atomic.Int32
}

func newClock() *clock { return &clock{ticks: make(chan time.Time, 1)} }

func (c *clock) tick(time.Duration) (<-chan time.Time, func()) {
	return c.ticks, func() { c.stopped.Add(1) }
}

// begin runs the engine and gives what waits for its end.
func begin(ctx context.Context, e Engine, tasks ...Task) (ended chan struct{}) {
	ended = make(chan struct{})
	go func() {
		defer close(ended)
		e.Run(ctx, tasks...)
	}()
	return ended
}

func TestRun(t *testing.T) {
	t.Parallel()
	t.Run("at_the_start_and_at_every_tick", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		c, rounds := newClock(), make(chan struct{})
		ended := begin(ctx, Engine{Tick: c.tick}, Task{Name: "count", Do: func(context.Context) error { rounds <- struct{}{}; return nil }})
		<-rounds
		for range 3 {
			c.ticks <- time.Time{}
			<-rounds
		}
		cancel()
		<-ended
		if c.stopped.Load() != 1 {
			t.Errorf("the ticker was stopped %d times, want once", c.stopped.Load())
		}
	})
	t.Run("never_twice_at_once", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		c, began, goOn := newClock(), make(chan struct{}), make(chan struct{})
		var at, most atomic.Int32
		ended := begin(ctx, Engine{Tick: c.tick}, Task{Name: "slow", Do: func(context.Context) error {
			most.Store(max(most.Load(), at.Add(1)))
			began <- struct{}{}
			<-goOn
			at.Add(-1)
			return nil
		}})
		<-began
		c.ticks <- time.Time{} // comes while the first round is still at it
		select {
		case <-began:
			t.Error("a second round began during the first")
		default:
		}
		goOn <- struct{}{}
		<-began
		cancel()
		goOn <- struct{}{}
		<-ended
		if most.Load() != 1 {
			t.Errorf("%d rounds at once, want 1", most.Load())
		}
	})
	t.Run("finishes_what_it_began", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		c, began, goOn := newClock(), make(chan struct{}), make(chan struct{})
		finished := false
		ended := begin(ctx, Engine{Tick: c.tick}, Task{Name: "long", Do: func(context.Context) error {
			close(began)
			<-goOn
			finished = true
			return nil
		}})
		<-began
		cancel()
		select {
		case <-ended:
			t.Fatal("ended before the round was over")
		default:
		}
		close(goOn)
		<-ended
		if !finished {
			t.Error("the round was not finished")
		}
	})
	t.Run("tasks_do_not_wait_for_each_other", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		c, goOn, quick := newClock(), make(chan struct{}), make(chan struct{})
		ended := begin(ctx, Engine{Tick: c.tick},
			Task{Name: "stuck", Do: func(context.Context) error { <-goOn; return nil }},
			Task{Name: "quick", Do: func(context.Context) error { quick <- struct{}{}; return nil }})
		<-quick
		cancel()
		close(goOn)
		<-ended
	})
}

func TestRunTroubles(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c := newClock()
	said := &bytes.Buffer{}
	rounds := make(chan Round)
	n := 0
	e := Engine{Tick: c.tick, Log: slog.New(slog.NewTextHandler(said, nil)), Ran: func(r Round) { rounds <- r }}
	ended := begin(ctx, e, Task{Name: "moody", Do: func(context.Context) error {
		n++
		switch n {
		case 1:
			panic("out of paper")
		case 2, 3:
			return errors.New("no database")
		}
		return nil
	}})

	var p *Panic
	if r := <-rounds; !errors.As(r.Err, &p) || r.Task != "moody" || len(p.Stack) == 0 {
		t.Errorf("first round: %+v, want a panic with its stack", r)
	}
	for range 2 {
		c.ticks <- time.Time{}
		if r := <-rounds; r.Err == nil || r.Recovery {
			t.Errorf("round: %+v, want the error", r)
		}
	}
	c.ticks <- time.Time{}
	if r := <-rounds; r.Err != nil || !r.Recovery {
		t.Errorf("last round: %+v, want a recovery", r)
	}
	cancel()
	<-ended
	for text, times := range map[string]int{"out of paper": 1, "no database": 1, "works again": 1} {
		if got := strings.Count(said.String(), text); got < times || text != "out of paper" && got != times {
			t.Errorf("log says %q %d times, want %d:\n%s", text, got, times, said)
		}
	}
}

func TestRunTakesTime(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	at := time.Date(2026, 9, 18, 12, 0, 0, 0, time.UTC)
	var took time.Duration
	Engine{
		Tick: newClock().tick,
		Now:  func() time.Time { at = at.Add(time.Second); return at },
		Ran:  func(r Round) { took = r.Took; cancel() },
	}.Run(ctx, Task{Name: "one", Do: func(context.Context) error { return nil }})
	if took != time.Second {
		t.Errorf("took %v, want 1s", took)
	}
}
