package openapi

import (
	"slices"

	"guestlist/app/utils"
)

// failure is the body of errors, of which utils cannot say more without knowing this package.
type failure struct{ utils.ErrorResponse }

// Describe implements Describer.
func (failure) Describe(m *Members) {
	m.Of("message", "For people, in English.")
	var types []string
	for _, e := range utils.Catalogue() {
		types = append(types, e.Type)
	}
	slices.Sort(types)
	m.Of("type", "For programs.").OneOf(types...)
	m.Of("request_id", "The id of the request, by which the log knows it.")
	m.Of("errors", "What is wrong with each member or parameter, in words that follow its name: of VALIDATION_FAILED.")
	m.Of("events", "The keys of the events: of LAST_ADMINISTRATOR, unless it is the last of the system.")
}

// exampleOf returns the body of an error.
func exampleOf(e *utils.Error) utils.ErrorResponse {
	body := utils.ErrorResponse{Message: e.Message, Type: e.Type, RequestID: exampleRequest}
	switch e {
	case utils.ErrValidationFailed:
		body.Errors = map[string]string{"email": "is not a valid email address"}
	case utils.ErrLastAdministrator:
		body.Events = []string{"gala"}
	}
	return body
}

const exampleRequest = "8f14e45fceea167a5a36dedd4bea2543"
