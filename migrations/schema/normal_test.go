package schema_test

import (
	"reflect"
	"testing"

	"guestlist/migrations/schema"
)

func TestNormalIndexes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ given, want schema.Index }{
		{schema.Index{Method: "BTREE"}, schema.Index{}},
		{schema.Index{Method: "GIN"}, schema.Index{Method: "gin"}},
		{schema.Index{Where: "(A > 0)"}, schema.Index{Where: "a > 0"}},
		{schema.Index{Option: "WITH (fillfactor=70)"}, schema.Index{Option: "with ( fillfactor = 70 )"}},
	} {
		if got := test.given.Normal(); !reflect.DeepEqual(got, test.want) {
			t.Errorf("the normal form of %+v is %+v, want %+v", test.given, got, test.want)
		}
	}
	for _, test := range []struct{ given, want schema.IndexKey }{
		{schema.IndexKey{Column: "a", Order: "asc"}, schema.IndexKey{Column: "a"}},
		{schema.IndexKey{Column: "a", Order: "asc  nulls first"}, schema.IndexKey{Column: "a", Order: "NULLS FIRST"}},
		{schema.IndexKey{Column: "a", Order: "desc"}, schema.IndexKey{Column: "a", Order: "DESC"}},
		{schema.IndexKey{Column: "a", Collate: `"nocase"`}, schema.IndexKey{Column: "a", Collate: "nocase"}},
		{schema.IndexKey{Expression: "(Lower(a))"}, schema.IndexKey{Expression: "lower ( a )"}},
		{schema.IndexKey{Expression: "lower(a)", Collate: "nocase", Order: "DESC"},
			schema.IndexKey{Expression: "lower ( a ) collate nocase desc"}},
	} {
		if got := test.given.Normal(); got != test.want {
			t.Errorf("the normal form of %+v is %+v, want %+v", test.given, got, test.want)
		}
	}
	index := schema.Index{Keys: []schema.IndexKey{{Column: "a", Order: "asc"}}}
	index.Normal()
	if got := index.Keys[0].Order; got != "asc" {
		t.Errorf("Normal changed the order of the index itself to %q, want asc", got)
	}
}

func TestNormalConstraints(t *testing.T) {
	t.Parallel()
	key := schema.ForeignKey{OnDelete: "no action", OnUpdate: " set  null", NotValid: true}
	if got, want := key.Normal(),
		(schema.ForeignKey{OnUpdate: "SET NULL", NotValid: true}); !reflect.DeepEqual(got, want) {
		t.Errorf("the foreign key is %+v, want %+v", got, want)
	}
	check := schema.Check{Name: "C", Expression: "(A>0)", NotValid: true}
	if got, want := check.Normal(), (schema.Check{Name: "C", Expression: "a > 0", NotValid: true}); got != want {
		t.Errorf("the check is %+v, want %+v", got, want)
	}
}

// TestEqualComparesEverything changes one property at a time, and checks that the schemas are no longer equal.
func TestEqualComparesEverything(t *testing.T) {
	t.Parallel()
	if a, b := schema.New(members()), schema.New(members()); !schema.Equal(a, b) {
		t.Fatalf("got different schemas, want them equal:\n%+v\n%+v", a.Normal().Tables(), b.Normal().Tables())
	}
	for name, change := range map[string]func(t *schema.Table){
		"table name":      func(t *schema.Table) { t.Name = "x" },
		"table comment":   func(t *schema.Table) { t.Comment = "x" },
		"column name":     func(t *schema.Table) { t.Columns[0].Name = "x" },
		"column type":     func(t *schema.Table) { t.Columns[0].Type.Size = 32 },
		"column null":     func(t *schema.Table) { t.Columns[0].NotNull = true },
		"column default":  func(t *schema.Table) { t.Columns[0].Default = schema.Literal(0) },
		"auto-increment":  func(t *schema.Table) { t.Columns[0].AutoIncrement = true },
		"generated":       func(t *schema.Table) { t.Columns[0].Generated = "identity" },
		"column comment":  func(t *schema.Table) { t.Columns[0].Comment = "x" },
		"fewer columns":   func(t *schema.Table) { t.Columns = t.Columns[1:] },
		"key columns":     func(t *schema.Table) { t.PrimaryKey.Columns = []string{"age"} },
		"unique order":    func(t *schema.Table) { t.Uniques[0].Columns = []string{"number", "team"} },
		"check":           func(t *schema.Table) { t.Checks[0].Expression = "age > 18" },
		"not valid":       func(t *schema.Table) { t.Checks[0].NotValid = true },
		"referred table":  func(t *schema.Table) { t.ForeignKeys[0].RefTable = "x" },
		"referred column": func(t *schema.Table) { t.ForeignKeys[0].RefColumns = []string{"x"} },
		"on delete":       func(t *schema.Table) { t.ForeignKeys[0].OnDelete = "CASCADE" },
		"index key":       func(t *schema.Table) { t.Indexes[0].Keys[0].Order = "DESC" },
		"index unique":    func(t *schema.Table) { t.Indexes[0].Unique = true },
		"index condition": func(t *schema.Table) { t.Indexes[0].Where = "age > 0" },
	} {
		changed := members()
		change(&changed)
		if schema.Equal(schema.New(members()), schema.New(changed)) {
			t.Errorf("got equal schemas with a change of %s, want different ones", name)
		}
	}
}

func TestSQL(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		sql    schema.SQL
		text   string
		isZero bool
	}{
		{schema.SQL{}, "", true},
		{schema.Both("a"), "a", false},
		{schema.SQL{Postgres: "a"}, "a", false},
		{schema.SQL{SQLite: "b"}, "b", false},
		{schema.SQL{Postgres: "a", SQLite: "b"}, "a / b", false},
	} {
		if got := test.sql.String(); got != test.text {
			t.Errorf("%+v prints %q, want %q", test.sql, got, test.text)
		}
		if got := test.sql.IsZero(); got != test.isZero {
			t.Errorf("IsZero of %+v is %t, want %t", test.sql, got, test.isZero)
		}
		if got := test.sql.For(schema.Postgres); got != test.sql.Postgres {
			t.Errorf("%+v on PostgreSQL is %q, want %q", test.sql, got, test.sql.Postgres)
		}
		if got := test.sql.For(schema.SQLite); got != test.sql.SQLite {
			t.Errorf("%+v on SQLite is %q, want %q", test.sql, got, test.sql.SQLite)
		}
	}
}

func TestTypesPrint(t *testing.T) {
	t.Parallel()
	for want, typ := range map[string]schema.Type{
		"bool":          {Kind: schema.Bool, Size: 1},
		"int(64)":       {Kind: schema.Int, Size: 64},
		"uint(8)":       {Kind: schema.Uint, Size: 8},
		"float(32)":     {Kind: schema.Float, Size: 32},
		"float":         {Kind: schema.Float},
		"decimal(10,2)": {Kind: schema.Float, Size: 64, Precision: 10, Scale: 2},
		"string(32)":    {Kind: schema.String, Size: 32},
		"text":          {Kind: schema.String},
		"time":          {Kind: schema.Time, Size: 64},
		"time(3)":       {Kind: schema.Time, Precision: 3},
		"bytes":         {Kind: schema.Bytes, Size: 16},
		"jsonb / JSON":  {Kind: schema.Verbatim, SQL: schema.SQL{Postgres: "jsonb", SQLite: "JSON"}},
	} {
		if got := typ.String(); got != want {
			t.Errorf("%#v prints %q, want %q", typ, got, want)
		}
	}
}
