package app_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"guestlist/app/apptest"
	"guestlist/app/database/dbtest"
)

const (
	callerTrace = "4bf92f3577b34da6a3ce929d0e0e4736"
	callerSpan  = "00f067aa0ba902b7"
)

// TestTraces checks that a request is part of its caller's trace, and that the trace has its queries and the log its
// ids.
func TestTraces(t *testing.T) {
	t.Parallel()
	c := newCollector(t)
	v := variables(c.URL + "/otlp")
	v.OTELExporterOTLPHeaders, v.OTELExporterOTLPCompression = "authorization=Bearer%20abc,x-tenant=7", "gzip"
	v.OTELServiceName, v.OTELResourceAttributes = "gala", "deployment.environment.name=a%2Cb,service.name=other"
	a := traced(t, v)
	ann := a.Register(t, "ann@example.org")
	a.Send(t, apptest.Request{
		Method: http.MethodGet, Path: "/api/v1/user?x=canary", Token: ann.Token,
		Header: map[string]string{"traceparent": "00-" + callerTrace + "-" + callerSpan + "-01"},
	})
	a.traces.Close(t.Context())

	for _, r := range c.requests {
		got := [...]string{r.Method, r.URL.Path, r.Header.Get("Content-Type"), r.Header.Get("Authorization"),
			r.Header.Get("X-Tenant"), r.Header.Get("Content-Encoding")}
		if want := [...]string{http.MethodPost, "/otlp/v1/traces", "application/x-protobuf", "Bearer abc", "7",
			"gzip"}; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	spans := c.spans(t)
	request := named(t, spans, "GET /api/v1/user")
	if got := hex.EncodeToString(request.GetTraceId()); got != callerTrace {
		t.Errorf("the trace is %s, want %s", got, callerTrace)
	}
	if got := hex.EncodeToString(request.GetParentSpanId()); got != callerSpan {
		t.Errorf("the parent is %s, want %s", got, callerSpan)
	}
	got := [...]any{request.GetKind(), request.GetStatus().GetCode()}
	want := [...]any{tracepb.Span_SPAN_KIND_SERVER, tracepb.Status_STATUS_CODE_UNSET}
	if got != want {
		t.Errorf("got the kind and the status %v, want %v", got, want)
	}
	expectAttributes(t, request.attributes, map[string]string{
		"http.request.method": "GET", "http.route": "/api/v1/user", "http.response.status_code": "200", "url.scheme": "http",
		"server.address": "guestlist.example.org", "network.protocol.version": "1.1",
	})
	for name, want := range map[string]string{
		"service.name": "gala", "deployment.environment.name": "a,b", "telemetry.sdk.name": "opentelemetry",
		"telemetry.sdk.language": "go",
		"service.version":        "v1.2.3",
	} {
		if got := request.resource[name]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	expectQueries(t, spans, request)
	expectLine(t, a, request)
}

func expectAttributes(t *testing.T, got, want map[string]string) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) { // maps are printed in order
		t.Errorf("the attributes are %v, want %v", got, want)
	}
}

// expectQueries checks that the queries of a request are its children, and run within its time.
func expectQueries(t *testing.T, spans []span, request span) {
	t.Helper()
	system := "sqlite"
	if dbtest.Postgres() {
		system = "postgresql"
	}
	found := 0
	for _, s := range spans {
		if !bytes.Equal(s.GetTraceId(), request.GetTraceId()) || s.GetName() == request.GetName() {
			continue
		}
		found++
		text := s.attributes["db.query.text"]
		expectAttributes(t, s.attributes, map[string]string{
			"db.system.name": system, "db.operation.name": "SELECT", "db.collection.name": "users", "db.query.text": text,
		})
		got := [...]any{s.GetName(), s.GetKind(), hex.EncodeToString(s.GetParentSpanId())}
		if want := [...]any{"SELECT users", tracepb.Span_SPAN_KIND_CLIENT,
			hex.EncodeToString(request.GetSpanId())}; got != want {
			t.Errorf("got the name, the kind and the parent %v, want %v", got, want)
		}
		if !strings.HasPrefix(text, `SELECT `) || !strings.Contains(text, "id` = $1") &&
			!strings.Contains(text, `"id" = $1`) {
			t.Errorf("the text is %s, want a SELECT by a quoted id, with $1", text)
		}
		if s.GetStartTimeUnixNano() < request.GetStartTimeUnixNano() ||
			s.GetEndTimeUnixNano() > request.GetEndTimeUnixNano() {
			t.Errorf("the query is not within the time of the request: %v", s)
		}
	}
	if found == 0 {
		t.Error("the request has no queries")
	}
}

// expectLine checks that the last request's line in the log has the ids of the span, and that every line has a trace.
func expectLine(t *testing.T, a *tracedApp, request span) {
	t.Helper()
	lines := a.lines(t, "request")
	last := lines[len(lines)-1]
	trace, id := hex.EncodeToString(request.GetTraceId()), hex.EncodeToString(request.GetSpanId())
	if last["trace_id"] != trace || last["span_id"] != id {
		t.Errorf("the line is %v, want the trace %s and the span %s", last, trace, id)
	}
	for _, line := range lines {
		if id, _ := line["trace_id"].(string); len(id) != 32 {
			t.Errorf("got a line without a trace: %v", line)
		}
	}
}

// TestTracesOfMails checks that each attempt to send a mail is a trace, with its queries and its lines in the log.
func TestTracesOfMails(t *testing.T) {
	t.Parallel()
	c := newCollector(t)
	a := traced(t, variables(c.URL))
	a.Register(t, "ann@example.org")
	if err := a.Mailer.Deliver(t.Context()); err != nil || len(a.mails.mails) != 1 {
		t.Fatalf("got %d mails, %v; want one, no error", len(a.mails.mails), err)
	}
	a.traces.Close(t.Context())
	spans := c.spans(t)
	delivery := named(t, spans, "mail verify_email")
	expectAttributes(t, delivery.attributes, map[string]string{
		"mail.kind": "verify_email", "mail.id": delivery.attributes["mail.id"], "mail.attempt": "1", "mail.outcome": "sent",
	})
	if parent, code := delivery.GetParentSpanId(), delivery.GetStatus().
		GetCode(); len(parent) != 0 || code != tracepb.Status_STATUS_CODE_UNSET {
		t.Errorf("got the parent %x and the status %v, want none and %v", parent, code, tracepb.Status_STATUS_CODE_UNSET)
	}
	var within, alone []string
	for _, s := range spans {
		switch {
		case bytes.Equal(s.GetParentSpanId(), delivery.GetSpanId()):
			within = append(within, s.GetName())
		case len(s.GetParentSpanId()) == 0:
			alone = append(alone, s.GetName())
		}
	}
	if want := "UPDATE mail_messages"; !slices.Contains(within, want) {
		t.Errorf("within the delivery: got %q, want %q among them", within, want)
	}
	if want := "SELECT mail_messages"; !slices.Contains(alone, want) {
		t.Errorf("without a parent: got %q, want %q among them", alone, want)
	}
	want := hex.EncodeToString(delivery.GetTraceId())
	if line := a.lines(t, "mail: sent")[0]; line["trace_id"] != want {
		t.Errorf("the line is %v, want the trace %s", line, want)
	}
}
