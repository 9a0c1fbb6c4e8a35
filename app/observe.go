package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"guestlist/app/limits"
	"guestlist/app/mail"
	"guestlist/app/metrics"
	"guestlist/app/traces"
)

// profileTimeout is how long a profile of /debug/pprof may take.
const profileTimeout = 2 * time.Minute

// WithMetrics makes the application collect metrics and, while it serves, serve them to Prometheus on listener, at
// /metrics.
func WithMetrics(listener net.Listener) Option {
	return func(a *App) { a.metricsListener = listener }
}

// WithTraces makes the application trace requests, queries and mails. A logger from traces.Log adds the ids to its
// lines.
func WithTraces(t *traces.Traces) Option { return func(a *App) { a.traces = t } }

// trace sets up tracing of queries, and of mails in the options that it returns, if there are Traces.
func (a *App) trace(mails mail.WorkerOptions) mail.WorkerOptions {
	if a.traces != nil {
		if err := a.DB.Use(a.traces.Queries()); err != nil {
			panic(fmt.Sprintf("app: trace the database: %v", err))
		}
		mails.Observer = a.traces
	}
	return mails
}

// measure sets up metrics if there is a listener for them.
func (a *App) measure(logins *limits.Logins) {
	if a.metricsListener == nil {
		return
	}
	pool, err := a.DB.DB()
	if err != nil {
		panic(fmt.Sprintf("app: a database that is no pool of connections: %v", err))
	}
	sources := metrics.Sources{
		DB: a.DB, Pool: pool, Passwords: a.Passwords, Outbox: a.Outbox, Mailer: a.Mailer,
		Limits: map[string]metrics.Limit{"LIMIT_FAILED_LOGINS": logins},
	}
	for name, limiter := range a.limiters {
		sources.Limits[string(name)] = limiter
	}
	a.metrics = metrics.New(prometheus.NewRegistry(), sources)
}

// serveMetrics serves metrics until the returned function is called, which lets a scrape in progress finish. If it
// fails before that, the API continues.
func (a *App) serveMetrics() (end func(context.Context)) {
	if a.metrics == nil {
		return func(context.Context) {}
	}
	server := a.newServer()
	server.Handler, server.WriteTimeout = a.metrics.Handler(a.Config.MetricsPprof, a.log), profileTimeout
	go func() {
		defer a.flush()
		if err := server.Serve(a.metricsListener); !errors.Is(err, http.ErrServerClosed) {
			a.log.Error("METRICS_ADDR: metrics are no longer served", "error", err)
		}
	}()
	return func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		if server.Shutdown(ctx) != nil {
			_ = server.Close() // a profile in progress is abandoned
		}
	}
}
