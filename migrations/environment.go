package migrations

import (
	"cmp"
	"context"
	"crypto/rand"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
	"gorm.io/gorm"

	"guestlist/migrations/internal/cli"
	"guestlist/migrations/internal/models"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/revision"
)

// Environment is a database, the models of its schema and the history that leads to them, with what the commands need
// from the program.
type Environment struct {
	// Revisions are the history: versions.Revisions.
	Revisions *revision.Registry
	// Models holds a value of every GORM model. [Table] lists one whose table has another name than GORM's. Only the
	// commands that compare models with the history need it.
	Models []any
	// Config is the program's argument of gorm.Open. The engine uses the fields that affect the schema: NamingStrategy,
	// DisableForeignKeyConstraintWhenMigrating and IgnoreRelationshipsWhenMigrating. nil means GORM's defaults.
	Config *gorm.Config
	// Open returns the database. A command that needs it calls Open once; the program closes the database.
	Open func(ctx context.Context) (*gorm.DB, error)
	// Address returns the address of the database for messages, without a password. It is called after Open.
	Address func() string
	// TryOn returns the URL of a PostgreSQL server on which db migrate tries its drafts, besides SQLite in memory, in a
	// temporary database or schema. Any other text, such as the address of a SQLite file, means none; so does nil. A
	// server that cannot be used is not an error.
	TryOn func() string
	// VersionTable is the name of the table of applied ids, without dots, quotes and spaces; empty means "migrations".
	// Environments that share a database need a table each.
	VersionTable string
	// FileTemplate is the template of file names of new revisions, without .go: a text/template of .ID, .Slug (the words
	// of the message) and .Created (a time.Time). It must contain the whole ID. Existing files keep their names: the
	// engine goes by the ids that files register. Empty means "{{.ID}}_{{.Slug}}"; with the date first, files are listed
	// in the order in which they were written:
	//
	//	FileTemplate: `{{.Created.Format "2006_01_02_1504"}}_{{.ID}}_{{.Slug}}`
	FileTemplate string
	// Directory is the directory of the migrations, with the revisions in its subdirectory versions. Empty means
	// "migrations".
	Directory string

	// Name is the command as users type it, such as "guestlist db", for hints and help texts. Its last word is the name
	// of the command that Command returns. Empty means "db".
	Name string

	// Stdin, Stdout and Stderr: nil means os.Stdin, os.Stdout and os.Stderr. If Stdin is a terminal, the commands ask
	// about renames and before data is lost.
	Stdin          io.Reader
	Stdout, Stderr io.Writer

	// Now is the clock, Wait sleeps, Random is the source of revision ids, and Edit opens a file in an editor; nil means
	// those of the system.
	Now    func() time.Time
	Wait   func(ctx context.Context, d time.Duration) error
	Random io.Reader
	Edit   func(ctx context.Context, path string) error
}

// Table gives a model another table name in Environment.Models, as db.Table(name) does in the program.
//
//	Models: []any{&Book{}, migrations.Table("old_books", &Book{})}
func Table(name string, model any) any { return models.Named{Table: name, Model: model} }

// table returns the name of the table of applied ids.
func (e *Environment) table() string { return cmp.Or(e.VersionTable, runner.DefaultTable) }

// command returns the name of the command in hints.
func (e *Environment) command() string {
	return cmp.Or(strings.Join(strings.Fields(e.Name), " "), "db")
}

// program returns the environments for package cli, with defaults filled in.
func (e *Environment) program(more []*Environment) *cli.Program {
	p := &cli.Program{
		Environment: e.environment(),
		Name:        e.command(),
		Stdin:       e.Stdin, Stdout: e.Stdout, Stderr: e.Stderr,
		Now: e.Now, Wait: e.Wait, Random: e.Random, Edit: e.Edit,
	}
	if p.Stdin == nil {
		p.Stdin = os.Stdin
	}
	if p.Stdout == nil {
		p.Stdout = os.Stdout
	}
	if p.Stderr == nil {
		p.Stderr = os.Stderr
	}
	if p.Now == nil {
		p.Now = time.Now
	}
	if p.Random == nil {
		p.Random = rand.Reader
	}
	if file, ok := p.Stdin.(*os.File); ok {
		p.Interactive = term.IsTerminal(int(file.Fd()))
	}
	if file, ok := p.Stderr.(*os.File); ok {
		p.Terminal = term.IsTerminal(int(file.Fd()))
	}
	for _, further := range more {
		added := *further
		if added.Open == nil {
			added.Open, added.Address, added.TryOn = e.Open, e.Address, e.TryOn
		}
		if added.Config == nil {
			added.Config = e.Config
		}
		added.FileTemplate = cmp.Or(added.FileTemplate, e.FileTemplate)
		environment := added.environment()
		environment.Shared = further.Open == nil
		p.More = append(p.More, environment)
	}
	return p
}

func (e *Environment) environment() cli.Environment {
	address := e.Address
	if address == nil {
		address = func() string { return "the database" }
	}
	return cli.Environment{
		Directory: cmp.Or(e.Directory, "migrations"), Revisions: e.Revisions, Models: e.Models, Config: e.Config,
		Table: e.table(), Open: e.Open, Address: address, FileTemplate: e.FileTemplate,
		TryOn: e.TryOn,
	}
}
