package diff_test

import (
	"testing"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/schema"
)

// TestSameTable changes one thing at a time in a table that has one of everything.
func TestSameTable(t *testing.T) {
	t.Parallel()
	table := func() schema.Table {
		return schema.Table{
			Name: "users", Comment: "people", PrimaryKey: schema.PrimaryKey{Name: "pk", Columns: []string{"id"}},
			Columns: []schema.Column{{Name: "id", Type: schema.Type{Kind: schema.Int, Size: 64}}},
			Uniques: []schema.Unique{{Name: "u", Columns: []string{"id"}}},
			Checks:  []schema.Check{{Name: "c", Expression: "id > 0"}},
			ForeignKeys: []schema.ForeignKey{
				{Name: "k", Columns: []string{"id"}, RefTable: "teams", RefColumns: []string{"id"}},
			},
			Indexes: []schema.Index{{Name: "i", Keys: []schema.IndexKey{{Column: "id"}}, Where: "id > 0"}},
		}
	}
	for name, test := range map[string]struct {
		change func(t *schema.Table)
		want   bool
	}{
		"nothing":                   {func(*schema.Table) {}, true},
		"the name":                  {func(t *schema.Table) { t.Name = "teams" }, false},
		"the comment":               {func(t *schema.Table) { t.Comment = "" }, false},
		"the primary key's name":    {func(t *schema.Table) { t.PrimaryKey.Name = "" }, false},
		"the primary key's columns": {func(t *schema.Table) { t.PrimaryKey.Columns = nil }, false},
		"a column's size":           {func(t *schema.Table) { t.Columns[0].Type.Size = 32 }, false},
		"a column's type, written otherwise": {func(t *schema.Table) {
			t.Columns[0].Type = schema.Type{Kind: schema.Verbatim, SQL: schema.SQL{Postgres: "BIGINT", SQLite: "integer"}}
		}, true},
		"a unique constraint's name":    {func(t *schema.Table) { t.Uniques[0].Name = "v" }, false},
		"a unique constraint's columns": {func(t *schema.Table) { t.Uniques[0].Columns = []string{"a"} }, false},
		"a check":                       {func(t *schema.Table) { t.Checks[0].Expression = "id > 1" }, false},
		"a check, written otherwise":    {func(t *schema.Table) { t.Checks[0].Expression = "(ID>0)" }, true},
		"a check that is not valid":     {func(t *schema.Table) { t.Checks[0].NotValid = true }, false},
		"a foreign key's name":          {func(t *schema.Table) { t.ForeignKeys[0].Name = "l" }, false},
		"a foreign key's columns":       {func(t *schema.Table) { t.ForeignKeys[0].Columns = []string{"a"} }, false},
		"a foreign key's table":         {func(t *schema.Table) { t.ForeignKeys[0].RefTable = "users" }, false},
		"what a foreign key points at":  {func(t *schema.Table) { t.ForeignKeys[0].RefColumns = []string{"a"} }, false},
		"a foreign key's deletes":       {func(t *schema.Table) { t.ForeignKeys[0].OnDelete = "CASCADE" }, false},
		"a foreign key's updates":       {func(t *schema.Table) { t.ForeignKeys[0].OnUpdate = "CASCADE" }, false},
		"the usual action":              {func(t *schema.Table) { t.ForeignKeys[0].OnDelete = "no action" }, true},
		"a foreign key, not valid":      {func(t *schema.Table) { t.ForeignKeys[0].NotValid = true }, false},
		"an index's name":               {func(t *schema.Table) { t.Indexes[0].Name = "j" }, false},
		"an index's uniqueness":         {func(t *schema.Table) { t.Indexes[0].Unique = true }, false},
		"an index's keys":               {func(t *schema.Table) { t.Indexes[0].Keys[0].Order = "DESC" }, false},
		"an index's condition":          {func(t *schema.Table) { t.Indexes[0].Where = "" }, false},
		"an index's method":             {func(t *schema.Table) { t.Indexes[0].Method = "hash" }, false},
		"the usual method":              {func(t *schema.Table) { t.Indexes[0].Method = "btree" }, true},
		"an index's option":             {func(t *schema.Table) { t.Indexes[0].Option = "WITH (fillfactor = 70)" }, false},
	} {
		changed := table()
		test.change(&changed)
		if got := diff.SameTable(table(), changed); got != test.want {
			t.Errorf("%s: got %t, want %t", name, got, test.want)
		}
		if got := diff.SameTable(changed, table()); got != test.want {
			t.Errorf("%s, the other way round: got %t, want %t", name, got, test.want)
		}
	}
}

// TestSame compares schemas with one that lacks a table, and one with a changed table.
func TestSame(t *testing.T) {
	t.Parallel()
	users, teams := schema.Table{Name: "users"}, schema.Table{Name: "teams"}
	both := schema.New(users, teams)
	for name, test := range map[string]struct {
		other schema.Schema
		want  bool
	}{
		"the same":       {schema.New(teams, users), true},
		"one is missing": {schema.New(users), false},
		"one is changed": {schema.New(users, schema.Table{Name: "teams", Comment: "x"}), false},
		"none":           {schema.New(), false},
	} {
		if got := diff.Same(both, test.other); got != test.want {
			t.Errorf("%s: got %t, want %t", name, got, test.want)
		}
		if got := diff.Same(test.other, both); got != test.want {
			t.Errorf("%s, the other way round: got %t, want %t", name, got, test.want)
		}
	}
}
