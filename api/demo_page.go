package api

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

// demoRoutes are there in the demonstration only.
func (s *Server) demoRoutes() []*route {
	if s.Demo == nil {
		return nil
	}
	return []*route{
		page(get, "/demo", s.demoPage).open(),
		page(post, "/demo/persona", s.demoPersonaChosen).open().unlimited().repeatable(),
		page(post, "/demo/clock", s.demoClockSet).open().unlimited().repeatable(),
		page(post, "/demo/scene", s.demoSceneChosen).open().unlimited().repeatable(),
		page(post, "/demo/reset", s.demoReset).open().unlimited().repeatable(),
		endpoint(post, "/demo/clock", "Move the demonstration's clock", s.moveDemoClock).open().unlimited().repeatable(),
		endpoint(post, "/demo/reset", "Start the demonstration over", s.resetDemo).open().unlimited().repeatable(),
	}
}

// demoPage is the start of the demonstration.
func (s *Server) demoPage(c *Call) error {
	p := web.DemoPage{Page: c.frame("Demonstration"), Year: domain.YearOf(s.demoDay())}
	for _, w := range s.Demo.Personas() {
		p.People = append(p.People, web.DemoPersona(w))
	}
	for _, sc := range s.Demo.Scenes() {
		card := web.SceneCard{Key: sc.Key, On: domain.DateOf(sc.At, s.Access.Zone), Title: sc.Title, Story: sc.Story, Point: sc.Point}
		if i := slices.IndexFunc(p.People, func(w web.DemoPersona) bool { return w.Key == sc.Persona }); i >= 0 {
			card.Who = p.People[i]
		}
		p.Scenes = append(p.Scenes, card)
	}
	return c.show(http.StatusOK, web.Demo(p))
}

// actAs signs in as a persona; the empty key signs out.
func (s *Server) actAs(c *Call, key string) error {
	if key == "" {
		s.dropSession(c)
		return nil
	}
	id, err := s.Demo.SignInAs(c.Ctx(), key)
	if err != nil {
		return err
	}
	return s.actAsPerson(c, id)
}

func (s *Server) actAsPerson(c *Call, id string) error {
	session, err := s.Access.SessionFor(c.Ctx(), id, browser(c.Request()))
	if err == nil {
		s.setSession(c, session.Secret)
	}
	return err
}

// backOr is where the bar leads after a change.
func (c *Call) backOr(otherwise string) string {
	if path := workflows.LocalPath(c.typed("back")); path != "" {
		return path
	}
	return otherwise
}

// demoPersonaChosen leads home: the page one was on may not be the persona's to see.
func (s *Server) demoPersonaChosen(c *Call) error {
	if err := s.actAs(c, c.typed("persona")); err != nil {
		return err
	}
	return c.see("/")
}

// demoClockSet travels to a day, at the time of day it is.
func (s *Server) demoClockSet(c *Call) error {
	day := domain.Date(c.typed("now"))
	if !day.Valid() {
		return domain.Refuse(domain.Wrong("/now", "not_a_date", "Choose a day of the program year."))
	}
	zone := s.Access.Zone
	of := s.Demo.Now().In(zone)
	midnight := day.Midnight(zone)
	to := time.Date(midnight.Year(), midnight.Month(), midnight.Day(), of.Hour(), of.Minute(), 0, 0, zone)
	again := s.demoPersona(c.Actor)
	if err := s.travel(c, to, again); err != nil {
		return err
	}
	return c.see(c.backOr("/"))
}

// travel moves the clock and signs in as the persona again: going back takes
// fresh data, in which the session is gone.
func (s *Server) travel(c *Call, to time.Time, persona string) error {
	if err := s.Demo.Travel(c.Ctx(), to); err != nil {
		return err
	}
	if persona == "" {
		return nil
	}
	return s.actAs(c, persona)
}

func (s *Server) demoSceneChosen(c *Call) error {
	id, path, err := s.Demo.Enter(c.Ctx(), c.typed("scene"))
	if err != nil {
		return err
	}
	if err := s.actAsPerson(c, id); err != nil {
		return err
	}
	return c.see(home(path))
}

func (s *Server) demoReset(c *Call) error {
	if err := s.Demo.Reset(c.Ctx()); err != nil {
		return err
	}
	s.dropSession(c)
	c.flash("Everything is as it was at the beginning.")
	return c.see("/demo")
}

// clockIn is where the demonstration's clock shall go.
type clockIn struct {
	Now time.Time `json:"now" validate:"required"` // RFC 3339
}

// clockOut is where the demonstration's clock stands.
type clockOut struct {
	Now time.Time `json:"now"`
}

func (s *Server) moveDemoClock(c *Call, in clockIn) (clockOut, error) {
	err := s.Demo.Travel(c.Ctx(), in.Now)
	return clockOut{s.Demo.Now().UTC()}, err
}

func (s *Server) resetDemo(c *Call, _ nothing) (clockOut, error) {
	err := s.Demo.Reset(c.Ctx())
	return clockOut{s.Demo.Now().UTC()}, err
}

// shortDate is a day in a list of this year's: Sep 18.
func shortDate(d domain.Date) string { return d.Midnight(time.UTC).Format("Jan 2") }

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
