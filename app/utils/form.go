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

// formToJSON turns a form into the JSON object that says the same, so that both are decoded, and refused, by the same
// rules. The fields of the request tell which values are text and which are numbers or true and false.
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

// formValue writes a form's text as JSON: bare where the field takes a number or a truth value and the text is one,
// else as a string, which the decoder then finds to be of the wrong type.
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
