package autogen_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/autogen"
	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// squash drafts a revision that replaces a line of revisions, except the first ones.
func squash(t *testing.T, below int, does ...func(m *op.Migration)) autogen.Draft {
	t.Helper()
	var all []revision.Revision
	for i, do := range does {
		r := revision.Revision{ID: fmt.Sprintf("r%03d", i), File: fmt.Sprintf("r%03d.go", i), Upgrade: do,
			Downgrade: func(*op.Migration) {}}
		if i > 0 {
			r.DownRevision = []string{all[i-1].ID}
		}
		all = append(all, r)
	}
	history, err := runner.NewHistory(runner.DefaultTable, all)
	if err != nil {
		t.Fatal(err)
	}
	s, err := history.Graph.Squash("s", graph.Range{Lower: all[below].ID})
	if err != nil {
		t.Fatal(err)
	}
	d, err := autogen.Squash(history, s, true)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func createThings(m *op.Migration) {
	m.CreateTable("things", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("name", op.Text()))
}

func createOthers(m *op.Migration) { m.CreateTable("others", op.Column("id", op.Int(64)).PrimaryKey()) }

func renameOthers(m *op.Migration) { m.RenameTable("others", "more") }

func renameName(m *op.Migration) {
	m.RenameColumn("things", "name", "title")
	m.AlterColumn("things", "title").Type(op.String(9))
}

// TestSquashFolds checks which operations are folded and which stay.
func TestSquashFolds(t *testing.T) {
	t.Parallel()
	sql := func(text string) func(m *op.Migration) { return func(m *op.Migration) { m.SQL(text) } }
	renamed := []string{"rename column things.name to title", "alter column things.title type string(9)"}
	for name, test := range map[string]struct {
		below int
		does  []func(m *op.Migration)
		want  []string
	}{
		"a new table":       {0, []func(m *op.Migration){createThings, renameName}, []string{"create table things"}},
		"a table with rows": {1, []func(m *op.Migration){createThings, renameName, nothing}, renamed},
		"rows that SQL adds": {0, []func(m *op.Migration){createThings, sql("INSERT INTO things (id) VALUES (1)"),
			renameName}, slices.Concat([]string{"create table things", "execute INSERT INTO things (id) VALUES (1)"}, renamed)},
		"rows of others": {0, []func(m *op.Migration){createThings, createOthers, sql("INSERT INTO Others (id) VALUES (1)"),
			renameName, renameOthers}, []string{
			"create table others", "create table things", "execute INSERT INTO Others (id) VALUES (1)",
			"add column things.title string(9)", "drop column things.name", "rename table others to more",
		}},
		"rows of a trigger": {0, []func(m *op.Migration){createThings, sql("CREATE TRIGGER …"), createOthers,
			sql("UPDATE things SET id = 2"), renameOthers}, []string{
			"create table things", "execute CREATE TRIGGER …", "create table others", "execute UPDATE things SET id = 2",
			"rename table others to more",
		}},
		"another column of the name, and a type far away": {0,
			[]func(m *op.Migration){createThings, sql("UPDATE things SET id = 2"), func(m *op.Migration) {
				m.DropColumn("things", "name")
				m.AddColumn("things", op.Column("name", op.Time()))
				m.AlterColumn("things", "id").Type(op.Text())
				m.AlterColumn("things", "id").Type(op.Time())
			}}, []string{
				"create table things", "execute UPDATE things SET id = 2", "drop column things.name", "add column things.name time",
				"alter column things.id type text", "alter column things.id type time",
			}},
		"rows that it might": {0, []func(m *op.Migration){createThings, sql("SELECT 1"), renameName},
			slices.Concat([]string{"create table things", "execute SELECT 1"}, renamed)},
		"rows that it may not": {0, []func(m *op.Migration){createThings, sql("UPDATE things SET id = 2; DELETE FROM things"),
			renameName}, []string{
			"create table things", "execute UPDATE things SET id = 2; DELETE FROM things",
			"add column things.title string(9)", "drop column things.name",
		}},
		"a table that goes": {1, []func(m *op.Migration){createThings, renameName,
			func(m *op.Migration) { m.DropTable("things") }, createThings}, append(
			slices.Clone(renamed), "drop table things", "create table things")},
		"an index": {1, []func(m *op.Migration){createThings, func(m *op.Migration) {
			m.CreateIndex("idx", "things", "name").
				Concurrently()
		}, nothing}, []string{
			"create index idx on things (name)"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := squash(t, test.below, test.does...)
			var got []string
			for _, o := range diff.Operations(d.Plan.Upgrade) {
				got = append(got, strings.TrimSpace(o.String()))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func nothing(*op.Migration) {}

// TestSquashOfBatches checks that SQL in batches becomes SQL for the whole table, and Go code in batches is left out.
func TestSquashOfBatches(t *testing.T) {
	t.Parallel()
	all := []revision.Revision{
		{ID: "a", Upgrade: createThings},
		{ID: "b", DownRevision: []string{"a"}, NoTransaction: true, Upgrade: func(m *op.Migration) {
			m.BatchesSQL("things", 100, "UPDATE things SET name = 'x' WHERE {rows} AND name IS NULL")
			m.Batches("things", 100, func(*gorm.DB, op.Batch) error { return nil })
		}},
	}
	history, err := runner.NewHistory(runner.DefaultTable, all)
	if err != nil {
		t.Fatal(err)
	}
	s, err := history.Graph.Squash("s", graph.Range{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := autogen.Squash(history, s, false); err == nil ||
		!strings.Contains(err.Error(), "run data step in batches") {
		t.Errorf("got error %v, want Go code as an obstacle", err)
	}
	d, err := autogen.Squash(history, s, true)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"create table things", "execute UPDATE things SET name = 'x' WHERE true AND name IS NULL"}
	var got []string
	for _, o := range diff.Operations(d.Plan.Upgrade) {
		got = append(got, o.String())
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestSquashThatSQLiteCannotTry squashes SQL that only PostgreSQL accepts.
func TestSquashThatSQLiteCannotTry(t *testing.T) {
	t.Parallel()
	d := squash(t, 0, createThings, func(m *op.Migration) { m.SQL("SELECT setval('things_id_seq', 7)") })
	warnings, err := autogen.Try(t.Context(), autogen.Memory(), d)
	if err != nil || len(warnings) != 1 ||
		!strings.HasPrefix(warnings[0], "not tried, as SQLite does not support what the revisions do: ") {
		t.Errorf("got %q and error %v, want a warning that it was not tried", warnings, err)
	}
}
