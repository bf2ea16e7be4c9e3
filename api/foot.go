package api

import (
	"context"
	"time"
)

// footKept is for how long pages may show the section's former name.
const footKept = time.Minute

// foot is what stands at the bottom of every page.
type foot struct {
	name, contact string
	read          time.Time
}

// sectionFoot is the section's name and contact, asked for once a minute; empty
// names are asked for again.
func (s *Server) sectionFoot(ctx context.Context) (name, contact string) {
	if s.Section == nil {
		return "", ""
	}
	now := s.realNow()
	if f := s.footRead.Load(); f != nil && now.Sub(f.read) < footKept {
		return f.name, f.contact
	}
	name, contact = s.Section(ctx)
	if name != "" {
		s.footRead.Store(&foot{name, contact, now})
	}
	return name, contact
}
