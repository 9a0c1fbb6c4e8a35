package cli

import (
	"strings"
	"testing"
)

// TestDefaultsThatSQLiteCannotCompute has a default that calls a function of PostgreSQL. On SQLite, where its table
// would accept no row, the upgrade is refused.
func TestDefaultsThatSQLiteCannotCompute(t *testing.T) {
	t.Parallel()
	type Document struct {
		ID    string `gorm:"type:uuid;primaryKey;default:gen_random_uuid()"`
		Title string
	}
	w := newTestProject(t)
	w.migrateAndCompile("a", []any{&Document{}})
	if want := "an upgrade of a SQLite database is refused: create table documents: SQLite cannot compute the default " +
		"(gen_random_uuid()) of column id"; !strings.Contains(w.log.String(), want) {
		t.Errorf("the log is\n%s\nwant\n%s", w.log.String(), want)
	}
	got := w.run("upgrade")
	if w.db.Name() != "sqlite" {
		if got != "" {
			t.Errorf("db upgrade prints\n%s\nwant nothing", got)
		}
		return
	}
	for _, want := range []string{"create table documents: SQLite cannot compute the default", "op.ExprFor"} {
		if !strings.Contains(got, want) {
			t.Errorf("db upgrade prints\n%s\nwant\n%s", got, want)
		}
	}
	if w.db.Migrator().HasTable("documents") {
		t.Error("the table was created")
	}
}

// TestDefaultNullSaysNothing checks that a default of NULL is not written, and is no drift in a database that has it.
func TestDefaultNullSaysNothing(t *testing.T) {
	t.Parallel()
	type Note struct {
		ID   int64
		Text *string `gorm:"size:9;default:null"`
	}
	w := newTestProject(t)
	if err := w.db.AutoMigrate(&Note{}); err != nil {
		t.Fatal(err)
	}
	if text := w.migrateAndCompile("a", []any{&Note{}}); strings.Contains(text, "Default") {
		t.Errorf("the revision is\n%s", text)
	}
	w.run("stamp", "head")
	w.want("No new upgrade operations detected.\nNo drift detected.\n", "check")
}

func TestDefaultsWithoutQuotes(t *testing.T) {
	t.Parallel()
	type File struct {
		ID   int64
		Data []byte `gorm:"default:abc"`
	}
	w := newTestProject(t)
	w.env.Models = []any{&File{}}
	w.want("Error: model cli.File, field Data: the default abc is not SQL: put text in single quotes, as in "+
		"default:'abc'\ncorrect the model, and rebuild the program\n", "migrate")
}
