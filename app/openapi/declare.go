package openapi

import (
	"net/http"
	"regexp"

	"guestlist/app/text"
	"guestlist/app/utils"
)

// Feature is what a package declares of its handlers.
type Feature struct {
	Name        string // under which the operations are listed: that of the package
	Description string
	Types       []Type // every struct in a request or a response, but for {}
	Operations  []Operation
}

// Type is a struct that requests or responses are made of.
type Type struct {
	Name      string
	Example   any
	IsRequest bool
}

// Request gives the type of a request a name in the document. The example is a valid request.
func Request(name string, example any) Type { return Type{name, example, true} }

// Response gives the type of a response, or of a part of one, a name in the document.
func Response(name string, example any) Type { return Type{name, example, false} }

// Operation is what a feature declares of a handler.
type Operation struct {
	Handler     utils.HandlerFunc
	Summary     string // a line
	Description string
	Parameters  []Parameter // in the path, but for the code in a link, and others that no struct has
	Query       any         // a struct whose members are the parameters of the query, with examples; nil: none
	Body        any         // a value of a Request; nil: none is read
	Optional    bool        // the body may be missing, since the query can say the same
	JSONOnly    bool        // the body cannot be a form
	Table       string      // an example of the CSV that the body can be, too, or an Excel file
	Answers     []Answer
	Errors      []*utils.Error // of the catalogue, beside those that follow from the route, the query and the body
}

// Where a parameter is.
const (
	InPath   = "path"
	InQuery  = "query"
	InHeader = "header"
)

// Parameter is a part of a path, of a query, or a header of a request.
type Parameter struct {
	In          string
	Name        string
	Description string
	Example     any // of the type of the parameter
	MaxLength   int // of a text; 0: not limited
	Pattern     *regexp.Regexp
}

// TextParameter is a parameter of the query that is any text.
func TextParameter(name, description, example string) Parameter {
	return Parameter{In: InQuery, Name: name, Description: description, Example: example}
}

// LanguageParameter is the parameter by which requests ask for a language.
func LanguageParameter() Parameter {
	return Parameter{
		In: InQuery, Name: "language", Example: "fr", Pattern: text.LanguageTag,
		Description: "The language of the response: else, that of the user, if one is signed in, or English.",
	}
}

// exampleETag is an entity tag.
const exampleETag = `"Zt3XqkPv0bTn8sWmYq4hEA"`

// IfMatch is the parameter by which requests change only what nobody else has changed meanwhile. Such operations can
// fail with utils.ErrChangedMeanwhile.
func IfMatch() Parameter {
	return Parameter{
		In: InHeader, Name: "If-Match", Example: exampleETag,
		Description: "The ETag of what was read, several, or *: the change is made only if it is still so. RFC 9110, 13.1.1.",
	}
}

// WithETag returns answers with the header ETag.
func WithETag(answers []Answer) []Answer {
	for i := range answers {
		answers[i].Headers = append(answers[i].Headers, "ETag")
	}
	return answers
}

// Answer is a response other than an error of the catalogue.
type Answer struct {
	Status      int
	Description string
	Body        any      // of a type of a Response, a list of such, or a Literal; nil: there is none
	Page        bool     // the body is HTML, for people
	Media       []string // types of a body that is a file
	Table       string   // an example of the CSV that the body can be, too, or an Excel file
	Headers     []string // of headers, beside the one that every response has
}

// Literal is a body that is always the same text.
type Literal string

// Describer is a type that says of its members what their Go types do not.
type Describer interface {
	Describe(m *Members)
}

// Enum is a type of texts of which there are only some.
type Enum interface {
	Enum() []string
}

// Route is a line of the URL map.
type Route struct {
	Method   string
	Path     string // as Gin has it: /invitation/:code
	Endpoint string // users.Register
	Token    bool   // whether it needs one
	Access   string // who may call it, in words; empty: anyone
	Limit    string // how often, in words; empty: no limit
	Errors   []*utils.Error
	Page     bool // whether errors are pages to a browser
}

// Service is what the document says of the API as a whole.
type Service struct {
	Title, Version, Description string

	License string         // by its SPDX identifier
	Errors  []*utils.Error // that every route can have
}

// Page returns the answer of a route that shows a page.
func Page(status int, description string) Answer {
	return Answer{Status: status, Description: description, Page: true}
}

// OK returns 200 with a body as the only answer of a route.
func OK(description string, body any) []Answer {
	return []Answer{{Status: http.StatusOK, Description: description, Body: body}}
}

// Created returns 201 with a body as the only answer of a route.
func Created(description string, body any) []Answer {
	return []Answer{{Status: http.StatusCreated, Description: description, Body: body}}
}
