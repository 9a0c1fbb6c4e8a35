package users_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/limits"
	"guestlist/app/mail"
	"guestlist/app/users"
)

func TestPasswordReset(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.Register(t, "ann@example.org")
	a.Mails(t)
	code := a.resetCode(t, " ANN@example.org")
	if response := a.confirm(t, code, "another one"); response.Status != http.StatusCreated || response.Body != "{}" {
		t.Fatalf("got %d %s, want 201 {}", response.Status, response.Body)
	}
	a.signIn(t, apptest.Password).Error(t, http.StatusUnauthorized, "INVALID_CREDENTIALS")
	if status := a.signIn(t, "another one").Status; status != http.StatusOK {
		t.Errorf("the new password: got %d, want 200", status)
	}
	a.read(t, user.Token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
	a.confirm(t, code, "a third one").Error(t, http.StatusBadRequest, "RESET_PASSWORD_CODE_NOT_VALID")
}

func TestPasswordResetRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		spoil func(t *testing.T, a testApp, code string) string // returns the code to use
		kind  string
	}{
		"unknown": {func(*testing.T, testApp, string) string { return "ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
			"RESET_PASSWORD_CODE_NOT_VALID"},
		"cut": {func(_ *testing.T, _ testApp, code string) string { return code[1:] }, "RESET_PASSWORD_CODE_NOT_VALID"},
		"the hash": {func(t *testing.T, a testApp, _ string) string {
			t.Helper()
			var stored users.Code
			if err := a.DB.Where("purpose = ?", "reset_password").Take(&stored).Error; err != nil {
				t.Fatal(err)
			}
			return stored.Hash
		}, "RESET_PASSWORD_CODE_NOT_VALID"},
		"expired": {func(_ *testing.T, a testApp, code string) string {
			a.Clock.Advance(a.Config.CodeLifetime)
			return code
		}, "RESET_PASSWORD_CODE_EXPIRED"},
		"replaced": {func(t *testing.T, a testApp, code string) string {
			t.Helper()
			a.resetCode(t, "ann@example.org")
			return code
		}, "RESET_PASSWORD_CODE_NOT_VALID"},
		"for another address": {func(t *testing.T, a testApp, code string) string {
			t.Helper()
			query := a.DB.Model(&users.User{}).Where("email = ?", "ann@example.org")
			if err := query.Update("email", "new@example.org").Error; err != nil {
				t.Fatal(err)
			}
			return code
		}, "RESET_PASSWORD_CODE_NOT_VALID"},
		"of a deleted user": {func(t *testing.T, a testApp, code string) string {
			t.Helper()
			if err := a.DB.Where("email = ?", "ann@example.org").Delete(&users.User{}).Error; err != nil {
				t.Fatal(err)
			}
			return code
		}, "RESET_PASSWORD_CODE_NOT_VALID"},
		"for another purpose": {func(t *testing.T, a testApp, _ string) string {
			t.Helper()
			a.get(t, "/api/v1/resend-verification-email?email=ann@example.org")
			return mailedCode(t, a.Mails(t)[0].Content.Text)
		}, "RESET_PASSWORD_CODE_NOT_VALID"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newTestApp(t)
			a.Register(t, "ann@example.org")
			a.Mails(t)
			code := test.spoil(t, a, a.resetCode(t, "ann@example.org"))
			hashes := a.Passwords.Computed()
			a.confirm(t, code, "another one").Error(t, http.StatusBadRequest, test.kind)
			if got := a.Passwords.Computed() - hashes; got != 0 {
				t.Errorf("got %d hashes for an invalid code, want none", got)
			}
		})
	}
}

// TestPasswordResetRefusesPassword checks that a password that does not meet the rules leaves the code valid. Only the
// code says whose address the password must not be.
func TestPasswordResetRefusesPassword(t *testing.T) {
	t.Parallel()
	a := newTestApp(t, func(c *app.Config) { c.PasswordDenyCommon = true })
	a.StoreUser(t, "ann@example.org", "")
	code := a.resetCode(t, "ann@example.org")
	for _, password := range []string{"12345", "ann@example.org"} {
		got := a.confirm(t, code, password).Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
		if got.Errors["password"] == "" {
			t.Errorf("%s: got the errors %v, want one of password", password, got.Errors)
		}
	}
	if got := a.confirm(t, code, "correct horse"); got.Status != http.StatusCreated {
		t.Errorf("then another password: got %d %s, want 201", got.Status, got.Body)
	}
}

