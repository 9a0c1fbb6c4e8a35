package models

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/schema"
)

// timeFormat is the format in which GORM writes a time into SQL: gorm.io/gorm/logger, ExplainSQL.
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
		return schema.ParseDefault(f.DefaultValue), checkExpression(f)
	}
}

// keywords are the words that need no quotes or parentheses as a default. PostgreSQL takes any other word for a column.
var keywords = strings.Fields("null true false current_timestamp current_date current_time localtimestamp localtime " +
	"current_user current_role session_user user current_catalog current_schema")

// checkExpression rejects a default that GORM passes on as SQL but no database accepts: text without quotes and, for
// bytes, anything but text or an expression.
func checkExpression(f *gormschema.Field) error {
	tokens := schema.Tokens(strings.TrimSpace(f.DefaultValue))
	has := func(wanted func(t schema.Token) bool) bool { return slices.ContainsFunc(tokens, wanted) }
	computed := has(func(t schema.Token) bool { return t.Kind == schema.StringToken || t.Text == "(" })
	known := len(tokens) == 1 && slices.Contains(keywords, strings.ToLower(tokens[0].Text))
	number := has(func(t schema.Token) bool { return strings.ContainsAny(t.Text[:1], "0123456789") })
	switch {
	case computed, known && (f.DataType != gormschema.Bytes || strings.EqualFold(tokens[0].Text, "null")):
		return nil
	case f.DataType == gormschema.Bytes, len(tokens) == 1 && tokens[0].Kind == schema.WordToken && !number:
		return fmt.Errorf("the default %s is not SQL: put text in single quotes, as in default:'%s'",
			f.DefaultValue, strings.Trim(f.DefaultValue, `"`))
	default:
		return nil
	}
}

var year = regexp.MustCompile(`\d{4}`)

func literal(f *gormschema.Field) (schema.Default, error) {
	at, isTime := f.DefaultValueInterface.(time.Time)
	switch {
	case !isTime:
		return schema.Literal(f.DefaultValueInterface), nil
	case !year.MatchString(f.DefaultValue): // GORM fills in the rest from the clock
		return schema.Default{}, fmt.Errorf("the default %q depends on the current date: write the full date", f.DefaultValue)
	default:
		return schema.Literal(at.Format(timeFormat)), nil
	}
}
