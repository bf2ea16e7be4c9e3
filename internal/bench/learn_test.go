package bench

import (
	"database/sql/driver"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"lectern/api"
	"lectern/internal/store"
)

// A request as it is sent to both servers, by somebody with a token (a program)
// or a session (a browser).
type request struct {
	method, path   string
	token, session string
	body           string
}

func (r request) kind() string {
	if r.token != "" {
		return "application/json"
	}
	return "application/x-www-form-urlencoded"
}

func (r request) key() string { return r.method + " " + r.path }

// wire is the request as it goes over the wire. Nothing is asked to be
// compressed, which the bare server cannot.
func (r request) wire(addr string) []byte {
	var t strings.Builder
	t.WriteString(r.method + " " + r.path + " HTTP/1.1\r\nHost: " + addr + "\r\n")
	switch {
	case r.token != "":
		t.WriteString("Authorization: Bearer " + r.token + "\r\n")
	case r.session != "":
		t.WriteString("Cookie: lectern=" + r.session + "\r\nSec-Fetch-Site: same-origin\r\n")
	}
	if r.method != http.MethodGet {
		t.WriteString("Content-Type: " + r.kind() + "\r\nContent-Length: " + strconv.Itoa(len(r.body)) + "\r\n")
	}
	return []byte(t.String() + "\r\n" + r.body)
}

// to is the request for a server at an address.
func (r request) to(b testing.TB, addr string) *http.Request {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), r.method, "http://"+addr+r.path, strings.NewReader(r.body))
	if err != nil {
		b.Fatal(err)
	}
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	if r.session != "" {
		req.AddCookie(&http.Cookie{Name: "lectern", Value: r.session})
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if r.method != http.MethodGet {
		req.Header.Set("Content-Type", r.kind())
	}
	return req
}

// learn asks Lectern for an address once and keeps its statements; it gives
// Lectern's answer.
func (h *house) learn(b testing.TB, path, token string) []byte {
	b.Helper()
	_, rec := h.study(b, request{method: http.MethodGet, path: path, token: token})
	return rec.Body.Bytes()
}

// study asks Lectern twice, because forms are read once and the first request of
// an hour notes that a credential was used, and keeps what it did the second time.
func (h *house) study(b testing.TB, r request) (plan, *httptest.ResponseRecorder) {
	b.Helper()
	h.handler.ServeHTTP(httptest.NewRecorder(), numbered(r).to(b, h.ours))
	h.server.Wait()
	req, rec := numbered(r).to(b, h.ours), httptest.NewRecorder()
	ctx, kept := store.WithChanges(req.Context())
	h.handler.ServeHTTP(rec, req.WithContext(ctx))
	if rec.Code != http.StatusOK && rec.Code != http.StatusSeeOther {
		b.Fatalf("%s answered %d: %s", r.key(), rec.Code, rec.Body)
	}
	p := plan{asks: settled(b, *kept), limit: 25, to: rec.Header().Get("Location")}
	if strings.HasPrefix(rec.Header().Get("Content-Type"), "application/json") {
		p.given(rec.Body.Bytes())
	}
	h.bareness.plans[r.key()] = p
	return p, rec
}

// given takes from an answer what the rules say.
func (p *plan) given(answer []byte) {
	var page struct {
		Next *string `json:"next_cursor"`
	}
	if json.Unmarshal(answer, &page) == nil && page.Next != nil {
		raw, _ := base64.RawURLEncoding.DecodeString(*page.Next)
		var c struct {
			Filters string `json:"f"`
		}
		_ = json.Unmarshal(raw, &c)
		p.filters = c.Filters
	}
	var item api.ProposalOut
	if json.Unmarshal(answer, &item) == nil {
		p.actions, p.sight = item.Actions, item.Sight
	}
	var board api.RankingOut
	if json.Unmarshal(answer, &board) == nil && board.Format != "" {
		p.board = &board
	}
	p.onSale = strings.Contains(string(answer), `"on_sale":true`)
}

// settled has the values that were still to be made of arguments.
func settled(b testing.TB, asks []store.Statement) []store.Statement {
	b.Helper()
	for _, ask := range asks {
		for i, arg := range ask.Args {
			v, ok := arg.(driver.Valuer)
			if !ok {
				continue
			}
			value, err := v.Value()
			if err != nil {
				b.Fatal(err)
			}
			ask.Args[i] = value
		}
	}
	return asks
}

// askBare gives the bare server's answer, and where it sends on to.
func (h *house) askBare(b testing.TB, r request) ([]byte, string) {
	b.Helper()
	res, err := http.DefaultTransport.RoundTrip(numbered(r).to(b, h.bare))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.Fatal(err)
	}
	if res.StatusCode != http.StatusOK && res.StatusCode != http.StatusSeeOther {
		b.Fatalf("bare: %s answered %d: %s", r.key(), res.StatusCode, body)
	}
	return body, res.Header.Get("Location")
}
