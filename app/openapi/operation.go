package openapi

import (
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"guestlist/app/utils"
)

const (
	tokenScheme = "token"
	mediaJSON   = "application/json"
	mediaForm   = "application/x-www-form-urlencoded"
	mediaHTML   = "text/html"
	mediaCSV    = "text/csv"
	mediaXLSX   = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

type operation struct {
	Tags        []string              `json:"tags"`
	Summary     string                `json:"summary"`
	Description string                `json:"description,omitempty"`
	OperationID string                `json:"operationId"`
	Parameters  []parameter           `json:"parameters,omitempty"`
	RequestBody *requestBody          `json:"requestBody,omitempty"`
	Responses   object[*response]     `json:"responses"`
	Security    []map[string][]string `json:"security"`
}

type parameter struct {
	Name        string `json:"name"`
	In          string `json:"in"`
	Description string `json:"description,omitempty"`
	Required    bool   `json:"required,omitempty"`
	Schema      schema `json:"schema"`
	Example     any    `json:"example,omitempty"`
}

type requestBody struct {
	Description string            `json:"description,omitempty"`
	Required    bool              `json:"required,omitempty"`
	Content     object[mediaType] `json:"content"`
}

type mediaType struct {
	Schema   schema                `json:"schema"`
	Example  any                   `json:"example,omitempty"`
	Examples object[exampleObject] `json:"examples,omitempty"`
}

type exampleObject struct {
	Value any `json:"value"`
}

// operation returns the operation of a route.
func (b *builder) operation(r Route, d declaration) (*operation, error) {
	o := &operation{
		Tags: []string{d.feature}, Summary: d.Summary, Description: paragraphs(d.Description, r.Access, r.Limit),
		OperationID: operationID(r.Endpoint), Security: []map[string][]string{},
	}
	if r.Token {
		o.Security = append(o.Security, map[string][]string{tokenScheme: {}})
	}
	var err error
	if o.Parameters, err = b.parameters(r, d); err != nil {
		return nil, err
	}
	if o.RequestBody, err = b.requestBody(d); err != nil {
		return nil, err
	}
	o.Responses, err = b.responses(r, d)
	return o, err
}

// operationID returns the name of an operation for generated clients: usersRegister for users.Register.
func operationID(endpoint string) string {
	pkg, handler, _ := strings.Cut(endpoint, ".")
	return pkg + string(unicode.ToUpper(rune(handler[0]))) + handler[1:]
}

func paragraphs(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(text string) bool { return text == "" }), "\n\n")
}

// parameters returns the parameters in the path, the query and the headers.
func (b *builder) parameters(r Route, d declaration) (all []parameter, err error) {
	_, names := pathTemplate(r.Path)
	for _, name := range names {
		inPath := func(p Parameter) bool { return p.In == InPath && p.Name == name }
		switch {
		case slices.ContainsFunc(d.Parameters, inPath):
		case name == "code":
			d.Parameters = append(slices.Clip(d.Parameters), Parameter{
				In: InPath, Name: name, Description: "The code in the mailed link.", Example: ExampleCode,
			})
		default:
			return nil, fmt.Errorf("the parameter :%s in the path is not declared", name)
		}
	}
	for _, p := range d.Parameters {
		declared, err := b.parameter(p)
		if err != nil {
			return nil, err
		}
		all = append(all, declared)
	}
	if d.Query == nil {
		return all, nil
	}
	query, err := b.query(d)
	return append(all, query...), err
}

// query returns the parameters described by a struct.
func (b *builder) query(d declaration) (all []parameter, err error) {
	query, err := b.types.structure(reflect.TypeOf(d.Query), true)
	if err == nil {
		err = describe(d.Query, &query)
	}
	if err != nil {
		return nil, fmt.Errorf("the query: %w", err)
	}
	for _, f := range fields(reflect.TypeOf(d.Query)) {
		s, _ := query.Properties.find(f.name)
		if !s.scalar() { // only for bodies
			continue
		}
		p := parameter{
			Name: f.name, In: "query", Schema: *s, Description: s.Description,
			Required: slices.Contains(query.Required, f.name) && d.Body == nil, // else it may be in the body
		}
		p.Schema.Description = ""
		if v := reflect.ValueOf(d.Query).FieldByIndex(f.index); !v.IsZero() {
			p.Example = v.Interface()
		}
		all = append(all, p)
	}
	return all, nil
}

// ExampleCode is an example of a code in a mailed link.
const ExampleCode = "yZ3XqkPv0bTn8sWm"

