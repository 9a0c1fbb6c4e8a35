package cli_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// onDisk writes the files that count as compiled in, and others that register nothing for revisions without one.
func (s *scratch) onDisk() {
	s.t.Helper()
	if err := os.MkdirAll(filepath.Join(s.dir, "versions"), 0o700); err != nil {
		s.t.Fatal(err)
	}
	for _, r := range s.env.Revisions.Revisions() {
		if err := os.WriteFile(filepath.Join(s.dir, "versions", r.File), []byte("package versions\n"), 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
}

// listed returns the files of revisions on disk.
func (s *scratch) listed() []string {
	s.t.Helper()
	entries, err := os.ReadDir(filepath.Join(s.dir, "versions"))
	if err != nil {
		s.t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

const squashText = `package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// the first year
//
// Revision ID: ssss
// Revises:
// Replaces:    3 revisions, aaaa to cccc
// Create Date: 2026-11-23 15:12:07
func init() {
	Revisions.Register(revision.Revision{
		ID:       "ssss",
		Replaces: []string{"aaaa", "bbbb", "cccc"},
		Upgrade: func(m *op.Migration) {
			m.CreateTable("taaaa",
				op.Column("id", op.Int(64)).PrimaryKey(),
			)

			m.CreateTable("tbbbb",
				op.Column("id", op.Int(64)).PrimaryKey(),
			)

			m.CreateTable("tcccc",
				op.Column("id", op.Int(64)).PrimaryKey(),
			)
		},
		Downgrade: func(m *op.Migration) {
			m.DropTable("taaaa")
			m.DropTable("tbbbb")
			m.DropTable("tcccc")
		},
	})
}
`

// year is a project of four revisions, in files on disk.
func year(t *testing.T, db *gorm.DB) *scratch {
	t.Helper()
	s := newScratch(t, db)
	s.add("aaaa", "one")
	s.add("bbbb", "two", "aaaa")
	s.add("cccc", "three", "bbbb")
	s.add("dddd", "four", "cccc")
	s.onDisk()
	return s
}

// compiled takes the squash into the program, beside the last revision.
func (s *scratch) compiled() {
	s.t.Helper()
	const file = "ssss_the_first_year.go"
	text, err := os.ReadFile(filepath.Join(s.dir, "versions", file))
	if err != nil || string(text) != squashText {
		s.t.Fatalf("the file is\n%s%v", text, err)
	}
	clear(s.files)
	s.files[file] = &fstest.MapFile{Data: text}
	s.env.Revisions = revision.NewRegistry(s.files)
	s.env.Revisions.Register(revision.Revision{
		ID: "ssss", File: file, Replaces: []string{"aaaa", "bbbb", "cccc"},
		Upgrade: func(m *op.Migration) {
			for _, id := range []string{"aaaa", "bbbb", "cccc"} {
				m.CreateTable("t"+id, op.Column("id", op.Int(64)).PrimaryKey())
			}
		},
		Downgrade: func(m *op.Migration) {
			for _, id := range []string{"aaaa", "bbbb", "cccc"} {
				m.DropTable("t" + id)
			}
		},
	})
	s.add("dddd", "four", "cccc") // as its file says
}

func TestSquashStory(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := year(t, db)
	s.want("", "upgrade", "cccc")
	s.want("Generating migrations/versions/ssss_the_first_year.go ...  done\n"+
		"Removing migrations/versions/aaaa_one.go ...  done\nRemoving migrations/versions/bbbb_two.go ...  done\n"+
		"Removing migrations/versions/cccc_three.go ...  done\n",
		"squash", ":cccc", "-m", "the first year", "--rev-id", "ssss")
	if want := "INFO  [migrations] The removed files are in version control only now\n" +
		"INFO  [migrations] Databases that have cccc need nothing; upgrade those that have only some of the revisions before you deploy this\n"; s.log.String() != want {
		t.Errorf("the log is\n%s", s.log.String())
	}
	if got := s.listed(); !slices.Equal(got, []string{"dddd_four.go", "ssss_the_first_year.go"}) {
		t.Errorf("the files are %q", got)
	}
	s.want("Error: not compiled into this program: ssss_the_first_year.go in migrations/versions\n"+
		"rebuild the program (go build), or run it from its sources (go run .)\n", "history")
	s.compiled()
	s.want("ssss\n", "current")
	s.want("ssss -> dddd (head), four\n<base> -> ssss (current) (replaces 3), the first year\n", "history", "-i")
	s.want("upgrade ssss -> dddd, four\n    create table tdddd\n", "upgrade", "--plan")
	s.want("Error: Can't locate revision identified by 'bbbb'\nbbbb was replaced by ssss (ssss_the_first_year.go);"+
		" db history lists them\n", "upgrade", "bbbb")
	s.want("", "upgrade", "cccc")
	s.want("", "upgrade")
	s.want("No drift detected.\n", "check", "--database")
	s.wantRows("aaaa", "bbbb", "cccc", "dddd")
	s.want("", "downgrade", "base", "--yes")
	s.wantRows()
	s.want("", "upgrade")
	s.wantRows("dddd", "ssss")
}

// wantRows compares the ids recorded in the database.
func (s *scratch) wantRows(want ...string) {
	s.t.Helper()
	db, err := s.env.Open(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	var got []string
	if err := db.Raw("SELECT id FROM migrations").Scan(&got).Error; err != nil {
		s.t.Fatal(err)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		s.t.Errorf("recorded are %q, want %q", got, want)
	}
}

func TestSquashIsShown(t *testing.T) {
	t.Parallel()
	s := year(t, dbtest.New(t))
	if _, err := s.run("squash", ":cccc", "-m", "the first year", "--rev-id", "ssss"); err != nil {
		t.Fatal(err)
	}
	s.compiled()
	const entry = `Rev: ssss
Parent: <base>
Replaces: aaaa, bbbb, cccc
Path: migrations/versions/ssss_the_first_year.go

    the first year

    Revision ID: ssss
    Revises:
    Replaces: 3 revisions, aaaa to cccc
    Create Date: 2026-11-23 15:12:07

`
	want := strings.NewReplacer("Revises:\n", "Revises: \n", "year\n\n", "year\n    \n").Replace(entry)
	s.want(want, "show", "ssss")
	s.want(want, "show", "cccc")
	s.want(want, "show", "bbbb")
	if got := s.log.String(); got != "INFO  [migrations] bbbb was replaced by ssss (ssss_the_first_year.go)\n" {
		t.Errorf("the log is %s", got)
	}
	if out, err := s.run("history", "--json"); err != nil || !strings.Contains(out, `"replaces": [
        "aaaa",
        "bbbb",
        "cccc"
      ],`) || !strings.Contains(out, `"replaces": [],`) {
		t.Errorf("got %s, %v", out, err)
	}
}

func TestSquashDryRunWritesNothing(t *testing.T) {
	t.Parallel()
	s := year(t, dbtest.New(t))
	before := s.listed()
	out, err := s.run("squash", "base:cccc", "-m", "the first year", "--rev-id", "ssss", "--dry-run")
	if err != nil || !strings.HasPrefix(out, squashText+"\n-- PostgreSQL\n\nCREATE TABLE") ||
		!strings.Contains(out, "VALUES ('ssss');") || strings.Contains(out, "'aaaa'") {
		t.Errorf("got %s, %v", out, err)
	}
	if got := s.listed(); !slices.Equal(got, before) {
		t.Errorf("the files are %q", got)
	}
}

func TestScriptsKnowWhatIsReplaced(t *testing.T) {
	t.Parallel()
	s := year(t, dbtest.New(t))
	s.want("", "upgrade")
	if _, err := s.run("squash", ":cccc", "-m", "the first year", "--rev-id", "ssss"); err != nil {
		t.Fatal(err)
	}
	s.compiled()
	db, _ := s.env.Open(t.Context())
	feed := func(arguments ...string) {
		t.Helper()
		script, err := s.run(arguments...)
		if err != nil {
			t.Fatal(err)
		}
		script = strings.NewReplacer(".bail on", "", "-- Run it with: sqlite3 FILE < SCRIPT", "").Replace(script)
		pool, _ := db.DB()
		if _, err := pool.ExecContext(t.Context(), script); err != nil {
			t.Fatalf("%v\n%s", err, script)
		}
	}
	feed("stamp", "--sql", "dddd")
	s.wantRows("aaaa", "bbbb", "cccc", "dddd", "ssss")
	s.want("dddd (head)\n", "current")
	feed("downgrade", "--sql", "head:ssss")
	s.wantRows("aaaa", "bbbb", "cccc", "ssss")
	feed("downgrade", "--sql", "cccc:base")
	s.wantRows()
	feed("upgrade", "--sql", "base:head")
	s.want("No drift detected.\n", "check", "--database")
	feed("stamp", "--sql", "head:base")
	s.wantRows()
}

func TestStampAndWhatIsReplaced(t *testing.T) {
	t.Parallel()
	s := year(t, dbtest.New(t))
	s.want("", "upgrade", "bbbb")
	if _, err := s.run("squash", ":cccc", "-m", "the first year", "--rev-id", "ssss"); err != nil {
		t.Fatal(err)
	}
	s.compiled()
	const middle = "Error: the database is in the middle of what revision ssss (ssss_the_first_year.go) replaces:" +
		" it has aaaa, bbbb of aaaa, bbbb, cccc\nupgrade it to cccc with the program from before ssss was written; or," +
		" if it has all that they do, db stamp ssss\n"
	s.want(middle, "upgrade")
	s.want(middle, "check", "--database")
	s.want("ssss -> dddd (head), four\n<base> -> ssss (replaces 3), the first year\n", "history", "-i")
	if !strings.HasPrefix(s.log.String(), "WARN  [migrations] the database is in the middle of") {
		t.Errorf("the log is %s", s.log.String())
	}
	s.wantRows("aaaa", "bbbb")
	s.want("", "stamp", "ssss")
	s.wantRows("aaaa", "bbbb", "ssss")
	s.want("ssss\n", "current")
	s.want("", "stamp", "dddd")
	s.wantRows("aaaa", "bbbb", "dddd", "ssss")
	s.want("", "stamp", "--purge", "ssss")
	s.wantRows("ssss")
	s.want("", "stamp", "base")
	s.wantRows()
}

// TestEightProgramsMeetASquash has eight upgrade a database at once that has what is replaced.
func TestEightProgramsMeetASquash(t *testing.T) {
	t.Parallel()
	address := dbtest.URL(t)
	first := dbtest.Open(t, address)
	old := year(t, first)
	old.want("", "upgrade", "cccc")
	scratches := make([]*scratch, 8)
	for i := range scratches {
		scratches[i] = year(t, dbtest.Open(t, address))
		if _, err := scratches[i].run("squash", ":cccc", "-m", "the first year", "--rev-id", "ssss"); err != nil {
			t.Fatal(err)
		}
		scratches[i].compiled()
	}
	for _, target := range []string{"ssss", "head"} {
		var group sync.WaitGroup
		for _, s := range scratches {
			group.Go(func() {
				if _, err := s.run("upgrade", target); err != nil {
					t.Errorf("%v\n%s", err, s.log.String())
				}
			})
		}
		group.Wait()
		if target == "ssss" {
			old.wantRows("aaaa", "bbbb", "cccc")
			old.want("cccc\n", "current") // a program from before is still running
		}
	}
	old.wantRows("aaaa", "bbbb", "cccc", "dddd")
}

func TestWhatCannotBeSquashed(t *testing.T) {
	t.Parallel()
	code := func(*gorm.DB) error { return nil }
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa", "one")
	s.env.Revisions.Register(revision.Revision{ID: "bbbb", DownRevision: []string{"aaaa"}, File: "bbbb_two.go",
		Upgrade: func(m *op.Migration) {
			m.Run(code).Named("fill names")
			m.SQL("DELETE FROM taaaa")
		},
		Downgrade: func(m *op.Migration) { m.Run(code) },
	})
	s.add("cccc", "three", "bbbb")
	s.env.Revisions.Register(revision.Revision{ID: "dddd", DownRevision: []string{"cccc"}, File: "dddd_four.go", NoTransaction: true,
		Upgrade: func(m *op.Migration) { m.SQL("UPDATE taaaa SET id = 1") }, Downgrade: func(*op.Migration) {}})
	s.add("eeee", "five", "dddd")
	s.onDisk()
	before := s.listed()
	for command, want := range map[string]string{
		"squash": "Error: Missing the range to squash, FROM:TO\nname the first and the last, as in db squash 8f0c:3c9a\n",
		"squash aaaa:bbbb cccc": "Error: Got unexpected extra argument (cccc)\n" +
			"name the first and the last, as in db squash 8f0c:3c9a\n",
		"squash aaaa": "Error: History range requires [start]:[end], [start]:, or :[end]\n" +
			"as in db squash 8f0c:3c9a, 8f0c: or :8f0c\n",
		"squash aaaa:aaaa": "Error: Nothing to squash: aaaa is the only revision in the range\n" +
			"a squash is of two revisions or more, both ends included, as in db squash 8f0c:3c9a\n",
		"squash :cccc": "Error: Not squashed: in the way are bbbb (bbbb_two.go): run data step: fill names;" +
			" bbbb (bbbb_two.go): run data step\nGo code cannot be copied: squash what comes before them and what comes after them" +
			" apart, or leave it out with --leave-out-code, as a new database has no rows that it would change\n",
		"squash bbbb:cccc --leave-out-code": "Error: Not squashed: in the way are bbbb (bbbb_two.go): run data step: fill names;" +
			" bbbb (bbbb_two.go): run data step\ncode can be left out only of a squash from the base, as databases before" +
			" this one have rows: squash what comes before them and what comes after them apart\n",
		"squash base: --leave-out-code": "Error: Not squashed: in the way are dddd (dddd_four.go): execute UPDATE taaaa SET id = 1" +
			" (outside of a transaction)\nwhat needs to be outside of a transaction has a revision of its own: squash what" +
			" comes before them and what comes after them apart\n",
		"squash aaaa:bbbb --rev-id eeee --leave-out-code": "Error: Revision eeee is present more than once: in eeee_five.go\n" +
			"give one of them another id: in its name, its comment and its code\n",
	} {
		s.want(want, strings.Fields(command)...)
	}
	if got := s.listed(); !slices.Equal(got, before) {
		t.Errorf("the files are %q", got)
	}
	s.env.Revisions.Register(revision.Revision{ID: "ffff", DownRevision: []string{"eeee"}, File: "aaaa_one.go"})
	s.want("Error: aaaa_one.go cannot be removed: it declares revision ffff, too\nmove that to a file of its own\n",
		"squash", ":cccc", "--leave-out-code")
}

func TestSquashLeavesOutCode(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa", "one")
	s.env.Revisions.Register(revision.Revision{ID: "bbbb", DownRevision: []string{"aaaa"}, File: "bbbb_two.go",
		Upgrade: func(m *op.Migration) {
			m.Run(func(*gorm.DB) error { return nil }).Named("fill names").
				Declares(func(m *op.Migration) { m.AddColumn("taaaa", op.Column("name", op.Text())) })
			m.SQL("INSERT INTO taaaa (id) VALUES (1)")
			m.Run(func(*gorm.DB) error { return nil })
		},
	})
	s.onDisk()
	want := `package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// squash aaaa to bbbb
//
// This code is left out, as a new database has no rows for it:
// bbbb (bbbb_two.go): run data step: fill names
// bbbb (bbbb_two.go): run data step
//
// Revision ID: ssss
// Revises:
// Replaces:    2 revisions, aaaa to bbbb
// Create Date: 2026-11-23 15:12:07
func init() {
	Revisions.Register(revision.Revision{
		ID:       "ssss",
		Replaces: []string{"aaaa", "bbbb"},
		Upgrade: func(m *op.Migration) {
			m.CreateTable("taaaa",
				op.Column("id", op.Int(64)).PrimaryKey(),
				op.Column("name", op.Text()),
			)

			m.SQL("INSERT INTO taaaa (id) VALUES (1)")
		},
	})
}
`
	out, err := s.run("squash", ":", "--leave-out-code", "--rev-id", "ssss", "--dry-run")
	if err != nil || !strings.HasPrefix(out, want) {
		t.Errorf("got %s%v, want %s", out, err, want)
	}
	if want := "WARN  [migrations] rows that SQL before it may insert are without what it does: bbbb (bbbb_two.go): run data step\n" +
		"WARN  [migrations] there is no way back: one of the revisions has no Downgrade\n"; s.log.String() != want {
		t.Errorf("the log is\n%s", s.log.String())
	}
}
