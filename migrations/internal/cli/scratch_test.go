package cli_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"gorm.io/gorm"

	"guestlist/migrations/internal/cli"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// scratch is a generated project, in its own directory.
type scratch struct {
	t     *testing.T
	env   *cli.Program
	dir   string
	files fstest.MapFS // the sources that count as compiled in
	out   bytes.Buffer
	log   bytes.Buffer
	// functions are the compiled functions of revisions, by their text. Revisions without functions need no entry.
	functions map[string]functions
}

type functions struct{ upgrade, downgrade func(m *op.Migration) }

func newScratch(t *testing.T, db *gorm.DB) *scratch {
	t.Helper()
	s := &scratch{t: t, files: fstest.MapFS{}, dir: filepath.Join(t.TempDir(), "migrations")}
	s.env = &cli.Program{
		Environment: cli.Environment{
			Revisions: revision.NewRegistry(s.files),
			Table:     "migrations",
			Directory: s.dir,
			Open:      func(context.Context) (*gorm.DB, error) { return db, nil },
			Address:   func() string { return "sqlite:///app.db" },
		},
		Name:   "db",
		Stdout: &s.out,
		Stderr: &s.log,
		Now:    func() time.Time { return time.Date(2026, 11, 23, 15, 12, 7, 0, time.UTC) },
		Random: rand.Reader,
	}
	return s
}

// add registers a revision that creates the table t<id>.
func (s *scratch) add(id, message string, down ...string) {
	file := id + "_" + message + ".go"
	s.files[file] = &fstest.MapFile{Data: []byte("// " + message + "\n//\n// Revision ID: " + id + "\nfunc init() {\n")}
	s.env.Revisions.Register(revision.Revision{
		ID: id, File: file, DownRevision: down,
		Upgrade:   func(m *op.Migration) { m.CreateTable("t"+id, op.Column("id", op.Int(64)).PrimaryKey()) },
		Downgrade: func(m *op.Migration) { m.DropTable("t" + id) },
	})
}

// rebuild registers the revision files on disk as if compiled in.
func (s *scratch) rebuild() {
	s.t.Helper()
	clear(s.files)
	s.env.Revisions = revision.NewRegistry(s.files)
	paths, err := filepath.Glob(filepath.Join(s.dir, "versions", "*_*.go"))
	if err != nil {
		s.t.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			s.t.Fatal(err)
		}
		s.files[filepath.Base(path)] = &fstest.MapFile{Data: text}
		_, body, _ := strings.Cut(string(text), "\t\tUpgrade: ")
		does, ok := s.functions[body]
		if !ok && strings.Contains(body, "\t\t\t") {
			s.t.Fatalf("no functions are known for\n%s", body)
		}
		s.env.Revisions.Register(revision.Revision{
			ID: field(text, "ID")[0], File: filepath.Base(path),
			DownRevision: field(text, "DownRevision"), DependsOn: field(text, "DependsOn"),
			BranchLabels: field(text, "BranchLabels"),
			Upgrade:      does.upgrade, Downgrade: does.downgrade,
		})
	}
}

// field returns the strings in a field of a revision, from its source.
func field(text []byte, name string) []string {
	line := regexp.MustCompile(`(?m)^\t\t` + name + `: .*$`).Find(text)
	var values []string
	for _, match := range regexp.MustCompile(`"([^"]*)"`).FindAllSubmatch(line, -1) {
		values = append(values, string(match[1]))
	}
	return values
}

// run runs a command and returns its output and its error.
func (s *scratch) run(arguments ...string) (string, error) {
	s.t.Helper()
	s.out.Reset()
	s.log.Reset()
	c := cli.Command(s.env)
	c.SetArgs(arguments)
	err := c.ExecuteContext(s.t.Context())
	return strings.ReplaceAll(s.out.String(), s.dir, "migrations"), err
}

// want runs a command and compares its output, followed by the error as the program prints it.
func (s *scratch) want(want string, arguments ...string) {
	s.t.Helper()
	got, err := s.run(arguments...)
	if err != nil {
		got += "Error: " + strings.ReplaceAll(err.Error(), s.dir, "migrations") + "\n"
	}
	if got = cli.WithoutLocks(got); got != want {
		s.t.Errorf("db %s prints\n%s\nwant\n%s", strings.Join(arguments, " "), got, want)
	}
}
