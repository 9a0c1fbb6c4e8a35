//go:build unix

package users_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"syscall"
	"testing"
	"time"

	"guestlist/app"
	"guestlist/app/traces"
)

// observed is an application whose cost is measured, with its own metrics or traces or without, and the processor time
// of each turn.
type observed struct {
	name  string
	load  *load
	flush func()
	turns []time.Duration
}

// BenchmarkReadMeasured is BenchmarkRead in turns: without metrics and traces (off, the default), with metrics, and
// with traces of every request and of one in a hundred. It compares processor time, which other programs on the machine
// disturb less than wall-clock time; the client's and the collector's are included. The results are medians over the
// turns:
//
//	µs-NAME  processor time of a request
//	%NAME    how much more that is than for off in the same turn
func BenchmarkReadMeasured(b *testing.B) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	all := []*observed{
		observe(b, "off", func() {}),
		observe(b, "off-again", func() {}), // shows the error of the comparison
		observe(b, "metrics", func() {}, app.WithMetrics(listener)),
	}
	for name, share := range map[string]string{"traces": "1", "traces-1%": "0.01"} {
		tracing := benchmarkTraces(b, share)
		all = append(all, observe(b, name, func() {
			if err := tracing.Flush(b.Context()); err != nil {
				b.Error(err)
			}
		}, app.WithTraces(tracing)))
	}
	b.ResetTimer()
	for done := 0; done < b.N; done += turn {
		for i := range all {
			all[(i+done/turn)%len(all)].take(b)
		}
	}
	for _, o := range all {
		b.ReportMetric(float64(median(o.turns).Nanoseconds())/turn/1000, "µs-"+o.name)
		more := make([]float64, len(o.turns))
		for i, spent := range o.turns {
			more[i] = 100 * (spent.Seconds()/all[0].turns[i].Seconds() - 1)
		}
		b.ReportMetric(median(more), "%"+o.name)
	}
}

func observe(b *testing.B, name string, flush func(), options ...app.Option) *observed {
	b.Helper()
	api, _ := benchmarkAPI(b, options...)
	request := fmt.Sprintf("GET /api/v1/user HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n",
		registerForBenchmark(b, api))
	o := &observed{name: name, load: newLoad(b, api, func() string { return request }, http.StatusOK), flush: flush}
	o.take(b) // opens connections and prepares statements
	o.turns = nil
	return o
}

// take runs one turn.
func (o *observed) take(b *testing.B) {
	b.Helper()
	before := processorTime(b)
	o.load.run(b, turn)
	o.flush()
	o.turns = append(o.turns, processorTime(b)-before)
}

// processorTime returns the processor time of the process.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func median[T time.Duration | float64](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// benchmarkTraces returns Traces that send that share of traces to a collector, which discards them.
func benchmarkTraces(b *testing.B, share string) *traces.Traces {
	b.Helper()
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_,
			_ = io.Copy(io.Discard, r.Body)
	}))
	b.Cleanup(collector.Close)
	config, problems := traces.Parse(traces.Variables{
		OTELTracesExporter: "otlp", OTELExporterOTLPEndpoint: collector.URL, OTELExporterOTLPProtocol: "http/protobuf",
		OTELExporterOTLPTimeout: "10000", OTELServiceName: "guestlist", OTELPropagators: "tracecontext",
		OTELTracesSampler: "parentbased_traceidratio", OTELTracesSamplerArg: share,
	})
	if len(problems) > 0 {
		b.Fatal(problems)
	}
	tracing := traces.New(config, "", slog.New(slog.DiscardHandler))
	b.Cleanup(func() { tracing.Close(context.Background()) })
	return tracing
}
