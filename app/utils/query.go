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

// maxParameter is how many bytes a parameter of a query may have.
const maxParameter = 2048

// DecodeQuery reads the query of the request's address into request, a pointer to a struct whose fields have json tags,
// and validates it, by the rules that Decode has for forms. Unknown parameters are ignored. Whatever is wrong is
// FieldErrors that name the parameter.
func DecodeQuery(c *gin.Context, request Validator) error {
	object, wrong := queryObject(c.Request.URL.RawQuery, request)
	if err := wrong.Err(); err != nil {
		return err
	}
	body, err := json.Marshal(object)
	if err != nil {
		return fmt.Errorf("%w: the query: %w", ErrInternal, err)
	}
	if err := decodeJSON(body, request); err != nil {
		return err
	}
	return request.Validate().Err()
}

// queryObject returns the known parameters of a query as the members of a JSON object.
func queryObject(query string, request any) (map[string]jsontext.Value, FieldErrors) {
	kinds := map[string]reflect.Kind{}
	for _, member := range members(request) {
		kinds[member.name] = member.kind
	}
	known := knownNames(request)
	object := map[string]jsontext.Value{}
	var wrong FieldErrors
	for pair := range strings.SplitSeq(query, "&") {
		rawName, rawText, _ := strings.Cut(pair, "=")
		written, err := url.QueryUnescape(rawName)
		name, ok := known[fold(written)]
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
		object[name], _ = formValue(text, kinds[name]) // fails for what is noted as wrong only
	}
	return object, wrong
}
