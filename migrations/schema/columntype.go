package schema

import (
	"strconv"
	"strings"
)

// ColumnType is a parsed column type. The spelling does not matter: character varying(32), VARCHAR (32) and varchar(32)
// are equal except for Written.
type ColumnType struct {
	// Name is PostgreSQL's short name (int8, numeric, varchar, timestamptz). A type unknown to PostgreSQL has its own
	// name, in lower case. The name of an array ends with [].
	Name string
	// Written is the name as written, in lower case.
	Written string
	// Args are the length, or the precision and the scale.
	Args []int
}

// shortNames maps the other names of PostgreSQL's types (https://www.postgresql.org/docs/current/datatype.html), and
// names from other databases that SQLite accepts, to the short ones.
var shortNames = map[string]string{
	"smallint": "int2", "int": "int4", "integer": "int4", "bigint": "int8", "mediumint": "int4",
	"decimal": "numeric", "dec": "numeric", "real": "float4", "double precision": "float8", "double": "float8",
	"float": "float8", "character varying": "varchar", "char varying": "varchar", "nvarchar": "varchar",
	"character": "bpchar", "char": "bpchar", "timestamp with time zone": "timestamptz",
	"timestamp without time zone": "timestamp", "datetime": "timestamp", "time with time zone": "timetz",
	"time without time zone": "time", "boolean": "bool", "bit varying": "varbit", "blob": "bytea",
}

// maxFloat4 is the largest precision, in bits, for which PostgreSQL's float(p) is a real.
const maxFloat4 = 24

// ParseColumnType parses a column type. Clauses such as NOT NULL are ignored, and a serial type is its integer type.
func ParseColumnType(text string) ColumnType {
	if base, ok := SerialBase(text); ok {
		text = base
	}
	before, inside, after := cutArguments(strings.ToLower(SplitType(text).Base))
	name, array, isArray := strings.Cut(strings.Join(strings.Fields(before+" "+after), " "), "[")
	name = strings.TrimSpace(name)
	t := ColumnType{Name: name, Written: name}
	for argument := range strings.SplitSeq(inside, ",") {
		if n, err := strconv.Atoi(strings.TrimSpace(argument)); err == nil {
			t.Args = append(t.Args, n)
		}
	}
	if short, ok := shortNames[name]; ok {
		t.Name = short
	}
	switch {
	case name == "float" && len(t.Args) == 1:
		if t.Args[0] <= maxFloat4 {
			t.Name = "float4"
		}
		t.Args = nil
	case (name == "char" || name == "character") && len(t.Args) == 0:
		t.Args = []int{1}
	}
	if isArray {
		t.Name += "[" + array
	}
	return t
}

// cutArguments splits the text around its first pair of parentheses.
func cutArguments(text string) (before, inside, after string) {
	before, rest, _ := strings.Cut(text, "(")
	inside, after, _ = strings.Cut(rest, ")")
	return before, inside, after
}

// Arg returns the argument at index n, or fallback if the type does not have it.
func (t ColumnType) Arg(n, fallback int) int {
	if n < len(t.Args) {
		return t.Args[n]
	}
	return fallback
}
