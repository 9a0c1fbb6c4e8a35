package users_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/users"
)

func verifiedOnly(c *app.Config) { c.RequireVerifiedEmail = true }

// TestNoTokenBeforeProof requires verification. It checks that registering and signing in return no token before the
// address is verified, and that signing in does afterwards.
func TestNoTokenBeforeProof(t *testing.T) {
	t.Parallel()
	a := newTestApp(t, verifiedOnly)
	registered := a.post(t, "/api/v1/user", ann)
	if want := `{"id":1,"email":"ann@example.org","firstname":"","lastname":"","title":"","is_admin":false,` +
		`"primary_language":"en","roles":[]}`; registered.Status != http.StatusCreated || registered.Body != want {
		t.Errorf("registration: got %d %s, want 201 %s", registered.Status, registered.Body, want)
	}
	code := mailedCode(t, a.Mails(t)[0].Content.Text)
	a.signIn(t, apptest.Password).Error(t, http.StatusUnprocessableEntity, "EMAIL_NOT_VERIFIED")
	a.get(t, "/api/v1/verify-email?token="+code)
	signedIn := a.authenticate(t, "ann@example.org")
	if got := a.read(t, signedIn.Token).Status; got != http.StatusOK {
		t.Errorf("a verified user: got %d, want 200", got)
	}
}

// TestTokenFromBeforeProofWasRequired issues a token before verification becomes required, and checks that it is not
// valid until the address is verified.
func TestTokenFromBeforeProofWasRequired(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.Register(t, "ann@example.org")
	now := testApp{&apptest.App{App: app.New(withProof(a.Config), a.DB, app.WithClock(a.Clock.Now))}}
	for call, body := range map[string]string{
		"GET /api/v1/user": "", "PUT /api/v1/user": `{"firstname":"Ann"}`, "GET /api/v1/authenticationrefresh": "",
		"POST /api/v1/logout": "{}",
		"DELETE /api/v1/user": "", "GET /api/v1/users": "",
	} {
		method, path, _ := strings.Cut(call, " ")
		now.Send(t, apptest.Request{Method: method, Path: path, Body: body, Token: user.Token}).
			Error(t, http.StatusUnprocessableEntity, "EMAIL_NOT_VERIFIED")
	}
	a.Verify(t, user.ID)
	if got := now.read(t, user.Token).Status; got != http.StatusOK {
		t.Errorf("once verified: got %d, want 200", got)
	}
}

func withProof(c app.Config) app.Config {
	verifiedOnly(&c)
	return c
}

