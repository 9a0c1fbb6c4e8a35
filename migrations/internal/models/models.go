package models

import (
	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/schema"
)

// Named is a model under a table name of its own, as gorm.DB.Table gives one.
type Named struct {
	Table string
	Model any
}

// Schema returns the schema that the models describe. Models are structs, pointers to them
// or Named; a nil namer stands for GORM's own naming strategy. The errors name the model and, where there is one, the
// field.
func Schema(models []any, namer gormschema.Namer) (schema.Schema, error) {
	if namer == nil {
		namer = gormschema.NamingStrategy{IdentifierMaxLength: schema.MaxName}
	}
	parsed, err := parse(models, namer)
	if err != nil {
		return schema.Schema{}, err
	}
	r := reader{dialects: newDialects(namer)}
	var s schema.Schema
	for _, p := range parsed {
		t, err := r.table(p)
		if err != nil {
			return schema.Schema{}, err
		}
		s = s.With(t)
	}
	return s, check(parsed, s)
}
