package cli_test

import (
	"regexp"
	"strings"
	"testing"

	"guestlist/migrations/internal/cli"
	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/op"
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
		t.Errorf("got log\n%s\nwant\n%s", log, want)
	}
	s.want("bbbb11110001 (head)\n", "current")
	s.want("aaaa11110001 -> bbbb11110001 (head) (current), left\n<base> -> aaaa11110001, init\n", "history", "-i")
	s.want("", "downgrade", "-1")
	s.want("aaaa11110001\n", "current")
	s.want("Error: Database is not on all head revisions\n"+
		"run db upgrade heads, or db current to see the current revision\n", "current", "--check-heads")
	s.want("", "upgrade")
	s.want("", "downgrade", "-2")
	s.want("", "current")
}

func TestEmptyRevisionIsWarnedOf(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.env.Revisions.Register(revision.Revision{ID: "aaaa11110001", File: "aaaa11110001_.go"})
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
	for command, want := range map[string]string{
		"upgrade aaaa":          "past aaaa",
		"upgrade base":          "past base",
		"upgrade head-1 --plan": "past head-1",
		"upgrade bbbb":          "at bbbb",
		"upgrade":               "at head",
		"upgrade heads":         "at heads",
		"upgrade --plan":        "at head",
		"downgrade head":        "at head",
		"downgrade bbbb --plan": "at bbbb",
	} {
		s.want("", strings.Fields(command)...)
		want = "INFO  [migrations] Nothing to do: the database is already " + want + "\n"
		if log := s.log.String(); log != want {
			t.Errorf("db %s: got log\n%s\nwant\n%s", command, log, want)
		}
	}
}

func TestNothingToDoOnABranch(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa11110001", "init")
	s.add("bbbb11110001", "left", "aaaa11110001")
	s.add("cccc11110001", "right", "aaaa11110001")
	s.want("", "upgrade", "heads")
	s.want("", "upgrade", "bbbb")
	const want = "INFO  [migrations] Nothing to do: the database is already at bbbb\n"
	if log := s.log.String(); log != want {
		t.Errorf("got log\n%s\nwant\n%s", log, want)
	}
	out, err := s.run("upgrade", "--sql", "heads:bbbb")
	wantTwoLines(t, "upgrade --sql", out, err, "leads down")
}

func TestNothingToDoWithoutRevisions(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.want("", "upgrade")
	const want = "INFO  [migrations] Nothing to do: there are no revisions yet\n"
	if log := s.log.String(); log != want {
		t.Errorf("got log\n%s\nwant\n%s", log, want)
	}
}

