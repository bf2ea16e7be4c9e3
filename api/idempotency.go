package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"lectern/api/web"
	"lectern/workflows"
)

// keyField is the field of a form that holds its one-time key; see web.OnceKey.
const keyField = "idempotency_key"

// errNotDone undoes a form that was answered with a refusal; nobody outside sees it.
var errNotDone = errors.New("the form was refused")

// perform runs a route. A POST with an idempotency key, of a program or of a form,
// runs once: the key, what the route does and its answer are one transaction, and
// the same key and request get the same answer again for a day. A refusal keeps
// nothing (see Call.stands), so asking again asks anew.
func (s *Server) perform(c *Call) error {
	if c.route.before != nil {
		c.route.before(c)
	}
	key, err := c.onceKey()
	switch {
	case err != nil:
		return err
	case key != "":
		return s.once(c, key)
	case c.route.page != nil:
		return c.route.page(c)
	}
	a, err := c.route.run(c)
	if err != nil {
		return err
	}
	defer a.done()
	return c.send(a)
}

// onceKey is the key of a request that is to run once; empty: it may run again.
func (c *Call) onceKey() (string, error) {
	if c.route.method != post || c.DryRun || c.route.repeats {
		return "", nil
	}
	key := c.Request().Header.Get("Idempotency-Key")
	if !c.route.json() {
		key = c.Request().PostForm.Get(keyField)
	}
	switch {
	case key == "" && c.route.keyed:
		return "", &fault{status: http.StatusBadRequest, code: "idempotency_key_required", detail: "Send an Idempotency-Key of your own with this request, a new one for each thing to be done: a repeat gets the first answer again, and nothing is done twice."}
	case key != "" && !plain(key, 200):
		return "", &fault{status: http.StatusBadRequest, code: "malformed_idempotency_key", detail: "Write the idempotency key as 1 to 200 printable characters without spaces."}
	}
	return key, nil
}

// once runs a route under a key, or gives the answer that was given before.
func (s *Server) once(c *Call, key string) error {
	var said answer
	asked := workflows.Answer{Principal: c.principal(), Route: c.route.method + " " + c.route.address(), Key: key, Fingerprint: fingerprint(c)}
	header := c.Response().Header().Clone()
	kept, again, err := s.Access.Once(c.Ctx(), asked, func(ctx context.Context) (workflows.Answer, error) {
		restore(c.Response().Header(), header) // an attempt that came to nothing leaves no cookie
		var err error
		if said, err = c.under(ctx); err != nil {
			return workflows.Answer{}, err
		}
		return said.kept(c), nil
	})
	var reused *workflows.KeyReused
	switch {
	case errors.As(err, &reused) && !c.route.json():
		return s.showSentBefore(c, reused.First)
	case err != nil && !errors.Is(err, errNotDone):
		return err
	case again:
		return c.replay(kept)
	}
	return c.send(said)
}

// restore makes a header what it was.
func restore(h, was http.Header) {
	clear(h)
	for name, values := range was {
		h[name] = slices.Clone(values)
	}
}

// under runs the route with a context that carries a transaction. What a page
// writes is held back until that is kept.
func (c *Call) under(ctx context.Context) (a answer, err error) {
	request, response := c.Request(), c.Response()
	defer func() { // also for the page about a panic
		c.SetRequest(request)
		c.SetResponse(response)
	}()
	c.SetRequest(request.WithContext(ctx))
	if c.route.json() {
		return c.route.run(c)
	}
	held := &heldPage{header: response.Header(), status: http.StatusOK}
	c.SetResponse(echo.NewResponse(held, c.Echo()))
	if err := c.route.page(c); err != nil {
		return a, err
	}
	if held.status >= http.StatusBadRequest && !c.stands {
		err = errNotDone
	}
	return answer{status: held.status, contentType: held.header.Get(echo.HeaderContentType), location: held.header.Get(echo.HeaderLocation), body: held.Bytes()}, err
}

// heldPage takes what a page writes. Its header is the answer's own.
type heldPage struct {
	bytes.Buffer
	header http.Header
	status int
}

// Header is the answer's header.
func (h *heldPage) Header() http.Header { return h.header }

// WriteHeader takes the status.
func (h *heldPage) WriteHeader(status int) { h.status = status }

// Flush sends nothing yet.
func (*heldPage) Flush() {}

// kept is the answer as it is kept: a refusal is not. Where a form leads on, what
// the next page is to say goes with it.
func (a answer) kept(c *Call) workflows.Answer {
	if a.status >= http.StatusBadRequest {
		return workflows.Answer{}
	}
	k := workflows.Answer{Status: a.status, ContentType: a.contentType, Location: a.location, ETag: a.etag, Body: string(a.body)}
	if !c.route.json() && a.location != "" {
		k.Body = c.flashed
	}
	return k
}

// replay gives the answer that was given before.
func (c *Call) replay(kept workflows.Answer) error {
	a := answer{status: kept.Status, contentType: kept.ContentType, location: kept.Location, etag: kept.ETag, body: []byte(kept.Body), replayed: true}
	if !c.route.json() && a.location != "" {
		if kept.Body != "" {
			c.flash(kept.Body)
		}
		a.body = nil
	}
	return c.send(a)
}

// fingerprint is of all that makes a request another one: address, query, version
// seen, body or form.
func fingerprint(c *Call) string {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%s\n%s\n%d\n", c.Request().Method, c.Request().URL.RequestURI(), c.IfMatch) // a hash takes everything
	h.Write(c.raw)
	if !c.route.json() {
		_, _ = h.Write([]byte(c.Request().PostForm.Encode()))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// showSentBefore answers a form that was sent before and has been changed since,
// as a browser's Back allows: what the first one did stands, and what is typed now
// can be sent as another one.
func (s *Server) showSentBefore(c *Call, first string) error {
	p := web.SentBeforePage{Page: c.frame("This form was sent before"), To: c.Request().URL.RequestURI(), First: workflows.LocalPath(first), Fields: fieldsOf(c.Request().PostForm)}
	p.HasErrors = true
	return c.show(http.StatusUnprocessableEntity, web.SentBefore(p))
}

// fieldsOf are the fields of a form in a stable order, without its key.
func fieldsOf(form url.Values) []web.SentField {
	var all []web.SentField
	for name, values := range form {
		for _, v := range values {
			if name != keyField {
				all = append(all, web.SentField{Name: name, Value: v})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b web.SentField) int { return bytes.Compare([]byte(a.Name), []byte(b.Name)) })
	return all
}
