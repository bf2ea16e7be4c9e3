package api

import (
	"net/http"
	"time"

	"lectern/domain"
)

// AccessRequestOut is a request for access arrangements, for staff only.
type AccessRequestOut struct {
	ID     string     `json:"id"`
	Name   string     `json:"name"`
	Email  string     `json:"email"`
	Text   string     `json:"text"`
	MadeAt time.Time  `json:"made_at"`
	DoneAt *time.Time `json:"done_at"` // null: not arranged yet
	DoneBy string     `json:"done_by"`
}

func (s *Server) accessRequestRoutes() []*route {
	return []*route{
		endpoint(post, "/offerings/:id/access-requests", "Ask privately for what you need to take part; no sign-in needed", s.makeAccessRequest).open().answers(http.StatusAccepted),
		endpoint(get, "/offerings/:id/access-requests", "Requests for access arrangements, oldest first; for staff", s.listAccessRequests),
		endpoint(post, "/access-requests/:id/arranged", "Note that a request was arranged", s.accessArranged).answers(http.StatusNoContent),
	}
}

type accessRequestIn struct {
	byRef
	Name  string `json:"name" validate:"max=200"`
	Email string `json:"email" validate:"max=254"`
	Text  string `json:"text" validate:"max=5000"`
}

func (s *Server) makeAccessRequest(c *Call, in accessRequestIn) (nothing, error) {
	return nothing{}, s.askAccess(c, in.ID, domain.AccessRequest{Name: in.Name, Email: in.Email, Text: in.Text})
}

func (s *Server) listAccessRequests(c *Call, in byRef) (whole[AccessRequestOut], error) {
	all, err := s.offerings().AccessRequests(c.Ctx(), c.Actor, in.ID)
	return wholeOf(all, func(r domain.AccessRequest) AccessRequestOut {
		return AccessRequestOut{r.ID, r.Name, r.Email, r.Text, r.MadeAt, r.DoneAt, r.DoneBy}
	}), err
}

func (s *Server) accessArranged(c *Call, in byID) (nothing, error) {
	return nothing{}, s.offerings().AccessArranged(c.Ctx(), c.Actor, in.ID)
}
