package api

import (
	"bytes"
	"net/http"
	"strconv"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

func (s *Server) people() workflows.People { return workflows.People{Base: s.Access.Base} }

// rosterPage tells who was in the group on a day. A day that is none is said at
// its field, with the roster of today below it.
func (s *Server) rosterPage(c *Call) error {
	typed := c.QueryParam("on")
	v, err := s.groupFlows().Roster(c.Ctx(), c.Actor, c.Param("slug"), domain.Date(typed))
	status, why, again := refused(err)
	if again {
		v, err = s.groupFlows().Roster(c.Ctx(), c.Actor, c.Param("slug"), "")
	}
	if err != nil {
		return err
	}
	p := web.RosterPage{Page: c.frame("People, "+v.Group.Name, groupCrumb(v.Group)), Group: v.Group, On: v.On, Today: c.Actor.Today, MayAppoint: v.MayAppoint, Emails: v.Emails, Reasons: why}
	if again {
		p.OnTyped, p.HasErrors = typed, true
	}
	if v.On == c.Actor.Today {
		p.Warnings = v.Warnings
	}
	for _, l := range v.Lines {
		p.Rows = append(p.Rows, web.RosterRow{Person: domain.Person{ID: l.PersonID, Name: l.Name, Email: l.Email, Institution: l.Institution}, Term: l.Term})
	}
	return c.show(max(status, http.StatusOK), web.Roster(p))
}

func (s *Server) rosterFile(c *Call) error {
	v, err := s.groupFlows().Roster(c.Ctx(), c.Actor, c.Param("slug"), domain.Date(c.QueryParam("on")))
	if err != nil {
		return err
	}
	return c.table(fileName(v.Group.Slug)+"-"+string(v.On), v.Rows())
}

// table answers with rows as a CSV file that does nothing in a spreadsheet.
func (c *Call) table(name string, rows [][]string) error {
	var out bytes.Buffer
	if err := workflows.WriteCSV(&out, rows); err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
	return c.Blob(http.StatusOK, "text/csv; charset=utf-8", out.Bytes())
}

// appointing finds the group, for those who may give terms in it.
func (s *Server) appointing(c *Call) (domain.Group, error) {
	g, err := s.groupFlows().Get(c.Ctx(), c.Actor, c.Param("slug"))
	if err == nil && !c.Actor.MayAppointTo(g) {
		err = domain.Refuse(domain.Reason{Kind: domain.Forbidden, Code: "may_not_appoint", Rule: "R24", Detail: "Terms in " + g.Name + " are given by those who manage its appointments."})
	}
	return g, err
}

// freshTerm is the form of a member's term of one year, from today.
func freshTerm(c *Call) web.TermForm {
	return web.TermForm{Role: string(domain.TermMember), StartsOn: string(c.Actor.Today), EndsOn: string(domain.YearOf(c.Actor.Today).Ends())}
}

func (s *Server) personNewPage(c *Call) error {
	g, err := s.appointing(c)
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, web.PersonNew(web.PersonNewPage{Page: c.personFrame("Add a person", g), Group: g, Term: freshTerm(c)}))
}

func (c *Call) personFrame(title string, g domain.Group) web.Page {
	return c.frame(title, groupCrumb(g), web.Link{Label: "People", Href: groupHref(g.Slug) + "/people"})
}

func (c *Call) typedTerm() web.TermForm {
	return web.TermForm{PersonID: c.typed("person_id"), Role: c.typed("role"), StartsOn: c.typed("starts_on"), EndsOn: c.typed("ends_on")}
}

func appointment(g domain.Group, personID string, f web.TermForm) workflows.Appointment {
	return workflows.Appointment{Group: g.ID, PersonID: personID, Role: domain.TermRole(f.Role), StartsOn: domain.Date(f.StartsOn), EndsOn: domain.Date(f.EndsOn)}
}

// personAdded adds a person and gives them their term. The term is tried before
// the person is added, so that a refused one leaves nobody without a group; all
// that is wrong with either is said at once.
func (s *Server) personAdded(c *Call) error {
	g, err := s.appointing(c)
	if err != nil {
		return err
	}
	in := workflows.PersonInput{Name: c.typed("name"), Email: c.typed("email"), Institution: c.typed("institution")}
	term := c.typedTerm()
	added, given, err := s.people().AddTo(c.Ctx(), c.Actor, in, appointment(g, "", term))
	if status, why, again := refused(err); again {
		p := web.PersonNewPage{Page: c.personFrame("Add a person", g), Group: g, Name: in.Name, Email: in.Email, Institution: in.Institution, Term: term, Reasons: why}
		p.HasErrors = true
		return c.show(status, web.PersonNew(p))
	}
	if err != nil {
		return err
	}
	c.flash(added.Name + " is in " + g.Name + " now." + warned(given.Warnings))
	return c.see(groupHref(g.Slug) + "/people?on=" + string(later(given.StartsOn, c.Actor.Today)))
}

