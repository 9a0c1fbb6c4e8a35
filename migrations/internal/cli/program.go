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

// Program is the program that the commands are part of. Its own fields must be set, except More, Wait and Edit.
type Program struct {
	// Environment is the default; --directory selects one of More.
	Environment

	More []Environment

	Name string // of the command, as typed: "guestlist db"

	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Interactive    bool // Stdin is a terminal, so commands may ask questions
	Terminal       bool // Stderr is a terminal, so lines can be overwritten

	Now    func() time.Time
	Wait   func(ctx context.Context, d time.Duration) error
	Random io.Reader
	Edit   func(ctx context.Context, path string) error // nil runs $VISUAL or $EDITOR
}

// Environment is one database, with its models and the history of its schema.
type Environment struct {
	Directory string
	Revisions *revision.Registry
	Models    []any
	Config    *gorm.Config
	Table     string // of the applied ids
	Open      func(ctx context.Context) (*gorm.DB, error)
	Shared    bool          // Open is that of the first environment
	Address   func() string // of the opened database, for messages

	TryOn func() string // the URL of a server on which to try drafts; nil for none

	FileTemplate string // of the names of new revision files; empty for the default
}

// versions returns the directory of the revision files.
func (e *Environment) versions() string { return filepath.Join(e.Directory, "versions") }

// environments returns all environments, the default first.
func (p *Program) environments() []*Environment {
	all := make([]*Environment, 0, 1+len(p.More))
	all = append(all, &p.Environment)
	for i := range p.More {
		all = append(all, &p.More[i])
	}
	return all
}

// checkTables rejects two environments that record their revisions in one table of one database: each would find the
// other's ids unknown.
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

// command returns the name of the command, with the flag that selects the environment.
func (p *Program) command(e *Environment) string {
	if sameDirectory(e.Directory, p.Directory) {
		return p.Name
	}
	return p.Name + " -d " + e.Directory
}

// environmentIn returns the environment with migrations in a directory.
func (p *Program) environmentIn(directory string) (*Environment, error) {
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
		if e.hasFilesIn(directory) || len(all) == 1 && e.isNew() {
			moved := *e
			moved.Directory = directory
			return &moved, nil
		}
	}
	return nil, hint.New(fmt.Errorf("the program has no migrations in the directory %s", directory),
		"add an Environment for it and rebuild the program; {db} init prints one for a new directory")
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

// hasFilesIn reports whether the directory holds a revision file of the environment, as when the command runs in
// another working directory.
func (e *Environment) hasFilesIn(directory string) bool {
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

// openEditor runs $VISUAL or $EDITOR on a file.
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

// noDirectoryError is returned for a directory of migrations that does not exist.
type noDirectoryError struct{ directory string }

func (e *noDirectoryError) Error() string {
	return fmt.Sprintf("Path doesn't exist: %s.  Please use the 'init' command to create a new scripts folder.",
		e.directory)
}

// Hint says what else may be wrong.
func (e *noDirectoryError) Hint() string {
	return "or run the command in the directory of the sources, or set --directory"
}
