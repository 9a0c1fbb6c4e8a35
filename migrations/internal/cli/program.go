package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"guestlist/migrations/internal/hint"
	"guestlist/migrations/revision"
)

// Program is what the commands get from the program that they are part of. All but More must be set.
type Program struct {
	// Environment is the one that commands work on, unless --directory names that of another.
	Environment

	More []Environment

	Name string // of the command, as people type it: "guestlist db"

	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Interactive    bool // Stdin is a terminal, where a person can answer questions
	Terminal       bool // Stderr is one, where a line can be written over

	Now    func() time.Time
	Wait   func(ctx context.Context, d time.Duration) error
	Random io.Reader
	Edit   func(ctx context.Context, path string) error // nil: the program that VISUAL or EDITOR names
}

// Environment is one database, with the models and the history of its schema.
type Environment struct {
	Directory string
	Revisions *revision.Registry
	Models    []any
	Config    *gorm.Config
	Table     string // of the applied ids
	Open      func(ctx context.Context) (*gorm.DB, error)
	Shared    bool          // Open is that of the program's first environment
	Address   func() string // of the opened database, for people

	TryOn func() string // the URL of a server to try drafts on; nil for none

	FileTemplate string // of the names of new revision files; empty for the usual one
}

// versions is the directory of the revision files.
func (e *Environment) versions() string { return filepath.Join(e.Directory, "versions") }

// environments returns all of them, the first one first.
func (p *Program) environments() []*Environment {
	all := make([]*Environment, 0, 1+len(p.More))
	all = append(all, &p.Environment)
	for i := range p.More {
		all = append(all, &p.More[i])
	}
	return all
}

// checkTables refuses two environments that record their revisions in one table of one database: each would take those
// of the other for unknown.
func (p *Program) checkTables() error {
	owners := map[string]*Environment{}
	for i, e := range p.environments() {
		if i > 0 && !e.Shared {
			continue
		}
		if other, taken := owners[e.Table]; taken {
			return hint.New(fmt.Errorf("the migrations in %s and in %s record their revisions in the same table %s",
				other.Directory, e.Directory, e.Table), "give one of the environments another VersionTable")
		}
		owners[e.Table] = e
	}
	return nil
}

// command is the name of the command, with the flag that makes it work on the environment.
func (p *Program) command(e *Environment) string {
	if sameDirectory(e.Directory, p.Directory) {
		return p.Name
	}
	return p.Name + " -d " + e.Directory
}

// in returns the environment whose migrations are in a directory.
func (p *Program) in(directory string) (*Environment, error) {
	all := p.environments()
	for _, e := range all {
		if sameDirectory(e.Directory, directory) {
			return e, nil
		}
	}
	for _, path := range []string{directory, filepath.Join(directory, "versions")} {
		if info, err := os.Stat(path); err != nil || !info.IsDir() {
			return nil, &noDirectoryError{directory: path}
		}
	}
	for _, e := range all {
		if e.livesIn(directory) || len(all) == 1 && e.isNew() {
			moved := *e
			moved.Directory = directory
			return &moved, nil
		}
	}
	return nil, hint.New(fmt.Errorf("the program has no migrations for the directory %s", directory),
		"give it an Environment for them and rebuild it; {db} init prints one for a new directory")
}

func sameDirectory(a, b string) bool {
	first, err := filepath.Abs(a)
	if err != nil {
		return false
	}
	second, err := filepath.Abs(b)
	return err == nil && first == second
}

// isNew reports whether the environment has no revisions yet.
func (e *Environment) isNew() bool { return e.Revisions == nil || len(e.Revisions.Revisions()) == 0 }

// livesIn reports whether the directory holds a file of the environment's revisions, as when a command is run from
// another working directory than usual.
func (e *Environment) livesIn(directory string) bool {
	if e.Revisions == nil {
		return false
	}
	return slices.ContainsFunc(e.Revisions.Revisions(), func(r revision.Revision) bool {
		_, err := os.Stat(filepath.Join(directory, "versions", r.File))
		return err == nil
	})
}

func (p *Program) edit(ctx context.Context, path string) error {
	if p.Edit == nil {
		return p.openEditor(ctx, path)
	}
	return p.Edit(ctx, path)
}

// openEditor runs the program that the environment names for editing.
func (p *Program) openEditor(ctx context.Context, path string) error {
	words := strings.Fields(os.Getenv("VISUAL"))
	if len(words) == 0 {
		words = strings.Fields(os.Getenv("EDITOR"))
	}
	if len(words) == 0 {
		return hint.New(errors.New("no editor found"), "set the environment variable EDITOR")
	}
	editor := exec.CommandContext(ctx, words[0], append(words[1:], path)...) //nolint:gosec // the user's own editor
	editor.Stdin, editor.Stdout, editor.Stderr = p.Stdin, p.Stdout, p.Stderr
	if err := editor.Run(); err != nil {
		return hint.New(fmt.Errorf("Error executing editor (%w)", err), "check EDITOR, which is "+strings.Join(words, " "))
	}
	return nil
}

// noDirectoryError is a directory of migrations that is not there.
type noDirectoryError struct{ directory string }

func (e *noDirectoryError) Error() string {
	return fmt.Sprintf("Path doesn't exist: %s.  Please use the 'init' command to create a new scripts folder.",
		e.directory)
}

// Hint says what else it may be.
func (e *noDirectoryError) Hint() string {
	return "or run the command where the sources are, or name the directory with --directory"
}
