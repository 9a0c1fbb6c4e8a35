package openapi

import "slices"

// schema is a JSON Schema (draft 2020-12), with the members that are used.
type schema struct {
	Ref         string `json:"$ref,omitempty"`
	Type        any    `json:"type,omitempty"` // a name, or several
	Format      string `json:"format,omitempty"`
	Description string `json:"description,omitempty"`

	Const     any      `json:"const,omitempty"`
	Enum      []any    `json:"enum,omitempty"`
	AnyOf     []schema `json:"anyOf,omitempty"`
	Pattern   string   `json:"pattern,omitempty"`
	MinLength *int     `json:"minLength,omitempty"`
	MaxLength *int     `json:"maxLength,omitempty"`
	Minimum   *int64   `json:"minimum,omitempty"`
	Maximum   *int64   `json:"maximum,omitempty"`
	Default   any      `json:"default,omitempty"`

	Items    *schema `json:"items,omitempty"`
	MinItems *int    `json:"minItems,omitempty"`
	MaxItems *int    `json:"maxItems,omitempty"`

	Properties           object[*schema] `json:"properties,omitempty"`
	Required             []string        `json:"required,omitempty"`
	PropertyNames        *schema         `json:"propertyNames,omitempty"`
	AdditionalProperties *schema         `json:"additionalProperties,omitempty"`
	MinProperties        *int            `json:"minProperties,omitempty"`
	MaxProperties        *int            `json:"maxProperties,omitempty"`

	Examples []any `json:"examples,omitempty"`
}

// nullable returns the schema that also allows null.
func (s schema) nullable() schema {
	switch {
	case s.Ref != "":
		return schema{AnyOf: []schema{s, {Type: "null"}}}
	case s.Type == nil:
		return s // anything
	}
	s.Type = []any{s.Type, "null"}
	if s.Enum != nil {
		s.Enum = append(s.Enum, nil)
	}
	return s
}

// scalar reports whether the schema is for a string, a number or a boolean, which forms can contain.
func (s *schema) scalar() bool {
	switch s.Type {
	case "string", "integer", "number", "boolean":
		return true
	}
	return false
}

// asForm returns the schema for a form, without members that are not scalar; ok is false if one of those is required.
// same reports whether nothing was left out.
func (s *schema) asForm() (form schema, same, ok bool) {
	form, same = *s, true
	form.Properties, form.Examples = nil, nil
	for _, p := range s.Properties {
		if p.value.scalar() {
			form.Properties = append(form.Properties, p)
			continue
		}
		same = false
		if slices.Contains(s.Required, p.name) {
			return form, false, false
		}
	}
	return form, same, true
}
