package cli

import (
	"strings"
	"testing"
)

// Migration is a model with the table in which gormigrate keeps its ids.
type Migration struct{ ID int64 }

func TestModelOfTheAppliedTable(t *testing.T) {
	t.Parallel()
	w := newTestProject(t)
	w.env.Models = []any{&Migration{}}
	w.want("Error: model cli.Migration: its table migrations has the name of the table where the applied revisions are"+
		" recorded: give the model another table with TableName, or set VersionTable in migrations.Environment\n"+
		"correct the model, and rebuild the program\n", "migrate")
}

// TestIndexAndConstraintOfOneName creates, changes and drops indexes that share their names with a check or a foreign
// key.
func TestIndexAndConstraintOfOneName(t *testing.T) {
	t.Parallel()
	type Company struct{ ID int64 }
	type Person struct {
		ID        int64
		CompanyID int64   `gorm:"index:of_company"`
		Company   Company `gorm:"constraint:of_company,OnDelete:CASCADE"`
		Age       int     `gorm:"index:age;check:age,age > 0"`
	}
	first := []any{&Company{}, &Person{}}
	w := newTestProject(t)
	w.migrateAndCompile("a", first)
	w.env.Models = first
	w.run("upgrade")
	w.want("No new upgrade operations detected.\nNo drift detected.\n", "check")
	{
		type Person struct {
			ID        int64
			CompanyID int64   `gorm:"index:in_company"`
			Company   Company `gorm:"constraint:in_company,OnDelete:CASCADE"`
			Age       int     `gorm:"check:age,age > 1"`
		}
		text := w.migrateAndCompile("b", []any{&Company{}, &Person{}}, "people.of_company=in_company")
		for _, line := range []string{`m.RenameIndex("of_company", "in_company", "people")`,
			`m.RenameConstraint("of_company", "in_company", "people")`, `m.DropIndex("age", "people")`} {
			if !strings.Contains(text, line) {
				t.Errorf("%s is not in\n%s", line, text)
			}
		}
	}
	{
		type Person struct {
			ID        int64
			CompanyID int64
			Company   Company `gorm:"constraint:in_company,OnDelete:CASCADE"`
		}
		w.migrateAndCompile("c", []any{&Company{}, &Person{}})
	}
	for _, arguments := range [][]string{{"upgrade"}, {"downgrade", "--yes", "base"}, {"upgrade"}} {
		if got := w.run(arguments...); strings.Contains(got, "Error") {
			t.Fatalf("db %v prints\n%s", arguments, got)
		}
	}
	w.want("No new upgrade operations detected.\nNo drift detected.\n", "check")
}
