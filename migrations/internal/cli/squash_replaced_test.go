package cli_test

import (
	"strings"
	"testing"

	"guestlist/migrations/internal/dbtest"
)

func TestScriptsKnowWhatIsReplaced(t *testing.T) {
	t.Parallel()
	s := year(t, dbtest.New(t))
	s.want("", "upgrade")
	if _, err := s.run("squash", ":cccc", "-m", "the first year", "--rev-id", "ssss"); err != nil {
		t.Fatal(err)
	}
	s.compiled()
	db, _ := s.env.Open(t.Context())
	feed := func(arguments ...string) {
		t.Helper()
		script, err := s.run(arguments...)
		if err != nil {
			t.Fatal(err)
		}
		script = strings.NewReplacer(".bail on", "", "-- Run it with: sqlite3 FILE < SCRIPT", "").Replace(script)
		pool, _ := db.DB()
		if _, err := pool.ExecContext(t.Context(), script); err != nil {
			t.Fatalf("%v\n%s", err, script)
		}
	}
	feed("stamp", "--sql", "dddd")
	s.wantRows("aaaa", "bbbb", "cccc", "dddd", "ssss")
	s.want("dddd (head)\n", "current")
	feed("downgrade", "--sql", "head:ssss")
	s.wantRows("aaaa", "bbbb", "cccc", "ssss")
	feed("downgrade", "--sql", "cccc:base")
	s.wantRows()
	feed("upgrade", "--sql", "base:head")
	s.want("No drift detected.\n", "check", "--database")
	feed("stamp", "--sql", "head:base")
	s.wantRows()
}

func TestStampAndWhatIsReplaced(t *testing.T) {
	t.Parallel()
	s := year(t, dbtest.New(t))
	s.want("", "upgrade", "bbbb")
	if _, err := s.run("squash", ":cccc", "-m", "the first year", "--rev-id", "ssss"); err != nil {
		t.Fatal(err)
	}
	s.compiled()
	const middle = "Error: the database has only some of the revisions that ssss (ssss_the_first_year.go) replaces:" +
		" aaaa, bbbb of aaaa, bbbb, cccc\nupgrade it to cccc with the old program, which still has that revision;" +
		" if it has every change of ssss already, db stamp ssss\n"
	s.want(middle, "upgrade")
	s.want(middle, "check", "--database")
	s.want("ssss -> dddd (head), four\n<base> -> ssss (replaces 3), the first year\n", "history", "-i")
	if !strings.HasPrefix(s.log.String(), "WARN  [migrations] the database has only some of the revisions that") {
		t.Errorf("the log is %s", s.log.String())
	}
	s.wantRows("aaaa", "bbbb")
	s.want("", "stamp", "ssss")
	s.wantRows("aaaa", "bbbb", "ssss")
	s.want("ssss\n", "current")
	s.want("", "stamp", "dddd")
	s.wantRows("aaaa", "bbbb", "dddd", "ssss")
	s.want("", "stamp", "--purge", "ssss")
	s.wantRows("ssss")
	s.want("", "stamp", "base")
	s.wantRows()
}
