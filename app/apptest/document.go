package apptest

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"guestlist/app"
	"guestlist/app/utils"
)

// Document validates responses against an OpenAPI document. It also rejects undocumented members and headers, which
// clients have to tolerate. It is safe for concurrent use.
type Document struct {
	root   map[string]any
	routes []app.Route

	mutex    sync.Mutex
	compiler *jsonschema.Compiler
	schemas  map[string]*jsonschema.Schema // by location in the document
}

// NewDocument returns a validator for a document.
func NewDocument(text []byte) (*Document, error) {
	parsed, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		return nil, fmt.Errorf("read the API's document: %w", err)
	}
	root, ok := parsed.(map[string]any)
	if !ok {
		return nil, errors.New("the API's document is no object")
	}
	closeObjects(root)
	d := &Document{
		root: root, routes: new(app.App).Routes(), compiler: jsonschema.NewCompiler(),
		schemas: map[string]*jsonschema.Schema{},
	}
	d.compiler.AssertFormat()
	return d, d.compiler.AddResource(documentURL, root)
}

const documentURL = "file:///openapi.json"

// document is the document for every application under test: settings change only its requests.
var document = sync.OnceValue(func() *Document {
	text, err := app.OpenAPI(Config(), "")
	if err != nil {
		panic(err)
	}
	d, err := NewDocument(text)
	if err != nil {
		panic(err)
	}
	return d
})

// closeObjects makes the schemas in a document reject unknown members.
func closeObjects(of any) {
	switch of := of.(type) {
	case map[string]any:
		if _, open := of["additionalProperties"]; of["type"] == "object" && !open {
			of["additionalProperties"] = false
		}
		for _, value := range of {
			closeObjects(value)
		}
	case []any:
		for _, value := range of {
			closeObjects(value)
		}
	}
}

// Check returns an error if the response does not match the document.
func (d *Document) Check(request *http.Request, response Response) error {
	method := request.Method
	switch {
	case method == http.MethodOptions: // a preflight request
		return nil
	case response.Status == utils.ErrClientGone.Status: // no client reads it
		return nil
	case method == http.MethodHead:
		method = http.MethodGet
	}
	path, ok := d.find(method, request.URL.Path)
	if !ok {
		return outside(response)
	}
	at := pointer("paths", path, strings.ToLower(method), "responses", strconv.Itoa(response.Status))
	described, at := d.at(at)
	if described == nil {
		return fmt.Errorf("it has no status %d", response.Status)
	}
	if err := d.checkHeaders(described, response); err != nil {
		return err
	}
	if response.Body == "" && (request.Method == http.MethodHead || described["content"] == nil) {
		return nil
	}
	return d.checkBody(at, described, response)
}

// find returns the document's path that matches a request; false if none does.
func (d *Document) find(method, path string) (string, bool) {
	parts := strings.Split(path, "/")
	for _, route := range d.routes {
		names := strings.Split(route.Path, "/")
		if route.Method != method || len(names) != len(parts) {
			continue
		}
		fits := true
		for i, name := range names {
			if strings.HasPrefix(name, ":") && parts[i] != "" {
				names[i] = "{" + name[1:] + "}"
			} else {
				fits = fits && name == parts[i]
			}
		}
		if fits {
			return strings.Join(names, "/"), true
		}
	}
	return "", false
}

// at returns the object at a pointer and its location, following references. It is nil if there is none.
func (d *Document) at(at string) (map[string]any, string) {
	var found any = d.root
	for _, token := range strings.Split(at, "/")[1:] {
		object, ok := found.(map[string]any)
		if !ok {
			return nil, at
		}
		found = object[unescape.Replace(token)]
	}
	object, _ := found.(map[string]any)
	if to, ok := object["$ref"].(string); ok {
		return d.at(strings.TrimPrefix(to, "#"))
	}
	return object, at
}

// undocumented are headers about the connection, caches and browsers, which are not in the document.
var undocumented = []string{
	"Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Cache-Control", "Connection", "Content-Encoding",
	"Content-Length", "Content-Security-Policy", "Content-Type", "Date", "Referrer-Policy", "Strict-Transport-Security",
	"Transfer-Encoding", "Vary", "X-Content-Type-Options", "X-Frame-Options", "X-Robots-Tag",
}

func (d *Document) checkHeaders(described map[string]any, response Response) error {
	known, _ := described["headers"].(map[string]any)
	canonical := map[string]bool{}
	for name := range known {
		canonical[http.CanonicalHeaderKey(name)] = true
	}
	for _, name := range slices.Sorted(maps.Keys(response.Header)) {
		if !slices.Contains(undocumented, name) && !canonical[name] {
			return fmt.Errorf("it has no header %s", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		object, _ := known[name].(map[string]any)
		if to, ok := object["$ref"].(string); ok {
			object, _ = d.at(strings.TrimPrefix(to, "#"))
		}
		if object["required"] == true && response.Header.Get(name) == "" {
			return fmt.Errorf("the header %s is missing", name)
		}
	}
	return nil
}

// checkBody validates the body against the document's schema for its media type.
func (d *Document) checkBody(at string, described map[string]any, response Response) error {
	content, _ := described["content"].(map[string]any)
	mediaType, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil || content[mediaType] == nil {
		return fmt.Errorf("it has no body of the type %q, but %v", mediaType, slices.Sorted(maps.Keys(content)))
	}
	if mediaType != "application/json" || response.Body == "" {
		return nil
	}
	body, err := jsonschema.UnmarshalJSON(strings.NewReader(response.Body))
	if err != nil {
		return fmt.Errorf("the body is not JSON: %w", err)
	}
	schema, err := d.schema(at + pointer("content", mediaType, "schema"))
	if err != nil {
		return err
	}
	return schema.Validate(body)
}

func (d *Document) schema(at string) (*jsonschema.Schema, error) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if found := d.schemas[at]; found != nil {
		return found, nil
	}
	compiled, err := d.compiler.Compile(documentURL + "#" + at)
	if err != nil {
		return nil, fmt.Errorf("the API's document: %w", err)
	}
	d.schemas[at] = compiled
	return compiled, nil
}

var (
	escape   = strings.NewReplacer("~", "~0", "/", "~1")
	unescape = strings.NewReplacer("~1", "/", "~0", "~")
)

// pointer returns a JSON pointer: RFC 6901.
func pointer(tokens ...string) string {
	var at strings.Builder
	for _, token := range tokens {
		at.WriteString("/" + escape.Replace(token))
	}
	return at.String()
}

// outside returns an error if the response to a request without a route is not an error of the catalogue.
func outside(response Response) error {
	if response.Body == "" || strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") {
		return nil
	}
	var body utils.ErrorResponse
	decoder := json.NewDecoder(strings.NewReader(response.Body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&body); err != nil {
		return fmt.Errorf("outside of the URL map: %w", err)
	}
	for _, e := range utils.Catalogue() {
		if e.Type == body.Type && e.Status == response.Status {
			return nil
		}
	}
	return fmt.Errorf("outside of the URL map: %d is no status of %s", response.Status, body.Type)
}

// check fails the test if the response does not match the document. Without a test, for an application that a test has
// assembled itself, it panics.
func check(t testing.TB, request *http.Request, response Response) {
	err := document().Check(request, response)
	if err == nil {
		return
	}
	problem := fmt.Sprintf("the API's document does not have this response to %s %s: %d %.2000s\n%v",
		request.Method, request.URL.Path, response.Status, response.Body, err)
	if t == nil {
		panic(problem)
	}
	t.Helper()
	t.Error(problem)
}
