package app_test

import (
	"encoding/json"
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

// clientPage is a web client that knows only the address of the API. By the browser's rules, its calls work from an
// origin in CORS_ORIGINS, and fail without a response from any other.
const clientPage = `<!doctype html>
<title>A client</title>
<script>
const api = %q;
let signedIn = "";
async function call(method, path, body, token) {
	const headers = {Accept: "application/json, text/plain, */*"};
	if (body) headers["Content-Type"] = "application/json";
	if (token ?? signedIn) headers.Authorization = token ?? signedIn;
	try {
		const response = await fetch(api + path, {method, headers, body: body && JSON.stringify(body)});
		const answer = await response.json();
		if (answer.token) signedIn = answer.token;
		return {status: response.status, known: response.headers.has("X-Request-ID"), body: JSON.stringify(answer)};
	} catch (error) {
		return {failed: error.name};
	}
}
</script>`

// seen is what a page sees of a response.
type seen struct {
	Status int    `json:"status"`
	Known  bool   `json:"known"` // whether the page can read X-Request-ID
	Body   string `json:"body"`
	Failed string `json:"failed"` // the error, if it sees no response
}

// String implements fmt.Stringer.
func (s seen) String() string {
	switch {
	case s.Failed != "":
		return "failed: " + s.Failed
	case s.Known:
		return fmt.Sprintf("%d known %s", s.Status, s.Body)
	}
	return fmt.Sprintf("%d %s", s.Status, s.Body)
}

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
		t.Fatalf("the client calls %s, want %s", got, api)
	}
	return c
}

// call makes the page call the API, and returns what the page sees. The page sends the token if there is one, and no
// token if it is "". Without the argument, it sends the token of the user who signed in on the page.
func (c client) call(method, path, body string, token ...string) seen {
	c.Helper()
	if body == "" {
		body = "null"
	}
	arguments := fmt.Sprintf("%q, %q, %s", method, path, body)
	for _, token := range token {
		arguments += fmt.Sprintf(", %q", token)
	}
	script := "call(" + arguments + ")"
	return browser.Do(c.phone, chromedp.Evaluate[seen](script, chromedp.EvalAwaitPromise))
}

// servePages serves the web client and returns its origin. The client calls the API whose address is in api when the
// page is loaded.
func servePages(t *testing.T, api *string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, clientPage, *api)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// serveAPI serves the application and returns its address.
func serveAPI(t *testing.T, a *apptest.App) string {
	t.Helper()
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	return server.URL
}

// TestWebClientInBrowser makes the calls of TestWebClient from a page on another port, under the browser's own rules:
// users sign up and sign in, and an administrator lists events, and invites, tags and removes guests.
func TestWebClientInBrowser(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "fr"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			var api string
			pages := servePages(t, &api)
			a := apptest.New(t, withPolicy, func(c *app.Config) { c.CORSOrigins = []string{pages} })
			c := newWebClient(t, a, language)
			api = serveAPI(t, a)
			page := openClient(t, pages, api)
			c.send = func(t *testing.T, method, path, token string, body any) apptest.Response {
				t.Helper()
				sent, err := json.Marshal(body)
				if err != nil {
					t.Fatal(err)
				}
				got := page.call(method, path, string(sent), token)
				if !got.Known {
					t.Errorf("%s %s: the page cannot read X-Request-ID: %s", method, path, got)
				}
				return apptest.Response{Status: got.Status, Body: got.Body}
			}
			c.doAll(t, a)
		})
	}
}

// TestClientsOfOtherOrigins opens a page of a web client on a port that may call the API, and on one that may not. On
// each it does what a person does on a first visit, under the browser's own rules.
func TestClientsOfOtherOrigins(t *testing.T) {
	t.Parallel()
	var api string
	allowed, foreign := servePages(t, &api), servePages(t, &api)
	a := apptest.New(t, withPolicy, func(c *app.Config) { c.CORSOrigins = []string{allowed} })
	a.CreateEvent(t, "gala") // events
	api = serveAPI(t, a)

	t.Run("allowed", func(t *testing.T) {
		t.Parallel()
		c := openClient(t, allowed, api)
		const ann = `"email": "ann@example.org", "password": "a good password"`
		for _, step := range []struct{ method, path, body, want string }{
			{"GET", "/api/v1/organisation", "", `200 known {"id":1,"name":"Guestlist"`},
			{"GET", "/api/v1/content/title?language=fr", "", `200 known [{"value":"M","label":"M"}`},
			{"GET", "/api/v1/events", "", "401 known {"}, // events
			{"POST", "/api/v1/user?language=fr", `{` + ann + `, "policy_agreed": false}`, "400 known {"},
			{"POST", "/api/v1/user?language=fr", `{` + ann + `, "policy_agreed": true}`, `201 known {"id":1,`},
			{"POST", "/api/v1/authenticate", `{"email": "ann@example.org", "password": "a bad one"}`, "401 known {"},
			{"POST", "/api/v1/authenticate", `{` + ann + `}`, `200 known {"id":1,`},
			{"GET", "/api/v1/events?language=fr", "", "200 known "}, // events
			{"PUT", "/api/v1/privacypolicy", `{"policy_agreed": true}`, "200 known {}"},
			{"DELETE", "/api/v1/event", "", "405 known {"}, // events
			{"GET", "/api/v1/nothing", "", "404 known {"},
			{"DELETE", "/api/v1/user", "", "200 known {}"},
			{"PATCH", "/api/v1/user", `{}`, "failed: TypeError"},
			{"GET", "/readyz", "", "failed: TypeError"},
		} {
			got := c.call(step.method, step.path, step.body).String()
			if !strings.HasPrefix(got, step.want) {
				t.Errorf("%s %s: got %s, want %s", step.method, step.path, got, step.want)
			}
			expectGala(t, step.path, got) // events
		}
	})
	t.Run("foreign", func(t *testing.T) {
		t.Parallel()
		c := openClient(t, foreign, api)
		for _, step := range []struct{ method, path, body string }{
			{"GET", "/api/v1/organisation", ""},
			{"POST", "/api/v1/user", `{"email": "eve@example.org", "password": "a good password", "policy_agreed": true}`},
			{"POST", "/api/v1/authenticate", `{"email": "eve@example.org", "password": "a good password"}`},
			{"DELETE", "/api/v1/user", ""},
		} {
			if got, want := c.call(step.method, step.path, step.body).String(), "failed: TypeError"; got != want {
				t.Errorf("%s %s: got %s, want %s", step.method, step.path, got, want)
			}
		}
		const credentials = `{"email":"eve@example.org","password":"a good password"}`
		a.Send(t, apptest.Request{Method: httpPost, Path: login, Body: credentials}).
			Error(t, http.StatusUnauthorized, "INVALID_CREDENTIALS") // not even registered: the preflight was refused
	})
}
