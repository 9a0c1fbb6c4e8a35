package schema

import (
	"strconv"
	"strings"
)

// ColumnType is a column type taken apart, however it is written: character varying(32), VARCHAR (32) and varchar(32)
// are the same.
type ColumnType struct {
	// Name is PostgreSQL's short one (int8, numeric, varchar, timestamptz), and for a type that PostgreSQL does not
	// have the name as it is written, in lower case. An array ends with [].
	Name string
	// Written is the name as it is written, in lower case.
	Written string
	// Args are the length, or the precision and the scale.
	Args []int
}

// shortNames are the other names of PostgreSQL's types (https://www.postgresql.org/docs/current/datatype.html), and
// names of other databases that SQLite takes as well.
var shortNames = map[string]string{
	"smallint": "int2", "int": "int4", "integer": "int4", "bigint": "int8", "mediumint": "int4",
	"decimal": "numeric", "dec": "numeric", "real": "float4", "double precision": "float8", "double": "float8",
	"float": "float8", "character varying": "varchar", "char varying": "varchar", "nvarchar": "varchar",
	"character": "bpchar", "char": "bpchar", "timestamp with time zone": "timestamptz",
	"timestamp without time zone": "timestamp", "datetime": "timestamp", "time with time zone": "timetz",
	"time without time zone": "time", "boolean": "bool", "bit varying": "varbit", "blob": "bytea",
}

// maxFloat4 is the largest precision in bits of which PostgreSQL makes a real.
const maxFloat4 = 24

// ParseColumnType takes a column type apart.
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

// cutArguments parts what is between the first parentheses from the rest.
func cutArguments(text string) (before, inside, after string) {
	before, rest, _ := strings.Cut(text, "(")
	inside, after, _ = strings.Cut(rest, ")")
	return before, inside, after
}

// Arg returns an argument, or what is meant where it is not given.
func (t ColumnType) Arg(n, otherwise int) int {
	if n < len(t.Args) {
		return t.Args[n]
	}
	return otherwise
}
