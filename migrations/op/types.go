package op

import "guestlist/migrations/schema"

// Bool is GORM's bool: boolean, numeric on SQLite.
func Bool() schema.Type { return schema.Type{Kind: schema.Bool} }

// Int is a signed integer of N bits.
func Int(bits int) schema.Type { return schema.Type{Kind: schema.Int, Size: bits} }

// Uint is an unsigned integer of N bits; PostgreSQL takes the next larger signed type.
func Uint(bits int) schema.Type { return schema.Type{Kind: schema.Uint, Size: bits} }

// Float is a floating-point number of N bits in Go; the databases take decimal and real for any.
func Float(bits int) schema.Type { return schema.Type{Kind: schema.Float, Size: bits} }

// Decimal is a number of precision digits, scale of them after the point.
func Decimal(precision, scale int) schema.Type {
	return schema.Type{Kind: schema.Float, Precision: precision, Scale: scale}
}

// String is a string of at most size characters.
func String(size int) schema.Type { return schema.Type{Kind: schema.String, Size: size} }

// Text is a string of any length.
func Text() schema.Type { return schema.Type{Kind: schema.String} }

// Time is a point in time, with N digits of a second if N is given.
func Time(precision ...int) schema.Type {
	t := schema.Type{Kind: schema.Time}
	for _, p := range precision {
		t.Precision = p
	}
	return t
}

// Bytes is binary data.
func Bytes() schema.Type { return schema.Type{Kind: schema.Bytes} }

// Type is a column type taken as it is, by every dialect. Of what it says beside the type, as in
// BIGINT NOT NULL DEFAULT 7, NOT NULL and the default are the column's.
func Type(text string) schema.Type { return schema.Type{Kind: schema.Verbatim, SQL: schema.Both(text)} }

// TypeFor is a column type that differs by dialect: op.TypeFor(op.Dialects{Postgres: "jsonb", SQLite: "JSON"}).
func TypeFor(texts Dialects) schema.Type { return schema.Type{Kind: schema.Verbatim, SQL: texts} }

// Dialects is a text for each dialect.
type Dialects = schema.SQL

// Expression is SQL that the database evaluates.
type Expression schema.SQL

// Expr is an expression that every dialect understands.
func Expr(text string) Expression { return Expression(schema.Both(text)) }

// ExprFor is an expression that differs by dialect.
func ExprFor(texts Dialects) Expression { return Expression(texts) }
