package web

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"lectern/domain"
)

// LifePanel is where a proposal is, and where it can go. All of it comes from
// the lifecycle table and the history; only the places on the map are ours.
type LifePanel struct {
	State   domain.State
	Since   time.Time
	Zone    string
	Path    []domain.State // as walked, oldest first; the last one is State
	Cut     bool           // the path began before Path does
	Next    []domain.State // where it can get from here, by whomever
	Mine    []domain.State // those of Next that this person can bring it to now
	Edges   []LifeEdge     // see LifeEdges
	Moves   []LifeMove     // what this person can do
	Others  []LifeOther    // what only others can do
	Refused []LifeRefusal  // what they cannot do now, with every reason
}

// LifeEdge is a way between two states.
type LifeEdge struct {
	From, To domain.State
	Went     bool // this proposal went it
	Can      bool // it is possible next
}

// LifeMove is a button. With Href it is a link to a page or a place on this one;
// with Action it is a form that posts there, with the version as If-Match would.
type LifeMove struct {
	Label   string
	Icon    string
	Note    string // what it does, or what it needs
	Href    string
	Action  string
	Version int  // of the proposal, posted as version
	Primary bool // at most one on a page
	Danger  bool
}

// LifeOther is a move that only others can make.
type LifeOther struct {
	Label string
	Who   string // the group’s chairs or association staff
}

// LifeRefusal is a move that is not possible now.
type LifeRefusal struct {
	Label   string
	Reasons []domain.Reason
}

// LifeEdges are all ways of the lifecycle table, with those marked that were
// walked on path, and those that lead from its last state to one of next.
func LifeEdges(path, next []domain.State) []LifeEdge {
	var all []LifeEdge
	for _, p := range domain.Passages() {
		e := LifeEdge{From: p.From, To: p.To}
		if p.From == p.To || p.From == domain.Nowhere || p.To == domain.Nowhere || slices.ContainsFunc(all, e.same) {
			continue
		}
		e.Went = walked(path, e)
		e.Can = len(path) > 0 && path[len(path)-1] == e.From && slices.Contains(next, e.To)
		all = append(all, e)
	}
	return all
}

func (e LifeEdge) same(o LifeEdge) bool { return e.From == o.From && e.To == o.To }

func walked(path []domain.State, e LifeEdge) bool {
	for i := 1; i < len(path); i++ {
		if path[i-1] == e.From && path[i] == e.To {
			return true
		}
	}
	return false
}

// sentence says what the map shows, for those who do not see it.
func (l LifePanel) sentence() string {
	said := "Path so far: "
	if l.Cut {
		said = "The newest part of its path: "
	}
	said += strings.Join(lower(l.Path), ", ") + ". "
	if len(l.Next) == 0 {
		return said + "From here it goes no further."
	}
	also := ""
	if len(l.Mine) > 0 {
		said, also = said+"You can make it "+join(lower(l.Mine), "or")+". ", "also "
	}
	rest := slices.DeleteFunc(slices.Clone(l.Next), func(s domain.State) bool { return slices.Contains(l.Mine, s) })
	if len(rest) > 0 {
		said += "It can " + also + "become " + join(lower(rest), "or") + ", by others or later."
	}
	return strings.TrimSpace(said)
}

func lower(states []domain.State) []string {
	words := make([]string, len(states))
	for i, s := range states {
		words[i] = strings.ToLower(s.Label())
	}
	return words
}

// nodeClass is past, now, yours, may or nothing.
func (l LifePanel) nodeClass(s domain.State) string {
	switch {
	case s == l.State:
		return "now"
	case slices.Contains(l.Mine, s):
		return "yours"
	case slices.Contains(l.Next, s):
		return "may"
	case slices.Contains(l.Path, s):
		return "past"
	}
	return ""
}

// drawn are the edges on the map: those with a route of their own, and beside
// them those walked or possible, so that rare ways (corrections) appear only
// when they matter. What was walked is drawn last, on top.
func (l LifePanel) drawn() []LifeEdge {
	var shown []LifeEdge
	for _, e := range l.Edges {
		if _, routed := routes[[2]domain.State{e.From, e.To}]; routed || e.Went || e.Can {
			shown = append(shown, e)
		}
	}
	slices.SortStableFunc(shown, func(a, b LifeEdge) int { return a.weight() - b.weight() })
	return shown
}

func (e LifeEdge) weight() int {
	switch {
	case e.Can:
		return 2
	case e.Went:
		return 1
	}
	return 0
}

