package cli_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/revision"
)

// TestAtTheBase runs commands on no revision at all.
func TestAtTheBase(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.env.Edit = func(context.Context, string) error { return errors.New("a file was opened") }
	const hint = "\ndb history lists the revisions\n"
	s.want("", "show", "heads")
	s.want("", "show")
	s.want("Error: No revision files indicated by symbol 'head'"+hint, "edit")
	s.add("aaaa11110001", "init")
	s.want("", "show", "base")
	s.want("", "show", "current") // the database is empty
	s.want("", "current")
	s.want("Current revision(s) for sqlite:///app.db:\n", "current", "-v")
	s.want("Error: No revision files indicated by symbol 'base'"+hint, "edit", "base")
	s.want("Error: No current revisions"+hint, "edit", "current")
}

// TestHistoryOfAnUnknownState has a database with a revision that the program does not know.
func TestHistoryOfAnUnknownState(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := newScratch(t, db)
	s.add("aaaa11110001", "init")
	s.add("bbbb11110001", "left", "aaaa11110001")
	s.want("", "upgrade", "+1")
	if err := db.Exec("INSERT INTO migrations (id) VALUES ('dead00000000')").Error; err != nil {
		t.Fatal(err)
	}
	s.want("aaaa11110001 -> bbbb11110001 (head), left\n<base> -> aaaa11110001 (current), init\n", "history", "-i")
	const warning = "WARN  [migrations] Can't locate revision identified by 'dead00000000': " +
		"the database says it is applied, but no revision file declares it: " +
		"restore the file, or db stamp the revision that the database is really at\n"
	if s.log.String() != warning {
		t.Errorf("got log\n%s\nwant\n%s", s.log.String(), warning)
	}
	s.want("*  bbbb11110001 (head), left\n*  aaaa11110001 (current), init\n", "history", "--graph", "-i")
	for _, command := range []string{"history -r current:", "history -i -r :current", "current", "show current"} {
		out, err := s.run(strings.Fields(command)...)
		wantTwoLines(t, command, out, err, "Can't locate revision identified by 'dead00000000'")
	}
}

func TestDependenciesAreShownAsDeclared(t *testing.T) {
	t.Parallel()
	s := newScratch(t, nil)
	s.env.Revisions.Register(revision.Revision{ID: "aaaa11110001", File: "aaaa11110001_.go",
		BranchLabels: []string{"shop"}})
	s.env.Revisions.Register(revision.Revision{ID: "bbbb11110001", File: "bbbb11110001_.go", DependsOn: []string{"shop"}})
	s.env.Revisions.Register(revision.Revision{ID: "cccc11110001", File: "cccc11110001_.go",
		DependsOn: []string{"aaaa11110001"}})
	for command, want := range map[string]string{
		"history":           "<base> (shop) -> bbbb11110001 (head)",
		"history -r :cccc":  "<base> (aaaa11110001) -> cccc11110001 (head)",
		"history --graph":   "bbbb11110001 (head),  (depends on shop)",
		"show bbbb11110001": "Also depends on: shop\n",
		"heads -v":          "Also depends on: aaaa11110001\n",
	} {
		out, err := s.run(strings.Fields(command)...)
		if err != nil || !strings.Contains(out, want) {
			t.Errorf("db %s prints\n%s%v\nwant\n%s", command, out, err, want)
		}
	}
}

