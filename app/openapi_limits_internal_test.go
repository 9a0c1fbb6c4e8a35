package app

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"guestlist/app/organisation"
	"guestlist/app/utils"
)

// bounds is a schema of the document.
type bounds struct {
	Type       any               `json:"type"`
	Properties map[string]bounds `json:"properties"`
	Required   []string          `json:"required"`

	MinLength *int   `json:"minLength"`
	MaxLength *int   `json:"maxLength"`
	Minimum   *int64 `json:"minimum"`
	Maximum   *int64 `json:"maximum"`
	MaxItems  *int   `json:"maxItems"`
	Enum      []any  `json:"enum"`
	Const     any    `json:"const"`
	Pattern   string `json:"pattern"`
	Format    string `json:"format"`

	AdditionalProperties *bounds `json:"additionalProperties"`
	MaxProperties        *int    `json:"maxProperties"`
}

// unvalidated lists the requests whose Validate leaves checks to other code, with the reason.
var unvalidated = map[string]string{
	"PageForm": "the page says what is wrong",
	"Bulk":     "the guests are read one by one",
}

// conditional lists the members that a request needs only in a case that their descriptions name.
var conditional = map[string]bool{
	"EventBody.end_date": true, "Revocation.role": true, // events
	"Candidate.role": true, "WordingPreviewRequest.subject": true, "WordingPreviewRequest.body": true, // invitedguest
}

// TestLimitsAreThoseOfValidation checks that the limits in the document are those that validation enforces. It
// validates every request in the document with each member at and beyond its limits.
func TestLimitsAreThoseOfValidation(t *testing.T) {
	t.Parallel()
	a := &App{Config: Config{
		PasswordMinLength: 8,
		EventRoles:        []string{"speaker"}, // events
		Organisation:      organisation.Default("Guestlist", "https://example.org", "events@example.org"),
	}}
	a.Config.Organisation.PrivacyPolicy = "/policy"
	text, err := OpenAPI(a.Config, "")
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Components struct {
			Schemas map[string]bounds `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	probed := 0
	for _, feature := range a.declared() {
		for _, declared := range feature.Types {
			if !declared.IsRequest || unvalidated[declared.Name] != "" {
				continue
			}
			p := prober{t, declared.Name, declared.Example, document.Components.Schemas[declared.Name]}
			if wrong := p.validate(nil, ""); len(wrong) > 0 {
				t.Errorf("the example of %s is not valid: %v", p.name, wrong)
			}
			for _, member := range slices.Sorted(maps.Keys(p.schema.Properties)) {
				p.probe(member, p.schema.Properties[member])
				probed++
			}
		}
	}
	if probed < 20 { // accounts alone have as many
		t.Errorf("found only %d members", probed)
	}
}

// prober validates variants of an example.
type prober struct {
	*testing.T

	name    string
	example any
	schema  bounds
}

// validate returns what is wrong with the example after the member is set to the value; nil removes the member. If the
// member is "", nothing is set.
func (p prober) validate(value any, member string) utils.FieldErrors {
	request := reflect.New(reflect.TypeOf(p.example))
	request.Elem().Set(reflect.ValueOf(p.example))
	if member != "" {
		for _, field := range reflect.VisibleFields(request.Elem().Type()) {
			if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name == member {
				request.Elem().FieldByIndex(field.Index).SetZero() // or Unmarshal would add to a map
			}
		}
	}
	if value != nil {
		data, err := json.Marshal(map[string]any{member: value})
		if err != nil {
			p.Fatal(err)
		}
		if err := json.Unmarshal(data, request.Interface()); err != nil {
			return utils.FieldErrors{member: err.Error()}
		}
	}
	return request.Interface().(utils.Validator).Validate()
}

// expect checks that a value of a member is refused, or that it is accepted.
func (p prober) expect(member string, value any, refused bool) {
	p.Helper()
	wrong := p.validate(value, member)
	if got := wrong[member] != ""; got != refused {
		p.Errorf("%s.%s = %.60v: got refused %v (%v), want %v as in the document", p.name, member, value, got, wrong, refused)
	}
}

func (p prober) probe(member string, s bounds) {
	required := slices.Contains(p.schema.Required, member)
	if required && s.Type != "boolean" { // false is a valid value
		p.expect(member, zero(s), true)
	}
	if wrong := p.validate(nil, member); wrong[member] != "" && !required && !conditional[p.name+"."+member] {
		p.Errorf("%s without %s: got %v, want no error, because the document does not require it", p.name, member, wrong)
	}
	switch {
	case s.Type == "string" && s.Enum != nil:
		for _, text := range s.Enum {
			p.expect(member, text, false)
		}
		p.expect(member, "no such "+member, true)
	case s.Type == "string" && s.Pattern != "":
		p.expect(member, "_ no such "+member, true)
	case s.Type == "string" && s.Format == "email":
		p.expect(member, "no address", true)
		p.expect(member, strings.Repeat("a", 60)+"@"+strings.Repeat("example.", 24)+"org", *s.MaxLength < 61+24*8+3)
		p.expect(member, strings.Repeat("a", 60)+"@"+strings.Repeat("example.", 25)+"org", *s.MaxLength < 61+25*8+3)
	case s.Type == "string":
		p.probeLength(member, s)
	case s.Type == "integer" && s.Const == nil:
		if s.Minimum != nil && (required || *s.Minimum != 1) {
			p.expect(member, *s.Minimum-1, true)
			p.expect(member, *s.Minimum, false)
		}
		if s.Maximum != nil {
			p.expect(member, *s.Maximum+1, true)
		}
	case s.Type == "boolean" && s.Const == true:
		p.expect(member, false, true)
	case s.AdditionalProperties != nil && s.AdditionalProperties.MaxLength != nil:
		atMost := *s.AdditionalProperties.MaxLength
		p.expect(member, map[string]any{"en": strings.Repeat("ä", atMost), "fr": "x"}, false)
		p.expect(member, map[string]any{"en": strings.Repeat("ä", atMost+1), "fr": "x"}, true)
		many := map[string]any{}
		for i := range *s.MaxProperties + 1 {
			many["a"+string(rune('a'+i))] = "x"
		}
		p.expect(member, many, true)
	case s.Type == "array" && s.MaxItems != nil:
		p.expect(member, slices.Repeat([]int64{1}, *s.MaxItems), false)
		p.expect(member, slices.Repeat([]int64{1}, *s.MaxItems+1), true)
		p.expect(member, []int64{0}, true)
	}
}

func (p prober) probeLength(member string, s bounds) {
	if s.MinLength != nil && *s.MinLength > 1 {
		p.expect(member, strings.Repeat("ä", *s.MinLength), false)
		p.expect(member, strings.Repeat("ä", *s.MinLength-1), true)
	}
	if s.MaxLength != nil {
		p.expect(member, strings.Repeat("a", *s.MaxLength), false)
		p.expect(member, strings.Repeat("a", *s.MaxLength+1), true)
	} else if !isDate(member) {
		p.expect(member, strings.Repeat("a", 20_000), false)
	}
}

// isDate reports whether a member is a time in one of the forms that its description names.
func isDate(member string) bool {
	return strings.HasSuffix(member, "_date") || strings.HasSuffix(member, "_open") || strings.HasSuffix(member, "_close")
}

func zero(s bounds) any {
	switch s.Type {
	case "string":
		return ""
	case "integer":
		return 0
	case "boolean":
		return false
	case "array":
		return []any{}
	}
	return map[string]any{}
}
