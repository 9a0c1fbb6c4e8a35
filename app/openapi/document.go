package openapi

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"guestlist/app/utils"
)

// errorName is the name of the schema for the body of errors.
const errorName = "Error"

// document is an OpenAPI document, with the members that are used.
type document struct {
	OpenAPI    string                     `json:"openapi"`
	Info       info                       `json:"info"`
	Servers    []server                   `json:"servers"`
	Tags       []tag                      `json:"tags"`
	Paths      object[object[*operation]] `json:"paths"`
	Components components                 `json:"components"`
}

type info struct {
	Title       string  `json:"title"`
	Description string  `json:"description"`
	License     license `json:"license"`
	Version     string  `json:"version"`
}

type license struct {
	Name       string `json:"name"`
	Identifier string `json:"identifier"`
}

type server struct {
	URL string `json:"url"`
}

type tag struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

type components struct {
	SecuritySchemes object[securityScheme] `json:"securitySchemes"`
	Schemas         object[*schema]        `json:"schemas"`
	Headers         object[header]         `json:"headers"`
	Responses       object[*response]      `json:"responses"`
}

type securityScheme struct {
	Type         string `json:"type"`
	Scheme       string `json:"scheme"`
	BearerFormat string `json:"bearerFormat"`
	Description  string `json:"description"`
}

// builder builds a document.
type builder struct {
	service    Service
	types      *types
	operations map[string]declaration // by handler
	document   document
}

// declaration is an operation with the name of its feature.
type declaration struct {
	Operation

	feature string
}

// Build returns, as JSON, the document of the routes, whose handlers the features declare. It fails if a route has no
// declaration, a declaration has no route, a type has no schema, or a Describer names an unknown member.
func Build(service Service, routes []Route, features []Feature) ([]byte, error) {
	types, err := newTypes(features)
	if err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	b := &builder{service: service, types: types, operations: map[string]declaration{}}
	err = errors.Join(b.declare(features), b.describe(features))
	if err == nil {
		err = b.route(routes)
	}
	if err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	return marshal(b.document)
}

// declare records the features' declarations of their handlers.
func (b *builder) declare(features []Feature) (err error) {
	for _, feature := range features {
		for _, o := range feature.Operations {
			name := utils.Endpoint(o.Handler)
			if _, twice := b.operations[name]; twice {
				err = errors.Join(err, fmt.Errorf("%s is declared twice", name))
			}
			b.operations[name] = declaration{o, feature.Name}
		}
	}
	return err
}

// describe fills in everything except the routes.
func (b *builder) describe(features []Feature) error {
	schemas, err := b.types.schemas()
	if err != nil {
		return err
	}
	body, err := b.types.structure(reflect.TypeFor[failure](), false)
	if err == nil {
		err = describe(failure{}, &body)
	}
	if err != nil {
		return err
	}
	body.Examples = []any{exampleOf(utils.ErrValidationFailed)}
	schemas.set(errorName, &body)
	b.document = document{
		OpenAPI: "3.1.0",
		Info: info{
			b.service.Title, b.service.Description, license{b.service.License, b.service.License}, b.service.Version,
		},
		Servers: []server{{"/"}},
		Components: components{
			SecuritySchemes: object[securityScheme]{{tokenScheme, securityScheme{
				"http", "bearer", "JWT", "The `token` returned by registering and signing in.",
			}}},
			Schemas: schemas,
			Headers: headers(),
		},
	}
	for _, feature := range features {
		b.document.Tags = append(b.document.Tags, tag{feature.Name, feature.Description})
	}
	return nil
}

// route adds the operations of the routes.
func (b *builder) route(routes []Route) (err error) {
	for _, r := range routes {
		declared, ok := b.operations[r.Endpoint]
		if !ok {
			err = errors.Join(err, fmt.Errorf("%s %s: %s is not declared", r.Method, r.Path, r.Endpoint))
			continue
		}
		o, wrong := b.operation(r, declared)
		if wrong != nil {
			err = errors.Join(err, fmt.Errorf("%s %s: %w", r.Method, r.Path, wrong))
			continue
		}
		path, _ := pathTemplate(r.Path)
		operations, _ := b.document.Paths.find(path)
		operations.set(strings.ToLower(r.Method), o)
		b.document.Paths.set(path, operations)
	}
	used := map[string]bool{}
	for _, r := range routes {
		used[r.Endpoint] = true
	}
	for _, name := range slices.Sorted(maps.Keys(b.operations)) {
		if !used[name] {
			err = errors.Join(err, fmt.Errorf("%s is declared, but has no route", name))
		}
	}
	return err
}

// pathTemplate converts a path of the URL map to the document's form, /invitation/{code}, and returns the names in it.
func pathTemplate(path string) (template string, names []string) {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			parts[i] = "{" + name + "}"
			names = append(names, name)
		}
	}
	return strings.Join(parts, "/"), names
}
