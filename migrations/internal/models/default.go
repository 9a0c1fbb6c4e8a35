package models

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
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
		return fromSQL(f.DefaultValue), nil
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

// fromSQL reads a default that GORM takes as SQL: a plain literal is the same on every dialect, anything else is an
// expression.
func fromSQL(text string) schema.Default {
	switch strings.ToLower(text) {
	case "null":
		return schema.Literal(nil)
	case "true", "false":
		return schema.Literal(strings.EqualFold(text, "true"))
	}
	if tokens := schema.Tokens(text); len(tokens) == 1 && tokens[0].Kind == schema.StringToken {
		return schema.Literal(strings.ReplaceAll(strings.Trim(text, "'"), "''", "'"))
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return schema.Literal(n)
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil && number.MatchString(text) {
		return schema.Literal(n)
	}
	return schema.Expression(schema.Both(text))
}

// number is a number in SQL; ParseFloat also takes words such as infinity.
var number = regexp.MustCompile(`^[-+]?[0-9.]+([eE][-+]?[0-9]+)?$`)
