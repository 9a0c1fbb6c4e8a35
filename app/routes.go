package app

import "net/http"

// Who may call a route.
const (
	anyone         access = "anyone"
	authenticated  access = "authenticated"  // with a valid token
	administrators access = "administrators" // of the system
)

// The setting that limits how often a client may call a route.
const (
	unlimited     limit = ""
	limitLogin    limit = "LIMIT_LOGIN"
	limitRegister limit = "LIMIT_REGISTER"
	limitExport   limit = "LIMIT_EXPORT"
	limitMail     limit = "LIMIT_MAIL" // routes that send a mail for a caller who need not have an account
)

// routes is the URL map: method, path, who may call it, rate limit, and handler.
func (a *App) routes() []route { //nolint:funlen // a line for each URL
	health, users, organisation, content, docs := a.health, a.users, a.organisation, a.content, a.docs
	events := a.events
	tags := a.tags
	invitedguest := a.invitedguest
	return []route{
		{http.MethodGet, "/healthz", anyone, unlimited, health.live},
		{http.MethodGet, "/readyz", anyone, unlimited, health.ready},
		{http.MethodGet, "/openapi.json", anyone, unlimited, docs.Document},
		{http.MethodGet, "/docs", anyone, unlimited, docs.Page},
		{http.MethodGet, "/docs/:file", anyone, unlimited, docs.File},

		{http.MethodPost, "/api/v1/user", anyone, limitRegister, users.Register},
		{http.MethodGet, "/api/v1/user", authenticated, unlimited, users.Read},
		{http.MethodPut, "/api/v1/user", authenticated, unlimited, users.Update},
		{http.MethodDelete, "/api/v1/user", authenticated, unlimited, users.Delete},
		{http.MethodGet, "/api/v1/user/export", authenticated, limitExport, users.Export},
		{http.MethodPut, "/api/v1/privacypolicy", authenticated, unlimited, users.AgreeToPolicy},
		{http.MethodGet, "/api/v1/users", administrators, unlimited, users.List},
		{http.MethodGet, "/api/v1/users/:id", administrators, unlimited, users.ReadOne},
		{http.MethodPost, "/api/v1/users/:id/verify", administrators, unlimited, users.Verify},
		{http.MethodPost, "/api/v1/users/:id/block", administrators, unlimited, users.Block},
		{http.MethodPost, "/api/v1/users/:id/unblock", administrators, unlimited, users.Unblock},
		{http.MethodPost, "/api/v1/authenticate", anyone, limitLogin, users.Authenticate},
		{http.MethodGet, "/api/v1/authenticationrefresh", authenticated, unlimited, users.Refresh},
		{http.MethodPost, "/api/v1/logout", authenticated, unlimited, users.Logout},
		{http.MethodPost, "/api/v1/password-reset/request", anyone, limitMail, users.RequestPasswordReset},
		{http.MethodPost, "/api/v1/password-reset/confirm", anyone, limitLogin, users.ConfirmPasswordReset},
		{http.MethodGet, "/api/v1/verify-email", anyone, unlimited, users.VerifyEmail},
		{http.MethodGet, "/api/v1/resend-verification-email", anyone, limitMail, users.ResendVerification},

		{http.MethodGet, "/verify-email", anyone, unlimited, users.ResendPage},
		{http.MethodPost, "/verify-email", anyone, limitMail, users.ResendOnPage},
		{http.MethodGet, "/verify-email/:code", anyone, unlimited, users.VerifyPage},
		{http.MethodPost, "/verify-email/:code", anyone, unlimited, users.VerifyOnPage},
		{http.MethodGet, "/reset-password", anyone, unlimited, users.RequestResetPage},
		{http.MethodPost, "/reset-password", anyone, limitMail, users.RequestResetOnPage},
		{http.MethodGet, "/reset-password/:code", anyone, unlimited, users.ResetPage},
		{http.MethodPost, "/reset-password/:code", anyone, limitLogin, users.ResetOnPage},
		{http.MethodGet, "/undo-email/:code", anyone, unlimited, users.UndoPage},
		{http.MethodPost, "/undo-email/:code", anyone, limitLogin, users.UndoOnPage},

		{http.MethodGet, "/api/v1/organisation", anyone, unlimited, organisation.Read},
		{http.MethodGet, "/api/v1/content/title", anyone, unlimited, content.Titles},
		{http.MethodGet, "/api/v1/content/gender", anyone, unlimited, content.Genders},
		{http.MethodGet, "/api/v1/content/countries", anyone, unlimited, content.Countries},
		{http.MethodGet, "/api/v1/content/categories", anyone, unlimited, content.Categories},
		{http.MethodGet, "/api/v1/content/ethnicity", anyone, unlimited, content.Ethnicities},
		{http.MethodGet, "/api/v1/content/disability", anyone, unlimited, content.Disabilities},

		{http.MethodPost, "/api/v1/event", administrators, unlimited, events.Create},
		{http.MethodGet, "/api/v1/event", authenticated, unlimited, events.Read},
		{http.MethodPut, "/api/v1/event", authenticated, unlimited, events.Update},
		{http.MethodGet, "/api/v1/events", authenticated, unlimited, events.List},
		{http.MethodGet, "/api/v1/event-by-key", authenticated, unlimited, events.ReadByKey},
		{http.MethodGet, "/api/v1/event-roles", authenticated, unlimited, events.ListRoles},
		{http.MethodPost, "/api/v1/event-roles", authenticated, unlimited, events.Grant},
		{http.MethodDelete, "/api/v1/event-roles", authenticated, unlimited, events.Revoke},

		{http.MethodGet, "/api/v1/tags", authenticated, unlimited, tags.List},
		{http.MethodGet, "/api/v1/tagsconfig", authenticated, unlimited, tags.ListAll},
		{http.MethodGet, "/api/v1/tagtypes", authenticated, unlimited, tags.Types},
		{http.MethodGet, "/api/v1/tag", authenticated, unlimited, tags.Read},
		{http.MethodPost, "/api/v1/tag", authenticated, unlimited, tags.Create},
		{http.MethodPut, "/api/v1/tag", authenticated, unlimited, tags.Update},
		{http.MethodDelete, "/api/v1/tag", authenticated, unlimited, tags.Delete},

		{http.MethodPost, "/api/v1/invitedGuest", authenticated, unlimited, invitedguest.Invite},
		{http.MethodPost, "/api/v1/invitedGuest/create", authenticated, unlimited, invitedguest.Create},
		{http.MethodPost, "/api/v1/invitedGuest/bulk", authenticated, unlimited, invitedguest.InviteMany},
		{http.MethodGet, "/api/v1/invitedGuest", authenticated, unlimited, invitedguest.Read},
		{http.MethodPut, "/api/v1/invitedGuest", authenticated, unlimited, invitedguest.Update},
		{http.MethodDelete, "/api/v1/invitedGuest", authenticated, unlimited, invitedguest.Remove},
		{http.MethodPost, "/api/v1/invitedGuest/resend", authenticated, unlimited, invitedguest.Resend},
		{http.MethodPost, "/api/v1/invitedGuest/remind", authenticated, unlimited, invitedguest.Remind},
		{http.MethodPost, "/api/v1/event-mail", authenticated, unlimited, invitedguest.Announce},
		{http.MethodGet, "/api/v1/invitedGuest/counts", authenticated, unlimited, invitedguest.Count},
		{http.MethodGet, "/api/v1/event-wording", authenticated, unlimited, invitedguest.ListWordings},
		{http.MethodPut, "/api/v1/event-wording", authenticated, unlimited, invitedguest.SetWording},
		{http.MethodDelete, "/api/v1/event-wording", authenticated, unlimited, invitedguest.RemoveWording},
		{http.MethodPost, "/api/v1/event-wording/preview", authenticated, unlimited, invitedguest.TryWording},
		{http.MethodGet, "/api/v1/event-notification", authenticated, unlimited, invitedguest.ReadNews},
		{http.MethodPut, "/api/v1/event-notification", authenticated, unlimited, invitedguest.SetNews},
		{http.MethodGet, "/api/v1/invitedGuestList", authenticated, unlimited, invitedguest.List},
		{http.MethodGet, "/api/v1/userprofilelist", authenticated, unlimited, invitedguest.ListProfiles},
		{http.MethodGet, "/api/v1/userprofile", authenticated, unlimited, invitedguest.ReadProfile},
		{http.MethodGet, "/api/v1/checkIfInvitedGuest", authenticated, unlimited, invitedguest.Check},
		{http.MethodPost, "/api/v1/invitedguesttag", authenticated, unlimited, invitedguest.AddTag},
		{http.MethodDelete, "/api/v1/invitedguesttag", authenticated, unlimited, invitedguest.RemoveTag},
		{http.MethodPost, "/api/v1/invitation", anyone, unlimited, invitedguest.Answer},
		{http.MethodGet, "/invitation/:code", anyone, unlimited, invitedguest.Page},
		{http.MethodPost, "/invitation/:code", anyone, unlimited, invitedguest.AnswerOnPage},
		{http.MethodGet, "/invitation/:code/event.ics", anyone, unlimited, invitedguest.Calendar},
		{http.MethodGet, "/invitation/:code/unsubscribe", anyone, unlimited, invitedguest.OptOutPage},
		{http.MethodPost, "/invitation/:code/unsubscribe", anyone, unlimited, invitedguest.OptOutOnPage},
	}
}
