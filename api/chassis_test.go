package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"lectern/domain"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// withRoute adds a route to the handler of a world, for what no real route does.
func withRoute(r *route) func(*Server) {
	return func(s *Server) { s.extra = append(s.extra, r) }
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	for _, path := range []string{"/sign-in", "/api/v1/me", "/nowhere", "/healthz"} {
		h := w.send(request{method: get, path: path}).Header
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
				"form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "no-store", "X-Frame-Options": "DENY",
			"Strict-Transport-Security": "max-age=63072000", "Cross-Origin-Opener-Policy": "same-origin",
			"Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
	}
	plain := newWorld(t, storetest.SQLite(t), func(s *Server) { s.BaseURL = "http://127.0.0.1:8080" })
	if got := plain.send(request{method: get, path: "/sign-in"}).Header.Get("Strict-Transport-Security"); got != "" {
		t.Errorf("HSTS over http: %q", got)
	}
	in := plain.send(request{method: post, path: "/sign-in/link", form: true, body: "token=" + plain.linkFor("Ana Reyes", "")}).want(303)
	if c := in.Cookies()[0]; c.Name != "lectern" || c.Secure || !c.HttpOnly {
		t.Errorf("cookie over http: %+v", c)
	}
	static := w.send(request{method: get, path: strings.Split(strings.Split(string(w.send(request{method: get, path: "/sign-in"}).body), `stylesheet" href="`)[1], `"`)[0]}).want(200)
	if got := static.Header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
		t.Errorf("a static file: %q", got)
	}
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	for given, kept := range map[string]bool{"abc-123": true, "": false, "a b": false, strings.Repeat("x", 65): false, "é": false} {
		got := w.send(request{method: get, path: "/healthz", header: map[string]string{"X-Request-Id": given}}).Header.Get("X-Request-Id")
		if (got == given) != kept || got == "" {
			t.Errorf("%q became %q", given, got)
		}
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	answer := errors.New("the password is hunter2")
	failing := endpoint(get, "/failing/:how", "", func(c *Call, in idIn) (nothing, error) {
		switch c.Param("how") {
		case "panic":
			panic(answer)
		case "busy":
			return nothing{}, fmt.Errorf("work: %w", workflows.ErrBusy)
		case "slow":
			return nothing{}, fmt.Errorf("work: %w", context.DeadlineExceeded)
		case "many":
			return nothing{}, domain.Refuse(domain.Wrong("/a", "field_code", "A."), domain.Because("R9", "state_code", "B."),
				domain.Reason{Kind: domain.Stale, Code: "stale_code", Detail: "C."})
		case "gone":
			return nothing{}, domain.Refuse(domain.Reason{Kind: domain.Gone, Code: "gone_code", Detail: "Gone."}, domain.Because("", "state_code", "B."))
		}
		return nothing{}, answer
	}).open()
	w := newWorld(t, storetest.SQLite(t), withRoute(failing))
	send := func(method, path string) reply {
		return w.send(request{method: method, path: path, header: map[string]string{"Accept": "application/json"}})
	}
	for how, want := range map[string]struct {
		status int
		code   string
		retry  string
	}{"panic": {500, "internal", ""}, "error": {500, "internal", ""}, "busy": {503, "busy", "1"}, "slow": {503, "busy", "1"}, "many": {412, "stale_code", ""}, "gone": {410, "gone_code", ""}} {
		t.Run(how, func(t *testing.T) {
			got := w.send(request{method: get, path: "/api/v1/failing/" + how})
			p := got.refused(want.status, want.code)
			if got.Header.Get("Retry-After") != want.retry || strings.Contains(string(got.body), "hunter2") {
				t.Errorf("%v %s", got.Header, got.body)
			}
			if how == "many" && (len(p.Errors) != 3 || p.Errors[1].Quote == "" || p.Errors[0].Pointer != "/a") {
				t.Errorf("%+v, want every reason with its rule", p.Errors)
			}
		})
	}
	if !strings.Contains(w.log.String(), "hunter2") {
		t.Error("what failed is not logged")
	}
	send(get, "/api/v1/nowhere").refused(404, "not_found")
	send(get, "/nowhere").refused(404, "not_found")
	if r := send(put, "/api/v1/me"); r.refused(405, "method_not_allowed").Status != 405 || !strings.Contains(r.Header.Get("Allow"), "GET") {
		t.Errorf("Allow: %q", r.Header.Get("Allow"))
	}
	if page := string(w.send(request{method: get, path: "/nowhere"}).want(404).body); !strings.Contains(page, "<h1>We cannot find that page</h1>") || !strings.Contains(page, `href="/sign-in"`) {
		t.Errorf("page: %s", page)
	}
	if page := string(w.send(request{method: get, path: "/nowhere", cookie: w.session("Ana Reyes")}).want(404).body); !strings.Contains(page, "Ana Reyes") {
		t.Error("the page does not say who is signed in")
	}
	if r := w.send(request{method: http.MethodHead, path: "/nowhere"}).want(404); len(r.body) != 0 {
		t.Errorf("HEAD is answered %s", r.body)
	}
	w.send(request{method: http.MethodHead, path: "/sign-in"}).want(200)
	if r := w.send(request{method: get, path: "/account?a=b"}).want(303); r.Header.Get("Location") != "/sign-in?next=%2Faccount%3Fa%3Db" {
		t.Errorf("sent to %q", r.Header.Get("Location"))
	}
	w.send(request{method: post, path: "/account", form: true, body: "zone="}).want(401)
	w.send(request{method: post, path: "/account", form: true, body: "zone=", header: map[string]string{"Accept": "application/json"}}).refused(401, "sign_in_required")
	w.send(request{method: get, path: "/api/v1/me", header: map[string]string{"Authorization": "Bearer lct_unknown"}}).refused(401, "token_unknown")
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]int{
		domain.NotThere("call"): 404, domain.NotAllowed("a", "b"): 403, domain.StaleVersion("call"): 412, domain.Refuse(domain.Because("", "a", "b")): 409,
		domain.Refuse(domain.Wrong("", "a", "b")): 422, echo.ErrNotFound: 404, echo.ErrMethodNotAllowed: 405, context.Canceled: 499, io.EOF: 500,
		&workflows.KeyReused{}: 422, &http.MaxBytesError{Limit: 3}: 413,
		fmt.Errorf("a: %w", domain.NotThere("call")): 404,
	} {
		if got := describe(err); got.status != want || got.code == "" || got.detail == "" {
			t.Errorf("%v: %+v, want %d", err, got, want)
		}
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t), func(s *Server) { s.BodyLimit = 200 })
	send := func(body, kind string) reply {
		return w.send(request{method: post, path: "/api/v1/tokens", as: "Ana Reyes", body: body, header: map[string]string{"Content-Type": kind}})
	}
	send(`{"name":"`+strings.Repeat("a", 300)+`"}`, "application/json").refused(413, "too_large")
	send(`name=a`, "application/x-www-form-urlencoded").refused(415, "unsupported_media_type")
	send(`{"name":"a"}`, "").refused(415, "unsupported_media_type")
	send(`{"name":"a"}`, "application/jsonp").refused(415, "unsupported_media_type")
	send(`{"name":"a"}`, "Application/JSON; charset=utf-8").want(201)
	send(``, "application/json").refused(422, "required")
	if p := send(`{"name":"a","nmae":1}`, "application/json").refused(400, "malformed_json"); !strings.Contains(p.Detail, `"nmae"`) {
		t.Errorf("%+v", p)
	}
	// without a Content-Length the limit holds all the same
	req := httptest.NewRequestWithContext(t.Context(), post, "/api/v1/tokens", io.MultiReader(strings.NewReader(`{"name":"`), strings.NewReader(strings.Repeat("a", 300))))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+w.token("Ana Reyes"))
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, req)
	if rec.Code != 413 {
		t.Errorf("a body of unknown length: %d, want 413", rec.Code)
	}
	w.send(request{method: post, path: "/sign-in", form: true, body: "email=" + strings.Repeat("a", 300)}).want(413)
	form := httptest.NewRequestWithContext(t.Context(), post, "/sign-in", io.MultiReader(strings.NewReader("email="), strings.NewReader(strings.Repeat("a", 300))))
	form.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	rec = httptest.NewRecorder()
	if w.handler.ServeHTTP(rec, form); rec.Code != 413 {
		t.Errorf("a form of unknown length: %d, want 413", rec.Code)
	}
	for _, body := range []string{"email=%zz", "email=%ff", "email=a%00", "%00=a"} {
		w.send(request{method: post, path: "/sign-in", form: true, body: body}).want(400)
	}
	w.send(request{method: get, path: "/sign-in?next=%ff"}).want(400)
	w.send(request{method: get, path: "/sign-in/a%00b"}).want(404)
}

