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
			Answers: openapi.OK("The choices, in English or French.", []Option{}),
			Errors:  []*utils.Error{utils.ErrValidationFailed},
		}
	}
	return openapi.Feature{
		Name: "content", Description: "What a client offers in its drop-down lists.",
		Types: []openapi.Type{openapi.Response("Option", Option{Value: "ZA", Label: "South Africa"})},
		Operations: []openapi.Operation{
			list(a.Titles, "List forms of address"),
			list(a.Genders, "List what people can say about their gender"),
			list(a.Countries, "List the countries, by their ISO 3166-1 codes"),
			list(a.Categories, "List what people who come to events do"),
			list(a.Ethnicities, "List what people can say about their origin"),
			list(a.Disabilities, "List what people can have difficulty with"),
		},
	}
}
