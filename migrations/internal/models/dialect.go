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

// dialect is a dialector of GORM's that is asked for types and never for a connection.
type dialect struct {
	gorm.Dialector

	// db is what a model's GormDBDataType is given: enough to tell the dialect by.
	db *gorm.DB
}

// dialects are those the engine writes for.
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

// custom returns the type that the field's Go type asks for on this dialect; empty if it does not care.
func (d dialect) custom(f *gormschema.Field) (text string, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("GormDBDataType of %s panics without a database: %v", f.IndirectFieldType, fault)
		}
	}()
	typed, ok := reflect.TypeAssert[migrator.GormDataTypeInterface](reflect.New(f.IndirectFieldType))
	if !ok {
		return "", nil
	}
	text = typed.GormDBDataType(d.db, f)
	if d.Name() == string(schema.Postgres) && !strings.ContainsAny(text, `"'`) {
		text = strings.ToLower(text) // as people write it; case says nothing there
	}
	return text, nil
}
