package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/workflows"
)

// startOver empties the database, sets the section up and tells the story up to
// an instant. The keys of those who are there again are given back before
// anything else happens, so that visitors stay signed in.
func (s *Stage) startOver(ctx context.Context, to time.Time) error {
	begun := state{Set: s.state.Load().Set, Real: s.state.Load().Real, Told: arrival, Story: s.story.fingerprint, Telling: true}
	_, err := store.Write(ctx, s.store, func(tx *store.Tx) (struct{}, error) {
		if err := tx.Empty(); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, tx.SetMeta(stateName, begun)
	})
	if err != nil {
		return fmt.Errorf("empty the demonstration: %w", err)
	}
	s.state.Store(&begun)
	if err := s.setUp(ctx); err != nil {
		return fmt.Errorf("set the demonstration up: %w", err)
	}
	return s.goOn(ctx, begun, to, state{Set: to})
}

// goOn tells the story from where it stands up to an instant, and then stands
// as said. Real is now when it is not said: the telling takes its time.
func (s *Stage) goOn(ctx context.Context, from state, to time.Time, then state) error {
	from.Telling = true
	if err := s.keep(ctx, from); err != nil {
		return err
	}
	s.skipped = nil
	if err := s.tell(ctx, from.Told, to); err != nil {
		return err
	}
	if then.Real.IsZero() {
		then.Real = s.realNow()
	}
	then.Told = to
	return s.keep(ctx, then)
}

// tell lets happen, in the order of time, what the story has and what happens
// by itself, after one instant and up to another.
func (s *Stage) tell(ctx context.Context, after, to time.Time) error {
	for {
		at, what, err := s.next(ctx, after, to)
		if err != nil || what == nothing {
			return err
		}
		for _, e := range s.story.between(after, at) {
			if err := s.tellOne(ctx, e); err != nil {
				return err
			}
		}
		after = at
		if what != byItself {
			continue
		}
		if err := (workflows.Reminders{Base: s.base(at, "reminders")}).Run(ctx, at); err != nil {
			return fmt.Errorf("reminders of %s: %w", at, err)
		}
	}
}

// happening tells what is next: nothing, an event of the story, or something
// that happens by itself, perhaps with an event at the same instant.
type happening int

const (
	nothing happening = iota
	ofStory
	byItself
)

// next is the first instant after one and up to another at which anything happens.
func (s *Stage) next(ctx context.Context, after, to time.Time) (time.Time, happening, error) {
	at, due, err := workflows.Reminders{Base: s.base(after, "reminders")}.NextDue(ctx, after)
	if err != nil {
		return at, nothing, err
	}
	soon := s.story.between(after, to)
	switch {
	case len(soon) > 0 && (!due || soon[0].At.Before(at)):
		return soon[0].At.Time, ofStory, nil
	case due && !at.After(to):
		return at, byItself, nil
	}
	return at, nothing, nil
}

// tellOne makes the workflow call of one event. A refusal means that a visitor's
// own acts have made it impossible: then it does not happen.
func (s *Stage) tellOne(ctx context.Context, e event) error {
	t := telling{event: e, Base: s.base(e.At.Time, e.called()), ctx: ctx, story: s.story, links: s.links}
	err := t.as(e.Who)
	if err == nil {
		err = verbs[e.Do](t)
	}
	refusal := (*domain.Error)(nil)
	if errors.As(err, &refusal) {
		s.skipped = append(s.skipped, e.called()+": "+refusal.Error())
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s at %s: %w", e.called(), e.At.In(zone), err)
	}
	return nil
}

// as finds who acts, with the rights they have on the day.
func (t *telling) as(name string) error {
	today := domain.DateOf(t.Now(), zone)
	t.who = domain.Actor{Today: today}
	if name == bySpeaker || name == byBuyer {
		return nil
	}
	var err error
	t.who, err = store.Read(t.ctx, t.Store, func(tx *store.Tx) (domain.Actor, error) { return tx.ActorOf(personID(name), today) })
	return err
}

// setUp loads the section and lets its administrator write down the people.
func (s *Stage) setUp(ctx context.Context) error {
	if _, err := (workflows.Sections{Base: s.base(arrival, "section")}).Default(ctx); err != nil {
		return err
	}
	who := domain.TheClock(arrival)
	who.Roles = []domain.Role{domain.Admin} // until there is an administrator
	for _, p := range s.story.people {
		if err := s.arrive(ctx, who, p); err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		if p.Persona == "admin" {
			who = domain.Actor{ID: personID(p.Name), Name: p.Name, Roles: p.Grants, Today: domain.DateOf(arrival, zone)}
		}
	}
	_, err := store.Write(ctx, s.store, func(tx *store.Tx) (struct{}, error) { return struct{}{}, tx.ReturnKeys() })
	return err
}

func (s *Stage) arrive(ctx context.Context, who domain.Actor, p person) error {
	w := workflows.People{Base: s.base(arrival, "person "+p.Name)}
	added, err := w.Add(ctx, who, workflows.PersonInput{Name: p.Name, Email: p.email(), Institution: p.At})
	if err != nil {
		return err
	}
	for _, r := range p.Grants {
		if _, err := w.Grant(ctx, who, added.ID, r); err != nil {
			return err
		}
	}
	for _, t := range p.Terms {
		a := workflows.Appointment{Group: t[0], PersonID: added.ID, Role: domain.TermRole(t[1]), StartsOn: year.Starts(), EndsOn: year.Ends()}
		if len(t) == 4 {
			a.StartsOn, a.EndsOn = domain.Date(t[2]), domain.Date(t[3])
		}
		if _, err := w.Give(ctx, who, a); err != nil {
			return err
		}
	}
	return nil
}
