package cli_test

import (
	"strings"
	"testing"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// TestDowngradeToBranchHead downgrades to the head of one branch, by its label or an id, in a history with several
// heads.
func TestDowngradeToBranchHead(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := newScratch(t, db)
	s.add("aaaa11110001", "init")
	s.env.Revisions.Register(revision.Revision{
		ID: "bbbb11110001", File: "bbbb11110001_left.go", DownRevision: []string{"aaaa11110001"},
		BranchLabels: []string{"left"},
		Upgrade:      func(m *op.Migration) { m.CreateTable("tbbbb", op.Column("id", op.Int(64)).PrimaryKey()) },
		Downgrade:    func(m *op.Migration) { m.DropTable("tbbbb") },
	})
	s.add("cccc11110001", "more", "bbbb11110001")
	s.add("dddd11110001", "right", "aaaa11110001")
	s.want("", "upgrade", "heads")
	const current = "cccc11110001 (head)\ndddd11110001 (head)\n"
	for _, target := range []string{"left@head", "left@heads", "bbbb@head", "dddd@head"} {
		s.want("", "downgrade", target)
		want := "INFO  [migrations] Nothing to do: the database is already at " + target + "\n"
		if got := s.log.String(); got != want {
			t.Errorf("downgrade %s: got log %q, want %q", target, got, want)
		}
		s.want(current, "current")
	}
	_, err := s.run("downgrade", "head")
	if want := "Multiple head"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("downgrade head: got error %v, want one with %q", err, want)
	}
	s.want("", "downgrade", "bbbb")
	_, err = s.run("downgrade", "left@head")
	const invalid = "Destination left@head is not a valid downgrade target"
	if err == nil || !strings.Contains(err.Error(), invalid) {
		t.Errorf("downgrade left@head: got error %v, want one with %q", err, invalid)
	}
	s.want("bbbb11110001\ndddd11110001 (head)\n", "current")
}
