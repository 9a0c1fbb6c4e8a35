package cli_test

import (
	"cmp"
	_ "embed"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/op"
)

//go:embed testdata/flask-migrate-transcript.txt
var transcript string

// call is one command of the transcript with the output of the reference.
type call struct {
	section, command string
	out, err         []string
	failed           bool
}

// calls parses the transcript, whose header explains its form.
func calls(text string) []call {
	var all []call
	section := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		last := len(all) - 1
		if name, ok := strings.CutPrefix(line, "##### "); ok {
			section = name
		} else if command, ok := strings.CutPrefix(line, "$ flask db "); ok {
			all = append(all, call{section: section, command: command})
		} else if out, ok := strings.CutPrefix(line, "out| "); ok {
			all[last].out = append(all[last].out, strings.ReplaceAll(out, ".py", ".go"))
		} else if err, ok := strings.CutPrefix(line, "err| "); ok {
			all[last].err = append(all[last].err, err)
		} else if line == "rc=1" {
			all[last].failed = true
		}
	}
	return all
}

// message returns the error of a call: its first line, without the words around it.
func (c call) message() string {
	for _, line := range c.err {
		if _, message, ok := strings.Cut(line, "Error: "); ok {
			return message
		}
	}
	return ""
}

// told returns what the log says was run, and what was detected in the models, without durations.
func told(log []string) []string {
	var lines []string
	for _, line := range log {
		if what := regexp.MustCompile(`(Running|Detected|No changes) .*`).FindString(line); what != "" {
			lines = append(lines, regexp.MustCompile(` \([0-9.µnm]+s\)$`).ReplaceAllString(what, ""))
		}
	}
	return lines
}

// user is the model of the reference's program.
type user struct{ ID int64 }

// TableName implements schema.Tabler.
func (user) TableName() string { return "user" }

// userText is the text after "Upgrade: " in the revision of that model. userFunctions are the same functions, compiled.
const userText = `func(m *op.Migration) {
			m.CreateTable("user",
				op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
			)
		},
		Downgrade: func(m *op.Migration) {
			m.DropTable("user")
		},
	})
}
`

var userFunctions = functions{
	upgrade: func(m *op.Migration) {
		m.CreateTable("user",
			op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
		)
	},
	downgrade: func(m *op.Migration) {
		m.DropTable("user")
	},
}

// anyOrder are calls for which the reference iterates over a Python set, so that its order changes from run to run.
var anyOrder = []string{"two heads: branches -v", "merge: current"}

// better maps calls for which the reference's output is not the right one to the right one, or to the command that does
// here what the reference's command does.
var better = map[string]call{
	"linear: init": {out: []string{
		"Creating directory migrations ...  done", "Creating directory migrations/versions ...  done",
		"Generating migrations/versions/versions.go ...  done",
		"Please move migrations into the program's module before proceeding: it must lie inside to be imported.",
	}},
	// check also looks at the database itself, and reports everything that is wrong, not only the first thing.
	"linear: check": {out: []string{"No new upgrade operations detected.", "No drift detected."}},
	"two heads: check": {failed: true, err: []string{"Error: Target database is not up to date."}, out: []string{
		"No new upgrade operations detected.", "No drift detected.", "Multiple heads are present: bbbb11110001, bbbb22220001",
	}},
	// The revision to stamp is not guessed.
	"two heads: stamp": {failed: true, err: []string{"Error: stamp needs a REVISION to record"}},
	// The reference takes the first of several heads, and warns that it will stop doing so.
	"two heads: downgrade": {
		command: "downgrade bbbb1@-1", err: []string{"Running downgrade bbbb11110001 -> aaaa11110001, left"},
	},
	// migrate does not use the database: what counts is the history.
	"two heads: migrate -m x": {failed: true, err: []string{"Error: Multiple heads are present; please specify " +
		"the head revision on which the new revision should be based, or perform a merge."}},
	"broken states: migrate -m x": {err: []string{"No changes in schema detected."}},
	// An applied id that no file declares does not stop stamp, which is the way to remove it.
	"broken states: stamp heads": {err: []string{"Running stamp_revision  -> cccc11110001"}},
	// The table contains every applied revision, so that rows cannot contradict each other.
	"overlapping rows: upgrade": {},
	// If there is nothing to merge, nothing is written.
	"merge without arguments makes an orphan base: merge": {
		failed: true, err: []string{"Error: Nothing to merge: cccc11110001 is the only head given"},
	},
	"merge without arguments makes an orphan base: heads": {out: []string{"cccc11110001 (head)"}},
	// The table is a different one, and each revision has its own transaction.
	"merge: upgrade --sql aaaa:head": {out: []string{
		"BEGIN;",
		"-- Running upgrade aaaa11110001 -> bbbb22220001",
		`INSERT INTO "migrations" (id) VALUES ('bbbb22220001');`,
		"COMMIT;",
		"BEGIN;",
		"-- Running upgrade aaaa11110001 -> bbbb11110001",
		`INSERT INTO "migrations" (id) VALUES ('bbbb11110001');`,
		"COMMIT;",
		"BEGIN;",
		"-- Running upgrade bbbb11110001, bbbb22220001 -> cccc11110001",
		`INSERT INTO "migrations" (id) VALUES ('cccc11110001');`,
		"COMMIT;",
	}},
}

