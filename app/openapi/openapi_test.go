package openapi_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"guestlist/app/openapi"
	"guestlist/app/utils"
)

func read(*gin.Context) error  { return nil }
func write(*gin.Context) error { return nil }

type thing struct {
	ID   int64      `json:"id"`
	When *time.Time `json:"when"`
	Note string     `json:"note,omitempty"`
}

type change struct {
	Note string `json:"note"`
	Tags []int  `json:"tags"`
}

// Describe implements openapi.Describer.
func (change) Describe(m *openapi.Members) { m.Of("note", "Words.").Lengths(1, 5).Required() }

type mistaken struct {
	Note string `json:"note"`
}

// Describe implements openapi.Describer.
func (mistaken) Describe(m *openapi.Members) { m.Of("nite", "") }

type shape struct {
	Any json.Marshaler `json:"any"`
	Way chan int       `json:"way"`
}

func feature() openapi.Feature {
	return openapi.Feature{
		Name: "things",
		Types: []openapi.Type{
			openapi.ResponseType("Thing", thing{ID: 1}),
			openapi.RequestType("Change", change{Note: "new"}),
		},
		Operations: []openapi.Operation{{
			Handler: read, Summary: "Read",
			Responses: []openapi.Response{{Status: http.StatusOK, Description: "Things.", Body: []thing{},
				Headers: []string{"Link"}}},
			Errors: []*utils.Error{utils.ErrNotFound},
		}, {
			Handler: write, Summary: "Write", Body: change{},
			Responses: []openapi.Response{{Status: http.StatusCreated, Description: "A thing.", Body: thing{}}},
		}},
	}
}

var routes = []openapi.Route{
	{Method: http.MethodGet, Path: "/things/:code", Endpoint: "openapi_test.read", Page: true},
	{Method: http.MethodPost, Path: "/things", Endpoint: "openapi_test.write", Token: true,
		Errors: []*utils.Error{utils.ErrNotAuthenticated}},
}

// TestBuild checks parts of the document that Build returns.
func TestBuild(t *testing.T) {
	t.Parallel()
	text, err := openapi.Build(openapi.Service{Title: "T", Version: "1", License: "MIT"}, routes,
		[]openapi.Feature{feature()})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"Thing":{"type":"object","properties":{"id":{"type":"integer","format":"int64"},` +
			`"when":{"type":["string","null"],"format":"date-time"},"note":{"type":"string"}},"required":["id","when"],`,
		`"Change":{"type":"object","properties":{"note":{"type":"string","description":"Words.",` +
			`"minLength":1,"maxLength":5},"tags":{"type":"array","items":{"type":"integer"}}},` +
			`"required":["note"],"examples":[{"note":"new"}]}`,
		`"/things/{code}":{"get":{"tags":["things"],"summary":"Read","operationId":"openapi_testRead",` +
			`"parameters":[{"name":"code","in":"path","description":"The code in the mailed link.","required":true,`,
		`"Link":{"$ref":"#/components/headers/Link"}`,
		`"404":{"$ref":"#/components/responses/NOT_FOUND.page"}`,
		`"401":{"$ref":"#/components/responses/UNAUTHORIZED"}`,
		`"security":[{"token":[]}]`,
		`"application/x-www-form-urlencoded":{"schema":{"type":"object","properties":{"note":`, // a form has no lists
		`"400":{"$ref":"#/components/responses/DUPLICATE_KEY.INVALID_FORM.INVALID_JSON.INVALID_TEXT.VALIDATION_FAILED"}`,
		`"$ref":"#/components/schemas/Error","properties":{"type":{"enum":["NOT_FOUND"]}}`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the document lacks %s:\n%s", want, text)
		}
	}
}

// TestBuildRefuses checks the errors about wrong declarations.
func TestBuildRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(f *openapi.Feature, routes *[]openapi.Route)
		want   string
	}{
		"a route without a declaration": {func(f *openapi.Feature, _ *[]openapi.Route) { f.Operations = f.Operations[:1] },
			"POST /things: openapi_test.write is not declared"},
		"a declaration without a route": {func(_ *openapi.Feature, r *[]openapi.Route) { *r = (*r)[:1] },
			"openapi_test.write is declared, but has no route"},
		"a type without a name": {func(f *openapi.Feature, _ *[]openapi.Route) { f.Types = f.Types[1:] },
			"openapi_test.thing is not declared by its feature"},
		"a name twice": {func(f *openapi.Feature, _ *[]openapi.Route) {
			f.Types = append(f.Types, openapi.ResponseType("Thing", mistaken{}))
		}, "Thing is declared twice"},
		"a handler twice": {func(f *openapi.Feature, _ *[]openapi.Route) {
			f.Operations = append(f.Operations,
				f.Operations[0])
		},
			"openapi_test.read is declared twice"},
		"a status twice": {func(f *openapi.Feature, _ *[]openapi.Route) {
			f.Operations[0].Responses = append(f.Operations[0].Responses, f.Operations[0].Responses[0])
		}, "200 is declared twice"},
		"an unknown member": {func(f *openapi.Feature, _ *[]openapi.Route) {
			f.Types = append(f.Types, openapi.RequestType("Mistaken", mistaken{}))
		}, `Mistaken: openapi_test.mistaken has no members ["nite"]`},
		"a type without a schema": {func(f *openapi.Feature, _ *[]openapi.Route) {
			f.Types = append(f.Types, openapi.ResponseType("Shape", shape{}))
		}, "way: chan int: there is no schema for this kind of type"},
		"a path's parameter": {func(_ *openapi.Feature, r *[]openapi.Route) { (*r)[0].Path = "/things/:id" },
			"the parameter :id in the path is not declared"},
		"a query without a schema": {func(f *openapi.Feature, _ *[]openapi.Route) { f.Operations[0].Query = shape{} },
			"GET /things/:code: the query: way: chan int: there is no schema for this kind of type"},
		"an unknown member of a query": {func(f *openapi.Feature,
			_ *[]openapi.Route) {
			f.Operations[0].Query = mistaken{}
		},
			`the query: openapi_test.mistaken has no members ["nite"]`},
	} {
		f, changed := feature(), append([]openapi.Route{}, routes...)
		test.change(&f, &changed)
		_, err := openapi.Build(openapi.Service{}, changed, []openapi.Feature{f})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %s", name, err, test.want)
		}
	}
}
