// Package openapi generates the OpenAPI 3.1 document of the API (https://spec.openapis.org/oas/v3.1.0) from the URL
// map, the request and response types of the handlers, and the catalogue of errors.
//
// A feature declares its handlers in a file openapi.go, with values of its types:
//
//	func OpenAPI() openapi.Feature {
//		a := (*API)(nil)
//		return openapi.Feature{
//			Types: []openapi.Type{
//				openapi.RequestType("TagBody", tagBody{EventID: 1, Name: text.Translations{"en": "Vegan"}}),
//				openapi.ResponseType("Tag", response{ID: 1, …}),
//			},
//			Operations: []openapi.Operation{{
//				Handler: a.Create, Summary: "Create a tag", Body: tagBody{},
//				Responses: openapi.Created("The tag.", response{}),
//				Errors:  []*utils.Error{utils.ErrForbidden, utils.ErrEventNotFound},
//			}},
//		}
//	}
//
// The values are the examples. Types say what Go cannot, such as the limits of a request's members, by implementing
// [Describer] with the constants that their validation uses. [Build] adds what follows from a route: the token that it
// needs, its path's parameters, or 429 if it is limited.
package openapi
