package users_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"guestlist/app/apptest"
	"guestlist/app/events"
)

// TestDatabaseFails makes one statement after another of every request and command fail. Each must fail whole, and
// succeed when it is tried again.
func TestDatabaseFails(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	root, event := a.RegisterAdmin(t, "root@example.org"), a.CreateEvent(t, "one")
	ann := a.Register(t, "ann@example.org")
	bob := a.RegisterWithRole(t, "bob@example.org", event.ID, events.Reviewer)
	a.invite(t, event.ID, bob.ID)
	a.Register(t, "fay@example.org")
	disowned := a.Register(t, "eve@example.org")
	a.invite(t, event.ID, disowned.ID)
	pages := map[string]string{}
	for _, m := range a.Mails(t) {
		if m.Kind == "verify_email" {
			pages[m.To.Address] = apptest.Page(t, m)
		}
	}
	verify, disown := pages["ann@example.org"], pages["eve@example.org"]
	failing := apptest.NewFailing(t, a.App)
	send := func(name string, status int, request func() apptest.Response) {
		t.Helper()
		var response apptest.Response
		failing.Each(t, name, func() bool {
			response = request()
			return response.Status >= http.StatusInternalServerError
		})
		if response.Status != status {
			t.Fatalf("%s: got %d %s, want %d", name, response.Status, response.Body, status)
		}
	}
	get := func(path, token string, status int) {
		t.Helper()
		send(path, status, func() apptest.Response {
			return a.Send(t, apptest.Request{Method: http.MethodGet, Path: path, Token: token})
		})
	}
	press := func(page, action string, status int) {
		t.Helper()
		send(action+" on "+page, status, func() apptest.Response { return a.press(t, page, action) })
	}

	call := func(method, path, token, body string, status int) {
		t.Helper()
		send(method+" "+path, status, func() apptest.Response {
			return a.Send(t, apptest.Request{Method: method, Path: path, Token: token, Body: body})
		})
	}

	send("an unused page", http.StatusOK, func() apptest.Response { return a.open(t, verify, "en") })
	press(verify, "confirm", http.StatusSeeOther)
	press(disown, "disown", http.StatusOK)
	get("/api/v1/resend-verification-email?email=fay@example.org", "", http.StatusCreated)
	get("/api/v1/verify-email?token="+apptest.Code(t, a.Mails(t)[0]), "", http.StatusCreated)
	get("/api/v1/user", ann.Token, http.StatusOK)
	get("/api/v1/authenticationrefresh", ann.Token, http.StatusOK)
	get("/api/v1/users?size=2&sort=lastname", root.Token, http.StatusOK)
	get("/api/v1/users/2", root.Token, http.StatusOK)

	account := `{"email":"kit@example.org","password":"123456"}`
	call(http.MethodPost, "/api/v1/user", "", account, http.StatusCreated)
	a.Clock.Advance(time.Minute) // otherwise the sign-in is not noted
	call(http.MethodPost, "/api/v1/authenticate", "", account, http.StatusOK)
	call(http.MethodPost, "/api/v1/authenticate", "", strings.Replace(account, "3", "4", 1), http.StatusUnauthorized)
	kit := a.authenticateWith(t, "kit@example.org", "123456")
	call(http.MethodPut, "/api/v1/user", kit.Token, `{"firstname":"Kit","password":"654321","current_password":"123456"}`,
		http.StatusOK)
	kit = a.authenticateWith(t, "kit@example.org", "654321")
	call(http.MethodPut, "/api/v1/privacypolicy", kit.Token, `{"policy_agreed":true}`, http.StatusOK)
	for _, do := range []string{"verify", "block", "unblock"} {
		call(http.MethodPost, fmt.Sprintf("/api/v1/users/%d/%s", kit.ID, do), root.Token, "{}", http.StatusOK)
	}
	kit = a.authenticateWith(t, "kit@example.org", "654321")
	call(http.MethodPost, "/api/v1/logout", kit.Token, "{}", http.StatusOK)
	kit = a.authenticateWith(t, "kit@example.org", "654321")
	call(http.MethodPost, "/api/v1/logout", kit.Token, `{"everywhere":true}`, http.StatusOK)
	kit = a.authenticateWith(t, "kit@example.org", "654321")
	call(http.MethodDelete, "/api/v1/user", kit.Token, "", http.StatusOK)

	call(http.MethodPost, "/api/v1/password-reset/request", "", `{"email":"fay@example.org"}`, http.StatusCreated)
	a.Mails(t)
	code := a.resetCode(t, "ann@example.org")
	send("the page of a code", http.StatusOK, func() apptest.Response { return a.open(t, "/reset-password/"+code, "en") })
	send("a new password", http.StatusCreated, func() apptest.Response { return a.confirm(t, code, "another one") })
	ann = a.authenticateWith(t, "ann@example.org", "another one")
	send("another address", http.StatusOK, func() apptest.Response {
		return a.put(t, ann.Token, `{"email":"new@example.org"}`)
	})
	a.Register(t, "new@example.org") // has the address, unverified, until ann confirms it
	confirm, undo := "", ""
	for _, m := range a.Mails(t) {
		switch m.Kind {
		case "change_email":
			confirm = apptest.Page(t, m)
		case "email_change":
			undo = apptest.Page(t, m)
		}
	}
	press(confirm, "confirm", http.StatusSeeOther)
	press(confirm, "confirm", http.StatusSeeOther)
	send("the page to undo it", http.StatusOK, func() apptest.Response { return a.open(t, undo, "en") })
	press(undo, "confirm", http.StatusOK)

	var out string
	for _, arguments := range [][]string{
		{"list", "--json"}, {"list"}, {"show", "bob@example.org"}, {"show", "2"}, {"verify", "ann@example.org"},
		{"block", "ann@example.org"}, {"unblock", "ann@example.org"}, {"grant-admin", "ann@example.org"},
		{"revoke-admin", "ann@example.org"}, {"export", "bob@example.org"}, {"import", "-"}, {"reindex"},
		{"create-admin", "zoe@example.org"}, {"delete", "bob@example.org"}, {"erase", "bob@example.org"},
	} {
		var err error
		failing.Each(t, strings.Join(arguments, " "), func() bool {
			out, err = a.operate(t, arguments...)
			return err != nil
		})
		if err != nil {
			t.Errorf("%s: %v\n%s", arguments, err, out)
		}
	}
}
