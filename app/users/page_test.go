package users_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/limits"
)

func (a testApp) open(t *testing.T, page, languages string) apptest.Response {
	t.Helper()
	return a.Send(t, apptest.Request{
		Method: http.MethodGet, Path: page, Header: map[string]string{"Accept": "text/html", "Accept-Language": languages},
	})
}

// TestPagesSpeakTheLanguage checks that a page is in the language of the code's account or, without a valid code, of
// the browser.
func TestPagesSpeakTheLanguage(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.post(t, "/api/v1/user", `{"email":"ann@example.org","password":"123456","language":"fr-CA"}`)
	verify := apptest.Page(t, a.Mails(t)[0])
	a.post(t, "/api/v1/password-reset/request", `{"email":"ann@example.org"}`)
	reset := apptest.Page(t, a.Mails(t)[0])
	for page, want := range map[string]string{
		verify: "Oui, c’est mon adresse", reset: "Nouveau mot de passe",
	} {
		response := a.open(t, page, "en")
		if response.Status != http.StatusOK || !strings.Contains(response.Body, want) ||
			!strings.Contains(response.Body, `<html lang="fr">`) {
			t.Errorf("got %d %s, want 200 with %q in French", response.Status, response.Body, want)
		}
	}
	response := a.form(t, reset, url.Values{"password": {"12345"}})
	if response.Status != http.StatusBadRequest || !strings.Contains(response.Body, "au moins 6 caractères") {
		t.Errorf("got %d %s, want 400 with the minimum of 6 characters in French", response.Status, response.Body)
	}
	for _, page := range []string{"/verify-email/x", "/reset-password/x", "/undo-email/x"} {
		for languages, want := range map[string]string{"fr-BE,en;q=0.5": `<html lang="fr">`, "de": `<html lang="en">`,
			"": `<html lang="en">`, ";": `<html lang="en">`} {
			for _, response := range []apptest.Response{a.open(t, page, languages), a.open(t, page+"?x=y", languages)} {
				if response.Status != http.StatusNotFound {
					t.Errorf("%s %q: got %d, want 404", page, languages, response.Status)
				}
				for _, want := range []string{want, `id="problem"`} {
					if !strings.Contains(response.Body, want) {
						t.Errorf("%s %q: the page lacks %s: %s", page, languages, want, response.Body)
					}
				}
			}
		}
	}
}

// TestPagesAreNotCached checks the headers that prevent caching and scripts.
func TestPagesAreNotCached(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.Register(t, "ann@example.org")
	for _, page := range []string{apptest.Page(t, a.Mails(t)[0]), "/verify-email", "/reset-password/x"} {
		response := a.open(t, page, "en")
		for name, want := range map[string]string{
			"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex",
			"Content-Type": "text/html; charset=utf-8", "X-Frame-Options": "DENY",
		} {
			if got := response.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", page, name, got, want)
			}
		}
		policy := response.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") || strings.Contains(policy, "unsafe") ||
			strings.Contains(response.Body, "<script") {
			t.Errorf("got the policy %s and %s, want only the hash of the style, and no script", policy, response.Body)
		}
	}
}

// TestWhoAsksForJSON checks that GET verifies the address for clients that ask for JSON, and redirects others to the
// page.
func TestWhoAsksForJSON(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.Register(t, "ann@example.org")
	code := apptest.Code(t, a.Mails(t)[0])
	get := func(accept string) apptest.Response {
		return a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/verify-email?token=" + code,
			Header: map[string]string{"Accept": accept}})
	}
	for _, accept := range []string{"", "*/*", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
		"application/json;q=0, */*", "application/*", "image/*", ","} {
		response := get(accept)
		got, want := response.Header.Get("Location"), "../../verify-email/"+code
		if response.Status != http.StatusSeeOther || got != want {
			t.Errorf("%q: got %d to %q, want 303 to %q", accept, response.Status, got, want)
		}
	}
	if a.user(t, user.ID).VerifiedAt != nil {
		t.Fatal("a request for the page has verified the address")
	}
	for _, accept := range []string{"application/json", "application/json, text/plain, */*",
		"text/html, application/JSON;q=0.1", "*/json"} {
		if response := get(accept); response.Status != http.StatusCreated || response.Body != "{}" {
			t.Errorf("%q: got %d %s, want 201 {}", accept, response.Status, response.Body)
		}
	}
	if a.user(t, user.ID).VerifiedAt == nil {
		t.Error("the address is not verified")
	}
	// A damaged code and an empty one lead to pages too.
	for token, location := range map[string]string{"": "../../verify-email", code + ".%20/..": "../../verify-email/" +
		code, "%2F%2Feve.example": "../../verify-email/eveexample"} {
		if got := a.open(t, "/api/v1/verify-email?token="+token, "").Header.Get("Location"); got != location {
			t.Errorf("%q leads to %s, want %s", token, got, location)
		}
	}
}

