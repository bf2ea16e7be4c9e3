package api

import (
	"net/http"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

// RoleHolderOut is a person with one role outside the rosters.
type RoleHolderOut struct {
	Role   domain.Role `json:"role"`
	Person PersonLine  `json:"person"`
}

func (s *Server) listRoles(c *Call, in listIn) (list[RoleHolderOut], error) {
	all, err := s.people().RoleHolders(c.Ctx(), c.Actor)
	if err != nil {
		return list[RoleHolderOut]{}, err
	}
	return listPage(all, in, "roles", roleHolderOut, roleHolderKey)
}

func roleHolderOut(h workflows.RoleHolder) RoleHolderOut {
	return RoleHolderOut{h.Role, personLine(h.Person)}
}

func roleHolderKey(h workflows.RoleHolder) string { return string(h.Role) + " " + h.Person.ID }

// rolesPage tells who holds the roles that come with no group, for administrators.
func (s *Server) rolesPage(c *Call) error {
	return s.showRoles(c, web.RoleForm{}, nil)
}

func (s *Server) showRoles(c *Call, form web.RoleForm, problem error) error {
	status, why, again := refused(problem)
	if problem != nil && !again {
		return problem
	}
	all, err := s.people().RoleHolders(c.Ctx(), c.Actor)
	if err != nil {
		return err
	}
	p := web.RolesPage{Page: c.frame("Staff and roles", web.Link{Label: "Groups", Href: "/groups"}), Form: form, Reasons: why}
	p.HasErrors = again
	for _, h := range all {
		p.Rows = append(p.Rows, web.RoleRow{Role: h.Role, Person: h.Person, Own: h.Person.ID == c.Actor.ID})
	}
	return c.show(max(status, http.StatusOK), web.Roles(p))
}

func (s *Server) roleGiven(c *Call) error {
	form := web.RoleForm{Name: c.typed("name"), Email: c.typed("email"), Role: c.typed("role")}
	v, err := s.people().GrantTo(c.Ctx(), c.Actor, workflows.PersonInput{Name: form.Name, Email: form.Email}, domain.Role(form.Role))
	if err != nil {
		return s.showRoles(c, form, err)
	}
	c.flash(v.Name + ": " + web.RoleWords(domain.Role(form.Role)) + ".")
	return c.see("/staff/roles")
}

func (s *Server) roleTaken(c *Call) error {
	role := domain.Role(c.typed("role"))
	v, err := s.people().Revoke(c.Ctx(), c.Actor, c.typed("person_id"), role)
	if err != nil {
		return s.showRoles(c, web.RoleForm{}, err)
	}
	c.flash(v.Name + " is no longer: " + web.RoleWords(role) + ".")
	if v.ID == c.Actor.ID && role == domain.Admin {
		return c.see("/") // this page is not theirs any more
	}
	return c.see("/staff/roles")
}
