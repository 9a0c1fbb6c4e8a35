package models

import (
	"slices"

	gormschema "gorm.io/gorm/schema"
)

// joinModel returns the listed model that is the join table of a relation although its table has another name, as after
// gorm.DB.SetupJoinTable, which leaves no trace in the models. It is the model whose name is that of the join table,
// apart from plural, prefix and naming strategy, or else the only one whose primary key consists of the columns of the
// join table.
func (c *collection) joinModel(rel *gormschema.Relationship) (*gormschema.Schema, bool) {
	columns := joinColumns(rel)
	name := nameOf(rel.Field.TagSettings["MANY2MANY"])
	var named, keyed []*gormschema.Schema
	for _, s := range c.listed {
		switch {
		case !hasColumns(s, columns):
		case nameOf(s.Name) == name || nameOf(s.Table) == name:
			named = append(named, s)
		case sameColumns(primaryKey(s), columns) && !c.isJoinTable(s):
			keyed = append(keyed, s)
		}
	}
	switch {
	case len(named) == 1:
		return named[0], true
	case len(named) == 0 && len(keyed) == 1 && !c.hasRival(rel, columns):
		return keyed[0], true
	}
	return nil, false
}

// isJoinTable reports whether a model is the join table of a relation by its name.
func (c *collection) isJoinTable(s *gormschema.Schema) bool {
	return slices.ContainsFunc(c.manyToMany, func(rel *gormschema.Relationship) bool {
		name := nameOf(rel.Field.TagSettings["MANY2MANY"])
		return rel.JoinTable.Table == s.Table || nameOf(s.Name) == name || nameOf(s.Table) == name
	})
}

// hasRival reports whether a join table of another name has the same columns, so that it is unclear which of the two a
// model is.
func (c *collection) hasRival(rel *gormschema.Relationship, columns []string) bool {
	name := rel.Field.TagSettings["MANY2MANY"]
	return slices.ContainsFunc(c.manyToMany, func(other *gormschema.Relationship) bool {
		return other.Field.TagSettings["MANY2MANY"] != name && sameColumns(joinColumns(other), columns)
	})
}

// relationsToMany returns the many-to-many relations of models.
func relationsToMany(listed []*gormschema.Schema) []*gormschema.Relationship {
	var all []*gormschema.Relationship
	for _, s := range listed {
		for _, rel := range relations(s) {
			if rel.JoinTable != nil {
				all = append(all, rel)
			}
		}
	}
	return all
}

// nameOf returns the name of a table or type in one form, in the singular.
func nameOf(name string) string {
	plain := gormschema.NamingStrategy{}
	return plain.SchemaName(plain.ColumnName("", name))
}

func joinColumns(rel *gormschema.Relationship) []string {
	var columns []string
	for _, ref := range rel.References {
		columns = append(columns, ref.ForeignKey.DBName)
	}
	return columns
}

func primaryKey(s *gormschema.Schema) []string {
	var columns []string
	for _, f := range s.PrimaryFields {
		columns = append(columns, f.DBName)
	}
	return columns
}

func hasColumns(s *gormschema.Schema, columns []string) bool {
	return !slices.ContainsFunc(columns, func(column string) bool { return s.FieldsByDBName[column] == nil })
}

func sameColumns(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
