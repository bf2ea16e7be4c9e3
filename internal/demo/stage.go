// Package demo plays a section's program year, 2026-27, for a visitor who may
// join in: who they are, what day it is, and what happened until then. All its
// data is made by workflow calls, at past dates, by the people whose move it was.
package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/workflows"
)

// bySpeaker is who acts when a speaker uses their own link.
const bySpeaker = "speaker"

// byBuyer is who acts when a buyer does, who has no account.
const byBuyer = "buyer"

// ErrNotADemo says that a database holds data that is not the demonstration's,
// which starting over would remove.
var ErrNotADemo = errors.New("this database holds data of its own; give the demonstration another one")

// Stage is the demonstration on its database. Its methods are safe for
// concurrent use; one journey is made at a time.
type Stage struct {
	store    *store.Store
	realNow  func() time.Time
	links    workflows.Links // whose keys the list of members is kept under
	opening  time.Time       // where starting over leads to
	story    *story
	personas []Persona
	scenes   []Scene
	turn     sync.Mutex
	state    atomic.Pointer[state]
	skipped  []string // events of the last journey that a visitor had made impossible
}

// Open goes on with the demonstration in a database where its clock stands now,
// or plays it up to an instant when one is given. An empty database is filled
// up to that instant, or to the first scene; a demonstration of another version
// of the story begins again. The keys are those that the pages sign with: without
// them nobody would be found on the list of members. ErrNotADemo for a database
// with other data.
func Open(ctx context.Context, db *store.Store, keys []string, realNow func() time.Time, at time.Time) (*Stage, error) {
	told, err := readStory()
	if err != nil {
		return nil, err
	}
	personas := personasOf(told.people)
	s := &Stage{store: db, realNow: realNow, links: workflows.Links{Keys: keys}, story: told, personas: personas, scenes: scenesOf(personas), opening: at}
	if at.IsZero() {
		s.opening = s.scenes[0].At
	}
	if err := s.find(ctx); err != nil {
		return nil, err
	}
	st := s.state.Load()
	switch {
	case !at.IsZero():
		return s, s.Travel(ctx, at)
	case s.stands(*st):
		return s, s.CatchUp(ctx)
	}
	return s, s.startOver(ctx, s.goesOnAt())
}

// stands tells whether the story of this version was told without interruption.
func (s *Stage) stands(st state) bool { return !st.Telling && st.Story == s.story.fingerprint }

// find reads where the demonstration stands, and refuses a database of others.
func (s *Stage) find(ctx context.Context) error {
	st, err := store.Read(ctx, s.store, func(tx *store.Tx) (state, error) {
		st, err := loadState(tx)
		if err != nil || st.Story != "" {
			return st, err
		}
		sections, err := tx.Sections()
		if err == nil && len(sections) > 0 {
			err = ErrNotADemo
		}
		return st, err
	})
	s.state.Store(&st)
	return err
}

// goesOnAt is where the clock stands now, within the year; the opening when it
// was never set.
func (s *Stage) goesOnAt() time.Time {
	st := s.state.Load()
	if st.Set.IsZero() {
		return s.opening
	}
	if now := s.Now(); now.Before(latest) {
		return now
	}
	return latest
}

// Now is the demonstration's time: the instant it was set to, ticking since.
func (s *Stage) Now() time.Time { return s.state.Load().at(s.realNow()) }

// Days are the first and the last day one can travel to, in the section's zone.
func (s *Stage) Days() (from, to domain.Date) { return year.Starts(), year.Ends() }

// Personas are the people a visitor can be, in the order they are offered.
func (s *Stage) Personas() []Persona { return slices.Clone(s.personas) }

// Scenes are the scenes, in the order of the year.
func (s *Stage) Scenes() []Scene { return slices.Clone(s.scenes) }

