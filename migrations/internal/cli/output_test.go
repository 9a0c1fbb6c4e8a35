package cli_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guestlist/migrations/internal/dbtest"
)

var errFull = errors.New("no space left on device")

// fullWriter fails after a number of bytes, like a full disk.
type fullWriter struct{ free int }

func (w *fullWriter) Write(text []byte) (int, error) {
	if len(text) <= w.free {
		w.free -= len(text)
		return len(text), nil
	}
	n := w.free
	w.free = 0
	return n, errFull
}

// TestLostOutput checks that a command fails if its result cannot be printed, or not completely: a script that ends too
// early must not look like a success.
func TestLostOutput(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa11110001", "init")
	s.add("bbbb11110001", "more", "aaaa11110001")
	s.want("", "upgrade", "aaaa")
	for _, command := range []string{
		"current", "current --json", "heads", "heads -v", "history", "history -v", "history --graph", "history --json",
		"history --graph --format svg", "show", "upgrade --plan", "upgrade --plan --json", "upgrade --sql",
		"downgrade --sql head:base", "stamp --sql head", "lint", "lint --json", "check --database --json", "diagram head",
	} {
		for _, free := range []int{0, 9} {
			s.env.Stdout = &fullWriter{free: free}
			if _, err := s.run(strings.Fields(command)...); !errors.Is(err, errFull) {
				t.Errorf("db %s with room for %d bytes: got error %v, want %v", command, free, err, errFull)
			}
		}
	}
}

// TestLostLineOfAFile checks that a file is written, without an error, even if the line that names it cannot be
// printed, and that init fails, because its instructions are lost.
func TestLostLineOfAFile(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.env.Stdout = &fullWriter{}
	if _, err := s.run("init", "--directory", s.dir); !errors.Is(err, errFull) {
		t.Errorf("init, whose instructions are lost: got error %v, want %v", err, errFull)
	}
	if _, err := s.run("revision", "--directory", s.dir, "--rev-id", "aaaa11110001"); err != nil {
		t.Errorf("revision: got error %v, want none", err)
	}
	if _, err := os.Stat(filepath.Join(s.dir, "versions", "aaaa11110001_.go")); err != nil {
		t.Error(err)
	}
}
