package schema

import (
	"strings"
	"unicode/utf8"
)

// MaxName is the maximum length of a name in bytes: PostgreSQL's NAMEDATALEN - 1. PostgreSQL truncates longer names
// without an error; SQLite has no limit.
const MaxName = 63

// Family returns the kind of values of a PostgreSQL column type: Bool, Int, Float, String, Time or Bytes, and "" for
// other types. PostgreSQL converts between the types of a family implicitly, and compares them in a foreign key.
func Family(columnType string) Kind {
	switch ParseColumnType(columnType).Name {
	case "bool":
		return Bool
	case "int2", "int4", "int8":
		return Int
	case "numeric", "float4", "float8":
		return Float
	case "text", "varchar", "bpchar", "citext":
		return String
	case "timestamptz", "timestamp", "date":
		return Time
	case "bytea":
		return Bytes
	default:
		return ""
	}
}

// SerialBase returns the integer type of a serial type, and whether the column type is serial
// (https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-SERIAL).
func SerialBase(columnType string) (base string, ok bool) {
	word, _, _ := strings.Cut(strings.ToLower(columnType), " ")
	switch word {
	case "smallserial", "serial2":
		return "smallint", true
	case "serial", "serial4":
		return "integer", true
	case "bigserial", "serial8":
		return "bigint", true
	default:
		return "", false
	}
}

// SerialOf returns the serial type of an integer type. A serial type is returned unchanged.
func SerialOf(columnType string) string {
	_, serial := SerialBase(columnType)
	switch {
	case serial:
		return columnType
	case columnType == "smallint":
		return "smallserial"
	case columnType == "integer":
		return "serial"
	default:
		return "bigserial"
	}
}

// ObjectName returns the name that PostgreSQL's makeObjectName generates, "table_column_label" or, without a column,
// "table_label". To fit MaxName, it shortens the longer of the table and the column first.
func ObjectName(table, column, label string) string {
	parts := []string{table, column, label}
	if column == "" {
		parts = []string{table, label}
	}
	for len(strings.Join(parts, "_")) > MaxName {
		longer := 0
		if column != "" && len(parts[1]) >= len(parts[0]) {
			longer = 1
		}
		parts[longer] = parts[longer][:len(parts[longer])-1]
	}
	for i, part := range parts {
		parts[i] = trimPartialRune(part)
	}
	return strings.Join(parts, "_")
}

// trimPartialRune removes an incomplete character from the end of the text.
func trimPartialRune(text string) string {
	for text != "" && !utf8.ValidString(text) {
		text = text[:len(text)-1]
	}
	return text
}
