package app_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/database"
	"guestlist/app/mail"
	"guestlist/app/users"
)

const (
	canary        = "canary@example.org"
	canaryBody    = `{"email":"` + canary + `","password":"canary123","firstname":"canary","note":"canary"}`
	formOfCanary  = "email=canary%zz"
	wwwForm       = "application/x-www-form-urlencoded"
	canaryAddress = "203.0.113.9" // in headers that must not be trusted
)

// canaries returns requests, valid and invalid, with canaries in everything that a client can write.
func canaries(token string) []apptest.Request {
	return []apptest.Request{
		{Method: http.MethodPost, Path: user, Body: canaryBody}, // the address is taken; the driver's error may quote it
		{Method: http.MethodPost, Path: user, Body: `{"email":"canary2@example.org","password":"canary123"}`},
		{Method: http.MethodPost, Path: user + "?canary=canary", Body: `{"email":"canary","password":"canary"}`},
		{Method: http.MethodPost, Path: user, Body: `{"canary":"canary","CANARY":1}`},
		{Method: http.MethodPost, Path: user, Body: `{"email":["canary"]}`},
		{Method: http.MethodPost, Path: user, Body: `{"email":"canary`},
		{Method: http.MethodPost, Path: user, Body: formOfCanary, Header: map[string]string{"Content-Type": wwwForm}},
		{Method: http.MethodPost, Path: user, Body: "canary", Header: map[string]string{"Content-Type": "canary/canary"}},
		{Method: http.MethodPost, Path: login, Body: `{"email":"` + canary + `","password":"canary1234"}`},
		{Method: http.MethodPost, Path: login, Body: `{"email":"` + canary + `","password":"canary123"}`},
		{Method: http.MethodPost, Path: login, Body: `{"email":"canary","password":"canary"}`},
		{Method: http.MethodGet, Path: user, Token: token},
		// events
		{Method: http.MethodGet, Path: "/api/v1/event-by-key?event_key=canary", Token: token},
		// events
		{Method: http.MethodPut, Path: "/api/v1/event?id=1", Token: token,
			Body: `{"key":"canary canary","name":{"canary":"canary"}}`},
		// events
		{Method: http.MethodDelete, Path: "/api/v1/event-roles?event_id=1&email=canary2@example.org&role=canary",
			Token: token},
		{Method: http.MethodGet, Path: user, Token: "canary.canary.canary"},
		{Method: http.MethodPut, Path: user, Token: token,
			Body: `{"lastname":"canary","user_title":"canary","language":"canary"}`},
		{Method: http.MethodPut, Path: user, Token: token, Body: `{"email":"canary\n@example.org"}`},
		{Method: http.MethodPut, Path: user, Token: token, Body: `{"email":"canary2@example.org"}`},
		{Method: http.MethodGet, Path: list + "?q=canary&sort=canary&cursor=canary", Token: token},
		{Method: http.MethodGet, Path: list + "?q=canary", Token: token},
		{Method: http.MethodGet, Path: "/api/v1/authenticationrefresh?canary", Token: token},
		{Method: http.MethodPost, Path: "/api/v1/logout", Token: token, Body: `{"everywhere":"canary"}`},
		{Method: http.MethodPost, Path: "/api/v1/password-reset/request", Body: `{"email":"` + canary + `"}`},
		{Method: http.MethodPost, Path: "/api/v1/password-reset/confirm", Body: `{"code":"canary","password":"canary123"}`},
		{Method: http.MethodGet, Path: "/api/v1/verify-email?token=canary"},
		{Method: http.MethodGet, Path: "/api/v1/resend-verification-email?email=" + canary},
		{Method: http.MethodGet, Path: "/canary/canary?canary", Header: map[string]string{"User-Agent": "canary",
			"X-Forwarded-For": canaryAddress, "X-Real-IP": canaryAddress}},
		{Method: "CANARY", Path: user, Header: map[string]string{"X-Request-ID": "{canary}"}},
	}
}

