package cli_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/render"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

func TestRevisionFile(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.env.Random = bytes.NewReader([]byte{0x8f, 0x0c, 0x3f, 0x6d, 0x1a, 0x2b})
	if _, err := s.run("init"); err != nil {
		t.Fatal(err)
	}
	s.want("Generating migrations/versions/8f0c3f6d1a2b_count_the_guests.go ...  done\n", "revision", "-m",
		"Count the guests", "--branch-label", "counts")
	path := filepath.Join(s.dir, "versions", "8f0c3f6d1a2b_count_the_guests.go")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := render.File(render.Revision{
		ID: "8f0c3f6d1a2b", Message: "Count the guests", Labels: []string{"counts"}, Created: s.env.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text, want) {
		t.Errorf("the file is\n%s\nwant\n%s", text, want)
	}
	s.rebuild()
	s.want("Rev: 8f0c3f6d1a2b (head)\nParent: <base>\nBranch names: counts\n"+
		"Path: migrations/versions/8f0c3f6d1a2b_count_the_guests.go\n\n    Count the guests\n    \n"+
		"    Revision ID: 8f0c3f6d1a2b\n    Revises: \n    Create Date: 2026-11-23 15:12:07\n\n", "show")
	var edited []string
	s.env.Edit = func(_ context.Context, path string) error {
		edited = append(edited, path)
		return nil
	}
	s.want("", "edit")
	if len(edited) != 1 || edited[0] != path {
		t.Errorf("edited %q, want %q, once", edited, path)
	}
}

// fork returns a project whose history branches after a revision that creates the table users.
func fork(t *testing.T, left, right func(m *op.Migration)) *scratch {
	t.Helper()
	s := newScratch(t, dbtest.New(t))
	users := func(m *op.Migration) {
		m.CreateTable("users", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("name", op.String(20)))
	}
	for _, r := range []revision.Revision{
		{ID: "aaaa", File: "aaaa_.go", Upgrade: users},
		{ID: "bbbb", File: "bbbb_.go", DownRevision: []string{"aaaa"}, Upgrade: left},
		{ID: "cccc", File: "cccc_.go", DownRevision: []string{"aaaa"}, Upgrade: right},
	} {
		s.env.Revisions.Register(r)
	}
	if err := os.MkdirAll(filepath.Join(s.dir, "versions"), 0o700); err != nil {
		t.Fatal(err)
	}
	return s
}

func addPhone(m *op.Migration) { m.AddColumn("users", op.Column("phone", op.String(20))) }

func TestMergeTellsWhatEachSideChanged(t *testing.T) {
	t.Parallel()
	s := fork(t, addPhone, func(m *op.Migration) { m.CreateIndex("idx_users_name", "users", "name") })
	s.want("Generating migrations/versions/dddd_both.go ...  done\n", "merge", "-m", "both", "--rev-id", "dddd")
	const want = "bbbb changes:\n  bbbb\n    add column users.phone string(20)\n" +
		"cccc changes:\n  cccc\n    create index idx_users_name on users (name)\n"
	if s.log.String() != want {
		t.Errorf("got log\n%s\nwant\n%s", s.log.String(), want)
	}
}

func TestMergeRefusesConflicts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		left, right func(m *op.Migration)
		want        string
	}{
		"the same column added": {addPhone, addPhone, "bbbb and cccc both add column users.phone"},
		"the same column altered": {
			func(m *op.Migration) { m.AlterColumn("users", "name").Type(op.String(30)) },
			func(m *op.Migration) { m.AlterColumn("users", "name").NotNull() },
			"bbbb and cccc both change column users.name differently",
		},
		"a column altered and dropped": {
			func(m *op.Migration) { m.AlterColumn("users", "name").NotNull() },
			func(m *op.Migration) { m.DropColumn("users", "name") },
			"bbbb changes column users.name, which cccc drops",
		},
		"a foreign key to what goes": {
			func(m *op.Migration) {
				m.CreateTable("pets", op.Column("user_id", op.Int(64)), op.ForeignKey("fk", "user_id").References("users", "id"))
			},
			func(m *op.Migration) { m.DropPrimaryKey("users") },
			"cccc cannot be applied after bbbb",
		},
		"a table gone": {addPhone, func(m *op.Migration) { m.DropTable("users") }, "bbbb uses table users, which cccc drops"},
		"a column renamed": {
			func(m *op.Migration) { m.RenameColumn("users", "name", "full_name") },
			func(m *op.Migration) { m.CreateIndex("idx_users_name", "users", "name") },
			"bbbb renames column users.name, which cccc uses",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := fork(t, test.left, test.right)
			out, err := s.run("merge", "heads", "--rev-id", "dddd")
			wantTwoLines(t, "merge", out, err, "Not merged: ", test.want, "--force")
			if files, _ := os.ReadDir(filepath.Join(s.dir, "versions")); len(files) != 0 {
				t.Errorf("got the files %v, want none", files)
			}
			s.want("Generating migrations/versions/dddd_.go ...  done\n", "merge", "heads", "--rev-id", "dddd", "--force")
			if want := "WARN"; !strings.Contains(s.log.String(), want) {
				t.Errorf("the log lacks %s:\n%s", want, s.log.String())
			}
		})
	}
}

// TestMergeComparesTwoByTwo merges three heads, of which the last two share a change that the first does not have.
func TestMergeComparesTwoByTwo(t *testing.T) {
	t.Parallel()
	s := fork(t, addPhone, addPhone)
	for _, id := range []string{"dddd", "eeee"} {
		s.env.Revisions.Register(revision.Revision{
			ID: id, File: id + "_.go", DownRevision: []string{"cccc"},
			Upgrade: func(m *op.Migration) { m.CreateIndex("idx_"+id, "users", "phone") },
		})
	}
	s.want("Error: Not merged: bbbb and dddd both add column users.phone, bbbb and eeee both add column users.phone\n"+
		"resolve it in the newer revision, or merge with --force and complete the merge's own Upgrade\n",
		"merge", "heads", "--rev-id", "ffff")
	s.want("Generating migrations/versions/ffff_.go ...  done\n", "merge", "dddd", "eeee", "--rev-id", "ffff")
}

func TestMergeOfWhatIsNoHead(t *testing.T) {
	t.Parallel()
	s := fork(t, addPhone, nil)
	const refused = "Error: Revision aaaa is not a head revision; please specify --splice to create a new branch " +
		"from this revision\n"
	s.want(refused+"a merge joins heads: name two or more of bbbb, cccc\n", "merge", "aaaa", "bbbb")
	s.env.Revisions.Register(revision.Revision{ID: "dddd", File: "dddd_.go", DownRevision: []string{"bbbb", "cccc"}})
	s.want(refused+"a merge needs several heads, and there is only one: dddd\n", "merge", "aaaa", "dddd")
}

func TestEditorThatCannotBeStarted(t *testing.T) {
	t.Setenv("VISUAL", "")
	s := newScratch(t, dbtest.New(t))
	if _, err := s.run("init"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.run("revision", "-m", "one", "--rev-id", "aaaa11110001"); err != nil {
		t.Fatal(err)
	}
	s.rebuild()
	t.Setenv("EDITOR", "/nowhere/editor -w")
	out, err := s.run("edit")
	wantTwoLines(t, "edit", out, err, "Error executing editor (", "check EDITOR, which is /nowhere/editor -w")
	t.Setenv("EDITOR", "")
	out, err = s.run("edit")
	wantTwoLines(t, "edit", out, err, "no editor found", "set the environment variable EDITOR")
}
