package api

import (
	"compress/gzip"
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"lectern/domain"
	"lectern/workflows"
)

// Keys of what a request carries through Echo.
const (
	requestKey = "request_id"
	routeKey   = "route"
	callKey    = "call"
)

func requestID(ec echo.Context) string {
	id, _ := ec.Get(requestKey).(string)
	return id
}

// routeOf is the pattern of the route a request was for; addresses that are none
// share one name, so that logs and metrics hold no addresses.
func routeOf(ec echo.Context) string {
	if r, ok := ec.Get(routeKey).(*route); ok {
		return r.address()
	}
	if strings.HasPrefix(ec.Request().URL.Path, "/static/") {
		return "/static/*"
	}
	return "none"
}

// named gives each request an id, its own or the one it came with, and an end.
func (s *Server) named(next echo.HandlerFunc) echo.HandlerFunc {
	return func(ec echo.Context) error {
		id := ec.Request().Header.Get(echo.HeaderXRequestID)
		if !plain(id, 64) {
			id = uuid.Must(uuid.NewV7()).String()
		}
		ec.Set(requestKey, id)
		ec.Response().Header().Set(echo.HeaderXRequestID, id)
		ctx, cancel := context.WithTimeout(ec.Request().Context(), s.Patience)
		defer cancel()
		ec.SetRequest(ec.Request().WithContext(ctx))
		return next(ec)
	}
}

// plain tells whether a header's value is 1 to most printable ASCII characters without spaces.
func plain(value string, most int) bool {
	return value != "" && len(value) <= most && strings.IndexFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}

// observed counts and logs each request when it is answered: never its query,
// nor who asked, nor what was typed.
func (s *Server) observed(next echo.HandlerFunc) echo.HandlerFunc {
	return func(ec echo.Context) error {
		began := s.realNow()
		if err := next(ec); err != nil {
			ec.Error(err)
		}
		took, status := s.realNow().Sub(began), ec.Response().Status
		s.metrics.observe(method(ec.Request()), routeOf(ec), status, took)
		s.Log.Info("request", "request_id", requestID(ec), "method", method(ec.Request()), "route", routeOf(ec), "status", status,
			"ms", float64(took.Microseconds())/1000, "bytes", ec.Response().Size)
		return nil
	}
}

// method is the method of a request, or OTHER for one that nobody knows.
func method(r *http.Request) string {
	switch r.Method {
	case get, http.MethodHead, post, put, patch, del, http.MethodOptions:
		return r.Method
	}
	return "OTHER"
}

// contentPolicy lets a page load our own files and nothing else.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// headers are those of every answer. They are put together once; who sets one
// anew puts another value in its place.
func (s *Server) headers() echo.MiddlewareFunc {
	all := http.Header{}
	all.Set("Content-Security-Policy", contentPolicy)
	all.Set("X-Content-Type-Options", "nosniff")
	all.Set("X-Frame-Options", "DENY")
	all.Set("Referrer-Policy", "same-origin")
	all.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	all.Set("Cross-Origin-Opener-Policy", "same-origin")
	all.Set("Cross-Origin-Resource-Policy", "same-origin")
	all.Set("Cache-Control", "no-store")
	if s.secure() {
		all.Set("Strict-Transport-Security", "max-age=63072000")
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(ec echo.Context) error {
			maps.Copy(ec.Response().Header(), all)
			return next(ec)
		}
	}
}

// zipped compresses answers of a kilobyte and more. Static files are compressed once, when they are loaded.
func zipped() echo.MiddlewareFunc {
	return middleware.GzipWithConfig(middleware.GzipConfig{
		Level: gzip.BestSpeed, MinLength: 1024,
		Skipper: func(ec echo.Context) bool { return strings.HasPrefix(ec.Request().URL.Path, "/static/") },
	})
}

// recovered makes an error of a panic.
func (s *Server) recovered(next echo.HandlerFunc) echo.HandlerFunc {
	return func(ec echo.Context) (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			}
		}()
		return next(ec)
	}
}

// bounded ends a body that is too large.
func (s *Server) bounded() echo.MiddlewareFunc {
	type address struct{ method, path string }
	large := map[address]bool{}
	for _, r := range s.all {
		if r.large {
			large[address{r.method, r.address()}] = true
		}
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(ec echo.Context) error {
			r, most := ec.Request(), s.BodyLimit
			if large[address{r.Method, ec.Path()}] {
				most = s.ImportLimit
			}
			if r.ContentLength > most {
				return &http.MaxBytesError{Limit: most}
			}
			if r.Body != nil {
				r.Body = http.MaxBytesReader(ec.Response(), r.Body, most)
			}
			return next(ec)
		}
	}
}

// sameOrigin keeps other sites from acting with somebody's cookie. A request
// with a token of its own carries what no other site has.
func (s *Server) sameOrigin() echo.MiddlewareFunc {
	guard := http.NewCrossOriginProtection()
	if u, err := url.Parse(s.BaseURL); err == nil && u.Host != "" {
		_ = guard.AddTrustedOrigin(u.Scheme + "://" + u.Host) // a proxy may have changed Host
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(ec echo.Context) error {
			if _, ok := bearer(ec.Request()); !ok && guard.Check(ec.Request()) != nil {
				return &fault{status: http.StatusForbidden, code: "cross_origin", detail: "This came from another site. Nothing was changed."}
			}
			return next(ec)
		}
	}
}