// TestCrossOrigin: a cookie does not let another site act; a token is not a cookie.
func TestCrossOrigin(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	cookie := w.session("Ana Reyes")
	for name, c := range map[string]struct {
		header map[string]string
		status int
	}{
		"cross_site":      {map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		"same_site":       {map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		"other_origin":    {map[string]string{"Origin": "https://evil.example.org"}, 403},
		"opaque_origin":   {map[string]string{"Origin": "null"}, 403},
		"same_origin":     {map[string]string{"Sec-Fetch-Site": "same-origin"}, 201},
		"own_origin":      {map[string]string{"Origin": "https://lectern.example.org"}, 201},
		"typed_address":   {map[string]string{"Sec-Fetch-Site": "none"}, 201},
		"not_a_browser":   {nil, 201},
		"other_but_token": {map[string]string{"Sec-Fetch-Site": "cross-site", "Authorization": "Bearer " + w.token("Ana Reyes")}, 201},
		"token_for_show":  {map[string]string{"Sec-Fetch-Site": "cross-site", "Authorization": "Bearer x"}, 401},
		"basic_is_none":   {map[string]string{"Sec-Fetch-Site": "cross-site", "Authorization": "Basic x"}, 403},
	} {
		t.Run(name, func(t *testing.T) {
			got := w.send(request{method: post, path: "/api/v1/tokens", cookie: cookie, body: `{"name":"a"}`, header: c.header})
			if got.StatusCode != c.status {
				t.Errorf("%d, want %d: %s", got.StatusCode, c.status, got.body)
			}
			form := w.send(request{method: post, path: "/account", cookie: cookie, form: true, body: "version=9&zone=&theme=", header: c.header})
			if (form.StatusCode == 403) != (c.status == 403) {
				t.Errorf("a form: %d", form.StatusCode)
			}
		})
	}
	w.send(request{method: get, path: "/api/v1/me", cookie: cookie, header: map[string]string{"Sec-Fetch-Site": "cross-site"}}).want(200)
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t), func(s *Server) { s.WritesPerMinute, s.LinksPerMinute = 60, 3 })
	revoke := func(name string) reply {
		return w.send(request{method: del, path: "/api/v1/tokens/none", as: name, header: map[string]string{"If-Match": "*"}})
	}
	for range 60 {
		revoke("Ana Reyes").want(404)
	}
	r := revoke("Ana Reyes")
	r.refused(429, "too_many_requests")
	if r.Header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After %q", r.Header.Get("Retry-After"))
	}
	revoke("Ben Castellano").want(404)                                          // each person has their own
	w.send(request{method: get, path: "/api/v1/me", as: "Ana Reyes"}).want(200) // reading is free
	w.later(time.Second)
	revoke("Ana Reyes").want(404)
	revoke("Ana Reyes").want(429)

	ask := func(email string) reply {
		return w.send(request{method: post, path: "/api/v1/sign-in-links", body: `{"email":"` + email + `"}`})
	}
	for range 3 {
		ask("nobody@example.org").want(202)
	}
	ask("ana.reyes@example.org").refused(429, "too_many_requests") // one place of the network
	for range 2 {                                                  // and one address, from wherever
		w.later(time.Minute)
		ask("nobody@example.org").want(202)
	}
	w.later(20 * time.Second)
	ask("Nobody@example.org").refused(429, "too_many_requests")
	page := w.send(request{method: post, path: "/sign-in", form: true, body: "email=nobody%40example.org"}).want(429)
	if !strings.Contains(string(page.body), "Try again in") {
		t.Errorf("%s", page.body)
	}
}

