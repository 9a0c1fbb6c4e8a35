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

// aboutAPI is what the document says of all routes.
const aboutAPI = "A token goes in the `Authorization` header. Unknown members of a request are ignored; " +
	"members that are " +
	"null, and texts that are empty where they may be missing, say the same as missing ones. What a call takes " +
	"as members " +
	"of a body, it takes from the query as well. `HEAD` is answered wherever `GET` is. A response may get more " +
	"members in " +
	"later versions."

// OpenAPI returns the document of the API (OpenAPI 3.1, as JSON) with these settings. The version is the program's.
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

// declared returns what the features declare of their handlers.
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

// documented returns a route as the document has it, with what guards adds to every handler.
func (a *App) documented(r route) openapi.Route {
	d := openapi.Route{
		Method: r.method, Path: r.path, Endpoint: utils.Endpoint(r.handle), Token: r.access != anyone,
		Page: !strings.HasPrefix(r.path, apiPath),
	}
	if d.Token {
		d.Errors = append(d.Errors, utils.ErrNotAuthenticated, utils.ErrEmailNotVerified)
	}
	if r.access == administrators {
		d.Access = "For administrators of the system."
		d.Errors = append(d.Errors, utils.ErrForbidden)
	}
	if r.limit != unlimited {
		d.Limit = fmt.Sprintf("A client network may call it as often as `%s` says%s.", r.limit, a.rate(r.limit))
		d.Errors = append(d.Errors, utils.ErrTooManyRequests)
	}
	return d
}

// rate returns what a limit is set to, in words.
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
		Name: "app", Description: "For those who watch over the program.",
		Types: []openapi.Type{openapi.Response("Health", healthResponse{"ok"})},
		Operations: []openapi.Operation{
			{Handler: h.live, Summary: "Find out whether the program runs", Answers: healthy},
			{
				Handler: h.ready, Summary: "Find out whether requests should be sent here", Answers: healthy,
				Errors: []*utils.Error{utils.ErrShuttingDown},
			},
		},
	}
}
