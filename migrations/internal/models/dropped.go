package models

import (
	"fmt"
	"slices"
	"strings"

	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/schema"
)

// ignoredTags returns warnings about constraint tags that GORM ignores, each with the model and the field. If both
// sides of a relation are declared, GORM reads the tag of one side only (schema.Relationship.ParseConstraint); it makes
// no foreign key for some relations, and does not read the tag of a field that is not a relation.
func ignoredTags(parsed []*gormschema.Schema, made schema.Schema) []string {
	var all []string
	for _, s := range parsed {
		for _, f := range s.Fields {
			if _, tagged := f.TagSettings["CONSTRAINT"]; !tagged || f.IgnoreMigration { // perhaps in the struct that embeds it
				continue
			}
			tag := gormschema.ParseTagSetting(f.Tag.Get("gorm"), ";")["CONSTRAINT"]
			if tag == "" || tag == "-" {
				continue
			}
			rel := s.Relationships.Relations[f.Name]
			switch {
			case rel != nil && rel.Field == f:
				all = append(all, ignoredActions(rel, tag, parsed, made)...)
			case f.DBName != "" && f.Schema == s:
				all = append(all, fmt.Sprintf("%s, field %s: GORM does not read its constraint tag, as it is a column:"+
					" move the tag to the field of the relation", label(s), f.Name))
			}
		}
	}
	return all
}

// ignoredActions compares the actions in the tag of a relation with the foreign keys that are made.
func ignoredActions(rel *gormschema.Relationship, tag string, parsed []*gormschema.Schema,
	made schema.Schema) []string {
	settings := gormschema.ParseTagSetting(tag, ",")
	onDelete, onUpdate := strings.ToUpper(settings["ONDELETE"]), strings.ToUpper(settings["ONUPDATE"])
	if onDelete == "" && onUpdate == "" {
		return nil
	}
	at := label(rel.Schema) + ", field " + rel.Field.Name
	var all []string
	for _, want := range keysOf(rel) {
		t, _ := made.Table(want.table)
		n := slices.IndexFunc(t.ForeignKeys, func(k schema.ForeignKey) bool { return slices.Equal(k.Columns, want.columns) })
		if n < 0 {
			all = append(all, fmt.Sprintf("%s: GORM makes no foreign key for %s (%s), so its constraint tag has no effect",
				at, want.table, strings.Join(want.columns, ", ")))
			continue
		}
		k := t.ForeignKeys[n]
		if k.OnDelete != onDelete || k.OnUpdate != onUpdate {
			all = append(all,
				fmt.Sprintf("%s: GORM makes the foreign key %s without its constraint tag (%s), as it reads the tag of the"+
					" other side of the relation%s: move the tag there", at, k.Name, tag,
					otherSide(parsed, want.table, k.Name)))
		}
	}
	return all
}

// key is a table and the columns of a foreign key in it.
type key struct {
	table   string
	columns []string
}

// keysOf returns the foreign keys of a relation: one, or two in a join table.
func keysOf(rel *gormschema.Relationship) []key {
	var own, other key
	for _, ref := range rel.References {
		k := &other
		switch {
		case ref.PrimaryKey == nil: // the value of a polymorphic relation
			continue
		case rel.JoinTable != nil:
			if ref.OwnPrimaryKey {
				k = &own
			}
			k.table = rel.JoinTable.Table
		default:
			k.table = ref.ForeignKey.Schema.Table
		}
		k.columns = append(k.columns, ref.ForeignKey.DBName)
	}
	return slices.DeleteFunc([]key{own, other}, func(k key) bool { return k.table == "" })
}

// otherSide returns the field whose tag GORM reads for a foreign key, as ", model …, field …", or "".
func otherSide(parsed []*gormschema.Schema, table, name string) string {
	for _, s := range parsed {
		if s.Table != table {
			continue
		}
		for _, k := range constraints(s) {
			if k.Name == name {
				return ", " + label(k.Field.Schema) + ", field " + k.Field.Name
			}
		}
	}
	return ""
}
