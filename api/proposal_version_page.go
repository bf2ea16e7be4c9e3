package api

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

func (s *Server) versionsPage(c *Call) error {
	ref, in := c.Param("ref"), pageIn(c.QueryParam("cursor"))
	before, err := after[int32](in, "revisions "+ref)
	if err != nil {
		return err
	}
	v, all, err := s.proposals().Versions(c.Ctx(), c.Actor, ref, workflows.RevisionFilter{Before: int(value(before)), Limit: in.limit() + 1})
	if err != nil {
		return err
	}
	found, err := pageOf(all, in, "revisions "+ref, versionLine, revisionKey)
	if err != nil {
		return err
	}
	p := web.VersionsPage{Page: c.frame("Versions", crumbs(v)...), Proposal: v.Proposal, Zone: v.Facts.Section.Zone, Versions: found.Data}
	p.Further = further("versions", in.Cursor, found.NextCursor, func(cursor string) string {
		to := url.URL{Path: "/proposals/" + ref + "/versions"}
		if cursor != "" {
			to.RawQuery = url.Values{"cursor": {cursor}}.Encode()
		}
		return to.String()
	})
	return c.show(http.StatusOK, web.Versions(p))
}

func versionLine(r domain.Revision) web.VersionLine {
	return web.VersionLine{Number: r.Number, By: r.ByName, At: r.At, Cause: causeWords(r.Cause)}
}

func causeWords(cause string) string {
	switch cause {
	case "edit":
		return "being written"
	case "save":
		return "saved"
	case "speaker":
		return "with a line corrected"
	}
	return strings.ToLower(domain.Action(cause).Past())
}

func (s *Server) comparePage(c *Call) error {
	v, a, b, err := s.proposals().TwoVersions(c.Ctx(), c.Actor, c.Param("ref"), askedVersion(c, "from"), askedVersion(c, "to"))
	if err != nil {
		return err
	}
	p := web.ComparePage{
		Page: c.frame("Compare versions", append(crumbs(v), web.Link{Label: "Versions", Href: "/proposals/" + v.Ref() + "/versions"})...), Proposal: v.Proposal, From: a.Number, To: b.Number,
		Differences: domain.Compare(v.Facts.Form.Spec, a, b),
	}
	for n := v.Revision; n > 0; n-- {
		p.Numbers = append(p.Numbers, n)
	}
	p.MayRestore = v.May(domain.Edit) && a.Number != v.Revision && len(p.Differences) > 0
	return c.show(http.StatusOK, web.Compare(p))
}

// askedVersion is a version's number in the address: 0 when there is none, -1 when
// what is there is no number of a version.
func askedVersion(c *Call, name string) int {
	if c.QueryParam(name) == "" {
		return 0
	}
	if n := number(c.QueryParam(name)); n > 0 {
		return n
	}
	return -1
}

func (s *Server) restored(c *Call) error {
	n := number(c.typed("revision"))
	e, err := s.proposals().Restore(c.Ctx(), c.Actor, c.Param("ref"), n, number(c.typed("version")))
	if err != nil {
		return err
	}
	c.flash("Version " + strconv.Itoa(n) + " is back, as version " + strconv.Itoa(e.Revision) + ".")
	return c.see("/proposals/" + e.Ref() + "/edit")
}

func (s *Server) documentPage(c *Call) error {
	v, err := s.proposals().Get(c.Ctx(), c.Actor, c.Param("ref"))
	if err != nil {
		return err
	}
	f := v.Facts
	p := web.DocumentPage{Page: c.frame(v.Title, crumbs(v)...), Proposal: v.Proposal, Fields: answersOf(f.Form.Spec, v.Answers), Made: f.Now, Zone: f.Section.Zone}
	p.Head = []web.Fact{{Term: "State", Body: web.StateBadge(v.State)}, {Term: "Call", Text: f.Call.Name}}
	if p.Nameless = v.Sight != domain.Whole; !p.Nameless {
		p.Head = append(p.Head, web.Fact{Term: "Group", Text: f.Group.Name})
	}
	if v.Number != "" {
		p.Head = append([]web.Fact{{Term: "Reference", Text: v.Number}}, p.Head...)
	}
	for _, sp := range domain.Active(f.Speakers) {
		text := web.SpeakerText{Line: sp.Line(), Bio: sp.Bio}
		if sp.Role == domain.Moderates {
			text.Role = "moderator"
		}
		p.Speakers = append(p.Speakers, text)
	}
	return c.show(http.StatusOK, web.Document(p))
}
