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

// TestTraces: a request in the trace of its caller, its queries, and its line in the log.
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
		if r.Method != http.MethodPost || r.URL.Path != "/otlp/v1/traces" ||
			r.Header.Get("Content-Type") != "application/x-protobuf" ||
			r.Header.Get("Authorization") != "Bearer abc" || r.Header.Get("X-Tenant") != "7" ||
			r.Header.Get("Content-Encoding") != "gzip" {
			t.Errorf("got %s %s %v", r.Method, r.URL, r.Header)
		}
	}
	spans := c.spans(t)
	request := named(t, spans, "GET /api/v1/user")
	if got := hex.EncodeToString(request.GetTraceId()); got != callerTrace {
		t.Errorf("the trace is %s", got)
	}
	if got := hex.EncodeToString(request.GetParentSpanId()); got != callerSpan {
		t.Errorf("the parent is %s", got)
	}
	if request.GetKind() != tracepb.Span_SPAN_KIND_SERVER || request.GetStatus().
		GetCode() != tracepb.Status_STATUS_CODE_UNSET {
		t.Errorf("got %v", request)
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

// expectQueries wants the queries of a request in it, and in the order of time.
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
		if s.GetName() != "SELECT users" || s.GetKind() != tracepb.Span_SPAN_KIND_CLIENT ||
			!bytes.Equal(s.GetParentSpanId(), request.GetSpanId()) {
			t.Errorf("got %v", s)
		}
		if !strings.HasPrefix(text, `SELECT `) || !strings.Contains(text, "id` = $1") &&
			!strings.Contains(text, `"id" = $1`) {
			t.Errorf("the text is %s", text)
		}
		if s.GetStartTimeUnixNano() < request.GetStartTimeUnixNano() ||
			s.GetEndTimeUnixNano() > request.GetEndTimeUnixNano() {
			t.Errorf("it is not within the request: %v", s)
		}
	}
	if found == 0 {
		t.Error("the request has no queries")
	}
}

// expectLine wants the ids of a request's span in its line.
func expectLine(t *testing.T, a *tracedApp, request span) {
	t.Helper()
	lines := a.lines(t, "request")
	last := lines[len(lines)-1]
	if last["trace_id"] != hex.EncodeToString(request.GetTraceId()) ||
		last["span_id"] != hex.EncodeToString(request.GetSpanId()) {
		t.Errorf("the line is %v", last)
	}
	for _, line := range lines {
		if id, _ := line["trace_id"].(string); len(id) != 32 {
			t.Errorf("a line without a trace: %v", line)
		}
	}
}

// TestTracesOfMails: an attempt at a mail is a trace, with its queries and its lines.
func TestTracesOfMails(t *testing.T) {
	t.Parallel()
	c := newCollector(t)
	a := traced(t, variables(c.URL))
	a.Register(t, "ann@example.org")
	if err := a.Mailer.Deliver(t.Context()); err != nil || len(a.mails.mails) != 1 {
		t.Fatal(err, len(a.mails.mails))
	}
	a.traces.Close(t.Context())
	spans := c.spans(t)
	delivery := named(t, spans, "mail verify_email")
	expectAttributes(t, delivery.attributes, map[string]string{
		"mail.kind": "verify_email", "mail.id": delivery.attributes["mail.id"], "mail.attempt": "1", "mail.outcome": "sent",
	})
	if len(delivery.GetParentSpanId()) != 0 || delivery.GetStatus().GetCode() != tracepb.Status_STATUS_CODE_UNSET {
		t.Errorf("got %v", delivery)
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
	if !slices.Contains(within, "UPDATE mail_messages") || !slices.Contains(alone, "SELECT mail_messages") {
		t.Errorf("within the delivery: %q, alone: %q", within, alone)
	}
	if line := a.lines(t, "mail: sent")[0]; line["trace_id"] != hex.EncodeToString(delivery.GetTraceId()) {
		t.Errorf("the line is %v", line)
	}
}
