package models

import (
	"fmt"
	"regexp"
	"time"

	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/schema"
)

// timeFormat is how GORM writes a time into SQL: gorm.io/gorm/logger, ExplainSQL.
const timeFormat = "2006-01-02 15:04:05.999"

// columnDefault returns the default of a field as gorm.io/gorm/migrator, FullDataTypeOf, writes it.
func columnDefault(f *gormschema.Field) (schema.Default, error) {
	switch {
	case !f.HasDefaultValue:
		return schema.Default{}, nil
	case f.DefaultValueInterface != nil:
		return literal(f)
	case f.DefaultValue == "", f.DefaultValue == "(-)":
		return schema.Default{}, nil
	default:
		return schema.ParseDefault(f.DefaultValue), nil
	}
}

var year = regexp.MustCompile(`\d{4}`)

func literal(f *gormschema.Field) (schema.Default, error) {
	at, isTime := f.DefaultValueInterface.(time.Time)
	switch {
	case !isTime:
		return schema.Literal(f.DefaultValueInterface), nil
	case !year.MatchString(f.DefaultValue): // GORM fills in the rest from the clock
		return schema.Default{}, fmt.Errorf("the default %q is another one each day: name the whole date", f.DefaultValue)
	default:
		return schema.Literal(at.Format(timeFormat)), nil
	}
}
