package app_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"guestlist/app/apptest"
	"guestlist/app/database/dbtest"
)

// TestTracesOfFailures checks that spans of failures are marked with the kind of failure, and that no name of a span
// contains what a client has sent.
func TestTracesOfFailures(t *testing.T) {
	t.Parallel()
	c := newCollector(t)
	a := traced(t, variables(c.URL))
	ann := a.Register(t, "ann@example.org")
	a.Send(t, apptest.Request{Method: http.MethodPost, Path: "/api/v1/user",
		Body: `{"email":"ann@example.org","password":"123456"}`})
	a.Send(t, apptest.Request{Method: "CANARY", Path: "/canary"})
	a.Send(t, apptest.Request{Method: http.MethodDelete, Path: "/canary"})
	rename(t, a.App, "users", "hidden_users")
	a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/user", Token: ann.Token})
	rename(t, a.App, "hidden_users", "users")
	a.traces.Close(t.Context())
	spans := c.spans(t)

	failed := named(t, spans, "GET /api/v1/user")
	got := [...]any{failed.GetStatus().GetCode(), failed.GetStatus().GetMessage(), failed.attributes["error.type"]}
	if want := [...]any{tracepb.Status_STATUS_CODE_ERROR, "", "500"}; got != want {
		t.Errorf("got the status, its message and the error %q, want %q", got, want)
	}
	query := child(t, spans, failed)
	code := "1"
	if dbtest.Postgres() {
		code = "42P01"
	}
	got = [...]any{query.GetStatus().GetCode(), query.attributes["db.response.status_code"],
		query.attributes["error.type"]}
	if want := [...]any{tracepb.Status_STATUS_CODE_ERROR, code, code}; got != want {
		t.Errorf("got the status, its code and the error %q of the query, want %q", got, want)
	}
	other := named(t, spans, "HTTP")
	expectAttributes(t, other.attributes, map[string]string{
		"http.request.method": "_OTHER", "http.response.status_code": "404", "url.scheme": "http",
		"server.address":           "guestlist.example.org",
		"network.protocol.version": "1.1",
	})
	unmatched := named(t, spans, "DELETE")
	if got, want := unmatched.GetStatus().GetCode(), tracepb.Status_STATUS_CODE_UNSET; got != want {
		t.Errorf("got the status %v of an unmatched path, want %v", got, want)
	}
	duplicates := 0
	for _, s := range spans {
		if s.attributes["error.type"] == "duplicated_key" && s.GetName() == "INSERT users" {
			duplicates++
		}
	}
	if duplicates != 1 {
		t.Errorf("got %d duplicates, want %d", duplicates, 1)
	}
}

// TestSampling checks that the spans of a request that is not sampled are not sent, but that its line in the log has
// ids, by which it can be found where it is traced.
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
		"a share of none":                    {"traceidratio", "0", "01", false},
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
				t.Fatalf("got %d %s, want %d", answer.Status, answer.Body, http.StatusOK)
			}
			a.traces.Close(t.Context())
			spans := c.spans(t)
			if sent := len(spans) > 1; sent != test.sent || !sent && len(spans) != 0 {
				t.Errorf("got %d spans, want two or more: %t, and else none", len(spans), test.sent)
			}
			line := a.lines(t, "request")[0]
			id, _ := line["trace_id"].(string)
			if known := test.flags == "01" || test.flags == "00"; len(id) != 32 || (id == callerTrace) != known {
				t.Errorf("the line is %v, want a trace of 32 digits, the caller's: %t", line, known)
			}
		})
	}
}

// TestTracesHoldNoSecrets checks that nothing that is sent to the collector contains canaries or other secrets.
func TestTracesHoldNoSecrets(t *testing.T) {
	t.Parallel()
	c := newCollector(t)
	a := traced(t, variables(c.URL))
	var registered apptest.User
	a.Send(t, apptest.Request{Method: http.MethodPost, Path: user, Body: canaryBody}).
		Decode(t, http.StatusCreated, &registered)
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
	secrets := []string{"canary", "CANARY", canaryAddress, registered.Token, strings.Split(registered.Token, ".")[2],
		"$argon2id$",
		string(a.Config.SecretKey), a.Clock.Now().Format("2006-01-02 15:04")}
	for _, m := range a.mails.mails {
		secrets = append(secrets, apptest.Code(t, m), m.Content.Subject)
	}
	if len(a.mails.mails) < 2 {
		t.Fatalf("got only %d mails", len(a.mails.mails))
	}
	a.traces.Close(t.Context())
	if spans := c.spans(t); len(spans) < 100 {
		t.Errorf("got only %d spans", len(spans))
	}
	for _, body := range c.bodies {
		for _, secret := range secrets {
			if at := bytes.Index(body, []byte(secret)); at >= 0 {
				t.Errorf("the spans contain %q: %q", secret, body[max(0, at-200):min(len(body), at+100)])
			}
		}
	}
}

// TestCollectorInTrouble checks that a collector that fails does not affect requests, and is logged once.
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
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter,
		_ *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
	}))
	t.Cleanup(refusing.Close)
	for name, test := range map[string]struct{ url, timeout, reason string }{
		"away":     {away.URL, "60000", "connection refused"}, // Close ends the attempts
		"hanging":  {hanging.URL, "200", "deadline exceeded"},
		"refusing": {refusing.URL, "60000", "the collector answers 401"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := variables(strings.Replace(test.url, "//", "//ann:canary@", 1))
			v.OTELExporterOTLPTimeout, v.OTELExporterOTLPHeaders = test.timeout, "x-key=canary"
			a := traced(t, v)
			ann := a.Register(t, "ann@example.org")
			for range 800 { // more spans than may wait
				answer := a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/user", Token: ann.Token})
				if answer.Status != http.StatusOK {
					t.Fatalf("got %d %s, want %d", answer.Status, answer.Body, http.StatusOK)
				}
			}
			a.traces.Close(t.Context())
			warnings := a.Log.Warnings()
			if strings.Count(warnings, "traces: ") != 1 || !strings.Contains(warnings, test.reason) {
				t.Errorf("the log says\n%s\nwant %q once, with %q", warnings, "traces: ", test.reason)
			}
			if strings.Contains(warnings, "canary") {
				t.Errorf("the log shows %q:\n%s", "canary", warnings)
			}
		})
	}
}

// TestNoTraces checks that, without an endpoint, the log shows nothing of a caller's trace.
func TestNoTraces(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	a.Send(t, apptest.Request{
		Method: http.MethodGet, Path: "/readyz", Header: map[string]string{"traceparent": "00-" + callerTrace + "-" +
			callerSpan + "-01"},
	})
	log := a.Log.String()
	for _, word := range []string{"trace_id", callerTrace} {
		if strings.Contains(log, word) {
			t.Errorf("the log shows %q:\n%s", word, log)
		}
	}
}
