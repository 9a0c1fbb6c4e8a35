package users_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/audit"
	"guestlist/app/events"
	"guestlist/app/mail"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// managed is a user in a response to an administrator.
type managed struct {
	ID         int64   `json:"id"`
	Email      string  `json:"email"`
	VerifiedAt *string `json:"verified_at"`
	BlockedAt  *string `json:"blocked_at"`
}

// manage requests /api/v1/users/<id>, or an action below it, with the token.
func (a testApp) manage(t *testing.T, token string, id any, do string) apptest.Response {
	t.Helper()
	request := apptest.Request{Method: http.MethodGet, Path: fmt.Sprint("/api/v1/users/", id), Token: token}
	if do != "" {
		request.Method, request.Path = http.MethodPost, request.Path+"/"+do
	}
	return a.Send(t, request)
}

// audited returns the audit events of the kinds about the user, with their actors.
func (a testApp) audited(t *testing.T, userID int64, kinds ...audit.Kind) (found []string) {
	t.Helper()
	all, err := audit.Find(t.Context(), a.DB, audit.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		if e.UserID != nil && *e.UserID == userID && slices.Contains(kinds, e.Kind) {
			found = append(found, fmt.Sprintf("%s by %s from %s", e.Kind, idText(e.ActorID), e.Address))
		}
	}
	return found
}

// TestManage performs every action twice, on one account through the API and on another as the commands do.
func TestManage(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	root := a.RegisterAdmin(t, "root@example.org")
	ann := a.Register(t, "ann@example.org")
	for _, step := range []struct {
		do                string
		verified, blocked bool
	}{
		{"", false, false}, {"unblock", false, false}, {"block", false, true}, {"block", false, true}, {"verify", true, true},
		{"verify", true, true}, {"unblock", true, false}, {"unblock", true, false}, {"", true, false},
	} {
		var got managed
		a.manage(t, root.Token, ann.ID, step.do).Decode(t, http.StatusOK, &got)
		stored := a.user(t, ann.ID)
		if got.ID != ann.ID || got.Email != ann.Email {
			t.Errorf("%+v: got the user %d, %s; want %d, %s", step, got.ID, got.Email, ann.ID, ann.Email)
		}
		if got.VerifiedAt != nil != step.verified || got.BlockedAt != nil != step.blocked {
			t.Errorf("got %+v, want it as in %+v", got, step)
		}
		if stored.VerifiedAt != nil != step.verified || stored.BlockedAt != nil != step.blocked {
			t.Errorf("stored verified %v, blocked %v; want it as in %+v", stored.VerifiedAt, stored.BlockedAt, step)
		}
	}
	kinds := []audit.Kind{audit.Blocked, audit.Unblocked, audit.EmailVerified}
	by := " by " + fmt.Sprint(root.ID) + " from 192.0.2.1"
	if got, want := a.audited(t, ann.ID, kinds...), []string{"blocked" + by, "email_verified" + by,
		"unblocked" + by}; !slices.Equal(got, want) {
		t.Errorf("got the audit events %q, want %q", got, want)
	}
	service, bob := a.manager(), a.Register(t, "bob@example.org")
	for i, do := range []func(*users.Service) (*users.User, bool, error){
		func(s *users.Service) (*users.User, bool, error) {
			return s.Verify(t.Context(), audit.Operator(), bob.ID)
		},
		func(s *users.Service) (*users.User, bool, error) {
			return s.Block(t.Context(), audit.Operator(), bob.ID)
		},
		func(s *users.Service) (*users.User, bool, error) {
			return s.Unblock(t.Context(), audit.Operator(), bob.ID)
		},
	} {
		for _, want := range []bool{true, false} {
			if user, changed, err := do(service); err != nil || changed != want || user.ID != bob.ID {
				t.Errorf("%d: got %v, changed %t, %v; want the user %d, %t, no error", i, user, changed, err, bob.ID, want)
			}
		}
	}
	if got, want := a.audited(t, bob.ID, kinds...), []string{"email_verified by - from cli", "blocked by - from cli",
		"unblocked by - from cli"}; !slices.Equal(got, want) {
		t.Errorf("got the audit events %q, want %q", got, want)
	}
}

