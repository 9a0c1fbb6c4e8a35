package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/limits"
)

const (
	clientOrigin  = "https://app.example.org"
	foreignOrigin = "https://eve.example.net"
)

// allowClient lets pages of clientOrigin call the API.
func allowClient(c *app.Config) { c.CORSOrigins = []string{"http://localhost:8080", clientOrigin} }

// preflight returns the request with which a browser asks for permission before it sends the request of a page.
func preflight(origin, method, path string, headers ...string) apptest.Request {
	header := map[string]string{"Origin": origin, "Access-Control-Request-Method": method}
	if len(headers) > 0 {
		header["Access-Control-Request-Headers"] = strings.Join(headers, ",")
	}
	return apptest.Request{Method: http.MethodOptions, Path: path, Header: header}
}

// vary returns the names in all Vary headers.
func vary(response apptest.Response) []string {
	return strings.Split(strings.ReplaceAll(strings.Join(response.Header.Values("Vary"), ","), " ", ""), ",")
}

// expectNothingAllowed checks that a response allows no page anything.
func expectNothingAllowed(t *testing.T, what string, response apptest.Response) {
	t.Helper()
	for name := range response.Header {
		if strings.HasPrefix(name, "Access-Control-") {
			t.Errorf("%s: got the header %s: %s, want none", what, name, response.Header.Get(name))
		}
	}
}

func TestPreflights(t *testing.T) {
	t.Parallel()
	a := apptest.New(t, allowClient, func(c *app.Config) {
		c.LimitRegister, c.LimitLogin = limits.Rate{Count: 1, Per: time.Hour}, limits.Rate{Count: 1, Per: time.Hour}
	})
	for _, route := range a.Routes() {
		if !strings.HasPrefix(route.Path, "/api/") {
			continue
		}
		for range 3 { // more often than the limits allow
			response := a.Send(t, preflight(clientOrigin, route.Method, route.Path, "authorization", "content-type"))
			if response.Status != http.StatusNoContent || response.Body != "" {
				t.Errorf("%s %s: got %d %s, want %d without a body", route.Method, route.Path, response.Status, response.Body,
					http.StatusNoContent)
			}
			for name, want := range map[string]string{
				"Access-Control-Allow-Origin":      clientOrigin,
				"Access-Control-Allow-Methods":     route.Method,
				"Access-Control-Allow-Headers":     "authorization,content-type",
				"Access-Control-Allow-Credentials": "",
			} {
				if got := response.Header.Get(name); got != want {
					t.Errorf("%s %s: %s is %q, want %q", route.Method, route.Path, name, got, want)
				}
			}
			for _, name := range []string{"Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"} {
				if !slices.Contains(vary(response), name) {
					t.Errorf("%s %s: Vary: %v", route.Method, route.Path, vary(response))
				}
			}
		}
		expectNothingAllowed(t, route.Path, a.Send(t, preflight(foreignOrigin, route.Method, route.Path, "authorization")))
	}
	a.Register(t, "ann@example.org") // the preflights do not count towards the limit
}

func TestPreflightsByHand(t *testing.T) {
	t.Parallel()
	a := apptest.New(t, allowClient)
	for name, test := range map[string]struct {
		request apptest.Request
		allowed string // the headers; "no" if nothing is allowed
	}{
		"none": {preflight(clientOrigin, "GET", user), ""},
		"HEAD": {preflight(clientOrigin, "HEAD", user), ""},
		"unsorted, capitals": {preflight(clientOrigin, "POST", user, "X-Request-ID", " Idempotency-Key", "Content-Type",
			"Authorization", "accept", "If-Match"), "accept,authorization,content-type,idempotency-key,if-match,x-request-id"},
		"twice":                {preflight(clientOrigin, "POST", user, "content-type", "Content-Type"), "content-type"},
		"an unknown path":      {preflight(clientOrigin, "DELETE", "/api/v1/nothing"), ""},
		"another header":       {preflight(clientOrigin, "POST", user, "content-type", "x-other"), "no"},
		"another method":       {preflight(clientOrigin, "PATCH", user), "no"},
		"a lower-case method":  {preflight(clientOrigin, "put", user), "no"},
		"another scheme":       {preflight("http://app.example.org", "GET", user), "no"},
		"another port":         {preflight(clientOrigin+":8443", "GET", user), "no"},
		"a host below":         {preflight("https://x.app.example.org", "GET", user), "no"},
		"a longer host":        {preflight(clientOrigin+".example.net", "GET", user), "no"},
		"no host":              {preflight("null", "GET", user), "no"},
		"two":                  {preflight(clientOrigin+" "+foreignOrigin, "GET", user), "no"},
		"a page":               {preflight(clientOrigin, "POST", "/invitation/x"), "no"},
		"a check of operators": {preflight(clientOrigin, "GET", "/readyz"), "no"},
	} {
		response := a.Send(t, test.request)
		if test.allowed == "no" {
			expectNothingAllowed(t, name, response)
			continue
		}
		got := [...]any{response.Status, response.Header.Get("Access-Control-Allow-Headers"),
			response.Header.Get("Access-Control-Allow-Origin")}
		if want := [...]any{http.StatusNoContent, test.allowed, clientOrigin}; got != want {
			t.Errorf("%s: got the status, headers and origin %v, want %v", name, got, want)
		}
	}
}

