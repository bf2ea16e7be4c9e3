// Package jobs runs what happens by itself: a few tasks, each again and again.
//
// It is a loop and not a job queue on purpose. What has to be done is in the
// database already: mails in the outbox with their state, attempts and lease,
// reminders derived from dates, and the table swept that says which are done.
// Every task takes what is due at an instant, does it once whoever else tries,
// and may be stopped anywhere. A job engine would keep a second list of the same
// work, would not follow the demo's clock, and staff would have to look in two
// places (docs/adr/0007-outbox-is-the-queue.md).
package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// Task is one thing that is done at the start and then again and again.
type Task struct {
	Name  string
	Every time.Duration
	// Do does what is due. When ctx ends it finishes what it has begun and returns.
	Do func(ctx context.Context) error
}

// Ticker gives a tick every so often; stop ends it.
type Ticker func(every time.Duration) (ticks <-chan time.Time, stop func())

// Engine runs tasks. The zero value works; its fields are for tests and metrics.
type Engine struct {
	Log  *slog.Logger  // nil: slog.Default()
	Tick Ticker        // nil: a time.Ticker
	Ran  func(r Round) // called after every round of a task, from that task's own goroutine; may be nil
	Now  func() time.Time
}

// Round is one time a task was run.
type Round struct {
	Task     string
	Took     time.Duration // 0 without a clock
	Err      error         // a *Panic when the task panicked
	Recovery bool          // it worked, and the round before had not
}

// Panic is a task's panic, as an error.
type Panic struct {
	Value any
	Stack []byte
}

// Error is what the task panicked with.
func (p *Panic) Error() string { return fmt.Sprintf("panic: %v", p.Value) }

// Run runs all tasks until ctx ends and every round that had begun is over. No
// task runs twice at once; a tick that comes during a round is taken after it,
// several such ticks as one. Tasks do not wait for each other. An error or a
// panic is logged, when it is another than in the round before, and the task is
// run again at its next tick.
func (e Engine) Run(ctx context.Context, tasks ...Task) {
	var all sync.WaitGroup
	for _, t := range tasks {
		all.Go(func() { e.repeat(ctx, t) })
	}
	all.Wait()
}

func (e Engine) repeat(ctx context.Context, t Task) {
	ticks, stop := e.ticker()(t.Every)
	defer stop()
	var said string
	for ctx.Err() == nil {
		said = e.round(ctx, t, said)
		select {
		case <-ctx.Done():
			return
		case <-ticks:
		}
	}
}

// round runs a task once and answers what went wrong, "" when nothing did.
func (e Engine) round(ctx context.Context, t Task, before string) string {
	begin := e.now()
	err := guarded(ctx, t)
	r := Round{Task: t.Name, Took: e.now().Sub(begin), Err: err, Recovery: err == nil && before != ""}
	if e.Ran != nil {
		e.Ran(r)
	}
	if err == nil {
		if r.Recovery {
			e.log().Info("job works again", "job", t.Name)
		}
		return ""
	}
	if ctx.Err() == nil && err.Error() != before {
		e.report(t, err)
	}
	return err.Error()
}

func (e Engine) report(t Task, err error) {
	if p, ok := err.(*Panic); ok { //nolint:errorlint // guarded returns it bare
		e.log().Error("job panicked", "job", t.Name, "error", err, "stack", string(p.Stack))
		return
	}
	e.log().Error("job failed", "job", t.Name, "error", err)
}

func guarded(ctx context.Context, t Task) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &Panic{Value: v, Stack: debug.Stack()}
		}
	}()
	return t.Do(ctx)
}

func (e Engine) log() *slog.Logger {
	if e.Log == nil {
		return slog.Default()
	}
	return e.Log
}

func (e Engine) now() time.Time {
	if e.Now == nil {
		return time.Time{}
	}
	return e.Now()
}

func (e Engine) ticker() Ticker {
	if e.Tick != nil {
		return e.Tick
	}
	return func(every time.Duration) (<-chan time.Time, func()) {
		t := time.NewTicker(every)
		return t.C, t.Stop
	}
}
