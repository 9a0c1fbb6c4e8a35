package models

import (
	"database/sql/driver"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/schema"
)

// checkFields checks tags for the mistakes that GORM reports without naming the field.
func checkFields(t reflect.Type, model string) error {
	for f := range t.Fields() {
		settings := gormschema.ParseTagSetting(f.Tag.Get("gorm"), ";")
		of := f.Type
		for of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		_, embedded := settings["EMBEDDED"]
		var err error
		switch {
		case !f.IsExported(), reflect.PointerTo(of).Implements(reflect.TypeFor[driver.Valuer]()):
		case (f.Anonymous || embedded) && of.Kind() == reflect.Struct:
			if err := checkFields(of, model); err != nil {
				return err
			}
		default:
			err = checkSettings(of.Kind(), settings)
		}
		if err != nil {
			return fmt.Errorf("model %s, field %s: %w", model, f.Name, err)
		}
	}
	return nil
}

func checkSettings(kind reflect.Kind, settings map[string]string) error {
	for _, key := range []string{"JSON", "SERIALIZER"} {
		if name := settings[key]; name != "" {
			if _, ok := gormschema.GetSerializer(name); !ok {
				return fmt.Errorf("unknown serializer %q", name)
			}
			break
		}
	}
	text, ok := settings["DEFAULT"]
	text = strings.TrimSpace(text)
	if !ok || text == "" || strings.EqualFold(text, "null") || strings.Contains(text, "(") && strings.Contains(text, ")") {
		return nil
	}
	if !parses(kind, text) {
		return fmt.Errorf("the default %q is not a valid %s", text, kind)
	}
	return nil
}

// parses reports whether GORM can parse a default.
func parses(kind reflect.Kind, text string) bool {
	var err error
	switch kind {
	case reflect.Bool:
		_, err = strconv.ParseBool(text)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		_, err = strconv.ParseInt(text, 0, 64)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		_, err = strconv.ParseUint(text, 0, 64)
	case reflect.Float32, reflect.Float64:
		_, err = strconv.ParseFloat(text, 64)
	default:
	}
	return err == nil
}

// check checks the tables together: no two may claim the same name, and foreign keys must point at keys.
func check(parsed []*gormschema.Schema, s schema.Schema) error {
	owners := map[string]*gormschema.Schema{}
	for _, p := range parsed {
		t, _ := s.Table(p.Table)
		if len(t.Columns) == 0 {
			return fmt.Errorf("%s has no columns", label(p))
		}
		if err := checkNames(p, t); err != nil {
			return err
		}
		if err := checkColumns(p, t); err != nil {
			return err
		}
		for _, name := range t.IndexNames() {
			if other, taken := owners[name]; taken && other.Table != p.Table {
				return fmt.Errorf("%s and %s both have an index or unique constraint %s: index names are unique in a database",
					label(other), label(p), name)
			}
			owners[name] = p
		}
		if err := checkReferences(p, t, s); err != nil {
			return err
		}
	}
	return nil
}

// checkNames rejects names that PostgreSQL would truncate, as truncated names can collide.
func checkNames(p *gormschema.Schema, t schema.Table) error {
	names := append(t.IndexNames(), strings.Split(t.Name, ".")...)
	for _, c := range t.Columns {
		names = append(names, c.Name)
	}
	for _, c := range t.Checks {
		names = append(names, c.Name)
	}
	for _, k := range t.ForeignKeys {
		names = append(names, k.Name)
	}
	for _, name := range names {
		if len(name) > schema.MaxName {
			return fmt.Errorf("%s: the name %s has %d bytes, and PostgreSQL allows %d: choose a shorter one",
				label(p), name, len(name), schema.MaxName)
		}
	}
	return nil
}

// checkReferences rejects a foreign key to columns that are not unique, as PostgreSQL does.
func checkReferences(p *gormschema.Schema, t schema.Table, s schema.Schema) error {
	for n, k := range t.ForeignKeys {
		if n > 0 && t.ForeignKeys[n-1].Name == k.Name {
			return fmt.Errorf("%s: two foreign keys are named %s", label(p), k.Name)
		}
		target, _ := s.Table(k.RefTable)
		if !target.IsKey(k.RefColumns) {
			return fmt.Errorf("%s: foreign key %s points at %s (%s), which is neither the primary key nor unique",
				label(p), k.Name, k.RefTable, strings.Join(k.RefColumns, ", "))
		}
	}
	return nil
}
