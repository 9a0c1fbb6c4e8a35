package users_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/users"
)

// TestRightsInSessions checks that sessions have the rights of a user only once the address is verified.
func TestRightsInSessions(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.Register(t, "ann@example.org")
	a.set(t, user.ID, "is_admin", true)
	a.Grant(t, a.CreateEvent(t, "one").ID, user.ID, "reviewer")
	for _, verified := range []bool{false, true} {
		if verified {
			a.Verify(t, user.ID)
		}
		for name, response := range map[string]apptest.Response{
			"sign-in": a.post(t, "/api/v1/authenticate", ann),
			"refresh": a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/authenticationrefresh",
				Token: user.Token}),
			"change": a.put(t, user.Token, `{}`),
		} {
			var session struct {
				Token   string
				IsAdmin bool `json:"is_admin"`
				Roles   []users.EventRole
			}
			response.Decode(t, http.StatusOK, &session)
			claims, err := base64.RawURLEncoding.DecodeString(strings.Split(session.Token, ".")[1])
			if err != nil {
				t.Fatal(err)
			}
			claimed := strings.Contains(string(claims), `"is_admin":true`)
			if session.IsAdmin != verified || claimed != verified {
				t.Errorf("%s: got %s with the claims %s, want an administrator in both: %t", name, response.Body, claims, verified)
			}
			if session.Roles == nil || (len(session.Roles) == 1) != verified {
				t.Errorf("%s: got the roles %v, want a list with one: %t", name, session.Roles, verified)
			}
		}
	}
}