// Travel moves the clock. Forward, everything happens that would have by then:
// the story, except what a visitor's own acts have made impossible, and every
// reminder, in the order of time. Backward, everything starts over and is played
// up to there; what visitors did is gone. Invalid outside the program year.
func (s *Stage) Travel(ctx context.Context, to time.Time) error {
	to = to.UTC().Truncate(time.Microsecond)
	if to.Before(earliest) || to.After(latest) {
		return domain.Refuse(domain.Wrong("/now", "out_of_range", "The demonstration runs from July 1, 2026, to June 30, 2027."))
	}
	s.turn.Lock()
	defer s.turn.Unlock()
	ctx = context.WithoutCancel(ctx) // a story half told is none
	st := s.state.Load()
	if !s.stands(*st) || to.Before(s.Now()) {
		return s.startOver(ctx, to)
	}
	return s.goOn(ctx, *st, to, state{Set: to})
}

// Reset starts over at the opening, with fresh data. Sessions, tokens and
// sign-in links of the personas hold.
func (s *Stage) Reset(ctx context.Context) error {
	s.turn.Lock()
	defer s.turn.Unlock()
	return s.startOver(context.WithoutCancel(ctx), s.opening)
}

// CatchUp tells what became due while the clock was ticking. Call it every
// minute or so, in place of the reminders' own job.
func (s *Stage) CatchUp(ctx context.Context) error {
	s.turn.Lock()
	defer s.turn.Unlock()
	st := *s.state.Load()
	now := s.Now()
	if now.After(latest) || st.Telling {
		return nil
	}
	if _, what, err := s.next(ctx, st.Told, now); err != nil || what == nothing {
		return err
	}
	return s.goOn(context.WithoutCancel(ctx), st, now, state{Set: st.Set, Real: st.Real})
}

// SignInAs is the id of the person a persona is. NotFound for an unknown key.
func (s *Stage) SignInAs(ctx context.Context, key string) (string, error) {
	i := slices.IndexFunc(s.personas, func(p Persona) bool { return p.Key == key })
	if i < 0 {
		return "", domain.NotThere("persona")
	}
	p, err := store.Read(ctx, s.store, func(tx *store.Tx) (domain.Person, error) { return tx.Person(s.personas[i].PersonID) })
	return p.ID, err
}

// Enter goes to a scene: its day, its person, and the path of the page it opens
// on. NotFound for an unknown key.
func (s *Stage) Enter(ctx context.Context, key string) (personID, path string, err error) {
	i := slices.IndexFunc(s.scenes, func(c Scene) bool { return c.Key == key })
	if i < 0 {
		return "", "", domain.NotThere("scene")
	}
	scene := s.scenes[i]
	if err := s.Travel(ctx, scene.At); err != nil {
		return "", "", err
	}
	path, err = s.path(ctx, scene.opens)
	return scene.Persona.PersonID, path, err
}

// path is the page of a place; where a visitor's acts left no such proposal, the list.
func (s *Stage) path(ctx context.Context, p place) (string, error) {
	if p.proposal == "" {
		return p.path, nil
	}
	v, err := findProposal(ctx, s.base(s.Now(), "page"), s.story, p.proposal)
	if domain.IsKind(err, domain.NotFound) {
		return "/proposals", nil
	}
	if err != nil {
		return "", err
	}
	if v.State != domain.Draft {
		p.tail = ""
	}
	return "/proposals/" + v.Ref() + p.tail, nil
}

func (s *Stage) base(at time.Time, what string) workflows.Base {
	return workflows.Base{Store: s.store, Now: func() time.Time { return at }, NewID: ids(at, what)}
}

// keep remembers where the demonstration stands, here and in the database.
func (s *Stage) keep(ctx context.Context, st state) error {
	st.Story = s.story.fingerprint
	_, err := store.Write(ctx, s.store, func(tx *store.Tx) (struct{}, error) { return struct{}{}, tx.SetMeta(stateName, st) })
	if err != nil {
		return fmt.Errorf("keep the demonstration's clock: %w", err)
	}
	s.state.Store(&st)
	return nil
}
