package app_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/database"
	"guestlist/app/utils"
)

func TestConfigReadsAsInFlask(t *testing.T) {
	t.Parallel()
	for _, debug := range []bool{true, false} {
		if a := apptest.New(t, func(c *app.Config) { c.Debug = debug }); a.Config.Debug != debug {
			t.Errorf("app.Config.Debug is %t, want the setting, %t", a.Config.Debug, debug)
		}
	}
}

func TestNotFound(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	for _, path := range []string{
		"/", "/api", "/api/v1", "/api/v1/", "/api/v1/user/", "/api/v1/user/1", "/API/v1/user", "//api/v1/user",
		"/api/v1/user%2f",
		"/api/v1/../v1/nothing", "/api/v2/user", "/%00", "/debug/pprof/", "/.env",
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost, "BREW"} {
			a.Send(t, apptest.Request{Method: method, Path: path}).Error(t, http.StatusNotFound, "NOT_FOUND")
		}
	}
}

func TestMethodNotAllowed(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	for path, allowed := range map[string]string{
		"/api/v1/user":         "GET, HEAD, POST, PUT, DELETE",
		"/api/v1/authenticate": "POST",
		"/healthz":             "GET, HEAD",
	} {
		for _, method := range []string{http.MethodPatch, http.MethodOptions, http.MethodTrace, "BREW", "get"} {
			response := a.Send(t, apptest.Request{Method: method, Path: path})
			response.Error(t, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED")
			if got := response.Header.Get("Allow"); got != allowed {
				t.Errorf("%s %s: Allow %q, want %q", method, path, got, allowed)
			}
		}
	}
}

func TestHead(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	user := a.Register(t, "ann@example.org")
	for path, token := range map[string]string{"/healthz": "", "/readyz": "", "/api/v1/user": user.Token} {
		if status := a.Send(t, apptest.Request{Method: http.MethodHead, Path: path, Token: token}).
			Status; status != http.StatusOK {
			t.Errorf("HEAD %s: got status %d, want %d", path, status, http.StatusOK)
		}
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	for name, test := range map[string]struct {
		contentType, body string
		status            int
		kind              string
	}{
		"text":    {"text/plain", "hello", http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE"},
		"xml":     {"application/xml", "<a/>", http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE"},
		"no JSON": {"application/json", "email=a", http.StatusBadRequest, "INVALID_JSON"},
		"trailing": {"application/json", `{"email":"a@b.org","password":"123456"} {}`, http.StatusBadRequest,
			"INVALID_JSON"},
		"duplicate": {"application/json", `{"email":"a@b.org","email":"a@b.org","password":"123456"}`, http.StatusBadRequest,
			"DUPLICATE_KEY"},
		"variant": {"application/json", `{"email":"a@b.org","Password":"123456","password":"123456"}`,
			http.StatusBadRequest, "DUPLICATE_KEY"},
		"bad UTF-8": {"application/json", "{\"email\":\"a\xff@b.org\",\"password\":\"123456\"}", http.StatusBadRequest,
			"INVALID_TEXT"},
		"U+0000": {"application/json", `{"email":"a@b.org","password":"123\u0000456"}`, http.StatusBadRequest,
			"INVALID_TEXT"},
		"form": {"application/x-www-form-urlencoded", "email=%zz", http.StatusBadRequest, "INVALID_FORM"},
		"1 MiB + 1": {"application/json", `{"email":"` + strings.Repeat("a", 1<<20+1-12) + `"}`,
			http.StatusRequestEntityTooLarge, "BODY_TOO_LARGE"},
		"1 MiB": {"application/json", `{"email":"` + strings.Repeat("a", 1<<20-12) + `"}`, http.StatusBadRequest,
			"VALIDATION_FAILED"},
		"empty JSON": {"application/json", "", http.StatusBadRequest, "INVALID_JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, path := range []string{"/api/v1/user", "/api/v1/authenticate"} {
				request := apptest.Request{Method: http.MethodPost, Path: path, Body: test.body,
					Header: map[string]string{"Content-Type": test.contentType}}
				if name == "1 MiB" && path == "/api/v1/authenticate" {
					continue // an address of any length is valid there, just unknown
				}
				a.Send(t, request).Error(t, test.status, test.kind)
			}
		})
	}
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	fresh := regexp.MustCompile(`^[0-9a-f]{32}$`)
	for given, kept := range map[string]bool{
		"abc-123_X.y": true, strings.Repeat("a", 64): true, strings.Repeat("a", 65): false, "": false, "a b": false,
		"a\"b": false, "a\tb": false, "ü": false, "<script>": false, `a","level":"ERROR`: false,
	} {
		response := a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/healthz",
			Header: map[string]string{"X-Request-ID": given}})
		got := response.Header.Get("X-Request-ID")
		if kept && got != given || !kept && !fresh.MatchString(got) {
			t.Errorf("%q became %q, want it kept: %t, and else one like %s", given, got, kept, fresh)
		}
	}
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	for _, path := range []string{"/healthz", "/api/v1/user", "/nothing"} {
		header := a.Send(t, apptest.Request{Method: http.MethodGet, Path: path}).Header
		for name, want := range map[string]string{
			"Cache-Control":             "no-store",
			"Content-Security-Policy":   "default-src 'none'; frame-ancestors 'none'",
			"Content-Type":              "application/json; charset=utf-8",
			"Referrer-Policy":           "no-referrer",
			"Strict-Transport-Security": "max-age=31536000",
			"X-Content-Type-Options":    "nosniff",
			"X-Frame-Options":           "DENY",
		} {
			if got := header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
	}
}

func TestPanic(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	broken := app.New(a.Config, nil, app.WithLogger(a.Logger)) // the first query panics
	response := (&apptest.App{App: broken, Log: a.Log}).Send(t, apptest.Request{
		Method: http.MethodPost, Path: "/api/v1/authenticate", Body: `{"email":"a@b.org","password":"canary"}`,
	})
	got := response.Error(t, http.StatusInternalServerError, "INTERNAL_ERROR")
	for _, word := range []string{"nil", "gorm"} {
		if strings.Contains(response.Body, word) {
			t.Errorf("the response shows internals, %q: %s", word, response.Body)
		}
	}
	log := a.Log.String()
	for _, want := range []string{`"msg":"panic"`, "logins.go", got.RequestID} {
		if !strings.Contains(log, want) {
			t.Errorf("the log of the panic lacks %q:\n%s", want, log)
		}
	}
}

func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	user := a.Register(t, "ann@example.org")
	away, err := database.Open("postgres://canary:canary@127.0.0.1:1/x?sslmode=disable", database.Options{})
	if err != nil {
		t.Fatal(err)
	}
	lost := &apptest.App{App: app.New(a.Config, away, app.WithLogger(a.Logger), app.WithClock(a.Clock.Now)), Log: a.Log}
	for name, request := range map[string]apptest.Request{
		"read": {Method: http.MethodGet, Path: "/api/v1/user", Token: user.Token},
		"authenticate": {Method: http.MethodPost, Path: "/api/v1/authenticate",
			Body: `{"email":"a@b.org","password":"123456"}`},
		"register": {Method: http.MethodPost, Path: "/api/v1/user", Body: `{"email":"a@b.org","password":"123456"}`},
		"ready":    {Method: http.MethodGet, Path: "/readyz"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expectUnavailable(t, lost.Send(t, request))
		})
	}
	if status := lost.Send(t, apptest.Request{Method: http.MethodGet, Path: "/healthz"}).Status; status != http.StatusOK {
		t.Errorf("/healthz: got status %d, want %d", status, http.StatusOK)
	}
}

