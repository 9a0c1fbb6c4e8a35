package app_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/apptest/browser"
)

// clientPage is a web client that knows nothing but where the API is: by the browser's rules, its calls work from an
// origin that is named in CORS_ORIGINS, and fail without a response from any other.
const clientPage = `<!doctype html>
<title>A client</title>
<script>
const api = %q;
let token = "";
async function call(method, path, body) {
	const headers = {};
	if (body) headers["Content-Type"] = "application/json";
	if (token) headers.Authorization = token;
	try {
		const response = await fetch(api + path, {method, headers, body: body && JSON.stringify(body)});
		const known = response.headers.get("X-Request-ID") ? " known" : "";
		const answer = await response.json();
		if (answer.token) token = answer.token;
		return response.status + known + " " + JSON.stringify(answer);
	} catch (error) {
		return "failed: " + error.name;
	}
}
</script>`

// client is a page of a web client in a browser.
type client struct {
	*testing.T
	phone browser.Phone
}

// openClient opens a web client that is served from another port than the API.
func openClient(t *testing.T, pages, api string) client {
	t.Helper()
	c := client{t, browser.New(t)}
	c.phone.RunScripts(true)
	browser.Do(c.phone, chromedp.Navigate(pages))
	if got := browser.Do(c.phone, chromedp.Evaluate[string]("api")); got != api {
		t.Fatalf("the client calls %s", got)
	}
	return c
}

// call makes the page call the API, and returns what the page sees of it.
func (c client) call(method, path, body string) string {
	c.Helper()
	if body == "" {
		body = "null"
	}
	script := fmt.Sprintf("call(%q, %q, %s)", method, path, body)
	return browser.Do(c.phone, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
}

// TestClientsOfOtherOrigins opens a page of a web client from a port that may call the API and from one that may not.
// It does what a person does at the first visit, under the browser's own rules.
func TestClientsOfOtherOrigins(t *testing.T) {
	t.Parallel()
	var api string
	pages := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, clientPage, api)
	})
	allowed, foreign := httptest.NewServer(pages), httptest.NewServer(pages)
	t.Cleanup(allowed.Close)
	t.Cleanup(foreign.Close)
	a := apptest.New(t, func(c *app.Config) {
		c.CORSOrigins = []string{allowed.URL}
		c.Organisation.PrivacyPolicy = "policy.pdf"
	})
	a.CreateEvent(t, "gala")
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	api = server.URL

	t.Run("allowed", func(t *testing.T) {
		t.Parallel()
		c := openClient(t, allowed.URL, api)
		const ann = `"email": "ann@example.org", "password": "a good password"`
		for _, step := range []struct{ method, path, body, want string }{
			{"GET", "/api/v1/organisation", "", `200 known {"id":1,"name":"Guestlist"`},
			{"GET", "/api/v1/content/title?language=fr", "", `200 known [{"value":"M","label":"M"}`},
			{"GET", "/api/v1/events", "", "401 known {"},
			{"POST", "/api/v1/user?language=fr", `{` + ann + `, "policy_agreed": false}`, "400 known {"},
			{"POST", "/api/v1/user?language=fr", `{` + ann + `, "policy_agreed": true}`, `201 known {"id":1,`},
			{"POST", "/api/v1/authenticate", `{"email": "ann@example.org", "password": "a bad one"}`, "401 known {"},
			{"POST", "/api/v1/authenticate", `{` + ann + `}`, `200 known {"id":1,`},
			{"GET", "/api/v1/events?language=fr", "", "200 known "},
			{"PUT", "/api/v1/privacypolicy", `{"policy_agreed": true}`, "200 known {}"},
			{"DELETE", "/api/v1/event", "", "405 known {"},
			{"GET", "/api/v1/nothing", "", "404 known {"},
			{"DELETE", "/api/v1/user", "", "200 known {}"},
			{"PATCH", "/api/v1/user", `{}`, "failed: TypeError"},
			{"GET", "/readyz", "", "failed: TypeError"},
		} {
			got := c.call(step.method, step.path, step.body)
			if !strings.HasPrefix(got, step.want) {
				t.Errorf("%s %s: %s, want %s", step.method, step.path, got, step.want)
			}
			if strings.HasPrefix(step.path, "/api/v1/events?") && !strings.Contains(got, "Le gala") {
				t.Errorf("the list of events: %s", got)
			}
		}
	})
	t.Run("foreign", func(t *testing.T) {
		t.Parallel()
		c := openClient(t, foreign.URL, api)
		for _, step := range []struct{ method, path, body string }{
			{"GET", "/api/v1/organisation", ""},
			{"POST", "/api/v1/user", `{"email": "eve@example.org", "password": "a good password", "policy_agreed": true}`},
			{"POST", "/api/v1/authenticate", `{"email": "eve@example.org", "password": "a good password"}`},
			{"DELETE", "/api/v1/user", ""},
		} {
			if got := c.call(step.method, step.path, step.body); got != "failed: TypeError" {
				t.Errorf("%s %s: %s", step.method, step.path, got)
			}
		}
		a.Send(t, apptest.Request{Method: httpPost, Path: login, Body: `{"email":"eve@example.org","password":"a good password"}`}).
			Error(t, http.StatusUnauthorized, "INVALID_CREDENTIALS") // not even registered: the preflight was refused
	})
}
