package cli_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// Author and Novel are the models of the diagrams.
type Author struct {
	ID   int64
	Name string `gorm:"size:100;not null"`
}

// Novel belongs to an Author.
type Novel struct {
	ID       int64
	AuthorID int64  `gorm:"not null"`
	Author   Author `gorm:"constraint:OnDelete:CASCADE"`
	ISBN     string `gorm:"size:13;uniqueIndex;not null"`
}

const novels = `erDiagram
    accTitle: Schema of the models
    "authors" ||..o{ "novels" : "author_id"
    "authors" {
        int(64) id PK
        string(100) name
    }
    "novels" {
        int(64) id PK
        int(64) author_id FK
        string(13) isbn UK
    }
`

// newStudy returns a scratch project with models and a history whose last revision renames a table. Its database must
// not be opened.
func newStudy(t *testing.T) *scratch {
	t.Helper()
	s := newScratch(t, nil)
	s.env.Models = []any{&Author{}, &Novel{}}
	s.env.Open = func(context.Context) (*gorm.DB, error) {
		t.Error("the database is opened")
		return nil, errors.New("it is closed")
	}
	s.add("aaaa11110001", "init")
	s.env.Revisions.Register(revision.Revision{
		ID: "bbbb11110001", File: "bbbb11110001_.go", DownRevision: []string{"aaaa11110001"},
		Upgrade: func(m *op.Migration) {
			m.CreateTable("writers", op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
				op.Column("name", op.String(50)).NotNull())
		},
	})
	s.env.Revisions.Register(revision.Revision{
		ID: "cccc11110001", File: "cccc11110001_.go", DownRevision: []string{"bbbb11110001"},
		Upgrade: func(m *op.Migration) {
			m.RenameTable("writers", "authors")
			m.AlterColumn("authors", "name").Type(op.String(100))
		},
	})
	return s
}

func TestDiagram(t *testing.T) {
	t.Parallel()
	s := newStudy(t)
	s.want(novels, "diagram")
	s.want(novels, "diagram", "models", "--format", "mermaid")
	s.want("erDiagram\n    accTitle: Schema at base\n", "diagram", "base")
	const first = "erDiagram\n    accTitle: Schema at aaaa11110001 (init)\n" +
		"    \"taaaa11110001\" {\n        int(64) id PK\n    }\n"
	for _, target := range []string{"aaaa", "aaaa11110001", "head-2"} {
		s.want(first, "diagram", target)
	}
	s.want(`erDiagram
    accTitle: Schema at cccc11110001
    "authors" {
        int(64) id PK
        string(100) name
    }
`, "diagram", "head", "--tables", "auth*")
}

func TestDiagramOfChanges(t *testing.T) {
	t.Parallel()
	s := newStudy(t)
	const classes = `    classDef added fill:#dafbe1,stroke:#1a7f37,color:#1f2328
    classDef removed fill:#ffebe9,stroke:#cf222e,color:#1f2328
    classDef changed fill:#fff8c5,stroke:#9a6700,color:#1f2328
`
	const renamed = `erDiagram
    accTitle: From bbbb11110001 to cccc11110001
    "authors"["authors (was writers)"]:::changed {
        int(64) id PK
        string(100) name "#126; changed, was string(50)"
    }
` + classes
	for _, span := range []string{"bbbb:cccc", "head-1:head", "bbbb:", "bbbb:+1", "bbbb11110001:heads"} {
		s.want(renamed, "diagram", span)
	}
	s.want(renamed, "diagram", "--", "-1:head")
	s.want(`erDiagram
    accTitle: From bbbb11110001 to cccc11110001
    "taaaa11110001" {
        int(64) id PK
    }
`+classes, "diagram", "bbbb:cccc", "--tables", "t*")
	s.want(`erDiagram
    accTitle: From cccc11110001 to the models
    "authors" ||..o{ "novels" : "+ author_id added"
    "authors"
    "novels":::added {
        int(64) id PK "+ added"
        int(64) author_id FK "+ added"
        string(13) isbn UK "+ added"
    }
    "taaaa11110001":::removed {
        int(64) id PK "− removed"
    }
`+classes, "diagram", "head:models")
	s.want("erDiagram\n    accTitle: From cccc11110001 to cccc11110001\n"+classes, "diagram", "head:head")
	const nothing = "INFO  [migrations] Nothing has changed from cccc11110001 to cccc11110001\n"
	if log := s.log.String(); log != nothing {
		t.Errorf("got log\n%s\nwant\n%s", log, nothing)
	}
}

