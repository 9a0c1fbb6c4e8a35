package openapi

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// types makes schemas for Go types, as encoding/json writes them. Structs have names in the document, declared by their
// features.
type types struct {
	declared []Type
	names    map[reflect.Type]string
}

func newTypes(features []Feature) (*types, error) {
	t := &types{names: map[reflect.Type]string{}}
	taken := map[string]bool{errorName: true}
	for _, feature := range features {
		for _, declared := range feature.Types {
			of := reflect.TypeOf(declared.Example)
			if t.names[of] != "" || taken[declared.Name] {
				return nil, fmt.Errorf("%s: the type or the name %s is declared twice", feature.Name, declared.Name)
			}
			t.names[of], taken[declared.Name] = declared.Name, true
			t.declared = append(t.declared, declared)
		}
	}
	return t, nil
}

// schemas returns the schemas of all declared types, by name.
func (t *types) schemas() (all object[*schema], err error) {
	for _, declared := range t.declared {
		s, err := t.structure(reflect.TypeOf(declared.Example), declared.IsRequest)
		if err == nil {
			err = describe(declared.Example, &s)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", declared.Name, err)
		}
		s.Examples = []any{example(declared, &s)}
		all = append(all, member[*schema]{declared.Name, &s})
	}
	return all, nil
}

// example returns the example of a type; for a request, without absent members.
func example(of Type, s *schema) any {
	if !of.IsRequest {
		return of.Example
	}
	return present(reflect.ValueOf(of.Example), s.Required)
}

// present returns a request's members that are required or not zero.
func present(value reflect.Value, required []string) any {
	var object object[any]
	for _, f := range fields(value.Type()) {
		v := value.FieldByIndex(f.index)
		switch {
		case v.IsZero() && !slices.Contains(required, f.name):
		case f.of.Kind() == reflect.Slice && f.of.Elem().Kind() == reflect.Struct:
			elements := []any{}
			for i := range v.Len() {
				elements = append(elements, present(v.Index(i), nil))
			}
			object.set(f.name, elements)
		default:
			object.set(f.name, v.Interface())
		}
	}
	return object
}

var (
	timeType = reflect.TypeFor[time.Time]()
	rawType  = reflect.TypeFor[json.RawMessage]()
)

// of returns the schema of a type, or a reference to it.
func (t *types) of(of reflect.Type) (schema, error) {
	if of.Kind() == reflect.Pointer {
		s, err := t.of(of.Elem())
		return s.nullable(), err
	}
	if texts, ok := reflect.TypeAssert[Enum](reflect.Zero(of)); ok {
		return schema{Type: "string", Enum: enum(texts.Enum())}, nil
	}
	switch {
	case of == timeType:
		return schema{Type: "string", Format: "date-time"}, nil
	case of == rawType || of.Kind() == reflect.Interface:
		return schema{}, nil
	case of.Implements(reflect.TypeFor[encoding.TextMarshaler]()):
		return schema{Type: "string"}, nil
	case of.Implements(reflect.TypeFor[json.Marshaler]()):
		return schema{}, fmt.Errorf("%v implements json.Marshaler, so its schema is unknown", of)
	}
	return t.ofKind(of)
}

func (t *types) ofKind(of reflect.Type) (schema, error) {
	switch of.Kind() {
	case reflect.String:
		return schema{Type: "string"}, nil
	case reflect.Bool:
		return schema{Type: "boolean"}, nil
	case reflect.Int64:
		return schema{Type: "integer", Format: "int64"}, nil
	case reflect.Int, reflect.Int32:
		return schema{Type: "integer"}, nil
	case reflect.Slice:
		items, err := t.of(of.Elem())
		return schema{Type: "array", Items: &items}, err
	case reflect.Map:
		values, err := t.of(of.Elem())
		s := schema{Type: "object", AdditionalProperties: &values}
		if texts, ok := reflect.TypeAssert[Enum](reflect.Zero(of.Key())); ok {
			s.PropertyNames = &schema{Enum: enum(texts.Enum())}
		}
		return s, err
	case reflect.Struct:
		name := t.names[of]
		if of.NumField() == 0 { // {}
			return schema{Type: "object"}, nil
		}
		if name == "" {
			return schema{}, fmt.Errorf("%v is not declared by its feature", of)
		}
		return schema{Ref: schemaPath + name}, nil
	}
	return schema{}, fmt.Errorf("%v: there is no schema for this kind of type", of)
}

// structure returns the schema of a struct. In a response, all members are required except those with omitempty or
// omitzero; in a request, only those that Describe requires.
func (t *types) structure(of reflect.Type, request bool) (schema, error) {
	s := schema{Type: "object"}
	for _, f := range fields(of) {
		inner := f.of
		if request && inner.Kind() == reflect.Pointer {
			inner = inner.Elem() // null is the same as absent
		}
		property, err := t.of(inner)
		if err != nil {
			return schema{}, fmt.Errorf("%s: %w", f.name, err)
		}
		s.Properties = append(s.Properties, member[*schema]{f.name, &property})
		if !request && !f.optional {
			s.Required = append(s.Required, f.name)
		}
	}
	return s, nil
}

// field is a field of a struct, or of an embedded one.
type field struct {
	name     string // in JSON
	index    []int
	of       reflect.Type
	optional bool // omitempty or omitzero
}

// fields returns the fields that encoding/json writes, in order.
func fields(of reflect.Type) (found []field) {
	for _, f := range reflect.VisibleFields(of) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || name == "-" || name == "" {
			continue
		}
		optional := strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
		found = append(found, field{name, f.Index, f.Type, optional})
	}
	return found
}
