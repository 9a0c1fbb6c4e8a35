package traces

import (
	"context"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/propagation"
	sdk "go.opentelemetry.io/otel/sdk"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

const (
	flushTime = 5 * time.Second // to send the last spans
	textLimit = 4 << 10         // bytes per attribute: some statements have thousands of placeholders
)

// limits and batches are the SDK's defaults, except for textLimit and the export timeout. Without them, the SDK would
// read the environment, bypassing the settings.
var (
	limits = sdktrace.SpanLimits{
		AttributeValueLengthLimit: textLimit, AttributeCountLimit: sdktrace.DefaultAttributeCountLimit,
		EventCountLimit: sdktrace.DefaultEventCountLimit, LinkCountLimit: sdktrace.DefaultLinkCountLimit,
		AttributePerEventCountLimit: sdktrace.DefaultAttributePerEventCountLimit,
		AttributePerLinkCountLimit:  sdktrace.DefaultAttributePerLinkCountLimit,
	}
	batches = []sdktrace.BatchSpanProcessorOption{
		sdktrace.WithMaxQueueSize(sdktrace.DefaultMaxQueueSize),
		sdktrace.WithMaxExportBatchSize(sdktrace.DefaultMaxExportBatchSize),
		sdktrace.WithBatchTimeout(sdktrace.DefaultScheduleDelay * time.Millisecond),
		sdktrace.WithExportTimeout(0), // the collector has its own
	}
)

// Traces creates spans and sends them to a collector.
type Traces struct {
	provider   *sdktrace.TracerProvider
	tracer     trace.Tracer
	propagator propagation.TextMapPropagator
	collector  *collector
	log        *slog.Logger
}

// New returns Traces for an enabled configuration and the program's version, and logs problems with the collector. Call
// Close at the end.
func New(config Config, version string, log *slog.Logger) *Traces {
	about := resource.NewWithAttributes(semconv.SchemaURL,
		semconv.TelemetrySDKName("opentelemetry"), semconv.TelemetrySDKLanguageGo, semconv.TelemetrySDKVersion(sdk.Version()),
		semconv.ServiceVersion(version))
	about = merge(about, resource.NewSchemaless(config.Resource...))
	collector := newCollector(config)
	exporter := &reporter{SpanExporter: otlptrace.NewUnstarted(collector), log: log, now: time.Now}
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithSampler(config.Sampler),
		sdktrace.WithResource(about),
		sdktrace.WithRawSpanLimits(limits),
		sdktrace.WithoutPanicRecording(),           // a panic's message may quote a request
		sdktrace.WithBatcher(exporter, batches...), // drops spans if the collector is too slow
	)
	return &Traces{
		provider: provider, tracer: provider.Tracer("guestlist/app/traces"), propagator: config.Propagator,
		collector: collector, log: log,
	}
}

// merge returns the attributes of both; b takes precedence.
func merge(a, b *resource.Resource) *resource.Resource {
	merged, err := resource.Merge(a, b)
	if err != nil { // only if schema URLs differ; only one has one
		return a
	}
	return merged
}

// Flush sends the waiting spans now.
func (t *Traces) Flush(ctx context.Context) error { return t.provider.ForceFlush(ctx) }

// Close sends the waiting spans, within flushTime, and stops.
func (t *Traces) Close(ctx context.Context) {
	t.collector.hurry()
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTime)
	defer cancel()
	if err := t.provider.Shutdown(limit); err != nil {
		t.log.WarnContext(ctx, "traces: the last spans are lost: the collector does not take them in time", "error", err)
	}
	t.collector.abort()
}

// Log returns a logger that adds the ids of trace and span to lines written during a span.
func Log(log *slog.Logger) *slog.Logger { return slog.New(identified{log.Handler()}) }

// identified is a handler that adds trace and span ids.
type identified struct{ slog.Handler }

// Handle implements slog.Handler.
func (h identified) Handle(ctx context.Context, record slog.Record) error {
	if span := trace.SpanContextFromContext(ctx); span.IsValid() {
		record = record.Clone()
		record.AddAttrs(slog.String("trace_id", span.TraceID().String()), slog.String("span_id", span.SpanID().String()))
	}
	return h.Handler.Handle(ctx, record)
}

// WithAttrs implements slog.Handler.
func (h identified) WithAttrs(attrs []slog.Attr) slog.Handler {
	return identified{h.Handler.WithAttrs(attrs)}
}

// WithGroup implements slog.Handler.
func (h identified) WithGroup(name string) slog.Handler { return identified{h.Handler.WithGroup(name)} }
