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
		if got["status"] != status || got["event_name"] != "The gala" || a.status(t, guest) != status {
			t.Errorf("got %v, and %v is stored", got, a.status(t, guest))
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
		t.Errorf("%v is stored", got)
	}
}

// TestJournal invites to an event that goes on, whose URL is no link.
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
		if !strings.Contains(text, "UTC.") || !strings.Contains(text, "at any time") || strings.Contains(text, "alert") ||
			strings.Contains(text, " to  ") {
			t.Errorf("the mail says %s", text)
		}
	}
	code := code(t, sent)
	page := a.page(t, code, "")
	if page.Status != http.StatusOK || !strings.Contains(page.Body, ">javascript:alert(1)<") ||
		strings.Contains(page.Body, `href="javascript`) || !strings.Contains(page.Body, ">from ") {
		t.Errorf("the page is %d %s", page.Status, page.Body)
	}
	a.Clock.Advance(100 * 365 * 24 * time.Hour)
	var got map[string]any
	a.answer(t, code, "accepted").Decode(t, http.StatusOK, &got)
	if until, there := got["answer_until"]; !there || until != nil {
		t.Errorf("got %v", got)
	}
}

// page gets the page, or sends its form.
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
			t.Errorf("no %s in %d %s", want, got.Status, got.Body)
		}
	}
	if strings.Contains(got.Body, "<script") || strings.Contains(got.Body, `href="javascript:`) {
		t.Errorf("a script in %s", got.Body)
	}
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(got.Body)
	sum := sha256.Sum256([]byte(style[1]))
	policy := got.Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") ||
		!strings.Contains(policy, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") {
		t.Errorf("the policy is %s", policy)
	}
	for _, part := range []string{"form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("the policy is %s", policy)
		}
	}
	if got.Header.Get("Referrer-Policy") != "no-referrer" || got.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the address, which holds the code, may be told or kept: %v", got.Header)
	}
	if got := a.status(t, guest); got != "invited" {
		t.Errorf("reading the page has answered %v", got)
	}

	answered := a.page(t, code, "status=accepted")
	if answered.Status != http.StatusSeeOther || answered.Header.Get("Location") != code ||
		a.status(t, guest) != "accepted" {
		t.Errorf("got %+v", answered)
	}
	if got := a.page(t, code, ""); !strings.Contains(got.Body, "You have accepted") {
		t.Errorf("got %s", got.Body)
	}
	a.page(t, code, "status=maybe").Error(t, http.StatusBadRequest, "VALIDATION_FAILED")

	a.Clock.Advance(365 * 24 * time.Hour)
	if got := a.page(t, code, ""); got.Status != http.StatusOK || !strings.Contains(got.Body, "Registration has closed") ||
		strings.Contains(got.Body, "<form") {
		t.Errorf("got %+v", got)
	}
	if got := a.page(t, code, "status=declined"); got.Status != http.StatusConflict ||
		!strings.Contains(got.Body, "Registration has closed") {
		t.Errorf("got %+v", got)
	}
	if strings.Contains(a.Log.String(), code) {
		t.Error("the log holds the code")
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
	if sent.Content.Subject != "Invitation : Le gala" {
		t.Errorf("the subject is %s", sent.Content.Subject)
	}
	if got := a.page(t, code(t, sent), ""); !strings.Contains(got.Body, `<html lang="fr">`) ||
		!strings.Contains(got.Body, "Vous n’avez pas encore répondu.") {
		t.Errorf("got %s", got.Body)
	}
	for accepted, want := range map[string]string{"": "en", "fr-CH, en;q=0.9": "fr", "de": "en", "!": "en"} {
		request := apptest.Request{Method: http.MethodGet, Path: "/invitation/x",
			Header: map[string]string{"Accept-Language": accepted}}
		got := a.Send(t, request)
		if got.Status != http.StatusNotFound || !strings.Contains(got.Body, `<html lang="`+want+`">`) ||
			!strings.Contains(got.Body, `role="alert"`) {
			t.Errorf("%q: got %+v", accepted, got)
		}
	}
}
