package users_test

import (
	"net/http"
	"testing"
	"time"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/users"
)

// withPolicy makes registration require agreement to a privacy policy.
func withPolicy(c *app.Config) { c.Organisation.PrivacyPolicy = "PrivacyPolicy.pdf" }

// agreedAt returns when the user agreed to the privacy policy, or nil.
func (a testApp) agreedAt(t *testing.T, id int64) *time.Time {
	t.Helper()
	var user users.User
	if err := a.DB.Take(&user, id).Error; err != nil {
		t.Fatal(err)
	}
	return user.PolicyAgreedAt
}

func TestRegisterAgreesToThePolicy(t *testing.T) {
	t.Parallel()
	with, without := newTestApp(t, withPolicy), newTestApp(t)
	for agreed, ok := range map[string]bool{"": false, `,"policy_agreed":false`: false, `,"policy_agreed":null`: false,
		`,"policy_agreed":true`: true} {
		body := `{"email":"ann@example.org","password":"123456"` + agreed + "}"
		response := with.post(t, "/api/v1/user", body)
		if ok {
			var user apptest.User
			response.Decode(t, http.StatusCreated, &user)
			if at := with.agreedAt(t, user.ID); at == nil || !at.Equal(with.Clock.Now()) {
				t.Errorf("agreed at %v, want %v", at, with.Clock.Now())
			}
			continue
		}
		if got := response.Error(t, http.StatusBadRequest, "VALIDATION_FAILED"); got.Errors["policy_agreed"] == "" ||
			len(got.Errors) != 1 {
			t.Errorf("%s: got the errors %v, want one of policy_agreed", agreed, got.Errors)
		}
	}
	for email, agreed := range map[string]string{"a@example.org": "", "b@example.org": `,"policy_agreed":false`} {
		response := without.post(t, "/api/v1/user", `{"email":"`+email+`","password":"123456"`+agreed+"}")
		if response.Status != http.StatusCreated {
			t.Errorf("without a policy: got %d %s, want 201", response.Status, response.Body)
		}
	}
}

func TestAgreeToPolicy(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	ann, bob := a.Register(t, "ann@example.org"), a.Register(t, "bob@example.org")
	put := func(token, body string) apptest.Response {
		return a.Send(t, apptest.Request{Method: http.MethodPut, Path: "/api/v1/privacypolicy", Token: token, Body: body})
	}
	put("", `{"policy_agreed":true}`).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
	for _, body := range []string{`{}`, `{"policy_agreed":false}`, `{"policy_agreed":"yes"}`} {
		if got := put(ann.Token, body).
			Error(t, http.StatusBadRequest, "VALIDATION_FAILED"); got.Errors["policy_agreed"] == "" {
			t.Errorf("%s: got the errors %v, want one of policy_agreed", body, got.Errors)
		}
	}
	if at := a.agreedAt(t, ann.ID); at != nil {
		t.Errorf("agreed at %v, want nil", at)
	}
	for range 2 {
		a.Clock.Advance(time.Hour)
		if response := put(ann.Token, `{"policy_agreed":true}`); response.Status != http.StatusOK || response.Body != "{}" {
			t.Errorf("got %d %s, want 200 {}", response.Status, response.Body)
		}
		if at := a.agreedAt(t, ann.ID); at == nil || !at.Equal(a.Clock.Now()) {
			t.Errorf("agreed at %v, want %v", at, a.Clock.Now())
		}
	}
	if at := a.agreedAt(t, bob.ID); at != nil {
		t.Errorf("another user agreed at %v, want nil", at)
	}
}
