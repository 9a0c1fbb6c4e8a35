package migrations

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"time"

	"gorm.io/gorm"

	"guestlist/migrations/revision"
)

// Environment is what the db commands get from the program. Registry, Sources, Open, Stdout and Stderr must be set.
type Environment struct {
	// Registry holds the revisions, Sources the files that declare them: revision.Default and versions.Files.
	Registry *revision.Registry
	Sources  fs.FS
	// Models are a value of every GORM model, which db migrate compares with the history: app.Models().
	Models []any
	// Scratch returns an empty SQLite database in memory, on which db migrate tries what it writes; the command closes it.
	// nil: it is not tried.
	Scratch func() (*gorm.DB, error)
	// Directory is where the migrations live; the files of revisions stand in its directory versions. The flag
	// --directory sets it; empty stands for migrations.
	Directory string
	// Open returns the database. A command that needs it calls it once; whoever made what it returns closes it.
	Open func(ctx context.Context) (*gorm.DB, error)
	// Address is the address of the database without its password, for people.
	Address string

	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Interactive tells that Stdin is a terminal, where somebody can answer questions.
	Interactive bool

	// Now is the clock, Wait how to wait for a while, Random the source of revision ids, Edit what opens a file for
	// editing; nil stands for those of the system.
	Now    func() time.Time
	Wait   func(ctx context.Context, d time.Duration) error
	Random io.Reader
	Edit   func(ctx context.Context, path string) error
}

func (e *Environment) now() time.Time {
	if e.Now == nil {
		return time.Now()
	}
	return e.Now()
}

func (e *Environment) random() io.Reader {
	if e.Random == nil {
		return rand.Reader
	}
	return e.Random
}

func (e *Environment) edit(ctx context.Context, path string) error {
	if e.Edit == nil {
		return e.openEditor(ctx, path)
	}
	return e.Edit(ctx, path)
}

// openEditor runs the program that the environment names for editing.
func (e *Environment) openEditor(ctx context.Context, path string) error {
	words := strings.Fields(os.Getenv("VISUAL"))
	if len(words) == 0 {
		words = strings.Fields(os.Getenv("EDITOR"))
	}
	if len(words) == 0 {
		return &hinted{errors.New("no editor found"), "set the environment variable EDITOR"}
	}
	editor := exec.CommandContext(ctx, words[0], append(words[1:], path)...) //nolint:gosec // the user's own editor
	editor.Stdin, editor.Stdout, editor.Stderr = e.Stdin, e.Stdout, e.Stderr
	if err := editor.Run(); err != nil {
		return &hinted{fmt.Errorf("Error executing editor (%w)", err), "check EDITOR, which is " + strings.Join(words, " ")}
	}
	return nil
}
