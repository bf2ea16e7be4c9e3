package api

import (
	"lectern/domain"
	"lectern/workflows"
)

// BoardOut is the board of a program year.
type BoardOut struct {
	Year   domain.Year     `json:"year"`
	Groups []BoardGroupOut `json:"groups"` // the Leadership Team first, then by kind and name
}

// BoardGroupOut is one group on the year board.
type BoardGroupOut struct {
	StandingOut
	Kind    domain.GroupKind     `json:"kind"`
	Members int                  `json:"members"`
	Chairs  int                  `json:"chairs"`
	States  map[domain.State]int `json:"states"` // how many proposals are in each
	Drafts  []string             `json:"drafts"` // titles, for who may know them
}

type boardIn struct {
	Year domain.Year `param:"year" json:"-" validate:"required,max=7"`
}

func (s *Server) getBoard(c *Call, in boardIn) (BoardOut, error) {
	b, err := s.boards().Year(c.Ctx(), c.Actor, in.Year)
	return BoardOut{b.Year, listOf(b.Rows, boardGroupOut).Data}, err
}

func boardGroupOut(r workflows.BoardRow) BoardGroupOut {
	out := BoardGroupOut{standingOut(r.Group, r.Standing, r.Gate), r.Group.Kind, r.Members, r.Chairs, r.States(), []string{}}
	for _, d := range r.Drafts {
		out.Drafts = append(out.Drafts, d.Title)
	}
	return out
}

// SectionReport tells what loading a section file did, or in a dry run would do.
type SectionReport struct {
	Created   int      `json:"created"`
	Updated   int      `json:"updated"`
	Unchanged int      `json:"unchanged"`
	Lines     []string `json:"lines"` // what was created and updated, in the order of the file
}

func (s *Server) importSection(c *Call, _ struct{}) (SectionReport, error) {
	r, err := (workflows.Sections{Base: s.Access.Base}).Import(c.Ctx(), c.Actor, c.raw, c.DryRun)
	return SectionReport{r.Created, r.Updated, r.Unchanged, append([]string{}, r.Lines...)}, err
}
