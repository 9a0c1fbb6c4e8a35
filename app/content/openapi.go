package content

import (
	"guestlist/app/openapi"
	"guestlist/app/utils"
)

// OpenAPI declares the handlers of this feature for the API's document.
func OpenAPI() openapi.Feature {
	a := (*API)(nil)
	list := func(handler utils.HandlerFunc, summary string) openapi.Operation {
		return openapi.Operation{
			Handler: handler, Summary: summary, Parameters: []openapi.Parameter{openapi.LanguageParameter()},
			Responses: openapi.OK("The choices, in English or French.", []Option{}),
			Errors:    []*utils.Error{utils.ErrValidationFailed},
		}
	}
	return openapi.Feature{
		Name: "content", Description: "Choices for a client's drop-down lists.",
		Types: []openapi.Type{openapi.ResponseType("Option", Option{Value: "ZA", Label: "South Africa"})},
		Operations: []openapi.Operation{
			list(a.Titles, "List forms of address"),
			list(a.Genders, "List choices for a person's gender"),
			list(a.Countries, "List the countries, by their ISO 3166-1 codes"),
			list(a.Categories, "List choices for a person's occupation"),
			list(a.Ethnicities, "List choices for a person's origin"),
			list(a.Disabilities, "List choices for a person's impairments"),
		},
	}
}
