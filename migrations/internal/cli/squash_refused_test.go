package cli_test

import (
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

func TestWhatCannotBeSquashed(t *testing.T) {
	t.Parallel()
	code := func(*gorm.DB) error { return nil }
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa", "one")
	s.env.Revisions.Register(revision.Revision{ID: "bbbb", DownRevision: []string{"aaaa"}, File: "bbbb_two.go",
		Upgrade: func(m *op.Migration) {
			m.Run(code).Named("fill names")
			m.SQL("DELETE FROM taaaa")
		},
		Downgrade: func(m *op.Migration) { m.Run(code) },
	})
	s.add("cccc", "three", "bbbb")
	s.env.Revisions.Register(revision.Revision{ID: "dddd", DownRevision: []string{"cccc"}, File: "dddd_four.go",
		NoTransaction: true,
		Upgrade:       func(m *op.Migration) { m.SQL("UPDATE taaaa SET id = 1") }, Downgrade: func(*op.Migration) {}})
	s.add("eeee", "five", "dddd")
	s.onDisk()
	before := s.listed()
	for command, want := range map[string]string{
		"squash": "Error: Missing the range to squash, FROM:TO\nname the first and the last, as in db squash 8f0c:3c9a\n",
		"squash aaaa:bbbb cccc": "Error: Got unexpected extra argument (cccc)\n" +
			"name the first and the last, as in db squash 8f0c:3c9a\n",
		"squash aaaa": "Error: History range requires [start]:[end], [start]:, or :[end]\n" +
			"as in db squash 8f0c:3c9a, 8f0c: or :8f0c\n",
		"squash aaaa:aaaa": "Error: Nothing to squash: aaaa is the only revision in the range\n" +
			"a squash takes two or more revisions, both ends included, as in db squash 8f0c:3c9a\n",
		"squash :cccc": "Error: Not squashed. These cannot be part of one revision: bbbb (bbbb_two.go): run data step: " +
			"fill names;" +
			" bbbb (bbbb_two.go): run data step\nGo code cannot be copied: squash the revisions before " +
			"and after them separately, or leave it out with --leave-out-code, as a new database has no rows that it " +
			"would change\n",
		"squash bbbb:cccc --leave-out-code": "Error: Not squashed. These cannot be part of one revision: bbbb " +
			"(bbbb_two.go): run data step: " +
			"fill names;" +
			" bbbb (bbbb_two.go): run data step\ncode can be left out only of a squash from the base, as databases have" +
			" rows before this one: squash the revisions before and after them separately\n",
		"squash base: --leave-out-code": "Error: Not squashed. These cannot be part of one revision: dddd (dddd_four.go): " +
			"execute UPDATE " +
			"taaaa SET id = 1" +
			" (outside a transaction)\nwhat runs outside a transaction needs its own revision: squash the revisions" +
			" before and after them separately\n",
		"squash aaaa:bbbb --rev-id eeee --leave-out-code": "Error: Revision eeee is present more than once: in " +
			"eeee_five.go\n" +
			"give one of them another id, in its file name, comment and code\n",
	} {
		s.want(want, strings.Fields(command)...)
	}
	if got := s.listed(); !slices.Equal(got, before) {
		t.Errorf("the files are %q", got)
	}
	s.env.Revisions.Register(revision.Revision{ID: "ffff", DownRevision: []string{"eeee"}, File: "aaaa_one.go"})
	s.want("Error: aaaa_one.go cannot be removed: it also declares revision ffff\nmove that revision to its own file\n",
		"squash", ":cccc", "--leave-out-code")
}

func TestSquashLeavesOutCode(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa", "one")
	s.env.Revisions.Register(revision.Revision{ID: "bbbb", DownRevision: []string{"aaaa"}, File: "bbbb_two.go",
		Upgrade: func(m *op.Migration) {
			m.Run(func(*gorm.DB) error { return nil }).Named("fill names").
				Declares(func(m *op.Migration) { m.AddColumn("taaaa", op.Column("name", op.Text())) })
			m.SQL("INSERT INTO taaaa (id) VALUES (1)")
			m.Run(func(*gorm.DB) error { return nil })
		},
	})
	s.onDisk()
	want := `package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// squash aaaa to bbbb
//
// This code is left out, as a new database has no rows for it to change:
// bbbb (bbbb_two.go): run data step: fill names
// bbbb (bbbb_two.go): run data step
//
// Revision ID: ssss
// Revises:
// Replaces:    2 revisions, aaaa to bbbb
// Create Date: 2026-11-23 15:12:07
func init() {
	Revisions.Register(revision.Revision{
		ID:       "ssss",
		Replaces: []string{"aaaa", "bbbb"},
		Upgrade: func(m *op.Migration) {
			m.CreateTable("taaaa",
				op.Column("id", op.Int(64)).PrimaryKey(),
				op.Column("name", op.Text()),
			)

			m.SQL("INSERT INTO taaaa (id) VALUES (1)")
		},
	})
}
`
	out, err := s.run("squash", ":", "--leave-out-code", "--rev-id", "ssss", "--dry-run")
	if err != nil || !strings.HasPrefix(out, want) {
		t.Errorf("got %s%v, want %s", out, err, want)
	}
	if want := "WARN  [migrations] rows that SQL before it may insert are not changed by it: bbbb (bbbb_two.go): " +
		"run data step\n" +
		"WARN  [migrations] the new revision has no Downgrade, because one of the revisions has " +
		"none\n"; s.log.String() != want {
		t.Errorf("the log is\n%s\nwant\n%s", s.log.String(), want)
	}
}

// TestSquashOfAWrongDowngrade checks that the error names the revision whose downgrade fails, and says what to do about
// it.
func TestSquashOfAWrongDowngrade(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa", "one")
	s.env.Revisions.Register(revision.Revision{ID: "bbbb", DownRevision: []string{"aaaa"}, File: "bbbb_two.go",
		Upgrade:   func(m *op.Migration) { m.RenameTable("taaaa", "tbbbb") },
		Downgrade: func(*op.Migration) {}, // does not restore taaaa
	})
	s.onDisk()
	s.want("Error: the downgrade of revision aaaa (aaaa_one.go): table taaaa does not exist\n"+
		"correct it, or the one after it; if one has no Downgrade, the squash has none\n", "squash", "base:head",
		"-m", "both")
}
