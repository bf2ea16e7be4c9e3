package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"lectern/api/web"
	"lectern/domain"
	"lectern/workflows"
)

// A fault is what is wrong with a request before any workflow sees it.
type fault struct {
	status  int
	code    string
	detail  string
	pointer string
	retry   time.Duration // when to try again; 0: not said
}

// Error is the detail.
func (f *fault) Error() string { return f.detail }

// A problem is any error as it is answered.
type problem struct {
	status  int
	code    string
	detail  string
	reasons []domain.Reason
	retry   time.Duration
}

// statuses is the one place where a refusal becomes a status.
var statuses = map[domain.Kind]int{
	domain.NotFound:  http.StatusNotFound,
	domain.Forbidden: http.StatusForbidden,
	domain.Stale:     http.StatusPreconditionFailed,
	domain.Gone:      http.StatusGone,
	domain.Conflict:  http.StatusConflict,
	domain.Invalid:   http.StatusUnprocessableEntity,
}

// statusGone is for a client that went away; nobody reads it.
const statusGone = 499

// signInRequired is the code for somebody who is not signed in; a page sends them
// to sign in and back.
const signInRequired = "sign_in_required"

// retrySoon is the Retry-After of what passes by itself.
const retrySoon = time.Second

// describe makes a problem of any error. What is not known is 500, and says nothing.
func describe(err error) problem {
	var refused *domain.Error
	var wrong *fault
	var routing *echo.HTTPError
	var tooLarge *http.MaxBytesError
	var reused *workflows.KeyReused
	switch {
	case errors.As(err, &refused):
		return problem{status: statuses[refused.Kind()], code: refused.Code(), detail: refused.Error(), reasons: refused.Reasons}
	case errors.As(err, &wrong):
		return wrong.problem()
	case errors.As(err, &tooLarge):
		return problem{status: http.StatusRequestEntityTooLarge, code: "too_large", detail: "The request is larger than " + bytesWords(tooLarge.Limit) + "."}
	case errors.As(err, &reused):
		return problem{status: http.StatusUnprocessableEntity, code: "idempotency_key_reused", detail: reused.Error()}
	case errors.Is(err, context.Canceled):
		return problem{status: statusGone, code: "client_gone", detail: "The client went away."}
	case errors.Is(err, workflows.ErrBusy), errors.Is(err, context.DeadlineExceeded):
		return problem{status: http.StatusServiceUnavailable, code: "busy", detail: "It could not be done in time. Nothing was changed. Try again.", retry: retrySoon}
	case errors.As(err, &routing):
		return routingProblem(routing)
	}
	return problem{status: http.StatusInternalServerError, code: "internal", detail: "Something went wrong on our side. We have noted what happened."}
}

func (f *fault) problem() problem {
	p := problem{status: f.status, code: f.code, detail: f.detail, retry: f.retry}
	if f.pointer != "" {
		p.reasons = []domain.Reason{domain.Wrong(f.pointer, f.code, "%s", f.detail)}
	}
	return p
}

func routingProblem(e *echo.HTTPError) problem {
	switch e.Code {
	case http.StatusNotFound:
		return problem{status: e.Code, code: "not_found", detail: "There is nothing at this address."}
	case http.StatusMethodNotAllowed:
		return problem{status: e.Code, code: "method_not_allowed", detail: "This address does not take this method; Allow lists those it takes."}
	}
	return problem{status: http.StatusInternalServerError, code: "internal", detail: "Something went wrong on our side. We have noted what happened."}
}

func bytesWords(n int64) string {
	if n >= 1<<20 {
		return strconv.FormatInt(n>>20, 10) + " MB"
	}
	return domain.Plural(int(n), "byte")
}

// problemOut is a problem as JSON (RFC 9457).
type problemOut struct {
	Type      string             `json:"type"`
	Title     string             `json:"title"`
	Status    int                `json:"status"`
	Code      string             `json:"code"`
	Detail    string             `json:"detail"`
	RequestID string             `json:"request_id"`
	Errors    []problemReasonOut `json:"errors"`
}

