package models

import (
	"fmt"
	"maps"
	"slices"

	gormschema "gorm.io/gorm/schema"
)

// addJoinTables adds the join tables of the models' many-to-many relations.
func (c *collection) addJoinTables(models []*gormschema.Schema) error {
	for _, s := range models {
		for _, rel := range relations(s) {
			if rel.JoinTable == nil {
				continue
			}
			if err := c.addJoinTable(rel); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *collection) addJoinTable(rel *gormschema.Relationship) error {
	table := rel.JoinTable.Table
	other, implicit := c.joined[table]
	model, known := c.byTable[table]
	if !known {
		model, known = c.joinModel(rel)
	}
	switch {
	case implicit:
		winner, err := preferred(other, rel)
		if err != nil {
			return err
		}
		c.joined[table], c.byTable[table] = winner, winner.JoinTable
	case known:
		return adopt(rel, model)
	default:
		c.joined[table], c.byTable[table] = rel, rel.JoinTable
	}
	return nil
}

// preferred returns which of two relations defines the join table that they share, such as a user's groups and a
// group's users: the one with a constraint tag, else the later one.
func preferred(a, b *gormschema.Relationship) (*gormschema.Relationship, error) {
	first, second := a.Field.TagSettings["CONSTRAINT"], b.Field.TagSettings["CONSTRAINT"]
	switch {
	case first != "" && second != "" && first != second:
		return nil, fmt.Errorf("%s, field %s, and %s, field %s, share the join table %s but differ in the constraint tag",
			label(a.Schema), a.Name, label(b.Schema), b.Name, a.JoinTable.Table)
	case first != "" && second == "":
		return a, nil
	default:
		return b, nil
	}
}

// adopt makes a model the join table of a relation, as gorm.DB.SetupJoinTable does.
func adopt(rel *gormschema.Relationship, model *gormschema.Schema) error {
	for _, ref := range rel.References {
		f := model.LookUpField(ref.ForeignKey.DBName)
		if f == nil {
			return fmt.Errorf("%s, field %s: %s has the join table %s but no column %s",
				label(rel.Schema), rel.Name, label(model), model.Table, ref.ForeignKey.DBName)
		}
		f.DataType, f.GORMDataType = ref.ForeignKey.DataType, ref.ForeignKey.GORMDataType
		if f.Size == 0 {
			f.Size = ref.ForeignKey.Size
		}
		ref.ForeignKey = f
	}
	for _, name := range slices.Sorted(maps.Keys(rel.JoinTable.Relationships.Relations)) {
		side := rel.JoinTable.Relationships.Relations[name]
		if _, own := model.Relationships.Relations[name]; !own && !hasKey(model, side) {
			side.Schema = model
			model.Relationships.Relations[name] = side
		}
	}
	rel.JoinTable = model
	return nil
}

// hasKey reports whether the model already has the foreign key of a side, from one of its own relations or from the
// other side of the join table. GORM would make a redundant one for each name of a relation.
func hasKey(model *gormschema.Schema, side *gormschema.Relationship) bool {
	columns := joinColumns(side)
	return slices.ContainsFunc(constraints(model), func(k *gormschema.Constraint) bool {
		var own []string
		for _, f := range k.ForeignKeys {
			own = append(own, f.DBName)
		}
		return sameColumns(own, columns) && k.ReferenceSchema.Table == side.FieldSchema.Table
	})
}
