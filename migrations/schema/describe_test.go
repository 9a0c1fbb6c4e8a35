package schema_test

import (
	"testing"

	"guestlist/migrations/schema"
)

func TestTypeString(t *testing.T) {
	t.Parallel()
	for want, columnType := range map[string]schema.Type{
		"text":               {Kind: schema.String},
		"string(1)":          {Kind: schema.String, Size: 1},
		"decimal(10,2)":      {Kind: schema.Float, Precision: 10, Scale: 2},
		"decimal(1,0)":       {Kind: schema.Float, Precision: 1},
		"float":              {Kind: schema.Float},
		"float(32)":          {Kind: schema.Float, Size: 32},
		"time":               {Kind: schema.Time, Size: 8},
		"time(1)":            {Kind: schema.Time, Precision: 1},
		"bool":               {Kind: schema.Bool, Size: 8, Precision: 3},
		"bytes":              {Kind: schema.Bytes, Size: 8},
		"int":                {Kind: schema.Int},
		"int(64)":            {Kind: schema.Int, Size: 64, Precision: 3},
		"uint(8)":            {Kind: schema.Uint, Size: 8},
		"jsonb":              {Kind: schema.Verbatim, SQL: schema.Both("jsonb")},
		"jsonb / text":       {Kind: schema.Verbatim, SQL: schema.SQL{Postgres: "jsonb", SQLite: "text"}},
		"only on SQLite":     {Kind: schema.Verbatim, SQL: schema.SQL{SQLite: "only on SQLite"}},
		"only on PostgreSQL": {Kind: schema.Verbatim, SQL: schema.SQL{Postgres: "only on PostgreSQL"}},
	} {
		if got := columnType.String(); got != want {
			t.Errorf("%+v: got %s, want %s", columnType, got, want)
		}
	}
}

// TestSmallestTypes checks types with the smallest possible length or precision.
func TestSmallestTypes(t *testing.T) {
	t.Parallel()
	for want, columnType := range map[string]schema.Type{
		"varchar(1)":     {Kind: schema.String, Size: 1},
		"numeric(1)":     {Kind: schema.Float, Precision: 1},
		"numeric(1, 1)":  {Kind: schema.Float, Precision: 1, Scale: 1},
		"timestamptz(1)": {Kind: schema.Time, Precision: 1},
	} {
		if got := columnType.For(schema.Postgres); got != want {
			t.Errorf("%+v: got %s, want %s", columnType, got, want)
		}
	}
}

func TestDefaultString(t *testing.T) {
	t.Parallel()
	for want, d := range map[string]schema.Default{
		"none":         {},
		"null":         schema.Literal(nil),
		"''":           schema.Literal(""),
		"'null'":       schema.Literal("null"),
		"0":            schema.Literal(0),
		"0.1":          schema.Literal(0.1),
		"0.2":          schema.Literal(float32(0.2)),
		"true":         schema.Literal(true),
		"[]string":     schema.Literal([]string{"a"}),
		"now()":        schema.Expression(schema.Both("now()")),
		"now() / date": schema.Expression(schema.SQL{Postgres: "now()", SQLite: "date"}),
	} {
		if got := d.String(); got != want {
			t.Errorf("%+v: got %s, want %s", d, got, want)
		}
	}
}

func TestNumbersThatAreNoFloats(t *testing.T) {
	t.Parallel()
	number := func(text string) schema.Default { return schema.Default{Kind: schema.NumberDefault, Text: text} }
	for _, test := range []struct{ text, want string }{
		{"9007199254740993", "9007199254740993"}, // 2^53 + 1, which a float64 cannot hold
		{"1.0e2", "100"}, {"1E2", "100"}, {"2.", "2"}, {"1.2.3", "1.2.3"},
	} {
		if got := number(test.text).Normal().Text; got != test.want {
			t.Errorf("%s: got %s, want %s", test.text, got, test.want)
		}
	}
}

func TestSQLIsZero(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		sql  schema.SQL
		want bool
	}{
		{schema.SQL{}, true}, {schema.SQL{SQLite: "x"}, false}, {schema.SQL{Postgres: "x"}, false},
	} {
		if got := test.sql.IsZero(); got != test.want {
			t.Errorf("%+v: got %t, want %t", test.sql, got, test.want)
		}
	}
}

