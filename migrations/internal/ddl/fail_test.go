package ddl

import (
	"strings"
	"testing"

	"guestlist/migrations/internal/catalogue"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// failure is a change that the rows do not allow, with part of the error on each dialect; empty means that the change
// succeeds.
type failure struct {
	name  string
	up    func(m *op.Migration)
	words op.Dialects
}

func failures() []failure {
	long := strings.Repeat("x", 64)
	return []failure{
		{"not null over a null", func(m *op.Migration) { m.AlterColumn("users", "age").NotNull() },
			op.Dialects{Postgres: "null values", SQLite: "NOT NULL constraint failed"}},
		{"not null without a default", func(m *op.Migration) {
			m.AddColumn("users", op.Column("x", op.Text()).NotNull())
		}, op.Dialects{Postgres: "null values", SQLite: "NOT NULL"}},
		{"string that is no number", func(m *op.Migration) { m.AlterColumn("users", "email").Type(op.Int(64)) },
			schema.Both("'a@x', which does not fit")},
		{"string that is no bool", func(m *op.Migration) { m.AlterColumn("users", "email").Type(op.Bool()) },
			schema.Both("'a@x', which does not fit")},
		{"string too long", func(m *op.Migration) { m.AlterColumn("users", "email").Type(op.String(2)) },
			op.Dialects{Postgres: "too long"}},
		{"number too large", func(m *op.Migration) {
			m.SQL("UPDATE users SET level = 99")
			m.AlterColumn("users", "level").Type(op.Decimal(1, 0))
		}, op.Dialects{Postgres: "overflow"}},
		{"unique over equal rows", func(m *op.Migration) { m.AddUnique("uni", "logs", "line") },
			op.Dialects{Postgres: "could not create unique index", SQLite: "UNIQUE constraint failed"}},
		{"unique index over equal rows", func(m *op.Migration) { m.CreateIndex("uni", "logs", "line").Unique() },
			op.Dialects{Postgres: "could not create unique index", SQLite: "UNIQUE constraint failed"}},
		{"primary key over equal rows", func(m *op.Migration) { m.AddPrimaryKey("logs", "line") },
			op.Dialects{Postgres: "could not create unique index", SQLite: "UNIQUE constraint failed"}},
		{"primary key over NULL", func(m *op.Migration) { m.AddPrimaryKey("logs", "at") },
			schema.Both("column logs.at holds NULL, which a primary key does not allow")},
		{"numbered column over NULL", func(m *op.Migration) { m.AlterColumn("logs", "at").AutoIncrement() },
			op.Dialects{Postgres: "contains null values", SQLite: "column logs.at holds NULL"}},
		{"check that does not hold", func(m *op.Migration) { m.AddCheck("chk", "users", "id > 1") },
			op.Dialects{Postgres: "is violated by some row", SQLite: "CHECK constraint failed"}},
		{"check, not valid, that does not hold", func(m *op.Migration) { m.AddCheck("chk", "users", "id > 1").NotValid() },
			op.Dialects{SQLite: "CHECK constraint failed"}},
		{"check that does not hold once validated", func(m *op.Migration) {
			m.AddCheck("chk", "users", "id > 1").NotValid()
			m.ValidateCheck("chk", "users")
		}, op.Dialects{Postgres: "is violated by some row", SQLite: "CHECK constraint failed"}},
		{"foreign key that does not hold once validated", func(m *op.Migration) {
			m.SQL("UPDATE logs SET at = 77")
			m.AddForeignKey("fk", "logs", "at").References("users", "id").NotValid()
			m.ValidateForeignKey("fk", "logs")
		}, op.Dialects{Postgres: "violates foreign key", SQLite: "foreign key check"}},
		{"foreign key that does not hold", func(m *op.Migration) {
			m.SQL("UPDATE logs SET at = 77")
			m.AddForeignKey("fk", "logs", "at").References("users", "id")
		}, op.Dialects{Postgres: "violates foreign key", SQLite: "foreign key check"}},
		{"table that a view uses", func(m *op.Migration) {
			m.DropForeignKey("fk_users_team", "users")
			m.DropTable("teams")
		}, op.Dialects{Postgres: "depend on it", SQLite: "still used; drop this first: CREATE TRIGGER logs_count"}},
		{"column that a view uses", func(m *op.Migration) { m.DropColumn("teams", "name") },
			op.Dialects{Postgres: "depend on it", SQLite: "error in view"}},
		{"key column that a trigger uses", func(m *op.Migration) {
			m.DropForeignKey("fk_order_user", "Order")
			m.DropForeignKey("fk_teams_captain", "teams")
			m.DropColumn("users", "id")
		}, op.Dialects{SQLite: "a view or trigger would break"}},
		{"failing step after others", func(m *op.Migration) {
			m.AddColumn("users", op.Column("x", op.Text()))
			m.AlterColumn("users", "x").Type(op.Bytes())
			m.SQL("SELECT nothing")
		}, op.Dialects{Postgres: "nothing", SQLite: "nothing"}},
		{"name too long", func(m *op.Migration) { m.AddColumn("users", op.Column(long, op.Text())) },
			op.Dialects{Postgres: "has 64 bytes, and PostgreSQL allows 63"}},
	}
}

func TestFailureChangesNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		for _, f := range failures() {
			t.Run(f.name, func(t *testing.T) {
				t.Parallel()
				checkFailure(t, s, f)
			})
		}
	})
}

func checkFailure(t *testing.T, s server, f failure) {
	db, before := s.filled(t)
	was, contents := db.Catalogue(t), db.contents(t)
	_, err := db.migrate(t, before, op.Record(f.up))
	if f.words.For(s.Dialect) == "" {
		if err != nil {
			t.Error(err)
		}
		return
	}
	if err == nil || !strings.Contains(err.Error(), f.words.For(s.Dialect)) {
		t.Errorf("got error %v, want one with %q", err, f.words.For(s.Dialect))
	}
	if got := db.Catalogue(t); got != was {
		t.Errorf("the failure left a different catalogue:%s", catalogue.Difference(was, got))
	}
	if got := db.contents(t); got != contents {
		t.Errorf("the failure left different rows:%s", catalogue.Difference(contents, got))
	}
	if s.Dialect == schema.SQLite && db.Query(t, "PRAGMA legacy_alter_table")[0] != "0" {
		t.Error("got legacy_alter_table on, want it off")
	}
}
