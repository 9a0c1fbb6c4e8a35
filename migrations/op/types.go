package op

import "guestlist/migrations/schema"

// Bool is GORM's bool: boolean on PostgreSQL, numeric on SQLite.
func Bool() schema.Type { return schema.Type{Kind: schema.Bool} }

// Int is a signed integer of that many bits.
func Int(bits int) schema.Type { return schema.Type{Kind: schema.Int, Size: bits} }

// Uint is an unsigned integer of that many bits. On PostgreSQL it is the next larger signed type.
func Uint(bits int) schema.Type { return schema.Type{Kind: schema.Uint, Size: bits} }

// Float is a floating-point number of that many bits in Go. It is decimal on PostgreSQL and real on SQLite.
func Float(bits int) schema.Type { return schema.Type{Kind: schema.Float, Size: bits} }

// Decimal is a number of precision digits, scale of them after the decimal point.
func Decimal(precision, scale int) schema.Type {
	return schema.Type{Kind: schema.Float, Precision: precision, Scale: scale}
}

// String is a string of at most size characters.
func String(size int) schema.Type { return schema.Type{Kind: schema.String, Size: size} }

// Text is a string of any length.
func Text() schema.Type { return schema.Type{Kind: schema.String} }

// Time is a point in time. precision, if given, is the number of fractional digits of the seconds.
func Time(precision ...int) schema.Type {
	t := schema.Type{Kind: schema.Time}
	for _, p := range precision {
		t.Precision = p
	}
	return t
}

// Bytes is binary data.
func Bytes() schema.Type { return schema.Type{Kind: schema.Bytes} }

// Type is a column type in SQL, the same on every dialect. It may contain clauses, as in BIGINT NOT NULL DEFAULT 7: NOT
// NULL and DEFAULT then become properties of the column.
func Type(text string) schema.Type { return schema.Type{Kind: schema.Verbatim, SQL: schema.Both(text)} }

// TypeFor is like Type, with a type for each dialect: op.TypeFor(op.Dialects{Postgres: "jsonb", SQLite: "JSON"}).
func TypeFor(texts Dialects) schema.Type { return schema.Type{Kind: schema.Verbatim, SQL: texts} }

// Dialects is a text for each dialect.
type Dialects = schema.SQL

// Expression is an SQL expression, made by Expr or ExprFor.
type Expression schema.SQL

// Expr returns an expression that is the same on every dialect.
func Expr(text string) Expression { return Expression(schema.Both(text)) }

// ExprFor returns an expression with SQL for each dialect.
func ExprFor(texts Dialects) Expression { return Expression(texts) }
