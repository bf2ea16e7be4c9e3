package api

import (
	"bytes"
	"slices"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

// Webinars' pages are written once for all who ask for the same within keptFor; of
// no more than keptPages.
const (
	keptFor   = time.Second
	keptPages = 64
)

// A keptPage is a webinar's page as everybody sees it who is not signed in.
type keptPage struct {
	shows keptFacts
	tiers []domain.PriceTier
	made  time.Time
	body  []byte
	etag  string
}

// keptFacts are what such a page depends on, beside the prices. Of the time it
// depends too: its days and deadlines may be as old as the page.
type keptFacts struct {
	offering, path   string
	version          int
	soldOut, onSale  bool
	section, contact string // in the foot
}

// keptOfferings are the pages by the id of their webinar.
type keptOfferings struct {
	mu    sync.Mutex
	pages map[string]*keptPage
}

// find is the page as it was written for the same; nil when it is too old.
func (k *keptOfferings) find(shows keptFacts, tiers []domain.PriceTier, now time.Time) *keptPage {
	k.mu.Lock()
	defer k.mu.Unlock()
	p := k.pages[shows.offering]
	if p == nil || p.shows != shows || now.Before(p.made) || now.Sub(p.made) >= keptFor || !slices.Equal(p.tiers, tiers) {
		return nil
	}
	return p
}

func (k *keptOfferings) keep(p *keptPage) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, known := k.pages[p.shows.offering]; k.pages == nil || !known && len(k.pages) >= keptPages {
		k.pages = map[string]*keptPage{}
	}
	k.pages[p.shows.offering] = p
}

// strangersOffering answers who is not signed in, and is to be told nothing but
// what all see.
func (s *Server) strangersOffering(c *Call, v workflows.OfferingView) error {
	now := s.now()
	shows := keptFacts{offering: v.ID, path: c.Request().URL.Path, version: v.Version, soldOut: v.Left() <= 0, onSale: len(v.Sells(now)) == 0}
	shows.section, shows.contact = s.sectionFoot(c.Ctx())
	page := s.keptOfferings.find(shows, v.Tiers, now)
	if page == nil {
		var body bytes.Buffer
		if err := web.OfferingView(s.offeringShown(c, v)).Render(c.Ctx(), &body); err != nil {
			return err
		}
		page = &keptPage{shows: shows, tiers: v.Tiers, made: now, body: body.Bytes(), etag: tagOf(body.Bytes())}
		s.keptOfferings.keep(page)
	}
	c.Response().Header().Add(echo.HeaderVary, echo.HeaderCookie)
	return c.tagged(publicAge, "text/html; charset=utf-8", page.etag, page.body)
}

// stranger tells whether nothing of the page is for this one person: they are nobody
// known, and nothing is said to them alone.
func (c *Call) stranger() bool {
	_, told := c.Cookie(c.s.cookieName(flashCookie))
	return c.Actor.ID == "" && c.Actor.SpeakerID == "" && c.Actor.Theme == "" && c.s.DemoBar == nil && told != nil
}
