package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

// boardYear is the year of the address. One that is no year is a page that is not there.
func (c *Call) boardYear() (domain.Year, error) {
	y := domain.Year(c.Param("year"))
	if !y.Valid() {
		return y, domain.NotThere("year")
	}
	return y, nil
}

func (s *Server) boardPage(c *Call) error {
	y, err := c.boardYear()
	if err != nil {
		return err
	}
	b, err := s.boards().Year(c.Ctx(), c.Actor, y)
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, web.Board(s.board(c, b)))
}

func (s *Server) boardFile(c *Call) error {
	y, err := c.boardYear()
	if err != nil {
		return err
	}
	b, err := s.boards().Year(c.Ctx(), c.Actor, y)
	if err != nil {
		return err
	}
	return c.table("year-board-"+string(y), b.Table())
}

// board is a year's board as its page.
func (s *Server) board(c *Call, b workflows.YearBoard) web.BoardPage {
	p := web.BoardPage{Page: c.frame("Year board " + b.Year.Short()), Year: b.Year, Years: yearsAround(b.Year, domain.YearOf(c.Actor.Today)), Now: s.now(), Venues: s.boardVenues(b)}
	p.Section = s.section(p.Page)
	for _, r := range b.Rows {
		p.Groups = append(p.Groups, boardGroup(c.Actor, r))
	}
	for _, l := range b.Calls {
		p.Calls = append(p.Calls, l.Call)
	}
	p.Call = s.chosenCall(c.QueryParam("call"), p.Calls, b.Pipeline)
	p.Lanes = lanes(p.Call, b)
	return p
}

func boardGroup(a domain.Actor, r workflows.BoardRow) web.BoardGroup {
	g := web.BoardGroup{Group: r.Group, Duties: r.Standing.Duties, Open: knows(a, r.Group)}
	states := r.States()
	for _, state := range domain.States() {
		if state != domain.Draft && states[state] > 0 {
			g.Counts = append(g.Counts, web.BoardCount{State: state, N: states[state]})
		}
	}
	g.Drafting = states[domain.Draft]
	for _, d := range r.Drafts {
		g.Drafts = append(g.Drafts, d.Title)
	}
	return g
}

// boardVenues are the columns, each with what its window does next.
func (s *Server) boardVenues(b workflows.YearBoard) []web.BoardVenue {
	var venues []web.BoardVenue
	for _, id := range b.Venues() {
		for _, r := range b.Rows {
			if d, owed := r.Standing.Duty(id); owed {
				venues = append(venues, web.BoardVenue{ID: id, Name: d.VenueName, Note: s.windowWords(d)})
				break
			}
		}
	}
	return venues
}

func (s *Server) windowWords(d domain.Duty) string {
	if d.OpensAt == nil || d.ClosesAt == nil {
		return "not announced"
	}
	loc := domain.Zone(d.Zone)
	opens, last := d.OpensAt.In(loc).Format("Jan 2"), d.ClosesAt.Add(-1).In(loc).Format("Jan 2")
	switch {
	case s.now().Before(*d.OpensAt):
		return fmt.Sprintf("%s to %s", opens, last)
	case s.now().Before(*d.ClosesAt):
		return "due " + last
	}
	return "closed " + last
}

// chosenCall is the call asked for, or else the one most of whose proposals may be seen.
func (s *Server) chosenCall(asked string, calls []domain.Call, lines []workflows.ProposalLine) string {
	if slices.ContainsFunc(calls, func(c domain.Call) bool { return c.Slug == asked }) {
		return asked
	}
	best, most := "", -1
	for _, call := range calls {
		n := 0
		for _, l := range lines {
			if l.CallID == call.ID && l.State != domain.Draft {
				n++
			}
		}
		if n > most {
			best, most = call.Slug, n
		}
	}
	return best
}

// always are the lanes that are shown even when they are empty.
var always = []domain.State{domain.Submitted, domain.Accepted, domain.Alternate, domain.Declined, domain.CarriedForward}

// lanes are the states of a call's proposals after draft, each with those the
// person may see; nil when there are none at all.
func lanes(call string, b workflows.YearBoard) []web.BoardLane {
	var all []web.BoardLane
	found := 0
	for _, state := range domain.States()[1:] {
		lane := web.BoardLane{State: state}
		for _, l := range b.Pipeline {
			if l.CallSlug == call && l.State == state {
				lane.Cards = append(lane.Cards, card(l))
			}
		}
		lane.Count = len(lane.Cards)
		found += lane.Count
		if lane.Count > 0 || slices.Contains(always, state) {
			all = append(all, lane)
		}
	}
	if found == 0 {
		return nil
	}
	return all
}

func card(l workflows.ProposalLine) web.BoardCard {
	k := web.BoardCard{Title: l.Title, Href: "/proposals/" + lineRef(l), Group: l.GroupName}
	switch {
	case l.State == domain.Submitted && l.Decider == domain.DecidedOutside && l.Reference == "":
		k.Note = "Not yet sent to " + l.VenueName
	case l.Reference != "":
		k.Note = "Reference " + l.Reference
	default:
		k.Note = strings.TrimSpace(l.Number)
	}
	return k
}
