package runner_test

import (
	"slices"
	"strings"
	"testing"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// TestLossesUseCurrentNames downgrades by renaming a table and a column before dropping them.
func TestLossesUseCurrentNames(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	people := revision.Revision{
		ID: "a", File: "a.go",
		Upgrade: func(m *op.Migration) {
			m.CreateTable("people", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("name", op.Text()))
		},
		Downgrade: func(m *op.Migration) { m.DropTable("people") },
	}
	phone := revision.Revision{
		ID: "b", DownRevision: []string{"a"}, File: "b.go",
		Upgrade: func(m *op.Migration) {
			m.AddColumn("people", op.Column("phone", op.Text()))
			m.RenameColumn("people", "phone", "number")
			m.RenameTable("people", "guests")
		},
		Downgrade: func(m *op.Migration) {
			m.RenameTable("guests", "people")
			m.RenameColumn("people", "number", "phone")
			m.DropColumn("people", "phone")
			m.CreateTable("passing", op.Column("id", op.Int(64)).PrimaryKey())
			m.DropTable("passing")
		},
	}
	r := newRunner(t, db, people, phone)
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	execute(t, db, "INSERT INTO guests (id, number) VALUES (1, '7'), (2, NULL)")
	plan, err := r.History.Graph.Downgrade([]string{"a", "b"}, "base")
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.Losses(t.Context(), plan)
	want := []runner.Loss{{Table: "guests", Column: "number", Rows: 1}, {Table: "guests", Rows: 2}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %+v and error %v, want %+v", got, err, want)
	}
}

// TestMissingTableHasNoRows counts losses in a database that lacks tables and columns of its history.
func TestMissingTableHasNoRows(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	phone := revision.Revision{
		ID: "b", DownRevision: []string{"a"}, File: "b.go",
		Upgrade:   func(m *op.Migration) { m.AddColumn("t_a", op.Column("phone", op.Text())) },
		Downgrade: func(m *op.Migration) { m.DropColumn("t_a", "phone") },
	}
	r := newRunner(t, db, create("a"), phone, create("c", "b"))
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	execute(t, db, "INSERT INTO t_a (id) VALUES (1)")
	execute(t, db, "ALTER TABLE t_a DROP COLUMN phone")
	execute(t, db, "DROP TABLE t_c")
	plan, err := r.History.Graph.Downgrade([]string{"a", "b", "c"}, "base")
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.Losses(t.Context(), plan)
	want := []runner.Loss{{Table: "t_c"}, {Table: "t_a", Column: "phone"}, {Table: "t_a", Rows: 1}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %+v and error %v, want %+v", got, err, want)
	}
}

// TestLossesOfUnusualNames uses names with characters that are special in SQL.
func TestLossesOfUnusualNames(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	columns := []string{"a.b", "a b", `a"b`, "a`b", "a?", "select", "a:b", "ä", "$1"}
	odd := revision.Revision{
		ID: "a", File: "a.go",
		Upgrade: func(m *op.Migration) {
			m.SQLFor(op.Dialects{Postgres: "CREATE SCHEMA app"})
			for _, table := range []string{"odd", "O dd", "main.other"} {
				if db.Name() == "postgres" {
					table = strings.Replace(table, "main", "app", 1)
				}
				m.CreateTable(table, op.Column("id", op.Int(64)).PrimaryKey())
				for _, c := range columns {
					m.AddColumn(table, op.Column(c, op.Int(64)).Default(7))
				}
			}
		},
	}
	odd.Downgrade = func(m *op.Migration) {
		for _, o := range op.Record(odd.Upgrade) {
			switch o := o.(type) {
			case *op.CreateTable:
				m.DropTable(o.Table.Name)
			case *op.AddColumn:
				m.DropColumn(o.Table, o.Column.Name)
			}
		}
		slices.Reverse(m.Operations())
	}
	r := newRunner(t, db, odd)
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	tables := []string{"odd", "`O dd`", "other"}
	if db.Name() == "postgres" {
		tables = []string{"odd", `"O dd"`, "app.other"}
	}
	for _, table := range tables {
		execute(t, db, "INSERT INTO "+table+" (id) VALUES (1), (2)")
	}
	plan, err := r.History.Graph.Downgrade([]string{"a"}, "base")
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.Losses(t.Context(), plan)
	if err != nil || len(got) != 3*(len(columns)+1) {
		t.Fatalf("got %+v and error %v, want %d losses", got, err, 3*(len(columns)+1))
	}
	for _, l := range got {
		if l.Rows != 2 {
			t.Errorf("%s.%s: got %d rows, want 2", l.Table, l.Column, l.Rows)
		}
	}
	if _, err := r.Downgrade(t.Context(), "base"); err != nil {
		t.Error(err)
	}
}
