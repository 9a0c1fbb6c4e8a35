package models

import (
	"gorm.io/gorm"

	"guestlist/migrations/schema"
)

// Named is a model under a table name of its own, as gorm.DB.Table gives one.
type Named struct {
	Table string
	Model any
}

// Schema returns the schema that the models describe. Models are structs, pointers to them or Named. The configuration
// is the one that the program opens its database with: its naming strategy, DisableForeignKeyConstraintWhenMigrating
// and IgnoreRelationshipsWhenMigrating count here as they do for AutoMigrate; nil means GORM's defaults. The
// errors name the model and, where there is one, the field.
//
// The names reserved are those of tables that the models cannot have, as the engine keeps its own rows in them.
func Schema(models []any, config *gorm.Config, reserved ...string) (schema.Schema, error) {
	s, _, err := Read(models, config, reserved...)
	return s, err
}

// Read returns the schema that the models describe, as Schema does, and warnings of what they say and GORM leaves out.
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
	for n, p := range parsed { // those that share a table, one after another
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
	s = schema.New(tables...) // with the last of those, which is what all of them say
	if err := check(parsed, s); err != nil {
		return schema.Schema{}, nil, err
	}
	if err := checkRelations(parsed, s, reserved); err != nil {
		return schema.Schema{}, nil, err
	}
	if r.foreignKeys {
		warnings = dropped(parsed, s)
	}
	return s, warnings, nil
}
