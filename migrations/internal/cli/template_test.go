package cli_test

import (
	"testing"

	"guestlist/migrations/internal/dbtest"
)

// TestDateFirst writes files whose names begin with the date, beside one from before, whose name does not.
func TestDateFirst(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	if _, err := s.run("init"); err != nil {
		t.Fatal(err)
	}
	s.want("Generating migrations/versions/ffff11110001_init.go ...  done\n", "revision", "-m", "init", "--rev-id",
		"ffff11110001")
	s.rebuild()
	s.env.FileTemplate = `{{.Created.Format "2006_01_02_1504"}}_{{.ID}}_{{.Slug}}`
	s.want("Generating migrations/versions/2026_11_23_1512_aaaa11110001_for_linux_.go ...  done\n",
		"revision", "-m", "for linux", "--rev-id", "aaaa11110001")
	s.rebuild()
	s.want("ffff11110001 -> aaaa11110001 (head), for linux\n<base> -> ffff11110001, init\n", "history")
	s.want("", "upgrade")
	s.want("aaaa11110001 (head)\n", "current")
	s.want("", "downgrade")
	s.want("ffff11110001\n", "current")
	const collides = "Error: the file for revision AAAA11110001 would be 2026_11_23_1512_AAAA11110001_for_linux_.go, " +
		"but 2026_11_23_1512_aaaa11110001_for_linux_.go exists already\nchoose another --rev-id\n"
	s.want(collides, "revision", "-m", "for linux", "--rev-id", "AAAA11110001")
	s.env.FileTemplate = "{{.Slug}}"
	out, err := s.run("revision", "-m", "versions")
	wantTwoLines(t, "revision", out, err, `the file name template "{{.Slug}}"`, "FileTemplate")
}
