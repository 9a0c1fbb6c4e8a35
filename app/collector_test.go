package app_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/mail"
	tracing "guestlist/app/traces"
)

// collector receives spans over HTTP, as OpenTelemetry's collector does.
type collector struct {
	*httptest.Server

	mutex    sync.Mutex
	requests []*http.Request
	bodies   [][]byte // not compressed
}

func newCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{}
	c.Server = httptest.NewServer(c)
	t.Cleanup(c.Close)
	return c
}

// ServeHTTP implements http.Handler.
func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	reader := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		unpacked, err := gzip.NewReader(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		reader = unpacked
	}
	body, err := io.ReadAll(reader)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.requests, c.bodies = append(c.requests, r), append(c.bodies, body)
}

// span is a span with its attributes, and those of its resource, as maps.
type span struct {
	*tracepb.Span

	resource, attributes map[string]string
}

// spans returns the spans received, in the order in which they ended.
func (c *collector) spans(t *testing.T) (all []span) {
	t.Helper()
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for _, body := range c.bodies {
		var data tracepb.TracesData
		if err := proto.Unmarshal(body, &data); err != nil {
			t.Fatal(err)
		}
		for _, of := range data.GetResourceSpans() {
			for _, scope := range of.GetScopeSpans() {
				for _, s := range scope.GetSpans() {
					all = append(all, span{s, attributesOf(of.GetResource().GetAttributes()), attributesOf(s.GetAttributes())})
				}
			}
		}
	}
	return all
}

func attributesOf(list []*commonpb.KeyValue) map[string]string {
	attributes := map[string]string{}
	for _, a := range list {
		switch v := a.GetValue().GetValue().(type) {
		case *commonpb.AnyValue_StringValue:
			attributes[a.GetKey()] = v.StringValue
		case *commonpb.AnyValue_IntValue:
			attributes[a.GetKey()] = fmt.Sprint(v.IntValue)
		default:
			attributes[a.GetKey()] = fmt.Sprintf("%T", v)
		}
	}
	return attributes
}

// named returns the only span with the name, or fails the test.
func named(t *testing.T, spans []span, name string) span {
	t.Helper()
	var found []span
	for _, s := range spans {
		if s.GetName() == name {
			found = append(found, s)
		}
	}
	if len(found) != 1 {
		names := []string{}
		for _, s := range spans {
			names = append(names, s.GetName())
		}
		t.Fatalf("got %d spans named %q among %q, want one", len(found), name, names)
	}
	return found[0]
}

// child returns the only child of a span, or fails the test.
func child(t *testing.T, spans []span, of span) span {
	t.Helper()
	var found []span
	for _, s := range spans {
		if bytes.Equal(s.GetParentSpanId(), of.GetSpanId()) {
			found = append(found, s)
		}
	}
	if len(found) != 1 {
		t.Fatalf("got %d children of %s, want one", len(found), of.GetName())
	}
	return found[0]
}

// tracedApp is an application that sends its spans to a collector when they are flushed.
type tracedApp struct {
	*apptest.App

	traces *tracing.Traces
	mails  *outgoing
}

// outgoing is a mail.Transport that keeps the mails.
type outgoing struct {
	mutex sync.Mutex
	mails []mail.Envelope
}

// Send implements mail.Transport.
func (o *outgoing) Send(_ context.Context, e mail.Envelope) error {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.mails = append(o.mails, e)
	return nil
}

// variables returns the variables of a program that sends spans to the endpoint. They spell out the defaults, which the
// program's settings would add.
func variables(endpoint string) tracing.Variables {
	return tracing.Variables{
		OTELTracesExporter: "otlp", OTELExporterOTLPEndpoint: endpoint, OTELExporterOTLPProtocol: "http/protobuf",
		OTELExporterOTLPTimeout: "10000", OTELServiceName: "guestlist",
		OTELTracesSampler: "parentbased_always_on", OTELTracesSamplerArg: "1", OTELPropagators: "tracecontext,baggage",
	}
}

func traced(t *testing.T, v tracing.Variables, changes ...func(*app.Config)) *tracedApp {
	t.Helper()
	config, problems := tracing.Parse(v)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	a := &tracedApp{App: apptest.New(t, changes...), mails: &outgoing{}}
	a.Logger = tracing.Log(a.Logger)
	a.traces = tracing.New(config, "v1.2.3", a.Logger)
	t.Cleanup(func() { a.traces.Close(context.Background()) })
	a.App.App = app.New(a.Config, a.DB, app.WithLogger(a.Logger), app.WithClock(a.Clock.Now),
		app.WithTransport(a.mails), app.WithTraces(a.traces))
	return a
}

// lines returns the lines of the log with the message.
func (a *tracedApp) lines(t *testing.T, message string) (lines []map[string]any) {
	t.Helper()
	for line := range strings.Lines(a.Log.String()) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatal(err)
		}
		if fields["msg"] == message {
			lines = append(lines, fields)
		}
	}
	return lines
}