// TestLogHoldsNoSecrets checks that the log holds no canaries at debug level. It sends requests that succeed and
// requests that are refused, without some of the tables, with a canceled or expired context, and with a closed
// database.
func TestLogHoldsNoSecrets(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	var registered apptest.User
	a.Send(t, apptest.Request{Method: http.MethodPost, Path: user, Body: canaryBody}).
		Decode(t, http.StatusCreated, &registered)
	a.Verify(t, registered.ID)
	if err := a.DB.Model(&users.User{}).Where("id = ?", registered.ID).Update("is_admin", true).Error; err != nil {
		t.Fatal(err)
	}
	secrets := append(mailedCodes(t, a), canaryAddress, "canary", "CANARY", registered.Token,
		strings.Split(registered.Token, ".")[2], "$argon2id$", string(a.Config.SecretKey),
		a.Clock.Now().Format("2006-01-02 15:04")) // as the value of a query
	sent := 1
	send := func(ctx context.Context) {
		for _, request := range canaries(registered.Token) {
			a.SendHTTP(request.HTTP(t).WithContext(ctx))
			sent++
		}
	}
	send(t.Context())
	secrets = append(secrets, mailedCodes(t, a)...)
	for _, tables := range [][]string{{"users"}, {"user_codes", "mail_messages", "revoked_tokens", "login_failures"},
		{"audit_events"}} {
		for _, table := range tables {
			rename(t, a, table, "hidden_"+table)
		}
		send(t.Context())
		if err := a.Mailer.Deliver(t.Context()); err != nil {
			a.Logger.Error("deliver", "error", err)
		}
		for _, table := range tables {
			rename(t, a, "hidden_"+table, table)
		}
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	send(canceled)
	late, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	send(late)
	if err := database.Close(a.DB); err != nil {
		t.Fatal(err)
	}
	send(t.Context())
	log := a.Log.String()
	for line := range strings.Lines(log) {
		for _, secret := range secrets {
			if strings.Contains(line, secret) {
				t.Errorf("the log holds %q: %s", secret, line)
			}
		}
	}
	if lines := strings.Count(log, `"msg":"request"`); lines != sent {
		t.Errorf("got %d lines of requests, want %d", lines, sent)
	}
}

// mailedCodes sends the pending mails and returns the codes in them.
func mailedCodes(t *testing.T, a *apptest.App) (codes []string) {
	t.Helper()
	for _, m := range a.Mails(t) {
		codes = append(codes, apptest.Code(t, m))
	}
	return codes
}

func rename(t *testing.T, a *apptest.App, from, to string) {
	t.Helper()
	if err := a.DB.Exec("ALTER TABLE " + from + " RENAME TO " + to).Error; err != nil {
		t.Fatal(err)
	}
}

// TestMailTroubleHoldsNoSecrets checks that the log holds no secrets when a mail cannot be sent.
func TestMailTroubleHoldsNoSecrets(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	for _, trouble := range []error{errors.New("the connection broke"), fmt.Errorf("%w: by the server", mail.ErrRefused)} {
		failing := app.New(a.Config, a.DB, app.WithLogger(a.Logger), app.WithClock(a.Clock.Now),
			app.WithTransport(broken{trouble}))
		(&apptest.App{App: failing}).
			Send(t, apptest.Request{Method: http.MethodPost, Path: "/api/v1/password-reset/request",
				Body: `{"email":"` + canary + `"}`})
		(&apptest.App{App: failing}).Send(t, apptest.Request{Method: http.MethodPost, Path: user, Body: canaryBody})
		if err := failing.Mailer.Deliver(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	log := a.Log.String()
	if want := "mail: "; !strings.Contains(log, want) {
		t.Errorf("the log lacks %q:\n%s", want, log)
	}
	for _, secret := range []string{"canary", "verify-email/"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log shows %q:\n%s", secret, log)
		}
	}
}

// broken is a mail.Transport that always fails.
type broken struct{ err error }

// Send implements mail.Transport.
func (b broken) Send(context.Context, mail.Envelope) error { return b.err }
