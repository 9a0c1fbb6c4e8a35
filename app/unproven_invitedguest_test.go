package app_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/events"
	"guestlist/app/invitedguest"
	"guestlist/app/mail"
	"guestlist/app/users"
)

const (
	vip      = "vip@example.org"
	eve      = "eve@example.org"
	badWords = "Win at eve.example.net"
)

// stage is an application with an event. Tests give a role, an invitation and the right to administer the system to
// someone else's address that a stranger has registered.
type stage struct {
	*apptest.App
	admin apptest.User
}

func newStage(t *testing.T, changes ...func(*app.Config)) stage {
	t.Helper()
	a := stage{App: apptest.New(t, changes...)}
	event := a.CreateEvent(t, "gala")
	a.admin = a.RegisterWithRole(t, "admin@example.org", event.ID, events.Administrator)
	return a
}

// squat registers someone else's address, with names that are messages to its owner.
func (a stage) squat(t *testing.T) (stranger apptest.User) {
	t.Helper()
	a.Send(t, apptest.Request{Method: httpPost, Path: user, Body: map[string]any{
		"email": vip, "password": apptest.Password, "firstname": badWords, "lastname": badWords, "user_title": badWords,
		"policy_agreed": true,
	}}).Decode(t, http.StatusCreated, &stranger)
	return stranger
}

// give gives the address a role in the event, an invitation, and the right of a system administrator. It returns the
// response to the first and the output of the command for the last.
func (a stage) give(t *testing.T) (granted, said string) {
	t.Helper()
	role := a.ask(t, httpPost, "/api/v1/event-roles", a.admin.Token,
		`{"event_id":1,"email":"vip@example.org","role":"admin"}`)
	role.Decode(t, http.StatusOK, &[]struct{}{})
	a.ask(t, httpPost, "/api/v1/invitedGuest", a.admin.Token, `{"event_id":1,"email":"vip@example.org","role":"guest"}`).
		Decode(t, http.StatusCreated, &struct{}{})
	return role.Body, a.command(t, "grant-admin", vip)
}

func (a stage) openUsers(context.Context) (*users.Service, error) {
	eventService := events.NewService(a.DB, events.Options{Guests: invitedguest.Guests{}})
	return users.NewService(a.DB, users.Options{
		Passwords: a.Passwords, Outbox: mail.NewOutbox(), Rules: a.Config.PasswordRules(), EventRoles: eventService,
		Belongings: []users.Belongings{events.Belongings{}, invitedguest.Belongings{}},
	}), nil
}

// command runs a command on users, as an operator, and returns what it prints.
func (a stage) command(t *testing.T, arguments ...string) string {
	t.Helper()
	var said bytes.Buffer
	for _, command := range users.Commands(users.Environment{Open: a.openUsers, Stdout: &said, Stderr: io.Discard}) {
		if command.Name() == arguments[0] {
			command.SetContext(t.Context())
			if err := command.RunE(command, arguments[1:]); err != nil {
				t.Fatal(err)
			}
		}
	}
	return said.String()
}

func (a stage) ask(t *testing.T, method, path, token string, body any) apptest.Response {
	t.Helper()
	return a.Send(t, apptest.Request{Method: method, Path: path, Token: token, Body: body})
}

// code returns the code in the mail of the kind to the address, or fails the test.
func (a stage) code(t *testing.T, mails []mail.Envelope, kind, address string) string {
	t.Helper()
	for _, m := range mails {
		found := regexp.MustCompile(`(?:/verify-email/|/reset-password/|/invitation/)(\S+)`).
			FindStringSubmatch(m.Content.Text)
		if m.Kind == kind && m.To.Address == address && found != nil {
			return found[1]
		}
	}
	t.Fatalf("no %s to %s among %+v", kind, address, mails)
	return ""
}

