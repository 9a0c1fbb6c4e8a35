package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"guestlist/app"
	"guestlist/app/apptest"
)

// webCall is a call of the original's web client, as its services make it. A name in braces in the path, the body or
// what is wanted, such as {guest}, is replaced by the value that an earlier response had.
type webCall struct {
	name   string
	token  string // the user whose token is sent; "" for none
	call   string // method and path below /api/v1/
	body   any
	status int
	want   map[string]any    // members that the client reads, by their path: "0.status.invited_guest", or "" for all
	save   map[string]string // names for later calls, and the path of the member of the response
}

// present wants a member to exist, with any value.
type present struct{}

// webClient is the web client in one of its languages. It adds the language to the query of every call.
type webClient struct {
	language string
	values   map[string]string
	send     func(t *testing.T, method, path, token string, body any) apptest.Response
}

// newWebClient returns a client of the application, for which root@example.org is an administrator.
func newWebClient(t *testing.T, a *apptest.App, language string) webClient {
	t.Helper()
	var root apptest.User
	a.Send(t, apptest.Request{Method: http.MethodPost, Path: "/api/v1/user", Body: map[string]any{
		"email": "root@example.org", "password": apptest.Password, "policy_agreed": true,
	}}).Decode(t, http.StatusCreated, &root)
	a.Verify(t, root.ID)
	if err := a.DB.Exec("UPDATE users SET is_admin = ? WHERE id = ?", true, root.ID).Error; err != nil {
		t.Fatal(err)
	}
	return webClient{language: language, values: map[string]string{
		"root":       root.Token,
		"language":   language,
		"event name": map[string]string{"en": "Gathering", "fr": "Rassemblement"}[language],
		"tag name":   map[string]string{"en": "Vegan", "fr": "Végane"}[language],
		"title":      map[string]string{"en": "Mr", "fr": "M"}[language],
		"gender":     map[string]string{"en": "Male", "fr": "Homme"}[language],
		"ethnicity":  map[string]string{"en": "Black", "fr": "Noir"}[language],
		"disability": map[string]string{"en": "None", "fr": "Aucun"}[language],
	}}
}

