package models

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/schema"
)

// uniques returns the unique constraints of a model, sorted by name.
func uniques(s *gormschema.Schema) []schema.Unique {
	parsed := s.ParseUniqueConstraints()
	var all []schema.Unique
	for _, name := range slices.Sorted(maps.Keys(parsed)) {
		if f := parsed[name].Field; hasColumn(s, f) {
			all = append(all, schema.Unique{Name: name, Columns: []string{f.DBName}})
		}
	}
	return all
}

// checks returns the check constraints of a model, sorted by name. Two of the same name are an error: GORM would keep
// an arbitrary one.
func checks(s *gormschema.Schema) ([]schema.Check, error) {
	parsed := s.ParseCheckConstraints()
	tagged := 0
	for _, f := range s.FieldsByDBName {
		if f.TagSettings["CHECK"] != "" {
			tagged++
		}
	}
	if tagged > len(parsed) {
		return nil, fmt.Errorf("%s: two check constraints have the same name", label(s))
	}
	var all []schema.Check
	for _, name := range slices.Sorted(maps.Keys(parsed)) {
		all = append(all, schema.Check{Name: name, Expression: parsed[name].Constraint})
	}
	return all, nil
}

// foreignKeys returns the foreign keys of a model's table, sorted by name.
func foreignKeys(s *gormschema.Schema) ([]schema.ForeignKey, error) {
	var all []schema.ForeignKey
	for _, parsed := range constraints(s) {
		k, err := foreignKey(s, parsed)
		if err != nil {
			return nil, err
		}
		all = append(all, k)
	}
	slices.SortFunc(all, func(a, b schema.ForeignKey) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

func foreignKey(s *gormschema.Schema, parsed *gormschema.Constraint) (schema.ForeignKey, error) {
	k := schema.ForeignKey{
		Name: parsed.Name, RefTable: parsed.ReferenceSchema.Table,
		OnDelete: strings.ToUpper(parsed.OnDelete), OnUpdate: strings.ToUpper(parsed.OnUpdate),
	}
	for n, f := range parsed.ForeignKeys {
		ref := parsed.References[n]
		if !hasColumn(s, f) || !hasColumn(parsed.ReferenceSchema, ref) {
			return k, fieldError(s, parsed.Field, fmt.Errorf("foreign key %s uses a field that is not a column", parsed.Name))
		}
		k.Columns = append(k.Columns, f.DBName)
		k.RefColumns = append(k.RefColumns, ref.DBName)
	}
	return k, nil
}
