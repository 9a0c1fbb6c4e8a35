package users_test

import (
	"net/http"
	"strings"
	"testing"

	"guestlist/app"
	"guestlist/app/apptest"
)

func TestCommonPasswords(t *testing.T) {
	t.Parallel()
	a := newTestApp(t, func(c *app.Config) { c.PasswordDenyCommon = true })
	const common, address = "is one of the most common passwords", "must not be the email address"
	for want, passwords := range map[string][]string{
		common: {
			"123456", "1234567890", "654321", "111111", "password", "PASSWORD", "Password1", "passw0rd", "P@ssw0rd", "password!",
			"Password2026",
			"qwerty", "qwertyuiop", "Qwerty123", "azerty", "qwertz", "1q2w3e4r", "q1w2e3r4", "1qaz2wsx", "zaq12wsx", "asdfgh",
			"poiuyt", "abc123", "abcdef", "abcabc",
			"aaaaaa", "aaaaaa1", "ababab", "123123", "123321", "112233", "iloveyou", "letmein", "monkey", "dragon", "Dragon1!",
			"football", "trustno1", "sunshine",
			"admin123", "welcome1", "000000", "motdepasse", "passwort", "schatz", "contraseña",
		},
		address: {"somebody@example.org", "SomeBody@Example.org", "somebody", "SOMEBODY"},
		"": {"correct horse", "dragon and tiger", "sunshine84725", "Xk3!vq", "пароль без смысла", "ÄÖÜßñç",
			" \t  x y z", "qwert maple", "mapleqwert", "abcdxz"},
	} {
		for _, password := range passwords {
			var got apptest.Error
			response := a.Send(t, apptest.Request{
				Method: http.MethodPost, Path: "/api/v1/user", Body: map[string]string{"email": "somebody@example.org",
					"password": password, "language": "?"},
			})
			response.Decode(t, http.StatusBadRequest, &got) // an invalid language, so that no account is created
			if got.Errors["password"] != want {
				t.Errorf("%q: got %q, want %q", password, got.Errors["password"], want)
			}
		}
	}
}

// TestLongPasswords checks that the longest password signs in, and that one that differs in its last byte does not.
func TestLongPasswords(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	long := strings.Repeat("€ ", 64)
	credentials := func(password string) apptest.Request {
		return apptest.Request{Method: http.MethodPost, Path: "/api/v1/authenticate",
			Body: map[string]string{"email": "ann@example.org", "password": password}}
	}
	register := credentials(long)
	register.Path = "/api/v1/user"
	a.Send(t, register).Decode(t, http.StatusCreated, &apptest.User{})
	a.Send(t, credentials(long)).Decode(t, http.StatusOK, &apptest.User{})
	a.Send(t, credentials(long[:255]+"x")).Error(t, http.StatusUnauthorized, "INVALID_CREDENTIALS")
	a.Send(t, credentials(long+"x")).Error(t, http.StatusUnauthorized, "INVALID_CREDENTIALS")
}
