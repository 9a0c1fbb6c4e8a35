package schema

import (
	"fmt"
	"strconv"
)

// Kind is one of GORM's data types, or Verbatim.
type Kind string

// The kinds are GORM's data types, by GORM's names, and Verbatim for a type written in SQL.
const (
	Bool     Kind = "bool"
	Int      Kind = "int"
	Uint     Kind = "uint"
	Float    Kind = "float"
	String   Kind = "string"
	Time     Kind = "time"
	Bytes    Kind = "bytes"
	Verbatim Kind = "verbatim"
)

// Type is the portable type of a column. It becomes the same column type that GORM's dialector writes, so that the
// history builds the schema that AutoMigrate would.
type Type struct {
	Kind Kind
	// Size is in bits for numbers and in characters for strings; 0 means not given.
	Size int
	// Precision and Scale are the decimal digits of a Float. For a Time, Precision is the digits of a second.
	Precision int
	Scale     int
	// SQL is the column type of a Verbatim.
	SQL SQL
}

// maxVarchar is the longest varchar that GORM's PostgreSQL dialector writes. A longer string is a text.
const maxVarchar = 10485760

// For returns the column type as GORM's dialector writes it for a column without AUTOINCREMENT.
func (t Type) For(d Dialect) string {
	if t.Kind == Verbatim {
		return t.SQL.For(d)
	}
	if d == SQLite {
		return t.sqlite()
	}
	return t.postgres()
}

// sqlite follows gorm.io/driver/sqlite, Dialector.DataTypeOf.
func (t Type) sqlite() string {
	switch t.Kind {
	case Bool:
		return "numeric"
	case Int, Uint:
		return "integer"
	case Float:
		return "real"
	case String:
		return "text"
	case Time:
		return "datetime"
	default:
		return "blob"
	}
}

// postgres follows gorm.io/driver/postgres, Dialector.DataTypeOf.
func (t Type) postgres() string {
	switch t.Kind {
	case Bool:
		return "boolean"
	case Int, Uint:
		return t.postgresInt()
	case Float:
		return t.postgresFloat()
	case String:
		if t.Size > 0 && t.Size <= maxVarchar {
			return fmt.Sprintf("varchar(%d)", t.Size)
		}
		return "text"
	case Time:
		if t.Precision > 0 {
			return fmt.Sprintf("timestamptz(%d)", t.Precision)
		}
		return "timestamptz"
	default:
		return "bytea"
	}
}

// postgresInt adds a bit to an unsigned number, since PostgreSQL's integers are signed.
func (t Type) postgresInt() string {
	size := t.Size
	if t.Kind == Uint {
		size++
	}
	switch {
	case size <= 16:
		return "smallint"
	case size <= 32:
		return "integer"
	default:
		return "bigint"
	}
}

func (t Type) postgresFloat() string {
	switch {
	case t.Precision > 0 && t.Scale > 0:
		return fmt.Sprintf("numeric(%d, %d)", t.Precision, t.Scale)
	case t.Precision > 0:
		return fmt.Sprintf("numeric(%d)", t.Precision)
	default:
		return "decimal"
	}
}

// Normal returns the type as a Verbatim of the column types it becomes: types that no dialect tells apart are equal.
func (t Type) Normal() Type {
	return Type{Kind: Verbatim, SQL: SQL{Postgres: NormalText(t.For(Postgres)), SQLite: NormalText(t.For(SQLite))}}
}

// Equal reports whether the two types become the same column type on every dialect.
func (t Type) Equal(other Type) bool { return t.Normal() == other.Normal() }

// String returns a short description: string(32), decimal(10,2), time(3), jsonb.
func (t Type) String() string {
	switch {
	case t.Kind == Verbatim:
		return t.SQL.String()
	case t.Kind == String && t.Size == 0:
		return "text"
	case t.Kind == Float && t.Precision > 0:
		return fmt.Sprintf("decimal(%d,%d)", t.Precision, t.Scale)
	case t.Kind == Time && t.Precision > 0:
		return "time(" + strconv.Itoa(t.Precision) + ")"
	case t.Kind == Bool, t.Kind == Time, t.Kind == Bytes, t.Size == 0:
		return string(t.Kind)
	default:
		return string(t.Kind) + "(" + strconv.Itoa(t.Size) + ")"
	}
}
