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

// onDisk writes the files of the compiled revisions, with text that registers nothing.
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

// listed returns the names of the revision files on disk.
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

// year returns a project of four revisions, with files on disk.
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

// compiled makes the program consist of the squash and the last revision.
func (s *scratch) compiled() {
	s.t.Helper()
	const file = "ssss_the_first_year.go"
	text, err := os.ReadFile(filepath.Join(s.dir, "versions", file))
	if err != nil || string(text) != squashText {
		s.t.Fatalf("got the file\n%s%v\nwant\n%s", text, err, squashText)
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
	if want := "INFO  [migrations] The removed files are now only in version control\n" +
		"INFO  [migrations] Databases at cccc or past it need nothing; upgrade those that have only some of the revisions " +
		"before you deploy this\n"; s.log.String() != want {
		t.Errorf("the log is\n%s\nwant\n%s", s.log.String(), want)
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

// wantRows compares the ids that are recorded in the database.
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
		s.t.Errorf("the recorded ids are %q, want %q", got, want)
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
	const replaced = "INFO  [migrations] bbbb was replaced by ssss (ssss_the_first_year.go)\n"
	if got := s.log.String(); got != replaced {
		t.Errorf("the log is\n%s\nwant\n%s", got, replaced)
	}
	out, err := s.run("history", "--json")
	if err != nil {
		t.Error(err)
	}
	for _, want := range []string{`"replaces": [
        "aaaa",
        "bbbb",
        "cccc"
      ],`, `"replaces": [],`} {
		if !strings.Contains(out, want) {
			t.Errorf("the history lacks %s:\n%s", want, out)
		}
	}
}

func TestSquashDryRunWritesNothing(t *testing.T) {
	t.Parallel()
	s := year(t, dbtest.New(t))
	before := s.listed()
	out, err := s.run("squash", "base:cccc", "-m", "the first year", "--rev-id", "ssss", "--dry-run")
	if err != nil {
		t.Error(err)
	}
	if want := squashText + "\n-- PostgreSQL\n\nCREATE TABLE"; !strings.HasPrefix(out, want) {
		t.Errorf("got\n%s\nwant it to begin with\n%s", out, want)
	}
	if want := "VALUES ('ssss');"; !strings.Contains(out, want) {
		t.Errorf("the output lacks %s:\n%s", want, out)
	}
	if replaced := "'aaaa'"; strings.Contains(out, replaced) {
		t.Errorf("the output shows %s:\n%s", replaced, out)
	}
	if got := s.listed(); !slices.Equal(got, before) {
		t.Errorf("the files are %q, want %q", got, before)
	}
}

// TestEightProgramsMeetASquash runs eight programs with a squash. They upgrade, at the same time, a database that has
// the revisions that the squash replaces.
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
			old.want("cccc\n", "current") // an old program is still running
		}
	}
	old.wantRows("aaaa", "bbbb", "cccc", "dddd")
}
