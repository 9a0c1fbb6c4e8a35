package traces

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

const (
	maxAnswer = 64 << 10 // bytes of a response to read, so that the connection can be reused
	warnEvery = time.Minute
)

// collector is an otlptrace.Client: OTLP over HTTP, https://opentelemetry.io/docs/specs/otlp/#otlphttp.
type collector struct {
	Config

	client    *http.Client
	firstWait time.Duration   // before the second attempt; doubled before each further one
	life      context.Context // ends when sending stops
	abort     context.CancelFunc
	patience  context.Context // ends when failed attempts are no longer repeated
	hurry     context.CancelFunc
}

func newCollector(config Config) *collector {
	c := &collector{Config: config, firstWait: time.Second}
	c.life, c.abort = context.WithCancel(context.Background())
	c.patience, c.hurry = context.WithCancel(c.life)
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert,errcheck // documented
	c.client = &http.Client{
		Transport: transport,
		// headers may contain secrets
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c
}

// Start implements otlptrace.Client.
func (c *collector) Start(context.Context) error { return nil }

// Stop implements otlptrace.Client.
func (c *collector) Stop(context.Context) error {
	c.client.CloseIdleConnections()
	return nil
}

// UploadTraces implements otlptrace.Client. It retries within Timeout, as the protocol requires.
func (c *collector) UploadTraces(ctx context.Context, spans []*tracepb.ResourceSpans) error {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	defer context.AfterFunc(c.life, cancel)()
	body, err := c.encode(spans)
	if err != nil {
		return err
	}
	for wait := c.firstWait; ; wait *= 2 {
		after, again, err := c.post(ctx, body)
		if err == nil || !again {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-c.patience.Done():
			return err
		case <-time.After(max(wait, after)):
		}
	}
}

// encode returns an ExportTraceServiceRequest, which has the same encoding as a TracesData.
func (c *collector) encode(spans []*tracepb.ResourceSpans) ([]byte, error) {
	body, err := proto.Marshal(&tracepb.TracesData{ResourceSpans: spans})
	if err != nil || !c.Compress {
		return body, err
	}
	var buffer bytes.Buffer
	writer := gzip.NewWriter(&buffer)
	_, _ = writer.Write(body) // a buffer does not fail
	_ = writer.Close()
	return buffer.Bytes(), nil
}

// post makes one attempt. If it fails, again reports whether another one may succeed, and after is the minimum time to
// wait.
func (c *collector) post(ctx context.Context, body []byte) (after time.Duration, again bool, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.Endpoint, bytes.NewReader(body))
	if err != nil {
		return 0, false, err
	}
	maps.Copy(request.Header, c.Headers)
	request.Header.Set("Content-Type", "application/x-protobuf")
	if c.Compress {
		request.Header.Set("Content-Encoding", "gzip")
	}
	response, err := c.client.Do(request)
	if err != nil {
		return 0, true, err
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, maxAnswer))
	switch response.StatusCode {
	case http.StatusOK, http.StatusAccepted, http.StatusNoContent:
		return 0, false, nil
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		again = true
	}
	seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
	return time.Duration(seconds) * time.Second, again, fmt.Errorf("the collector answers %d", response.StatusCode)
}

// reporter is an exporter that logs errors, at most one per warnEvery.
type reporter struct {
	sdktrace.SpanExporter

	log  *slog.Logger
	now  func() time.Time
	lost int       // spans lost since the last log line
	said time.Time // time of that line; zero: the last export succeeded
}

// ExportSpans implements sdktrace.SpanExporter. There is one call at a time.
func (r *reporter) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	err := r.SpanExporter.ExportSpans(ctx, spans)
	switch {
	case err == nil && !r.said.IsZero():
		r.log.InfoContext(ctx, "traces: the collector takes spans again", "lost", r.lost)
		r.said, r.lost = time.Time{}, 0
	case err == nil:
	default:
		r.lost += len(spans)
		if now := r.now(); now.Sub(r.said) >= warnEvery {
			r.log.WarnContext(ctx, "traces: the collector does not take the spans, which are lost", "error", err, "lost", r.lost)
			r.said, r.lost = now, 0
		}
	}
	return nil // the SDK would only log it again
}
