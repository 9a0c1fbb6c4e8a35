package utils

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/encoding"
)

// checkJSON walks the tokens of body and refuses whatever is not exactly one JSON object (RFC 8259) with unambiguous
// names and clean text. The decoder itself refuses duplicate names and nesting beyond 10,000; invalid UTF-8,
// U+0000 and names that differ in case only are refused here. known are the names that the request has.
func checkJSON(body []byte, known map[string]string) error {
	if !utf8.Valid(body) {
		return fmt.Errorf("%w: UTF-8", ErrInvalidText)
	}
	if jsontext.NewDecoder(bytes.NewReader(body)).PeekKind() != '{' {
		return fmt.Errorf("%w: not an object", ErrInvalidJSON)
	}
	return checkValue(body, known)
}

// checkValue is checkJSON for any one JSON value in UTF-8.
func checkValue(body []byte, known map[string]string) error {
	walk := jsonWalk{decoder: jsontext.NewDecoder(bytes.NewReader(body)), known: known}
	for ended := false; !ended; ended = walk.decoder.StackDepth() == 0 {
		token, err := walk.decoder.ReadToken()
		if err != nil {
			return malformed(err)
		}
		if err := walk.visit(token); err != nil {
			return err
		}
	}
	if rest := body[walk.decoder.InputOffset():]; len(bytes.TrimLeft(rest, " \t\r\n")) > 0 {
		return fmt.Errorf("%w: data behind the object", ErrInvalidJSON)
	}
	return nil
}

// jsonWalk knows the names seen so far in every object that is open.
type jsonWalk struct {
	decoder *jsontext.Decoder
	known   map[string]string   // what the outermost object starts with
	names   []map[string]string // folded and as they stand
}

func (w *jsonWalk) visit(token jsontext.Token) error {
	switch token.Kind() {
	case '{':
		names := w.known
		if w.decoder.StackDepth() > 1 {
			names = map[string]string{}
		}
		w.names = append(w.names, names)
	case '}':
		w.names = w.names[:len(w.names)-1]
	case '"':
		return w.visitText(token.String())
	}
	return nil
}

func (w *jsonWalk) visitText(text string) error {
	if strings.ContainsRune(text, 0) {
		return fmt.Errorf("%w: U+0000", ErrInvalidText)
	}
	kind, length := w.decoder.StackIndex(w.decoder.StackDepth())
	isName := kind == '{' && length%2 == 1 // in an object, every other string from the first
	if isName && !note(w.names[len(w.names)-1], text) {
		return fmt.Errorf("%w: in case only", ErrDuplicateKey)
	}
	return nil
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

// malformed returns the catalogue's error for one of the decoder, or of what it reads from.
func malformed(err error) error {
	_, own := errors.AsType[*Error](err)
	switch {
	case own:
		return err
	case errors.Is(err, jsontext.ErrDuplicateName):
		return fmt.Errorf("%w: twice", ErrDuplicateKey)
	case errors.Is(err, encoding.ErrInvalidUTF8):
		return fmt.Errorf("%w: UTF-8", ErrInvalidText)
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
	kind reflect.Kind // of what a pointer points to
	of   reflect.Type
}

// members returns the json names and the kinds of the fields of the struct that request points to, and of those that
// are embedded in it.
func members(request any) []member {
	fields := reflect.VisibleFields(reflect.TypeOf(request).Elem())
	result := make([]member, 0, len(fields))
	for _, field := range fields {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		kind := field.Type.Kind()
		if kind == reflect.Pointer {
			kind = field.Type.Elem().Kind()
		}
		result = append(result, member{name, kind, field.Type})
	}
	return result
}