func TestPasswordResetAtOnce(t *testing.T) {
	t.Parallel()
	const clients = 20
	a := newTestApp(t)
	a.Register(t, "ann@example.org")
	a.Mails(t)
	code := a.resetCode(t, "ann@example.org")
	statuses := make([]int, clients)
	var group sync.WaitGroup
	for i := range clients {
		group.Go(func() { statuses[i] = a.confirm(t, code, "another one").Status })
	}
	group.Wait()
	count := map[int]int{}
	for _, status := range statuses {
		count[status]++
	}
	if count[http.StatusCreated] != 1 || count[http.StatusBadRequest] != clients-1 {
		t.Errorf("got the statuses %v, want 201 once and 400 %d times", count, clients-1)
	}
}

func TestPasswordResetRefusesNoAddress(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.post(t, "/api/v1/password-reset/request", `{"email":"ann"}`).Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
	a.post(t, "/api/v1/password-reset/request", `{}`).Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
}

// TestAnswersTellNothing checks that responses, database queries and the number of password hashes are the same for the
// address of an account, an unknown address, and the address of a blocked user.
func TestAnswersTellNothing(t *testing.T) {
	t.Parallel()
	for name, request := range map[string]apptest.Request{
		"password reset": {Method: http.MethodPost, Path: "/api/v1/password-reset/request", Body: `{"email":"EMAIL"}`},
		"resend":         {Method: http.MethodGet, Path: "/api/v1/resend-verification-email?email=EMAIL"},
		"sign-in": {Method: http.MethodPost, Path: "/api/v1/authenticate",
			Body: `{"email":"EMAIL","password":"a wrong one"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newTestApp(t, fiveFailures)
			a.Register(t, "ann@example.org")
			a.set(t, a.Register(t, "blocked@example.org").ID, "blocked_at", a.Clock.Now())
			if err := a.DB.Where("1 = 1").Delete(&limits.LoginFailures{}).Error; err != nil { // otherwise her network is known
				t.Fatal(err)
			}
			a.Mails(t)
			var seen []string
			for _, email := range []string{"ann@example.org", "bob@example.org", "blocked@example.org"} {
				var transcript strings.Builder
				for range 7 { // until sign-ins are delayed
					before, hashes := len(a.Log.String()), a.Passwords.Computed()
					sent := request
					sent.Path = strings.Replace(sent.Path, "EMAIL", email, 1)
					if body, ok := sent.Body.(string); ok {
						sent.Body = strings.Replace(body, "EMAIL", email, 1)
					}
					sent.Header = map[string]string{"X-Request-ID": "fixed"}
					response := a.Send(t, sent)
					queries := regexp.MustCompile(`"sql":"(\\.|[^"\\])*"`).FindAllString(a.Log.String()[before:], -1)
					fmt.Fprintln(&transcript, response.Status, response.Header, response.Body, strings.Join(queries, "\n"),
						a.Passwords.Computed()-hashes)
				}
				seen = append(seen, transcript.String())
			}
			if seen[0] != seen[1] || seen[0] != seen[2] {
				t.Errorf("the transcripts differ:\n%s", strings.Join(seen, "\n"))
			}
			for _, m := range a.Mails(t) {
				if want := "ann@example.org"; m.To.Address != want {
					t.Errorf("mailed to %s, want %s", m.To.Address, want)
				}
			}
		})
	}
}

