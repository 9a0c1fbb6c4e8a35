package utils

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// checkJSON walks the tokens of body and refuses whatever is not exactly one JSON object (RFC 8259) with unambiguous
// names and clean text. The decoder itself refuses names that stand twice and nesting beyond 10,000; invalid UTF-8,
// U+0000 and names that differ in case only are refused here. known are the names that the request has.
func checkJSON(body []byte, known map[string]string) error {
	if !utf8.Valid(body) {
		return fmt.Errorf("%w: UTF-8", ErrInvalidText)
	}
	decoder := jsontext.NewDecoder(bytes.NewReader(body))
	if decoder.PeekKind() != '{' {
		return fmt.Errorf("%w: not an object", ErrInvalidJSON)
	}
	names := []map[string]string{}
	for {
		token, err := decoder.ReadToken()
		if errors.Is(err, io.EOF) && decoder.StackDepth() == 0 {
			return nil
		}
		if err != nil {
			return malformed(err)
		}
		switch depth := decoder.StackDepth(); token.Kind() {
		case '{':
			seen := map[string]string{}
			if depth == 1 {
				seen = known
			}
			names = append(names, seen)
		case '}':
			names = names[:len(names)-1]
			if depth == 0 {
				return checkEnd(body[decoder.InputOffset():])
			}
		case '"':
			text := token.String()
			if strings.ContainsRune(text, 0) {
				return fmt.Errorf("%w: U+0000", ErrInvalidText)
			}
			if isName(decoder) && !note(names[len(names)-1], text) {
				return fmt.Errorf("%w: in case only", ErrDuplicateKey)
			}
		}
	}
}

// isName tells whether the string just read was a member's name: in an object, every other one from the first.
func isName(decoder *jsontext.Decoder) bool {
	kind, length := decoder.StackIndex(decoder.StackDepth())
	return kind == '{' && length%2 == 1
}

// note adds a name to those of its object; false if another one there differs from it in case only.
func note(names map[string]string, name string) bool {
	folded := fold(name)
	if other, ok := names[folded]; ok {
		return other == name
	}
	names[folded] = name
	return true
}

// fold maps names that strings.EqualFold holds for equal to the same text, but for rare letters that map both ways.
func fold(name string) string { return strings.ToLower(strings.ToUpper(name)) }

func checkEnd(rest []byte) error {
	if len(bytes.TrimLeft(rest, " \t\r\n")) > 0 {
		return fmt.Errorf("%w: data behind the object", ErrInvalidJSON)
	}
	return nil
}

func malformed(err error) error {
	if errors.Is(err, jsontext.ErrDuplicateName) {
		return fmt.Errorf("%w: twice", ErrDuplicateKey)
	}
	return fmt.Errorf("%w: not JSON", ErrInvalidJSON)
}

// knownNames returns the names of request's members, folded and as they are written.
func knownNames(request any) map[string]string {
	names := map[string]string{}
	for _, member := range members(request) {
		names[fold(member.name)] = member.name
	}
	return names
}

type member struct {
	name string
	kind reflect.Kind
}

// members returns the json names and the kinds of the fields of the struct that request points to.
func members(request any) []member {
	t := reflect.TypeOf(request).Elem()
	result := make([]member, 0, t.NumField())
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		kind := t.Field(i).Type.Kind()
		if kind == reflect.Pointer {
			kind = t.Field(i).Type.Elem().Kind()
		}
		result = append(result, member{name, kind})
	}
	return result
}
