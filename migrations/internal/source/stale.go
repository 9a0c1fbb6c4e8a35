package source

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// StaleError reports revision files on disk that differ from those compiled into the program.
type StaleError struct {
	Directory string
	Missing   []string // not compiled in
	Changed   []string // compiled in with another text
}

func (e *StaleError) Error() string {
	if len(e.Missing) > 0 {
		return fmt.Sprintf("not compiled into this program: %s in %s", strings.Join(e.Missing, ", "), e.Directory)
	}
	return fmt.Sprintf("changed since this program was compiled: %s in %s", strings.Join(e.Changed, ", "), e.Directory)
}

// Hint says what to do about it.
func (e *StaleError) Hint() string {
	return "rebuild the program (go build), or run it from its sources (go run .)"
}

// CheckCompiled compares the revision files on disk with those compiled in. A missing directory is fine, as programs
// run without their sources. The error is a *StaleError, or that of reading a file.
func CheckCompiled(directory string, disk, compiled fs.FS) error {
	names, err := fs.Glob(disk, "*.go")
	if err != nil {
		return fmt.Errorf("list the revision files: %w", err)
	}
	stale := StaleError{Directory: directory}
	for _, name := range names {
		text, err := fs.ReadFile(disk, name)
		if err != nil {
			return fmt.Errorf("read a revision file: %w", err)
		}
		if strings.HasSuffix(name, "_test.go") || !bytes.Contains(text, []byte("Revisions.Register(")) {
			continue
		}
		built, err := fs.ReadFile(compiled, name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			stale.Missing = append(stale.Missing, name)
		case err != nil:
			return fmt.Errorf("read a compiled revision file: %w", err)
		case !bytes.Equal(text, built):
			stale.Changed = append(stale.Changed, name)
		}
	}
	if len(stale.Missing)+len(stale.Changed) > 0 {
		return &stale
	}
	return nil
}
