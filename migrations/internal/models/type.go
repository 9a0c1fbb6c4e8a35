package models

import (
	"strings"

	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/schema"
)

// columnType returns the portable type of a field, and whether its column is auto-incremented.
func (d dialects) columnType(f *gormschema.Field) (t schema.Type, autoIncrement bool, err error) {
	texts, autoIncrement, err := d.texts(f)
	if err != nil {
		return schema.Type{}, false, err
	}
	if t := portable(f); t.For(schema.Postgres) == texts.Postgres && t.For(schema.SQLite) == texts.SQLite {
		return t, autoIncrement, nil
	}
	return schema.Type{Kind: schema.Verbatim, SQL: texts}, autoIncrement, nil
}

// texts returns the column types of the dialects, without auto-increment.
func (d dialects) texts(f *gormschema.Field) (texts schema.SQL, autoIncrement bool, err error) {
	if texts.Postgres, err = d.postgres.custom(f); err != nil {
		return texts, false, err
	}
	if texts.SQLite, err = d.sqlite.custom(f); err != nil {
		return texts, false, err
	}
	autoIncrement = f.AutoIncrement && texts.Postgres == ""
	if texts.Postgres == "" {
		texts.Postgres = d.postgres.DataTypeOf(f)
		if isGenerated(f) {
			texts.Postgres, _, _ = strings.Cut(texts.Postgres, " GENERATED ")
		}
		// A serial type named in the tag implies auto-increment.
		if named := strings.Contains(strings.ToLower(string(f.DataType)), "serial"); named {
			autoIncrement = false
		} else if base, ok := schema.SerialBase(texts.Postgres); autoIncrement && ok {
			texts.Postgres = base
		}
	}
	if texts.SQLite == "" {
		if autoIncrement {
			plain := *f
			plain.AutoIncrement = false
			f = &plain
		}
		texts.SQLite = d.sqlite.DataTypeOf(f)
	}
	return texts, autoIncrement, nil
}

// portable returns GORM's data type of the field, which is its type unless a dialect writes another.
func portable(f *gormschema.Field) schema.Type {
	switch f.DataType {
	case gormschema.Int:
		return schema.Type{Kind: schema.Int, Size: max(f.Size, 8)}
	case gormschema.Uint:
		return schema.Type{Kind: schema.Uint, Size: max(f.Size, 8)}
	case gormschema.Float:
		if f.Precision > 0 {
			return schema.Type{Kind: schema.Float, Precision: f.Precision, Scale: max(f.Scale, 0)}
		}
		return schema.Type{Kind: schema.Float, Size: max(f.Size, 0)}
	case gormschema.String:
		if sized := (schema.Type{Kind: schema.String, Size: f.Size}); sized.For(schema.Postgres) != "text" {
			return sized
		}
		return schema.Type{Kind: schema.String}
	case gormschema.Time:
		return schema.Type{Kind: schema.Time, Precision: max(f.Precision, 0)}
	case gormschema.Bool, gormschema.Bytes:
		return schema.Type{Kind: schema.Kind(f.DataType)}
	default:
		return schema.Type{Kind: schema.Verbatim}
	}
}

// generated returns the field's generated tag, or "" for one that GORM's PostgreSQL dialector ignores.
func generated(f *gormschema.Field) string {
	value := strings.TrimSpace(f.TagSettings["GENERATED"])
	if value == "GENERATED" {
		return ""
	}
	return value
}

// isGenerated reports whether the field has a generated tag that GORM's PostgreSQL dialector uses.
func isGenerated(f *gormschema.Field) bool { return generated(f) != "" }
