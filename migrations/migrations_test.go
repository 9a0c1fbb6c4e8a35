package migrations_test

import (
	"errors"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/app"
	"guestlist/app/database/dbtest"
	"guestlist/migrations"
	"guestlist/migrations/revision"
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
	upgraded, migrated := dbtest.New(t), dbtest.New(t)
	if err := migrations.Upgrade(t.Context(), upgraded, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	if err := migrated.AutoMigrate(app.Models()...); err != nil {
		t.Fatal(err)
	}
	got, want := catalogue(t, upgraded), catalogue(t, migrated)
	report := func(lines, others []string, text string) {
		for _, line := range lines {
			if !slices.Contains(others, line) {
				t.Errorf("%s: %s", text, line)
			}
		}
	}
	report(want, got, "in the models, but no revision makes it")
	report(got, want, "made by the revisions, but not in the models")
}

// catalogue lists columns and indexes in the database's own words.
func catalogue(t *testing.T, db *gorm.DB) []string {
	t.Helper()
	query := `SELECT m.name || ' ' || c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || coalesce(c.dflt_value, 'none') || ' ' || c.pk
			|| ' ' || (m.sql LIKE '%AUTOINCREMENT%')
		FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT IN ('migrations', 'sqlite_sequence')
		UNION ALL SELECT replace(sql, ' (', '(') FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1`
	if db.Name() == "postgres" {
		query = `SELECT c.relname || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' ' ||
				coalesce(pg_get_expr(d.adbin, d.adrelid), 'none')
			FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
				LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
			WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname <> 'migrations'
			UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename <> 'migrations' ORDER BY 1`
	}
	var lines []string
	if err := db.Raw(query).Scan(&lines).Error; err != nil {
		t.Fatal(err)
	}
	return lines
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
	up := func(steps [][]string) []string {
		for _, step := range steps { // one at a time, since branches have no single end
			s.want("", "upgrade", step[2])
		}
		return catalogue(t, db)
	}
	for i, step := range steps {
		after := up(steps[:i+1])
		s.want("", "downgrade", strings.Trim(step[1], "<>"))
		if again := up(steps[:i+1]); !slices.Equal(again, after) {
			t.Errorf("the second time %s makes\n%q\nnot\n%q", step[2], again, after)
		}
	}
	s.want("No drift detected.\n", "check")
	s.want("", "downgrade", "base")
	if left := catalogue(t, db); len(left) != 0 {
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
