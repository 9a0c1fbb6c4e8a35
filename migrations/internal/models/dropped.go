package models

import (
	"fmt"
	"slices"
	"strings"

	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/schema"
)

// dropped returns what the models' constraint tags say and GORM leaves out, each with the model and the field. GORM
// reads the tag of one side of a relation only where both are declared (schema.Relationship.ParseConstraint), makes no
// key of some relations at all, and does not read the tag of a field that is no relation.
func dropped(parsed []*gormschema.Schema, made schema.Schema) []string {
	var all []string
	for _, s := range parsed {
		for _, f := range s.Fields {
			if _, tagged := f.TagSettings["CONSTRAINT"]; !tagged || f.IgnoreMigration { // maybe by the struct that embeds it
				continue
			}
			tag := gormschema.ParseTagSetting(f.Tag.Get("gorm"), ";")["CONSTRAINT"]
			if tag == "" || tag == "-" {
				continue
			}
			rel := s.Relationships.Relations[f.Name]
			switch {
			case rel != nil && rel.Field == f:
				all = append(all, lost(rel, tag, parsed, made)...)
			case f.DBName != "" && f.Schema == s:
				all = append(all, fmt.Sprintf("%s, field %s: GORM does not read its constraint tag, as it is a column:"+
					" move the tag to the field of the relation", label(s), f.Name))
			}
		}
	}
	return all
}

// lost compares what the tag of a relation asks for with the keys that are made.
func lost(rel *gormschema.Relationship, tag string, parsed []*gormschema.Schema, made schema.Schema) []string {
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
			all = append(all, fmt.Sprintf("%s: GORM makes no foreign key of %s (%s), so that its constraint tag says nothing",
				at, want.table, strings.Join(want.columns, ", ")))
			continue
		}
		k := t.ForeignKeys[n]
		if k.OnDelete != onDelete || k.OnUpdate != onUpdate {
			all = append(all, fmt.Sprintf("%s: GORM makes the foreign key %s without what its constraint tag says (%s),"+
				" as it reads the other side of the relation%s: move the tag there", at, k.Name, tag,
				otherSide(parsed, want.table, k.Name)))
		}
	}
	return all
}

// key is the columns of a table that a relation has a key of.
type key struct {
	table   string
	columns []string
}

// keysOf returns the keys that a relation stands for: two where it has a join table, one for each side.
func keysOf(rel *gormschema.Relationship) []key {
	var own, other key
	for _, ref := range rel.References {
		k := &other
		switch {
		case ref.PrimaryKey == nil: // the value that a polymorphic relation has
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

// otherSide names the field whose tag counts for a key.
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