func (l LifePanel) edgeClass(e LifeEdge) string {
	switch {
	case e.Can && slices.Contains(l.Mine, e.To):
		return "edge can yours"
	case e.Can:
		return "edge can"
	case e.Went:
		return "edge went"
	}
	return "edge"
}

// box is the place of a state on the map, 402 by 180 units large.
type box struct{ x, y, w, h int }

var boxes = map[domain.State]box{
	domain.Draft:          {2, 70, 66, 32},
	domain.Submitted:      {96, 70, 88, 32},
	domain.Withdrawn:      {96, 132, 88, 32},
	domain.Accepted:       {212, 8, 82, 32},
	domain.Alternate:      {212, 70, 82, 32},
	domain.Declined:       {212, 132, 82, 32},
	domain.Cancelled:      {320, 8, 80, 32},
	domain.CarriedForward: {320, 124, 80, 48},
}

// route is a line and the point of its arrow with the direction it shows.
type route struct {
	line string
	x, y int
	way  byte // l, r, u or d
}

// routes are the ways that most proposals go, laid out by hand so that no two lines meet.
var routes = map[[2]domain.State]route{
	{domain.Draft, domain.Submitted}:          {"M68 80H90", 94, 80, 'r'},
	{domain.Draft, domain.Withdrawn}:          {"M34 102V148H90", 94, 148, 'r'},
	{domain.Submitted, domain.Draft}:          {"M96 92H74", 70, 92, 'l'},
	{domain.Submitted, domain.Accepted}:       {"M184 86H198V24H206", 210, 24, 'r'},
	{domain.Submitted, domain.Alternate}:      {"M184 86H206", 210, 86, 'r'},
	{domain.Submitted, domain.Declined}:       {"M184 86H198V148H206", 210, 148, 'r'},
	{domain.Submitted, domain.Withdrawn}:      {"M130 102V126", 130, 130, 'd'},
	{domain.Withdrawn, domain.Submitted}:      {"M150 132V108", 150, 104, 'u'},
	{domain.Alternate, domain.Accepted}:       {"M253 70V46", 253, 42, 'u'},
	{domain.Alternate, domain.Declined}:       {"M253 102V126", 253, 130, 'd'},
	{domain.Accepted, domain.Cancelled}:       {"M294 24H314", 318, 24, 'r'},
	{domain.Alternate, domain.CarriedForward}: {"M294 86H306V140H314", 318, 140, 'r'},
	{domain.Declined, domain.CarriedForward}:  {"M294 154H314", 318, 154, 'r'},
	{domain.Cancelled, domain.CarriedForward}: {"M360 40V118", 360, 122, 'd'},
}

// route is the laid-out way of the edge, or a curve from middle to middle for
// the rare ones, that bends to its left so that there and back differ.
func (e LifeEdge) route() route {
	if r, ok := routes[[2]domain.State{e.From, e.To}]; ok {
		return r
	}
	a, b := boxes[e.From], boxes[e.To]
	ax, ay, bx, by := a.x+a.w/2, a.y, b.x+b.w/2, b.y
	way := byte('d')
	switch {
	case b.y > a.y:
		ay = a.y + a.h
	case b.y < a.y:
		by, way = b.y+b.h, 'u'
	}
	cx, cy := (ax+bx)/2+(by-ay)/4, (ay+by)/2-abs(bx-ax)/4
	return route{fmt.Sprintf("M%d %dQ%d %d %d %d", ax, ay, cx, cy, bx, by), bx, by, way}
}

func abs(n int) int { return max(n, -n) }

// tip is the arrow's head, a triangle of 8 by 9 units.
func (r route) tip() string {
	x, y := float64(r.x), float64(r.y)
	switch r.way {
	case 'l':
		return fmt.Sprintf("M%g %gL%g %gL%g %gZ", x+8, y-4.5, x, y, x+8, y+4.5)
	case 'u':
		return fmt.Sprintf("M%g %gL%g %gL%g %gZ", x-4.5, y+8, x, y, x+4.5, y+8)
	case 'd':
		return fmt.Sprintf("M%g %gL%g %gL%g %gZ", x-4.5, y-8, x, y, x+4.5, y-8)
	}
	return fmt.Sprintf("M%g %gL%g %gL%g %gZ", x-8, y-4.5, x, y, x-8, y+4.5)
}

// lines are the words of a state's box, one line each: "Carried", "forward".
func nodeLines(s domain.State) []string { return strings.Fields(s.Label()) }

// textY is the base line of the nth of count lines.
func (b box) textY(n, count int) int { return b.y + b.h/2 + 5 + n*16 - (count-1)*8 }
