package api

import (
	"net/http"

	"lectern/domain"
	"lectern/workflows"
)

// phaseRoutes are the routes of a call's phases and guest reviewers.
func (s *Server) phaseRoutes() []*route {
	return []*route{
		endpoint(get, "/calls/:id/phases", "When each phase of a call is, and what it lets people do", s.listPhases),
		endpoint(put, "/calls/:id/phases", "Set when each phase of a call is", s.setPhases),
		endpoint(get, "/calls/:id/guest-reviewers", "Who reviews for a call as a guest", s.listGuests),
		endpoint(get, "/calls/:id/short-of-reviewers", "Which proposals of a call too few people can review without a conflict of interest", s.listShortages),
		endpoint(post, "/calls/:id/guest-reviewers", "Let a person review for a call", s.addGuest),
		endpoint(del, "/calls/:id/guest-reviewers/:person", "End a guest's reviewing", s.removeGuest).answers(http.StatusNoContent),
		page(post, "/staff/calls/:slug/phases", s.callPhasesSet),
		page(post, "/staff/calls/:slug/guests", s.callGuestAdded),
		page(post, "/staff/calls/:slug/guests/:person/remove", s.callGuestRemoved),
	}
}

// PhaseOut is a phase of a call: days in the call's zone, both included.
type PhaseOut struct {
	Kind   domain.PhaseKind `json:"kind"`
	First  domain.Date      `json:"first"`
	Last   domain.Date      `json:"last"`
	On     bool             `json:"on"` // now
	Rights []domain.Right   `json:"rights"`
}

func (s *Server) phasesOut(phases []domain.Phase, zone string) list[PhaseOut] {
	return listOf(phases, func(p domain.Phase) PhaseOut {
		d := p.Days(zone)
		return PhaseOut{p.Kind, d.First, d.Last, p.On(s.Access.Now()), domain.RightsOf(p.Kind).Rights}
	})
}

func (s *Server) listPhases(c *Call, in byRef) (list[PhaseOut], error) {
	return s.phasesAnswer(c, in.ID, func() ([]domain.Phase, error) { return s.callFlows().Phases(c.Ctx(), c.Actor, in.ID) })
}

func (s *Server) phasesAnswer(c *Call, ref string, read func() ([]domain.Phase, error)) (list[PhaseOut], error) {
	phases, err := read()
	if err != nil {
		return list[PhaseOut]{}, err
	}
	call, err := s.callFlows().Get(c.Ctx(), c.Actor, ref)
	return s.phasesOut(phases, call.Zone), err
}

type phasesIn struct {
	byRef
	Phases []phaseIn `json:"phases" validate:"max=6"` // in their order; what is left out is not held
}

type phaseIn struct {
	Kind  domain.PhaseKind `json:"kind" validate:"required,oneof=review discussion recommend decide publish confirm"`
	First domain.Date      `json:"first" validate:"required,max=10"`
	Last  domain.Date      `json:"last" validate:"required,max=10"`
}

func (s *Server) setPhases(c *Call, in phasesIn) (list[PhaseOut], error) {
	specs := make([]domain.PhaseSpec, len(in.Phases))
	for i, p := range in.Phases {
		specs[i] = domain.PhaseSpec(p)
	}
	return s.phasesAnswer(c, in.ID, func() ([]domain.Phase, error) {
		return s.callFlows().SetPhases(c.Ctx(), c.Actor, in.ID, c.IfMatch, specs)
	})
}

// GuestOut is somebody who reviews for a call as a guest.
type GuestOut struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func guestsOut(people []domain.Person, err error) (list[GuestOut], error) {
	return listOf(people, func(p domain.Person) GuestOut { return GuestOut{p.ID, p.Name} }), err
}

func (s *Server) listGuests(c *Call, in byRef) (list[GuestOut], error) {
	return guestsOut(s.callFlows().Guests(c.Ctx(), c.Actor, in.ID))
}

type guestIn struct {
	byRef
	Email string `json:"email" validate:"required,max=254"`
}

func (s *Server) addGuest(c *Call, in guestIn) (list[GuestOut], error) {
	return guestsOut(s.callFlows().AddGuest(c.Ctx(), c.Actor, in.ID, in.Email))
}

type guestOfIn struct {
	byRef
	Person string `param:"person" json:"-" validate:"required,max=64"`
}

func (s *Server) removeGuest(c *Call, in guestOfIn) (nothing, error) {
	_, err := s.callFlows().RemoveGuest(c.Ctx(), c.Actor, in.ID, in.Person)
	return nothing{}, err
}

// ShortagesOut are the proposals of a call that can get fewer complete reviews than a
// recommendation needs, those with the fewest reviewers first. The Leadership chair
// learns how many they are, not which.
type ShortagesOut struct {
	Least int `json:"least"` // complete reviews that a recommendation needs; 0: none are awaited
	Count int `json:"count"` // such proposals
	list[ShortageOut]
}

// ShortageOut is a proposal that is short of reviewers.
type ShortageOut struct {
	Proposal string `json:"proposal"` // its reference
	Title    string `json:"title"`
	Free     int    `json:"free"` // reviewers without a conflict of interest
}

type listShortagesIn struct {
	byRef
	listIn
}

func (s *Server) listShortages(c *Call, in listShortagesIn) (ShortagesOut, error) {
	all, err := s.callFlows().Shortages(c.Ctx(), c.Actor, in.ID)
	if err != nil {
		return ShortagesOut{}, err
	}
	page, err := listPage(all.Lines, in.listIn, "short "+in.ID, func(l workflows.ShortLine) ShortageOut { return ShortageOut{l.Number, l.Title, l.Free} },
		func(l workflows.ShortLine) string { return l.ID })
	return ShortagesOut{all.Least, all.Count, page}, err
}
