package models

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	gormschema "gorm.io/gorm/schema"
)

// parse returns the models as parsed by GORM and, with related, the models and join tables that they need. The result
// does not depend on the order of the models.
func parse(models []any, namer gormschema.Namer, related bool) ([]*gormschema.Schema, error) {
	sources, err := sourcesOf(models)
	if err != nil {
		return nil, err
	}
	cache := new(sync.Map)
	var listed []*gormschema.Schema
	for _, source := range sources {
		s, err := gormschema.ParseWithSpecialTableName(reflect.New(source.of).Interface(), cache, namer, source.table)
		if err != nil {
			return nil, fmt.Errorf("model %s: %w", source, err)
		}
		listed = append(listed, s)
	}
	c := collection{
		byTable: map[string]*gormschema.Schema{}, joined: map[string]*gormschema.Relationship{},
		sharing: map[string][]*gormschema.Schema{}, listed: listed, manyToMany: relationsToMany(listed),
	}
	return c.collect(listed, related)
}

// source is the type of a model, and the name of its table or "" for GORM's.
type source struct {
	of    reflect.Type
	table string
}

// String returns the name of the model, or of its table if the type has none.
func (s source) String() string {
	if s.of.Name() == "" {
		return "of table " + s.table
	}
	return s.of.String()
}

// sourcesOf returns the models without duplicates, sorted by the names of their types: in GORM's parser, one model can
// change the column types of another, so the order matters.
func sourcesOf(models []any) ([]source, error) {
	var sources []source
	for _, m := range models {
		var s source
		if named, ok := m.(Named); ok {
			s.table, m = named.Table, named.Model
		}
		s.of = reflect.TypeOf(m)
		for s.of != nil && (s.of.Kind() == reflect.Pointer || s.of.Kind() == reflect.Slice) {
			s.of = s.of.Elem()
		}
		switch {
		case s.of == nil || s.of.Kind() != reflect.Struct:
			return nil, fmt.Errorf("%T is not a model: a model is a struct", m)
		case s.of.Name() == "" && s.table == "":
			return nil, fmt.Errorf("%T is not a model: it has no name, and so no table", m)
		}
		if err := checkFields(s.of, s.String()); err != nil {
			return nil, err
		}
		sources = append(sources, s)
	}
	key := func(s source) string { return s.of.PkgPath() + " " + s.of.Name() + " " + s.table }
	slices.SortStableFunc(sources, func(a, b source) int { return strings.Compare(key(a), key(b)) })
	return slices.Compact(sources), nil
}

// label returns a parsed model's name for messages.
func label(s *gormschema.Schema) string {
	if s.ModelType.Name() == "" {
		return "table " + s.Table
	}
	return "model " + s.ModelType.String()
}

// collection gathers the schemas that become tables.
type collection struct {
	byTable map[string]*gormschema.Schema
	joined  map[string]*gormschema.Relationship // the relations that define implicit join tables
	sharing map[string][]*gormschema.Schema     // further models of a table

	listed     []*gormschema.Schema
	manyToMany []*gormschema.Relationship // of listed
}

// collect adds the listed models and, with related, their join tables and the models that foreign keys point at, and so
// on, like GORM's Migrator.ReorderModels, even if foreign keys are not made.
func (c *collection) collect(listed []*gormschema.Schema, related bool) ([]*gormschema.Schema, error) {
	for _, s := range listed {
		other, taken := c.byTable[s.Table]
		if !taken {
			c.byTable[s.Table] = s
			continue
		}
		if err := checkShared(other, s); err != nil {
			return nil, err
		}
		c.sharing[s.Table] = append(c.sharing[s.Table], s)
	}
	for pending := listed; related && len(pending) > 0; {
		if err := c.addJoinTables(pending); err != nil {
			return nil, err
		}
		pending = c.addReferenced()
	}
	return c.sorted(), nil
}

// sorted returns the models sorted by table.
func (c *collection) sorted() []*gormschema.Schema {
	var all []*gormschema.Schema
	for _, table := range slices.Sorted(maps.Keys(c.byTable)) {
		all = append(append(all, c.byTable[table]), c.sharing[table]...)
	}
	return all
}

// addReferenced adds the models that foreign keys point at and that are not listed, and returns them.
func (c *collection) addReferenced() []*gormschema.Schema {
	var added []*gormschema.Schema
	for _, s := range c.sorted() {
		for _, k := range constraints(s) {
			target := k.ReferenceSchema
			if _, known := c.byTable[target.Table]; !known {
				c.byTable[target.Table] = target
				added = append(added, target)
			}
		}
	}
	return added
}

// relations returns the relations of a model sorted by name, without those that its tags exclude from migrations.
func relations(s *gormschema.Schema) []*gormschema.Relationship {
	var found []*gormschema.Relationship
	for _, name := range slices.Sorted(maps.Keys(s.Relationships.Relations)) {
		if rel := s.Relationships.Relations[name]; !rel.Field.IgnoreMigration {
			found = append(found, rel)
		}
	}
	return found
}

// constraints returns the foreign keys of a model's own table, as AutoMigrate would create them.
func constraints(s *gormschema.Schema) []*gormschema.Constraint {
	var found []*gormschema.Constraint
	for _, rel := range relations(s) {
		if k := rel.ParseConstraint(); k != nil && k.Schema == s {
			found = append(found, k)
		}
	}
	return found
}
