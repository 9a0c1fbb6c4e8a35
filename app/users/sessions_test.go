package users_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"gorm.io/gorm"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/database/dbtest"
	"guestlist/app/users"
)

func TestRefresh(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.Register(t, "ann@example.org")
	a.Clock.Advance(a.Config.TokenLifetime - time.Minute)
	var fresh apptest.User
	response := a.refresh(t, user.Token)
	response.Decode(t, http.StatusOK, &fresh)
	if want := `{"id":1,"token":"` + fresh.Token +
		`","email":"ann@example.org","firstname":"","lastname":"","title":"","is_admin":false,"primary_language":"en",` +
		`"roles":[]}`; response.Body != want {
		t.Errorf("got %s, want %s", response.Body, want)
	}
	if status := a.read(t, user.Token).Status; status != http.StatusOK {
		t.Errorf("the old token: got %d, want 200", status)
	}
	a.Clock.Advance(2 * time.Minute)
	a.refresh(t, user.Token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
	a.refresh(t, fresh.Token).Decode(t, http.StatusOK, &fresh)
	a.refresh(t, "").Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
	a.set(t, user.ID, "deleted_at", a.Clock.Now())
	a.refresh(t, fresh.Token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
}

func TestLogout(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		request    apptest.Request
		everywhere bool
	}{
		"no body":        {apptest.Request{}, false},
		"empty body":     {apptest.Request{Body: ""}, false},
		"empty object":   {apptest.Request{Body: `{}`}, false},
		"not everywhere": {apptest.Request{Body: `{"everywhere":false}`}, false},
		"everywhere":     {apptest.Request{Body: `{"everywhere":true}`}, true},
		"form":           {apptest.Request{Body: "everywhere=on", Header: map[string]string{"Content-Type": form}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newTestApp(t)
			user, bob := a.Register(t, "ann@example.org"), a.Register(t, "bob@example.org")
			other := a.authenticate(t, "ann@example.org")
			test.request.Method, test.request.Path, test.request.Token = http.MethodPost, "/api/v1/logout", user.Token
			if response := a.Send(t, test.request); response.Status != http.StatusOK || response.Body != "{}" {
				t.Fatalf("got %d %s, want 200 {}", response.Status, response.Body)
			}
			a.read(t, user.Token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
			a.Send(t, test.request).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
			if ended := a.read(t, other.Token).Status == http.StatusUnauthorized; ended != test.everywhere {
				t.Errorf("the user's other token ended: got %t, want %t", ended, test.everywhere)
			}
			for _, token := range []string{bob.Token, a.authenticate(t, "ann@example.org").Token} {
				if status := a.read(t, token).Status; status != http.StatusOK {
					t.Errorf("another token: got %d, want 200", status)
				}
			}
			// Another instance, with empty caches.
			again := apptest.App{App: app.New(a.Config, a.DB, app.WithClock(a.Clock.Now))}
			again.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/user", Token: user.Token}).
				Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
		})
	}
}

func TestLogoutRefuses(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.Register(t, "ann@example.org")
	got := a.Send(t, apptest.Request{Method: http.MethodPost, Path: "/api/v1/logout", Token: user.Token,
		Body: `{"everywhere":"yes"}`}).
		Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
	if got.Errors["everywhere"] == "" {
		t.Errorf("got the errors %v, want one of everywhere", got.Errors)
	}
	if status := a.read(t, user.Token).Status; status != http.StatusOK {
		t.Errorf("the token after a refused request: got %d, want 200", status)
	}
}

// TestLogoutAtOnce ends one token many times concurrently.
func TestLogoutAtOnce(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.Register(t, "ann@example.org")
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			status := a.Send(t, apptest.Request{Method: http.MethodPost, Path: "/api/v1/logout", Token: user.Token}).Status
			if status != http.StatusOK && status != http.StatusUnauthorized {
				t.Errorf("got %d, want 200 or 401", status)
			}
		})
	}
	group.Wait()
	a.read(t, user.Token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
}

// TestLogoutOfOldTokens ends a token without an ID, as older programs issued.
func TestLogoutOfOldTokens(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.Register(t, "ann@example.org")
	var tokens []string
	for i := range 2 {
		token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
			"id": user.ID, "email": user.Email, "iat": a.Clock.Now().Unix() - int64(i), "exp": a.Clock.Now().Unix() + 60,
		}).SignedString(a.Config.SecretKey)
		if err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, token)
	}
	a.Send(t, apptest.Request{Method: http.MethodPost, Path: "/api/v1/logout", Token: tokens[0]})
	if got := [2]int{a.read(t, tokens[0]).Status, a.read(t, tokens[1]).Status}; got != [2]int{401, 200} {
		t.Errorf("got the statuses %v, want 401 for the ended token and 200 for the other", got)
	}
}

func TestExpiredTokensAreForgotten(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	var rows []users.RevokedToken
	for i := range 1250 {
		rows = append(rows, users.RevokedToken{TokenID: fmt.Sprint(i), ExpiresAt: a.Clock.Now().
			Add(time.Duration(i-1229) * time.Second)})
	}
	if err := a.DB.Create(&rows).Error; err != nil {
		t.Fatal(err)
	}
	if err := a.Clean(t.Context()); err != nil {
		t.Fatal(err)
	}
	var count int64
	if err := a.DB.Model(&users.RevokedToken{}).Count(&count).Error; err != nil || count != 20 {
		t.Errorf("%d rows are left, %v; want 20", count, err)
	}
}

