package source_test

import (
	"slices"
	"testing"
	"testing/fstest"

	"guestlist/migrations/internal/source"
)

const users = `package versions

import "guestlist/migrations/revision"

// Some other thing.
func other() {}

// add phone to users,
// and an index
//
// Numbers come from the old system.
//
// Revision ID: 8f0c3f6d1a2b
// Revises:     3c9a51d2b0f4
// Create Date: 2026-11-23 15:12:07
func init() {
	Revisions.Register(revision.Revision{ID: "8f0c3f6d1a2b"})
}
`

func TestParse(t *testing.T) {
	t.Parallel()
	got, ok := source.Parse(users)
	if want := "add phone to users, and an index"; !ok || got.Message != want {
		t.Errorf("got %+v, %t; want the message %q", got, ok, want)
	}
	want := []string{
		"add phone to users,", "and an index", "", "Numbers come from the old system.", "",
		"Revision ID: 8f0c3f6d1a2b", "Revises: 3c9a51d2b0f4", "Create Date: 2026-11-23 15:12:07",
	}
	if !slices.Equal(got.Long, want) {
		t.Errorf("got %q, want %q", got.Long, want)
	}
}

func TestParseWithoutMessage(t *testing.T) {
	t.Parallel()
	got, ok := source.Parse("// Revision ID: a\n// Revises:\nfunc init() {}\n")
	if !ok || got.Message != "" || len(got.Long) != 2 || got.Long[1] != "Revises: " {
		t.Errorf("got %+v, %t; want no message, and two lines that end with %q", got, ok, "Revises: ")
	}
}

func TestHeadersLeavesOutOtherFiles(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{
		"a_users.go":  {Data: []byte(users)},
		"versions.go": {Data: []byte("package versions\n")},
		"setup.go":    {Data: []byte("package versions\n\n// Nothing of ours.\nfunc init() {}\n")},
		"README.md":   {Data: []byte("# Revisions\n")},
	}
	got, err := source.Headers(files)
	if err != nil || len(got) != 1 || got["a_users.go"].Message == "" {
		t.Errorf("got %+v, %v; want only a_users.go, with its message", got, err)
	}
}
