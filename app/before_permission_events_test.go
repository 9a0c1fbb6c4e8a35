package app_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/events"
	"guestlist/app/utils"
)

// How many bytes of a body a route reads before it knows whether the caller may send it.
const (
	nothing = 0
	prefix  = utils.MaxPrefix
	// one byte more shows that the body is too large; as many again let the client see the response
	whole       = 2*utils.MaxBody + 1
	wholeOfBulk = 5<<20 + utils.MaxBody + 1
)

// reading is a call that reads its body before it knows whether the caller may send it.
type reading struct {
	call string
	most int64
	why  string
}

// readings lists all such calls. Other routes do not read the body of a caller who may not call them.
var readings = []reading{
	{"POST /api/v1/user", whole, "anyone may register"},
	{"POST /api/v1/authenticate", whole, "the body is the authority"},
	{"POST /api/v1/password-reset/request", whole, "anyone may ask"},
	{"POST /api/v1/password-reset/confirm", whole, "the code in the body is the authority"},
	{"POST /api/v1/invitation", whole, "the code in the body is the authority"}, // invitedguest
	{"POST /verify-email", whole, "anyone may ask"},
	{"POST /reset-password", whole, "anyone may ask"},
	{"PUT /api/v1/user", whole, "about the caller, who is known"},
	{"PUT /api/v1/privacypolicy", whole, "about the caller, who is known"},
	{"DELETE /api/v1/user", nothing, "about the caller, who is known; there is nothing to read"},
	{"POST /api/v1/logout", whole, "about the caller, who is known"},
	{"PUT /api/v1/event", prefix, "the event may be in the body only"},
	{"POST /api/v1/event-roles", prefix, "the event is in the body"},
	{"DELETE /api/v1/event-roles", prefix, "the event, and whether the role is the caller's own, may be in the body only"},
	{"POST /api/v1/tag", prefix, "the event is in the body"},                        // tags
	{"PUT /api/v1/tag", prefix, "the event is in the body"},                         // tags
	{"DELETE /api/v1/tag", prefix, "the event may be in the body only"},             // tags
	{"POST /api/v1/invitedGuest", prefix, "the event is in the body"},               // invitedguest
	{"POST /api/v1/invitedGuest/create", prefix, "the event is in the body"},        // invitedguest
	{"POST /api/v1/invitedGuest/bulk", prefix, "the event may be in the body only"}, // invitedguest
	{"PUT /api/v1/invitedGuest", prefix, "the event is in the body"},                // invitedguest
	{"DELETE /api/v1/invitedGuest", prefix, "the event may be in the body only"},    // invitedguest
	{"POST /api/v1/invitedGuest/resend", prefix, "the event is in the body"},        // invitedguest
	{"PUT /api/v1/event-notification", prefix, "the event is in the body"},          // invitedguest
	{"POST /api/v1/invitedGuest/remind", prefix, "the event is in the body"},        // invitedguest
	{"POST /api/v1/event-mail", prefix, "the event is in the body"},                 // invitedguest
	{"PUT /api/v1/event-wording", prefix, "the event is in the body"},               // invitedguest
	{"DELETE /api/v1/event-wording", prefix, "the event may be in the body only"},   // invitedguest
	{"POST /api/v1/event-wording/preview", prefix, "the event is in the body"},      // invitedguest
	{"POST /api/v1/invitedguesttag", prefix, "the event is in the body"},            // invitedguest
	{"DELETE /api/v1/invitedguesttag", prefix, "the event may be in the body only"}, // invitedguest
}

func readingOf(r app.Route) reading {
	call := r.Method + " " + r.Path
	if i := slices.IndexFunc(readings, func(r reading) bool { return r.call == call }); i >= 0 {
		return readings[i]
	}
	return reading{call: call}
}

// endless is a body without end, which counts the bytes that are read.
type endless struct {
	start string
	read  int64
}

// Read implements io.Reader. It fails after more bytes than any route may read.
func (e *endless) Read(into []byte) (int, error) {
	if e.read > 2*wholeOfBulk {
		return 0, io.ErrUnexpectedEOF
	}
	n := copy(into, e.start)
	e.start = e.start[n:]
	for i := n; i < len(into); i++ {
		into[i] = 'x'
	}
	e.read += int64(len(into))
	return len(into), nil
}

// sendEndless sends a body without end, and returns the status and how many bytes of the body were read.
func sendEndless(t *testing.T, a *apptest.App, method, path, token, mediaType, start string) (status int, read int64) {
	t.Helper()
	body := &endless{start: start}
	request := httptest.NewRequest(method, path, body)
	request.Header.Set("Content-Type", mediaType)
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	return a.SendHTTP(request).Status, body.read
}

// starts are the beginnings of bodies that then repeat x without end, by media type. The first of each names the event.
var starts = map[string][]string{
	"application/json": {`{"event_id":1,"id":1,"x":"`, `{"x":"`, `{"event_id":1`,
		`{"event_id":"1","id":"1","guests":["`},
	"application/x-www-form-urlencoded": {"event_id=1&id=1&x=", "x=", "event_id=1"},
}