func TestSecretKeyRotation(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.Register(t, "ann@example.org")
	config := a.Config
	config.SecretKey = []byte("the next key, also of more than 32 bytes")
	read := apptest.Request{Method: http.MethodGet, Path: "/api/v1/user", Token: user.Token}
	abrupt := apptest.App{App: app.New(config, a.DB, app.WithClock(a.Clock.Now))}
	abrupt.Send(t, read).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
	config.SecretKeyPrevious = a.Config.SecretKey
	during := apptest.App{App: app.New(config, a.DB, app.WithClock(a.Clock.Now))}
	during.Send(t, read).Decode(t, http.StatusOK, &apptest.User{})
	var fresh apptest.User
	during.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/authenticationrefresh", Token: user.Token}).
		Decode(t, http.StatusOK, &fresh)
	read.Token = fresh.Token
	abrupt.Send(t, read).Decode(t, http.StatusOK, &apptest.User{})    // signed with the new key
	a.Send(t, read).Error(t, http.StatusUnauthorized, "UNAUTHORIZED") // the old program does not have it
}

func TestLastLogin(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.Register(t, "ann@example.org")
	begin := a.Clock.Now()
	for _, test := range []struct{ after, want time.Duration }{
		{0, 0}, {59 * time.Second, 0}, {time.Second, time.Minute}, {59 * time.Second, time.Minute}, {time.Hour,
			time.Hour + 119*time.Second},
	} {
		a.Clock.Advance(test.after)
		a.authenticate(t, user.Email)
		a.post(t, "/api/v1/authenticate", `{"email":"ann@example.org","password":"wrong one"}`)
		if got := a.user(t, user.ID).LastLogin; got == nil || !got.Equal(begin.Add(test.want)) {
			t.Errorf("%v later: got %v, want %v", test.after, got, begin.Add(test.want))
		}
	}
}

func (a testApp) refresh(t *testing.T, token string) apptest.Response {
	t.Helper()
	return a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/authenticationrefresh", Token: token})
}

// TestSignInWithAWarning checks that a user gets a session although an outdated hash cannot be replaced, and that this
// is logged as a warning.
func TestSignInWithAWarning(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.StoreUser(t, "ann@example.org", flaskHash)
	full := func(tx *gorm.DB) {
		if _, ok := tx.Statement.Dest.(map[string]any)["password_hash"]; ok {
			_ = tx.AddError(errors.New("disk full"))
		}
	}
	if err := a.DB.Callback().Update().Before("gorm:update").Register("full", full); err != nil {
		t.Fatal(err)
	}
	if ann := a.authenticate(t, "ann@example.org"); ann.Token == "" {
		t.Errorf("got %+v, want a token", ann)
	}
	if got := a.Log.Warnings(); !strings.Contains(got, "replace a password hash: disk full") {
		t.Errorf("logged %q, want a warning that the hash was not replaced", got)
	}
}

// TestRightPasswordIsNoFailure checks that a right password does not count as a failure, even if the database fails
// before this is stored.
func TestRightPasswordIsNoFailure(t *testing.T) {
	t.Parallel()
	for name, check := range map[string]func(a testApp, token string) apptest.Response{
		"signing in": func(a testApp, _ string) apptest.Response { return a.signIn(t, apptest.Password) },
		"changing the password": func(a testApp, token string) apptest.Response {
			return a.put(t, token, `{"password":"another one","current_password":"`+apptest.Password+`"}`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newTestApp(t, func(c *app.Config) { c.LimitFailedLogins = 2 })
			token := a.Register(t, "ann@example.org").Token
			var full atomic.Bool
			full.Store(true)
			fail := func(tx *gorm.DB) {
				if full.Load() && strings.Contains(tx.Statement.SQL.String(), "known_until = excluded") {
					_ = tx.AddError(dbtest.ErrDiskFull)
				}
			}
			if err := a.DB.Callback().Raw().Before("gorm:raw").Register("full", fail); err != nil {
				t.Fatal(err)
			}
			for range 2 + a.Config.LimitFailedLogins {
				if response := check(a, token); response.Status != http.StatusInternalServerError {
					t.Fatalf("got %d %s, want 500", response.Status, response.Body)
				}
			}
			full.Store(false)
			if response := check(a, token); response.Status != http.StatusOK {
				t.Errorf("got %d %s, want 200", response.Status, response.Body)
			}
		})
	}
}

// TestProbeWrite checks that the row can be written again.
func TestProbeWrite(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	for range 2 {
		if err := users.ProbeWrite(t.Context(), a.DB); err != nil {
			t.Error(err)
		}
	}
	dbtest.FailAt(t, a.DB, 1)
	if err := users.ProbeWrite(t.Context(), a.DB); !errors.Is(err, dbtest.ErrDiskFull) {
		t.Errorf("got error %v, want %v", err, dbtest.ErrDiskFull)
	}
}
