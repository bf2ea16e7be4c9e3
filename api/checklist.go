package api

import (
	"time"

	"lectern/domain"
	"lectern/workflows"
)

// ChecklistOut is one suggestion of a group's year.
type ChecklistOut struct {
	ID      string      `json:"id"`
	Version int         `json:"version"`
	Year    domain.Year `json:"year"`
	Month   int         `json:"month"`
	Text    string      `json:"text"`
	Done    bool        `json:"done"`
	Itself  bool        `json:"by_itself"` // done because the duty it speaks of is met
	DoneAt  *time.Time  `json:"done_at"`
	DoneBy  string      `json:"done_by"`
}

func (i ChecklistOut) etag() int { return i.Version }

func checklistOut(l workflows.ChecklistLine) ChecklistOut {
	return ChecklistOut{l.ID, l.Version, l.Year, l.Month, l.Text, l.Done, l.Itself, l.DoneAt, l.DoneBy}
}

type checklistIn struct {
	byRef
	Year  domain.Year `json:"-" query:"year" validate:"max=7"`
	Month int         `json:"-" query:"month" validate:"min=0,max=12"` // 0 or left out: all months
}

func (s *Server) getChecklist(c *Call, in checklistIn) (list[ChecklistOut], error) {
	all, err := s.checklists().List(c.Ctx(), c.Actor, in.ID, in.Year, in.Month)
	return listOf(all, checklistOut), err
}

type itemIn struct {
	byRef
	Item string `param:"item" json:"-" validate:"required,max=64"`
}

type tickIn struct {
	itemIn
	Done bool `json:"done"`
}

func (s *Server) tickItem(c *Call, in tickIn) (ChecklistOut, error) {
	l, err := s.checklists().Tick(c.Ctx(), c.Actor, in.ID, in.Item, in.Done)
	return checklistOut(l), err
}

type wordIn struct {
	itemIn
	Text string `json:"text"`
}

func (s *Server) wordItem(c *Call, in wordIn) (ChecklistOut, error) {
	l, err := s.checklists().Word(c.Ctx(), c.Actor, in.ID, in.Item, in.Text, c.IfMatch)
	return checklistOut(l), err
}
