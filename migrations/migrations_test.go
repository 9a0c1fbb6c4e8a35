package migrations_test

import (
	"bytes"
	"errors"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"testing"

	"guestlist/app"
	"guestlist/migrations"
	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/diff/difftest"
	"guestlist/migrations/internal/render"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
	"guestlist/migrations/schema"
	"guestlist/migrations/versions"
)

func TestUpgradeAndCheckHead(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	var outdated *migrations.OutdatedError
	if err := migrations.CheckHead(t.Context(), db); !errors.As(err, &outdated) {
		t.Errorf("an empty database: %v", err)
	}
	for range 2 {
		if err := migrations.Upgrade(t.Context(), db, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
		if err := migrations.CheckHead(t.Context(), db); err != nil {
			t.Errorf("after the upgrade: %v", err)
		}
	}
}

// TestHistoryIsWhatGORMWouldMake compares the catalogue after an upgrade with that after AutoMigrate of the models.
func TestHistoryIsWhatGORMWouldMake(t *testing.T) {
	t.Parallel()
	for _, url := range []func(testing.TB) string{dbtest.SQLiteURL, dbtest.URL} { // one and the same without a server
		upgraded, migrated := dbtest.Open(t, url(t)), dbtest.Open(t, url(t))
		if err := migrations.Upgrade(t.Context(), upgraded, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
		if err := migrated.AutoMigrate(app.Models()...); err != nil {
			t.Fatal(err)
		}
		if want, got := catalogue(t, difftest.Of(t, migrated)), catalogue(t, difftest.Of(t, upgraded)); want != got {
			t.Errorf("%s: the revisions (+) do not make what the models (-) ask for:%s", upgraded.Name(), difftest.Difference(want, got))
		}
	}
}

// catalogue is what the database says of itself, apart from the table of applied revisions.
func catalogue(t *testing.T, db *difftest.DB) string {
	t.Helper()
	lines := strings.Split(db.Catalogue(t), "\n")
	own := func(line string) bool { return strings.HasPrefix(line, runner.DefaultTable+" ") }
	return strings.Join(slices.DeleteFunc(lines, own), "\n")
}

// TestFirstRevisionIsAsTheToolWritesIt writes the revision that leads from nothing to what the first one makes, and
// compares the files but for their dates.
func TestFirstRevisionIsAsTheToolWritesIt(t *testing.T) {
	t.Parallel()
	all := revision.Default().Revisions()
	first := all[slices.IndexFunc(all, func(r revision.Revision) bool { return len(r.DownRevision) == 0 })]
	made, err := op.ApplyAll(schema.Schema{}, op.Record(first.Upgrade))
	if err != nil {
		t.Fatal(err)
	}
	plan, err := diff.Diff(schema.Schema{}, made)
	if err != nil {
		t.Fatal(err)
	}
	want, err := render.File(render.Revision{
		ID: first.ID, Message: "create users", Upgrade: steps(plan.Upgrade), Downgrade: steps(plan.Downgrade),
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := versions.Files.ReadFile(first.File)
	if err != nil {
		t.Fatal(err)
	}
	date := regexp.MustCompile(`(?m)^// Create Date: .*$`)
	if !bytes.Equal(date.ReplaceAll(got, nil), date.ReplaceAll(want, nil)) {
		t.Errorf("%s is\n%s\nbut db migrate writes\n%s", first.File, got, want)
	}
}

func steps(planned []diff.Step) []render.Step {
	var all []render.Step
	for _, s := range planned {
		all = append(all, render.Step{Operation: s.Operation, Comments: s.Comments()})
	}
	return all
}

// TestModelsAreInTheHistory asks whether db migrate would write a revision.
func TestModelsAreInTheHistory(t *testing.T) {
	t.Parallel()
	s := newScratch(t, nil)
	s.env.Registry, s.env.Sources, s.env.Models = revision.Default(), versions.Files, app.Models()
	s.want("No new upgrade operations detected.\n", "check", "--models")
	s.want("", "migrate", "-m", "nothing")
	if got := s.log.String(); got != "INFO  [migrations] No changes in schema detected.\n" {
		t.Errorf("it says\n%s", got)
	}
}

// TestStairway takes every revision of the program up, down and up again.
func TestStairway(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := newScratch(t, db)
	s.env.Registry, s.env.Sources = revision.Default(), versions.Files
	history, err := s.run("history")
	if err != nil {
		t.Fatal(err)
	}
	steps := regexp.MustCompile(`(?m)^(<base>|\w+).* -> (\w+)`).FindAllStringSubmatch(history, -1)
	slices.Reverse(steps) // oldest first
	inspected := difftest.Of(t, db)
	up := func(steps [][]string) string {
		for _, step := range steps { // one at a time, since branches have no single end
			s.want("", "upgrade", step[2])
		}
		return catalogue(t, inspected)
	}
	for i, step := range steps {
		after := up(steps[:i+1])
		s.want("", "downgrade", strings.Trim(step[1], "<>"))
		if again := up(steps[:i+1]); again != after {
			t.Errorf("the second time %s makes something else:%s", step[2], difftest.Difference(after, again))
		}
	}
	s.want("No drift detected.\n", "check")
	s.want("", "downgrade", "base")
	if left := catalogue(t, inspected); left != "" {
		t.Errorf("left at the base: %q", left)
	}
}

// TestRevisionFiles holds what the comments of the program's revisions say against their code.
func TestRevisionFiles(t *testing.T) {
	t.Parallel()
	s := newScratch(t, nil)
	s.env.Registry, s.env.Sources = revision.Default(), versions.Files
	for _, r := range revision.Default().Revisions() {
		out, err := s.run("show", r.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range []string{
			"    Revision ID: " + r.ID + "\n",
			"    Revises: " + strings.Join(r.DownRevision, ", ") + "\n",
			"    Create Date: 20",
		} {
			if !strings.Contains(out, line) {
				t.Errorf("the comment in %s lacks %q:\n%s", r.File, line, out)
			}
		}
		if !strings.HasPrefix(r.File, r.ID+"_") {
			t.Errorf("the name %s does not begin with %s_", r.File, r.ID)
		}
	}
}
