package online_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/drift"
	"guestlist/migrations/internal/online"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
	"guestlist/migrations/schema"
)

// history returns a history of the base and the parts of a series on top of it, and the ids of its revisions.
func history(t *testing.T, before schema.Schema, s online.Series) (*runner.History, []string) {
	t.Helper()
	all := []revision.Revision{{ID: "start", Upgrade: base}}
	ids := []string{"start"}
	now := before
	for n, p := range s.Parts {
		down, err := op.ReverseAll(now, p.Operations)
		if err != nil {
			t.Fatal(err)
		}
		if now, err = op.ApplyAll(now, p.Operations); err != nil {
			t.Fatal(err)
		}
		id := "part" + string(rune('a'+n))
		all = append(all, revision.Revision{
			ID: id, DownRevision: ids[n : n+1], NoTransaction: p.NoTransaction,
			Upgrade:   func(m *op.Migration) { m.Add(p.Operations...) },
			Downgrade: func(m *op.Migration) { m.Add(down...) },
		})
		ids = append(ids, id)
	}
	h, err := runner.NewHistory("migrations", all)
	if err != nil {
		t.Fatal(err)
	}
	return h, ids
}

// TestSeriesOnDatabases runs each series up and down on a database with rows, and checks after every part that the
// database matches its history.
func TestSeriesOnDatabases(t *testing.T) {
	t.Parallel()
	before := build(t, schema.Schema{}, base)
	for name, test := range changes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := series(t, before, build(t, before, test.change), test.renames)
			if err != nil {
				t.Fatal(err)
			}
			h, ids := history(t, before, s)
			db := dbtest.New(t)
			r := &runner.Runner{DB: db, History: h}
			upgrade(t, r, "start")
			execute(t, db, "INSERT INTO teams (code) VALUES ('x'), ('y')",
				"INSERT INTO users (name, note, age, team_id) VALUES ('Ann', 'x', 1, 1), ('Bob', 'y', 2, 2)")
			for range 2 {
				for n, id := range ids[1:] {
					if len(s.Parts[n].Before) > 0 {
						execute(t, db, "UPDATE users SET x = 'x'")
					}
					upgrade(t, r, id)
					wantNoDrift(t, r, h)
				}
				if name == "dropped" {
					return // a downgrade does not restore the rows
				}
				for _, id := range slices.Backward(ids[:len(ids)-1]) {
					if _, err := r.Downgrade(t.Context(), id); err != nil {
						t.Fatal(err)
					}
					wantNoDrift(t, r, h)
				}
				wantRows(t, db, "SELECT name || ' ' || note || ' ' || age || ' ' || team_id FROM users ORDER BY id", "Ann x 1 1",
					"Bob y 2 2")
			}
		})
	}
}

func upgrade(t *testing.T, r *runner.Runner, target string) {
	t.Helper()
	if _, err := r.Upgrade(t.Context(), target); err != nil {
		t.Fatal(err)
	}
}

func execute(t *testing.T, db *gorm.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if err := db.Exec(s).Error; err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func wantNoDrift(t *testing.T, r *runner.Runner, h *runner.History) {
	t.Helper()
	applied, err := r.Applied(context.WithoutCancel(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	want, err := h.SchemaAt(applied)
	if err != nil {
		t.Fatal(err)
	}
	differences, err := drift.Compare(t.Context(), r.DB, want)
	if err != nil || len(differences) > 0 {
		t.Fatalf("at %s: got the drift %v, %v; want none, no error", applied[len(applied)-1], differences, err)
	}
}

func wantRows(t *testing.T, db *gorm.DB, query string, want ...string) {
	t.Helper()
	var got []string
	if err := db.Raw(query).Scan(&got).Error; err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %s, want %s", query, strings.Join(got, "; "), strings.Join(want, "; "))
	}
}

// upTo returns a database with a row, upgraded to the last part before the rollout, or to the end.
func upTo(t *testing.T, name string, rollout bool) *gorm.DB {
	t.Helper()
	before := build(t, schema.Schema{}, base)
	s, err := series(t, before, build(t, before, changes[name].change), changes[name].renames)
	if err != nil {
		t.Fatal(err)
	}
	h, ids := history(t, before, s)
	db := dbtest.New(t)
	r := &runner.Runner{DB: db, History: h}
	upgrade(t, r, "start")
	execute(t, db, "INSERT INTO users (name, note) VALUES ('Ann', 'x')")
	last := len(ids) - 1
	if rollout {
		last = s.Rollout
	}
	upgrade(t, r, ids[last])
	return db
}

// TestBothProgramsWrite writes rows as the old and the new program would, between the parts of a series.
func TestBothProgramsWrite(t *testing.T) {
	t.Parallel()
	t.Run("a renamed column", func(t *testing.T) {
		t.Parallel()
		db := upTo(t, "a renamed column", true)
		execute(t, db,
			"INSERT INTO users (name, note, age) VALUES ('old', 'x', 8)",
			"INSERT INTO users (full_name, note, age) VALUES ('new', 'x', 9)",
			"INSERT INTO users (note, age) VALUES ('neither name', 10)",
			"UPDATE users SET name = 'old again' WHERE full_name = 'old'",
			"UPDATE users SET full_name = 'new again' WHERE name = 'new'")
		wantRows(t, db, "SELECT name || '/' || full_name FROM users ORDER BY id", "Ann/Ann", "old again/old again",
			"new again/new again", "n/n")
	})
	t.Run("a wider type", func(t *testing.T) {
		t.Parallel()
		db := upTo(t, "a wider type", false)
		execute(t, db, "INSERT INTO users (name, note, age) VALUES ('new', 'x', 5000000000)",
			"INSERT INTO users (name, note, age) VALUES ('old', 'x', 8)")
		wantRows(t, db, "SELECT CAST(age AS text) FROM users ORDER BY id", "7", "5000000000", "8")
	})
	t.Run("a renamed table", func(t *testing.T) {
		t.Parallel()
		if !dbtest.Postgres() {
			t.Skip("SQLite has no other process that writes")
		}
		db := upTo(t, "a renamed table", true)
		execute(t, db, "INSERT INTO users (name, note, age) VALUES ('old', 'x', 8)",
			"INSERT INTO people (name, note, age) VALUES ('new', 'x', 9)",
			"UPDATE users SET name = 'newer' WHERE name = 'new'", "DELETE FROM users WHERE name = 'old'")
		wantRows(t, db, "SELECT name FROM people ORDER BY id", "Ann", "newer")
	})
}
