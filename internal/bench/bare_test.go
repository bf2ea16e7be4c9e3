package bench

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/labstack/echo/v4"

	"lectern/api"
	"lectern/internal/store"
)

// bareServer is what a program could be at least: Echo, database/sql and the
// driver, with the statements that Lectern asks for the same address, taken from
// it beforehand. It looks up who asks, scans by hand and writes the same JSON,
// byte for byte; it knows no rules: what they say is given to it ready.
type bareServer struct {
	db    *sql.DB
	plans map[string]plan // by address with its query
}

// A plan is what Lectern does for one address.
type plan struct {
	asks    []store.Statement // the sign-in's first
	filters string            // the mark of the filters in cursors
	limit   int
	actions []api.ActionOut
	sight   string
}

// newBare opens the database as the store does, for reading.
func newBare(b testing.TB, h *house) *bareServer {
	b.Helper()
	db, err := openBare(h.address)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	return &bareServer{db: db, plans: map[string]plan{}}
}

func openBare(address string) (*sql.DB, error) {
	n := 4
	if !store.IsPostgres(address) {
		db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: address}).EscapedPath()+"?mode=ro&_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=trusted_schema(0)"+
			"&_pragma=cache_size(-2048)&_time_integer_format=unix_micro&_inttotime=1&_timezone=UTC&_pragma=query_only(1)")
		if err != nil {
			return nil, err
		}
		db.SetMaxOpenConns(n)
		db.SetMaxIdleConns(n)
		return db, nil
	}
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["timezone"] = "UTC"
	db := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(func(_ context.Context, c *pgx.Conn) error {
		c.TypeMap().RegisterType(&pgtype.Type{Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC}})
		return nil
	}))
	n = 12
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}

// learn asks Lectern for an address once and keeps its statements; it gives
// Lectern's answer.
func (h *house) learn(b testing.TB, path, token string) []byte {
	b.Helper()
	warm := httptest.NewRequestWithContext(b.Context(), http.MethodGet, path, http.NoBody)
	warm.Header.Set("Authorization", "Bearer "+token)
	h.handler.ServeHTTP(httptest.NewRecorder(), warm) // forms are read once, so the second request is the usual one
	ctx, kept := store.WithStatements(b.Context())
	req := httptest.NewRequestWithContext(ctx, http.MethodGet, path, http.NoBody)
	req.Header.Set("Authorization", "Bearer "+token)
	rec := httptest.NewRecorder()
	h.handler.ServeHTTP(rec, req)
	if rec.Code != http.StatusOK {
		b.Fatalf("%s answered %d: %s", path, rec.Code, rec.Body)
	}
	p := plan{asks: *kept, limit: 25}
	var item api.ProposalOut
	var page struct {
		Next *string `json:"next_cursor"`
	}
	if json.Unmarshal(rec.Body.Bytes(), &page) == nil && page.Next != nil {
		raw, _ := base64.RawURLEncoding.DecodeString(*page.Next)
		var c cursor
		_ = json.Unmarshal(raw, &c)
		p.filters = c.Filters
	}
	if json.Unmarshal(rec.Body.Bytes(), &item) == nil {
		p.actions, p.sight = item.Actions, item.Sight
	}
	h.bareness.plans[path] = p
	return rec.Body.Bytes()
}

func (s *bareServer) handler() http.Handler {
	e := echo.New()
	e.HideBanner = true
	e.GET("/api/v1/proposals", s.signedIn(s.list))
	e.GET("/api/v1/proposals/:id", s.signedIn(s.item))
	return e
}

// signedIn looks up who asks.
func (s *bareServer) signedIn(next func(echo.Context, plan) (any, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		p, ok := s.plans[c.Request().URL.RequestURI()]
		secret, bearer := strings.CutPrefix(c.Request().Header.Get("Authorization"), "Bearer ")
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
		out, err := next(c, p)
		if err != nil {
			return err
		}
		var body bytes.Buffer
		enc := json.NewEncoder(&body)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(out); err != nil {
			return err
		}
		return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, body.Bytes())
	}
}

func (s *bareServer) person(ctx context.Context, ask, hash string) (string, error) {
	rows, err := s.db.QueryContext(ctx, ask, hash, time.Now().UTC())
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
	rows, err := s.db.QueryContext(c.Request().Context(), p.asks[1].SQL, p.asks[1].Args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := page{Data: make([]api.ProposalLine, 0, p.limit+1)}
	var l api.ProposalLine
	into, err := scanner(rows, map[string]any{
		"id": &l.ID, "version": &l.Version, "number": &l.Number, "title": &l.Title, "state": &l.State, "year": &l.Year,
		"venue_id": &l.Venue, "format_id": &l.Format, "call_id": &l.Call.ID, "call_slug": &l.Call.Slug, "call_name": &l.Call.Name, "group_id": &l.Group.ID,
		"group_slug": &l.Group.Slug, "group_name": &l.Group.Name, "lead": &l.Lead, "reference": &l.Reference, "submitted_at": &l.SubmittedAt, "updated_at": &l.UpdatedAt,
	})
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		l.SubmittedAt = nil
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		out.Data = append(out.Data, l)
	}
	if len(out.Data) > p.limit {
		out.Data = out.Data[:p.limit]
		out.Next, err = nextOf(out.Data[p.limit-1], p.filters)
	}
	if err != nil {
		return nil, err
	}
	return out, rows.Err()
}

func nextOf(l api.ProposalLine, filters string) (*string, error) {
	var c cursor
	c.Key.At, c.Key.ID, c.Filters = l.UpdatedAt, l.ID, filters
	raw, err := json.Marshal(c)
	next := base64.RawURLEncoding.EncodeToString(raw)
	return &next, err
}

// scanner gives a place for each column: the one wanted, or one that drops it.
func scanner(rows *sql.Rows, wanted map[string]any) ([]any, error) {
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	into := make([]any, len(names))
	for i, name := range names {
		if into[i] = wanted[name]; into[i] == nil {
			into[i] = new(sql.RawBytes)
		}
	}
	return into, nil
}
