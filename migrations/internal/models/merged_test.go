package models_test

import (
	"strings"
	"testing"

	"guestlist/migrations/internal/diff/difftest"
	"guestlist/migrations/schema"
)

// mergedKeys lists the primary keys that have the name of a unique constraint. For a field tagged primaryKey and
// unique, GORM declares both in one CREATE TABLE. PostgreSQL makes one constraint of two on the same columns, so the
// primary key has the name of the unique constraint, and there is no unique constraint.
const mergedKeys = `SELECT c.relname, k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
	WHERE c.relnamespace = current_schema()::regnamespace AND k.contype = 'p' AND k.conname LIKE 'uni\_%'`

// giveBack splits each of those into two constraints, as the models ask for and SQLite has them.
func giveBack(t *testing.T, db *difftest.DB) {
	t.Helper()
	if db.Dialect != schema.Postgres {
		return
	}
	for row := range strings.Lines(db.Ask(t, mergedKeys)) {
		table, name, _ := strings.Cut(strings.TrimSpace(row), " | ")
		db.Exec(t, "ALTER TABLE "+table+" RENAME CONSTRAINT "+name+" TO "+table+"_pkey",
			"ALTER TABLE "+table+" ADD CONSTRAINT "+name+" UNIQUE (id)")
	}
}

// TestGORMLosesAUniqueConstraint checks that GORM loses a constraint on PostgreSQL if a field is the primary key and
// unique, and that a revision creates both constraints on either database.
func TestGORMLosesAUniqueConstraint(t *testing.T) {
	t.Parallel()
	type Thing struct {
		ID int64 `gorm:"primaryKey;unique"`
	}
	difftest.Each(t, func(t *testing.T, s *difftest.Server) {
		theirs, ours := s.Open(t), s.Open(t)
		if err := theirs.AutoMigrate(Thing{}); err != nil {
			t.Fatal(err)
		}
		if s.Dialect == schema.Postgres {
			const want = "things | uni_things_id"
			if got := theirs.Ask(t, mergedKeys); got != want {
				t.Errorf("got merged primary keys %q, want %q", got, want)
			}
		}
		giveBack(t, theirs)
		ours.Must(t, schema.Schema{}, planned(t, 0, schema.Schema{}, schemaOf(t, []any{Thing{}}, nil)))
		if want, got := theirs.Catalogue(t), ours.Catalogue(t); want != got {
			t.Errorf("the revision does not create both constraints:%s", difftest.Difference(want, got))
		}
	})
}
