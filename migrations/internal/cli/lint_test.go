package cli

import (
	"slices"
	"strings"
	"testing"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// shop registers a history of three revisions: tables, changes that lock them, and one that is said to be safe.
func shop(w *testProject) {
	for _, r := range []revision.Revision{
		{ID: "aaaa", Upgrade: func(m *op.Migration) {
			m.CreateTable("books", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("title", op.Text()))
			m.CreateIndex("idx_books_title", "books", "title")
		}, Downgrade: func(m *op.Migration) { m.DropTable("books") }},
		{ID: "bbbb", DownRevision: []string{"aaaa"}, Upgrade: func(m *op.Migration) {
			m.AddColumn("books", op.Column("pages", op.Int(64)))
			m.AddCheck("chk_pages", "books", "pages > 0")
		}, Downgrade: func(m *op.Migration) { m.DropColumn("books", "pages") }},
		{ID: "cccc", DownRevision: []string{"bbbb"}, Safe: "there are ten books", Upgrade: func(m *op.Migration) {
			m.DropColumn("books", "title")
		}, Downgrade: func(m *op.Migration) { m.AddColumn("books", op.Column("title", op.Text())) }},
	} {
		r.File = r.ID + ".go"
		w.env.Revisions.Register(r)
	}
}

func TestLint(t *testing.T) {
	t.Parallel()
	w := newTestProject(t)
	shop(w)
	const (
		check = "upgrade aaaa -> bbbb,  (one transaction)\n" +
			"    add column books.pages int(64)\n" +
			"        note: ACCESS EXCLUSIVE on books for a moment\n" +
			"    add check chk_pages on books (pages > 0)\n" +
			"        error: ACCESS EXCLUSIVE on books while all rows of books are read: reads and writes wait\n" +
			"        safer: add it with .NotValid(), and check the rows with m.ValidateCheck(\"chk_pages\", \"books\") " +
			"in the next revision\n"
		safe = "upgrade bbbb -> cccc,  (one transaction)\n" +
			"    said to be safe: there are ten books\n" +
			"    drop column books.title\n" +
			"        note: ACCESS EXCLUSIVE on books for a moment\n"
		unless = "Rolling upgrade: yes, the old program can run on the new schema, unless it writes rows of books " +
			"that do not meet pages > 0\n"
		advice = "    add-check: write no such rows in one release, fix the existing ones, and add the constraint " +
			"for the next\n"
		yes    = "Rolling upgrade: yes, the old program can run on the new schema\n"
		drop   = "it uses column books.title, which is dropped (its revision says: there are ten books)\n"
		given  = "Rolling upgrade: yes, the old program can run on the new schema, unless " + drop
		failed = "Error: lint found 1 error\ntake the safer way, or say in the revision's Safe why it does no harm\n"
	)
	for _, test := range []struct{ command, want string }{
		{"lint", "upgrade  -> aaaa,  (one transaction)\n" + check + safe + yes + failed},
		{"lint aaaa:", check + safe + strings.TrimSuffix(unless, "\n") + "; " + drop + advice + failed},
		{"lint bbbb", check + unless + advice + failed},
		{"lint bbbb --fail-on never", check + unless + advice},
		{"lint head", safe + given},
		{"lint head --fail-on warning --rolling", safe + given},
		{"lint head --fail-on note", safe + given + strings.Replace(failed, "error", "note", 1)},
		{"lint :aaaa", "upgrade  -> aaaa,  (one transaction)\n" + yes},
		{"lint head:", "Nothing to lint: the range has no revisions.\n"},
		{"lint bbbb --fail-on bad", "Error: unknown level \"bad\"\nthe levels are note, warning and error; never turns " +
			"failures off\n"},
		{"lint aaaa bbbb", "Error: Got unexpected extra argument (bbbb)\none RANGE is enough; see db lint --help\n"},
	} {
		if got := w.run(strings.Fields(test.command)...); got != test.want {
			t.Errorf("db %s prints\n%s\nwant\n%s", test.command, got, test.want)
		}
	}
}

// TestLintKnowsTheDatabase checks that lint looks at what the database lacks, and shows the sizes of its tables.
func TestLintKnowsTheDatabase(t *testing.T) {
	t.Parallel()
	w := newTestProject(t)
	shop(w)
	w.want("", "upgrade", "aaaa")
	if err := w.db.Exec("INSERT INTO books (id) VALUES (1), (2)").Error; err != nil {
		t.Fatal(err)
	}
	if err := w.db.Exec("ANALYZE books").Error; err != nil {
		t.Fatal(err)
	}
	size := onDatabase(" (about 2 rows, ", " ")
	for _, command := range []string{"lint", "lint bbbb --database", "upgrade --plan"} {
		if command == "upgrade --plan" && !dbtest.Postgres() {
			continue
		}
		got := w.run(strings.Fields(command)...)
		if want := "note: ACCESS EXCLUSIVE on books" + size; !strings.Contains(got, want) {
			t.Errorf("db %s lacks %q:\n%s", command, want, got)
		}
		if strings.Contains(got, "aaaa,") {
			t.Errorf("db %s shows the applied revision aaaa:\n%s", command, got)
		}
	}
	got, _ := w.decoded("lint")
	names := fields(got)
	want := []string{"steps.findings.level", "steps.findings.locks.bytes", "steps.findings.locks.mode",
		"steps.findings.locks.rows",
		"steps.findings.locks.table", "steps.findings.operation", "steps.findings.safer", "steps.findings.table",
		"steps.findings.text", "steps.findings.work"}
	for _, name := range want {
		if !slices.Contains(names, name) {
			t.Errorf("the report has no field %s, but %q", name, names)
		}
	}
}
