package metrics

import (
	"log/slog"
	"net/http"
	"net/http/pprof" // its init also registers with http.DefaultServeMux, which nothing here serves
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// unmatched is the route of requests that match no route.
const unmatched = "unmatched"

// Metrics holds the program's metrics.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

// New registers all metrics with registry. It panics if the registry already has any of them.
func New(registry *prometheus.Registry, sources Sources) *Metrics {
	requests := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "http_request_duration_seconds",
		Help:    "Time from the arrival of a request's headers to the end of the response.",
		Buckets: prometheus.DefBuckets,
	}, []string{"method", "route", "status"})
	registry.MustRegister(
		requests,
		newCollector(sources),
		collectors.NewDBStatsCollector(sources.Pool, sources.DB.Name()),
		collectors.NewBuildInfoCollector(),
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return &Metrics{registry, requests}
}

// ObserveRequest implements utils.RequestObserver.
func (m *Metrics) ObserveRequest(method, route string, status int, elapsed time.Duration) {
	if route == "" {
		route = unmatched
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(elapsed.Seconds())
}

// Handler serves GET /metrics and, if profiles is true, net/http/pprof at GET /debug/pprof/. Metrics that cannot be
// read are omitted and logged.
func (m *Metrics) Handler(profiles bool, log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorLog:      slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		ErrorHandling: promhttp.ContinueOnError,
		Registry:      m.registry,
	}))
	if profiles {
		mux.HandleFunc("GET /debug/pprof/", pprof.Index)
		mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
		mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
		mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
		mux.HandleFunc("POST /debug/pprof/symbol", pprof.Symbol)
		mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	}
	return mux
}
