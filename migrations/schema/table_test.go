package schema_test

import (
	"reflect"
	"slices"
	"testing"

	"guestlist/migrations/schema"
)

// members returns a table with at least one of everything.
func members() schema.Table {
	column := func(name string) schema.Column {
		return schema.Column{Name: name, Type: schema.Type{Kind: schema.Int, Size: 64}}
	}
	return schema.Table{
		Name:       "members",
		Columns:    []schema.Column{column("id"), column("team"), column("number"), column("age"), column("boss")},
		PrimaryKey: schema.PrimaryKey{Name: "pk", Columns: []string{"id"}},
		Uniques:    []schema.Unique{{Name: "uni", Columns: []string{"team", "number"}}},
		Checks:     []schema.Check{{Name: "chk", Expression: "age > 17"}},
		ForeignKeys: []schema.ForeignKey{
			{Name: "fk", Columns: []string{"team"}, RefTable: "teams", RefColumns: []string{"id"}},
			{Name: "fk_boss", Columns: []string{"boss"}, RefTable: "members", RefColumns: []string{"id"}},
		},
		Indexes: []schema.Index{
			{Name: "idx", Keys: []schema.IndexKey{{Column: "age"}, {Expression: "number % 10"}}},
			{Name: "idx_adults", Unique: true, Keys: []schema.IndexKey{{Column: "age"}}, Where: "team > 0",
				Option: "INCLUDE (boss)"},
			{Name: "idx_boss", Unique: true, Keys: []schema.IndexKey{{Column: "boss"}}},
		},
	}
}

func TestLookups(t *testing.T) {
	t.Parallel()
	table := members()
	lookups := map[string]func(name string) (any, string, bool){
		"id":      func(name string) (any, string, bool) { c, ok := table.Column(name); return c, c.Name, ok },
		"uni":     func(name string) (any, string, bool) { u, ok := table.Unique(name); return u, u.Name, ok },
		"chk":     func(name string) (any, string, bool) { c, ok := table.Check(name); return c, c.Name, ok },
		"fk_boss": func(name string) (any, string, bool) { k, ok := table.ForeignKey(name); return k, k.Name, ok },
		"idx":     func(name string) (any, string, bool) { i, ok := table.Index(name); return i, i.Name, ok },
	}
	for name, lookup := range lookups {
		if got, found, ok := lookup(name); found != name || !ok {
			t.Errorf("%s is %+v, %t, want it found", name, got, ok)
		}
		if got, found, ok := lookup("none"); found != "" || ok {
			t.Errorf("none, looked up like %s, is %+v, %t, want it not found", name, got, ok)
		}
	}
	if got, want := table.IndexNames(), []string{"uni", "idx", "idx_adults", "idx_boss"}; !slices.Equal(got, want) {
		t.Errorf("IndexNames is %q, want %q", got, want)
	}
}

// TestClone changes every slice of a copy, and checks that the table stays the same.
func TestClone(t *testing.T) {
	t.Parallel()
	table := members()
	c := table.Clone()
	if !reflect.DeepEqual(c, table) {
		t.Fatalf("the copy is %+v, want %+v", c, table)
	}
	c.Columns[0].Name, c.PrimaryKey.Columns[0], c.Uniques[0].Columns[0] = "x", "x", "x"
	c.Checks[0].Name, c.ForeignKeys[0].Columns[0], c.ForeignKeys[0].RefColumns[0] = "x", "x", "x"
	c.Indexes[0].Keys[0].Column, c.Uniques[0].Name, c.Indexes[0].Name = "x", "x", "x"
	if want := members(); !reflect.DeepEqual(table, want) {
		t.Errorf("after the copy was changed, the table is %+v, want %+v", table, want)
	}
}

func TestGeneratedColumns(t *testing.T) {
	t.Parallel()
	verbatim := func(postgres, sqlite string) schema.Type {
		return schema.Type{Kind: schema.Verbatim, SQL: schema.SQL{Postgres: postgres, SQLite: sqlite}}
	}
	for name, test := range map[string]struct {
		column                       schema.Column
		computed                     bool
		expression, postgres, sqlite string
		dependsOnA                   bool
	}{
		"ordinary":        {column: schema.Column{Type: schema.Type{Kind: schema.Int}}},
		"identity":        {column: schema.Column{Generated: "identity"}},
		"identity always": {column: schema.Column{Generated: "IDENTITY Always"}},
		"by default":      {column: schema.Column{Generated: "by default identity"}},
		"expression":      {schema.Column{Generated: "a * 2"}, true, "a * 2", "a * 2", "", true},
		"other column":    {schema.Column{Generated: "b * 2"}, true, "b * 2", "b * 2", "", false},
		"in the type": {schema.Column{Type: verbatim("int GENERATED ALWAYS AS (a) STORED", "int AS (a + 0)")},
			false, "a", "a", "a + 0", true},
		"on SQLite":      {schema.Column{Type: verbatim("int", "int AS (a)")}, false, "a", "", "a", true},
		"plain verbatim": {column: schema.Column{Type: verbatim("jsonb", "JSON")}},
	} {
		c := test.column
		if got := c.Computed(); got != test.computed {
			t.Errorf("%s: Computed is %t, want %t", name, got, test.computed)
		}
		if got := c.Expression(); got != test.expression {
			t.Errorf("%s: Expression is %q, want %q", name, got, test.expression)
		}
		if got := c.ExpressionOn(schema.Postgres); got != test.postgres {
			t.Errorf("%s: the expression on PostgreSQL is %q, want %q", name, got, test.postgres)
		}
		if got := c.ExpressionOn(schema.SQLite); got != test.sqlite {
			t.Errorf("%s: the expression on SQLite is %q, want %q", name, got, test.sqlite)
		}
		if got := c.DependsOn("a"); got != test.dependsOnA {
			t.Errorf("%s: DependsOn(a) is %t, want %t", name, got, test.dependsOnA)
		}
	}
}
