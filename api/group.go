package api

import (
	"net/http"
	"time"

	"lectern/domain"
	"lectern/workflows"
)

// sectionRoutes are the routes of groups, people, terms, calls and years.
func (s *Server) sectionRoutes() []*route {
	return []*route{
		endpoint(get, "/groups", "The groups of your section", s.listGroups),
		endpoint(get, "/groups/:id", "A group by id or slug", s.getGroup),
		endpoint(get, "/groups/:id/standing", "What a group owes in a year, and its gate", s.getStanding),
		endpoint(get, "/groups/:id/activity", "What happened to a group's proposals, newest first", s.listActivity),
		endpoint(get, "/groups/:id/roster", "Who is in a group on a day", s.getRoster),
		endpoint(get, "/groups/:id/checklist", "A group's list of a year or month", s.getChecklist),
		endpoint(post, "/groups/:id/checklist/:item/tick", "Tick or untick an item", s.tickItem),
		endpoint(patch, "/groups/:id/checklist/:item", "Change an item's text", s.wordItem),
		endpoint(post, "/groups/:id/terms", "Give a person a term in a group", s.giveTerm).answers(http.StatusCreated),
		endpoint(post, "/groups/:id/merge", "End a group and let another follow it", s.mergeGroup),
		endpoint(post, "/terms/:id/end", "End a term early", s.endTerm),

		endpoint(get, "/people", "People by name", s.listPeople),
		endpoint(post, "/people", "Write down a person", s.addPerson).answers(http.StatusCreated),
		endpoint(get, "/roles", "Who holds a role outside the rosters", s.listRoles),
		endpoint(get, "/people/:id", "A person with roles and terms", s.getPerson),
		endpoint(patch, "/people/:id", "Correct a person's facts", s.changePerson),
		endpoint(post, "/people/:id/roles", "Give a person a role outside the rosters", s.grantRole),
		endpoint(post, "/people/:id/roles/revoke", "Take a role from a person", s.revokeRole),

		endpoint(get, "/calls", "The calls of a program year, in the order they close", s.listCalls),
		endpoint(get, "/calls/:id", "A call by id or slug, with its form", s.getCall),
		endpoint(patch, "/calls/:id", "Set until when one may edit, and the grace", s.changeCall),
		endpoint(post, "/calls/:id/window", "Announce a call's dates", s.setWindow),
		endpoint(post, "/calls/:id/extend", "Let a call stay open longer", s.extendCall),

		endpoint(get, "/years/:year/board", "Every group's standing, and proposals by state", s.getBoard),
		endpoint(post, "/imports/section", "Load a section file in YAML, all or nothing", s.importSection).takesFile(),
	}
}

// GroupOut is a group.
type GroupOut struct {
	ID            string             `json:"id"`
	Version       int                `json:"version"`
	Slug          string             `json:"slug"`
	Name          string             `json:"name"`
	Kind          domain.GroupKind   `json:"kind"`
	Status        domain.GroupStatus `json:"status"`
	SuccessorID   string             `json:"successor_id"` // the group it was merged into
	Charge        string             `json:"charge"`       // empty: not yet defined
	Folder        string             `json:"folder"`       // empty for who may not read the group's own facts
	Programming   bool               `json:"programming"`  // owes proposals
	MembersSubmit bool               `json:"members_submit"`
}

func (g GroupOut) etag() int { return g.Version }

func groupOut(g domain.Group) GroupOut {
	return GroupOut{g.ID, g.Version, g.Slug, g.Name, g.Kind, g.Status, g.SuccessorID, g.Charge, g.FolderURL, g.Programming, g.MembersSubmit}
}

// listOf is a list short enough to be given whole.
func listOf[R, T any](rows []R, show func(R) T) list[T] {
	out := list[T]{Data: make([]T, 0, len(rows))}
	for _, r := range rows {
		out.Data = append(out.Data, show(r))
	}
	return out
}

func (s *Server) listGroups(c *Call, in listIn) (list[GroupOut], error) {
	all, err := s.groupFlows().List(c.Ctx(), c.Actor)
	if err != nil {
		return list[GroupOut]{}, err
	}
	return listPage(all, in, "groups", groupOut, func(g domain.Group) string { return g.ID })
}

func (s *Server) getGroup(c *Call, in byRef) (GroupOut, error) {
	g, err := s.groupFlows().Get(c.Ctx(), c.Actor, in.ID)
	return groupOut(g), err
}

