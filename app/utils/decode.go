package utils

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// MaxBody is the size in bytes that a request's body may have: 1 MiB.
const MaxBody = 1 << 20

// Validator is a request that can tell what is wrong with it.
type Validator interface {
	// Validate returns what is wrong, field by field; nil when nothing is.
	Validate() FieldErrors
}

// Decode reads what a request says into request, a pointer to a struct whose fields have json tags, and validates it.
// Its members come from the body, JSON or a form, and from the query of the address, which says what a form would. A
// member that both give has to have the same value in both. Unknown members are ignored. What a lenient decoder would
// let pass and two programs could read differently is refused: keys that appear twice or differ only in case, trailing
// data, invalid UTF-8, U+0000.
//
// Errors are from the catalogue; FieldErrors for members of the wrong type or that Validate names, and for whatever is
// wrong with the query.
func Decode(c *gin.Context, request Validator) error { return decodeRequest(c, request, required) }

// DecodeOptional is Decode for a request whose body may be missing, which says the same as an empty object.
func DecodeOptional(c *gin.Context, request Validator) error {
	return decodeRequest(c, request, optional)
}

// DecodeJSON is Decode for JSON that has been read.
func DecodeJSON(body []byte, request Validator) error {
	if err := decodeJSON(body, request); err != nil {
		return err
	}
	return request.Validate().Err()
}

// presence says whether a request has to have a body. Where a query says something, none has to.
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

// field names the member of the request that the pointer (RFC 6901) leads to.
func field(pointer jsontext.Pointer) string {
	for token := range pointer.Tokens() {
		return token
	}
	return ""
}

// wanted says in JSON's words what a Go type is decoded from.
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
