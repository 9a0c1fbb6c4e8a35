package docs

import (
	"net/http"

	"guestlist/app/openapi"
	"guestlist/app/utils"
)

// OpenAPI declares the handlers of this feature for the API's document.
func OpenAPI() openapi.Feature {
	a := (*API)(nil)
	off := []*utils.Error{utils.ErrNotFound}
	return openapi.Feature{
		Name: "docs", Description: "This document, unless `API_DOCS` is off.",
		Operations: []openapi.Operation{{
			Handler: a.Document, Summary: "Read this document",
			Responses: []openapi.Response{
				{Status: http.StatusOK, Description: "The document, in OpenAPI 3.1.", Body: map[string]any{}},
			},
			Errors: off,
		}, {
			Handler: a.Page, Summary: "Show this document",
			Responses: []openapi.Response{openapi.Page(http.StatusOK, "The page.")}, Errors: off,
		}, {
			Handler: a.File, Summary: "Load what the page needs", Errors: off,
			Parameters: []openapi.Parameter{
				{In: openapi.InPath, Name: "file", Description: "Its name.", Example: "start.js"},
			},
			Responses: []openapi.Response{{
				Status: http.StatusOK, Description: "A script or a style sheet.", Media: []string{"text/javascript", "text/css"},
			}},
		}},
	}
}
