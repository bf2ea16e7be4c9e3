package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/workflows"
)

const testKey = "a key of the tests, 32 characters long"

// world is a server over a store with the section and people of sectiontest,
// with a real clock of its own that only the test moves.
type world struct {
	*sectiontest.Fixture
	server  *Server
	handler http.Handler
	log     *syncBuffer
	real    atomic.Pointer[time.Time]
	tokens  sync.Map // of name to secret
	t       *testing.T
}

func newWorld(t *testing.T, s *store.Store, change ...func(*Server)) *world {
	t.Helper()
	w := &world{Fixture: sectiontest.New(t, s), log: &syncBuffer{}, t: t}
	w.realAt("2026-09-18T17:00:00Z")
	zone, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	var secrets atomic.Int64
	w.server = &Server{
		Settings: Settings{BaseURL: "https://lectern.example.org", WritesPerMinute: 10_000, LinksPerMinute: 10_000},
		Log:      slog.New(slog.NewJSONHandler(w.log, nil)), Proposals: workflows.Proposals{Base: w.Base},
		Access: workflows.Access{
			Base: w.Base, RealNow: func() time.Time { return *w.real.Load() }, Zone: zone,
			NewSecret: func() string { return fmt.Sprintf("secret-%020d", secrets.Add(1)) },
			Links:     workflows.Links{BaseURL: "https://lectern.example.org", Keys: []string{testKey}}, LinkLife: 15 * time.Minute, SessionLife: 14 * 24 * time.Hour,
		},
	}
	for _, c := range change {
		c(w.server)
	}
	w.handler = w.server.Handler()
	t.Cleanup(w.server.Wait)
	return w
}

func itoa64(n int64) string { b, _ := json.Marshal(n); return string(b) }

func (w *world) realAt(rfc3339 string) {
	w.t.Helper()
	at, err := time.Parse(time.RFC3339, rfc3339)
	if err != nil {
		w.t.Fatal(err)
	}
	w.real.Store(&at)
}

// later moves the real clock.
func (w *world) later(d time.Duration) { at := w.real.Load().Add(d); w.real.Store(&at) }

// token is an API token that may write, one for each person.
func (w *world) token(name string) string {
	w.t.Helper()
	if s, ok := w.tokens.Load(name); ok {
		return s.(string)
	}
	made, err := w.server.Access.MakeToken(w.t.Context(), w.Actor(name), workflows.TokenWish{Name: "test", Scopes: []domain.Scope{domain.ScopeWrite}})
	if err != nil {
		w.t.Fatal(err)
	}
	w.tokens.Store(name, made.Secret)
	return made.Secret
}

// A request is sent as a program or a browser would.
type request struct {
	method string
	path   string // from the start: /api/v1/me
	as     string // name of a person, by token; empty: nobody
	cookie string // a session's secret, as a browser has it
	body   string // JSON, unless form is set
	form   bool
	header map[string]string
}

// reply is an answer, read.
type reply struct {
	*http.Response
	t    *testing.T
	body []byte
}

// send sends a request. Every JSON answer is checked against openapi.json.
func (w *world) send(r request) reply {
	w.t.Helper()
	return w.sendUnder(w.t.Context(), r)
}

// sendUnder is send under a context.
func (w *world) sendUnder(ctx context.Context, r request) reply {
	w.t.Helper()
	req := httptest.NewRequestWithContext(ctx, r.method, "https://lectern.example.org"+r.path, strings.NewReader(r.body))
	if r.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.form {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if r.as != "" {
		req.Header.Set("Authorization", "Bearer "+w.token(r.as))
	}
	if r.cookie != "" {
		req.AddCookie(&http.Cookie{Name: "__Host-lectern", Value: r.cookie})
	}
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, req)
	res := rec.Result()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	if strings.HasPrefix(r.path, apiRoot+"/") {
		w.described(req, res, body)
	}
	return reply{Response: res, t: w.t, body: body}
}

// described checks an answer against the description of its route.
func (w *world) described(req *http.Request, res *http.Response, body []byte) {
	w.t.Helper()
	var at *route
	for _, r := range w.server.all {
		if r.json() && r.method == req.Method && fits(r.address(), req.URL.Path) && (at == nil || strings.Contains(at.path, ":")) {
			at = r
		}
	}
	if at == nil || slices.Contains(w.server.extra, at) {
		return // no such route: a problem, which the tests of problems look at
	}
	doc, err := description()
	if err != nil {
		w.t.Fatal(err)
	}
	path := doc.Paths.Value(documented(at.path))
	if path == nil || path.GetOperation(at.method) == nil {
		w.t.Fatalf("openapi.json does not have %s %s; run go test ./api -run OpenAPI -update", at.method, at.path)
	}
	in := &openapi3filter.RequestValidationInput{Request: req, Route: &routers.Route{Spec: doc, Path: documented(at.path), PathItem: path, Method: at.method, Operation: path.GetOperation(at.method)}}
	err = openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in,
		Status:                 res.StatusCode, Header: res.Header, Body: io.NopCloser(bytes.NewReader(body)), Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	})
	if err != nil {
		w.t.Errorf("%s %s answers %d against openapi.json: %v\n%s", req.Method, req.URL.Path, res.StatusCode, err, body)
	}
}

// fits tells whether an address matches a route's pattern.
func fits(pattern, path string) bool {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i, part := range want {
		if part != got[i] && !strings.HasPrefix(part, ":") {
			return false
		}
	}
	return true
}

// description is openapi.json, made strict for tests: no answer may have a field
// that is not described.
var description = sync.OnceValues(func() (*openapi3.T, error) {
	doc, err := openapi3.NewLoader().LoadFromData(OpenAPI)
	if err != nil {
		return nil, err
	}
	no := false
	for _, s := range doc.Components.Schemas {
		if len(s.Value.Properties) > 0 {
			s.Value.AdditionalProperties = openapi3.AdditionalProperties{Has: &no}
		}
	}
	return doc, nil
})

// want checks the status.
func (r reply) want(status int) reply {
	r.t.Helper()
	if r.StatusCode != status {
		r.t.Fatalf("%d, want %d: %s", r.StatusCode, status, r.body)
	}
	return r
}

// refused checks the status and code of a problem and gives it.
func (r reply) refused(status int, code string) problemOut {
	r.t.Helper()
	r.want(status)
	if got := r.Header.Get("Content-Type"); got != "application/problem+json" {
		r.t.Errorf("a problem as %s", got)
	}
	var p problemOut
	into(r, &p)
	if p.Code != code || p.Status != status || p.RequestID == "" || p.RequestID != r.Header.Get("X-Request-Id") {
		r.t.Errorf("%+v, want %d %s with the request's id", p, status, code)
	}
	return p
}

// into reads a JSON answer; unknown fields are an error.
func into(r reply, v any) {
	r.t.Helper()
	dec := json.NewDecoder(bytes.NewReader(r.body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		r.t.Fatalf("%v: %s", err, r.body)
	}
}

// session signs a person in and gives the secret of the cookie.
func (w *world) session(name string) string {
	w.t.Helper()
	s, err := w.server.Access.SessionFor(w.t.Context(), w.Person(name).ID, "Firefox on Linux")
	if err != nil {
		w.t.Fatal(err)
	}
	return s.Secret
}

// linkFor is the token of a new one-time sign-in link.
func (w *world) linkFor(name, next string) string {
	w.t.Helper()
	url, err := w.server.Access.SignInLink(w.t.Context(), w.Person(name).Email, next, 15*time.Minute)
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.TrimPrefix(url, "https://lectern.example.org/sign-in/")
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
