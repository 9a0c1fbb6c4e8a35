package events

import (
	"net/http"
	"strings"
	"time"

	"guestlist/app/openapi"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// OpenAPI declares the handlers of this feature for the API's document. roles are those that can be granted;
// organisation is the id of the organiser.
func OpenAPI(roles []string, organisation int64) openapi.Feature {
	return openapi.Feature{
		Name: "events", Description: "Events, and the roles of users in them.",
		Types:      documentTypes(roles, organisation),
		Operations: append(eventOperations(), roleOperations()...),
	}
}

var (
	exampleTime = time.Date(2100, 1, 30, 18, 0, 0, 0, time.UTC)
	exampleEnd  = exampleTime.Add(6 * time.Hour)

	exampleName        = text.Translations{"en": "Gala", "fr": "Le gala"}
	exampleDescription = text.Translations{"en": "A dinner", "fr": "Un dîner"}
)

func documentTypes(roles []string, organisation int64) []openapi.Type {
	organiser := Organisation{ID: organisation, Name: "Gala Team"}
	event := &Event{
		ID: 1, Key: "gala", Name: exampleName, Description: exampleDescription, StartDate: exampleTime, EndDate: &exampleEnd,
		URL: "https://gala.example.org", EventType: defaultType, RegistrationOpen: new(exampleTime.AddDate(0, -2, 0)),
		RegistrationClose: new(exampleTime.AddDate(0, 0, -7)), TimeZone: "Africa/Lagos",
	}
	standing := Standing{at: exampleTime.AddDate(0, -1, 0), attended: map[int64]*Attendance{1: {Role: "guest"}}}
	return []openapi.Type{
		openapi.RequestType("EventBody", eventBody{
			ID: 1, Key: "gala", Name: exampleName, Description: exampleDescription,
			StartDate: "2100-01-30T19:00", EndDate: "2100-01-31", TimeZone: "Africa/Lagos", URL: "https://gala.example.org",
			EventType: strings.ToUpper(defaultType), RegistrationOpen: "2099-11-30", RegistrationClose: "2100-01-23T12:00:00Z",
			organiser: organisation,
		}),
		openapi.RequestType("Grant", roleBody{EventID: 1, Email: "ann@example.org", Role: roles[0], roles: roles}),
		openapi.RequestType("Revocation", revocation{
			roleBody: roleBody{EventID: 1, Email: "ann@example.org", Role: roles[0]},
		}),

		openapi.ResponseType("Event", newEditable(event, false, organiser)),
		openapi.ResponseType("EventView", newView(event, standing, text.DefaultLanguage, organiser)),
		openapi.ResponseType("EventStatus", newStatus(&Attendance{Role: "guest", Answered: true, Accepted: true})),
		openapi.ResponseType("Role", roleResponse{ID: 3, EventID: 1, UserID: 2, User: "Ann Lee (ann@example.org)",
			Role: Administrator}),
		openapi.ResponseType("ExportedRole", roleExport{EventID: 1, EventKey: "gala", Role: Administrator,
			CreatedAt: exampleTime}),
	}
}

func eventOperations() []openapi.Operation {
	a := (*API)(nil)
	return []openapi.Operation{{
		Handler: a.Create, Summary: "Create an event", Description: "The caller becomes its administrator.",
		Body:      eventBody{},
		Responses: openapi.WithETag(openapi.Created("The event.", editable{})),
		Errors:    []*utils.Error{utils.ErrEventKeyInUse},
	}, {
		Handler: a.Read, Summary: "Read an event in all languages", Query: byID{ID: 1},
		Responses: openapi.WithETag(openapi.OK("The event.", editable{})),
		Errors:    []*utils.Error{utils.ErrEventNotFound},
	}, {
		Handler: a.Update, Summary: "Replace an event", Body: eventBody{},
		Description: "For administrators of the event. Absent fields are cleared.",
		Parameters:  []openapi.Parameter{openapi.IfMatch()},
		Responses:   openapi.WithETag(openapi.OK("The event.", editable{})),
		Errors: []*utils.Error{
			utils.ErrForbidden, utils.ErrEventNotFound, utils.ErrEventKeyInUse, utils.ErrChangedMeanwhile,
		},
	}, {
		Handler: a.ReadByKey, Summary: "Read an event in one language, with the caller's status", Query: byKey{Key: "gala"},
		Parameters: []openapi.Parameter{openapi.LanguageParameter()},
		Responses:  openapi.OK("The event.", view{}),
		Errors:     []*utils.Error{utils.ErrEventNotFound},
	}, {
		Handler: a.List, Summary: "List the events that the caller may see, in one language", Query: listing{},
		Description: "Events that have not ended, and past ones of which the caller is a guest or an administrator; " +
			"system administrators see all.",
		Parameters: []openapi.Parameter{openapi.LanguageParameter()},
		Responses: []openapi.Response{{
			Status: http.StatusOK, Description: "All events, or a page of them.", Body: []view{}, Headers: []string{"Link"},
		}},
	}}
}

func roleOperations() []openapi.Operation {
	a := (*API)(nil)
	list := func(description string) []openapi.Response {
		return openapi.OK(description, []roleResponse{})
	}
	return []openapi.Operation{{
		Handler: a.ListRoles, Summary: "List the roles in an event", Query: roleQuery{EventID: 1},
		Description: "For users who may grant a role in the event.", Responses: list("The roles."),
		Errors: []*utils.Error{utils.ErrForbidden, utils.ErrEventNotFound},
	}, {
		Handler: a.Grant, Summary: "Grant a user a role in an event", Body: roleBody{},
		Description: "The user is named by id or address.", Responses: list("The updated roles."),
		Errors: []*utils.Error{utils.ErrForbidden, utils.ErrEventNotFound, utils.ErrUserNotFound, utils.ErrEventRoleInUse},
	}, {
		Handler: a.Revoke, Summary: "Revoke a role", Query: revocation{}, Body: revocation{}, Optional: true,
		Description: "The role is named by its id, or by user and role. Users may give up their own roles.",
		Responses:   list("The updated roles; none for a caller who may not read them."),
		Errors: []*utils.Error{
			utils.ErrForbidden, utils.ErrEventNotFound, utils.ErrUserNotFound, utils.ErrEventRoleNotFound,
			utils.ErrLastAdministrator,
		},
	}}
}