func TestManageRefuses(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	root := a.RegisterAdmin(t, "root@example.org")
	ann, gone := a.Register(t, "ann@example.org"), a.Register(t, "gone@example.org")
	if err := a.DB.Delete(&users.User{}, gone.ID).Error; err != nil {
		t.Fatal(err)
	}
	for _, do := range []string{"", "verify", "block", "unblock"} {
		for _, id := range []any{gone.ID, 4711, 0, -1, "+1", "01", "x", "9223372036854775808", "1%20OR%201=1", "%00",
			"ann@example.org"} {
			a.manage(t, root.Token, id, do).Error(t, http.StatusNotFound, "USER_NOT_FOUND")
			a.manage(t, ann.Token, id, do).Error(t, http.StatusForbidden, "FORBIDDEN")
			a.manage(t, "", id, do).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
		}
		a.manage(t, ann.Token, root.ID, do).Error(t, http.StatusForbidden, "FORBIDDEN")
		a.manage(t, ann.Token, ann.ID, do).Error(t, http.StatusForbidden, "FORBIDDEN")
	}
	a.manage(t, root.Token, root.ID, "block").Error(t, http.StatusConflict, "OWN_ACCOUNT")
	if got := a.audited(t, ann.ID, audit.Blocked, audit.EmailVerified); len(got) > 0 {
		t.Errorf("got the audit events %q, want none", got)
	}
}

