package schema_test

import (
	"slices"
	"testing"

	"guestlist/migrations/schema"
)

// teams returns a table with one of everything that a table can hold; some names are shared by objects of different
// kinds.
func teams() schema.Table {
	return schema.Table{
		Name:       "teams",
		Columns:    []schema.Column{{Name: "id"}, {Name: "name"}, {Name: "boss"}, {Name: "code"}, {Name: "size"}},
		PrimaryKey: schema.PrimaryKey{Columns: []string{"id"}},
		Uniques:    []schema.Unique{{Name: "u", Columns: []string{"name", "code"}}},
		Checks: []schema.Check{
			{Name: "c", Expression: "size > 0"}, {Name: "n", Expression: "name IS NOT NULL", NotValid: true},
		},
		ForeignKeys: []schema.ForeignKey{
			{Name: "k", Columns: []string{"boss"}, RefTable: "users", RefColumns: []string{"id"}},
			{Name: "self", Columns: []string{"size"}, RefTable: "teams", RefColumns: []string{"id"}},
		},
		Indexes: []schema.Index{
			{Name: "code", Unique: true, Keys: []schema.IndexKey{{Column: "code"}}},
			{Name: "some", Unique: true, Keys: []schema.IndexKey{{Column: "size"}}, Where: "boss > 0"},
			{Name: "lower", Keys: []schema.IndexKey{{Column: "boss"}, {Expression: "lower(name)"}}, Option: "WITH (size = 1)"},
		},
	}
}

func TestTableLookups(t *testing.T) {
	t.Parallel()
	table := teams()
	for _, test := range []struct {
		name                                string
		column, unique, check, key, isIndex bool
	}{
		{name: "id", column: true},
		{name: "code", column: true, isIndex: true},
		{name: "u", unique: true},
		{name: "n", check: true},
		{name: "self", key: true},
		{name: "U"},
		{name: ""},
	} {
		column, isColumn := table.Column(test.name)
		unique, isUnique := table.Unique(test.name)
		check, isCheck := table.Check(test.name)
		key, isKey := table.ForeignKey(test.name)
		index, isIndex := table.Index(test.name)
		for _, lookup := range []struct {
			what, found string
			got, want   bool
		}{
			{"column", column.Name, isColumn, test.column},
			{"unique constraint", unique.Name, isUnique, test.unique},
			{"check", check.Name, isCheck, test.check},
			{"foreign key", key.Name, isKey, test.key},
			{"index", index.Name, isIndex, test.isIndex},
		} {
			if lookup.got != lookup.want {
				t.Errorf("%s %q: got found %t, want %t", lookup.what, test.name, lookup.got, lookup.want)
			}
			if lookup.want && lookup.found != test.name {
				t.Errorf("%s: got %q, want %q", lookup.what, lookup.found, test.name)
			}
		}
	}
}

func TestIsKey(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		columns []string
		want    bool
	}{
		{[]string{"id"}, true},
		{[]string{"name", "code"}, true},
		{[]string{"code", "name"}, true},
		{[]string{"code"}, true},
		{[]string{"name"}, false},                 // a part of a unique constraint
		{[]string{"size"}, false},                 // a partial unique index
		{[]string{"boss", ""}, false},             // an index that is not unique
		{[]string{"id", "name"}, false},           // more than a key
		{[]string{"name", "code", "code"}, false}, // a column twice
	} {
		if got := teams().IsKey(test.columns); got != test.want {
			t.Errorf("%v: got %t, want %t", test.columns, got, test.want)
		}
	}
}

func TestIndexColumns(t *testing.T) {
	t.Parallel()
	index, _ := teams().Index("lower")
	if got, want := index.Columns(), []string{"boss", ""}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for column, want := range map[string]bool{"boss": true, "name": false, "size": false} {
		if got := index.Covers(column); got != want {
			t.Errorf("covers %s: got %t, want %t", column, got, want)
		}
	}
}

// TestUses checks what uses a column, in the order of Names: foreign keys, checks, unique constraints, indexes.
func TestUses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		column     string
		primaryKey bool
		names      []string
	}{
		{"id", true, []string{"self"}}, // not k, which references another table's id
		{"name", false, []string{"n", "u", "lower"}},
		{"boss", false, []string{"k", "some", "lower"}},
		{"code", false, []string{"u", "code"}},
		{"size", false, []string{"self", "c", "some", "lower"}},
		{"none", false, nil},
	} {
		uses := teams().Uses(test.column)
		if got := uses.Names(); !slices.Equal(got, test.names) {
			t.Errorf("%s: got %q, want %q", test.column, got, test.names)
		}
		if uses.PrimaryKey != test.primaryKey {
			t.Errorf("%s is in the primary key: got %t, want %t", test.column, uses.PrimaryKey, test.primaryKey)
		}
	}
}

func TestSchemaLookups(t *testing.T) {
	t.Parallel()
	s := schema.New(teams(), schema.Table{Name: "users", Indexes: []schema.Index{{Name: "by_age"}}})
	if got, want := s.Names(), []string{"teams", "users"}; !slices.Equal(got, want) {
		t.Errorf("names: got %q, want %q", got, want)
	}
	if table, ok := s.Table("guests"); ok || table.Name != "" {
		t.Errorf("an unknown table: got %q, %t; want nothing, false", table.Name, ok)
	}
	for _, test := range []struct{ index, except, want string }{
		{"u", "", "teams"}, {"code", "", "teams"}, {"by_age", "", "users"}, {"by_age", "teams", "users"},
		{"by_age", "users", ""}, {"u", "teams", ""}, {"teams", "", ""}, {"c", "", ""},
	} {
		got, ok := s.IndexOwner(test.index, test.except)
		if got != test.want || ok != (test.want != "") {
			t.Errorf("owner of %s except %q: got %q, %t, want %q", test.index, test.except, got, ok, test.want)
		}
	}
	for name, want := range map[string]bool{
		"teams": true, "TEAMS": true, "u": true, "By_Age": true, "c": false, "k": false, "size": false, "": false,
	} {
		if got := s.HasName(name); got != want {
			t.Errorf("has the name %q: got %t, want %t", name, got, want)
		}
	}
	for table, want := range map[string][]string{"teams": {"teams.self"}, "users": {"teams.k"}, "guests": nil} {
		var got []string
		for _, r := range s.References(table) {
			got = append(got, r.Table+"."+r.Key.Name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("references to %s: got %q, want %q", table, got, want)
		}
	}
}

// TestCloneSharesNoMemory changes every slice of a clone, and checks that the original table stays the same.
func TestCloneSharesNoMemory(t *testing.T) {
	t.Parallel()
	table := teams()
	clone := table.Clone()
	clone.Columns[0].Name = "x"
	clone.PrimaryKey.Columns[0] = "x"
	clone.Uniques[0].Columns[0] = "x"
	clone.Checks[0].Name = "x"
	clone.ForeignKeys[0].Columns[0] = "x"
	clone.ForeignKeys[0].RefColumns[0] = "x"
	clone.Indexes[0].Keys[0].Column = "x"
	if !schema.Equal(schema.New(table), schema.New(teams())) {
		t.Errorf("got %+v, want %+v", table, teams())
	}
	if got := (schema.Table{}).Clone(); got.Uniques != nil || got.Indexes != nil {
		t.Errorf("the clone of an empty table: got %+v, want nil constraints and indexes", got)
	}
}