// TestBusy checks that signing in and registering fail with 503 while no more passwords may wait to be hashed.
func TestBusy(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	busy := &apptest.App{App: app.New(a.Config, a.DB, app.WithPasswords(apptest.BusyPasswords(t)),
		app.WithLogger(a.Logger))}
	for _, path := range []string{"/api/v1/user", "/api/v1/authenticate"} {
		response := busy.Send(t, apptest.Request{Method: http.MethodPost, Path: path,
			Body: `{"email":"ann@example.org","password":"123456"}`})
		response.Error(t, http.StatusServiceUnavailable, "BUSY")
		if got, want := response.Header.Get("Retry-After"), "1"; got != want {
			t.Errorf("Retry-After: got %q, want %q", got, want)
		}
	}
	log := a.Log.String()
	if level := `"level":"ERROR"`; strings.Contains(log, level) {
		t.Errorf("being busy is logged as an error, with %s:\n%s", level, log)
	}
	if line := `"level":"WARN","msg":"request"`; strings.Count(log, line) != 2 {
		t.Errorf("got %s in the log %d times, want %d:\n%s", line, strings.Count(log, line), 2, log)
	}
}

func TestClientGone(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	request := apptest.Request{Method: http.MethodPost, Path: "/api/v1/authenticate",
		Body: `{"email":"ann@example.org","password":"123456"}`}
	if status := a.SendHTTP(request.HTTP(t).WithContext(ctx)).Status; status != 499 {
		t.Errorf("got status %d for a client that is gone, want %d", status, 499)
	}
}