// TestBlocked tries everything that a blocked user might: tokens, password, codes and address.
func TestBlocked(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	root := a.RegisterAdmin(t, "root@example.org")
	ann, other := a.Register(t, "ann@example.org"), a.RegisterAdmin(t, "other@example.org")
	a.Mails(t)
	code := a.resetCode(t, ann.Email)
	a.get(t, "/api/v1/resend-verification-email?email=ann@example.org")
	link := mailedCode(t, a.Mails(t)[0].Content.Text)
	for _, id := range []int64{ann.ID, other.ID} {
		if status := a.manage(t, root.Token, id, "block").Status; status != http.StatusOK {
			t.Fatalf("got %d, want 200", status)
		}
	}
	for _, token := range []string{ann.Token, other.Token} {
		a.read(t, token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
		a.refresh(t, token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
		a.put(t, token, `{"password":"another"}`).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
		a.Send(t, apptest.Request{Method: http.MethodDelete, Path: "/api/v1/user", Token: token}).
			Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
		a.manage(t, token, ann.ID, "unblock").Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
	}
	a.signIn(t, apptest.Password).Error(t, http.StatusForbidden, "ACCOUNT_BLOCKED")
	a.signIn(t, "wrong password").Error(t, http.StatusUnauthorized, "INVALID_CREDENTIALS")
	a.post(t, "/api/v1/user", `{"email":"ann@example.org","password":"123456"}`).
		Error(t, http.StatusConflict, "EMAIL_IN_USE")
	a.confirm(t, code, "another one").Error(t, http.StatusBadRequest, "RESET_PASSWORD_CODE_NOT_VALID")
	a.get(t, "/api/v1/verify-email?token="+link).Error(t, http.StatusBadRequest, "EMAIL_VERIFY_CODE_NOT_VALID")
	requested := a.post(t, "/api/v1/password-reset/request", `{"email":"ann@example.org"}`)
	if requested.Status != http.StatusCreated || requested.Body != "{}" {
		t.Errorf("got %d %s, want 201 {}", requested.Status, requested.Body)
	}
	a.get(t, "/api/v1/resend-verification-email?email=ann@example.org")
	if sent := a.Mails(t); len(sent) > 0 {
		t.Errorf("mailed %+v, want nothing", sent)
	}
	if got := a.audited(t, ann.ID, audit.SignInBlocked); len(got) != 1 {
		t.Errorf("got the audit events %q, want one", got)
	}

	a.manage(t, root.Token, ann.ID, "unblock")
	a.read(t, ann.Token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED") // the token has ended
	a.confirm(t, code, "another one").Error(t, http.StatusBadRequest, "RESET_PASSWORD_CODE_NOT_VALID")
	if status := a.signIn(t, apptest.Password).Status; status != http.StatusOK {
		t.Errorf("sign in after the unblock: got %d, want 200", status)
	}
	a.get(t, "/api/v1/resend-verification-email?email=ann@example.org")
	if sent := a.Mails(t); len(sent) != 1 {
		t.Errorf("mailed %+v after the unblock, want one mail", sent)
	}
}

// TestBlockedByHand only sets the column, as an operator might.
func TestBlockedByHand(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	ann := a.Register(t, "ann@example.org")
	a.Mails(t)
	code := a.resetCode(t, ann.Email)
	a.set(t, ann.ID, "blocked_at", a.Clock.Now())
	a.read(t, ann.Token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
	a.confirm(t, code, "another one").Error(t, http.StatusBadRequest, "RESET_PASSWORD_CODE_NOT_VALID")
	err := a.manager().Delete(t.Context(), audit.Actor{}.As(ann.ID)) // as with a token that was checked before the block
	if want := utils.ErrNotAuthenticated; !errors.Is(err, want) {
		t.Errorf("the blocked user deletes the account: got %v, want %v", err, want)
	}
	if a.user(t, ann.ID).DeletedAt.Valid {
		t.Error("the blocked user has deleted the account")
	}
	if _, _, err := a.manager().DeleteByEmail(t.Context(), audit.Operator(), ann.Email); err != nil {
		t.Errorf("an operator deletes the account: got %v, want no error", err)
	}
}

// TestBlockedBeforeUnverified checks that a client with the right password learns of the block, even if the address is
// not verified but must be, and that neither refusal counts as a sign-in.
func TestBlockedBeforeUnverified(t *testing.T) {
	t.Parallel()
	a := newTestApp(t, func(c *app.Config) { c.RequireVerifiedEmail = true })
	ann := a.StoreUser(t, "ann@example.org", "")
	if err := a.DB.Model(&users.User{}).Where("id = ?", ann).Update("password_hash", hashed(t, a)).Error; err != nil {
		t.Fatal(err)
	}
	a.signIn(t, apptest.Password).Error(t, http.StatusUnprocessableEntity, "EMAIL_NOT_VERIFIED")
	a.set(t, ann, "blocked_at", a.Clock.Now())
	a.signIn(t, apptest.Password).Error(t, http.StatusForbidden, "ACCOUNT_BLOCKED")
	if at := a.user(t, ann).LastLogin; at != nil {
		t.Errorf("last sign-in: got %v, want none", at)
	}
}

func hashed(t *testing.T, a testApp) string {
	t.Helper()
	var user users.User
	if err := user.SetPassword(t.Context(), a.Passwords, netip.Prefix{}, apptest.Password); err != nil {
		t.Fatal(err)
	}
	return user.PasswordHash
}

// TestBlockedWhileChanging blocks users with a pending change of address, and one whose address a thief has changed. It
// checks that the pending changes are cancelled, and that the owner of the old address can undo the other one, during
// the block and after it.
func TestBlockedWhileChanging(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	root := a.RegisterAdmin(t, "root@example.org")
	ann, bob, eve := a.registered(t, "ann@example.org"), a.registered(t, "bob@example.org"),
		a.registered(t, "eve@example.org")
	confirm, _ := a.ask(t, bob.Token, "bobby@example.org")
	effect, undo := a.ask(t, eve.Token, "thief@example.org")
	a.pressed(t, effect, "confirm", http.StatusSeeOther)
	if status := a.put(t, ann.Token, `{"email":"anne@example.org"}`).Status; status != http.StatusOK {
		t.Fatalf("got %d, want 200", status)
	}
	for _, user := range []apptest.User{ann, bob, eve} {
		a.manage(t, root.Token, user.ID, "block")
	}
	if sent := a.Mails(t); len(sent) > 0 {
		t.Errorf("mailed %+v, want nothing", sent)
	}
	a.pressed(t, confirm, "confirm", http.StatusNotFound)
	a.pressed(t, undo, "confirm", http.StatusOK)
	for _, user := range []apptest.User{ann, bob, eve} {
		a.manage(t, root.Token, user.ID, "unblock")
	}
	if sent := a.Mails(t); len(sent) > 0 {
		t.Errorf("mailed %+v after the unblock, want nothing", sent)
	}
	if pending := a.user(t, ann.ID).PendingEmail; pending != "" {
		t.Errorf("%s is pending, want nothing", pending)
	}
	a.pressed(t, confirm, "confirm", http.StatusNotFound)
	a.pressed(t, undo, "confirm", http.StatusOK)
	if got, want := a.user(t, eve.ID).Email, "eve@example.org"; got != want {
		t.Errorf("undone: the address is %s, want %s", got, want)
	}
}

// TestVerifyEndsTheCode checks that the mailed link ends when an administrator marks the address as verified.
func TestVerifyEndsTheCode(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	ann := a.Register(t, "ann@example.org")
	link := mailedCode(t, a.Mails(t)[0].Content.Text)
	if _, _, err := a.manager().Verify(t.Context(), audit.Operator(), ann.ID); err != nil {
		t.Fatal(err)
	}
	a.get(t, "/api/v1/verify-email?token="+link).Error(t, http.StatusBadRequest, "EMAIL_VERIFY_CODE_NOT_VALID")
	a.get(t, "/api/v1/resend-verification-email?email=ann@example.org")
	if sent := a.Mails(t); len(sent) > 0 {
		t.Errorf("mailed %+v, want nothing", sent)
	}
	if status := a.read(t, ann.Token).Status; status != http.StatusOK {
		t.Errorf("the token: got %d, want 200", status)
	}
}

// TestBlockEachOther lets all system administrators block each other concurrently, and checks that one stays.
func TestBlockEachOther(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	event := a.CreateEvent(t, "gala") // events
	var admins []apptest.User
	for i := range 6 {
		admins = append(admins, a.RegisterAdmin(t, fmt.Sprintf("admin%d@example.org", i)))
		a.Grant(t, event.ID, admins[i].ID, events.Administrator)
	}
	var all sync.WaitGroup
	service := a.manager()
	for i := range admins {
		all.Go(func() {
			actor := audit.Actor{}.As(admins[(i+1)%len(admins)].ID)
			if _, _, err := service.Block(t.Context(), actor, admins[i].ID); err != nil &&
				!errors.Is(err, utils.ErrLastAdministrator) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var left int64
	if err := a.DB.Model(&users.User{}).Where("is_admin AND blocked_at IS NULL").Count(&left).Error; err != nil ||
		left != 1 {
		t.Errorf("%d administrators are left, %v; want 1, no error", left, err)
	}
}

// TestBlockWhileSigningIn blocks a user who signs in, refreshes a token, changes the name and resets the password at
// the same time. It checks that no token and no code is valid afterwards.
func TestBlockWhileSigningIn(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	root := a.RegisterAdmin(t, "root@example.org")
	ann := a.Register(t, "ann@example.org")
	a.Mails(t)
	code := a.resetCode(t, ann.Email)
	var all sync.WaitGroup
	tokens := make([]string, 12)
	for i := range tokens {
		all.Go(func() {
			var got apptest.Response
			switch i % 3 {
			case 0:
				got = a.signIn(t, apptest.Password)
			case 1:
				got = a.refresh(t, ann.Token)
			default:
				got = a.put(t, ann.Token, `{"firstname":"Ann"}`)
			}
			if got.Status >= http.StatusInternalServerError {
				t.Errorf("got %d %s, want a status below 500", got.Status, got.Body)
			}
			_, token, _ := strings.Cut(got.Body, `"token":"`)
			tokens[i], _, _ = strings.Cut(token, `"`)
		})
	}
	all.Go(func() {
		if got := a.manage(t, root.Token, ann.ID, "block"); got.Status != http.StatusOK {
			t.Errorf("got %d %s, want 200", got.Status, got.Body)
		}
	})
	all.Go(func() { a.confirm(t, code, "another one") })
	all.Wait()
	for _, token := range tokens {
		if token != "" {
			a.read(t, token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
		}
	}
	a.confirm(t, code, "a third one").Error(t, http.StatusBadRequest, "RESET_PASSWORD_CODE_NOT_VALID")
	if user := a.user(t, ann.ID); user.BlockedAt == nil {
		t.Error("the user is not blocked")
	}
}

// TestListOfBlocked filters the list by blocked and verified users.
func TestListOfBlocked(t *testing.T) {
	t.Parallel()
	a, token := newListApp(t)
	a.set(t, 2, "blocked_at", a.Clock.Now())
	a.set(t, 3, "blocked_at", a.Clock.Now())
	a.set(t, 3, "verified_at", a.Clock.Now())
	for query, want := range map[string][]int64{
		"blocked=true": {2, 3}, "blocked=false": {1, 4, 5, 6, 8}, "verified=true": {1, 3}, "verified=false": {2, 4, 5, 6, 8},
		"blocked=true&verified=true": {3}, "blocked=true&verified=false&q=lee": {2},
		"blocked=&verified=": {1, 2, 3, 4, 5, 6, 8},
	} {
		if got := a.walk(t, token, "limit=1&"+query); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", query, got, want)
		}
	}
	var first listPage
	a.list(t, token, "blocked=true&limit=1").Decode(t, http.StatusOK, &first)
	for query, field := range map[string]string{
		"blocked=x": "blocked", "verified=1": "verified", "blocked=true&blocked=true": "blocked",
		"cursor=" + *first.NextCursor:               "cursor",
		"blocked=false&cursor=" + *first.NextCursor: "cursor", "verified=true&cursor=" + *first.NextCursor: "cursor",
	} {
		if got := a.list(t, token, query).Error(t, http.StatusBadRequest, "VALIDATION_FAILED"); got.Errors[field] == "" {
			t.Errorf("%s: got the errors %v, want one of %s", query, got.Errors, field)
		}
	}
}

// manager returns a Service like that of the commands, with the other features.
func (a testApp) manager() *users.Service {
	return app.NewAccounts(a.DB, users.Options{Passwords: a.Passwords, Outbox: mail.NewOutbox()})
}
