package openapi

import (
	"net/http"
	"regexp"

	"guestlist/app/text"
	"guestlist/app/utils"
)

// Feature is a package's declaration of its handlers.
type Feature struct {
	Name        string // the package's name, which groups its operations
	Description string
	Types       []Type // every struct in a request or a response, except {}
	Operations  []Operation
}

// Type is a struct in requests or responses.
type Type struct {
	Name      string
	Example   any
	IsRequest bool
}

// RequestType declares the name of a request's type. The example is a valid request.
func RequestType(name string, example any) Type { return Type{name, example, true} }

// ResponseType declares the name of the type of a response or a part of one.
func ResponseType(name string, example any) Type { return Type{name, example, false} }

// Operation is the declaration of a handler.
type Operation struct {
	Handler     utils.HandlerFunc
	Summary     string // one line
	Description string
	Parameters  []Parameter // in the path, except :code, and others that are not in a struct
	Query       any         // a struct with the parameters of the query, and examples; nil: none
	Body        any         // a value of a RequestType; nil: no body
	Optional    bool        // the body may be missing
	JSONOnly    bool        // the body must not be a form
	Table       string      // an example of a CSV body, if the body may be CSV or Excel
	Responses   []Response
	Errors      []*utils.Error // in addition to those that follow from the route, the query and the body
}

// Locations of parameters.
const (
	InPath   = "path"
	InQuery  = "query"
	InHeader = "header"
)

// Parameter is a parameter in a path, a query or a header.
type Parameter struct {
	In          string
	Name        string
	Description string
	Example     any // has the parameter's type
	MaxLength   int // of a string; 0: unlimited
	Pattern     *regexp.Regexp
}

// TextParameter returns a string parameter in the query.
func TextParameter(name, description, example string) Parameter {
	return Parameter{In: InQuery, Name: name, Description: description, Example: example}
}

// LanguageParameter returns the parameter for the response's language.
func LanguageParameter() Parameter {
	return Parameter{
		In: InQuery, Name: "language", Example: "fr", Pattern: text.LanguageTag,
		Description: "The language of the response. The default is the signed-in user's, or English.",
	}
}

// exampleETag is an example of an entity tag.
const exampleETag = `"Zt3XqkPv0bTn8sWmYq4hEA"`

// IfMatch returns the If-Match parameter, for operations that can fail with utils.ErrChangedMeanwhile.
func IfMatch() Parameter {
	return Parameter{
		In: InHeader, Name: "If-Match", Example: exampleETag,
		Description: "The ETag that was read, several, or *. If none matches the current one, nothing is changed: " +
			"RFC 9110, 13.1.1.",
	}
}

// WithETag adds the ETag header to responses and returns them.
func WithETag(responses []Response) []Response {
	for i := range responses {
		responses[i].Headers = append(responses[i].Headers, "ETag")
	}
	return responses
}

// Response is a response that is not an error.
type Response struct {
	Status      int
	Description string
	Body        any      // of a ResponseType, a list of these, or a Literal; nil: no body
	Page        bool     // the body is HTML
	Media       []string // media types of a body that is a file
	Table       string   // an example of a CSV body, if the body may be CSV or Excel
	Headers     []string // names of headers, except the one that every response has
}

// Literal is a body with a fixed text.
type Literal string

// Describer is a type that describes its members beyond their Go types.
type Describer interface {
	Describe(m *Members)
}

// Enum is a string type with a fixed set of values.
type Enum interface {
	Enum() []string
}

// Route is a line of the URL map.
type Route struct {
	Method   string
	Path     string // in Gin's form: /invitation/:code
	Endpoint string // such as users.Register
	Token    bool   // whether it requires a token
	Access   string // who may call it, in words; empty: anyone
	Limit    string // the rate limit, in words; empty: none
	Errors   []*utils.Error
	Page     bool // whether browsers get errors as pages
}

// Service describes the API as a whole.
type Service struct {
	Title, Version, Description string

	License string         // SPDX identifier
	Errors  []*utils.Error // of every route
}

// Page returns a response that is an HTML page.
func Page(status int, description string) Response {
	return Response{Status: status, Description: description, Page: true}
}

// OK returns the responses of a route that only returns 200 with a body.
func OK(description string, body any) []Response {
	return []Response{{Status: http.StatusOK, Description: description, Body: body}}
}

// Created returns the responses of a route that only returns 201 with a body.
func Created(description string, body any) []Response {
	return []Response{{Status: http.StatusCreated, Description: description, Body: body}}
}
