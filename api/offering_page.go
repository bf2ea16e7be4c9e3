package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

// offeringPages are the pages of webinars that need no sign-in.
func (s *Server) offeringPages() []*route {
	return []*route{
		page(get, "/offerings", s.offeringsPage).open(),
		page(get, "/offerings/feed.ics", s.offeringsFeed).open(),
		page(get, "/offerings/:slug", s.offeringPage).open(),
		page(get, "/offerings/:slug/calendar.ics", s.offeringCalendar).open(),
		page(get, "/offerings/:slug/access", s.accessPage).open(),
		page(post, "/offerings/:slug/access", s.accessAsked).open(),
	}
}

// catalogueFilters are what the catalogue can be narrowed by, as its address has them.
type catalogueFilters struct {
	Q     string `json:"q"`
	Topic string `json:"topic"`
	Price string `json:"price"` // free or paid
	When  string `json:"when"`  // past, or what comes up
}

func (f catalogueFilters) query() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{"q": f.Q, "topic": f.Topic, "price": f.Price, "when": f.When} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v
}

func catalogueOf(c *Call) catalogueFilters {
	q := func(name string) string {
		return strings.ToValidUTF8(strings.ReplaceAll(c.QueryParam(name), "\x00", ""), "")
	}
	return catalogueFilters{Q: q("q"), Topic: q("topic"), Price: q("price"), When: q("when")}
}

func (f catalogueFilters) wanted(s *Server, limit int) workflows.OfferingFilter {
	w := workflows.OfferingFilter{Words: f.Q, Topic: f.Topic, Price: f.Price, Statuses: catalogueStatuses, Limit: limit}
	if f.When == "past" {
		w.Past = s.now()
	} else {
		w.Upcoming = s.now()
	}
	return w
}

func (s *Server) offeringsPage(c *Call) error {
	f, in := catalogueOf(c), listIn{Cursor: c.QueryParam("cursor")}
	key, err := after[workflows.OfferingCursor](in, f)
	if err != nil {
		return err
	}
	wanted := f.wanted(s, in.limit()+1)
	wanted.After = key
	found, err := s.offerings().Catalogue(c.Ctx(), c.Actor, wanted)
	if err != nil {
		return err
	}
	topics, err := s.offerings().Topics(c.Ctx())
	if err != nil {
		return err
	}
	cards, err := pageOf(found, in, f, offeringCard, offeringKey)
	if err != nil {
		return err
	}
	p := web.OfferingsPage{Page: c.frame("Webinars"), Filters: f.controls(topics), Query: f.Q, Narrow: len(f.query()) > 0, Past: f.When == "past", Cards: cards.Data, Feed: "/offerings/feed.ics"}
	p.About = "Live and recorded webinars on leading and managing, for library workers."
	if cards.NextCursor != nil {
		next := f.query()
		next.Set("cursor", *cards.NextCursor)
		p.Next = "/offerings?" + next.Encode()
	}
	if i := slices.IndexFunc(found, func(v workflows.OfferingView) bool { return !domain.Free(v.Tiers) }); i >= 0 && !p.Past {
		p.Quotes, p.Contact = found[i].QuoteFrom, found[i].PriceContact
	}
	return c.showPublic(web.Offerings(p))
}

func offeringKey(v workflows.OfferingView) workflows.OfferingCursor {
	return workflows.OfferingCursor{StartsAt: *v.StartsAt, ID: v.ID}
}

func offeringCard(v workflows.OfferingView) web.OfferingCard {
	return web.OfferingCard{
		Href: offeringHref(v.Offering), Title: v.Title, Presenters: v.Presenters, Topics: v.Topics, StartsAt: *v.StartsAt, Zone: v.Zone, Minutes: v.Minutes,
		Captioned: v.Captions != "", Recorded: v.Recording != "", Moved: v.RescheduledAt != nil, SoldOut: v.Left() <= 0, Prices: v.Tiers,
	}
}

func offeringHref(o domain.Offering) string { return "/offerings/" + o.Slug }

func (f catalogueFilters) controls(topics []string) []web.Control {
	all := anyOf("All topics")
	for _, t := range topics {
		all = append(all, domain.Option{Value: t, Label: t})
	}
	return []web.Control{
		{Name: "q", Label: "Search", Type: "search", Value: f.Q, Autocomplete: "off"},
		{Name: "topic", Label: "Topic", Value: f.Topic, Options: all},
		{Name: "price", Label: "Price", Value: f.Price, Options: append(anyOf("Any price"), domain.Option{Value: "free", Label: "Free"}, domain.Option{Value: "paid", Label: "Paid"})},
		{Name: "when", Label: "When", Value: f.When, Options: append(anyOf("Coming up"), domain.Option{Value: "past", Label: "Held so far"})},
	}
}

func (s *Server) offeringPage(c *Call) error {
	v, err := s.offerings().Get(c.Ctx(), c.Actor, c.Param("slug"))
	switch {
	case err != nil:
		return err
	case c.stranger():
		return s.strangersOffering(c, v)
	}
	return c.showPublic(web.OfferingView(s.offeringShown(c, v)))
}