func warned(all []domain.Warning) string {
	said := ""
	for _, w := range all {
		said += " " + w.Detail
	}
	return said
}

// later is the day on which a new term can be seen: today, or its first day.
func later(a, b domain.Date) domain.Date { return max(a, b) }

func (s *Server) termNewPage(c *Call) error {
	return s.showTerm(c, c.QueryParam("person"), freshTerm(c), nil)
}

// showTerm shows the form of a new term, as it is or, after err, with every reason.
func (s *Server) showTerm(c *Call, personID string, form web.TermForm, problem error) error {
	status, why, again := refused(problem)
	if problem != nil && !again {
		return problem
	}
	g, err := s.appointing(c)
	if err != nil {
		return err
	}
	p := web.TermPage{Page: c.personFrame("Give a term", g), Group: g, Form: form, Reasons: why}
	p.HasErrors = again
	if err := s.fillTermPerson(c, &p, personID); err != nil {
		return err
	}
	return c.show(max(status, http.StatusOK), web.Term(p))
}

const mostPeople = 1000

// fillTermPerson names the person, with their terms here, or offers everybody.
func (s *Server) fillTermPerson(c *Call, p *web.TermPage, personID string) error {
	if personID == "" {
		all, err := s.people().List(c.Ctx(), c.Actor, "", "", mostPeople)
		for _, person := range all {
			label := person.Name
			if person.Institution != "" {
				label += ", " + person.Institution
			}
			p.People = append(p.People, domain.Option{Value: person.ID, Label: label})
		}
		return err
	}
	v, err := s.people().Get(c.Ctx(), c.Actor, personID)
	if err != nil {
		return err
	}
	p.Person = v.Person
	for _, t := range v.Terms {
		if t.GroupID == p.Group.ID {
			p.Terms = append(p.Terms, t.Term)
		}
	}
	return nil
}

func (s *Server) termGiven(c *Call) error {
	g, err := s.appointing(c)
	if err != nil {
		return err
	}
	form := c.typedTerm()
	given, err := s.people().Give(c.Ctx(), c.Actor, appointment(g, form.PersonID, form))
	if err != nil {
		return s.showTerm(c, form.PersonID, form, err)
	}
	c.flash("The term is given." + warned(given.Warnings))
	return c.see(groupHref(g.Slug) + "/people?on=" + string(later(given.StartsOn, c.Actor.Today)))
}

// termEndPage asks for the last day of a term; today, unless another is typed.
func (s *Server) termEndPage(c *Call) error {
	return s.showEnding(c, string(c.Actor.Today), nil)
}

func (s *Server) showEnding(c *Call, typed string, problem error) error {
	status, why, again := refused(problem)
	if problem != nil && !again {
		return problem
	}
	g, err := s.appointing(c)
	if err != nil {
		return err
	}
	term, err := s.people().Term(c.Ctx(), c.Actor, c.Param("id"))
	if err == nil && term.GroupID != g.ID {
		err = domain.NotThere("term")
	}
	if err != nil {
		return err
	}
	p := web.TermPage{Page: c.personFrame("End a term", g), Group: g, Ending: &term, Form: web.TermForm{EndsOn: typed}, Reasons: why}
	p.HasErrors = again
	if err := s.fillTermPerson(c, &p, term.PersonID); err != nil {
		return err
	}
	return c.show(max(status, http.StatusOK), web.Term(p))
}

func (s *Server) termEnded(c *Call) error {
	version, _ := strconv.Atoi(c.typed("version")) // none: the newest
	on := c.typed("ends_on")
	ended, err := s.people().End(c.Ctx(), c.Actor, c.Param("id"), domain.Date(on), version)
	if err != nil {
		return s.showEnding(c, on, err)
	}
	c.flash("The term ends on " + domain.LongDay(ended.EndsOn.Midnight(domain.Zone("UTC")), "UTC") + ".")
	return c.see(groupHref(c.Param("slug")) + "/people")
}
