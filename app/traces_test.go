package app_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/database/dbtest"
	"guestlist/app/mail"
	tracing "guestlist/app/traces"
)

// collector takes spans, as OpenTelemetry's does over HTTP.
type collector struct {
	*httptest.Server

	mutex    sync.Mutex
	requests []*http.Request
	bodies   [][]byte // as they were before they were compressed
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

// span is a span as tests look at it.
type span struct {
	*tracepb.Span

	resource, attributes map[string]string
}

// spans decodes what has come in, in the order in which the spans ended.
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

// named returns the one span with the name.
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
		t.Fatalf("%d spans are named %q, of %q", len(found), name, names)
	}
	return found[0]
}

// child returns the one span within another.
func child(t *testing.T, spans []span, of span) span {
	t.Helper()
	var found []span
	for _, s := range spans {
		if bytes.Equal(s.GetParentSpanId(), of.GetSpanId()) {
			found = append(found, s)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d spans are in %s", len(found), of.GetName())
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

// variables are those of a program that sends to the endpoint, without the defaults of the program itself.
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
	a.traces = tracing.New(config, a.Logger)
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
		if r.Method != http.MethodPost || r.URL.Path != "/otlp/v1/traces" || r.Header.Get("Content-Type") != "application/x-protobuf" ||
			r.Header.Get("Authorization") != "Bearer abc" || r.Header.Get("X-Tenant") != "7" || r.Header.Get("Content-Encoding") != "gzip" {
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
	if request.GetKind() != tracepb.Span_SPAN_KIND_SERVER || request.GetStatus().GetCode() != tracepb.Status_STATUS_CODE_UNSET {
		t.Errorf("got %v", request)
	}
	expectAttributes(t, request.attributes, map[string]string{
		"http.request.method": "GET", "http.route": "/api/v1/user", "http.response.status_code": "200", "url.scheme": "http",
		"server.address": "guestlist.example.org", "network.protocol.version": "1.1",
	})
	for name, want := range map[string]string{
		"service.name": "gala", "deployment.environment.name": "a,b", "telemetry.sdk.name": "opentelemetry", "telemetry.sdk.language": "go",
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
		if s.GetName() != "SELECT users" || s.GetKind() != tracepb.Span_SPAN_KIND_CLIENT || !bytes.Equal(s.GetParentSpanId(), request.GetSpanId()) {
			t.Errorf("got %v", s)
		}
		if !strings.HasPrefix(text, `SELECT `) || !strings.Contains(text, "id` = $1") && !strings.Contains(text, `"id" = $1`) {
			t.Errorf("the text is %s", text)
		}
		if s.GetStartTimeUnixNano() < request.GetStartTimeUnixNano() || s.GetEndTimeUnixNano() > request.GetEndTimeUnixNano() {
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
	if last["trace_id"] != hex.EncodeToString(request.GetTraceId()) || last["span_id"] != hex.EncodeToString(request.GetSpanId()) {
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

// TestTracesOfFailures: what failed is marked, by its kind; a client's words are not in the names.
func TestTracesOfFailures(t *testing.T) {
	t.Parallel()
	c := newCollector(t)
	a := traced(t, variables(c.URL))
	ann := a.Register(t, "ann@example.org")
	a.Send(t, apptest.Request{Method: http.MethodPost, Path: "/api/v1/user", Body: `{"email":"ann@example.org","password":"123456"}`})
	a.Send(t, apptest.Request{Method: "CANARY", Path: "/canary"})
	a.Send(t, apptest.Request{Method: http.MethodDelete, Path: "/canary"})
	rename(t, a.App, "users", "hidden_users")
	a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/user", Token: ann.Token})
	rename(t, a.App, "hidden_users", "users")
	a.traces.Close(t.Context())
	spans := c.spans(t)

	failed := named(t, spans, "GET /api/v1/user")
	if failed.GetStatus().GetCode() != tracepb.Status_STATUS_CODE_ERROR || failed.GetStatus().GetMessage() != "" || failed.attributes["error.type"] != "500" {
		t.Errorf("got %v", failed)
	}
	query := child(t, spans, failed)
	code := "1"
	if dbtest.Postgres() {
		code = "42P01"
	}
	if query.GetStatus().GetCode() != tracepb.Status_STATUS_CODE_ERROR || query.attributes["db.response.status_code"] != code || query.attributes["error.type"] != code {
		t.Errorf("got %v", query)
	}
	other := named(t, spans, "HTTP")
	expectAttributes(t, other.attributes, map[string]string{
		"http.request.method": "_OTHER", "http.response.status_code": "404", "url.scheme": "http", "server.address": "guestlist.example.org",
		"network.protocol.version": "1.1",
	})
	if unmatched := named(t, spans, "DELETE"); unmatched.GetStatus().GetCode() != tracepb.Status_STATUS_CODE_UNSET {
		t.Errorf("got %v", unmatched)
	}
	duplicates := 0
	for _, s := range spans {
		if s.attributes["error.type"] == "duplicated_key" && s.GetName() == "INSERT users" {
			duplicates++
		}
	}
	if duplicates != 1 {
		t.Errorf("%d duplicates", duplicates)
	}
}

// TestSampling: what is not sampled is not sent, but has ids in the log, so that it can be found where it is traced.
func TestSampling(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		sampler, argument, flags string
		sent                     bool
	}{
		"the caller samples":                 {"parentbased_always_off", "1", "01", true},
		"the caller does not":                {"parentbased_always_on", "1", "00", false},
		"none":                               {"parentbased_traceidratio", "0", "", false},
		"a share":                            {"parentbased_traceidratio", "1", "", true},
		"a share, the caller does not":       {"traceidratio", "1", "00", true},
		"never, whatever the caller says":    {"always_off", "1", "01", false},
		"always, whatever the caller says":   {"always_on", "1", "00", true},
		"the caller's words make no sense":   {"parentbased_always_off", "1", "canary", false},
		"a share of none, whoever asks":      {"traceidratio", "0", "01", false},
		"a share, and the caller samples":    {"parentbased_traceidratio", "0", "01", true},
		"no caller, and nothing but callers": {"parentbased_always_off", "1", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCollector(t)
			v := variables(c.URL)
			v.OTELTracesSampler, v.OTELTracesSamplerArg = test.sampler, test.argument
			a := traced(t, v)
			request := apptest.Request{Method: http.MethodGet, Path: "/readyz"}
			if test.flags != "" {
				request.Header = map[string]string{"traceparent": "00-" + callerTrace + "-" + callerSpan + "-" + test.flags}
			}
			if answer := a.Send(t, request); answer.Status != http.StatusOK {
				t.Fatal(answer)
			}
			a.traces.Close(t.Context())
			spans := c.spans(t)
			if sent := len(spans) > 1; sent != test.sent || !sent && len(spans) != 0 {
				t.Errorf("%d spans were sent", len(spans))
			}
			line := a.lines(t, "request")[0]
			id, _ := line["trace_id"].(string)
			if known := test.flags == "01" || test.flags == "00"; len(id) != 32 || (id == callerTrace) != known {
				t.Errorf("the line is %v", line)
			}
		})
	}
}

// TestTracesHoldNoSecrets looks for the canaries in all that is sent.
func TestTracesHoldNoSecrets(t *testing.T) {
	t.Parallel()
	c := newCollector(t)
	a := traced(t, variables(c.URL))
	var registered apptest.User
	a.Send(t, apptest.Request{Method: http.MethodPost, Path: user, Body: canaryBody}).Decode(t, http.StatusCreated, &registered)
	a.Verify(t, registered.ID)
	send := func(ctx context.Context) {
		for _, request := range canaries(registered.Token) {
			a.SendHTTP(request.HTTP(t).WithContext(ctx))
		}
		if err := a.Mailer.Deliver(context.WithoutCancel(ctx)); err != nil {
			a.Logger.Error("deliver", "error", err)
		}
	}
	send(t.Context())
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	send(canceled)
	for _, table := range []string{"users", "user_codes", "mail_messages", "audit_events"} {
		rename(t, a.App, table, "hidden_"+table)
		send(t.Context())
		rename(t, a.App, "hidden_"+table, table)
	}
	secrets := []string{"canary", "CANARY", canaryAddress, registered.Token, strings.Split(registered.Token, ".")[2], "$argon2id$",
		string(a.Config.SecretKey), a.Clock.Now().Format("2006-01-02 15:04")}
	for _, m := range a.mails.mails {
		secrets = append(secrets, apptest.Code(t, m), m.Content.Subject)
	}
	if len(a.mails.mails) < 2 {
		t.Fatalf("only %d mails", len(a.mails.mails))
	}
	a.traces.Close(t.Context())
	if spans := c.spans(t); len(spans) < 100 {
		t.Errorf("only %d spans", len(spans))
	}
	for _, body := range c.bodies {
		for _, secret := range secrets {
			if at := bytes.Index(body, []byte(secret)); at >= 0 {
				t.Errorf("%q is in %q", secret, body[max(0, at-200):min(len(body), at+100)])
			}
		}
	}
}

// TestCollectorInTrouble: requests do not notice, and the log says it once.
func TestCollectorInTrouble(t *testing.T) {
	t.Parallel()
	away := httptest.NewServer(http.NotFoundHandler())
	away.Close()
	release := make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(func() {
		close(release)
		hanging.Close()
	})
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }))
	t.Cleanup(refusing.Close)
	for name, test := range map[string]struct{ url, reason string }{
		"away":     {away.URL, "connection refused"},
		"hanging":  {hanging.URL, "deadline exceeded"},
		"refusing": {refusing.URL, "the collector answers 401"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := variables(strings.Replace(test.url, "//", "//ann:canary@", 1))
			v.OTELExporterOTLPTimeout, v.OTELExporterOTLPHeaders = "200", "x-key=canary"
			a := traced(t, v)
			ann := a.Register(t, "ann@example.org")
			for range 800 { // more spans than wait
				answer := a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/user", Token: ann.Token})
				if answer.Status != http.StatusOK {
					t.Fatal(answer)
				}
			}
			a.traces.Close(t.Context())
			warnings := a.Log.Warnings()
			if strings.Count(warnings, "traces: ") != 1 || !strings.Contains(warnings, test.reason) || strings.Contains(warnings, "canary") {
				t.Errorf("the log says\n%s", warnings)
			}
		})
	}
}

// TestNoTraces: without an endpoint, a caller's trace is nobody's.
func TestNoTraces(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	a.Send(t, apptest.Request{
		Method: http.MethodGet, Path: "/readyz", Header: map[string]string{"traceparent": "00-" + callerTrace + "-" + callerSpan + "-01"},
	})
	if log := a.Log.String(); strings.Contains(log, "trace_id") || strings.Contains(log, callerTrace) {
		t.Error(log)
	}
}
