package traces

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// sent returns the span of a request with these headers, as a collector receives it.
func sent(t *testing.T, header map[string]string) *tracepb.Span {
	t.Helper()
	var data tracepb.TracesData
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = proto.Unmarshal(body, &data)
		}
		if err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	traces := New(Config{
		Endpoint: server.URL, Timeout: time.Minute, Sampler: sdktrace.AlwaysSample(), Propagator: propagation.TraceContext{},
	}, "test", slog.New(slog.DiscardHandler))
	router := gin.New()
	router.Use(traces.Requests(""))
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	for name, value := range header {
		request.Header.Set(name, value)
	}
	router.ServeHTTP(httptest.NewRecorder(), request)
	traces.Close(t.Context())
	return data.GetResourceSpans()[0].GetScopeSpans()[0].GetSpans()[0]
}

// TestOtherVariables checks that variables that the SDK reads from the environment by itself have no effect.
func TestOtherVariables(t *testing.T) {
	for _, name := range []string{"OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "OTEL_BSP_SCHEDULE_DELAY"} {
		t.Setenv(name, "-1")
	}
	t.Setenv("OTEL_BSP_EXPORT_TIMEOUT", "1")
	t.Setenv("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "0")
	t.Setenv("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "1")
	if span := sent(t, nil); len(span.GetAttributes()) != 4 {
		t.Errorf("got %v, want 4 attributes", span)
	}
}

// TestLongState checks that a client cannot make every span of its request long.
func TestLongState(t *testing.T) {
	t.Parallel()
	const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	for state, want := range map[string]string{
		"a=b": "a=b",
		strings.TrimSuffix(strings.Repeat("a=b,", 3), ","): "", // the same key again
		"a=" + strings.Repeat("x", 250):                    "a=" + strings.Repeat("x", 250),
		"a=" + strings.Repeat("x", 250) + ",b=" + strings.Repeat("x", 250) + ",c=" + strings.Repeat("x", 250): "",
	} {
		span := sent(t, map[string]string{"traceparent": parent, "tracestate": state})
		if got := span.GetTraceState(); got != want {
			t.Errorf("for %q: got the state %q, want %q", state, got, want)
		}
		if len(span.GetParentSpanId()) == 0 {
			t.Errorf("for %q: the span lacks its parent: %v", state, span)
		}
	}
}
