package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
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

// metrics are counted in a registry of our own; labels are route patterns, never addresses.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "lectern_http_requests_total", Help: "Requests answered."}, []string{"method", "route", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "lectern_http_request_seconds", Help: "Time until a request was answered.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"method", "route"}),
	}
	m.registry.MustRegister(m.requests, m.took, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) observe(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	m.took.WithLabelValues(method, route).Observe(took.Seconds())
}

// metricsText is the counters, for Prometheus.
func (s *Server) metricsText(c *Call) error {
	promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{DisableCompression: true}).ServeHTTP(c.Response(), c.Request())
	return nil
}
