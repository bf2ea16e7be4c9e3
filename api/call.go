package api

import (
	"time"

	"lectern/domain"
	"lectern/workflows"
)

// CallOut is a call with its window and what its form asks. The window is
// half-open: closes_at is the midnight after the last day.
type CallOut struct {
	ID        string          `json:"id"`
	Version   int             `json:"version"`
	Slug      string          `json:"slug"`
	Name      string          `json:"name"`
	Year      domain.Year     `json:"year"`
	Venue     string          `json:"venue"`
	VenueName string          `json:"venue_name"`
	Format    string          `json:"format"`
	Counts    bool            `json:"counts"` // toward the venue's quota
	Zone      string          `json:"zone"`
	OpensAt   *time.Time      `json:"opens_at"` // null: dates not announced
	ClosesAt  *time.Time      `json:"closes_at"`
	LastDay   domain.Date     `json:"last_day"` // in the zone; empty while not announced
	Open      bool            `json:"open"`
	EditUntil *time.Time      `json:"edit_until"` // submitted proposals may be edited until then
	EventOn   domain.Date     `json:"event_on"`
	Form      domain.FormSpec `json:"form"`
	FormNo    int             `json:"form_version"`
}

func (o CallOut) etag() int { return o.Version }

func callOut(v workflows.CallView, now time.Time) CallOut {
	return CallOut{
		v.ID, v.Version, v.Slug, v.Name, v.Year, v.VenueID, v.Venue.Name, v.FormatID, v.Format.Counts, v.Zone,
		v.OpensAt, v.ClosesAt, v.LastDay(), v.OpenAt(now), v.EditUntil, v.EventOn, v.Form.Spec, v.Form.Number,
	}
}

func (s *Server) callAnswer(v workflows.CallView, err error) (CallOut, error) {
	return callOut(v, s.Access.Now()), err
}

type yearIn struct {
	Year domain.Year `json:"-" query:"year" validate:"max=7"` // the present one when left out
}

type listCallsIn struct {
	listIn
	yearIn
}

func (s *Server) listCalls(c *Call, in listCallsIn) (list[CallOut], error) {
	all, err := s.callFlows().List(c.Ctx(), c.Actor, in.Year)
	if err != nil {
		return list[CallOut]{}, err
	}
	now := s.Access.Now()
	return listPage(all, in.listIn, "calls "+in.Year, func(v workflows.CallView) CallOut { return callOut(v, now) }, func(v workflows.CallView) string { return v.ID })
}

func (s *Server) getCall(c *Call, in byRef) (CallOut, error) {
	return s.callAnswer(s.callFlows().Get(c.Ctx(), c.Actor, in.ID))
}

// byRef is a path that ends in an id or a slug.
type byRef struct {
	ID string `param:"id" json:"-" validate:"required,max=200"`
}

type windowIn struct {
	byRef
	First domain.Date `json:"first" validate:"required,max=10"` // days in the call's zone
	Last  domain.Date `json:"last" validate:"required,max=10"`
	Zone  string      `json:"zone" validate:"max=64"` // the call's own when left out
}

func (s *Server) setWindow(c *Call, in windowIn) (CallOut, error) {
	return s.callAnswer(s.callFlows().SetWindow(c.Ctx(), c.Actor, in.ID, workflows.Window{Version: c.IfMatch, First: in.First, Last: in.Last, Zone: in.Zone}))
}

type extendIn struct {
	byRef
	Last domain.Date `json:"last" validate:"required,max=10"` // the new last day, in the call's zone
}

func (s *Server) extendCall(c *Call, in extendIn) (CallOut, error) {
	return s.callAnswer(s.callFlows().Extend(c.Ctx(), c.Actor, in.ID, in.Last, c.IfMatch))
}

// callChangeIn changes what it names.
type callChangeIn struct {
	byRef
	EditUntil *domain.Date `json:"edit_until"` // the last day; empty: no editing after submission
	Grace     *int         `json:"grace"`      // minutes after closing
}

func (s *Server) changeCall(c *Call, in callChangeIn) (CallOut, error) {
	return s.callAnswer(s.callFlows().Change(c.Ctx(), c.Actor, in.ID, workflows.CallSettings{Version: c.IfMatch, EditUntil: in.EditUntil, Grace: in.Grace}))
}
