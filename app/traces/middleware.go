package traces

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"guestlist/app/utils"
)

// otherMethod is the conventions' name for an unknown method.
const otherMethod = "_OTHER"

// Requests returns middleware that makes a span for each request, in the trace named by its traceparent, if any.
// publicURL is the program's URL: the Host header is not used, since clients can write anything into it.
func (t *Traces) Requests(publicURL string) gin.HandlerFunc {
	server := serverAttributes(publicURL)
	return func(c *gin.Context) {
		method, route := utils.KnownMethod(c.Request.Method), c.FullPath()
		ctx := t.extract(c.Request.Context(), c.Request.Header)
		ctx, span := t.tracer.Start(ctx, spanName(method, route), trace.WithSpanKind(trace.SpanKindServer))
		defer func() {
			if span.IsRecording() {
				span.SetAttributes(server...)
				describe(span, c, method, route)
			}
			span.End()
		}()
		c.Request = c.Request.WithContext(ctx)
		c.Next()
	}
}

// maxState is the maximum length of a tracestate, in bytes: the length that W3C requires programs to support. Each span
// of a request is sent with it, so a client could otherwise cause much traffic with little.
const maxState = 512

// extract returns the context of a request, in the trace named by its headers.
func (t *Traces) extract(ctx context.Context, header http.Header) context.Context {
	ctx = t.propagator.Extract(ctx, propagation.HeaderCarrier(header))
	if len(header.Get("Tracestate")) > maxState {
		caller := trace.SpanContextFromContext(ctx).WithTraceState(trace.TraceState{})
		ctx = trace.ContextWithRemoteSpanContext(ctx, caller)
	}
	return ctx
}

func spanName(method, route string) string {
	if method == utils.OtherMethod {
		method = "HTTP"
	}
	if route == "" {
		return method
	}
	return method + " " + route
}

func serverAttributes(publicURL string) (attributes []attribute.KeyValue) {
	u, err := url.Parse(publicURL)
	if err != nil || u.Hostname() == "" {
		return nil
	}
	attributes = append(attributes, semconv.ServerAddress(u.Hostname()))
	if port, err := strconv.Atoi(u.Port()); err == nil {
		attributes = append(attributes, semconv.ServerPort(port))
	}
	return attributes
}

// describe adds the attributes of a request and its response to the span.
func describe(span trace.Span, c *gin.Context, method, route string) {
	if method == utils.OtherMethod {
		method = otherMethod
	}
	scheme := "http"
	if c.Request.TLS != nil {
		scheme = "https"
	}
	status := c.Writer.Status()
	span.SetAttributes(
		semconv.HTTPRequestMethodKey.String(method),
		semconv.HTTPResponseStatusCode(status),
		semconv.URLScheme(scheme),
		semconv.NetworkProtocolVersion(protocol(c.Request)),
	)
	if route != "" {
		span.SetAttributes(semconv.HTTPRoute(route))
	}
	switch {
	case status >= http.StatusInternalServerError:
		span.SetAttributes(semconv.ErrorTypeKey.String(strconv.Itoa(status)))
		span.SetStatus(codes.Error, "")
	case status < http.StatusBadRequest && len(c.Errors) > 0: // the response had begun
		span.SetAttributes(semconv.ErrorTypeOther)
		span.SetStatus(codes.Error, "")
	}
}

func protocol(r *http.Request) string {
	if r.ProtoMajor == 1 {
		return "1." + strconv.Itoa(r.ProtoMinor)
	}
	return strconv.Itoa(r.ProtoMajor)
}