// TestResetEndsWhatWasSetUp resets the password of an unverified account, which a stranger may have registered, and of
// a verified one. It checks that only the latter keeps the name and the agreement to the policy, and that both lose
// known networks, tokens, the old password and codes for a new address.
func TestResetEndsWhatWasSetUp(t *testing.T) {
	t.Parallel()
	for _, verified := range []bool{false, true} {
		t.Run(fmt.Sprint("verified ", verified), func(t *testing.T) {
			t.Parallel()
			a := newTestApp(t, fiveFailures)
			var user apptest.User
			a.post(t, "/api/v1/user",
				`{"email":"ann@example.org","password":"123456","firstname":"Ann","lastname":"Lee","user_title":"Dr",`+
					`"policy_agreed":true}`).
				Decode(t, http.StatusCreated, &user)
			verification := mailedCode(t, a.Mails(t)[0].Content.Text)
			if verified {
				a.Verify(t, user.ID)
			}
			for i, purpose := range []string{"change_email", "undo_email"} {
				code := map[string]any{
					"user_id": user.ID, "purpose": purpose, "hash": fmt.Sprint(i), "email": "eve@example.org",
					"expires_at": a.Clock.Now().Add(time.Hour), "created_at": a.Clock.Now(),
				}
				if err := a.DB.Table("user_codes").Create(code).Error; err != nil {
					t.Fatal(err)
				}
			}
			a.confirm(t, a.resetCode(t, "ann@example.org"), "another one")

			stored := a.user(t, user.ID)
			if name := stored.Fullname(); (name == "Dr Ann Lee") != verified || (name == "") == verified {
				t.Errorf("got the name %q, want Dr Ann Lee if verified, and none if not (verified: %t)", name, verified)
			}
			if at := stored.PolicyAgreedAt; (at != nil) != verified {
				t.Errorf("agreed at %v, want a time: %t", at, verified)
			}
			if !stored.Verified() {
				t.Errorf("stored %+v, want it verified", stored)
			}
			const nameless = "\x01ann@example.org\x1f\x1f"
			if key := string(stored.SearchKey); (key == nameless) == verified {
				t.Errorf("got the search key %q, want %q: %t", key, nameless, !verified)
			}
			if key := string(stored.LastnameKey); (strings.Trim(key, "\x00") != "") != verified {
				t.Errorf("got the key %q of the last name, want letters in it: %t", key, verified)
			}
			var purposes []string
			query := a.DB.Model(&users.Code{}).Where("user_id = ?", user.ID).Order("purpose")
			if err := query.Pluck("purpose", &purposes).Error; err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(purposes); got != "[undo_email verify_email]" {
				t.Errorf("codes for %s are left, want [undo_email verify_email]", got)
			}
			if got := a.get(t, "/api/v1/verify-email?token="+verification).Status; got != http.StatusCreated {
				t.Errorf("the link that verified the address before: got %d, want 201", got)
			}
			var networks int64
			if err := a.DB.Table("login_failures").Count(&networks).Error; err != nil || networks != 0 {
				t.Errorf("%d networks are known, %v; want none, no error", networks, err)
			}
			a.read(t, user.Token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
			a.signIn(t, apptest.Password).Error(t, http.StatusUnauthorized, "INVALID_CREDENTIALS")
		})
	}
}

// TestResetKeepsTheNamesOfGuests checks that resetting the password keeps the name of an account that was created for a
// guest.
func TestResetKeepsTheNamesOfGuests(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	guest := users.User{Email: "ann@example.org", Firstname: "Ann", PrimaryLanguage: "en"}
	if err := a.DB.Create(&guest).Error; err != nil {
		t.Fatal(err)
	}
	a.confirm(t, a.resetCode(t, "ann@example.org"), "another one")
	if got := a.user(t, guest.ID); got.Firstname != "Ann" || !got.Verified() {
		t.Errorf("stored %+v, want the first name Ann and the address verified", got)
	}
}

func TestMailName(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for name, test := range map[string]struct {
		user  users.User
		event int64
		want  string
	}{
		"verified":                     {users.User{VerifiedAt: &now, PasswordHash: "x"}, 0, "Dr Ann Lee"},
		"verified, for another event":  {users.User{VerifiedAt: &now, NamedFor: 1}, 2, "Dr Ann Lee"},
		"registered":                   {users.User{PasswordHash: "x"}, 1, ""},
		"registered, no event":         {users.User{PasswordHash: "x"}, 0, ""},
		"invited":                      {users.User{NamedFor: 1}, 1, "Dr Ann Lee"},
		"invited, for another event":   {users.User{NamedFor: 1}, 2, ""},
		"invited, no event":            {users.User{NamedFor: 1}, 0, ""},
		"invited, and then a password": {users.User{NamedFor: 1, PasswordHash: "x"}, 1, ""},
		"an account for an address":    {users.User{}, 0, ""},
	} {
		test.user.UserTitle, test.user.Firstname, test.user.Lastname = "Dr", "Ann", "Lee"
		if got := test.user.MailName(test.event); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

// TestPendingAdmin makes an unverified user an administrator with commands.
func TestPendingAdmin(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	root, ann := a.RegisterAdmin(t, "root@example.org"), a.Register(t, "ann@example.org")
	for _, step := range []struct{ command, email, want string }{
		{"grant-admin", ann.Email, "ann@example.org will be an administrator once the address is verified.\n"},
		{"grant-admin", ann.Email, "ann@example.org already has the role, and will be an administrator once the " +
			"address is verified.\n"},
		{"revoke-admin", root.Email, "root@example.org is the last administrator of the system"},
		{"delete", root.Email, "root@example.org is the last administrator of the system"},
		{"revoke-admin", ann.Email, "ann@example.org will no longer become an administrator.\n"},
		{"revoke-admin", ann.Email, "ann@example.org is not an administrator.\n"},
		{"grant-admin", ann.Email, "ann@example.org will be an administrator once the address is verified.\n"},
		{"verify", "", ""},
		{"grant-admin", ann.Email, "ann@example.org is already an administrator.\n"},
		{"revoke-admin", root.Email, "root@example.org is no longer an administrator.\n"},
		{"revoke-admin", ann.Email, "ann@example.org is the last administrator of the system"},
	} {
		if step.command == "verify" {
			a.Verify(t, ann.ID)
			continue
		}
		if said := a.command(t, step.command, step.email); !strings.HasPrefix(said, step.want) {
			t.Errorf("%s %s: got %q, want %q", step.command, step.email, said, step.want)
		}
		list := a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/users", Token: ann.Token})
		if verified := a.user(t, ann.ID).VerifiedAt != nil; (list.Status == http.StatusOK) != verified {
			t.Errorf("after %s: got %d, want 200 if verified (%t)", step.command, list.Status, verified)
		}
	}
}

// TestPendingIsShown checks that show shows pending rights and a pending change of address.
func TestPendingIsShown(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	ann := a.Register(t, "ann@example.org")
	a.Grant(t, a.CreateEvent(t, "one").ID, ann.ID, "reviewer") // events
	a.set(t, ann.ID, "is_admin", true)
	a.set(t, ann.ID, "pending_email", "new@example.org")
	for _, verified := range []bool{false, true} {
		if verified {
			a.Verify(t, ann.ID)
		}
		said := a.command(t, "show", ann.Email)
		for _, line := range []string{
			"Pending email  new@example.org\n", "Administrator  pending\n",
			"Role           reviewer in event 1, pending\n", // events
		} {
			if strings.Contains(said, line) == (verified && strings.Contains(line, "pending\n")) {
				t.Errorf("verified %v: the line %q is shown or missing by mistake in\n%s", verified, line, said)
			}
		}
	}
}

// TestBlockedAdmin makes a blocked user an administrator, and checks that the command reports that the role is not in
// effect.
func TestBlockedAdmin(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	ann := a.RegisterVerified(t, "ann@example.org")
	a.set(t, ann.ID, "blocked_at", a.Clock.Now())
	const want = "ann@example.org is an administrator now.\n" +
		"The user is blocked; the role takes effect after: guestlist users unblock ann@example.org\n"
	if said := a.command(t, "grant-admin", ann.Email); said != want {
		t.Errorf("got %q, want %q", said, want)
	}
}

// command runs a command as an operator and returns its output or its error.
func (a testApp) command(t *testing.T, name, email string) string {
	t.Helper()
	var said strings.Builder
	open := func(context.Context) (*users.Service, error) { return a.manager(), nil }
	for _, command := range users.Commands(users.Environment{Name: "guestlist users", Open: open, Stdout: &said}) {
		if command.Name() != name {
			continue
		}
		command.SetContext(t.Context())
		if err := command.RunE(command, []string{email}); err != nil {
			return err.Error()
		}
	}
	return said.String()
}
