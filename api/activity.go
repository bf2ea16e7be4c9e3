package api

import (
	"net/http"
	"net/url"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

// ActivityOut is one thing that happened to a proposal of a group.
type ActivityOut struct {
	StepOut
	ProposalID string `json:"proposal_id"`
	Title      string `json:"title"` // the proposal's, at the time
}

type activityFilters struct {
	Year  domain.Year `query:"year" json:"year" validate:"max=7"` // of the proposals
	Moves bool        `query:"moves" json:"moves"`                // only what changed a proposal's state
}

type activityIn struct {
	byRef
	listIn
	activityFilters
}

// activityMark is what a cursor of the activity belongs to.
type activityMark struct {
	activityFilters
	Group string `json:"group"`
}

func (s *Server) listActivity(c *Call, in activityIn) (list[ActivityOut], error) {
	_, out, err := activityOf(s, c, in, activityOut)
	return out, err
}

// activityOf is a page of a group's activity, each step as show shows it.
func activityOf[T any](s *Server, c *Call, in activityIn, show func(domain.Step) T) (workflows.GroupActivity, list[T], error) {
	mark := activityMark{in.activityFilters, in.ID}
	key, err := after[lineKey](in.listIn, mark)
	if err != nil {
		return workflows.GroupActivity{}, list[T]{}, err
	}
	f := workflows.ActivityFilter{Year: in.Year, Moves: in.Moves, Limit: in.limit() + 1}
	if key != nil {
		f.After = &workflows.Cursor{UpdatedAt: key.At, ID: key.ID}
	}
	found, err := s.boards().Activity(c.Ctx(), c.Actor, in.ID, f)
	if err != nil {
		return found, list[T]{}, err
	}
	out, err := pageOf(found.Steps, in.listIn, mark, show, func(p domain.Step) lineKey { return lineKey{p.At, p.ID} })
	return found, out, err
}

func activityOut(p domain.Step) ActivityOut { return ActivityOut{stepOut(p), p.ProposalID, p.Title} }

func stepOut(p domain.Step) StepOut {
	return StepOut{p.ID, p.Action, string(p.From), string(p.To), p.Version, p.Revision, p.ActorName, p.At, p.Reason, p.Detail}
}

func (s *Server) activityPage(c *Call) error {
	in := activityIn{
		byRef: byRef{c.Param("slug")}, listIn: listIn{Cursor: c.QueryParam("cursor")},
		activityFilters: activityFilters{Year: c.year(), Moves: c.QueryParam("moves") == "true"},
	}
	zone := s.zone()
	found, items, err := activityOf(s, c, in, func(p domain.Step) web.HistoryItem { return activityItem(p, zone) })
	if err != nil {
		return err
	}
	p := web.ActivityPage{Page: c.frame("Activity", groupCrumb(found.Group)), Group: found.Group, Items: items.Data, Filters: in.controls(c.Actor), Narrow: len(in.query()) > 0}
	if items.NextCursor != nil {
		next := in.query()
		next.Set("cursor", *items.NextCursor)
		p.Next = p.Href() + "?" + next.Encode()
	}
	return c.show(http.StatusOK, web.Activity(p))
}

func (f activityFilters) query() url.Values {
	v := url.Values{}
	if f.Year != "" {
		v.Set("year", string(f.Year))
	}
	if f.Moves {
		v.Set("moves", "true")
	}
	return v
}

func (f activityFilters) controls(a domain.Actor) []web.Control {
	moves := ""
	if f.Moves {
		moves = "true"
	}
	return []web.Control{
		{Name: "year", Label: "Year", Value: string(f.Year), Options: yearOptions(a)},
		{Name: "moves", Label: "Show", Value: moves, Options: []domain.Option{{Value: "", Label: "Everything"}, {Value: "true", Label: "Only changes of state"}}},
	}
}

// activityItem tells a step: who, what, and of which proposal.
func activityItem(s domain.Step, zone string) web.HistoryItem {
	return web.HistoryItem{
		What: s.Action.Past(), Rest: "by " + or2(s.ActorName, "Lectern") + ":", At: s.At, Zone: zone, Detail: s.Detail, Key: s.From != s.To,
		Link: &web.Link{Label: or2(s.Title, "Untitled draft"), Href: "/proposals/" + s.ProposalID},
	}
}
