package api

import (
	"time"

	"lectern/workflows"
)

func (s *Server) auditRoutes() []*route {
	return []*route{endpoint(get, "/audit", "What was done to anything but proposals, newest first; for staff and administrators", s.listAudit)}
}

// AuditOut is one thing that was done: to a person, a term, a call, a stipend, a token.
type AuditOut struct {
	ID        string    `json:"id"`
	At        time.Time `json:"at"`
	By        string    `json:"by"`
	Action    string    `json:"action"`
	Noun      string    `json:"noun"`
	SubjectID string    `json:"subject_id"`
	Detail    string    `json:"detail"`
}

func (s *Server) listAudit(c *Call, in listIn) (list[AuditOut], error) {
	key, err := after[lineKey](in, "")
	if err != nil {
		return list[AuditOut]{}, err
	}
	var from *workflows.Cursor
	if key != nil {
		from = &workflows.Cursor{UpdatedAt: key.At, ID: key.ID}
	}
	rows, err := workflows.Audits{Base: s.Access.Base}.Page(c.Ctx(), c.Actor, from, in.limit()+1)
	if err != nil {
		return list[AuditOut]{}, err
	}
	return pageOf(rows, in, "", func(l workflows.AuditLine) AuditOut {
		return AuditOut{l.ID, l.At, l.ActorName, l.Action, l.Noun, l.SubjectID, l.Detail}
	}, func(l workflows.AuditLine) lineKey { return lineKey{l.At, l.ID} })
}
