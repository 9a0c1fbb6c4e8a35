package organisation

import (
	"guestlist/app/openapi"
)

// OpenAPI declares the handlers of this feature for the API's document.
func OpenAPI() openapi.Feature {
	return openapi.Feature{
		Name: "organisation", Description: "The organisation that runs the installation.",
		Types: []openapi.Type{
			openapi.ResponseType("Organisation", Default("Gala Team", "https://events.example.org", "events@example.org")),
			openapi.ResponseType("OrganisationLanguage", Language{Code: "en", Description: "English"}),
		},
		Operations: []openapi.Operation{{
			Handler: (*API)(nil).Read, Summary: "Read the organisation",
			Responses: openapi.OK("The organisation.", Organisation{}),
		}},
	}
}

// Describe implements openapi.Describer.
func (Organisation) Describe(m *openapi.Members) {
	m.Of("system_name", "The name of the installation.")
	m.Of("privacy_policy", "A URL, or a path below the web client's; empty: none.")
	m.Of("languages", "The languages of texts.")
	m.Of("iso_currency_code", "Empty: none.")
}
