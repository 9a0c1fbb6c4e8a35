package migrations_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"

	"guestlist/migrations"
	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// Book is the model of a shop.
type Book struct {
	ID    int64
	Title string `gorm:"size:200;not null;index"`
}

// shelf returns a history of one revision, which creates a table of books.
func shelf(id, table string) *revision.Registry {
	file := id + "_create_" + table + ".go"
	registry := revision.NewRegistry(fstest.MapFS{file: {Data: []byte("// create " + table + "\n//\n// Revision ID: " +
		id + "\nfunc init() {\n")}})
	registry.Register(revision.Revision{
		ID: id, File: file,
		Upgrade: func(m *op.Migration) {
			m.CreateTable(table,
				op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
				op.Column("title", op.String(200)).NotNull(),
			)
			m.CreateIndex("idx_"+table+"_title", table, "title")
		},
		Downgrade: func(m *op.Migration) { m.DropTable(table) },
	})
	return registry
}

// run runs a command and returns what it prints, with its error as a program prints it.
func run(t *testing.T, env *migrations.Environment, more []*migrations.Environment, arguments ...string) string {
	t.Helper()
	var out, log bytes.Buffer
	env.Stdin, env.Stdout, env.Stderr = strings.NewReader(""), &out, &log
	command := migrations.Command(env, more...)
	command.SetArgs(arguments)
	command.SetOut(&out)
	if err := command.ExecuteContext(t.Context()); err != nil {
		out.WriteString("Error: " + err.Error() + "\n")
	}
	return out.String()
}

