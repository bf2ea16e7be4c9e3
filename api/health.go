package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/VictoriaMetrics/metrics"
)

// readyWithin is how long the database may take to say that it is there.
const readyWithin = 2 * time.Second

// alive says that the process runs.
func (s *Server) alive(c *Call) error { return c.String(http.StatusOK, "alive\n") }

// ready says whether requests can be served: 503 with the reason when not.
func (s *Server) ready(c *Call) error {
	ctx, cancel := context.WithTimeout(c.Ctx(), readyWithin)
	defer cancel()
	if err := s.Access.Ready(ctx); err != nil {
		s.Log.Warn("not ready", "request_id", requestID(c), "error", err)
		return &fault{status: http.StatusServiceUnavailable, code: "not_ready", detail: "Lectern cannot serve now: the database is away, or its schema or clock does not fit.", retry: 5 * time.Second}
	}
	return c.String(http.StatusOK, "ready\n")
}

// requestMetrics are counted in a set of our own; labels are route patterns, never addresses.
type requestMetrics struct{ set *metrics.Set }

// buckets are the times, in seconds, that answers are sorted by.
var buckets = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}

func newMetrics() *requestMetrics { return &requestMetrics{metrics.NewSet()} }

func (m *requestMetrics) observe(method, route string, status int, took time.Duration) {
	labels := "{method=" + strconv.Quote(method) + ",route=" + strconv.Quote(route)
	m.set.GetOrCreateCounter("lectern_http_requests_total" + labels + ",status=\"" + strconv.Itoa(status) + "\"}").Inc()
	m.set.GetOrCreatePrometheusHistogramExt("lectern_http_request_seconds"+labels+"}", buckets).Update(took.Seconds())
}

// metricsText is the counters, for Prometheus, with those of the process.
func (s *Server) metricsText(c *Call) error {
	c.Response().Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	s.metrics.set.WritePrometheus(c.Response())
	metrics.WriteProcessMetrics(c.Response())
	return nil
}
