// Package api is Lectern over HTTP: the JSON API under /api/v1, the pages
// outside it, and what every request goes through. Handlers read a request, call
// a workflow and write its answer; they decide nothing.
package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

// Settings are the limits and addresses that an operator may change. What is
// zero gets its default.
type Settings struct {
	BaseURL         string         // https://lectern.example.org; decides how cookies are set
	TrustedProxies  []netip.Prefix // whose X-Forwarded-For is believed; none: nobody's
	BodyLimit       int64          // bytes; 1 MiB
	ImportLimit     int64          // bytes, of a file; 20 MiB
	WritesPerMinute int            // and person; 60
	LinksPerMinute  int            // sign-in links asked for from one address of the network; 10
	ClaimsPerHour   int            // member numbers tried from one address of the network; 10
	QuotesPerDay    int            // quotes asked for from one address of the network; 5
	Patience        time.Duration  // how long a request may take; 30 s
}

func (s Settings) withDefaults() Settings {
	s.BodyLimit = or(s.BodyLimit, 1<<20)
	s.ImportLimit = or(s.ImportLimit, 20<<20)
	s.WritesPerMinute = or(s.WritesPerMinute, 60)
	s.LinksPerMinute = or(s.LinksPerMinute, 10)
	s.ClaimsPerHour = or(s.ClaimsPerHour, 10)
	s.QuotesPerDay = or(s.QuotesPerDay, 5)
	s.Patience = or(s.Patience, 30*time.Second)
	return s
}

func or[N int | int64 | time.Duration](given, otherwise N) N {
	if given > 0 {
		return given
	}
	return otherwise
}

// Server answers requests with the workflows. Fill its exported fields, then
// take Handler.
type Server struct {
	Settings
	Access    workflows.Access
	Proposals workflows.Proposals
	Outbox    workflows.Outbox
	Log       *slog.Logger
	Section   func(context.Context) (name, contact string) // for the foot of pages; nil: left out
	Demo      Demo                                         // only in the demonstration; nil otherwise
	DemoBar   func(*Call) *web.DemoBar                     // only in the demonstration; nil otherwise

	all      []*route // filled by Handler
	extra    []*route // of tests: what no real route does
	writes   *limiter
	links    *limiter
	letters  *limiter
	claimed  *limiter
	asks     *limiter
	quoted   *limiter
	metrics  *requestMetrics
	later    sync.WaitGroup
	footRead atomic.Pointer[foot]

	keptOfferings keptOfferings
}

// Handler is everything Lectern serves. Call it once, after the fields are set.
func (s *Server) Handler() http.Handler {
	if s.Demo != nil {
		s.QuotesPerDay = or(s.QuotesPerDay, 100) // one visitor plays many buyers
	}
	s.Settings = s.Settings.withDefaults()
	s.writes = newLimiter(s.WritesPerMinute, time.Minute)
	s.links = newLimiter(s.LinksPerMinute, time.Minute)
	s.letters = newLimiter(lettersEach, lettersPer)
	s.claimed = newLimiter(s.ClaimsPerHour, time.Hour)
	s.asks = newLimiter(asksEach, time.Hour)
	s.quoted = newLimiter(s.QuotesPerDay, 24*time.Hour)
	s.metrics = newMetrics()
	if s.Demo != nil && s.DemoBar == nil {
		s.DemoBar = s.demoBar
	}
	s.all = append(s.routes(), s.extra...)
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.JSONSerializer = strictJSON{}
	e.Binder = binder{}
	e.IPExtractor = s.ipExtractor()
	e.HTTPErrorHandler = s.fail
	// Echo puts these around a handler with every request: what they need is made before.
	e.Use(s.named, s.observed, s.headers(), zipped(), s.recovered, s.bounded(), s.sameOrigin())
	for _, r := range s.all {
		s.add(e, r)
	}
	e.Any("/static/*", echo.WrapHandler(web.Static()))
	return e
}

// asksEach is how many access requests one address of the network may make in an hour.
const asksEach = 10

// Wait returns when what requests left to be done is done. Call it when the
// HTTP server has stopped.
func (s *Server) Wait() { s.later.Wait() }

func (s *Server) add(e *echo.Echo, r *route) {
	h := s.serve(r)
	e.Add(r.method, r.address(), h)
	if r.method == http.MethodGet {
		e.Add(http.MethodHead, r.address(), h)
	}
}

// serve answers one route.
func (s *Server) serve(r *route) echo.HandlerFunc {
	return func(ec echo.Context) error {
		c, err := s.begin(ec, r)
		if err != nil {
			return err
		}
		return s.perform(c)
	}
}

func (s *Server) secure() bool { return strings.HasPrefix(s.BaseURL, "https://") }

func (s *Server) realNow() time.Time { return s.Access.RealNow() }

func (s *Server) ipExtractor() echo.IPExtractor {
	if len(s.TrustedProxies) == 0 {
		return echo.ExtractIPDirect()
	}
	trust := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range s.TrustedProxies {
		trust = append(trust, echo.TrustIPRange(ipNet(p)))
	}
	return echo.ExtractIPFromXFFHeader(trust...)
}

// fail is where every error of every request ends.
func (s *Server) fail(err error, ec echo.Context) {
	if ec.Response().Committed {
		s.Log.Error("failed while answering", "request_id", requestID(ec), "error", err)
		return
	}
	p := describe(err)
	if p.status >= http.StatusInternalServerError && !errors.Is(err, workflows.ErrBusy) {
		s.Log.Error("request failed", "request_id", requestID(ec), "method", ec.Request().Method, "route", routeOf(ec), "error", err)
	}
	if written := s.writeProblem(ec, p); written != nil {
		s.Log.Warn("answer not written", "request_id", requestID(ec), "error", written)
	}
}

// A Call is one request on its way through a handler, with who asks.
type Call struct {
	echo.Context
	Actor      domain.Actor
	Credential domain.Credential
	IfMatch    int  // the version the client saw; 0: any
	DryRun     bool // workflows undo what they do
	s          *Server
	route      *route
	raw        []byte    // the body
	flashed    string    // what the next page is to say
	back       *web.Link // where a refusal leads back to; nil: as the address says
	stands     bool      // what was saved stands, though the page refuses the rest
}

// Ctx is the request's context, to be given to workflows.
func (c *Call) Ctx() context.Context { return c.Request().Context() }
