package organisation

import (
	"guestlist/app/openapi"
)

// OpenAPI declares the handlers of this feature for the API's document.
func OpenAPI() openapi.Feature {
	return openapi.Feature{
		Name: "organisation", Description: "Whose installation this is.",
		Types: []openapi.Type{
			openapi.Response("Organisation", Default("Gala Team", "https://events.example.org", "events@example.org")),
			openapi.Response("OrganisationLanguage", Language{Code: "en", Description: "English"}),
		},
		Operations: []openapi.Operation{{
			Handler: (*API)(nil).Read, Summary: "Read whose installation this is",
			Answers: openapi.OK("The organisation.", Organisation{}),
		}},
	}
}

// Describe implements openapi.Describer.
func (Organisation) Describe(m *openapi.Members) {
	m.Of("system_name", "What the organisation calls the installation.")
	m.Of("privacy_policy", "An address, or a path below the web client's; empty: there is none.")
	m.Of("languages", "That texts are written in.")
	m.Of("iso_currency_code", "Empty: none.")
}
