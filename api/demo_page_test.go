package api

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"lectern/domain"
	"lectern/internal/store/storetest"
)

// stage is a demonstration over a world: its clock is the fixture's.
type stage struct{ w *world }

func (d stage) Now() time.Time                  { return d.w.Now() }
func (d stage) Days() (from, to domain.Date)    { return "2026-07-01", "2027-06-30" }
func (d stage) Reset(ctx context.Context) error { return d.Travel(ctx, d.Scenes()[0].At) }
func (d stage) Personas() []Persona {
	return []Persona{{"ben", "Ben Castellano", "Co-chair"}, {"dana", "Dana Whitfield", "Leadership chair"}}
}

func (d stage) Scenes() []Scene {
	day := func(s string) time.Time { t, _ := time.Parse(time.RFC3339, s); return t }
	return []Scene{
		{Key: "short", At: day("2026-09-18T17:00:00Z"), Persona: "ben", Title: "One program short", Story: "One of two."},
		{Key: "carry", At: day("2026-12-12T18:00:00Z"), Persona: "ben", Title: "Carry it forward", Story: "One is declined."},
	}
}

func (d stage) Travel(_ context.Context, to time.Time) error {
	if day := domain.DateOf(to, time.UTC); day < "2026-07-01" || day > "2027-07-01" {
		return domain.Refuse(domain.Wrong("/now", "out_of_range", "Choose a day of the program year."))
	}
	d.w.At(to.Format(time.RFC3339))
	return nil
}

func (d stage) Enter(ctx context.Context, key string) (personID, path string, err error) {
	for _, sc := range d.Scenes() {
		if sc.Key == key {
			id, err := d.SignInAs(ctx, sc.Persona)
			if err == nil {
				err = d.Travel(ctx, sc.At)
			}
			return id, map[string]string{"short": "/groups/" + newLeaders}[key], err
		}
	}
	return "", "", domain.NotThere("scene")
}

func (d stage) SignInAs(_ context.Context, key string) (string, error) {
	for _, p := range d.Personas() {
		if p.Key == key {
			return d.w.Person(p.Name).ID, nil
		}
	}
	return "", domain.NotThere("persona")
}

func onStage(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, storetest.SQLite(t))
	w.server.Demo = stage{w}
	w.handler = w.server.Handler()
	return w
}

// cookieOf is the session a reply set; "" when it set none or ended it.
func (r reply) cookieOf() string {
	for _, c := range r.Cookies() {
		if c.Name == "__Host-lectern" {
			return c.Value
		}
	}
	return ""
}

func TestNoDemo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	w.browse("Kim Adeyemi", "/").lacks("/demo/")
	w.browse("Kim Adeyemi", "/demo").want(http.StatusNotFound)
	for _, path := range []string{"/demo/persona", "/demo/clock", "/demo/scene", "/demo/reset", "/api/v1/demo/clock", "/api/v1/demo/reset"} {
		w.submit("Kim Adeyemi", path, nil).want(http.StatusNotFound)
	}
}

func TestDemo(t *testing.T) {
	t.Parallel()
	w := onStage(t)
	w.browse("", "/").want(http.StatusOK).wantText("A section’s year in two scenes", "Go there as Ben", "Sep 18: one program short", "not signed in")
	w.browse("", "/demo").want(http.StatusOK)

	t.Run("a scene", func(t *testing.T) {
		there := w.submit("", "/demo/scene", url.Values{"scene": {"carry"}}).leadsTo("/")
		page := w.send(request{method: get, path: "/", cookie: there.cookieOf()}).want(http.StatusOK)
		page.wantText("Sat, Dec 12, 2026", "<b>Ben Castellano</b>, Co-chair", `aria-current="true"`, "Closed")
		w.submit("", "/demo/scene", url.Values{"scene": {"short"}}).leadsTo("/groups/" + newLeaders)
		w.submit("", "/demo/scene", url.Values{"scene": {"other"}}).want(http.StatusNotFound)
	})
	t.Run("a persona", func(t *testing.T) {
		dana := w.submit("", "/demo/persona", url.Values{"persona": {"dana"}}).leadsTo("/").cookieOf()
		w.send(request{method: get, path: "/", cookie: dana}).wantText("The year in short", `<option value="dana" selected>`)
		if out := w.submit("Ben Castellano", "/demo/persona", url.Values{"persona": {""}}).leadsTo("/").cookieOf(); out != "" {
			t.Errorf("nobody has the session %q", out)
		}
		w.submit("", "/demo/persona", url.Values{"persona": {"root"}}).want(http.StatusNotFound)
	})
	t.Run("the clock", func(t *testing.T) {
		w.submit("", "/demo/clock", url.Values{"now": {"2027-01-20"}, "back": {"/staff/calls?year=2026-27"}}).leadsTo("/staff/calls?year=2026-27")
		w.submit("", "/demo/clock", url.Values{"now": {"2027-01-20"}, "back": {"//elsewhere.example.org"}}).leadsTo("/")
		if got := w.Today(); got != "2027-01-20" {
			t.Errorf("today is %s", got)
		}
		w.submit("", "/demo/clock", url.Values{"now": {"tomorrow"}}).want(http.StatusUnprocessableEntity)
		w.submit("", "/demo/clock", url.Values{"now": {"2031-01-01"}}).want(http.StatusUnprocessableEntity)
	})
	t.Run("start over", func(t *testing.T) {
		w.submit("Ben Castellano", "/demo/reset", nil).leadsTo("/demo")
		if got := w.Today(); got != "2026-09-18" {
			t.Errorf("today is %s", got)
		}
	})
}

// The routes of the demonstration are in no openapi.json: serve has neither.
func TestDemoForPrograms(t *testing.T) {
	t.Parallel()
	w := onStage(t)
	tests := map[string]struct {
		path, body string
		status     int
		says       string
	}{
		"clock":          {"/api/v1/demo/clock", `{"now": "2027-03-03T12:00:00-06:00"}`, http.StatusOK, `{"now":"2027-03-03T18:00:00Z"}`},
		"no clock":       {"/api/v1/demo/clock", `{}`, http.StatusUnprocessableEntity, "required"},
		"another clock":  {"/api/v1/demo/clock", `{"now": "soon"}`, http.StatusBadRequest, "malformed_json"},
		"out of range":   {"/api/v1/demo/clock", `{"now": "2031-01-01T00:00:00Z"}`, http.StatusUnprocessableEntity, "out_of_range"},
		"start over":     {"/api/v1/demo/reset", ``, http.StatusOK, `{"now":"2026-09-18T17:00:00Z"}`},
		"not a question": {"/api/v1/demo/reset", `{"now": 1}`, http.StatusBadRequest, "now"},
	}
	for _, name := range slices.Sorted(maps.Keys(tests)) {
		tc := tests[name]
		req := httptest.NewRequestWithContext(t.Context(), post, "https://lectern.example.org"+tc.path, strings.NewReader(tc.body))
		req.Header.Set("Content-Type", "application/json")
		rec := httptest.NewRecorder()
		w.handler.ServeHTTP(rec, req)
		if rec.Code != tc.status || !strings.Contains(rec.Body.String(), tc.says) {
			t.Errorf("%s: %d %s, want %d with %q", name, rec.Code, rec.Body, tc.status, tc.says)
		}
	}
}
