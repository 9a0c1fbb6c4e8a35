package utils

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"

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

// Decode reads the request's body, JSON or a form, into request, a pointer to a struct whose fields have json tags, and
// validates it. Unknown members are ignored. What a lenient decoder would let pass and two programs could read
// differently is refused: keys that appear twice or differ only in case, trailing data, invalid UTF-8, U+0000.
//
// Errors are from the catalogue; FieldErrors for members of the wrong type or that Validate names.
func Decode(c *gin.Context, request Validator) error {
	mediaType, body, err := ReadBody(c, MaxBody, jsonType, formType)
	if err != nil {
		return err
	}
	return decode(mediaType, body, request)
}

// ReadBody returns the body of a request, of so many bytes at most, and its media type, which must be one of those
// named. Errors are from the catalogue.
func ReadBody(c *gin.Context, atMost int64, mediaTypes ...string) (mediaType string, body []byte, err error) {
	if mediaType, err = bodyType(c.Request.Header, mediaTypes...); err != nil {
		return "", nil, err
	}
	body, err = readBody(c, atMost)
	return mediaType, body, err
}

// DecodeJSON is Decode for JSON that has been read.
func DecodeJSON(body []byte, request Validator) error { return decode(jsonType, body, request) }

// DecodeOptional is Decode for a request whose body may be missing, which says the same as an empty object.
func DecodeOptional(c *gin.Context, request Validator) error {
	body, err := readBody(c, MaxBody)
	if err != nil {
		return err
	}
	if len(body) == 0 {
		return request.Validate().Err()
	}
	mediaType, err := bodyType(c.Request.Header, jsonType, formType)
	if err != nil {
		return err
	}
	return decode(mediaType, body, request)
}

func decode(mediaType string, body []byte, request Validator) (err error) {
	if mediaType == formType {
		body, err = formToJSON(body, request)
		if err != nil {
			return err
		}
	}
	if err := decodeJSON(body, request); err != nil {
		return err
	}
	return request.Validate().Err()
}

const (
	jsonType = "application/json"
	formType = "application/x-www-form-urlencoded"
)

// bodyType returns the media type of the body, which must be one of those named.
func bodyType(header http.Header, wanted ...string) (string, error) {
	mediaType, parameters, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || !slices.Contains(wanted, mediaType) {
		return "", fmt.Errorf("%w: the content type", unsupportedMediaError{wanted})
	}
	if charset, named := parameters["charset"]; named && !strings.EqualFold(charset, "utf-8") && !strings.EqualFold(charset, "utf8") {
		return "", fmt.Errorf("%w: the charset", unsupportedMediaError{wanted})
	}
	if encodings := header.Values("Content-Encoding"); len(encodings) > 0 && !strings.EqualFold(strings.Join(encodings, ","), "identity") {
		return "", fmt.Errorf("%w: the content encoding", unsupportedMediaError{wanted})
	}
	return mediaType, nil
}

func readBody(c *gin.Context, atMost int64) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, atMost))
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil && c.Request.Context().Err() != nil: // no time is left to do anything with it
		return nil, fmt.Errorf("%w: %w", ErrRequestTimeout, context.Cause(c.Request.Context()))
	case err == nil:
		return body, nil
	case errors.As(err, &tooLarge):
		// A client that is still sending sees the answer only if somewhat more is read.
		_, _ = io.CopyN(io.Discard, c.Request.Body, MaxBody)
		return nil, ErrBodyTooLarge
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, fmt.Errorf("%w: %w", ErrRequestTimeout, err)
	}
	return nil, fmt.Errorf("%w: read the body: %w", ErrInvalidJSON, err)
}

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
