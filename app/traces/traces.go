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
	flushTime = 5 * time.Second // in which the last spans have to be sent
	textLimit = 4 << 10         // bytes of an attribute: some statements have thousands of placeholders
)

// limits and batches are the SDK's own, which it would otherwise read from the environment, past the settings.
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
		sdktrace.WithExportTimeout(0), // the collector has one
	}
)

// Traces makes spans and sends them to a collector.
type Traces struct {
	provider   *sdktrace.TracerProvider
	tracer     trace.Tracer
	propagator propagation.TextMapPropagator
	collector  *collector
	log        *slog.Logger
}

// New returns Traces for an enabled configuration and a version of the program; Close ends them. Problems with the
// collector are logged.
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
		sdktrace.WithoutPanicRecording(),           // what a panic says may quote a request
		sdktrace.WithBatcher(exporter, batches...), // which drops spans, rather than wait, where the collector is too slow
	)
	return &Traces{
		provider: provider, tracer: provider.Tracer("guestlist/app/traces"), propagator: config.Propagator,
		collector: collector, log: log,
	}
}

// merge returns the attributes of both; where they differ, those of b.
func merge(a, b *resource.Resource) *resource.Resource {
	merged, err := resource.Merge(a, b)
	if err != nil { // their schemas differ, and only one has any
		return a
	}
	return merged
}

// Flush sends the spans that wait, without waiting for more.
func (t *Traces) Flush(ctx context.Context) error { return t.provider.ForceFlush(ctx) }

// Close sends the spans that wait, for flushTime at most, and then sends no more.
func (t *Traces) Close(ctx context.Context) {
	t.collector.hurry()
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTime)
	defer cancel()
	if err := t.provider.Shutdown(limit); err != nil {
		t.log.WarnContext(ctx, "traces: the last spans are lost: the collector does not take them in time", "error", err)
	}
	t.collector.abort()
}

// Log returns log with the ids of the trace and the span in each line that is about one.
func Log(log *slog.Logger) *slog.Logger { return slog.New(identified{log.Handler()}) }

// identified is a handler that adds the ids.
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