func TestTrustedProxies(t *testing.T) {
	t.Parallel()
	var n atomic.Int64
	ask := func(w *world, forwarded string) int {
		return w.send(request{method: post, path: "/api/v1/sign-in-links", body: fmt.Sprintf(`{"email":"x%d@example.org"}`, n.Add(1)), header: map[string]string{"X-Forwarded-For": forwarded}}).StatusCode
	}
	one := func(s *Server) { s.LinksPerMinute = 1 }
	w := newWorld(t, storetest.SQLite(t), one)
	if got := []int{ask(w, "203.0.113.1"), ask(w, "203.0.113.2")}; got[0] != 202 || got[1] != 429 {
		t.Errorf("a header nobody vouches for counts: %v", got)
	}
	w = newWorld(t, storetest.SQLite(t), one, func(s *Server) { s.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} })
	if got := []int{ask(w, "203.0.113.1"), ask(w, "203.0.113.2"), ask(w, "203.0.113.1"), ask(w, "203.0.113.9, 203.0.113.2")}; got[0] != 202 || got[1] != 202 || got[2] != 429 || got[3] != 429 {
		t.Errorf("behind a proxy: %v", got)
	}
}

// TestLog: what is logged names nobody and repeats nothing that was typed.
func TestLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	w.send(request{method: get, path: "/sign-in?next=/private-thing"})
	w.send(request{method: post, path: "/api/v1/sign-in-links", body: `{"email":"ana.reyes@example.org"}`})
	w.send(request{method: get, path: "/sign-in/" + w.linkFor("Ana Reyes", "")})
	w.send(request{method: get, path: "/private-thing/x"})
	w.send(request{method: get, path: "/api/v1/me", as: "Ana Reyes"})
	said := w.log.String()
	for _, never := range []string{"private-thing", "ana.reyes", "Ana Reyes", "lct_", w.Person("Ana Reyes").ID} {
		if strings.Contains(said, never) {
			t.Errorf("the log says %s:\n%s", never, said)
		}
	}
	for _, wanted := range []string{`"route":"/sign-in/:token"`, `"route":"none"`, `"route":"/api/v1/me"`, `"status":404`, `"request_id":"`, `"ms":`} {
		if !strings.Contains(said, wanted) {
			t.Errorf("the log does not say %s:\n%s", wanted, said)
		}
	}
	metrics := string(w.send(request{method: get, path: "/metrics"}).want(200).body)
	if !strings.Contains(metrics, `lectern_http_requests_total{method="GET",route="none",status="404"} 1`) || strings.Contains(metrics, "private-thing") {
		t.Errorf("metrics: %s", metrics)
	}
}

