package cli

import (
	"strings"
	"testing"

	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// TestOldProgram checks changes that an old program, according to lint, does not survive, or only if it keeps a rule. A
// write that succeeds before the change fails after it.
func TestOldProgram(t *testing.T) {
	t.Parallel()
	const book = "INSERT INTO books (id, title, shelf_id) VALUES (1, 'x', 1), (2, 'x', 1)"
	for kind, test := range map[string]struct {
		breaks bool
		change func(m *op.Migration)
		write  string
	}{
		"drop-table":    {true, func(m *op.Migration) { m.DropTable("notes") }, "INSERT INTO notes (id) VALUES (1)"},
		"drop-column":   {true, func(m *op.Migration) { m.DropColumn("books", "title") }, book},
		"rename-table":  {true, func(m *op.Migration) { m.RenameTable("books", "works") }, book},
		"rename-column": {true, func(m *op.Migration) { m.RenameColumn("books", "title", "name") }, book},
		"add-mandatory-column": {true, func(m *op.Migration) {
			m.AddColumn("books", op.Column("pages", op.Int(64)).NotNull())
		}, book},
		"set-not-null": {false, func(m *op.Migration) { m.AlterColumn("books", "title").NotNull() },
			"INSERT INTO books (id, shelf_id) VALUES (1, 1)"},
		"add-unique": {false, func(m *op.Migration) { m.CreateIndex("u", "books", "title").Unique() }, book},
		"add-check":  {false, func(m *op.Migration) { m.AddCheck("c", "books", "title <> 'x'") }, book},
		"add-foreign-key": {false, func(m *op.Migration) {
			m.AddForeignKey("f", "books", "shelf_id").References("shelves", "id")
		}, book},
		"drop-unique": {false, func(m *op.Migration) { m.DropIndex("once", "notes") },
			"INSERT INTO notes (id) VALUES (1) ON CONFLICT (number) DO NOTHING"},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			w := newTestProject(t)
			library(w, test.change)
			w.run("upgrade", "aaaa")
			if err := w.db.Exec(test.write).Error; err != nil {
				t.Fatalf("before the change: %v", err)
			}
			for _, table := range []string{"books", "notes"} {
				if err := w.db.Exec("DELETE FROM " + table).Error; err != nil {
					t.Fatal(err)
				}
			}
			got := w.run("lint", "bbbb", "--rolling", "--fail-on", "never")
			if !strings.Contains(got, "\n    "+kind+": ") || strings.Contains(got, "{db}") {
				t.Errorf("got\n%s\nwant advice for %s", got, kind)
			}
			if strings.Contains(got, "Rolling upgrade: no, ") != test.breaks ||
				strings.Contains(got, "Error: the old program cannot run on the new schema") != test.breaks {
				t.Errorf("got\n%s\nwant a change that breaks the old program: %t", got, test.breaks)
			}
			w.run("upgrade", "bbbb")
			if err := w.db.Exec(test.write).Error; err == nil {
				t.Errorf("%s succeeds after the change, want an error", test.write)
			}
		})
	}
}

// library registers a history of two revisions: one creates tables, and the other is the change.
func library(w *testProject, change func(m *op.Migration)) {
	for _, r := range []revision.Revision{
		{ID: "aaaa", Upgrade: func(m *op.Migration) {
			m.CreateTable("shelves", op.Column("id", op.Int(64)).PrimaryKey())
			m.CreateTable("books", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("title", op.Text()),
				op.Column("shelf_id", op.Int(64)))
			m.CreateTable("notes", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("number", op.Int(64)))
			m.CreateIndex("once", "notes", "number").Unique()
		}},
		{ID: "bbbb", DownRevision: []string{"aaaa"}, Upgrade: change},
	} {
		r.File = r.ID + ".go"
		r.Downgrade = func(*op.Migration) {}
		w.env.Revisions.Register(r)
	}
}
