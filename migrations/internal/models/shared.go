package models

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gorm.io/gorm"
	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/schema"
)

// checkShared checks that two models may share a table: both embed the same struct, or one embeds the other. gorm.Model
// does not suffice, unless both models name the table themselves.
func checkShared(a, b *gormschema.Schema) error {
	own := embedded(a.ModelType)
	common := slices.DeleteFunc(embedded(b.ModelType), func(t reflect.Type) bool { return !slices.Contains(own, t) })
	onlyModel := !slices.ContainsFunc(common, func(t reflect.Type) bool { return t != reflect.TypeFor[gorm.Model]() })
	if len(common) == 0 || onlyModel && (!namesTable(a) || !namesTable(b)) {
		return fmt.Errorf("%s and %s both have table %s: rename one, or embed the shared struct in both",
			label(a), label(b), a.Table)
	}
	return nil
}

// embedded returns the struct and all structs that it embeds.
func embedded(t reflect.Type) []reflect.Type {
	all := []reflect.Type{t}
	for f := range t.Fields() {
		of := f.Type
		if of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		_, tagged := gormschema.ParseTagSetting(f.Tag.Get("gorm"), ";")["EMBEDDED"]
		if of.Kind() == reflect.Struct && f.IsExported() && (f.Anonymous || tagged) {
			all = append(all, embedded(of)...)
		}
	}
	return all
}

// namesTable reports whether a model names its table.
func namesTable(s *gormschema.Schema) bool {
	_, names := reflect.TypeAssert[gormschema.Tabler](reflect.New(s.ModelType))
	return names
}

// merge returns the table of two models, as AutoMigrate creates it from one and extends it for the other. A column,
// index or constraint that they define differently is an error: AutoMigrate would use the first or the last definition.
func merge(first, second schema.Table, a, b *gormschema.Schema) (schema.Table, error) {
	var m merging
	t := schema.Table{Name: first.Name, PrimaryKey: first.PrimaryKey, Comment: first.Comment}
	if !reflect.DeepEqual(first.PrimaryKey, second.PrimaryKey) {
		m.differs = "primary key"
	}
	t.Columns = merged(&m, "column ", first.Columns, second.Columns, func(c schema.Column) string { return c.Name })
	t.Indexes = merged(&m, "index ", first.Indexes, second.Indexes, func(i schema.Index) string { return i.Name })
	t.Uniques = merged(&m, "unique constraint ", first.Uniques, second.Uniques,
		func(u schema.Unique) string { return u.Name })
	t.Checks = merged(&m, "check ", first.Checks, second.Checks, func(c schema.Check) string { return c.Name })
	t.ForeignKeys = merged(&m, "foreign key ", first.ForeignKeys, second.ForeignKeys,
		func(k schema.ForeignKey) string { return k.Name })
	if m.differs != "" {
		return t, fmt.Errorf("%s and %s both have table %s but differ in %s: make it the same in both",
			label(a), label(b), t.Name, m.differs)
	}
	slices.SortFunc(t.Indexes, func(a, b schema.Index) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(t.Uniques, func(a, b schema.Unique) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(t.Checks, func(a, b schema.Check) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(t.ForeignKeys, func(a, b schema.ForeignKey) int { return strings.Compare(a.Name, b.Name) })
	return t, nil
}

// merging records the first difference between two models.
type merging struct{ differs string }

func merged[T any](m *merging, noun string, first, second []T, name func(T) string) []T {
	all := slices.Clone(first)
	for _, s := range second {
		n := slices.IndexFunc(first, func(f T) bool { return name(f) == name(s) })
		switch {
		case n < 0:
			all = append(all, s)
		case !reflect.DeepEqual(first[n], s) && m.differs == "":
			m.differs = noun + name(s)
		}
	}
	return all
}