func TestUpgradeAndCheckHead(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	env := &migrations.Environment{Revisions: shelf("aaaa", "books"), Name: "shop db"}
	var outdated *migrations.OutdatedError
	const hint = "run shop db upgrade; the heads are aaaa"
	if err := migrations.CheckHead(t.Context(), env, db); !errors.As(err, &outdated) {
		t.Errorf("an empty database: got %v, want %T", err, outdated)
	} else if got := outdated.Hint(); got != hint {
		t.Errorf("an empty database: got hint %q, want %q", got, hint)
	}
	for range 2 {
		if err := migrations.Upgrade(t.Context(), env, db, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
		if err := migrations.CheckHead(t.Context(), env, db); err != nil {
			t.Errorf("after the upgrade: %v", err)
		}
	}
	other := &migrations.Environment{Revisions: shelf("bbbb", "books"), Name: "shop db"}
	for name, err := range map[string]error{
		"Upgrade":   migrations.Upgrade(t.Context(), other, db, slog.New(slog.DiscardHandler)),
		"CheckHead": migrations.CheckHead(t.Context(), other, db),
	} {
		var hinter interface{ Hint() string }
		if !errors.As(err, &hinter) {
			t.Errorf("%s with an id that no file declares: got %v, want an error with a hint", name, err)
		} else if want := "shop db stamp"; !strings.Contains(hinter.Hint(), want) {
			t.Errorf("%s with an id that no file declares: the hint lacks %q: %s", name, want, hinter.Hint())
		}
	}
	if err := migrations.Upgrade(t.Context(), &migrations.Environment{}, db, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("an environment without revisions: got no error, want one")
	}
}

// TestTwoEnvironments checks that a program can have two histories, each with its own models and directory: first in
// one database with two tables of ids, then in a database each.
func TestTwoEnvironments(t *testing.T) {
	t.Parallel()
	db, other := dbtest.New(t), dbtest.New(t)
	dir := t.TempDir()
	for _, name := range []string{"migrations", "archive"} {
		if err := os.MkdirAll(filepath.Join(dir, name, "versions"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	shop := &migrations.Environment{
		Directory: filepath.Join(dir, "migrations"), Revisions: shelf("aaaa", "books"), Models: []any{&Book{}},
		Name: "shop db",
		Open: func(context.Context) (*gorm.DB, error) { return db, nil },
	}
	archive := &migrations.Environment{
		Directory: filepath.Join(dir, "archive"), Revisions: shelf("bbbb", "old_books"), VersionTable: "archive_migrations",
		Models: []any{migrations.Table("old_books", &Book{})},
	}
	both := []*migrations.Environment{archive}
	for _, test := range []struct{ command, want string }{
		{"heads", "aaaa (head)\n"},
		{"heads -d " + archive.Directory, "bbbb (head)\n"},
		{"upgrade", ""},
		{"current", "aaaa (head)\n"},
		{"current -d " + archive.Directory, ""},
		{"upgrade -d " + archive.Directory, ""},
		{"current -d " + archive.Directory, "bbbb (head)\n"},
		{"check -d " + archive.Directory, "No new upgrade operations detected.\nNo drift detected.\n"},
		{"check", "No new upgrade operations detected.\nNo drift detected.\n"},
		{"downgrade -d " + archive.Directory + " base", ""},
		{"current", "aaaa (head)\n"},
		{"heads -d " + dir, "Error: Path doesn't exist: " + filepath.Join(dir, "versions") +
			".  Please use the 'init' command to create a new scripts folder.\n" +
			"or run the command in the directory of the sources, or set --directory\n"},
	} {
		if got := run(t, shop, both, strings.Fields(test.command)...); got != test.want {
			t.Errorf("db %s printed\n%s\nwant\n%s", test.command, got, test.want)
		}
	}
	if err := migrations.CheckHead(t.Context(), shop, db); err != nil {
		t.Error(err)
	}
	if err := migrations.CheckHead(t.Context(), archive, db); err == nil {
		t.Error("got the archive at its head after the downgrade, want an error")
	}
	// Now each history has its own database, both with the default table of ids.
	apart := *archive
	apart.VersionTable, apart.Open = "", func(context.Context) (*gorm.DB, error) { return other, nil }
	apart.Address = func() string { return "the archive" }
	both = []*migrations.Environment{&apart}
	for _, test := range []struct{ command, want string }{
		{"upgrade -d " + archive.Directory, ""},
		{"current -d " + archive.Directory, "bbbb (head)\n"},
		{"current", "aaaa (head)\n"},
		{"check -d " + archive.Directory, "No new upgrade operations detected.\nNo drift detected.\n"},
	} {
		if got := run(t, shop, both, strings.Fields(test.command)...); got != test.want {
			t.Errorf("two databases: db %s printed\n%s\nwant\n%s", test.command, got, test.want)
		}
	}
	if got := run(t, shop, both, "current", "-v", "-d", archive.Directory); !strings.HasPrefix(got,
		"Current revision(s) for the archive:\n") {
		t.Errorf("db current -v printed\n%s\nwant the address of the archive in the first line", got)
	}
	if other.Migrator().HasTable("books") {
		t.Error("got a table books in the archive's database, want none")
	}
	if !other.Migrator().HasTable("old_books") {
		t.Error("got no table old_books in the archive's database, want one")
	}
	if err := os.MkdirAll(filepath.Join(dir, "unknown", "versions"), 0o700); err != nil {
		t.Fatal(err)
	}
	got := run(t, shop, both, "heads", "-d", filepath.Join(dir, "unknown"))
	want := "Error: the program has no migrations in the directory "
	if !strings.HasPrefix(got, want) || strings.Count(got, "\n") != 2 {
		t.Errorf("an unknown directory: got %s, want two lines that begin with %q", got, want)
	}
}

// TestConfigChangesTheSchema checks that a new revision follows the configuration that the program passes to gorm.Open.
func TestConfigChangesTheSchema(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "versions"), 0o700); err != nil {
		t.Fatal(err)
	}
	env := &migrations.Environment{
		Directory: dir, Revisions: revision.NewRegistry(fstest.MapFS{}), Models: []any{&Book{}},
		Config: &gorm.Config{NamingStrategy: schema.NamingStrategy{TablePrefix: "shop_", SingularTable: true}},
	}
	got := run(t, env, nil, "migrate", "--dry-run")
	for _, want := range []string{
		`m.CreateTable("shop_book",`, `m.CreateIndex("idx_shop_book_title", "shop_book", "title")`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the revision lacks %s:\n%s", want, got)
		}
	}
}

// TestTheProgramNamesTheCommand checks that help texts and hints call the command by the name that the program gives
// it.
func TestTheProgramNamesTheCommand(t *testing.T) {
	t.Parallel()
	env := &migrations.Environment{
		Revisions: shelf("aaaa", "books"), Name: "shop schema",
		Open: func(context.Context) (*gorm.DB, error) { return dbtest.New(t), nil },
	}
	for _, command := range append(migrations.Command(env).Commands(), migrations.Command(env)) {
		for line := range strings.Lines(command.Example) {
			if !strings.HasPrefix(line, "  shop schema ") {
				t.Errorf("an example of %s is %q, want it to begin with shop schema", command.Name(), line)
			}
		}
		text := command.Long + command.Example
		for _, name := range []string{"guestlist", "{db}"} {
			if strings.Contains(text, name) {
				t.Errorf("the help of %s shows %s instead of the command's name:\n%s", command.Name(), name, text)
			}
		}
	}
	for command, hint := range map[string]string{
		"upgrade nope":          "shop schema history lists them",
		"current --check-heads": "run shop schema upgrade heads, or shop schema current to see the current revision",
		"edit base":             "shop schema history lists the revisions",
		"upgrade -1":            "upgrade goes up; shop schema downgrade -1 goes down",
		"revision --sql":        "a revision is a file; shop schema upgrade --sql prints what it does",
	} {
		if got := run(t, env, nil, strings.Fields(command)...); !strings.HasSuffix(got, "\n"+hint+"\n") {
			t.Errorf("%s: got %q, want the hint %q", command, got, hint)
		}
	}
}
