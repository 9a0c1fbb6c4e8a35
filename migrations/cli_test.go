package migrations_test

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"gorm.io/gorm"

	"guestlist/app/database/dbtest"
	"guestlist/migrations"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// scratch is a project made up for a test.
type scratch struct {
	t     *testing.T
	env   *migrations.Environment
	files fstest.MapFS
	out   bytes.Buffer
	log   bytes.Buffer
}

func newScratch(t *testing.T, db *gorm.DB) *scratch {
	t.Helper()
	s := &scratch{t: t, files: fstest.MapFS{}}
	s.env = &migrations.Environment{
		Registry: revision.NewRegistry(),
		Sources:  s.files,
		Open:     func(context.Context) (*gorm.DB, error) { return db, nil },
		Address:  "sqlite:///app.db",
		Stdout:   &s.out,
		Stderr:   &s.log,
	}
	return s
}

// add registers a revision that makes a table of its own.
func (s *scratch) add(id, message string, down ...string) {
	file := id + "_" + message + ".go"
	s.files[file] = &fstest.MapFile{Data: []byte("// " + message + "\n//\n// Revision ID: " + id + "\nfunc init() {\n")}
	s.env.Registry.Register(revision.Revision{
		ID: id, File: file, DownRevision: down,
		Upgrade:   func(m *op.Migration) { m.CreateTable("t"+id, op.Column("id", op.Int(64)).PrimaryKey()) },
		Downgrade: func(m *op.Migration) { m.DropTable("t" + id) },
	})
}

// run runs a command and returns standard output, and the error's text behind it as main prints it.
func (s *scratch) run(arguments ...string) string {
	s.t.Helper()
	s.out.Reset()
	c := migrations.Command(s.env)
	c.SetArgs(arguments)
	if err := c.ExecuteContext(s.t.Context()); err != nil {
		return s.out.String() + "Error: " + err.Error() + "\n"
	}
	return s.out.String()
}

func (s *scratch) want(want string, arguments ...string) {
	s.t.Helper()
	if got := s.run(arguments...); got != want {
		s.t.Errorf("db %q prints\n%s\nwant\n%s", arguments, got, want)
	}
}

func TestLinearHistory(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa11110001", "init")
	s.add("bbbb11110001", "left", "aaaa11110001")
	s.want("", "current")
	s.want("upgrade  -> aaaa11110001, init\n    create table taaaa11110001\n", "upgrade", "+1", "--plan")
	s.want("", "upgrade")
	s.want("bbbb11110001 (head)\n", "current")
	s.want("bbbb11110001 (head)\n", "heads")
	s.want("aaaa11110001 -> bbbb11110001 (head) (current), left\n<base> -> aaaa11110001, init\n", "history", "-i")
	s.want("<base> -> aaaa11110001, init\n", "history", "-r", ":aaaa")
	s.want("Rev: aaaa11110001\nParent: <base>\nPath: migrations/versions/aaaa11110001_init.go\n\n"+
		"    init\n    \n    Revision ID: aaaa11110001\n\n", "history", "-v", "-r", ":aaaa")
	s.want("", "downgrade", "-1")
	s.want("aaaa11110001\n", "current")
	s.want("Error: Database is not on all head revisions\n", "current", "--check-heads")
	s.want("", "downgrade")
	s.want("Error: Relative revision -1 didn't produce 1 migrations\n", "downgrade")
	s.want("", "upgrade")
	s.want("", "downgrade", "-2")
	s.want("", "current")
	log := regexp.MustCompile(`\([0-9.µm]+s\)`).ReplaceAllString(s.log.String(), "(1ms)")
	const want = "INFO  [migrations] Running upgrade  -> aaaa11110001, init (1ms)\n"
	if !strings.HasPrefix(log, want) {
		t.Errorf("the log is\n%s", log)
	}
}