func TestEqualIndexes(t *testing.T) {
	t.Parallel()
	index := func(method string, key schema.IndexKey) schema.Table {
		return schema.Table{Name: "t", Indexes: []schema.Index{{Name: "i", Method: method, Keys: []schema.IndexKey{key}}}}
	}
	plain := index("", schema.IndexKey{Column: "a"})
	expression := index("", schema.IndexKey{Expression: "lower(a)", Collate: "nocase", Order: "desc"})
	for _, test := range []struct {
		name  string
		a, b  schema.Table
		equal bool
	}{
		{"btree is the usual method", plain, index("BTree", schema.IndexKey{Column: "a"}), true},
		{"another method", plain, index("hash", schema.IndexKey{Column: "a"}), false},
		{"ascending is the usual order", plain, index("", schema.IndexKey{Column: "a", Order: " asc "}), true},
		{"another order", plain, index("", schema.IndexKey{Column: "a", Order: "desc"}), false},
		{"quotes around a collation", index("", schema.IndexKey{Column: "a", Collate: `"C"`}),
			index("", schema.IndexKey{Column: "a", Collate: "`C`"}), true},
		{"another collation", plain, index("", schema.IndexKey{Column: "a", Collate: "C"}), false},
		{"all in the expression", expression,
			index("", schema.IndexKey{Expression: "LOWER(a) COLLATE nocase DESC"}), true},
		{"an expression without its collation", expression,
			index("", schema.IndexKey{Expression: "lower(a)", Order: "desc"}), false},
	} {
		if got := schema.Equal(schema.New(test.a), schema.New(test.b)); got != test.equal {
			t.Errorf("%s: equal is %t, want %t", test.name, got, test.equal)
		}
	}
}

func TestEqualTables(t *testing.T) {
	t.Parallel()
	column := func(c schema.Column) schema.Table { return schema.Table{Name: "t", Columns: []schema.Column{c}} }
	typed := func(text string) schema.Table {
		return column(schema.Column{Type: schema.Type{Kind: schema.Verbatim, SQL: schema.Both(text)}})
	}
	one, two := schema.Unique{Name: "u1", Columns: []string{"a"}}, schema.Unique{Name: "u2", Columns: []string{"b"}}
	for _, test := range []struct {
		name  string
		a, b  schema.Table
		equal bool
	}{
		{"the spelling of a type", typed("NUMERIC (10,2)"), typed("numeric(10, 2)"), true},
		{"another type", typed("numeric(10, 2)"), typed("numeric(10, 3)"), false},
		{"a type and its SQL", column(schema.Column{Type: schema.Type{Kind: schema.String}}), typed("text"), true},
		{"NULL is no default", column(schema.Column{Default: schema.Literal(nil)}), column(schema.Column{}), true},
		{"another default", column(schema.Column{Default: schema.Literal(0)}), column(schema.Column{}), false},
		{"the spelling of a generation", column(schema.Column{Generated: "(A*2)"}),
			column(schema.Column{Generated: "a * 2"}), true},
		{"another generation", column(schema.Column{Generated: "a * 2"}), column(schema.Column{Generated: "a * 3"}), false},
		{"the order of unique constraints", schema.Table{Name: "t", Uniques: []schema.Unique{one, two}},
			schema.Table{Name: "t", Uniques: []schema.Unique{two, one}}, true},
		{"a primary key without columns", schema.Table{Name: "t", PrimaryKey: schema.PrimaryKey{Name: "t_pkey"}},
			schema.Table{Name: "t"}, true},
	} {
		if got := schema.Equal(schema.New(test.a), schema.New(test.b)); got != test.equal {
			t.Errorf("%s: equal is %t, want %t", test.name, got, test.equal)
		}
	}
}

func TestNormalChecks(t *testing.T) {
	t.Parallel()
	table := func(expression string) schema.Schema {
		return schema.New(schema.Table{Name: "t", Checks: []schema.Check{{Name: "c", Expression: expression}}})
	}
	for other, want := range map[string]bool{"(A>0)": true, "a > 0 -- why": true, "a > 1": false} {
		if got := schema.Equal(table("a > 0"), table(other)); got != want {
			t.Errorf("a > 0 and %s: equal is %t, want %t", other, got, want)
		}
	}
}

func TestNormalTextKeepsParentheses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"(":         "(",
		"()":        "",
		"(a":        "( a",
		"a)":        "a )",
		"(a) b":     "( a ) b",
		"b (a)":     "b ( a )",
		"((a)":      "( ( a )",
		"(a)(b)":    "( a ) ( b )",
		"((a)(b))":  "( a ) ( b )",
		`"az_09"`:   "az_09",
		`"a{"`:      `"a{"`,
		`"0a"`:      `"0a"`,
		`"9a"`:      `"9a"`,
		`""`:        `""`,
		"`a\"b`":    `"a""b"`,
		"SELECT 'A": "select 'A",
	} {
		if got := schema.NormalText(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}
