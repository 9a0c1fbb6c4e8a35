package ddl

import (
	"fmt"
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