func TestPoolExhausted(t *testing.T) {
	t.Parallel()
	a := apptest.New(t, func(c *app.Config) { c.DatabasePoolSize, c.RequestTimeout = 1, 20*time.Millisecond })
	held := a.DB.Begin()
	expectUnavailable(t, a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/readyz"}))
	if err := held.Rollback().Error; err != nil {
		t.Fatal(err)
	}
}

func expectUnavailable(t *testing.T, response apptest.Response) {
	t.Helper()
	response.Error(t, http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE")
	if got, want := response.Header.Get("Retry-After"), "2"; got != want {
		t.Errorf("Retry-After: got %q, want %q", got, want)
	}
	for _, word := range []string{"canary", "127.0.0.1"} {
		if strings.Contains(response.Body, word) {
			t.Errorf("the response shows %q of the database's address: %s", word, response.Body)
		}
	}
}

func TestReady(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	ready := apptest.Request{Method: http.MethodGet, Path: "/readyz"}
	const body = `{"status":"ready"}`
	if response := a.Send(t, ready); response.Status != http.StatusOK || response.Body != body {
		t.Errorf("got %d %s, want %d %s", response.Status, response.Body, http.StatusOK, body)
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if status := a.SendHTTP(ready.HTTP(t).WithContext(canceled)).Status; status == http.StatusOK {
		t.Error("got 200 for a client that is gone, want another status")
	}
	behind := app.New(a.Config, a.DB,
		app.WithSchemaCheck(func(context.Context) error {
			return fmt.Errorf("%w: two revisions behind",
				utils.ErrSchemaOutdated)
		}))
	(&apptest.App{App: behind}).Send(t, ready).Error(t, http.StatusServiceUnavailable, "SCHEMA_OUTDATED")
	ahead := app.New(a.Config, a.DB, app.WithSchemaCheck(func(context.Context) error {
		return fmt.Errorf("%w: %w", utils.ErrSchemaOutdated, app.ErrSchemaAhead)
	}))
	(&apptest.App{App: ahead}).Send(t, ready).Decode(t, http.StatusOK, &struct{}{})
	unknown := app.New(a.Config, a.DB,
		app.WithSchemaCheck(func(context.Context) error { return errors.New("permission denied") }))
	(&apptest.App{App: unknown}).Send(t, ready).Error(t, http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE")
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	a := app.New(app.Config{}, nil)
	var lines []string
	for _, r := range a.Routes() {
		lines = append(lines, strings.TrimSpace(strings.Join([]string{r.Endpoint, r.Method, r.Path, r.Access, r.Limit}, " ")))
	}
	const want = `app.live GET /healthz anyone
app.ready GET /readyz anyone
docs.Document GET /openapi.json anyone
docs.Page GET /docs anyone
docs.File GET /docs/:file anyone
users.Register POST /api/v1/user anyone LIMIT_REGISTER
users.Read GET /api/v1/user authenticated
users.Update PUT /api/v1/user authenticated
users.Delete DELETE /api/v1/user authenticated
users.Export GET /api/v1/user/export authenticated LIMIT_EXPORT
users.AgreeToPolicy PUT /api/v1/privacypolicy authenticated
users.List GET /api/v1/users administrators
users.ReadOne GET /api/v1/users/:id administrators
users.Verify POST /api/v1/users/:id/verify administrators
users.Block POST /api/v1/users/:id/block administrators
users.Unblock POST /api/v1/users/:id/unblock administrators
users.Authenticate POST /api/v1/authenticate anyone LIMIT_LOGIN
users.Refresh GET /api/v1/authenticationrefresh authenticated
users.Logout POST /api/v1/logout authenticated
users.RequestPasswordReset POST /api/v1/password-reset/request anyone LIMIT_MAIL
users.ConfirmPasswordReset POST /api/v1/password-reset/confirm anyone LIMIT_LOGIN
users.VerifyEmail GET /api/v1/verify-email anyone
users.ResendVerification GET /api/v1/resend-verification-email anyone LIMIT_MAIL
users.ResendPage GET /verify-email anyone
users.ResendOnPage POST /verify-email anyone LIMIT_MAIL
users.VerifyPage GET /verify-email/:code anyone
users.VerifyOnPage POST /verify-email/:code anyone
users.RequestResetPage GET /reset-password anyone
users.RequestResetOnPage POST /reset-password anyone LIMIT_MAIL
users.ResetPage GET /reset-password/:code anyone
users.ResetOnPage POST /reset-password/:code anyone LIMIT_LOGIN
users.UndoPage GET /undo-email/:code anyone
users.UndoOnPage POST /undo-email/:code anyone LIMIT_LOGIN
organisation.Read GET /api/v1/organisation anyone
content.Titles GET /api/v1/content/title anyone
content.Genders GET /api/v1/content/gender anyone
content.Countries GET /api/v1/content/countries anyone
content.Categories GET /api/v1/content/categories anyone
content.Ethnicities GET /api/v1/content/ethnicity anyone
content.Disabilities GET /api/v1/content/disability anyone
events.Create POST /api/v1/event administrators
events.Read GET /api/v1/event authenticated
events.Update PUT /api/v1/event authenticated
events.List GET /api/v1/events authenticated
events.ReadByKey GET /api/v1/event-by-key authenticated
events.ListRoles GET /api/v1/event-roles authenticated
events.Grant POST /api/v1/event-roles authenticated
events.Revoke DELETE /api/v1/event-roles authenticated
tags.List GET /api/v1/tags authenticated
tags.ListAll GET /api/v1/tagsconfig authenticated
tags.Types GET /api/v1/tagtypes authenticated
tags.Read GET /api/v1/tag authenticated
tags.Create POST /api/v1/tag authenticated
tags.Update PUT /api/v1/tag authenticated
tags.Delete DELETE /api/v1/tag authenticated
invitedguest.Invite POST /api/v1/invitedGuest authenticated
invitedguest.Create POST /api/v1/invitedGuest/create authenticated
invitedguest.InviteMany POST /api/v1/invitedGuest/bulk authenticated
invitedguest.Read GET /api/v1/invitedGuest authenticated
invitedguest.Update PUT /api/v1/invitedGuest authenticated
invitedguest.Remove DELETE /api/v1/invitedGuest authenticated
invitedguest.Resend POST /api/v1/invitedGuest/resend authenticated
invitedguest.Remind POST /api/v1/invitedGuest/remind authenticated
invitedguest.Announce POST /api/v1/event-mail authenticated
invitedguest.Count GET /api/v1/invitedGuest/counts authenticated
invitedguest.ListWordings GET /api/v1/event-wording authenticated
invitedguest.SetWording PUT /api/v1/event-wording authenticated
invitedguest.RemoveWording DELETE /api/v1/event-wording authenticated
invitedguest.TryWording POST /api/v1/event-wording/preview authenticated
invitedguest.ReadNews GET /api/v1/event-notification authenticated
invitedguest.SetNews PUT /api/v1/event-notification authenticated
invitedguest.List GET /api/v1/invitedGuestList authenticated
invitedguest.ListProfiles GET /api/v1/userprofilelist authenticated
invitedguest.ReadProfile GET /api/v1/userprofile authenticated
invitedguest.Check GET /api/v1/checkIfInvitedGuest authenticated
invitedguest.AddTag POST /api/v1/invitedguesttag authenticated
invitedguest.RemoveTag DELETE /api/v1/invitedguesttag authenticated
invitedguest.Answer POST /api/v1/invitation anyone
invitedguest.Page GET /invitation/:code anyone
invitedguest.AnswerOnPage POST /invitation/:code anyone
invitedguest.Calendar GET /invitation/:code/event.ics anyone
invitedguest.OptOutPage GET /invitation/:code/unsubscribe anyone
invitedguest.OptOutOnPage POST /invitation/:code/unsubscribe anyone
`
	if got := strings.Join(lines, "\n") + "\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := gin.Mode(); got != gin.ReleaseMode {
		t.Errorf("Gin prints messages outside the log: its mode is %q, want %q", got, gin.ReleaseMode)
	}
}
