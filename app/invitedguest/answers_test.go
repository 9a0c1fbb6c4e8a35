package invitedguest_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"guestlist/app/apptest"
	"guestlist/app/users"
)

func (a testApp) answer(t testing.TB, code, status string) apptest.Response {
	t.Helper()
	return a.Send(t, apptest.Request{Method: http.MethodPost, Path: "/api/v1/invitation",
		Body: map[string]any{"code": code, "status": status}})
}

func (a testApp) status(t testing.TB, guest invitedAnswer) any {
	t.Helper()
	return a.read(t, guest)["status"]
}

// read returns the guest as administrators see it.
func (a testApp) read(t testing.TB, guest invitedAnswer) (read map[string]any) {
	t.Helper()
	a.call(t, http.MethodGet, pathOf("invitedGuest", "event_id", a.event.ID, "invited_guest_id", guest.GuestID), nil).
		Decode(t, http.StatusOK, &read)
	return read
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	guest := a.invite(t, "zoe")
	code := code(t, a.Mails(t)[0])
	for _, status := range []string{"accepted", "declined", "declined", "accepted"} {
		var got map[string]any
		a.answer(t, code, status).Decode(t, http.StatusOK, &got)
		if got["status"] != status || got["event_name"] != "The gala" {
			t.Errorf("got %v, want the status %s and the event The gala", got, status)
		}
		if stored := a.status(t, guest); stored != status {
			t.Errorf("%v is stored, want %s", stored, status)
		}
	}
	for _, status := range []string{"", "invited", "maybe"} {
		a.answer(t, code, status).Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
	}
	for _, wrong := range []string{"x", code + "x", code[:len(code)-1], "\x7f", strings.Repeat("A", 5000)} {
		a.answer(t, wrong, "accepted").Error(t, http.StatusNotFound, "INVITATION_NOT_VALID")
	}
	closes := a.Clock.Now().Add(time.Hour)
	if err := a.DB.Model(a.event).Update("registration_close", closes).Error; err != nil {
		t.Fatal(err)
	}
	a.answer(t, code, "declined").Decode(t, http.StatusOK, &map[string]any{})
	a.Clock.Advance(time.Hour)
	a.answer(t, code, "accepted").Error(t, http.StatusConflict, "REGISTRATION_CLOSED")
	if got := a.status(t, guest); got != "declined" {
		t.Errorf("%v is stored, want declined", got)
	}
}

// TestJournal checks the mail and the page of an event without an end, whose URL must not become a link.
func TestJournal(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	if err := a.DB.Model(a.event).
		Updates(map[string]any{"event_type": "journal", "end_date": nil, "url": "javascript:alert(1)"}).Error; err != nil {
		t.Fatal(err)
	}
	a.invite(t, "zoe")
	sent := a.Mails(t)[0]
	for _, text := range []string{sent.Content.Text, sent.Content.HTML} {
		for _, want := range []string{"UTC.", "at any time"} {
			if !strings.Contains(text, want) {
				t.Errorf("the mail lacks %q:\n%s", want, text)
			}
		}
		for _, wrong := range []string{"alert", " to  "} {
			if strings.Contains(text, wrong) {
				t.Errorf("the mail says %q:\n%s", wrong, text)
			}
		}
	}
	code := code(t, sent)
	page := a.page(t, code, "")
	for _, want := range []string{">javascript:alert(1)<", ">from "} {
		if page.Status != http.StatusOK || !strings.Contains(page.Body, want) {
			t.Errorf("the page is %d %s, want 200 with %q", page.Status, page.Body, want)
		}
	}
	if wrong := `href="javascript`; strings.Contains(page.Body, wrong) {
		t.Errorf("the page shows %q: %s", wrong, page.Body)
	}
	a.Clock.Advance(100 * 365 * 24 * time.Hour)
	var got map[string]any
	a.answer(t, code, "accepted").Decode(t, http.StatusOK, &got)
	if until, there := got["answer_until"]; !there || until != nil {
		t.Errorf("got %v, want answer_until to be null", got)
	}
}

// page requests the page of an invitation, or sends its form.
func (a testApp) page(t testing.TB, code, form string) apptest.Response {
	t.Helper()
	request := apptest.Request{Method: http.MethodGet, Path: "/invitation/" + code}
	if form != "" {
		request = apptest.Request{
			Method: http.MethodPost, Path: "/invitation/" + code, Body: form,
			Header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"},
		}
	}
	return a.Send(t, request)
}

