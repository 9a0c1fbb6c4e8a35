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

// checkJSON rejects a body that is not exactly one JSON object (RFC 8259) with unambiguous names and valid text. The
// decoder rejects duplicate names and nesting beyond 10,000; checkJSON rejects invalid UTF-8, U+0000 and names that
// differ only in case. known are the names of the request's members.
func checkJSON(body []byte, known map[string]string) error {
	if !utf8.Valid(body) {
		return fmt.Errorf("%w: UTF-8", ErrInvalidText)
	}
	if jsontext.NewDecoder(bytes.NewReader(body)).PeekKind() != '{' {
		return fmt.Errorf("%w: not an object", ErrInvalidJSON)
	}
	return checkValue(body, known)
}

// checkValue is checkJSON for a single JSON value of any type, in valid UTF-8.
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
		return fmt.Errorf("%w: data after the object", ErrInvalidJSON)
	}
	return nil
}

// jsonWalk keeps the names seen so far in every open object.
type jsonWalk struct {
	decoder *jsontext.Decoder
	known   map[string]string   // the initial names of the outermost object
	names   []map[string]string // by folded name, as written
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
	if isName && !addName(w.names[len(w.names)-1], text) {
		return fmt.Errorf("%w: in case only", ErrDuplicateKey)
	}
	return nil
}

// addName adds a name to those of its object. It returns false if another name there differs only in case.
func addName(names map[string]string, name string) bool {
	folded := foldKey(name)
	if other, ok := names[folded]; ok {
		return other == name
	}
	names[folded] = name
	return true
}

// foldKey maps names that are equal under strings.EqualFold to the same text, except for a few rare letters.
func foldKey(name string) string { return strings.ToLower(strings.ToUpper(name)) }

// malformed returns the catalogue's error for an error of the decoder or its reader.
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

// knownNames returns the names of request's members by their folded form.
func knownNames(request any) map[string]string {
	names := map[string]string{}
	for _, member := range members(request) {
		names[foldKey(member.name)] = member.name
	}
	return names
}

type member struct {
	name string
	kind reflect.Kind // of a pointer's element
	of   reflect.Type
}

// members returns the fields of the struct that request points to, including those of embedded structs.
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
