package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/audit"
)

// act is a call that changes something, with the security event that it must store: its kind, whose account it is
// about, who made the call, and the detail. If it stores none, why says the reason and kind is empty.
type act struct {
	call   string // the method, and the path of the URL map
	path   string // if it differs from that in the URL map
	token  string // the user whose token is sent
	body   string
	kind   audit.Kind
	about  int64
	by     int64
	detail string
	why    string
}

// The users of acts, which create the last two.
const (
	rootID = iota + 1
	annID
	bobID
	zedID
	eveID
	joeID
)

// acts are in the order in which they are done.
var acts = []act{
	{call: "POST /api/v1/user", body: `{"email":"eve@example.org","password":"123456"}`, kind: audit.Registered,
		about: eveID, by: eveID},
	{call: "POST /api/v1/authenticate", body: `{"email":"ann@example.org","password":"123456"}`, kind: audit.SignedIn,
		about: annID, by: annID},
	{call: "POST /api/v1/authenticate", body: `{"email":"ann@example.org","password":"wrong"}`, kind: audit.SignInRefused,
		about: annID},
	// events
	{call: "POST /api/v1/event", token: "root",
		body: `{"key":"gala","name":{"en":"x"},"description":{"en":"x"},"start_date":"2100-01-30","end_date":"2100-01-31"}`,
		kind: audit.EventCreated, about: rootID, by: rootID, detail: `{"event_id":1}`},
	// events
	{call: "PUT /api/v1/event", token: "root",
		body: `{"id":1,"key":"ball","name":{"en":"x"},"description":{"en":"x"},"start_date":"2100-01-30",` +
			`"end_date":"2100-01-31"}`,
		kind: audit.EventUpdated, about: rootID, by: rootID, detail: `{"event_id":1}`},
	// events
	{call: "POST /api/v1/event-roles", token: "root", body: `{"event_id":1,"email":"ann@example.org","role":"reviewer"}`,
		kind: audit.RoleGranted, about: annID, by: rootID, detail: `{"event_id":1,"role":"reviewer"}`},
	// events
	{call: "DELETE /api/v1/event-roles", token: "root", body: `{"event_id":1,"email":"ann@example.org","role":"reviewer"}`,
		kind: audit.RoleRemoved, about: annID, by: rootID, detail: `{"event_id":1,"role":"reviewer"}`},
	// tags
	{call: "POST /api/v1/tag", token: "root", body: `{"event_id":1,"name":{"en":"x"}}`, why: "about nobody"},
	// tags
	{call: "PUT /api/v1/tag", token: "root", body: `{"event_id":1,"id":1,"name":{"en":"y"}}`, why: "about nobody"},
	// invitedguest
	{call: "POST /api/v1/invitedGuest", token: "root", body: `{"event_id":1,"email":"ann@example.org","role":"guest"}`,
		kind: audit.GuestInvited, about: annID, by: rootID, detail: `{"event_id":1}`},
	// invitedguest
	{call: "POST /api/v1/invitedGuest/create", token: "root",
		body: `{"event_id":1,"email":"joe@example.org","role":"guest"}`, kind: audit.GuestInvited, about: joeID, by: rootID,
		detail: `{"account":"created","event_id":1}`},
	// invitedguest
	{call: "POST /api/v1/invitedGuest/bulk", token: "root",
		body: `{"event_id":1,"role":"guest","guests":[{"email":"ann@example.org"},{"email":"bob@example.org"},` +
			`{"email":"zoe@example.org"}]}`,
		kind: audit.GuestsInvited, about: rootID, by: rootID, detail: `{"event_id":1,"guests":2}`},
	// invitedguest
	{call: "POST /api/v1/invitedguesttag", token: "root", body: `{"event_id":1,"tag_id":1,"invited_guest_id":1}`,
		kind: audit.GuestTagged, about: annID, by: rootID, detail: `{"event_id":1,"tag_id":1}`},
	// invitedguest
	{call: "DELETE /api/v1/invitedguesttag", token: "root", body: `{"event_id":1,"tag_id":1,"invited_guest_id":1}`,
		kind: audit.GuestUntagged, about: annID, by: rootID, detail: `{"event_id":1,"tag_id":1}`},
	// tags
	{call: "PUT /api/v1/tag", token: "root", body: `{"event_id":1,"id":1,"name":{"en":"y"},"active":false}`,
		kind: audit.TagDeleted, about: rootID, by: rootID, detail: `{"event_id":1,"tag_id":1}`},
	// tags
	{call: "PUT /api/v1/tag", token: "root", body: `{"event_id":1,"id":1,"name":{"en":"y"},"active":true}`,
		why: "about nobody"},
	// tags
	{call: "DELETE /api/v1/tag", token: "root", body: `{"event_id":1,"id":1}`, kind: audit.TagDeleted, about: rootID,
		by: rootID, detail: `{"event_id":1,"tag_id":1}`},
	// invitedguest
	{call: "POST /api/v1/invitedGuest/remind", token: "root", body: `{"event_id":1,"reminder":"soon"}`,
		kind: audit.GuestReminded, about: bobID, by: rootID, detail: `{"event_id":1}`},
	// invitedguest
	{call: "PUT /api/v1/event-notification", token: "root", body: `{"event_id":1,"answers":"daily"}`,
		why: "the administrator's own mails"},
	// invitedguest
	{call: "POST /api/v1/invitedGuest/resend", token: "root", body: `{"event_id":1,"invited_guest_id":1}`,
		why: "the invitation still waits to be mailed; else see invitedguest.TestResend"},
	// invitedguest
	{call: "PUT /api/v1/invitedGuest", token: "root", body: `{"event_id":1,"invited_guest_id":1,"role":"speaker"}`,
		kind: audit.GuestCorrected, about: annID, by: rootID, detail: `{"changed":["role"],"event_id":1}`},
	// invitedguest
	{call: "PUT /api/v1/invitedGuest", token: "root", body: `{"event_id":1,"invited_guest_id":1,"status":"accepted"}`,
		kind: audit.GuestAnswered, about: annID, by: rootID, detail: `{"event_id":1,"on_behalf":true,"status":"accepted"}`},
	// invitedguest
	{call: "PUT /api/v1/event-wording", token: "root",
		body: `{"event_id":1,"kind":"change","language":"fr","subject":"x","body":"y"}`, kind: audit.EventUpdated,
		about: rootID, by: rootID, detail: `{"event_id":1,"language":"fr","wording":"change"}`},
	// invitedguest
	{call: "DELETE /api/v1/event-wording", token: "root", body: `{"event_id":1,"kind":"change","language":"fr"}`,
		kind: audit.EventUpdated, about: rootID, by: rootID,
		detail: `{"event_id":1,"language":"fr","removed":true,"wording":"change"}`},
	// invitedguest
	{call: "DELETE /api/v1/event-wording", token: "root", body: `{"event_id":1,"kind":"change","language":"fr"}`,
		why: "there is none"},
	// invitedguest
	{call: "POST /api/v1/event-wording/preview", token: "root",
		body: `{"event_id":1,"kind":"change","language":"fr","send":true}`, why: "the administrator's own mail"},
	// invitedguest
	{call: "POST /api/v1/event-mail", token: "root", body: `{"event_id":1,"kind":"change","dry_run":false}`,
		kind: audit.GuestsMailed, about: rootID, by: rootID, detail: `{"announced":"change","event_id":1,"guests":0}`},
	// invitedguest
	{call: "POST /api/v1/event-mail", token: "root", body: `{"event_id":1,"kind":"cancellation","dry_run":false}`,
		kind: audit.EventCancelled, about: rootID, by: rootID, detail: `{"event_id":1}`},
	// invitedguest
	{call: "DELETE /api/v1/invitedGuest", token: "root", body: `{"event_id":1,"invited_guest_id":1}`,
		kind: audit.GuestRemoved, about: annID, by: rootID, detail: `{"event_id":1}`},
	// invitedguest
	{call: "POST /api/v1/invitation", why: "the guest's own answer, which is stored with its time"},
	{call: "POST /verify-email", why: "mails only"},
	{call: "POST /verify-email/:code", why: "needs a code: see users.TestDisown"},
	{call: "POST /reset-password", why: "mails only"},
	{call: "POST /reset-password/:code", why: "needs a code, as its sibling in the API"},
	{call: "POST /undo-email/:code", why: "needs a code: see users.TestUndoAfterAThief"},
	// invitedguest
	{call: "POST /invitation/:code", why: "the guest's own answer, which is stored with its time"},
	// invitedguest
	{call: "POST /invitation/:code/unsubscribe", why: "the guest's own wish, which is stored with its time"},
	{call: "POST /api/v1/users/:id/verify", path: "/api/v1/users/2/verify", token: "root", kind: audit.EmailVerified,
		about: annID, by: rootID},
	{call: "POST /api/v1/users/:id/block", path: "/api/v1/users/2/block", token: "root", kind: audit.Blocked, about: annID,
		by: rootID},
	{call: "POST /api/v1/authenticate", body: `{"email":"ann@example.org","password":"123456"}`, kind: audit.SignInBlocked,
		about: annID, by: annID},
	{call: "POST /api/v1/users/:id/unblock", path: "/api/v1/users/2/unblock", token: "root", kind: audit.Unblocked,
		about: annID, by: rootID},
	{call: "POST /api/v1/password-reset/request", body: `{"email":"bob@example.org"}`,
		why: "mails only: the new password is an event"},
	{call: "POST /api/v1/password-reset/confirm", why: "needs a code: see users.TestPasswordResetAtOnce"},
	{call: "PUT /api/v1/user", token: "bob", body: `{"firstname":"Bob"}`,
		why: "the user's own names; an address and a password are events"},
	{call: "PUT /api/v1/privacypolicy", token: "bob", body: `{"policy_agreed":true}`,
		why: "the user's own agreement, which is stored with its time"},
	{call: "POST /api/v1/logout", token: "bob", body: `{"everywhere":true}`, kind: audit.SignedOut, about: bobID,
		by: bobID},
	{call: "DELETE /api/v1/user", token: "zed", kind: audit.Deleted, about: zedID, by: zedID},
}

