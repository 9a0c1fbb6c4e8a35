package models

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/migrator"
	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/internal/sqlite"
	"guestlist/migrations/schema"
)

// dialect is one of GORM's dialectors. It is used for types only, without a connection.
type dialect struct {
	gorm.Dialector

	// db is the argument of a model's GormDBDataType. It has the dialector, and no connection.
	db *gorm.DB
}

// dialects are the supported dialects.
type dialects struct{ postgres, sqlite dialect }

func newDialects(namer gormschema.Namer) dialects {
	return dialects{
		postgres: newDialect(postgres.Dialector{Config: &postgres.Config{}}, namer),
		sqlite:   newDialect(sqlite.Dialector{}, namer),
	}
}

func newDialect(d gorm.Dialector, namer gormschema.Namer) dialect {
	db := &gorm.DB{Config: &gorm.Config{Dialector: d, NamingStrategy: namer, Logger: logger.Discard, DryRun: true}}
	db.Statement = &gorm.Statement{DB: db, Context: context.Background(), Clauses: map[string]clause.Clause{}}
	return dialect{Dialector: d, db: db}
}

// custom returns the column type that the field's Go type declares for this dialect, or "".
func (d dialect) custom(f *gormschema.Field) (text string, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("GormDBDataType of %s panics without a database: %v", f.IndirectFieldType, panicked)
		}
	}()
	typed, ok := reflect.TypeAssert[migrator.GormDataTypeInterface](reflect.New(f.IndirectFieldType))
	if !ok {
		return "", nil
	}
	text = typed.GormDBDataType(d.db, f)
	if d.Name() == string(schema.Postgres) && !strings.ContainsAny(text, `"'`) {
		text = strings.ToLower(text) // case does not matter without quotes
	}
	return text, nil
}
