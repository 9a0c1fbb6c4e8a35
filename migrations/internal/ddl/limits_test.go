package ddl

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// TestNameLimit checks that PostgreSQL's limit of 63 bytes holds for each name exactly, and for each part of a
// qualified one.
func TestNameLimit(t *testing.T) {
	t.Parallel()
	base, err := op.ApplyAll(schema.Schema{}, op.Record(func(m *op.Migration) {
		m.CreateTable("users", op.Column("a", op.Int(64)))
		m.CreateIndex("idx", "users", "a")
	}))
	if err != nil {
		t.Fatal(err)
	}
	for kind, change := range map[string]func(m *op.Migration, name string){
		"table":       func(m *op.Migration, name string) { m.CreateTable(name, op.Column("a", op.Int(64))) },
		"schema":      func(m *op.Migration, name string) { m.CreateTable(name+".users", op.Column("a", op.Int(64))) },
		"in a schema": func(m *op.Migration, name string) { m.CreateTable("app."+name, op.Column("a", op.Int(64))) },
		"new name":    func(m *op.Migration, name string) { m.RenameTable("users", name) },
		"column":      func(m *op.Migration, name string) { m.AddColumn("users", op.Column(name, op.Int(64))) },
		"renamed":     func(m *op.Migration, name string) { m.RenameColumn("users", "a", name) },
		"index":       func(m *op.Migration, name string) { m.CreateIndex(name, "users", "a") },
		"index again": func(m *op.Migration, name string) { m.RenameIndex("idx", name, "users") },
		"unique":      func(m *op.Migration, name string) { m.AddUnique(name, "users", "a") },
		"check":       func(m *op.Migration, name string) { m.AddCheck(name, "users", "a > 0") },
		"primary key": func(m *op.Migration, name string) { m.AddPrimaryKey("users", "a").Named(name) },
	} {
		for _, letter := range []string{"x", "é"} {
			fits := strings.Repeat(letter, 63/len(letter))
			fits += strings.Repeat("y", 63-len(fits))
			long := fits + "z"
			for name, want := range map[string]string{
				fits: "", long: fmt.Sprintf("the name %q has 64 bytes, and PostgreSQL allows 63: give it a shorter one", long),
			} {
				o := op.Record(func(m *op.Migration) { change(m, name) })[0]
				if want != "" {
					want = o.String() + ": " + want
				}
				if _, err := Statements(schema.Postgres, o, base); errorText(err) != want {
					t.Errorf("%s of %d bytes: got error %q, want %q", kind, len(name), errorText(err), want)
				}
				if _, err := Statements(schema.SQLite, o, base); err != nil {
					t.Errorf("%s of %d bytes on SQLite: got error %v, want none", kind, len(name), err)
				}
			}
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestGeneratedNameLimit checks that names which PostgreSQL generates are shortened to 63 bytes as it does.
func TestGeneratedNameLimit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ table, want string }{
		{strings.Repeat("t", 58), strings.Repeat("t", 58) + "_pkey"},
		{strings.Repeat("t", 59), strings.Repeat("t", 58) + "_pkey"},
		{strings.Repeat("t", 63), strings.Repeat("t", 58) + "_pkey"},
		{strings.Repeat("é", 29), strings.Repeat("é", 29) + "_pkey"},
		{strings.Repeat("é", 30), strings.Repeat("é", 29) + "_pkey"},
		{"t" + strings.Repeat("é", 29), "t" + strings.Repeat("é", 28) + "_pkey"},
	} {
		before, err := op.ApplyAll(schema.Schema{}, op.Record(func(m *op.Migration) {
			m.CreateTable(test.table, op.Column("a", op.Int(64)).NotNull(), op.PrimaryKey("a"))
		}))
		if err != nil {
			t.Fatal(err)
		}
		statements, err := Statements(schema.Postgres, &op.DropPrimaryKey{Table: test.table}, before)
		if err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprintf("ALTER TABLE %q DROP CONSTRAINT %q;", test.table, test.want)
		if len(statements) != 1 || statements[0].String() != want {
			t.Errorf("got %v, want %s", statements, want)
		}
	}
	a, b := strings.Repeat("a", 40), strings.Repeat("b", 40)
	table := schema.Table{Name: a, Columns: []schema.Column{
		{Name: b, Type: op.Type("int UNIQUE CHECK (" + b + " > 0) CHECK (" + b + " < 9)")},
	}}
	want := []string{a[:29] + "_" + b[:29] + "_key", a[:28] + "_" + b[:28] + "_check", a[:28] + "_" + b[:27] + "_check1"}
	if got := GeneratedNames(table); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestGeneratedNames checks the names of constraints inside types: merged ones have none, and a given one is not
// generated.
func TestGeneratedNames(t *testing.T) {
	t.Parallel()
	for columnType, want := range map[string]string{
		"int":                                          "",
		"int UNIQUE":                                   "t_a_key",
		"int UNIQUE UNIQUE":                            "t_a_key",
		"int PRIMARY KEY UNIQUE":                       "t_pkey",
		"int CONSTRAINT t_a_key UNIQUE":                "",
		"int CHECK (a > 0) CHECK (a < 9)":              "t_a_check t_a_check1",
		"int CHECK (a > b)":                            "t_check",
		"int CHECK (b > 0)":                            "t_b_check",
		"int CHECK (1 > 0)":                            "t_check",
		"int check (check_ > 0)":                       "t_check",
		"int REFERENCES t (b)":                         "t_a_fkey",
		"int GENERATED ALWAYS AS IDENTITY":             "",
		"int CONSTRAINT x CHECK (a > 0) CHECK (a > 1)": "t_a_check",
		"int CONSTRAINT t_a_check CHECK (a > 0) CHECK (a > 1)": "t_a_check1",
	} {
		table := schema.Table{Name: "app.t", Columns: []schema.Column{
			{Name: "a", Type: op.Type(columnType)}, {Name: "b", Type: op.Int(32)},
		}}
		if got := strings.Join(GeneratedNames(table), " "); got != want {
			t.Errorf("%s: got %q, want %q", columnType, got, want)
		}
	}
	table := schema.Table{
		Name: "t", Columns: []schema.Column{{Name: "a", Type: op.Type("int UNIQUE PRIMARY KEY")},
			{Name: "b", Type: op.Type("int UNIQUE")}, {Name: "c", Type: op.Type("int UNIQUE")}},
		PrimaryKey: schema.PrimaryKey{Columns: []string{"a"}},
		Uniques:    []schema.Unique{{Name: "uni", Columns: []string{"b"}}},
		Checks:     []schema.Check{{Name: "t_c_key", Expression: "a > 0"}},
		ForeignKeys: []schema.ForeignKey{
			{Name: "t_c_key1", Columns: []string{"a"}, RefTable: "t", RefColumns: []string{"b"}},
		},
		Indexes: []schema.Index{{Name: "t_c_key2", Keys: []schema.IndexKey{{Column: "c"}}}},
	}
	if got, want := GeneratedNames(table), []string{"t_c_key3"}; !slices.Equal(got, want) {
		t.Errorf("got %q beside other names, want %q", got, want)
	}
}

// TestRunWithoutCode checks that a data step that the program does not have is refused.
func TestRunWithoutCode(t *testing.T) {
	t.Parallel()
	db := newServer(t, schema.SQLite).open(t)
	o := op.Record(func(m *op.Migration) { m.Run(nil).Named("fill") })[0]
	_, err := Execute(t.Context(), db.DB, o, schema.Schema{})
	if want := "run data step: fill: there is no code to run"; errorText(err) != want {
		t.Errorf("got error %q, want %q", errorText(err), want)
	}
}