func TestDiagramRefuses(t *testing.T) {
	t.Parallel()
	s := newStudy(t)
	for command, want := range map[string][]string{
		"diagram cccc11110002": {"Can't locate revision identified by 'cccc11110002'",
			"did you mean cccc11110001?"},
		"diagram aaaa:zzzz":                       {"Can't locate revision identified by 'zzzz'", "db history"},
		"diagram models:+1":                       {"+1 cannot be relative to the models", "head-1:models"},
		"diagram --format png":                    {`unknown format "png"`, "mermaid and svg"},
		"diagram -o picture.png":                  {"picture.png does not say what format to write", ".mmd, .md, .svg"},
		"diagram -o picture.svg --format mermaid": {"--format mermaid and picture.svg cannot go together", ".svg is svg"},
		"diagram --all":                           {"--all needs FROM:TO", "--tables"},
		"diagram aaaa: --indexes":                 {"--indexes and FROM:TO cannot go together", "always shown"},
		"diagram --tables novel":                  {`no table matches "novel"`, "did you mean novels?"},
		"diagram --tables x*":                     {`no table matches "x*"`, "the tables are authors, novels"},
		"diagram --tables [":                      {`"[" is not a valid pattern of table names`, "audit*"},
		"diagram -o nowhere/picture.svg":          {"write the picture: open nowhere/picture.svg", ""},
		"diagram head base":                       {"Got unexpected extra argument (base)", "one REVISION is enough"},
		"history -o history.svg":                  {"--format and --output need --graph", ""},
		"history --graph --format mermaid":        {`unknown format "mermaid"`, "text and svg"},
		"history --graph -o x.svg --json":         {"cannot go together with --json", "parents"},
	} {
		out, err := s.run(strings.Fields(command)...)
		if err == nil || out != "" || !strings.Contains(err.Error(), want[0]) || !strings.Contains(err.Error(), want[1]) {
			t.Errorf("db %s prints %q and says %v, want %q", command, out, err, want)
		}
	}
	s.env.Models = nil
	out, err := s.run("diagram")
	wantTwoLines(t, "diagram", out, err, "the program names no models", "Models")
}

// TestDiagramOfSeveralHeads asks for the head, of which there are two, and for all heads.
func TestDiagramOfSeveralHeads(t *testing.T) {
	t.Parallel()
	s := newStudy(t)
	s.add("dddd11110001", "other", "aaaa11110001")
	out, err := s.run("diagram", "head")
	wantTwoLines(t, "diagram head", out, err, "Multiple head revisions are present for given argument 'head'",
		"the heads are")
	if out, err = s.run("diagram", "heads"); err != nil {
		t.Errorf("diagram heads: %v", err)
	}
	for _, want := range []string{`"authors" {`, `"tdddd11110001" {`} {
		if !strings.Contains(out, want) {
			t.Errorf("diagram heads lacks %s:\n%s", want, out)
		}
	}
}

// TestDiagramOfTheDatabase checks that current is the revision that the database is at, and that -1 counts from the
// head.
func TestDiagramOfTheDatabase(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa11110001", "init")
	s.add("bbbb11110001", "more", "aaaa11110001")
	s.want("", "upgrade", "aaaa")
	for _, span := range []string{"current:head", "current:+1"} {
		out, err := s.run("diagram", span)
		const want = "From aaaa11110001 (init) to bbbb11110001 (more)"
		if err != nil || !strings.Contains(out, want) {
			t.Errorf("diagram %s: got %v and\n%s\nwant %q in it, no error", span, err, out, want)
		}
	}
	const want = "Schema at aaaa11110001"
	if out, err := s.run("diagram", "-1"); err != nil || !strings.Contains(out, want) {
		t.Errorf("diagram -1: got %v and\n%s\nwant %q in it, no error", err, out, want)
	}
}