// QuotaOut is what is owed to a venue, and where it stands.
type QuotaOut struct {
	Venue    string     `json:"venue"`
	Name     string     `json:"name"`
	Required int        `json:"required"`
	Counted  int        `json:"counted"` // submitted and not withdrawn, in formats that count
	Drafts   int        `json:"drafts"`
	Extra    int        `json:"extra"` // submitted in formats that are welcome and do not count
	Missing  int        `json:"missing"`
	OpensAt  *time.Time `json:"opens_at"`
	DueAt    *time.Time `json:"due_at"` // null: dates not announced
	Zone     string     `json:"zone"`
}

// GateOut tells whether a group may submit to other divisions.
type GateOut struct {
	Open    bool     `json:"open"`
	Missing []string `json:"missing"` // in words: Core Forum (1)
}

// StandingOut is everything a group owes in a year.
type StandingOut struct {
	Group  GroupRef    `json:"group"`
	Year   domain.Year `json:"year"`
	Quotas []QuotaOut  `json:"quotas"`
	Gate   GateOut     `json:"gate"`
}

func groupRef(g domain.Group) GroupRef { return GroupRef{ID: g.ID, Slug: g.Slug, Name: g.Name} }

func standingOut(g domain.Group, s domain.Standing, gate workflows.Gate) StandingOut {
	out := StandingOut{Group: groupRef(g), Year: s.Year, Quotas: []QuotaOut{}, Gate: GateOut{gate.Open, append([]string{}, gate.Missing...)}}
	for _, d := range s.Duties {
		out.Quotas = append(out.Quotas, QuotaOut{d.VenueID, d.VenueName, d.Required, d.Counted, d.Drafts, d.Extra, d.Missing(), d.OpensAt, d.ClosesAt, d.Zone})
	}
	return out
}

type standingIn struct {
	byRef
	Year domain.Year `json:"-" query:"year" validate:"max=7"`
}

func (s *Server) getStanding(c *Call, in standingIn) (StandingOut, error) {
	v, err := s.groupFlows().Standing(c.Ctx(), c.Actor, in.ID, in.Year)
	return standingOut(v.Group, v.Standing, v.Gate), err
}

// RosterOut is who is in a group on a day.
type RosterOut struct {
	Group    GroupRef     `json:"group"`
	On       domain.Date  `json:"on"`
	Members  []RosterLine `json:"members"` // who leads first, then by name
	Warnings []WarningOut `json:"warnings"`
}

// RosterLine is one person's term.
type RosterLine struct {
	TermID      string          `json:"term_id"`
	Version     int             `json:"version"` // of the term
	PersonID    string          `json:"person_id"`
	Name        string          `json:"name"`
	Email       string          `json:"email"` // empty for who may not see addresses
	Institution string          `json:"institution"`
	Role        domain.TermRole `json:"role"`
	StartsOn    domain.Date     `json:"starts_on"`
	EndsOn      domain.Date     `json:"ends_on"`
}

// WarningOut is a hint that keeps nobody from anything.
type WarningOut struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Rule   string `json:"rule"`
}

func warningsOut(all []domain.Warning) []WarningOut {
	out := make([]WarningOut, len(all))
	for i, w := range all {
		out[i] = WarningOut{w.Code, w.Detail, w.Rule}
	}
	return out
}

type rosterIn struct {
	byRef
	On domain.Date `json:"-" query:"on" validate:"max=10"` // today when left out
}

func (s *Server) getRoster(c *Call, in rosterIn) (RosterOut, error) {
	v, err := s.groupFlows().Roster(c.Ctx(), c.Actor, in.ID, in.On)
	return RosterOut{groupRef(v.Group), v.On, listOf(v.Lines, rosterLine).Data, warningsOut(v.Warnings)}, err
}

func rosterLine(l workflows.RosterLine) RosterLine {
	return RosterLine{l.ID, l.Version, l.PersonID, l.Name, l.Email, l.Institution, l.Role, l.StartsOn, l.EndsOn}
}

type mergeIn struct {
	byRef
	Successor string `json:"successor" validate:"required,max=200"` // id or slug
	Reason    string `json:"reason" validate:"required,max=2000"`
}

func (s *Server) mergeGroup(c *Call, in mergeIn) (GroupOut, error) {
	g, err := s.groupFlows().Merge(c.Ctx(), c.Actor, in.ID, in.Successor, in.Reason)
	return groupOut(g), err
}