func TestVerifyEmail(t *testing.T) {
	t.Parallel()
	a := newTestApp(t, func(c *app.Config) { c.RequireVerifiedEmail = true })
	a.Register(t, "ann@example.org")
	a.signIn(t, apptest.Password).Error(t, http.StatusUnprocessableEntity, "EMAIL_NOT_VERIFIED")
	a.signIn(t, "a wrong one").Error(t, http.StatusUnauthorized, "INVALID_CREDENTIALS")
	mails := a.Mails(t)
	if len(mails) != 1 || mails[0].To.Address != "ann@example.org" {
		t.Fatalf("mailed %v, want one to ann@example.org", mails)
	}
	link := regexp.MustCompile(`https://\S+`).FindString(mails[0].Content.Text)
	path, ok := strings.CutPrefix(link, a.Config.PublicURL+"/verify-email/")
	if !ok {
		t.Fatalf("the link is %q, want a page of the program", link)
	}
	if !strings.Contains(mails[0].Content.HTML, link) {
		t.Fatalf("the HTML lacks %s:\n%s", link, mails[0].Content.HTML)
	}
	for range 2 { // opening a link is idempotent
		if response := a.get(t, "/api/v1/verify-email?token="+path); response.Status != http.StatusCreated ||
			response.Body != "{}" {
			t.Errorf("got %d %s, want 201 {}", response.Status, response.Body)
		}
	}
	if status := a.signIn(t, apptest.Password).Status; status != http.StatusOK {
		t.Errorf("a verified user: got %d, want 200", status)
	}
	a.get(t, "/api/v1/resend-verification-email?email=ann@example.org")
	if mails := a.Mails(t); len(mails) != 0 {
		t.Errorf("a verified address was mailed %v, want nothing", mails)
	}
}

func TestVerifyEmailRefuses(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.Register(t, "ann@example.org")
	first := mailedCode(t, a.Mails(t)[0].Content.Text)
	a.get(t, "/api/v1/resend-verification-email?email=Ann@Example.org")
	second := mailedCode(t, a.Mails(t)[0].Content.Text)
	refused := map[string]string{"none": "", "unknown": "x", "replaced": first,
		"for another purpose": a.resetCode(t, "ann@example.org")}
	for name, code := range refused {
		a.get(t, "/api/v1/verify-email?token="+code).Error(t, http.StatusBadRequest, "EMAIL_VERIFY_CODE_NOT_VALID")
		if t.Failed() {
			t.Fatalf("%s: the code was not refused as wanted", name)
		}
	}
	a.Clock.Advance(a.Config.CodeLifetime)
	a.get(t, "/api/v1/verify-email?token="+second).Error(t, http.StatusBadRequest, "EMAIL_VERIFY_CODE_NOT_VALID")
}

func TestVerifyEmailAtOnce(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.Register(t, "ann@example.org")
	code := mailedCode(t, a.Mails(t)[0].Content.Text)
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if response := a.get(t, "/api/v1/verify-email?token="+code); response.Status != http.StatusCreated {
				t.Errorf("got %d %s, want 201", response.Status, response.Body)
			}
		})
	}
	group.Wait()
}

func TestResendVerificationAlwaysAnswersTheSame(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.Register(t, "ann@example.org")
	a.Mails(t)
	for _, query := range []string{"", "?email=", "?email=ann", "?email=ann@example.org", "?email=bob@example.org",
		"?email=%00"} {
		if response := a.get(t, "/api/v1/resend-verification-email"+query); response.Status != http.StatusCreated ||
			response.Body != "{}" {
			t.Errorf("%q: got %d %s, want 201 {}", query, response.Status, response.Body)
		}
	}
	if mails := a.Mails(t); len(mails) != 1 {
		t.Errorf("mailed %v, want one mail", mails)
	}
}

func TestAResetVerifiesTheAddress(t *testing.T) {
	t.Parallel()
	a := newTestApp(t, func(c *app.Config) { c.RequireVerifiedEmail = true })
	a.Register(t, "ann@example.org")
	a.Mails(t)
	a.confirm(t, a.resetCode(t, "ann@example.org"), apptest.Password)
	if status := a.signIn(t, apptest.Password).Status; status != http.StatusOK {
		t.Errorf("got %d, want 200", status)
	}
}

