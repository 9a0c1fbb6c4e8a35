package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"guestlist/app/apptest"
)

// webCall is a call of the original's web client, as its services make it. Where a text of the path, the body or what is
// wanted names a value in braces, {guest}, it is what an earlier answer held.
type webCall struct {
	name   string
	token  string // whose: "" for nobody
	call   string // method and path below /api/v1/
	body   any
	status int
	want   map[string]any    // members that the client reads, by their path: "0.status.invited_guest", or "" for all
	save   map[string]string // of the answer, by their path: what later calls name
}

// present wants a member to be there, whatever it is.
type present struct{}

// webClient is the web client in one of its languages. It adds the language to the query of every call.
type webClient struct {
	*apptest.App

	language string
	values   map[string]string
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

// filled is fill for all texts of a value. A text that is a name alone becomes the number that it names.
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
	got := c.Send(t, apptest.Request{
		Method: method, Path: "/api/v1/" + path + separator + "language=" + c.language, Token: c.values[call.token], Body: c.filled(t, call.body),
	})
	var answer any
	if err := json.Unmarshal([]byte(got.Body), &answer); err != nil || got.Status != call.status {
		t.Fatalf("%s: %d, want %d: %s", call.name, got.Status, call.status, got.Body)
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

// number returns what was saved as a number.
func (c webClient) number(t *testing.T, name string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(c.values[name], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// member returns what is at the path in a JSON value: names and places in lists, with dots. "length" is a list's.
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

// TestWebClient makes the calls of the original's web client one after the other, in both of its languages.
func TestWebClient(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "fr"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			a := apptest.New(t)
			c := webClient{a, language, map[string]string{"root": a.RegisterAdmin(t, "root@example.org").Token, "language": language}}
			c.values["event name"] = map[string]string{"en": "Gathering", "fr": "Rassemblement"}[language]
			c.values["tag name"] = map[string]string{"en": "Vegan", "fr": "Végane"}[language]
			for _, calls := range [][]webCall{userCalls(), eventCalls(), tagCalls(), guestCalls(), roleCalls(), endCalls()} {
				for _, call := range calls {
					c.do(t, call)
				}
				a.Verify(t, c.number(t, "ann id"))
			}
		})
	}
}

// TestWebClientLanguage: the language in the query of three calls is the user's.
func TestWebClientLanguage(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	root := a.RegisterAdmin(t, "root@example.org")
	a.CreateEvent(t, "one")
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
	if got := send(http.MethodPut, "user?language=fr", ann.Token, map[string]any{"language": "en"}).Error(t, http.StatusBadRequest, "VALIDATION_FAILED"); got.Errors["language"] == "" {
		t.Errorf("two languages: %v", got.Errors)
	}
	send(http.MethodPost, "invitedGuest/create?language=fr&event_id=1", root.Token, map[string]any{"email": "bob@example.org", "role": "guest"}).
		Decode(t, http.StatusCreated, &struct{}{})
	var list struct {
		Users []struct {
			Email    string
			Language string `json:"primary_language"`
		}
	}
	send(http.MethodGet, "users?language=en&q=bob", root.Token, nil).Decode(t, http.StatusOK, &list)
	if len(list.Users) != 1 || list.Users[0].Language != "fr" {
		t.Errorf("the guest is %+v", list.Users)
	}
}