// TestNothingIsReadBeforePermission checks that no route reads more than readings allows of an endless body from a
// caller who may not call it.
func TestNothingIsReadBeforePermission(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	one, other := a.CreateEvent(t, "one"), a.CreateEvent(t, "other")
	stranger := a.Register(t, "stranger@example.org").Token
	volunteer := a.RegisterWithRole(t, "volunteer@example.org", one.ID, events.RegistrationVolunteer).Token
	elsewhere := a.RegisterWithRole(t, "elsewhere@example.org", other.ID, events.Administrator).Token
	unproven := a.Register(t, "unproven@example.org")
	a.Grant(t, one.ID, unproven.ID, events.Administrator)
	for _, route := range a.Routes() {
		allowed := readingOf(route)
		path := strings.ReplaceAll(route.Path, ":code", "wrong")
		check := func(who, token, mediaType, start string, most int64, want ...int) {
			t.Helper()
			status, read := sendEndless(t, a, route.Method, path, token, mediaType, start)
			if read > most || len(want) > 0 && !slices.Contains(want, status) {
				t.Errorf("%s by %s, %s %.30s…: got %d after %d bytes, want %v after up to %d", allowed.call, who, mediaType, start,
					status, read, want, most)
			}
		}
		for mediaType, starts := range starts {
			for i, start := range starts {
				named := i == 0
				switch {
				case route.Access != "anyone":
					check("nobody", "", mediaType, start, nothing, http.StatusUnauthorized)
					check("a forger", stranger+"x", mediaType, start, nothing, http.StatusUnauthorized)
				default:
					check("nobody", "", mediaType, start, allowed.most)
				}
				switch {
				case route.Access == "administrators":
					check("an administrator of an event", elsewhere, mediaType, start, nothing, http.StatusForbidden)
				case route.Method == http.MethodGet:
					check("a user", stranger, mediaType, start, nothing)
				case allowed.most == prefix:
					refused := []int{http.StatusForbidden}
					if strings.HasSuffix(allowed.call, "bulk") && mediaType != "application/json" {
						refused = []int{http.StatusUnsupportedMediaType}
					}
					check("a stranger", stranger, mediaType, start, prefix, refused...)
					check("an administrator who has not verified the address", unproven.Token, mediaType, start, prefix, refused...)
					if allowed.call == "DELETE /api/v1/event-roles" {
						continue // the role may be the caller's own
					}
					check("a volunteer", volunteer, mediaType, start, prefix, refused...)
					if named {
						check("an administrator of another event", elsewhere, mediaType, start, prefix, refused...)
					}
				case allowed.why == "" && route.Access == "authenticated":
					t.Errorf("%s: not in the table", allowed.call)
				case allowed.most == nothing && route.Access == "authenticated":
					check("a user", a.Register(t, fmt.Sprintf("%d%.4s@example.org", i, mediaType[12:])).Token, mediaType,
						start, nothing)
				}
			}
		}
	}
	// Where the query names the event, nothing of the body is read.
	for call, mediaType := range map[string]string{
		"PUT /api/v1/event?id=1":                      "application/json",
		"POST /api/v1/invitedGuest/bulk?event_id=1":   "text/csv",                          // invitedguest
		"POST /api/v1/invitedGuest/bulk?event_id=1&x": "application/json",                  // invitedguest
		"POST /api/v1/tag?event_id=1":                 "application/json",                  // tags
		"PUT /api/v1/tag?event_id=1":                  "application/json",                  // tags
		"DELETE /api/v1/tag?event_id=1":               "application/json",                  // tags
		"POST /api/v1/invitedGuest?event_id=1":        "application/json",                  // invitedguest
		"DELETE /api/v1/invitedGuest?event_id=1":      "application/x-www-form-urlencoded", // invitedguest
		"POST /api/v1/invitedguesttag?event_id=1":     "application/json",                  // invitedguest
	} {
		method, path, _ := strings.Cut(call, " ")
		for who, token := range map[string]string{"a stranger": stranger, "a volunteer": volunteer,
			"an administrator of another event": elsewhere} {
			if status, read := sendEndless(t, a, method, path, token, mediaType, `{"`); status != http.StatusForbidden ||
				read > 0 {
				t.Errorf("%s by %s: got %d after %d bytes, want %d after %d", call, who, status, read, http.StatusForbidden, 0)
			}
		}
	}
}

// TestBodiesEnd checks that every route stops reading an endless body, even of a caller who may call it.
func TestBodiesEnd(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	a.CreateEvent(t, "one")
	root := a.RegisterAdmin(t, "root@example.org").Token
	for _, route := range a.Routes() {
		if route.Path == "/api/v1/user" && route.Method == http.MethodDelete {
			continue // it would delete the caller, and does not read the body
		}
		most := int64(whole)
		if strings.HasSuffix(route.Path, "bulk") {
			most = wholeOfBulk
		}
		for mediaType, starts := range starts {
			for _, start := range starts {
				status, read := sendEndless(t, a, route.Method, route.Path, root, mediaType, start)
				if read > most || status >= 500 {
					t.Errorf("%s %s: got %d after %d bytes, want at most %d", route.Method, route.Path, status, read, most)
				}
			}
		}
	}
}

// TestReadings checks that the table lists only routes that exist, each once and with a reason.
func TestReadings(t *testing.T) {
	t.Parallel()
	routes := map[string]int{}
	for _, r := range apptest.New(t).Routes() {
		routes[fmt.Sprint(r.Method, " ", r.Path)] = 1
	}
	for _, r := range readings {
		if routes[r.call] != 1 {
			t.Errorf("%+v is not a route, or is listed twice", r)
		}
		if r.why == "" {
			t.Errorf("%+v has no reason", r)
		}
		routes[r.call]++
	}
}
