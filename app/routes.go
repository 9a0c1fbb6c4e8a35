package app

import "net/http"

// Who may call a route.
const (
	anyone         access = "anyone"
	authenticated  access = "authenticated"  // whoever shows a valid token
	administrators access = "administrators" // of the system, with a valid token
)

// routes is the URL map: a method, a path, who may call it, and the handler.
func (a *App) routes() []route {
	users, health := a.users, a.health
	return []route{
		{http.MethodGet, "/healthz", anyone, health.live},
		{http.MethodGet, "/readyz", anyone, health.ready},

		{http.MethodPost, "/api/v1/user", anyone, users.Register},
		{http.MethodGet, "/api/v1/user", authenticated, users.Read},
		{http.MethodPut, "/api/v1/user", authenticated, users.Update},
		{http.MethodDelete, "/api/v1/user", authenticated, users.Delete},
		{http.MethodGet, "/api/v1/users", administrators, users.List},
		{http.MethodPost, "/api/v1/authenticate", anyone, users.Authenticate},
		{http.MethodGet, "/api/v1/authenticationrefresh", authenticated, users.Refresh},
		{http.MethodPost, "/api/v1/logout", authenticated, users.Logout},
		{http.MethodPost, "/api/v1/password-reset/request", anyone, users.RequestPasswordReset},
		{http.MethodPost, "/api/v1/password-reset/confirm", anyone, users.ConfirmPasswordReset},
		{http.MethodGet, "/api/v1/verify-email", anyone, users.VerifyEmail},
		{http.MethodGet, "/api/v1/resend-verification-email", anyone, users.ResendVerification},
	}
}
