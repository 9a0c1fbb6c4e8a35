package render_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"guestlist/migrations/internal/render"
	"guestlist/migrations/internal/render/rendertest"
	"guestlist/migrations/op"
)

var update = flag.Bool("update", false, "write the golden files")

// TestFilesCompileAndRecordTheSame checks that files with every operation and option compile, and record the same
// operations.
func TestFilesCompileAndRecordTheSame(t *testing.T) {
	t.Parallel()
	files, want := map[string]string{}, map[string]rendertest.Directions{}
	for i, c := range everyOperation() {
		id := fmt.Sprintf("r%03d", i)
		operations := op.Record(c)
		var steps []render.Step
		for n, o := range operations {
			step := render.Step{Operation: o}
			if n%2 == 1 {
				step.Comments = []string{"a comment of o*/ne line\nand // another", strings.Repeat("many words ", 40)}
			}
			steps = append(steps, step)
		}
		text, err := render.File(render.Revision{ID: id, Message: "m", Upgrade: steps, Downgrade: steps})
		if err != nil {
			t.Fatal(err)
		}
		checkWidth(t, string(text))
		files[id], want[id] = string(text), rendertest.Directions{Upgrade: operations, Downgrade: operations}
	}
	rendertest.Check(t, files, want)
}

// checkWidth checks that comments in a function are wrapped.
func checkWidth(t *testing.T, text string) {
	t.Helper()
	for line := range strings.SplitSeq(text, "\n") {
		length := len([]rune(strings.ReplaceAll(line, "\t", "    ")))
		if length > 110 && strings.HasPrefix(strings.TrimSpace(line), "//") {
			t.Errorf("a comment has %d characters, want at most 110: %s", length, line)
		}
	}
}

// TestWrap renders statements that are too long for a line, compares them with a golden text, and compiles them.
func TestWrap(t *testing.T) {
	t.Parallel()
	record := func(m *op.Migration) {
		long := strings.TrimSpace(strings.Repeat("length(name) > 0 AND ", 10)) + " true"
		m.CreateTable("a_table_with_a_rather_long_name",
			op.Column("name", op.Text()).NotNull().Default(op.Expr("lower(some_function('a default that is computed'))")).
				Comment("a comment that says what the column is for, and when the program writes it"),
			op.Unique("uni_a_table_with_a_rather_long_name_organization_id_name_and_number", "organization_id", "name",
				"number"),
			op.Check("chk_a_table_with_a_rather_long_name_name_is_not_empty", "name <> '' AND name <> 'none' AND true"),
			op.Check("chk_name", long),
			op.Comment(strings.Repeat("größe ", 30)),
		)
		m.CreateIndex("idx_a_table_with_a_rather_long_name_organization_id_name", "a_table_with_a_rather_long_name",
			"organization_id", "name").Unique()
		m.CreateIndex("idx_expressions", "a_table_with_a_rather_long_name").
			On(op.Expr("lower(first_name)"), op.Expr("lower(last_name)"), op.Desc("created_at").Order("DESC NULLS LAST"))
		m.CreateIndex("idx_columns", "t", "column_number_one", "column_number_two", "column_number_three",
			"column_number_four", "column_number_five", "column_number_six")
		m.SQL("UPDATE a_table_with_a_rather_long_name\nSET name = 'x'\nWHERE \"name\" IS NULL").Undo(long)
		m.SQLFor(op.Dialects{Postgres: "SELECT \"a\" " + long, SQLite: "SELECT 1 WHERE " + long})
		m.AlterColumn("a_table_with_a_rather_long_name", "a_column_with_a_rather_long_name").Type(op.Int(64)).
			UsingFor(op.Dialects{Postgres: "round(a_column_with_a_rather_long_name)::bigint",
				SQLite: "CAST(round(x) AS integer)"})
	}
	var steps []render.Step
	for _, o := range op.Record(record) {
		steps = append(steps, render.Step{Operation: o})
	}
	steps[0].Comments = []string{"Find them: SELECT '" + strings.Repeat("a string ", 20) + "' FROM users"}
	r := render.Revision{
		ID: "a", Message: strings.Repeat("a long message ", 12), Notes: []string{strings.Repeat("note ", 40)},
		Down: slices.Repeat([]string{"3c9a51d2b0f4"}, 12), DependsOn: slices.Repeat([]string{"8f0c3f6d1a2b"}, 12),
		Safe: strings.Repeat("the table has ten rows ", 8), Upgrade: steps,
	}
	got, err := render.File(r)
	if err != nil {
		t.Fatal(err)
	}
	for n, line := range strings.Split(string(got), "\n") {
		if length := utf8.RuneCountInString(line); length > 120 {
			t.Errorf("line %d has %d characters, want at most 120: %s", n+1, length, line)
		}
	}
	golden := filepath.Join("testdata", "wrap.golden")
	if *update {
		if err := os.WriteFile(golden, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	rendertest.Check(t, map[string]string{"a": string(got)},
		map[string]rendertest.Directions{"a": {Upgrade: op.Record(record)}})
}
