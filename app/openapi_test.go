package app_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/utils"
)

func documentText(t *testing.T) []byte {
	t.Helper()
	text, err := app.OpenAPI(apptest.Config(), "v1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// parsed returns the document as decoded JSON.
func parsed(t *testing.T, text []byte) (document map[string]any) {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	document, ok := value.(map[string]any)
	if !ok {
		t.Fatalf("the document is a %T", value)
	}
	return document
}

// TestDocumentIsValid checks that the document conforms to the schema of OpenAPI 3.1, that every schema in it is valid,
// and that every example conforms to its schema. The schema in testdata is
// https://spec.openapis.org/oas/3.1/schema/2022-10-07.
func TestDocumentIsValid(t *testing.T) {
	t.Parallel()
	text := documentText(t)
	official, err := os.ReadFile("testdata/openapi-3.1.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(official))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	document := parsed(t, text)
	for name, resource := range map[string]any{"file:///3.1.json": schema, "file:///openapi.json": document} {
		if err := compiler.AddResource(name, resource); err != nil {
			t.Fatal(err)
		}
	}
	if err := compiler.MustCompile("file:///3.1.json").Validate(document); err != nil {
		t.Error(err)
	}
	if again := documentText(t); !bytes.Equal(text, again) {
		t.Error("the document differs when it is made again")
	}
	walkSchemas(document, func(at string, schema map[string]any) {
		compiled, err := compiler.Compile("file:///openapi.json#" + at)
		if err != nil {
			t.Errorf("%s: %v", at, err)
			return
		}
		examples, _ := schema["examples"].([]any)
		for _, example := range examples {
			if err := compiled.Validate(example); err != nil {
				t.Errorf("the example of %s: %v", at, err)
			}
		}
	})
	walkExamples(document, "", func(at string, example any) {
		if compiled, err := compiler.Compile("file:///openapi.json#" + at); err != nil {
			t.Errorf("%s: %v", at, err)
		} else if err := compiled.Validate(example); err != nil {
			t.Errorf("an example next to %s: %v", at, err)
		}
	})
}

// walkSchemas calls found for every schema below components.
func walkSchemas(document map[string]any, found func(at string, schema map[string]any)) {
	schemas := document["components"].(map[string]any)["schemas"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		found("/components/schemas/"+name, schemas[name].(map[string]any))
	}
}

// walkExamples calls found for every example next to a schema.
func walkExamples(of any, at string, found func(at string, example any)) {
	switch of := of.(type) {
	case map[string]any:
		if of["schema"] != nil {
			if example := of["example"]; example != nil {
				found(at+"/schema", example)
			}
			examples, _ := of["examples"].(map[string]any)
			for _, example := range examples {
				found(at+"/schema", example.(map[string]any)["value"])
			}
		}
		for name, value := range of {
			walkExamples(value, at+"/"+strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(name), found)
		}
	case []any:
		for i, value := range of {
			walkExamples(value, at+"/"+string(rune('0'+i)), found)
		}
	}
}

// TestDocumentHasEveryRoute checks that the document has every route of the URL map and every type of error.
func TestDocumentHasEveryRoute(t *testing.T) {
	t.Parallel()
	text := documentText(t)
	document := parsed(t, text)
	paths := document["paths"].(map[string]any)
	operations := 0
	for _, path := range paths {
		operations += len(path.(map[string]any))
	}
	routes := new(app.App).Routes()
	if operations != len(routes) {
		t.Errorf("got %d operations for %d routes", operations, len(routes))
	}
	for _, route := range routes {
		path := regexp.MustCompile(`:(\w+)`).ReplaceAllString(route.Path, "{$1}")
		operation, ok := paths[path].(map[string]any)[strings.ToLower(route.Method)].(map[string]any)
		if !ok {
			t.Errorf("the document lacks %s %s", route.Method, path)
			continue
		}
		responses := operation["responses"].(map[string]any)
		for status, wanted := range map[string]bool{
			"401": route.Access != "anyone", "403": route.Access == "administrators", "429": route.Limit != "", "500": true,
			"503": true,
		} {
			if wanted && responses[status] == nil {
				t.Errorf("%s %s lacks %s", route.Method, path, status)
			}
		}
		if secured, want := len(operation["security"].([]any)) > 0, route.Access != "anyone"; secured != want {
			t.Errorf("%s %s: a token is needed: got %t, want %t", route.Method, path, secured, want)
		}
	}
	for _, e := range utils.Catalogue() {
		// No route has the first, and in a fork without events none has the second.
		elsewhere := e == utils.ErrMethodNotAllowed || e == utils.ErrChangedMeanwhile
		if !elsewhere && !bytes.Contains(text, []byte(`"value":{"message":`+quoted(t, e.Message)+`,"type":"`+e.Type+`"`)) {
			t.Errorf("no route has the error %s", e.Type)
		}
	}
}

func quoted(t *testing.T, text string) string {
	t.Helper()
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out.String())
}

// TestCatalogueIsWhole checks that utils.Catalogue lists all errors that are declared, each once.
func TestCatalogueIsWhole(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "utils/errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{"CLIENT_GONE": true} // it is never sent
	for _, e := range utils.Catalogue() {
		if listed[e.Type] {
			t.Errorf("%s is listed twice", e.Type)
		}
		listed[e.Type] = true
	}
	ast.Inspect(file, func(n ast.Node) bool {
		literal, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		if name, ok := literal.Type.(*ast.Ident); ok && name.Name == "Error" && len(literal.Elts) == 4 {
			kind := strings.Trim(literal.Elts[1].(*ast.BasicLit).Value, `"`)
			if !listed[kind] {
				t.Errorf("utils.Catalogue lacks %s", kind)
			}
			delete(listed, kind)
		}
		return true
	})
	if len(listed) > 0 {
		t.Errorf("utils.Catalogue lists errors that are not declared: %v", listed)
	}
}

// TestDocumentRefuses checks that Document.Check finds where a response differs from the document.
func TestDocumentRefuses(t *testing.T) {
	t.Parallel()
	document, err := apptest.NewDocument(documentText(t))
	if err != nil {
		t.Fatal(err)
	}
	const known = `{"id":1,"email":"ann@example.org","firstname":"","lastname":"","user_title":""}`
	failed := func(kind string) string { return `{"message":"m","type":"` + kind + `","request_id":"x"}` }
	for name, test := range map[string]struct {
		path, mediaType, body string
		status                int
		header                string
		want                  string // empty if the response is valid
	}{
		"valid": {status: 200, body: known},
		"a member more": {status: 200, body: known[:len(known)-1] + `,"age":1}`,
			want: "additional properties 'age' not allowed"},
		"a member less":  {status: 200, body: `{"id":1}`, want: "missing properties"},
		"another type":   {status: 200, body: strings.Replace(known, "1", `"1"`, 1), want: "got string, want integer"},
		"another status": {status: 202, body: known, want: "it has no status 202"},
		"another media":  {status: 200, body: known, mediaType: "text/plain", want: "text/plain"},
		"no JSON":        {status: 200, body: "{", want: "not JSON"},
		"a header more":  {status: 200, body: known, header: "X-More", want: "it has no header X-More"},
		"an error":       {status: 401, body: failed("UNAUTHORIZED"), header: "Www-Authenticate"},
		"another error": {status: 401, body: failed("INVALID_CREDENTIALS"), header: "Www-Authenticate",
			want: "value must be 'UNAUTHORIZED'"},
		"an unknown error": {status: 401, body: failed("NOPE"), header: "Www-Authenticate", want: "/type"},
		"no challenge":     {status: 401, body: failed("UNAUTHORIZED"), want: "the header WWW-Authenticate is missing"},
		"no Retry-After":   {status: 503, body: failed("SERVICE_UNAVAILABLE"), want: "the header Retry-After is missing"},
		"nothing": {path: "/api/v1/content/title", status: 200, body: `[{"value":"Mr","label":"Mr","x":{}}]`,
			want: "'x' not allowed"},
		"outside": {path: "/api/v1/nothing", status: 404, body: failed("NOT_FOUND")},
		"outside, another": {path: "/api/v1/nothing", status: 400, body: failed("NOT_FOUND"),
			want: "400 is no status of NOT_FOUND"},
		"outside, a member": {path: "/api/v1/nothing", status: 404, body: `{"type":"NOT_FOUND","x":1}`,
			want: "unknown field"},
	} {
		request := apptest.Request{Method: http.MethodGet, Path: user}
		if test.path != "" {
			request.Path = test.path
		}
		response := apptest.Response{Status: test.status, Body: test.body, Header: http.Header{}}
		response.Header.Set("X-Request-ID", "x")
		response.Header.Set("Content-Type", "application/json; charset=utf-8")
		if test.mediaType != "" {
			response.Header.Set("Content-Type", test.mediaType)
		}
		if test.header != "" {
			response.Header.Set(test.header, "1")
		}
		err := document.Check(request.HTTP(t), response)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
}

// TestDocumentIsServed checks that the document and its page are served, unless a setting turns them off.
func TestDocumentIsServed(t *testing.T) {
	t.Parallel()
	a := apptest.New(t, func(c *app.Config) { c.APIDocs = true })
	response := a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/openapi.json"})
	want, err := app.OpenAPI(a.Config, "")
	if err != nil || response.Status != http.StatusOK || response.Body != string(want) {
		t.Errorf("got %d, %v: %.300s; want %d, no error: %.300s", response.Status, err, response.Body, http.StatusOK, want)
	}
	page := a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/docs"})
	policy := page.Header.Get("Content-Security-Policy")
	if want := "default-src 'none'; "; page.Status != http.StatusOK || !strings.HasPrefix(policy, want) {
		t.Errorf("got %d with the policy %q, want %d with one that begins with %q", page.Status, policy, http.StatusOK, want)
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("the policy shows %q: %s", "unsafe", policy)
	}
	for _, file := range regexp.MustCompile(`"(docs/[^"]+)"`).FindAllStringSubmatch(page.Body, -1) {
		for coding, want := range map[string]string{"gzip, br": "gzip", "gzip;q=0": "", "GZIP; Q=0.0": "", "": ""} {
			response := a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/" + file[1],
				Header: map[string]string{"Accept-Encoding": coding}})
			got := response.Header.Get("Content-Encoding")
			own := !strings.Contains(file[1], "swagger")
			if response.Status != http.StatusOK || len(response.Body) < 50 || got != want && !own {
				t.Errorf("%s for %q: got %d, %d bytes, coded %q; want %d, %d bytes or more, coded %q unless it is our own: %t",
					file[1], coding, response.Status, len(response.Body), got, http.StatusOK, 50, want, own)
			}
		}
	}
	for _, path := range []string{"/docs/other", "/docs/swagger-ui.js", "/docs/..", "/docs/"} {
		a.Send(t, apptest.Request{Method: http.MethodGet, Path: path}).Error(t, http.StatusNotFound, "NOT_FOUND")
	}
	off := apptest.New(t, func(c *app.Config) { c.APIDocs = false })
	for _, path := range []string{"/openapi.json", "/docs", "/docs/start.js"} {
		off.Send(t, apptest.Request{Method: http.MethodGet, Path: path}).Error(t, http.StatusNotFound, "NOT_FOUND")
	}
}
