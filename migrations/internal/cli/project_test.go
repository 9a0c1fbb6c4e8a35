package cli

import (
	"bytes"
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/source"
	"guestlist/migrations/revision"
)

// testProject is a project with changing models, in its own directory.
type testProject struct {
	t        testing.TB
	db       *gorm.DB
	env      *Program
	files    fstest.MapFS
	out, log bytes.Buffer
}

func newTestProject(t testing.TB) *testProject {
	t.Helper()
	w := &testProject{t: t, files: fstest.MapFS{}, db: dbtest.New(t)}
	w.env = &Program{
		Environment: Environment{
			Revisions: revision.NewRegistry(w.files),
			Table:     "migrations",
			Directory: filepath.Join(t.TempDir(), "migrations"),
			Open:      func(context.Context) (*gorm.DB, error) { return w.db, nil },
		},
		Name:   "db",
		Stdout: &w.out,
		Stderr: &w.log,
		Random: rand.Reader,
		Now:    func() time.Time { return time.Date(2026, 11, 23, 15, 12, 7, 0, time.UTC) },
	}
	if err := os.MkdirAll(w.env.versions(), 0o700); err != nil {
		t.Fatal(err)
	}
	return w
}

// run runs a command and returns its output followed by its error.
func (w *testProject) run(arguments ...string) string {
	w.t.Helper()
	w.out.Reset()
	w.log.Reset()
	c := Command(w.env)
	c.SetArgs(append([]string{"--directory", w.env.Directory}, arguments...))
	err := c.ExecuteContext(context.Background())
	text := w.out.String()
	if err != nil {
		text += "Error: " + err.Error() + "\n"
	}
	return strings.ReplaceAll(text, w.env.Directory, "migrations")
}

// want runs a command and compares its output.
func (w *testProject) want(want string, arguments ...string) {
	w.t.Helper()
	if got := WithoutLocks(w.run(arguments...)); got != want {
		w.t.Errorf("db %s prints\n%s\nwant\n%s", strings.Join(arguments, " "), got, want)
	}
}

// WithoutLocks removes the lines about locks, which only a plan on PostgreSQL has.
func WithoutLocks(text string) string {
	var kept strings.Builder
	for line := range strings.Lines(text) {
		word, _, _ := strings.Cut(strings.TrimPrefix(line, "        "), ": ")
		if !strings.HasPrefix(line, "        ") || !slices.Contains([]string{"note", "warning", "error", "safer"}, word) {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// wantLog compares the log of the last command.
func (w *testProject) wantLog(want string) {
	w.t.Helper()
	if got := w.log.String(); got != want {
		w.t.Errorf("the log is\n%s\nwant\n%s", got, want)
	}
}

// migrate writes a revision, and returns its text.
func (w *testProject) migrate(id string, models []any, flags ...string) string {
	w.t.Helper()
	w.env.Models = models
	w.want("Generating migrations/versions/"+id+"_.go ...  done\n",
		append([]string{"migrate", "--rev-id", id}, flags...)...)
	return w.text(id)
}

func (w *testProject) text(id string) string {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join(w.env.versions(), id+"_.go"))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}

// compile registers a revision in the program, with the functions of its draft. Tests of package render check that the
// file has the same functions.
func (w *testProject) compile(p proposal, renames ...string) {
	w.t.Helper()
	text := w.text(p.ID)
	if err := os.Remove(filepath.Join(w.env.versions(), p.ID+"_.go")); err != nil {
		w.t.Fatal(err)
	}
	interactive := w.env.Interactive
	w.env.Interactive = false
	defer func() { w.env.Interactive = interactive }()
	change, accepted, err := w.session().compare(w.t.Context(), &p, renames)
	if err != nil {
		w.t.Fatal(err)
	}
	d, err := change.Draft(accepted...)
	if err != nil {
		w.t.Fatal(err)
	}
	r := d.Revision()
	r.File = p.ID + "_.go"
	w.env.Revisions.Register(r)
	w.files[r.File] = &fstest.MapFile{Data: []byte(text)}
	if err := os.WriteFile(filepath.Join(w.env.versions(), r.File), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	if err := source.CheckCompiled(w.env.versions(), os.DirFS(w.env.versions()), w.files); err != nil {
		w.t.Fatal(err)
	}
}

// session returns a session like those of commands.
func (w *testProject) session() *session {
	w.t.Helper()
	s, err := w.env.session(Command(w.env))
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// migrateAndCompile writes a revision and compiles it.
func (w *testProject) migrateAndCompile(id string, models []any, renames ...string) string {
	w.t.Helper()
	var flags []string
	for _, r := range renames {
		flags = append(flags, "--rename", r)
	}
	text := w.migrate(id, models, flags...)
	p := proposal{}
	p.ID = id
	w.compile(p, renames...)
	return text
}

// body returns the bodies of the two functions of a revision.
func body(text string) string {
	_, text, _ = strings.Cut(text, "Upgrade: func(m *op.Migration) {\n")
	up, down, _ := strings.Cut(text, "\t\t},\n\t\tDowngrade: func(m *op.Migration) {\n")
	down, _, _ = strings.Cut(down, "\t\t},\n\t})")
	return strings.ReplaceAll(up+"--\n"+down, "\t\t\t", "")
}

func wantBody(t *testing.T, text, want string) {
	t.Helper()
	if got := body(text); got != want {
		t.Errorf("got revision\n%s\nwant\n%s", got, want)
	}
}
