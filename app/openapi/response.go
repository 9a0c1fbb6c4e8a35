package openapi

import (
	"net/http"
	"slices"
	"strings"

	"guestlist/app/utils"
)

const (
	headerPath   = "#/components/headers/"
	responsePath = "#/components/responses/"
)

type response struct {
	Ref         string            `json:"$ref,omitempty"`
	Description string            `json:"description,omitempty"`
	Headers     object[header]    `json:"headers,omitempty"`
	Content     object[mediaType] `json:"content,omitempty"`
}

type header struct {
	Ref         string  `json:"$ref,omitempty"`
	Description string  `json:"description,omitempty"`
	Required    bool    `json:"required,omitempty"`
	Schema      *schema `json:"schema,omitempty"`
	Example     any     `json:"example,omitempty"`
}

func reference(to string) header { return header{Ref: to} }

// Names of response headers.
const (
	requestIDHeader  = "X-Request-ID"
	retryAfterHeader = "Retry-After"
)

// headers returns all response headers.
func headers() object[header] {
	text := func(description string, required bool, example string) header {
		return header{Description: description, Required: required, Schema: &schema{Type: "string"}, Example: example}
	}
	return object[header]{
		{requestIDHeader, text("The id of the request in the log. A request may have its own.", true,
			exampleRequest)},
		{retryAfterHeader, header{
			Description: "Try again after this many seconds.", Required: true,
			Schema: &schema{Type: "integer", Minimum: new(int64(1))}, Example: 1,
		}},
		{"Link", text("The URL of the next page, if there is one: RFC 8288.", false,
			`</api/v1/events?cursor=…&limit=50>; rel="next"`)},
		{"ETag", text("The state of the resource, the same in every language and for every caller: RFC 9110, 8.8.3.", true,
			exampleETag)},
		{"Location", text("The URL of the page, relative to that of the request.", true, "../../verify-email")},
		{"WWW-Authenticate", text("The type of token required.", true, "Bearer")},
		{"Accept", text("The media types that the call accepts.", true, "application/json")},
		{"Content-Disposition", text("The file name of a table or a calendar.", false,
			`attachment; filename="guests-1.csv"`)},
	}
}

// headersOf returns references to the headers, and to the one that every response has.
func headersOf(names ...string) object[header] {
	all := object[header]{{requestIDHeader, reference(headerPath + requestIDHeader)}}
	for _, name := range names {
		all.set(name, reference(headerPath+name))
	}
	return all
}

// byStatus groups the errors by status, without duplicates, sorted by type.
func byStatus(errs []*utils.Error) map[int][]*utils.Error {
	all := map[int][]*utils.Error{}
	for _, e := range errs {
		if !slices.Contains(all[e.Status], e) {
			all[e.Status] = append(all[e.Status], e)
		}
	}
	for _, of := range all {
		slices.SortFunc(of, func(a, b *utils.Error) int { return strings.Compare(a.Type, b.Type) })
	}
	return all
}

// shared returns a reference to a component: a response with one of the errors. Most routes share a few of them.
func (b *builder) shared(errs []*utils.Error, page bool) *response {
	names := make([]string, len(errs))
	for i, e := range errs {
		names[i] = e.Type
	}
	name := strings.Join(names, ".")
	if page {
		name += ".page"
	}
	if _, ok := b.document.Components.Responses.find(name); !ok {
		r := &response{Description: http.StatusText(errs[0].Status) + ".", Headers: headersOf()}
		r.addErrors(errs, page)
		b.document.Components.Responses.set(name, r)
	}
	return &response{Ref: responsePath + name}
}

// addErrors adds errors, all with the same status, to a response.
func (r *response) addErrors(errs []*utils.Error, page bool) {
	types := make([]string, len(errs))
	media := mediaType{}
	for i, e := range errs {
		types[i] = e.Type
		r.Description += "\n\n`" + e.Type + "`: " + e.Message
		media.Examples.set(e.Type, exampleObject{exampleOf(e)})
	}
	media.Schema = schema{Ref: schemaPath + errorName, Properties: object[*schema]{{"type", &schema{Enum: enum(types)}}}}
	if declared, ok := r.Content.find(mediaJSON); ok { // a declared body
		media.Schema = schema{AnyOf: []schema{declared.Schema, media.Schema}}
	}
	r.Content.set(mediaJSON, media)
	if page {
		r.Content.set(mediaHTML, mediaType{Schema: schema{Type: "string"}})
	}
	switch errs[0].Status {
	case http.StatusUnauthorized:
		r.Headers.set("WWW-Authenticate", reference(headerPath+"WWW-Authenticate"))
	case http.StatusUnsupportedMediaType:
		r.Headers.set("Accept", reference(headerPath+"Accept"))
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		r.Headers.set(retryAfterHeader, reference(headerPath+retryAfterHeader))
	}
}
