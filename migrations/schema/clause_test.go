package schema_test

import (
	"slices"
	"testing"

	"guestlist/migrations/schema"
)

func TestCutClause(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ clause, name, kind, expression string }{
		{"UNIQUE", "", "unique", ""},
		{"CHECK (a > (0))", "", "check", "a > (0)"},
		{"check( a > 0 ) NOT VALID", "", "check", "a > 0"},
		{`CONSTRAINT "Positive" CHECK (a > 0)`, "Positive", "check", "a > 0"},
		{"constraint Positive /* why */ unique", "positive", "unique", ""},
		{"CONSTRAINT k REFERENCES users (id)", "k", "references", ""},
		{"PRIMARY KEY", "", "primary", ""},
		{"CONSTRAINT p PRIMARY KEY", "p", "primary", ""},
		{"CONSTRAINT unfinished", "", "constraint", ""},
	} {
		name, kind, expression := schema.CutClause(test.clause)
		if name != test.name || kind != test.kind || expression != test.expression {
			t.Errorf("%s: got %q, %q, %q, want %q, %q, %q", test.clause, name, kind, expression,
				test.name, test.kind, test.expression)
		}
	}
}

func TestCutReference(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		clause, table string
		columns       []string
	}{
		{"REFERENCES users", "users", nil},
		{"references Users(ID)", "users", []string{"id"}},
		{`REFERENCES "Users" ( "ID" , name ) ON DELETE CASCADE`, "Users", []string{"ID", "name"}},
		{"CONSTRAINT k REFERENCES app . users (id)", "app.users", []string{"id"}},
		{"REFERENCES app.", "app", nil},
		{"REFERENCES", "", nil},
		{"UNIQUE", "", nil},
	} {
		table, columns := schema.CutReference(test.clause)
		if table != test.table || !slices.Equal(columns, test.columns) {
			t.Errorf("%s: got %q %q, want %q %q", test.clause, table, columns, test.table, test.columns)
		}
	}
}

func TestCutGenerated(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		columnType, rest, expression string
		ok                           bool
	}{
		{"bigint GENERATED ALWAYS AS (a * (2)) STORED", "bigint", "a * (2)", true},
		{"int as ( a ) virtual not null", "int not null", "a", true},
		{"int generated always as (a)", "int", "a", true},
		{"as (a)", "", "a", true},
		{"int AS (a", "int", "a", true},
		{"int AS", "int AS", "", false},
		{"bigint GENERATED ALWAYS AS IDENTITY", "bigint GENERATED ALWAYS AS IDENTITY", "", false},
		{"text", "text", "", false},
	} {
		rest, expression, ok := schema.CutGenerated(test.columnType)
		if rest != test.rest || expression != test.expression || ok != test.ok {
			t.Errorf("%s: got %q, %q, %t, want %q, %q, %t", test.columnType, rest, expression, ok,
				test.rest, test.expression, test.ok)
		}
	}
}

func TestSaysNotNull(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string]bool{
		"name IS NOT NULL":              true,
		"NAME is not null":              true,
		`((("name" IS NOT NULL)))`:      true,
		`"Name" IS NOT NULL`:            false,
		"(name) IS NOT NULL":            false,
		"name IS NULL":                  false,
		"name IS NOT DISTINCT":          false,
		"id IS NOT NULL":                false,
		"name IS NOT NULL AND id > 0":   false,
		"name NOTNULL":                  false,
		"":                              false,
		"()":                            false,
		"(name IS NOT NULL":             false,
		"name IS /* really */ NOT NULL": true,
	} {
		if got := (schema.Check{Expression: expression}).SaysNotNull("name"); got != want {
			t.Errorf("%s: got %t, want %t", expression, got, want)
		}
	}
}

func TestChecksNotNull(t *testing.T) {
	t.Parallel()
	other := schema.Check{Name: "a", Expression: "name <> ''"}
	for _, valid := range []bool{true, false} {
		check := schema.Check{Name: "b", Expression: "name IS NOT NULL", NotValid: !valid}
		table := schema.Table{Checks: []schema.Check{other, check}}
		if got := table.ChecksNotNull("name"); got != valid {
			t.Errorf("a check that is valid %t: got %t, want %t", valid, got, valid)
		}
	}
	if (schema.Table{Checks: []schema.Check{other}}).ChecksNotNull("name") {
		t.Error("another check: got true, want false")
	}
}

func TestTargets(t *testing.T) {
	t.Parallel()
	column := func(kind schema.Kind, postgres string) schema.Column {
		return schema.Column{Type: schema.Type{Kind: kind, SQL: schema.SQL{Postgres: postgres}}}
	}
	table := schema.Table{Columns: []schema.Column{
		column(schema.Verbatim, "int REFERENCES Users CHECK (a > 0) REFERENCES app.teams(id)"),
		column(schema.String, "int REFERENCES ignored"),
		column(schema.Verbatim, "text"),
		column(schema.Verbatim, "int REFERENCES"),
		column(schema.Verbatim, "int REFERENCES events"),
	}}
	if got, want := table.Targets(), []string{"users", "app.teams", "events"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestComputedColumns(t *testing.T) {
	t.Parallel()
	verbatim := func(postgres, sqlite string) schema.Type {
		return schema.Type{Kind: schema.Verbatim, SQL: schema.SQL{Postgres: postgres, SQLite: sqlite}}
	}
	for _, test := range []struct {
		name                         string
		column                       schema.Column
		computed                     bool
		expression, postgres, sqlite string
	}{
		{name: "ordinary", column: schema.Column{Type: schema.Type{Kind: schema.Int}}},
		{name: "identity", column: schema.Column{Generated: "BY DEFAULT identity"}},
		{name: "identity always", column: schema.Column{Generated: "identity always"}},
		{name: "on PostgreSQL", column: schema.Column{Generated: "a * 2", Type: schema.Type{Kind: schema.Int}},
			computed: true, expression: "a * 2", postgres: "a * 2"},
		{name: "in the type of both", column: schema.Column{Type: verbatim("int AS (a * 2) STORED", "int AS (a + a)")},
			expression: "a * 2", postgres: "a * 2", sqlite: "a + a"},
		{name: "in SQLite's type", column: schema.Column{Type: verbatim("int", "int AS (a + a)")},
			expression: "a + a", sqlite: "a + a"},
		{name: "in a type that is not used", column: schema.Column{Type: schema.Type{Kind: schema.Int,
			SQL: schema.Both("int AS (a)")}}},
	} {
		c := test.column
		if got := c.Computed(); got != test.computed {
			t.Errorf("%s: computed: got %t, want %t", test.name, got, test.computed)
		}
		for _, e := range []struct{ what, got, want string }{
			{"expression", c.Expression(), test.expression},
			{"expression on PostgreSQL", c.ExpressionOn(schema.Postgres), test.postgres},
			{"expression on SQLite", c.ExpressionOn(schema.SQLite), test.sqlite},
		} {
			if e.got != e.want {
				t.Errorf("%s: %s: got %q, want %q", test.name, e.what, e.got, e.want)
			}
		}
		if got, want := c.DependsOn("a"), test.expression != ""; got != want {
			t.Errorf("%s: depends on a: got %t, want %t", test.name, got, want)
		}
		if c.DependsOn("b") {
			t.Errorf("%s: depends on b: got true, want false", test.name)
		}
	}
}