// TestMailsSpeakTheUsersLanguage checks the language of mails to verify an address and to reset a password, that the
// first show no name, and that a name cannot add HTML to the second.
func TestMailsSpeakTheUsersLanguage(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	for language, subjects := range map[string][2]string{
		"en":    {"Confirm your email address", "Set a new password"},
		"fr-CA": {"Confirmez votre adresse électronique", "Choisir un nouveau mot de passe"},
		"xx":    {"Confirm your email address", "Set a new password"},
	} {
		email := language + "@example.org"
		a.post(t, "/api/v1/user", `{"email":"`+email+`","password":"123456","firstname":"<b>Ann","language":"`+language+`"}`).
			Decode(t, http.StatusCreated, &apptest.User{})
		mails := a.Mails(t)
		if len(mails) != 1 || mails[0].Content.Subject != subjects[0] {
			t.Fatalf("%s: mailed %v, want one with the subject %q", language, mails, subjects[0])
		}
		// A stranger may have registered the address, with any name.
		if m := mails[0]; strings.Contains(m.Content.Text+m.Content.HTML+m.Content.Name, "Ann") {
			t.Errorf("%s: the mail shows the name:\n%s\n%s", language, m.Content.Text, m.Content.HTML)
		}
		a.get(t, "/api/v1/verify-email?token="+mailedCode(t, mails[0].Content.Text))
		a.post(t, "/api/v1/password-reset/request", `{"email":"`+email+`"}`)
		mails = a.Mails(t)
		if len(mails) != 1 || mails[0].Content.Subject != subjects[1] {
			t.Fatalf("%s: mailed %v, want one with the subject %q", language, mails, subjects[1])
		}
		m := mails[0].Content
		const name, escaped = "<b>Ann", "&lt;b&gt;Ann"
		if !strings.Contains(m.Text, name) {
			t.Errorf("%s: the text lacks %s:\n%s", language, name, m.Text)
		}
		if strings.Contains(m.HTML, name) || !strings.Contains(m.HTML, escaped) {
			t.Errorf("%s: the HTML shows %s or lacks %s:\n%s", language, name, escaped, m.HTML)
		}
	}
}

// TestCodesAreNowhereInClear searches the stored codes, the outbox and the log for a mailed code.
func TestCodesAreNowhereInClear(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.Register(t, "ann@example.org")
	a.Mails(t)
	code := a.resetCode(t, "ann@example.org")
	if len(code) < 26 { // of base32: 128 bits and more
		t.Errorf("the code %q is shorter than 26 characters", code)
	}
	var codes []users.Code
	var messages []map[string]any
	if err := a.DB.Find(&codes).Error; err != nil {
		t.Fatal(err)
	}
	if err := a.DB.Table("mail_messages").Find(&messages).Error; err != nil {
		t.Fatal(err)
	}
	if len(codes) < 1 || len(messages) != 2 {
		t.Errorf("stored the codes %v and the mails %v, want some codes and two mails", codes, messages)
	}
	for _, c := range codes {
		if strings.Contains(c.Hash, code) {
			t.Errorf("the code is stored in clear in %q", c.Hash)
		}
	}
	for _, m := range messages {
		for _, value := range m {
			if text, ok := value.(string); ok && strings.Contains(text, code) {
				t.Errorf("the outbox contains the code: %q", text)
			}
		}
	}
	a.confirm(t, code, "another one")
	if strings.Contains(a.Log.String(), code) {
		t.Error("the code is in the log")
	}
}

func (a testApp) get(t *testing.T, path string) apptest.Response {
	t.Helper()
	return a.Send(t, apptest.Request{Method: http.MethodGet, Path: path})
}

func (a testApp) signIn(t *testing.T, password string) apptest.Response {
	t.Helper()
	return a.post(t, "/api/v1/authenticate", `{"email":"ann@example.org","password":"`+password+`"}`)
}

func (a testApp) confirm(t *testing.T, code, password string) apptest.Response {
	t.Helper()
	return a.post(t, "/api/v1/password-reset/confirm", `{"code":"`+code+`","password":"`+password+`"}`)
}

// resetCode requests a password reset and returns the code in the mail.
func (a testApp) resetCode(t *testing.T, email string) string {
	t.Helper()
	a.post(t, "/api/v1/password-reset/request", `{"email":"`+email+`"}`)
	mails := a.Mails(t)
	if len(mails) != 1 {
		t.Fatalf("mailed %v, want one mail", mails)
	}
	return mailedCode(t, mails[0].Content.Text)
}

func mailedCode(t *testing.T, text string) string {
	t.Helper()
	return apptest.Code(t, mail.Envelope{Content: mail.Content{Text: text}})
}

func TestAChangedPasswordVoidsTheCode(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.Register(t, "ann@example.org")
	a.Mails(t)
	code := a.resetCode(t, "ann@example.org")
	a.Send(t, apptest.Request{Method: http.MethodPut, Path: "/api/v1/user", Token: user.Token,
		Body: `{"password":"my own","current_password":"123456"}`}).
		Decode(t, http.StatusOK, &user)
	a.confirm(t, code, "another one").Error(t, http.StatusBadRequest, "RESET_PASSWORD_CODE_NOT_VALID")
}
