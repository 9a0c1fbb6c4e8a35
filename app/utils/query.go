package utils

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// maxParameter is the maximum size of a query parameter, in bytes.
const maxParameter = 2048

// DecodeQuery is Decode for a request that has only a query. All errors are FieldErrors.
func DecodeQuery(c *gin.Context, request Validator) error {
	if _, err := readQuery(c, request); err != nil {
		return err
	}
	return request.Validate().Err()
}

// parameters are the members of a request that its query has, as a JSON object.
type parameters map[string]jsontext.Value

// readQuery decodes the query of the URL into request.
func readQuery(c *gin.Context, request any) (parameters, error) {
	query, wrong := queryObject(c.Request.URL.RawQuery, request)
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	return query, query.decode(request)
}

func (p parameters) decode(request any) error {
	if len(p) == 0 {
		return nil
	}
	object, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("%w: the query: %w", ErrInternal, err)
	}
	return decodeJSON(object, request)
}

// bodyType returns the media type of the body, or "" if there is none and none is required. It does not read a body
// with a Content-Length.
func (p parameters) bodyType(c *gin.Context, body presence) (string, error) {
	if (body == optional || len(p) > 0) && !hasBody(c) {
		return "", nil
	}
	return bodyType(c.Request.Header, jsonType, formType)
}

// readBody reads and decodes the body, after the query, and validates the request.
func (p parameters) readBody(c *gin.Context, mediaType string, request Validator) error {
	if mediaType == "" {
		return request.Validate().Err()
	}
	body, err := readBody(c, MaxBody)
	if err != nil {
		return err
	}
	if mediaType == formType {
		if body, err = formToJSON(body, request); err != nil {
			return err
		}
	}
	if err := p.merge(body, request); err != nil {
		return err
	}
	return request.Validate().Err()
}

// merge decodes a body, a JSON object, into request, together with the query.
func (p parameters) merge(body []byte, request any) error {
	if err := decodeJSON(body, request); err != nil {
		return err
	}
	if len(p) == 0 {
		return nil
	}
	var given map[string]jsontext.Value
	if err := json.Unmarshal(body, &given); err != nil {
		return fmt.Errorf("%w: decode", ErrInvalidJSON)
	}
	var wrong FieldErrors
	for _, member := range members(request) {
		query, inQuery := p[member.name]
		value, inBody := given[member.name]
		if inQuery && inBody && value.Kind() != 'n' && !same(member.of, query, value) {
			wrong.Add(member.name, "differs between the query and the body")
		}
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	return p.decode(request) // again, for members that are null in the body
}

// same reports whether two valid values of a member are equal.
func same(member reflect.Type, one, other jsontext.Value) bool {
	x, y := reflect.New(member), reflect.New(member)
	return json.Unmarshal(one, x.Interface()) == nil && json.Unmarshal(other, y.Interface()) == nil &&
		reflect.DeepEqual(x.Interface(), y.Interface())
}

// queryObject returns the known parameters of a query.
func queryObject(query string, request any) (parameters, FieldErrors) {
	kinds := map[string]reflect.Kind{}
	for _, member := range members(request) {
		kinds[member.name] = member.kind
	}
	known := knownNames(request)
	object := parameters{}
	var wrong FieldErrors
	for pair := range strings.SplitSeq(query, "&") {
		rawName, rawText, _ := strings.Cut(pair, "=")
		written, err := url.QueryUnescape(rawName)
		name, ok := known[foldKey(written)]
		if err != nil || !ok {
			continue
		}
		text, err := url.QueryUnescape(rawText)
		_, twice := object[name]
		switch {
		case written != name:
			wrong.Add(name, "differs from the parameter's name in upper and lower case")
		case twice:
			wrong.Add(name, "is given twice")
		case err != nil || !utf8.ValidString(text) || strings.ContainsRune(text, 0):
			wrong.Add(name, "must be escaped UTF-8 without the character U+0000")
		case len(text) > maxParameter:
			wrong.Add(name, fmt.Sprintf("must have at most %d bytes", maxParameter))
		}
		object[name], _ = formValue(text, kinds[name]) // fails only for values already reported as wrong
	}
	return object, wrong
}