// TestResendInABrowser checks that a browser is redirected to a page, and that only the form on that page sends the
// mail.
func TestResendInABrowser(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.Register(t, "ann@example.org")
	a.Mails(t)
	response := a.open(t, "/api/v1/resend-verification-email?email=ann@example.org", "")
	got, want := response.Header.Get("Location"), "../../verify-email?email=ann%40example.org"
	if response.Status != http.StatusSeeOther || got != want {
		t.Errorf("got %d to %q, want 303 to %q", response.Status, got, want)
	}
	body := a.open(t, "/verify-email?email=ann%40example.org", "").Body
	if !strings.Contains(body, `value="ann@example.org"`) {
		t.Errorf("got the page %s, want the address in the form", body)
	}
	if mails := a.Mails(t); len(mails) != 0 {
		t.Errorf("mailed %v, want nothing", mails)
	}
	var answers []string
	for _, email := range []string{"ann@example.org", "nobody@example.org"} {
		answers = append(answers, a.form(t, "/verify-email", url.Values{"email": {email}}).Body)
		answers = append(answers, a.form(t, "/reset-password", url.Values{"email": {email}}).Body)
	}
	if answers[0] != answers[2] || answers[1] != answers[3] {
		t.Errorf("the responses for an account and for none differ: %s", answers)
	}
	if strings.Contains(answers[0], "{}") {
		t.Errorf("got JSON, want a page: %s", answers[0])
	}
	if mails := a.Mails(t); len(mails) != 2 || mails[0].Kind != "password_reset" || mails[1].Kind != "verify_email" {
		t.Errorf("mailed %v, want password_reset and verify_email", mails)
	}
	if response := a.form(t, "/verify-email", url.Values{"email": {"ann"}}); response.Status != http.StatusBadRequest ||
		!strings.Contains(response.Body, `id="wrong"`) {
		t.Errorf("got %d %s, want 400 with the error", response.Status, response.Body)
	}
}