func (s *Server) offeringShown(c *Call, v workflows.OfferingView) web.OfferingPage {
	p := web.OfferingPage{
		Page: c.frame(v.Title, web.Link{Label: "Webinars", Href: "/offerings"}), Offering: v.Offering, Tiers: v.Tiers, Now: s.now(), Closed: v.Sells(s.now()),
		Calendar: offeringHref(v.Offering) + "/calendar.ics", Ask: offeringHref(v.Offering) + "/access", Register: offeringHref(v.Offering) + "/register",
	}
	if v.StartsAt != nil {
		p.BackUntil = domain.DateOf(domain.CancelBy(v.Offering, domain.DefaultSaleTerms(), s.now()), domain.Zone(v.Zone)).AddDays(-1)
	}
	if v.Inside {
		p.Manage = web.StaffOfferingHref(v.Offering)
	}
	p.About = v.ShortDescription
	p.Data = web.EventData(p, s.BaseURL, p.Page.Section)
	return p
}

func (s *Server) offeringCalendar(c *Call) error {
	v, err := s.offerings().Get(c.Ctx(), c.Actor, c.Param("slug"))
	if err != nil {
		return err
	}
	if v.StartsAt == nil {
		return domain.NotThere("calendar entry")
	}
	file, err := s.calendarFile(v.Offering)
	if err != nil {
		return err
	}
	return c.calendar(v.Slug, file)
}

// feedLength is how many webinars the calendar feed has at most.
const feedLength = 100

func (s *Server) offeringsFeed(c *Call) error {
	found, err := s.offerings().Catalogue(c.Ctx(), c.Actor, catalogueFilters{}.wanted(s, feedLength))
	if err != nil {
		return err
	}
	all := make([]domain.Offering, len(found))
	for i, v := range found {
		all[i] = v.Offering
	}
	file, err := s.calendarFile(all...)
	if err != nil {
		return err
	}
	return c.calendar("webinars", file)
}

// publicAge is for how long a public page may be shown without asking again.
const publicAge = "public, max-age=60"

// showPublic writes a page that is the same for everybody who is not signed in,
// with a mark of its content: who has it already gets no body.
func (c *Call) showPublic(page templ.Component) error {
	var body bytes.Buffer
	if err := page.Render(c.Ctx(), &body); err != nil {
		return err
	}
	h := c.Response().Header()
	h.Add(echo.HeaderVary, echo.HeaderCookie)
	if c.Actor.SignedIn() || h.Get(echo.HeaderSetCookie) != "" {
		return c.HTMLBlob(http.StatusOK, body.Bytes())
	}
	return c.cached(publicAge, "text/html; charset=utf-8", body.Bytes())
}

// cached answers with a body that may be kept, or says that it has not changed.
func (c *Call) cached(age, kind string, body []byte) error {
	return c.tagged(age, kind, tagOf(body), body)
}

// tagOf is the mark of a body's content.
func tagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}

// tagged is cached with the mark known.
func (c *Call) tagged(age, kind, etag string, body []byte) error {
	if c.s.DemoBar != nil {
		age = "private, no-cache" // the demonstration's clock moves
	}
	h := c.Response().Header()
	h.Set("Cache-Control", age)
	h.Set("ETag", etag)
	if unchanged(c.Request().Header.Get("If-None-Match"), etag) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(http.StatusOK, kind, body)
}

// unchanged compares an If-None-Match with a tag, weakly.
func unchanged(header, etag string) bool {
	for _, tag := range strings.Split(header, ",") {
		if tag = strings.TrimSpace(tag); tag == "*" || strings.TrimPrefix(tag, "W/") == strings.TrimPrefix(etag, "W/") {
			return true
		}
	}
	return false
}

func (s *Server) accessPage(c *Call) error { return s.showAccess(c, again{status: http.StatusOK}) }

func (s *Server) showAccess(c *Call, back again) error {
	v, err := s.offerings().Get(c.Ctx(), domain.Actor{}, c.Param("slug"))
	if err != nil {
		return err
	}
	if why := v.MayAskAccess(s.now()); len(why) > 0 {
		return domain.Refuse(why...)
	}
	p := web.AccessRequestPage{
		Page: c.frame("Ask for what you need", web.Link{Label: "Webinars", Href: "/offerings"}, web.Link{Label: v.Title, Href: offeringHref(v.Offering)}), Offering: v.Offering,
		To: offeringHref(v.Offering) + "/access", Name: back.typed.Get("name"), Email: back.typed.Get("email"), Text: back.typed.Get("text"), Reasons: back.why,
		Sent: c.QueryParam("sent") == "yes",
	}
	if back.typed == nil {
		p.Name, p.Email = c.Actor.Name, c.Actor.Email
	}
	p.HasErrors = len(back.why) > 0
	return c.show(back.status, web.AccessRequest(p))
}

func (s *Server) accessAsked(c *Call) error {
	form, why, err := c.form()
	if err != nil {
		return err
	}
	if err = domain.Refuse(why...); err == nil {
		err = s.askAccess(c, c.Param("slug"), domain.AccessRequest{Name: form.Get("name"), Email: form.Get("email"), Text: form.Get("text")})
	}
	if err == nil {
		return c.see("/offerings/" + url.PathEscape(c.Param("slug")) + "/access?sent=yes")
	}
	status, reasons, ok := refused(err)
	if !ok || domain.IsKind(err, domain.Conflict) {
		return err
	}
	return s.showAccess(c, again{status: status, why: reasons, typed: form})
}

// askAccess keeps a request, at most so many from one address of the network.
func (s *Server) askAccess(c *Call, ref string, r domain.AccessRequest) error {
	if err := s.asks.take(s.realNow(), c.principal()); err != nil {
		return err
	}
	_, err := s.offerings().AskAccess(c.Ctx(), ref, r)
	return err
}