// doAll makes the calls of all services, in an order in which each finds what it needs.
func (c webClient) doAll(t *testing.T, a *apptest.App) {
	t.Helper()
	for _, calls := range [][]webCall{
		organisationCalls(), contentCalls(), userCalls(),
		eventCalls(),                 // events
		tagCalls(),                   // tags
		guestCalls(), profileCalls(), // invitedguest
		roleCalls(), // events
		removals(),  // invitedguest
		endCalls(),
	} {
		for _, call := range calls {
			c.do(t, call)
		}
		if id, ok := c.values["ann id"]; ok {
			n, err := strconv.ParseInt(id, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			a.Verify(t, n)
		}
	}
}

var braces = regexp.MustCompile(`\{([\w ]+)\}`)

func (c webClient) fill(text string) string {
	return braces.ReplaceAllStringFunc(text, func(name string) string {
		if value, ok := c.values[strings.Trim(name, "{}")]; ok {
			return value
		}
		return name
	})
}

// filled is like fill, for all texts in a value. A text that is only a name becomes a number if its value is one.
func (c webClient) filled(t *testing.T, value any) any {
	t.Helper()
	switch value := value.(type) {
	case string:
		filled := c.fill(value)
		var number float64
		if filled != value && braces.FindString(value) == value && json.Unmarshal([]byte(filled), &number) == nil {
			return number
		}
		return filled
	case map[string]any:
		result := map[string]any{}
		for name, element := range value {
			result[name] = c.filled(t, element)
		}
		return result
	case []any:
		result := make([]any, len(value))
		for i, element := range value {
			result[i] = c.filled(t, element)
		}
		return result
	}
	return value
}

func (c webClient) do(t *testing.T, call webCall) {
	t.Helper()
	method, path, _ := strings.Cut(c.fill(call.call), " ")
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	got := c.send(t, method, "/api/v1/"+path+separator+"language="+c.language, c.values[call.token],
		c.filled(t, call.body))
	var answer any
	if err := json.Unmarshal([]byte(got.Body), &answer); err != nil || got.Status != call.status {
		t.Fatalf("%s: got %d, want %d: %s", call.name, got.Status, call.status, got.Body)
	}
	for at, want := range call.want {
		value, ok := member(answer, at)
		if _, anything := want.(present); !ok || !anything && fmt.Sprint(value) != fmt.Sprint(c.filled(t, want)) {
			t.Errorf("%s: %s is %v, want %v: %s", call.name, at, value, c.filled(t, want), got.Body)
		}
	}
	for name, at := range call.save {
		value, ok := member(answer, at)
		if !ok {
			t.Fatalf("%s: no %s in %s", call.name, at, got.Body)
		}
		c.values[name] = fmt.Sprint(value)
	}
}

// member returns the member of a JSON value at the path, which joins names and indexes with dots. "length" is the
// length of a list.
func member(value any, path string) (any, bool) {
	if path == "" {
		return value, true
	}
	name, rest, _ := strings.Cut(path, ".")
	switch value := value.(type) {
	case map[string]any:
		element, ok := value[name]
		if !ok {
			return nil, false
		}
		return member(element, rest)
	case []any:
		var i int
		if name == "length" {
			return len(value), true
		}
		if _, err := fmt.Sscan(name, &i); err != nil || i >= len(value) {
			return nil, false
		}
		return member(value[i], rest)
	}
	return nil, false
}

// withPolicy gives the organisation a privacy policy.
func withPolicy(c *app.Config) { c.Organisation.PrivacyPolicy = "policy.pdf" }

// TestWebClient makes the calls of the original's web client one after the other, from another origin, in both of its
// languages.
func TestWebClient(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "fr"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			a := apptest.New(t, allowClient, withPolicy)
			c := newWebClient(t, a, language)
			c.send = func(t *testing.T, method, path, token string, body any) apptest.Response {
				t.Helper()
				got := a.Send(t, apptest.Request{Method: method, Path: path, Token: token, Body: body,
					Header: map[string]string{"Origin": clientOrigin}})
				if origin := got.Header.Get("Access-Control-Allow-Origin"); origin != clientOrigin {
					t.Errorf("%s %s: the page of %q may read the response, want that of %q", method, path, origin, clientOrigin)
				}
				return got
			}
			c.doAll(t, a)
		})
	}
}

// TestWebClientLanguage checks that the language in the query becomes the user's when they register or change their
// data, but not when they sign in.
func TestWebClientLanguage(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	var ann struct {
		Token    string `json:"token"`
		Language string `json:"primary_language"`
	}
	is := func(call, want string) {
		t.Helper()
		if ann.Language != want {
			t.Errorf("%s: the language is %q, want %q", call, ann.Language, want)
		}
	}
	send := func(method, path, token string, body any) apptest.Response {
		t.Helper()
		return a.Send(t, apptest.Request{Method: method, Path: "/api/v1/" + path, Token: token, Body: body})
	}
	credentials := map[string]any{"email": "ann@example.org", "password": "123456"}
	send(http.MethodPost, "user?language=fr", "", credentials).Decode(t, http.StatusCreated, &ann)
	is("registration", "fr")
	send(http.MethodPost, "authenticate?language=en", "", credentials).Decode(t, http.StatusOK, &ann)
	is("signing in", "fr")
	send(http.MethodPut, "user?language=en", ann.Token, map[string]any{"firstname": "Ann"}).Decode(t, http.StatusOK, &ann)
	is("change", "en")
	send(http.MethodPut, "user?language=fr", ann.Token, map[string]any{"language": "fr"}).Decode(t, http.StatusOK, &ann)
	is("change in both", "fr")
	if got := send(http.MethodPut, "user?language=fr", ann.Token, map[string]any{"language": "en"}).
		Error(t, http.StatusBadRequest, "VALIDATION_FAILED"); got.Errors["language"] == "" {
		t.Errorf("two languages: got the errors %v, want one about the language", got.Errors)
	}
}
