package traces

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"guestlist/app/logging"
)

// failing is an exporter that returns err.
type failing struct{ err error }

// ExportSpans implements sdktrace.SpanExporter.
func (f *failing) ExportSpans(context.Context, []sdktrace.ReadOnlySpan) error { return f.err }

// Shutdown implements sdktrace.SpanExporter.
func (f *failing) Shutdown(context.Context) error { return nil }

// TestReporter checks that a failing collector is logged at most once a minute, with the number of spans lost since the
// last line, and that its return is logged.
func TestReporter(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	now := time.Date(2026, 2, 3, 12, 0, 0, 0, time.UTC)
	exporter := &failing{}
	r := &reporter{SpanExporter: exporter, log: logging.New(&log, logging.Options{}), now: func() time.Time { return now }}
	for i, step := range []struct {
		err   error
		after time.Duration
		want  string // part of the new line in the log; empty for none
	}{
		{nil, 0, ""},
		{errors.New("away"), time.Second, `"error":"away","lost":2}`},
		{errors.New("away"), time.Second, ""},
		{errors.New("away"), 57 * time.Second, ""},
		{errors.New("still away"), 2 * time.Second, `"error":"still away","lost":6}`},
		{errors.New("away"), time.Second, ""},
		{nil, time.Second, `takes spans again","lost":2}`},
		{nil, time.Second, ""},
		{errors.New("again"), time.Second, `"error":"again","lost":2}`},
	} {
		exporter.err = step.err
		now = now.Add(step.after)
		log.Reset()
		if err := r.ExportSpans(t.Context(), make([]sdktrace.ReadOnlySpan, 2)); err != nil {
			t.Error(err)
		}
		if got := log.String(); (step.want == "") != (got == "") || !strings.Contains(got, step.want) {
			t.Errorf("step %d: the log says %q, want %q", i, got, step.want)
		}
	}
}

// TestTryAgain checks that spans are sent again to a collector that is busy, and not to one that refuses them.
func TestTryAgain(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]int{
		http.StatusServiceUnavailable: 2, http.StatusTooManyRequests: 2, http.StatusBadGateway: 2,
		http.StatusGatewayTimeout: 2,
		http.StatusBadRequest:     1, http.StatusUnauthorized: 1, http.StatusInternalServerError: 1,
		http.StatusTemporaryRedirect: 1,
	} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			attempts := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if attempts++; attempts == 1 {
					w.Header().Set("Location", "/elsewhere")
					w.WriteHeader(status)
				}
			}))
			t.Cleanup(server.Close)
			c := newCollector(Config{Endpoint: server.URL, Timeout: time.Minute})
			c.firstWait = time.Microsecond
			err := c.UploadTraces(t.Context(), []*tracepb.ResourceSpans{})
			if attempts != want {
				t.Errorf("got %d attempts, want %d", attempts, want)
			}
			if accepted := want == 2; (err == nil) != accepted {
				t.Errorf("got the error %v, want one: %t", err, !accepted)
			}
		})
	}
}

// TestHurry checks that after hurry, at the end of the program, no upload waits for another attempt.
func TestHurry(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter,
		_ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(server.Close)
	c := newCollector(Config{Endpoint: server.URL, Timeout: time.Hour})
	c.firstWait = time.Hour
	c.hurry()
	const want = "the collector answers 503"
	if err := c.UploadTraces(t.Context(), []*tracepb.ResourceSpans{}); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestAbort checks that abort ends an upload to a collector that hangs.
func TestAbort(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	c := newCollector(Config{Endpoint: server.URL, Timeout: time.Hour})
	go func() {
		<-arrived
		c.abort()
	}()
	if err := c.UploadTraces(t.Context(), []*tracepb.ResourceSpans{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