func TestStampAsAScript(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := newScratch(t, db)
	s.add("aaaa11110001", "init")
	s.add("bbbb11110001", "left", "aaaa11110001")
	s.add("cccc11110001", "right", "aaaa11110001")
	start := ""
	if db.Name() == "sqlite" {
		start = "-- Run it with: sqlite3 FILE < SCRIPT\n.bail on\n\n"
	}
	s.want(start+"BEGIN;\n\n-- Running stamp_revision aaaa11110001 -> bbbb11110001\n\n"+
		"INSERT INTO \"migrations\" (id) VALUES ('bbbb11110001');\n\nCOMMIT;\n\n", "stamp", "aaaa:bbbb", "--sql")
	s.want(start+"BEGIN;\n\n-- Running stamp_revision bbbb11110001 -> \n\n"+
		"DELETE FROM \"migrations\" WHERE id = 'aaaa11110001';\n\n"+
		"DELETE FROM \"migrations\" WHERE id = 'bbbb11110001';\n\nCOMMIT;\n\n", "stamp", "--sql", "bbbb:base")
	out, err := s.run("stamp", "--sql", "aaaa:bbbb", "aaaa:cccc")
	if err != nil || strings.Count(out, "INSERT") != 2 {
		t.Errorf("two heads: got %v and\n%s\nwant INSERT twice, no error", err, out)
	}
	for command, want := range map[string]string{
		"stamp aaaa:bbbb":                 "Range revision not allowed",
		"stamp --sql aaaa:bbbb bbbb:cccc": "Stamp operation with --sql only supports a single starting revision at a time",
		"stamp --sql aaaa:bbbb:cccc":      "Range revision not allowed",
		"stamp --sql nowhere:bbbb":        "Can't locate revision identified by 'nowhere'",
		"stamp --sql --purge head":        "Can't use --purge with --sql mode",
		"stamp --sql aaaa:":               "Multiple heads are present",
	} {
		out, err := s.run(strings.Fields(command)...)
		wantTwoLines(t, command, out, err, want)
	}
}

// TestStampOnSeparateLines stamps separate lines of history, one of which depends on the other.
func TestStampOnSeparateLines(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa11110001", "init")
	s.add("bbbb11110001", "left", "aaaa11110001")
	s.env.Revisions.Register(revision.Revision{ID: "pppp11110001", File: "pppp11110001_.go",
		DependsOn: []string{"aaaa11110001"}})
	for _, command := range []string{"stamp aaaa pppp", "stamp heads", "stamp pppp aaaa"} {
		s.want("", strings.Fields(command)...)
		if command != "stamp heads" {
			s.want("aaaa11110001\npppp11110001 (head)\n", "current")
		}
	}
	s.want("", "stamp", "bbbb", "pppp")
	s.want("bbbb11110001 (head)\npppp11110001 (head)\n", "current")
	out, err := s.run("stamp", "aaaa", "bbbb")
	wantTwoLines(t, "stamp", out, err, "overlaps with other requested revisions")
}

func TestDowngradeFromSeveralHeads(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa11110001", "init")
	s.add("bbbb11110001", "left", "aaaa11110001")
	s.add("cccc11110001", "right", "aaaa11110001")
	s.want("", "upgrade", "heads")
	const refused = "Error: downgrade -1 from multiple heads is ambiguous\n" +
		"name the head to start from: bbbb11110001@-1 or cccc11110001@-1\n"
	for _, command := range []string{"downgrade", "downgrade -1 --yes", "downgrade --plan"} {
		s.want(refused, strings.Fields(command)...)
	}
	s.env.Interactive = true
	for _, answer := range []string{"", "yes\n"} {
		s.env.Stdin = strings.NewReader(answer)
		s.want(refused, "downgrade")
	}
	const asked = "The database is at several heads:\n  bbbb11110001@-1  left\n  cccc11110001@-1  right\nWhich one? "
	if s.log.String() != asked {
		t.Errorf("got log\n%s\nwant\n%s", s.log.String(), asked)
	}
	s.env.Stdin = strings.NewReader("cccc11110001\n")
	s.want("downgrade cccc11110001 -> aaaa11110001, right\n    drop table tcccc11110001\n", "downgrade", "--plan")
	s.env.Stdin = strings.NewReader("cccc11110001@-1\n")
	s.want("", "downgrade")
	s.want("bbbb11110001 (head)\n", "current")
}

func TestTabInAMessageStays(t *testing.T) {
	t.Parallel()
	s := newScratch(t, nil)
	if _, err := s.run("init"); err != nil {
		t.Fatal(err)
	}
	s.want("Generating migrations/versions/aaaa11110001_a_b.go ...  done\n", "revision", "--rev-id", "aaaa11110001",
		"-m", "a\tb")
	s.rebuild()
	s.want("<base> -> aaaa11110001 (head), a\tb\n", "history")
}