// prepare makes the changes that come before a section of the transcript.
func prepare(t *testing.T, s *scratch, db *gorm.DB, section string) {
	t.Helper()
	if section == "broken states" {
		for _, name := range []string{"ffff11110001_plug.go", "ffff11110002_plug2.go"} {
			if err := os.Remove(filepath.Join(s.dir, "versions", name)); err != nil {
				t.Fatal(err)
			}
		}
		for _, statement := range []string{"DELETE FROM migrations", "INSERT INTO migrations (id) VALUES ('dead00000000')"} {
			if err := db.Exec(statement).Error; err != nil {
				t.Fatal(err)
			}
		}
	}
	s.rebuild()
}

func TestTranscript(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := newScratch(t, db)
	s.env.Models = []any{&user{}}
	s.functions = map[string]functions{userText: userFunctions}
	section := ""
	all := calls(transcript)
	if want := strings.Count(transcript, "\n$ "); len(all) != want {
		t.Errorf("%d calls were read, want %d", len(all), want)
	}
	for _, c := range all {
		if c.section != section {
			section = c.section
			prepare(t, s, db, section)
		}
		if answer, ok := better[c.section+": "+c.command]; ok {
			answer.section, answer.command = c.section, cmp.Or(answer.command, c.command)
			c = answer
		}
		out, err := s.run(strings.Fields(c.command)...)
		compareCall(t, c, out, s.log.String(), err)
		if strings.HasPrefix(out, "Generating ") {
			s.rebuild()
		}
	}
}

func compareCall(t *testing.T, c call, out, log string, err error) {
	t.Helper()
	want, got := undated(c.out), undated(strings.Split(strings.TrimSuffix(out, "\n"), "\n"))
	wantTold, gotTold := told(c.err), told(strings.Split(log, "\n"))
	if strings.Contains(c.command, "--sql") {
		got = slices.DeleteFunc(got, func(line string) bool {
			return line == "" || line == ".bail on" || strings.HasPrefix(line, "PRAGMA") ||
				strings.HasPrefix(line, "-- Run it with")
		})
		wantTold = nil // the script contains it
	}
	if out == "" {
		got = nil
	}
	if slices.Contains(anyOrder, c.section+": "+c.command) {
		for _, lines := range [][]string{want, got, wantTold, gotTold} {
			sortLines(lines)
		}
	}
	if !slices.Equal(want, got) {
		t.Errorf("%s: db %s prints\n%s\nwant\n%s", c.section, c.command, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if !slices.Equal(wantTold, gotTold) {
		t.Errorf("%s: db %s logs %q, want %q", c.section, c.command, gotTold, wantTold)
	}
	message := ""
	if err != nil {
		message, _, _ = strings.Cut(err.Error(), "\n")
		message = regexp.MustCompile(`/\S*/migrations\b`).ReplaceAllString(message, "migrations")
	}
	if message != c.message() || c.failed != (err != nil) {
		t.Errorf("%s: db %s fails with %q, want %q", c.section, c.command, message, c.message())
	}
	if err != nil && !strings.Contains(err.Error(), "\n") {
		t.Errorf("%s: db %s: %q does not say what to do", c.section, c.command, err)
	}
}

// sortLines sorts lines, and the ids in lines that list several.
func sortLines(lines []string) {
	for i, line := range lines {
		if title, ids, ok := strings.Cut(line, "Branches into: "); ok && title == "" {
			list := strings.Split(ids, ", ")
			slices.Sort(list)
			lines[i] = "Branches into: " + strings.Join(list, ", ")
		}
	}
	slices.Sort(lines)
}

// undated returns the lines without the dates at which revisions were created.
func undated(lines []string) []string {
	var kept []string
	for _, line := range lines {
		if before, _, ok := strings.Cut(line, "Create Date: "); ok {
			line = before + "Create Date: then"
		}
		kept = append(kept, line)
	}
	return kept
}
