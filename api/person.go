package api

import (
	"lectern/domain"
	"lectern/workflows"
)

// PersonOut is a person with everything their rights come from.
type PersonOut struct {
	ID          string        `json:"id"`
	Version     int           `json:"version"`
	Name        string        `json:"name"`
	Email       string        `json:"email"` // empty: cannot sign in
	Institution string        `json:"institution"`
	Zone        string        `json:"zone"` // empty: the section's
	Roles       []domain.Role `json:"roles"`
	Terms       []TermOut     `json:"terms"` // past and present, oldest first
}

func (p PersonOut) etag() int        { return p.Version }
func (p PersonOut) location() string { return "/people/" + p.ID }

// TermOut is a person's time in a group.
type TermOut struct {
	ID       string          `json:"id"`
	Version  int             `json:"version"`
	Group    GroupRef        `json:"group"`
	PersonID string          `json:"person_id"`
	Role     domain.TermRole `json:"role"`
	StartsOn domain.Date     `json:"starts_on"`
	EndsOn   domain.Date     `json:"ends_on"`
	Warnings []WarningOut    `json:"warnings"`
}

func (t TermOut) etag() int { return t.Version }

func personOut(v workflows.PersonView) PersonOut {
	p := PersonOut{v.ID, v.Version, v.Name, v.Email, v.Institution, v.Zone, append([]domain.Role{}, v.Roles...), []TermOut{}}
	for _, t := range v.Terms {
		p.Terms = append(p.Terms, TermOut{t.ID, t.Version, GroupRef{ID: t.GroupID, Slug: t.GroupSlug, Name: t.GroupName}, t.PersonID, t.Role, t.StartsOn, t.EndsOn, []WarningOut{}})
	}
	return p
}

func termOut(a workflows.Appointed) TermOut {
	return TermOut{a.ID, a.Version, groupRef(a.Group), a.PersonID, a.Role, a.StartsOn, a.EndsOn, warningsOut(a.Warnings)}
}

// PersonLine is a person in a list.
type PersonLine struct {
	ID          string `json:"id"`
	Version     int    `json:"version"`
	Name        string `json:"name"`
	Email       string `json:"email"`
	Institution string `json:"institution"`
}

type nameKey struct {
	Name string `json:"name"`
	ID   string `json:"id"`
}

func (s *Server) listPeople(c *Call, in listIn) (list[PersonLine], error) {
	key, err := after[nameKey](in, nil)
	if err != nil {
		return list[PersonLine]{}, err
	}
	var from nameKey
	if key != nil {
		from = *key
	}
	rows, err := s.people().List(c.Ctx(), c.Actor, from.Name, from.ID, in.limit()+1)
	if err != nil {
		return list[PersonLine]{}, err
	}
	return pageOf(rows, in, nil, personLine, func(p domain.Person) nameKey { return nameKey{p.Name, p.ID} })
}

func personLine(p domain.Person) PersonLine {
	return PersonLine{p.ID, p.Version, p.Name, p.Email, p.Institution}
}

func (s *Server) getPerson(c *Call, in byID) (PersonOut, error) {
	v, err := s.people().Get(c.Ctx(), c.Actor, in.ID)
	return personOut(v), err
}

// personIn is what is written down about a person; all but the name may be empty.
type personIn struct {
	Name        string `json:"name"`
	Email       string `json:"email"`
	Institution string `json:"institution"`
	Zone        string `json:"zone"` // IANA
}

func (in personIn) input(version int) workflows.PersonInput {
	return workflows.PersonInput{Version: version, Name: in.Name, Email: in.Email, Institution: in.Institution, Zone: in.Zone}
}

func (s *Server) addPerson(c *Call, in personIn) (PersonOut, error) {
	v, err := s.people().Add(c.Ctx(), c.Actor, in.input(0))
	return personOut(v), err
}

// changePersonIn changes what it names.
type changePersonIn struct {
	byID
	Name        *string `json:"name"`
	Email       *string `json:"email"`
	Institution *string `json:"institution"`
	Zone        *string `json:"zone"`
}

func (s *Server) changePerson(c *Call, in changePersonIn) (PersonOut, error) {
	was, err := s.people().Get(c.Ctx(), c.Actor, in.ID)
	if err != nil {
		return PersonOut{}, err
	}
	now := personIn{was.Name, was.Email, was.Institution, was.Zone}
	for place, said := range map[*string]*string{&now.Name: in.Name, &now.Email: in.Email, &now.Institution: in.Institution, &now.Zone: in.Zone} {
		if said != nil {
			*place = *said
		}
	}
	version := c.IfMatch
	if version == 0 {
		version = was.Version
	}
	v, err := s.people().Change(c.Ctx(), c.Actor, in.ID, now.input(version))
	return personOut(v), err
}

type roleIn struct {
	byID
	Role domain.Role `json:"role" validate:"required,oneof=staff finance forum_committee forum_committee_chair admin"`
}

func (s *Server) grantRole(c *Call, in roleIn) (PersonOut, error) {
	v, err := s.people().Grant(c.Ctx(), c.Actor, in.ID, in.Role)
	return personOut(v), err
}

func (s *Server) revokeRole(c *Call, in roleIn) (PersonOut, error) {
	v, err := s.people().Revoke(c.Ctx(), c.Actor, in.ID, in.Role)
	return personOut(v), err
}

// giveIn is a term to give. Either the last day is said, or one or two years,
// which end on their June 30.
type giveIn struct {
	byRef
	PersonID string          `json:"person_id" validate:"required,max=64"`
	Role     domain.TermRole `json:"role" validate:"required,oneof=member chair co_chair vice_chair appointments_manager"`
	StartsOn domain.Date     `json:"starts_on" validate:"required,max=10"`
	EndsOn   domain.Date     `json:"ends_on" validate:"max=10"`
	Years    int             `json:"years" validate:"min=0,max=2"`
}

func (s *Server) giveTerm(c *Call, in giveIn) (TermOut, error) {
	a, err := s.people().Give(c.Ctx(), c.Actor, workflows.Appointment{Group: in.ID, PersonID: in.PersonID, Role: in.Role, StartsOn: in.StartsOn, EndsOn: in.EndsOn, Years: in.Years})
	return termOut(a), err
}

type endTermIn struct {
	byID
	EndsOn domain.Date `json:"ends_on" validate:"required,max=10"` // the last day
}

func (s *Server) endTerm(c *Call, in endTermIn) (TermOut, error) {
	a, err := s.people().End(c.Ctx(), c.Actor, in.ID, in.EndsOn, c.IfMatch)
	return termOut(a), err
}