func TestWhatCannotBeAsked(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa11110001", "init")
	s.add("bbbb11110001", "left", "aaaa11110001")
	for command, want := range map[string]string{
		"upgrade --plan --sql":      "--plan and --sql cannot go together",
		"downgrade --plan --sql":    "--plan and --sql cannot go together",
		"check --models --database": "--models and --database cannot go together",
		"history -r head:base": "Requested range head:base does not refer to ancestor/descendant revisions along " +
			"the same branch",
		"upgrade --sql head:base":   "Range head:base leads down, not up",
		"upgrade --sql bbbb:aaaa":   "Range bbbb:aaaa leads down, not up",
		"downgrade --sql aaaa:head": "Destination head is not a valid downgrade target",
		"downgrade --sql base:head": "Destination head is not a valid downgrade target",
	} {
		out, err := s.run(strings.Fields(command)...)
		wantTwoLines(t, command, out, err, want)
	}
	s.want("", "current")
	if _, err := s.run("upgrade", "--sql", "bbbb:head"); err != nil {
		t.Errorf("an empty range: %v", err)
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

// TestGraphSetsLinesApart draws the root of one line of history right above the head of another.
func TestGraphSetsLinesApart(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("a", "init")
	s.add("b", "left", "a")
	s.add("p", "alone")
	s.add("q", "lonely")
	s.add("r", "plugged", "q")
	s.want(`*  b (head), left
*  a, init

*  p (head), alone

*  r (head), plugged
*  q, lonely
`, "history", "--graph")
}

func TestDowngradeTellsWhatIsLostAndAsks(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := newScratch(t, db)
	s.add("aaaa11110001", "init")
	s.add("bbbb11110001", "left", "aaaa11110001")
	s.want("", "upgrade")
	if err := db.Exec("INSERT INTO taaaa11110001 (id) VALUES (1), (2)").Error; err != nil {
		t.Fatal(err)
	}
	s.env.Interactive = true
	for _, answer := range []string{"", "no\n"} {
		s.env.Stdin = strings.NewReader(answer)
		s.want("Error: nothing was changed\n", "downgrade", "base")
	}
	const asked = "This drops the table tbbbb11110001: no rows with data.\nThis drops the table " +
		"taaaa11110001: 2 rows with data.\nContinue? [y/N] "
	if !strings.Contains(s.log.String(), asked) {
		t.Errorf("got log\n%s\nwant in it\n%s", s.log.String(), asked)
	}
	s.want("bbbb11110001 (head)\n", "current")
	s.env.Stdin = strings.NewReader("y\n")
	s.want("", "downgrade", "base")
	s.want("", "current")
}

func TestCheckFindsDrift(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := newScratch(t, db)
	s.add("aaaa11110001", "init")
	s.add("bbbb11110001", "left", "aaaa11110001")
	const behind = "No drift detected.\nError: Target database is not up to date.\n"
	s.want(behind+"2 revisions are not applied: db upgrade applies them\n", "check")
	s.want("", "upgrade", "+1")
	s.want(behind+"1 revision is not applied: db upgrade applies it\n", "check")
	s.want("", "upgrade")
	s.want("No drift detected.\n", "check")
	if err := db.Exec("ALTER TABLE taaaa11110001 ADD COLUMN stray text").Error; err != nil {
		t.Fatal(err)
	}
	s.want("column taaaa11110001.stray is not in the history\n"+
		"Error: The database differs from its revisions: 1 difference\n"+
		"change the database back, or write a revision of the difference and stamp it; "+
		"if a revision was edited after it was applied: db stamp <parent> and db upgrade again\n", "check")
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
	const want = "INFO  [migrations] revision aaaa11110001 (aaaa11110001_init.go) is below an applied revision but " +
		"not recorded: it is skipped\n" +
		"INFO  [migrations] Nothing to do: the database is already at head\n"
	if s.log.String() != want {
		t.Errorf("got log\n%s\nwant\n%s", s.log.String(), want)
	}
}

func TestEveryCommandExplainsItself(t *testing.T) {
	t.Parallel()
	s := newScratch(t, nil)
	for _, c := range cli.Command(s.env).Commands() {
		if c.Short == "" || c.Example == "" {
			t.Errorf("db %s lacks a description or an example", c.Name())
		}
		for line := range strings.Lines(c.Example) {
			if !strings.HasPrefix(line, "  db "+c.Name()) {
				t.Errorf("an example of db %s is not what people type: %q", c.Name(), line)
			}
		}
		if strings.Contains(c.Use, "REVISION") && !strings.Contains(c.Long, "A REVISION is written as") {
			t.Errorf("db %s does not say what a REVISION is", c.Name())
		}
	}
	out, err := s.run("upgrde")
	wantTwoLines(t, "upgrde", out, err, "upgrde", "--help")
}

// TestStepsParse checks steps down, such as -1, which look like flags, wherever a command takes a revision.
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
		"upgrade -1": "Error: Relative revision -1 didn't produce 1 migrations\nupgrade goes up; db downgrade " +
			"-1 goes down\n",
		"downgrade -1 aaaa": "Error: Got unexpected extra argument (aaaa)\none REVISION is enough; see " +
			"db downgrade --help\n",
	} {
		s.want(want, strings.Fields(command)...)
	}
	for _, command := range []string{"show", "edit", "merge", "stamp --sql"} {
		if _, err := s.run(append(strings.Fields(command), "-1")...); err != nil && strings.Contains(err.Error(), "flag") {
			t.Errorf("%s -1: %v", command, err)
		}
	}
}

func TestStampNothing(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa11110001", "init")
	for _, command := range []string{"stamp", "stamp --purge", "stamp --sql"} {
		out, err := s.run(strings.Fields(command)...)
		wantTwoLines(t, command, out, err, "stamp needs a REVISION", "stamp head")
	}
	s.want("", "current")
}

func TestStampRefusesContradictions(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa11110001", "init")
	s.want("", "stamp", "head")
	for _, command := range []string{"stamp head base", "stamp base aaaa", "stamp --sql base head",
		"stamp --purge base base", "stamp -1 aaaa"} {
		out, err := s.run(strings.Fields(command)...)
		wantTwoLines(t, command, out, err, "base cannot be stamped together")
	}
	s.want("aaaa11110001 (head)\n", "current")
}

// TestPlanTellsWhatWouldFail checks that --plan fails as upgrade does on an operation that the history before it does
// not allow.
func TestPlanTellsWhatWouldFail(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa11110001", "init")
	s.env.Revisions.Register(revision.Revision{
		ID: "bbbb11110001", File: "bbbb11110001_.go", DownRevision: []string{"aaaa11110001"},
		Upgrade: func(m *op.Migration) { m.DropColumn("nowhere", "phone") },
	})
	for _, command := range []string{"upgrade --plan", "upgrade"} {
		s.want("Error: revision bbbb11110001 (bbbb11110001_.go): drop column nowhere.phone: table nowhere does not exist\n"+
			"correct the revision, or the one before it that should have made this possible\n", strings.Fields(command)...)
	}
	s.want("", "current")
}