// do makes the act's call and returns the events that it stores.
func (act act) do(t *testing.T, a *apptest.App, tokens map[string]string) []audit.Event {
	t.Helper()
	var last int64
	for _, e := range eventsOf(t, a) {
		last = e.ID
	}
	act.check(t, a.Send(t, act.request(tokens)))
	return slices.DeleteFunc(eventsOf(t, a), func(e audit.Event) bool { return e.ID <= last })
}

func (act act) request(tokens map[string]string) apptest.Request {
	method, path, _ := strings.Cut(act.call, " ")
	if act.path != "" {
		path = act.path
	}
	return apptest.Request{Method: method, Path: path, Token: tokens[act.token], Body: bodyOf(attack{body: act.body})}
}

// check stops the test if the act was refused.
func (act act) check(t *testing.T, response apptest.Response) {
	t.Helper()
	refused := response.Status >= http.StatusBadRequest
	if refused && act.why == "" && !strings.HasSuffix(act.call, login) {
		t.Fatalf("%s: got %d %s, want less than %d", act.call, response.Status, response.Body, http.StatusBadRequest)
	}
}

func eventsOf(t *testing.T, a *apptest.App) []audit.Event {
	t.Helper()
	events, err := audit.Find(t.Context(), a.DB, audit.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	return events
}

// TestActsAreAudited checks that every act stores an event that says who did what to whom, or no event if the act says
// so.
func TestActsAreAudited(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	tokens := map[string]string{"root": a.RegisterAdmin(t, "root@example.org").Token}
	for _, name := range []string{"ann", "bob", "zed"} {
		tokens[name] = a.Register(t, name+"@example.org").Token
	}
	of := func(id *int64) int64 {
		if id == nil {
			return 0
		}
		return *id
	}
	for _, act := range acts {
		stored := act.do(t, a, tokens)
		says := func(e audit.Event) bool {
			return e.Kind == act.kind && of(e.UserID) == act.about && of(e.ActorID) == act.by && e.Detail == act.detail &&
				e.RequestID != ""
		}
		if act.why == "" && !slices.ContainsFunc(stored, says) || act.why != "" && len(stored) > 0 {
			t.Errorf("%s: stored %+v, want %s about %d by %d with %q", act.call, stored, act.kind, act.about, act.by, act.detail)
		}
	}
}

// TestActsAreAll checks that every call that can change something is in the table, and says either what is recorded or
// why nothing is.
func TestActsAreAll(t *testing.T) {
	t.Parallel()
	for _, route := range app.New(app.Config{}, nil).Routes() {
		call := fmt.Sprint(route.Method, " ", route.Path)
		if route.Method == http.MethodGet {
			continue // changes nothing, except for the mailed link that verifies an address
		}
		if !slices.ContainsFunc(acts, func(a act) bool { return a.call == call && (a.kind != "") != (a.why != "") }) {
			t.Errorf("%s is not in the table, or neither says what is recorded nor why nothing is", call)
		}
	}
}
