package organisation

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ReadFile returns fallback, overridden by the members of a JSON file. The error lists all problems with file and
// member. Unknown members are errors, since a misspelt one would otherwise be ignored.
func ReadFile(path string, fallback Organisation) (Organisation, error) {
	data, err := os.ReadFile(path)
	if unreadable, ok := errors.AsType[*fs.PathError](err); ok {
		return fallback, fmt.Errorf("%s: cannot be read: %w", path, unreadable.Err)
	}
	o, wrong := parse(data, fallback)
	name := filepath.Base(path)
	for i := range wrong {
		wrong[i] = fmt.Errorf("%s: %w", name, wrong[i])
	}
	return o, errors.Join(wrong...)
}

// parse returns o, overridden by the members in data, or what is wrong with data.
func parse(data []byte, o Organisation) (_ Organisation, wrong []error) {
	languages := o.Languages
	o.Languages = nil // the decoder would overwrite the fallback's elements
	err := json.Unmarshal(data, &o, json.RejectUnknownMembers(true))
	if err != nil {
		return o, []error{explain(data, err)}
	}
	if o.Languages == nil {
		o.Languages = languages
	}
	for _, p := range o.problems() {
		wrong = append(wrong, fmt.Errorf("%s: %s", p.member, p.what))
	}
	return o, wrong
}

// explain describes for users why JSON cannot be decoded.
func explain(data []byte, err error) error {
	if wrong, ok := errors.AsType[*json.SemanticError](err); ok {
		member := memberAt(wrong.JSONPointer)
		if errors.Is(err, json.ErrUnknownName) {
			return fmt.Errorf("%s: is not a known member", member)
		}
		return fmt.Errorf("%s: must be %s", member, jsonTypeOf(wrong.GoType))
	}
	if wrong, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		if errors.Is(err, jsontext.ErrDuplicateName) {
			return fmt.Errorf("%s: occurs twice", memberAt(wrong.JSONPointer))
		}
		line := 1 + strings.Count(string(data[:min(int(wrong.ByteOffset), len(data))]), "\n")
		return fmt.Errorf("line %d: is not JSON", line)
	}
	return errors.New("is not a JSON object")
}

// memberAt formats a JSON pointer (RFC 6901) like languages[0].code.
func memberAt(pointer jsontext.Pointer) string {
	var name strings.Builder
	for token := range pointer.Tokens() {
		switch {
		case strings.Trim(token, "0123456789") == "":
			fmt.Fprintf(&name, "[%s]", token)
		case name.Len() > 0:
			name.WriteString("." + token)
		default:
			name.WriteString(token)
		}
	}
	if name.Len() == 0 {
		return "the file"
	}
	return name.String()
}

// jsonTypeOf names the JSON type that a Go type is decoded from.
func jsonTypeOf(t reflect.Type) string {
	switch {
	case t == nil:
		return "of another type"
	case t.Kind() == reflect.String:
		return "a string"
	case t.Kind() == reflect.Int64:
		return "a whole number"
	case t.Kind() == reflect.Slice:
		return "a list"
	}
	return "an object"
}