func (b *builder) parameter(p Parameter) (parameter, error) {
	s, err := b.types.of(reflect.TypeOf(p.Example))
	if err != nil {
		return parameter{}, fmt.Errorf("the parameter %s: %w", p.Name, err)
	}
	if s.Type == "integer" {
		s.Minimum = new(int64(1))
	}
	if p.MaxLength > 0 {
		s.MaxLength = &p.MaxLength
	}
	if p.Pattern != nil {
		s.Pattern = p.Pattern.String()
	}
	return parameter{p.Name, p.In, p.Description, p.In == InPath, s, p.Example}, nil
}

// requestBody returns the body of an operation, as JSON and, if possible, as a form.
func (b *builder) requestBody(d declaration) (*requestBody, error) {
	if d.Body == nil {
		return nil, nil //nolint:nilnil // no body
	}
	reference, err := b.types.of(reflect.TypeOf(d.Body))
	if err != nil {
		return nil, err
	}
	named, ok := b.document.Components.Schemas.find(strings.TrimPrefix(reference.Ref, schemaPath))
	if !ok {
		return nil, fmt.Errorf("the body, %T, is not declared as a Request", d.Body)
	}
	body := &requestBody{Required: !d.Optional, Content: object[mediaType]{{mediaJSON, mediaType{Schema: reference}}}}
	if d.Optional {
		body.Description = "Members in the query can be omitted."
	}
	if form, same, can := named.asForm(); can && !d.JSONOnly {
		if same {
			form = reference
		}
		body.Content.set(mediaForm, mediaType{Schema: form})
	}
	if d.Table != "" {
		body.Content.set(mediaCSV, mediaType{Schema: schema{Type: "string"}, Example: d.Table})
		body.Content.set(mediaXLSX, mediaType{Schema: schema{Type: "string", Format: "binary"}})
	}
	return body, nil
}

const schemaPath = "#/components/schemas/"

// responses returns the declared responses of a route and the errors that follow from the declaration.
func (b *builder) responses(r Route, d declaration) (object[*response], error) {
	found := map[int]*response{}
	for _, declared := range d.Responses {
		if found[declared.Status] != nil {
			return nil, fmt.Errorf("%d is declared twice", declared.Status)
		}
		described, err := b.response(declared)
		if err != nil {
			return nil, err
		}
		found[declared.Status] = described
	}
	errs := slices.Concat(b.service.Errors, r.Errors, d.Errors, implied(d))
	failures := byStatus(errs)
	for _, status := range slices.Sorted(maps.Keys(failures)) {
		of := failures[status]
		if declared := found[status]; declared != nil {
			declared.addErrors(of, r.Page)
		} else {
			found[status] = b.shared(of, r.Page)
		}
	}
	var all object[*response]
	for _, status := range slices.Sorted(maps.Keys(found)) {
		all.set(strconv.Itoa(status), found[status])
	}
	return all, nil
}

// implied returns the errors of decoding a query and a body.
func implied(d declaration) (errs []*utils.Error) {
	if d.Query != nil || d.Body != nil {
		errs = append(errs, utils.ErrValidationFailed)
	}
	if d.Body != nil {
		errs = append(errs, utils.ErrInvalidJSON, utils.ErrInvalidText, utils.ErrDuplicateKey, utils.ErrRequestTimeout,
			utils.ErrBodyTooLarge, utils.ErrUnsupportedMedia)
		if !d.JSONOnly {
			errs = append(errs, utils.ErrInvalidForm)
		}
	}
	return errs
}

// response returns the description of a declared response.
func (b *builder) response(r Response) (*response, error) {
	result := &response{Description: r.Description, Headers: headersOf(r.Headers...)}
	if r.Status == http.StatusSeeOther {
		result.Headers.set("Location", reference(headerPath+"Location"))
	}
	if r.Page {
		r.Media = append(r.Media, mediaHTML)
	}
	for _, media := range r.Media {
		result.Content.set(media, mediaType{Schema: schema{Type: "string"}})
	}
	if r.Body != nil {
		s, err := b.bodyOf(r.Body)
		if err != nil {
			return nil, err
		}
		result.Content.set(mediaJSON, mediaType{Schema: s})
	}
	if r.Table != "" {
		result.Content.set(mediaCSV, mediaType{Schema: schema{Type: "string"}, Example: r.Table})
		result.Content.set(mediaXLSX, mediaType{Schema: schema{Type: "string", Format: "binary"}})
	}
	return result, nil
}

func (b *builder) bodyOf(body any) (schema, error) {
	if text, ok := body.(Literal); ok {
		return schema{Type: "string", Const: string(text)}, nil
	}
	return b.types.of(reflect.TypeOf(body))
}
