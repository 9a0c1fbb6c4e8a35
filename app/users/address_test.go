package users_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/audit"
	"guestlist/app/limits"
	"guestlist/app/users"
)

const week = 7 * 24 * time.Hour

// registered registers a user and marks the address as verified.
func (a testApp) registered(t *testing.T, email string) apptest.User {
	t.Helper()
	user := a.Register(t, email)
	a.Mails(t)
	a.set(t, user.ID, "verified_at", a.Clock.Now())
	return user
}

// ask requests a change to another address, and returns the pages that the mails to the new and the old address link
// to.
func (a testApp) ask(t *testing.T, token, email string) (confirm, undo string) {
	t.Helper()
	response := a.put(t, token, `{"email":"`+email+`"}`)
	if response.Status != http.StatusOK {
		t.Fatalf("request %s: got %d %s, want 200", email, response.Status, response.Body)
	}
	for _, m := range a.Mails(t) {
		switch m.Kind {
		case "change_email":
			confirm = apptest.Page(t, m)
		case "email_change":
			undo = apptest.Page(t, m)
		}
	}
	if confirm == "" || undo == "" {
		t.Fatalf("the links are %q and %q, want two", confirm, undo)
	}
	return confirm, undo
}

// press submits the form of a page.
func (a testApp) press(t *testing.T, page, action string) apptest.Response {
	t.Helper()
	return a.form(t, page, url.Values{"action": {action}})
}

func (a testApp) form(t *testing.T, page string, values url.Values) apptest.Response {
	t.Helper()
	return a.Send(t, apptest.Request{
		Method: http.MethodPost, Path: page, Body: values.Encode(),
		Header: map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"},
	})
}

func (a testApp) pressed(t *testing.T, page, action string, status int) {
	t.Helper()
	if response := a.press(t, page, action); response.Status != status {
		t.Fatalf("%s on %.12s…: got %d, want %d: %s", action, page, response.Status, status, response.Body)
	}
}

func (a testApp) signInAs(t *testing.T, email string) apptest.Response {
	t.Helper()
	return a.post(t, "/api/v1/authenticate", `{"email":"`+email+`","password":"123456"}`)
}

// kinds returns the kinds of the audit events about an account, except sign-ins.
func (a testApp) kinds(t *testing.T, id int64) string {
	t.Helper()
	var kinds []string
	err := a.DB.Model(&audit.Event{}).Where("user_id = ? AND kind NOT LIKE 'sign%'", id).Order("id").
		Pluck("kind", &kinds).Error
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(kinds, " ")
}

