package api

import (
	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

// fillPhases adds to a call's page its phases, for who may change them its guests, and
// where reviewers are missing.
func (s *Server) fillPhases(c *Call, p *web.CallPage, v workflows.CallLook) {
	p.Reviewed, p.MayGuest = v.Venue.Reviewed(), c.Actor.Has(domain.Admin)
	for _, row := range domain.Phases {
		line := web.PhaseLine{Kind: row.Kind, Label: row.Label, What: row.What}
		for _, ph := range v.Phases {
			if ph.Kind == row.Kind {
				d := ph.Days(v.Zone)
				line.First, line.Last, line.On = string(d.First), string(d.Last), ph.On(s.now())
			}
		}
		if p.Form.What == "phases" {
			line.First, line.Last = p.Form.Phases[string(row.Kind)+"_first"], p.Form.Phases[string(row.Kind)+"_last"]
		}
		p.Phases = append(p.Phases, line)
	}
	for _, g := range v.Guests {
		p.Guests = append(p.Guests, web.Guest{ID: g.ID, Name: g.Name})
	}
	if v.Short != nil {
		p.Short = shortage(*v.Short)
	}
}

// mostShort is how many proposals without enough reviewers a page names.
const mostShort = 10

func shortage(s workflows.Shortages) *web.Shortage {
	short := web.Shortage{Least: s.Least, Count: s.Count}
	for _, l := range s.Lines[:min(len(s.Lines), mostShort)] {
		short.Lines = append(short.Lines, web.ShortLine{Number: l.Number, Title: l.Title, Free: l.Free})
	}
	return &short
}

// callPhasesSet sets the phases that have a day; the others are not held.
func (s *Server) callPhasesSet(c *Call) error {
	form := web.CallForm{What: "phases", Phases: map[string]string{}}
	var specs []domain.PhaseSpec
	for _, row := range domain.Phases {
		first, last := c.typed(string(row.Kind)+"_first"), c.typed(string(row.Kind)+"_last")
		form.Phases[string(row.Kind)+"_first"], form.Phases[string(row.Kind)+"_last"] = first, last
		if first != "" || last != "" {
			specs = append(specs, domain.PhaseSpec{Kind: row.Kind, First: domain.Date(first), Last: domain.Date(last)})
		}
	}
	if _, err := s.callFlows().SetPhases(c.Ctx(), c.Actor, c.Param("slug"), c.typedVersion(), specs); err != nil {
		return s.showCall(c, form, nil, named(err, specs))
	}
	c.flash("The phases are saved.")
	return c.see("/staff/calls/" + c.Param("slug"))
}

// named points the reasons about a phase at its fields on the page, which are
// called by its kind and not by its place.
func named(err error, specs []domain.PhaseSpec) error {
	_, why, ok := refused(err)
	if !ok {
		return err
	}
	for i := range why {
		for at, spec := range specs {
			for _, end := range []string{"first", "last"} {
				if why[i].Pointer == "/phases/"+web.Number(at)+"/"+end {
					why[i].Pointer = "/" + string(spec.Kind) + "_" + end
				}
			}
		}
	}
	return domain.Refuse(why...)
}

func (s *Server) callGuestAdded(c *Call) error {
	form := web.CallForm{What: "guests", Email: c.typed("email")}
	if _, err := s.callFlows().AddGuest(c.Ctx(), c.Actor, c.Param("slug"), form.Email); err != nil {
		return s.showCall(c, form, nil, err)
	}
	c.flash("The guest reviewer is added.")
	return c.see("/staff/calls/" + c.Param("slug") + "#guests")
}

func (s *Server) callGuestRemoved(c *Call) error {
	if _, err := s.callFlows().RemoveGuest(c.Ctx(), c.Actor, c.Param("slug"), c.Param("person")); err != nil {
		return err
	}
	c.flash("They no longer review for this call. What they wrote stays.")
	return c.see("/staff/calls/" + c.Param("slug") + "#guests")
}
