package api

import (
	"context"
	"time"

	"lectern/api/web"
	"lectern/domain"
)

// Demo is the demonstration behind its pages and its bar. Only the demonstration
// sets Server.Demo; without it there is no route to any of this.
type Demo interface {
	// Now is the demonstration's clock.
	Now() time.Time
	// Travel moves the clock: forward through everything that becomes due on the
	// way, backward by a reset. Invalid for a time outside the program year.
	Travel(ctx context.Context, to time.Time) error
	// Reset starts over with fresh data, on the first scene's day.
	Reset(ctx context.Context) error
	// Days are the first and the last day one can travel to.
	Days() (from, to domain.Date)
	// Personas are those one can act as, in the order they are shown.
	Personas() []Persona
	// Scenes are the scenes of the year, in order.
	Scenes() []Scene
	// Enter goes to a scene: its day, the id of its person, and the path of the
	// page it opens on. NotFound for an unknown key.
	Enter(ctx context.Context, scene string) (personID, path string, err error)
	// SignInAs is the id of the person behind a persona. NotFound for an unknown key.
	SignInAs(ctx context.Context, key string) (personID string, err error)
}

// Persona is somebody of the demonstration.
type Persona struct {
	Key  string // ben
	Name string // Ben Castellano
	Role string // Co-chair, in words
}

// Scene is a persona on a day, with what there is to see.
type Scene struct {
	Key     string    // one-short
	At      time.Time // where the clock goes
	Persona string    // key
	Title   string    // One program short
	Story   string    // a sentence or two
	Point   string    // what is worth seeing; may be empty
}

// demoDay is today in the section's zone, as the demonstration's bar has it.
func (s *Server) demoDay() domain.Date { return domain.DateOf(s.Demo.Now(), s.Access.Zone) }

// demoPersona is the persona the person signed in stands for; empty: none.
func (s *Server) demoPersona(a domain.Actor) string {
	for _, p := range s.Demo.Personas() {
		if a.SignedIn() && p.Name == a.Name {
			return p.Key
		}
	}
	return ""
}

// demoBar is the bar of the page asked for. A change leads back to a page that
// can be asked for again: a form that was sent leads home.
func (s *Server) demoBar(c *Call) *web.DemoBar {
	from, to := s.Demo.Days()
	bar := &web.DemoBar{Today: s.demoDay(), From: from, To: to, Persona: s.demoPersona(c.Actor)}
	if c.Request().Method == get {
		bar.Back = c.Request().URL.RequestURI()
	}
	for _, p := range s.Demo.Personas() {
		bar.Personas = append(bar.Personas, web.DemoPersona(p))
	}
	for _, sc := range s.Demo.Scenes() {
		on := domain.DateOf(sc.At, s.Access.Zone)
		bar.Scenes = append(bar.Scenes, web.DemoScene{Key: sc.Key, Label: shortDate(on) + ": " + lowerFirst(sc.Title), Current: on == bar.Today && sc.Persona == bar.Persona})
	}
	return bar
}
