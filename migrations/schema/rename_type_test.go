package schema_test

import (
	"testing"

	"guestlist/migrations/schema"
)

// TestRenamesInTypes checks that a rename changes names in the clauses of a type, and nothing else in it.
func TestRenamesInTypes(t *testing.T) {
	t.Parallel()
	column := func(s schema.Schema) schema.Schema { return s.RenameColumn("app.users", "name", "full_name") }
	table := func(s schema.Schema) schema.Schema { return s.RenameTable("app.users", "app.people") }
	for _, test := range []struct {
		rename     func(schema.Schema) schema.Schema
		text, want string
	}{
		{column, "text CHECK (name <> 'name')", `text CHECK ("full_name" <> 'name')`},
		{column, "text CHECK(Name <> '' /* name */) -- name", `text CHECK("full_name" <> '' /* name */) -- name`},
		{column, `text CHECK ("Name" <> name::name)`, `text CHECK ("Name" <> "full_name"::name)`},
		{column, "int GENERATED ALWAYS AS (length(name) * 2) STORED",
			`int GENERATED ALWAYS AS (length("full_name") * 2) STORED`},
		{column, "int AS (name)", `int AS ("full_name")`},
		{column, "text CHECK(name > 'a')CHECK(name < 'n')", `text CHECK("full_name" > 'a')CHECK("full_name" < 'n')`},
		{column, "name CONSTRAINT name UNIQUE DEFAULT 'name'", "name CONSTRAINT name UNIQUE DEFAULT 'name'"},
		{column, `text COLLATE "name" CHECK (name > '' COLLATE name)`,
			`text COLLATE "name" CHECK ("full_name" > '' COLLATE name)`},
		{column, "text REFERENCES app.users (name) NOT NULL", `text REFERENCES app.users ("full_name") NOT NULL`},
		{column, `text REFERENCES "app" . "users"(name)`, `text REFERENCES "app" . "users"("full_name")`},
		{column, "text REFERENCES users (name)", "text REFERENCES users (name)"},
		{column, "text REFERENCES app.users (id)", "text REFERENCES app.users (id)"},
		{column, "text REFERENCES app.users_name (name)", "text REFERENCES app.users_name (name)"},
		{column, "text CHECK (", "text CHECK ("},
		{table, "text CHECK (users.name <> '')", `text CHECK ("people".name <> '')`},
		{table, "text CHECK (app.users.name <> users.users.name)", `text CHECK (app."people".name <> users."people".name)`},
		{table, "int GENERATED ALWAYS AS (users.name + users) STORED",
			`int GENERATED ALWAYS AS ("people".name + users) STORED`},
		{table, "text REFERENCES App.Users", `text REFERENCES "app"."people"`},
		{table, "text UNIQUE REFERENCES app . users (users) ON DELETE CASCADE",
			`text UNIQUE REFERENCES "app"."people" (users) ON DELETE CASCADE`},
		{table, "text REFERENCES other.users", "text REFERENCES other.users"},
		{table, "text REFERENCES", "text REFERENCES"},
	} {
		c := schema.Column{Name: "name",
			Type: schema.Type{Kind: schema.Verbatim, SQL: schema.SQL{Postgres: "int", SQLite: test.text}}}
		after := test.rename(schema.New(schema.Table{Name: "app.users", Columns: []schema.Column{c}}))
		if got := after.Tables()[0].Columns[0].Type.SQL; got.SQLite != test.want || got.Postgres != "int" {
			t.Errorf("%s: got %s, want %s", test.text, got.SQLite, test.want)
		}
	}
}

// TestRenamesInTypesOfOtherTables checks that a rename changes the REFERENCES in types of another table.
func TestRenamesInTypesOfOtherTables(t *testing.T) {
	t.Parallel()
	reference := schema.Type{Kind: schema.Verbatim, SQL: schema.Both("int REFERENCES users (id) CHECK (id > 0)")}
	before := schema.New(schema.Table{Name: "users"},
		schema.Table{Name: "pets", Columns: []schema.Column{{Name: "id", Type: reference}}})
	after := before.RenameColumn("users", "id", "number").RenameTable("users", "people")
	pets, _ := after.Table("pets")
	const want = `int REFERENCES "people" ("number") CHECK (id > 0)`
	if got := pets.Columns[0].Type.SQL; got != schema.Both(want) {
		t.Errorf("got %s, want %s", got, want)
	}
	if old, _ := before.Table("pets"); old.Columns[0].Type != reference {
		t.Errorf("the renames changed the original schema: got %s, want %s", old.Columns[0].Type, reference)
	}
}