func TestPage(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	if err := a.DB.Model(a.event).Update("url", "javascript:alert(1)").Error; err != nil {
		t.Fatal(err)
	}
	guest := a.invite(t, "zoe")
	if err := a.DB.Model(&users.User{}).Where("id = ?", guest.UserID).UpdateColumn("firstname", "z<b>oe").
		Error; err != nil {
		t.Fatal(err)
	}
	code := code(t, a.Mails(t)[0])
	got := a.page(t, code, "")
	for _, want := range []string{`<html lang="en">`, "The gala", "About gala", "Dr z&lt;b&gt;oe Lee",
		"You have not answered yet.", `value="accepted"`, `value="declined"`} {
		if got.Status != http.StatusOK || !strings.Contains(got.Body, want) {
			t.Errorf("got %d %s, want 200 with %q", got.Status, got.Body, want)
		}
	}
	for _, script := range []string{"<script", `href="javascript:`} {
		if strings.Contains(got.Body, script) {
			t.Errorf("the page shows %q: %s", script, got.Body)
		}
	}
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(got.Body)
	sum := sha256.Sum256([]byte(style[1]))
	policy := got.Header.Get("Content-Security-Policy")
	for _, part := range []string{
		"default-src 'none'", "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'",
		"form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
	} {
		if !strings.Contains(policy, part) {
			t.Errorf("the policy lacks %q: %s", part, policy)
		}
	}
	// The address of the page has the code, so it must be neither sent to other sites nor cached.
	for header, want := range map[string]string{"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"} {
		if got := got.Header.Get(header); got != want {
			t.Errorf("%s is %q, want %q", header, got, want)
		}
	}
	if got := a.status(t, guest); got != "invited" {
		t.Errorf("after the page was read, the status is %v, want invited", got)
	}

	answered := a.page(t, code, "status=accepted")
	if location := answered.Header.Get("Location"); answered.Status != http.StatusSeeOther || location != code {
		t.Errorf("got %d %s to %q, want 303 to %q", answered.Status, answered.Body, location, code)
	}
	if got := a.status(t, guest); got != "accepted" {
		t.Errorf("%v is stored, want accepted", got)
	}
	if got, want := a.page(t, code, ""), "You have accepted"; !strings.Contains(got.Body, want) {
		t.Errorf("the page lacks %q: %s", want, got.Body)
	}
	a.page(t, code, "status=maybe").Error(t, http.StatusBadRequest, "VALIDATION_FAILED")

	a.Clock.Advance(365 * 24 * time.Hour)
	const closed = "Registration has closed"
	if got := a.page(t, code, ""); got.Status != http.StatusOK || !strings.Contains(got.Body, closed) ||
		strings.Contains(got.Body, "<form") {
		t.Errorf("got %d %s, want 200 with %q and no form", got.Status, got.Body, closed)
	}
	if got := a.page(t, code, "status=declined"); got.Status != http.StatusConflict ||
		!strings.Contains(got.Body, closed) {
		t.Errorf("got %d %s, want 409 with %q", got.Status, got.Body, closed)
	}
	if strings.Contains(a.Log.String(), code) {
		t.Error("the log has the code")
	}
}

func TestPageLanguages(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.invite(t, "zoe")
	if err := a.DB.Model(&users.User{}).Where("email = ?", "zoe@example.org").Update("primary_language", "fr-CA").
		Error; err != nil {
		t.Fatal(err)
	}
	sent := a.Mails(t)[0]
	if got, want := sent.Content.Subject, "Invitation\u00a0: Le gala"; got != want {
		t.Errorf("the subject is %q, want %q", got, want)
	}
	page := a.page(t, code(t, sent), "")
	for _, want := range []string{`<html lang="fr">`, "Vous n’avez pas encore répondu."} {
		if !strings.Contains(page.Body, want) {
			t.Errorf("the page lacks %q: %s", want, page.Body)
		}
	}
	for accepted, want := range map[string]string{"": "en", "fr-CH, en;q=0.9": "fr", "de": "en", "!": "en"} {
		request := apptest.Request{Method: http.MethodGet, Path: "/invitation/x",
			Header: map[string]string{"Accept-Language": accepted}}
		got := a.Send(t, request)
		if got.Status != http.StatusNotFound || !strings.Contains(got.Body, `<html lang="`+want+`">`) ||
			!strings.Contains(got.Body, `role="alert"`) {
			t.Errorf("%q: got %d %s, want 404 with a problem in %s", accepted, got.Status, got.Body, want)
		}
	}
}
