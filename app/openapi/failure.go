package openapi

import (
	"slices"

	"guestlist/app/utils"
)

// failure is the body of errors. It describes utils.ErrorResponse, since utils cannot import this package.
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
	m.Of("request_id", "The id of the request in the log.")
	m.Of("errors", "For VALIDATION_FAILED: what is wrong with each member or parameter, in words that follow its name.")
	m.Of("events", "For LAST_ADMINISTRATOR, unless it concerns the system: the keys of the events.")
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