// TestDiagramFiles writes each kind of file. In a Markdown file, only the diagram is replaced.
func TestDiagramFiles(t *testing.T) {
	t.Parallel()
	s := newStudy(t)
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	read := func(name string) string {
		text, err := os.ReadFile(file(name))
		if err != nil {
			t.Error(err)
		}
		return string(text)
	}
	write := func(name string) {
		s.want("Generating "+file(name)+" ...  done\n", "diagram", "-o", file(name))
	}
	write("schema.mmd")
	if got := read("schema.mmd"); got != novels {
		t.Errorf("got\n%s\nwant\n%s", got, novels)
	}
	write("schema.svg")
	got := read("schema.svg")
	if want := "<svg "; !strings.HasPrefix(got, want) {
		t.Errorf("got\n%s\nwant it to begin with %s", got, want)
	}
	if want := ">author_id</text>"; !strings.Contains(got, want) {
		t.Errorf("the SVG lacks %s:\n%s", want, got)
	}
	write("schema.md")
	if got, want := read("schema.md"), "```mermaid\n"+novels+"```\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	const readme = "# Mine\n\n```mermaid\nsequenceDiagram\n```\n\n```mermaid\n%s```\nThe end.\n"
	for _, old := range []string{"", "erDiagram\n    \"old\"\n"} {
		for _, end := range []string{"\n", "\r\n"} {
			lines := strings.NewReplacer("\n", end)
			if err := os.WriteFile(file("README.md"), []byte(lines.Replace(strings.Replace(readme, "%s", old, 1))),
				0o600); err != nil {
				t.Fatal(err)
			}
			write("README.md")
			want := lines.Replace(strings.Replace(readme, "%s", novels, 1))
			if got := read("README.md"); got != want {
				t.Errorf("got\n%q\nwant\n%q", got, want)
			}
		}
	}
	const other = "# Mine\n"
	if err := os.WriteFile(file("other.md"), []byte(other), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := s.run("diagram", "-o", file("other.md"))
	wantTwoLines(t, "diagram -o other.md", out, err, "has no diagram to replace", "```mermaid")
	if got := read("other.md"); got != other {
		t.Errorf("got the file\n%q\nwant\n%q", got, other)
	}
}

// TestGraphAsPicture writes the history as text and as SVG.
func TestGraphAsPicture(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa11110001", "init")
	s.add("bbbb11110001", "left", "aaaa11110001")
	s.add("cccc11110001", "right", "aaaa11110001")
	s.add("dddd11110001", "both", "bbbb11110001", "cccc11110001")
	s.want("", "upgrade", "bbbb")
	text, err := s.run("history", "--graph", "-i")
	if err != nil {
		t.Fatal(err)
	}
	s.want(text, "history", "--graph", "-i", "--format", "text")
	path := filepath.Join(t.TempDir(), "history.svg")
	s.want("Generating "+path+" ...  done\n", "history", "--graph", "-i", "-o", path)
	written, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s.want(string(written), "history", "--graph", "-i", "--format", "svg")
	for _, want := range []string{
		"History: 4 revisions", "dddd11110001 (head), both, revises bbbb11110001, cccc11110001",
		"bbbb11110001 (current), left",
		">head</text>", ">current</text>", ">init</text>",
	} {
		if !strings.Contains(string(written), want) {
			t.Errorf("the SVG lacks %s", want)
		}
	}
	if n := strings.Count(string(written), `class="strand`); n != 4 {
		t.Errorf("%d lines join the revisions, want 4", n)
	}
}
