package app_test

import (
	"bytes"
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/app"
	"guestlist/app/database"
	"guestlist/app/database/dbtest"
	"guestlist/migrations"
	"guestlist/migrations/versions"
)

// db runs a command of the program's migrations on a database and returns what it prints.
func db(t *testing.T, on *gorm.DB, arguments ...string) string {
	t.Helper()
	out, err := try(t, on, arguments...)
	if err != nil {
		t.Fatalf("db %s: %v\n%s", strings.Join(arguments, " "), err, out)
	}
	return out
}

// try is like db, for a command that may fail. If it does, the log is appended to the output.
func try(t *testing.T, on *gorm.DB, arguments ...string) (string, error) {
	t.Helper()
	var out, log bytes.Buffer
	command := migrations.Command(&migrations.Environment{
		Revisions: versions.Revisions,
		Models:    app.Models(),
		Directory: "../migrations",
		Open:      func(context.Context) (*gorm.DB, error) { return on, nil },
		Stdin:     strings.NewReader(""),
		Stdout:    &out,
		Stderr:    &log,
	})
	command.SetArgs(arguments)
	if err := command.ExecuteContext(t.Context()); err != nil {
		return out.String() + log.String(), err
	}
	return out.String(), nil
}

// TestModelsAreInTheHistory checks that db migrate has nothing to write.
func TestModelsAreInTheHistory(t *testing.T) {
	t.Parallel()
	if got, want := db(t, nil, "check", "--models"), "No new upgrade operations detected.\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestHistoryIsWhatGORMWouldMake checks that AutoMigrate of the models leads to the same catalogue as the revisions.
func TestHistoryIsWhatGORMWouldMake(t *testing.T) {
	t.Parallel()
	for _, url := range []func(testing.TB) string{dbtest.SQLiteURL, dbtest.URL} { // both are SQLite without a server
		migrated := dbtest.Open(t, url(t), database.Options{})
		if err := migrated.AutoMigrate(app.Models()...); err != nil {
			t.Fatal(err)
		}
		db(t, migrated, "stamp", "head")
		if got, want := db(t, migrated, "check", "--database"), "No drift detected.\n"; got != want {
			t.Errorf("%s: got %q, want %q", migrated.Name(), got, want)
		}
	}
}

// TestStairway upgrades to each revision of the program, downgrades, and upgrades again. It checks that the catalogue
// is what the revisions lead to after each step.
func TestStairway(t *testing.T) {
	t.Parallel()
	on := dbtest.New(t)
	check := func() {
		t.Helper()
		got, err := try(t, on, "check", "--database")
		behind := err != nil && strings.HasPrefix(err.Error(), "Target database is not up to date.\n")
		if want := "No drift detected.\n"; got != want || err != nil && !behind {
			t.Errorf("got %s, %v; want %s, and no error except for being behind", got, err, want)
		}
	}
	steps := regexp.MustCompile(`(?m)^(<base>|\w+).* -> (\w+)`).FindAllStringSubmatch(db(t, on, "history"), -1)
	slices.Reverse(steps) // oldest first
	for _, step := range steps {
		db(t, on, "upgrade", step[2])
		check()
		db(t, on, "downgrade", strings.Trim(step[1], "<>"))
		check()
		db(t, on, "upgrade", step[2])
		check()
	}
	db(t, on, "downgrade", "base")
	tables, err := on.Migrator().GetTables()
	tables = slices.DeleteFunc(tables, func(name string) bool {
		return name == "migrations" ||
			strings.HasPrefix(name, "sqlite_")
	})
	if err != nil || len(tables) > 0 {
		t.Errorf("left at the base: %q, %v; want nothing, no error", tables, err)
	}
}

// TestRevisionFiles checks that the comments and file names of the program's revisions agree with their code.
func TestRevisionFiles(t *testing.T) {
	t.Parallel()
	for _, r := range versions.Revisions.Revisions() {
		out := db(t, nil, "show", r.ID)
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
