package cli_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"gorm.io/gorm"

	"guestlist/migrations/internal/cli"
	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/revision"
)

// TestBrokenHistories checks that if a history makes no sense, every command fails with two lines, writes nothing and
// runs nothing.
func TestBrokenHistories(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		revisions []revision.Revision
		want      []string
	}{
		"missing parent":     {[]revision.Revision{{ID: "a1", DownRevision: []string{"gone"}}}, []string{"gone", "a1_.go"}},
		"missing dependency": {[]revision.Revision{{ID: "a1", DependsOn: []string{"gone"}}}, []string{"gone", "a1_.go"}},
		"cycle": {
			[]revision.Revision{{ID: "a1", DownRevision: []string{"b1"}}, {ID: "b1", DownRevision: []string{"a1"}}},
			[]string{"Cycle is detected in revisions (a1, b1)", "a1_.go", "b1_.go"},
		},
		"loop": {
			[]revision.Revision{{ID: "a1", DownRevision: []string{"a1"}}},
			[]string{"Self-loop is detected in revisions (a1)", "a1_.go"},
		},
		"duplicate id": {[]revision.Revision{{ID: "a1"}, {ID: "a1", File: "z.go"}}, []string{"a1", "a1_.go", "z.go"}},
		"duplicate label": {[]revision.Revision{{ID: "a1", BranchLabels: []string{"x"}},
			{ID: "b1", BranchLabels: []string{"x"}}}, []string{"'x'", "a1_.go", "b1_.go"}},
		"forbidden characters": {[]revision.Revision{{ID: "a:1", File: "a.go"}},
			[]string{"Character(s) ':' not allowed in revision identifier 'a:1'", "a.go"}},
		"no id": {[]revision.Revision{{File: "a.go"}}, []string{"a.go"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := dbtest.New(t)
			s := newScratch(t, db)
			s.want("Creating directory migrations ...  done\nCreating directory migrations/versions ...  done\n"+
				"Generating migrations/versions/versions.go ...  done\n"+
				"Please move migrations into the program's module before proceeding: it must lie inside to be imported.\n", "init")
			for _, r := range test.revisions {
				if r.File == "" {
					r.File = r.ID + "_.go"
				}
				s.env.Revisions.Register(r)
			}
			for _, command := range []string{"upgrade", "downgrade", "current", "history", "heads", "branches", "show", "stamp",
				"revision", "merge", "edit", "upgrade --sql"} {
				out, err := s.run(strings.Fields(command)...)
				wantTwoLines(t, command, out, err, test.want...)
			}
			if db.Migrator().HasTable("migrations") {
				t.Error("the database was changed")
			}
			if files, _ := filepath.Glob(filepath.Join(s.dir, "versions", "*")); len(files) != 1 {
				t.Errorf("got the files %q, want only the one from before", files)
			}
		})
	}
}

// wantTwoLines checks that a command printed nothing and failed with two lines, the second of which says what to do,
// and that the error contains the names.
func wantTwoLines(t *testing.T, command, out string, err error, names ...string) {
	t.Helper()
	if err == nil || out != "" {
		t.Errorf("db %s: got %v and %q, want an error and no output", command, err, out)
		return
	}
	if lines := strings.Split(err.Error(), "\n"); len(lines) != 2 || lines[1] == "" {
		t.Errorf("db %s: got %q, want two lines", command, err)
	}
	for _, name := range names {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("db %s: the error lacks %q: %v", command, name, err)
		}
	}
}

