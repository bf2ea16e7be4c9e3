package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"lectern/workflows"
)

// An answer is what a JSON route says, before it is written.
type answer struct {
	status      int
	contentType string
	location    string
	etag        string
	body        []byte
	room        *bytes.Buffer // that the body is in; nil: it is nobody else's
	replayed    bool          // given before, to the same idempotency key
}

// answerRooms are buffers for bodies, used again and again unless they grew large.
var answerRooms = sync.Pool{New: func() any { return new(bytes.Buffer) }}

const keptRoom = 256 << 10

// done gives back the room of an answer that was sent: its body is gone.
func (a *answer) done() {
	if a.room != nil && a.room.Cap() <= keptRoom {
		a.room.Reset()
		answerRooms.Put(a.room)
	}
	a.room, a.body = nil, nil
}

// nothing is the answer without a body.
type nothing struct{}

// versioned is an answer about one resource: its version becomes the ETag.
type versioned interface{ etag() int }

// located is the answer to a POST that made something: where it is, from /api/v1 on.
type located interface{ location() string }

// endpoint is a JSON route. Fields of In come from the path (tag param), the
// query (tag query) and the body (tag json), each only from its place; the tag
// validate is checked, and all that is wrong is answered at once. The handler's
// Out is the body; see versioned, located and nothing.
func endpoint[In, Out any](method, path, summary string, do func(*Call, In) (Out, error)) *route {
	r := &route{method: method, path: path, summary: summary, in: reflect.TypeFor[In](), out: reflect.TypeFor[Out](), status: http.StatusOK}
	if method == del {
		r.status = http.StatusNoContent
	}
	plan := planFor(r.in)
	r.run = func(c *Call) (answer, error) {
		var in In
		if err := plan.read(c, reflect.ValueOf(&in).Elem()); err != nil {
			return answer{}, err
		}
		out, err := do(c, in)
		if err != nil {
			return answer{}, err
		}
		return answerWith(r.status, out)
	}
	return r
}

func answerWith(status int, out any) (answer, error) {
	a := answer{status: status}
	if v, ok := out.(versioned); ok {
		a.etag = strconv.Quote(strconv.Itoa(v.etag()))
	}
	if l, ok := out.(located); ok && status == http.StatusCreated {
		a.location = apiRoot + l.location()
	}
	if _, ok := out.(nothing); ok || status == http.StatusNoContent {
		return a, nil
	}
	a.room = answerRooms.Get().(*bytes.Buffer)
	enc := json.NewEncoder(a.room)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		a.done()
		return a, fmt.Errorf("write the answer: %w", err)
	}
	a.contentType, a.body = echo.MIMEApplicationJSON, a.room.Bytes()
	return a, nil
}

func (c *Call) send(a answer) error {
	h := c.Response().Header()
	if a.location != "" {
		h.Set(echo.HeaderLocation, a.location)
	}
	if a.etag != "" {
		h.Set("ETag", a.etag)
	}
	if a.replayed {
		h.Set("Idempotent-Replayed", "true")
	}
	if len(a.body) == 0 {
		return c.NoContent(a.status)
	}
	return c.Blob(a.status, a.contentType, a.body)
}

// Blob answers with a body whose length is known, so that it goes out in one piece.
func (c *Call) Blob(status int, kind string, body []byte) error {
	c.Response().Header().Set(echo.HeaderContentLength, strconv.Itoa(len(body)))
	return c.Context.Blob(status, kind, body)
}

// begin does for every route what comes before its handler: who asks, whether
// they may, whether they ask too often, and the body.
func (s *Server) begin(ec echo.Context, r *route) (*Call, error) {
	ec.Set(routeKey, r)
	c, err := s.call(ec)
	if err != nil {
		return nil, err
	}
	c.route = r
	if err := c.admitted(); err != nil {
		return nil, err
	}
	if !r.json() {
		return c, c.readForm()
	}
	if err := c.readConditions(); err != nil {
		return nil, err
	}
	return c, c.readBody()
}

// readForm reads the form that was sent to a page, or says why it cannot be
// read: Echo's FormValue would give empty fields. No browser sends what is
// refused here from a page of ours.
func (c *Call) readForm() error {
	for _, v := range c.ParamValues() {
		if !clean(v) {
			return echo.ErrNotFound
		}
	}
	r := c.Request()
	err := r.ParseForm()
	if kind, _, _ := strings.Cut(r.Header.Get(echo.HeaderContentType), ";"); err == nil && !c.route.safe() && kind == echo.MIMEMultipartForm {
		err = r.ParseMultipartForm(formMemory)
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	for name, values := range r.Form {
		if err != nil || !clean(name+strings.Join(values, "")) {
			err = errors.New("characters that cannot be kept")
			break
		}
	}
	if err != nil {
		return &fault{status: http.StatusBadRequest, code: "malformed_form", detail: "The form could not be read: " + err.Error() + "."}
	}
	return nil
}

// formMemory is how much of a form with files is held in memory, in bytes.
const formMemory = 1 << 20

// readConditions reads If-Match and dry_run.
func (c *Call) readConditions() error {
	var err error
	if c.IfMatch, err = ifMatch(c.Request().Header.Get("If-Match")); err != nil {
		return err
	}
	changes := c.route.method == patch || c.route.method == del
	if changes && c.Request().Header.Get("If-Match") == "" {
		return &fault{status: http.StatusPreconditionRequired, code: "if_match_required", detail: "Send the version you saw, from its ETag, as If-Match."}
	}
	if c.route.safe() {
		return nil
	}
	dry := c.QueryParam("dry_run")
	if dry == "" {
		return nil
	}
	if c.DryRun, err = strconv.ParseBool(dry); err != nil {
		return badParameter("dry_run", "Write dry_run as true or false.")
	}
	if c.DryRun {
		c.SetRequest(c.Request().WithContext(workflows.DryRun(c.Ctx())))
	}
	return nil
}

// ifMatch reads the version from an If-Match header: 0 for none or for *.
func ifMatch(header string) (int, error) {
	tag := strings.TrimPrefix(strings.TrimSpace(header), "W/")
	if tag == "" || tag == "*" {
		return 0, nil
	}
	n, err := strconv.Atoi(strings.Trim(tag, `"`))
	if err != nil || n < 1 {
		return 0, &fault{status: http.StatusBadRequest, code: "malformed_if_match", detail: `Write If-Match as the one ETag you were given, such as "3".`}
	}
	return n, nil
}

// readBody reads the body of a JSON request whole: the idempotency key is bound
// to it, and errors can say where they are.
func (c *Call) readBody() error {
	if c.route.safe() || c.Request().Body == nil {
		return nil
	}
	raw, err := io.ReadAll(c.Request().Body)
	var tooLarge *http.MaxBytesError
	if err != nil && !errors.As(err, &tooLarge) {
		return &fault{status: http.StatusBadRequest, code: "malformed_body", detail: "The request ended before its body did."}
	}
	if err != nil {
		return err
	}
	c.raw = raw
	c.Request().Body = io.NopCloser(bytes.NewReader(raw))
	kind, _, _ := strings.Cut(c.Request().Header.Get(echo.HeaderContentType), ";")
	if len(raw) > 0 && !c.route.large && !strings.EqualFold(strings.TrimSpace(kind), echo.MIMEApplicationJSON) {
		return &fault{status: http.StatusUnsupportedMediaType, code: "unsupported_media_type", detail: "Send JSON, with the content type application/json."}
	}
	return nil
}
