package diff_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/diff/difftest"
	"guestlist/migrations/internal/models"
	"guestlist/migrations/internal/render"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

var update = flag.Bool("update", false, "write the golden files")

// TestEdits checks that the revision of every edit is that of the golden file, that its upgrade makes the catalogue
// that AutoMigrate creates for the new models, and that its downgrade restores the old one, with rows in the tables.
func TestEdits(t *testing.T) {
	t.Parallel()
	for _, e := range edits() {
		t.Run("file/"+e.name, func(t *testing.T) {
			t.Parallel()
			golden(t, e)
			checkSettled(t, e)
		})
	}
	difftest.Each(t, func(t *testing.T, s *difftest.Server) {
		for _, e := range edits() {
			if e.on != "" && e.on != s.Dialect {
				continue
			}
			t.Run(e.name, func(t *testing.T) {
				t.Parallel()
				thereAndBack(t, s, e)
			})
		}
	})
}

func plan(t *testing.T, e edit) (from, to schema.Schema, p diff.Plan) {
	t.Helper()
	from, to = schemaOf(t, e.old), schemaOf(t, e.new)
	p, err := diff.Diff(from, to, e.renames...)
	if err != nil {
		t.Fatal(err)
	}
	return from, to, p
}

func schemaOf(t *testing.T, list []any) schema.Schema {
	t.Helper()
	s, err := models.Schema(list, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func golden(t *testing.T, e edit) {
	t.Helper()
	_, _, p := plan(t, e)
	got, err := render.File(render.Revision{
		ID: "8f0c3f6d1a2b", Message: e.name, Down: []string{"3c9a51d2b0f4"},
		Created: time.Date(2026, 11, 23, 15, 12, 7, 0, time.UTC),
		Upgrade: steps(p.Upgrade), Downgrade: steps(p.Downgrade),
	})
	if err != nil {
		t.Fatal(err)
	}
	body := bodies(string(got))
	path := filepath.Join("testdata", "edits", render.Slug(e.name)+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if body != string(want) {
		t.Errorf("got\n%s\nwant\n%s", body, want)
	}
}

// bodies returns the bodies of Upgrade and Downgrade.
func bodies(file string) string {
	_, rest, _ := strings.Cut(file, "\t\tUpgrade: func(m *op.Migration) {\n")
	up, rest, _ := strings.Cut(rest, "\t\t},\n\t\tDowngrade: func(m *op.Migration) {\n")
	down, _, _ := strings.Cut(rest, "\t\t},\n\t})\n}\n")
	text := "-- upgrade --\n" + up + "-- downgrade --\n" + down
	return strings.ReplaceAll(text, "\n\t\t\t", "\n")
}

func steps(of []diff.Step) []render.Step {
	var all []render.Step
	for _, s := range of {
		all = append(all, render.Step{Operation: s.Operation, Comments: s.Comments()})
	}
	return all
}

// checkSettled checks that no change is left after the edit, in any order of the models.
func checkSettled(t *testing.T, e edit) {
	t.Helper()
	_, to, p := plan(t, e)
	from, _, _ := plan(t, e)
	after, err := op.ApplyAll(from, diff.Operations(p.Upgrade))
	if err != nil {
		t.Fatal(err)
	}
	for i := range len(e.new) {
		again := schemaOf(t, append(append([]any(nil), e.new[i:]...), e.new[:i]...))
		if p, err := diff.Diff(after, again); err != nil || !p.IsEmpty() {
			t.Errorf("got the changes %v and error %v after the edit, want none", diff.Operations(p.Upgrade), err)
		}
	}
	if p, err := diff.Diff(to, after); err != nil || !p.IsEmpty() {
		t.Errorf("got the changes %v and error %v from the models, want none", diff.Operations(p.Upgrade), err)
	}
}

func thereAndBack(t *testing.T, s *difftest.Server, e edit) {
	t.Helper()
	from, to, p := plan(t, e)
	db := s.Open(t)
	initial, err := diff.Diff(schema.Schema{}, from)
	if err != nil {
		t.Fatal(err)
	}
	db.Must(t, schema.Schema{}, diff.Operations(initial.Upgrade))
	db.Exec(t, e.rows...)
	before, rows := db.Catalogue(t), db.Rows(t)
	after := db.Must(t, from, diff.Operations(p.Upgrade))
	if e.keeps != "" {
		if got := db.Ask(t, e.keeps); got != e.answer {
			t.Errorf("%s: got %q after the upgrade, want %q", e.keeps, got, e.answer)
		}
	}
	if !e.respelled && (e.only == "" || e.only == s.Dialect) {
		compare(t, s, e, db.Catalogue(t))
	}
	if !schema.Equal(after, to) {
		t.Errorf("the upgrade leads to the schema %v, want %v", after, to)
	}
	db.Exec(t, e.between...)
	db.Must(t, after, diff.Operations(p.Downgrade))
	if got := db.Catalogue(t); got != before {
		t.Errorf("the downgrade left a different catalogue:%s", difftest.Difference(before, got))
	}
	if got := db.Rows(t); len(p.Warnings())+len(e.between) == 0 && got != rows {
		t.Errorf("the rows changed without a warning:%s", difftest.Difference(rows, got))
	}
}

// compare compares a catalogue with that of an empty database on which AutoMigrate created the new models.
func compare(t *testing.T, s *difftest.Server, e edit, got string) {
	t.Helper()
	db := s.Open(t)
	if err := db.AutoMigrate(e.new...); err != nil {
		t.Fatal(err)
	}
	if want := db.Catalogue(t); got != want {
		t.Errorf("not what AutoMigrate creates:%s", difftest.Difference(want, got))
	}
}
