package utils

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// formToJSON converts a form to the equivalent JSON object, so that the same rules decode and reject both. The types of
// request's fields decide which values become strings, numbers and booleans.
func formToJSON(body []byte, request any) ([]byte, error) {
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, fmt.Errorf("%w: parse", ErrInvalidForm)
	}
	kinds := map[string]reflect.Kind{}
	for _, member := range members(request) {
		kinds[member.name] = member.kind
	}
	object := map[string]jsontext.Value{}
	for name, texts := range values {
		if len(texts) > 1 {
			return nil, fmt.Errorf("%w: twice", ErrDuplicateKey)
		}
		if !utf8.ValidString(name) || !utf8.ValidString(texts[0]) {
			return nil, fmt.Errorf("%w: UTF-8", ErrInvalidText)
		}
		if object[name], err = formValue(texts[0], kinds[name]); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrInvalidForm, err)
		}
	}
	result, err := json.Marshal(object)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalidForm, err)
	}
	return result, nil
}

// formValue returns a form's text as JSON: a number or boolean if the field and the text are one, else a string, which
// the decoder rejects if the field has another type.
func formValue(text string, kind reflect.Kind) (jsontext.Value, error) {
	switch kind {
	case reflect.Bool:
		switch strings.ToLower(text) {
		case "true", "1", "on", "yes":
			return jsontext.Value("true"), nil
		case "false", "0", "off", "no", "":
			return jsontext.Value("false"), nil
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if value := jsontext.Value(text); value.IsValid() && value.Kind() == '0' {
			return value, nil
		}
	}
	return json.Marshal(text)
}
