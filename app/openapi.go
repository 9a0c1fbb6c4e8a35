package app

import (
	"cmp"
	"fmt"
	"strings"

	"guestlist/app/content"
	"guestlist/app/docs"
	"guestlist/app/events"
	"guestlist/app/invitedguest"
	"guestlist/app/limits"
	"guestlist/app/openapi"
	"guestlist/app/organisation"
	"guestlist/app/tags"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// aboutAPI is the description of the whole API.
const aboutAPI = "A token goes in the `Authorization` header. Unknown members of a request are ignored. " +
	"A member that " +
	"is null, or an empty string for a member that may be absent, counts as absent. Members of a body are also accepted " +
	"in the query. `HEAD` works wherever `GET` does. Later versions may add members to responses."

// OpenAPI returns the OpenAPI 3.1 document of the API under the settings, as JSON. version is the program's.
func OpenAPI(config Config, version string) ([]byte, error) {
	a := &App{Config: config}
	var routes []openapi.Route
	for _, r := range a.routes() {
		routes = append(routes, a.documented(r))
	}
	return openapi.Build(openapi.Service{
		Title: config.Organisation.SystemName, Version: cmp.Or(version, "unknown"),
		Description: aboutAPI, License: "MIT",
		Errors: []*utils.Error{utils.ErrInternal, utils.ErrUnavailable, utils.ErrSchemaOutdated},
	}, routes, a.declared())
}

// declared returns the features' declarations of their handlers.
func (a *App) declared() []openapi.Feature {
	config := a.Config
	return []openapi.Feature{
		users.OpenAPI(config.PasswordRules(), config.Organisation.HasPolicy(), PersonalData()),
		events.OpenAPI(append(events.BuiltInRoles(), config.EventRoles...), config.Organisation.ID),
		tags.OpenAPI(),
		invitedguest.OpenAPI(),
		organisation.OpenAPI(),
		content.OpenAPI(),
		docs.OpenAPI(),
		openAPI(),
	}
}

// documented returns a route for the document, with the errors that guards can return.
func (a *App) documented(r route) openapi.Route {
	d := openapi.Route{
		Method: r.method, Path: r.path, Endpoint: utils.Endpoint(r.handle), Token: r.access != anyone,
		Page: !strings.HasPrefix(r.path, apiPath),
	}
	if d.Token {
		d.Errors = append(d.Errors, utils.ErrNotAuthenticated, utils.ErrEmailNotVerified)
	}
	if r.access == administrators {
		d.Access = "Only for system administrators."
		d.Errors = append(d.Errors, utils.ErrForbidden)
	}
	if r.limit != unlimited {
		d.Limit = fmt.Sprintf("Limited per client network by `%s`%s.", r.limit, a.rate(r.limit))
		d.Errors = append(d.Errors, utils.ErrTooManyRequests)
	}
	return d
}

// rate returns the value of a limit for the document.
func (a *App) rate(name limit) string {
	rate := map[limit]limits.Rate{
		limitLogin: a.Config.LimitLogin, limitRegister: a.Config.LimitRegister,
		limitMail: a.Config.LimitMail, limitExport: a.Config.LimitExport,
	}[name]
	return ", here " + rate.String()
}

// openAPI declares the handlers of this package.
func openAPI() openapi.Feature {
	h := (*health)(nil)
	healthy := openapi.OK("Yes.", healthResponse{})
	return openapi.Feature{
		Name: "app", Description: "For monitoring.",
		Types: []openapi.Type{openapi.ResponseType("Health", healthResponse{"ok"})},
		Operations: []openapi.Operation{
			{Handler: h.live, Summary: "Find out whether the program runs", Responses: healthy},
			{
				Handler: h.ready, Summary: "Find out whether requests should be sent here", Responses: healthy,
				Errors: []*utils.Error{utils.ErrShuttingDown},
			},
		},
	}
}
