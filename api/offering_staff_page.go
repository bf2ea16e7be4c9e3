package api

import (
	"net/http"
	"net/url"
	"slices"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

// staffOfferingPages are the pages of those who run webinars.
func (s *Server) staffOfferingPages() []*route {
	return []*route{
		page(post, "/proposals/:ref/put-on-sale", s.puttedOnSale),
		page(get, "/staff/offerings", s.staffOfferingsPage),
		page(get, "/staff/offerings/:slug", s.staffOfferingPage),
		page(get, "/staff/offerings/:slug/edit", s.offeringEditPage),
		page(post, "/staff/offerings/:slug/edit", s.offeringEdited),
		page(post, "/staff/offerings/:slug/access-requests/:id/arranged", s.accessArrangedPage),
		page(get, "/staff/offerings/:slug/:action", s.offeringMovePage),
		page(post, "/staff/offerings/:slug/:action", s.offeringMoved),
	}
}

// puttedOnSale makes a webinar of an accepted proposal and leads to what is missing.
func (s *Server) puttedOnSale(c *Call) error {
	v, err := s.offerings().Create(c.Ctx(), c.Actor, c.Param("ref"))
	if err != nil {
		return err
	}
	c.flash("The text was carried over. Nobody outside sees it yet.")
	return c.see(web.StaffOfferingHref(v.Offering))
}

func runsWebinars(a domain.Actor) bool { return a.Has(domain.Staff, domain.Admin) }

// offerSale puts the way to sell an accepted webinar before the other moves.
func (v proposalView) offerSale(l *web.LifePanel) {
	if !v.MaySell {
		return
	}
	for i := range l.Moves {
		l.Moves[i].Primary = false
	}
	sell := web.LifeMove{Label: domain.PutOnSale.Label(), Icon: "calendar-event", Note: "Its text becomes a webinar’s page. You set time, prices and captions there.", Action: "/proposals/" + v.Ref() + "/put-on-sale", Version: v.Version, Primary: true}
	l.Moves = slices.Insert(l.Moves, 0, sell)
}

var webinarsCrumb = web.Link{Label: "Webinars", Href: "/staff/offerings"}

func (s *Server) staffOfferingsPage(c *Call) error {
	in := listIn{Cursor: c.QueryParam("cursor")}
	key, err := after[lineKey](in, "staff offerings")
	if err != nil {
		return err
	}
	var cursor *workflows.Cursor
	if key != nil {
		cursor = &workflows.Cursor{UpdatedAt: key.At, ID: key.ID}
	}
	found, err := s.offerings().ForStaff(c.Ctx(), c.Actor, cursor, in.limit()+1)
	if err != nil {
		return err
	}
	rows, err := pageOf(found, in, "staff offerings", func(v workflows.OfferingView) web.StaffOfferingRow { return web.StaffOfferingRow{Offering: v.Offering} },
		func(v workflows.OfferingView) lineKey { return lineKey{v.UpdatedAt, v.ID} })
	if err != nil {
		return err
	}
	p := web.StaffOfferingsPage{Page: c.frame("Webinars"), Tabs: web.SaleTabsFor(c.Actor, "/staff/offerings"), Rows: rows.Data, Zone: s.zone()}
	if rows.NextCursor != nil {
		p.Next = "/staff/offerings?cursor=" + url.QueryEscape(*rows.NextCursor)
	}
	return c.show(http.StatusOK, web.StaffOfferings(p))
}

// ran finds a webinar for those who run it. NotFound for others, also where it is public.
func (s *Server) ran(c *Call) (workflows.OfferingView, error) {
	v, err := s.offerings().Get(c.Ctx(), c.Actor, c.Param("slug"))
	if err == nil && !v.Inside {
		err = domain.NotThere("page")
	}
	return v, err
}

func (s *Server) staffOfferingPage(c *Call) error {
	v, err := s.ran(c)
	if err != nil {
		return err
	}
	p := web.StaffOfferingPage{Page: c.frame(v.Title, webinarsCrumb), Offering: v.Offering, Tiers: v.Tiers, Ref: v.ProposalRef, Now: s.now()}
	p.Moves, p.Refused = web.OfferingMoves(v.Offering, v.Open)
	for _, a := range v.Open {
		if a.Action == domain.PublishOffering && v.Status == domain.OfferingPlanned {
			p.Missing = a.Reasons
		}
	}
	if c.Actor.Has(domain.Staff) && v.Status.Public() {
		requests, err := s.offerings().AccessRequests(c.Ctx(), c.Actor, v.ID)
		if err != nil {
			return err
		}
		for _, r := range requests {
			p.Requests = append(p.Requests, web.AccessLine{ID: r.ID, Name: r.Name, Email: r.Email, Text: r.Text, MadeAt: r.MadeAt, DoneAt: r.DoneAt, DoneBy: r.DoneBy})
		}
	}
	return c.show(http.StatusOK, web.StaffOffering(p))
}

func (s *Server) accessArrangedPage(c *Call) error {
	if err := s.offerings().AccessArranged(c.Ctx(), c.Actor, c.Param("id")); err != nil {
		return err
	}
	c.flash("Noted as arranged.")
	return c.see("/staff/offerings/" + url.PathEscape(c.Param("slug")))
}

// offeringMoveOf finds a move of a webinar by the last part of its address.
func offeringMoveOf(c *Call) (domain.OfferingAction, error) {
	a := domain.OfferingAction(c.Param("action"))
	if a == domain.EditOffering || !slices.Contains(domain.OfferingActions(), a) {
		return "", domain.NotThere("page")
	}
	return a, nil
}

func (s *Server) offeringMovePage(c *Call) error {
	return s.showOfferingMove(c, again{status: http.StatusOK})
}

// showOfferingMove asks for what a move needs. A move that is not possible
// answers with every reason.
func (s *Server) showOfferingMove(c *Call, back again) error {
	a, err := offeringMoveOf(c)
	if err != nil {
		return err
	}
	v, err := s.ran(c)
	if err != nil {
		return err
	}
	for _, open := range v.Open {
		if open.Action == a && len(open.Reasons) > 0 {
			return domain.Refuse(open.Reasons...)
		}
	}
	p := web.OfferingMovePage{
		Page: c.frame(a.Label(), webinarsCrumb, web.Link{Label: v.Title, Href: web.StaffOfferingHref(v.Offering)}), Offering: v.Offering, Action: a, Effect: a.Effect(),
		Reasons: back.why, Speakers: presentable(v.Speakers), Ticked: map[string]bool{},
	}
	p.HasErrors = len(back.why) > 0
	for _, id := range back.typed["presented"] {
		p.Ticked[id] = true
	}
	field := func(name, label, kind, hint string) web.Control {
		return web.Control{Name: name, Label: label, Type: kind, Hint: hint, Class: "w-m", Value: back.typed.Get(name), Errors: says(back.why, "/"+name)}
	}
	p.Date, p.Clock = field("date", "New day", "date", ""), field("time", "Time of day", "time", domain.ZoneName(v.Zone)+" time")
	p.Reason = web.Control{Name: "reason", Label: "Why?", Rows: 3, Hint: "Those who have a seat read it.", Value: back.typed.Get("reason"), Errors: says(back.why, "/reason")}
	return c.show(back.status, web.OfferingMove(p))
}

// presentable are the speakers who may have presented.
func presentable(all []domain.Speaker) []domain.Speaker {
	return slices.DeleteFunc(domain.Active(all), func(s domain.Speaker) bool { return s.Name == "" || s.Answer == domain.DeclinedTo })
}

func (s *Server) offeringMoved(c *Call) error {
	a, err := offeringMoveOf(c)
	if err != nil {
		return err
	}
	form, why, err := c.form()
	if err != nil {
		return err
	}
	v, err := s.ran(c)
	if err != nil {
		return err
	}
	in := workflows.OfferingMoved{Version: number(form.Get("version")), OfferingInput: domain.OfferingInput{Reason: form.Get("reason"), Presented: form["presented"]}}
	if a == domain.RescheduleOffering {
		at, wrong := domain.StartAt(domain.Date(form.Get("date")), form.Get("time"), v.Zone)
		if why = append(why, wrong...); len(wrong) == 0 {
			in.StartsAt = &at
		}
	}
	if err = domain.Refuse(why...); err == nil {
		v, err = s.offerings().Act(c.Ctx(), c.Actor, v.ID, a, in)
	}
	if status, reasons, ok := refused(err); ok && domain.IsKind(err, domain.Invalid) {
		return s.showOfferingMove(c, again{status: status, why: reasons, typed: form})
	}
	if err != nil {
		return err
	}
	c.flash(movedWords(a, v.Offering))
	return c.see(web.StaffOfferingHref(v.Offering))
}

func movedWords(a domain.OfferingAction, o domain.Offering) string {
	switch a {
	case domain.PublishOffering:
		return "It is on sale. Its page is public at /offerings/" + o.Slug + "."
	case domain.CloseOffering:
		return "Registration is closed. Orders that exist go on."
	case domain.RescheduleOffering:
		return "It now starts " + domain.LongTime(*o.StartsAt, o.Zone) + "."
	case domain.CancelOffering:
		return "The webinar is cancelled."
	}
	return "It is noted as delivered."
}