// TestErrorsForOtherOrigins checks that a page of an allowed origin can read every kind of error, and a page of another
// origin none.
func TestErrorsForOtherOrigins(t *testing.T) {
	t.Parallel()
	a := apptest.New(t, allowClient, func(c *app.Config) {
		c.LimitMail = limits.Rate{Count: 1, Per: time.Hour}
	})
	broken := &apptest.App{App: app.New(a.Config, nil), Log: a.Log} // the first query panics
	busy := &apptest.App{App: app.New(a.Config, a.DB, app.WithPasswords(apptest.BusyPasswords(t)))}
	const reset, body = "/api/v1/password-reset/request", `{"email":"ann@example.org","password":"123456"}`
	a.Send(t, apptest.Request{Method: httpPost, Path: reset, Body: body})
	for name, test := range map[string]struct {
		app    *apptest.App
		method string
		path   string
		body   any
		status int
	}{
		"no error":          {a, httpPost, "/api/v1/logout", nil, http.StatusOK},
		"invalid":           {a, httpPost, user, `{}`, http.StatusBadRequest},
		"not authenticated": {a, httpGet, user, nil, http.StatusUnauthorized},
		"wrong password": {a, httpPost, login, `{"email":"bob@example.org","password":"1234567"}`,
			http.StatusUnauthorized},
		"unknown":        {a, httpGet, "/api/v1/nothing", nil, http.StatusNotFound},
		"another method": {a, http.MethodDelete, login, nil, http.StatusMethodNotAllowed},
		"no preflight":   {a, http.MethodOptions, login, nil, http.StatusMethodNotAllowed},
		"too large":      {a, httpPost, login, strings.Repeat("x", 2<<20), http.StatusRequestEntityTooLarge},
		"too many":       {a, httpPost, reset, body, http.StatusTooManyRequests},
		"broken":         {broken, httpPost, login, body, http.StatusInternalServerError},
		"busy":           {busy, httpPost, login, body, http.StatusServiceUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for i, origin := range []string{clientOrigin, foreignOrigin, ""} {
				request := apptest.Request{Method: test.method, Path: test.path, Body: test.body,
					Header: map[string]string{"Origin": origin}}
				if test.status == http.StatusOK {
					request.Token = test.app.Register(t, fmt.Sprintf("ann%d@example.org", i)).Token
				}
				response := test.app.Send(t, request)
				if response.Status != test.status || !slices.Contains(vary(response), "Origin") {
					t.Errorf("from %q: got %d, Vary: %q; want %d, with %q", origin, response.Status, vary(response), test.status,
						"Origin")
				}
				if origin != clientOrigin {
					expectNothingAllowed(t, origin, response)
					continue
				}
				if got := response.Header.Get("Access-Control-Allow-Origin"); got != clientOrigin {
					t.Errorf("allowed: got %q, want %q", got, clientOrigin)
				}
				const exposed = "Content-Disposition, Etag, Link, Retry-After, X-Request-Id"
				if got := response.Header.Get("Access-Control-Expose-Headers"); got != exposed {
					t.Errorf("exposed: got %q, want %q", got, exposed)
				}
			}
		})
	}
}

func TestPagesAreNotForOtherOrigins(t *testing.T) {
	t.Parallel()
	a := apptest.New(t, allowClient)
	for _, path := range []string{"/invitation/x", "/healthz", "/readyz", "/nothing", "/"} {
		response := a.Send(t, apptest.Request{Method: httpGet, Path: path, Header: map[string]string{"Origin": clientOrigin}})
		expectNothingAllowed(t, path, response)
	}
}

func TestAnyOrigin(t *testing.T) {
	t.Parallel()
	a := apptest.New(t, func(c *app.Config) { c.CORSOrigins = []string{"*"} })
	for name, request := range map[string]apptest.Request{
		"preflight": preflight(foreignOrigin, "PUT", user, "authorization"),
		"request":   {Method: httpGet, Path: user, Header: map[string]string{"Origin": foreignOrigin}},
	} {
		response := a.Send(t, request)
		if got := response.Header.Get("Access-Control-Allow-Origin"); got != "*" ||
			!slices.Contains(vary(response), "Origin") {
			t.Errorf("%s: got %q, Vary: %q; want %q, with %q", name, got, vary(response), "*", "Origin")
		}
		if got := response.Header.Get("Access-Control-Allow-Credentials"); got != "" {
			t.Errorf("%s: cookies are allowed: got %q, want no such header", name, got)
		}
	}
}

// TestWithoutOrigins checks that responses show nothing of CORS if no origins are set.
func TestWithoutOrigins(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	response := a.Send(t, preflight(clientOrigin, "GET", user))
	response.Error(t, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED")
	expectNothingAllowed(t, "preflight", response)
	response = a.Send(t, apptest.Request{Method: httpGet, Path: user, Header: map[string]string{"Origin": clientOrigin}})
	expectNothingAllowed(t, "request", response)
	if got := response.Header.Get("Vary"); got != "" {
		t.Errorf("Vary: got %q, want no such header", got)
	}
}
