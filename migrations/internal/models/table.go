package models

import (
	"fmt"

	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/schema"
)

// reader turns GORM's schemas into tables.
type reader struct {
	dialects    dialects
	foreignKeys bool // make foreign keys
}

// table returns the table that AutoMigrate would create, with its constraints and indexes.
func (r reader) table(s *gormschema.Schema) (schema.Table, error) {
	t := schema.Table{Name: s.Table, Columns: make([]schema.Column, 0, len(s.DBNames))}
	for _, name := range s.DBNames {
		f := s.FieldsByDBName[name]
		if f.IgnoreMigration || f.DataType == "" {
			continue
		}
		c, err := r.column(f)
		if err != nil {
			return t, fieldError(s, f, err)
		}
		t.Columns = append(t.Columns, c)
	}
	for _, f := range s.PrimaryFields {
		t.PrimaryKey.Columns = append(t.PrimaryKey.Columns, f.DBName)
	}
	var err error
	if t.Indexes, err = indexes(s); err != nil {
		return t, err
	}
	t.Uniques = uniques(s)
	if t.Checks, err = checks(s); err != nil {
		return t, err
	}
	if r.foreignKeys {
		t.ForeignKeys, err = foreignKeys(s)
	}
	return t, err
}

func (r reader) column(f *gormschema.Field) (schema.Column, error) {
	c := schema.Column{Name: f.DBName, NotNull: f.NotNull, Generated: generated(f), Comment: f.Comment}
	var err error
	if c.Type, c.AutoIncrement, err = r.dialects.columnType(f); err != nil {
		return c, err
	}
	if c.Default, err = columnDefault(f); err != nil {
		return c, err
	}
	c = c.SplitClauses()
	if c.Default.Kind == schema.NullDefault { // the same as no default
		c.Default = schema.Default{}
	}
	return c, nil
}

// fieldError adds the model and the field to an error.
func fieldError(s *gormschema.Schema, f *gormschema.Field, err error) error {
	return fmt.Errorf("%s, field %s: %w", label(s), f.Name, err)
}

// hasColumn reports whether the field becomes a column of the model's table.
func hasColumn(s *gormschema.Schema, f *gormschema.Field) bool {
	column, ok := s.FieldsByDBName[f.DBName]
	return ok && !column.IgnoreMigration && column.DataType != ""
}