func TestGzip(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	r := w.send(request{method: get, path: "/sign-in", header: map[string]string{"Accept-Encoding": "gzip"}}).want(200)
	z, err := gzip.NewReader(bytes.NewReader(r.body))
	if err != nil || r.Header.Get("Content-Encoding") != "gzip" || !strings.Contains(r.Header.Get("Vary"), "Accept-Encoding") {
		t.Fatalf("%v %v", err, r.Header)
	}
	if page, err := io.ReadAll(z); err != nil || !strings.Contains(string(page), "</html>") {
		t.Errorf("%v: %s", err, page)
	}
	if r := w.send(request{method: get, path: "/healthz", header: map[string]string{"Accept-Encoding": "gzip"}}).want(200); r.Header.Get("Content-Encoding") != "" {
		t.Error("a short answer is compressed")
	}
}

func TestReady(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	w.send(request{method: get, path: "/readyz"}).want(200)
	if err := w.Store.Close(); err != nil {
		t.Fatal(err)
	}
	if r := w.send(request{method: get, path: "/readyz"}); r.refused(503, "not_ready").Status != 503 || r.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	w.send(request{method: get, path: "/healthz"}).want(200)
	t.Run("clock", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, storetest.Postgres(t))
		w.send(request{method: get, path: "/readyz"}).want(503) // the test's clock stands on another day
		now := time.Now()
		w.real.Store(&now)
		w.send(request{method: get, path: "/readyz"}).want(200)
	})
}

// TestDryRun: it answers like the real thing and keeps nothing.
func TestDryRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	w.send(request{method: post, path: "/api/v1/tokens?dry_run=true", as: "Ana Reyes", body: `{"name":"dry"}`, header: map[string]string{"Idempotency-Key": "k"}}).want(201)
	w.send(request{method: post, path: "/api/v1/tokens?dry_run=perhaps", as: "Ana Reyes", body: `{"name":"dry"}`}).refused(400, "malformed_parameter")
	var all list[tokenOut]
	into(w.send(request{method: get, path: "/api/v1/tokens", as: "Ana Reyes"}).want(200), &all)
	if len(all.Data) != 1 {
		t.Errorf("%d tokens, want the test's own", len(all.Data))
	}
	w.send(request{method: post, path: "/api/v1/tokens", as: "Ana Reyes", body: `{"name":"wet"}`, header: map[string]string{"Idempotency-Key": "k"}}).want(201)
}

func TestServedDescription(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	if r := w.send(request{method: get, path: "/api/v1/openapi.json"}).want(200); !bytes.Equal(r.body, OpenAPI) || r.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%s", r.Header.Get("Content-Type"))
	}
}
