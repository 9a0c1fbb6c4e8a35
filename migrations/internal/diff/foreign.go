package diff

import (
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// foreignTypes maps types of other databases to their PostgreSQL equivalents. SQLite accepts them, as it accepts any
// name.
var foreignTypes = map[string]string{
	"tinytext": "text", "mediumtext": "text", "longtext": "text", "ntext": "text", "clob": "text", "nclob": "text",
	"string": "text", "nvarchar": "varchar", "varchar2": "varchar", "nvarchar2": "varchar",
	"datetime": "timestamptz", "datetime2": "timestamptz", "smalldatetime": "timestamptz", "datetimeoffset": "timestamptz",
	"tinyint": "smallint", "mediumint": "integer", "year": "smallint", "long": "bigint", "double": "double precision",
	"number": "numeric", "fixed": "numeric", "smallmoney": "numeric(10,4)", "binary_float": "real",
	"binary_double": "double precision", "blob": "bytea", "tinyblob": "bytea", "mediumblob": "bytea", "longblob": "bytea",
	"binary": "bytea", "varbinary": "bytea", "image": "bytea", "raw": "bytea", "uniqueidentifier": "uuid",
	"enum": "text", "set": "text", "bool8": "boolean", "uint": "bigint", "uint8": "smallint", "uint16": "integer",
	"uint32": "bigint", "uint64": "numeric(20)", "int16": "smallint", "int32": "integer", "int64": "bigint",
	"float16": "real", "float32": "real", "float64": "double precision",
}

// builtinTypes are PostgreSQL's own types (pg_type), as schema.ParseColumnType names them.
var builtinTypes = strings.Fields("bit bool box bpchar bytea char cid cidr circle date datemultirange daterange " +
	"float4 float8 inet int2 int4 int4multirange int4range int8 int8multirange int8range interval json jsonb jsonpath " +
	"line lseg macaddr macaddr8 money name numeric nummultirange numrange oid path pg_lsn pg_snapshot point polygon " +
	"refcursor regclass regcollation regconfig regdictionary regnamespace regoper regoperator regproc regprocedure " +
	"regrole regtype text tid time timestamp timestamptz timetz tsmultirange tsquery tsrange tstzmultirange tstzrange " +
	"tsvector txid_snapshot uuid varbit varchar xid xid8 xml nchar")

// withoutLength are the types for which PostgreSQL allows no length or precision.
var withoutLength = strings.Fields("int2 int4 int8 float4 float8 text bool bytea date uuid json jsonb")

// afterNumber are MySQL's modifiers of numeric types.
var afterNumber = strings.Fields("unsigned signed zerofill auto_increment")

// foreign returns warnings about types that only one of the databases has.
func foreign(o op.Operation) []Warning {
	var all []Warning
	for _, c := range Typed(o) {
		if warning, ok := foreignToPostgres(c); ok {
			all = append(all, warning)
		}
		if warning, ok := foreignToSQLite(c); ok {
			all = append(all, warning)
		}
	}
	return all
}

// TypedColumn is a column that gets a type.
type TypedColumn struct {
	Name string // table.column
	Type schema.Type
}

// Typed returns the columns whose type the operation sets.
func Typed(o op.Operation) []TypedColumn {
	var all []TypedColumn
	switch o := o.(type) {
	case *op.CreateTable:
		for _, c := range o.Table.Columns {
			all = append(all, TypedColumn{o.Table.Name + "." + c.Name, c.Type})
		}
	case *op.AddColumn:
		all = append(all, TypedColumn{o.Table + "." + o.Column.Name, o.Column.Type})
	case *op.AlterColumn:
		if o.Change.Type != nil {
			all = append(all, TypedColumn{o.Table + "." + o.Column, *o.Change.Type})
		}
	}
	return all
}

func foreignToPostgres(c TypedColumn) (Warning, bool) {
	text := c.Type.For(schema.Postgres)
	t := schema.ParseColumnType(text)
	var instead string
	words := strings.Fields(t.Written)
	switch {
	case c.Type.Kind != schema.Verbatim:
		return Warning{}, false
	case foreignTypes[t.Written] != "":
		instead = foreignTypes[t.Written]
		switch {
		case t.Written == "tinyint" && t.Arg(0, 0) == 1:
			instead = "boolean"
		case len(t.Args) > 0 && slices.Contains([]string{"varchar", "timestamptz", "numeric"}, instead):
			_, arguments, _ := strings.Cut(text, "(")
			instead += "(" + arguments
		}
	case slices.ContainsFunc(words, func(w string) bool { return slices.Contains(afterNumber, w) }):
		if instead = words[0]; foreignTypes[instead] != "" {
			instead = foreignTypes[instead]
		}
	case len(t.Args) > 0 && slices.Contains(withoutLength, t.Name):
		instead = t.Written
	default:
		return Warning{}, false
	}
	return Warning{
		Text:   fmt.Sprintf("fails on PostgreSQL, which has no type %s (%s)", text, c.Name),
		Advice: "Write type:" + instead + " in the model, which works on both databases",
		Only:   schema.Postgres,
	}, true
}

// numbersOnSQLite are PostgreSQL types whose values SQLite may convert to numbers: 0101 becomes 101.
var numbersOnSQLite = []string{"bit", "varbit", "interval"}

func foreignToSQLite(c TypedColumn) (Warning, bool) {
	t := schema.ParseColumnType(c.Type.For(schema.SQLite))
	if c.Type.Kind != schema.Verbatim || !slices.Contains(numbersOnSQLite, t.Name) {
		return Warning{}, false
	}
	return Warning{
		Text: fmt.Sprintf("on SQLite, which has no type %s, converts values of %s that look like numbers to numbers",
			c.Type.For(schema.SQLite), c.Name),
		Advice: "Give the field a Go type whose GormDBDataType returns text on SQLite",
		Only:   schema.SQLite,
	}, true
}

// Unknown returns the name of the column's type, and reports whether it is neither PostgreSQL's own nor known from
// another database: a revision or an extension has to create such a type.
func (c TypedColumn) Unknown() (name string, unknown bool) {
	t := schema.ParseColumnType(c.Type.For(schema.Postgres))
	name, _, _ = strings.Cut(t.Name, "[")
	name = strings.Trim(name[strings.LastIndex(name, ".")+1:], `"`)
	known := c.Type.Kind != schema.Verbatim || name == "" || slices.Contains(builtinTypes, name)
	if _, warned := foreignToPostgres(c); known || warned {
		return name, false
	}
	return name, true
}