// TestResetPage checks that the page accepts a password only if it meets the rules, and only once.
func TestResetPage(t *testing.T) {
	t.Parallel()
	a := newTestApp(t, func(c *app.Config) { c.PasswordDenyCommon = true })
	var user apptest.User
	a.post(t, "/api/v1/user", `{"email":"ann@example.org","password":"a good one"}`).Decode(t, http.StatusCreated, &user)
	a.Mails(t)
	a.post(t, "/api/v1/password-reset/request", `{"email":"ann@example.org"}`)
	page := apptest.Page(t, a.Mails(t)[0])
	for range 3 { // GET does not use up the code
		if body := a.open(t, page, "").Body; !strings.Contains(body, `autocomplete="new-password"`) ||
			!strings.Contains(body, "ann@example.org") {
			t.Errorf("got the page %s, want the address and a field for a new password", body)
		}
	}
	for password, want := range map[string]string{
		"": "enter a password", "a b c": "at least 6 characters", strings.Repeat("long ", 60): "too long",
		"Ann@example.org": "must not be the email address", "password1": "most common",
	} {
		if response := a.form(t, page, url.Values{"password": {password}}); response.Status != http.StatusBadRequest ||
			!strings.Contains(response.Body, want) {
			t.Errorf("%q: got %d %s, want 400 with %q", password, response.Status, response.Body, want)
		}
	}
	if response := a.form(t, page, url.Values{"password": {"a better one"}}); response.Status != http.StatusOK ||
		!strings.Contains(response.Body, `id="done"`) {
		t.Errorf("got %d %s, want 200 with the confirmation", response.Status, response.Body)
	}
	a.read(t, user.Token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
	for range 2 {
		if response := a.form(t, page, url.Values{"password": {"a third one"}}); response.Status != http.StatusNotFound {
			t.Errorf("again: got %d %s, want 404", response.Status, response.Body)
		}
	}
	if status := a.signIn(t, "a better one").Status; status != http.StatusOK {
		t.Errorf("the new password: got %d, want 200", status)
	}
}

// TestPagesAreLimited checks that pages have the limits of the corresponding API routes.
func TestPagesAreLimited(t *testing.T) {
	t.Parallel()
	one := limits.Rate{Count: 1, Per: 1 << 40}
	a := newTestApp(t, func(c *app.Config) { c.LimitLogin, c.LimitMail = one, one })
	a.form(t, "/reset-password/x", url.Values{"password": {"a better one"}})
	a.form(t, "/verify-email", url.Values{"email": {"ann@example.org"}})
	for _, page := range []string{"/reset-password/x", "/undo-email/x", "/verify-email", "/reset-password"} {
		response := a.form(t, page, url.Values{})
		if response.Status != http.StatusTooManyRequests || response.Header.Get("Retry-After") == "" {
			t.Errorf("%s: got %d and the header %v, want 429 with Retry-After", page, response.Status, response.Header)
		}
		if want := "too many attempts"; !strings.Contains(response.Body, want) {
			t.Errorf("%s: the page lacks %q: %s", page, want, response.Body)
		}
		a.post(t, page, "{}").Error(t, http.StatusTooManyRequests, "TOO_MANY_REQUESTS") // clients that ask for JSON get it
	}
}

// TestMailsLeadToTheClient checks that mails link to the client if there is one, and to the program's own pages for
// actions that the client lacks.
func TestMailsLeadToTheClient(t *testing.T) {
	t.Parallel()
	a := newTestApp(t, func(c *app.Config) { c.ClientURL = "https://client.example.org/app" })
	user := a.Register(t, "ann@example.org")
	verify := a.Mails(t)[0].Content
	code := regexp.MustCompile(`https://client\.example\.org/app/verifyEmail\?token=(\w+)\n`).
		FindStringSubmatch(verify.Text)
	if code == nil {
		t.Fatalf("the mail has no link to the client:\n%s", verify.Text)
	}
	want := a.Config.PublicURL + "/verify-email/" + code[1]
	if !strings.Contains(verify.Text, want) || !strings.Contains(verify.HTML, want) {
		t.Fatalf("the text or the HTML lacks %s:\n%s\n%s", want, verify.Text, verify.HTML)
	}
	a.get(t, "/api/v1/verify-email?token="+code[1])
	a.put(t, user.Token, `{"email":"new@example.org"}`)
	a.post(t, "/api/v1/password-reset/request", `{"email":"ann@example.org"}`)
	for _, m := range a.Mails(t) {
		want := map[string]string{
			"change_email": `https://client\.example\.org/app/verifyEmail\?token=\w+\n[^~]*` +
				`https://guestlist\.example\.org/verify-email/\w+`,
			"email_change":   `https://guestlist\.example\.org/undo-email/\w+`,
			"password_reset": `https://client\.example\.org/app/resetPassword\?resetToken=\w+`,
		}[m.Kind]
		if !regexp.MustCompile(want).MatchString(m.Content.Text) {
			t.Errorf("%s: got %s, want a link like %s", m.Kind, m.Content.Text, want)
		}
	}
}

// TestResetPageBody checks that a body that is not the page's form changes no password.
func TestResetPageBody(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.Register(t, "ann@example.org")
	a.Mails(t)
	code := a.resetCode(t, "ann@example.org")
	for _, body := range []string{"[]", "{"} {
		a.post(t, "/reset-password/"+code, body).Error(t, http.StatusBadRequest, "INVALID_JSON")
	}
	if status := a.signIn(t, apptest.Password).Status; status != http.StatusOK {
		t.Errorf("the old password: got %d, want %d", status, http.StatusOK)
	}
}
