package cli_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// TestTraces checks that the program, configured with the standard variables, has sent the span of a request before it
// exits.
func TestTraces(t *testing.T) {
	t.Parallel()
	spans := map[string]int{}
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var data tracepb.TracesData
		if err != nil || proto.Unmarshal(body, &data) != nil || r.URL.Path != "/v1/traces" ||
			r.Header.Get("X-Key") != "canary" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		for _, of := range data.GetResourceSpans() {
			for _, scope := range of.GetScopeSpans() {
				for _, span := range scope.GetSpans() {
					spans[span.GetName()]++
				}
			}
		}
	}))
	t.Cleanup(collector.Close)
	s := start(t, t.TempDir(), []string{
		"OTEL_EXPORTER_OTLP_ENDPOINT=" + strings.Replace(collector.URL, "//", "//ann:canary@", 1),
		"OTEL_EXPORTER_OTLP_HEADERS=x-key=canary",
		"OTEL_METRICS_EXPORTER=none",
	})
	early := strings.Join(s.early, "\n")
	if want := "traces go to http://ann:xxxxx@"; !strings.Contains(early, want) {
		t.Errorf("the log before it listens lacks %q:\n%s", want, early)
	}
	for _, word := range []string{"canary", "WARN", "callback"} {
		if strings.Contains(early, word) {
			t.Errorf("the log before it listens shows %q:\n%s", word, early)
		}
	}
	response, err := http.Get(s.url + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	s.stop(t)
	collector.Close() // waits for its handlers
	if spans["GET /readyz"] != 1 || spans["SELECT"] == 0 {
		t.Errorf("got the spans %v, want one of %q and any of %q", spans, "GET /readyz", "SELECT")
	}
}
