package ddl

import (
	"context"
	"testing"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// TestDropUniqueKeepsTheMergedKey drops a unique constraint that in the database is the primary key as well, as
// AutoMigrate leaves it.
func TestDropUniqueKeepsTheMergedKey(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		t.Helper()
		if s.Dialect != schema.Postgres {
			return // SQLite's constraints are part of the table's definition
		}
		db := s.open(t)
		before, err := op.ApplyAll(schema.Schema{}, op.Record(func(m *op.Migration) {
			m.CreateTable("users", op.Column("id", op.Text()).PrimaryKey(), op.Unique("uni_users_id", "id"))
		}))
		if err != nil {
			t.Fatal(err)
		}
		db.Exec(t, "CREATE TABLE users (id text, CONSTRAINT uni_users_id PRIMARY KEY (id))")
		drop := func(m *op.Migration) { m.DropUnique("uni_users_id", "users") }
		db.failEverywhere(t, before, []change{{up: drop}})
		db.must(t, before, op.Record(drop))
		keys := "SELECT string_agg(contype::text || ' ' || conname, ', ') FROM pg_constraint " +
			"WHERE conrelid = 'users'::regclass AND contype IN ('p', 'u')"
		if got, want := db.Ask(t, keys), "p users_pkey"; got != want {
			t.Errorf("got the keys %q, want %q", got, want)
		}
	})
}

// TestFindIndexFails checks that an index that could not be looked up does not pass for a missing one.
func TestFindIndexFails(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		t.Helper()
		if s.Dialect != schema.Postgres {
			return // the catalogue is PostgreSQL's
		}
		db := s.open(t)
		ended, end := context.WithCancel(t.Context())
		end()
		if found, err := FindIndex(ended, db.Conn, "users", "idx"); err == nil {
			t.Errorf("got %+v and no error, want one", found)
		}
	})
}

// TestNotNullKeepsComputedColumns checks that only a change of type makes the columns computed from a column again.
func TestNotNullKeepsComputedColumns(t *testing.T) {
	t.Parallel()
	before, err := op.ApplyAll(schema.Schema{}, op.Record(func(m *op.Migration) {
		m.CreateTable("users", op.Column("name", op.Text()), op.Column("upper_name", op.Text()).Generated("upper(name)"))
	}))
	if err != nil {
		t.Fatal(err)
	}
	o := op.Record(func(m *op.Migration) { m.AlterColumn("users", "name").NotNull() })[0]
	got, err := Statements(schema.Postgres, o, before)
	want := `ALTER TABLE "users" ALTER COLUMN "name" SET NOT NULL`
	if err != nil || len(got) != 1 || got[0].SQL != want {
		t.Errorf("got %v and error %v, want %s", got, err, want)
	}
}

func TestDefaultSQL(t *testing.T) {
	t.Parallel()
	o, _ := op.Record(func(m *op.Migration) {
		m.AddColumn("users", op.Column("name", op.Text()).Default(`it's \`))
	})[0].(*op.AddColumn)
	for d, want := range map[schema.Dialect]string{schema.SQLite: `'it''s \'`, schema.Postgres: `E'it''s \\'`} {
		if got := DefaultSQL(d, o.Column.Default); got != want {
			t.Errorf("%s: got %s, want %s", d, got, want)
		}
	}
}
