package utils

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// MaxBody is the maximum size of a request's body, in bytes: 1 MiB.
const MaxBody = 1 << 20

// Validator is a request that can validate itself.
type Validator interface {
	// Validate returns the invalid fields; nil if there are none.
	Validate() FieldErrors
}

// Decode decodes a request into request, a pointer to a struct whose fields have json tags, and validates it. Members
// come from the body, JSON or a form, and from the query, which is read like a form. A member in both must have the
// same value in both. Unknown members are ignored. Input that a lenient decoder would accept and two programs could
// read differently is rejected: keys that appear twice or differ only in case, trailing data, invalid UTF-8, U+0000.
//
// Errors are from the catalogue. They are FieldErrors for members of the wrong type, for members that Validate returns,
// and for anything wrong with the query.
func Decode(c *gin.Context, request Validator) error { return decodeRequest(c, request, required) }

// DecodeOptional is Decode for a request whose body may be missing, which means the same as an empty object.
func DecodeOptional(c *gin.Context, request Validator) error {
	return decodeRequest(c, request, optional)
}

// DecodeJSON is Decode for JSON that has already been read.
func DecodeJSON(body []byte, request Validator) error {
	if err := decodeJSON(body, request); err != nil {
		return err
	}
	return request.Validate().Err()
}

// presence says whether a request must have a body. It need not if the query has members.
type presence bool

const (
	required presence = false
	optional presence = true
)

func decodeRequest(c *gin.Context, request Validator, body presence) error {
	query, err := readQuery(c, request)
	if err != nil {
		return err
	}
	mediaType, err := query.bodyType(c, body)
	if err != nil {
		return err
	}
	return query.readBody(c, mediaType, request)
}

const (
	jsonType = "application/json"
	formType = "application/x-www-form-urlencoded"
)

// decodeJSON decodes one JSON object strictly.
func decodeJSON(body []byte, request any) error {
	if err := checkJSON(body, knownNames(request)); err != nil {
		return err
	}
	err := json.Unmarshal(body, request)
	var wrong *json.SemanticError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrong) && wrong.JSONPointer != "":
		return FieldErrors{field(wrong.JSONPointer): "must be " + wanted(wrong.GoType)}
	}
	return fmt.Errorf("%w: decode", ErrInvalidJSON)
}

// field returns the request's member that contains the pointer's target (RFC 6901).
func field(pointer jsontext.Pointer) string {
	for token := range pointer.Tokens() {
		return token
	}
	return ""
}

// wanted returns the JSON type that a Go type is decoded from, in words.
func wanted(t reflect.Type) string {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil {
		return "of another type"
	}
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "a whole number"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Map, reflect.Struct:
		return "an object"
	}
	return "of another type"
}
