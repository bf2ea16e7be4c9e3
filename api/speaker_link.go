package api

import (
	"net/http"
	"time"

	"lectern/domain"
	"lectern/workflows"
)

// speakerLinkRoutes let a speaker, or a program of theirs, do by the link what
// its page does.
func (s *Server) speakerLinkRoutes() []*route {
	return []*route{
		endpoint(get, "/speaker-links/:token", "What a speaker sees by their own link", s.openSpeakerLink).open(),
		endpoint(post, "/speaker-links/:token", "Answer, correct the printed line, or choose about a stipend, by a speaker's own link", s.useSpeakerLinkJSON).open().answers(http.StatusOK),
	}
}

type byToken struct {
	Token string `json:"-" param:"token"`
}

// speakerLinkIn is what a speaker says by their link.
type speakerLinkIn struct {
	byToken
	Do           string   `json:"do" validate:"required,oneof=yes no accept waive correct"`
	Employer     string   `json:"employer" validate:"max=200"` // for accept: to be paid instead of the speaker; empty: the speaker
	Name         string   `json:"name"`                        // for correct
	Titles       []string `json:"titles"`                      // for correct
	Affiliations []string `json:"affiliations"`                // for correct
}

// speakerLinkOut is the proposal as far as its speaker sees it.
type speakerLinkOut struct {
	Title        string              `json:"title"`
	Group        string              `json:"group"`
	Call         string              `json:"call"`
	State        domain.State        `json:"state"`
	EventOn      domain.Date         `json:"event_on"` // empty: not known yet
	Name         string              `json:"name"`
	Titles       []string            `json:"titles"`
	Affiliations []string            `json:"affiliations"`
	Answer       domain.Answer       `json:"answer"`
	Stipend      domain.StipendState `json:"stipend"` // empty: none
	ExpiresAt    time.Time           `json:"expires_at"`
}

func (s *Server) openSpeakerLink(c *Call, in byToken) (speakerLinkOut, error) {
	v, err := s.speakerLinks().Open(c.Ctx(), in.Token)
	return speakerLinkJSON(v), err
}

func speakerLinkJSON(v workflows.SpeakerView) speakerLinkOut {
	out := speakerLinkOut{
		Title: v.Title, Group: v.Facts.Group.Name, Call: v.Facts.Call.Name, State: v.State, EventOn: v.Facts.Call.EventOn, Name: v.Speaker.Name,
		Titles: append([]string{}, v.Speaker.Titles...), Affiliations: append([]string{}, v.Speaker.Affiliations...), Answer: v.Speaker.Answer, ExpiresAt: v.Until,
	}
	if v.Stipend != nil {
		out.Stipend = v.Stipend.State
	}
	return out
}

func (s *Server) useSpeakerLinkJSON(c *Call, in speakerLinkIn) (speakerLinkOut, error) {
	links := s.speakerLinks()
	var v workflows.SpeakerView
	var err error
	switch in.Do {
	case "yes", "no":
		v, err = links.Answer(c.Ctx(), in.Token, in.Do == "yes")
	case "accept", "waive":
		v, err = links.Choose(c.Ctx(), in.Token, in.Do == "accept", in.Employer)
	default:
		v, err = links.Correct(c.Ctx(), in.Token, workflows.Correction{Name: in.Name, Titles: in.Titles, Affiliations: in.Affiliations})
	}
	return speakerLinkJSON(v), err
}