// TestWhatIsGivenToAnAddress gives a role, an invitation and the right of a system administrator to an address that a
// stranger has registered. It checks that all three stay with the address, whether the stranger stays or leaves, until
// its owner proves to own it by setting a password.
func TestWhatIsGivenToAnAddress(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(t *testing.T, a stage, stranger apptest.User){
		"stays": func(*testing.T, stage, apptest.User) {},
		"takes another address": func(t *testing.T, a stage, stranger apptest.User) {
			t.Helper()
			a.ask(t, httpPut, user, stranger.Token, `{"email":"eve@example.org"}`).Decode(t, http.StatusOK, &stranger)
			code := a.code(t, a.Mails(t), "change_email", eve)
			a.ask(t, httpGet, "/api/v1/verify-email?token="+code, "", nil)
			a.ask(t, httpPost, login, "", `{"email":"eve@example.org","password":"123456"}`).Decode(t, http.StatusOK, &stranger)
			var session struct {
				IsAdmin bool `json:"is_admin"`
				Roles   []users.EventRole
			}
			a.ask(t, httpGet, "/api/v1/authenticationrefresh", stranger.Token, nil).Decode(t, http.StatusOK, &session)
			if session.IsAdmin || len(session.Roles) > 0 {
				t.Errorf("the stranger has taken %+v along, want no rights", session)
			}
			a.ask(t, httpGet, list, stranger.Token, nil).Error(t, http.StatusForbidden, "FORBIDDEN")
			a.ask(t, httpGet, "/api/v1/invitedGuestList?event_id=1", stranger.Token, nil).
				Error(t, http.StatusForbidden, "FORBIDDEN")
			if got := a.ask(t, httpGet, "/api/v1/checkIfInvitedGuest?event_id=1", stranger.Token,
				nil); got.Status != http.StatusNotFound {
				t.Errorf("the stranger is invited: got %d %s, want %d", got.Status, got.Body, http.StatusNotFound)
			}
		},
		"deletes the account": func(t *testing.T, a stage, stranger apptest.User) {
			t.Helper()
			if got := a.ask(t, http.MethodDelete, user, stranger.Token, nil); got.Status != http.StatusOK {
				t.Errorf("got %d %s, want %d", got.Status, got.Body, http.StatusOK)
			}
		},
		"is deleted": func(t *testing.T, a stage, _ apptest.User) {
			t.Helper()
			if said := a.command(t, "delete", vip); !strings.Contains(said, "what others gave to it stays") {
				t.Errorf("the command prints %q, want it to say that what others gave stays", said)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newStage(t)
			stranger := a.squat(t)
			granted, said := a.give(t)
			if want := `,"pending":true}]`; !strings.HasSuffix(granted, want) {
				t.Errorf("got the response %s to the grant, want it to end with %s", granted, want)
			}
			if want := vip + " will be an administrator once the address is verified.\n"; said != want {
				t.Errorf("the grant to an administrator prints %q, want %q", said, want)
			}
			invitation := a.code(t, a.Mails(t), "invitation", vip)
			leave(t, a, stranger)

			roles := a.ask(t, httpGet, "/api/v1/event-roles?event_id=1", a.admin.Token, nil).Body
			guests := a.ask(t, httpGet, "/api/v1/invitedGuestList?event_id=1", a.admin.Token, nil).Body
			for what, body := range map[string]string{"roles": roles, "guests": guests} {
				if !strings.Contains(body, vip) || strings.Contains(body, eve) {
					t.Errorf("the %s are %s, want %s among them, and not %s", what, body, vip, eve)
				}
			}
			if !strings.Contains(roles, `"pending":true`) {
				t.Errorf("the roles are %s, want a pending one", roles)
			}
			answer := a.ask(t, httpPost, "/api/v1/invitation", "", map[string]string{"code": invitation, "status": "accepted"})
			if answer.Status != http.StatusOK {
				t.Errorf("the invitation's link: got %d %s, want %d", answer.Status, answer.Body, http.StatusOK)
			}

			a.ask(t, httpPost, "/api/v1/password-reset/request", "", `{"email":"vip@example.org"}`)
			code := a.code(t, a.Mails(t), "password_reset", vip)
			a.ask(t, httpPost, "/api/v1/password-reset/confirm", "", map[string]string{"code": code, "password": "the owner's"})
			var owner struct {
				apptest.User

				IsAdmin bool `json:"is_admin"`
				Roles   []users.EventRole
			}
			a.ask(t, httpPost, login, "", `{"email":"vip@example.org","password":"the owner's"}`).
				Decode(t, http.StatusOK, &owner)
			if roles := fmt.Sprint(owner.Roles); !owner.IsAdmin || roles != "[{1 admin}]" {
				t.Errorf("the owner is an administrator: %t, with the roles %s; want %t, %s", owner.IsAdmin, roles, true,
					"[{1 admin}]")
			}
			for _, path := range []string{list, "/api/v1/invitedGuestList?event_id=1",
				"/api/v1/checkIfInvitedGuest?event_id=1"} {
				if got := a.ask(t, httpGet, path, owner.Token, nil); got.Status != http.StatusOK ||
					strings.Contains(got.Body, vip+`","firstname":"`+badWords) {
					t.Errorf("%s: got %d %s, want %d, without %s", path, got.Status, got.Body, http.StatusOK, badWords)
				}
			}
			a.ask(t, httpPost, login, "", `{"email":"vip@example.org","password":"123456"}`).
				Error(t, http.StatusUnauthorized, "INVALID_CREDENTIALS")
			if name != "takes another address" {
				read(t, a.App, stranger.Token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
			}
		})
	}
}

// TestStrangersWords checks that no mail to an address that a stranger has registered shows the names that the stranger
// chose, and that the invitation page shows them only once the address is verified.
func TestStrangersWords(t *testing.T) {
	t.Parallel()
	a := newStage(t)
	stranger := a.squat(t)
	a.give(t)
	a.ask(t, httpPost, "/api/v1/invitedGuest/remind", a.admin.Token, `{"event_id":1,"reminder":"x"}`)
	a.ask(t, httpPost, "/api/v1/password-reset/request", "", `{"email":"vip@example.org"}`)
	sent := a.Mails(t)
	a.ask(t, http.MethodDelete, "/api/v1/invitedGuest?event_id=1&invited_guest_id=1", a.admin.Token, nil)
	sent = append(sent, a.Mails(t)...)
	kinds := map[string]int{}
	for _, m := range sent {
		if kinds[m.Kind]++; m.To.Address == vip && strings.Contains(fmt.Sprint(m), badWords) || m.To.Address == vip &&
			m.To.Name != "" {
			t.Errorf("mailed %+v, want neither a name nor %q in a mail to %s", m, badWords, vip)
		}
	}
	for _, kind := range []string{"verify_email", "invitation", "invitation_reminder", "password_reset",
		"invitation_withdrawn"} {
		if kinds[kind] == 0 {
			t.Errorf("no %s was sent", kind)
		}
	}
	a.ask(t, httpPost, "/api/v1/invitedGuest", a.admin.Token, `{"event_id":1,"email":"vip@example.org","role":"guest"}`)
	invitation := a.code(t, a.Mails(t), "invitation", vip)
	if page := a.ask(t, httpGet, "/invitation/"+invitation, "", nil); page.Status != http.StatusOK ||
		strings.Contains(page.Body, badWords) {
		t.Errorf("the page: got %d %s, want %d, without %s", page.Status, page.Body, http.StatusOK, badWords)
	}
	a.Verify(t, stranger.ID) // the stranger owns the address after all
	if page := a.ask(t, httpGet, "/invitation/"+invitation, "", nil); !strings.Contains(page.Body, badWords) {
		t.Errorf("the page does not greet the owner by name: %s", page.Body)
	}
}

// TestWordsOfOtherOrganisers checks that the name that an organiser gives a guest is used only in mails of that event,
// not in those of another event to which the guest is invited.
func TestWordsOfOtherOrganisers(t *testing.T) {
	t.Parallel()
	a := newStage(t)
	other := a.CreateEvent(t, "other")
	admin := a.RegisterWithRole(t, "other@example.org", other.ID, events.Administrator)
	a.ask(t, httpPost, "/api/v1/invitedGuest/create", a.admin.Token,
		map[string]any{"event_id": 1, "email": vip, "role": "guest", "firstname": "Zoe"}).
		Decode(t, http.StatusCreated, &struct{}{})
	a.ask(t, httpPost, bulk, a.admin.Token,
		`{"event_id":1,"guests":[{"email":"dan@example.org","firstname":"Dan","role":"guest"}]}`)
	a.ask(t, httpPost, bulk, admin.Token, map[string]any{"event_id": other.ID, "guests": []map[string]string{
		{"email": vip, "role": "guest", "firstname": badWords}, {"email": "dan@example.org", "role": "guest",
			"firstname": badWords},
	}})
	named := map[string]int{}
	for _, m := range a.Mails(t) {
		if m.Kind != "invitation" {
			continue
		}
		own := strings.Contains(m.Content.Text, "The gala")
		hello := strings.Contains(m.Content.Text, "Hello Zoe,") || strings.Contains(m.Content.Text, "Hello Dan,")
		if hello != own || (m.To.Name != "") != own || strings.Contains(fmt.Sprint(m), badWords) {
			t.Errorf("mailed %+v, want a name and a greeting with it: %t, and never %q", m, own, badWords)
		}
		named[m.To.Name]++
	}
	if named["Zoe"] != 1 || named["Dan"] != 1 || named[""] != 2 {
		t.Errorf("named %v, want one Zoe, one Dan and two without a name", named)
	}
}

// TestInvitationLinkIsNoProof checks that the link in an invitation opens the invitation, but proves nothing about the
// account.
func TestInvitationLinkIsNoProof(t *testing.T) {
	t.Parallel()
	a := newStage(t)
	a.squat(t)
	a.give(t)
	invitation := a.code(t, a.Mails(t), "invitation", vip)
	before := everybody(t, a.App)
	for _, request := range []apptest.Request{
		{Method: httpPost, Path: "/api/v1/invitation", Body: map[string]string{"code": invitation, "status": "accepted"}},
		{Method: httpGet, Path: "/invitation/" + invitation},
		{Method: httpPost, Path: "/invitation/" + invitation, Body: "status=declined",
			Header: map[string]string{"Content-Type": wwwForm}},
	} {
		if got := a.Send(t, request); got.Status >= http.StatusBadRequest {
			t.Errorf("%s %s: got %d %s", request.Method, request.Path, got.Status, got.Body)
		}
	}
	a.ask(t, httpGet, "/api/v1/verify-email?token="+invitation, "", nil).
		Error(t, http.StatusBadRequest, "EMAIL_VERIFY_CODE_NOT_VALID")
	a.ask(t, httpPost, "/api/v1/password-reset/confirm", "", map[string]string{"code": invitation, "password": "another"}).
		Error(t, http.StatusBadRequest, "RESET_PASSWORD_CODE_NOT_VALID")
	if after := everybody(t, a.App); after != before {
		t.Errorf("the link changed\n%s\ninto\n%s", before, after)
	}
}

// TestGivenWhileStrangersGo checks that roles and invitations stay with an address if they are given at the same time
// as the stranger who has registered the address takes another one or deletes the account.
func TestGivenWhileStrangersGo(t *testing.T) {
	t.Parallel()
	a := newStage(t)
	for round := range 12 {
		address := fmt.Sprintf("vip%d@example.org", round)
		stranger := a.Register(t, address)
		var group sync.WaitGroup
		answers := make([]apptest.Response, 4)
		for i, request := range []apptest.Request{
			{Method: httpPost, Path: "/api/v1/event-roles", Token: a.admin.Token,
				Body: map[string]any{"event_id": 1, "email": address, "role": "reviewer"}},
			{Method: httpPost, Path: "/api/v1/invitedGuest", Token: a.admin.Token,
				Body: map[string]any{"event_id": 1, "email": address, "role": "guest"}},
			{Method: httpPost, Path: bulk, Token: a.admin.Token,
				Body: map[string]any{"event_id": 1, "guests": []map[string]any{{"email": address, "role": "guest"}}}},
			{Method: httpPut, Path: user, Token: stranger.Token,
				Body: map[string]any{"email": fmt.Sprintf("%d-eve@example.org", round)}},
		} {
			if i == 3 && round%2 == 0 {
				request.Method, request.Body = http.MethodDelete, nil
			}
			group.Go(func() { answers[i] = a.Send(t, request) })
		}
		group.Wait()
		for i, answer := range answers {
			late := i < 2 && answer.Status == http.StatusNotFound || i == 1 && answer.Status == http.StatusConflict
			if answer.Status >= http.StatusBadRequest && !late {
				t.Errorf("request %d: got %d %s", i, answer.Status, answer.Body)
			}
		}
		guests := a.ask(t, httpGet, "/api/v1/invitedGuestList?event_id=1&q="+address, a.admin.Token, nil).Body
		roles := a.ask(t, httpGet, "/api/v1/event-roles?event_id=1", a.admin.Token, nil).Body
		if !strings.Contains(guests, address) || answers[0].Status == http.StatusOK && !strings.Contains(roles, address) {
			t.Errorf("the guests are %s, the roles %s, after %+v; want %s among the guests, and among the roles if the "+
				"first request returns %d", guests, roles, answers, address, http.StatusOK)
		}
	}
	if taken := a.ask(t, httpGet, "/api/v1/invitedGuestList?event_id=1&q=eve@", a.admin.Token, nil).Body; taken != "[]" {
		t.Errorf("strangers have taken %s, want %s", taken, "[]")
	}
	if roles := a.ask(t, httpGet, "/api/v1/event-roles?event_id=1", a.admin.Token, nil).
		Body; strings.Contains(roles, "eve@") {
		t.Errorf("strangers have taken %s", roles)
	}
}
