package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"

	"lectern/workflows"
)

// once runs a JSON route. A POST with an Idempotency-Key runs once: the same key
// and request get the same answer again for a day. Only what changed something is
// kept; a refusal changed nothing, so asking again asks anew.
func (s *Server) once(c *Call) (answer, error) {
	key := c.Request().Header.Get("Idempotency-Key")
	if c.route.method != post || key == "" || c.DryRun {
		return c.route.run(c)
	}
	if !plain(key, 200) {
		return answer{}, &fault{status: http.StatusBadRequest, code: "malformed_idempotency_key", detail: "Write the idempotency key as 1 to 200 printable characters without spaces."}
	}
	held, err := s.Access.Reserve(c.Ctx(), workflows.Answer{Principal: c.principal(), Route: c.route.method + " " + c.route.address(), Key: key, Fingerprint: fingerprint(c)})
	if err != nil {
		return answer{}, err
	}
	if held.Status != 0 {
		return answer{status: held.Status, contentType: held.ContentType, location: held.Location, etag: held.ETag, body: []byte(held.Body), replayed: true}, nil
	}
	return s.runHeld(c, held)
}

// runHeld runs the first request with a key. The key is settled whatever
// happens, also when the client is gone by then or the handler panics.
func (s *Server) runHeld(c *Call, held workflows.Answer) (answer, error) {
	ctx, kept := context.WithoutCancel(c.Ctx()), false
	defer func() {
		if kept {
			return
		}
		if err := s.Access.Release(ctx, held); err != nil {
			s.Log.Warn("idempotency key not freed", "request_id", requestID(c), "error", err)
		}
	}()
	a, err := c.route.run(c)
	if err != nil {
		return a, err
	}
	held.Status, held.ContentType, held.Location, held.ETag, held.Body = a.status, a.contentType, a.location, a.etag, string(a.body)
	kept = true // it is done: freeing the key would let it be done again
	if err := s.Access.Keep(ctx, held); err != nil {
		return a, fmt.Errorf("keep the answer: %w", err)
	}
	return a, nil
}

// fingerprint is of all that makes a request another one: address, query, version seen, body.
func fingerprint(c *Call) string {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%s\n%s\n%d\n", c.Request().Method, c.Request().URL.RequestURI(), c.IfMatch) // a hash takes everything
	h.Write(c.raw)
	return hex.EncodeToString(h.Sum(nil))
}
