package runner_test

import (
	"slices"
	"testing"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// TestLossesAreNamedAsTheyAreNow has a downgrade rename what it drops later.
func TestLossesAreNamedAsTheyAreNow(t *testing.T) {
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
		t.Errorf("got %+v, %v", got, err)
	}
}

// TestWhatIsNotThereHasNoRows has a database that lacks what its history says it has.
func TestWhatIsNotThereHasNoRows(t *testing.T) {
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
		t.Errorf("got %+v, %v", got, err)
	}
}
