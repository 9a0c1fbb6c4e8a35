package migrations_test

import (
	_ "embed"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/app/database/dbtest"
)

//go:embed testdata/flask-migrate-transcript.txt
var transcript string

// call is one command of the transcript and what the reference answered.
type call struct {
	section, command string
	out, err         []string
	failed           bool
}

// calls reads the transcript; its header explains the form.
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

// message is the error of a call: its first line, without the words around it.
func (c call) message() string {
	for _, line := range c.err {
		if _, message, ok := strings.Cut(line, "Error: "); ok {
			return message
		}
	}
	return ""
}

// running lists the revisions that the log says were run.
func running(log []string) []string {
	var lines []string
	for _, line := range log {
		if _, step, ok := strings.Cut(line, "Running "); ok {
			lines = append(lines, regexp.MustCompile(` \([0-9.µnm]+s\)$`).ReplaceAllString(step, ""))
		}
	}
	return lines
}

// later are calls about models, which the writing of revisions from models answers.
var later = regexp.MustCompile(`^(migrate|check)`)

// anyOrder are calls for which the reference goes through a Python set: its order there changes from run to run.
var anyOrder = []string{"two heads: branches -v", "merge: current"}

// better are the calls for which the right answer is not the reference's, and that answer.
var better = map[string]call{
	"linear: init": {out: []string{
		"Creating directory migrations ...  done", "Creating directory migrations/versions ...  done",
		"Generating migrations/versions/versions.go ...  done",
		"Please move migrations into the program's module before proceeding: it must lie inside to be imported.",
	}},
	// An id that no file declares does not stop a stamp, which is the way out.
	"broken states: stamp heads": {err: []string{"Running stamp_revision  -> cccc11110001"}},
	// The table holds every applied revision, so that one row cannot contradict another.
	"overlapping rows: upgrade": {},
	// Nothing to merge means that nothing is written.
	"merge without arguments makes an orphan base: merge": {
		failed: true, err: []string{"Error: Nothing to merge: cccc11110001 is the only head given"},
	},
	"merge without arguments makes an orphan base: heads": {out: []string{"cccc11110001 (head)"}},
	// The table is another, and each revision a transaction.
	"merge: upgrade --sql aaaa:head": {out: []string{
		"BEGIN;",
		"-- Running upgrade aaaa11110001 -> bbbb22220001",
		"INSERT INTO migrations (id) VALUES ('bbbb22220001');",
		"COMMIT;",
		"BEGIN;",
		"-- Running upgrade aaaa11110001 -> bbbb11110001",
		"INSERT INTO migrations (id) VALUES ('bbbb11110001');",
		"COMMIT;",
		"BEGIN;",
		"-- Running upgrade bbbb11110001, bbbb22220001 -> cccc11110001",
		"INSERT INTO migrations (id) VALUES ('cccc11110001');",
		"COMMIT;",
	}},
}

// prepare brings about what happened between two sections of the transcript.
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
	section := ""
	compared := 0
	for _, c := range calls(transcript) {
		command := c.command
		if command == "migrate -m init --rev-id aaaa11110001" {
			command = "revision -m init --rev-id aaaa11110001"
		}
		if later.MatchString(command) {
			continue
		}
		if c.section != section {
			section = c.section
			prepare(t, s, db, section)
		}
		if answer, ok := better[c.section+": "+c.command]; ok {
			answer.section, answer.command = c.section, c.command
			c = answer
		}
		out, err := s.run(strings.Fields(command)...)
		compareCall(t, c, out, s.log.String(), err)
		compared++
		if strings.HasPrefix(command, "revision") || strings.HasPrefix(command, "merge") {
			s.rebuild()
		}
	}
	if compared != 94 {
		t.Errorf("%d calls were compared, not all of them", compared)
	}
}

func compareCall(t *testing.T, c call, out, log string, err error) {
	t.Helper()
	want, got := undated(c.out), undated(strings.Split(strings.TrimSuffix(out, "\n"), "\n"))
	wantRuns, gotRuns := running(c.err), running(strings.Split(log, "\n"))
	if strings.Contains(c.command, "--sql") {
		got = slices.DeleteFunc(got, func(line string) bool { return line == "" || strings.HasPrefix(line, "PRAGMA") })
		wantRuns = nil // the script says it
	}
	if out == "" {
		got = nil
	}
	if slices.Contains(anyOrder, c.section+": "+c.command) {
		for _, lines := range [][]string{want, got, wantRuns, gotRuns} {
			sortLines(lines)
		}
	}
	if !slices.Equal(want, got) {
		t.Errorf("%s: db %s prints\n%s\nwant\n%s", c.section, c.command, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if !slices.Equal(wantRuns, gotRuns) {
		t.Errorf("%s: db %s runs %q, want %q", c.section, c.command, gotRuns, wantRuns)
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

// undated takes out when a revision was made.
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
