package bench

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"lectern/api"
	"lectern/internal/store"
)

// bareServer is what a program could be at least: Echo, database/sql and the
// driver, with the statements that Lectern asks for the same address, taken from
// it beforehand. It looks up who asks, scans by hand and answers the same, byte
// for byte; it knows no rules: what they say is given to it ready.
type bareServer struct {
	*pool        // for reading
	writer *pool // the same on Postgres
	plans  map[string]plan
}

// A plan is what Lectern does for one request.
type plan struct {
	asks    []store.Statement // the sign-in's first, but for what is open to all
	filters string            // the mark of the filters in cursors
	limit   int
	actions []api.ActionOut
	sight   string
	board   *api.RankingOut // places and balance
	page    weave           // the page but for the rows' own texts
	to      string          // where it sends on to
	onSale  bool
}

// newBare opens the database as the store does.
func newBare(b testing.TB, h *house) *bareServer {
	b.Helper()
	s := &bareServer{plans: map[string]plan{}}
	var err error
	if s.pool, err = openBare(h.address, false); err != nil {
		b.Fatal(err)
	}
	s.writer = s.pool
	if !store.IsPostgres(h.address) {
		if s.writer, err = openBare(h.address, true); err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = s.writer.db.Close() })
	}
	b.Cleanup(func() { _ = s.db.Close() })
	return s
}

func (s *bareServer) handler() http.Handler {
	e := echo.New()
	e.HideBanner = true
	e.GET("/api/v1/proposals", s.signedIn(s.list))
	e.GET("/api/v1/proposals/:id", s.signedIn(s.item))
	e.GET("/api/v1/proposals/:id/reviews", s.signedIn(s.reviews))
	e.PUT("/api/v1/proposals/:id/review", s.signedIn(s.save))
	e.GET("/api/v1/calls/:id/ranking", s.signedIn(s.ranking))
	e.GET("/calls/:slug/ranking", s.signedIn(s.woven))
	e.GET("/calls/:slug/review", s.signedIn(s.woven))
	e.GET("/calls/:slug/review/:ref", s.signedIn(s.woven))
	e.POST("/calls/:slug/review/:ref", s.signedIn(s.save))
	e.GET(rowsOf+"/calls/:slug/review", s.signedIn(s.deskRows))
	e.GET("/api/v1/offerings", s.open(s.catalogue))
	e.GET("/api/v1/offerings/:id", s.open(s.offering))
	return e
}

// A handler makes the answer to a request: a page, a redirection, or what is to
// be JSON.
type handler func(echo.Context, plan) (any, error)

type (
	htmlPage    []byte
	redirection string
)

// open answers everybody.
func (s *bareServer) open(next handler) echo.HandlerFunc {
	return func(c echo.Context) error {
		p, ok := s.plans[planKey(c.Request())]
		if !ok {
			return echo.ErrNotFound
		}
		return reply(c, p, next)
	}
}

func planKey(r *http.Request) string {
	return r.Method + " " + strings.TrimPrefix(r.URL.RequestURI(), rowsOf)
}

func reply(c echo.Context, p plan, next handler) error {
	out, err := next(c, p)
	if err != nil {
		return err
	}
	switch out := out.(type) {
	case htmlPage:
		return c.HTMLBlob(http.StatusOK, out)
	case redirection:
		return c.Redirect(http.StatusSeeOther, string(out))
	}
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return err
	}
	return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, body.Bytes())
}

// signedIn looks up who asks, by token or by the cookie of a session.
func (s *bareServer) signedIn(next handler) echo.HandlerFunc {
	return func(c echo.Context) error {
		p, ok := s.plans[planKey(c.Request())]
		secret, bearer := strings.CutPrefix(c.Request().Header.Get("Authorization"), "Bearer ")
		if cookie, err := c.Cookie("lectern"); !bearer && err == nil {
			secret, bearer = cookie.Value, true
		}
		if !ok || !bearer {
			return echo.ErrNotFound
		}
		sum := sha256.Sum256([]byte(secret))
		person, err := s.person(c.Request().Context(), p.asks[0].SQL, hex.EncodeToString(sum[:]))
		if err != nil {
			return err
		}
		if person == "" {
			return echo.ErrUnauthorized
		}
		p.asks = p.asks[1:]
		return reply(c, p, next)
	}
}

func (s *bareServer) person(ctx context.Context, ask, hash string) (string, error) {
	rows, err := s.query(ctx, ask, hash, time.Now().UTC())
	if err != nil {
		return "", err
	}
	defer func() { _ = rows.Close() }()
	var r struct {
		text             [20]string
		version          int
		scopes           []byte
		created, expires time.Time
		used             *time.Time
	}
	t := &r.text
	for rows.Next() {
		err := rows.Scan(&t[0], &t[1], &t[2], &r.scopes, &r.created, &r.expires, &r.used, &t[3], &t[4], &t[5], &t[6], &t[7], &t[8], &t[9], &t[10],
			&t[11], &r.version, &t[12], &t[13], &t[14], &t[15], &t[16], &t[17], &t[18], &t[19])
		if err != nil {
			return "", err
		}
	}
	return t[3], rows.Err()
}

// page and cursor are a list and its place, as Lectern writes them.
type page struct {
	Data []api.ProposalLine `json:"data"`
	Next *string            `json:"next_cursor"`
}

type cursor struct {
	Key struct {
		At time.Time `json:"at"`
		ID string    `json:"id"`
	} `json:"k"`
	Filters string `json:"f"`
}

func (s *bareServer) list(c echo.Context, p plan) (any, error) {
	out := page{Data: make([]api.ProposalLine, 0, p.limit+1)}
	var l api.ProposalLine
	err := s.each(c.Request().Context(), p.asks[0], map[string]any{
		"id": &l.ID, "version": &l.Version, "number": &l.Number, "title": &l.Title, "state": &l.State, "year": &l.Year,
		"venue_id": &l.Venue, "format_id": &l.Format, "call_id": &l.Call.ID, "call_slug": &l.Call.Slug, "call_name": &l.Call.Name, "group_id": &l.Group.ID,
		"group_slug": &l.Group.Slug, "group_name": &l.Group.Name, "lead": &l.Lead, "reference": &l.Reference, "submitted_at": &l.SubmittedAt, "updated_at": &l.UpdatedAt,
	}, func() error {
		out.Data = append(out.Data, l)
		l.SubmittedAt = nil
		return nil
	})
	if err == nil && len(out.Data) > p.limit {
		out.Data = out.Data[:p.limit]
		out.Next, err = nextOf(out.Data[p.limit-1], p.filters)
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

func nextOf(l api.ProposalLine, filters string) (*string, error) {
	var c cursor
	c.Key.At, c.Key.ID, c.Filters = l.UpdatedAt, l.ID, filters
	raw, err := json.Marshal(c)
	next := base64.RawURLEncoding.EncodeToString(raw)
	return &next, err
}