func bearer(r *http.Request) (string, bool) {
	kind, secret, ok := strings.Cut(r.Header.Get(echo.HeaderAuthorization), " ")
	return strings.TrimSpace(secret), ok && strings.EqualFold(kind, "Bearer")
}

// call finds out, once per request, who asks: by token, or by the session of the cookie.
func (s *Server) call(ec echo.Context) (*Call, error) {
	if c, ok := ec.Get(callKey).(*Call); ok {
		return c, nil
	}
	c := &Call{Context: ec, s: s}
	secret, byToken := bearer(ec.Request())
	if !byToken {
		secret = s.sessionSecret(ec.Request())
	}
	if err := s.identify(c, secret, byToken); err != nil {
		return nil, err
	}
	ec.Set(callKey, c)
	return c, nil
}

func (s *Server) identify(c *Call, secret string, byToken bool) error {
	c.Actor.Today = s.Access.Today()
	if secret == "" && !byToken {
		return nil
	}
	kind := domain.SessionCredential
	if byToken {
		kind = domain.TokenCredential
	}
	if byToken && workflows.IsOrderSecret(secret) {
		return s.asBuyer(c, secret)
	}
	if byToken && workflows.IsQuoteSecret(secret) {
		return s.asQuoteBuyer(c, secret)
	}
	actor, credential, err := s.Access.Identify(c.Ctx(), secret)
	if err != nil {
		return err
	}
	if actor.SignedIn() && credential.Kind == kind {
		c.Actor, c.Credential = actor, credential
		return s.kept(c, secret)
	}
	if byToken {
		return unknownToken(c)
	}
	return nil
}

func unknownToken(c *Call) error {
	c.Response().Header().Set(echo.HeaderWWWAuthenticate, `Bearer error="invalid_token"`)
	return &fault{status: http.StatusUnauthorized, code: "token_unknown", detail: "This token is not known, has expired or was revoked."}
}

// asBuyer lets in whoever has an order's own secret, as the buyer of that order
// and nothing else.
func (s *Server) asBuyer(c *Call, secret string) error {
	id, serial, ok := s.Access.Links.OrderID(secret)
	if !ok {
		return unknownToken(c)
	}
	c.Actor.OrderID, c.Actor.OrderSerial = id, serial
	return nil
}

// asQuoteBuyer lets in whoever has a quote's own secret, as the buyer of that quote
// and nothing else.
func (s *Server) asQuoteBuyer(c *Call, secret string) error {
	id, serial, ok := s.Access.Links.QuoteID(secret)
	if !ok {
		return unknownToken(c)
	}
	c.Actor.QuoteID, c.Actor.QuoteSerial = id, serial
	return nil
}

// kept notes the use of a credential and renews a session that is half over.
func (s *Server) kept(c *Call, secret string) error {
	renewed, err := s.Access.Renew(c.Ctx(), c.Credential)
	if renewed && err == nil {
		s.setSession(c, secret)
	}
	if err != nil || !s.Access.Stale(c.Credential) {
		return err
	}
	ctx, by := context.WithoutCancel(c.Ctx()), c.Credential
	s.later.Go(func() {
		if err := s.Access.Note(ctx, by); err != nil {
			s.Log.Warn("last use not noted", "error", err)
		}
	})
	return nil
}

// admitted tells whether the person may use the route now.
func (c *Call) admitted() error {
	switch {
	case !c.route.public && !c.Actor.SignedIn():
		if c.route.json() {
			c.Response().Header().Set(echo.HeaderWWWAuthenticate, "Bearer")
		}
		return &fault{status: http.StatusUnauthorized, code: signInRequired, detail: "Sign in first, or send a token."}
	case c.Actor.SignedIn() && !c.Credential.May(c.route.scope()):
		return &fault{status: http.StatusForbidden, code: "scope_missing", detail: "This token may only read."}
	case c.route.safe() || c.route.free:
		return nil
	}
	return c.s.writes.take(c.s.realNow(), c.principal())
}

// principal names who asks, for limits and idempotency keys: the person, or the
// address of the network.
func (c *Call) principal() string {
	switch {
	case c.Actor.SignedIn():
		return c.Actor.ID
	case c.Actor.OrderID != "":
		return "order " + c.Actor.OrderID
	case c.Actor.QuoteID != "":
		return "quote " + c.Actor.QuoteID
	}
	return "from " + c.RealIP()
}

func ipNet(p netip.Prefix) *net.IPNet {
	return &net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}
}

// signInFirst is where a page sends somebody who is not signed in.
func signInFirst(r *http.Request) string {
	next := workflows.LocalPath(r.URL.RequestURI())
	if next == "" || next == "/" {
		return "/sign-in"
	}
	return "/sign-in?next=" + url.QueryEscape(next)
}
