package users_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/audit"
	"guestlist/app/limits"
	"guestlist/app/mail"
	"guestlist/app/users"
)

// TestMain allows the tests to start servers with apptest.StartServer.
func TestMain(m *testing.M) { apptest.Main(m) }

const form = "application/x-www-form-urlencoded"

func TestRegister(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body        any
		contentType string
		want        string // the part of the response after the id and the token
	}{
		"the least": {
			body: `{"email":"ann@example.org","password":"123456"}`,
			want: `"email":"ann@example.org","firstname":"","lastname":"","title":"","is_admin":false,` +
				`"primary_language":"en","roles":[]}`,
		},
		"everything": {
			body: `{"email":"ann@example.org","password":"123456","firstname":"Ann","lastname":"Ó <b>","user_title":"Dr",` +
				`"language":"pt-BR","policy_agreed":true}`,
			want: `"email":"ann@example.org","firstname":"Ann","lastname":"Ó \u003cb\u003e","title":"Dr","is_admin":false,` +
				`"primary_language":"pt-BR","roles":[]}`,
		},
		"a form": {
			body:        "email=ann%40example.org&password=123456&firstname=Ann&policy_agreed=true",
			contentType: form,
			want: `"email":"ann@example.org","firstname":"Ann","lastname":"","title":"","is_admin":false,` +
				`"primary_language":"en","roles":[]}`,
		},
		"a canonical address": {
			body: `{"email":" Ann@B\u00fccher.Example ","password":"123456"}`,
			want: `"email":"ann@xn--bcher-kva.example","firstname":"","lastname":"","title":"","is_admin":false,` +
				`"primary_language":"en","roles":[]}`,
		},
		"unknown members and power": {
			body: `{"email":"ann@example.org","password":"123456","is_admin":true,"id":77,"roles":["admin"],"deleted_at":"now"}`,
			want: `"email":"ann@example.org","firstname":"","lastname":"","title":"","is_admin":false,` +
				`"primary_language":"en","roles":[]}`,
		},
		"nulls": {
			body: `{"email":"ann@example.org","password":"123456","firstname":null,"language":null}`,
			want: `"email":"ann@example.org","firstname":"","lastname":"","title":"","is_admin":false,` +
				`"primary_language":"en","roles":[]}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newTestApp(t)
			request := apptest.Request{Method: http.MethodPost, Path: "/api/v1/user", Body: test.body}
			if test.contentType != "" {
				request.Header = map[string]string{"Content-Type": test.contentType}
			}
			response := a.Send(t, request)
			var user apptest.User
			response.Decode(t, http.StatusCreated, &user)
			if user.ID != 1 || !strings.HasPrefix(response.Body, `{"id":1,"token":"`+user.Token+`",`) ||
				!strings.HasSuffix(response.Body, test.want) {
				t.Errorf("got  %s\nwant … %s", response.Body, test.want)
			}
			if status := a.read(t, user.Token).Status; status != http.StatusOK {
				t.Errorf("the token: got %d, want 200", status)
			}
		})
	}
}

func TestRegisterRefuses(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	long := strings.Repeat("x", 300)
	for name, test := range map[string]struct {
		body string
		want map[string]string
	}{
		"nothing": {`{}`, map[string]string{"email": "is required", "password": "is required"}},
		"no address": {`{"email":"ann","password":"123456"}`,
			map[string]string{"email": "is not a valid email address"}},
		"short password": {`{"email":"ann@example.org","password":"12345"}`,
			map[string]string{"password": "must have at least 6 characters"}},
		"short, many bytes": {`{"email":"ann@example.org","password":"ääää"}`,
			map[string]string{"password": "must have at least 6 characters"}},
		"long password": {`{"email":"ann@example.org","password":"` + long + `"}`,
			map[string]string{"password": "must have at most 256 bytes"}},
		"password no string": {`{"email":"ann@example.org","password":123456}`,
			map[string]string{"password": "must be a string"}},
		"long name": {`{"email":"ann@example.org","password":"123456","firstname":"` + long + `"}`,
			map[string]string{"firstname": "must have at most 100 characters"}},
		"line break in name": {`{"email":"ann@example.org","password":"123456","lastname":"a\r\nBcc: b"}`,
			map[string]string{"lastname": "must have no control characters or line breaks"}},
		"long title": {`{"email":"ann@example.org","password":"123456","user_title":"` + long + `"}`,
			map[string]string{"user_title": "must have at most 50 characters"}},
		"reversed text": {`{"email":"ann@example.org","password":"123456","firstname":"a\u202eb"}`,
			map[string]string{"firstname": "must have no control characters or line breaks"}},
		"no language": {`{"email":"ann@example.org","password":"123456","language":"<en>"}`,
			map[string]string{"language": "must be a language tag such as en or pt-BR"}},
		"agreement no truth": {`{"email":"ann@example.org","password":"123456","policy_agreed":"yes"}`,
			map[string]string{"policy_agreed": "must be true or false"}},
		"address with breaks": {`{"email":"ann@example.org\nBcc: b@c.de","password":"123456"}`,
			map[string]string{"email": "is not a valid email address"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := a.post(t, "/api/v1/user", test.body).Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
			if len(got.Errors) != len(test.want) {
				t.Errorf("got %v, want %v", got.Errors, test.want)
			}
			for field, problem := range test.want {
				if got.Errors[field] != problem {
					t.Errorf("%s: got %q, want %q", field, got.Errors[field], problem)
				}
			}
		})
	}
}

func TestRegisterDuplicate(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.Register(t, "jose\u0301@example.org")
	for name, email := range map[string]string{
		"the same":       "jose\u0301@example.org",
		"composed":       "jos\u00e9@example.org",
		"in capitals":    "JOS\u00c9@EXAMPLE.ORG",
		"spaces around":  "  jos\u00e9@example.org\t",
		"ideographic.":   "jos\u00e9@example\u3002org",
		"fullwidth host": "jos\u00e9@\uff45xample.org",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			response := a.Send(t, apptest.Request{
				Method: http.MethodPost, Path: "/api/v1/user", Body: map[string]string{"email": email, "password": "another"},
			})
			response.Error(t, http.StatusConflict, "EMAIL_IN_USE")
		})
	}
}

// TestRegisterDeletedMeanwhile deletes the account with the address after a registration was refused because of it, and
// before the registration looks for that account.
func TestRegisterDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gone := a.Register(t, "ann@example.org")
	refused := false
	err := errors.Join(
		a.DB.Callback().Create().After("gorm:create").Register("refused", func(db *gorm.DB) {
			refused = refused || errors.Is(db.Error, gorm.ErrDuplicatedKey)
		}),
		a.DB.Callback().Query().Before("gorm:query").Register("delete", func(db *gorm.DB) {
			if refused {
				refused = false
				_ = db.AddError(db.Session(&gorm.Session{NewDB: true}).Exec("UPDATE users SET deleted_at = created_at WHERE id = ?",
					gone.ID).Error)
			}
		}),
	)
	if err != nil {
		t.Fatal(err)
	}
	if again := a.Register(t, "ann@example.org"); again.ID == gone.ID {
		t.Errorf("registered %+v, want a new account", again)
	}
	a.post(t, "/api/v1/user", `{"email":"ann@example.org","password":"123456"}`).
		Error(t, http.StatusConflict, "EMAIL_IN_USE")
}

func TestRegisterAtOnce(t *testing.T) {
	t.Parallel()
	const clients = 50
	a := newTestApp(t)
	statuses := make([]int, clients)
	var group sync.WaitGroup
	for i := range clients {
		group.Go(func() {
			statuses[i] = a.post(t, "/api/v1/user", `{"email":"Ann@example.org","password":"123456"}`).Status
		})
	}
	group.Wait()
	count := map[int]int{}
	for _, status := range statuses {
		count[status]++
	}
	if count[http.StatusCreated] != 1 || count[http.StatusConflict] != clients-1 {
		t.Errorf("got the statuses %v, want 201 once and 409 %d times", count, clients-1)
	}
	var stored int64
	if err := a.DB.Model(&users.User{}).Count(&stored).Error; err != nil || stored != 1 {
		t.Errorf("%d users stored, %v; want 1, no error", stored, err)
	}
}

func TestAuthenticate(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	registered := a.Register(t, "ann@example.org")
	for name, request := range map[string]apptest.Request{
		"json":             {Body: `{"email":"ann@example.org","password":"123456"}`},
		"another spelling": {Body: `{"email":" ANN@Example.org","password":"123456"}`},
		"form":             {Body: "email=ann@example.org&password=123456", Header: map[string]string{"Content-Type": form}},
		"unknown members":  {Body: `{"email":"ann@example.org","password":"123456","remember":true}`},
		"json with charset": {Body: `{"email":"ann@example.org","password":"123456"}`,
			Header: map[string]string{"Content-Type": "application/json;charset=utf-8"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			request.Method, request.Path = http.MethodPost, "/api/v1/authenticate"
			var user apptest.User
			a.Send(t, request).Decode(t, http.StatusOK, &user)
			if user.ID != registered.ID || user.Email != "ann@example.org" {
				t.Errorf("got %+v, want the id %d and the address ann@example.org", user, registered.ID)
			}
			if status := a.read(t, user.Token).Status; status != http.StatusOK {
				t.Errorf("the token: got %d, want 200", status)
			}
		})
	}
}

func TestAuthenticateFailures(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.Register(t, "ann@example.org")
	a.StoreUser(t, "unusable@example.org", "")
	a.StoreUser(t, "damaged@example.org", "$argon2id$v=19$m=4294967295,t=4294967295,p=1$AAAAAAAAAAA$AAAA")
	a.StoreUser(t, "flask@example.org", flaskHash)
	gone := a.Register(t, "gone@example.org")
	if err := a.DB.Delete(&users.User{}, gone.ID).Error; err != nil {
		t.Fatal(err)
	}
	bodies := map[string]string{
		"wrong password":   `{"email":"ann@example.org","password":"1234567"}`,
		"no such user":     `{"email":"bob@example.org","password":"123456"}`,
		"no address":       `{"email":"ann","password":"123456"}`,
		"too long":         `{"email":"ann@example.org","password":"` + strings.Repeat("x", 1000) + `"}`,
		"deleted user":     `{"email":"gone@example.org","password":"123456"}`,
		"without password": `{"email":"unusable@example.org","password":"123456"}`,
		"damaged hash":     `{"email":"damaged@example.org","password":"123456"}`,
		"bcrypt hash":      `{"email":"flask@example.org","password":"1234567"}`,
		"the hash itself":  `{"email":"flask@example.org","password":"` + flaskHash + `"}`,
		"sql":              `{"email":"' OR 1=1 --@example.org","password":"' OR '1'='1"}`,
	}
	answers := map[string]bool{}
	for name, body := range bodies { // sequentially: the hashes of each are counted
		before := a.Passwords.Computed()
		response := a.Send(t, apptest.Request{
			Method: http.MethodPost, Path: "/api/v1/authenticate", Body: body,
			Header: map[string]string{"X-Request-ID": "fixed"},
		})
		response.Error(t, http.StatusUnauthorized, "INVALID_CREDENTIALS")
		if hashes := a.Passwords.Computed() - before; hashes != 1 {
			t.Errorf("%s: %d hashes computed, want 1", name, hashes)
		}
		answers[response.Body] = true
	}
	if len(answers) != 1 {
		t.Errorf("the responses differ, want all the same: %v", answers)
	}
}

func TestAuthenticateRefuses(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	for name, test := range map[string]struct {
		body   string
		fields []string
	}{
		"nothing":     {`{}`, []string{"email", "password"}},
		"no password": {`{"email":"ann@example.org"}`, []string{"password"}},
		"no email":    {`{"password":"123456"}`, []string{"email"}},
		"a list":      {`{"email":["ann@example.org"],"password":"123456"}`, []string{"email"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := a.post(t, "/api/v1/authenticate", test.body).Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
			for _, field := range test.fields {
				if got.Errors[field] == "" {
					t.Errorf("%s is missing in the errors %v", field, got.Errors)
				}
			}
		})
	}
}

// flaskHash is the result of Flask-Bcrypt 1.0.1's generate_password_hash for "123456".
const flaskHash = "$2b$12$PkqQ2GUgJWz94ntvHimlt.mK.UGJ6RRYfBcctqMB2uzNanYApDYYy"

func TestAuthenticateWithFlaskBcryptHash(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ hash, password string }{
		"123456":        {flaskHash, "123456"},
		"umlauts":       {"$2b$04$HERubFFospMMdNgs.k.cRe0uw9jQY0Gw8tTt6fPK2d5Q4u0qJkbVq", "pässwörd"},
		"over 72 bytes": {"$2b$04$PVe9gnRpu2s.A7vfqJs3HuHz4q6Yp0cy28VJlGTAqbm61rRYpsGVe", strings.Repeat("x", 80)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newTestApp(t)
			id := a.StoreUser(t, "flask@example.org", test.hash)
			body := `{"email":"flask@example.org","password":"` + test.password + `"}`
			a.post(t, "/api/v1/authenticate", body).Decode(t, http.StatusOK, &apptest.User{})
			var user users.User
			if err := a.DB.First(&user, id).Error; err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(user.PasswordHash, "$argon2id$v=19$m=7168,t=5,p=1$") {
				t.Errorf("the password was not rehashed: %s", user.PasswordHash)
			}
			before := a.Passwords.Computed()
			a.post(t, "/api/v1/authenticate", body).Decode(t, http.StatusOK, &apptest.User{})
			if hashes := a.Passwords.Computed() - before; hashes != 1 {
				t.Errorf("signed in again: got %d hashes, want 1", hashes)
			}
		})
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	var user apptest.User
	a.post(t, "/api/v1/user",
		`{"email":"ann@example.org","password":"123456","firstname":"Ann","lastname":"Lee","user_title":"Dr"}`).
		Decode(t, http.StatusCreated, &user)
	for name, header := range map[string]string{
		"bare":               user.Token,
		"bearer":             "Bearer " + user.Token,
		"bearer, lower case": "bearer " + user.Token,
		"bearer, two spaces": "BEARER  " + user.Token,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			response := a.Send(t, apptest.Request{
				Method: http.MethodGet, Path: "/api/v1/user", Header: map[string]string{"Authorization": header},
			})
			const want = `{"id":1,"email":"ann@example.org","firstname":"Ann","lastname":"Lee","user_title":"Dr"}`
			if response.Status != http.StatusOK || response.Body != want {
				t.Errorf("got %d %s, want 200 %s", response.Status, response.Body, want)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.Register(t, "ann@example.org")
	for name, header := range map[string]string{
		"nothing":         "",
		"empty bearer":    "Bearer ",
		"another scheme":  "Basic " + user.Token,
		"cut":             user.Token[:len(user.Token)-1],
		"something added": user.Token + "x",
		"quoted":          `"` + user.Token + `"`,
		"junk":            "a.b.c",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			response := a.Send(t, apptest.Request{
				Method: http.MethodGet, Path: "/api/v1/user", Header: map[string]string{"Authorization": header},
			})
			response.Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
			if got, want := response.Header.Get("WWW-Authenticate"), "Bearer"; got != want {
				t.Errorf("WWW-Authenticate: got %q, want %q", got, want)
			}
		})
	}
	t.Run("two headers", func(t *testing.T) {
		t.Parallel()
		request := apptest.Request{Method: http.MethodGet, Path: "/api/v1/user", Token: user.Token}.HTTP(t)
		request.Header.Add("Authorization", user.Token)
		a.SendHTTP(request).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
	})
}

func TestTokenExpires(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.Register(t, "ann@example.org")
	a.Clock.Advance(a.Config.TokenLifetime - time.Second)
	if status := a.read(t, user.Token).Status; status != http.StatusOK {
		t.Errorf("expired too early: got %d, want 200", status)
	}
	a.Clock.Advance(2 * time.Second)
	a.read(t, user.Token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
}

func TestPowerIsTheDatabases(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.Register(t, "ann@example.org")
	if err := a.DB.Delete(&users.User{}, user.ID).Error; err != nil {
		t.Fatal(err)
	}
	a.read(t, user.Token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
	if err := a.DB.Unscoped().Delete(&users.User{}, user.ID).Error; err != nil {
		t.Fatal(err)
	}
	a.read(t, user.Token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
}

func TestDemotedAtOnce(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	if _, err := a.service().CreateAdmin(t.Context(), audit.Operator(), "root@example.org", apptest.Password); err != nil {
		t.Fatal(err)
	}
	var admin apptest.User
	a.post(t, "/api/v1/authenticate", `{"email":"root@example.org","password":"123456"}`).Decode(t, http.StatusOK, &admin)
	api := users.NewAPI(users.NewService(a.DB, users.Options{
		Passwords: a.Passwords, Tokens: a.Tokens, Logins: limits.NewLogins(a.DB, 5, a.Passwords), Outbox: mail.NewOutbox(),
	}), nil, nil)
	router := gin.New()
	router.GET("/", api.Authenticated, func(c *gin.Context) { c.JSON(http.StatusOK, users.Current(c).IsAdmin) })
	power := func() string {
		recorder := httptest.NewRecorder()
		router.ServeHTTP(recorder, apptest.Request{Method: http.MethodGet, Path: "/", Token: admin.Token}.HTTP(t))
		return recorder.Body.String()
	}
	if got := power(); got != "true" {
		t.Errorf("an administrator: got %s, want true", got)
	}
	if err := a.DB.Model(&users.User{}).Where("id = ?", admin.ID).Update("is_admin", false).Error; err != nil {
		t.Fatal(err)
	}
	if got := power(); got != "false" {
		t.Errorf("a demoted administrator: got %s, want false", got)
	}
}

func TestPolicyAgreement(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	for _, agreed := range []bool{true, false} {
		email := fmt.Sprintf("%v@example.org", agreed)
		a.post(t, "/api/v1/user", fmt.Sprintf(`{"email":"%s","password":"123456","policy_agreed":%v}`, email, agreed)).
			Decode(t, http.StatusCreated, &apptest.User{})
		var user users.User
		if err := a.DB.Where("email = ?", email).Take(&user).Error; err != nil {
			t.Fatal(err)
		}
		if (user.PolicyAgreedAt != nil) != agreed || agreed && !user.PolicyAgreedAt.Equal(a.Clock.Now()) {
			t.Errorf("agreed %v at %v is stored as %v", agreed, a.Clock.Now(), user.PolicyAgreedAt)
		}
	}
}

// TestSchemaChangesWhileServing adds columns while the program is running with prepared statements.
func TestSchemaChangesWhileServing(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.Register(t, "ann@example.org")
	for round := range 2 {
		for range 20 { // on every connection of the pool
			if status := a.read(t, user.Token).Status; status != http.StatusOK {
				t.Fatalf("read: got %d, want 200", status)
			}
		}
		response := a.post(t, "/api/v1/authenticate", `{"email":"ann@example.org","password":"123456"}`)
		if response.Status != http.StatusOK {
			t.Fatalf("authenticate: got %d %s, want 200", response.Status, response.Body)
		}
		if err := a.DB.Exec("ALTER TABLE users ADD COLUMN later" + strconv.Itoa(round) + " integer").Error; err != nil {
			t.Fatal(err)
		}
	}
}

func TestTokenOfAnotherAddress(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.Register(t, "ann@example.org")
	if err := a.DB.Model(&users.User{}).Where("id = ?", user.ID).Update("email", "bob@example.org").Error; err != nil {
		t.Fatal(err)
	}
	a.read(t, user.Token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
}

func TestPasswordMinLengthIsASetting(t *testing.T) {
	t.Parallel()
	a := newTestApp(t, func(c *app.Config) { c.PasswordMinLength = 12 })
	got := a.post(t, "/api/v1/user", `{"email":"ann@example.org","password":"12345678901"}`).
		Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
	if got.Errors["password"] != "must have at least 12 characters" {
		t.Errorf("got the errors %v, want at least 12 characters", got.Errors)
	}
}

func TestCreateAdmin(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	service := a.service()
	admin, err := service.CreateAdmin(t.Context(), audit.Operator(), " Root@Example.org", "123456")
	if err != nil || !admin.IsAdmin || admin.Email != "root@example.org" {
		t.Fatalf("got %+v, %v; want the administrator root@example.org", admin, err)
	}
	response := a.post(t, "/api/v1/authenticate", `{"email":"root@example.org","password":"123456"}`)
	if response.Status != http.StatusOK || !strings.Contains(response.Body, `"is_admin":true`) {
		t.Errorf("got %d %s, want 200 with is_admin true", response.Status, response.Body)
	}
	for name, arguments := range map[string][2]string{
		"not UTF-8": {"new@example.org", "123\xff456"}, "U+0000": {"new@example.org", "123\x00456"},
		"again": {"root@example.org", "123456"}, "no address": {"root", "123456"}, "short": {"new@example.org", "1"},
	} {
		if _, err := service.CreateAdmin(t.Context(), audit.Operator(), arguments[0], arguments[1]); err == nil {
			t.Errorf("%s: got no error, want one", name)
		}
	}
}

// testApp is an application with methods for the requests of this feature.
type testApp struct{ *apptest.App }

func newTestApp(t *testing.T, changes ...func(*app.Config)) testApp {
	t.Helper()
	return testApp{apptest.New(t, changes...)}
}

// service returns a Service like that of the commands.
func (a testApp) service() *users.Service {
	return users.NewService(a.DB, users.Options{
		Passwords: a.Passwords, Outbox: mail.NewOutbox(), Rules: a.Config.PasswordRules(),
	})
}

func (a testApp) post(t *testing.T, path, body string) apptest.Response {
	t.Helper()
	return a.Send(t, apptest.Request{Method: http.MethodPost, Path: path, Body: body})
}

func (a testApp) read(t *testing.T, token string) apptest.Response {
	t.Helper()
	return a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/user", Token: token})
}
