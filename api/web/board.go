package web

import (
	"fmt"
	"slices"
	"time"

	"lectern/domain"
)

// BoardPage is the year board: where every group stands with every venue, and
// the pipeline of one call.
type BoardPage struct {
	Page
	Section  domain.Section
	Year     domain.Year
	Years    []domain.Year // to choose from, in order
	Now      time.Time
	Venues   []BoardVenue // the columns
	Groups   []BoardGroup // the rows, in the order they are shown; the kinds stand together
	Calls    []domain.Call
	Call     string // slug of the call whose pipeline is shown; empty: none
	Lanes    []BoardLane
	MayCarry bool // declined proposals have a way on
}

// BoardVenue is a column: a venue that some group owes something.
type BoardVenue struct {
	ID   string
	Name string
	Note string // due Sep 21
}

// BoardGroup is a row.
type BoardGroup struct {
	Group    domain.Group
	Duties   []domain.Duty
	Open     bool // its page may be opened
	Counts   []BoardCount
	Drafts   []string // titles; for the Leadership Team only
	Drafting int      // how many drafts there are
}

// BoardCount is how many of a group's proposals are in a state.
type BoardCount struct {
	State domain.State
	N     int
}

// BoardLane is a column of the pipeline.
type BoardLane struct {
	State domain.State
	Count int
	Cards []BoardCard
}

// BoardCard is a proposal of the pipeline. Href is empty where only the title may be seen.
type BoardCard struct {
	Title string
	Href  string
	Group string
	Note  string
}

// cell is how a group stands with a venue: words, and a mark that says the same.
type cell struct {
	Tone  string
	Icon  string
	Text  string
	Title string // the same in a sentence, for those who do not see the mark
}

// cellOf finds the cell; false when nothing is owed.
func (g BoardGroup) cellOf(venueID string, now time.Time) (cell, bool) {
	i := slices.IndexFunc(g.Duties, func(d domain.Duty) bool { return d.VenueID == venueID })
	if i < 0 {
		return cell{}, false
	}
	return dutyCell(g.Duties[i], now), true
}

func dutyCell(d domain.Duty, now time.Time) cell {
	count := fmt.Sprintf("%d of %d", d.Counted, d.Required)
	switch {
	case d.Missing() == 0:
		return cell{"good", "check", count, "done"}
	case d.OpensAt == nil || d.ClosesAt == nil:
		return cell{"", "calendar", count, "dates not announced"}
	case now.Before(*d.OpensAt) && d.Counted == 0:
		return cell{"", "lock", "Opens " + shortDay(*d.OpensAt, d.Zone), count}
	case now.Before(*d.OpensAt):
		return cell{"", "lock", count, "opens " + shortDay(*d.OpensAt, d.Zone)}
	}
	switch dutyTone(d, now) {
	case "warn":
		return cell{"warn", "clock", count, "due soon"}
	case "bad":
		return cell{"bad", "alert-triangle", count, "closed, short"}
	}
	return cell{"", "circle-dashed", count, "open"}
}

// legend are the marks of the cells with their words.
var legend = []cell{
	{"good", "check", "Done", ""},
	{"warn", "clock", "Due within 14 days", ""},
	{"bad", "alert-triangle", "Closed, short", ""},
	{"", "circle-dashed", "Open", ""},
	{"", "lock", "Not open yet", ""},
	{"", "calendar", "Dates not announced", ""},
}

// boardKind are the groups of a kind.
type boardKind struct {
	Label  string
	Groups []BoardGroup
}

var boardKinds = []domain.GroupKind{domain.Committee, domain.InterestGroup, domain.WorkingGroup, domain.Leadership}

func (p BoardPage) kinds() []boardKind {
	var kinds []boardKind
	for _, k := range boardKinds {
		groups := slices.DeleteFunc(slices.Clone(p.Groups), func(g BoardGroup) bool { return g.Group.Kind != k })
		if len(groups) > 0 {
			kinds = append(kinds, boardKind{kindPlural(k), groups})
		}
	}
	return kinds
}

// countWords are a group's numbers by state: 2 drafts, 1 submitted.
func (g BoardGroup) countWords() string {
	var said []string
	for _, c := range g.Counts {
		if c.N > 0 && c.State != domain.Draft {
			said = append(said, fmt.Sprintf("%d %s", c.N, lowerFirst(c.State.Label())))
		}
	}
	if g.Drafting > 0 {
		said = append([]string{domain.Plural(g.Drafting, "draft")}, said...)
	}
	return domain.AndList(said)
}

func (p BoardPage) path() string { return "/years/" + string(p.Year) + "/board" }

func (p BoardPage) callName() string {
	for _, c := range p.Calls {
		if c.Slug == p.Call {
			return c.Name
		}
	}
	return ""
}

func (p BoardPage) drafting() []BoardGroup {
	return slices.DeleteFunc(slices.Clone(p.Groups), func(g BoardGroup) bool { return len(g.Drafts) == 0 })
}
