package models

import (
	"gorm.io/gorm"

	"guestlist/migrations/schema"
)

// Named is a model with another table name, as with gorm.DB.Table.
type Named struct {
	Table string
	Model any
}

// Schema returns the schema of the models: structs, pointers to structs or Named. config is the one that the program
// passes to gorm.Open: NamingStrategy, DisableForeignKeyConstraintWhenMigrating and IgnoreRelationshipsWhenMigrating
// have the same effect as in AutoMigrate; nil means GORM's defaults. Errors name the model and, if there is one, the
// field.
//
// reserved are the names of the engine's own tables, which models must not have.
func Schema(models []any, config *gorm.Config, reserved ...string) (schema.Schema, error) {
	s, _, err := Read(models, config, reserved...)
	return s, err
}

// Read returns the schema of the models, like Schema, and warnings about tags that GORM ignores.
func Read(models []any, config *gorm.Config, reserved ...string) (s schema.Schema, warnings []string, err error) {
	if config == nil {
		config = &gorm.Config{}
	}
	naming := namer(config)
	parsed, err := parse(models, naming, !config.IgnoreRelationshipsWhenMigrating)
	if err != nil {
		return schema.Schema{}, nil, err
	}
	r := reader{
		dialects:    newDialects(naming),
		foreignKeys: !config.DisableForeignKeyConstraintWhenMigrating && !config.IgnoreRelationshipsWhenMigrating,
	}
	tables := make([]schema.Table, 0, len(parsed))
	for n, p := range parsed { // models that share a table are adjacent
		t, err := r.table(p)
		if err != nil {
			return schema.Schema{}, nil, err
		}
		if n > 0 && parsed[n-1].Table == t.Name {
			if t, err = merge(tables[n-1], t, parsed[n-1], p); err != nil {
				return schema.Schema{}, nil, err
			}
		}
		tables = append(tables, t)
	}
	s = schema.New(tables...) // New keeps the last of tables that share a name, which is merged from all
	if err := check(parsed, s); err != nil {
		return schema.Schema{}, nil, err
	}
	if err := checkRelations(parsed, s, reserved); err != nil {
		return schema.Schema{}, nil, err
	}
	if r.foreignKeys {
		warnings = ignoredTags(parsed, s)
	}
	return s, warnings, nil
}
