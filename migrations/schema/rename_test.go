package schema_test

import (
	"fmt"
	"testing"

	"guestlist/migrations/schema"
)

// TestRenameColumnEverywhere renames a column that each part of two tables names.
func TestRenameColumnEverywhere(t *testing.T) {
	t.Parallel()
	users := func(id string) schema.Table {
		return schema.Table{
			Name: "users",
			Columns: []schema.Column{
				{Name: id}, {Name: "age"}, {Name: "twice", Generated: quoted(id) + " * 2"},
			},
			PrimaryKey: schema.PrimaryKey{Columns: []string{id}},
			Uniques:    []schema.Unique{{Name: "u", Columns: []string{"age", id}}},
			Checks:     []schema.Check{{Name: "c", Expression: quoted(id) + " > age"}},
			ForeignKeys: []schema.ForeignKey{
				{Name: "self", Columns: []string{"age"}, RefTable: "users", RefColumns: []string{id}},
				{Name: "to", Columns: []string{id}, RefTable: "people", RefColumns: []string{"id"}},
			},
			Indexes: []schema.Index{{
				Name: "i", Keys: []schema.IndexKey{{Column: "age"}, {Column: id}, {Expression: "abs(" + quoted(id) + ")"}},
				Where: quoted(id) + " > 1", Option: "INCLUDE (" + quoted(id) + ")",
			}},
		}
	}
	guests := func(id string) schema.Table {
		return schema.Table{Name: "guests", Columns: []schema.Column{{Name: "id"}}, ForeignKeys: []schema.ForeignKey{
			{Name: "k", Columns: []string{"id"}, RefTable: "users", RefColumns: []string{id}},
			{Name: "other", Columns: []string{"id"}, RefTable: "people", RefColumns: []string{"id"}},
		}}
	}
	got := schema.New(users("id"), guests("id")).RenameColumn("users", "id", "new")
	if want := schema.New(users("new"), guests("new")); !schema.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got.Normal().Tables(), want.Normal().Tables())
	}
	if got := schema.New(users("id")).RenameColumn("none", "id", "new"); !schema.Equal(got, schema.New(users("id"))) {
		t.Errorf("a table that is not there: got %+v", got.Tables())
	}
}

func quoted(name string) string { return `"` + name + `"` }

func TestRenameTableEverywhere(t *testing.T) {
	t.Parallel()
	tables := func(users string) schema.Schema {
		return schema.New(
			schema.Table{Name: users, Columns: []schema.Column{{Name: "id"}},
				Checks: []schema.Check{{Name: "c", Expression: quoted(users) + ".id > 0"}},
				ForeignKeys: []schema.ForeignKey{
					{Name: "self", Columns: []string{"id"}, RefTable: users, RefColumns: []string{"id"}},
				}},
			schema.Table{Name: "guests", ForeignKeys: []schema.ForeignKey{
				{Name: "k", RefTable: users}, {Name: "other", RefTable: "people"},
			}},
		)
	}
	got := tables("users").RenameTable("users", "accounts")
	if want := tables("accounts"); !schema.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got.Normal().Tables(), want.Normal().Tables())
	}
	if got := tables("users").RenameTable("none", "accounts"); !schema.Equal(got, tables("users")) {
		t.Errorf("a table that is not there: got %+v", got.Tables())
	}
}

func TestRenamed(t *testing.T) {
	t.Parallel()
	column := schema.Column{Name: "a", Generated: "a + b",
		Type: schema.Type{Kind: schema.Verbatim, SQL: schema.Both("int CHECK (a > 0)")}}
	renamed := column.Renamed("c")
	got := fmt.Sprint(renamed.Name, ": ", renamed.Generated, ": ", renamed.Type)
	if want := `c: "c" + b: int CHECK ("c" > 0)`; got != want {
		t.Errorf("a column: got %s, want %s", got, want)
	}
	table := schema.Table{Name: "a", Checks: []schema.Check{{Name: "k", Expression: "a.a > app.a.b"}}}.Renamed("c")
	got = table.Name + ": " + table.Checks[0].Expression
	if want := `c: "c".a > app."c".b`; got != want {
		t.Errorf("a table: got %s, want %s", got, want)
	}
}

func TestSubstituteAndUnqualify(t *testing.T) {
	t.Parallel()
	const want = `(b) + (b) + a.b + a(1) + 'a'`
	if got := schema.Substitute(`a + "a" + a.b + a(1) + 'a'`, "a", "(b)"); got != want {
		t.Errorf("substitute: got %s, want %s", got, want)
	}
	for expression, want := range map[string]string{
		"users.a > Users.b":     "a > b",
		`"users"."a" > "U".b`:   `"a" > "U".b`,
		"users > 'users.'":      "users > 'users.'",
		"guests.users > users.": "guests.users > ",
	} {
		if got := schema.Unqualify(expression, "users"); got != want {
			t.Errorf("unqualify %s: got %s, want %s", expression, got, want)
		}
	}
}

// TestNamesAfterValues names what comes after a value, which is a keyword and no column.
func TestNamesAfterValues(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string]bool{
		`"a" b`: false, "'a' b": false, "f(a) b": false, "a[1] b": false, "a b": false, "b b": true,
		`"a" AND b`: true, "'a' = b": true, "b 'a'": false, "a::b": false, "a : : b": true, ":b": true, "::b": false,
		`a COLLATE "b"`: false, "CAST(a AS b)": false, "(b)": true, "b[1]": true,
	} {
		if got := schema.Mentions(expression, "b"); got != want {
			t.Errorf("%s: got %t, want %t", expression, got, want)
		}
	}
}