// problemReasonOut is one reason, with the sentence of the handbook behind it.
type problemReasonOut struct {
	Pointer string `json:"pointer"`
	Code    string `json:"code"`
	Detail  string `json:"detail"`
	Rule    string `json:"rule,omitempty"`
	Quote   string `json:"quote,omitempty"`
}

func reasonsJSON(why []domain.Reason) []problemReasonOut {
	out := make([]problemReasonOut, len(why))
	for i, r := range why {
		out[i] = problemReasonOut{Pointer: r.Pointer, Code: r.Code, Detail: r.Detail, Rule: r.Rule, Quote: domain.Rules[r.Rule]}
	}
	return out
}

// writeProblem answers an error, as JSON or as a page.
func (s *Server) writeProblem(ec echo.Context, p problem) error {
	if p.retry > 0 {
		ec.Response().Header().Set(echo.HeaderRetryAfter, seconds(p.retry))
	}
	if ec.Request().Method == http.MethodHead || p.status == statusGone {
		return ec.NoContent(p.status)
	}
	if wantsJSON(ec.Request()) {
		return writeProblemJSON(ec, p)
	}
	if p.code == signInRequired && ec.Request().Method == http.MethodGet {
		return ec.Redirect(http.StatusSeeOther, signInFirst(ec.Request()))
	}
	return s.writeProblemPage(ec, p)
}

// wantsJSON tells whether a program asks; scripts of our own pages say so by Accept.
func wantsJSON(r *http.Request) bool {
	return forPrograms(r.URL.Path) || strings.HasPrefix(r.Header.Get(echo.HeaderAccept), echo.MIMEApplicationJSON)
}

func writeProblemJSON(ec echo.Context, p problem) error {
	body, err := json.Marshal(problemOut{
		Type: "about:blank", Title: http.StatusText(p.status), Status: p.status, Code: p.code,
		Detail: p.detail, RequestID: requestID(ec), Errors: reasonsJSON(p.reasons),
	})
	if err != nil {
		return err
	}
	return ec.Blob(p.status, "application/problem+json", body)
}

func (s *Server) writeProblemPage(ec echo.Context, p problem) error {
	c, err := s.call(ec)
	if err != nil { // the database is away, or the token is not known: a page for nobody in particular
		c = &Call{Context: ec, s: s}
	}
	frame := c.frame("")
	frame.RequestID = requestID(ec)
	shown := web.NewProblem(frame, p.status, p.reasons)
	if len(p.reasons) == 0 && p.status < http.StatusInternalServerError && p.code != "not_found" && p.code != signInRequired {
		shown.Reasons = []domain.Reason{{Code: p.code, Detail: p.detail}}
	}
	shown.Retry = wholeSeconds(p.retry)
	if shown.Back = c.back; shown.Back == nil {
		shown.Back = wayBack(p.status, ec.Request().URL.Path)
	}
	return c.show(p.status, web.Problem(shown))
}

// wayBack is the way back from a refusal: to the proposal of which a step was
// refused, or to the list of a call's review desk. Who is told why may see it.
func wayBack(status int, path string) *web.Link {
	if status != http.StatusForbidden && status != http.StatusConflict {
		return nil
	}
	if slug, at, found := strings.Cut(strings.TrimPrefix(path, "/calls/"), "/review/"); found && at != "" && strings.HasPrefix(path, "/calls/") {
		return &web.Link{Label: "Back to the review desk", Href: deskPath(slug, "")}
	}
	ref, step, found := strings.Cut(strings.TrimPrefix(path, "/proposals/"), "/")
	if !found || ref == "" || step == "" || !strings.HasPrefix(path, "/proposals/") {
		return nil
	}
	return &web.Link{Label: "Back to the proposal", Href: "/proposals/" + ref}
}

// refused gives what a page needs to be shown again with its errors: the status
// and every reason. False when err is not a refusal of a kind that a form can
// correct, and is to be returned as it is.
func refused(err error) (int, []domain.Reason, bool) {
	var e *domain.Error
	if !errors.As(err, &e) || e.Kind() == domain.NotFound || e.Kind() == domain.Forbidden {
		return 0, nil, false
	}
	return statuses[e.Kind()], e.Reasons, true
}

func wholeSeconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

func seconds(d time.Duration) string { return strconv.Itoa(wholeSeconds(d)) }