// TestANewAddress requests a new address, confirms it and undoes the change.
func TestANewAddress(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.registered(t, "ann@example.org")
	reset := a.resetCode(t, "ann@example.org")
	a.put(t, user.Token, `{"firstname":"http://eve.example"}`)
	confirm, undo := a.ask(t, user.Token, "new@example.org")

	const pending = `"email":"ann@example.org","pending_email":"new@example.org"`
	if body := a.read(t, user.Token).Body; !strings.Contains(body, pending) {
		t.Errorf("while the change is pending: got %s, want %s", body, pending)
	}
	a.signInAs(t, "new@example.org").Error(t, http.StatusUnauthorized, "INVALID_CREDENTIALS")
	if body := a.signInAs(t, "ann@example.org").Body; !strings.Contains(body, `"email":"ann@example.org"`) {
		t.Errorf("signed in: got %s, want the address ann@example.org", body)
	}

	a.pressed(t, confirm, "confirm", http.StatusSeeOther)
	a.read(t, user.Token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
	a.signInAs(t, "ann@example.org").Error(t, http.StatusUnauthorized, "INVALID_CREDENTIALS")
	a.signInAs(t, "new@example.org").Decode(t, http.StatusOK, &user)
	if body := a.read(t, user.Token).Body; strings.Contains(body, "pending") {
		t.Errorf("after the change: got %s, want no pending address", body)
	}
	if a.user(t, user.ID).VerifiedAt == nil {
		t.Error("the new address is not verified")
	}
	a.confirm(t, reset, "another one").Error(t, http.StatusBadRequest, "RESET_PASSWORD_CODE_NOT_VALID")
	a.pressed(t, confirm, "confirm", http.StatusSeeOther) // again
	if status := a.read(t, user.Token).Status; status != http.StatusOK {
		t.Errorf("after opening the link again: the token gets %d, want 200", status)
	}

	reset = a.resetCode(t, "new@example.org")
	a.pressed(t, undo, "confirm", http.StatusOK)
	a.read(t, user.Token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
	a.confirm(t, reset, "another one").Error(t, http.StatusBadRequest, "RESET_PASSWORD_CODE_NOT_VALID")
	a.signInAs(t, "ann@example.org").Decode(t, http.StatusOK, &user)
	if want := "ann@example.org"; user.Email != want {
		t.Errorf("undone: got the address %s, want %s", user.Email, want)
	}
	if a.user(t, user.ID).VerifiedAt == nil {
		t.Error("undone: the address is not verified")
	}
	a.pressed(t, confirm, "confirm", http.StatusNotFound) // the change cannot be made again
	const want = "registered email_change_requested email_changed email_change_undone"
	if got := a.kinds(t, user.ID); got != want {
		t.Errorf("got the audit events %s, want %s", got, want)
	}
}

// TestANewAddressByJSON confirms a new address as the original's client does.
func TestANewAddressByJSON(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.registered(t, "ann@example.org")
	confirm, _ := a.ask(t, user.Token, "new@example.org")
	for range 2 {
		response := a.get(t, "/api/v1/verify-email?token="+strings.TrimPrefix(confirm, "/verify-email/"))
		if response.Status != http.StatusCreated || response.Body != "{}" {
			t.Errorf("got %d %s, want 201 {}", response.Status, response.Body)
		}
	}
	if got := a.user(t, user.ID); got.Email != "new@example.org" || got.PendingEmail != "" {
		t.Errorf("got %+v, want the address new@example.org and none pending", got)
	}
}

// TestTheLastChangeWins requests two changes. It checks that the first link has no effect, that the link to undo the
// first change undoes both, and that the other such link stays valid.
func TestTheLastChangeWins(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.registered(t, "ann@example.org")
	first, undoFirst := a.ask(t, user.Token, "b@example.org")
	second, undoSecond := a.ask(t, user.Token, "c@example.org")
	a.pressed(t, first, "confirm", http.StatusNotFound)
	a.pressed(t, second, "confirm", http.StatusSeeOther)
	if got, want := a.user(t, user.ID).Email, "c@example.org"; got != want {
		t.Errorf("after the second link: the address is %s, want %s", got, want)
	}
	a.pressed(t, undoFirst, "confirm", http.StatusOK)
	if got, want := a.user(t, user.ID).Email, "ann@example.org"; got != want {
		t.Errorf("undone: the address is %s, want %s", got, want)
	}
	if status := a.get(t, undoSecond).Status; status != http.StatusOK {
		t.Errorf("the other link: got %d, want 200", status)
	}
}

// TestMailsAboutAChange checks that the mails are in the language of the request and without the name in it, which may
// be a stranger's, and that only the mail to the old address shows the other one.
func TestMailsAboutAChange(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.registered(t, "ann@example.org")
	a.put(t, user.Token, `{"firstname":"EVE.example","email":"new@example.org","language":"fr"}`)
	mails := a.Mails(t)
	if len(mails) != 2 || mails[0].To.Address != "ann@example.org" || mails[1].To.Address != "new@example.org" {
		t.Fatalf("mailed %v, want one to ann@example.org and one to new@example.org", mails)
	}
	for _, m := range mails {
		all := fmt.Sprint(m)
		if strings.Contains(all, "EVE.example") || !strings.Contains(all, "Bonjour") || m.Content.HTML == "" {
			t.Errorf("got the mail %s, want French text and HTML, and no name of Eve", all)
		}
	}
	if old, want := mails[0].Content.Text, "\n\nnew@example.org\n\n"; !strings.Contains(old, want) {
		t.Errorf("the mail to the old address lacks %q:\n%s", want, old)
	}
	if text, old := mails[1].Content.Text, "ann@example.org"; strings.Contains(text, old) {
		t.Errorf("the mail to the new address shows %s:\n%s", old, text)
	}
}

// TestMailsOfAChangeAreCounted checks the limits on mails per client network and per address.
func TestMailsOfAChangeAreCounted(t *testing.T) {
	t.Parallel()
	a := newTestApp(t, func(c *app.Config) {
		c.LimitMail = limits.Rate{Count: 4, Per: time.Minute}
		c.LimitMailPerAddress = limits.Rate{Count: 2, Per: time.Hour}
	})
	user := a.registered(t, "ann@example.org")
	_, undo := a.ask(t, user.Token, "new@example.org")
	for range 3 {
		a.put(t, user.Token, `{"email":"new@example.org"}`)
	}
	if mails := a.Mails(t); len(mails) != 2 { // one more to each address
		t.Errorf("mailed %v, want 2 more", mails)
	}
	before := a.user(t, user.ID)
	response := a.put(t, user.Token, `{"email":"third@example.org","firstname":"Bo"}`)
	response.Error(t, http.StatusTooManyRequests, "TOO_MANY_REQUESTS")
	if response.Header.Get("Retry-After") == "" {
		t.Error("the response lacks Retry-After")
	}
	if after := a.user(t, user.ID); after.PendingEmail != before.PendingEmail || after.Firstname != before.Firstname {
		t.Errorf("a refused change left %+v, want the pending address and the first name of %+v", after, before)
	}
	for _, body := range []string{`{"firstname":"Bo"}`, `{"email":"ann@example.org"}`} { // these cause no mail
		if status := a.put(t, user.Token, body).Status; status != http.StatusOK {
			t.Errorf("%s: got %d, want 200", body, status)
		}
	}
	a.pressed(t, undo, "confirm", http.StatusOK) // the first link is still valid
}

// TestDisown checks that disown deletes an unverified account or cancels a change of address, and nothing else.
func TestDisown(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.Register(t, "ann@example.org")
	page := apptest.Page(t, a.Mails(t)[0])
	if body := a.get(t, page).Body; !strings.Contains(body, "ann@example.org") ||
		!strings.Contains(body, `value="disown"`) {
		t.Errorf("got the page %s, want it to have the address and the button disown", body)
	}
	a.pressed(t, page, "disown", http.StatusOK)
	a.read(t, user.Token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
	a.pressed(t, page, "disown", http.StatusNotFound)
	a.pressed(t, page, "confirm", http.StatusNotFound)
	again := a.Register(t, "ann@example.org")
	page = apptest.Page(t, a.Mails(t)[0])
	a.pressed(t, page, "confirm", http.StatusSeeOther)
	a.pressed(t, page, "disown", http.StatusNotFound) // the address is verified
	if status := a.read(t, again.Token).Status; status != http.StatusOK {
		t.Errorf("the verified account: got %d, want 200", status)
	}

	change, _ := a.ask(t, again.Token, "new@example.org")
	if body := a.get(t, change).Body; !strings.Contains(body, "new@example.org") ||
		strings.Contains(body, "ann@example.org") {
		t.Errorf("got the page %s, want it to have the new address and not the old one", body)
	}
	a.pressed(t, change, "disown", http.StatusOK)
	a.pressed(t, change, "confirm", http.StatusNotFound)
	body := a.read(t, again.Token).Body
	if want := "ann@example.org"; !strings.Contains(body, want) {
		t.Errorf("the account lacks %s: %s", want, body)
	}
	if strings.Contains(body, "pending") {
		t.Errorf("the account shows a pending address: %s", body)
	}
	if got, want := a.kinds(t, user.ID), "registered deleted"; got != want {
		t.Errorf("got the audit events %s, want %s", got, want)
	}
	if got, want := a.kinds(t, again.ID),
		"registered email_verified email_change_requested email_change_refused"; got != want {
		t.Errorf("got the audit events %s, want %s", got, want)
	}
}

// TestCurrentPassword checks that a new password requires the current one, and that this cannot be guessed.
func TestCurrentPassword(t *testing.T) {
	t.Parallel()
	a := newTestApp(t, fiveFailures)
	user := a.registered(t, "ann@example.org")
	change := func(current string) apptest.Response {
		return a.put(t, user.Token, `{"password":"another","email":"new@example.org","firstname":"Bo","current_password":"`+
			current+`"}`)
	}
	for _, wrong := range []string{"", "wrong1", "wrong2", "wrong3", "wrong4"} {
		response := change(wrong)
		response.Error(t, http.StatusUnauthorized, "INVALID_CREDENTIALS")
	}
	response := change(apptest.Password)
	response.Error(t, http.StatusTooManyRequests, "TOO_MANY_REQUESTS")
	// failures here and when signing in are counted together
	a.signInAs(t, "ann@example.org").Error(t, http.StatusTooManyRequests, "TOO_MANY_REQUESTS")
	if stored := a.user(t, user.ID); stored.Firstname != "" || stored.PendingEmail != "" || stored.TokenGeneration != 0 {
		t.Errorf("a refused change left %+v, want no first name, no pending address and the token generation 0", stored)
	}
	if mails := a.Mails(t); len(mails) != 0 {
		t.Errorf("mailed %v, want nothing", mails)
	}
	a.Clock.Advance(time.Hour)
	change(apptest.Password).Decode(t, http.StatusOK, &user)
	var refused int64
	a.DB.Model(&audit.Event{}).Where("kind IN ('sign_in_refused', 'sign_in_limited') AND user_id = ?", user.ID).
		Count(&refused)
	if refused != 5 {
		t.Errorf("got audit events of %d failures, want 5", refused)
	}
	for range 8 { // the right password is not a failure
		a.put(t, user.Token, `{"password":"another","current_password":"another"}`).Decode(t, http.StatusOK, &user)
	}
}

// TestANewPasswordEndsAPendingChange checks that a new password cancels a pending change of address, which a thief may
// have requested.
func TestANewPasswordEndsAPendingChange(t *testing.T) {
	t.Parallel()
	for _, reset := range []bool{false, true} {
		a := newTestApp(t)
		user := a.registered(t, "ann@example.org")
		confirm, undo := a.ask(t, user.Token, "thief@example.org")
		if reset {
			a.confirm(t, a.resetCode(t, "ann@example.org"), "another one")
		} else {
			a.put(t, user.Token, `{"password":"another one","current_password":"123456"}`).Decode(t, http.StatusOK, &user)
		}
		a.pressed(t, confirm, "confirm", http.StatusNotFound)
		if got := a.user(t, user.ID); got.Email != "ann@example.org" || got.PendingEmail != "" {
			t.Errorf("got %+v, want the address ann@example.org and none pending", got)
		}
		if status := a.get(t, undo).Status; status != http.StatusOK {
			t.Errorf("the link to undo it: got %d, want 200", status)
		}
	}
}

// TestLinksAtOnce opens all links of one account concurrently, many times. It checks that each request succeeds, or
// fails because its link is no longer valid or the server is busy, and that the undo link gives the account its first
// address back.
func TestLinksAtOnce(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.registered(t, "ann@example.org")
	for range 5 {
		var stored users.User
		if err := a.DB.Take(&stored, user.ID).Error; err != nil {
			t.Fatal(err)
		}
		a.post(t, "/api/v1/authenticate", `{"email":"`+stored.Email+`","password":"123456"}`).Decode(t, http.StatusOK, &user)
		first, undo := a.ask(t, user.Token, "b@example.net")
		second, _ := a.ask(t, user.Token, "c@example.net")
		var group sync.WaitGroup
		for range 3 {
			for page, action := range map[string]string{first: "confirm", second: "confirm", undo: "confirm",
				second + "?x": "disown"} {
				group.Go(func() {
					switch response := a.press(t, page, action); response.Status {
					case http.StatusOK, http.StatusSeeOther, http.StatusNotFound:
					case http.StatusServiceUnavailable:
						t.Logf("%d", response.Status)
					default:
						t.Errorf("%s: got %d %s, want 200, 303, 404 or 503", page, response.Status, response.Body)
					}
				})
			}
		}
		group.Wait()
		a.pressed(t, undo, "confirm", http.StatusOK)
		if got := a.user(t, user.ID); got.Email != "ann@example.org" || got.PendingEmail != "" {
			t.Fatalf("got %+v, want the address ann@example.org and none pending", got)
		}
	}
}
