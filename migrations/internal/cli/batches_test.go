package cli_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// walking returns a project that walks a table in batches. Each batch of its Go code advances the clock by takes.
func walking(t *testing.T, db *gorm.DB, clock *time.Time, takes time.Duration) *scratch {
	t.Helper()
	s := newScratch(t, db)
	s.add("aaaa", "init")
	s.files["bbbb_.go"] = &fstest.MapFile{Data: []byte("// fill\n//\n// Revision ID: bbbb\nfunc init() {\n")}
	s.env.Now = func() time.Time { return *clock }
	s.env.Wait = func(context.Context, time.Duration) error { return nil }
	s.env.Revisions.Register(revision.Revision{
		ID: "bbbb", File: "bbbb_.go", DownRevision: []string{"aaaa"}, NoTransaction: true,
		Upgrade: func(m *op.Migration) {
			m.SQL("INSERT INTO taaaa (id) VALUES (1), (2), (3), (4), (5), (6), (7)")
			m.BatchesSQL("taaaa", 3, "UPDATE taaaa SET id = id WHERE {rows}")
			m.Batches("taaaa", 3, func(*gorm.DB, op.Batch) error {
				*clock = clock.Add(takes)
				return nil
			})
		},
		Downgrade: func(m *op.Migration) { m.BatchesSQL("taaaa", 100, "DELETE FROM taaaa WHERE {rows}") },
	})
	return s
}

func TestBatchesAreShown(t *testing.T) {
	t.Parallel()
	var clock time.Time
	s := walking(t, dbtest.New(t), &clock, 0)
	s.want("", "upgrade", "aaaa")
	s.want(`upgrade aaaa -> bbbb, fill
    execute INSERT INTO taaaa (id) VALUES (1), (2), (3), (4), (5), (6), …
    in batches of 3 rows of taaaa: execute UPDATE taaaa SET id = id WHERE {rows}
    run data step in batches of 3 rows of taaaa
`, "upgrade", "--plan")
	out, err := s.run("upgrade", "--plan", "--json")
	step := `"in batches of 3 rows of taaaa: execute UPDATE taaaa SET id = id WHERE {rows}"`
	if err != nil || !strings.Contains(out, step) {
		t.Errorf("got %s, %v; want %s in it, no error", out, err, step)
	}
	out, err = s.run("upgrade", "--sql", "aaaa:bbbb")
	for _, want := range []string{
		"-- The program does this in batches of 3 rows of taaaa.\nUPDATE taaaa SET id = id WHERE true;\n",
		"-- run data step in batches of 3 rows of taaaa (Go code: only the program can run it)\n",
	} {
		if err != nil || !strings.Contains(out, want) {
			t.Errorf("got %s, %v, want %s", out, err, want)
		}
	}
	want := "WARN  [migrations] revision bbbb: run data step in batches of 3 rows of taaaa is Go code, which is not in " +
		"the script\n"
	if s.log.String() != want {
		t.Errorf("the log is %q, want %q", s.log.String(), want)
	}
	s.want("", "upgrade")
	s.want("", "downgrade", "--yes")
}

func TestBatchesOfATransactionAreRefused(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa", "init")
	s.env.Revisions.Register(revision.Revision{
		ID: "bbbb", File: "bbbb_.go", DownRevision: []string{"aaaa"},
		Upgrade: func(m *op.Migration) { m.BatchesSQL("taaaa", 3, "UPDATE taaaa SET id = id WHERE {rows}") },
	})
	const want = "Error: revision bbbb (bbbb_.go): batches commit as they go, but the revision is one transaction\n" +
		"register it with NoTransaction: true\n"
	for _, command := range []string{"upgrade", "upgrade --plan", "upgrade --sql", "upgrade --plan --json"} {
		s.want(want, strings.Fields(command)...)
	}
	s.want("", "current")
}

func TestProgressOfBatches(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		terminal bool
		takes    time.Duration
		want     string
	}{
		"quick": {takes: 300 * time.Millisecond, want: "INFO  [migrations] Running upgrade aaaa -> bbbb, fill (900ms)\n"},
		"terminal": {terminal: true, takes: time.Second, want: "INFO  [migrations] Running upgrade aaaa -> bbbb, fill\n" +
			"\rINFO  [migrations] bbbb: 3 of about 7 rows of taaaa (42%)" +
			"\rINFO  [migrations] bbbb: 6 of about 7 rows of taaaa (85%)" +
			"\rINFO  [migrations] bbbb: 7 of about 7 rows of taaaa (100%)\nINFO  [migrations] Done in 3s\n"},
		"log": {takes: 6 * time.Second, want: "INFO  [migrations] Running upgrade aaaa -> bbbb, fill\n" +
			"INFO  [migrations] bbbb: 6 of about 7 rows of taaaa (85%)\nINFO  [migrations] Done in 18s\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var clock time.Time
			s := walking(t, dbtest.Open(t, dbtest.SQLiteURL(t)), &clock, c.takes)
			s.env.Terminal = c.terminal
			s.want("", "upgrade", "aaaa")
			s.want("", "upgrade")
			if got := s.log.String(); got != c.want {
				t.Errorf("the log is\n%q, want\n%q", got, c.want)
			}
		})
	}
}

// TestCheckOfHalfDoneBatches checks that the table that records the progress is not drift.
func TestCheckOfHalfDoneBatches(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("aaaa", "init")
	stop := errors.New("stopped")
	s.env.Revisions.Register(revision.Revision{
		ID: "bbbb", File: "bbbb_.go", DownRevision: []string{"aaaa"}, NoTransaction: true,
		Upgrade: func(m *op.Migration) {
			m.SQL("INSERT INTO taaaa (id) VALUES (1), (2), (3)")
			m.Batches("taaaa", 3, func(*gorm.DB, op.Batch) error { return stop })
		},
	})
	if _, err := s.run("upgrade"); !errors.Is(err, stop) {
		t.Fatal(err)
	}
	out, err := s.run("check")
	if want := "No drift detected.\n"; !strings.HasPrefix(out, want) {
		t.Errorf("got %s, want it to begin with %q", out, want)
	}
	if err == nil || strings.Contains(err.Error(), "batches") {
		t.Errorf("got the error %v, want one that does not mention batches", err)
	}
	s.want("aaaa\n", "current")
}
