package diff_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// warnedTables creates the tables on which the scenarios of TestWarningsGolden run.
func warnedTables(m *op.Migration) {
	m.CreateTable("teams", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("name", op.Text()),
		op.Unique("uni_name", "name"))
	m.CreateTable("users", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("a", op.Int(64)),
		op.Column("b", op.Text()), op.Column("c", op.Float(64)), op.Column("n", op.Int(64)).NotNull(),
		op.Column("team_id", op.Int(64)), op.Column("Odd \"x", op.Int(64)),
		op.Unique("uni_n", "n"), op.Unique("uni_ab", "a", "b"), op.Check("chk_a", "a > 0"),
		op.ForeignKey("fk_team", "team_id").References("teams", "id"))
	m.CreateIndex("idx_c", "users", "c").Unique().Where("c > 1")
	m.CreateTable("pairs", op.Column("p", op.Int(64)), op.Column("q", op.Int(64)), op.PrimaryKey("p", "q"))
	m.CreateTable("app.Free", op.Column("x", op.Int(64)), op.Column("y", op.Text()))
}

// TestWarningsGolden compares every field of the warnings of each scenario with the golden files, in both directions.
func TestWarningsGolden(t *testing.T) {
	t.Parallel()
	from, err := op.ApplyAll(schema.Schema{}, op.Record(warnedTables))
	if err != nil {
		t.Fatal(err)
	}
	for name, scenarios := range map[string][]scenario{
		"columns": columnScenarios(), "types": typeScenarios(), "keys": keyScenarios(), "constraints": ruleScenarios(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			for _, s := range scenarios {
				fmt.Fprintf(&b, "# %s\n", s.name)
				operations := op.Record(s.change)
				to, err := op.ApplyAll(from, operations)
				if err != nil {
					t.Fatalf("%s: %v", s.name, err)
				}
				p, err := diff.PlanOf(from, to, operations)
				if err != nil {
					t.Fatalf("%s: %v", s.name, err)
				}
				describe(&b, "up", p.Upgrade)
				describe(&b, "down", p.Downgrade)
			}
			compareGolden(t, filepath.Join("testdata", "warnings", name+".golden"), b.String())
		})
	}
}

type scenario struct {
	name   string
	change func(m *op.Migration)
}

// describe writes the operations with every field of their warnings that is set.
func describe(b *strings.Builder, direction string, steps []diff.Step) {
	for _, s := range steps {
		fmt.Fprintf(b, "%s: %s\n", direction, s.Operation)
		for _, w := range s.Warnings {
			fmt.Fprintf(b, "\t%s\n\t\t%s\n", w.Text, w.Advice)
			for _, field := range [][2]string{
				{"code", w.Code}, {"postgres", w.Query.Postgres}, {"sqlite", w.Query.SQLite}, {"only", string(w.Only)},
			} {
				if field[1] != "" {
					fmt.Fprintf(b, "\t\t%s: %s\n", field[0], field[1])
				}
			}
		}
	}
}

func compareGolden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func columnScenarios() []scenario {
	add := func(c op.ColumnDef) func(m *op.Migration) {
		return func(m *op.Migration) { m.AddColumn("users", c) }
	}
	column := func() op.ColumnDef { return op.Column("d", op.Int(64)) }
	return []scenario{
		{"nullable", add(column())},
		{"not null", add(column().NotNull())},
		{"not null with a default", add(column().NotNull().Default(1))},
		{"not null, default null", add(column().NotNull().Default(nil))},
		{"numbered", add(column().NotNull().AutoIncrement())},
		{"serial", add(op.Column("d", op.Type("bigserial NOT NULL")))},
		{"identity", add(column().NotNull().Generated("identity"))},
		{"computed", add(column().Generated("a * 2"))},
		{"computed, not null", add(column().Generated("a * 2").NotNull())},
		{"computed of a new column, not null", func(m *op.Migration) {
			m.AddColumn("users", op.Column("e", op.Int(64)).Default(7))
			m.AddColumn("users", op.Column("d", op.Type("bigint GENERATED ALWAYS AS (e * 2) STORED")).NotNull())
		}},
		{"computed on both databases, not null", add(op.Column("d",
			op.Type("bigint GENERATED ALWAYS AS (a * 2) STORED")).NotNull())},
		{"not null on a new table", func(m *op.Migration) {
			m.CreateTable("pets", op.Column("id", op.Int(64)).PrimaryKey())
			m.AddColumn("pets", column().NotNull())
			m.AlterColumn("pets", "id").Type(op.Int(32))
		}},
		{"not null on a new table after SQL", func(m *op.Migration) {
			m.CreateTable("pets", op.Column("id", op.Int(64)).PrimaryKey())
			m.SQL("INSERT INTO pets VALUES (1)").Undo("SELECT 1")
			m.AddColumn("pets", column().NotNull())
		}},
		{"drop a column", func(m *op.Migration) { m.DropColumn("users", "a") }},
		{"drop a computed column", func(m *op.Migration) {
			m.AddColumn("users", column().Generated("a * 2"))
			m.DropColumn("users", "d")
		}},
		{"drop a table", func(m *op.Migration) { m.DropTable("users") }},
		{"drop a referenced table", func(m *op.Migration) {
			m.DropForeignKey("fk_team", "users")
			m.DropTable("teams")
		}},
		{"drop a referenced table and the column", func(m *op.Migration) {
			m.DropForeignKey("fk_team", "users")
			m.DropTable("teams")
			m.DropColumn("users", "team_id")
		}},
		{"drop a referenced table and then the other", func(m *op.Migration) {
			m.DropForeignKey("fk_team", "users")
			m.DropTable("teams")
			m.DropTable("users")
		}},
		{"drop a table referenced by a new column", func(m *op.Migration) {
			m.AddColumn("app.Free", column())
			m.AddForeignKey("fk_free", "app.Free", "d").References("teams", "id")
			m.DropForeignKey("fk_team", "users")
			m.DropForeignKey("fk_free", "app.Free")
			m.DropTable("teams")
		}},
		{"drop a table referenced by a new table", func(m *op.Migration) {
			m.CreateTable("pets", column())
			m.AddForeignKey("fk_pets", "pets", "d").References("teams", "id")
			m.DropForeignKey("fk_pets", "pets")
			m.DropForeignKey("fk_team", "users")
			m.DropColumn("users", "team_id")
			m.DropTable("teams")
		}},
		{"forbid NULL", func(m *op.Migration) { m.AlterColumn("users", "a").NotNull() }},
		{"forbid NULL in a key", func(m *op.Migration) { m.AlterColumn("users", "id").NotNull() }},
		{"forbid NULL by a check", func(m *op.Migration) {
			m.AddCheck("chk_null", "users", "c IS NOT NULL")
			m.AlterColumn("users", "c").NotNull()
		}},
		{"forbid NULL in a new column", func(m *op.Migration) {
			m.AddColumn("users", column())
			m.AlterColumn("users", "d").NotNull()
		}},
		{"allow NULL", func(m *op.Migration) { m.AlterColumn("users", "n").Nullable() }},
		{"number rows", func(m *op.Migration) { m.AlterColumn("users", "a").AutoIncrement() }},
		{"number rows, not null", func(m *op.Migration) { m.AlterColumn("users", "n").AutoIncrement() }},
		{"a default", func(m *op.Migration) { m.AlterColumn("users", "a").Default(1) }},
	}
}