func TestNotCompiledIn(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	if _, err := s.run("init"); err != nil {
		t.Fatal(err)
	}
	s.want("Generating migrations/versions/aaaa11110001_one.go ...  done\n", "revision", "-m", "one", "--rev-id",
		"aaaa11110001")
	for _, command := range []string{"upgrade", "history", "revision -m two"} {
		out, err := s.run(strings.Fields(command)...)
		wantTwoLines(t, command, out, err, "not compiled into this program: aaaa11110001_one.go", "rebuild")
	}
	s.rebuild()
	s.want("<base> -> aaaa11110001 (head), one\n", "history")
	path := filepath.Join(s.dir, "versions", "aaaa11110001_one.go")
	if err := os.WriteFile(path, []byte("package versions\n\nvar _ = Revisions.Register(x)\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := s.run("upgrade")
	wantTwoLines(t, "upgrade", out, err, "changed since this program was compiled: aaaa11110001_one.go", "rebuild")
}

func TestDirectories(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	out, err := s.run("revision", "-m", "one")
	wantTwoLines(t, "revision", out, err, "Path doesn't exist: "+s.dir+".  Please use the 'init' command")
	if err := os.MkdirAll(filepath.Join(s.dir, "versions"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.dir, "versions", "aaaa_.go"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err = s.run("revision", "--rev-id", "aaaa")
	wantTwoLines(t, "revision", out, err, "aaaa_.go")
	if os.Geteuid() > 0 { // root may write anywhere, and Windows has no such modes
		if err := os.Chmod(filepath.Join(s.dir, "versions"), 0o500); err != nil {
			t.Fatal(err)
		}
		out, err = s.run("revision", "--rev-id", "bbbb")
		wantTwoLines(t, "revision", out, err, "bbbb_.go", "permission denied")
	}
	if err := os.RemoveAll(filepath.Join(s.dir, "versions")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.dir, "versions"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err = s.run("revision", "--rev-id", "bbbb")
	wantTwoLines(t, "revision", out, err, "bbbb_.go", "not a directory")
}

// TestNamedDirectoryMustExist checks that the default directory may be missing, and that a directory that is named may
// not.
func TestNamedDirectoryMustExist(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa11110001", "init")
	s.want("aaaa11110001 (head)\n", "heads")
	nowhere, empty := filepath.Join(t.TempDir(), "nowhere"), t.TempDir()
	for _, command := range []string{"heads", "history", "upgrade", "current", "check", "revision"} {
		out, err := s.run(command, "-d", nowhere)
		wantTwoLines(t, command, out, err, "Path doesn't exist: "+nowhere+".")
		out, err = s.run(command, "-d", empty)
		wantTwoLines(t, command, out, err, "Path doesn't exist: "+filepath.Join(empty, "versions")+".")
	}
}

func TestInitSaysWhatToImport(t *testing.T) {
	t.Parallel()
	s := newScratch(t, nil)
	if err := os.WriteFile(filepath.Join(filepath.Dir(s.dir), "go.mod"), []byte("module example.org/shop\n"),
		0o600); err != nil {
		t.Fatal(err)
	}
	out, err := s.run("init")
	const want = "Please import \"example.org/shop/migrations/versions\" and set Revisions: " +
		"versions.Revisions in the program's migrations.Environment before proceeding.\n"
	if err != nil || !strings.HasSuffix(out, want) {
		t.Errorf("got %v and\n%s\nwant %s at the end, no error", err, out, want)
	}
}

func TestNoDatabase(t *testing.T) {
	t.Parallel()
	away := dbtest.Open(t, "postgres://nobody@127.0.0.1:1/x?sslmode=disable")
	s := newScratch(t, away)
	s.add("aaaa11110001", "init")
	for _, command := range []string{"upgrade", "downgrade", "current", "stamp head"} {
		out, err := s.run(strings.Fields(command)...)
		wantTwoLines(t, command, out, err, "connect")
	}
	refused := errors.New("DATABASE_URL: no such thing")
	s.env.Open = func(context.Context) (*gorm.DB, error) { return nil, refused }
	if _, err := s.run("upgrade"); !errors.Is(err, refused) {
		t.Errorf("got %v, want %v", err, refused)
	}
	s.env.Open = func(context.Context) (*gorm.DB, error) {
		return nil, &fs.PathError{Op: "mkdir", Path: "x", Err: fs.ErrPermission}
	}
	out, err := s.run("upgrade")
	wantTwoLines(t, "upgrade", out, err, "mkdir x", "check the address of the database")
	s.want("aaaa11110001 (head)\n", "heads") // heads does not use the database
}

func TestUnknownIDInTheDatabase(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := newScratch(t, db)
	s.add("aaaa11110001", "init")
	s.want("", "upgrade")
	if err := db.Exec("INSERT INTO migrations (id) VALUES ('aaaa11110002')").Error; err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"upgrade", "downgrade", "current", "history -r current:"} {
		out, err := s.run(strings.Fields(command)...)
		wantTwoLines(t, command, out, err, "Can't locate revision identified by 'aaaa11110002'",
			"did you mean 'aaaa11110001'", "stamp")
	}
	s.want("", "stamp", "head")
	if want := "Forgot revision aaaa11110002"; !strings.Contains(s.log.String(), want) {
		t.Errorf("the log lacks %q:\n%s", want, s.log.String())
	}
	s.want("aaaa11110001 (head)\n", "current")
}

// TestInitForAnotherDatabase runs init for a directory whose parents do not exist, and then does what it says.
func TestInitForAnotherDatabase(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa11110001", "init")
	root := filepath.Dir(s.dir)
	if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte("module example.org/shop\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	directory := filepath.Join(root, "databases", "reports", "migrations")
	out, err := s.run("init", directory)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Creating directory " + filepath.Join(root, "databases") + " ...  done\n",
		"Generating " + filepath.Join(directory, "versions", "versions.go") + " ...  done\n",
		"\timport reports \"example.org/shop/databases/reports/migrations/versions\"\n",
		"Revisions: reports.Revisions, VersionTable: \"reports_migrations\"}\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not print %q:\n%s", want, out)
		}
	}
	out, err = s.run("heads", "-d", directory)
	wantTwoLines(t, "heads", out, err, "the program has no migrations in the directory "+directory, "init")
	files := fstest.MapFS{}
	s.env.More = []cli.Environment{{Directory: directory, Revisions: revision.NewRegistry(files),
		Table: "reports_migrations", Open: s.env.Open}}
	s.want("", "heads", "-d", directory)
	s.want("aaaa11110001 (head)\n", "heads")
	out, err = s.run("revision", "-d", directory, "--rev-id", "bbbb11110001")
	if want := "Generating " + filepath.Join(directory, "versions", "bbbb11110001_.go") + " ...  done\n"; err != nil ||
		out != want {
		t.Errorf("got %q, %v, want %q", out, err, want)
	}
	out, err = s.run("init", directory)
	wantTwoLines(t, "init", out, err, "already exists and is not empty")
	out, err = s.run("init", "one", "two")
	wantTwoLines(t, "init", out, err, "Got unexpected extra argument (two)", "one DIRECTORY is enough")
	file := filepath.Join(root, "go.mod", "migrations")
	out, err = s.run("init", file)
	wantTwoLines(t, "init", out, err, "not a directory")
}

// TestInitNamesThePackage checks the package names that init suggests for directories whose names are not valid in Go,
// or already used.
func TestInitNamesThePackage(t *testing.T) {
	t.Parallel()
	s := newScratch(t, nil)
	root := filepath.Dir(s.dir)
	if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte("module example.org/shop\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.env.More = []cli.Environment{{Directory: "elsewhere", Table: "reports_migrations"}}
	for directory, want := range map[string][2]string{
		"type/migrations":       {"dbtype", "dbtype_migrations"},
		"2026/migrations":       {"db2026", "db2026_migrations"},
		"versions":              {"dbversions", "dbversions_migrations"},
		"Sales-Q4":              {"salesq4", "salesq4_migrations"},
		"a/reports/migrations":  {"reports2", "reports2_migrations"},
		"migrations/migrations": {"dbmigrations", "dbmigrations_migrations"},
	} {
		out, err := s.run("init", filepath.Join(root, "databases", directory))
		for _, part := range []string{"\timport " + want[0] + " \"example.org/shop/", "VersionTable: \"" + want[1] + "\"}"} {
			if err != nil {
				t.Errorf("%s: got %v, want no error", directory, err)
			}
			if !strings.Contains(out, part) {
				t.Errorf("%s: the output lacks %s:\n%s", directory, part, out)
			}
		}
	}
}

// TestInitRefuses checks that init refuses directories from which Go cannot import a package.
func TestInitRefuses(t *testing.T) {
	t.Parallel()
	s := newScratch(t, nil)
	root := filepath.Dir(s.dir)
	if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte("module example.org/shop\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, directory := range []string{"sp ace/m", "vendor/m", "_hidden/m", ".hidden", "testdata", "grün"} {
		out, err := s.run("init", filepath.Join(root, directory))
		wantTwoLines(t, "init "+directory, out, err, "Go cannot import a package from a directory named")
	}
}

// TestOneTableForTwo checks that two environments cannot use the same table of one database, as each would find the
// other's revisions unknown.
func TestOneTableForTwo(t *testing.T) {
	t.Parallel()
	s := newScratch(t, nil)
	s.env.More = []cli.Environment{{Directory: "other", Table: "migrations", Shared: true,
		Revisions: revision.NewRegistry(nil)}}
	out, err := s.run("heads")
	wantTwoLines(t, "heads", out, err, "record their revisions in the same table migrations", "another VersionTable")
	s.env.More[0].Shared = false
	s.want("", "heads")
}

// TestHintsNameTheDirectory checks that the hint of an error names the directory if its environment is not the first.
func TestHintsNameTheDirectory(t *testing.T) {
	t.Parallel()
	s := newScratch(t, nil)
	other := filepath.Join(t.TempDir(), "other")
	s.env.More = []cli.Environment{{Directory: other, Table: "others", Revisions: revision.NewRegistry(nil)}}
	s.want("Error: Can't locate revision identified by 'nope'\ndb -d "+other+" history lists them\n", "show", "nope",
		"-d", other)
}

// TestEnvironmentsThatLackSomething runs programs that did not set what a command needs.
func TestEnvironmentsThatLackSomething(t *testing.T) {
	t.Parallel()
	s := newScratch(t, nil)
	if err := os.MkdirAll(filepath.Join(s.dir, "versions"), 0o700); err != nil {
		t.Fatal(err)
	}
	none := func(context.Context) (*gorm.DB, error) {
		return nil, nil //nolint:nilnil // a mistake that a program can make
	}
	for name, open := range map[string]func(context.Context) (*gorm.DB, error){"no Open": nil, "no database": none} {
		s.env.Open = open
		out, err := s.run("current")
		wantTwoLines(t, "current, "+name, out, err, "the program opens no database", "set Open")
	}
	s.env.Revisions = revision.NewRegistry(nil)
	s.want("", "heads")
	s.env.Revisions = nil
	for _, command := range []string{"heads", "heads -d " + t.TempDir(), "heads -d " + s.dir} {
		out, err := s.run(strings.Fields(command)...)
		if command == "heads" || strings.HasSuffix(command, s.dir) {
			wantTwoLines(t, command, out, err, "the program names no revisions", "set Revisions")
		} else if err == nil {
			t.Errorf("%s: no error", command)
		}
	}
}

// TestFromAnotherDirectory checks that -d can name the directory of the migrations by another path, with revisions and
// without.
func TestFromAnotherDirectory(t *testing.T) {
	t.Parallel()
	s := newScratch(t, nil)
	moved := filepath.Join(t.TempDir(), "migrations")
	if err := os.MkdirAll(filepath.Join(moved, "versions"), 0o700); err != nil {
		t.Fatal(err)
	}
	s.want("", "heads", "-d", moved)
	s.add("aaaa11110001", "init")
	s.add("bbbb11110001", "left", "aaaa11110001")
	file := "aaaa11110001_init.go"
	if err := os.WriteFile(filepath.Join(moved, "versions", file), s.files[file].Data, 0o600); err != nil {
		t.Fatal(err)
	}
	s.want("bbbb11110001 (head)\n", "heads", "-d", moved)
}
