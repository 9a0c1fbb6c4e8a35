package migrations_test

import (
	"regexp"
	"strings"
	"testing"

	"guestlist/app/database/dbtest"
	"guestlist/migrations"
	"guestlist/migrations/revision"
)

func TestLinearHistory(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa11110001", "init")
	s.add("bbbb11110001", "left", "aaaa11110001")
	s.want("", "current")
	s.want("upgrade  -> aaaa11110001, init\n    create table taaaa11110001\n", "upgrade", "+1", "--plan")
	s.want("", "upgrade")
	log := regexp.MustCompile(`\([0-9.µm]+s\)`).ReplaceAllString(s.log.String(), "(1ms)")
	const want = "INFO  [migrations] Running upgrade  -> aaaa11110001, init (1ms)\n" +
		"INFO  [migrations] Running upgrade aaaa11110001 -> bbbb11110001, left (1ms)\n"
	if log != want {
		t.Errorf("the log is\n%s", log)
	}
	s.want("bbbb11110001 (head)\n", "current")
	s.want("aaaa11110001 -> bbbb11110001 (head) (current), left\n<base> -> aaaa11110001, init\n", "history", "-i")
	s.want("", "downgrade", "-1")
	s.want("aaaa11110001\n", "current")
	s.want("Error: Database is not on all head revisions\n"+
		"run db upgrade heads, or db current to see where the database stands\n", "current", "--check-heads")
	s.want("", "upgrade")
	s.want("", "downgrade", "-2")
	s.want("", "current")
}

func TestEmptyRevisionIsWarnedOf(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.env.Registry.Register(revision.Revision{ID: "aaaa11110001", File: "aaaa11110001_.go"})
	s.want("", "upgrade")
	if !strings.HasSuffix(s.log.String(), ")\nWARN  [migrations] revision aaaa11110001 is empty: nothing was changed\n") {
		t.Errorf("the log is\n%s", s.log.String())
	}
}

func TestUpgradeToAnOlderRevisionSaysSo(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa11110001", "init")
	s.add("bbbb11110001", "left", "aaaa11110001")
	s.want("", "upgrade")
	s.want("", "upgrade", "aaaa")
	if !strings.Contains(s.log.String(), "Nothing to do: the database is at aaaa already") {
		t.Errorf("the log is\n%s", s.log.String())
	}
}

func TestGraphIsDrawn(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("a", "init")
	s.add("b", "left", "a")
	s.add("c", "right", "a")
	s.add("d", "both", "b", "c")
	s.add("e", "third", "a")
	s.add("p", "alone")
	s.want(`*        d (head) (mergepoint), both
├─┐
* │      b, left
│ │ *    e (head), third
│ * │    c, right
│ │ │ *  p (head), alone
├─┴─┘
*        a (branchpoint), init
`, "history", "--graph")
}

func TestDowngradeTellsWhatIsLostAndAsks(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := newScratch(t, db)
	s.add("aaaa11110001", "init")
	s.want("", "upgrade")
	if err := db.Exec("INSERT INTO taaaa11110001 (id) VALUES (1), (2)").Error; err != nil {
		t.Fatal(err)
	}
	s.env.Interactive = true
	for _, answer := range []string{"", "no\n"} {
		s.env.Stdin = strings.NewReader(answer)
		s.want("Error: nothing was changed\n", "downgrade")
	}
	if !strings.Contains(s.log.String(), "This drops the table taaaa11110001: 2 rows with data.\nGo on? [y/N] ") {
		t.Errorf("it says\n%s", s.log.String())
	}
	s.want("aaaa11110001 (head)\n", "current")
	s.env.Stdin = strings.NewReader("y\n")
	s.want("", "downgrade")
	s.want("", "current")
}

func TestCheckFindsDrift(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := newScratch(t, db)
	s.add("aaaa11110001", "init")
	s.add("bbbb11110001", "left", "aaaa11110001")
	s.want("No drift detected.\nThe database is not at the heads: 2 revisions not applied.\n", "check")
	s.want("", "upgrade", "+1")
	s.want("No drift detected.\nThe database is not at the heads: 1 revision not applied.\n", "check")
	s.want("", "upgrade")
	s.want("No drift detected.\n", "check")
	if err := db.Exec("ALTER TABLE taaaa11110001 ADD COLUMN stray text").Error; err != nil {
		t.Fatal(err)
	}
	s.want("column taaaa11110001.stray is not in the history\n"+
		"Error: The database is not what its revisions say: 1 difference\n"+
		"change the database back, or write a revision that does the same and stamp it; "+
		"where a revision was edited after it was applied: db stamp <parent> and db upgrade again\n", "check")
}

func TestRevisionBelowAnAppliedOneIsNoted(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := newScratch(t, db)
	s.add("aaaa11110001", "init")
	s.add("bbbb11110001", "late", "aaaa11110001")
	s.want("", "upgrade")
	if err := db.Exec("DELETE FROM migrations WHERE id = 'aaaa11110001'").Error; err != nil {
		t.Fatal(err)
	}
	s.want("", "upgrade")
	const want = "INFO  [migrations] revision aaaa11110001 (aaaa11110001_init.go) is not recorded, but what builds on it is: it is not run\n"
	if s.log.String() != want {
		t.Errorf("it says\n%s", s.log.String())
	}
}

func TestEveryCommandExplainsItself(t *testing.T) {
	t.Parallel()
	s := newScratch(t, nil)
	for _, c := range migrations.Command(s.env).Commands() {
		if c.Short == "" || c.Example == "" {
			t.Errorf("db %s lacks a description or an example", c.Name())
		}
	}
	out, err := s.run("upgrde")
	wantTwoLines(t, "upgrde", out, err, "upgrde", "--help")
}

// TestStepsParse has steps down, which look like flags, wherever a revision is wanted.
func TestStepsParse(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa11110001", "init")
	s.add("bbbb11110001", "left", "aaaa11110001")
	s.want("", "stamp", "-1")
	s.want("aaaa11110001\n", "current")
	s.want("", "stamp", "head")
	for command, want := range map[string]string{
		"downgrade -1 --plan": "downgrade bbbb11110001 -> aaaa11110001, left\n    drop table tbbbb11110001\n",
		"upgrade -1":          "Error: Relative revision -1 didn't produce 1 migrations\nupgrade goes up; db downgrade -1 goes down\n",
		"downgrade -1 aaaa":   "Error: Got unexpected extra argument (aaaa)\none REVISION is enough; see db downgrade --help\n",
	} {
		s.want(want, strings.Fields(command)...)
	}
	for _, command := range []string{"show", "edit", "merge", "stamp --sql"} {
		if _, err := s.run(append(strings.Fields(command), "-1")...); err != nil && strings.Contains(err.Error(), "flag") {
			t.Errorf("%s -1: %v", command, err)
		}
	}
}

func TestStampRefusesContradictions(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa11110001", "init")
	s.want("", "stamp", "head")
	for _, command := range []string{"stamp head base", "stamp base aaaa", "stamp --sql base head", "stamp --purge base base"} {
		out, err := s.run(strings.Fields(command)...)
		wantTwoLines(t, command, out, err, "base stands for no revision at all")
	}
	s.want("aaaa11110001 (head)\n", "current")
}