func TestMistypedCommands(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa11110001", "init")
	s.add("bbbb11110001", "left", "aaaa11110001")
	s.add("bbbb22220001", "right", "aaaa11110001")
	for command, want := range map[string]string{
		"histroy":            "unknown command \"histroy\" for \"db\"\ndid you mean history? db --help lists the commands",
		"makemigrations":     "unknown command \"makemigrations\" for \"db\"\ndb --help lists the commands",
		"migrate add phone":  "Got unexpected extra arguments (add phone)\ndid you mean -m \"add phone\"?",
		"upgrade --foo":      "unknown flag: --foo\nsee db upgrade --help",
		"revision add phone": "Got unexpected extra arguments (add phone)\ndid you mean -m \"add phone\"?",
		"upgrade head heads": "Got unexpected extra argument (heads)\none REVISION is enough; see db upgrade --help",
		"heads now":          "Got unexpected extra argument (now)\nit takes none; see db heads --help",
		"upgrade zzzz":       "Can't locate revision identified by 'zzzz'\ndb history lists them",
		"upgrade aaaa1111O001": "Can't locate revision identified by 'aaaa1111O001'\n" +
			"did you mean aaaa11110001? db history lists them",
		"show bbbb": "Can't locate revision identified by 'bbbb'\n" +
			"Multiple revisions start with 'bbbb': 'bbbb11110001', 'bbbb22220001'; db history lists them",
		"upgrade +0": "Relative revision +0 didn't produce 0 migrations\n" +
			"zero steps lead nowhere; +1 is the next revision, -1 the previous one",
	} {
		s.want("Error: "+want+"\n", strings.Fields(command)...)
	}
}

// TestWhatRowsDoNotMeet adds a column that must have a value, and one that must be unique, to a table with rows.
func TestWhatRowsDoNotMeet(t *testing.T) {
	t.Parallel()
	const (
		null  = "\ngive the column a Default, or add it nullable, fill it, and then make it NOT NULL"
		twice = "\nexisting rows have the same values: change or delete the duplicates first " +
			"(if the revision warns of it, a query there finds them)"
	)
	for name, test := range map[string]struct {
		change func(m *op.Migration)
		hint   string
	}{
		"added": {func(m *op.Migration) { m.AddColumn("taaaa11110001", op.Column("phone", op.Text()).NotNull()) }, null},
		"altered": {func(m *op.Migration) {
			m.AddColumn("taaaa11110001", op.Column("phone", op.Text()))
			m.AlterColumn("taaaa11110001", "phone").NotNull()
		}, null},
		"a unique index": {func(m *op.Migration) {
			m.AddColumn("taaaa11110001", op.Column("phone", op.Text()).NotNull().Default("none"))
			m.CreateIndex("idx_phone", "taaaa11110001", "phone").Unique()
		}, twice},
		"a unique constraint": {func(m *op.Migration) {
			m.AddColumn("taaaa11110001", op.Column("phone", op.Text()).NotNull().Default("none"))
			m.AddUnique("uni_phone", "taaaa11110001", "phone")
		}, twice},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := dbtest.New(t)
			s := newScratch(t, db)
			s.add("aaaa11110001", "init")
			s.env.Revisions.Register(revision.Revision{
				ID: "bbbb11110001", File: "bbbb11110001_.go", DownRevision: []string{"aaaa11110001"}, Upgrade: test.change,
			})
			s.want("", "upgrade", "+1")
			if err := db.Exec("INSERT INTO taaaa11110001 (id) VALUES (1), (2)").Error; err != nil {
				t.Fatal(err)
			}
			out, err := s.run("upgrade")
			wantTwoLines(t, "upgrade", out, err, "bbbb11110001", test.hint)
		})
	}
}

// TestWhatIsThereAlready runs revisions whose table, column or index already exists.
func TestWhatIsThereAlready(t *testing.T) {
	t.Parallel()
	for made, change := range map[string]func(m *op.Migration){
		"CREATE TABLE phones (id bigint)": func(m *op.Migration) {
			m.CreateTable("phones", op.Column("id", op.Text()))
		},
		"ALTER TABLE taaaa11110001 ADD COLUMN phone text": func(m *op.Migration) {
			m.AddColumn("taaaa11110001", op.Column("phone", op.Text()))
		},
		"CREATE INDEX idx_phone ON taaaa11110001 (id)": func(m *op.Migration) {
			m.CreateIndex("idx_phone", "taaaa11110001", "id")
		},
	} {
		t.Run(made, func(t *testing.T) {
			t.Parallel()
			db := dbtest.New(t)
			s := newScratch(t, db)
			s.add("aaaa11110001", "init")
			s.env.Revisions.Register(revision.Revision{
				ID: "bbbb11110001", File: "bbbb11110001_.go", DownRevision: []string{"aaaa11110001"}, Upgrade: change,
			})
			s.want("", "upgrade", "+1")
			if err := db.Exec(made).Error; err != nil {
				t.Fatal(err)
			}
			out, err := s.run("upgrade")
			wantTwoLines(t, "upgrade", out, err, "revision bbbb11110001",
				"\nif the database has every change of that revision already, db stamp records it")
		})
	}
}
